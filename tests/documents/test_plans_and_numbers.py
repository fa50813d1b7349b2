"""Chinese plans, ledgers and replies whose numbers, labels and columns stand otherwise than is usual."""

from as_told import linked, measures, told

from documents.pdf_lines import joined

PLAN = (
    "青河县房管中心2024年重点工作推进计划\n\n2023年，中心发放补贴812户，群众比较满意。\n\n"
    "第一季度（打基础）\n\n"
    "1.完成年度资格复核，逐户比对信息。（责任股室：保障股；完成时间：3月底）\n"
    "2.保障性住房竣工交付。（责任股室：项目股）\n\n"
    "第二季度（抓推进）\n\n"
    "3.清收历年欠租，对困难家庭分期收取。（责任股室：房管股；完成时间：6月30日前）\n"
    "4.编制下一年度计划建议。（责任股室：办公室）\n"
)


def test_every_task_of_a_plan_by_quarters_is_a_measure_and_ends_before_the_next_quarter() -> None:
    assert told(PLAN) == [
        ("M", "完成年度资格复核，逐户比对信息"),
        ("M", "保障性住房竣工交付"),
        ("M", "清收历年欠租，对困难家庭分期收取"),
        ("M", "编制下一年度计划建议"),
    ]
    assert [(one.owners, one.deadline.text) for one in measures(PLAN)] == [
        (("保障股",), "3月底"),
        (("项目股",), ""),
        (("房管股",), "6月30日前"),
        (("办公室",), ""),
    ]


def test_tasks_numbered_below_problems_answer_them() -> None:
    text = (
        "云山学院审核评估整改方案\n\n一、整改任务\n\n"
        "1 师资队伍\n1.1 青年教师教学能力不足\n新进教师六成未经培训。\n"
        "1.1.1 落实导师制，每学期举办工作坊。（牵头部门：教师发展中心；完成时间：2024年6月）\n"
        "1.1.2 出台外聘教师管理办法。（牵头部门：人事处；完成时间：2024年9月）\n\n"
        "2 实践教学\n2.1 实习基地使用率低\n集中实习率不足一半。\n"
        "2.1.1 清理挂牌不用的基地。（牵头部门：教务处；完成时间：2024年12月）\n"
    )
    assert linked(text) == [
        ("P", "青年教师教学能力不足", ()),
        ("M", "落实导师制，每学期举办工作坊", (0,)),
        ("M", "出台外聘教师管理办法", (0,)),
        ("P", "实习基地使用率低", ()),
        ("M", "清理挂牌不用的基地", (3,)),
    ]


def test_what_a_web_page_puts_behind_a_paper_is_none_of_it() -> None:
    text = (
        "某社区党支部上半年工作总结 一、存在的不足 半年来，虽然做了一些工作，但离居民期待还有差距："
        "党员活动形式比较单一，年轻人不爱来；流动党员管理还有盲点。 "
        "二、下半年工作打算 1、丰富活动形式，每月开展一次主题党日。 2、加强流动党员管理，建立台账。 "
        "总之，我们将再接再厉。 上一篇：支部存在问题清单及整改措施 "
        "猜你喜欢：1、党支部存在问题清单及整改措施 2、党风廉政建设工作总结"
    )
    assert [kind for kind, _ in told(text)] == ["P", "P", "M", "M"]
    assert [one.title for one in measures(text)] == [
        "丰富活动形式，每月开展一次主题党日",
        "加强流动党员管理，建立台账",
    ]


def test_problems_told_before_the_sentence_that_leads_to_the_measures_are_read() -> None:
    text = (
        "县信访局工作总结\n\n一、存在的问题及下半年工作打算\n"
        "上半年工作仍存在一些问题和不足，主要表现在：初信办理质量不高，答复格式不规范；部门之间推诿扯皮，流转太慢。"
        "下半年，我们将重点抓好以下几个方面的工作：\n"
        "第一，抓规范，提升办理质量。由督查股每周抽查答复意见书。\n"
        "第二，抓协调，打通部门壁垒。对有争议的事项指定牵头单位。\n"
    )
    assert linked(text) == [
        ("P", "初信办理质量不高，答复格式不规范", ()),
        ("P", "部门之间推诿扯皮，流转太慢", ()),
        ("M", "抓规范，提升办理质量", (0,)),
        ("M", "抓协调，打通部门壁垒", (1,)),
    ]


def test_a_number_behind_a_label_numbers_what_the_label_leads_to() -> None:
    text = (
        "医院感染管理检查反馈问题整改情况报告\n\n一、消毒供应中心\n"
        "存在问题：1、外来器械未重新清洗。\n整改措施：修订管理流程。责任科室：骨科。\n"
        "存在问题：2、包外标识信息不全。\n整改措施：更换打印机。责任科室：消毒供应中心。\n"
        "二、口腔科\n存在问题：1、诊疗单元之间无隔断。\n整改措施：加装隔断。责任科室：总务科。\n"
    )
    assert told(text) == [
        ("P", "外来器械未重新清洗"),
        ("M", "修订管理流程"),
        ("P", "包外标识信息不全"),
        ("M", "更换打印机"),
        ("P", "诊疗单元之间无隔断"),
        ("M", "加装隔断"),
    ]


def test_behind_a_heading_that_names_a_problem_stands_what_was_done_about_it() -> None:
    text = (
        "某支行关于巡察整改情况的报告\n\n一、反馈问题整改情况\n"
        "1.关于“公车私用时有发生”的问题\n收回违规报销的燃油费1.1万元，停用个人加油卡6张。\n"
        "2.关于“附件不全”的问题\n对历年凭证进行倒查，补齐附件37份。\n"
        "3.关于“账外存放资金”的问题\n已全部并入大账。\n"
    )
    assert told(text) == [
        ("P", "关于“公车私用时有发生”的问题"),
        ("M", "收回违规报销的燃油费1.1万元，停用个人加油卡6张"),
        ("P", "关于“附件不全”的问题"),
        ("M", "对历年凭证进行倒查，补齐附件37份"),
        ("P", "关于“账外存放资金”的问题"),
        ("M", "已全部并入大账"),
    ]
    assert [one.done for one in measures(text)] == [True, True, True]


def test_a_number_before_a_year_or_a_building_is_a_number_all_the_same() -> None:
    text = (
        "检查通报\n\n一、存在问题\n1．消防控制室仅1人值班。\n2．3号楼应急照明损坏11处。\n"
        "3．2022年以来收支情况未公示。\n4.2号车库潜污泵损坏。\n"
    )
    assert told(text) == [
        ("P", "消防控制室仅1人值班"),
        ("P", "3号楼应急照明损坏11处"),
        ("P", "2022年以来收支情况未公示"),
        ("P", "2号车库潜污泵损坏"),
    ]


def test_a_column_that_says_where_a_problem_came_from_holds_no_problem() -> None:
    text = (
        "未销号问题台账\n\n| 序号 | 问题来源 | 位置 | 存在问题 | 整改措施 | 责任部门 | 完成时限 |\n"
        "|---|---|---|---|---|---|---|\n"
        "| 1 | 省厅抽查 | 白水桥 | 支座脱空 | 更换支座 | 桥隧科 | 2024.6.30 |\n"
        "| 2 | 自查 | 全线 | 护栏锈蚀 | 补齐螺栓 | 第一工区 | 2024.4.30 |\n"
    )
    assert linked(text) == [
        ("P", "支座脱空", ()),
        ("M", "更换支座", (0,)),
        ("P", "护栏锈蚀", ()),
        ("M", "补齐螺栓", (2,)),
    ]


def test_a_table_goes_on_below_headings_of_groups_and_ends_with_its_sum() -> None:
    text = (
        "审计整改台账\n\n序号\t审计发现问题\t整改措施\t责任部门\t完成时限\n"
        "（一）收入管理\n| 1 | 承包费少收18万元 | 下达催缴函 | 饮食中心 | 2023年8月31日 |\n"
        "（二）支出管理\n| 2 | 维修化整为零 | 统一报批 | 维修科 | 立行立改 |\n"
        "| 合计 | 2项 | | | |\n"
    )
    assert told(text) == [
        ("P", "承包费少收18万元"),
        ("M", "下达催缴函"),
        ("P", "维修化整为零"),
        ("M", "统一报批"),
    ]


def test_a_measure_answers_the_problems_whose_codes_it_names() -> None:
    text = (
        "供应商现场稽核报告\n\n四、不符合项\nNC-01（主要）\n回料比例失控\n事实描述：配料单显示回料添加18%。\n"
        "改善对策：系统锁定比例。\n责任人：殷厂长\n\nNC-02（次要）\n试验频次不足\n事实描述：每批只做3条。\n"
        "改善对策：增补检验员。\n责任人：蓝经理\n\n五、后续安排\n1.尤主管10月底前到厂复核NC-01、NC-02整改效果。\n"
    )
    assert linked(text) == [
        ("P", "回料比例失控", ()),
        ("M", "系统锁定比例", (0,)),
        ("P", "试验频次不足", ()),
        ("M", "增补检验员", (2,)),
        ("M", "尤主管10月底前到厂复核NC-01、NC-02整改效果", (0, 2)),
    ]


def test_units_tell_their_faults_line_by_line_beside_one_that_numbers_them() -> None:
    text = (
        "安全例会纪要\n\n一、各部门提出的问题\n仓储部：3号库货架超高堆码；5号库卷帘门电机老化。\n"
        "运输部：一是挂靠车辆管理失控；二是报警处置太慢。\n客服部：危险品瞒报抬头。\n"
    )
    assert [title for _, title in told(text)] == [
        "3号库货架超高堆码",
        "5号库卷帘门电机老化",
        "挂靠车辆管理失控",
        "报警处置太慢",
        "危险品瞒报抬头",
    ]


def test_a_bracket_at_the_end_says_how_long_a_measure_goes_on() -> None:
    text = (
        "一、存在问题\n1.签约不实。\n2.议事不规范。\n二、整改措施\n"
        "1.核查签约真实性，每半年考核一次。（长期坚持）\n2.修订议事规则。（已完成，长期坚持）\n"
    )
    assert [(one.deadline.text, one.done) for one in measures(text)] == [("长期坚持", False), ("", True)]


def test_a_blank_behind_a_number_changes_nothing() -> None:
    text = (
        "复查意见书\n\n一、存在问题\n1.电梯故障频发。\n2.收益不公开。\n\n二、处理意见\n经研究，作如下处理：\n"
        "1.责令物业更换曳引钢丝绳，9月30日前完成。\n2.责令物业将公共收益单独列账，9月15日前公布。\n"
    )
    spaced = text.replace("1.", "1. ").replace("2.", "2. ")
    assert linked(spaced) == linked(text)
    assert len(linked(text)) == 4


def test_a_date_that_a_narrow_cell_broke_is_put_together() -> None:
    assert [joined("2024.6.3", "0"), joined("2024-04-2", "8日"), joined("2024.6.3", "2024.7.5")] == [
        "2024.6.30",
        "2024-04-28日",
        "2024.6.3 2024.7.5",
    ]
