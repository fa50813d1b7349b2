"""Supervision orders: numbered, kept in the history, sent to owners and heads, written as issued."""

from datetime import date, datetime, timedelta

import pytest
from offices import ZONE, Bureau
from sqlalchemy import select

from documents.order_docx import Order, order_docx
from models.event import Event
from models.message import Message
from models.order import SupervisionOrder
from models.session import reading
from rules.errors import NotAllowedError, NotFoundError, WrongMoveError
from rules.lifecycle import Move, State
from services import history, orders
from services.items import by_reference

P01, P02 = "2026H1-P01", "2026H1-P02"
DUE = date(2026, 9, 30)
LATE = datetime(2026, 10, 22, 9, tzinfo=ZONE)
ANSWER = date(2026, 10, 30)
REQUIRED = "一周内完成全部工地复查。\n逐日报告进展。"


def issue(bureau: Bureau, reference: str = P01, now: datetime = LATE, answer: date | None = ANSWER) -> State:
    return bureau.act(reference, Move.ORDER, "coordinator", now, note=REQUIRED, answer_on=answer)


def written(bureau: Bureau, key: str, reference: str = P01, now: datetime = LATE) -> Order:
    with bureau.visit("coordinator", now) as visit:
        return orders.written(visit, by_reference(visit.session, reference), key)


def letters(bureau: Bureau) -> list[tuple[str, str]]:
    """Key and reader of each order's letter."""
    sent = bureau.messages(Message.letter == "order")
    return [(letter.key.rpartition(":")[0], bureau.email(letter.person_id)) for letter in sent]


def last_event(bureau: Bureau) -> Event:
    with reading(bureau.engine) as session:
        event = session.scalars(select(Event).order_by(Event.position.desc()).limit(1)).one()
        assert history.verify(session).fault is None
        session.expunge(event)
        return event


def test_an_order_changes_nothing_of_the_item_and_leaves_an_event_that_says_all_of_it(bureau: Bureau) -> None:
    bureau.new_item(P01, due_on=DUE)
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    before = bureau.item(P01)
    assert issue(bureau) is State.IN_PROGRESS
    after, event = bureau.item(P01), last_event(bureau)
    kept = (
        "state",
        "progress",
        "due_on",
        "judged_on",
        "deadline_version",
        "extensions",
        "word_on",
        "since_on",
    )
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert (event.move, event.note, event.subject) == ("order", REQUIRED, f"item:{P01}")
    told = {name: event.payload[name] for name in ("order", "answer_on", "heads", "ordered", "by")}
    assert told == {
        "order": "2026-1",
        "answer_on": "2026-10-30",
        "heads": ["安全科长"],
        "ordered": ["安全科员"],
        "by": "督办员",
    }


def test_owner_and_head_of_the_unit_each_get_one_letter(bureau: Bureau) -> None:
    bureau.new_item(P01, due_on=DUE)
    issue(bureau)
    assert letters(bureau) == [("order:2026-1", "owner"), ("order:2026-1", "head")]


def test_who_heads_the_unit_and_owns_the_item_gets_one_letter(bureau: Bureau) -> None:
    bureau.new_item(P01, owner="head", due_on=DUE)
    issue(bureau)
    assert letters(bureau) == [("order:2026-1", "head")]


def test_orders_are_numbered_through_the_year_and_begin_anew_in_the_next(bureau: Bureau) -> None:
    bureau.new_item(P01, due_on=DUE)
    bureau.new_item(P02, due_on=DUE, owner="stranger")
    issue(bureau)
    issue(bureau, P02)
    issue(bureau, now=datetime(2026, 12, 31, 23, 59, tzinfo=ZONE), answer=None)
    issue(bureau, now=datetime(2027, 1, 1, 0, 0, tzinfo=ZONE), answer=None)
    found = [(order.key, order.issued_on) for order in bureau.rows(SupervisionOrder)]
    assert found == [
        ("2026-1", LATE.date()),
        ("2026-2", LATE.date()),
        ("2026-3", date(2026, 12, 31)),
        ("2027-1", date(2027, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("who", "said", "error", "sentence"),
    [
        ("coordinator", {"note": " "}, WrongMoveError, "Say why: order on 2026H1-P01 needs a note."),
        (
            "coordinator",
            {"note": "x", "answer_on": LATE.date() - timedelta(days=1)},
            WrongMoveError,
            "The day by which an answer on 2026H1-P01 is asked for has passed already.",
        ),
        ("leader", {"note": "x"}, NotAllowedError, "You may not order item 2026H1-P01."),
        ("owner", {"note": "x"}, NotAllowedError, "You may not order item 2026H1-P01."),
    ],
    ids=["nothing required", "answered yesterday", "by a leader", "by the owner"],
)
def test_a_refused_order_takes_no_number_and_sends_nothing(
    bureau: Bureau, who: str, said: dict[str, object], error: type[Exception], sentence: str
) -> None:
    bureau.new_item(P01, due_on=DUE)
    with pytest.raises(error) as refused:
        bureau.act(P01, Move.ORDER, who, LATE, **said)
    assert (str(refused.value), bureau.rows(SupervisionOrder), letters(bureau)) == (sentence, [], [])
    issue(bureau)
    assert [order.key for order in bureau.rows(SupervisionOrder)] == ["2026-1"]


def test_an_answer_may_be_asked_for_on_the_same_day(bureau: Bureau) -> None:
    bureau.new_item(P01, due_on=DUE)
    issue(bureau, answer=LATE.date())
    assert written(bureau, "2026-1").answer_on == LATE.date()


def test_an_order_is_written_as_it_was_issued_whatever_happens_later(bureau: Bureau) -> None:
    bureau.new_item(P01, due_on=DUE)
    issue(bureau)
    first = written(bureau, "2026-1")
    assert (first.due_on, first.late_working_days, first.progress) == (DUE, 16, 0)
    assert (first.unit, first.heads, first.owners) == ("质量安全科", ("安全科长",), ("安全科员",))
    later = datetime(2026, 11, 2, 9, tzinfo=ZONE)
    bureau.act(P01, Move.REASSIGN, "coordinator", later, to="stranger", due_on=date(2026, 12, 1))
    again = written(bureau, "2026-1", now=later)
    assert again == first
    assert order_docx(again, "zh_CN") == order_docx(first, "zh_CN")


def test_an_item_that_is_not_late_is_not_called_late(bureau: Bureau) -> None:
    bureau.new_item(P01, due_on=DUE)
    issue(bureau, now=datetime(2026, 9, 30, 9, tzinfo=ZONE))
    assert written(bureau, "2026-1").late_working_days == 0


def test_an_order_about_another_item_is_not_found(bureau: Bureau) -> None:
    bureau.new_item(P01, due_on=DUE)
    bureau.new_item(P02, due_on=DUE, owner="stranger")
    issue(bureau)
    with pytest.raises(NotFoundError):
        written(bureau, "2026-1", P02)
