"""Papers that hold nothing to be put right, and forms in which a fix follows its fault without a label."""

import pytest

from documents.drafts import read


def told(text: str) -> list[tuple[str, str]]:
    return [(draft.kind.value[0], draft.title) for draft in read(text).drafts]


@pytest.mark.parametrize(
    "text",
    [
        "公务用车管理办法\n\n一、存在下列问题之一的，严肃处理：1.擅自驾驶的；2.虚报费用的。\n",
        "县文化馆2025年工作计划\n\n重点做好以下工作：\n一、办好品牌活动。由活动部负责。\n二、抓好创作。\n",
        "关于做好假期值班工作的通知\n\n各单位：\n一、严格值班制度。\n二、加强信息报送，4月28日前报送值班表。\n",
        "扎根山乡写忠诚\n——记黑石村第一书记\n\n存在的问题\n一、道路不通。\n二、饮水困难。\n",
        "Lone Working Policy\n\nRisks\nLone workers may be exposed to violence.\n",
        "Harbour Hospice Newsletter\n\nChallenges\nThe shop flooded in November and lost stock.\n",
    ],
)
def test_rules_plans_calls_and_stories_hold_no_item(text: str) -> None:
    assert told(text) == []


def test_a_plan_that_names_problems_holds_them_and_its_measures() -> None:
    text = "2025年工作计划\n\n一、存在问题\n（一）台账缺失。\n二、下一步措施\n（一）总务处补齐台账。\n"
    assert told(text) == [("p", "台账缺失"), ("m", "总务处补齐台账")]


def test_in_a_row_of_faults_each_sentence_that_begins_with_who_acts_is_the_fix() -> None:
    text = (
        "二、发现的问题及整改安排\n1、喷淋泵无法启动。设备部孙志强7月5日前修复。\n"
        "2、施工队监护人擅自离岗，由安环部停工教育三天。\n"
        "3、照明损坏13盏——已全部更换；\n"
    )
    assert told(text) == [
        ("p", "喷淋泵无法启动"),
        ("m", "设备部孙志强7月5日前修复"),
        ("p", "施工队监护人擅自离岗"),
        ("m", "由安环部停工教育三天"),
        ("p", "照明损坏13盏"),
        ("m", "已全部更换"),
    ]


def test_in_an_english_row_the_imperative_behind_the_fault_is_the_fix() -> None:
    text = (
        "Site Inspection Notes\nRiverside Depot, 4 June 2024\n\nSnags\n"
        "1. Guard rail loose on mezzanine - tighten bolts (Maintenance, 10 June).\n"
        "2. Eyewash station blocked by pallets. Warehouse Supervisor to clear today.\n"
    )
    assert told(text) == [
        ("p", "Guard rail loose on mezzanine"),
        ("m", "tighten bolts (Maintenance, 10 June)"),
        ("p", "Eyewash station blocked by pallets"),
        ("m", "Warehouse Supervisor to clear today"),
    ]


MINUTES = (
    "Minutes of the Quality Board, 3 May 2024\n\n"
    "1. Complaints\nFunds are sound. Late replies are overdue again. "
    "It was agreed that the Complaints Manager will clear the backlog.\n\n"
    "2. Staffing\nTwo posts remain vacant.\nACTION: BF to advertise both posts.\n"
    "ACTION: HR to report in June.\n"
)


def test_in_english_minutes_actions_and_resolutions_answer_what_was_told_before_them() -> None:
    assert told(MINUTES) == [
        ("p", "Late replies are overdue again"),
        ("m", "the Complaints Manager will clear the backlog"),
        ("p", "Two posts remain vacant"),
        ("m", "BF to advertise both posts"),
        ("m", "HR to report in June"),
    ]
    assert [draft.addresses for draft in read(MINUTES).drafts] == [(), (0,), (), (2,), (2,)]


def test_within_a_numbered_paragraph_of_minutes_only_what_somebody_is_asked_to_do_is_a_measure() -> None:
    text = (
        "局党组会议纪要\n\n一、会议听取了汇报。会议认为，总量下降，但重复访占比偏高。"
        "会议要求，办公室3月底前对重复访逐件建账。\n二、会议传达了全会精神。会议要求，各科室要提高认识。\n"
    )
    assert told(text) == [("p", "重复访占比偏高"), ("m", "办公室3月底前对重复访逐件建账")]


def test_correction_and_corrective_action_are_two_measures_with_fields_of_their_own() -> None:
    text = (
        "Surveillance Audit Summary\nClient: Brackwater Castings\n\n"
        "NC 1 (Minor): Labels expired on three gauges.\n"
        "Correction: Withdraw the gauges.\nResponsible: Stores\n"
        "Corrective action: Link the planner.\nResponsible: Metrology\n"
    )
    assert [(draft.title, draft.owners) for draft in read(text).drafts] == [
        ("Labels expired on three gauges", ()),
        ("Withdraw the gauges", ("Stores",)),
        ("Link the planner", ("Metrology",)),
    ]


def test_a_message_in_one_paragraph_tells_faults_behind_but_and_tasks_behind_a_request() -> None:
    text = (
        "今天去了锦绣花园,总体不错,但是门口停着七辆电动车,消防车道没有清空."
        "要求:物业公司今天挪走;社区网格员4月30日前复查."
    )
    assert told(text) == [
        ("p", "但是门口停着七辆电动车"),
        ("p", "消防车道没有清空"),
        ("m", "物业公司今天挪走"),
        ("m", "社区网格员4月30日前复查"),
    ]


def test_the_heading_after_a_list_ends_its_last_entry() -> None:
    text = (
        "仍存在以下问题:\n1,护林员脱岗2人;\n2,烧纸屡禁不止.\n"
        "下步措施:\n1,村支书负责约谈护林员;\n2,派出所加强巡逻.\n"
    )
    assert [kind for kind, _ in told(text)] == ["p", "p", "m", "m"]


def test_until_when_to_report_is_no_part_of_the_last_measure() -> None:
    text = (
        "一、存在问题\n（一）通道堵塞。\n二、整改要求\n（一）物业公司立即清理。\n"
        "请于7月26日前将整改情况报送街道办。\n"
    )
    (_, fix) = read(text).drafts
    assert (fix.deadline.text, text[fix.start : fix.end]) == ("立即", "（一）物业公司立即清理。")
