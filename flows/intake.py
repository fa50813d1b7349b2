"""On demand: take a report in, so that its drafts wait for a coordinator."""

import asyncio
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from config.house import House, actor_for
from flows.runtime import as_is, house, leave_page, leaving_trace, run_id
from models.session import writing
from services import runs
from services.organisation import unit_by_code


@flow(
    name="intake",
    flow_run_name=lambda: f"intake-{Path(flow_run.parameters['file']).name}",
    log_prints=False,
)
@leaving_trace("intake")
async def take_in_report(file: str, unit: str, email: str | None = None) -> dict[str, Any]:
    """Reads `file` as a report of `unit`, on behalf of `email` or of who coordinates the unit."""
    at_home = await asyncio.to_thread(house)
    told = await read_and_enter(as_is(at_home), file, unit, email)
    rows = told.pop("items")
    await leave_page("intake", at_home.settings.language, "Report taken in", told, rows)
    return told | {"items": len(rows)}


@task(name="read", cache_policy=NO_CACHE)
async def read_and_enter(at_home: House, file: str, unit: str, email: str | None) -> dict[str, Any]:
    """Reads the file and enters its drafts, in one transaction."""
    from documents.paper import open_paper  # noqa: PLC0415 - 4 MB in the runner, which only starts flows
    from services.reports import take_in  # noqa: PLC0415 - as above

    run = run_id()

    def work() -> dict[str, Any]:
        path = Path(file)
        paper = open_paper(path.name, path.read_bytes())
        with writing(at_home.engine) as session:
            wrote = unit_by_code(session, unit)
            now = at_home.now()
            today = at_home.office.day(now)
            actor = actor_for(session, email, wrote, today)
            taken = take_in(at_home.visit(session, actor, now=now, door="flow"), paper, wrote)
            runs.keep(session, "intake", today, now, {"items": len(taken.items)}, run)
            return {
                "report": taken.report.id,
                "period": taken.report.period,
                "known": taken.was_known,
                "already": len(taken.already),
                "items": [
                    {"Reference": item.reference, "Kind": item.kind.value, "Title": item.title}
                    for item in taken.items
                ],
            }

    return await asyncio.to_thread(work)
