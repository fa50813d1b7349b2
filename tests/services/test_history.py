from datetime import timedelta
from typing import Any

import pytest
from offices import MONDAY, PROOF, Bureau
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from models.event import Event
from models.session import reading, writing
from rules.lifecycle import Move
from services import history
from services.history import Verdict

P01 = "2026H1-P01"


def lived(bureau: Bureau) -> None:
    bureau.new_item(P01)
    bureau.act(P01, Move.ACKNOWLEDGE, "owner", note="收到")
    bureau.act(P01, Move.SUBMIT, "owner", evidence=(PROOF,))


def verify(bureau: Bureau) -> Verdict:
    with reading(bureau.engine) as session:
        return history.verify(session)


def tamper(bureau: Bureau, *statements: str) -> None:
    """As somebody with the database's password would: past the triggers."""
    with writing(bureau.engine) as session:
        if bureau.engine.dialect.name == "sqlite":
            for change in ("update", "delete"):
                session.execute(text(f"drop trigger event_refuses_{change}"))
        else:
            session.execute(text("alter table event disable trigger all"))
        for statement in statements:
            session.execute(text(statement))


def test_an_untouched_history_is_whole(bureau: Bureau) -> None:
    lived(bureau)
    found = verify(bureau)
    assert (found.fault, found.events) == (None, 10)


@pytest.mark.parametrize(
    "change",
    [
        "note = 'X' || substr(note, 2)",
        "move = 'approve'",
        "state = 'closed'",
        "due_on = '2026-10-01'",
        "actor_id = actor_id + 1",
        "progress = 99",
        "hash = 'f' || substr(hash, 2)",
        "payload = '{\"request\": 1}'",
        "door = 'page'",
    ],
)
def test_one_changed_value_is_found_at_its_event(bureau: Bureau, change: str) -> None:
    lived(bureau)
    tamper(bureau, f"update event set {change} where position = 9")
    fault = verify(bureau).fault
    assert fault is not None
    assert fault.position == 9
    assert fault.sentence % fault.values == (
        f"Event 9 ({'approve' if change.startswith('move') else 'acknowledge'}, item:{P01}) "
        "was changed after it was written."
    )


def test_a_word_that_can_no_longer_be_read_is_found_or_never_gets_in(bureau: Bureau) -> None:
    lived(bureau)
    change = "update event set state = 'clised' where position = 9"
    if bureau.engine.dialect.name == "postgresql":
        with pytest.raises(IntegrityError, match="ck_event_state"):
            tamper(bureau, change)
        return
    tamper(bureau, "pragma ignore_check_constraints = on", change)
    fault = verify(bureau).fault
    assert (fault.position, fault.sentence) == (  # type: ignore[union-attr]
        9,
        "Event %(position)s cannot be read: its words were changed.",
    )


def test_a_removed_event_is_missed(bureau: Bureau) -> None:
    lived(bureau)
    tamper(bureau, "delete from event where position = 5")
    fault = verify(bureau).fault
    assert (fault.position, fault.sentence) == (5, "Event %(position)s is missing.")  # type: ignore[union-attr]


def test_a_cut_off_end_shows_in_the_items(bureau: Bureau) -> None:
    lived(bureau)
    tamper(bureau, "delete from event where position = 10")
    fault = verify(bureau).fault
    assert fault is not None
    assert fault.sentence % fault.values == f"Item {P01} does not stand as its last event (9) says."


def test_an_item_changed_behind_the_history_s_back_is_named(bureau: Bureau) -> None:
    lived(bureau)
    tamper(bureau, f"update item set due_on = '2027-01-01' where reference = '{P01}'")
    fault = verify(bureau).fault
    assert fault is not None
    assert fault.values["reference"] == P01


def test_a_rewritten_event_breaks_the_one_after_it(bureau: Bureau) -> None:
    lived(bureau)
    with reading(bureau.engine) as session:
        row: dict[str, Any] = dict(
            session.execute(Event.__table__.select().where(Event.position == 9)).mappings().one()
        )
    row["note"] = "改写"
    tamper(bureau, f"update event set note = '改写', hash = '{history.hash_of(row)}' where position = 9")
    fault = verify(bureau).fault
    assert (fault.position, fault.sentence) == (  # type: ignore[union-attr]
        10,
        "Event %(position)s (%(move)s, %(subject)s) does not follow the one before it.",
    )


def test_the_history_never_runs_backwards_and_keeps_what_the_clock_said(bureau: Bureau) -> None:
    bureau.new_item(P01, now=MONDAY)
    bureau.act(P01, Move.ACKNOWLEDGE, "owner", MONDAY - timedelta(hours=1))
    with reading(bureau.engine) as session:
        last = session.query(Event).order_by(Event.position.desc()).first()
        assert last is not None
        assert (last.at, last.payload) == (MONDAY, {"clock": "2026-07-06T00:00:00+00:00"})
    assert verify(bureau).fault is None
