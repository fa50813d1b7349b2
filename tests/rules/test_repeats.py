"""A problem that comes again is recognised by its words, whatever stands around it."""

from hypothesis import given
from hypothesis import strategies as st

from rules.repeats import Statement, likeness, pairs, repeated

DRAINAGE = Statement(
    "2025H2-P01", "老旧小区排水管网改造滞后", "（一）老旧小区排水管网改造滞后。春江街道尚有12个小区未动工。"
)
STAFF = Statement("2025H2-P02", "监管力量与任务不相匹配", "（二）监管力量与任务不相匹配。一线人员仅13人。")


def found(title: str, body: str = "") -> dict[str, str]:
    several = repeated([Statement("new", title, body or title)], [DRAINAGE, STAFF])
    return {reference: old.reference for reference, old in several.items()}


def test_the_same_problem_in_slightly_other_words_is_recognised() -> None:
    assert found("老旧小区排水管网改造仍然滞后") == {"new": "2025H2-P01"}
    assert found("一线监管力量与工作任务不相匹配") == {"new": "2025H2-P02"}


def test_a_problem_of_the_same_field_is_another_problem() -> None:
    assert found("老旧小区电梯加装进度偏慢") == {}
    assert found("排水许可办理不规范", "（三）排水许可办理不规范。抽查30份，缺件11份。") == {}


def test_a_title_of_few_words_is_compared_by_its_body() -> None:
    old = Statement("a", "制度不健全", "（一）制度不健全。采购内控制度多年未修订，验收无专人。")
    other = Statement("b", "制度不健全", "1.制度不健全。消防值班缺少交接记录，夜间巡查无要求。")
    assert repeated([other], [old]) == {}
    assert repeated([Statement("c", old.title, old.body)], [old]) == {"c": old}


def test_figures_do_not_make_two_problems_alike() -> None:
    assert likeness(pairs("2024年12月31日，35.6%"), pairs("2024年12月31日，35.6%")) == 0.0


def test_of_two_equally_like_ones_the_later_counts() -> None:
    later = Statement("2026H1-P05", DRAINAGE.title, DRAINAGE.body)
    assert repeated([Statement("new", DRAINAGE.title, DRAINAGE.body)], [DRAINAGE, later]) == {"new": later}


def test_english_problems_are_compared_by_their_words() -> None:
    old = Statement("a", "Fire doors wedged open in the east wing", "")
    assert repeated([Statement("b", "Fire doors still wedged open in east wing", "")], [old]) == {"b": old}
    assert repeated([Statement("b", "Fire drill records incomplete", "")], [old]) == {}


TEXTS = st.text("老旧小区排水管网改造滞后监管 abc。，12", max_size=40)


@given(TEXTS, TEXTS)
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    much = likeness(pairs(one), pairs(other))
    assert 0.0 <= much <= 1.0
    assert much == likeness(pairs(other), pairs(one))
    assert likeness(pairs(one), pairs(one)) == (1.0 if pairs(one) else 0.0)


@given(st.lists(TEXTS, max_size=6), st.lists(TEXTS, max_size=6))
def test_what_is_found_is_always_the_most_alike_of_all(new: list[str], old: list[str]) -> None:
    news = [Statement(f"n{i}", text, text) for i, text in enumerate(new)]
    olds = [Statement(f"o{i}", text, text) for i, text in enumerate(old)]
    for reference, best in repeated(news, olds).items():
        mine = pairs(new[int(reference[1:])])
        assert likeness(mine, pairs(best.body)) == max(likeness(mine, pairs(one.body)) for one in olds)
