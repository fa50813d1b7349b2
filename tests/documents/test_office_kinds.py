"""Kinds of papers that offices write every day: progress by project, plans, notices, returns, surveys."""

from as_told import linked

from documents.drafts import read


def kinds(text: str) -> str:
    return "".join(kind for kind, _, _ in linked(text))


PROJECTS = (
    "关于重点民生实事上半年进展情况的督查报告\n一、分项进展及存在问题\n（一）小学迁建项目\n"
    "目标任务：8月底前竣工。\n进展情况：主体已完工，完成投资9120万元。\n"
    "存在问题：一是校门外的路没有贯通；二是消防验收材料缺失两项。\n下步措施：先打通420米道路，补齐材料。\n"
    "责任单位：县城投公司\n完成时限：2023年8月25日\n\n"
    "（二）公益岗位项目\n目标任务：开发岗位1200个。\n进展情况：已上岗1176人，发放补贴571万元。\n存在问题：无\n"
)


def test_a_project_tells_each_fault_and_one_measure_that_answers_them_all() -> None:
    assert linked(PROJECTS) == [
        ("P", "校门外的路没有贯通", ()),
        ("P", "消防验收材料缺失两项", ()),
        ("M", "先打通420米道路，补齐材料", (0, 1)),
    ]
    measure = read(PROJECTS).drafts[2]
    assert (measure.owners, measure.deadline.text) == (("县城投公司",), "2023年8月25日")


def test_the_strands_of_a_plan_are_no_entries_and_all_their_actions_are() -> None:
    text = (
        "Willow House Improvement Plan\n\nIntroduction\nThis plan follows the inspection of May.\n\n"
        "PRIORITY A. SAFE\n"
        "A1 Introduce a weekly audit of medicine charts. Lead: Clinical Lead. By when: 30 November 2024.\n"
        "A2 Replace the two hoists that failed. Lead: Maintenance Officer. By when: 31 January 2025.\n\n"
        "PRIORITY B. EFFECTIVE\n"
        "B1 Complete the training matrix. Lead: Training Coordinator. By when: 31 March 2025.\n"
        "B2 Record best-interest decisions. Lead: Clinical Lead. By when: 17 February 2025.\n\n"
        "How we will know\nWe will count falls and complaints each month.\n"
    )
    assert [(draft.number, draft.owners) for draft in read(text).drafts] == [
        ("A1", ("Clinical Lead",)),
        ("A2", ("Maintenance Officer",)),
        ("B1", ("Training Coordinator",)),
        ("B2", ("Clinical Lead",)),
    ]


def test_one_row_below_several_headings_is_what_the_letter_led_to() -> None:
    text = (
        "NOTICE OF FIRE SAFETY INSPECTION\n\nDrill records are complete. During the inspection the following "
        "violations were noted. All shall be corrected by April 19, 2024.\n\nOUTSIDE\n"
        "1. Fire lane on the east side is blocked by a trailer.\n"
        "2. House numbers can not be read from the street.\n\n"
        "KITCHEN\n3. Hood is past its service date. Maintenance Supervisor to arrange service at once.\n"
        "l0. Lint has built up behind both dryers.\n"
    )
    assert [(draft.kind.value, draft.number) for draft in read(text).drafts] == [
        ("problem", "1."),
        ("problem", "2."),
        ("problem", "3."),
        ("measure", ""),
        ("problem", "l0."),
    ]


def test_labels_in_brackets_part_problem_and_advice_of_each_audit_finding() -> None:
    text = (
        "关于物资采购管理专项审计的报告\n一、审计发现的问题及建议\n（一）供应商管理\n"
        "【问题】1、供应商准入审查不严。23家中有8家没有考察记录。\n【建议】补充8家供应商考察资料，建立联审机制。\n"
        "【问题】2、年度评价走形式。得分与3次退货的实际不符。\n【建议】把质量、交期引入评价，实行末位淘汰。\n"
        "（二）合同与付款\n【问题】3、先供货后签合同。11份合同晚于到货日期。\n【建议】即日起严格执行无合同不进场规定。\n"
    )
    assert kinds(text) == "PMPMPM"
    assert [links for kind, _, links in linked(text) if kind == "M"] == [(0,), (2,), (4,)]


def test_points_for_full_stops_end_sentences() -> None:
    text = (
        "校长述职报告\n二、存在的问题及改进方向\n"
        "第一,理论学习不够.学习多是碎片化.今后我将每月精读一本教育书籍.\n"
        "笫二,后勤管理不细.采购入库有时一人签收.下一步由总务处建立双人验收制度.\n"
    )
    assert [(kind, title) for kind, title, _ in linked(text)] == [
        ("P", "理论学习不够"),
        ("M", "今后我将每月精读一本教育书籍"),
        ("P", "后勤管理不细"),
        ("M", "下一步由总务处建立双人验收制度"),
    ]


def test_a_plan_that_says_who_is_in_charge_is_tracked_and_one_that_does_not_is_not() -> None:
    steps = (
        "完善预约诊疗制度，号源开放时间延长至14天",
        "建立预就诊模式，形成初步病历",
        "畅通急诊绿色通道，每季度联合演练一次",
        "改善门诊标识，更换楼层导视牌146块",
        "规范出院随访，建立随访档案",
    )
    plan = "改善就医感受三年行动实施方案\n一、重点任务\n"
    charged = "".join(f"{n}．{step}。（门诊部牵头，信息科配合）\n" for n, step in enumerate(steps, 1))
    bare = "".join(f"{n}．{step}。\n" for n, step in enumerate(steps, 1))
    assert {draft.owners for draft in read(plan + charged).drafts} == {("门诊部", "信息科")}
    assert (kinds(plan + charged), kinds(plan + bare)) == ("MMMMM", "")


def test_a_return_of_what_was_looked_for_finds_nothing() -> None:
    text = (
        "关于“小金库”专项治理自查情况的报告\n一、对照重点开展自查\n"
        "通知列明的问题主要有以下表现形式：一是违规收费设立“小金库”；二是虚列支出转出资金；三是超标准发放津贴补贴。\n"
        "（一）收入管理方面。自查未发现截留、坐支的问题。\n二、自查结论\n自查发现问题金额为0元，无整改事项。\n"
    )
    assert linked(text) == []


def test_numbers_that_run_on_below_headings_are_the_entries() -> None:
    text = (
        "关于养老服务的调研报告\n一、存在的问题\n1.设施建而不用。\n2.队伍招不来、留不住。\n二、对策与建议\n"
        "（一）坚持建管并重，激活村级阵地\n1.分类盘活农村幸福院，10月底前完成。\n2.推广老年助餐服务，建成助餐点120个。\n"
        "（二）坚持多元投入，破解资金瓶颈\n3.健全财政投入机制。\n4.引导社会力量参与。\n"
    )
    assert [draft.number for draft in read(text).drafts] == ["1.", "2.", "1.", "2.", "3.", "4."]


def test_a_page_counter_inside_a_paragraph_does_not_hide_how_wide_the_page_is() -> None:
    line = "审计发现的问题之一是专项资金闲置没有发挥效益至今仍有余额两百万元"
    text = (
        "审计结果公告\n三、审计发现的主要问题\n（一）预算管理方面\n"
        f"1．专项资金闲置。{line[:24]}\n{line[24:]}，{line[:16]}\n{line[16:]}。\n"
        f"2．往来款项长期挂账。{line[:21]}\n— 1 —\n{line[21:]}，{line[:19]}\n{line[19:]}。\n"
    )
    assert kinds(text) == "PP"


def test_stars_stand_before_headings_and_short_lines_over_paragraphs() -> None:
    text = (
        "重点项目督查通报\n\n★ 督查发现的主要问题\n\n"
        "设施建了用不起来\n112个中常年开放的只有59个，有的水电没有接通。\n\n"
        "队伍留不住人\n持证人员仅87人，流失率超过40%。\n\n"
        "★ 下步要求\n\n1.县民政局10月底前逐个盘活。\n2.县财政局提高补助标准。\n"
    )
    assert [(kind, title) for kind, title, _ in linked(text)][:2] == [
        ("P", "设施建了用不起来"),
        ("P", "队伍留不住人"),
    ]
    assert kinds(text) == "PPMM"
