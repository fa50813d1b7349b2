"""Whether the loops are alive, and what a coordinator is alarmed about. Instants are local to the office."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

FAR = timedelta(days=60)
"""So far back days without reminders are looked for."""


class Loop(StrEnum):
    """What has to run by itself, by the names that heartbeats and runs bear."""

    REMINDERS = "reminders"
    DELIVERY = "delivery"
    PERIOD_END = "period-end"


@dataclass(frozen=True, slots=True)
class Watch:
    """From when on something is late. The defaults are the house's."""

    reminders_by: time = time(10)
    """The local time by which the day's reminders must have been planned."""
    loop_hours: int = 26
    """How long after its last success any other loop counts as stopped."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """When a loop last succeeded, and with what it failed since; empty when it did not."""

    loop: Loop
    succeeded_at: datetime | None
    error: str = ""
    is_late: bool = False


def is_late(succeeded_at: datetime | None, now: datetime, watch: Watch) -> bool:
    """Whether a loop that should run at least once a day has stopped."""
    return succeeded_at is None or now - succeeded_at > timedelta(hours=watch.loop_hours)


def is_time(now: datetime, watch: Watch) -> bool:
    """Whether the day's reminders must have been planned by `now`."""
    return now.time() >= watch.reminders_by


def missed(
    after: date | None, now: datetime, sending: Collection[date], planned: Collection[date], watch: Watch
) -> Iterator[date]:
    """The days after `after` (without one, today alone) on which reminders were due and nothing was planned.

    `sending` are the days on which reminders go out, `planned` those on which a run planned them.
    """
    today = now.date()
    last = today if is_time(now, watch) else today - timedelta(days=1)
    first = max(after + timedelta(days=1), today - FAR) if after else today
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    yield from (day for day in days if day in sending and day not in planned)
