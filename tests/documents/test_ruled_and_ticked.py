"""Minutes by topic, orders, checklists and closing paragraphs, and what is read of them."""

import pytest
from as_told import linked

from documents.drafts import read


@pytest.mark.parametrize("said", ["会议议定：", "会议决定：", "会议明确：", "会议一致商定："])
@pytest.mark.parametrize("number", ["议题一：", "议题1：", "一、", "（一）"])
def test_what_is_wrong_with_a_topic_of_minutes_is_parted_from_what_was_ruled(number: str, said: str) -> None:
    second = number.replace("一", "二").replace("1", "2")
    text = (
        "小区物业联席会议纪要\n"
        f"{number}地下车库渗水\n伸缩缝3处渗漏，5户车辆受损。{said}由工程部6月30日前完成堵漏。\n"
        f"{second}路灯损坏\n东区12盏路灯不亮，居民多次投诉。{said}城管科联系供电公司维修，月底前完成。\n"
    )
    assert linked(text) == [
        ("P", "地下车库渗水", ()),
        ("M", "由工程部6月30日前完成堵漏", (0,)),
        ("P", "路灯损坏", ()),
        ("M", "城管科联系供电公司维修，月底前完成", (2,)),
    ]


def test_a_topic_that_was_only_heard_or_passed_is_nothing_to_be_tracked() -> None:
    text = (
        "安全生产例会纪要\n"
        "议题一：先进班组评选。评选方案已征求意见。会议决定：原则通过评选方案。\n"
        "议题二：活动室使用安排。试运行一个月，反响良好，继续按现行时间表开放。\n"
        "议题三：叉车司机持证。2名司机证件过期仍在上岗。会议决定：人事部立即安排复审，复审前不得上岗。\n"
    )
    assert linked(text) == [("P", "叉车司机持证", ()), ("M", "人事部立即安排复审，复审前不得上岗", (0,))]


@pytest.mark.parametrize(
    "lead",
    [
        "以上行为违反了消防法。现责令你单位于4月10日前改正，并按下列要求办理：",
        "针对上述隐患，请按以下要求整改：",
        "现责令你单位立即整改下列事项：",
    ],
)
def test_what_an_order_requires_is_a_row_of_measures(lead: str) -> None:
    text = (
        "责令改正通知书\n检查发现你单位存在下列火灾隐患：\n1.疏散通道被占用；\n2.值班人员未取得证书。\n"
        f"{lead}\n（一）清除通道内的堆放物。\n（二）配齐持证值班人员。\n"
    )
    assert [kind for kind, _, _ in linked(text)] == ["P", "P", "M", "M"]
    assert [text[draft.start : draft.end].count("违反") for draft in read(text).drafts] == [0] * 4


@pytest.mark.parametrize(
    "lead", ["就做好下一步工作通知如下：", "现将有关要求明确如下：", "为此，提出以下整改要求："]
)
def test_a_row_of_calls_behind_a_colon_is_a_row_of_measures(lead: str) -> None:
    text = (
        "关于巡查情况的通报\n现将存在问题的项目通报如下：\n● 望江府项目偷工减料。锚栓少于设计。\n"
        f"● 和平里项目实名制流于形式。\n上述问题必须引以为戒。{lead}"
        "一要开展专项检测，11月8日前出具结论；二要立即补齐临边防护；三要严格实名制考勤。\n"
    )
    assert [kind for kind, _, _ in linked(text)] == ["P", "P", "M", "M", "M"]


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("说明：√ 符合，× 不符合", "√ ", "× "),
        ("注：☑ 已落实", "☑", "☒"),
        ("[x] 符合  [ ] 不符合", "[x] ", "[ ] "),
    ],
)
def test_a_line_of_a_checklist_that_is_ticked_as_unmet_is_a_problem(key: str, good: str, bad: str) -> None:
    text = (
        f"食堂日常检查表\n{key}\n{good}从业人员健康证齐全\n{bad}冷藏柜内生熟食品混放\n"
        f"{good}餐具消毒记录完整\n{bad}灭火器压力不足，未按月检查\n"
    )
    assert linked(text) == [("P", "冷藏柜内生熟食品混放", ()), ("P", "灭火器压力不足，未按月检查", ())]


def test_an_empty_box_without_a_key_is_no_fault() -> None:
    text = "Opening checklist\n[x] Doors unlocked and lights switched on\n[ ] Till counted by two people\n"
    assert linked(text) == []


def test_measures_behind_the_last_of_several_faults_are_read_one_by_one() -> None:
    text = (
        "工作总结\n一、主要成绩\n新建书房4座，读者满意度达到96%。一是突出品牌，二是突出下沉，形成了工作模式。\n"
        "二、不足与打算\n工作虽然取得了成绩，但与期盼相比还有差距。古籍数字化进度偏慢。分馆开放不够规范。"
        "新的一年，信息部将加快古籍数字化，上半年完成800册；读者部每月对分馆开放情况进行暗访。\n"
    )
    assert linked(text) == [
        ("P", "古籍数字化进度偏慢", ()),
        ("P", "分馆开放不够规范", ()),
        ("M", "信息部将加快古籍数字化，上半年完成800册", (0,)),
        ("M", "读者部每月对分馆开放情况进行暗访", (1,)),
    ]


def test_measures_below_a_label_or_in_brackets_or_bullets_are_a_row_of_their_own() -> None:
    opinion = (
        "卫生监督意见书\n经现场检查，存在以下问题：\n（1）滤芯超期未更换；\n（2）未配备保健教师。\n"
        "监督意见：\n（1）立即更换滤芯；\n（2）按规定配备专职保健教师。\n"
    )
    briefing = (
        "网络安全检查情况通报\n现将发现的突出问题通报如下：\n【弱口令】市图书馆的系统仍使用默认口令。\n"
        "【数据备份】市博物馆核心数据库无异地备份。\n各单位要举一反三，并落实以下要求：\n"
        "【立即整改】涉事单位3个工作日内修改口令。\n【长效管理】每半年开展一次恢复演练。\n"
    )
    summary = (
        "护理工作总结\n我们也清醒地看到以下不足：首先，护理文书书写不及时；其次，急救技能薄弱。\n"
        "2025年将做好以下几项工作：\n——推行移动护理终端，6月底前上线；\n——每季度组织急救技能考核。\n"
    )
    for text in (opinion, briefing, summary):
        assert [kind for kind, _, _ in linked(text)] == ["P", "P", "M", "M"], text


def test_what_an_audit_found_advises_and_is_answered_is_one_problem_with_its_measure() -> None:
    text = (
        "内部审计报告（摘要）\n审计发现一：采购未履行比价程序\n7笔未见比价记录。\n风险等级：高\n"
        "审计建议：完善采购制度。\n管理层回应：同意。采购部将于10月31日前修订制度。\n"
        "审计发现二：应收账款长期挂账\n账龄三年以上95万元。\n审计建议：逐笔清理。\n管理层回应：同意。财务部年底前完成。\n"
    )
    assert [(kind, owners) for kind, _, owners in owned(text)] == [
        ("P", ()),
        ("M", ("采购部",)),
        ("P", ()),
        ("M", ("财务部",)),
    ]


def owned(text: str) -> list[tuple[str, bool, tuple[str, ...]]]:
    """P or M, whether it is done, and owners of each draft."""
    return [(draft.kind.value[0].upper(), draft.done, draft.owners) for draft in read(text).drafts]


def test_progress_behind_a_label_says_what_is_done_and_its_first_word_is_no_title() -> None:
    text = (
        "考核反馈问题整改进展\n问题1：监测不够精准。 进展：已完成。6月5日前开展集中排查，新纳入4户。\n"
        "问题2：电站停机超20天。 进展：正在推进。已更换逆变器1台，预计7月15日前恢复发电。\n"
    )
    assert [(title, done) for (_, title, _), (_, done, _) in zip(linked(text), owned(text), strict=True)] == [
        ("监测不够精准", False),
        ("6月5日前开展集中排查，新纳入4户", True),
        ("电站停机超20天", False),
        ("已更换逆变器1台，预计7月15日前恢复发电", False),
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "下一步，供水公司将于6月30日前完成管道更换；水泵由物业公司负责更换。",
        "请你县高度重视，6月30日前完成管道更换；水泵由物业公司负责更换。",
    ],
)
def test_a_reply_or_a_letter_tells_its_measures_in_its_next_paragraph(asked: str) -> None:
    text = f"关于水质的回复\n经查，小区管道锈蚀严重，影响水质。另外，二次供水水泵老化，压力不足。\n{asked}\n"
    assert [kind for kind, _, _ in linked(text)] == ["P", "P", "M", "M"]
    assert linked(text)[1][1] == "二次供水水泵老化，压力不足"


def test_a_letter_draws_attention_to_faults_and_then_says_what_to_do() -> None:
    text = (
        "Dear Mr Hall\n\nI visited your premises on 4 June 2025. Your staff were well trained.\n\n"
        "I must draw your attention to the following matters. The hand basin had no hot water. "
        "Raw chicken was stored above cooked ham.\n\n"
        "You need to repair the hot water supply within 14 days. Store raw meat below ready-to-eat food. "
        "Please keep a daily record of fridge temperatures.\n\nYours sincerely\n"
    )
    assert [kind for kind, _, _ in linked(text)] == ["P", "P", "M", "M", "M"]


def test_a_comma_in_a_number_ends_no_title_and_what_nobody_saw_is_a_fault() -> None:
    english = (
        "Procurement audit\n\nWhat we found\nContracts above £50,000 were let without competition. "
        "The register is out of date.\n\n"
        "What management will do\nThe Head of Procurement will publish a form by 31 March 2025.\n"
    )
    assert [title for _, title, _ in linked(english)][:2] == [
        "Contracts above £50,000 were let without competition",
        "The register is out of date",
    ]
    chinese = "会议记录\n一、存在问题\n1、疲劳驾驶抬头；\n2、车队检查走过场，灭火器过期2具未发现；\n"
    assert [title for _, title, _ in linked(chinese)] == [
        "疲劳驾驶抬头",
        "车队检查走过场，灭火器过期2具未发现",
    ]


HEAD = "整改报告\n二、下一步整改措施\n1. "
ENGLISH_HEAD = "Audit report\n5 June 2025\n\nRecommendations\n1. "


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("更换灭火器（责任：后勤科；时限：6月30日）。", ("后勤科",)),
        ("更换灭火器，责任人张明，完成时间6月30日。", ("张明",)),
        ("更换灭火器——后勤科——6月30日前。", ("后勤科",)),
        ("更换破损软管（仓储部），4月25日前。", ("仓储部",)),
        ("仓管员当日清理过期物料。", ("仓管员",)),
        ("配齐值班人员，保证消防控制室全天双人在岗。", ()),
        ("Update the procedure - Finance Director, July 2025.", ("Finance Director",)),
        ("Disable leavers' accounts; the HR Manager is responsible.", ("HR Manager",)),
        ("Line managers and HR will complete overdue reviews.", ("Line managers", "HR")),
        ("Replace the doors. Action: Estates Manager by 30/09/2025", ("Estates Manager",)),
        ("Publish the register (Company Secretary by 1 October).", ("Company Secretary",)),
        ("The Board asked the Clerk to publish minutes.", ("Clerk",)),
        ("Responsibility for the register passes to the Asset Manager.", ("Asset Manager",)),
        ("Head Chef (Maria Lopez) to retrain kitchen staff.", ("Head Chef",)),
        ("The Committee agreed that the Caretaker will replace bulbs.", ("Caretaker",)),
        ("Contracts are to be signed off by the Chief Operating Officer.", ("Chief Operating Officer",)),
        ("You should ask your pest contractor to treat the store.", ("pest contractor",)),
    ],
)
def test_owners_are_found_in_brackets_between_dashes_and_behind_who_asks_them(
    said: str, named: tuple[str, ...]
) -> None:
    (draft,) = read((ENGLISH_HEAD if said.isascii() else HEAD) + said + "\n").drafts
    assert draft.owners == named


def test_a_column_of_numbers_is_no_column_of_problems() -> None:
    chinese = (
        "采购专项审计情况表\n问题编号\t问题描述\t整改建议\t经办部门\t预计完成\n"
        "A1\t未公开招标直接委托\t补充制度\t采购中心\t2025年3月\nA2\t验收单无签字\t完善流程\t资产处\t2025-04-30\n"
    )
    english = (
        "| Ref | What we found | Agreed action | By whom | By when |\n|---|---|---|---|---|\n"
        "| 1 | Bank details changed without call-back | Introduce checks | Accounts Lead | 30 Apr 2025 |\n"
        "| 2 | Two dormant cards not cancelled | Cancel cards | Treasury | 31 May 2025 |\n"
    )
    assert [(kind, owners) for kind, _, owners in owned(chinese)] == [
        ("P", ()),
        ("M", ("采购中心",)),
        ("P", ()),
        ("M", ("资产处",)),
    ]
    assert linked(english)[0] == ("P", "Bank details changed without call-back", ())
    assert [kind for kind, _, _ in linked(english)] == ["P", "M", "P", "M"]


def test_what_somebody_answers_or_promises_is_a_row_of_measures() -> None:
    answered = (
        "工程例会纪要\n一、监理单位提出的问题：\n1. 垫块缺失，局部露筋；\n2. 拉杆螺栓松动。\n"
        "施工单位答复：\n1. 露筋部位本周四前修补；\n2. 立即停用塔吊。\n"
    )
    assert [kind for kind, _, _ in linked(answered)] == ["P", "P", "M", "M"]
    promised = "食堂整改承诺书\n我单位高度重视，现承诺如下：\n1.3月25日前安装防蝇帘；\n2.即日起每餐留样。\n"
    assert [kind for kind, _, _ in linked(promised)] == ["M", "M"]
    assert linked(promised.replace("整改承诺书", "安全承诺书")) == []


def test_faults_in_a_row_of_small_roman_numbers_are_read_one_by_one() -> None:
    text = (
        "Governors' visit report\nDate: 12 May 2025\n"
        "What needs attention: (i) two plans have not been reviewed; (ii) parents did not know whom to ask; "
        "(iii) the sensory room is used as a store.\n"
        "Agreed actions: SENCO to review both plans by half term; site manager to clear the room.\n"
    )
    assert [kind for kind, _, _ in linked(text)] == ["P", "P", "P", "M", "M"]
