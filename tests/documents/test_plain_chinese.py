"""Chinese papers that name faults and steps in plain paragraphs, in lists inside a sentence and in tables."""

from datetime import date

from as_told import linked

from documents.drafts import read
from rules.deadlines import TimeLimit


def test_faults_behind_a_lead_and_timed_steps_in_one_paragraph_are_read_apart() -> None:
    text = (
        "农村饮水安全自评报告\n我县坚持建管并重，自评得分91分。扣分情况如下：\n"
        "水费收缴方面，收缴率79%，扣3分。管护方面，有4处工程未落实管水员，扣2分。水质方面，2处设备停运，扣4分。\n"
        "整改计划：县水务局将推行挂钩办法；9月底前为4处工程招聘管水员；县疾控中心配合，每季度开展一次抽检。\n"
    )
    assert [(kind, links) for kind, _, links in linked(text)] == [
        ("P", ()),
        ("P", ()),
        ("P", ()),
        ("M", (0,)),
        ("M", (1,)),
        ("M", (2,)),
    ]


SUMMONS = (
    "关于环境卫生问题的督办函\n河口镇人民政府：\n县专班于8月6日对你镇进行暗访，发现你镇{0}等问题，影响了整治成效。\n"
    "请你镇立行立改：一是8月10日前完成垃圾清运；二是由市场所牵头疏通排水管网。\n2023年8月7日\n"
)


def test_faults_listed_in_one_sentence_are_problems_where_no_other_is_named() -> None:
    text = SUMMONS.format("主干道垃圾清运不及时、农贸市场污水横流、省道沿线乱堆乱放")
    assert linked(text)[:3] == [
        ("P", "主干道垃圾清运不及时", ()),
        ("P", "农贸市场污水横流", ()),
        ("P", "省道沿线乱堆乱放", ()),
    ]
    assert [kind for kind, _, _ in linked(text)] == ["P", "P", "P", "M", "M"]


def test_places_listed_in_one_sentence_are_no_problems() -> None:
    assert [kind for kind, _, _ in linked(SUMMONS.format("东街、西街、南街"))] == ["M", "M"]


def test_a_summary_of_key_work_done_is_no_plan() -> None:
    text = (
        "2024年上半年工作总结\n一、几项重点工作\n1、软管更换完成2.9万户，比要求提前了40天。\n"
        "2、办理压减到2个环节，被评为青年文明号。美中不足的是，客服热线打不进来，接通率只有63%。\n"
        "二、困难和不足\n1、夜间抢修力量吃紧。\n三、下半年打算\n1.增设夜间抢修点，8月底前到位。\n2.扩容客服热线。\n"
    )
    assert [(kind, title) for kind, title, _ in linked(text)] == [
        ("P", "客服热线打不进来，接通率只有63%"),
        ("P", "夜间抢修力量吃紧"),
        ("M", "增设夜间抢修点，8月底前到位"),
        ("M", "扩容客服热线"),
    ]


def test_a_self_check_by_bullets_tells_fault_and_fix_in_each() -> None:
    text = (
        "博物馆消防自查自改情况\n一、组织情况\n馆长任组长。\n二、自查自改情况\n"
        "■ 安全出口被展架挡住一半，已当场移走；\n"
        "■ 防火涂层起皮，由保卫科负责重新涂刷，4月15日前完成；\n■ 气体灭火系统运行正常，未发现问题；\n"
        "■ 消防车通道常年停放车辆，多次劝导无效。\n2024年3月18日\n"
    )
    assert [(kind, links) for kind, _, links in linked(text)] == [
        ("P", ()),
        ("M", (0,)),
        ("P", ()),
        ("M", (2,)),
        ("P", ()),
    ]
    assert [draft.done for draft in read(text).drafts] == [False, True, False, False, False]


def test_what_stands_under_a_heading_of_measures_taken_is_done() -> None:
    text = (
        "专项整治情况汇报\n（一）查摆出的问题\n1、窗口人员业务不熟。\n2、数据失真。\n（二）已采取的措施\n"
        "1、组织业务大练兵，轮训83名。\n2、关闭窗口端评价入口。\n（三）下步打算\n1、年底前新增10个主题。\n"
    )
    assert [draft.done for draft in read(text).drafts] == [False, False, True, True, False]


def test_a_limit_without_a_year_has_no_date_where_the_paper_bears_no_day() -> None:
    text = "整改方案\n一、存在问题\n1.业务不熟。\n二、整改措施\n1.年底前新增10个主题。\n"
    limit = read(text).drafts[1].deadline
    assert (limit.text, limit.on, limit.time_limit) == ("年底前", None, TimeLimit.FIXED)


def test_a_table_may_name_its_columns_in_other_words() -> None:
    text = (
        "合规自查整改台账\n序号 | 自查发现 | 风险等级 | 整改动作 | 负责部门 | 计划完成 | 状态\n"
        "1 | 默认勾选隐私协议 | 高 | 改为用户主动勾选 | 产品部 | 2024/5/31 | 已完成\n"
        "2 | 清单未公示 | 中 | 官网公示并更新 | 法务部 | 2024年6月15日 | 进行中\n"
    )
    drafts = read(text).drafts
    assert [draft.kind.value[0] for draft in drafts] == ["p", "m", "p", "m"]
    assert (drafts[3].owners, drafts[3].deadline.on) == (("法务部",), date(2024, 6, 15))


def test_who_signs_a_table_dates_it() -> None:
    text = (
        "安全检查问题整改表\n序号\t问题描述\t整改措施\t责任部门\t完成期限\n1\t膨胀节有裂纹\t更换膨胀节\t锅炉分场\t6月15日前\n"
        "编制：安全监察部　　审核：生产部　　2024年5月28日\n"
    )
    assert read(text).drafts[1].deadline.on == date(2024, 6, 15)
