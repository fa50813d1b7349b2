"""What the columns of a ledger are taken for, however their headings are written."""

import pytest
from workbooks import HEAD, ROW, book, opened, told

from documents.grid import Sheet, letters
from documents.ledger_columns import Use, header
from rules.errors import UnreadableError

HEADINGS = {
    Use.NUMBER: ["序号", " 序 号 ", "No.", "#", "问题\n编号"],
    Use.MEASURE: ["整改措施", "整 改 措 施", "具体措施", "Corrective Action", "Recommendation", "Measure"],
    Use.TARGET: ["整改目标", "Target"],
    Use.LEAD: ["牵头单位", "责任单位\n（牵头）", "责任单位(牵头)", "Lead", "Lead unit"],
    Use.SUPPORT: ["配合单位", "责任单位（配合）", "协办单位", "Supporting unit"],
    Use.OWNER: ["责任单位", "责任部门（科室）", "Owner", "Responsible"],
    Use.PERSON: ["责任人", "整改责任人", "Responsible person", "Contact"],
    Use.LEADER: ["责任领导", "分管领导", "Supervising leader"],
    Use.DEADLINE: ["整改时限", "完成时限", "完成\n时限（年/月/日）", "Due date", "Deadline"],
    Use.STATUS: ["完成情况", "整改进展", "Status", "Progress", "% complete"],
    Use.EVIDENCE: ["佐证材料", "Evidence"],
    Use.CLOSED: ["是否销号", "是否 销号（是/否）", "Closed", "Closed?"],
    Use.REMARKS: ["备注", "备  注", "Remarks"],
    Use.SOURCE: ["问题来源", "Source"],
    Use.CATEGORY: ["类别", "问题类别", "Category"],
}
UNUSED = ["发现时间", "实际完成时间", "销号时间", "原因分析", "Date found", "天气", ""]


def uses(*rows: list[str], merged: list[tuple[int, int, int, int]] | None = None) -> list[str]:
    """What the columns are taken for; nothing where no row is a header."""
    width = max(map(len, rows))
    level = [row + [""] * (width - len(row)) for row in rows]
    found = header(Sheet("台账", [list(column) for column in zip(*level, strict=True)], merged=merged or []))
    return [use.value for use in found.uses] if found else []


@pytest.mark.parametrize(("heading", "use"), [(word, use) for use in HEADINGS for word in HEADINGS[use]])
def test_a_column_is_known_by_its_heading(heading: str, use: Use) -> None:
    assert uses([heading, "存在问题", "天气"]) == [use.value, "problem", "other"]


@pytest.mark.parametrize("heading", UNUSED)
def test_a_column_that_only_looks_like_a_use_is_used_for_nothing(heading: str) -> None:
    assert uses(["序号", "存在问题", heading]) == ["number", "problem", "other"]


@pytest.mark.parametrize(
    "heading",
    [
        "问题",
        "存在问题",
        "存在的主要问题",
        "问题描述",
        "问题清单",
        "反馈的具体问题",
        "Problem",
        "Finding",
        "Issue",
    ],
)
def test_the_column_of_problems_makes_a_ledger(heading: str) -> None:
    assert uses(["序号", heading]) == ["number", "problem"]


def test_a_heading_in_no_list_is_told_by_its_words() -> None:
    assert uses(["序号", "目前存在的不足之处", "拟采取的整改措施", "预计办结时限", "具体负责同志"]) == [
        "number",
        "problem",
        "measure",
        "deadline",
        "owner",
    ]


def test_of_two_columns_for_the_deadline_the_first_counts() -> None:
    assert uses(["问题", "整改时限", "完成时限"]) == ["problem", "deadline", "other"]


def test_title_rows_above_the_header_are_passed_over() -> None:
    above = (["整改台账"], ["填报单位：办公室", "填报日期：7月5日"], [])
    assert uses(*above, ["序号", "问题"]) == ["number", "problem"]


def test_a_group_heading_is_divided_by_the_row_below_it() -> None:
    merged = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3)]
    rows = (["序号", "问题", "责任分工", ""], ["", "", "牵头单位", "配合单位"])
    assert uses(*rows, merged=merged) == ["number", "problem", "lead", "support"]


def test_a_group_heading_and_its_part_make_one_word_together() -> None:
    rows = (["序号", "问题", "责任", "", "整改"], ["", "", "单位", "人", "时限"])
    merged = [(0, 2, 0, 3)]
    assert uses(*rows, merged=merged) == ["number", "problem", "owner", "person", "deadline"]


def test_two_header_rows_need_no_merged_cells_as_in_a_csv_file() -> None:
    rows = (["问题", "责任分工", "", "时限"], ["", "牵头单位", "责任人", ""])
    assert uses(*rows) == ["problem", "lead", "person", "deadline"]


def test_the_first_row_of_data_is_no_second_header() -> None:
    found = header(Sheet("台账", [["问题", "问题"], ["措施", "措施"], ["类型", "备注"]]))
    assert found is not None
    assert (found.first, found.last) == (0, 0)


@pytest.mark.parametrize(
    "row",
    [["问题"], ["序号", "姓名", "电话"], ["牵头单位", "责任人", "时限"], ["整改台账（问题清单）", ""], [""]],
)
def test_what_names_no_problem_and_no_measure_is_no_header(row: list[str]) -> None:
    assert uses(row, [""]) == []


def test_a_file_without_a_header_is_refused_with_the_columns_that_are_looked_for() -> None:
    with pytest.raises(UnreadableError) as caught:
        opened(book(["姓名", "电话"], ["张某", "123"]))
    assert str(caught.value) == (
        "台账.xlsx holds no ledger: no row names its columns. A ledger has a column 问题 or 整改措施 "
        "(Problem, Measure) and others such as 序号, 牵头单位, 责任人, 整改时限, 完成情况 "
        "(No., Lead, Owner, Due date, Status)."
    )


def test_the_preview_says_what_each_column_was_taken_for() -> None:
    paper = opened(book([*HEAD, "天气"], [*ROW, "晴"]))
    assert [(one.place, one.heading, one.use) for one in paper.reading.columns] == [
        ("A", "序号", "number"),
        ("B", "存在问题", "problem"),
        ("C", "整改措施", "measure"),
        ("D", "牵头单位", "lead"),
        ("E", "责任人", "person"),
        ("F", "整改时限", "deadline"),
        ("G", "完成情况", "status"),
        ("H", "天气", "other"),
    ]


def test_a_table_may_stand_anywhere_in_its_sheet() -> None:
    paper = opened(book([], [], [None, None, *HEAD], [None, None, *ROW]))
    assert [one.place for one in paper.reading.columns][:2] == ["C", "D"]
    assert (len(paper.reading.drafts), told(paper)) == (2, [])


@pytest.mark.parametrize(
    ("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
)
def test_columns_are_named_as_programs_name_them(place: int, name: str) -> None:
    assert letters(place) == name
