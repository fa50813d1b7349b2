"""Minutes by topic, orders, checklists and closing paragraphs, and what is read of them."""

import pytest

from documents.drafts import read


def told(text: str) -> list[tuple[str, str, tuple[int, ...]]]:
    """P or M, title, and the places of what a measure answers."""
    return [(draft.kind.value[0].upper(), draft.title, draft.addresses) for draft in read(text).drafts]


@pytest.mark.parametrize("said", ["会议议定：", "会议决定：", "会议明确：", "会议一致商定："])
@pytest.mark.parametrize("number", ["议题一：", "议题1：", "一、", "（一）"])
def test_what_is_wrong_with_a_topic_of_minutes_is_parted_from_what_was_ruled(number: str, said: str) -> None:
    second = number.replace("一", "二").replace("1", "2")
    text = (
        "小区物业联席会议纪要\n"
        f"{number}地下车库渗水\n伸缩缝3处渗漏，5户车辆受损。{said}由工程部6月30日前完成堵漏。\n"
        f"{second}路灯损坏\n东区12盏路灯不亮，居民多次投诉。{said}城管科联系供电公司维修，月底前完成。\n"
    )
    assert told(text) == [
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
    assert told(text) == [("P", "叉车司机持证", ()), ("M", "人事部立即安排复审，复审前不得上岗", (0,))]


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
    assert [kind for kind, _, _ in told(text)] == ["P", "P", "M", "M"]
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
    assert [kind for kind, _, _ in told(text)] == ["P", "P", "M", "M", "M"]


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
    assert told(text) == [("P", "冷藏柜内生熟食品混放", ()), ("P", "灭火器压力不足，未按月检查", ())]


def test_an_empty_box_without_a_key_is_no_fault() -> None:
    text = "Opening checklist\n[x] Doors unlocked and lights switched on\n[ ] Till counted by two people\n"
    assert told(text) == []


def test_measures_behind_the_last_of_several_faults_are_read_one_by_one() -> None:
    text = (
        "工作总结\n一、主要成绩\n新建书房4座，读者满意度达到96%。一是突出品牌，二是突出下沉，形成了工作模式。\n"
        "二、不足与打算\n工作虽然取得了成绩，但与期盼相比还有差距。古籍数字化进度偏慢。分馆开放不够规范。"
        "新的一年，信息部将加快古籍数字化，上半年完成800册；读者部每月对分馆开放情况进行暗访。\n"
    )
    assert told(text) == [
        ("P", "古籍数字化进度偏慢", ()),
        ("P", "分馆开放不够规范", ()),
        ("M", "信息部将加快古籍数字化，上半年完成800册", (0,)),
        ("M", "读者部每月对分馆开放情况进行暗访", (1,)),
    ]
