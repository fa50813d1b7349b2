"""The working calendar: the country's holidays and make-up days, with the office's own exceptions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from rules.errors import SettingError
from rules.working_days import Calendar

YEARS_BACK = 10
YEARS_AHEAD = 3


@dataclass(frozen=True, slots=True)
class CalendarPolicy:
    """What the policy file says of working days."""

    country: str = "CN"
    holidays: tuple[date, ...] = ()
    """Days off of this office alone."""
    working_days: tuple[date, ...] = ()
    """Days that this office works although they would be free."""
    known_years: tuple[int, ...] = field(default=())
    """Years whose arrangement the office has entered itself, so that nothing is missing."""


def load(policy: CalendarPolicy, today: date) -> Calendar:
    """The calendar around `today`, from the `holidays` library and the office's exceptions.

    For a year whose arrangement is not published the library estimates the holidays and knows no make-up
    day. Such years are named in `Calendar.estimated_years`, so that every door can say so.

    Raises:
        SettingError: the library does not know the country.
    """
    import holidays  # noqa: PLC0415 - 60 ms, needed only where dates are reckoned

    years = range(today.year - YEARS_BACK, today.year + YEARS_AHEAD)
    try:
        public = holidays.country_holidays(policy.country, years=years)
    except NotImplementedError as error:
        raise SettingError("The calendar of %(country)s is not known.", country=policy.country) from error
    make_up = frozenset(getattr(public, "weekend_workdays", None) or ())
    return Calendar(
        holidays=(frozenset(public) | frozenset(policy.holidays)) - frozenset(policy.working_days),
        make_up_days=(make_up - frozenset(policy.holidays)) | frozenset(policy.working_days),
        estimated_years=_estimated(make_up, years, policy.known_years),
    )


def _estimated(make_up: Iterable[date], years: range, known: Iterable[int]) -> frozenset[int]:
    """Years later than the last one with a make-up day, in a country that arranges some every year."""
    arranged = {day.year for day in make_up}
    if not arranged & set(years):
        return frozenset()
    # An arrangement may borrow a day from the end of the year before; such a year is not yet arranged.
    last = max(arranged)
    return frozenset(year for year in years if year > last and year not in set(known))


def warnings(calendar: Calendar, today: date, *, ahead: timedelta = timedelta(days=60)) -> list[int]:
    """The estimated years that reminders planned from `today` on will soon run into."""
    return sorted(year for year in calendar.estimated_years if year <= (today + ahead).year)
