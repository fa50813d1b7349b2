from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.overview import OverviewPolicy, Tally, is_due, monday_of, week_before, week_of
from rules.working_days import Calendar

PLAIN = Calendar()
NATIONAL_DAY = Calendar(
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    make_up_days=frozenset({date(2026, 9, 27), date(2026, 10, 10)}),
)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
POLICIES = st.builds(OverviewPolicy, weekday=st.integers(0, 7))


@pytest.mark.parametrize(
    ("today", "weekday", "calendar", "due"),
    [
        (date(2026, 11, 23), 1, PLAIN, True),  # Monday
        (date(2026, 11, 22), 1, PLAIN, True),  # the Sunday after a week in which no run came
        (date(2026, 11, 23), 2, PLAIN, False),
        (date(2026, 11, 24), 2, PLAIN, True),
        (date(2026, 11, 27), 5, PLAIN, True),
        (date(2026, 11, 29), 6, PLAIN, False),  # nobody works on this weekend
        (date(2026, 11, 23), 0, PLAIN, False),
        (date(2026, 10, 5), 1, NATIONAL_DAY, False),  # a Monday, and a holiday
        (date(2026, 10, 7), 1, NATIONAL_DAY, False),
        (date(2026, 10, 8), 1, NATIONAL_DAY, True),
        (date(2026, 10, 10), 6, NATIONAL_DAY, True),  # a Saturday that is worked
    ],
)
def test_the_overview_is_owed_from_the_first_working_day_of_the_week_on(
    today: date, weekday: int, calendar: Calendar, *, due: bool
) -> None:
    assert is_due(today, OverviewPolicy(weekday=weekday), calendar) is due


@given(DAYS, POLICIES, st.sampled_from([PLAIN, NATIONAL_DAY]))
def test_what_is_owed_stays_owed_until_the_week_is_over(
    day: date, policy: OverviewPolicy, calendar: Calendar
) -> None:
    week = [monday_of(day) + timedelta(days=number) for number in range(7)]
    owed = [is_due(one, policy, calendar) for one in week]
    assert owed == sorted(owed)
    first = [
        one
        for one in week
        if policy.weekday and one.isoweekday() >= policy.weekday and calendar.is_working(one)
    ]
    assert owed.count(True) == (7 - week.index(first[0]) if first else 0)


@given(DAYS)
def test_a_week_has_one_name_from_monday_to_sunday_and_no_other_has_it(day: date) -> None:
    monday = monday_of(day)
    assert {week_of(monday + timedelta(days=number)) for number in range(7)} == {week_of(day)}
    assert week_of(monday - timedelta(days=1)) < week_of(day) < week_of(monday + timedelta(days=7))


@given(DAYS)
def test_the_week_before_ends_on_the_day_before_this_one_begins(day: date) -> None:
    first, last = week_before(day)
    assert (first.weekday(), last - first, last + timedelta(days=1)) == (0, timedelta(days=6), monday_of(day))


def test_tallies_add_up_column_by_column() -> None:
    assert Tally(1, 2, 3, 4, 5) + Tally(10, 20, 30, 40, 50) == Tally(11, 22, 33, 44, 55)
