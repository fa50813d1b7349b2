"""Once a week, leaders and coordinators hear how their line stands."""

import re
from datetime import date, datetime

import pytest
from offices import PROOF, ZONE, Bureau
from sqlalchemy import event, update

from models.message import Message, MessageState
from models.organisation import Grant
from models.session import writing
from rules.lifecycle import Move
from rules.overview import OverviewPolicy
from rules.permissions import Role
from rules.planning import Guard
from services import weekly_overviews
from services.organisation import person_by_email, unit_by_code

P01, P02, M01, M02 = "2026H1-P01", "2026H1-P02", "2026H1-M01", "2026H1-M02"
MONDAY = date(2026, 9, 28)
IS_OVERVIEW = Message.letter == "overview"


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, 30, tzinfo=ZONE)


def plan(bureau: Bureau, day: date) -> int:
    with writing(bureau.engine) as session:
        return weekly_overviews.plan(session, bureau.office, day, now=morning(day))


def readers(bureau: Bureau) -> list[str]:
    return [bureau.email(message.person_id) for message in bureau.messages(IS_OVERVIEW)]


def text_for(bureau: Bureau, who: str) -> str:
    (found,) = [m.text for m in bureau.messages(IS_OVERVIEW) if bureau.email(m.person_id) == who]
    return found


def references(text: str) -> list[str]:
    return re.findall(r"(?m)^\d\. \[(.*?)\]", text)


@pytest.fixture
def busy(bureau: Bureau) -> Bureau:
    """One item is late, one due within a fortnight, one handed in, one closed the week before."""
    bureau.new_item(P01, due_on=date(2026, 9, 18))
    bureau.new_item(P02, owner="stranger", due_on=date(2026, 10, 9))
    for reference, day in ((M01, date(2026, 9, 28)), (M02, date(2026, 9, 22))):
        bureau.new_item(reference, due_on=date(2026, 12, 31))
        bureau.act(reference, Move.ACKNOWLEDGE, "owner")
        bureau.act(reference, Move.SUBMIT, "owner", morning(day), evidence=(PROOF,))
    bureau.act(M02, Move.APPROVE, "coordinator", morning(date(2026, 9, 23)))
    return bureau


def test_each_leader_and_coordinator_gets_one_letter_a_week_however_often_it_is_planned(busy: Bureau) -> None:
    assert [plan(busy, MONDAY), plan(busy, MONDAY), plan(busy, date(2026, 9, 30))] == [2, 0, 0]
    assert sorted(readers(busy)) == ["coordinator", "leader"]
    keys = {message.key.rpartition(":")[0] for message in busy.messages(IS_OVERVIEW)}
    assert keys == {"overview:2026-W40"}


def test_a_week_whose_monday_was_missed_has_its_overview_later(busy: Bureau) -> None:
    assert plan(busy, date(2026, 9, 30)) == 2
    assert {message.day for message in busy.messages(IS_OVERVIEW)} == {date(2026, 9, 30)}


def test_the_policy_says_from_which_day_of_the_week_on_and_whether_at_all(busy: Bureau) -> None:
    wednesday = busy.with_policy(overview=OverviewPolicy(weekday=3))
    never = busy.with_policy(overview=OverviewPolicy(weekday=0))
    assert [plan(never, MONDAY), plan(wednesday, MONDAY), plan(wednesday, date(2026, 9, 30))] == [0, 0, 2]


def test_an_overview_that_never_went_out_gives_way_to_the_next_and_a_sent_one_stays(busy: Bureau) -> None:
    plan(busy, MONDAY)
    first, second = (message.id for message in busy.messages(IS_OVERVIEW))
    with writing(busy.engine) as session:
        session.execute(update(Message).where(Message.id == first).values(state=MessageState.SENT))
    assert plan(busy, date(2026, 10, 5)) == 2
    found = {message.id: (message.state, message.last_answer) for message in busy.messages(IS_OVERVIEW)}
    assert found.pop(first) == (MessageState.SENT, "")
    assert found.pop(second) == (MessageState.CANCELLED, "superseded by the overview of 2026-10-05")
    assert [state for state, _ in found.values()] == [MessageState.PLANNED] * 2


FIGURES = """\
截至2026年9月28日 星期一，云州市住建局整改情况如下：

未办结 3 项，其中已逾期 1 项
2026年10月12日及以前到期 1 项
待审核 1 项，上周销号 1 项
"""
BY_UNIT = [
    "质量安全科：未办结 2 项，已逾期 1 项，即将到期 0 项，待审核 1 项，上周销号 1 项",
    "住房保障科：未办结 1 项，已逾期 0 项，即将到期 1 项，待审核 0 项，上周销号 0 项",
]


def test_it_tells_how_the_line_stands_as_a_whole_and_by_unit(busy: Bureau) -> None:
    plan(busy, MONDAY)
    text = text_for(busy, "leader")
    assert text.partition("\n\n")[2].startswith(FIGURES)
    assert re.findall(r"(?m)^.*：未办结.*$", text) == BY_UNIT
    assert references(text) == [M01, P01]  # to verify, then late


def test_what_was_closed_in_the_week_itself_belongs_to_the_next_overview(busy: Bureau) -> None:
    busy.act(M01, Move.APPROVE, "coordinator", morning(MONDAY))
    plan(busy, MONDAY)
    plan(busy, date(2026, 10, 5))
    closed = [re.findall(r"(?m)^待审核.*上周销号 (\d) 项", m.text)[0] for m in busy.messages(IS_OVERVIEW)]
    assert closed == ["1", "1", "1", "1"]


def test_whoever_leads_one_unit_reads_of_that_unit_alone(busy: Bureau) -> None:
    with writing(busy.engine) as session:
        person, unit = person_by_email(session, "auditor@office.example"), unit_by_code(session, "HOUSING")
        session.add(Grant(person_id=person.id, role=Role.LEADER, unit_id=unit.id))
    assert plan(busy, MONDAY) == 3
    text = text_for(busy, "auditor")
    assert text.splitlines()[2:5] == [
        "截至2026年9月28日 星期一，住房保障科整改情况如下：",
        "",
        "未办结 1 项，其中已逾期 0 项",
    ]
    assert (references(text), re.findall("：未办结", text)) == ([], [])


def test_whoever_leads_two_units_reads_of_both_side_by_side(busy: Bureau) -> None:
    with writing(busy.engine) as session:
        person = person_by_email(session, "auditor@office.example")
        for code in ("HOUSING", "SAFETY"):
            unit = unit_by_code(session, code)
            session.add(Grant(person_id=person.id, role=Role.LEADER, unit_id=unit.id))
    plan(busy, MONDAY)
    text = text_for(busy, "auditor")
    assert text.splitlines()[2] == "截至2026年9月28日 星期一，您联系的各单位整改情况如下："
    assert re.findall(r"(?m)^.*：未办结.*$", text) == BY_UNIT


def test_a_request_waits_for_those_who_may_decide_it_with_what_is_asked_for(busy: Bureau) -> None:
    busy.act(P02, Move.REQUEST_EXTENSION, "stranger", due_on=date(2026, 11, 2), note="资料未到")
    busy.act(P02, Move.REQUEST_CANCELLATION, "stranger", note="重复")
    plan(busy, MONDAY)
    text = text_for(busy, "coordinator")
    assert re.findall(r"(?m)^   (申请内容.*)$", text) == [
        "申请内容：延期至2026年11月2日 星期一",
        "申请内容：撤销该事项",
    ]
    assert references(text) == [M01, P02, P01]


def test_only_the_most_pressing_are_named_and_all_are_counted(busy: Bureau) -> None:
    busy.act(P02, Move.ACKNOWLEDGE, "stranger")
    busy.act(P02, Move.SUBMIT, "stranger", evidence=(PROOF,))
    plan(busy.with_policy(overview=OverviewPolicy(named=1)), MONDAY)
    text = text_for(busy, "leader")
    assert re.findall(r"(?m)^== (请您审核.*?) ==$", text) == ["请您审核（2 项）"]
    assert references(text) == [P02, P01]
    assert text.count("此处仅列出最紧急的事项。") == 1


def test_whose_line_has_nothing_to_tell_gets_no_letter(bureau: Bureau) -> None:
    bureau.take_in()  # drafts are nobody's yet
    assert plan(bureau, MONDAY) == 0


def test_the_flood_guard_neither_counts_nor_holds_overviews(busy: Bureau) -> None:
    strict = busy.with_policy(guard=Guard(first=0))
    with writing(strict.engine) as session:
        planned = weekly_overviews.plan_morning(session, strict.office, MONDAY, now=morning(MONDAY))
    assert (planned.overviews, planned.messages, planned.held) == (2, planned.held, planned.messages)
    held = {message.letter: message.held for message in busy.messages(Message.day == MONDAY)}
    assert held == {"digest": True, "escalation": True, "overview": False}


def test_what_it_costs_does_not_depend_on_the_number_of_items(bureau: Bureau) -> None:
    asked: list[int] = []

    def ask(*_: object) -> None:
        asked[-1] += 1

    event.listen(bureau.engine, "before_cursor_execute", ask)
    for reference, day in ((P01, MONDAY), (P02, date(2026, 10, 5))):
        asked.append(0)
        bureau.new_item(reference, due_on=date(2026, 9, 18))
        asked.append(0)
        plan(bureau, day)
    event.remove(bureau.engine, "before_cursor_execute", ask)
    assert asked[1] == asked[3]
