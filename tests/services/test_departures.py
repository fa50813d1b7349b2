"""People who left: their personal data are masked when it is time, and the history holds all the same."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from offices import MONDAY, PROOF, Bureau, found
from sqlalchemy import Engine, select, text

from models import Base
from models.account import AccessToken, Account
from models.event import Event
from models.item import Item
from models.message import FailingAddress, Message, Reminder
from models.organisation import Person
from models.session import reading, writing
from notifications import outbox
from notifications.letters import Invitation
from notifications.outbox import Addressed
from rules.departures import Departures
from rules.errors import WrongMoveError
from rules.lifecycle import Move
from rules.scopes import Scope
from services import accounts, departures, history, rollups, staffing, tokens
from services.organisation import person_by_email
from services.staffing import PersonWish

NAME, EMAIL = "Second Owner", "second@office.example"
LEFT = MONDAY + timedelta(days=10)
LATER = LEFT + timedelta(days=400)
PROBLEM = "2026H1-P01"


@pytest.fixture
def bureau(engine: Engine, tmp_path: Path) -> Bureau:
    """An office in which somebody closed an item, signed in, and left."""
    bureau = found(engine, tmp_path)
    bureau.new_item(PROBLEM, owner="second")
    bureau.new_item("2026H1-M01")
    bureau.act(PROBLEM, Move.ACKNOWLEDGE, "second")
    bureau.act(PROBLEM, Move.SUBMIT, "second", evidence=(PROOF,))
    bureau.act(PROBLEM, Move.APPROVE, "coordinator", note="资料齐全")
    with writing(engine) as session:
        person = person_by_email(session, EMAIL)
        accounts.set_password(session, person, "mosaic-lantern-4417", now=MONDAY, door="test")
        tokens.make(session, person, "reads", [Scope.READ_ITEMS], ends_at=LEFT, now=MONDAY, door="test")
        outbox.note_failing(session, EMAIL, person.id, f"550 no {EMAIL}", MONDAY)
        session.execute(
            text("update message set state = 'sent', last_answer = '250 ok second@office.example'")
        )
        session.execute(text("update wording set text = text || 'Second Owner <second@office.example>'"))
    leave(bureau)
    return bureau


def leave(bureau: Bureau, *, active: bool = False, now: datetime = LEFT) -> None:
    with bureau.visit("admin", now) as visit:
        number = numbers(bureau)[EMAIL]
        staffing.change_person(visit, number, PersonWish(NAME, EMAIL, "SAFETY", "en", active))


def numbers(bureau: Bureau) -> dict[str, int]:
    return {person.email: person.id for person in bureau.rows(Person)}


def masked(bureau: Bureau, now: datetime = LATER) -> departures.Masked:
    with writing(bureau.engine) as session:
        person = session.scalars(select(Person).where(Person.email == EMAIL)).one()
        return departures.mask(session, person, now=now, door="test")


def written(bureau: Bureau) -> dict[str, list[str]]:
    """Table -> its rows that hold the name or the address of who left, as text."""
    told = {}
    with bureau.engine.connect() as connection:
        for name, one in Base.metadata.tables.items():
            rows = [repr(tuple(row)) for row in connection.execute(select(one))]
            told[name] = [row for row in rows if NAME in row or EMAIL in row]
    return {name: rows for name, rows in told.items() if rows}


def events(bureau: Bureau) -> list[tuple[object, ...]]:
    with reading(bureau.engine) as session:
        assert history.verify(session).fault is None
        return [tuple(row) for row in session.execute(select(Event.__table__).order_by(Event.position))]


def test_nothing_names_who_left_and_the_history_is_the_same_and_verifies(bureau: Bureau) -> None:
    before, items = events(bureau), [(item.reference, item.version) for item in bureau.rows(Item)]
    with reading(bureau.engine) as session:
        number = session.scalar(select(Person.id).where(Person.email == EMAIL))
    assert set(written(bureau)) == {"person", "message", "wording", "failing_address"}
    done = masked(bureau)
    assert written(bureau) == {}
    after = events(bureau)
    assert after[:-1] == before
    with reading(bureau.engine) as session:
        last = select(Event.subject, Event.move, Event.payload).order_by(Event.position.desc())
        told = session.execute(last).first()
    assert told is not None
    assert tuple(told) == (
        f"person:{number}",
        "mask-person",
        {"letters": done.letters, "mentions": done.mentions},
    )
    assert [(item.reference, item.version) for item in bureau.rows(Item)] == items


def test_a_number_stands_for_the_person_and_nothing_lets_them_in(bureau: Bureau) -> None:
    number = numbers(bureau)[EMAIL]
    done = masked(bureau)
    with reading(bureau.engine) as session:
        person = session.get_one(Person, number)
        assert (person.name, person.email) == (f"Former colleague {number}", f"left-{number}@masked.invalid")
        assert (person.left_at, person.masked_at, person.unit_id > 0) == (LEFT, LATER, True)
        for model in (Account, AccessToken, FailingAddress):
            assert session.scalars(select(model)).all() == []
    own = bureau.messages(Message.person_id == number)
    assert (done.letters, len(own) > 0) == (len(own), True)
    assert {(letter.subject, letter.text, letter.html, letter.last_answer) for letter in own} == {
        ("—", "", "", "")
    }
    others = bureau.messages(Message.person_id != number)
    stand_in = f"Former colleague {number} <left-{number}@masked.invalid>"
    assert done.mentions == len(others) > 0
    assert [letter.text.endswith(stand_in) for letter in others] == [True] * len(others)


def test_a_sealed_period_keeps_its_bytes(bureau: Bureau) -> None:
    with writing(bureau.engine) as session:
        rollups.seal(session, bureau.office, "2026H2", by=None, now=datetime(2027, 1, 4, tzinfo=UTC))
    sealed = "select content, sha256 from rollup"
    with bureau.engine.connect() as connection:
        before = connection.execute(text(sealed)).all()
    masked(bureau)
    with bureau.engine.connect() as connection:
        assert connection.execute(text(sealed)).all() == before


@pytest.mark.parametrize("other", [NAME, f"{NAME}华"])
def test_a_name_that_somebody_else_bears_is_left_in_letters_and_the_address_is_not(
    bureau: Bureau, other: str
) -> None:
    with bureau.visit("admin", LEFT) as visit:
        staffing.add_person(visit, PersonWish(other, "third@office.example", "SAFETY", "en"))
    masked(bureau)
    assert set(written(bureau)) == {"wording", "person"}
    assert [letter for letter in bureau.messages() if EMAIL in letter.text] == []


def test_letters_that_wait_for_others_stay_as_they_were_rendered(bureau: Bureau) -> None:
    with writing(bureau.engine) as session:
        reader = person_by_email(session, "owner@office.example")
        letter = Invitation(
            LEFT.date(), f"https://rectify.example/{EMAIL}", date(2026, 9, 1), is_invited=True
        )
        outbox.put(session, bureau.office.postbox, [Addressed("x", reader, letter, LEFT.date())], LEFT)
    [before] = bureau.messages(Message.key == "x")
    masked(bureau)
    [after] = bureau.messages(Message.key == "x")
    assert (after.text, after.sha256) == (before.text, before.sha256)


def test_who_is_in_office_or_masked_already_is_not_masked(bureau: Bureau) -> None:
    leave(bureau, active=True)
    with pytest.raises(WrongMoveError, match="in office"):
        masked(bureau)
    leave(bureau)
    number = numbers(bureau)[EMAIL]
    masked(bureau)
    with writing(bureau.engine) as session, pytest.raises(WrongMoveError, match="already"):
        departures.mask(session, session.get_one(Person, number), now=LATER, door="test")


def test_who_comes_back_is_entered_anew(bureau: Bureau) -> None:
    number = numbers(bureau)[EMAIL]
    masked(bureau)
    with pytest.raises(WrongMoveError, match="anew"), bureau.visit("admin", LATER) as visit:
        staffing.change_person(visit, number, PersonWish(NAME, EMAIL, "SAFETY", "en"))
    with bureau.visit("admin", LATER) as visit:
        assert staffing.add_person(visit, PersonWish(NAME, EMAIL, "SAFETY", "en")).id != number


@pytest.mark.parametrize(
    ("days", "now", "number"),
    [
        (0, LATER, 0),
        (30, LEFT + timedelta(days=30) - timedelta(microseconds=1), 0),
        (30, LEFT + timedelta(days=30), 1),
        (30, LATER, 1),
    ],
)
def test_it_happens_by_itself_after_as_many_days_as_the_office_says(
    bureau: Bureau, days: int, now: datetime, number: int
) -> None:
    for _ in range(2):
        with writing(bureau.engine) as session:
            done = departures.mask_due(session, Departures(days), now=now)
        assert done == number
        number = 0
    events(bureau)


def test_who_came_back_and_left_again_is_counted_from_the_last_time(bureau: Bureau) -> None:
    leave(bureau, active=True, now=LEFT + timedelta(days=1))
    leave(bureau, now=LEFT + timedelta(days=20))
    with reading(bureau.engine) as session:
        assert [one.left_at for one in departures.leavers(session)] == [LEFT + timedelta(days=20)]
        assert departures.leavers(session, LEFT + timedelta(days=19)) == []


def test_reminders_keep_their_reasons_but_for_the_address(bureau: Bureau) -> None:
    with writing(bureau.engine) as session:
        row = {"item": 1, "person": numbers(bureau)[EMAIL], "reason": f"550 5.1.1 <{EMAIL}> unknown"}
        session.execute(
            text(
                "insert into reminder (item_id, person_id, rung, deadline_version, role, rung_on, planned_on,"
                " outcome, reason) values (:item, :person, 'x', 1, 'owner', '2026-07-06', '2026-07-06',"
                " 'skipped', :reason)"
            ),
            row,
        )
    masked(bureau)
    [reminder] = bureau.reminders(Reminder.rung == "x")
    assert reminder.reason == f"550 5.1.1 <left-{reminder.person_id}@masked.invalid> unknown"
