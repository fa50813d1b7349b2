"""The trend of a roll-up: what came, what was closed, what was left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.rollup import Figures
from rules.trend import TrendPoint, is_trend, shares, trend

NONE = Figures()


def test_of_each_period_it_shows_what_came_what_was_closed_and_what_was_left() -> None:
    found = trend([("a", NONE), ("b", Figures(in_scope=9, opened=4, closed=3, cancelled=1))])
    assert found == (TrendPoint("a", 0, 0, 0), TrendPoint("b", 4, 3, 5))


@pytest.mark.parametrize(
    ("periods", "shown"),
    [
        ([NONE, NONE, Figures(in_scope=1, opened=1), NONE], ["1", "2", "3"]),
        ([Figures(in_scope=1, opened=1), NONE], ["0", "1"]),
        ([NONE, Figures(closed=1, in_scope=1)], ["0", "1"]),
        ([NONE, NONE, NONE], ["0", "1", "2"]),
    ],
)
def test_it_begins_with_the_last_period_before_the_first_item(
    periods: list[Figures], shown: list[str]
) -> None:
    assert [point.period for point in trend([(str(at), one) for at, one in enumerate(periods)])] == shown


def test_one_period_or_only_empty_ones_are_no_trend() -> None:
    some, none = TrendPoint("a", 1, 0, 1), TrendPoint("b", 0, 0, 0)
    assert [is_trend(points) for points in ((some,), (none, none), (none, some), (some, none))] == [
        False,
        False,
        True,
        True,
    ]


def test_a_bar_is_as_long_as_its_number_and_one_of_many_is_still_seen() -> None:
    assert shares([0, 1, 50, 199, 200], 200) == (0, 1, 25, 100, 100)
    assert shares([0, 1], 1000) == (0, 1)
    assert shares([0], 0) == (0,)


@given(values=st.lists(st.integers(0, 10_000), min_size=1))
def test_no_bar_is_longer_than_the_longest_and_none_stands_for_nothing(values: list[int]) -> None:
    found = shares(values, max(values))
    assert [0 <= share <= 100 for share in found] == [True] * len(values)
    assert [share > 0 for share in found] == [value > 0 for value in values]
    assert [found[at] for at in sorted(range(len(values)), key=values.__getitem__)] == sorted(found)
