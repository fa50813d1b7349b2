"""Every hour: look whether everything ran, and raise an alarm where it did not."""

import asyncio
from contextlib import suppress
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from config import clock
from config.house import House
from flows.delivery import hand_over
from flows.runtime import AlreadyToldError, as_is, house, leave_page, leaving_trace, run_id
from models.session import writing
from notifications.alarm_words import headline
from rules.errors import BusyError
from services import departures, tokens
from services.alarms import Checked, check
from services.bounces import Collected, collect


class SomethingIsTheMatterError(AlreadyToldError):
    """The check ran, and found that something else did not."""


@flow(
    name="housekeeping",
    flow_run_name=lambda: f"housekeeping-{flow_run.scheduled_start_time:%Y-%m-%d-%H%M}",
    log_prints=False,
)
@leaving_trace("housekeeping")
async def keep_house() -> dict[str, Any]:
    """Reads what came back, delivers, looks, delivers the alarms, and clears away what is kept no longer.

    Fails where something is the matter, so that runs show it. Judged by the clock, and not by the
    instant the run was scheduled for: what counts is how things are.
    """
    at_home = await asyncio.to_thread(house)
    await collect_bounces(as_is(at_home))
    await hand_over(as_is(at_home))
    checked = await look(as_is(at_home), run_id())
    if checked.messages:
        await hand_over(as_is(at_home))
    await clear_answers(as_is(at_home))
    await mask_leavers(as_is(at_home))
    language = at_home.settings.language
    found = [headline(alarm, language) for alarm in checked.alarms]
    counts = {"alarms": len(found), "messages": checked.messages}
    await leave_page("housekeeping", language, "Check of the loops", counts, [{"alarms": it} for it in found])
    if not checked.is_well:
        raise SomethingIsTheMatterError("; ".join(found))
    return counts


@task(name="bounces", cache_policy=NO_CACHE)
async def collect_bounces(at_home: House) -> Collected:
    """Reads what came back, where a mailbox is set for it. What fails shows in the receipt."""
    box = at_home.settings.bounces()
    return await asyncio.to_thread(collect, at_home.engine, box, clock.now) if box else Collected()


@task(name="clear-answers", cache_policy=NO_CACHE)
async def clear_answers(at_home: House) -> int:
    """Clears away answers to programs that were kept long enough; a database that is held waits an hour."""

    def work() -> int:
        with suppress(BusyError), writing(at_home.engine) as session:
            return tokens.clear(session, clock.now())
        return 0

    return await asyncio.to_thread(work)


@task(name="mask-leavers", cache_policy=NO_CACHE)
async def mask_leavers(at_home: House) -> int:
    """Masks who left as long ago as the policy says; a database that is held waits an hour."""

    def work() -> int:
        with suppress(BusyError), writing(at_home.engine) as session:
            return departures.mask_due(session, at_home.office.policy.departures, now=clock.now())
        return 0

    return await asyncio.to_thread(work)


@task(name="check", cache_policy=NO_CACHE)
async def look(at_home: House, run: str) -> Checked:
    """One check, in one transaction."""

    def work() -> Checked:
        with writing(at_home.engine) as session:
            return check(session, at_home.office, now=clock.now(), run_id=run)

    return await asyncio.to_thread(work)
