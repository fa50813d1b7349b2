"""Faults told at one place after another, actions that codes or slashes part, and what minutes tell bare."""

from datetime import date

from as_told import linked

from documents.drafts import read
from documents.reading import Draft


def drafts(text: str) -> list[Draft]:
    return list(read(text).drafts)


def titles(text: str) -> list[tuple[str, str]]:
    return [(draft.kind.value[0].upper(), draft.title) for draft in drafts(text)]


def test_several_faults_in_one_paragraph_below_a_place_are_as_many_problems() -> None:
    text = (
        "关于冷库安全检查情况的通报\n二、检查发现的主要问题\n（一）澄江水产市场\n1.氨罐液位计失灵。\n"
        "2.值班记录缺失。\n（二）北岸冷链物流有限公司\n卸货平台护栏缺失，地面结冰未清理。"
        "氨浓度报警器未接入值班室，值班员听不到报警。\n（三）柳林食品厂\n未发现明显问题。\n"
        "三、整改要求\n一是补齐防护设施。北岸冷链公司9月底前装好护栏。\n"
    )
    assert titles(text) == [
        ("P", "氨罐液位计失灵"),
        ("P", "值班记录缺失"),
        ("P", "卸货平台护栏缺失，地面结冰未清理"),
        ("P", "氨浓度报警器未接入值班室，值班员听不到报警"),
        ("M", "补齐防护设施"),
    ]


def test_one_fault_below_a_place_is_named_after_it() -> None:
    text = (
        "关于消防检查情况的通报\n二、存在的主要问题\n（一）东湖宾馆\n1.疏散通道堆放布草。\n2.水带老化开裂。\n"
        "（二）西岭农资店\n仓库与住宿混用，未设通风装置。\n"
    )
    assert titles(text)[-1] == ("P", "西岭农资店")


def test_measures_that_answer_a_place_by_its_words_do_not_follow_the_order_of_places() -> None:
    text = (
        "关于夏季安全检查情况的通报\n二、主要问题\n（一）宏图铸造公司\n1.炉底事故坑内有积水。\n2.行车限位失灵。\n"
        "（二）佳木家具公司\n1.砂光车间除尘系统未设锁气卸灰装置。\n2.粉尘清扫记录缺失。\n"
        "（三）绿源水务公司\n1.有限空间作业审批流于形式。\n2.气体检测仪未标定。\n"
        "三、整改要求\n（一）规范有限空间作业。有限空间作业审批须提前一天报备。\n"
        "（二）抓好粉尘清扫。砂光车间除尘系统和粉尘清扫记录每周检查一次。\n"
        "（三）严管行车。行车限位失灵的一律停用。\n"
    )
    answered = [several for kind, _, several in linked(text) if kind == "M"]
    assert [several[0] // 2 for several in answered] == [2, 1, 0]


def test_minutes_tell_faults_sentence_by_sentence_before_they_list_decisions() -> None:
    text = (
        "街道办事处主任办公会议纪要\n一、研究码头管理有关问题\n会议听取了城管办的汇报。"
        "会议认为，码头改造以来发挥了作用，但日常管理滑坡。候船室电线私拉乱接，插座烧焦两处。"
        "垃圾船长期不清运，夏季异味扰民。出现上述情况，主要是权责没有厘清。会议议定以下事项：\n"
        "1、城管办约谈管理公司，4月1日前完成线路改造。\n2、环卫所每日清运垃圾船。\n"
    )
    assert [one for one in titles(text) if one[0] == "P"] == [
        ("P", "候船室电线私拉乱接，插座烧焦两处"),
        ("P", "垃圾船长期不清运，夏季异味扰民"),
    ]


def test_what_auditors_asked_for_is_not_what_was_done_about_it() -> None:
    text = (
        "关于审计查出问题整改情况的报告\n一、具体问题整改情况\n"
        "（一）往来款项长期挂账。三年以上的有31笔。\n审计意见：逐笔清理，该收回的收回。\n"
        "整改结果：已收回借款188万元。\n后续措施：财务处对余款逐户取证，2023年12月底前提起诉讼。\n"
        "（二）固定资产账实不符。实训楼未转入固定资产。\n审计意见：尽快办理决算。\n整改结果：基建处已办理竣工决算。\n"
    )
    found = [(draft.title, draft.done) for draft in drafts(text) if draft.kind == "measure"]
    assert found == [
        ("已收回借款188万元", True),
        ("财务处对余款逐户取证，2023年12月底前提起诉讼", False),
        ("基建处已办理竣工决算", True),
    ]


def test_a_number_of_things_behind_a_number_of_the_row_is_no_decimal() -> None:
    text = (
        "农贸市场检查情况\n一、存在问题\n1.垃圾桶未加盖。\n2.公平秤失准。\n3.17户肉摊拿不出检疫证明。\n"
        "二、整改措施\n1.配齐加盖垃圾桶。\n"
    )
    third = drafts(text)[2]
    assert (third.number, third.title) == ("3.", "17户肉摊拿不出检疫证明")


def test_numbers_in_circles_that_name_problems_are_no_steps() -> None:
    text = (
        "整治情况汇报\n一、问题清单\n①早市占道经营。\n②楼道堆物反弹。\n③充电桩缺口大。\n二、措施清单\n"
        "1．疏堵结合治早市（对应问题①）。划定摊位58个。"
        "（责任单位 城管科、执法中队及桥东社区；10月中旬完成）\n"
        "2．楼道清理与充电治理一并推进（对应问题②③）。加装充电桩32组。\n"
    )
    first, second = (draft for draft in drafts(text) if draft.kind == "measure")
    assert (first.owners, first.subitems) == (("城管科", "执法中队", "桥东社区"), ())
    assert second.subitems == ()


def test_a_speaker_who_asks_what_to_do_begins_the_answer_behind_the_question() -> None:
    text = (
        "述职报告\n二、还有哪些没干好\n第一件，村干部队伍后劲不足。两个村连后备人选都没有。怎么补？"
        "由组织委员牵头，3月底前每个村储备2名后备干部。\n第二件，流动党员管理松散。43名党员一年没有参加组织生活。"
        "怎么办？各支部逐一电话联系，每月开展一次线上党日。\n"
    )
    assert titles(text)[1] == ("M", "由组织委员牵头，3月底前每个村储备2名后备干部")
    assert drafts(text)[1].owners == ("组织委员",)


def test_the_day_of_a_paper_without_line_breaks_is_read_though_a_scanner_wrote_it() -> None:
    text = (
        "敬老院安全自查整改报告镇民政办:现将情况报告如下:一、检查中发现的问题。1、用电管理不严。配电箱没有上锁。"
        "2.消防通道堆放杂物。二、整改措施。(1)打通消防通道。11月15日前清走杂物.(2)加强用电管理。年底前更换线路。"
        "清河镇敬老院二O二二年十一月十日第1页共l页"
    )
    measures = [draft for draft in drafts(text) if draft.kind == "measure"]
    assert [draft.deadline.on for draft in measures] == [date(2022, 11, 15), date(2022, 12, 31)]
    assert text[: measures[-1].end].endswith("年底前更换线路。")


def test_rows_with_codes_below_a_priority_are_the_measures_and_the_priority_is_none() -> None:
    text = (
        "School improvement plan\n\nWhat we are going to do\n\nPriority A - Talk\n"
        "A1 Every adult will be trained by 1 March 2022. (Nursery lead)\n"
        "A2 A word of the week will be shared with families. (Class teachers)\n\n"
        "Priority B - Site\nB1 Obtain three quotations. (School business manager; Easter)\n\n"
        "What needs to be better\n\n- The playground floods.\n- Adults ask too many questions.\n"
    )
    found = [(draft.number, draft.owners) for draft in drafts(text) if draft.kind == "measure"]
    assert found == [
        ("A1", ("Nursery lead",)),
        ("A2", ("Class teachers",)),
        ("B1", ("School business manager",)),
    ]


def test_an_action_log_parted_by_slashes_is_a_table() -> None:
    text = (
        "Minutes of the Safety Committee, 20 January 2022\n3.1 (a) Eleven doors no longer resist fire.\n"
        "(b) Scooters are charged in the lobby overnight.\n\nACTION LOG\nRef / Minute / Action / Who / When\n"
        "22/01 / 3.1(a) / Fit certified doors / Compliance Manager / end of April\n"
        "22/02 / 3.1(b) / Notice put up in the lobby / - / Done 14/1\n"
    )
    found = [(draft.title, draft.owners, draft.done) for draft in drafts(text) if draft.kind == "measure"]
    assert found == [
        ("Fit certified doors", ("Compliance Manager",), False),
        ("Notice put up in the lobby", (), True),
    ]


def test_a_plain_date_behind_who_is_to_act_is_the_deadline() -> None:
    text = (
        "Quayside inspection, 12 September 2022\n"
        "| No. | Deficiency | Action required | By whom | Date |\n|---|---|---|---|---|\n"
        "| 1 | Crane certificate expired | Take out of use | Plant Manager | At once |\n"
        "| 2 | Gangway netting torn | Fit new netting | Coxswain | 16 Sept |\n"
    )
    limits = [draft.deadline for draft in drafts(text) if draft.kind == "measure"]
    assert [limit.time_limit.value for limit in limits] == ["immediate", "fixed"]
    assert limits[1].on == date(2022, 9, 16)


def test_a_plan_of_correction_is_one_measure_in_steps() -> None:
    text = (
        "STATEMENT OF DEFICIENCIES AND PLAN OF CORRECTION\n\nF558 Call lights\n"
        "The facility failed to keep the call light within reach of three residents.\nPlan of Correction:\n"
        "1. Call lights were clipped within reach.\n2. Unit managers will audit ten rooms a week.\n"
        "Responsible: Director of Nursing\nCompletion date: 06/17/2022\n\nF689 Falls\n"
        "The facility failed to update the care plan after two falls.\nPlan of Correction:\n"
        "1. The care plan was revised.\n2. Care plans of all residents will be reviewed.\n"
        "Responsible: MDS Coordinator\nCompletion date: 06/24/2022\n"
    )
    measures = [draft for draft in drafts(text) if draft.kind == "measure"]
    assert [(draft.owners, len(draft.subitems)) for draft in measures] == [
        (("Director of Nursing",), 2),
        (("MDS Coordinator",), 2),
    ]


def test_a_fix_behind_a_dash_a_comma_or_a_full_stop_ends_the_fault() -> None:
    text = (
        "Walk-round, Teasel Ward, 7 February 2023\n\nWhat we saw or were told that is not right\n"
        "• Two drip stands in front of the fire exit, moved while we were there.\n"
        "• Falls assessments not redone for 4 of 9 patients - matron to check a sample of ten every week.\n"
        "• Rice was stored below raw chicken. The rice was thrown away during our visit.\n"
        "• Linen cupboard door wedged open with a chair.\n"
    )
    assert [kind for kind, _ in titles(text)] == ["P", "M", "P", "M", "P", "M", "P"]


def test_cells_with_a_bar_behind_each_are_a_table_as_wide_as_its_head() -> None:
    text = (
        "托管机构专项整治成果公布\n现将整治成果公布如下：\n托管机构 |\n检查发现的问题 |\n整改情况 |\n"
        "小博士托管部 |\n"
        "留样盒未标注餐次 |\n已购置留样盒24只并贴标签 |\n阳光托管中心 |\n厨房与就餐区无分隔 |\n"
        "正在砌筑隔墙，10月31日前完工 |\n|\n护栏高度仅15厘米 |\n护栏全部更换 |\n知行托管部 |\n"
        "未发现问题 |\n/ |\n"
    )
    assert linked(text) == [
        ("P", "留样盒未标注餐次", ()),
        ("M", "已购置留样盒24只并贴标签", (0,)),
        ("P", "厨房与就餐区无分隔", ()),
        ("M", "正在砌筑隔墙，10月31日前完工", (2,)),
        ("P", "护栏高度仅15厘米", ()),
        ("M", "护栏全部更换", (4,)),
    ]


def test_an_order_in_one_line_tells_each_fault_and_what_it_demands() -> None:
    text = (
        "限期整改通知书\n你公司承建的管网改造存在下列情形,特下发此通知书:一、围挡时断时续。沟槽只拉了一道警戒带,"
        "老人孩子贴着沟边走。要用硬质围挡把沟槽连续封严。二、警示灯缺失。沟槽两端没有爆闪灯,反光锥倒伏后无人扶起,"
        "须按不大于20米间距补设。三、路面恢复滞后。已回填的横穿点至今未做硬化,最深的坑有8厘米。"
        "要先用冷补料找平。以上各项,请你公司自收到本通知之日起5日内整改完毕。\n"
    )
    assert [one[0] for one in titles(text)] == ["P", "M", "P", "M", "P", "M"]


def test_a_task_of_supervision_is_the_problem_and_what_was_completed_is_done() -> None:
    text = (
        "关于督察反馈问题整改完成情况的公示\n一、序号七\n整改任务：采砂坑长期裸露，弃料堆占行洪断面。\n"
        "整改目标：采砂坑全部回填到位。\n整改时限：2022年10月底\n责任单位：区水利局\n整改完成情况：\n"
        "1、清运弃料9.7万立方米。\n2、砂坑已分层回填碾压。\n二、序号八\n整改任务：水源地保护区标志缺失。\n"
        "整改目标：规范水源地保护。\n整改完成情况：\n1、补设界标74块。\n2、从7月份起把水源地纳入例行检测，至今检测4次。\n"
    )
    found = [(draft.title, draft.done) for draft in drafts(text)]
    assert found == [
        ("采砂坑长期裸露，弃料堆占行洪断面", False),
        ("清运弃料9.7万立方米", True),
        ("砂坑已分层回填碾压", True),
        ("水源地保护区标志缺失", False),
        ("补设界标74块", True),
        ("从7月份起把水源地纳入例行检测，至今检测4次", True),
    ]


def test_measures_that_answer_by_the_numbers_of_a_list_begin_behind_them() -> None:
    text = (
        "自查问题清单\n一、仓储方面（2条）\n1.测温电缆损坏一个多月没有报修。\n2.仓房檐口漏雨未修。\n"
        "二、制度方面（2条）\n3.轮换计划调整未履行报批手续。\n4.值班电话无人接听。\n三、整改安排\n公司班子逐条过堂。\n"
        "针对第1条，更换测温电缆4根。\n针对第2、3条，开展一次专项整治：①屋面翻新；②补办手续。\n"
    )
    assert [one for one in linked(text) if one[0] == "M"] == [
        ("M", "更换测温电缆4根", (0,)),
        ("M", "开展一次专项整治", (1, 2)),
    ]
    assert len(drafts(text)[-1].subitems) == 2


def test_a_row_of_faults_within_a_paragraph_stands_apart_from_what_leads_to_it() -> None:
    text = (
        "卫生镇创建工作总结\n二、存在的问题\n暗访组8月来镇检查，反馈得分83.5分。\n"
        "成绩要看到，短板更要看到，主要是：背街小巷保洁断档；农贸市场鼠迹超标；公厕有建无管，晚上七点就锁门。"
        "这些问题的产生，既有欠账多的原因，也有抓得不紧的原因。\n三、下一步工作安排\n1、公厕专人专管。9月底前完成。\n"
    )
    assert [title for kind, title in titles(text) if kind == "P"] == [
        "背街小巷保洁断档",
        "农贸市场鼠迹超标",
        "公厕有建无管，晚上七点就锁门",
    ]


def test_a_section_number_in_a_row_of_words_is_one_of_the_row() -> None:
    text = (
        "对照检查材料\n一、基本情况\n班子进行了会诊。\n二、存在的突出问题\n（一）学习方面\n一是学习抓得不紧。讨论只有3次。\n"
        "二是学用脱节。菌棒厂没有落地。\n三、政策讲得不细。老人不知道停缴后不能报销。\n（二）落实方面\n"
        "一是项目谋划空泛。白花了36万元规划费。\n二是报表偏多。微信群清理后又冒出11个。\n三、原因剖析\n（一）宗旨意识淡化。\n"
        "四、改进措施\n（一）改进中心组学习。每次确定1名重点发言人。\n"
    )
    assert [title for kind, title in titles(text) if kind == "P"] == [
        "学习抓得不紧",
        "学用脱节",
        "政策讲得不细",
        "项目谋划空泛",
        "报表偏多",
    ]


def test_what_follows_but_is_wrong_though_the_rest_is_in_order() -> None:
    text = (
        "幼儿园自查报告\n一、存在的问题\n1.疏散通道：标识清楚，未见异常，但后门被收纳箱占去大半，净宽不足。\n"
        "2.楼梯走廊：扶手符合规范，未见异常。\n二、整改情况\n（一）已整改\n1.收纳箱已全部搬走。\n"
        "（二）限期整改\n1.秋千3月20日前检修。\n"
    )
    assert titles(text) == [("P", "疏散通道"), ("M", "收纳箱已全部搬走"), ("M", "秋千3月20日前检修")]


def test_a_log_makes_the_minute_that_it_names_a_problem_and_answers_it() -> None:
    text = (
        "Minutes of the Amenities Committee held on 12 September 2022\n\n45/22 Play area\n"
        "The surface under the swings has lifted in two places and there is a trip edge.\n\n46/22 Market\n"
        "Stall income for the quarter was noted with pleasure.\n\n47/22 Public conveniences\n"
        "The alarm cord did not sound when tested, and the company has ceased trading.\n"
        "Resolved: close the cubicle forthwith.\n\nACTION LOG\n\nNo. | Minute | Action | Who | When\n"
        "1 | 45/22 | Relay the surface under the swings | KJ | 14 Nov\n"
        "2 | 46/22 | Book the hall for the spring market | EB | standing\n"
        "3 | 47/22 | Find a new contractor for the alarm | EB | Oct 2022\n"
    )
    assert linked(text) == [
        ("P", "Play area", ()),
        ("P", "Public conveniences", ()),
        ("M", "close the cubicle forthwith", (1,)),
        ("M", "Relay the surface under the swings", (0,)),
        ("M", "Book the hall for the spring market", ()),
        ("M", "Find a new contractor for the alarm", (1,)),
    ]


def test_matters_arising_in_an_auditors_letter_are_findings_with_their_recommendations() -> None:
    text = (
        "Management letter for the year ended 31 March 2022\n\n"
        "1 Introduction\n\nWe have completed our audit.\n\n"
        "2 Matters arising\n\n2.1 Harbour dues are not reconciled\n"
        "Nine calls out of 214 had not been billed.\n\n"
        "Recommendation 1 (High)\nMatch the invoices to the log every month.\nManagement response\n"
        "Agreed. The Finance Manager has drafted a template.\n\n2.2 Stores are issued without paperwork\n"
        "Rope and diesel were taken on a verbal request.\n\nRecommendation 2 (Medium)\n"
        "Introduce a two-part requisition.\nManagement response\nAccepted.\nDue: 30 November 2022\n"
    )
    assert linked(text) == [
        ("P", "Harbour dues are not reconciled", ()),
        ("M", "Match the invoices to the log every month", (0,)),
        ("P", "Stores are issued without paperwork", ()),
        ("M", "Introduce a two-part requisition", (2,)),
    ]


def test_a_paragraph_of_notes_ends_with_who_mends_it() -> None:
    text = (
        "Safety walk-round: Ward 7, 9 March 2023\n\nWhat we saw\n\nCorridor\n"
        "Oxygen cylinders were lying flat where someone could trip over them. "
        "A bracket will be fitted. Action: DP\n\n"
        "Day room\nCase notes had been left on the table. LH will spot-check the day room every week.\n"
    )
    found = [(draft.kind.value, draft.owners) for draft in drafts(text)]
    assert found == [("problem", ()), ("measure", ("DP",)), ("problem", ()), ("measure", ("LH",))]


def test_a_headed_paragraph_before_recommendations_is_the_finding_that_they_answer() -> None:
    text = (
        "Audit of Fuel Card Controls\nMarch 9, 2023\n\nRESULTS OF AUDIT\n\n"
        "Fuel purchases could not be traced to individual drivers\nOf 14,202 purchases, 1,611 were made "
        "with a PIN that belonged to a former employee. A single PIN accounted for 388 fills.\n\n"
        "Recommendations\n1. The Fleet Superintendent should retire all shared PINs. "
        "(Agreed; planned completion June 30, 2023)\n"
        "2. The Controller should match active PINs to the roster. (Agreed)\n\n"
        "Odometer entries were too unreliable to detect misuse\nIn our sample of 200 fills, 61 readings were "
        "lower than the one before, and the exception report has been switched off.\n\nRecommendation\n"
        "3. Turn the exception report back on.\n"
    )
    assert linked(text) == [
        ("P", "Fuel purchases could not be traced to individual drivers", ()),
        ("M", "The Fleet Superintendent should retire all shared PINs", (0,)),
        ("M", "The Controller should match active PINs to the roster", (0,)),
        ("P", "Odometer entries were too unreliable to detect misuse", ()),
        ("M", "Turn the exception report back on", (3,)),
    ]
    first = drafts(text)[1]
    assert (first.owners, first.deadline.on) == (("Fleet Superintendent",), date(2023, 6, 30))


def test_each_contravention_of_a_schedule_ends_with_what_must_be_done() -> None:
    text = (
        "Food hygiene inspection\n19 September 2022\n\nSCHEDULE A\n\n"
        "1. There was no hot water at the basin. You must restore the supply straight away.\n\n"
        "2. Rice was cooling in a deep tub. You must cool food quickly. Time allowed: 14 days.\n\n"
        "3. Six packs of salmon were past their date. These were surrendered to me and destroyed.\n"
    )
    found = [(draft.kind.value[0], draft.deadline.text, draft.done) for draft in drafts(text)]
    assert found == [
        ("p", "", False),
        ("m", "straight away", False),
        ("p", "", False),
        ("m", "14 days.", False),
        ("p", "", False),
        ("m", "", True),
    ]
