"""An item goes under long-term keeping: what its owner hears of it, and what becomes of the deadline."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar
from offices import MONDAY, PROOF, Bureau
from sqlalchemy import update

from models.item import Item
from models.message import Message, MessageState
from models.session import reading, writing
from notifications import outbox
from rules.errors import ChangedError, WrongMoveError
from rules.lifecycle import Move
from services import items, mail_links, notices, reminders, silences
from services.moves import Wish
from services.organisation import person_by_email

P01 = "2026H1-P01"
UID = f"{P01}@office.example"
DUE, REVIEW = date(2026, 9, 30), date(2026, 9, 28)


def in_work(bureau: Bureau) -> Bureau:
    bureau.new_item(P01)
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    return bureau


def keep_up(
    bureau: Bureau, who: str = "coordinator", now: datetime = MONDAY, due: date | None = None
) -> None:
    bureau.act(P01, Move.SUSTAIN, who, now, note="转入常态化管理", due_on=due)


def letters(bureau: Bureau) -> list[tuple[str, str]]:
    """The letters behind the assignment, and to whom they go."""
    return [(it.letter, bureau.email(it.person_id)) for it in bureau.messages()[1:]]


def entry(message: Message) -> tuple[str, str, int, date]:
    """What a letter brings for the calendar: method, UID, sequence and day."""
    found = Calendar.from_ical(message.calendar.replace("\n", "\r\n"))
    (event,) = found.walk("VEVENT")
    return str(found["METHOD"]), str(event["UID"]), int(event["SEQUENCE"]), event.decoded("DTSTART")


def feed(bureau: Bureau, who: str = "owner", now: datetime = MONDAY) -> list[tuple[str, int, date, str, str]]:
    """UID, sequence, day, title and status of each entry in somebody's subscribed calendar."""
    with bureau.visit(who, now) as visit:
        content = mail_links.calendar(visit).content
    return [
        (str(it["UID"]), int(it["SEQUENCE"]), it.decoded("DTSTART"), str(it["SUMMARY"]), it.get("STATUS", ""))
        for it in Calendar.from_ical(content).walk("VEVENT")
    ]


def test_an_owner_hears_that_an_item_is_kept_up_why_and_when_it_is_reviewed(bureau: Bureau) -> None:
    keep_up(in_work(bureau))
    assert letters(bureau) == [("ended", "owner")]
    letter = bureau.messages()[-1]
    assert letter.subject.split("】")[1] == "已转入持续整改：2026H1-P01 工地隐患整改偏慢"
    said = [line for line in letter.text.splitlines() if "复核" in line or "常态化" in line]
    by = person(bureau, "coordinator")
    assert said == [
        (
            f"{by}已将该事项转入持续整改，不再设整改时限。请长期坚持；"
            "下次复核日期为2026年9月28日 星期一，请于此前报告工作情况。"
        ),
        "  转入常态化管理",
    ]


def person(bureau: Bureau, who: str) -> str:
    with bureau.visit(who) as visit:
        return visit.actor.name


def test_the_letter_names_the_review_that_the_coordinator_chose(bureau: Bureau) -> None:
    keep_up(in_work(bureau), due=date(2026, 8, 31))
    assert bureau.messages()[-1].text.count("下次复核日期为2026年8月31日 星期一") == 1


def test_what_waits_for_its_decision_may_be_kept_up_by_the_leader(bureau: Bureau) -> None:
    in_work(bureau)
    bureau.act(P01, Move.SUBMIT, "owner", evidence=(PROOF,))
    keep_up(bureau, "leader")
    assert letters(bureau) == [("ended", "owner")]


def test_the_letter_takes_the_entry_back_that_the_assignment_brought(bureau: Bureau) -> None:
    keep_up(in_work(bureau))
    first, letter = bureau.messages()
    assert (entry(first), entry(letter)) == (("PUBLISH", UID, 1, DUE), ("CANCEL", UID, 2, DUE))


def test_the_entry_that_is_taken_back_is_that_of_the_extended_deadline(bureau: Bureau) -> None:
    in_work(bureau)
    later = date(2026, 10, 30)
    bureau.act(P01, Move.REQUEST_EXTENSION, "owner", due_on=later, note="理由")
    bureau.act(P01, Move.GRANT_EXTENSION, "coordinator")
    keep_up(bureau)
    _, moved, gone = bureau.messages()
    assert (entry(moved), entry(gone)) == (("PUBLISH", UID, 3, later), ("CANCEL", UID, 4, later))


def test_keeping_an_item_up_twice_brings_one_letter(bureau: Bureau) -> None:
    keep_up(in_work(bureau))
    with pytest.raises(WrongMoveError):
        keep_up(bureau)
    assert letters(bureau) == [("ended", "owner")]


def test_two_coordinators_who_saw_the_same_item_bring_one_letter(bureau: Bureau) -> None:
    in_work(bureau)
    seen = Wish(Move.SUSTAIN, note="转入常态化管理", version=bureau.item(P01).version)
    with bureau.visit("coordinator") as visit:
        items.act(visit, P01, seen)
    with bureau.visit("coordinator") as visit, pytest.raises(ChangedError):
        items.act(visit, P01, seen)
    assert letters(bureau) == [("ended", "owner")]


def test_the_letter_of_one_move_is_put_into_the_outbox_once(bureau: Bureau) -> None:
    in_work(bureau)
    with bureau.visit("coordinator") as visit:
        change, scene = items.move(visit, P01, Wish(Move.SUSTAIN, note="转入常态化管理"))
        for _ in range(2):
            outbox.put(visit.session, bureau.office.postbox, notices.of(scene, change.before), visit.now)
    assert letters(bureau) == [("ended", "owner")]


def test_who_has_left_gets_no_letter(bureau: Bureau) -> None:
    in_work(bureau)
    with writing(bureau.engine) as session:
        person_by_email(session, "owner@office.example").active = False
    keep_up(bureau)
    assert letters(bureau) == []


def test_what_never_had_a_deadline_brings_its_owner_the_letter_alone(bureau: Bureau) -> None:
    in_work(bureau)
    with writing(bureau.engine) as session:
        session.execute(update(Item).values(due_on=None, original_due_on=None, judged_on=None))
    keep_up(bureau)
    letter = bureau.messages()[-1]
    assert (letter.letter, letter.calendar) == ("ended", "")


def test_a_reminder_of_the_old_deadline_that_has_not_gone_out_is_cancelled(bureau: Bureau) -> None:
    in_work(bureau)
    eve = datetime(2026, 9, 29, 8, 30, tzinfo=MONDAY.tzinfo)
    with writing(bureau.engine) as session:
        reminders.plan(session, bureau.office, eve.date(), now=eve)
    keep_up(bureau, now=eve + timedelta(hours=1))
    told = [(it.letter, it.state) for it in bureau.messages() if bureau.email(it.person_id) == "owner"]
    assert told[1:] == [("digest", MessageState.CANCELLED), ("ended", MessageState.PLANNED)]


def test_the_subscribed_calendar_holds_the_next_review_in_place_of_the_deadline(bureau: Bureau) -> None:
    keep_up(in_work(bureau))
    title = f"持续整改复核：[{P01}] 工地隐患整改偏慢"
    assert feed(bureau) == [(UID, 3, REVIEW, title, "")]
    bureau.act(P01, Move.REPORT, "owner", MONDAY + timedelta(days=30), note="已复查")
    after = bureau.item(P01).review_on
    assert after is not None
    assert after > REVIEW
    assert feed(bureau) == [(UID, 3, after, title, "")]


def test_who_comes_back_from_keeping_an_item_up_has_a_deadline_in_the_calendar_again(bureau: Bureau) -> None:
    keep_up(in_work(bureau))
    again = date(2026, 12, 15)
    bureau.act(P01, Move.REASSIGN, "coordinator", to="owner", due_on=again, note="重新整改")
    first, gone, back = (entry(it) for it in bureau.messages())
    assert (first[1], gone[1], back[0], back[1], back[3]) == (UID, UID, "PUBLISH", UID, again)
    assert first[2] < gone[2] < back[2]
    assert feed(bureau) == [(UID, back[2], again, f"整改到期：[{P01}] 工地隐患整改偏慢", "")]


def test_what_comes_back_without_a_deadline_has_its_review_withdrawn(bureau: Bureau) -> None:
    keep_up(in_work(bureau))
    bureau.act(P01, Move.REASSIGN, "coordinator", to="owner", note="重新整改")
    assert [(it[0], it[1], it[4]) for it in feed(bureau)] == [(UID, 6, "CANCELLED")]


def test_an_item_that_is_closed_after_it_was_kept_up_has_its_review_withdrawn(bureau: Bureau) -> None:
    keep_up(in_work(bureau))
    bureau.act(P01, Move.SUBMIT, "owner", evidence=(PROOF,))
    bureau.act(P01, Move.APPROVE, "coordinator")
    assert [(it[0], it[1], it[2], it[4]) for it in feed(bureau)] == [(UID, 4, REVIEW, "CANCELLED")]
    assert [it.calendar for it in bureau.messages()[2:]] == [""]
    assert feed(bureau, now=MONDAY + timedelta(days=31)) == []


def test_a_deadline_and_a_review_stand_in_the_calendar_in_order_of_their_days(bureau: Bureau) -> None:
    keep_up(in_work(bureau))
    bureau.new_item("2026H1-P02")
    with writing(bureau.engine) as session:
        session.execute(
            update(Item).where(Item.reference == "2026H1-P02").values(due_on=REVIEW - timedelta(days=1))
        )
    who = bureau.email(bureau.messages()[-1].person_id)
    assert who == "owner"
    assert [it[0].split("@")[0] for it in feed(bureau)] == ["2026H1-P02", P01]


def test_the_office_may_have_no_pages_and_the_letter_says_it_all_the_same(bureau: Bureau) -> None:
    postbox = bureau.office.postbox
    away = replace(postbox, office=replace(postbox.office, base_url=""))
    bare = Bureau(bureau.engine, replace(bureau.office, postbox=away))
    keep_up(in_work(bare))
    assert entry(bare.messages()[-1])[0] == "CANCEL"


def test_why_names_the_letter_and_says_that_the_item_comes_up_at_its_review(bureau: Bureau) -> None:
    keep_up(in_work(bureau))
    with reading(bureau.engine) as session:
        on = MONDAY.date()
        told = silences.why(session, bureau.office, "owner@office.example", on, on)
    assert [(it.letter, it.state) for it in told.letters][1:] == [("ended", "planned")]
    [item] = told.items
    said = {reason.sentence.name: reason.values for reason in item.reasons}
    assert (item.due_on, sorted(said)) == (None, ["NEXT", "NOTHING_DUE", "SUSTAINED"])
    assert said["NEXT"]["on"] == REVIEW
