"""Time limits, the deadlines that follow from them, and the deadline by which an item is judged."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.periods import PeriodKind, following, period
from rules.working_days import Calendar


class TimeLimit(StrEnum):
    """How a report says by when: 立行立改, a date, each period, 长期坚持, or nothing."""

    IMMEDIATE = "immediate"
    FIXED = "fixed"
    RECURRING = "recurring"
    LONG_TERM = "long_term"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DeadlinePolicy:
    """What an office sets where the report names no date."""

    immediate_working_days: int = 5
    review_working_days: int = 60
    """How long a long-term item may go between two reviews."""
    period: PeriodKind = PeriodKind.HALF


def due_on(
    limit: TimeLimit,
    stated_on: date | None,
    *,
    reported_on: date,
    assigned_on: date,
    calendar: Calendar,
    policy: DeadlinePolicy,
) -> date | None:
    """The deadline of an item that is handed over on `assigned_on`, or None for a long-term one.

    `reported_on` is the last day of the period that the report speaks of: without a stated date the item is
    due at the end of the period after it. A deadline never lies before the day on which it is handed over,
    unless the report itself states so.
    """
    if limit is TimeLimit.LONG_TERM:
        return None
    if stated_on is not None:
        return stated_on
    if limit is TimeLimit.IMMEDIATE:
        return calendar.shift(assigned_on, policy.immediate_working_days)
    return next_period_end(reported_on, assigned_on, policy.period)


def next_period_end(reported_on: date, assigned_on: date, kind: PeriodKind) -> date:
    """The last day of the first period after the one of `reported_on` that is not over on `assigned_on`."""
    found = following(period(kind, reported_on))
    while found.end_on <= assigned_on:
        found = following(found)
    return found.last_on


def judged_after_extension(judged_on: date | None, proposed_on: date, granted_on: date) -> date | None:
    """The deadline that decides "on time" once an extension is granted.

    The new date counts only if it was granted before the one in force had expired; a late extension gives
    more time for the work, not a clean record.
    """
    if judged_on is not None and granted_on <= judged_on:
        return proposed_on
    return judged_on


def on_time(closed_on: date, judged_on: date | None) -> bool:
    """Whether an item closed on `closed_on` met its deadline; one without a deadline cannot miss it."""
    return judged_on is None or closed_on <= judged_on
