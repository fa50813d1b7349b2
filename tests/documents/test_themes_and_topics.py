"""Headings over headings, themes and topics: what counts below them, what answers what, what is settled."""

import pytest
from as_told import linked, measures, told

from documents.drafts import read


def test_tasks_with_headings_of_their_own_count_and_not_the_headings_above_them() -> None:
    text = (
        "青石镇法治工作报告\n一、存在的不足\n执法力量薄弱，持证人员不足。普法形式陈旧，群众不爱听。\n"
        "二、下年打算\n（一）建强队伍\n1.充实力量。\n鼓励干部参加资格考试，全年新增持证人员六名。\n"
        "2.规范流程。\n由执法队编制二十项事项的办事指引。\n"
        "（二）创新载体\n1.拍摄方言短片。\n党政办每月制作两期，在村口大屏播放。\n"
        "2.建一座文化广场。\n计划十二月前建成开放，由村里管护。\n"
    )
    assert [title for kind, title in told(text) if kind == "M"] == [
        "充实力量",
        "规范流程",
        "拍摄方言短片",
        "建一座文化广场",
    ]


def test_measures_below_as_many_headings_as_there_are_problems_answer_them_in_turn() -> None:
    text = (
        "临江新区专项治理方案\n一、主要堵点\n（1）线上线下标准不一致；（2）部门之间数据不共享。\n"
        "二、重点任务\n（一）统一办事标准\n1.编制标准统一的办事指南。（责任单位：审批局）\n"
        "2.清理兜底条款。（责任单位：司法局）\n（二）推动数据共享\n"
        "3.打通部门之间的数据接口。（责任单位：数据中心）\n4.推广电子证照。（责任单位：数据中心）\n"
    )
    assert [answered for kind, _, answered in linked(text) if kind == "M"] == [(0,), (0,), (1,), (1,)]


def test_a_row_of_minutes_stands_below_its_heading_of_faults() -> None:
    text = (
        "云溪公交集团例会纪要\n一、会议指出了存在的问题\n"
        "会议认为，成绩值得肯定，但基础仍不牢靠。第一，驾驶员疲劳驾驶抬头，夜班尤多。"
        "第二，部分车辆带病上路，灭火器压力不足。\n"
        "二、会议议定事项\n1.关于疲劳驾驶处置。由安全部负责，7月15日前调整规则。\n"
        "2.关于车辆三检问题。由技术部牵头，逐台过筛。\n3.关于场站防汛。由一分公司租用泵车备勤。\n"
    )
    assert [kind for kind, _ in told(text)] == ["P", "P", "M", "M", "M"]


def test_a_fault_behind_its_label_counts_where_the_headings_only_name_topics() -> None:
    text = (
        "护理质量分析\n一、存在的问题与改进\n1.病区管理\n存在问题：\n①清洁与污染物品混放；\n②床头柜杂物多。\n"
        "改进措施：\n①定位贴签，由护士长检查；\n②落实一患一陪。\n"
        "2.护理文书\n存在问题：体温单漏绘共21份。\n原因分析：系统升级后不熟悉。\n"
        "改进措施：信息科导出操作指引发至各科。\n"
    )
    assert told(text) == [
        ("P", "清洁与污染物品混放"),
        ("P", "床头柜杂物多"),
        ("M", "定位贴签，由护士长检查"),
        ("M", "落实一患一陪"),
        ("P", "体温单漏绘共21份"),
        ("M", "信息科导出操作指引发至各科"),
    ]


def test_what_an_earlier_year_brought_up_is_settled() -> None:
    text = (
        "领导班子2022年度对照检查材料\n一、2021年度查摆问题整改落实情况\n"
        "共查摆出3个问题。1.学习不系统的问题，已建立考勤制度。2.调研不经常的问题，全年下乡30天。\n"
        "二、存在的主要问题\n一是学习研讨不深不透。二是舆论阵地抓得不紧。\n"
    )
    assert told(text) == [("P", "学习研讨不深不透"), ("P", "舆论阵地抓得不紧")]


def test_a_paper_that_only_recalls_what_was_done_years_before_holds_nothing() -> None:
    text = (
        "关于巡察反馈问题档案移交的说明\n一、反馈问题整改情况\n"
        "（一）关于“记录不完整”问题。2019年1月补齐记录，2019年3月同意销号。\n"
        "（二）关于“审核不严”问题。2019年2月清退补贴，2019年4月销号。\n洛坪水文中心\n2023年6月29日\n"
    )
    assert told(text) == []


def test_an_old_matter_that_was_put_right_of_late_is_not_settled_long_ago() -> None:
    text = (
        "关于审计查出问题整改情况的报告\n一、问题整改情况\n"
        "（一）关于“2019年超标准发放补贴”问题。已追回补贴12万元。\n"
        "（二）关于“2019年合同未招标”问题。已重新招标并签约。\n洛坪水文中心\n2023年6月29日\n"
    )
    assert [kind for kind, _ in told(text)] == ["P", "M", "P", "M"]


def test_a_state_behind_a_label_is_no_measure_of_its_own() -> None:
    text = (
        "巡察整改进展情况的通报\n二、反馈问题整改落实情况\n"
        "1.关于“除治质量不高”问题的整改。尾款已于3月2日拨付到位；引入监理全程监督。整改进展：已完成。\n"
        "2.关于“公车管理混乱”问题的整改。修订管理办法，实行一车一卡。整改进展：基本完成。\n"
    )
    assert [kind for kind, _ in told(text)] == ["P", "M", "P", "M"]


def test_only_the_unit_is_named_and_not_that_it_is_one_of_ours() -> None:
    text = "存在问题：\n1.不少小区没有物业。\n整改措施：\n1.由我局物业科负责，逐个小区引进物业。\n"
    assert [one.owners for one in measures(text)] == [("物业科",)]


def test_english_topics_below_a_heading_of_faults_hold_a_fault_a_paragraph() -> None:
    text = (
        "Inspection report\n\nWhere improvement is needed\n\nCleanliness\n\n"
        "The sluice was being used as a store. We found two mattresses in it.\n\n"
        "Medicines\n\nWe had no concerns about medicines.\n\n"
        "Staffing\n\nNights were often one nurse short. Staff skipped breaks to cope.\n\n"
        "Requirements\n\n1. Clear the sluice by 31 May 2024.\n2. Review the night rota by 30 June 2024.\n"
    )
    assert [title for kind, title in told(text) if kind == "P"] == [
        "The sluice was being used as a store",
        "Nights were often one nurse short",
    ]


def test_an_open_matter_among_closed_ones_of_minutes_is_told_by_its_action() -> None:
    text = (
        "Minutes of the Harbour Committee\nheld at the Customs House, Tuesday 21 March 2023\n\n"
        "1. Minutes of 6 December 2022\nTaken as read.\n\n2. Matters arising\n"
        "22/31 Litter on the quay. Two bins put in. Closed.\n"
        "22/35 Spill kit. Used up in November and still not reordered.\n"
        "ACTION: Deputy Harbour Master to buy elsewhere by the end of the month.\n"
    )
    assert [(one.owners, str(one.deadline.on)) for one in measures(text)] == [
        (("Deputy Harbour Master",), "2023-03-31")
    ]
    assert [kind for kind, _ in told(text)] == ["P", "M"]


@pytest.mark.parametrize("title", ["Frequently asked questions", "政务平台常见问题解答"])
def test_questions_that_anybody_may_have_hold_nothing(title: str) -> None:
    text = (
        f"{title}\n\n问题1：点击下一步没有反应？\n答：请检查必填项。\n问题2：意见要全部整改吗？\n答：是的。\n"
    )
    assert told(text) == []


def test_a_table_of_two_columns_is_read_if_they_hold_problems_and_measures() -> None:
    head, first = "整改台账\n\n| 存在问题 | 整改措施 |\n", "| 消火栓被遮挡 | 移开货架，划出黄线 |\n"
    text = head + first + "| 值班无记录 | 每日填写 |\n"
    assert linked(text) == [
        ("P", "消火栓被遮挡", ()),
        ("M", "移开货架，划出黄线", (0,)),
        ("P", "值班无记录", ()),
        ("M", "每日填写", (2,)),
    ]


def test_what_was_settled_is_no_lead_to_problems() -> None:
    text = (
        "Bulletin\n\nThree issues that readers wrote in about have all been resolved. "
        "First, the lamps are on. Second, the van runs daily. Third, boots came from the store.\n"
    )
    assert read(text).drafts == ()
