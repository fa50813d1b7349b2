"""Who acts: people behind units and posts, those who help, subjects of later clauses, English posts."""

import pytest

from documents.owners import owners


def who(words: str) -> tuple[str, ...]:
    return owners(words, 0, len(words))


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("设备部孙志强7月5日前查明原因，安环部现场验证。", ("设备部孙志强", "安环部")),
        ("实验室负责人孙博老师立即清退试剂。", ("实验室负责人孙博老师",)),
        ("财务部张会计每月核对一次账目。", ("财务部张会计",)),
        ("仓库主管老陈当天清理。", ("仓库主管老陈",)),
        ("护理部主任王敏、院感科长刘洋参与，逐科检查。", ("护理部主任王敏", "院感科长刘洋")),
        ("东风村党支部书记何平安、村主任刘全负责协调。", ("东风村党支部书记何平安", "村主任刘全")),
        ("落实责任到人，李强负责东区，王芳负责西区。", ("李强", "王芳")),
        ("(1)石桥村今日内清空垃圾池.", ("石桥村",)),
    ],
)
def test_a_person_is_named_with_the_unit_or_post_that_stands_before_the_name(
    words: str, named: tuple[str, ...]
) -> None:
    assert who(words) == named


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("由仓储部牵头、财务部配合，11月30日前完善。", ("仓储部", "财务部")),
        ("工会牵头，人力资源部协助，2月底前形成方案。", ("工会", "人力资源部")),
        ("总务处和食堂承包方共同落实。", ("总务处", "食堂承包方")),
        ("区第二小学要在3月29日前改造，市场监管所负责复查。", ("市场监管所", "区第二小学")),
        ("由中心统一印制，院感科专职人员黄琴每周抽查。", ("院感科专职人员黄琴",)),
        ("由施工单位中路三局项目部采用取芯法检测。", ("中路三局项目部",)),
        ("已要求钢筋班组当场补足。", ("钢筋班组",)),
        ("建设股每周调度，维修班每日巡查。", ("建设股", "维修班")),
        ("增配冰箱一台（后勤部刘强，5月7日前）。", ("后勤部刘强",)),
        ("更换灯管（各科室、总务处）。", ("总务处",)),
    ],
)
def test_those_who_lead_help_and_act_in_later_clauses_are_owners(words: str, named: tuple[str, ...]) -> None:
    assert who(words) == named


@pytest.mark.parametrize(
    "words",
    [
        "高度负责做好排查，积极配合检查。",
        "成立专班牵头推进。",
        "原则同意县教育局提出的补贴方案。",
        "逐村逐点明确包保干部。",
        "实行专人负责，责任到人。",
        "协调县财政局拨付资金。",
        "恳请贵局给予支持。",
        "连续两次排名末位的村在会上检讨。",
    ],
)
def test_words_that_only_look_like_names_are_no_owners(words: str) -> None:
    assert who(words) == ()


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("The Head of Customer Services should move all reports online.", ("Head of Customer Services",)),
        ("The contractor, Brightway Ltd, should station a spare vehicle.", ("Brightway Ltd",)),
        (
            "HR Operations and the Transport Supervisor will agree it.",
            ("HR Operations", "Transport Supervisor"),
        ),
        ("the Health and Safety Adviser would chase the forms.", ("Health and Safety Adviser",)),
        ("JO and the site manager to have the detectors replaced.", ("JO", "site manager")),
        ("The bathroom must be repaired by the estates team.", ("estates team",)),
        ("Keys should be held by the duty manager only.", ("duty manager",)),
        ("Site manager: replace the lock.", ("Site manager",)),
        ("It is recommended that the Treasurer keep two signatories.", ("Treasurer",)),
        ("Book refresher courses. [Action: HR, by end of April 2025]", ("HR",)),
        ("Revise the instruction. Quality Manager, 29 March 2024.", ("Quality Manager",)),
        ("The keys were moved to a coded safe.", ()),
        ("Quality assurance leads to better outcomes.", ()),
    ],
)
def test_english_posts_are_owners_wherever_a_sentence_names_them(words: str, named: tuple[str, ...]) -> None:
    assert who(words) == named
