"""Every five minutes: hand to the mail server what may go out."""

import asyncio
import threading
from dataclasses import asdict
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from config import clock
from config.house import House
from flows.hands import lend_a_hand, see_day_through
from flows.runtime import AlreadyToldError, as_is, house, leave_page, leaving_trace, run_id
from services.delivery import Delivered, deliver


class ChannelStoppedError(AlreadyToldError):
    """The mail server takes no letters from us; nothing was lost, and somebody has to mend it."""


@flow(
    name="delivery",
    flow_run_name=lambda: f"delivery-{flow_run.scheduled_start_time:%Y-%m-%d-%H%M}",
    log_prints=False,
)
@leaving_trace("delivery")
async def deliver_letters(*, whole_day: bool = False) -> dict[str, Any]:
    """Helps to plan, where a large day is being planned, and sends what waits in the outbox.

    `whole_day`: until the day is planned. Fails where the mail server refuses the channel as a whole.
    """
    at_home = await asyncio.to_thread(house)
    trouble = await _help(at_home, whole_day=whole_day)
    delivered = await hand_over(as_is(at_home))
    counts = asdict(delivered)
    await leave_page("delivery", at_home.settings.language, "Delivery", counts, [counts])
    if delivered.stopped:
        raise ChannelStoppedError(delivered.stopped) from trouble
    if trouble:
        raise trouble
    return counts


async def _help(at_home: House, *, whole_day: bool) -> Exception | None:
    """What went wrong with planning, which is to keep no letter from going out."""
    try:
        if whole_day:
            await see_day_through(as_is(at_home))
        else:
            await lend_a_hand(as_is(at_home))
    except Exception as error:  # noqa: BLE001 - raised again when the letters are out
        return error
    return None


@task(name="deliver", cache_policy=NO_CACHE)
async def hand_over(at_home: House) -> Delivered:
    """One delivery run; each letter is claimed and settled in transactions of its own.

    A run that is told to end leaves the thread behind, which sees the letters under way to their end.
    """
    over = threading.Event()
    office = at_home.office
    try:
        return await asyncio.to_thread(
            deliver, at_home.engine, office.postbox, at_home.channel, clock.now, run_id(), told=over.is_set
        )
    finally:
        over.set()
