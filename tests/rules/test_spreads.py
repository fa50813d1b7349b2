from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.deadlines import TimeLimit
from rules.lifecycle import OPEN, WITH_DEADLINE, Kind, State
from rules.rollup import Standing
from rules.spreads import AGES, DELAYS, Spread, bounds, by_unit, spread

TODAY = date(2027, 1, 1)
ITEM = Standing(
    reference="i",
    kind=Kind.PROBLEM,
    title="",
    unit="A",
    state=State.ASSIGNED,
    time_limit=TimeLimit.FIXED,
    due_on=None,
    original_due_on=None,
    judged_on=None,
    opened_on=TODAY,
    ended_on=None,
    progress=0,
    extensions=0,
)


@pytest.mark.parametrize(
    ("days", "ages"),
    [(0, (1, 0, 0, 0, 0)), (30, (1, 0, 0, 0, 0)), (31, (0, 1, 0, 0, 0)), (366, (0, 0, 0, 0, 1))],
)
def test_an_item_is_as_old_as_the_days_since_it_was_handed_over(days: int, ages: tuple[int, ...]) -> None:
    assert spread([replace(ITEM, opened_on=TODAY - timedelta(days))], TODAY) == Spread(ages)


@pytest.mark.parametrize(
    ("days", "delays"), [(0, (0, 0, 0, 0)), (1, (1, 0, 0, 0)), (8, (0, 1, 0, 0)), (400, (0, 0, 0, 1))]
)
def test_an_item_is_as_late_as_the_days_since_its_deadline(days: int, delays: tuple[int, ...]) -> None:
    assert spread([replace(ITEM, due_on=TODAY - timedelta(days))], TODAY).delays == delays


def test_what_is_closed_is_neither_old_nor_late() -> None:
    closed = replace(ITEM, state=State.CLOSED, due_on=TODAY - timedelta(9), opened_on=TODAY - timedelta(99))
    assert spread([closed], TODAY) == Spread()


@given(
    st.lists(
        st.tuples(st.sampled_from("AB"), st.sampled_from(State), st.integers(0, 900), st.integers(-50, 900)),
        max_size=20,
    )
)
def test_every_open_and_every_late_item_lies_in_one_bucket_and_units_add_up(
    drawn: list[tuple[str, State, int, int]],
) -> None:
    items = [
        replace(
            ITEM,
            unit=unit,
            state=state,
            opened_on=TODAY - timedelta(age),
            due_on=TODAY - timedelta(late),
        )
        for unit, state, age, late in drawn
    ]
    whole = spread(items, TODAY)
    assert sum(whole.ages) == sum(state in OPEN for _, state, _, _ in drawn)
    assert sum(whole.delays) == sum(late > 0 and state in WITH_DEADLINE for _, state, _, late in drawn)
    assert sum(by_unit(items, TODAY).values(), Spread()) == whole


def test_buckets_follow_each_other_without_a_gap() -> None:
    for begins in (AGES, DELAYS):
        found = bounds(begins)
        assert [first for first, _ in found] == list(begins)
        assert [last + 1 for _, last in found[:-1] if last] == list(begins[1:])
        assert found[-1][1] is None
