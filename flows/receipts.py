"""Every working afternoon: tell coordinators how the day's reminders ran and what waits for them."""

import asyncio
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from config import clock
from config.house import House
from flows.delivery import hand_over
from flows.runtime import as_is, house, leave_page, leaving_trace, moment, run_id
from models.session import writing
from services.receipts import NAME, Written, write


def _name() -> str:
    on = flow_run.parameters.get("on")
    return f"receipt-{on or f'{flow_run.scheduled_start_time:%Y-%m-%d}'}"


@flow(name="receipt", flow_run_name=_name, log_prints=False)
@leaving_trace(NAME)
async def send_receipts(on: date | None = None) -> dict[str, Any]:
    """Plans and sends the receipts of a day: of `on`, else of the day the run was scheduled for.

    Scheduled runs leave days alone on which the office does not work, and days that are over: the next
    receipt covers them, and nobody gets several at once after an outage.
    """
    at_home = await asyncio.to_thread(house)
    today = at_home.office.day(moment(at_home, on))
    if on is None and await _is_left_alone(at_home, today):
        return asdict(Written(0, 0, 0))
    # Loops are judged by the clock: a run that starts late must not find them late for it.
    now = moment(at_home, on) if on else clock.now()
    written = await write_receipts(as_is(at_home), today, now, run_id())
    delivered = await hand_over(as_is(at_home))
    counts = {"messages": written.receipts, "sent": delivered.sent, "failed": delivered.failed}
    await leave_page(
        "receipt", at_home.settings.language, "Daily receipt", {"Day": today, **counts}, [counts]
    )
    return asdict(written)


async def _is_left_alone(at_home: House, today: date) -> bool:
    """Whether a scheduled run writes no receipts for the day; says why on its page."""
    language, day = at_home.settings.language, {"Day": today}
    if not at_home.office.calendar.is_working(today):
        await leave_page("receipt", language, "No working day", day, [])
        return True
    if today < at_home.office.day(clock.now()):
        await leave_page("receipt", language, "This day is over; the next receipt covers it.", day, [])
        return True
    return False


@task(name="write", cache_policy=NO_CACHE)
async def write_receipts(at_home: House, today: date, now: datetime, run: str) -> Written:
    """All receipts of the day, in one transaction; `now` is the instant up to which loops are judged."""

    def work() -> Written:
        with writing(at_home.engine) as session:
            return write(session, at_home.office, today, now=now, run_id=run)

    return await asyncio.to_thread(work)
