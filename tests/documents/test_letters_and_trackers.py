"""Letters of matters, audits with responses, trackers, questions, and sections in other numerals."""

from as_told import linked, measures, told

from documents.drafts import read
from documents.fixes import turns_by_weight

LETTER = (
    "12 May 2024\n\nDear Madam\n\nINSPECTION OF THE BRIARWOOD QUARRY\n\n"
    "The following matters need your attention.\n\n"
    "Matter 1: Guarding of the crusher\nThe tail drum had no guard and a panel lay on the ground.\n"
    "Required action: Refit the guard before the crusher is run again.\n\n"
    "Matter 2: Weighing of lorries\nFour of nine tickets showed loads above the limit.\n"
    "Required action: (a) The Weighbridge Clerk is to stop overloaded lorries; "
    "and (b) tickets are to be kept.\n\n"
    "Yours faithfully\n\nInspector\n"
)


def test_each_matter_of_a_letter_is_a_problem_with_its_required_action() -> None:
    assert linked(LETTER) == [
        ("P", "Guarding of the crusher", ()),
        ("M", "Refit the guard before the crusher is run again", (0,)),
        ("P", "Weighing of lorries", ()),
        ("M", "The Weighbridge Clerk is to stop overloaded lorries", (2,)),
    ]


AUDIT = (
    "FINAL AUDIT REPORT\nStores and stock\n\n4. Detailed findings\n\n"
    "4.1 Counts are not independent\nIn 12 of 20 counts the storekeeper counted alone.\n"
    "Risk: Losses stay hidden.\n"
    "R1 (High) Two people should sign every count.\nManagement response: Agreed.\n"
    "Responsible officer: Stores Manager\nImplementation date: 30 June 2024\n\n"
    "4.2 Scrap is sold without a record\nWe could find no receipt for 7 of 11 loads.\n"
    "R2 (Medium) Number the receipts.\nManagement response: Agreed.\n"
    "Responsible officer: Yard Foreman\nImplementation date: Completed\n"
    "R3 (Low) Review prices twice a year.\nManagement response: Agreed in principle.\n"
    "Responsible officer: Yard Foreman\nImplementation date: To be confirmed\n"
)


def test_a_numbered_heading_over_recommendations_that_management_answers_is_a_finding() -> None:
    assert linked(AUDIT) == [
        ("P", "Counts are not independent", ()),
        ("M", "Two people should sign every count", (0,)),
        ("P", "Scrap is sold without a record", ()),
        ("M", "Number the receipts", (2,)),
        ("M", "Review prices twice a year", (2,)),
    ]
    assert [(one.number, one.owners, one.done) for one in measures(AUDIT)] == [
        ("R1 (High)", ("Stores Manager",), False),
        ("R2 (Medium)", ("Yard Foreman",), True),
        ("R3 (Low)", ("Yard Foreman",), False),
    ]


TRACKER = (
    "ACTION TRACKER\nExtract taken: 3 June 2024\n\n"
    "TX-101   Raised 14/03/24 (suggestion of staff)   RAG: A\nIssue: Handrail loose on the east stair\n"
    "Action: Refix the rail\nOwner: Estates & Facilities\nDue: 14/06/24\n"
    "Action: Check the other stairs every month\nOwner: Duty Manager\nDue: every month\n\n"
    "TX-102   Raised 02/04/24 (tour)   RAG: G\nIssue: Eye wash has no flow. It was last tried in May.\n"
    "Action: Valve replaced\nOwner: Duty Manager\nClosed 10/05/24\n\n"
    "TX-103   Raised 30/05/24 (union)   RAG: G\nIssue: Heat in the mess room\n"
    "Action: to be agreed at the June meeting\nOwner: tbc\n"
)


def test_an_entry_of_a_tracker_may_have_several_actions_each_with_its_fields() -> None:
    assert linked(TRACKER) == [
        ("P", "Handrail loose on the east stair", ()),
        ("M", "Refix the rail", (0,)),
        ("M", "Check the other stairs every month", (0,)),
        ("P", "Eye wash has no flow", ()),
        ("M", "Valve replaced", (3,)),
        ("P", "Heat in the mess room", ()),
    ]
    assert [(one.owners, one.deadline.time_limit.value, one.done) for one in measures(TRACKER)] == [
        (("Estates & Facilities",), "fixed", False),
        (("Duty Manager",), "recurring", False),
        (("Duty Manager",), "none", True),
    ]


QUESTIONS = (
    "YOUR QUESTIONS ANSWERED\n\nWhat did they like?\n\nThe food.\n\n"
    "1. Regulation 28: Fire\nWhat was found?\nTwo doors did not close.\nWhat are we doing about it?\n"
    "A joiner is rehanging both.\nBy whom? Facilities Manager\nBy when? 31 May 2024\n\n"
    "2. Regulation 15: Staffing\nWhat was found?\nNobody was in the dayroom at six.\n"
    "What are we doing about it?\nOne assistant stays on the floor.\nBy whom? Person in Charge\n"
    "By when? Straight away\n\nCan we see the report?\n\nOf course.\n"
)


def test_questions_that_come_again_are_labels() -> None:
    assert linked(QUESTIONS) == [
        ("P", "Regulation 28: Fire", ()),
        ("M", "A joiner is rehanging both", (0,)),
        ("P", "Regulation 15: Staffing", ()),
        ("M", "One assistant stays on the floor", (2,)),
    ]
    assert [one.owners for one in measures(QUESTIONS)] == [("Facilities Manager",), ("Person in Charge",)]


def test_a_newsletter_whose_headings_speak_of_faults_is_read() -> None:
    text = (
        "THE LANTERN\nQuarterly report to our members\nSpring 2024 (January 1 - March 31)\n\nGOOD NEWS\n\n"
        "The roof is dry again.\n\nNEEDS SOME WORK\n\n"
        "Holds take too long. A title takes 11 days, twice what it was.\n\n"
        "WHAT WE'RE DOING ABOUT IT\n\nHOLDS. The van will be back on five days a week by April 22.\n\n"
        "DESK. A second clerk starts on May 6.\n"
    )
    found = read(text)
    assert [(one.kind.value, one.title, str(one.deadline.on)) for one in found.drafts] == [
        ("problem", "Holds take too long", "None"),
        ("measure", "HOLDS", "2024-04-22"),
        ("measure", "DESK", "2024-05-06"),
    ]
    assert [str(day) for day in found.period or ()] == ["2024-01-01", "2024-03-31"]


REVIEW = (
    "案件质量评查情况报告\n\n壹　评查结果\n\n优质案件18件。\n\n叁　评查中看到的不足\n\n"
    "第一，笔录复制粘贴。9件案件的笔录大段雷同。\n\n第二，文书送达没有回证。缺回执的有23件。\n\n"
    "伍　往后怎么做\n\n"
    "其一、讯问一律重问重记。第一检察部另拟提纲。\n\n其二、补齐回证。3月底前补完。\n\n2024年1月22日\n"
)


def test_sections_may_be_numbered_as_cheques_are() -> None:
    assert [(one.number, one.title) for one in read(REVIEW).drafts] == [
        ("第一，", "笔录复制粘贴"),
        ("第二，", "文书送达没有回证"),
        ("其一、", "讯问一律重问重记"),
        ("其二、", "补齐回证"),
    ]


SCANNED = (
    "道路交通安全自查报告\n-、基本情况\n我镇有县道2条。\nニ、存在的间题\nl、临水路段缺护栏。有19处。\n"
    "2.三轮车载人屡劝不止。十有三四坐人。\n3、劝导站没人。5个长期锁门。\n4、台帐是月底补写的。\n"
    "(5)无牌车辆底数不清。相差近一半。\n六、占道堆放。路面只剩3米。\n三、下步整改打箅\n"
    "1、装上护栏。村建办负责，12月20日前装完。\n2、设卡劝返。由派出所负责。\n镇人民政府\n2023年10月12日\n"
)


def test_a_number_of_another_style_that_goes_on_a_row_is_of_it() -> None:
    assert [(one.kind.value, one.number) for one in read(SCANNED).drafts] == [
        ("problem", "l、"),
        ("problem", "2."),
        ("problem", "3、"),
        ("problem", "4、"),
        ("problem", "(5)"),
        ("problem", "六、"),
        ("measure", "1、"),
        ("measure", "2、"),
    ]


def test_a_table_may_ask_in_plain_words_who_does_what() -> None:
    text = (
        "漏损分析\n2024年7月11日\n\n3 任务表\n\n"
        "| 编号 | 对应 | 做什么 | 谁来做 | 截止 | 目前情况 |\n|---|---|---|---|---|---|\n"
        "| T1 | W1 | 老城东逐夜关阀排查 | 检漏队 | 9月15日 | 已查2块 |\n"
        "| T2 | W2 | 换掉变频器 | 二供公司 | 8月底 | 已做完 |\n"
    )
    assert [(one.title, one.owners, str(one.deadline.on), one.done) for one in measures(text)] == [
        ("老城东逐夜关阀排查", ("检漏队",), "2024-09-15", False),
        ("换掉变频器", ("二供公司",), "None", True),
    ]


def test_lines_of_a_table_of_figures_are_no_problems() -> None:
    text = (
        "内审报告\n一、不符合项分布\n"
        "| 部门 | 严重 | 一般 |\n|---|---|---|\n| 生产部 | 0 | 3 |\n| 仓储部 | 0 | 2 |\n\n"
        "二、存在的问题\n1.冷库温度没有记录。\n2.原料标识不清。\n"
    )
    assert told(text) == [("P", "冷库温度没有记录"), ("P", "原料标识不清")]


def test_what_minutes_hold_to_be_unsolved_are_as_many_faults() -> None:
    text = (
        "安全例会纪要\n一、问题分析\n大家逐起看了录像。会议认为，事故虽然少了，根子上的东西并没有解决：起步过急，4起里有3起是没坐稳就动了；"
        "斑马线不礼让出现反弹，抓拍46人次；巡检走形式，5辆的巡检表笔迹一样。\n二、议定事项\n（一）拍一条短视频。安全科牵头，9月15日前完成轮训。\n"
    )
    assert told(text) == [
        ("P", "起步过急，4起里有3起是没坐稳就动了"),
        ("P", "斑马线不礼让出现反弹，抓拍46人次"),
        ("P", "巡检走形式，5辆的巡检表笔迹一样"),
        ("M", "拍一条短视频"),
    ]


def test_a_problem_named_in_quotes_is_one_below_any_heading() -> None:
    text = (
        "整改情况的复函\n一、正在整改的\n（一）关于“夜间护理力量不足”的问题。夜班护理员仅9名，有较大差距。一是新招护理员8名，8月底前到位；二是增设机动护士。\n"
        "二、需要协调的\n（二）关于“疏散通道被占用”的问题。产权在对方，三次上门均无结果。\n整改情况：安排保安班每天清理堆物。\n\n院办\n2023年7月20日\n"
    )
    assert linked(text) == [
        ("P", "关于“夜间护理力量不足”的问题", ()),
        ("M", "新招护理员8名，8月底前到位", (0,)),
        ("P", "关于“疏散通道被占用”的问题", ()),
        ("M", "安排保安班每天清理堆物", (2,)),
    ]


def test_a_sentence_that_weighs_as_a_measure_begins_the_fix_behind_a_fault() -> None:
    text = "冷库不够使。9月坏了31吨，有7户的货在道边晒了一宿。理事会拟再盖一座300吨的，7月底前用上。"
    assert turns_by_weight(text, 0, len(text)) == text.index("理事会")
    told_twice = text[: text.index("理事会")]
    assert turns_by_weight(told_twice, 0, len(told_twice)) is None
    how_far = "台账更新不及时。整改时限：长期坚持。整改中，进度60%。"
    assert turns_by_weight(how_far, 0, len(how_far)) is None


def test_names_keep_their_titles_and_short_forms() -> None:
    text = (
        "Minutes of the depot meeting, 3 May 2024\n\nActions agreed\n"
        "- Mr. Osei to circulate the list by 10 May.\n- Harbour Master / Ms Hanrahan to rewrite the plan.\n"
        "- The Volunteer Manager, Mrs Geddes, is going through every file.\n"
    )
    assert [one.owners for one in measures(text)] == [
        ("Mr. Osei",),
        ("Harbour Master", "Ms Hanrahan"),
        ("Volunteer Manager", "Mrs Geddes"),
    ]
