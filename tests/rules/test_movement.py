"""Movement: what became more and fewer between two instants, against a naive count of what is open."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.lifecycle import OPEN, State
from rules.movement import Movement, Turn, begun, led_up_to, moved, movements

Place = tuple[State, str]
WORKING, CLOSED = State.IN_PROGRESS, State.CLOSED
PLACES = st.tuples(st.sampled_from(State), st.sampled_from("ABC"))
LIVES = st.lists(st.lists(PLACES, min_size=1, max_size=5), max_size=8)
"""Of each item the states and units that it was in, one after the other; the first before the period."""


def open_at(places: list[Place]) -> dict[str, int]:
    return dict(Counter(unit for state, unit in places if state in OPEN))


def turns(lives: list[list[Place]]) -> list[Turn]:
    return [Turn(*before, *after) for life in lives for before, after in pairwise(life)]


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        (Turn(None, None, State.ASSIGNED, "A"), {"A": Movement(opened=1)}),
        (Turn(State.DRAFT, "A", State.ASSIGNED, "A"), {"A": Movement(opened=1)}),
        (Turn(CLOSED, "A", WORKING, "A"), {"A": Movement(reopened=1)}),
        (Turn(State.SUBMITTED, "A", CLOSED, "A"), {"A": Movement(closed=1)}),
        (Turn(WORKING, "A", State.CANCELLED, "A"), {"A": Movement(cancelled=1)}),
        (Turn(WORKING, "A", WORKING, "B"), {"A": Movement(moved_out=1), "B": Movement(moved_in=1)}),
        (Turn(WORKING, "A", CLOSED, "B"), {"A": Movement(closed=1)}),  # it was open where it was before
        (Turn(State.SUBMITTED, "A", WORKING, "A"), {}),
        (Turn(CLOSED, "A", CLOSED, "B"), {}),
        (Turn(State.DRAFT, "A", State.CANCELLED, "A"), {}),
    ],
)
def test_what_one_turn_moves(turn: Turn, expected: dict[str, Movement]) -> None:
    assert movements({}, [turn]) == expected


@given(LIVES)
def test_what_a_movement_leaves_open_is_what_is_open(lives: list[list[Place]]) -> None:
    found = movements(open_at([life[0] for life in lives]), turns(lives))
    left = {unit: one.open_at_end for unit, one in found.items() if one.open_at_end}
    assert left == open_at([life[-1] for life in lives])


@given(LIVES)
def test_what_it_must_have_begun_with_is_what_it_began_with(lives: list[list[Place]]) -> None:
    found = moved((turn, 1) for turn in turns(lives))
    start, end = (open_at([life[at] for life in lives]) for at in (0, -1))
    back, on = led_up_to(end, found), begun(start, found)
    assert {unit: one for unit, one in back.items() if one != Movement()} == {
        unit: one for unit, one in on.items() if one != Movement()
    }


@given(LIVES)
def test_what_goes_out_of_units_comes_in_at_others(lives: list[list[Place]]) -> None:
    found = sum(moved((turn, 1) for turn in turns(lives)).values(), Movement())
    assert found.moved_in == found.moved_out


def test_the_same_turn_taken_many_times_moves_so_many() -> None:
    assert moved([(Turn(WORKING, "A", CLOSED, "A"), 3)]) == {"A": Movement(closed=3)}
