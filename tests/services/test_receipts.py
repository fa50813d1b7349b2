import re
import threading
from dataclasses import replace
from datetime import date, datetime, timedelta

from offices import MONDAY, PROOF, ZONE, Bureau
from sqlalchemy import select

from models.message import Message, MessageState
from models.organisation import Grant, Person, Unit
from models.session import writing
from notifications import outbox
from notifications.smtp import Answer, Ruling
from rules.lifecycle import Move
from rules.permissions import Role
from rules.planning import Guard
from rules.watch import Loop
from rules.working_days import Calendar
from services import receipts, reminders, runs
from services.receipts import Written

P01, P02, M01 = "2026H1-P01", "2026H1-P02", "2026H1-M01"
TAKEN = Answer(Ruling.SENT, "250 queued")
NOBODY = Answer(Ruling.DEAD, "550 no such user")
LATER = Answer(Ruling.RETRY, "451 try again later")
TUESDAY = date(2026, 7, 7)
DAY = timedelta(days=1)


def at(day: date, hour: int = 17) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 2, tzinfo=ZONE)


def write(bureau: Bureau, day: date, hour: int = 17) -> Written:
    with writing(bureau.engine) as session:
        return receipts.write(session, bureau.office, day, now=at(day, hour))


def plan(bureau: Bureau, day: date) -> None:
    with writing(bureau.engine) as session:
        reminders.plan(session, bureau.office, day, now=at(day, 8))


def deliver(bureau: Bureau, day: date, answer: Answer, most: int = 1000) -> int:
    """As if the mail server had given this answer to the letters that wait, `most` of them."""
    count = 0
    with writing(bureau.engine) as session:
        while count < most and (message := outbox.claim(session, "test", at(day, 9), timedelta(minutes=3))):
            outbox.settle(session, message, answer, at(day, 9))
            count += 1
    return count


def alive(bureau: Bureau, day: date) -> None:
    """Every loop ran that morning."""
    with writing(bureau.engine) as session:
        for loop in Loop:
            runs.keep(session, loop, day, at(day, 8), {"held": 0, "messages": 1})


def text(bureau: Bureau, day: date, who: str = "coordinator") -> list[str]:
    """What the receipt of the day tells this person, line by line."""
    found = [
        message.text
        for message in bureau.messages(Message.letter == "receipt", Message.day == day)
        if bureau.email(message.person_id) == who
    ]
    return [line for letter in found for line in re.findall(r"(?m)^- (.*)$", letter)]


def subject(bureau: Bureau, day: date) -> str:
    [message] = bureau.messages(Message.letter == "receipt", Message.day == day)
    return message.subject.partition("：")[2]


def appoint(bureau: Bureau, who: str, unit: str) -> None:
    with writing(bureau.engine) as session:
        person = session.scalars(select(Person).where(Person.email == f"{who}@office.example")).one()
        of = session.scalars(select(Unit).where(Unit.code == unit)).one()
        session.add(Grant(person_id=person.id, role=Role.COORDINATOR, unit_id=of.id))


def test_a_day_on_which_nothing_happened_still_brings_a_receipt_and_says_so(bureau: Bureau) -> None:
    alive(bureau, TUESDAY)
    assert write(bureau, TUESDAY) == Written(1, 0, 0)
    assert subject(bureau, TUESDAY) == "一切正常"


def test_a_second_run_on_the_day_writes_no_second_receipt(bureau: Bureau) -> None:
    write(bureau, TUESDAY)
    assert write(bureau, TUESDAY, hour=18) == Written(0, 0, 0)
    assert [m.key for m in bureau.messages(Message.letter == "receipt")] == ["receipt:2026-07-07:2"]


def test_two_runs_at_one_time_write_one_receipt(bureau: Bureau) -> None:
    threads = [threading.Thread(target=write, args=(bureau, TUESDAY)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(bureau.messages(Message.letter == "receipt")) == 1


def test_who_begins_to_coordinate_after_the_days_receipt_gets_theirs_the_day_after(bureau: Bureau) -> None:
    write(bureau, TUESDAY)
    appoint(bureau, "stranger", "HOUSING")
    assert write(bureau, TUESDAY, hour=18).receipts == 0
    assert write(bureau, TUESDAY + DAY).receipts == 2


def test_each_letter_is_told_in_one_receipt_whenever_it_went_out(bureau: Bureau) -> None:
    for reference in (P01, P02, M01):
        bureau.new_item(reference)
    told = []
    for number in range(4):
        day = TUESDAY + number * DAY
        deliver(bureau, day, TAKEN, most=1)
        told.append(write(bureau, day).sent)
        deliver(bureau, day, TAKEN, most=1)
    deliver(bureau, day, TAKEN)
    told.append(write(bureau, day + DAY).sent)
    # Three assignments and four receipts: each receipt is told in the one after it.
    assert (told, sum(told)) == ([1, 2, 2, 1, 1], 7)
    assert len(bureau.messages(Message.state == MessageState.SENT, Message.told_at.is_(None))) == 0


def test_a_letter_that_reached_nobody_is_named_once_with_its_reader_and_the_reason(bureau: Bureau) -> None:
    bureau.new_item(P01)
    deliver(bureau, TUESDAY, NOBODY)
    assert write(bureau, TUESDAY) == Written(1, 0, 1)
    [line] = [line for line in text(bureau, TUESDAY) if "@" in line]
    assert line == "安全科员 <owner@office.example>：2026年7月6日的交办通知无法投递（550 no such user）"
    write(bureau, TUESDAY + DAY)
    assert [line for line in text(bureau, TUESDAY + DAY) if "@" in line] == []


def test_letters_that_wait_that_were_refused_for_now_and_that_are_held_are_counted_apart(
    bureau: Bureau,
) -> None:
    careful = bureau.with_policy(guard=Guard(first=0))
    careful.new_item(P01, due_on=date(2026, 7, 10))
    deliver(careful, TUESDAY, LATER, most=1)
    careful.new_item(P02)
    plan(careful, date(2026, 7, 9))
    write(careful, date(2026, 7, 9))
    held = len(careful.messages(Message.held))
    assert held > 0
    assert text(careful, date(2026, 7, 9))[5:9] == [
        "发出邮件 0 封。",
        "待发邮件 1 封。",
        "邮件服务器暂未接收 1 封，系统将自动重试。",
        f"{held} 封邮件超出单次发送上限，已暂缓；核实后用 rectify remind --confirm 放行。",
    ]


def test_what_waits_is_what_the_pages_count_for_this_coordinator(bureau: Bureau) -> None:
    bureau.new_item(P01)
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    bureau.act(P01, Move.SUBMIT, "owner", evidence=(PROOF,))
    bureau.new_item(P02)
    bureau.act(P02, Move.REQUEST_EXTENSION, "owner", due_on=date(2026, 11, 30), note="理由")
    write(bureau, TUESDAY)
    found = [line for line in text(bureau, TUESDAY) if line.startswith(("待审", "待确认"))]
    assert found == ["待审核销号 1 项", "待审批延期或者撤销申请 1 项", "待确认 2 项"]


def test_items_without_an_answer_are_counted_and_so_are_paused_ones(bureau: Bureau) -> None:
    bureau.new_item(P01)
    bureau.new_item(P02)
    bureau.act(P02, Move.ACKNOWLEDGE, "owner")
    bureau.act(P02, Move.PAUSE, "coordinator", until=date(2026, 12, 1), note="等待资金")
    write(bureau, MONDAY.date() + DAY)
    assert [line for line in text(bureau, TUESDAY) if "签收" in line or "进展" in line] == []
    write(bureau, date(2026, 9, 1))
    assert text(bureau, date(2026, 9, 1))[-3:] == [
        "交办后未按时签收 1 项",
        "久未报告进展 1 项",
        "暂停提醒 1 项",
    ]


def test_a_coordinator_of_one_office_hears_nothing_of_the_others(bureau: Bureau) -> None:
    appoint(bureau, "other.head", "HOUSING")
    bureau.new_item(P01)
    deliver(bureau, TUESDAY, NOBODY)
    write(bureau, TUESDAY)
    assert [line for line in text(bureau, TUESDAY, "other.head") if "owner" in line or "签收" in line] == []
    assert "发出邮件 0 封。" in text(bureau, TUESDAY, "other.head")
    assert len([line for line in text(bureau, TUESDAY) if "owner" in line]) == 1


def test_working_days_without_reminders_since_the_last_receipt_are_named(bureau: Bureau) -> None:
    plan(bureau, TUESDAY)
    write(bureau, TUESDAY)
    plan(bureau, date(2026, 7, 14))
    write(bureau, date(2026, 7, 14))
    missed = [line for line in text(bureau, date(2026, 7, 14)) if "未生成整改提醒" in line]
    days = ["2026年7月8日 星期三", "2026年7月9日 星期四", "2026年7月10日 星期五", "2026年7月13日 星期一"]
    assert missed == [f"{day}未生成整改提醒，到期提醒将在下次运行时补发。" for day in days]


def test_before_the_time_for_reminders_the_day_itself_is_not_missed_yet(bureau: Bureau) -> None:
    write(bureau, TUESDAY)
    write(bureau, TUESDAY + DAY, hour=9)
    assert [line for line in text(bureau, TUESDAY + DAY) if "未生成整改提醒" in line] == []


def test_a_loop_that_stopped_and_one_that_failed_are_named(bureau: Bureau) -> None:
    alive(bureau, TUESDAY)
    with writing(bureau.engine) as session:
        runs.beat(session, Loop.DELIVERY, at(date(2026, 7, 9), 16), "535 authentication failed")
    plan(bureau, date(2026, 7, 9))
    write(bureau, date(2026, 7, 9))
    assert text(bureau, date(2026, 7, 9))[:3] == [
        "整改提醒：最近一次成功运行于2026年7月9日 星期四 08:02。",
        (
            "邮件投递：自2026年7月7日 星期二 08:02以来未再成功运行。"
            "最近一次失败原因：535 authentication failed"
        ),
        "期末结转：自2026年7月7日 星期二 08:02以来未再成功运行。",
    ]


def test_a_year_without_a_table_of_holidays_is_named_when_it_comes_near(bureau: Bureau) -> None:
    guessed = replace(
        bureau, office=replace(bureau.office, calendar=Calendar(estimated_years=frozenset({2027})))
    )
    alive(guessed, date(2026, 10, 30))
    write(guessed, date(2026, 10, 30))
    assert subject(guessed, date(2026, 10, 30)) == "一切正常"
    alive(guessed, date(2026, 11, 2))
    write(guessed, date(2026, 11, 2))
    assert subject(guessed, date(2026, 11, 2)) == "缺 2027 年放假安排"


def test_where_nobody_coordinates_nothing_is_used_up(bureau: Bureau) -> None:
    bureau.new_item(P01)
    deliver(bureau, TUESDAY, TAKEN)
    with writing(bureau.engine) as session:
        session.query(Grant).where(Grant.role == Role.COORDINATOR).delete()
    assert write(bureau, TUESDAY) == Written(0, 0, 0)
    appoint(bureau, "stranger", "BUREAU")
    assert write(bureau, TUESDAY, hour=18) == Written(1, 1, 0)
