from hypothesis import given
from hypothesis import strategies as st

from rules.leaves import leaf

SIZES = st.integers(1, 60)
TOTALS = st.integers(0, 400)


@given(TOTALS, SIZES)
def test_turned_from_the_first_to_the_last_the_leaves_show_each_row_once(total: int, size: int) -> None:
    shown = [leaf(at, total, size) for at in range(1, leaf(1, total, size).last + 1)]
    rows = [row for one in shown for row in range(one.start, one.end)]
    assert (rows, max(one.end - one.start for one in shown) <= size) == (list(range(total)), True)


@given(st.none() | st.integers(-5, 10**9), TOTALS, SIZES)
def test_whatever_leaf_is_asked_for_the_nearest_one_that_there_is_is_shown(
    asked: int | None, total: int, size: int
) -> None:
    shown = leaf(asked, total, size)
    assert shown.at == sorted((1, asked or 1, shown.last))[1]
