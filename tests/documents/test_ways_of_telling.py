"""Notices, minutes, checklists and letters: the many ways in which papers tell faults and demands."""

import pytest

from documents.drafts import read
from rules.lifecycle import Kind


def told(text: str) -> list[tuple[str, str, tuple[int, ...]]]:
    """P or M, title and the problems answered of each draft."""
    return [(draft.kind.value[0].upper(), draft.title, draft.addresses) for draft in read(text).drafts]


def titles(text: str, kind: str) -> list[str]:
    return [title for one, title, _ in told(text) if one == kind]


NOTICE = (
    "新河区消防救援大队\n责令整改通知书\n宏达宾馆：\n　　我大队于2025年5月6日对你单位进行检查，发"
    "现存在下列火灾隐患：\n"
    "　　1.二层疏散指示灯损坏；\n　　2.消火栓被杂物遮挡。\n"
)


@pytest.mark.parametrize(
    "lead",
    [
        "现责令你单位于2025年6月10日前改正，并按下列要求办理：",
        "对上述隐患，你单位应当按以下意见逐项整改：",
        "现责令你单位采取下列措施予以消除：",
        "请你单位在收到本通知之日起7日内完成整改，具体要求是：",
        "以上问题，请于5月20日前整改完毕，并做到：",
        "你单位应于5月30日前完成下列整改事项：",
        "为抓好整改，特作如下通知：",
    ],
)
def test_what_an_authority_demands_behind_the_faults_is_measures(lead: str) -> None:
    text = f"{NOTICE}　　{lead}\n　　（一）更换疏散指示灯。\n　　（二）清除消火栓周围杂物。\n　　2025年5月7日"
    assert told(text) == [
        ("P", "二层疏散指示灯损坏", ()),
        ("P", "消火栓被杂物遮挡", ()),
        ("M", "更换疏散指示灯", (0,)),
        ("M", "清除消火栓周围杂物", (1,)),
    ]


def test_demands_may_stand_in_one_paragraph_behind_the_last_fault() -> None:
    text = NOTICE + "　　现提出以下整改要求：一是更换疏散指示灯；二是清除消火栓周围杂物。\n　　2025年5月7日"
    assert [kind for kind, _, _ in told(text)] == ["P", "P", "M", "M"]
    assert read(text).drafts[1].end == text.index("\n　　现提出")


@pytest.mark.parametrize(
    ("lead", "marks"),
    [
        ("You are required to take the following steps by 10 June 2025:", "(a) (b)"),
        ("You must do the following before 10 June 2025:", "1. 2."),
        ("To remedy these defects please carry out the works listed below:", "(a) (b)"),
    ],
)
def test_an_english_notice_demands_in_its_own_words(lead: str, marks: str) -> None:
    first, second = marks.split()
    text = (
        "Harbour Fire Authority\nNotice of Deficiencies\n\nTo: Grand Hotel\n\n"
        "An inspection on 6 May 2025 found the following contraventions:\n"
        "1. Exit signs on the second floor do not work.\n2. A hydrant is obstructed by crates.\n\n"
        f"{lead}\n{first} Replace the exit signs.\n{second} Clear the hydrant.\n"
    )
    assert [kind for kind, _, _ in told(text)] == ["P", "P", "M", "M"]


@pytest.mark.parametrize(
    "text",
    [
        (
            "新河区消防救援大队\n检查记录\n检查按下列要求进行：\n（一）核对证照。\n（二）查看疏散通道"
            "。\n2025年5月7日"
        ),
        "关于举办安全培训班的通知\n各单位：\n请参训人员按下列要求准备材料：\n1.身份证复印件。\n2.近照2张。\n",
        (
            "关于食品安全检查的通报\n各学校：\n现将检查情况通报如下：一是组织有力，二是措施有效。"
            "\n2024年10月30日"
        ),
    ],
)
def test_how_a_check_was_made_and_what_to_bring_is_nothing_to_put_right(text: str) -> None:
    assert told(text) == []


BRIEFING = (
    "关于校园食品安全检查的通报\n\n各学校：\n\n　　我局对全市36所学校食堂进行了检查。现将存在问题"
    "的学校通报如下：\n\n"
    "● 第一中学食堂生熟混放。\n● 实验小学留样不全。\n● 城南幼儿园晨检记录缺失。\n\n"
)


@pytest.mark.parametrize(
    "demands",
    [
        "就做好下一步工作通知如下：一要配齐分隔容器；二要落实留样制度；三要补齐晨检记录。",
        "现就下一步工作提出如下要求：一要配齐分隔容器；二要落实留样制度；三要补齐晨检记录。",
        "为切实抓好整改，特作如下通知：一、配齐分隔容器。二、落实留样制度。三、补齐晨检记录。",
        "就抓好整改工作通知如下：\n（一）配齐分隔容器。\n（二）落实留样制度。\n（三）补齐晨检记录。",
        "下一阶段，要重点抓好三件事：首先，配齐分隔容器；其次，落实留样制度；最后，补齐晨检记录。",
    ],
)
def test_a_circular_demands_behind_its_bullets(demands: str) -> None:
    text = f"{BRIEFING}{demands}\n\n市教育局\n2024年10月30日"
    assert titles(text, "M") == ["配齐分隔容器", "落实留样制度", "补齐晨检记录"]


def test_a_briefing_names_faults_under_a_heading_that_exposes_them() -> None:
    text = (
        "安全生产工作简报\n第12期\n\n【本期要点】\n● 全区排查企业320家。\n【曝光台】\n● 家具厂喷漆"
        "房未安装防爆灯。\n"
        "● 仓库消防通道堆放货物。\n【工作部署】\n● 各镇街逐家复查，7月10日前报结果。\n"
    )
    assert [kind for kind, _, _ in told(text)] == ["P", "P", "M"]


HEAD = "滨河社区议事会会议纪要\n时间：2025年6月5日\n地点：社区会议室\n\n"


@pytest.mark.parametrize(
    ("first", "second", "turn"),
    [
        ("议题一：", "议题二：", "会议议定："),
        ("议题1：", "议题2：", "会议决定："),
        ("【议题一】", "【议题二】", "\n决议："),
        ("第一项议题：", "第二项议题：", "\n议定意见："),
        ("一、", "二、", "经研究决定，"),
        ("（一）", "（二）", "会议商定，"),
    ],
)
def test_a_matter_of_minutes_is_a_fault_and_what_was_decided(first: str, second: str, turn: str) -> None:
    text = (
        f"{HEAD}{first}楼道堆物。3号楼楼道杂物堵塞通道。{turn}由物业公司6月30日前清理。\n\n"
        f"{second}路灯不亮。东门路灯损坏4盏。{turn}社区居委会联系供电所维修。\n"
    )
    assert told(text) == [
        ("P", "楼道堆物", ()),
        ("M", "由物业公司6月30日前清理", (0,)),
        ("P", "路灯不亮", ()),
        ("M", "社区居委会联系供电所维修", (2,)),
    ]
    assert next(draft.number for draft in read(text).drafts) == first


@pytest.mark.parametrize(
    "matter",
    [
        "活动室使用安排。试运行一个月，反响良好，继续按现行时间表开放。",
        "审议财务报告。全年未超支，未发现异常。会议同意该报告。",
        "表彰优秀志愿者。会议决定授予王芳等5人荣誉称号。",
    ],
)
def test_a_matter_of_which_nothing_bad_is_told_is_no_item(matter: str) -> None:
    assert told(f"{HEAD}议题一：{matter}\n\n议题二：传达学习文件精神。与会人员进行了交流。\n") == []


def test_english_minutes_decide_on_items_and_approve_papers() -> None:
    text = (
        "Minutes of the Residents' Forum\nHeld on 5 June 2025\n\n"
        "Item 1: Rubbish in stairwells. Bulky waste is blocking the fire route.\n"
        "Decision: the managing agent will clear the stairs by 30 June.\n\n"
        "Item 2: Accounts. No objections were raised.\nDecision: approved.\n\n"
        "Item 3: Lights. Four lamps have failed.\nACTION - ward officer: ask the contractor to repair them.\n"
    )
    assert [(kind, links) for kind, _, links in told(text)] == [
        ("P", ()),
        ("M", (0,)),
        ("P", ()),
        ("M", (2,)),
    ]


SUMMARY = "望江区文化馆\n2024年工作总结\n\n一、活动亮点纷呈\n一是突出品牌，二是突出惠民，三是突出协同。\n\n"
FAULTS = "场馆设施老化，灯光年久失修。基层辅导偏少，全年仅下乡6次。"


@pytest.mark.parametrize(
    "section",
    [
        (
            f"二、不足与打算\n一年来取得了一些成绩，但还有差距。{FAULTS}新的一年，活动部将更换灯光；辅"
            f"导部每月下乡。"
        ),
        f"二、存在问题和下步打算\n{FAULTS}下一步，活动部将更换灯光；辅导部每月下乡。",
        f"二、差距与努力方向\n{FAULTS}今后，活动部将更换灯光；辅导部每月下乡。",
        f"二、不足及明年计划\n{FAULTS}\n针对上述不足，活动部将更换灯光；辅导部每月下乡。",
    ],
)
def test_a_section_that_joins_faults_and_plans_parts_them_where_it_turns(section: str) -> None:
    assert told(f"{SUMMARY}{section}\n\n望江区文化馆\n2024年12月27日") == [
        ("P", "场馆设施老化，灯光年久失修", ()),
        ("P", "基层辅导偏少，全年仅下乡6次", ()),
        ("M", "活动部将更换灯光", (0,)),
        ("M", "辅导部每月下乡", (1,)),
    ]


def test_an_english_review_turns_from_shortcomings_to_plans() -> None:
    text = (
        "Annual Review 2024\nWestmere Library Service\n\nShortcomings and plans\n"
        "The year went well but there are gaps. Digitisation is behind schedule, with 310 sheets scanned. "
        "Three branches closed early. In the new year, the ICT team will scan 800 sheets by June; "
        "branch managers will report opening hours every month.\n"
    )
    assert [kind for kind, _, _ in told(text)] == ["P", "P", "M", "M"]


def test_what_a_summary_stresses_is_praise_and_no_fault() -> None:
    text = (
        SUMMARY
        + "二、服务不断提高\n一是突出课堂主阵地，二是着力补短板。\n三、明年打算\n以迎评为契机，再上新台阶。\n"
    )
    assert told(text) == []


CHECK = "Oakfield School\nKitchen Hygiene Check\nDate: 6 March 2025\n\n"
CHINESE_CHECK = "病区安全检查表\n检查日期：2025年3月6日\n\n"


@pytest.mark.parametrize(
    ("head", "met", "unmet"),
    [
        (CHECK + "Key: [x] met   [ ] not met\n\n", "[x] ", "[ ] "),
        (CHECK, "☑ ", "☐ "),
        (CHECK, "✓ ", "✗ "),
        (CHECK, "Yes  ", "No   "),
        (CHECK + "Key: Y = met, N = not met\n\n", "Y  ", "N  "),
    ],
)
def test_what_a_checklist_calls_not_met_is_a_problem(head: str, met: str, unmet: str) -> None:
    text = (
        f"{head}Stores\n{met}Shelves clean and tidy\n{unmet}Two packs of ham were past their "
        f"date\n{met}Floor dry\n\n"
        f"Equipment\n{unmet}Probe thermometer had not been calibrated\n{met}Fridge at 4 degrees\n"
    )
    assert told(text) == [
        ("P", "Two packs of ham were past their date", ()),
        ("P", "Probe thermometer had not been calibrated", ()),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        "说明：√符合  ×不符合\n\n√ 药品账物相符\n× 3支胰岛素未注明日期\n√ 封条完好\n× 被服车堵塞出口\n",
        "[√] 药品账物相符\n[×] 3支胰岛素未注明日期\n[√] 封条完好\n[×] 被服车堵塞出口\n",
        (
            "1.药品账物相符　【符合】\n2.3支胰岛素未注明日期　【不符合】\n3.封条完好　【符合】\n4.被服"
            "车堵塞出口　【不符合】\n"
        ),
    ],
)
def test_a_chinese_checklist_says_before_or_behind_a_line_whether_it_is_met(lines: str) -> None:
    assert told(CHINESE_CHECK + lines) == [("P", "3支胰岛素未注明日期", ()), ("P", "被服车堵塞出口", ())]


@pytest.mark.parametrize(
    "text",
    [
        (
            "Moving day checklist\n[x] Book the van\n[ ] Clean the kitchen\n[x] Return keys\n[ ] "
            "Call the landlord\n"
        ),
        CHECK
        + "Key: [x] met   [ ] not applicable\n\n[x] Shelves clean\n[ ] No gas appliances\n[x] Floor dry\n",
        "报名表\n√ 已满18周岁\n× 未成年人\n□ 男\n☑ 女\n",
        "游客满意度问卷\n您认为存在哪些问题？\n□ 排队时间长\n□ 指示不清\n☑ 卫生状况好\n□ 停车不便\n",
    ],
)
def test_boxes_that_wait_to_be_ticked_are_no_faults(text: str) -> None:
    assert told(text) == []


def test_a_post_in_small_letters_owns_what_its_bracket_dates() -> None:
    text = (
        "Ward Check\n\nIssues\n- Pens are not dated.\n\nActions agreed\n- Label the pens "
        "(ward pharmacist, by 14 March 2025)\n- Audit notes\n"
    )
    assert [draft.owners for draft in read(text).drafts] == [(), ("ward pharmacist",), ()]


def test_a_fix_may_stand_behind_a_label_in_brackets() -> None:
    text = (
        "自查报告\n一、问题与整改\n【问题一】留样不规范，两个菜品未留样。\n【整改】补充留样盒。\n"
        "【问题二】防鼠网破损。\n【整改】总务处联系厂家更换。\n"
    )
    assert [links for _, _, links in told(text)] == [(), (0,), (), (2,)]


@pytest.mark.parametrize("label", ["Agreed action", "Management comment", "Response", "Agreed"])
@pytest.mark.parametrize("marks", [("A. ", "B. "), ("(i) ", "(ii) "), ("", "")])
def test_a_memo_tells_faults_by_letters_or_by_none(label: str, marks: tuple[str, str]) -> None:
    first, second = marks
    text = (
        "Harrow Council\nMEMORANDUM\n\n3. Observations\n\n"
        f"{first}Machines are not emptied on time. In 9 weeks the collection was late.\n"
        f"{label}: The Parking Manager will fix a collection day by 31 July 2024.\n\n"
        f"{second}Refunds are not authorised. Six refunds had no signature.\n{label}: Two "
        f"signatures will be needed.\n"
    )
    assert [(kind, links) for kind, _, links in told(text)] == [
        ("P", ()),
        ("M", (0,)),
        ("P", ()),
        ("M", (2,)),
    ]


def test_what_auditors_recommend_in_an_entry_is_its_measure() -> None:
    text = (
        "Audit memo\n\n3. Findings\n\nA. Machines are not emptied on time.\n"
        "We recommend that the Parking Manager agrees a fixed day.\n\n"
        "B. Refunds are not authorised.\nWe recommend that two signatures are required.\n"
    )
    assert [kind for kind, _, _ in told(text)] == ["P", "M", "P", "M"]


def test_the_cause_between_two_actions_belongs_to_neither() -> None:
    text = (
        "Corrective Action Report\n\nProblem statement: Torque was below the limit on lot 77.\n"
        "Immediate action: Lot 77 was quarantined (Shift Lead).\nRoot cause: The driver had not "
        "been calibrated.\n"
        "Corrective action: Calibrate all drivers monthly.\nVerification of effectiveness: "
        "review after 20 lots.\n"
    )
    said = [text[draft.start : draft.end] for draft in read(text).drafts if draft.kind is Kind.MEASURE]
    assert said == ["Lot 77 was quarantined (Shift Lead).", "Calibrate all drivers monthly."]


def test_quoted_problems_before_a_colon_are_problems() -> None:
    text = (
        "整改情况通报\n一、重点问题整改情况\n“漏损率偏高”问题：已修复漏点38处，12月底前完成改造。\n"
        "“水费清缴不力”问题：已追缴欠费210万元。\n2024年9月20日\n"
    )
    assert [kind for kind, _, _ in told(text)] == ["P", "M", "P", "M"]


def test_numbered_lines_below_a_named_problem_are_one_measure() -> None:
    text = (
        "整改情况通报\n一、整改落实情况\n（一）关于“漏损率偏高”问题\n1.对12公里管网开展检漏，已修复38处。\n"
        "2.由管网部牵头，12月底前完成改造。\n（二）关于“水费清缴不力”问题\n1.已追缴欠费210万元。\n"
        "2.修订收缴办法，每月通报进度。\n2024年9月20日\n"
    )
    assert [(kind, links) for kind, _, links in told(text)] == [
        ("P", ()),
        ("M", (0,)),
        ("P", ()),
        ("M", (2,)),
    ]


def test_a_unit_named_after_its_work_owns_what_it_does() -> None:
    text = (
        "整改方案\n一、存在问题\n1.支部会议记录不全。\n二、整改措施\n1.由党委组织部每季度抽查支部会议记录。\n"
    )
    assert read(text).drafts[1].owners == ("党委组织部",)


def test_a_reply_parts_what_was_found_from_what_was_not() -> None:
    text = (
        "复函\n李先生：\n来信反映的问题答复如下：\n一、关于路灯不亮问题。经查，线路老化。我局已责"
        "成路灯所6月20日前更换。\n"
        "二、关于停车收费问题。经查，收费标准已备案，不存在乱收费。\n2025年6月5日\n"
    )
    assert [kind for kind, _, _ in told(text)] == ["P", "M"]


def test_a_letter_answers_complaints_one_by_one() -> None:
    text = (
        "Dear Mrs Patel\n\nYou told us that the door entry system has not worked since March. We "
        "found that the "
        "panel was faulty. We will fit a new panel by 30 June 2025.\n\nYou also told us that the "
        "bin store is "
        "infested with rats. The contractor will bait the store every week.\n\nYou said that "
        "staff were rude. "
        "We listened to the calls and did not find this.\n\nYours sincerely\nHousing Services\n"
    )
    assert [(kind, links) for kind, _, links in told(text)] == [
        ("P", ()),
        ("M", (0,)),
        ("P", ()),
        ("M", (2,)),
    ]
    assert (
        told("Dear Mr Jones\n\nYou said that the nurses were excellent. Thank you.\n\nYours sincerely\n")
        == []
    )


def test_a_column_that_says_whether_a_row_is_verified_tells_what_is_done() -> None:
    text = "序号\t不符合描述\t纠正措施\t完成日期\t验证情况\n1\t未做复评\t补做复评\t2024-09-15\t\n"
    text += "2\t千分尺超期\t封存送检\t2024-08-20\t已验证关闭\n"
    assert [draft.done for draft in read(text).drafts if draft.kind is Kind.MEASURE] == [False, True]
