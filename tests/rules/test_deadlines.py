from datetime import date

import pytest
from working_years import CHINA

from rules.deadlines import (
    DeadlinePolicy,
    TimeLimit,
    due_on,
    judged_after_extension,
    next_period_end,
    on_time,
)
from rules.periods import PeriodKind

HALF_YEARLY = DeadlinePolicy()
REPORTED = date(2026, 6, 30)
ASSIGNED = date(2026, 9, 30)
YEAR_END = date(2026, 12, 31)


def _due(limit: TimeLimit, stated: date | None = None, policy: DeadlinePolicy = HALF_YEARLY) -> date | None:
    return due_on(limit, stated, reported_on=REPORTED, assigned_on=ASSIGNED, calendar=CHINA, policy=policy)


@pytest.mark.parametrize("limit", [TimeLimit.FIXED, TimeLimit.IMMEDIATE, TimeLimit.RECURRING, TimeLimit.NONE])
def test_the_day_that_a_report_states_is_the_deadline(limit: TimeLimit) -> None:
    assert _due(limit, date(2026, 11, 15)) == date(2026, 11, 15)


def test_a_stated_day_stays_even_if_it_lies_before_the_handing_over() -> None:
    assert _due(TimeLimit.FIXED, date(2026, 8, 31)) == date(2026, 8, 31)


@pytest.mark.parametrize("limit", [TimeLimit.FIXED, TimeLimit.RECURRING, TimeLimit.NONE])
def test_without_a_stated_day_an_item_is_due_at_the_end_of_the_next_period(limit: TimeLimit) -> None:
    assert _due(limit) == YEAR_END


@pytest.mark.parametrize("stated", [None, date(2026, 11, 15)])
def test_a_long_term_item_has_no_deadline(stated: date | None) -> None:
    assert _due(TimeLimit.LONG_TERM, stated) is None


def test_at_once_means_five_working_days_after_the_handing_over() -> None:
    # 8, 9, 10 (a worked Saturday), 12 and 13 October.
    assert _due(TimeLimit.IMMEDIATE) == date(2026, 10, 13)


def test_an_office_may_mean_something_else_by_at_once_and_by_its_periods() -> None:
    hasty = DeadlinePolicy(immediate_working_days=1, period=PeriodKind.MONTH)
    assert _due(TimeLimit.IMMEDIATE, policy=hasty) == date(2026, 10, 8)
    assert _due(TimeLimit.NONE, policy=hasty) == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("kind", "reported", "assigned", "expected"),
    [
        (PeriodKind.HALF, "2026-06-30", "2026-07-10", "2026-12-31"),
        (PeriodKind.HALF, "2026-06-30", "2026-06-30", "2026-12-31"),  # handed over before the period is out
        (PeriodKind.HALF, "2026-06-30", "2026-12-31", "2026-12-31"),  # on the last day it is just not over
        (PeriodKind.HALF, "2026-06-30", "2027-01-01", "2027-06-30"),  # a day later it is
        (PeriodKind.HALF, "2026-06-30", "2028-03-01", "2028-06-30"),
        (PeriodKind.HALF, "2026-12-31", "2027-01-05", "2027-06-30"),
        (PeriodKind.MONTH, "2026-01-31", "2026-02-03", "2026-02-28"),
        (PeriodKind.MONTH, "2028-01-31", "2028-02-03", "2028-02-29"),
        (PeriodKind.QUARTER, "2026-09-30", "2026-10-08", "2026-12-31"),
        (PeriodKind.YEAR, "2026-12-31", "2027-01-05", "2027-12-31"),
    ],
)
def test_the_next_period_that_is_not_over(
    kind: PeriodKind, reported: str, assigned: str, expected: str
) -> None:
    found = next_period_end(date.fromisoformat(reported), date.fromisoformat(assigned), kind)
    assert found == date.fromisoformat(expected)


DUE = date(2026, 10, 30)
NEW = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("granted", "judged_by"),
    [
        (date(2026, 10, 8), NEW),
        (DUE, NEW),  # on the very day
        (date(2026, 10, 31), DUE),  # one day late, though it is a Saturday
        (date(2026, 11, 20), DUE),
    ],
)
def test_an_extension_clears_the_record_only_if_it_is_granted_in_time(granted: date, judged_by: date) -> None:
    assert judged_after_extension(DUE, NEW, granted) == judged_by


def test_a_second_extension_is_measured_by_the_deadline_that_the_first_one_set() -> None:
    once = judged_after_extension(DUE, NEW, date(2026, 10, 30))
    assert judged_after_extension(once, date(2027, 3, 31), NEW) == date(2027, 3, 31)
    assert judged_after_extension(once, date(2027, 3, 31), date(2027, 1, 1)) == NEW


def test_after_one_late_extension_no_second_one_clears_the_record() -> None:
    late = judged_after_extension(DUE, NEW, date(2026, 11, 2))
    assert judged_after_extension(late, date(2027, 3, 31), date(2026, 12, 1)) == DUE


def test_an_item_without_a_deadline_gets_none_to_be_judged_by() -> None:
    assert judged_after_extension(None, NEW, DUE) is None


@pytest.mark.parametrize(
    ("closed", "judged_by", "expected"),
    [
        ("2026-10-29", "2026-10-30", True),
        ("2026-10-30", "2026-10-30", True),
        ("2026-10-31", "2026-10-30", False),
        ("2026-10-31", None, True),
    ],
)
def test_on_time_is_on_the_day_or_before(closed: str, judged_by: str | None, *, expected: bool) -> None:
    day = date.fromisoformat(judged_by) if judged_by else None
    assert on_time(date.fromisoformat(closed), day) is expected
