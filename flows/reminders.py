"""Every working morning: plan what is owed, and send it."""

import asyncio
from dataclasses import asdict
from datetime import date
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from config.house import House
from flows.delivery import hand_over
from flows.hands import call_others, see_day_through
from flows.runtime import as_is, house, leave_page, leaving_trace, moment, run_id
from models.session import reading, writing
from services.batches import begin, outcome
from services.listing import letters_of
from services.reminders import NAME, Planned

NOTHING = dict.fromkeys(("planned", "superseded", "messages", "overviews", "sent", "failed", "held"), 0)


def _name() -> str:
    on = flow_run.parameters.get("on")
    return f"reminders-{on or f'{flow_run.scheduled_start_time:%Y-%m-%d}'}"


@flow(name="reminders", flow_run_name=_name, log_prints=False)
@leaving_trace(NAME)
async def send_reminders(on: date | None = None, *, confirm: bool = False) -> dict[str, Any]:
    """Plans and sends the reminders of a day: of `on`, else of the day the run was scheduled for.

    Scheduled runs leave days alone on which the office does not work, and quiet ones; a day that is named
    is always planned.
    Make-up days (调休) are working days, so the schedule knocks on every day of the week.
    """
    at_home = await asyncio.to_thread(house)
    now = moment(at_home, on)
    today = at_home.office.day(now)
    if on is None and not at_home.office.calendar.is_working(today):
        await leave_page("reminders", at_home.settings.language, "No working day", {"Day": today}, [])
        return NOTHING
    if on is None and at_home.office.policy.quiet.is_quiet(today):
        await leave_page("reminders", at_home.settings.language, "Quiet day", {"Day": today}, [])
        return NOTHING
    planned = await plan_day(as_is(at_home), today, confirm=confirm, run=run_id())
    if planned is None:
        await call_others()
        await see_day_through(as_is(at_home))
        planned = await asyncio.to_thread(_planned_together, at_home, today)
    delivered = await hand_over(as_is(at_home))
    counts = asdict(planned) | {"sent": delivered.sent, "failed": delivered.failed}
    await leave_page(
        "reminders",
        at_home.settings.language,
        "Reminders",
        {"Day": today} | counts,
        await _letters(at_home, today),
    )
    return counts


def _planned_together(at_home: House, today: date) -> Planned:
    with reading(at_home.engine) as session:
        return outcome(session, today)


@task(name="plan", cache_policy=NO_CACHE)
async def plan_day(at_home: House, today: date, *, confirm: bool, run: str) -> Planned | None:
    """Plans a small day in one transaction, or divides a large one into batches and returns None."""

    def work() -> Planned | None:
        now = moment(at_home, today)
        with writing(at_home.engine) as session:
            return begin(session, at_home.office, today, now=now, confirm=confirm, run_id=run)

    return await asyncio.to_thread(work)


async def _letters(at_home: House, today: date) -> list[dict[str, Any]]:
    return await asyncio.to_thread(letters_of, at_home.engine, today)
