"""Reporting periods: months, quarters, half-years, years, and own ranges of days.

All are half-open in the organisation's time zone.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from rules.errors import SettingError


class PeriodKind(StrEnum):
    """How long a period is. The value is what policy files say."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.YEAR: 12}
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})\Z")
_KEY = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})|Q(?P<quarter>[1-4])|H(?P<half>[12]))?\Z")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `first_on` up to but not including `end_on`."""

    first_on: date
    end_on: date
    key: str

    @property
    def last_on(self) -> date:
        """The last day that belongs to the period."""
        return self.end_on - timedelta(days=1)

    def start_at(self, zone: ZoneInfo) -> datetime:
        """The instant at which the period starts."""
        return midnight(self.first_on, zone)

    def cut_off_at(self, zone: ZoneInfo) -> datetime:
        """The instant at which the period has ended; figures count what happened before it."""
        return midnight(self.end_on, zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of `day` in `zone`, as UTC; after it, where clocks skip midnight."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def shifts(zone: ZoneInfo, start: datetime, end: datetime) -> list[tuple[datetime, timedelta]]:
    """How far clocks in `zone` run before UTC between two instants: until when (in UTC), and by how much.

    The last one holds to the end and beyond. Clocks that are changed twice within a day are not seen.
    """
    found: list[tuple[datetime, timedelta]] = []
    at, before = start, _ahead(zone, start)
    while at < end:
        later = min(at + timedelta(days=1), end)
        if (after := _ahead(zone, later)) != before:
            found.append((_changed_at(zone, at, later), before))
            before = after
        at = later
    return [*found, (end, before)]


def _changed_at(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The instant, to the second, at which the clocks were changed between the two."""
    before = _ahead(zone, low)
    low = low.replace(microsecond=0)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _ahead(zone, middle) == before else (low, middle)
    return high.replace(microsecond=0)


def _ahead(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def period(kind: PeriodKind, day: date) -> Period:
    """The period of `kind` that holds `day`."""
    months = _MONTHS[kind]
    number = (day.month - 1) // months
    first = date(day.year, number * months + 1, 1)
    return Period(first, _add_months(first, months), _key(kind, day.year, number))


def parse(key: str) -> Period:
    """The period that `key` names: `2026-11`, `2026Q4`, `2026H2` or `2026`.

    Raises:
        SettingError: the key is none of these.
    """
    found = _KEY.match(key)
    if not found or not 1 <= int(found["month"] or 1) <= 12 or not 1000 <= int(found["year"]) < 9999:
        raise SettingError("%(key)s is no period; write 2026-11, 2026Q4, 2026H2 or 2026.", key=key)
    year = int(found["year"])
    if found["month"]:
        return period(PeriodKind.MONTH, date(year, int(found["month"]), 1))
    if found["quarter"]:
        return period(PeriodKind.QUARTER, date(year, int(found["quarter"]) * 3, 1))
    if found["half"]:
        return period(PeriodKind.HALF, date(year, int(found["half"]) * 6, 1))
    return period(PeriodKind.YEAR, date(year, 1, 1))


def stretch(key: str) -> Period:
    """The period that `key` names, or an own range of days: `2026-03-15..2026-06-15`, both of them in it.

    Raises:
        SettingError: the key is neither.
    """
    found = _RANGE.match(key)
    if not found:
        return parse(key)
    try:
        first_on, last_on = (date.fromisoformat(word) for word in found.groups())
    except ValueError as error:
        raise _no_range(key) from error
    if not date(1000, 1, 1) <= first_on <= last_on < date(9999, 1, 1):
        raise _no_range(key)
    return between(first_on, last_on + timedelta(days=1))


def _no_range(key: str) -> SettingError:
    return SettingError(
        "%(key)s is no range of days; write 2026-03-15..2026-06-15, the earlier day first.", key=key
    )


def between(first_on: date, end_on: date) -> Period:
    """The own range of the days from `first_on` up to but not including `end_on`."""
    last_on = end_on - timedelta(days=1)
    return Period(first_on, end_on, f"{first_on.isoformat()}..{last_on.isoformat()}")


def is_range(of: Period) -> bool:
    """Whether it is a range of somebody's own choice, and not a month, quarter, half-year or year."""
    return ".." in of.key


def following(after: Period) -> Period:
    """The period of the same kind that starts where `after` ends; after a range, one of as many days."""
    if is_range(after):
        return between(after.end_on, after.end_on + (after.end_on - after.first_on))
    return period(kind_of(after), after.end_on)


def preceding(before: Period) -> Period:
    """The period of the same kind that ends where `before` starts; before a range, one of as many days."""
    if is_range(before):
        return between(before.first_on - (before.end_on - before.first_on), before.first_on)
    return period(kind_of(before), before.first_on - timedelta(days=1))


def kind_of(of: Period) -> PeriodKind:
    """Which kind of period it is, from its key. An own range is of none; ask `is_range` first."""
    marks = {"-": PeriodKind.MONTH, "Q": PeriodKind.QUARTER, "H": PeriodKind.HALF}
    return marks.get(of.key[4:5], PeriodKind.YEAR)


def covering(first_on: date, last_on: date) -> Period:
    """The shortest period that holds both days; a longer stretch counts as the year of its last day."""
    for kind in PeriodKind:
        found = period(kind, last_on)
        if found.first_on <= first_on < found.end_on:
            return found
    return period(PeriodKind.YEAR, last_on)


def _key(kind: PeriodKind, year: int, number: int) -> str:
    forms = {
        PeriodKind.MONTH: f"{year:04}-{number + 1:02}",
        PeriodKind.QUARTER: f"{year:04}Q{number + 1}",
        PeriodKind.HALF: f"{year:04}H{number + 1}",
        PeriodKind.YEAR: f"{year:04}",
    }
    return forms[kind]


def _add_months(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)
