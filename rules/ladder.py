"""The reminder ladder: which rung is due, whom it reaches, and its stable key.

A rung is due when its working day has come and no outcome is recorded, never "when the date equals today":
a machine that slept for a week still owes what came due in that week.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from rules.lifecycle import OPEN, WITH_DEADLINE, State
from rules.permissions import Role
from rules.working_days import Calendar


@dataclass(frozen=True, slots=True)
class Ladder:
    """When reminders go out, in working days. The defaults are the house's."""

    before: tuple[int, ...] = (15, 7, 3, 1)
    after: tuple[int, ...] = (1, 3, 5)
    then_every: int = 5
    head_from: int = 1
    leader_from: int = 5
    order_from: int = 10
    """From here on a supervision order (督办单) is proposed to the coordinator; only a person sends it."""
    unacknowledged: int = 2
    silent: int = 20
    unverified: int = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ladder needs to know of an item. All dates are local to the office."""

    state: State
    due_on: date | None
    since_on: date | None
    """The day on which this deadline version began; rungs before it were never due. None: not handed over."""
    word_on: date | None
    """The day of the last acknowledgement, progress report or decision."""
    submitted_on: date | None = None
    review_on: date | None = None
    resumes_on: date | None = None
    """The day on which paused reminders go on; until then nothing is due. None: they were never paused."""

    def is_paused(self, today: date) -> bool:
        """Whether reminders of the item are paused on `today`."""
        return self.resumes_on is not None and today < self.resumes_on


@dataclass(frozen=True, slots=True, order=True)
class Rung:
    """One step of the ladder. Sorts by severity: the most pressing is the greatest."""

    severity: int
    on: date
    key: str


WORKERS = (Role.OWNER, Role.CO_OWNER)
JUDGES = (Role.VERIFIER, Role.COORDINATOR)


def audience(key: str, ladder: Ladder) -> tuple[Role, ...]:
    """The roles that the rung named `key` reaches, the first of them those who have to act."""
    topic, _, number = key.partition("-")
    if topic == "unverified":
        return JUDGES
    if topic != "after":
        return WORKERS
    days = int(number)
    steps = (
        (ladder.head_from, Role.HEAD),
        (ladder.leader_from, Role.SUPERVISOR),
        (ladder.order_from, Role.COORDINATOR),
    )
    return WORKERS + tuple(role for start, role in steps if days >= start)


def due_rungs(item: Standing, today: date, ladder: Ladder, calendar: Calendar) -> list[Rung]:
    """Every rung of `item` whose day has come by `today`, mildest first; none while it is paused.

    After a pause the rungs that came due in it are due, as after a time in which no machine ran.
    """
    since = item.since_on
    if since is None or item.is_paused(today):
        return []
    return sorted(rung for rung in _rungs(item, today, ladder, calendar) if since <= rung.on <= today)


def next_rung_on(item: Standing, today: date, ladder: Ladder, calendar: Calendar) -> date | None:
    """The first day after `today` on which a rung of `item` comes due, or None when none ever will.

    For a paused item it is the day on which reminders go on, if anything will be due by then.
    """
    if item.since_on is None or item.state not in OPEN:
        return None
    if item.resumes_on is not None and item.is_paused(today):
        is_due = bool(due_rungs(item, item.resumes_on, ladder, calendar))
        return item.resumes_on if is_due else next_rung_on(item, item.resumes_on, ladder, calendar)
    today = max(today, item.since_on - timedelta(days=1))
    horizon = calendar.shift(today, _longest_wait(ladder) + 1)
    soon = [rung.on for rung in _rungs(item, horizon, ladder, calendar) if rung.on > today]
    later = [day for day in _first_days(item, ladder, calendar) if day > today]
    return min(soon + later, default=None)


def _longest_wait(ladder: Ladder) -> int:
    return max(ladder.then_every, ladder.silent, ladder.unverified, ladder.unacknowledged, *ladder.after)


def _rungs(item: Standing, until: date, ladder: Ladder, calendar: Calendar) -> Iterator[Rung]:
    if item.state in WITH_DEADLINE and item.due_on is not None:
        yield from _before(item.due_on, ladder, calendar)
        yield from _after(item.due_on, until, ladder, calendar)
    for silence in _silences(item, ladder):
        yield from _repeats(silence, until, ladder, calendar)
    if item.state is State.SUSTAINED and item.review_on is not None:
        yield from _reviews(item.review_on, until, ladder, calendar)


def _first_days(item: Standing, ladder: Ladder, calendar: Calendar) -> Iterator[date]:
    """The days of rungs that may lie beyond the horizon to which repeating rungs are laid out."""
    if item.state in WITH_DEADLINE and item.due_on is not None:
        yield from (rung.on for rung in _before(item.due_on, ladder, calendar))
        if ladder.after:
            yield calendar.shift(item.due_on, ladder.after[0])
    yield from (calendar.shift(silence.anchor, silence.first) for silence in _silences(item, ladder))
    if item.state is State.SUSTAINED and item.review_on is not None:
        yield calendar.on_or_before(item.review_on)


# A planning run asks for the same few hundred deadlines tens of thousands of times.
@lru_cache(maxsize=4096)
def _before(due_on: date, ladder: Ladder, calendar: Calendar) -> tuple[Rung, ...]:
    early = [Rung(800 - days, calendar.shift(due_on, -days), f"before-{days}") for days in set(ladder.before)]
    return (*early, Rung(900, calendar.on_or_before(due_on), "due"))


@lru_cache(maxsize=4096)
def _after(due_on: date, until: date, ladder: Ladder, calendar: Calendar) -> tuple[Rung, ...]:
    late = calendar.between(due_on, until)
    return tuple(
        Rung(1000 + days, calendar.shift(due_on, days), f"after-{days}") for days in _late_days(ladder, late)
    )


@lru_cache(maxsize=4096)
def _reviews(review_on: date, until: date, ladder: Ladder, calendar: Calendar) -> tuple[Rung, ...]:
    """A rung on the day of the review, and more of them, as after a deadline, until somebody reports.

    A report or a decision sets the next day of review, and with it another key.
    """
    key = f"review-{review_on:%Y%m%d}"
    late = _late_days(ladder, calendar.between(review_on, until))
    again = (Rung(600, calendar.shift(review_on, days), f"{key}-{days}") for days in late)
    return (Rung(600, calendar.on_or_before(review_on), key), *again)


def _late_days(ladder: Ladder, late: int) -> Iterator[int]:
    yield from (days for days in ladder.after if days <= late)
    last = ladder.after[-1] if ladder.after else 0
    yield from range(last + ladder.then_every, late + 1, ladder.then_every)


@dataclass(frozen=True, slots=True)
class _Silence:
    """Something that should have happened since `anchor`, and how long the office waits for it."""

    topic: str
    severity: int
    anchor: date
    first: int


def _silences(item: Standing, ladder: Ladder) -> Iterator[_Silence]:
    if item.state is State.ASSIGNED and item.since_on is not None:
        yield _Silence("unacknowledged", 700, item.since_on, ladder.unacknowledged)
    if item.state is State.IN_PROGRESS and item.word_on is not None:
        yield _Silence("silent", 500, item.word_on, ladder.silent)
    if item.state is State.SUBMITTED and item.submitted_on is not None:
        yield _Silence("unverified", 650, item.submitted_on, ladder.unverified)


@lru_cache(maxsize=4096)
def _repeats(silence: _Silence, until: date, ladder: Ladder, calendar: Calendar) -> tuple[Rung, ...]:
    """A rung when the office has waited long enough, and more of them while nothing happens.

    The anchor in the key makes each silence its own.
    """
    every = max(silence.first, ladder.then_every)
    waited = calendar.between(silence.anchor, until)
    return tuple(
        Rung(
            silence.severity,
            calendar.shift(silence.anchor, days),
            f"{silence.topic}-{days}-{silence.anchor:%Y%m%d}",
        )
        for days in range(silence.first, waited + 1, every)
    )
