"""Reports that name their problems in headings, orders and logs, and what is read of them."""

from datetime import date

import pytest

from documents.drafts import Draft, read
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind


def told(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """P or M, title and owners of each draft."""
    return [(draft.kind.value[0].upper(), draft.title, draft.owners) for draft in read(text).drafts]


def measure(text: str) -> Draft:
    (found,) = [draft for draft in read(text).drafts if draft.kind is Kind.MEASURE]
    return found


def test_a_heading_that_names_a_problem_is_one_and_all_behind_it_is_its_measure() -> None:
    text = (
        "整改进展情况汇报\n一、学习不深入的问题。整改情况：制定学习计划，已学习3次。\n"
        "二、资金发放不及时的问题。一是建立台账，每月核对；二是4月底前全部发放到位。责任科室：民政办。\n"
        "三、车辆管理松散的问题。已补登派车单，安装定位终端。\n2024年3月1日"
    )
    assert told(text) == [
        ("P", "学习不深入的问题", ()),
        ("M", "制定学习计划，已学习3次", ()),
        ("P", "资金发放不及时的问题", ()),
        ("M", "建立台账，每月核对", ("民政办",)),
        ("P", "车辆管理松散的问题", ()),
        ("M", "已补登派车单，安装定位终端", ()),
    ]


def test_numbered_measures_below_the_heading_of_their_problem_answer_it() -> None:
    text = (
        "整改落实情况报告\n（一）关于案件管理不规范的问题\n1.完善管理制度。责任部门：执行局。\n"
        "2.开展案件评查。责任部门：审管办。\n（二）关于款项发放不及时的问题\n1.清理滞留款项。责任部门：财务室。\n"
    )
    assert [(draft.kind.value, draft.addresses) for draft in read(text).drafts] == [
        ("problem", ()),
        ("measure", (0,)),
        ("measure", (0,)),
        ("problem", ()),
        ("measure", (3,)),
    ]


def test_a_row_of_headings_that_each_name_a_problem_parts_the_fault_from_its_fix() -> None:
    text = (
        "专项整治报告\n1、收费不透明问题。47个小区未公示。下一步由物业科督促5月底前公示。\n"
        "2、账目不公开问题。61个小区未公开。已移交住建局核查。\n3、维保不到位问题。电梯困人2次。已更换维保单位。\n"
    )
    assert [kind for kind, _, _ in told(text)] == ["P", "M", "P", "M", "P", "M"]


@pytest.mark.parametrize(
    ("order", "title"),
    [
        ("，要求涂装车间10月15日前更换", "要求涂装车间10月15日前更换"),
        ("。现场责令停用并更换", "现场责令停用并更换"),
        ("。已整改", "已整改"),
    ],
)
def test_whoever_is_ordered_to_mend_a_fault_has_a_measure(order: str, title: str) -> None:
    text = f"检查通报\n存在问题：\n1.涂装车间：报警器过期{order}。\n2.仓库：通道堵塞。\n2024年9月25日"
    assert [title_ for kind, title_, _ in told(text) if kind == "M"] == [title]


def test_a_fault_that_only_speaks_of_requirements_is_no_order() -> None:
    text = "检查通报\n存在问题：\n1.制度执行不严，要求落实不到位。\n2.台账不全。\n"
    assert [kind for kind, _, _ in told(text)] == ["P", "P"]


@pytest.mark.parametrize(
    ("fix", "limit", "on"),
    [
        ("客服中心已于6月25日组织培训，今后每季度开展一次", TimeLimit.RECURRING, None),
        ("客服中心9月30日前组织培训", TimeLimit.FIXED, date(2025, 9, 30)),
        ("5月9日召开动员会，今后每月通报", TimeLimit.RECURRING, None),
        ("8月9日召开动员会", TimeLimit.FIXED, date(2025, 8, 9)),
    ],
)
def test_a_day_that_had_passed_when_the_report_was_written_is_no_deadline(
    fix: str, limit: TimeLimit, on: date | None
) -> None:
    found = measure(f"整改报告\n一、存在问题\n窗口服务不到位。\n二、整改措施\n1.{fix}。\n2025年6月30日")
    assert (found.deadline.time_limit, found.deadline.on) == (limit, on)


def test_month_and_day_with_a_dot_are_those_of_a_chinese_calendar() -> None:
    text = (
        "周报\n日期：2024年9月13日\n"
        "序号 | 问题 | 整改要求 | 责任单位 | 完成时间\n"
        "1 | 露筋 | 修补 | 一分部 | 9.16\n2 | 缺护栏 | 补齐 | 二分部 | 12.9\n"
    )
    assert [draft.deadline.on for draft in read(text).drafts if draft.kind is Kind.MEASURE] == [
        date(2024, 9, 16),
        date(2024, 12, 9),
    ]


def test_a_lead_sentence_over_a_row_is_a_section_and_no_entry() -> None:
    text = (
        "整治报告\n目前仍存在以下问题：\n一是管网标准偏低。\n二是清淤不到位。\n"
        "下一步，我们将重点做好以下工作：\n1、改造管网。\n2、清掏雨水口。\n"
    )
    assert [kind for kind, _, _ in told(text)] == ["P", "P", "M", "M"]


def test_measures_in_a_paragraph_answer_the_faults_of_the_one_before_it() -> None:
    text = (
        "整改情况的汇报\n经排查，主要问题有：一是管网堵塞；二是循环泵故障。\n"
        "我公司连夜研究整改措施：对立管全部冲洗，由运行一部负责；检修循环泵，12月5日前完成。\n"
    )
    assert [(draft.kind.value, draft.owners) for draft in read(text).drafts] == [
        ("problem", ()),
        ("problem", ()),
        ("measure", ("运行一部",)),
        ("measure", ()),
    ]


def test_the_plan_of_the_next_month_is_measures_and_no_more_faults() -> None:
    text = "三月份工作小结\n不足：\n1. 电梯停梯3次；\n2. 巡更有漏点。\n"
    text += "四月份计划：\n1. 更换电梯门机；\n2. 每晚抽查监控。\n"
    assert [kind for kind, _, _ in told(text)] == ["P", "P", "M", "M"]


def test_a_threat_against_those_who_do_nothing_is_no_measure() -> None:
    text = "督查通报\n一、存在问题\n1.进度滞后。\n二、整改要求\n"
    text += "市城投公司12月底前补齐进度；对整改不力的，严肃追责。\n"
    assert [title for kind, title, _ in told(text) if kind == "M"] == ["市城投公司12月底前补齐进度"]


def test_findings_bear_codes_with_their_grade_and_owners_stand_behind_a_dash() -> None:
    text = (
        "Internal Quality Audit\n\nNC-01 (Minor) Calibration of wrenches overdue.\n"
        "Corrective action: Rebuild the recall list by 13 December 2024 — Metrology Team.\n"
        "NC-02 (Major) Records could not be produced.\nCorrective action: Scan charts daily.\n"
    )
    assert told(text) == [
        ("P", "Calibration of wrenches overdue", ()),
        ("M", "Rebuild the recall list by 13 December 2024 — Metrology Team", ("Metrology Team",)),
        ("P", "Records could not be produced", ()),
        ("M", "Scan charts daily", ()),
    ]


@pytest.mark.parametrize(
    ("title", "first", "last"),
    [
        ("Condition Review, January–June 2025", date(2025, 1, 1), date(2025, 6, 30)),
        ("Review of the second half of 2024", date(2024, 7, 1), date(2024, 12, 31)),
        ("Audit report H1 2025", date(2025, 1, 1), date(2025, 6, 30)),
    ],
)
def test_an_english_title_may_name_half_a_year(title: str, first: date, last: date) -> None:
    text = f"{title}\n\nIssues identified\n- Deck joints leak.\n- Records are missing.\n"
    assert read(text).period == (first, last)


def test_a_column_that_asks_whether_a_row_is_closed_says_what_is_done() -> None:
    text = (
        "序号 | 问题 | 整改措施 | 责任单位 | 整改时限 | 是否销号\n"
        "1 | 台账不全 | 补齐台账 | 办公室 | 2024年6月底 | 是\n"
        "2 | 培训不够 | 开展培训 | 人事科 | 2024年9月底 | 否\n"
    )
    found = [draft for draft in read(text).drafts if draft.kind is Kind.MEASURE]
    assert [(draft.done, draft.deadline.on) for draft in found] == [(True, None), (False, date(2024, 9, 30))]


def test_several_faults_of_one_entry_each_with_its_fix_are_pairs() -> None:
    text = "检查情况\n存在问题及整改情况：\n1.水池漏水，已修复；台账不全，已补齐。\n2.护栏松动，已加固。\n"
    assert [kind for kind, _, _ in told(text)] == ["P", "M", "P", "M", "P", "M"]
