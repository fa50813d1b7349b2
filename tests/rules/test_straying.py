"""Which items stray from a seal: both sides walked at once, against both sides held whole."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, State
from rules.rollup import Standing
from rules.sealing import facts, strayed_items

ITEM = Standing(
    reference="",
    kind=Kind.PROBLEM,
    title="",
    unit="A",
    state=State.ASSIGNED,
    time_limit=TimeLimit.FIXED,
    due_on=None,
    original_due_on=None,
    judged_on=None,
    opened_on=None,
    ended_on=None,
    progress=0,
    extensions=0,
)
SIDES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 1), max_size=8)


def side(progress: dict[str, int], **other: object) -> list[Standing]:
    return [
        replace(ITEM, reference=name, progress=progress[name], **other)  # type: ignore[arg-type]
        for name in sorted(progress)
    ]


@given(sealed=SIDES, again=SIDES)
def test_items_stray_that_are_gone_new_or_other_and_no_others(
    sealed: dict[str, int], again: dict[str, int]
) -> None:
    expected = sorted(name for name in sealed | again if sealed.get(name) != again.get(name))
    assert list(strayed_items(side(sealed), side(again))) == expected


def test_another_spelling_of_names_is_no_straying() -> None:
    renamed = side({"a": 1}, title="新", owners=("甲",), report="乙")
    assert list(strayed_items(side({"a": 1}), renamed)) == []
    assert facts(None) is None
