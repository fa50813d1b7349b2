from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from working_years import CHINA, PLAIN, WEEKDAYS_OFF, WEEKENDS_WORKED, calendars, days, sets_of_days

from rules.working_days import Calendar

FEW = settings(deadline=None, max_examples=80)
NEAR = days("2025-06-01", "2027-08-31")
DAY = timedelta(days=1)


def _worked_between(calendar: Calendar, start: date, end: date) -> int:
    """Counted day by day: the days after `start` up to and including `end`."""
    if end < start:
        return -_worked_between(calendar, end, start)
    span = (end - start).days
    return sum(calendar.is_working(start + more * DAY) for more in range(1, span + 1))


def _walked(calendar: Calendar, day: date, working_days: int) -> date:
    """Walked day by day."""
    while not calendar.is_working(day):
        day -= DAY
    step = DAY if working_days > 0 else -DAY
    for _ in range(abs(working_days)):
        day += step
        while not calendar.is_working(day):
            day += step
    return day


@given(calendars(), NEAR, NEAR)
@FEW
def test_counting_agrees_with_a_finger_on_the_wall_calendar(
    calendar: Calendar, start: date, end: date
) -> None:
    assert calendar.between(start, end) == _worked_between(calendar, start, end)
    assert calendar.count(end) - calendar.count(start) == _worked_between(calendar, start, end)


@given(calendars(), NEAR, st.integers(-120, 120))
@FEW
def test_shifting_agrees_with_walking_day_by_day(calendar: Calendar, day: date, steps: int) -> None:
    assert calendar.shift(day, steps) == _walked(calendar, day, steps)


@given(calendars(), NEAR, st.integers(-300, 300))
@FEW
def test_from_a_working_day_shifting_there_and_back_is_no_journey(
    calendar: Calendar, day: date, steps: int
) -> None:
    worked = calendar.on_or_after(day)
    there = calendar.shift(worked, steps)
    assert calendar.is_working(there)
    assert calendar.between(worked, there) == steps
    assert calendar.shift(there, -steps) == worked


@given(calendars(), NEAR, NEAR)
@FEW
def test_between_two_working_days_lies_just_the_shift_from_one_to_the_other(
    calendar: Calendar, one: date, other: date
) -> None:
    start, end = calendar.on_or_before(one), calendar.on_or_before(other)
    assert calendar.shift(start, calendar.between(start, end)) == end


@given(calendars(), NEAR, NEAR, st.integers(-60, 60))
@FEW
def test_a_later_start_never_ends_earlier(calendar: Calendar, one: date, other: date, steps: int) -> None:
    early, late = sorted((one, other))
    assert calendar.shift(early, steps) <= calendar.shift(late, steps)


@given(calendars(), NEAR, st.integers(-60, 60))
@FEW
def test_one_working_day_more_is_always_a_later_day(calendar: Calendar, day: date, steps: int) -> None:
    assert calendar.shift(day, steps) < calendar.shift(day, steps + 1)


@given(calendars(), NEAR)
@FEW
def test_the_nearest_working_days_on_either_side_have_none_between(calendar: Calendar, day: date) -> None:
    before, after = calendar.on_or_before(day), calendar.on_or_after(day)
    assert before <= day <= after
    assert calendar.is_working(before)
    assert calendar.is_working(after)
    assert _worked_between(calendar, before, after) == int(before != after)


@given(sets_of_days(20), sets_of_days(20))
@FEW
def test_a_make_up_day_wins_over_a_holiday(holidays: frozenset[date], worked: frozenset[date]) -> None:
    calendar = Calendar(holidays | worked, worked)
    assert [day for day in worked if not calendar.is_working(day)] == []
    assert [day for day in holidays - worked if calendar.is_working(day)] == []


@pytest.mark.parametrize("day", WEEKDAYS_OFF)
def test_china_rests_on_the_weekdays_that_it_gave_away(day: str) -> None:
    assert not CHINA.is_working(date.fromisoformat(day))


@pytest.mark.parametrize("day", WEEKENDS_WORKED)
def test_china_works_on_the_weekend_days_that_it_took_back(day: str) -> None:
    made_up = date.fromisoformat(day)
    assert made_up.weekday() >= 5
    assert CHINA.is_working(made_up)


@pytest.mark.parametrize(
    ("start", "steps", "end"),
    [
        ("2026-09-30", 1, "2026-10-08"),  # the first working day after National Day
        ("2026-10-09", 1, "2026-10-10"),  # a worked Saturday
        ("2026-10-10", 1, "2026-10-12"),
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-10-03", 1, "2026-10-08"),  # a holiday stands for the last working day before it
        ("2026-10-03", -1, "2026-09-29"),
        ("2026-02-13", 1, "2026-02-14"),  # the Saturday before Spring Festival is worked
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-02-27", 1, "2026-02-28"),
        ("2026-02-28", 1, "2026-03-02"),
        ("2026-09-18", 1, "2026-09-20"),  # a worked Sunday
        ("2026-09-24", 1, "2026-09-28"),
        ("2026-09-25", 0, "2026-09-24"),
        ("2025-12-31", 1, "2026-01-04"),  # into the year, over its first holidays
        ("2026-12-31", 1, "2027-01-01"),  # and out of it, where nothing is known but the week
        ("2026-06-30", 15, "2026-07-21"),
        ("2026-12-31", -15, "2026-12-10"),
    ],
)
def test_china_s_working_days_of_2026(start: str, steps: int, end: str) -> None:
    assert CHINA.shift(date.fromisoformat(start), steps) == date.fromisoformat(end)


def test_china_works_248_days_in_2026() -> None:
    # 261 weekdays, of which 19 are given away; 6 weekend days are taken back.
    assert CHINA.between(date(2025, 12, 31), date(2026, 12, 31)) == 261 - 19 + 6


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-06", "2026-03-06", 0),
        ("2026-03-06", "2026-03-07", 0),  # Friday to Saturday
        ("2026-03-06", "2026-03-09", 1),
        ("2026-03-07", "2026-03-09", 1),
        ("2026-03-09", "2026-03-06", -1),
        ("2026-09-30", "2026-10-12", 4),
    ],
)
def test_working_days_between_two_days(start: str, end: str, expected: int) -> None:
    assert CHINA.between(date.fromisoformat(start), date.fromisoformat(end)) == expected


def test_one_working_day_after_a_saturday_is_the_monday_and_one_before_it_the_thursday() -> None:
    saturday = date(2026, 3, 7)
    assert PLAIN.shift(saturday, 1) == date(2026, 3, 9)
    assert PLAIN.shift(saturday, -1) == date(2026, 3, 5)


def test_counting_begins_with_the_first_monday_of_the_era() -> None:
    assert [PLAIN.count(date(1, 1, day)) for day in range(1, 10)] == [1, 2, 3, 4, 5, 5, 5, 6, 7]


def test_a_year_without_one_working_day_is_stepped_over() -> None:
    whole_year = frozenset(date(2026, 1, 1) + more * DAY for more in range(365))
    closed = Calendar(holidays=whole_year)
    assert closed.shift(date(2025, 12, 31), 1) == date(2027, 1, 1)
    assert closed.shift(date(2027, 1, 1), -1) == date(2025, 12, 31)
    assert closed.shift(date(2026, 7, 1), 0) == date(2025, 12, 31)


def test_calendars_are_the_same_when_their_days_are() -> None:
    again = Calendar(CHINA.holidays, CHINA.make_up_days)
    assert again == CHINA
    assert again != PLAIN
