"""Words of a report as people choose, divide and join them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rules.errors import RefusedError, WrongMoveError
from rules.passages import MOST_PLACES, divided, is_at, joined, located, marks, place_of, places, trimmed

TEXT = "（一）工地隐患整改偏慢。个别工地反复出现。\n（二）资格审核\n效率偏低。申请审核时间较长。"
WORDS = st.text(alphabet="工地隐患。；，\n ab.", max_size=60)


def whole(text: str) -> tuple[int, int]:
    return trimmed(text, 0, len(text))


def refusal(text: str, first: str, last: str) -> str:
    with pytest.raises(RefusedError) as refused:
        located(text, first, last)
    return str(refused.value)


@given(WORDS, st.integers(-5, 70), st.integers(-5, 70))
def test_a_passage_neither_begins_nor_ends_with_white_space(text: str, start: int, end: int) -> None:
    try:
        begin, stop = trimmed(text, start, end)
    except WrongMoveError:
        assert not (0 <= start < end <= len(text)) or not text[start:end].strip()
        return
    assert text[begin:stop] == text[start:end].strip()


@given(WORDS, st.integers(0, 60))
def test_what_is_divided_loses_nothing_but_white_space(text: str, at: int) -> None:
    assume(text.strip())
    span = whole(text)
    try:
        first, second = divided(text, span, at)
    except WrongMoveError:
        assert not (text[: max(at, 0)].strip() and text[at:].strip() and span[0] < at < span[1])
        return
    between = text[first[1] : second[0]]
    assert text[slice(*first)] + between + text[slice(*second)] == text.strip()
    assert not between.strip()
    assert first[1] <= at <= second[0]


@given(WORDS)
def test_at_every_place_that_is_offered_a_passage_can_be_divided(text: str) -> None:
    assume(text.strip())
    span = whole(text)
    for at in places(text, span):
        divided(text, span, at)


def test_a_passage_is_divided_behind_its_clauses() -> None:
    text = "一是清理台账，二是补齐资料。三是开展回查。"
    assert [text[at:] for at in places(text, whole(text))] == [
        "二是补齐资料。三是开展回查。",
        "三是开展回查。",
    ]
    english = "Check the pumps. Train staff, then report."
    assert [english[at:] for at in places(english, whole(english))] == [
        "Train staff, then report.",
        "then report.",
    ]


def test_a_long_passage_is_divided_behind_its_sentences_and_no_form_grows_without_end() -> None:
    clauses = "甲，乙，丙，丁。" * (MOST_PLACES // 2)
    assert len(places(clauses, whole(clauses))) == MOST_PLACES // 2 - 1
    endless = "甲。" * 10 * MOST_PLACES
    assert len(places(endless, whole(endless))) == MOST_PLACES


def test_two_passages_are_joined_with_what_stands_between_them() -> None:
    assert joined((10, 20), (30, 40), []) == joined((30, 40), (10, 20), []) == (10, 40)
    assert joined((10, 40), (20, 30), []) == (10, 40)
    assert joined((10, 20), (30, 40), [(0, 9), (40, 50)]) == (10, 40)


def test_two_passages_with_another_one_between_them_are_not_joined() -> None:
    assert joined((10, 20), (30, 40), [(22, 28)]) is None


@given(WORDS, st.integers(0, 60), st.integers(0, 60))
def test_a_passage_that_nobody_named_anew_stays_where_it_is(text: str, start: int, end: int) -> None:
    try:
        before = trimmed(text, start, end)
    except WrongMoveError:
        return
    assert located(text, *marks(text, before), before) == before
    assert is_at(text, before, *marks(text, before))


@given(WORDS, st.integers(0, 60), st.integers(0, 60))
def test_a_passage_that_is_named_by_its_words_has_these_at_its_ends(text: str, start: int, end: int) -> None:
    try:
        first, last = marks(text, trimmed(text, start, end))
        found = located(text, first, last)
    except RefusedError:
        return
    assert is_at(text, found, first, last)


def test_words_are_found_however_the_lines_break() -> None:
    begin, end = located(TEXT, "（二）资格审核效率", "时间 较长。")
    assert TEXT[begin:end] == "（二）资格审核\n效率偏低。申请审核时间较长。"


def test_one_end_can_be_moved_alone() -> None:
    before = trimmed(TEXT, 0, 12)
    assert TEXT[slice(*located(TEXT, "（一）工地隐患整改偏慢。", "反复出现。", before))] == TEXT[:21]
    assert TEXT[slice(*located(TEXT, "工地隐患", marks(TEXT, before)[1], before))] == "工地隐患整改偏慢。"


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("公租房", "较长", "“公租房” does not stand in the report."),
        ("工地", "出现", "“工地” stands in several places; write more of it."),
        ("（二）", "偏慢", "“偏慢” does not stand in the report after “（二）”."),
        (" ", "偏慢", "Write the first and the last words of the passage."),
        ("（二）", "", "Write the first and the last words of the passage."),
    ],
)
def test_words_that_name_no_passage_are_refused_with_a_sentence(first: str, last: str, sentence: str) -> None:
    assert refusal(TEXT, first, last) == sentence


def test_the_place_of_words_is_looked_for_inside_the_passage_alone() -> None:
    second = (TEXT.index("（二）"), len(TEXT))
    assert TEXT[place_of(TEXT, second, "申请审核") :] == "申请审核时间较长。"
    with pytest.raises(WrongMoveError, match="does not stand"):
        place_of(TEXT, second, "工地隐患")
    with pytest.raises(WrongMoveError, match="several places"):
        place_of(TEXT, second, "审核")


def test_hostile_words_take_no_time() -> None:
    text = "甲 " * 50_000
    assert refusal(text, "甲" * 199 + "乙", "甲").endswith("does not stand in the report.")
