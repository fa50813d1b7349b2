"""What every flow needs: the house, the day that a run is for, and the page it leaves behind."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.events.worker import EventsWorker
from prefect.logging.handlers import APILogWorker
from prefect.runtime import flow_run
from prefect.utilities.annotations import quote

from config import clock, logs
from config.house import House, open_house
from config.log_lines import bound
from config.settings import load
from documents.studio import Studio
from models.session import writing
from rules.errors import RefusedError
from rules.reasons import Kept, keep
from services import runs
from texts import say
from texts.labels import COUNTS

log = logging.getLogger(__name__)

MORNING = time(8, 30)
T = TypeVar("T")


def house() -> House:
    """The house that the environment names."""
    return open_house(load())


@cache
def studio(folder: Path) -> Studio:
    """Draws for all runs of this process. Its own process ends once nothing was drawn for a while."""
    return Studio(folder)


def as_is(given: T) -> T:
    """A value for a task, such as the house, to be handed on unlooked at.

    Prefect searches what a task is given for other runs' results, down to each holiday of the calendar.
    """
    return cast("T", quote(given))


def moment(at_home: House, on: date | None) -> datetime:
    """The instant that a run is for: the morning of `on`, else when it was scheduled, never when it started.

    A run may start early by a fraction of a second and late by hours; what it is for does not change.
    """
    if on is not None:
        return datetime.combine(on, MORNING, at_home.settings.zone)
    scheduled: datetime | None = flow_run.scheduled_start_time
    return scheduled or clock.now()


def hand_in() -> None:
    """Waits until the logs and events of the runs in this process have reached Prefect's server.

    Without it the process would try to hand them in at its end, for a minute if the server is gone by then.
    """
    APILogWorker.drain_all(timeout=10)
    EventsWorker.drain_all(timeout=10)


class AlreadyToldError(Exception):
    """A failure of which our own run table knows already."""


P = ParamSpec("P")


def leaving_trace(name: str) -> Callable[[Callable[P, Awaitable[T]]], Callable[P, Coroutine[Any, Any, T]]]:
    """For the body of a flow: what stops it is written into our own run table, too, before it goes on."""

    def wrap(body: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
        @wraps(body)
        async def run(*words: P.args, **named: P.kwargs) -> T:
            with bound(flow=name, run=run_id()):
                return await watched(*words, **named)

        async def watched(*words: P.args, **named: P.kwargs) -> T:
            try:
                # After Prefect has set up its own, so that its lines go our way. The demo is a command.
                logs.set_up(load().logs, is_service=not logs.is_of_a_command())
                log.info("begun")
                done = await body(*words, **named)
            except AlreadyToldError:
                raise
            except Exception as error:
                await asyncio.to_thread(_keep_failure, name, error)
                raise
            log.info("done", extra={"counts": _counts(done)})
            return done

        return run

    return wrap


def _counts(done: object) -> dict[str, int]:
    found = done.items() if isinstance(done, dict) else ()
    return {name: value for name, value in found if isinstance(value, int)}


def _keep_failure(name: str, error: Exception) -> None:
    said = str(error).splitlines()[0] if str(error) else ""
    words = said if isinstance(error, RefusedError) else f"{type(error).__name__}: {said}"
    # Where the house itself does not open there is no table to write into; Prefect keeps the failure.
    with contextlib.suppress(RefusedError):
        at_home = house()
        now = at_home.now()
        with writing(at_home.engine) as session:
            kept = keep(Kept.BROKE_OFF, error=words[:400])
            runs.keep(session, name, at_home.office.day(now), now, {}, run_id(), error=kept)


def run_id() -> str:
    """Prefect's id of this run, for our own run table; empty outside a run."""
    return str(flow_run.id or "")


async def leave_page(
    key: str, language: str, title: str, facts: Mapping[str, object], rows: Sequence[Mapping[str, object]]
) -> None:
    """Leaves one summary and one table for the coordinator. Keys are lower case with dashes."""
    heading = say(language, title)
    told = (f"- {say(language, COUNTS.get(name, name))}: **{value}**" for name, value in facts.items())
    lines = [f"# {heading}", "", *told]
    await acreate_markdown_artifact(key=f"{key}-summary", markdown="\n".join(lines), description=heading)
    table = [
        {say(language, COUNTS.get(name, name)): str(value) for name, value in row.items()} for row in rows
    ]
    await acreate_table_artifact(key=f"{key}-table", table=table, description=heading)
