"""In the first minutes after a period's end: seal it, write its documents, tell those who lead."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from config.house import House
from flows.delivery import hand_over
from flows.runtime import as_is, house, leave_page, leaving_trace, moment, run_id, studio
from models.session import reading, writing
from services import runs
from services.closing import Closed, close_ended

NAME = "period-end"


def _name() -> str:
    at = flow_run.parameters.get("at") or flow_run.scheduled_start_time
    return f"period-end-{at:%Y-%m-%d}"


@flow(
    name=NAME,
    flow_run_name=_name,
    log_prints=False,
)
@leaving_trace(NAME)
async def close_periods(at: datetime | None = None) -> dict[str, Any]:
    """Deals with every period that had ended at `at` (else when the run was scheduled) and was never sealed.

    By policy each is sealed, or proposed to the supervising leaders.
    """
    at_home = await asyncio.to_thread(house)
    closed = await seal(as_is(at_home), at or moment(at_home, None))
    sealed = [period.key for period in closed if period.is_sealed]
    files = [str(path) for key in sealed for path in await write(as_is(at_home), key)]
    delivered = await hand_over(as_is(at_home))
    proposed = [period.key for period in closed if not period.is_sealed]
    facts = {"Sealed": ", ".join(sealed) or "—", "Letters sent": delivered.sent}
    if proposed:
        facts["Proposed for sealing"] = ", ".join(proposed)
    rows = [_row(line) for period in closed for line in period.units]
    await leave_page("period-end", at_home.settings.language, "Period end", facts, rows)
    return {"sealed": sealed, "proposed": proposed, "files": files, "sent": delivered.sent}


def _row(line: Any) -> dict[str, Any]:
    total = line.total
    return {
        "Unit": "　" * line.depth + line.unit.name,
        "In scope": total.in_scope,
        "Closed": total.closed,
        "Overdue": total.overdue,
        "Completion": total.completion,
        "On time": total.timeliness,
    }


@task(name="seal", cache_policy=NO_CACHE)
async def seal(at_home: House, now: datetime) -> list[Closed]:
    """Seals and plans the letters, in one transaction."""
    run = run_id()

    def work() -> list[Closed]:
        with writing(at_home.engine) as session:
            closed = close_ended(session, at_home.office, now=now)
            counts = {"sealed": len(closed)}
            runs.keep(session, NAME, at_home.office.day(now), now, counts, run)
            return closed

    return await asyncio.to_thread(work)


@task(name="write", cache_policy=NO_CACHE)
async def write(at_home: House, key: str) -> list[Path]:
    """Writes the documents of one sealed period into the folder `periods` of the house."""
    from services.closing_papers import sealed_ledger, write_documents  # noqa: PLC0415 - 10 MB in the runner

    def work() -> list[Path]:
        folder = at_home.settings.dir / "periods" / key
        with reading(at_home.engine) as session:
            found = sealed_ledger(session, at_home.office, key)
        charts = studio(at_home.office.folder / "charts")
        settings = at_home.settings
        return write_documents(found, folder, settings.language, charts, settings.template)

    return await asyncio.to_thread(work)
