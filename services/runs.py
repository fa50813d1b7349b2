"""The traces that loops leave: one row a run, one heartbeat a loop. Prefect's own record may be pruned."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.message import Heartbeat, Run


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
