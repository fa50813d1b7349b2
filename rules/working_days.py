"""Working days: weekdays, less holidays, plus the weekend days that are worked instead (调休)."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days an office works. Days in neither set follow the week: Monday to Friday are worked."""

    holidays: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    estimated_years: frozenset[int] = frozenset()
    """Years whose arrangement is not published: holidays are estimates and make-up days are missing."""
    _closed: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _worked: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _days: tuple[date, ...] = field(init=False, repr=False, compare=False)
    """The working days of the years that have exceptions: a whole office's rungs are reckoned on these."""
    _before: int = field(init=False, repr=False, compare=False)
    """How many working days lie before the first of `_days`."""
    _hash: int = field(init=False, repr=False, compare=False)
    """Reckoned once: what is remembered of a calendar is looked up by it for every item of an office."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.holidays, self.make_up_days, self.estimated_years)))
        closed = {day for day in self.holidays if day.weekday() < 5} - self.make_up_days
        worked = {day for day in self.make_up_days if day.weekday() >= 5}
        object.__setattr__(self, "_closed", tuple(sorted(closed)))
        object.__setattr__(self, "_worked", tuple(sorted(worked)))
        days = tuple(self._around(closed | worked))
        object.__setattr__(self, "_days", days)
        object.__setattr__(self, "_before", self.count(days[0]) - 1 if days else 0)

    def __hash__(self) -> int:
        return self._hash

    def _around(self, exceptions: set[date]) -> Iterator[date]:
        if not exceptions:
            return
        at, end = date(min(exceptions).year, 1, 1), date(max(exceptions).year, 12, 31)
        while at <= end:
            if self.is_working(at):
                yield at
            at += timedelta(days=1)

    def is_working(self, day: date) -> bool:
        """Whether the office works on `day`; a make-up day wins over a holiday."""
        if day in self.make_up_days:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def count(self, day: date) -> int:
        """Working days from the first Monday of the common era up to `day`, included."""
        weeks, rest = divmod(day.toordinal() - 1, 7)
        plain = 5 * weeks + min(rest + 1, 5)
        return plain - bisect_right(self._closed, day) + bisect_right(self._worked, day)

    def on_or_before(self, day: date) -> date:
        """The last working day that is not after `day`."""
        while not self.is_working(day):
            day -= timedelta(days=1)
        return day

    def on_or_after(self, day: date) -> date:
        """The first working day that is not before `day`."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def shift(self, day: date, working_days: int) -> date:
        """The working day that lies `working_days` after `day` (before it, when negative).

        A day that is not worked stands for the last working day before it, so that one working day after a
        Saturday is the Monday, and one before it the Thursday.
        """
        target = self.count(day) + working_days
        index = target - self._before - 1
        if 0 <= index < len(self._days):
            return self._days[index]
        return self._search(day, target, working_days)

    def _search(self, day: date, target: int, working_days: int) -> date:
        """The working day of which `target` are counted, found by steps that never overshoot."""
        found = day + timedelta(days=working_days)
        while (missing := target - self.count(found)) > 0:
            found += timedelta(days=missing)
        while self.count(found) > target or not self.is_working(found):
            found -= timedelta(days=1)
        return found

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
        return self.count(end) - self.count(start)
