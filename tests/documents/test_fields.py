"""Deadlines, owners and links: what a measure says of by when, by whom and in answer to what."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.dates import days
from documents.deadlines import in_words, labelled
from documents.drafts import read
from documents.owners import listed, owners
from rules.deadlines import TimeLimit

REPORTED = date(2023, 6, 30)


def by_when(words: str) -> tuple[str, date | None, TimeLimit]:
    found = in_words(words, 0, len(words), REPORTED)
    return found.text, found.on, found.time_limit


@pytest.mark.parametrize(
    ("words", "text", "on"),
    [
        ("9月底前完成全部整改", "9月底前", date(2023, 9, 30)),
        ("3月底前完成", "3月底前", date(2024, 3, 31)),
        ("从现在起到8月底，逐一排查", "8月底", date(2023, 8, 31)),
        ("2024年2月底前", "2024年2月底前", date(2024, 2, 29)),
        ("力争10月15日前建成", "10月15日前", date(2023, 10, 15)),
        ("三季度完成验收", "三季度", date(2023, 9, 30)),
        ("年底前完成", "年底前", date(2023, 12, 31)),
        ("明年3月底前完成", "明年3月底前", date(2024, 3, 31)),
        ("2023年7月底前完成排查，9月底前完成整改", "9月底前", date(2023, 9, 30)),
        ("provide training by the end of October 2023", "October 2023", date(2023, 10, 31)),
        ("report by 5 May 2024", "5 May 2024", date(2024, 5, 5)),
    ],
)
def test_a_fixed_deadline_is_the_last_day_of_what_is_said_and_the_latest_wins(
    words: str, text: str, on: date
) -> None:
    assert by_when(words) == (text, on, TimeLimit.FIXED)


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("一周内购置到位", TimeLimit.FIXED),
        ("暑假前完成加高", TimeLimit.FIXED),
        ("立即清理通道", TimeLimit.IMMEDIATE),
        ("即日起双人校核", TimeLimit.IMMEDIATE),
        ("每天抽查，有问题立即整改", TimeLimit.RECURRING),
        ("每季度对账一次", TimeLimit.RECURRING),
        ("作为经常性工作长期坚持", TimeLimit.LONG_TERM),
        ("尽快完善制度", TimeLimit.NONE),
        ("逐步推进、适时总结", TimeLimit.NONE),
        ("建立“日监测、每周分析”机制", TimeLimit.NONE),
        ("对2023年2月以来的数据进行核查", TimeLimit.NONE),
        ("制定2024年度项目目标", TimeLimit.NONE),
    ],
)
def test_words_without_a_day_say_which_kind_of_limit_it_is(words: str, limit: TimeLimit) -> None:
    assert (by_when(words)[1], by_when(words)[2]) == (None, limit)


def test_a_day_without_a_year_and_without_a_date_to_go_by_stays_open() -> None:
    assert in_words("9月底前完成", 0, 6, None).on is None


def test_a_labelled_deadline_ends_before_the_next_label() -> None:
    words = "（牵头部门：排水公司；完成时限：2023年10月底前，责任人：李工）"
    found = labelled(words, 0, len(words), None)
    assert found is not None
    assert (found[0].text, found[0].on) == ("2023年10月底前", date(2023, 10, 31))


@given(st.dates(date(2000, 1, 1), date(2098, 12, 31)), st.integers(1, 12), st.integers(1, 28))
def test_a_day_without_its_year_is_the_next_one_after_the_report(after: date, month: int, day: int) -> None:
    words = f"{month}月{day}日前"
    (found,) = days(words, 0, len(words), after)
    assert (found.on.month, found.on.day) == (month, day)
    assert after < found.on <= after + timedelta(days=366)


def who(words: str) -> tuple[str, ...]:
    return owners(words, 0, len(words))


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("此项工作由质量科负责", ("质量科",)),
        ("由区住建局、区城投公司负责，年底前完成", ("区住建局", "区城投公司")),
        ("由检验科、财务科共同测算", ("检验科", "财务科")),
        ("安排值班教师和家长志愿者设岗疏导", ("值班教师", "家长志愿者")),
        ("市住建局要会同人社、公安等部门核查", ("市住建局",)),
        ("区机关事务管理局牵头开展资产清查", ("区机关事务管理局",)),
        ("整改措施：更换线路。责任单位：后勤科 责任人：王工", ("后勤科", "王工")),
        ("（牵头部门：管网公司；配合部门：营业公司、信息中心）", ("管网公司", "营业公司", "信息中心")),
        ("责任单位：区农业农村局、各镇街", ("区农业农村局",)),
        ("成立由设备科、财务科组成的验收小组", ()),
        ("请交警部门施划标线，并向市场监管所反映", ()),
        ("我局将加强管理，各单位要抓好落实", ()),
        ("不断教育引导党员干部坚定信念", ()),
        ("The deputy headteacher will meet families", ("deputy headteacher",)),
        ("Agree. The P-Card Administrator will suspend the cards", ("P-Card Administrator",)),
        ("J. Carter to replace scaffold tags", ("J. Carter",)),
        ("Management will improve controls", ()),
        ("Owner: HR Manager, Production Manager", ("HR Manager", "Production Manager")),
    ],
)
def test_owners_are_those_named_to_do_it(words: str, named: tuple[str, ...]) -> None:
    assert who(words) == named


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("区住建局牵头，区水务局、城关街道配合，对管网逐段整改。", ("区住建局", "区水务局", "城关街道")),
        ("完善巡查台账。区住建局、区水务局按职责分工负责。", ("区住建局", "区水务局")),
        ("完善巡查台账（区住建局牵头，区水务局配合）。", ("区住建局", "区水务局")),
        ("完善巡查台账，责任单位为区住建局。", ("区住建局",)),
        ("主办单位：区教育局，协办单位：区卫健委。配齐药品。", ("区教育局", "区卫健委")),
        ("校医室配齐药品，区教育局主办，区卫健委协办。", ("区教育局", "区卫健委")),
        ("药品补齐由区教育局和区卫健委共同负责。", ("区教育局", "区卫健委")),
        ("责成城关镇政府立即清运积存垃圾。", ("城关镇政府",)),
        ("立即上门核查，组织业务培训。（经济发展局）", ("经济发展局",)),
        ("教育科会同总务科逐班核对名册。", ("教育科",)),
        ("监督各科室按月报送台账。", ()),
        ("安排湖面巡护队驾船巡查。", ("湖面巡护队",)),
        ("由水费中心直接抄表到户。", ("水费中心",)),
        ("各街道要逐户登记，补齐台账。", ()),
        ("Replace the hoses (lead: Fleet Team; support: Stores).", ("Fleet Team", "Stores")),
        ("The Finance Department will reconcile all accounts.", ("Finance Department",)),
        ("All accounts will be checked weekly by the Audit Team.", ("Audit Team",)),
        ("Responsible: Head of Estates. Repair the roof.", ("Head of Estates",)),
        ("Responsible: Dr. Mary Hill", ("Dr. Mary Hill",)),
    ],
)
def test_owners_are_found_in_every_usual_way_of_naming_them(words: str, named: tuple[str, ...]) -> None:
    assert who(words) == named


def test_a_name_that_holds_a_joining_word_is_not_cut() -> None:
    assert list(listed("共和镇政府、设备科和财务科")) == ["共和镇政府", "设备科", "财务科"]


def answers(text: str) -> list[tuple[int, ...]]:
    return [draft.addresses for draft in read(text).drafts if draft.kind.value == "measure"]


def test_a_measure_answers_the_problem_with_which_it_shares_its_words_in_any_order() -> None:
    text = (
        "一、存在问题\n1.燃气管道老化。\n2.档案记录缺失。\n"
        "二、整改措施\n1.补齐档案记录。\n2.更换燃气管道。\n3.丰富文体活动。\n"
    )
    assert answers(text) == [(1,), (0,), ()]


def test_a_measure_without_shared_words_between_two_matched_ones_answers_by_order() -> None:
    text = (
        "一、存在问题\n1.燃气管道老化。\n2.服务拖沓。\n3.档案记录缺失。\n"
        "二、整改措施\n1.更换燃气管道。\n2.推行首问负责制。\n3.补齐档案记录。\n"
    )
    assert answers(text) == [(0,), (1,), (2,)]


def test_as_many_measures_as_groups_of_problems_answer_group_by_group() -> None:
    text = (
        "一、存在问题\n1.采购方面\n①需求不清。\n②合同拖延。\n2.验收方面\n①走过场。\n"
        "二、整改措施\n1.规范采购。\n2.严格验收。\n"
    )
    assert answers(text) == [(0, 1), (2,)]
