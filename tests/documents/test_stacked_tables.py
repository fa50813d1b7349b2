"""Tables that were copied with a cell a line, and what an office finds of them."""

import time
import timeit

import pytest

from documents.drafts import Draft, read
from documents.stacked import stacked

HEAD = "隐患排查情况\n检查日期：2024年5月8日\n\n序号\n存在问题\n整改措施\n责任单位\n责任人\n完成时限\n"
NAMES = ("number", "problem", "measure", "owner", "owner", "deadline")
BROKEN = "1\n应急灯损坏3处\n更换应急灯\n后勤科\n李强\n5月20日前\n"
BLOCKED = "2\n疏散通道堆放杂物\n清空通道，划线管理\n门诊部\n王芳\n立即\n"


def told(text: str) -> list[tuple[str, str, str, tuple[str, ...], str]]:
    """P or M, number, title, owners and the words of the deadline."""
    return [_told(draft) for draft in read(text).drafts]


def _told(draft: Draft) -> tuple[str, str, str, tuple[str, ...], str]:
    return (draft.kind.value[0].upper(), draft.number, draft.title, draft.owners, draft.deadline.text)


def rows(text: str) -> list[list[str]]:
    """The words of every cell, row by row."""
    return [[text[cell.start : cell.end] for cell in row] for table in stacked(text) for row in table.rows]


TWO_ROWS = [
    ("P", "1", "应急灯损坏3处", (), ""),
    ("M", "", "更换应急灯", ("后勤科", "李强"), "5月20日前"),
    ("P", "2", "疏散通道堆放杂物", (), ""),
    ("M", "", "清空通道，划线管理", ("门诊部", "王芳"), "立即"),
]


def test_each_row_states_a_problem_and_the_measure_that_answers_it() -> None:
    text = HEAD + BROKEN + BLOCKED
    assert told(text) == TWO_ROWS
    assert [draft.addresses for draft in read(text).drafts] == [(), (0,), (), (2,)]


def test_the_quotes_run_from_the_number_to_the_problem_and_from_the_measure_to_the_last_cell() -> None:
    text = HEAD + BROKEN + BLOCKED
    assert [text[draft.start : draft.end] for draft in read(text).drafts] == [
        "1\n应急灯损坏3处",
        "更换应急灯\n后勤科\n李强\n5月20日前",
        "2\n疏散通道堆放杂物",
        "清空通道，划线管理\n门诊部\n王芳\n立即",
    ]


@pytest.mark.parametrize(
    "behind",
    [
        "四、有关要求\n各科室要举一反三。\n",
        "\n附件：照片12张\n",
        "以上情况，特此通报。\n",
        "\n保卫科\n2024年5月10日\n",
        "\n填表人：李强\n",
    ],
)
def test_the_table_ends_where_a_line_is_no_cell(behind: str) -> None:
    assert told(HEAD + BROKEN + BLOCKED + behind)[:4] == TWO_ROWS
    assert rows(HEAD + BROKEN + BLOCKED + behind)[1][-1] == "立即"


@pytest.mark.parametrize(
    "numbers", [("01", "02"), ("1.", "2."), ("（1）", "（2）"), ("①", "②"), ("一", "二")]
)
def test_a_row_begins_with_its_number_however_it_is_printed(numbers: tuple[str, str]) -> None:
    text = HEAD + numbers[0] + BROKEN[1:] + numbers[1] + BLOCKED[1:]
    assert [draft.number for draft in read(text).drafts] == [numbers[0], "", numbers[1], ""]


def test_a_number_that_is_left_out_or_printed_twice_begins_a_row_all_the_same() -> None:
    text = (
        HEAD
        + BROKEN
        + BLOCKED.replace("2", "3", 1)
        + BROKEN.replace("1", "3", 1)
        + BLOCKED.replace("2", "4", 1)
    )
    assert [draft.number for draft in read(text).drafts if draft.number] == ["1", "3", "3", "4"]


def test_a_row_whose_number_was_lost_does_not_end_the_table() -> None:
    text = HEAD + BROKEN + BLOCKED[2:] + BLOCKED.replace("2", "3", 1)
    assert [draft.number for draft in read(text).drafts] == ["1", "", "3", ""]
    assert told(text)[:2] == TWO_ROWS[:2]


def test_a_figure_in_a_cell_begins_no_row() -> None:
    head = "序号\n存在问题\n扣分\n整改措施\n责任人\n"
    text = f"{head}1\n应急灯损坏3处\n2\n更换应急灯\n李强\n2\n疏散通道堆放杂物\n1\n清空通道\n王芳\n"
    assert rows(text) == [
        ["1", "应急灯损坏3处", "2", "更换应急灯", "李强"],
        ["2", "疏散通道堆放杂物", "1", "清空通道", "王芳"],
    ]


def test_the_names_of_groups_between_the_rows_are_no_cells() -> None:
    text = f"{HEAD}一、门诊楼\n{BROKEN}\n（二）住院楼\n{BLOCKED}"
    assert told(text) == TWO_ROWS


def test_groups_without_a_number_are_no_cells_either() -> None:
    assert told(f"{HEAD}门诊楼\n{BROKEN}住院楼\n{BLOCKED}") == TWO_ROWS


def test_numbers_may_begin_anew_in_each_group() -> None:
    text = f"{HEAD}（一）门诊楼\n{BROKEN}（二）住院楼\n1{BLOCKED[1:]}"
    assert [draft.number for draft in read(text).drafts] == ["1", "", "1", ""]


@pytest.mark.parametrize("nothing", ["\n", "/\n", "—\n", "-\n", ""])
def test_a_row_without_a_deadline_has_none(nothing: str) -> None:
    row = BLOCKED.replace("立即\n", nothing)
    assert told(f"{HEAD}{BROKEN}{row}\n四、其他\n另行通知。\n")[2:4] == [
        ("P", "2", "疏散通道堆放杂物", (), ""),
        ("M", "", "清空通道，划线管理", ("门诊部", "王芳"), ""),
    ]


@pytest.mark.parametrize("nothing", ["/\n", "\n", ""])
def test_without_a_measure_the_problem_takes_owners_and_deadline(nothing: str) -> None:
    text = f"{HEAD}1\n应急灯损坏3处\n{nothing}后勤科\n李强\n5月20日前\n{BLOCKED}"
    assert told(text) == [("P", "1", "应急灯损坏3处", ("后勤科", "李强"), "5月20日前"), *TWO_ROWS[2:]]


def test_a_row_that_found_nothing_is_no_item() -> None:
    text = f"{HEAD}{BROKEN}2\n本季度抽查未发现问题\n/\n/\n/\n/\n{BLOCKED.replace('2', '3', 1)}"
    assert [draft.number for draft in read(text).drafts] == ["1", "", "3", ""]


def test_what_is_done_already_stands_in_the_place_of_a_deadline_or_under_a_heading_of_its_own() -> None:
    unlocked = "3\n配电箱未上锁\n加装门锁\n保卫科\n赵刚\n6月底前\n"
    mended = BROKEN.replace("5月20日前", "已整改")
    text = f"{HEAD}整改状态\n{mended}\n{BLOCKED}已完成\n{unlocked}整改中\n"
    assert [draft.done for draft in read(text).drafts] == [False, True, False, True, False, False]


def test_a_place_behind_the_number_belongs_to_the_problem() -> None:
    text = (
        "隐患台账\n序号\n隐患部位\n隐患描述\n整改措施\n责任部门\n整改期限\n"
        "1\n原料库\n消防栓被遮挡\n清理通道\n仓储部\n3月20日前\n"
        "2\n成品库\n货架超载\n减少码放层数\n仓储部\n立即\n"
    )
    assert [text[draft.start : draft.end] for draft in read(text).drafts][0::2] == [
        "1\n原料库\n消防栓被遮挡",
        "2\n成品库\n货架超载",
    ]
    assert [draft.title for draft in read(text).drafts][0::2] == ["消防栓被遮挡", "货架超载"]


def test_a_cell_that_goes_on_in_the_next_line_is_one() -> None:
    row = BROKEN.replace("更换应急灯", "更换应急灯并逐层检查，同时建立每月巡检的\n台账")
    text = HEAD + row + BLOCKED
    assert told(text)[1] == (
        "M",
        "",
        "更换应急灯并逐层检查，同时建立每月巡检的台账",
        ("后勤科", "李强"),
        "5月20日前",
    )


def test_steps_in_lines_of_their_own_are_one_measure() -> None:
    row = "1\n值班人员不会操作消防主机\n1.组织专项培训；\n2.每月考核一次。\n保卫科\n赵刚\n6月底前\n"
    text = HEAD + row + BLOCKED
    assert told(text)[:2] == [
        ("P", "1", "值班人员不会操作消防主机", (), ""),
        ("M", "", "组织专项培训", ("保卫科", "赵刚"), "6月底前"),
    ]


def test_a_heading_may_stand_in_two_lines() -> None:
    head = (
        HEAD.replace("存在问题", "存在\n问题")
        .replace("责任单位", "责任\n单位")
        .replace("完成时限", "完成\n时限")
    )
    assert told(head + BROKEN + BLOCKED) == TWO_ROWS
    assert [table.columns for table in stacked(head + BROKEN + BLOCKED)] == [NAMES]


def test_an_empty_line_behind_every_cell_is_no_cell() -> None:
    text = (HEAD.partition("\n\n")[2] + BROKEN + "2\n疏散通道堆放杂物\n\n门诊部\n王芳\n立即\n").replace(
        "\n", "\n\n"
    )
    assert rows(text) == [
        ["1", "应急灯损坏3处", "更换应急灯", "后勤科", "李强", "5月20日前"],
        ["2", "疏散通道堆放杂物", "", "门诊部", "王芳", "立即"],
    ]


def test_without_numbers_a_row_has_as_many_lines_as_the_header() -> None:
    text = (
        "食堂自查情况\n检查区域\n存在问题\n整改措施\n责任人\n完成时限\n"
        "粗加工间\n荤素水池混用\n重新划分水池，张贴标识\n王立群\n9月15日前\n"
        "留样间\n留样量不足125克\n按餐次称重登记\n陈 敏\n立即\n"
        "备餐间\n未发现问题\n/\n/\n/\n"
        "\n以上问题由总务处跟踪督办。\n"
    )
    assert told(text) == [
        ("P", "", "荤素水池混用", (), ""),
        ("M", "", "重新划分水池，张贴标识", ("王立群",), "9月15日前"),
        ("P", "", "留样量不足125克", (), ""),
        ("M", "", "按餐次称重登记", ("陈 敏",), "立即"),
    ]


def test_a_table_may_name_problems_alone_or_measures_alone() -> None:
    problems = "序号\n单位\n存在问题\n1\n一车间\n安全出口堆放纸箱\n2\n二车间\n配电箱无门\n"
    measures = (
        "序号\n整改措施\n牵头部门\n完成时间\n01\n修订采购办法\n采购部\n6月底前\n02\n补签合同\n法务部\n立即\n"
    )
    assert told(problems) == [("P", "1", "安全出口堆放纸箱", (), ""), ("P", "2", "配电箱无门", (), "")]
    assert told(measures) == [
        ("M", "01", "修订采购办法", ("采购部",), "6月底前"),
        ("M", "02", "补签合同", ("法务部",), "立即"),
    ]


ENGLISH = (
    "Ward safety walk-round, 14 May 2024\n\nNo.\nFinding\nCorrective\naction\nOwner\nDue\ndate\nStatus\n"
    "1\nFire door wedged open with a chair\nFit a hold-open device linked to the alarm\n"
    "Estates\n31 May 2024\nOpen\n"
    "2\nTwo oxygen cylinders stored unsecured behind the nurses' station, one of\nthem empty\n"
    "Fit a rack and return empties\nWard Manager\n14 June 2024\nOpen\n"
    "3\nNo issues found in the sluice\n-\n-\n-\n-\n"
    "4\nSharps bin above the fill line\nReplaced during the visit\nWard Manager\n-\nClosed\n"
    "The next walk-round takes place in August.\n"
)


def test_an_english_table_is_read_alike() -> None:
    assert told(ENGLISH) == [
        ("P", "1", "Fire door wedged open with a chair", (), ""),
        ("M", "", "Fit a hold-open device linked to the alarm", ("Estates",), "31 May 2024"),
        (
            "P",
            "2",
            "Two oxygen cylinders stored unsecured behind the nurses' station, one of them empty",
            (),
            "",
        ),
        ("M", "", "Fit a rack and return empties", ("Ward Manager",), "14 June 2024"),
        ("P", "4", "Sharps bin above the fill line", (), ""),
        ("M", "", "Replaced during the visit", ("Ward Manager",), ""),
    ]
    assert [draft.done for draft in read(ENGLISH).drafts][-1]


def test_rows_of_an_english_table_may_bear_codes_under_names_of_groups() -> None:
    text = (
        "Audit of stores 2024\nRef\nIssue\nAgreed action\nLead\nTarget date\n"
        "Warehouse\nS-01\nStock counts are not signed\nIntroduce a two-person count sheet\n"
        "Stores Supervisor\n30 June 2024\n"
        "Transport\nS-03\nVehicle keys left in unlocked cabinet\nFit a key safe\nFleet Manager\nImmediate\n"
    )
    assert told(text) == [
        ("P", "S-01", "Stock counts are not signed", (), ""),
        ("M", "", "Introduce a two-person count sheet", ("Stores Supervisor",), "30 June 2024"),
        ("P", "S-03", "Vehicle keys left in unlocked cabinet", (), ""),
        ("M", "", "Fit a key safe", ("Fleet Manager",), "Immediate"),
    ]


def test_a_day_in_a_cell_is_not_the_day_of_the_report() -> None:
    text = HEAD.replace("检查日期：2024年5月8日\n", "") + BROKEN.replace("5月20日前", "2024年5月20日")
    assert read(text).org is None
    assert str(read(text).drafts[1].deadline.on) == "2024-05-20"


def test_a_time_since_when_something_recurs_is_no_end() -> None:
    [_, measure] = read(HEAD + BROKEN.replace("5月20日前", "7月起每月")).drafts
    assert (measure.deadline.text, measure.deadline.on) == ("7月起每月", None)
    assert measure.deadline.time_limit.value == "recurring"


@pytest.mark.parametrize(
    "text",
    [
        "签到表\n序号\n姓名\n单位\n责任区域\n电话\n1\n张三\n一车间\n东区\n138\n2\n李四\n二车间\n西区\n139\n",
        "统计\n序号\n责任单位\n发现问题数\n整改措施数\n整改时限\n1\n一车间\n12\n10\n6月底\n2\n二车间\n8\n8\n6月底\n",
        "目录\n存在问题\n整改措施\n责任分工\n完成时限\n一、存在问题\n1\n2\n3\n",
        "Review\n1\nThe pump failed twice.\n2\nThe filter was replaced.\n3\nThe contract ends in May.\n",
        "Problems\nActions\nOwner\nDue\nWe have described the problems in our letter.\nNothing is due.\n",
        "整改措施：更换\n责任单位：后勤科\n责任人：李强\n完成时限：5月\n1\n2\n",
        "1\n2\n3\n4\n",
    ],
)
def test_lists_and_outlines_are_no_such_tables(text: str) -> None:
    assert stacked(text) == []


@pytest.mark.parametrize(
    "part",
    [
        "1\n灯坏\n换灯\n甲科\n乙\n5月\n丙\n丁\n",
        "序号\n问题\n措施\n时限\n责任\n1\n",
        "问题\n措施\n时限\n责任\n",
        "1\n",
        "\n",
        "一、甲\n",
        "序号\n",
    ],
)
def test_the_time_for_looking_grows_as_the_text_does(part: str) -> None:
    short, long = (HEAD + part * (many // len(part)) for many in (4_000, 40_000))
    assert _seconds(long) < 20 * max(_seconds(short), 0.01)


def _seconds(text: str) -> float:
    """The least of three: another process may slow one down."""
    return min(timeit.repeat(lambda: stacked(text), timer=time.process_time, number=1, repeat=3))


def test_cells_with_now_one_empty_line_behind_them_and_now_three_are_rows_of_one_table() -> None:
    text = (
        "养老机构食堂整治结果\n\n机构名称\n\n发现问题\n\n整改结果\n\n河口敬老院食堂\n\n留样盒未写时间\n\n已按餐次贴签\n\n"
        "康乐中心食堂\n\n\n\n大米直接堆在地上\n\n\n\n已垫高存放\n\n枫林中心食堂\n\n一名帮厨健康证到期\n\n已离岗补办\n"
    )
    assert [draft.title for draft in read(text).drafts] == [
        "留样盒未写时间",
        "已按餐次贴签",
        "大米直接堆在地上",
        "已垫高存放",
        "一名帮厨健康证到期",
        "已离岗补办",
    ]
