"""People who left: their personal data are masked when it is time, and the history holds all the same.

The history names people by their number alone, and so do items, seals and reminders; none of these is
touched. What is masked are the entry of the person itself, what let them in, and letters.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import bulk
from models.account import AccessToken, Account, KeptAnswer, SignIn
from models.message import UNSENT, FailingAddress, Heartbeat, Message, Reminder, Run, Wording
from models.organisation import Person
from rules.departures import Departures, stand_in_address
from rules.errors import WrongMoveError
from services import history
from services.office import Visit
from services.staffing import editable_person
from texts import say

BLANK = "—"
AT_A_TIME = 5
"""How many people one run masks: each may ask for a look through all letters."""
HEADS = (Message.subject, Message.last_answer, Message.bounce)
WORDS = (Wording.text, Wording.html, Wording.calendar)
"""Where a letter may name somebody, beside its address."""


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who left and is not masked yet."""

    number: int
    name: str
    email: str
    left_at: datetime | None
    letters: int
    """How many letters went to them."""


@dataclass(frozen=True, slots=True)
class Masked:
    """What was masked of one person."""

    letters: int
    """Their own letters, whose words are gone."""
    mentions: int
    """Letters to others that named them."""


def leavers(session: Session, before: datetime | None = None) -> list[Leaver]:
    """Who left and is not masked yet, the first one first; with `before` at that instant or earlier."""
    letters = select(func.count()).where(Message.person_id == Person.id).scalar_subquery()
    query = select(Person.id, Person.name, Person.email, Person.left_at, letters)
    query = query.where(_is_left()).order_by(Person.left_at, Person.id)
    rows = session.execute(query if before is None else query.where(Person.left_at <= before))
    return [Leaver(*row) for row in rows]


def _is_left() -> ColumnElement[bool]:
    return and_(Person.active.is_(False), Person.masked_at.is_(None))


def mask_due(session: Session, rule: Departures, *, now: datetime) -> int:
    """Masks who left long enough ago, some at a time. Returns how many."""
    before = rule.masked_before(now)
    found = leavers(session, before)[:AT_A_TIME] if before else []
    for leaver in found:
        mask(session, session.get_one(Person, leaver.number), now=now, door="flow")
    return len(found)


def mask_from_page(visit: Visit, number: int) -> Masked:
    """As `mask`, for the person with this number, of a unit that the visitor may edit."""
    person = editable_person(visit, number)
    return mask(visit.session, person, now=visit.now, door=visit.door, by=visit.actor)


def mask(session: Session, person: Person, *, now: datetime, door: str, by: Person | None = None) -> Masked:
    """Masks name and address of somebody who left, takes away their account, and blanks their letters.

    Cannot be undone. The letters' keys, hashes, instants and outcomes stay, and so do all numbers.

    Raises:
        WrongMoveError: the person is in office, or masked already.
    """
    history.lock(session)
    if person.active:
        raise WrongMoveError("%(name)s is in office; only who has left can be masked.", name=person.name)
    if person.masked_at:
        raise WrongMoveError("What was known of this person is masked already.")
    _shut(session, person)
    letters = _blank_letters(session, person)
    mentions = _replace_mentions(session, person)
    person.name = say(person.locale, "Former colleague %(number)s", number=person.id)
    person.email = stand_in_address(person.id)
    person.masked_at = now
    session.flush()
    payload = {"letters": letters, "mentions": mentions}
    entry = history.Entry(now, by.id if by else None, door, f"person:{person.id}", "mask-person", "", payload)
    history.record(session, entry)
    return Masked(letters, mentions)


def _shut(session: Session, person: Person) -> None:
    """What let the person or their programs in, and what these were answered."""
    tokens = select(AccessToken.id).where(AccessToken.person_id == person.id)
    session.execute(delete(KeptAnswer).where(KeptAnswer.access_token_id.in_(tokens)))
    for model in (AccessToken, SignIn, Account, FailingAddress):
        session.execute(delete(model).where(model.person_id == person.id))


def _blank_letters(session: Session, person: Person) -> int:
    """No word of the person's letters stays: they name them, and bear links that were theirs."""
    of_theirs = and_(Message.person_id == person.id, Message.state.not_in(UNSENT))
    said = update(Wording).where(Wording.message_id.in_(select(Message.id).where(of_theirs)))
    bulk.quietly(session, said.values(dict.fromkeys(("text", "html", "calendar"), "")))
    values = {"address": stand_in_address(person.id), "subject": BLANK, "last_answer": "", "bounce": ""}
    return bulk.quietly(session, update(Message).where(of_theirs).values(values))


def _replace_mentions(session: Session, person: Person) -> int:
    """In letters to others, and in what failed. Returns how many letters there are."""
    named = dict(_instead(session, person))
    is_final = Message.state.not_in(UNSENT)
    of_final = Wording.message_id.in_(select(Message.id).where(is_final))
    holds = or_(*(column.contains(word, autoescape=True) for column in (*HEADS, *WORDS) for word in named))
    whole = select(func.count()).select_from(Message).join(Wording, Wording.message_id == Message.id)
    number = session.scalar(whole.where(is_final, holds)) or 0
    for word, instead in named.items():
        for column in (*HEADS, Message.address):
            _replace(session, column, word, instead, is_final)
        for column in WORDS:
            _replace(session, column, word, instead, of_final)
    for column in (Reminder.reason, Run.error, Heartbeat.error):
        _replace(session, column, person.email, named[person.email])
    return number


def _instead(session: Session, person: Person) -> Iterator[tuple[str, str]]:
    """The words that name the person -> what stands there instead.

    A name that others bear, alone or within a longer one, is left: it would become theirs.
    """
    yield person.email, stand_in_address(person.id)
    alike = Person.name.contains(person.name, autoescape=True)
    others = select(Person.id).where(alike, Person.id != person.id, Person.masked_at.is_(None))
    if session.scalar(others.limit(1)) is None:
        stand_in = say(person.locale, "Former colleague %(number)s", number=person.id)
        yield from {person.name: stand_in, escape(person.name): stand_in}.items()


def _replace(
    session: Session, column: InstrumentedAttribute[str], word: str, instead: str, *where: ColumnElement[bool]
) -> None:
    model = column.class_
    changed = update(model).where(column.contains(word, autoescape=True), *where)
    bulk.quietly(session, changed.values({column.key: func.replace(column, word, instead)}))
