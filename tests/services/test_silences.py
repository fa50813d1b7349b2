from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from offices import MONDAY, PROOF, ZONE, Bureau
from sqlalchemy import event, select

from models.message import Message, MessageState
from models.session import reading, writing
from notifications import outbox
from notifications.smtp import Answer, Ruling
from rules.errors import NotFoundError
from rules.lifecycle import Move
from rules.planning import Guard
from rules.reasons import Reason
from rules.silences import Finding
from rules.working_days import Calendar
from services import reminders, silences
from services.silences import ItemAnswer

P01, P02 = "2026H1-P01", "2026H1-P02"
DUE = date(2026, 9, 30)  # a Wednesday
DAY_BEFORE = date(2026, 9, 29)


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, 30, tzinfo=ZONE)


def plan(bureau: Bureau, day: date) -> None:
    with writing(bureau.engine) as session:
        reminders.plan(session, bureau.office, day, now=morning(day))


def deliver(bureau: Bureau, day: date, answer: Answer) -> None:
    """As if the mail server had given this answer to every letter that waits."""
    now = morning(day) + timedelta(minutes=1)
    with writing(bureau.engine) as session:
        while message := outbox.claim(session, "test", now, timedelta(minutes=3)):
            outbox.settle(session, message, answer, now)


TAKEN = Answer(Ruling.SENT, "250 queued")
NOBODY = Answer(Ruling.DEAD, "550 no such user")


def handed_over(bureau: Bureau) -> None:
    bureau.new_item(P01, due_on=DUE)
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    bureau.act(P01, Move.REPORT, "owner", morning(date(2026, 9, 21)), progress=10)
    deliver(bureau, MONDAY.date(), TAKEN)


def why(bureau: Bureau, who: str, on: date, today: date | None = None) -> silences.Answer:
    with reading(bureau.engine) as session:
        return silences.why(session, bureau.office, f"{who}@office.example", on, today or on)


def names(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.sentence.name for reason in reasons]


def about(answer: silences.Answer, reference: str = P01) -> list[str]:
    """What is said of the item, each thing once."""
    [item] = [item for item in answer.items if item.reference == reference]
    return list(dict.fromkeys(names(item.reasons)))


def test_a_mail_that_came_is_named_with_its_answer_and_its_message_id(bureau: Bureau) -> None:
    handed_over(bureau)
    plan(bureau, DUE)
    deliver(bureau, DUE, TAKEN)
    answer = why(bureau, "owner", DUE)
    [letter] = bureau.messages(Message.day == DUE)
    [told] = answer.letters
    assert (told.letter, told.state, told.attempts, told.last_answer, told.message_id) == (
        *("digest", "sent", 1, "250 queued"),
        letter.message_id,
    )
    sent_at = morning(DUE) + timedelta(minutes=1)
    assert told.reasons == (Reason(Finding.SENT, {"attempts": 1, "answer": "250 queued", "at": sent_at}),)
    assert (names(answer.reasons), about(answer)) == (
        ["RUN"],
        ["TOLD", "STOOD_BACK", "NEXT"],
    )


def test_a_day_without_mail_names_the_last_reminder_and_the_next(bureau: Bureau) -> None:
    handed_over(bureau)
    plan(bureau, date(2026, 9, 25))
    deliver(bureau, date(2026, 9, 25), TAKEN)
    plan(bureau, date(2026, 9, 28))
    answer = why(bureau, "owner", date(2026, 9, 28))
    [item] = answer.items
    assert (answer.letters, item.is_decided, item.is_telling) == ((), False, True)
    assert item.reasons == (
        Reason(Finding.NOTHING_DUE),
        Reason(Finding.LAST, {"on": date(2026, 9, 25), "rung": "before-3"}),
        Reason(Finding.NEXT, {"on": DAY_BEFORE, "rung": "before-1"}),
    )


def test_a_letter_that_lay_until_the_next_day_is_explained_on_both(bureau: Bureau) -> None:
    handed_over(bureau)
    plan(bureau, date(2026, 9, 25))
    plan(bureau, date(2026, 9, 28))
    first, second = why(bureau, "owner", date(2026, 9, 25)), why(bureau, "owner", date(2026, 9, 28))
    assert [names(letter.reasons) for letter in first.letters] == [["WITHDRAWN", "REPLACED"]]
    assert (about(first)[0], about(second)[0]) == ("LATER", "PLANNED")


def test_the_guard_s_hold_is_named_on_letter_and_item(bureau: Bureau) -> None:
    handed_over(bureau)
    plan(bureau.with_policy(guard=Guard(first=0)), DUE)
    answer = why(bureau, "owner", DUE)
    assert [names(letter.reasons) for letter in answer.letters] == [["HELD"]]
    assert about(answer) == ["GUARDED", "STOOD_BACK", "NEXT"]


def test_a_dead_address_is_named_that_day_and_after_it(bureau: Bureau) -> None:
    handed_over(bureau)
    plan(bureau, DUE)
    deliver(bureau, DUE, NOBODY)
    answer = why(bureau, "owner", DUE)
    assert [names(letter.reasons) for letter in answer.letters] == [["DEAD"]]
    assert about(answer) == ["LOST", "STOOD_BACK", "NEXT"]
    assert why(bureau, "owner", date(2026, 10, 1)).reasons[0] == Reason(
        Finding.BAD_ADDRESS, {"day": DUE, "answer": "550 no such user"}
    )


@pytest.mark.parametrize("change", ["closed", "extended"])
def test_what_a_change_cancelled_is_told_with_its_reason(bureau: Bureau, change: str) -> None:
    handed_over(bureau)
    plan(bureau, DUE)
    now = morning(DUE) + timedelta(hours=1)
    if change == "closed":
        bureau.act(P01, Move.SUBMIT, "owner", now, evidence=(PROOF,))
        bureau.act(P01, Move.APPROVE, "coordinator", now)
    else:
        bureau.act(P01, Move.REQUEST_EXTENSION, "owner", now, note="x", due_on=date(2026, 12, 1))
        bureau.act(P01, Move.GRANT_EXTENSION, "coordinator", now)
    said = about(why(bureau, "owner", DUE))
    assert (
        said
        == {
            "closed": ["VOIDED", "ENDED", "STOOD_BACK"],
            "extended": ["VOIDED", "CHANGED", "STOOD_BACK", "NEXT"],
        }[change]
    )


def test_a_new_owner_hears_what_is_ahead_and_the_old_one_that_it_is_no_longer_theirs(bureau: Bureau) -> None:
    handed_over(bureau)
    plan(bureau, DUE)
    bureau.act(P01, Move.REASSIGN, "coordinator", morning(DUE), to="second", note="x")
    assert about(why(bureau, "owner", DUE)) == ["VOIDED", "CHANGED", "STOOD_BACK", "PARTED"]
    assert about(why(bureau, "second", DUE)) == ["DUE", "NEXT"]


def test_a_day_off_is_named_and_so_is_what_came_due_before_it(bureau: Bureau) -> None:
    handed_over(bureau)
    away = Bureau(bureau.engine, replace(bureau.office, calendar=Calendar(holidays=frozenset({DUE}))))
    plan(away, date(2026, 10, 1))
    answer = why(away, "owner", DUE, date(2026, 10, 1))
    assert (names(answer.reasons), about(answer)[0]) == (["FREE_DAY"], "LATER_MERGED")


def test_a_day_on_which_nobody_planned_says_so(bureau: Bureau) -> None:
    handed_over(bureau)
    answer = why(bureau, "owner", DUE, date(2026, 10, 1))
    assert (names(answer.reasons), about(answer)) == (["NOT_RUN"], ["DUE", "NEXT"])


def test_of_the_past_the_state_of_that_day_is_told_and_not_today_s(bureau: Bureau) -> None:
    handed_over(bureau)
    bureau.act(P01, Move.SUBMIT, "owner", morning(DUE), evidence=(PROOF,))
    bureau.act(P01, Move.APPROVE, "coordinator", morning(DUE))
    assert about(why(bureau, "owner", date(2026, 7, 7), DUE)) == ["NOTHING_PLANNED", "MOVED_ON"]
    assert about(why(bureau, "owner", date(2026, 7, 1), DUE)) == ["NOT_ENTERED", "MOVED_ON"]
    assert about(why(bureau, "owner", date(2026, 10, 1))) == ["CLOSED"]


def test_who_has_left_is_explained_and_a_stranger_is_refused(bureau: Bureau) -> None:
    handed_over(bureau)
    with bureau.visit("coordinator") as visit:
        for person in visit.directory.people.values():
            person.active = not person.email.startswith("owner@")
    plan(bureau, DUE)
    answer = why(bureau, "owner", DUE)
    assert (names(answer.reasons), about(answer)) == (
        ["LEFT", "RUN", "NO_PART"],
        ["NOTHING_DUE", "PARTED"],
    )
    with pytest.raises(NotFoundError, match="Nobody here"):
        why(bureau, "nobody", DUE)


def test_a_head_s_quiet_items_are_there_and_not_pressed_on_who_asks(bureau: Bureau) -> None:
    handed_over(bureau)
    [quiet] = why(bureau, "head", date(2026, 9, 28)).items
    plan(bureau, date(2026, 10, 1))
    [late] = why(bureau, "head", date(2026, 10, 1)).items
    assert [(item.is_decided, item.is_telling) for item in (quiet, late)] == [(False, False), (True, True)]
    assert names(late.reasons) == ["PLANNED", "NEXT"]


def test_somebody_without_any_part_hears_that(bureau: Bureau) -> None:
    handed_over(bureau)
    plan(bureau, DUE)
    answer = why(bureau, "auditor", DUE)
    assert (names(answer.reasons), answer.items) == (["RUN", "NO_PART"], ())


@contextmanager
def counted(bureau: Bureau) -> Iterator[list[str]]:
    """The statements that reach the database."""
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(bureau.engine, "before_cursor_execute", note)
    yield seen
    event.remove(bureau.engine, "before_cursor_execute", note)


def test_no_statement_more_is_needed_for_more_items(bureau: Bureau) -> None:
    handed_over(bureau)
    plan(bureau, DUE)
    with counted(bureau) as few:
        one: tuple[ItemAnswer, ...] = why(bureau, "owner", DUE).items
    for reference in (P02, "2026H1-M01", "2026H1-M02"):
        bureau.new_item(reference, due_on=DUE)
    plan(bureau, date(2026, 10, 9))
    with counted(bureau) as many:
        four = why(bureau, "owner", date(2026, 10, 9)).items
    assert (len(one), len(four)) == (1, 4)
    assert len(many) == len(few) < 14


def test_a_letter_that_waits_names_the_channel_s_fault(bureau: Bureau) -> None:
    handed_over(bureau)
    plan(bureau, DUE)
    with writing(bureau.engine) as session:
        message = outbox.claim(session, "test", morning(DUE), timedelta(minutes=3))
        assert message is not None
        outbox.settle(session, message, Answer(Ruling.STOPPED, "535 bad password"), morning(DUE))
    [letter] = why(bureau, "owner", DUE).letters
    assert letter.reasons == (Reason(Finding.STOPPED, {"answer": "535 bad password"}),)
    with reading(bureau.engine) as session:
        states = set(session.scalars(select(Message.state).where(Message.day == DUE)))
    assert states == {MessageState.PLANNED}
