"""Sentences that name faults and measures in words of no list are known by the weight of their words."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from weights import HERE, KINDS, better, of_tags, stamp, told

from documents.lexicon import is_latin
from documents.weighing import FILE, Weight, grams, mean, weigh, weigh_part


def test_the_weights_are_learned_from_the_reports_and_sentences_that_lie_here() -> None:
    assert FILE.read_text("utf-8").partition("\t")[0] == f"=of {stamp()}", (
        "run python tests/weights.py --write"
    )


FAULTS = (
    "值班室夜里没有人，电话无人接听。",
    "两台水泵坏了一个冬天，备件还在路上。",
    "名册上有31人，到岗的只有12人。",
    "The east gate stands open at night.",
    "Eleven of the forty forms had not been signed.",
    "No spare has been in stock since March.",
)
STEPS = (
    "由后勤科于5月底前换锁，并安排人员值守。",
    "每周五由站长清点一次人数，结果报镇里。",
    "Estates will replace the lock by the end of May.",
    "The site manager should check the forms every Friday.",
)
NEITHER = ("全年接待群众1.2万人次，同比增长8%。", "The trust was founded in 1974 and runs four homes.")


@pytest.mark.parametrize("sentence", FAULTS)
def test_a_fault_in_plain_words_weighs_more_as_a_problem(sentence: str) -> None:
    assert weigh(sentence).problem > max(-0.7, weigh(sentence).measure)


@pytest.mark.parametrize("sentence", STEPS)
def test_a_step_in_plain_words_weighs_more_as_a_measure(sentence: str) -> None:
    assert weigh(sentence).measure > max(0.0, weigh(sentence).problem)


@pytest.mark.parametrize("sentence", NEITHER)
def test_what_is_neither_weighs_little(sentence: str) -> None:
    assert max(weigh(sentence).problem, weigh(sentence).measure) < -1


@pytest.mark.parametrize(("latin", "least"), [(False, 0.95), (True, 0.92)], ids=["Chinese", "English"])
def test_in_reports_never_learned_from_nearly_every_fault_weighs_more_than_what_is_none(
    *, latin: bool, least: float
) -> None:
    lines = (line.split("\t") for line in FILE.read_text("utf-8").splitlines())
    weights = {gram: (int(one), int(other)) for gram, one, other in lines}
    held = told(sorted((HERE / "reports" / "held_back").glob("*.json")))
    own = [one for one in held if is_latin(one.words) is latin]
    assert [kind for kind in KINDS if better(weights, own, kind) < least] == []


def test_figures_weigh_alike_whatever_they_are() -> None:
    assert weigh("12台设备超期未检。") == weigh("1,308台设备超期未检。")
    assert grams("Paid 12.50 twice") == {"^", "paid", "0", "twice", "^ paid", "paid 0", "0 twice"}


def test_a_part_without_a_sentence_speaks_against_both() -> None:
    assert weigh_part("\n\n  \n", 0, 5) == mean([]) == Weight(-9.0, -9.0)


@settings(max_examples=200)
@given(st.text(max_size=80))
def test_any_sentence_can_be_weighed(sentence: str) -> None:
    weight = weigh(sentence)
    assert -100 < weight.problem < 100
    assert -100 < weight.measure < 100


def test_tagged_sentences_hold_each_kind_in_both_languages() -> None:
    for lang in ("zh", "en"):
        said = [one for path in sorted((HERE / "sentences").glob(f"{lang}_*.txt")) for one in of_tags(path)]
        assert {one.states for one in said} == {"problem", "measure", ""}
        assert all(is_latin(one.words) is (lang == "en") for one in said if len(one.words) > 40)


def test_a_line_without_a_tag_is_no_sentence(tmp_path: Path) -> None:
    path = tmp_path / "tagged.txt"
    path.write_text("# a paper\nP 门坏了。\nX 不算\n\nM 修门。\n", "utf-8")
    assert list(of_tags(path)) == [("门坏了。", "problem"), ("修门。", "measure")]
