"""Turns of papers met in many offices: groups, codes, positions, advice in a letter, and what is none."""

import pytest
from as_told import measures, told

from documents.drafts import read


def test_lines_that_each_name_a_project_and_who_answers_for_it_are_cases_of_their_own() -> None:
    text = (
        "督查通报\n一、存在的主要问题\n（一）部分项目未按期开工\n"
        "粮食储备库项目（责任单位：粮储局）。计划3月开工，至今未取得许可证。\n"
        "污水厂扩建项目（责任单位：住建局）。管线迁改没有完成，现场停工。\n"
    )
    assert [(draft.title, draft.owners) for draft in read(text).drafts] == [
        ("粮食储备库项目", ("粮储局",)),
        ("污水厂扩建项目", ("住建局",)),
    ]


def test_a_class_of_problems_states_the_deadline_of_all_below_it() -> None:
    text = (
        "整改方案\n日期：2024年2月4日\n三、整改任务\n第一类：立行立改（1项）\n"
        "问题1：巡检记录不真实。\n整改措施：改用现场扫码打卡。\n"
        "第二类：2024年4月底前完成（1项）\n问题2：立管防腐层脱落。\n整改措施：逐栋除锈防腐。\n"
    )
    assert [(one.title, one.deadline.time_limit.value, str(one.deadline.on)) for one in measures(text)] == [
        ("改用现场扫码打卡", "immediate", "None"),
        ("逐栋除锈防腐", "fixed", "2024-04-30"),
    ]


def test_headings_of_aspects_over_sentences_head_as_many_faults() -> None:
    text = (
        "检查通报\n二、检查发现的问题\n财务公开方面\n柳湾村一季度收支未公布。石桥村公布收支没有明细。\n"
        "资金管理方面\n上坪村承包款由个人代收，没有及时入账。\n"
    )
    assert told(text) == [
        ("P", "柳湾村一季度收支未公布"),
        ("P", "石桥村公布收支没有明细"),
        ("P", "上坪村承包款由个人代收，没有及时入账"),
    ]


def test_tasks_of_a_speech_are_none_of_the_faults_that_it_calls_them_by() -> None:
    text = (
        "在春耕备耕暨农机安全整治动员会上的讲话\n\n同志们：\n\n一、看清形势，把心思收回到春耕上来\n\n"
        "可是账要算清，短处也要看清。稻种检测明显滞后，还有三分之一的种子没做发芽试验。"
        "农机检修质量不高，抽查62台拖拉机，15台制动不合格。化肥储备还有缺口，尿素到货率只有71%。"
        "农用三轮车违规载人屡禁不止，去年秋收就翻过一辆。\n\n"
        "二、对准问题，把措施落到人、落到地块\n\n"
        "第一，种子检测往前赶。农业发展部牵头，3月5日之前把全部稻种发芽试验做完，发芽率不达标的坚决调换。\n\n"
        "第二，农机检修要真修实修。农机中心组织技术员逐台复验，复验不过关的不发作业证。检修记录要能倒查。\n\n"
        "第三，三轮车载人要坚决刹住。由派出所、安监科上路设卡，检查持续到4月15日，查到一次扣车。\n\n"
        "第四，值班要值得住。春耕期间场领导分片蹲点，生产调度室每天下午五点收集进度，第二天一早通报。\n"
    )
    assert [kind for kind, _ in told(text)] == ["P"] * 4 + ["M"] * 4


def test_codes_below_an_issue_number_its_actions() -> None:
    text = (
        "Finance Action Plan: Progress Report\n14 January 2025\n\nISSUE A. Restricted funds are not tracked\n"
        "Four grants were posted to general income.\n"
        "A1  Train the budget holders. Lead: Finance Manager. Status: green. Due: 14 March 2025.\n"
        "A2  Reconcile every fund to its letter. Lead: Finance Officer. Status: amber. Due: monthly.\n"
    )
    assert [(one.number, one.owners, one.addresses) for one in measures(text)] == [
        ("A1", ("Finance Manager",), (0,)),
        ("A2", ("Finance Officer",), (0,)),
    ]


def test_advice_in_a_sentence_before_the_reply_belongs_to_the_measure() -> None:
    text = (
        "Management Letter\n\nA.  Lending\n\nA1.  Reviews of loans are overdue\n"
        "Nine of the 40 files had not been reviewed for 15 months.\n"
        "We recommend that the overdue reviews be completed.\n"
        "Management's comment: Agreed. The Credit Manager will complete them by April 30.\n\n"
        "A2.  Appraisals received late\nFour of 25 appraisals are dated after the release of funds.\n"
        "We recommend a system block until the appraisal has been scanned.\n"
        "Management's comment: Agreed. The block has been ordered from the vendor.\n\n"
        "A3.  Departed employees keep their access\nSeven of 31 leavers still had an account.\n"
        "We recommend that accounts be disabled on the last working day.\n"
        "Management's comment: The leavers' file goes to the help desk.\n"
    )
    assert told(text) == [
        ("P", "Reviews of loans are overdue"),
        ("M", "We recommend that the overdue reviews be completed"),
        ("P", "Appraisals received late"),
        ("M", "We recommend a system block until the appraisal has been scanned"),
        ("P", "Departed employees keep their access"),
        ("M", "We recommend that accounts be disabled on the last working day"),
    ]


@pytest.mark.parametrize("label", ["Progress", "Position", "Latest update"])
def test_what_became_of_a_finding_is_its_measure(label: str) -> None:
    text = (
        "Progress on the recommendations of the 2023 review\nROOFS\n"
        f"2.1 The north gutter holds water.\n{label}: The Yard Foreman will relay it.\n"
        f"2.2 Two of the heads are blocked by nests.\n{label}: Mesh guards will be fixed before Easter.\n"
    )
    assert [kind for kind, _ in told(text)] == ["P", "M", "P", "M"]


def test_actions_of_minutes_bear_their_numbers_and_answer_what_was_heard() -> None:
    text = (
        "MINUTES OF THE STEERING COMMITTEE\n3. Supply\n3.1 Deliveries are late and two dates were missed.\n"
        "ACTION 9.1: Procurement Officer to serve a notice of default by Friday 17 March 2023.\n"
        "ACTION 9.2: Logistics Unit to clear the goods through customs.\n"
    )
    assert [(one.number, str(one.deadline.on), one.addresses) for one in measures(text)] == [
        ("ACTION 9.1", "2023-03-17", (0,)),
        ("ACTION 9.2", "None", (0,)),
    ]


def test_a_row_of_one_cell_stands_over_a_group_of_rows_and_ends_no_table() -> None:
    text = (
        "Quality Improvement Plan\n\n| No. | Issue found | Improvement action | Lead | Target |\n"
        "| Storage |\n"
        "| 1 | Alarms are not answered at night | Route alarms to the guard | Facilities | Q3 2024 |\n"
        "| Patients |\n| 2 | Leaflets run out within weeks | Print on demand | Marketing | Monthly |\n"
    )
    assert [kind for kind, _ in told(text)] == ["P", "M", "P", "M"]


def test_a_letter_tells_a_topic_the_fault_and_its_fix_in_each_paragraph() -> None:
    text = (
        "Follow-up visit to Larchfield House\n2 October 2024\n\nDear Ms Orme\n\n"
        "Staff supervision. Four members of the night team have had no supervision since April. "
        "The Registered Manager will supervise each of them before the end of this month.\n\n"
        "Sensory room. The room has been shut since July because nobody can find the key; "
        "the handyman is to fit a new lock within five working days.\n\nYours sincerely\n"
    )
    assert told(text)[::2] == [("P", "Staff supervision"), ("P", "Sensory room")]
    assert [str(one.deadline.on) for one in measures(text)] == ["2024-10-31", "None"]


def test_a_paper_in_running_words_is_read_by_whole_paragraphs() -> None:
    text = (
        "MEMORANDUM TO THE PARKS BOARD\nMeeting of January 16, 2025\n\n"
        "Staff propose the following. "
        "The Parks Superintendent will top up the surfacing at all sites by March 31. "
        "The Planning Section will draw up a path for each park by April 17, 2025. "
        "The Maintenance Division will bring the inspection log onto tablets by May 1.\n\n"
        "The reasons can be stated briefly. Surfacing is below the required depth at eleven of the 34 sites. "
        "Monthly inspections are not carried out as written and 61 of 204 were missed. "
        "Six parks have no accessible path from the sidewalk to the play area.\n"
    )
    assert sorted(kind for kind, _ in told(text)) == ["M", "M", "M", "P", "P", "P"]


def test_the_last_entry_of_a_row_ends_where_the_others_do() -> None:
    text = (
        "Audit letter\n\n"
        "Finding 1 – Alarms not tested.\nOur response: They will be tested by 30 September 2023.\n\n"
        "Finding 2 – Gaps in roofs.\nOur response: The sheeting will be replaced.\n\n"
        "Finding 3 – Register incomplete.\nOur response: A contractor will patrol the site each week.\n\n"
        "All outstanding work is to be finished by 30 June 2024.\n"
    )
    assert [one.deadline.time_limit.value for one in measures(text)] == ["fixed", "none", "recurring"]


@pytest.mark.parametrize(
    ("of_nothing", "of_something", "rest"),
    [
        ("关于举办整改培训班的通知", "关于整改情况的通报", "下一步工作安排\n1、编制清单。\n2、加强培训。"),
        ("2024年养老机构检查工作方案", "2024年养老机构检查通报", "工作要求\n1、加强领导。\n2、严守纪律。"),
        ("整改台账填报说明", "整改台账", "| 主要问题 | 整改措施 |\n| 写清时间、地点 | 不写“加强管理” |"),
        ("Course Outline: CAPA", "Report: CAPA", "Actions\n1. Write a statement.\n2. Set an owner."),
        ("A guide for managers", "A report for managers", "Findings\n1. The fire door was wedged open."),
        ("INTERNAL AUDIT PLAN", "INTERNAL AUDIT REPORT", "Recommendations\n1. Issue a draft report."),
    ],
)
def test_a_title_of_what_reports_on_nothing_is_believed(
    of_nothing: str, of_something: str, rest: str
) -> None:
    assert told(f"{of_nothing}\n\n{rest}\n") == []
    assert told(f"{of_something}\n\n{rest}\n") != []


def test_a_topic_under_which_nothing_was_found_is_no_problem() -> None:
    text = "自查报告\n二、自查结果\n（一）关于预算执行方面的问题\n经自查，{}超预算支出的问题。\n"
    assert told(text.format("未发现")) == []
    assert told(text.format("发现")) == [("P", "关于预算执行方面的问题")]


def test_a_table_of_what_was_closed_long_ago_holds_nothing() -> None:
    def table(caption: str) -> str:
        return (
            f"Register of Observations\n\n{caption}\n\n"
            "| Ref | Observation | Corrective action |\n|---|---|---|\n"
            "| 1 | Cracked floor tiles | New tiles were laid |\n"
        )

    assert told(table("Table 2. Observations of the 2022 visit, all verified closed")) == []
    assert len(told(table("Table 2. Observations of the 2022 visit"))) == 2
