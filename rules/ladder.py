"""The reminder ladder: which rung is due, whom it reaches, and its stable key.

A rung is due when its working day has come and no outcome is recorded, never "when the date equals today":
a machine that slept for a week still owes what came due in that week.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import NamedTuple

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
    _hash: int = field(init=False, repr=False, compare=False)
    """Reckoned once: what is remembered of a ladder is looked up by it for every item of an office."""

    def __post_init__(self) -> None:
        steps = (self.before, self.after, self.then_every, self.head_from, self.leader_from, self.order_from)
        waits = (self.unacknowledged, self.silent, self.unverified)
        object.__setattr__(self, "_hash", hash(steps + waits))

    def __hash__(self) -> int:
        return self._hash


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


class Rung(NamedTuple):
    """One step of the ladder. Sorts by severity: the most pressing is the greatest."""

    severity: int
    on: date
    key: str


WORKERS = (Role.OWNER, Role.CO_OWNER)
JUDGES = (Role.VERIFIER, Role.COORDINATOR)


@lru_cache(maxsize=4096)
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


class _Series(NamedTuple):
    """Rungs that follow from one day of an item: its deadline, a silence since then, a review."""

    topic: str
    anchor: date


class Steps:
    """A ladder laid on a calendar.

    An office has few deadlines and many items: what was reckoned of one day is remembered for all of them.
    Whoever asks for many items asks the same `Steps`, since to find it again takes as long as its answer.
    """

    def __init__(self, ladder: Ladder, calendar: Calendar) -> None:
        self._ladder = ladder
        self._calendar = calendar
        self._rungs = lru_cache(maxsize=4096)(self._reckoned)
        self._next_on = lru_cache(maxsize=4096)(self._reckoned_next)
        self.audience = lru_cache(maxsize=4096)(partial(audience, ladder=ladder))
        """The roles that the rung of a key reaches."""

    def due(self, item: Standing, today: date) -> list[Rung]:
        """Every rung of `item` whose day has come by `today`, mildest first; none while it is paused.

        After a pause the rungs that came due in it are due, as after a time in which no machine ran.
        """
        since = item.since_on
        if since is None or item.is_paused(today):
            return []
        series = _series(item)
        rungs = [rung for one in series for rung in self._rungs(one, today) if since <= rung.on <= today]
        return sorted(rungs) if len(series) > 1 else rungs

    def next_on(self, item: Standing, today: date) -> date | None:
        """The first day after `today` on which a rung of `item` comes due, or None when none ever will.

        For a paused item it is the day on which reminders go on, if anything will be due by then.
        """
        if item.since_on is None or item.state not in OPEN:
            return None
        if item.resumes_on is not None and item.is_paused(today):
            is_due = bool(self.due(item, item.resumes_on))
            return item.resumes_on if is_due else self.next_on(item, item.resumes_on)
        if today < item.since_on:
            today = item.since_on - timedelta(days=1)
        days = [day for one in _series(item) if (day := self._next_on(one, today)) is not None]
        return min(days, default=None)

    def _reckoned(self, series: _Series, until: date) -> tuple[Rung, ...]:
        """The rungs that can be told by `until`, mildest first, and perhaps some of later days."""
        topic, anchor = series
        ladder, calendar = self._ladder, self._calendar
        if topic == "due":
            return tuple(
                sorted((*_before(anchor, ladder, calendar), *_after(anchor, until, ladder, calendar)))
            )
        if topic == "review":
            return tuple(sorted(_reviews(anchor, until, ladder, calendar)))
        return tuple(sorted(_repeats(series, until, ladder, calendar)))

    def _reckoned_next(self, series: _Series, today: date) -> date | None:
        """The day of the first rung after `today`, if there will ever be one."""
        horizon = self._calendar.shift(today, _longest_wait(self._ladder) + 1)
        soon = [rung.on for rung in self._rungs(series, horizon)]
        later = _first_days(series, self._ladder, self._calendar)
        return min((day for day in soon + later if day > today), default=None)


@lru_cache(maxsize=8)
def steps_of(ladder: Ladder, calendar: Calendar) -> Steps:
    """The steps of an office's ladder, with what was reckoned of them before."""
    return Steps(ladder, calendar)


def due_rungs(item: Standing, today: date, ladder: Ladder, calendar: Calendar) -> list[Rung]:
    """As `Steps.due`, of one item."""
    return steps_of(ladder, calendar).due(item, today)


def next_rung_on(item: Standing, today: date, ladder: Ladder, calendar: Calendar) -> date | None:
    """As `Steps.next_on`, of one item."""
    return steps_of(ladder, calendar).next_on(item, today)


def _series(item: Standing) -> list[_Series]:
    found: list[_Series] = []
    state = item.state
    if item.due_on is not None and state in WITH_DEADLINE:
        found.append(_Series("due", item.due_on))
    if state is State.ASSIGNED and item.since_on is not None:
        found.append(_Series("unacknowledged", item.since_on))
    if state is State.IN_PROGRESS and item.word_on is not None:
        found.append(_Series("silent", item.word_on))
    if state is State.SUBMITTED and item.submitted_on is not None:
        found.append(_Series("unverified", item.submitted_on))
    if state is State.SUSTAINED and item.review_on is not None:
        found.append(_Series("review", item.review_on))
    return found


def _longest_wait(ladder: Ladder) -> int:
    return max(ladder.then_every, ladder.silent, ladder.unverified, ladder.unacknowledged, *ladder.after)


def _first_days(series: _Series, ladder: Ladder, calendar: Calendar) -> list[date]:
    """The days of rungs that may lie beyond the horizon to which repeating rungs are laid out."""
    topic, anchor = series
    if topic == "due":
        return [calendar.shift(anchor, ladder.after[0])] if ladder.after else []
    return [] if topic == "review" else [calendar.shift(anchor, _patience(topic, ladder))]


def _before(due_on: date, ladder: Ladder, calendar: Calendar) -> list[Rung]:
    early = [Rung(800 - days, calendar.shift(due_on, -days), f"before-{days}") for days in set(ladder.before)]
    return [*early, Rung(900, calendar.on_or_before(due_on), "due")]


def _after(due_on: date, until: date, ladder: Ladder, calendar: Calendar) -> Iterator[Rung]:
    for days in _late_days(ladder, calendar.between(due_on, until)):
        yield Rung(1000 + days, calendar.shift(due_on, days), f"after-{days}")


def _reviews(review_on: date, until: date, ladder: Ladder, calendar: Calendar) -> Iterator[Rung]:
    """A rung on the day of the review, and more of them, as after a deadline, until somebody reports.

    A report or a decision sets the next day of review, and with it another key.
    """
    key = f"review-{review_on:%Y%m%d}"
    yield Rung(600, calendar.on_or_before(review_on), key)
    for days in _late_days(ladder, calendar.between(review_on, until)):
        yield Rung(600, calendar.shift(review_on, days), f"{key}-{days}")


def _late_days(ladder: Ladder, late: int) -> Iterator[int]:
    yield from (days for days in ladder.after if days <= late)
    last = ladder.after[-1] if ladder.after else 0
    yield from range(last + ladder.then_every, late + 1, ladder.then_every)


_SILENCES = {"unacknowledged": 700, "silent": 500, "unverified": 650}
"""What should have happened since a day, and how much it weighs that it has not."""


def _patience(topic: str, ladder: Ladder) -> int:
    """How long the office waits for it, in working days."""
    waits: dict[str, int] = {
        "unacknowledged": ladder.unacknowledged,
        "silent": ladder.silent,
        "unverified": ladder.unverified,
    }
    return waits[topic]


def _repeats(series: _Series, until: date, ladder: Ladder, calendar: Calendar) -> Iterator[Rung]:
    """A rung when the office has waited long enough, and more of them while nothing happens.

    The anchor in the key makes each silence its own.
    """
    topic, anchor = series
    first = _patience(topic, ladder)
    every = max(first, ladder.then_every)
    for days in range(first, calendar.between(anchor, until) + 1, every):
        yield Rung(_SILENCES[topic], calendar.shift(anchor, days), f"{topic}-{days}-{anchor:%Y%m%d}")
