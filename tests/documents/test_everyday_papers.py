"""Papers as offices write them: short labels, lists by place, letters, records and plain English."""

from datetime import date

import pytest
from as_told import linked

from documents.drafts import read
from documents.sections import Announced, announced
from rules.deadlines import TimeLimit


def owners(text: str) -> list[tuple[str, ...]]:
    return [draft.owners for draft in read(text).drafts]


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("短板在哪里", Announced.PROBLEMS),
        ("工作中遇到的困难和不足", Announced.PROBLEMS),
        ("群众反映强烈的问题", Announced.PROBLEMS),
        ("存在问题和原因分析", Announced.PROBLEMS),
        ("还需改进的", Announced.PROBLEMS),
        ("接下来要做的事", Announced.MEASURES),
        ("下一步怎么做", Announced.MEASURES),
        ("整改措施与完成时限", Announced.MEASURES),
        ("问题产生的原因", Announced.NOTHING),
        ("做得比较好的", Announced.NOTHING),
        ("Where standards slipped", Announced.PROBLEMS),
        ("Issues arising from the visit", Announced.PROBLEMS),
        ("Agreed management actions", Announced.MEASURES),
        ("Plans for the coming year", Announced.MEASURES),
        ("What works", Announced.NOTHING),
        ("人员情况", None),
        ("Staffing", None),
    ],
)
def test_a_whole_heading_is_understood_by_what_it_is_made_of(heading: str, said: Announced | None) -> None:
    found = announced(heading, least_coverage=0.75)
    assert (None if found is Announced.NOTHING and said is None else found) == said


def test_a_place_and_what_is_wrong_there_are_one_problem_and_its_title() -> None:
    text = (
        "人居环境整治督查情况\n督查发现的问题通报如下：\n王寨村：坑塘漂浮物多，垃圾池外溢。\n"
        "赵桥村：主干道柴草乱堆12处。\n孙洼村：保洁员缺岗2人。\n以上问题请各村于6月30日前整改到位。\n"
    )
    assert linked(text) == [
        ("P", "王寨村：坑塘漂浮物多", ()),
        ("P", "赵桥村：主干道柴草乱堆12处", ()),
        ("P", "孙洼村：保洁员缺岗2人", ()),
    ]


def test_a_record_of_a_check_tells_fault_and_fix_between_commas() -> None:
    text = (
        "食堂检查情况记录\n检查时间：2024年4月17日\n1.库房：面粉与清洁剂混放，已分开；"
        "挡鼠板缝隙过大，后勤组4月25日前更换。\n"
        "2.配餐间：配餐人员没有戴手套，班前由组长检查。\n3.餐具消毒记录完整。\n"
    )
    assert [(kind, links) for kind, _, links in linked(text)] == [
        ("P", ()),
        ("M", (0,)),
        ("P", ()),
        ("M", (2,)),
        ("P", ()),
        ("M", (4,)),
    ]
    assert owners(text)[3::2] == [("后勤组",), ("组长",)]


def test_an_entry_that_begins_with_its_number_names_who_is_to_mend_it() -> None:
    text = (
        "考核发现问题清单\n序号：1\n责任部门：动力车间\n问题描述：报警器安装位置偏低\n"
        "整改要求：重新核定高度\n"
        "序号：2\n责任部门：储运部\n问题描述：接地夹锈蚀\n整改要求：更换接地夹\n整改期限：立即\n"
    )
    assert [(kind, links) for kind, _, links in linked(text)] == [
        ("P", ()),
        ("M", (0,)),
        ("P", ()),
        ("M", (2,)),
    ]
    assert owners(text)[1::2] == [("动力车间",), ("储运部",)]


def test_measures_that_name_their_problem_by_number_answer_it_and_share_the_owner_behind_them() -> None:
    text = (
        "防汛检查问题交办单\n检查时间：2024年5月21日\n检查发现的问题：\n□1.护坡局部塌陷；\n"
        "□2.备用发电机无法启动；\n"
        "整改要求：\n针对问题2，立即更换蓄电池；针对问题1，6月5日前修复。\n整改责任人：管理所所长\n"
    )
    drafts = read(text).drafts
    assert [draft.number for draft in drafts[:2]] == ["1.", "2."]
    assert [(draft.addresses, draft.owners) for draft in drafts[2:]] == [
        ((1,), ("管理所所长",)),
        ((0,), ("管理所所长",)),
    ]


def test_a_row_behind_a_comma_and_steps_by_aspect_are_read() -> None:
    text = (
        "饮食服务中心2023年秋季学期工作总结\n本学期获评示范食堂。\n"
        "取得成绩的同时，也存在一些不足，一是菜品更新慢；二是成本控制不够精细。\n"
        "下学期，中心将重点做好几方面工作。菜品方面，由研发组每月推出新菜10道。"
        "成本方面，财务组每天公布毛利率。\n"
    )
    assert [(kind, links) for kind, _, links in linked(text)] == [
        ("P", ()),
        ("P", ()),
        ("M", (0,)),
        ("M", (1,)),
    ]
    assert owners(text)[2:] == [("研发组",), ("财务组",)]


def test_a_next_step_behind_the_last_answer_is_none_of_its_words() -> None:
    text = (
        "专项审计整改报告\n一、关于账务处理不规范问题\n整改情况：总务处已补办入库单86份。\n"
        "二、关于盈余未使用问题\n整改情况：已将盈余转入伙食费专户。\n\n"
        "下一步，学校将健全长效机制。一是每学期开展一次财务自查；二是聘请家长代表担任监督员。\n"
        "2023年6月25日\n"
    )
    drafts = read(text).drafts
    assert [(draft.kind.value, draft.number, draft.done) for draft in drafts] == [
        ("problem", "一、", False),
        ("measure", "", True),
        ("problem", "二、", False),
        ("measure", "", True),
        ("measure", "一是", False),
        ("measure", "二是", False),
    ]


def test_a_closing_paragraph_belongs_to_no_entry_of_a_row_in_single_lines() -> None:
    text = (
        "三季度工作总结\n一、存在的问题\n1.宣传不够。\n2.台账不全。\n3.人员不足。\n"
        "二、下一步打算\n1.加强宣传。（宣传科）\n2.补齐台账。（办公室）\n3.招聘人员。（人事科）\n"
        "让我们携手并进，由全体干部12月31日前交出满意答卷！\n"
    )
    assert [(draft.owners, draft.deadline.on) for draft in read(text).drafts[3:]] == [
        (("宣传科",), None),
        (("办公室",), None),
        (("人事科",), None),
    ]


def test_answers_to_a_letter_are_read_point_by_point_and_what_is_unfounded_is_left_out() -> None:
    text = (
        "关于群众来信反映供水问题的复函\n社区居委会：\n现就来信反映的事项答复如下。\n"
        "关于水压偏低。18号楼水压仅0.09兆帕，低于承诺标准。为此，管网部将更换街坊管，9月10日前完工。\n"
        "关于水费突增。经拆表检定，误差在允许范围内，不存在多收费的情况。\n"
        "关于通知不到位。两次停水未按规定提前发送短信。客户服务中心已补录36户电话。\n2024年8月20日\n"
    )
    drafts = read(text).drafts
    assert [(draft.kind.value, draft.done) for draft in drafts] == [
        ("problem", False),
        ("measure", False),
        ("problem", False),
        ("measure", True),
    ]
    assert drafts[1].deadline.on == date(2024, 9, 10)


def test_minutes_list_faults_behind_what_the_meeting_thought() -> None:
    text = (
        "专题会议纪要\n2024年9月26日\n会议认为，秩序明显好转，但以下问题不容忽视：\n1. 流动摊贩回潮；\n2. "
        "减速带损坏。\n"
        "会议议定：\n一、由城管局牵头，10月15日前流动摊贩清零。\n二、道路设施由交通运输局负责修复。\n\n"
        "会议强调，各单位务必高度重视。\n"
    )
    assert [(draft.kind.value, draft.owners) for draft in read(text).drafts] == [
        ("problem", ()),
        ("problem", ()),
        ("measure", ("城管局",)),
        ("measure", ("交通运输局",)),
    ]


def test_days_in_chinese_numbers_are_days() -> None:
    text = (
        "护理部二〇二四年上半年工作总结\n一、存在的问题\n1.交接核查不严。\n2.设备老化。\n"
        "二、下半年打算\n1.修订交接单，八月底前启用。\n2.九月十五日前更换监护仪。\n"
    )
    assert [draft.deadline.on for draft in read(text).drafts[2:]] == [date(2024, 8, 31), date(2024, 9, 15)]


def test_an_english_letter_tells_a_fault_and_its_fix_in_each_paragraph() -> None:
    text = (
        "Observations from the stock count\n15 April 2025\n\n"
        "Counts at two depots were well organised. We would draw your attention to the following.\n\n"
        "Cut-off. Goods were received on 31 March but booked on 2 April. "
        "The depot manager has agreed to hold "
        "the dock closed on count days.\n\n"
        "Count sheets. Quantities were printed on the sheets. Blank sheets will be used from June.\n\n"
        "We thank depot staff for their co-operation.\n"
    )
    assert [(draft.kind.value, draft.done) for draft in read(text).drafts] == [
        ("problem", False),
        ("measure", False),
        ("problem", False),
        ("measure", False),
    ]


def test_not_everything_went_to_plan_turns_to_faults() -> None:
    text = (
        "The Friends of Linden Park\nAnnual report 2023\n\nWe planted 400 bulbs.\n\n"
        "Not everything went to plan. The kiosk has stood empty since May. "
        "Our accounts were three weeks late.\n\n"
        "In 2024 we shall press the council to find a tenant. "
        "The treasurer will file the accounts by 31 July.\n"
    )
    assert [(draft.kind.value, draft.deadline.on) for draft in read(text).drafts] == [
        ("problem", None),
        ("problem", None),
        ("measure", None),
        ("measure", date(2024, 7, 31)),
    ]


def test_a_follow_up_names_the_old_issue_and_what_remains_to_be_done() -> None:
    text = (
        "Follow-Up Review\nFebruary 27, 2023\n\nRecommendation 2021-07 (Research)\n"
        "Original issue: Data sets were retained beyond the period promised.\n"
        "Current status: Partially implemented. A field was added in the fall.\n"
        "Remaining action: Apply the field to legacy shares.\nOwner: Research Computing\n"
        "Revised target date: June 30, 2023\n"
    )
    drafts = read(text).drafts
    assert [(draft.kind.value, draft.title, draft.done) for draft in drafts] == [
        ("problem", "Data sets were retained beyond the period promised", False),
        ("measure", "A field was added in the fall", True),
        ("measure", "Apply the field to legacy shares", False),
    ]
    assert (drafts[2].owners, drafts[2].deadline.time_limit) == (("Research Computing",), TimeLimit.FIXED)


def test_who_acts_before_a_dash_is_the_owner() -> None:
    text = (
        "Board update\n3 January 2025\n\nWhere we are behind\n\n• The chiller is late.\n"
        "• Orders are still faxed.\n\n"
        "Agreed actions\n\n• Facilities – replace the chiller by 14 February\n"
        "• IT – install the order portal\n"
    )
    assert owners(text)[2:] == [("Facilities",), ("IT",)]


def test_a_page_printed_for_the_public_holds_nothing_to_be_tracked() -> None:
    text = (
        "“小红本”里的大民生——街道用心解决群众急难愁盼问题\n"
        "来源：区融媒体中心　　作者：通讯员　　浏览次数：1 286\n\n"
        "针对飞线充电这一隐患，街道采取三项措施：一是新建充电棚46处；二是组建巡逻队12支；"
        "三是对举报人给予奖励。\n"
    )
    assert read(text).drafts == ()
