import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from documents.ledger import Ledger, LedgerRow
from documents.next_report import Paragraph, compose
from rules.deadlines import TimeLimit
from rules.lifecycle import OPEN, Kind, State

Rows = Callable[..., LedgerRow]
Ledgers = Callable[..., Ledger]

CHINESE = """\
云溪市住房局2026年下半年整改工作情况报告
现将云溪市住房局2026年下半年整改工作情况报告如下，数据截至2026年12月31日24时（已封存第2版）。
一、工作落实情况
在册整改事项6项（问题3项、措施3项），其中本期新增6项；已销号2项，持续整改1项，不适用0项，逾期1项，获批延期1次。\
整改完成率40.00%（2/5，另有不适用、长期和无期限事项1项不计入）；按期完成率33.33%（1/3）。
（一）房屋安全管理科。在册3项，已销号1项，逾期1项，获批延期1次。整改完成率33.33%（1/3）；按期完成率0.00%（0/2）。
2026H1-M02：完善信息系统。2026年11月5日销号，佐证材料：未登记。
（二）市政科。在册3项，已销号1项，逾期0项，获批延期0次。\
整改完成率50.00%（1/2，另有不适用、长期和无期限事项1项不计入）；按期完成率100.00%（1/1）。
2026H1-P02：井盖缺损处置不及时。2026年9月20日销号，佐证材料：处置记录.pdf、现场照片.jpg。
二、存在的主要问题
未办结问题2项，其中逾期1项。
（一）危旧房屋底数不清。部分街道未建立动态台账。该问题编号2026H1-P01，责任人：房屋安全管理科张某。\
整改时限：2026年9月30日，到期未完成，已逾期92天。目前状态：整改中，进度60%。\
最近一次报告称“已完成九个街道的排查”。对应措施为2026H1-M01。
（二）业务融合不深。该问题编号2026H1-P03，责任人：市政科李某。整改时限：长期坚持。目前状态：持续整改，进度60%。
三、下一步工作安排
（一）开展拉网式排查。逐栋建立台账。由房屋安全管理科张某负责，刘某配合，2027年3月31日前完成（经批准延期）。\
编号2026H1-M01，对应问题2026H1-P01。
（二）每季度巡查一次。由市政科负责，2027年6月30日前完成。编号2026H1-M03。
附件：整改台账"""

ENGLISH_NEXT_STEPS = """\
III. Next steps
1. 开展拉网式排查. 逐栋建立台账. Owner: 张某 (房屋安全管理科); supported by 刘某. \
Due: 31 March 2027 (extended). Reference 2026H1-M01, answers 2026H1-P01.
2. 每季度巡查一次. Owner: 市政科. Due: 30 June 2027. Reference 2026H1-M03.
Annex: rectification ledger"""


def lines(paragraphs: tuple[Paragraph, ...]) -> list[str]:
    return [paragraph.text for paragraph in paragraphs]


def under(ledger: Ledger, heading: str) -> list[str]:
    """The paragraphs between one heading of the first level and the next."""
    texts, found = {}, ""
    for paragraph in compose(ledger, "zh_CN"):
        if paragraph.level == 1:
            found = paragraph.text
        texts.setdefault(found, []).append(paragraph.text)
    return texts[heading][1:]


def test_the_next_report_says_what_the_ledger_says(office: Ledger) -> None:
    assert lines(compose(office, "zh_CN")) == CHINESE.split("\n")


def test_the_english_report_has_the_same_structure(office: Ledger) -> None:
    english, chinese = compose(office, "en"), compose(office, "zh_CN")
    shape = [(paragraph.level, paragraph.references) for paragraph in english]
    assert shape == [(paragraph.level, paragraph.references) for paragraph in chinese]
    assert lines(english)[-4:] == ENGLISH_NEXT_STEPS.split("\n")


@pytest.mark.parametrize(("number", "kind"), [("二", Kind.PROBLEM), ("三", Kind.MEASURE)])
def test_every_open_item_stands_once_under_its_own_number(office: Ledger, number: str, kind: Kind) -> None:
    heading = {"二": "二、存在的主要问题", "三": "三、下一步工作安排"}[number]
    read = [re.match(r"（.）(.+?)。", text) for text in under(office, heading)]
    titles = [found[1] for found in read if found]
    assert titles == [row.title for row in office.rows if row.kind is kind and row.state in OPEN]


def test_every_number_leads_back_to_its_items(office: Ledger) -> None:
    references = {paragraph.text[:4]: paragraph.references for paragraph in compose(office, "zh_CN")}
    everything = tuple(sorted(row.reference for row in office.rows))
    assert references["在册整改"] == everything
    assert references["（一）房"] == ("2026H1-M01", "2026H1-M02", "2026H1-P01")
    assert references["（二）市"] == ("2026H1-M03", "2026H1-P02", "2026H1-P03")


def test_the_heading_of_an_item_is_its_number_and_title(office: Ledger) -> None:
    headings = [found.text[: found.heading] for found in compose(office, "en") if found.level == 2]
    assert headings == [
        "1. 房屋安全管理科.",
        "2. 市政科.",
        "1. 危旧房屋底数不清.",
        "2. 业务融合不深.",
        "1. 开展拉网式排查.",
        "2. 每季度巡查一次.",
    ]


def test_an_empty_period_says_so_in_each_section(make_ledger: Ledgers) -> None:
    assert lines(compose(make_ledger(), "zh_CN"))[2:] == [
        "一、工作落实情况",
        "本期无在册整改事项。",
        "二、存在的主要问题",
        "本期无未办结问题。",
        "三、下一步工作安排",
        "本期无未办结措施。",
        "附件：整改台账",
    ]


def test_a_ledger_that_is_not_sealed_is_not_called_sealed(office: Ledger) -> None:
    lead = compose(replace(office, sealed=False, sha256=""), "zh_CN")[1]
    assert lead.text == (
        "现将云溪市住房局2026年下半年整改工作情况报告如下，数据截至2026年12月31日24时（尚未封存）。"
    )


def test_drafts_and_cancelled_items_are_nobodys_next_step(make_row: Rows, make_ledger: Ledgers) -> None:
    ledger = make_ledger(
        make_row(state=State.DRAFT, opened_on=None),
        make_row(reference="2026H1-P09", state=State.CANCELLED, ended_on=date(2026, 8, 1)),
    )
    assert under(ledger, "二、存在的主要问题") == ["本期无未办结问题。"]


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (date(2026, 12, 31), "应于2026年12月31日前完成，现已到期"),
        (date(2026, 12, 30), "应于2026年12月30日前完成，已逾期1天"),
        (None, "完成时限待明确"),
    ],
)
def test_a_measure_says_how_late_it_is(
    make_row: Rows, make_ledger: Ledgers, due_on: date | None, words: str
) -> None:
    measure = make_row(
        kind=Kind.MEASURE,
        quote="",
        due_on=due_on,
        original_due_on=due_on,
        time_limit=TimeLimit.NONE,
        answers=(),
    )
    assert under(make_ledger(measure), "三、下一步工作安排")[0] == (
        f"（一）危旧房屋底数不清。由房屋安全管理科张某负责，{words}。编号2026H1-P01。"
    )


def test_a_deadline_on_the_last_day_is_missed_by_no_whole_day(make_row: Rows, make_ledger: Ledgers) -> None:
    last = date(2026, 12, 31)
    problem = make_row(quote="", due_on=last, original_due_on=last, last_word="", answers=())
    assert under(make_ledger(problem), "二、存在的主要问题")[1] == (
        "（一）危旧房屋底数不清。该问题编号2026H1-P01，责任人：房屋安全管理科张某。"
        "整改时限：2026年12月31日，到期未完成。目前状态：整改中，进度60%。"
    )


def test_a_problem_that_was_reported_before_is_named_so(make_row: Rows, make_ledger: Ledgers) -> None:
    again = make_row(quote="", last_word="", answers=(), repeats=("2025H2-P04",))
    once = make_row(reference="2026H1-P02", title="井盖缺损", quote="", last_word="", answers=())
    ledger = make_ledger(again, once)
    lead, first, second = under(ledger, "二、存在的主要问题")
    assert lead == "未办结问题2项，其中逾期2项，此前已报告过同类问题的1项。"
    assert first.endswith("目前状态：整改中，进度60%。此前已报告过同类问题，编号2025H2-P04。")
    assert second.endswith("目前状态：整改中，进度60%。")


def test_items_stand_in_the_order_of_their_units(make_row: Rows, make_ledger: Ledgers) -> None:
    ledger = make_ledger(
        make_row(reference="A", title="甲", unit="J2"),
        make_row(reference="B", title="乙", unit="J11"),
        make_row(reference="C", title="丙", unit="J"),
    )
    found = [paragraph.references for paragraph in compose(ledger, "zh_CN") if paragraph.level == 2]
    assert found[3:] == [("C",), ("B",), ("A",)]
