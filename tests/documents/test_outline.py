"""Numbers of every style make a tree, and headings say what stands below them."""

import pytest

from documents.drafts import read
from documents.number_signs import value_of
from documents.numbering import marks
from documents.outline import Node, outline, walk
from documents.sections import Announced, announced, label_announces, lead_announces


def printed(text: str) -> list[tuple[str, int | None]]:
    return [(text[mark.start : mark.end].strip(), mark.value) for mark in marks(text)]


@pytest.mark.parametrize(
    ("line", "number", "value"),
    [
        ("三、下一步工作", "三、", 3),
        ("（十二）台账", "（十二）", 12),
        ("(二)台账", "(二)", 2),
        ("（-）台账", "（-）", None),
        ("1.台账", "1.", 1),
        ("2、2名工人", "2、", 2),
        ("(3)台账", "(3)", 3),
        ("4）台账", "4）", 4),
        ("⑤台账", "⑤", 5),
        ("一是台账", "一是", 1),
        ("二要台账", "二要", 2),
        ("首先，台账", "首先，", 1),
        ("第二，台账", "第二，", 2),
        ("第一部分 台账", "第一部分", 1),
        ("● 台账", "●", None),
        ("1.2 Records", "1.2", 1),
        ("(a) Records", "(a)", None),
        ("IV. Records", "IV.", None),
        ("Finding 3: Records", "Finding 3:", 3),
        ("FINDING 3: Records", "FINDING 3:", 3),
        ("问题二：台账", "问题二：", 2),
    ],
)
def test_a_number_of_any_style_opens_a_unit(line: str, number: str, value: int | None) -> None:
    assert printed(line) == [(number, value)]


@pytest.mark.parametrize(
    "line",
    [
        "2022年完成投资",
        "3.5万人受益",
        "见第三、四季度报表",
        "投资1.8亿元",
        "会上一致认为",
        "The fee is 2. That is all",
    ],
)
def test_figures_and_words_are_no_numbers(line: str) -> None:
    assert printed(line) == []


def test_values_of_slips_and_bullets_are_open() -> None:
    assert [value_of(sign) for sign in ("（-）", "● ", "（二十一）")] == [None, None, 21]


def shape(node: Node) -> list[object]:
    return [[child.style, *shape(child)] for child in node.children]


def test_a_style_that_is_open_already_gives_a_sibling_and_a_lower_one_a_child() -> None:
    text = "一、甲\n（一）乙\n1.丙\n2.丁\n（三）戊\n二、己\n"
    assert shape(outline(text, [])) == [
        ["han", ["paren", ["digit"], ["digit"]], ["paren"]],
        ["han"],
    ]


def test_a_report_in_one_line_has_the_same_tree_as_one_in_many() -> None:
    many = "一、工作情况\n（一）好。\n二、存在问题\n（一）台账不全。\n（二）巡查不够。\n"
    one = many.replace("\n", "")
    assert shape(outline(one, [])) == shape(outline(many, []))


def test_a_printed_outline_before_the_text_is_no_part_of_the_tree() -> None:
    text = "【提纲】一、提高站位，认清形势。二、突出重点，抓好落实。\n一、提高站位\n二、突出重点\n"
    assert [node.style for node in walk(outline(text, []))] == ["root", "han", "han"]


@pytest.mark.parametrize(
    ("heading", "says"),
    [
        ("存在的主要问题", Announced.PROBLEMS),
        ("存在的问题及原因", Announced.PROBLEMS),
        ("下一步工作安排", Announced.MEASURES),
        ("2023年工作计划", Announced.MEASURES),
        ("存在问题及整改情况", Announced.BOTH),
        ("审计查出问题的整改情况", Announced.BOTH),
        ("整改工作总体推进情况", Announced.NOTHING),
        ("2022年主要工作情况", Announced.NOTHING),
        ("原因分析", Announced.NOTHING),
        ("意见建议", Announced.NOTHING),
        ("Areas for improvement", Announced.PROBLEMS),
        ("What we will do next", Announced.MEASURES),
        ("FINDINGS AND RECOMMENDATIONS", Announced.BOTH),
        ("Executive summary", Announced.NOTHING),
        ("意识形态工作质量有待进一步提升", None),
    ],
)
def test_a_heading_announces_by_its_words(heading: str, says: Announced | None) -> None:
    assert announced(heading, least_coverage=0.6) is says


def test_labels_and_leading_sentences_announce_too() -> None:
    assert label_announces("整改措施") is Announced.MEASURES
    assert label_announces("Condition") is Announced.NOTHING
    assert lead_announces("还存在不少突出问题：") is Announced.PROBLEMS
    assert lead_announces("重点做好以下工作：") is Announced.MEASURES
    assert lead_announces("成绩来之不易。") is None


def test_title_body_period_and_date_of_a_report_are_read_from_its_head_and_foot() -> None:
    reading = read("云亭镇统计站\n2023年上半年统计工作自查报告\n\n县统计局：\n现将自查情况报告如下。\n")
    assert (reading.title, reading.org) == ("2023年上半年统计工作自查报告", "云亭镇统计站")
    assert reading.period is not None
    assert [on.isoformat() for on in reading.period] == ["2023-01-01", "2023-06-30"]
