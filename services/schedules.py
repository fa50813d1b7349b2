"""What Prefect knows of our flow runs, asked over HTTP within a bound of time; and asking it for a run.

Prefect is never the memory: where it does not answer, nothing is known but what our own tables hold.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from time import monotonic
from typing import Any, Self
from uuid import UUID

from rules.diagnosis import Registered
from rules.errors import BusyError, NotFoundError, WrongMoveError

TAG, DEPLOYMENT = "rectify", "office"
"""What all our deployments bear, and what they are called."""
PATIENCE = 2.0
"""Seconds that Prefect has for all that one page asks."""
LONGER = 10.0
"""Seconds that it has to start a run: who asked for one would rather wait than ask again."""
BACK = timedelta(days=7)
"""How far back failed runs are looked for."""
RUNS, LINES = 40, 100
"""Runs and lines of a log at most."""


class Flow(StrEnum):
    """Our flows that need nothing to be told: those that may be run now."""

    REMINDERS = "reminders"
    DELIVERY = "delivery"
    PERIOD_END = "period-end"
    RECEIPT = "receipt"
    HOUSEKEEPING = "housekeeping"
    SEAL_CHECK = "seal-check"


FLOWS = (*Flow, "intake")


class RunState(StrEnum):
    """How a flow run stands, in the order in which a coordinator wants to know of it."""

    LATE = "late"
    FAILED = "failed"
    CRASHED = "crashed"
    RUNNING = "running"
    PENDING = "pending"
    SCHEDULED = "scheduled"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Where Prefect's API answers, and how to sign in."""

    url: str
    login: tuple[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FlowRun:
    """One run as Prefect has it. Instants are aware."""

    key: str
    flow: str
    state: RunState
    scheduled_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    seconds: float
    message: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The runs, late and failed ones first, and when each flow runs next."""

    runs: tuple[FlowRun, ...]
    coming: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Paper:
    """What a run left behind: words, or a table under its heads."""

    words: str
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """One run with its log and what it left behind."""

    run: FlowRun
    log: tuple[tuple[datetime, str], ...]
    papers: tuple[Paper, ...]


class _SilentError(Exception):
    """Prefect did not answer in time, or with a refusal, whose HTTP status it bears (else 0)."""

    def __init__(self, status: int = 0) -> None:
        super().__init__(status)
        self.status = status


STRANGE = (_SilentError, ValueError, LookupError, TypeError, AttributeError)
"""What asking raises where Prefect does not answer, or answers something else than we can read."""


class _Line:
    """One conversation, which ends when its time is up."""

    def __init__(self, scheduler: Scheduler, patience: float = PATIENCE) -> None:
        import httpx  # noqa: PLC0415 - 7 MB, and pages are served for weeks without it

        self._until = monotonic() + patience
        self._http = httpx
        self._client = httpx.Client(
            base_url=scheduler.url, auth=scheduler.login, trust_env=False, follow_redirects=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """What Prefect answers.

        Raises:
            _SilentError: for anything but an answer in time.
        """
        left = self._until - monotonic()
        if left <= 0:
            raise _SilentError
        timeout = self._http.Timeout(left, connect=left / 2)
        try:
            answer = self._client.request(method, path, json=body, timeout=timeout)
            return answer.raise_for_status().json()
        except self._http.HTTPStatusError as error:
            raise _SilentError(error.response.status_code) from error
        except self._http.HTTPError as error:
            raise _SilentError from error

    def runs(self, states: Iterable[str], order: str, **more: Any) -> list[FlowRun]:
        """Our runs in these states."""
        wanted = {"tags": {"all_": [TAG]}, "state": {"type": {"any_": list(states)}}, **more}
        body = {"sort": order, "limit": RUNS, "flow_runs": wanted}
        return [_run(row) for row in self.ask("POST", "/flow_runs/filter", body)]


def picture(scheduler: Scheduler, now: datetime) -> Picture | None:
    """What there is to see of the runs; None where Prefect does not answer in time, or not as it should."""
    since = {"expected_start_time": {"after_": (now - BACK).isoformat()}}
    try:
        with _Line(scheduler) as line:
            failed = line.runs(("FAILED", "CRASHED"), "EXPECTED_START_TIME_DESC", **since)
            coming = line.runs(("SCHEDULED",), "EXPECTED_START_TIME_ASC")
            recent = line.runs(
                ("COMPLETED", "RUNNING", "PENDING", "PAUSED", "CANCELLING", "CANCELLED"),
                "EXPECTED_START_TIME_DESC",
            )
    except STRANGE:
        return None
    late = [run for run in coming if run.state is RunState.LATE]
    places = list(RunState)
    shown = sorted(late + failed + recent, key=lambda run: places.index(run.state))
    return Picture(tuple(shown), _next(coming))


def _next(coming: Iterable[FlowRun]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for run in coming:
        if run.state is RunState.SCHEDULED and run.scheduled_at:
            found.setdefault(run.flow, run.scheduled_at)
    return found


def story(scheduler: Scheduler, key: str) -> Story | None:
    """One run with its log and papers; None where Prefect does not answer.

    Raises:
        NotFoundError: Prefect knows of no such run of ours, or no more.
    """
    run_id = _checked(key)
    about = {"flow_run_id": {"any_": [run_id]}}
    try:
        with _Line(scheduler) as line:
            run = line.ask("GET", f"/flow_runs/{run_id}")
            if TAG not in run["tags"]:
                raise _unknown()
            log = line.ask("POST", "/logs/filter", {"logs": about, "sort": "TIMESTAMP_ASC", "limit": LINES})
            papers = line.ask("POST", "/artifacts/filter", {"artifacts": about, "limit": 10})
            return Story(
                run=_run(run),
                log=tuple((datetime.fromisoformat(one["timestamp"]), one["message"]) for one in log),
                papers=tuple(_paper(one) for one in papers),
            )
    except STRANGE as error:
        if isinstance(error, _SilentError) and error.status == HTTPStatus.NOT_FOUND:
            raise _unknown() from error
        return None


def _checked(key: str) -> str:
    try:
        return str(UUID(key))
    except ValueError as error:
        raise _unknown() from error


def _unknown() -> NotFoundError:
    return NotFoundError("Prefect knows nothing of this run any more.")


def start(scheduler: Scheduler, flow: Flow | None, once: str) -> str:
    """Asks Prefect to run the flow now. Returns the run's key.

    Asked again with the same `once` for the same flow, it starts nothing and gives the key of the first run.

    Raises:
        WrongMoveError: no flow is named.
        BusyError: Prefect does not answer, or does not know the flow.
    """
    if flow is None:
        raise WrongMoveError("Choose what is to run.")
    asked = {"state": {"type": "SCHEDULED"}, "idempotency_key": once}
    try:
        with _Line(scheduler, LONGER) as line:
            found = line.ask("GET", f"/deployments/name/{flow.value}/{DEPLOYMENT}")
            return str(line.ask("POST", f"/deployments/{found['id']}/create_flow_run", asked)["id"])
    except STRANGE as error:
        raise BusyError(
            "Prefect does not answer, so nothing was started. The command line does the same without it."
        ) from error


def registered(scheduler: Scheduler) -> dict[str, Registered] | None:
    """How Prefect has each of our flows that it knows; None where it does not answer in time."""
    found: dict[str, Registered] = {}
    try:
        with _Line(scheduler) as line:
            for row in line.ask("POST", "/deployments/filter", _OURS):
                if name := next((tag for tag in row["tags"] if tag in FLOWS), ""):
                    found[name] = _registered(row)
    except STRANGE:
        return None
    return found


_OURS = {"deployments": {"tags": {"all_": [TAG]}, "name": {"any_": [DEPLOYMENT]}}}


def _registered(row: Mapping[str, Any]) -> Registered:
    rows = row["schedules"]
    is_on = not row["paused"] and any(one["active"] for one in rows)
    return Registered(bool(rows), is_on, row["work_pool_name"] or "")


def _run(row: Mapping[str, Any]) -> FlowRun:
    state = row["state"] or {}
    return FlowRun(
        key=str(row["id"]),
        flow=next((tag for tag in row["tags"] if tag in FLOWS), ""),
        state=_state(str(state.get("type", "")), str(state.get("name", ""))),
        scheduled_at=_instant(row.get("expected_start_time")),
        started_at=_instant(row.get("start_time")),
        ended_at=_instant(row.get("end_time")),
        seconds=float(row.get("total_run_time") or 0),
        message=str(state.get("message") or ""),
    )


def _state(kind: str, name: str) -> RunState:
    if name == "Late":
        return RunState.LATE
    if kind == "CANCELLING":
        return RunState.CANCELLED
    return RunState(kind.lower())


def _instant(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def _paper(row: Mapping[str, Any]) -> Paper:
    """A table comes as a list of rows, written as JSON or as a text of it."""
    data = row["data"]
    if row["type"] != "table":
        return Paper(str(data))
    rows = json.loads(data) if isinstance(data, str) else data
    heads = tuple(dict.fromkeys(name for one in rows for name in one))
    return Paper("", heads, tuple(tuple(str(one.get(name, "")) for name in heads) for one in rows))
