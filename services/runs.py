"""The traces that loops leave: one row a run, one heartbeat a loop. Prefect's own record may be pruned."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.message import Heartbeat, Run


def keep(
    session: Session,
    name: str,
    day: date | None,
    now: datetime,
    counts: Mapping[str, Any],
    flow_run_id: str = "",
) -> None:
    """Enters a finished run with its counts, and that the loop is alive."""
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
    beat(session, name, now)


def beat(session: Session, name: str, now: datetime, error: str = "") -> None:
    """Writes down that the loop `name` succeeded at `now`, or with which error it failed."""
    pulse = session.get(Heartbeat, name) or Heartbeat(name=name, started_at=now, error="")
    session.add(pulse)
    pulse.started_at, pulse.error = now, error
    if error:
        pulse.failed_at = now
    else:
        pulse.succeeded_at = now


def history(session: Session, name: str, count: str, runs: int = 10) -> list[int]:
    """The figure `count` of the last `runs` runs of `name`, newest first."""
    rows = session.scalars(select(Run.counts).where(Run.name == name).order_by(Run.id.desc()).limit(runs))
    return [int(counts.get(count, 0)) for counts in rows]
