from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from working_years import CHINA, calendars, days

from rules.lifecycle import State
from rules.lights import Light, is_overdue, last_soon_day, light
from rules.working_days import Calendar

DUE = date(2026, 10, 15)
WORKED_ON = (State.ASSIGNED, State.IN_PROGRESS, State.SUBMITTED)


@pytest.mark.parametrize("state", WORKED_ON)
@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-09-24", Light.ON_TRACK),
        ("2026-09-29", Light.ON_TRACK),  # 8 working days before
        ("2026-09-30", Light.DUE_SOON),  # 7: 8, 9, 10, 12, 13, 14 and 15 October
        ("2026-10-07", Light.DUE_SOON),
        ("2026-10-15", Light.DUE_SOON),
        ("2026-10-16", Light.OVERDUE),
    ],
)
def test_an_open_item_s_light_follows_its_working_days(state: State, today: str, expected: Light) -> None:
    assert light(state, DUE, date.fromisoformat(today), CHINA) is expected


@pytest.mark.parametrize("state", [State.CLOSED, State.CANCELLED])
@pytest.mark.parametrize("due", [None, DUE])
def test_what_is_finished_is_done_however_late(state: State, due: date | None) -> None:
    assert light(state, due, date(2027, 6, 1), CHINA) is Light.DONE
    assert not is_overdue(state, due, date(2027, 6, 1))


@pytest.mark.parametrize("state", WORKED_ON)
def test_without_a_deadline_nothing_is_late(state: State) -> None:
    assert light(state, None, date(2027, 6, 1), CHINA) is Light.UNDATED
    assert not is_overdue(state, None, date(2027, 6, 1))


@pytest.mark.parametrize("state", [State.DRAFT, State.SUSTAINED])
def test_drafts_and_long_term_items_are_never_late(state: State) -> None:
    assert light(state, DUE, date(2027, 6, 1), CHINA) is Light.UNDATED
    assert not is_overdue(state, DUE, date(2027, 6, 1))


@given(st.sampled_from(list(State)), st.none() | days(), days(), calendars())
@settings(deadline=None, max_examples=80)
def test_the_red_light_and_the_word_overdue_say_the_same(
    state: State, due: date | None, today: date, calendar: Calendar
) -> None:
    assert (light(state, due, today, calendar) is Light.OVERDUE) == is_overdue(state, due, today)


@given(days(), calendars())
@settings(deadline=None, max_examples=30)
def test_a_light_never_turns_back_while_nothing_happens(due: date, calendar: Calendar) -> None:
    order = [Light.ON_TRACK, Light.DUE_SOON, Light.OVERDUE]
    span = (due + timedelta(days=offset) for offset in range(-30, 5))
    shown = [order.index(light(State.IN_PROGRESS, due, day, calendar)) for day in span]
    assert shown == sorted(shown)


@given(days(), st.integers(0, 40), calendars())
@settings(deadline=None, max_examples=200)
def test_a_deadline_is_due_soon_up_to_one_day_and_not_after_it(
    today: date, ahead: int, calendar: Calendar
) -> None:
    due = today + timedelta(days=ahead)
    is_soon = light(State.IN_PROGRESS, due, today, calendar) is Light.DUE_SOON
    assert is_soon == (due <= last_soon_day(today, calendar))
