"""Quiet days: working days on which no reminders go out; what comes due on them is told on the next day."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from rules.working_days import Calendar

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Quiet:
    """When an office wants no reminders although it works. By default never."""

    days: tuple[date, ...] = ()
    spans: tuple[str, ...] = ()
    """Stretches of days, such as `2027-02-01/2027-02-14`, both ends included."""
    weekdays: tuple[str, ...] = ()
    """English names in lower case, such as `friday`."""

    def is_quiet(self, day: date) -> bool:
        """Whether no reminders go out on `day`."""
        if day in self.days or WEEKDAYS[day.weekday()] in self.weekdays:
            return True
        return any(first <= day <= last for first, last in map(span, self.spans))


@lru_cache
def span(text: str) -> tuple[date, date]:
    """The first and the last day of a stretch; ValueError where it is none."""
    first, _, last = text.partition("/")
    found = date.fromisoformat(first), date.fromisoformat(last)
    if not timedelta() <= found[1] - found[0] <= LONGEST:
        raise ValueError(f"{text} ends before it begins, or after more than a year")
    return found


@dataclass(frozen=True, slots=True)
class SendDays:
    """The days on which reminders go out: worked, and not quiet."""

    calendar: Calendar
    quiet: Quiet

    def is_one(self, day: date) -> bool:
        """Whether reminders go out on `day`."""
        return self.calendar.is_working(day) and not self.quiet.is_quiet(day)

    def on_or_after(self, day: date) -> date:
        """The first day on which they go out that is not before `day`."""
        while not self.is_one(day):
            day += timedelta(days=1)
        return day
