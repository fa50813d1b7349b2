"""What people tell each other, what comes after praise, and what a heading says for all below it."""

from datetime import date

import pytest

from documents.drafts import Draft, as_json, read
from rules.deadlines import TimeLimit


def told(text: str) -> list[tuple[str, str]]:
    return [(draft.kind.value[0], draft.title) for draft in read(text).drafts]


def measures(text: str) -> list[Draft]:
    return [draft for draft in read(text).drafts if draft.kind.value == "measure"]


HOTLINE = (
    "热线接听实录\n\n"
    "听众吴女士：滨河路的护栏断了三根，小孩天天从那里钻过去。\n"
    "主任：护栏科明天派人更换，三天内全部修好。\n"
    "听众刘先生：请问办理占道许可要带什么材料？\n"
    "主任：带身份证和施工方案到窗口办理，三个工作日办结。\n"
    "听众陈女士：有人说公园要收费，是真的吗？\n"
    "主任：没有这回事，不存在收费的计划。\n"
)


def test_a_complaint_and_its_answer_are_a_problem_and_its_measure_and_a_mere_question_is_none() -> None:
    assert told(HOTLINE) == [
        ("p", "滨河路的护栏断了三根，小孩天天从那里钻过去"),
        ("m", "护栏科明天派人更换，三天内全部修好"),
    ]
    assert [draft.addresses for draft in read(HOTLINE).drafts] == [(), (0,)]


def test_questions_on_how_a_ledger_is_filled_in_give_no_item() -> None:
    assert (
        told(
            "台账填写问答\n\n问：整改措施可以只写“加强管理”吗？\n答：不可以，应当写明动作和时限。\n\n"
            "问：整改时限怎么填？\n答：能立即整改的，填“立行立改”；其余的填具体日期。\n"
        )
        == []
    )


def test_a_fault_reported_in_english_minutes_is_answered_by_the_next_sentence() -> None:
    text = (
        "Minutes of the Tenants' Panel, 4 March 2025\n\n"
        "1. Minutes of the last meeting were agreed.\n\n"
        "2. Heating\nMrs Cole said that the boiler in Block D had failed twice. "
        "The estates manager agreed to replace the pump by 28 March.\n\n"
        "3. Rent\nMr Shah asked when statements go out. Ms Orr said that they go out in April.\n"
    )
    assert told(text) == [
        ("p", "Mrs Cole said that the boiler in Block D had failed twice"),
        ("m", "The estates manager agreed to replace the pump by 28 March"),
    ]
    (measure,) = measures(text)
    assert (measure.owners, measure.deadline.on) == (("estates manager",), date(2025, 3, 28))


def test_an_inspector_who_praises_first_is_understood_and_an_area_without_concern_gives_nothing() -> None:
    text = (
        "Fire Safety Visit\nDate: 3 June 2025\n\n"
        "Loading bay\n\nHousekeeping was good. However, the exit door was blocked by pallets. "
        "The shift manager must clear the door today.\n\n"
        "Canteen\n\nExtinguishers were in order. No concerns were noted.\n"
    )
    assert told(text) == [
        ("p", "the exit door was blocked by pallets"),
        ("m", "The shift manager must clear the door today"),
    ]


def test_after_praise_each_clause_behind_but_is_a_problem() -> None:
    text = (
        "巡查情况\n\n总体来看，各社区保洁及时，分类较为规范，但育才社区垃圾桶满溢；"
        "和平社区建筑垃圾无人清运；光明社区小广告清理不彻底。\n"
    )
    assert told(text) == [
        ("p", "育才社区垃圾桶满溢"),
        ("p", "和平社区建筑垃圾无人清运"),
        ("p", "光明社区小广告清理不彻底"),
    ]


@pytest.mark.parametrize(
    ("heading", "limit", "on"),
    [
        ("2024年9月底前完成整改的问题", TimeLimit.FIXED, date(2024, 9, 30)),
        ("近期整改的问题（2024年9月底前完成）", TimeLimit.FIXED, date(2024, 9, 30)),
        ("立行立改的问题", TimeLimit.IMMEDIATE, None),
        ("长期坚持的问题", TimeLimit.LONG_TERM, None),
        ("2024年下半年的问题", TimeLimit.NONE, None),
    ],
)
def test_a_heading_states_the_deadline_of_the_measures_below_it(
    heading: str, limit: TimeLimit, on: date | None
) -> None:
    text = (
        f"整改方案\n\n一、{heading}\n"
        "1.会议记录不规范。部分记录缺少签名。\n整改措施：逐本核对，补齐签名。\n"
        "2.档案缺失。有6个项目没有资料。\n整改措施：补充资料，2024年8月15日前移交档案馆。\n\n2024年6月3日\n"
    )
    first, second = measures(text)
    assert (first.deadline.time_limit, first.deadline.on) == (limit, on)
    own = date(2024, 8, 15)
    assert (second.deadline.time_limit, second.deadline.on) == (TimeLimit.FIXED, own)


def test_a_measure_repeated_at_times_is_due_when_the_heading_above_it_says() -> None:
    text = (
        "整改方案\n\n一、2024年年底前完成整改的问题\n1.队伍断层。青年人员不足。\n"
        "整改措施：人事股每年组织一次培训。\n\n2024年6月3日\n"
    )
    assert [draft.deadline.on for draft in measures(text)] == [date(2024, 12, 31)]


MINUTES = "供水工作会议纪要\n\n会议指出，存在以下问题：管网漏损严重；抢修不及时。\n\n会议议定：{}\n"


def test_each_sentence_of_a_resolution_that_begins_with_who_acts_is_a_measure_of_its_own() -> None:
    text = MINUTES.format("管网科5月底前完成普查；抢修中心立即增派一个班组，财务科列入预算。")
    assert [(draft.title, draft.owners) for draft in measures(text)] == [
        ("管网科5月底前完成普查", ("管网科",)),
        ("抢修中心立即增派一个班组，财务科列入预算", ("抢修中心", "财务科")),
    ]


def test_orders_to_several_bodies_in_one_paragraph_are_as_many_measures() -> None:
    text = (
        "督查通报\n\n一、存在问题\n1.白河镇卡口无人值守。\n2.青山林场隔离带未清。\n\n二、处理意见\n"
        "责成白河镇政府立即补齐值守力量，对脱岗人员予以解聘。青山林场要于4月底前清理隔离带。\n"
        "以上单位请于3月25日前报送整改情况。\n\n2025年3月11日\n"
    )
    assert [draft.owners for draft in measures(text)] == [("白河镇政府",), ("青山林场",)]


RECORD = (
    "检视问题整改清单\n\n"
    "检视问题：理论学习抓得不实\n具体表现：研讨发言少，6次学习中有4次没有交流。\n"
    "整改措施：\n1.推行学前出题制度。\n2.建立成果转化台账。\n"
    "责任领导：罗伟\n完成时限：2023年11月底\n\n"
    "检视问题：舆情处置反应慢\n具体表现：部分单位超过24小时没有回应。\n"
    "整改措施：\n1.修订分级处置办法。\n2.公开通报回应时效。\n"
    "责任领导：贺敏\n完成时限：2023年12月15日前\n"
)


def test_numbered_measures_of_one_record_share_its_fields_and_its_problem_is_named_by_the_first_label() -> (
    None
):
    assert told(RECORD)[:3] == [
        ("p", "理论学习抓得不实"),
        ("m", "推行学前出题制度"),
        ("m", "建立成果转化台账"),
    ]
    assert [(draft.owners, draft.deadline.on) for draft in measures(RECORD)] == [
        (("罗伟",), date(2023, 11, 30)),
        (("罗伟",), date(2023, 11, 30)),
        (("贺敏",), date(2023, 12, 15)),
        (("贺敏",), date(2023, 12, 15)),
    ]


def test_a_paragraph_without_a_number_holds_a_fault_and_behind_a_label_its_fix() -> None:
    text = (
        "配电专项检查报告\n\n受检：中心站、开闭所。\n\n"
        "中心站：直流屏有2节电池鼓包，报警未处理。整改：检修二班于2024年7月15日前更换模块。\n"
        "开闭所：运行正常，未发现问题。\n"
    )
    assert told(text) == [("p", "中心站"), ("m", "检修二班于2024年7月15日前更换模块")]


@pytest.mark.parametrize(
    "text",
    [
        (
            "Annual Opinion\n\nFollow-up\n\nAt the start of the year nine recommendations were open. "
            "Managers implemented all of them. There are no overdue actions.\n"
        ),
        (
            "Annual Opinion\n\nWork completed\n\nArea              Opinion       Recommendations\n"
            "Treasury          Substantial   0\nCouncil tax       Substantial   0\n"
        ),
        (
            "Annual Opinion\n\nHow we rate findings\n\n1. High: corrective action is required in a month.\n"
            "2. Medium: the weakness should be corrected within three months.\n"
        ),
        (
            "Audit Report\n\nFollow-up of previous actions\n\nAction 1, update the policy: implemented. "
            "Action 2, train clerks: implemented.\n"
        ),
    ],
)
def test_what_became_of_earlier_actions_and_how_findings_are_rated_give_no_item(text: str) -> None:
    assert told(text) == []


def test_a_day_without_a_year_in_a_report_without_a_date_is_a_fixed_limit_of_unknown_day() -> None:
    (_, measure) = read(
        "自查报告\n\n一、存在问题\n1.栏杆松动。\n二、整改措施\n1.物业公司4月30日前加固。\n"
    ).drafts
    assert (measure.deadline.time_limit, measure.deadline.on, measure.deadline.text) == (
        TimeLimit.FIXED,
        None,
        "4月30日前",
    )


def test_what_found_it_is_told_in_words() -> None:
    assert [item["rule"] for item in as_json(read(HOTLINE))["items"]] == ["told-in-talk", "answered-in-talk"]
