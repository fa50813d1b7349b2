"""Causes behind the faults, measures against one problem each, replies, questions, and who is in charge."""

from datetime import date

from as_told import linked

from documents.drafts import read


def titles(text: str) -> list[tuple[str, str]]:
    return [(draft.kind.value[0].upper(), draft.title) for draft in read(text).drafts]


def test_the_causes_numbered_behind_faults_without_numbers_are_no_faults() -> None:
    text = (
        "园林局2022年度法治建设情况报告\n一、主要举措和成效\n（一）强化学习。全年专题学习6次。\n"
        "（二）规范审批。办理审批事项312件，均按时办结。\n"
        "二、存在的不足和原因\n我局工作仍有差距，主要表现在：执法力量偏弱，夜间巡查常有空档；"
        "部门协作不够顺畅，线索移送平均耗时11天；普法形式单一，沿街商户知晓率不高。"
        "究其原因：一是编制多年未调整；二是培训零散，以会代训。\n"
        "三、2023年工作安排\n（一）充实执法力量。分两批招录辅助人员20名。\n"
        "（二）健全协作机制。与相邻部门签订移送备忘录，6月底前完成。\n"
    )
    assert titles(text) == [
        ("P", "执法力量偏弱，夜间巡查常有空档"),
        ("P", "部门协作不够顺畅，线索移送平均耗时11天"),
        ("P", "普法形式单一，沿街商户知晓率不高"),
        ("M", "充实执法力量"),
        ("M", "健全协作机制"),
    ]


def test_a_paragraph_against_each_problem_is_one_measure_with_its_steps() -> None:
    text = (
        "供销社2022年度对照检查材料\n一、查摆出的主要问题\n1.学习碎片化。集中学习多以传阅代替。\n"
        "2.资产租赁监管宽松。9份合同没有约定租金递增。\n二、整改措施\n"
        "针对学习碎片化的问题，修订学习规则，集中研讨不得以传阅代替。\n"
        "针对资产租赁监管宽松的问题，一是逐份复核租赁合同；二是向拖欠租金的承租户发送催缴函。\n"
    )
    assert [answered for kind, _, answered in linked(text) if kind == "M"] == [(0,), (1,)]
    assert [len(draft.subitems) for draft in read(text).drafts] == [0, 0, 0, 2]


def test_what_is_analysed_beside_each_problem_of_a_list_is_no_problem() -> None:
    text = (
        "检视问题整改清单\n【清单一】\n问题表述：项目投后管理薄弱，仅有3个项目开展后评价。\n"
        "原因剖析：重建设轻运营的惯性没有扭转。\n整改措施：制定后评价管理办法。\n责任部门：投资发展部\n\n"
        "【清单二】\n问题表述：两个小区渗漏水维修不及时。\n原因剖析：总包单位推诿。\n"
        "整改措施：派出维修工作组驻点办公。\n责任部门：工程管理部\n"
    )
    assert linked(text) == [
        ("P", "项目投后管理薄弱，仅有3个项目开展后评价", ()),
        ("M", "制定后评价管理办法", (0,)),
        ("P", "两个小区渗漏水维修不及时", ()),
        ("M", "派出维修工作组驻点办公", (2,)),
    ]


def test_questions_with_answers_about_a_rule_are_no_problems() -> None:
    text = (
        "《电梯加装办法》解读\n一、变化\n（一）流程由11个环节减为5个。\n二、问题解答\n"
        "问题一：一楼住户不同意怎么办？\n答：由社区组织调解，调解不少于2次。\n"
        "问题二：补贴什么时候截止？\n答：2023年12月31日前取得使用登记证的可以申请。\n"
    )
    assert titles(text) == []


def test_the_suggestions_that_a_reply_takes_up_are_measures() -> None:
    text = (
        "对第0137号提案的答复\n一、关于当前工作中的短板\n（1）老年病科建设滞后，仅17家设置；\n"
        "（2）护理人才短缺，缺口在1500人以上。\n二、关于建议的办理\n（一）拟推进落实的建议\n"
        "1.加快老年病科建设。今年新增14家。\n2.扩大人才培养规模。每年定向培养不少于200名。\n"
    )
    assert [kind for kind, _ in titles(text)] == ["P", "P", "M", "M"]


def test_when_they_meet_again_is_no_matter_of_minutes() -> None:
    text = (
        "专题会议纪要\n会议议定以下事项：\n一、关于积水点改造。由市政处6月底前完成管网疏浚。\n"
        "二、关于物资储备。由应急局补足水泵12台。\n三、关于下次会议。下次会议拟于6月上旬召开。\n"
    )
    assert [draft.number for draft in read(text).drafts] == ["一、", "二、"]


def test_units_one_below_the_other_in_a_cell_are_each_an_owner() -> None:
    text = (
        "整改任务分解表\n\n序号\n存在问题\n整改措施\n责任单位\n整改时限\n\n"
        "1\n工地扬尘管控不力。\n裸土全部苫盖，冲洗设施恢复使用。\n区住建局\n区城管局\n2022年11月底前\n\n"
        "2\n企业改造滞后。\n一企一策明确改造节点。\n区工信局\n2023年6月30日\n"
    )
    assert [draft.owners for draft in read(text).drafts if draft.owners] == [
        ("区住建局", "区城管局"),
        ("区工信局",),
    ]


def test_a_bracket_behind_a_unit_that_says_who_else_is_in_charge_names_owners() -> None:
    text = (
        "整改报告\n一、存在的问题\n1.档案不全。\n2.工程管理不严。\n二、整改措施\n"
        "1.补齐档案。责任单位：基建站（计财科、监察室按职责分工落实）\n"
        "2.倒排工期。责任领导：吴某某；责任单位：区住建局　区城投公司\n"
    )
    assert [draft.owners for draft in read(text).drafts][2:] == [
        ("基建站", "计财科", "监察室"),
        ("吴某某", "区住建局", "区城投公司"),
    ]


def test_the_span_of_a_five_year_plan_is_a_deadline_at_its_end() -> None:
    text = (
        "自查报告\n2023年2月28日\n一、存在的问题\n1.喷淋管网锈蚀。\n二、整改措施\n"
        "1.更换喷淋管网，“十四五”期间完成。\n"
    )
    deadline = read(text).drafts[1].deadline
    assert (deadline.text, deadline.on) == ("“十四五”期间", date(2025, 12, 31))


def test_a_measure_against_two_numbered_problems_answers_both() -> None:
    text = (
        "食品安全自查\n一、存在的不足\n1.留样不足125克。\n2.库房有三无调料。\n3.消毒灯时长未登记。\n"
        "二、整改措施\n1.针对问题1、2，约谈食堂班长，销毁调料。\n2.针对问题3，建立消毒时长登记本。\n"
    )
    assert [answered for kind, _, answered in linked(text) if kind == "M"] == [(0, 1), (2,)]


def test_short_headings_below_what_we_will_do_stand_over_measures() -> None:
    text = (
        "Storm Ingrid\nCustomer report, April 2022\n\nWhat we will do\n\nTelephones\n"
        "We will take on a second call-handling partner by 30 September 2022.\n\nVulnerable customers\n"
        "The register will be cleaned against health data. Responsible: Ms Abara.\n\nWhat did not go well\n\n"
        "Customers could not get through. Seven calls in ten were lost.\n\n"
        "The register was out of date. One entry in five had a wrong number.\n\n"
        "Appendix: Recommendations in brief\n1. Double capacity.\n2. Clean the register.\n"
    )
    assert [kind for kind, _ in titles(text)] == ["M", "M", "P", "P"]
    assert read(text).drafts[1].owners == ("Ms Abara",)


def test_a_row_of_a_checklist_whose_result_is_normal_tells_no_problem() -> None:
    text = (
        "校舍安全检查记录\n序号 | 检查项目 | 检查结果 | 整改措施\n"
        "1 | 扶手 | 焊点开裂，晃动明显。 | 请人补焊。\n"
        "2 | 灭火器 | 正常。 | \n3 | 单杠 | 立柱根部锈烂。 | 停用拆除。\n"
    )
    assert titles(text) == [
        ("P", "焊点开裂，晃动明显"),
        ("M", "请人补焊"),
        ("P", "立柱根部锈烂"),
        ("M", "停用拆除"),
    ]


def test_before_and_after_are_a_problem_and_what_was_done() -> None:
    text = "农贸市场整治成果展示\n整改前：\n\n水产区地面积水发臭。\n\n整改后：\n\n水产区地面已经找坡重铺。\n"
    assert linked(text) == [("P", "水产区地面积水发臭", ()), ("M", "水产区地面已经找坡重铺", (0,))]
    assert [draft.done for draft in read(text).drafts] == [False, True]
