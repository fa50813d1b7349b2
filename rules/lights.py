"""Traffic lights: what a state and a deadline mean on a given day. Derived, never stored."""

from datetime import date, timedelta
from enum import StrEnum

from rules.lifecycle import WITH_DEADLINE, State
from rules.working_days import Calendar

SOON_WORKING_DAYS = 7


class Light(StrEnum):
    """Always shown with its word, never by colour alone."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    ON_TRACK = "on_track"
    UNDATED = "undated"
    DONE = "done"


def is_overdue(state: State, due_on: date | None, today: date) -> bool:
    """Whether the work is late: the deadline's day is over and the item still open."""
    return state in WITH_DEADLINE and due_on is not None and due_on < today


def light(state: State, due_on: date | None, today: date, calendar: Calendar) -> Light:
    """The light of an item on `today`."""
    if state in {State.CLOSED, State.CANCELLED}:
        return Light.DONE
    if due_on is None or state not in WITH_DEADLINE:
        return Light.UNDATED
    if is_overdue(state, due_on, today):
        return Light.OVERDUE
    soon = calendar.between(today, due_on) <= SOON_WORKING_DAYS
    return Light.DUE_SOON if soon else Light.ON_TRACK


def last_soon_day(today: date, calendar: Calendar) -> date:
    """The latest deadline that is due soon on `today`: for selects, which cannot ask the calendar."""
    # The day before the next working day after the span: free days at its end belong to it.
    return calendar.shift(today, SOON_WORKING_DAYS + 1) - timedelta(days=1)
