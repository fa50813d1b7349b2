"""The traces that loops leave: one row a run, one heartbeat a loop. Prefect's own record may be pruned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import and_, case, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.event import Event
from models.message import Heartbeat, Run
from rules.reasons import Reason, recall
from services.history import Entry, lock, record
from services.office import Visit


def keep(
    session: Session,
    name: str,
    day: date | None,
    now: datetime,
    counts: Mapping[str, Any],
    flow_run_id: str = "",
    *,
    error: str = "",
) -> None:
    """Enters a finished run with its counts, and that the loop is alive or what stopped it."""
    session.execute(
        insert(Run),
        [
            {
                "name": name,
                "day": day,
                "started_at": now,
                "finished_at": now,
                "counts": dict(counts),
                "flow_run_id": flow_run_id,
                "error": error,
            }
        ],
    )
    beat(session, name, now, error)


def beat(session: Session, name: str, now: datetime, error: str = "") -> None:
    """Writes down that the loop `name` succeeded at `now`, or with which error it failed."""
    outcome = {"failed_at": now} if error else {"succeeded_at": now}
    pulse = {"started_at": now, "error": error, **outcome}
    upsert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = upsert(Heartbeat).values(name=name, **pulse)
    session.execute(statement.on_conflict_do_update(index_elements=[Heartbeat.name], set_=pulse))


def history(session: Session, name: str, count: str, runs: int = 10) -> list[int]:
    """The figure `count` of the last `runs` runs of `name`, newest first.

    A run whose letters were held is left out: what nobody let go is no measure of what is usual.
    """
    is_free = Run.counts["held"].as_integer() == 0
    rows = session.scalars(
        select(Run.counts).where(Run.name == name, is_free).order_by(Run.id.desc()).limit(runs)
    )
    return [int(counts.get(count, 0)) for counts in rows]


@dataclass(frozen=True, slots=True)
class Trace:
    """A run as our own table keeps it. Instants are local to the office."""

    name: str
    day: date | None
    at: datetime
    counts: Mapping[str, Any]
    error: str
    flow_run_id: str

    @property
    def reason(self) -> Reason | None:
        """What stopped it, as a sentence of ours."""
        return recall(self.error)


@dataclass(frozen=True, slots=True)
class Beat:
    """When a loop last succeeded, and what stopped it last, if it has not succeeded since."""

    succeeded_at: datetime | None
    failed_at: datetime | None
    error: str

    @property
    def reason(self) -> Reason | None:
        """What stopped it, as a sentence of ours."""
        return recall(self.error)


def traces(
    session: Session, zone: tzinfo, fresh_since: datetime, *, name: str = "", start: int = 0, most: int = 50
) -> list[Trace]:
    """Runs by name, the newest first; before them those that something has stopped since `fresh_since`."""
    is_fresh_failure = and_(Run.error != "", Run.started_at >= fresh_since)
    query = select(Run).order_by(case((is_fresh_failure, 0), else_=1), Run.id.desc())
    query = query.where(Run.name == name) if name else query
    return [_trace(run, zone) for run in session.scalars(query.offset(start).limit(most))]


def count(session: Session, name: str = "") -> int:
    """How many runs `traces` has to show."""
    query = select(func.count()).select_from(Run)
    return session.scalar(query.where(Run.name == name) if name else query) or 0


def of_flow_runs(session: Session, zone: tzinfo, keys: Sequence[str]) -> dict[str, list[Trace]]:
    """What our table keeps of these runs of Prefect's, each in the order in which it happened."""
    found: dict[str, list[Trace]] = {}
    query = select(Run).where(Run.flow_run_id.in_(keys), Run.flow_run_id != "").order_by(Run.id)
    for run in session.scalars(query):
        found.setdefault(run.flow_run_id, []).append(_trace(run, zone))
    return found


def _trace(run: Run, zone: tzinfo) -> Trace:
    return Trace(run.name, run.day, run.started_at.astimezone(zone), run.counts, run.error, run.flow_run_id)


def beats(session: Session, zone: tzinfo) -> dict[str, Beat]:
    """Loop -> its last beat."""
    return {
        beat.name: Beat(_local(beat.succeeded_at, zone), _local(beat.failed_at, zone), beat.error)
        for beat in session.scalars(select(Heartbeat))
    }


def _local(at: datetime | None, zone: tzinfo) -> datetime | None:
    return at.astimezone(zone) if at else None


def note_start(visit: Visit, flow: str, key: str) -> None:
    """Writes into the history that the visitor asked for a run now; once for each run."""
    lock(visit.session)
    subject = f"run:{flow}"
    is_told = select(Event.position).where(
        Event.move == "start-run", Event.subject == subject, Event.payload["flow_run"].as_string() == key
    )
    if visit.session.scalar(is_told.limit(1)) is None:
        entry = Entry(visit.now, visit.actor.id, visit.door, subject, "start-run", payload={"flow_run": key})
        record(visit.session, entry)
