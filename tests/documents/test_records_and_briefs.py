"""What becomes of papers that look like others: follow-ups, debriefs, notices, self-checks and "
"headlines."""

import pytest

from documents.drafts import read


def kinds(text: str) -> str:
    return "".join(draft.kind.value[0].upper() for draft in read(text).drafts)


def linked(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(draft.kind.value[0].upper(), draft.addresses) for draft in read(text).drafts]


def owned(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(draft.kind.value[0].upper(), draft.owners) for draft in read(text).drafts]


@pytest.mark.parametrize(
    "text",
    [
        (
            "区住建局召开物业领域突出问题整治工作推进会\n会议通报了进展，但也要清醒看到，整治还存在"
            "进展不平衡等问题。\n"
        ),
        "县医院荣获全省改善服务先进单位\n该院坚持问题导向，先后整改流程不合理、等候时间长等问题。\n",
        (
            "学习《问题是时代的声音》有感\n解决问题要做到三点：一要敢于直面问题，二要善于分析问题，"
            "三要勤于解决问题。\n"
        ),
        (
            "公司员工手册（节选）\n第三章 问题反映与处理\n一、发现故障、隐患的，应立即报告。\n二、接"
            "到报告后应到场处置。\n"
        ),
        (
            "创新“三张清单”工作法 推动整改见底见效\n一、建立问题清单，把准病灶。梳理流程繁琐、排队时"
            "间长等问题27个。\n"
            "二、建立措施清单，对症下药。针对流程繁琐问题，推行“最多跑一次”事项156项。\n"
        ),
        (
            "Library wins award for tackling digital exclusion\n\nWe found that the biggest problem "
            "was confidence. "
            "The library will extend the sessions from May.\n"
        ),
        (
            "Follow-up of Audit Report 23/11: Stores\n\n| No. | Finding | Agreed action | Status |\n"
            "|---|---|---|---|\n"
            "| 1 | Counts were not signed | Sign each sheet | Implemented |\n\nAll actions have been"
            " implemented.\n"
        ),
        (
            "Governance Report\n\nRisks\nNo risk changed its rating.\n\nActions from the last meeting\n"
            "Action 1: circulate the plan. Done on 3 May.\n\nRecommendation\nThe Committee is asked "
            "to note this.\n"
        ),
        (
            "Report to Trustees\n\nSignificant findings from the audit\nWe have no significant findi"
            "ngs to report. "
            "The estimates were supported by good evidence.\n"
        ),
        (
            "Board report\n\nMeasure | Target | Q1 | Q2\nRepairs on time | 92% | 84% | 79%\nSatisfac"
            "tion | 85% | 82% | 83%\n"
        ),
    ],
    ids=[
        "meeting",
        "honour",
        "essay",
        "handbook",
        "method",
        "award",
        "closed",
        "governance",
        "clean",
        "figures",
    ],
)
def test_papers_full_of_problems_may_hold_nothing_to_be_tracked(text: str) -> None:
    assert read(text).drafts == ()


def test_prior_findings_below_the_new_ones_are_no_items() -> None:
    entry = (
        "Finding 2023-00{0} Late reports\nCondition: Two reports were late.\n"
        "Planned corrective action: Set up a calendar.\n\n"
    )
    text = "Corrective Action Plan\n\n" + entry.format(1) + entry.format(2)
    text += (
        "STATUS OF PRIOR-YEAR FINDINGS\n\nFinding 2022-001, Reconciliations not reviewed: Fully corrected.\n"
    )
    assert linked(text) == [("P", ()), ("M", (0,)), ("P", ()), ("M", (2,))]


def test_small_roman_entries_hold_letters() -> None:
    text = (
        "Review\n\nWeaknesses\nFeedback on essays is slow.\n\nRecommendations\n\n"
        "(i) reform feedback by\n(a) adopting a mark sheet\n(b) publishing return dates\n\n"
        "(ii) introduce a workload model. Contact: Head of Department, by the end of the session.\n"
    )
    drafts = read(text).drafts
    assert [draft.number for draft in drafts] == ["", "(i)", "(ii)"]
    assert (len(drafts[1].subitems), drafts[2].owners) == (2, ("Head of Department",))


def test_the_ninth_letter_of_a_list_is_a_letter() -> None:
    entries = "".join(f"({letter}) Door {letter} is broken.\n" for letter in "abcdefghij")
    assert len(read(f"Inspection report\n\nFaults found\n{entries}").drafts) == 10


def test_actions_behind_a_dash_belong_to_the_units_named_there() -> None:
    text = (
        "Fire drill debrief\n\nWhat did not go well\na) The door of stair 2 jammed.\nb) Nobody b"
        "rought the list.\n"
        "c) Evacuation chairs: checked, nothing to report.\n\nActions agreed in the meeting of 1"
        "4 November 2024\n"
        "A1 Re-hang the door within 14 days. — Facilities\nA2 Print the list at once. —"
        " Reception\n"
    )
    assert owned(text) == [("P", ()), ("P", ()), ("M", ("Facilities",)), ("M", ("Reception",))]


def test_bullets_tell_fault_and_fix_between_commas() -> None:
    text = (
        "Stock-take result\n\nWhat came up:\n\n- Aisle 14 holds 31 pallets without a plate, the "
        "Shift Lead will "
        "label them today.\n- Batch numbers were swapped, already corrected in the system.\n"
        "- Returned goods were counted twice, which is why the total was high.\n"
    )
    assert linked(text) == [("P", ()), ("M", (0,)), ("P", ()), ("M", (2,)), ("P", ())]


def test_a_scanner_may_read_a_letter_for_a_digit() -> None:
    text = (
        "Site notes\n\nPoints raised\n\n31.4 The bowser stood outside the bund.\nAction: Move th"
        "e bowser.\n\n"
        "3l.5 Delivery of dampers is three weeks late.\nAction: Procurement will obtain prices b"
        "y 9 May 2025.\n"
    )
    assert [draft.number for draft in read(text).drafts] == ["31.4", "", "3l.5", ""]


def test_chinese_rows_tell_fault_and_fix_between_commas() -> None:
    text = (
        "实验室安全自查记录\n※ 药品柜标签脱落三处,已重新打印粘贴\n※ 排气管接口漏风,报总务处请厂家检修\n"
        "※ 废液桶没有盖子，换用带盖桶\n※ 灭火毯过期\n"
    )
    assert linked(text) == [("P", ()), ("M", (0,)), ("P", ()), ("M", (2,)), ("P", ()), ("M", (4,)), ("P", ())]


def test_chapters_of_work_done_end_in_what_is_still_wrong() -> None:
    text = (
        "2023年工作总结和2024年工作安排\n一、2023年工作\n（一）救助提质增效。低保标准提高到780元。"
        "不足之处是主动发现机制不够灵敏。\n（二）养老加快发展。建成助餐点58个。差距在于农村助餐"
        "点覆盖面偏窄。\n"
        "二、2024年工作安排\n1.健全监测预警机制，6月底前完成。（责任处室：社会救助处）\n"
        "2.推行配送模式，年内覆盖率达到60%。（责任处室：养老服务处）\n"
    )
    assert owned(text) == [("P", ()), ("P", ()), ("M", ("社会救助处",)), ("M", ("养老服务处",))]


def test_what_a_supervisor_demands_in_a_column_is_a_measure() -> None:
    text = (
        "督查情况通报\n序号\t被查单位\t存在的主要问题\t督办意见\t责任单位\t办结时限\n"
        "1\t第三小学\t留样量不足100克\t重新培训留样员\t区教育局\t11月25日\n2\t育才中学\t更衣室堆"
        "放拖把\t立即清空\t区教育局\t立行立改\n"
    )
    assert owned(text) == [("P", ()), ("M", ("区教育局",)), ("P", ()), ("M", ("区教育局",))]


def test_what_became_of_a_named_problem_is_its_measure() -> None:
    text = (
        "整改进展通报\n截至5月底，整改完成1个，滞后1个。\n1.关于“巡河走过场”问题。市河长办修订巡"
        "河办法，系统已上线。（已完成）\n"
        "2.关于“粪污直排”问题。取缔养殖户9户，其余47户7月底前全部验收。（达到序时进度）\n2024年6月3日\n"
    )
    assert linked(text) == [("P", ()), ("M", (0,)), ("P", ()), ("M", (2,))]
