"""Notices that call faults by their numbers, replies to complaints, and plans that say why."""

from as_told import measures, told

from documents.drafts import read


def days(text: str) -> list[tuple[str, str]]:
    """What each measure calls its deadline, and the day."""
    return [(one.deadline.text, str(one.deadline.on)) for one in measures(text)]


NOTICE = (
    "责令限期整改指令书\n\n经查，你单位存在下列问题：\n1.除尘系统未设置泄爆装置；\n2.油漆库未作防火分隔；\n"
    "3.叉车司机3人未持证上岗；\n4.未建立粉尘清扫制度。\n"
    "现责令你单位对上述第1、2项问题立即整改，第3至4项于2026年6月30日前整改完毕，达到有关标准的要求。\n"
    "\n平安区应急管理局\n2026年6月12日\n"
)


def test_a_notice_demands_something_of_faults_by_their_numbers() -> None:
    assert told(NOTICE)[4:] == [
        ("M", "现责令你单位对上述第1、2项问题立即整改"),
        ("M", "第3至4项于2026年6月30日前整改完毕"),
    ]
    assert [one.addresses for one in measures(NOTICE)] == [(0, 1), (2, 3)]
    assert days(NOTICE) == [("立即", "None"), ("2026年6月30日前", "2026-06-30")]


def test_a_number_that_no_fault_bears_demands_nothing() -> None:
    assert len(told(NOTICE.replace("第3至4项", "第7项"))) == 5


REPLY = (
    "关于网民反映小区管理问题的答复\n\n一、关于“地下车库照明不足”的反映\n"
    "情况属实。经核查，B区地下车库有17盏灯管损坏。物业公司已于5月12日更换14盏，其余3盏6月5日前更换完毕。\n"
    "二、关于“物业费上涨”的反映\n经核实，该小区物业费未作调整，反映不属实。\n"
    "三、关于“垃圾清运不及时”的反映\n情况部分属实。已要求保洁公司增加清运班次。\n\n平安街道办事处\n2026年5月20日\n"
)


def test_what_a_reply_admits_belongs_to_the_complaint_and_what_is_done_is_the_measure() -> None:
    assert told(REPLY) == [
        ("P", "关于“地下车库照明不足”的反映"),
        ("M", "物业公司已于5月12日更换14盏，其余3盏6月5日前更换完毕"),
        ("P", "关于“垃圾清运不及时”的反映"),
        ("M", "已要求保洁公司增加清运班次"),
    ]
    assert days(REPLY)[0] == ("6月5日前", "2026-06-05")


ENTRIES = (
    "客服周会记录\n2026年6月3日\n\n1. 到货包装破损，一周内收到7起。责任部门：物流部，15日前换用加厚纸箱。\n"
    "2. 发票开具延迟。责任部门：财务部，1日前清理积压发票。\n"
    "3. 热线接通率仅71%。责任部门：客服中心，6月底前增配坐席4名。\n"
)


def test_who_is_in_charge_stands_between_the_fault_and_its_fix() -> None:
    assert told(ENTRIES) == [
        ("P", "到货包装破损，一周内收到7起"),
        ("M", "15日前换用加厚纸箱"),
        ("P", "发票开具延迟"),
        ("M", "1日前清理积压发票"),
        ("P", "热线接通率仅71%"),
        ("M", "6月底前增配坐席4名"),
    ]
    assert [one.owners for one in measures(ENTRIES)] == [("物流部",), ("财务部",), ("客服中心",)]


def test_a_day_without_its_month_is_the_next_one() -> None:
    assert days(ENTRIES)[:2] == [("15日前", "2026-06-15"), ("1日前", "2026-07-01")]


def test_a_clause_that_begins_with_its_time_limit_is_the_fix() -> None:
    text = (
        "自查报告\n2026年6月3日\n二、存在的问题\n1.应急预案已满三年未修订，安环部正委托机构修编，10月底前完成备案；\n"
        "2.消防栓漏水，6月20日前更换阀门。\n3.台账缺页，6月10日前补齐。\n"
    )
    assert [title for kind, title in told(text) if kind == "M"] == [
        "安环部正委托机构修编，10月底前完成备案",
        "6月20日前更换阀门",
        "6月10日前补齐",
    ]


RECTIFIED = (
    "关于巡察反馈意见整改进展情况的通报\n\n二、整改任务落实情况\n（一）聚焦政策落实方面\n"
    "1.关于“学习不深不实”问题。\n一是修订学习制度。二是组织讲堂12期。\n"
    "（2）关于“综合文化站重建轻管，长期闭门”问题。\n整改进展：一是逐站核定开放时间。二是配备专职管理员。\n"
    "3.关于“规划落地慢”问题。巡察指出，14个项目有5个停留在纸面。\n一是重新论证。二是拟引进运营团队。\n"
)


def test_a_heading_names_its_problem_in_quotes_as_a_whole_whatever_bracket_its_number_bears() -> None:
    assert told(RECTIFIED) == [
        ("P", "关于“学习不深不实”问题"),
        ("M", "修订学习制度"),
        ("P", "关于“综合文化站重建轻管，长期闭门”问题"),
        ("M", "逐站核定开放时间"),
        ("P", "关于“规划落地慢”问题"),
        ("M", "重新论证"),
    ]
    assert [draft.number for draft in read(RECTIFIED).drafts if draft.number] == ["1.", "（2）", "3."]


def test_what_a_paper_on_putting_right_tells_without_more_ado_is_done() -> None:
    assert [one.done for one in measures(RECTIFIED)] == [True, True, False]


def test_every_part_of_a_row_behind_semicolons_is_a_fault() -> None:
    text = (
        "工作报告\n在看到成绩的同时，发展中还有不少短板：工业底子薄，规上企业只有41家；"
        "招商引资“签得多、落得少”，去年签约的项目中有9个至今没有动工；内涝点还有6处没有根治。对此，我们将切实加以解决。\n"
    )
    assert [title for _, title in told(text)] == [
        "工业底子薄，规上企业只有41家",
        "招商引资“签得多、落得少”",
        "内涝点还有6处没有根治",
    ]


def test_what_a_scanner_makes_of_digits_and_stops_is_read_as_meant() -> None:
    text = (
        "粮库安全自查报告县粮食局:现将2O23年秋季自查情况报告如下:一、检查情况。账实相符口二、存在的主要问题:"
        "(-)局部粮堆发热。粮温偏高。(二)消防设施老化.灭火器压力不足。 第1页共2页 (三)地磅超期未检定。"
        "三、整改措施：(-)处置发热粮。1O月3l日前翻仓。(二)更新器材。责任科室:安全科;完成时限:ll月15曰。"
        "(三)送检地磅，明年3月底前办结。丰禾粮食储备库有限公司2O23年1O月2O曰 第2页共2页 抄送:县农发行\n"
    )
    assert [draft.number for draft in read(text).drafts] == ["(-)", "(二)", "(三)", "(-)", "(二)", "(三)"]
    assert [day for _, day in days(text)] == ["2023-10-31", "2023-11-15", "2024-03-31"]


def test_the_seal_beside_a_signature_is_no_part_of_the_name() -> None:
    text = "自查报告\n一、存在问题\n1.台账不全。\n\n安澜区中医院(盖章)\n2024年3月5日\n"
    assert read(text).org == "安澜区中医院"


PLAN = (
    "College Improvement Plan 2024-25\n\nOur five priorities\n\nPriority 1: Attendance in the second year\n\n"
    "Why: Attendance fell to 86 per cent in the spring term.\nActions: Tutors ring home on the first day.\n"
    "Lead: Director of Teaching & Learning\nBy when: 20 December 2024\n\nPriority 2: The Lower Site\n\n"
    "Why: The heating failed four times last winter.\nActions: to be set out in the Estates Strategy.\n"
)


def test_a_priority_that_says_why_it_is_one_is_a_problem_with_its_actions() -> None:
    assert told(PLAN) == [
        ("P", "Attendance in the second year"),
        ("M", "Tutors ring home on the first day"),
        ("P", "The Lower Site"),
    ]
    assert [one.owners for one in measures(PLAN)] == [("Director of Teaching & Learning",)]


COMMITTEE = (
    "REVIEW OF THE FIRST YEAR\n\n3. DIFFICULTIES ENCOUNTERED\n\n"
    "3.1 Firstly, the permits arrived late. Secondly, the contact centre could not cope.\n\n"
    "3.2 Thirdly contamination has crept up.\n\n5. NEXT STEPS\n\n"
    "5.1 In the light of the above the following will be done:\n\n"
    "(a) Permits will be printed in two batches.\n\n(b) Six advisers will be taken on.\n"
)


def test_a_numbered_paragraph_over_firstly_and_secondly_or_a_lead_is_no_entry() -> None:
    assert [(draft.number, draft.title) for draft in read(COMMITTEE).drafts] == [
        ("Firstly,", "the permits arrived late"),
        ("Secondly,", "the contact centre could not cope"),
        ("Thirdly", "contamination has crept up"),
        ("(a)", "Permits will be printed in two batches"),
        ("(b)", "Six advisers will be taken on"),
    ]
