"""Sections whose names say little, rows of sentences, and labels that stand alone on their lines."""

import pytest
from as_told import measures, told

from documents.drafts import read

ASPECTS = (
    "关于巡察区文旅局党组的反馈意见\n\n二、巡察发现的主要问题\n\n"
    "聚焦贯彻落实上级决策部署方面。理论学习重“学过”轻“学会”，9次以读文件代替研讨。"
    "旅游规划编而不用，17个项目只落地5个。\n\n"
    "聚焦群众身边不正之风方面。文物日常巡查缺位，26处近两年没有巡查记录。\n\n"
    "聚焦上轮巡察整改方面。上轮指出的19个问题，多数已经整改到位。\n"
)


def test_sentences_behind_an_aspect_are_faults_of_their_own() -> None:
    assert told(ASPECTS) == [
        ("P", "理论学习重“学过”轻“学会”，9次以读文件代替研讨"),
        ("P", "旅游规划编而不用，17个项目只落地5个"),
        ("P", "文物日常巡查缺位，26处近两年没有巡查记录"),
    ]


def test_a_sentence_that_names_in_a_few_words_what_figures_tell_begins_a_fault() -> None:
    text = (
        "关于提案的答复\n二、存在的困难和问题\n正如提案中所讲，工作中的一些短板日益显现。"
        "校际之间课程供给悬殊，城郊9所小学科技类课程几乎空白。教师疲惫感较强，没有弹性上下班的学校占到一半。"
        "放学时段校门口拥堵严重，4所学校门前车辆排队超过600米。\n"
    )
    assert [title for _, title in told(text)] == [
        "校际之间课程供给悬殊，城郊9所小学科技类课程几乎空白",
        "教师疲惫感较强，没有弹性上下班的学校占到一半",
        "放学时段校门口拥堵严重，4所学校门前车辆排队超过600米",
    ]


def test_complaints_are_read_whatever_their_section_is_called() -> None:
    text = (
        "办理情况的报告\n一、重点诉求办理情况\n（一）关于“烧烤摊油烟扰民”的反映。经查，仅1户装有净化设施，反映情况属实。\n"
        "办理情况：城东中队已劝离摊贩9户。\n（二）关于“公厕夜里不开门”的反映。经调取监控，当晚管道疏通。来电人撤销诉求。\n"
        "（三）关于“垃圾桶没人收”的反映。经查情况属实。处理结果：环卫所已组织清运。\n"
    )
    assert told(text) == [
        ("P", "关于“烧烤摊油烟扰民”的反映"),
        ("M", "城东中队已劝离摊贩9户"),
        ("P", "关于“垃圾桶没人收”的反映"),
        ("M", "环卫所已组织清运"),
    ]


SUGGESTED = (
    "事故防范措施落实情况评估报告\n二、防范措施落实情况\n见下表。\n\n"
    "序号\t防范和整改措施\t责任单位\t落实情况\t评估结论\n"
    "1\t开展深基坑大检查\t市住建局\t检查47个，已全部整改闭合\t已落实\n"
    "2\t补设自动化监测\t市水务局\t已补14个，其余5个2023年12月31日前补齐\t基本落实\n\n"
    "三、评估发现的主要问题\n（一）监管力量薄弱。到岗率仅33%。\n（二）旁站记录存在代签。\n"
    "四、有关工作建议\n1.充实基层力量。由市委编办牵头，明年6月底前到岗率达到90%。\n2.整治代签。依法顶格处罚。\n"
)


def test_suggestions_count_beside_a_table_of_what_was_done() -> None:
    assert [one.title for one in measures(SUGGESTED)[2:]] == ["充实基层力量", "整治代签"]


def test_a_cell_that_says_done_and_a_day_beside_the_measure_count_where_no_column_states_them() -> None:
    assert [(one.done, str(one.deadline.on)) for one in measures(SUGGESTED)[:2]] == [
        (True, "None"),
        (False, "2023-12-31"),
    ]


def test_a_paragraph_that_admits_a_fault_first_holds_the_measures_behind_it() -> None:
    text = (
        "答复\n一、存在的问题\n1.校外机构进校缺少把关。\n2.校门口拥堵。\n三、下一步打算\n"
        "采取以下措施：\n\n校外机构管理出了纰漏，我局责无旁贷。由职成教科牵头修订白名单。计财科6月15日前追缴材料费。\n\n"
        "安全科已会同交警支队拟定错峰方案，5月底推开。\n"
    )
    assert [one.title for one in measures(text)[:2]] == [
        "由职成教科牵头修订白名单",
        "计财科6月15日前追缴材料费",
    ]


@pytest.mark.parametrize("occasion", ["培训班结业式", "表彰大会", "毕业典礼"])
def test_a_speech_that_wishes_well_reports_nothing(occasion: str) -> None:
    text = (
        f"在{occasion}上的讲话\n\n同志们：\n提几点希望。\n（一）要眼里有活，做问题的破局者。农村的问题不在办公室里。"
        "遇到矛盾，多到群众家里坐一坐。\n（二）要手上有招，做技术的钻研者。\n"
    )
    assert told(text) == []


LETTER = (
    "Management letter for the year ended 31 March 2024\n\nMatters arising\n\n"
    "1. Journals are posted without independent approval    (High)\n\nObservation\n"
    "214 of 1,906 journals were prepared and posted by the same user.\n\n"
    "Implication\nErrors might not be detected.\n\n"
    "Recommendation\nConfigure the ledger so that a second officer releases journals.\n\n"
    "Management comment\nAgreed. The Finance Systems Accountant will switch it on by 30 September 2024.\n\n"
    "2. Changes to supplier bank details    (High)\n\n"
    "Observation\nIn four of ten changes no call was recorded.\n\n"
    "Implication\nFraud remains a risk.\n\nRecommendation\nComplete a call-back form before each change.\n\n"
    "Management comment\nAccepted. Responsibility: Purchase Ledger Supervisor.\n"
)


def test_labels_alone_on_their_lines_make_one_finding_of_each_number() -> None:
    assert [(draft.number, draft.title) for draft in read(LETTER).drafts] == [
        ("1.", "Journals are posted without independent approval"),
        ("", "Configure the ledger so that a second officer releases journals"),
        ("2.", "Changes to supplier bank details"),
        ("", "Complete a call-back form before each change"),
    ]
    assert [(one.owners, str(one.deadline.on)) for one in measures(LETTER)] == [
        (("Finance Systems Accountant",), "2024-09-30"),
        (("Purchase Ledger Supervisor",), "None"),
    ]


MINUTES = (
    "Minutes of the Clinical Quality Committee held on 18 January 2024\n\nPresent: Dr Osei (Chair)\n\n"
    "2  Matters arising\n2.1  Syringe driver shortage: six new devices delivered. Closed.\n\n"
    "3  Incidents and complaints, October to December\n"
    "3.1  Falls on the ward rose from 7 to 15. In four the sensor mat had been unplugged.\n"
    "ACTION: Ward Manager to have spare charging points fitted at each bed, by 29 February\n"
    "3.2  Photographs were missing in half of the cases sampled.\nACTION: DB to ask the suppliers – 9 Feb\n"
)


def test_a_bare_number_heads_a_matter_of_minutes_so_that_no_matter_stands_below_the_one_before() -> None:
    assert told(MINUTES) == [
        ("P", "Falls on the ward rose from 7 to 15"),
        ("M", "Ward Manager to have spare charging points fitted at each bed, by 29 February"),
        ("P", "Photographs were missing in half of the cases sampled"),
        ("M", "DB to ask the suppliers – 9 Feb"),
    ]
    assert [(one.owners, str(one.deadline.on)) for one in measures(MINUTES)] == [
        (("Ward Manager",), "2024-02-29"),
        (("DB",), "2024-02-09"),
    ]


def test_a_time_limit_counted_in_days_is_one_without_a_day() -> None:
    text = (
        "Food hygiene inspection\n\nContraventions found\n\n"
        "1. The yard door does not close.\nWork required: Fit a bristle strip.\nTime limit: 7 days\n"
        "2. The basin has no hot water.\nWork required: Reconnect the supply.\nTime limit: 48 hours\n"
    )
    assert [(one.deadline.text, one.deadline.time_limit.value) for one in measures(text)] == [
        ("7 days", "fixed"),
        ("48 hours", "fixed"),
    ]


def test_what_only_praises_is_no_observation() -> None:
    text = (
        "Safety walk-round\n\nObservations\n1. Guard missing from the saw. Refit before use.\n"
        "2. Eyewash stations. All five in date. Good.\n3. Ladder rung cracked. Replace the ladder.\n"
        "3a Same bay - strip curtain torn. Replace it.\n"
    )
    assert [draft.number for draft in read(text).drafts if draft.number] == ["1.", "3.", "3a"]
