"""What every flow needs: the house, the day that a run is for, and the page it leaves behind."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime, time

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.events.worker import EventsWorker
from prefect.logging.handlers import APILogWorker
from prefect.runtime import flow_run

from config import clock
from config.house import House, open_house
from config.settings import load
from models.session import writing
from rules.errors import RefusedError
from services import runs
from texts import say
from texts.labels import COUNTS

MORNING = time(8, 30)


def house() -> House:
    """The house that the environment names."""
    return open_house(load())


def moment(at_home: House, on: date | None) -> datetime:
    """The instant that a run is for: the morning of `on`, else when it was scheduled, never when it started.

    A run may start early by a fraction of a second and late by hours; what it is for does not change.
    """
    if on is not None:
        return datetime.combine(on, MORNING, at_home.settings.zone)
    scheduled: datetime | None = flow_run.scheduled_start_time
    return scheduled or clock.now()


@asynccontextmanager
async def leaving_a_trace(at_home: House, name: str) -> AsyncIterator[None]:
    """Writes down with what the loop `name` broke off: its own transaction is undone, and told nobody."""
    try:
        yield
    except Exception as error:
        with suppress(RefusedError):
            await asyncio.to_thread(_break_off, at_home, name, f"{type(error).__name__}: {error}")
        raise


def _break_off(at_home: House, name: str, error: str) -> None:
    with writing(at_home.engine) as session:
        runs.beat(session, name, at_home.now(), error)


def hand_in() -> None:
    """Waits until the logs and events of the runs in this process have reached Prefect's server.

    Without it the process would try to hand them in at its end, for a minute if the server is gone by then.
    """
    APILogWorker.drain_all(timeout=10)
    EventsWorker.drain_all(timeout=10)


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
