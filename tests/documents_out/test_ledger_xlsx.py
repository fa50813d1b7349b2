from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from documents.ledger import Ledger, LedgerRow
from documents.ledger_pages import LIGHT_COLOURS, LONGEST_CELL
from documents.ledger_xlsx import write_ledger
from rules.lights import Light

Rows = Callable[..., LedgerRow]
Ledgers = Callable[..., Ledger]

PROBLEM_HEADER = """\
序号 编号 问题/任务 原文 来源 牵头单位 责任人 分管领导
整改时限 状态 亮灯 进度 办结日期 佐证材料 对应问题/措施"""
TASK_HEADER = """\
序号 编号 问题/任务 原文 来源 对应问题/措施 牵头单位 责任人
配合责任人 整改时限 状态 亮灯 进度 办结日期 佐证材料"""
FULL_HEADER = """\
序号 编号 类别 问题/任务 原文 来源 牵头单位 责任人 配合责任人 分管领导 类型
整改时限 原定时限 状态 亮灯 进度 交办日期 办结日期 佐证材料 最近进展 对应问题/措施"""
DUTY_HEADER = """\
序号 牵头单位 责任人 配合责任人 分管领导 编号 类别 问题/任务 类型
整改时限 原定时限 状态 亮灯 进度 交办日期 办结日期 最近进展"""


def read_back(folder: Path, ledger: Ledger, locale: str = "zh_CN") -> Workbook:
    write_ledger(folder / "ledger.xlsx", ledger, locale)
    return load_workbook(folder / "ledger.xlsx")


def table(page: Worksheet) -> list[list[Any]]:
    """The header row and everything below it."""
    return [[cell.value for cell in row] for row in page.iter_rows(min_row=3)]


def test_the_workbook_is_a_summary_three_lists_and_the_table_that_they_are_views_of(
    tmp_path: Path, office: Ledger
) -> None:
    assert read_back(tmp_path, office).sheetnames == ["汇总", "问题清单", "任务清单", "责任清单", "台账"]
    english = ["Summary", "List of problems", "List of tasks", "List of duties", "Ledger"]
    assert read_back(tmp_path, office, "en").sheetnames == english


def test_the_list_of_problems_shows_each_problem_once(tmp_path: Path, office: Ledger) -> None:
    rows = table(read_back(tmp_path, office)["问题清单"])
    assert rows[0] == PROBLEM_HEADER.split()
    assert rows[2] == [
        2,
        "2026H1-P02",
        "井盖缺损处置不及时",
        "（二）井盖缺损处置不及时。平均处置时间过长。",
        "2026年上半年工作情况报告",
        "市政科",
        "李某、陈某",
        "周某",
        datetime(2026, 9, 30),  # noqa: DTZ001 - cells know no zone
        "已销号",
        "已办结",
        1,
        datetime(2026, 9, 20),  # noqa: DTZ001 - as above
        "处置记录.pdf、现场照片.jpg",
        None,
    ]
    assert [row[1] for row in rows[1:]] == ["2026H1-P01", "2026H1-P02", "2026H1-P03"]


def test_the_list_of_tasks_shows_each_measure_once(tmp_path: Path, office: Ledger) -> None:
    rows = table(read_back(tmp_path, office)["任务清单"])
    assert rows[0] == TASK_HEADER.split()
    assert [row[1:3] for row in rows[1:]] == [
        ["2026H1-M01", "开展拉网式排查"],
        ["2026H1-M02", "完善信息系统"],
        ["2026H1-M03", "每季度巡查一次"],
    ]


def test_the_list_of_duties_goes_by_unit_and_person(tmp_path: Path, office: Ledger) -> None:
    rows = table(read_back(tmp_path, office)["责任清单"])
    assert rows[0] == DUTY_HEADER.split()
    assert [(row[1], row[2], row[5]) for row in rows[1:]] == [
        ("房屋安全管理科", "张某", "2026H1-P01"),
        ("房屋安全管理科", "张某", "2026H1-M02"),
        ("房屋安全管理科", "张某", "2026H1-M01"),
        ("市政科", None, "2026H1-M03"),
        ("市政科", "李某", "2026H1-P03"),
        ("市政科", "李某、陈某", "2026H1-P02"),
    ]


def test_the_full_table_shows_every_item_with_every_column_and_a_name_a_line(
    tmp_path: Path, office: Ledger
) -> None:
    rows = table(read_back(tmp_path, office)["台账"])
    assert rows[0] == FULL_HEADER.split()
    assert [row[1] for row in rows[1:]] == [row.reference for row in office.rows]
    assert (rows[2][7], rows[2][18]) == ("李某\n陈某", "处置记录.pdf\n现场照片.jpg")


def test_the_summary_shows_each_rate_with_what_it_was_counted_from(tmp_path: Path, office: Ledger) -> None:
    rows = table(read_back(tmp_path, office)["汇总"])
    assert rows[0][:3] == ["单位（含下级）", "其中本级在册", "在册"]
    assert rows[0][11:] == [
        "整改完成率分子",
        "整改完成率分母",
        "整改完成率不计入",
        "整改完成率",
        "按期完成率分子",
        "按期完成率分母",
        "按期完成率不计入",
        "按期完成率",
    ]
    assert rows[1:6] == [
        ["云溪市住房局", 0, 6, 6, 2, 1, 1, 1, 0, 1, 1, 2, 5, 1, 0.4, 1, 3, 0, 0.3333],
        ["房屋处", 0, 3, 3, 1, 0, 1, 0, 0, 0, 1, 1, 3, 0, 0.3333, 0, 2, 0, 0],
        ["房屋安全管理科", 3, 3, 3, 1, 0, 1, 0, 0, 0, 1, 1, 3, 0, 0.3333, 0, 2, 0, 0],
        ["市政科", 3, 3, 3, 1, 1, 0, 1, 0, 1, 0, 1, 2, 1, 0.5, 1, 1, 0, 1],
        ["合计", 6, 6, 6, 2, 1, 1, 1, 0, 1, 1, 2, 5, 1, 0.4, 1, 3, 0, 0.3333],
    ]


def test_units_are_indented_by_their_depth(tmp_path: Path, office: Ledger) -> None:
    page = read_back(tmp_path, office)["汇总"]
    assert [page.cell(line, 1).alignment.indent for line in range(4, 8)] == [0, 1, 2, 1]


def test_a_rate_of_nothing_is_a_dash(tmp_path: Path, make_ledger: Ledgers) -> None:
    assert table(read_back(tmp_path, make_ledger())["汇总"])[1][11:] == [0, 0, 0, "—", 0, 0, 0, "—"]


@pytest.mark.parametrize(
    "title", ['=HYPERLINK("http://example.invalid","点击")', "+1", "-1", "@SUM(A1)", "\t=1"]
)
def test_a_title_that_looks_like_a_formula_is_text(
    tmp_path: Path, make_row: Rows, make_ledger: Ledgers, title: str
) -> None:
    ledger = replace(make_ledger(make_row(title=title)), organisation=title)
    page = read_back(tmp_path, ledger)["问题清单"]
    cells = [page["C4"], page["A1"]]
    assert [cell.data_type for cell in cells] == ["s", "s"]
    assert page["C4"].value == title
    assert page["C4"].hyperlink is None


def test_the_head_names_period_cut_off_and_seal(tmp_path: Path, office: Ledger) -> None:
    page = read_back(tmp_path, office)["问题清单"]
    assert page["A1"].value == "云溪市住房局2026年下半年整改台账 · 问题清单"
    assert page["A2"].value == f"数据截至2026年12月31日24时，已封存第2版。SHA-256 {'3f' * 32}"


def test_a_light_is_a_word_and_a_colour(tmp_path: Path, office: Ledger) -> None:
    page = read_back(tmp_path, office)["问题清单"]
    shown = [(page.cell(line, 11).value, page.cell(line, 11).fill.fgColor.rgb) for line in (4, 5, 6)]
    lights = (("已逾期", Light.OVERDUE), ("已办结", Light.DONE), ("无期限", Light.UNDATED))
    assert shown == [(word, "FF" + LIGHT_COLOURS[light][1].removeprefix("#")) for word, light in lights]


def test_dates_are_dates_and_shown_in_the_readers_manner(tmp_path: Path, office: Ledger) -> None:
    due = read_back(tmp_path, office)["问题清单"]["I4"]
    assert (due.is_date, due.number_format) == (True, 'yyyy"年"m"月"d"日"')
    assert read_back(tmp_path, office, "en")["List of problems"]["I4"].number_format == "d mmm yyyy"


def test_a_list_prints_on_a4_landscape_one_page_wide_with_its_head_on_each(
    tmp_path: Path, office: Ledger
) -> None:
    page = read_back(tmp_path, office)["责任清单"]
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    assert page.sheet_properties.pageSetUpPr.fitToPage
    # A width that is not stated is one page, by the format; a height of 0 is as many as it takes.
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (None, 0)
    assert page.print_title_rows == "$1:$3"
    assert page.oddFooter.center.text == "&P / &N"
    assert (page.freeze_panes, page.auto_filter.ref) == ("D4", "A3:Q9")


def test_every_row_is_high_enough_for_its_text(tmp_path: Path, make_row: Rows, make_ledger: Ledgers) -> None:
    ledger = make_ledger(
        make_row(quote="短"),
        make_row(reference="P02", quote="长" * 70),
        make_row(reference="P03", quote="长" * 9999),
    )
    page = read_back(tmp_path, ledger)["问题清单"]
    assert [page.row_dimensions[line].height for line in (4, 5, 6)] == [30.75, 57.75, 408.75]


def test_a_text_longer_than_a_cell_can_hold_ends_with_an_ellipsis(
    tmp_path: Path, make_row: Rows, make_ledger: Ledgers
) -> None:
    page = read_back(tmp_path, make_ledger(make_row(quote="长" * 40_000)))["问题清单"]
    assert page["D4"].value == "长" * (LONGEST_CELL - 1) + "…"


def test_a_text_of_signs_that_count_double_is_cut_where_a_cell_ends(
    tmp_path: Path, make_row: Rows, make_ledger: Ledgers
) -> None:
    page = read_back(tmp_path, make_ledger(make_row(quote="😀" * 20_000)))["问题清单"]
    assert page["D4"].value == "😀" * (LONGEST_CELL // 2) + "…"


def test_the_full_table_goes_on_with_a_long_text_in_the_next_row(
    tmp_path: Path, make_row: Rows, make_ledger: Ledgers
) -> None:
    rows = table(read_back(tmp_path, make_ledger(make_row(quote="长" * 40_000)))["台账"])
    shown = [(row[0], row[1], len(row[4] or "")) for row in rows[1:]]
    assert shown == [(1, "2026H1-P01", LONGEST_CELL), ("续", None, 40_000 - LONGEST_CELL)]


@pytest.mark.parametrize("title", ["<r><t>红</t></r>", "<r></r>", "&lt;r&gt;"])
def test_a_title_that_looks_like_the_markup_of_a_workbook_is_text(
    tmp_path: Path, make_row: Rows, make_ledger: Ledgers, title: str
) -> None:
    assert read_back(tmp_path, make_ledger(make_row(title=title)))["问题清单"]["C4"].value == title


def test_the_same_ledger_gives_the_same_bytes(tmp_path: Path, office: Ledger) -> None:
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    write_ledger(first, office, "zh_CN")
    write_ledger(second, office, "zh_CN")
    assert first.read_bytes() == second.read_bytes()
    assert load_workbook(first).properties.created == datetime(2026, 12, 31, 16)  # noqa: DTZ001 - UTC by format
    assert sorted(tmp_path.iterdir()) == [first, second]
