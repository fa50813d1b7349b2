"""Whether the loops are alive, and what a coordinator is alarmed about. Instants are local to the office."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import takewhile
from operator import itemgetter

FAR = timedelta(days=60)
"""So far back days without reminders are looked for."""


class Loop(StrEnum):
    """What has to run by itself, by the names that heartbeats and runs bear."""

    REMINDERS = "reminders"
    DELIVERY = "delivery"
    PERIOD_END = "period-end"
    HOUSEKEEPING = "housekeeping"
    SEAL_CHECK = "seal-check"
    BOUNCES = "bounces"
    """Watched only where it has ever run: an office need not read what comes back."""


class Cause(StrEnum):
    """What coordinators and administrators are alarmed about."""

    REMINDERS = "reminders"
    """A working day's reminders were not planned in time."""
    CHANNEL = "channel"
    """The mail server takes no letters from us."""
    WAITING = "waiting"
    """Letters have lain in the outbox for long."""
    HELD = "held"
    """Nobody has released what the flood guard holds."""
    ADDRESSES = "addresses"
    """Letters to somebody's address reach nobody. No fault of the program."""
    MAILBOX = "mailbox"
    """The mailbox to which letters come back cannot be read."""
    SEALS = "seals"
    """The history, or the stored rows, no longer give what was sealed."""


@dataclass(frozen=True, slots=True)
class Watch:
    """From when on something is late. The defaults are the house's."""

    reminders_by: time = time(10)
    """The local time by which the day's reminders must have been planned."""
    loop_hours: int = 26
    """How long after its last success any other loop counts as stopped."""
    waiting_hours: int = 6
    """How long a letter that nobody holds may lie in the outbox."""
    held_hours: int = 24
    """How long what the flood guard holds may wait for a coordinator."""


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


def first_expected(begun: datetime | None, watch: Watch) -> date:
    """The first day whose reminders can be missed, of an office whose history began at the instant `begun`.

    It begins in the middle of a day; where the day's reminders had to be planned before, they were not owed.
    """
    if begun is None:
        return date.max
    return begun.date() + timedelta(days=begun.time() >= watch.reminders_by)


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


def held_since(letters: Iterable[tuple[bool, datetime]]) -> datetime | None:
    """When the guard began to hold one person's digests: (held, planned at) of each, newest first.

    Each day's run replaces the letter that the day before left; the first of an unbroken row counts.
    """
    held = list(takewhile(itemgetter(0), letters))
    return held[-1][1] if held else None
