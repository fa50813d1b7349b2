"""The outbox as coordinators see it: what was sent and its fate, what is held, what is to come."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from models.base import table
from models.item import Item
from models.message import IS_UNSENT, Message, MessageState, Reminder
from models.organisation import Person
from rules.errors import NotFoundError
from rules.fates import Fate
from rules.reasons import Reason, recall
from services import forecasts, silences
from services.forecasts import Foreseen
from services.office import Visit
from services.silences import Answer
from services.visibility import items_for, people_for, units_for, visible_person

CHUNK = 500
"""How many references one statement may name."""

_WORD = re.compile(r"[0-9A-Za-z]+(?:[-_.][0-9A-Za-z]+)+")
"""What could be the reference of an item."""
_ADDRESS = re.compile(r"https?://[^\s<>\"'“”]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters to list; what says nothing narrows nothing. Both days belong to the range."""

    fate: Fate | None = None
    letter: str = ""
    person: str = ""
    """A part of a name or address."""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Mailing:
    """One letter of the outbox. Instants are local to the office."""

    number: int
    letter: str
    day: date
    person: str
    email: str
    fate: Fate
    attempts: int
    planned_at: datetime
    sent_at: datetime | None
    again_at: datetime | None
    answer: str
    """The server's last words, or what the table keeps of why it did not go out."""

    @property
    def reason(self) -> Reason | None:
        """The answer as a sentence of ours; None for words of a server."""
        return recall(self.answer)


@dataclass(frozen=True, slots=True)
class Batch:
    """The letters of one day that the flood guard holds."""

    day: date
    letters: int
    planned_at: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """A letter to look at. Links that could act in its reader's name are taken out."""

    mailing: Mailing
    subject: str
    text: str
    html: str
    message_id: str
    address: str


@dataclass(frozen=True, slots=True)
class Promise:
    """One digest to come, with those of its lines that the visitor may see."""

    on: date
    person: str
    email: str
    lines: tuple[Foreseen, ...]


def count(visit: Visit, wanted: Wanted) -> int:
    """How many letters to people whom the visitor looks after are as wanted."""
    query = select(func.count()).select_from(table(Message)).join(Person, Person.id == Message.person_id)
    return visit.session.scalar(query.where(*_conditions(visit, wanted))) or 0


def find(visit: Visit, wanted: Wanted, *, start: int = 0, most: int | None = None) -> list[Mailing]:
    """The letters that `count` counts, the newest first."""
    query = _mailings().where(*_conditions(visit, wanted)).order_by(Message.id.desc())
    rows = visit.session.execute(query.offset(start).limit(most)).all()
    return [_mailing(visit, row) for row in rows]


def _mailings() -> Select[Any]:
    return select(table(Message), Person.name, Person.email).join(Person, Person.id == Message.person_id)


def _conditions(visit: Visit, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [people_for(visit, "view-reminders")]
    if wanted.fate:
        found.append(_is(wanted.fate))
    if wanted.letter:
        found.append(Message.letter == wanted.letter)
    if wanted.person:
        named = (column.icontains(wanted.person, autoescape=True) for column in (Person.name, Person.email))
        found.append(or_(*named))
    if wanted.since:
        found.append(Message.day >= wanted.since)
    if wanted.until:
        found.append(Message.day <= wanted.until)
    return found


def _is(fate: Fate) -> ColumnElement[bool]:
    held = and_(Message.held, IS_UNSENT)
    return held if fate is Fate.HELD else and_(Message.state == MessageState(fate.value), ~held)


def fate_of(state: MessageState, *, held: bool) -> Fate:
    """What becomes of a letter in this state, which the flood guard may hold."""
    is_held = held and state in {MessageState.PLANNED, MessageState.FAILED}
    return Fate.HELD if is_held else Fate(state.value)


def _mailing(visit: Visit, row: Row[Any]) -> Mailing:
    return Mailing(
        number=row.id,
        letter=row.letter,
        day=row.day,
        person=row.name,
        email=row.email,
        fate=fate_of(row.state, held=row.held),
        attempts=row.attempts,
        planned_at=row.planned_at.astimezone(visit.office.zone),
        sent_at=row.sent_at.astimezone(visit.office.zone) if row.sent_at else None,
        again_at=row.not_before.astimezone(visit.office.zone) if row.not_before else None,
        answer=row.last_answer,
    )


def held(visit: Visit) -> list[Batch]:
    """What the flood guard holds of the people whom the visitor looks after, day by day."""
    query = (
        select(Message.day, func.count().label("letters"), func.max(Message.planned_at).label("planned_at"))
        .join(Person, Person.id == Message.person_id)
        .where(Message.held, IS_UNSENT, people_for(visit, "view-reminders"))
        .group_by(Message.day)
        .order_by(Message.day.desc())
    )
    zone = visit.office.zone
    return [
        Batch(row.day, row.letters, row.planned_at.astimezone(zone)) for row in visit.session.execute(query)
    ]


def sheet(visit: Visit, number: int) -> Sheet:
    """The letter with this number, to be looked at.

    Raises:
        NotFoundError: there is no such letter to somebody whom the visitor looks after, or it speaks of
            what they may not see.
    """
    query = _mailings().add_columns(Message.text, Message.html)
    query = query.where(Message.id == number, people_for(visit, "view-letter"))
    row = visit.session.execute(query).first()
    if row is None or not _may_read(visit, row):
        raise NotFoundError("There is no letter %(number)s.", number=number)
    base = visit.office.postbox.office.base_url
    return Sheet(
        mailing=_mailing(visit, row),
        subject=row.subject,
        text=without_keys(row.text, base),
        html=without_keys(row.html, base),
        message_id=row.message_id,
        address=row.address,
    )


def _may_read(visit: Visit, row: Row[Any]) -> bool:
    """Whether all that the letter speaks of is the visitor's to see.

    The words decide and not the reminders that hang on it: a digest that was replaced has lost its own, and
    keeps its words. Figures of a period may be of units far above the reader's.
    """
    if row.letter == "rollup":
        return len(units_for(visit, "view-rollup")) == len(visit.directory.units)
    return not _hidden(visit, _spoken_of(row.subject, row.text)) and not _hangs_on_hidden(visit, row.id)


def _spoken_of(*words: str) -> set[str]:
    return {found for part in words for found in _WORD.findall(part)}


def _hidden(visit: Visit, references: Iterable[str]) -> bool:
    """Whether one of these is the reference of an item that the visitor may not see."""
    named, seen = sorted(references), items_for(visit, "view-item")
    parts = (named[start : start + CHUNK] for start in range(0, len(named), CHUNK))
    queries = (select(Item.id).where(Item.reference.in_(part), ~seen).limit(1) for part in parts)
    return any(visit.session.scalar(query) is not None for query in queries)


def _hangs_on_hidden(visit: Visit, message: int) -> bool:
    query = select(Item.id).join(Reminder, Reminder.item_id == Item.id)
    found = query.where(Reminder.message_id == message, ~items_for(visit, "view-item")).limit(1)
    return visit.session.scalar(found) is not None


def without_keys(words: str, base_url: str) -> str:
    """The words of a letter without addresses that do more than name an item's page.

    A link that acts in its reader's name is theirs alone: whoever looks at the letter must not have it.
    """
    plain = re.compile(rf"{re.escape(base_url)}/?(?:items/[^/?#&]+)?") if base_url else re.compile(r"(?!)")
    return _ADDRESS.sub(lambda found: found[0] if plain.fullmatch(found[0]) else "…", words)


def why(visit: Visit, email: str, on: date) -> Answer:
    """As `silences.why`, of somebody whom the visitor looks after, with the items that they may see.

    Raises:
        NotFoundError: there is no such person for this visitor.
    """
    person = visible_person(visit, "view-reminders", email)
    answer = silences.why(visit.session, visit.office, person.email, on, visit.today)
    seen = _seen(visit, {item.reference for item in answer.items})
    return Answer(
        email=answer.email,
        name=answer.name,
        on=answer.on,
        reasons=answer.reasons,
        letters=answer.letters,
        items=tuple(item for item in answer.items if item.reference in seen),
    )


def _seen(visit: Visit, references: set[str]) -> set[str]:
    query = select(Item.reference).where(items_for(visit, "view-item"))
    return set(visit.session.scalars(query)) & references if references else set()


def foreseen(visit: Visit, days: int, email: str = "") -> list[Promise]:
    """The digests of the days ahead, from today on, to people whom the visitor looks after.

    Raises:
        NotFoundError: there is no such person for this visitor.
    """
    people = _looked_after(visit)
    wanted = visible_person(visit, "view-reminders", email).email if email else None
    found = forecasts.forecast(visit.session, visit.office, visit.today, days, wanted)
    seen = _seen(visit, {line.reference for line in found})
    days_of: dict[tuple[date, str], list[Foreseen]] = {}
    for line in found:
        if line.email in people:
            lines = days_of.setdefault((line.on, line.email), [])
            lines += [line] if line.reference in seen else []
    return [Promise(on, people[one], one, tuple(lines)) for (on, one), lines in days_of.items()]


def _looked_after(visit: Visit) -> dict[str, str]:
    """Address -> name."""
    rows = visit.session.execute(
        select(Person.email, Person.name).where(people_for(visit, "view-reminders"), Person.active)
    )
    return {row.email: row.name for row in rows}


def names(visit: Visit, most: int) -> list[str]:
    """People whom a form proposes, as `name <address>`."""
    found = sorted(_looked_after(visit).items(), key=lambda pair: pair[1])
    return [f"{name} <{email}>" for email, name in found[:most]]
