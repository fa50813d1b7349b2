"""A ledger's rows become drafts with everything that they say, and what was not read is named."""

from datetime import date, datetime, time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from workbooks import HEAD, ROW, book, draft, fill, opened, quoted, saved, titles, told

from documents.grid import Sheet
from documents.ledger_reading import read_ledger
from documents.paper import Paper
from documents.reading import FlagCode, as_json
from rules.deadlines import TimeLimit
from rules.errors import UnreadableError
from rules.lifecycle import Kind

TITLE = ["云溪市住房局2026年上半年巡察反馈问题整改台账"]
DATED = ["填报单位：办公室        填报日期：2026年7月5日"]


def row(**changes: object) -> list[object]:
    """A row below HEAD with some of its cells changed, by heading."""
    return [changes.get(heading, cell) for heading, cell in zip(HEAD, ROW, strict=True)]


def flags(paper: Paper, title: str) -> list[FlagCode]:
    return [flag.code for flag in draft(paper, title).flags]


def test_a_row_is_a_problem_and_a_measure_that_answers_it() -> None:
    paper = opened(book(TITLE, HEAD, ROW))
    problem, measure = paper.reading.drafts
    assert (problem.kind, problem.number, problem.title, problem.rule) == (
        Kind.PROBLEM,
        "1",
        "台账不全",
        "ledger-row",
    )
    assert (measure.kind, measure.title, measure.addresses) == (Kind.MEASURE, "补齐台账", (0,))
    assert {one.owners for one in (problem, measure)} == {("质量安全科", "张某")}
    assert {one.deadline.on for one in (problem, measure)} == {date(2026, 9, 30)}


def test_title_office_and_period_stand_above_the_header() -> None:
    reading = opened(book(TITLE, DATED, HEAD, ROW)).reading
    assert (reading.title, reading.org) == (TITLE[0], "云溪市住房局")
    assert reading.period == (date(2026, 1, 1), date(2026, 6, 30))


def test_a_deadline_without_its_year_comes_after_the_day_of_the_ledger() -> None:
    paper = opened(book(TITLE, DATED, HEAD, row(整改时限="3月底前")))
    assert draft(paper, "补齐台账").deadline.on == date(2027, 3, 31)


@pytest.mark.parametrize(
    ("other", "due"),
    [("24/10/2026", date(2026, 11, 8)), ("10/24/2026", date(2026, 8, 11)), ("31 October", date(2026, 8, 11))],
)
def test_a_day_that_may_be_read_either_way_follows_the_others_of_its_column(other: str, due: date) -> None:
    head = ["No.", "Finding", "Recommendation", "Due date"]
    first = ["1", "The register is late", "Keep it weekly", "08/11/2026"]
    paper = opened(book(head, first, ["2", "The gate sticks", "Oil it", other]))
    measure = draft(paper, "Keep it weekly")
    is_open = "/" not in other
    assert measure.deadline.on == due
    assert {flag.detail for flag in measure.flags if flag.code is FlagCode.TWO_DATES} == (
        {"08/11/2026: 2026-08-11 / 2026-11-08"} if is_open else set()
    )


def test_the_quote_is_the_whole_row_with_the_heading_of_each_cell() -> None:
    paper = opened(book([*HEAD, "天气"], [*ROW, "晴"]))
    problem, measure = paper.reading.drafts
    rest = "牵头单位：质量安全科；责任人：张某；整改时限：2026年9月30日；完成情况：正在推进；天气：晴"
    assert quoted(paper, problem) == f"台账不全；整改措施：补齐台账；{rest}"
    assert quoted(paper, measure) == f"补齐台账；{rest}"
    assert {paper.text.text[one.title_start :].startswith(one.title) for one in (problem, measure)} == {True}


def test_an_english_ledger_is_read_alike() -> None:
    head = ["No.", "Finding", "Recommendation", "Lead", "Responsible person", "Due date", "Status"]
    paper = opened(
        book(head, [1, "No register", "Keep a register", "Finance", "A. Reed", "30 September 2026", "Closed"])
    )
    problem, measure = paper.reading.drafts
    assert quoted(paper, problem) == (
        "No register; Recommendation: Keep a register; Lead: Finance; Responsible person: A. Reed; "
        "Due date: 30 September 2026; Status: Closed"
    )
    assert (measure.owners, measure.deadline.on, measure.done) == (
        ("Finance", "A. Reed"),
        date(2026, 9, 30),
        True,
    )


def test_a_problem_that_is_merged_over_several_rows_has_several_measures() -> None:
    paper = opened(
        book(
            HEAD,
            ROW,
            row(
                序号=None,
                存在问题=None,
                整改措施="定期更新",
                牵头单位="市政科",
                责任人=None,
                整改时限="2026年12月31日",
            ),
            row(序号=2, 存在问题="印章管理不严", 整改措施="专人管理"),
            merged=["A2:A3", "B2:B3"],
        )
    )
    assert titles(paper, Kind.PROBLEM) == ["台账不全", "印章管理不严"]
    assert [draft(paper, title).addresses for title in ("补齐台账", "定期更新", "专人管理")] == [
        (0,),
        (0,),
        (3,),
    ]
    problem = draft(paper, "台账不全")
    assert problem.owners == ("质量安全科", "张某", "市政科")
    assert problem.deadline.on == date(2026, 12, 31)


def test_an_owner_that_is_merged_over_rows_answers_for_each_of_them() -> None:
    paper = opened(
        book(
            HEAD,
            ROW,
            row(序号=2, 存在问题="印章管理不严", 整改措施="专人管理", 牵头单位=None),
            merged=["D2:D3"],
        )
    )
    assert draft(paper, "专人管理").owners == ("质量安全科", "张某")


def test_a_measure_that_is_merged_over_problems_answers_them_all() -> None:
    paper = opened(book(HEAD, ROW, row(序号=2, 存在问题="印章管理不严", 整改措施=None), merged=["C2:C3"]))
    assert titles(paper, Kind.MEASURE) == ["补齐台账"]
    assert draft(paper, "补齐台账").addresses == (0, 2)


def test_a_row_without_number_and_problem_goes_on_with_the_problem_above() -> None:
    paper = opened(book(HEAD, ROW, row(序号=None, 存在问题=None, 整改措施="定期更新")))
    assert [one.addresses for one in paper.reading.drafts] == [(), (0,), (0,)]


def test_a_numbered_row_without_a_problem_is_a_measure_of_its_own() -> None:
    paper = opened(book(HEAD, ROW, row(序号=2, 存在问题="/", 整改措施="开展培训")))
    measure = draft(paper, "开展培训")
    assert (measure.number, measure.addresses, flags(paper, "开展培训")) == (
        "2",
        (),
        [FlagCode.MEASURE_UNPROMPTED],
    )


def test_the_same_words_in_the_next_row_are_the_same_problem() -> None:
    paper = opened(book(HEAD, ROW, row(整改措施="定期更新"), row(存在问题="同上", 整改措施="抽查")))
    assert titles(paper, Kind.PROBLEM) == ["台账不全"]
    assert titles(paper, Kind.MEASURE) == ["补齐台账", "定期更新", "抽查"]


def test_the_unit_that_leads_comes_first_wherever_it_stands() -> None:
    head = ["问题", "配合单位", "责任单位"]
    paper = opened(book(head, ["台账不全", "办公室", "市政科（配合）、房管科（牵头）"]))
    assert draft(paper, "台账不全").owners == ("房管科", "市政科", "办公室")


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("房管科\n市政科", ("房管科", "市政科")),
        ("牵头单位：房管科；配合单位：市政科", ("房管科", "市政科")),
        ("房管科和市政科", ("房管科", "市政科")),
        ("/", ()),
        ("各单位", ()),
    ],
)
def test_a_cell_may_name_several_units(cell: str, names: tuple[str, ...]) -> None:
    assert draft(opened(book(["问题", "责任单位"], ["台账不全", cell])), "台账不全").owners == names


def test_leaders_are_owners_only_where_nobody_else_has_a_column() -> None:
    beside = opened(book(["问题", "责任领导", "责任人"], ["台账不全", "周某某", "张某"]))
    alone = opened(book(["问题", "责任领导"], ["台账不全", "周某某"]))
    assert [draft(paper, "台账不全").owners for paper in (beside, alone)] == [("张某",), ("周某某",)]


@pytest.mark.parametrize(
    ("cell", "on", "limit"),
    [
        (date(2026, 9, 30), date(2026, 9, 30), TimeLimit.FIXED),
        (datetime(2026, 9, 30, 14, 5), date(2026, 9, 30), TimeLimit.FIXED),  # noqa: DTZ001 - cells know no zone
        ("2026.9.30", date(2026, 9, 30), TimeLimit.FIXED),
        ("2026/9/30", date(2026, 9, 30), TimeLimit.FIXED),
        ("2026年9月底前", date(2026, 9, 30), TimeLimit.FIXED),
        ("2026年第三季度", date(2026, 9, 30), TimeLimit.FIXED),
        ("20260930", date(2026, 9, 30), TimeLimit.FIXED),
        (20260930, date(2026, 9, 30), TimeLimit.FIXED),
        (46295, date(2026, 9, 30), TimeLimit.FIXED),
        ("立行立改", None, TimeLimit.IMMEDIATE),
        ("长期坚持", None, TimeLimit.LONG_TERM),
        ("每季度", None, TimeLimit.RECURRING),
        ("尽快", None, TimeLimit.NONE),
        (None, None, TimeLimit.NONE),
    ],
)
def test_a_deadline_is_read_in_every_form(cell: object, on: date | None, limit: TimeLimit) -> None:
    found = draft(opened(book(HEAD, row(整改时限=cell))), "补齐台账").deadline
    assert (found.on, found.time_limit) == (on, limit)


@pytest.mark.parametrize(
    ("closed", "status", "done"),
    [
        ("是", "正在推进", True),
        ("否", "已完成", False),
        ("√", None, True),
        (True, None, True),
        (False, "已完成", False),
        ("已销号", None, True),
        (None, "已完成", True),
        (None, "已完成整改，正常运行。", True),
        (None, "整改到位", True),
        (None, "100%", True),
        (None, 1, True),
        (None, 0.6, False),
        (None, "已完成60%", False),
        (None, "基本完成", False),
        (None, "已完成，剩余两处继续整改", False),
        (None, "未完成", False),
        (None, None, False),
    ],
)
def test_a_row_is_done_when_it_is_closed_or_told_to_be_complete(
    closed: object, status: object, *, done: bool
) -> None:
    paper = opened(book(["问题", "责任人", "是否销号", "完成情况"], ["台账不全", "张某", closed, status]))
    assert draft(paper, "台账不全").done is done


def test_a_word_of_completion_in_place_of_the_deadline_counts() -> None:
    assert draft(opened(book(HEAD, row(整改时限="已完成"))), "补齐台账").done


def test_a_share_is_shown_as_a_percentage() -> None:
    paper = opened(book(HEAD, row(完成情况=0.625)))
    assert quoted(paper, paper.reading.drafts[0]).endswith("完成情况：62.5%")


def test_what_a_row_lacks_is_flagged_and_named_with_its_number() -> None:
    paper = opened(book(TITLE, HEAD, row(牵头单位=None, 责任人=None, 整改时限="尽快")))
    assert flags(paper, "补齐台账") == [FlagCode.NO_OWNER, FlagCode.NO_DEADLINE, FlagCode.VAGUE_WORDS]
    assert told(paper) == [
        "Sheet 整改台账: 1 rows name no owner: 3.",
        "Sheet 整改台账: 1 rows name no deadline: 3.",
    ]


def test_a_problem_without_a_measure_is_flagged_where_others_have_one() -> None:
    paper = opened(book(HEAD, ROW, row(序号=2, 存在问题="印章管理不严", 整改措施=None)))
    assert flags(paper, "印章管理不严") == [FlagCode.PROBLEM_UNANSWERED]


def test_totals_footers_repeated_headers_and_empty_rows_are_no_items() -> None:
    paper = opened(
        book(
            HEAD,
            ROW,
            [],
            ["小计", 1],
            HEAD,
            row(序号=2, 存在问题="印章管理不严", 整改措施="专人管理"),
            ["二、作风建设方面"],
            ["合计", None, None, None, None, None, 2],
            ["填表人：张某        审核人：李某"],
            merged=["A9:G9"],
        )
    )
    assert titles(paper, Kind.PROBLEM) == ["台账不全", "印章管理不严"]
    assert told(paper) == [
        "Sheet 整改台账: 3 totals or footers were left out: 4, 8, 9.",
        "Sheet 整改台账: 1 repeated headers were left out: 5.",
        "Sheet 整改台账: 1 rows name no problem and no measure; left out: 7.",
    ]


def test_what_was_left_out_stands_in_the_text_all_the_same() -> None:
    text = opened(book(TITLE, HEAD, ROW, ["填表人：张某"])).text.text
    assert text.splitlines() == [
        TITLE[0],
        " | ".join(HEAD),
        "1、台账不全；整改措施：补齐台账；牵头单位：质量安全科；责任人：张某；整改时限：2026年9月30日；完成情况：正在推进",
        "填表人：张某",
    ]


def two_sheets(second: str, *rows: list[object]) -> Workbook:
    made = Workbook()
    first = made.active
    assert isinstance(first, Worksheet)
    first.title = "问题清单"
    fill(first, [HEAD, ROW])
    fill(made.create_sheet(second), rows)
    return made


def test_a_sheet_that_is_no_ledger_is_named() -> None:
    paper = opened(saved(two_sheets("说明", ["填表说明"])))
    assert told(paper) == ["Sheet 说明 is no ledger and was left out."]


def test_items_of_a_second_sheet_are_read_and_what_it_repeats_is_read_once() -> None:
    second = row(序号=2, 存在问题="印章管理不严", 整改措施="专人管理")
    paper = opened(saved(two_sheets("任务清单", HEAD, ROW, second)))
    assert titles(paper, Kind.PROBLEM) == ["台账不全", "印章管理不严"]
    assert titles(paper, Kind.MEASURE) == ["补齐台账", "专人管理"]
    assert told(paper) == ["Sheet 任务清单: 1 rows repeat items that were read already: 2."]


def test_hidden_sheets_and_rows_are_read_and_named() -> None:
    made = two_sheets("任务清单", HEAD, row(序号=2, 存在问题="印章管理不严", 整改措施="专人管理"))
    made["任务清单"].sheet_state = "hidden"
    made["问题清单"].row_dimensions[2].hidden = True
    paper = opened(saved(made))
    assert len(paper.reading.drafts) == 4
    assert told(paper) == [
        "Sheet 问题清单: 1 rows are hidden; they were read all the same: 2.",
        "Sheet 任务清单 is hidden; it was read all the same.",
    ]


def test_a_time_of_day_and_a_whole_number_keep_their_plain_words() -> None:
    paper = opened(book([*HEAD, "时刻", "数量"], [*ROW, time(14, 5), 3.0]))
    assert quoted(paper, paper.reading.drafts[0]).endswith("时刻：14:05；数量：3")


def test_a_measure_may_name_the_numbers_of_the_problems_that_it_answers() -> None:
    made = two_sheets("任务", ["序号", "整改措施", "对应问题"], ["M1", "全面排查", "1"])
    paper = opened(saved(made))
    assert draft(paper, "全面排查").addresses == (0,)


def test_the_reading_is_json_with_columns_and_notices() -> None:
    told_as_json = as_json(opened(book(HEAD, ROW, ["合计"])).reading)
    assert told_as_json["notices"] == [
        {
            "sentence": "Sheet 整改台账: 1 totals or footers were left out: 3.",
            "values": {"sheet": "整改台账", "count": 1, "rows": "3"},
        }
    ]
    assert told_as_json["columns"][0] == {  # type: ignore[index]
        "sheet": "整改台账",
        "place": "A",
        "heading": "序号",
        "use": "number",
    }


CELLS = st.sampled_from(
    [
        *(
            "",
            "",
            "",
            "1",
            "2",
            "序号",
            "问题",
            "整改措施",
            "责任单位",
            "整改时限",
            "备注",
            "台账不全",
            "补齐台账。再查。",
        ),
        *(
            "同上",
            "/",
            "合计",
            "填表人：张某",
            "房管科、市政科",
            "2026年9月30日",
            "已完成",
            "尽快",
            "一\n二",
            "2026H1-P01",
        ),
        *("编号", "问题/任务", "类别", "措施", "对应问题/措施", "长" * 90, "a: b. c", "  空  ", "=1"),
    ]
)


@st.composite
def sheets(draw: st.DrawFn) -> list[Sheet]:
    """Up to two sheets of any cells and merged ranges."""
    made = []
    for name in ("问题清单", "任务清单")[: draw(st.integers(1, 2))]:
        height, width = draw(st.integers(1, 8)), draw(st.integers(1, 6))
        columns = [draw(st.lists(CELLS, min_size=height, max_size=height)) for _ in range(width)]
        places = st.tuples(
            st.integers(0, height - 1), st.integers(0, width - 1), st.integers(0, 9), st.integers(0, 9)
        )
        merged = [
            (top, left, min(top + down, height - 1), min(left + across, width - 1))
            for top, left, down, across in draw(st.lists(places, max_size=3))
        ]
        made.append(Sheet(name, columns, merged=merged))
    return made


NAMED_TWICE = Sheet(
    name="问题清单",
    columns=[["", "", "", "", "", ""], ["", "措施", "1", "", "", ""], ["", "问题", "", "", "1", ""]],
    top=1,
    left=0,
    is_hidden=False,
    merged=[(2, 1, 5, 1)],
    hidden_rows=[],
    unvalued=[],
    faulty=[],
    widths=None,
)
"""Rows in which one measure answers the same problem twice over."""


def test_a_reference_beside_a_problem_and_its_measure_names_the_problem_and_loses_no_measure() -> None:
    columns = [
        ["编号", "2026H1-P01", "", "2026H1-P01"],
        ["问题", "台账不全", "门锁损坏", ""],
        ["措施", "补齐", "", "每月核对"],
    ]
    reading = read_ledger([Sheet("台账", columns, merged=[(3, 2, 3, 2)])], "台账.xlsx")
    assert [(one.kind.value, one.title, one.reference, one.addresses) for one in reading.drafts] == [
        ("problem", "台账不全", "2026H1-P01", ()),
        ("measure", "补齐", "", (0,)),
        ("problem", "门锁损坏", "", ()),
        ("measure", "每月核对", "", (2,)),
    ]


@settings(max_examples=400, deadline=None)
@given(sheets())
@example([NAMED_TWICE])
def test_whatever_the_cells_each_draft_stands_where_it_says_and_answers_problems_alone(
    several: list[Sheet],
) -> None:
    try:
        reading = read_ledger(several, "台账.xlsx")
    except UnreadableError:
        return
    for one in reading.drafts:
        quote = reading.text[one.start : one.end]
        assert reading.text[one.title_start :].startswith(one.title)
        assert one.title
        assert one.start <= one.title_start < one.end
        assert quote.strip() == quote.rstrip()
        assert {reading.drafts[at].kind for at in one.addresses} <= {Kind.PROBLEM}
        assert one.addresses == () or one.kind is Kind.MEASURE
        assert len(set(one.addresses)) == len(one.addresses)
    assert as_json(reading)["lang"] in {"zh", "en"}
