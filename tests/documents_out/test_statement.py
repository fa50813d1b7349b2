from collections.abc import Callable

import pytest

from documents.ledger import LedgerRow
from documents.statement import statement

Rows = Callable[..., LedgerRow]


@pytest.mark.parametrize(
    ("quote", "kept"),
    [
        ("（一）底数不清。部分街道没有台账。", "部分街道没有台账。"),
        ("1. 底数不清：部分街道没有台账", "部分街道没有台账"),
        ("三是底数不清，部分街道没有台账。", "部分街道没有台账。"),
        ("（一）底数不清\n部分街道\n没有台账。", "部分街道没有台账。"),
        ("（一）底数不清。", ""),
        ("部分街道没有台账，底数不清。", "部分街道没有台账，底数不清。"),
        ("", ""),
    ],
)
def test_a_problem_is_restated_without_its_number_and_title(make_row: Rows, quote: str, kept: str) -> None:
    assert statement(make_row(title="底数不清", quote=quote)) == kept


@pytest.mark.parametrize("mark", ["一是", "（1）", "①", "第一，"])
def test_enumerated_steps_are_left_to_the_annex(make_row: Rows, mark: str) -> None:
    quote = f"（一）底数不清。部分街道没有台账。{mark}人手不足；二是系统老旧。"
    assert statement(make_row(title="底数不清", quote=quote)) == "部分街道没有台账。"


def test_a_half_sentence_before_the_steps_goes_with_them(make_row: Rows) -> None:
    quote = "（一）底数不清。部分街道没有台账。主要表现为：一是人手不足；二是系统老旧。"
    assert statement(make_row(title="底数不清", quote=quote)) == "部分街道没有台账。"


@pytest.mark.parametrize(
    "promise",
    [
        "由房屋安全管理科负责，9月底前完成。",
        "责任单位：房屋安全管理科。",
        "完成时限：2026年9月30日。",
        "9月底前办结。",
    ],
)
def test_who_and_when_are_not_repeated_from_the_old_report(make_row: Rows, promise: str) -> None:
    quote = f"（一）底数不清。逐栋建立台账。{promise}"
    assert statement(make_row(title="底数不清", quote=quote)) == "逐栋建立台账。"


def test_people_in_charge_may_be_spoken_of(make_row: Rows) -> None:
    quote = "（一）底数不清。部分科室负责人重视不够。"
    assert statement(make_row(title="底数不清", quote=quote)) == "部分科室负责人重视不够。"


def test_english_sentences_are_told_apart_from_abbreviated_numbers(make_row: Rows) -> None:
    quote = "2. Records are missing. Sample 3.5 of the file is empty. Owner: Housing Office. See file"
    kept = statement(make_row(title="Records are missing", quote=quote))
    assert kept == "Sample 3.5 of the file is empty. See file"
