"""Paragraphs that tell fault and fix, lines parted by dashes, measures that call faults by their numbers."""

from as_told import measures, told

from documents.drafts import read

AUDIT = (
    "WEEKLY SITE SAFETY AUDIT No. 19\n\nDate: Tuesday 11 June 2024\n\n1. Work at height\n"
    "- Edge protection missing on level 3 - reinstate double guardrail - scaffold supervisor - immediately\n"
    "- G: podium steps in use throughout\n"
    "- Tower with two castors unlocked - locked during the walk round - T. Oakes - closed\n"
    "\n2. Lifting\n- Chain sling has no legible marking - quarantine it - Mr Pell - 14/6\n"
    "- Water extinguisher discharged - swapped for a full one - storeman\n"
)


def test_bullets_parted_by_dashes_tell_fault_fix_who_and_when() -> None:
    assert told(AUDIT) == [
        ("P", "Edge protection missing on level 3"),
        ("M", "reinstate double guardrail"),
        ("P", "Tower with two castors unlocked"),
        ("M", "locked during the walk round"),
        ("P", "Chain sling has no legible marking"),
        ("M", "quarantine it"),
        ("P", "Water extinguisher discharged"),
        ("M", "swapped for a full one"),
    ]
    assert [(one.owners, one.done) for one in measures(AUDIT)] == [
        (("scaffold supervisor",), False),
        (("T. Oakes",), True),
        (("Mr Pell",), False),
        (("storeman",), True),
    ]
    assert [str(one.deadline.on) for one in measures(AUDIT)] == ["None", "None", "2024-06-14", "None"]


STATUS = (
    "PROJECT STATUS REPORT #9\nPrepared: 4 November 2024\n\n== Issues log (open) ==\n"
    "I-27  Test environment drops out most afternoons; 31 hours lost.\n"
    "I-31  139 open defects against an exit criterion of 40.\n"
    "I-33  Duplicate mandates in trial load 2. CLOSED 24/10, script corrected.\n\n== Next steps ==\n"
    "[ ] Daily defect triage with supplier - @JN - from 5 Nov\n"
    "[x] Escalate environment outages - @DK - done 30 Oct\n[ ] Options paper on dates - @RS @TW - 27 Nov\n"
)


def test_next_steps_behind_boxes_name_who_and_when() -> None:
    assert told(STATUS) == [
        ("P", "Test environment drops out most afternoons"),
        ("P", "139 open defects against an exit criterion of 40"),
        ("M", "Daily defect triage with supplier"),
        ("M", "Escalate environment outages"),
        ("M", "Options paper on dates"),
    ]
    assert [(one.owners, one.done) for one in measures(STATUS)] == [
        (("@JN",), False),
        (("@DK",), True),
        (("@RS", "@TW"), False),
    ]


def test_checks_of_a_workshop_are_parted_by_slashes() -> None:
    text = (
        "5S及设备点检问题跟踪表\n点检日期：2024.6.12\n\n编号 问题点 / 对策 / 担当 / 完成日\n"
        "1 料斗盖没盖严，粉尘掉进料里 / 加弹簧铰链 / 邱工 / 6月18日\n"
        "2 冲床按钮左键失灵 / 停机更换按钮 / 设备课 / 即日\n6 包装区封箱机、地面齐全 无异常\n"
        "7 液压站油位低于下刻线，油温58℃/补抗磨油/保全班车师傅/6月14日\n"
    )
    assert [(one.title, one.owners, str(one.deadline.on)) for one in measures(text)] == [
        ("加弹簧铰链", ("邱工",), "2024-06-18"),
        ("停机更换按钮", ("设备课",), "None"),
        ("补抗磨油", ("保全班车师傅",), "2024-06-14"),
    ]


MAIL = (
    "From: Head of Operations\nSent: 5 April 2024\nSubject: March review\n\nAll,\n\n"
    "Thanks for a good meeting.\n\n"
    "Late trunk arrivals into the hub. 14 of 26 nights the trunk came in after 03:00, "
    "which knocks on to everything. Transport Manager, please get the carrier in a room by Fri 12 April.\n\n"
    "Lone working checks are not being done. The log had no entries after the 11th of March. "
    "Depot Manager to restart the hourly call tonight.\n\n"
    "Three pallets were left out in the rain and the customer has complained. "
    "Yard Supervisor to keep bay 4 free for them.\n"
)


def test_paragraphs_of_a_mail_tell_a_fault_and_ask_a_post() -> None:
    assert told(MAIL) == [
        ("P", "Late trunk arrivals into the hub"),
        ("M", "Transport Manager, please get the carrier in a room by Fri 12 April"),
        ("P", "Lone working checks are not being done"),
        ("M", "Depot Manager to restart the hourly call tonight"),
        ("P", "Three pallets were left out in the rain and the customer has complained"),
        ("M", "Yard Supervisor to keep bay 4 free for them"),
    ]


def test_faults_between_praise_are_read_where_an_action_list_follows() -> None:
    text = (
        "Inspection report: Rowan Court\n\nIs the service safe?\n\n"
        "Everyone we talked to said they felt safe.\n\n"
        "At night there were not enough staff. Call bells showed waits of over twenty minutes.\n\n"
        "Is the service effective?\n\nPeople were complimentary about the meals.\n\n"
        "Training had slipped. Of 31 staff, only nine had done the module which is compulsory.\n\n"
        "The principles of the Act were not being followed. "
        "Sensors had been fitted without any assessment.\n\n"
        "What happens next - action list\n\n1. Tansy Homes to review night staffing.\n"
        "2. All outstanding training to be booked.\n"
    )
    assert [title for kind, title in told(text) if kind == "P"] == [
        "At night there were not enough staff",
        "Training had slipped",
        "The principles of the Act were not being followed",
    ]


def test_a_recommendation_calls_its_findings_by_their_codes() -> None:
    text = (
        "Compliance report\n\n## Findings\n\n| Ref | Finding | Rating |\n|---|---|---|\n"
        "| F1 | Ammonia above the limit at W1 | High |\n| F2 | Noise within limits | Compliant |\n"
        "| F3 | Roller door left open during tipping | Medium |\n\n## Recommendations\n\n"
        "R1 (F3) Interlock the roller door with the signal.\n\nR2 (F1) Fit a standby aerator.\n"
    )
    assert [one.number for one in read(text).drafts if one.kind.value == "problem"] == ["F1", "F3"]
    assert [one.addresses for one in measures(text)] == [(1,), (0,)]


def test_letters_in_brackets_name_the_deficiencies_that_an_order_covers() -> None:
    text = (
        "POST-INSPECTION MEMORANDUM\n\nDATE: May 6, 2024\n\n"
        "2. The following deficiencies were noted:\n\n(a) Exit door No. 6 was chained.\n\n"
        "(b) Storage was stacked to within 9 inches of the deflectors.\n\n"
        "(c) Emergency lights did not operate on test.\n\n"
        "4. You are hereby ordered to correct them as follows. "
        "Items (a) and (c) shall be corrected immediately. "
        "Items (b) shall be abated no later than May 20, 2024.\n"
    )
    assert [one.addresses for one in measures(text)] == [(0, 2), (1,)]


def test_a_brochure_of_a_course_has_no_items() -> None:
    text = (
        "Finding Fault: a two-day course in corrective action\n\n"
        "Who should attend\n\nQuality managers.\n\n"
        "What you will learn\n\nBy the end of the second day you will be able to:\n"
        "- tell a symptom from a cause\n"
        "- set out actions that are owned and dated\n"
    )
    assert told(text) == []


def test_a_plain_paragraph_names_each_fault_before_its_fix() -> None:
    text = (
        "自查报告\n三、存在的问题\n1.留样标签不全。\n2.应急灯坏了7盏。\n3.后墙护网破了。\n四、怎么改\n"
        "针对留样不规范,由管理员每天核签;针对应急灯损坏,已下单12盏;针对后墙护网,8月31日前补牢。\n"
    )
    assert [one.title for one in measures(text)] == [
        "针对留样不规范,由管理员每天核签",
        "针对应急灯损坏,已下单12盏",
        "针对后墙护网,8月31日前补牢",
    ]
    assert [one.addresses for one in measures(text)] == [(0,), (1,), (2,)]
