from datetime import date, timedelta

import holidays as library
import pytest
from working_years import CHINA

from config.calendar import YEARS_AHEAD, YEARS_BACK, CalendarPolicy, load, warnings
from rules.errors import SettingError
from rules.working_days import Calendar

TODAY = date(2026, 9, 25)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
YEAR = [FIRST + timedelta(days=more) for more in range(365)]


def _arranged(year: int) -> bool:
    """Whether the installed library knows make-up days of China's year."""
    table = library.country_holidays("CN", years=[year])
    return any(day.year == year for day in getattr(table, "weekend_workdays", ()))


UNKNOWN = next(year for year in range(2026, 2100) if not _arranged(year))
"""The first year whose arrangement the installed library does not know."""


def test_the_country_s_calendar_is_the_published_one_of_2026() -> None:
    calendar = load(CalendarPolicy(), TODAY)
    assert [day for day in YEAR if calendar.is_working(day) != CHINA.is_working(day)] == []
    assert calendar.shift(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert calendar.is_working(date(2026, 10, 10))


def test_years_long_gone_are_known_for_late_reports() -> None:
    assert not load(CalendarPolicy(), TODAY).is_working(date(2019, 10, 1))


def test_years_without_a_published_arrangement_are_named() -> None:
    calendar = load(CalendarPolicy(), date(UNKNOWN - 1, 6, 1))
    assert calendar.estimated_years == frozenset({UNKNOWN, UNKNOWN + 1})


@pytest.mark.parametrize("today", [TODAY, date(2030, 1, 1), date(2021, 5, 1)])
def test_no_year_around_today_is_guessed_silently(today: date) -> None:
    around = range(today.year - YEARS_BACK, today.year + YEARS_AHEAD)
    estimated = load(CalendarPolicy(), today).estimated_years
    assert estimated == {year for year in around if year >= UNKNOWN}


def test_the_warning_comes_sixty_days_before_the_estimated_year() -> None:
    new_year = date(UNKNOWN, 1, 1)
    calendar = load(CalendarPolicy(), date(UNKNOWN - 1, 6, 1))
    assert warnings(calendar, new_year - timedelta(days=61)) == []
    assert warnings(calendar, new_year - timedelta(days=60)) == [UNKNOWN]
    assert warnings(calendar, new_year) == [UNKNOWN]
    assert warnings(calendar, new_year, ahead=timedelta(days=365)) == [UNKNOWN, UNKNOWN + 1]


def test_a_year_that_the_office_entered_itself_is_not_warned_of() -> None:
    policy = CalendarPolicy(known_years=(UNKNOWN,))
    calendar = load(policy, date(UNKNOWN - 1, 6, 1))
    assert calendar.estimated_years == {UNKNOWN + 1}
    assert warnings(calendar, date(UNKNOWN - 1, 12, 20)) == []


def test_one_make_up_day_entered_by_the_office_does_not_make_the_year_known() -> None:
    saturday = next(day for day in _days_of(UNKNOWN) if day.weekday() == 5)
    calendar = load(CalendarPolicy(working_days=(saturday,)), date(UNKNOWN - 1, 6, 1))
    assert calendar.is_working(saturday)
    assert calendar.estimated_years == {UNKNOWN, UNKNOWN + 1}


def _days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=more) for more in range(365)]


def test_a_country_that_makes_up_no_days_has_no_estimated_years() -> None:
    calendar = load(CalendarPolicy(country="DE"), TODAY)
    assert calendar.estimated_years == frozenset()
    assert not calendar.is_working(date(2026, 5, 1))
    assert calendar.is_working(date(2026, 10, 1))
    assert not calendar.is_working(date(2026, 10, 10))


@pytest.mark.parametrize(
    ("policy", "day", "is_worked"),
    [
        (CalendarPolicy(), date(2026, 7, 1), True),
        (CalendarPolicy(holidays=(date(2026, 7, 1),)), date(2026, 7, 1), False),
        (CalendarPolicy(working_days=(date(2026, 7, 4),)), date(2026, 7, 4), True),  # a Saturday
        (CalendarPolicy(working_days=(date(2026, 10, 1),)), date(2026, 10, 1), True),  # National Day
        (CalendarPolicy(holidays=(date(2026, 10, 10),)), date(2026, 10, 10), False),  # its make-up day
    ],
)
def test_the_office_s_own_exceptions_win(policy: CalendarPolicy, day: date, *, is_worked: bool) -> None:
    assert load(policy, TODAY).is_working(day) is is_worked


def test_an_exception_changes_its_own_day_alone() -> None:
    plain = load(CalendarPolicy(), TODAY)
    own = load(CalendarPolicy(holidays=(date(2026, 7, 1),), working_days=(date(2026, 7, 4),)), TODAY)
    changed = [day for day in YEAR if plain.is_working(day) != own.is_working(day)]
    assert changed == [date(2026, 7, 1), date(2026, 7, 4)]


@pytest.mark.parametrize("country", ["ZZ", "cn", ""])
def test_a_country_that_nobody_knows_is_a_setting_error(country: str) -> None:
    with pytest.raises(SettingError) as refused:
        load(CalendarPolicy(country=country), TODAY)
    assert str(refused.value) == f"The calendar of {country} is not known."


def test_a_calendar_without_estimates_warns_of_nothing() -> None:
    assert warnings(Calendar(), date(2099, 12, 31)) == []
