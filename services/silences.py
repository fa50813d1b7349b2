"""Why a mail came or did not: all that is on record about one person's day, read in a few statements."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from models.event import Event
from models.item import Assignment, Item
from models.message import Message, MessageState, Reminder, ReminderOutcome, Run
from models.organisation import Person
from rules.errors import NotFoundError
from rules.lifecycle import OPEN, Move, State
from rules.permissions import Role
from rules.planning import Subject
from rules.reasons import Reason
from rules.silences import Day, Matter, Posted, Told, about_day, about_item, about_letter, roles_of
from services import digests, reminders
from services.office import Office
from services.organisation import Directory, normal_address

POSTS = {Role.HEAD, Role.SUPERVISOR, Role.COORDINATOR}
"""Roles that bring a person every item of a unit, most of them quiet."""
ENDED = {State.CLOSED, State.CANCELLED}


@dataclass(frozen=True, slots=True)
class LetterAnswer:
    """One letter of the day. Instants are local to the office."""

    letter: str
    subject: str
    address: str
    day: date
    state: str
    attempts: int
    last_answer: str
    message_id: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """One item that the person has, or had on the day, a part in."""

    reference: str
    title: str
    state: State
    due_on: date | None
    roles: tuple[Role, ...]
    is_decided: bool
    """Whether a run decided something about it for the person on the day."""
    is_telling: bool
    """Whether it was decided about, or names the person and was open then: what people ask about."""
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Why mail came or did not, for one person on one day."""

    email: str
    name: str
    on: date
    reasons: tuple[Reason, ...]
    letters: tuple[LetterAnswer, ...]
    items: tuple[ItemAnswer, ...]
    """Those that something was decided about first."""


def why(session: Session, office: Office, email: str, on: date, today: date) -> Answer:
    """Everything that is known of why mail came to the person on `on`, or did not.

    The number of statements does not depend on how many items, letters or people there are.

    Raises:
        NotFoundError: nobody has this address. Whoever has left is explained as well.
    """
    person = _person(session, email)
    posted = _posted(session, office, person, on)
    matters = _matters(session, office, person, on)
    day = _day(session, office, person, (on, today), posted, _parts(matters))
    ladder, calendar = office.policy.ladder, office.calendar
    items = [_item(row, one, about_item(one, day, ladder, calendar), on) for row, one in matters]
    return Answer(
        email=person.email,
        name=person.name,
        on=on,
        reasons=tuple(about_day(day)),
        letters=tuple(_letter(row, office) for row in posted),
        items=tuple(sorted(items, key=lambda item: (not item.is_decided, item.reference))),
    )


def _person(session: Session, email: str) -> Person:
    found = session.scalars(select(Person).where(Person.email == normal_address(email))).first()
    if found is None:
        raise NotFoundError("Nobody here has the address %(email)s.", email=email)
    return found


def _span(office: Office, on: date) -> tuple[datetime, datetime]:
    """The instants between which it is `on` in the office, the second excluded."""
    start = datetime.combine(on, time(), office.zone)
    return start, datetime.combine(on + timedelta(days=1), time(), office.zone)


def _posted(session: Session, office: Office, person: Person, on: date) -> list[Row[Any]]:
    """The letters that speak of the day, and those of other days that went out on it."""
    start, end = _span(office, on)
    of_the_day = or_(Message.day == on, and_(Message.sent_at >= start, Message.sent_at < end))
    query = select(Message.__table__).where(Message.person_id == person.id, of_the_day)
    return list(session.execute(query.order_by(Message.id)).all())


def _day(
    session: Session,
    office: Office,
    person: Person,
    days: tuple[date, date],
    posted: list[Row[Any]],
    parts: int,
) -> Day:
    """`days` are the day asked about, and today."""
    on, today = days
    digest = [row for row in posted if row.letter in reminders.DIGESTS and row.day == on]
    runs = select(func.max(Run.started_at)).where(Run.name == reminders.NAME, Run.day == on, Run.error == "")
    return Day(
        on=on,
        today=today,
        works=office.calendar.is_working(on),
        planned_at=_local(session.scalar(runs), office),
        active=person.active,
        parts=parts,
        had_letter=any(row.attempts or row.state == MessageState.LEASED for row in digest),
        quiet=office.policy.quiet,
        undelivered=_undelivered(session, person),
    )


def _undelivered(session: Session, person: Person) -> tuple[date, str] | None:
    """Day and answer of the last letter that reached its end, if it reached nobody."""
    query = select(Message.day, Message.state, Message.last_answer, Message.bounced_at, Message.bounce).where(
        Message.person_id == person.id, Message.state.in_((MessageState.SENT, MessageState.DEAD))
    )
    last = session.execute(query.order_by(Message.day.desc(), Message.id.desc()).limit(1)).first()
    if last and last.bounced_at:
        return last.day, last.bounce
    return (last.day, last.last_answer) if last and last.state is MessageState.DEAD else None


def _local(at: datetime | None, office: Office) -> datetime | None:
    return at.astimezone(office.zone) if at else None


def _letter(row: Row[Any], office: Office) -> LetterAnswer:
    posted = Posted(
        state=row.state.value,
        held=row.held,
        attempts=row.attempts,
        answer=row.last_answer,
        sent_at=_local(row.sent_at, office),
        again_at=_local(row.not_before, office),
        came_back=(row.bounced_at.astimezone(office.zone), row.bounce) if row.bounced_at else None,
    )
    return LetterAnswer(
        letter=row.letter,
        subject=row.subject,
        address=row.address,
        day=row.day,
        state=posted.state,
        attempts=row.attempts,
        last_answer=row.last_answer,
        message_id=row.message_id,
        reasons=tuple(about_letter(posted)),
    )


def _matters(session: Session, office: Office, person: Person, on: date) -> list[tuple[Row[Any], Matter]]:
    directory = Directory.load(session)
    posts = _posts(directory, person, on)
    wanted = _wanted(person, posts, on)
    named = _named(session, person, wanted)
    told = _told(session, person, wanted)
    then = _then(session, wanted, _span(office, on)[1])
    rows = session.execute(select(*digests.COLUMNS).where(wanted).order_by(Item.id)).all()
    matters = []
    for row in rows:
        roles = posts.get(row.lead_unit_id, set()) | named.get(row.id, set())
        mine = roles if person.active else set()
        known = then.get(row.id, _Then(row.state, is_as_now=True))
        matters.append((row, _matter(row, person, mine, told.get(row.id, []), known, on)))
    return matters


def _posts(directory: Directory, person: Person, on: date) -> dict[int, set[Role]]:
    """Unit -> the roles in which reminders about its items reach the person without being named on them."""
    found: dict[int, set[Role]] = {}
    for unit in directory.units:
        for role, ids in digests.posts(directory, unit, on).items():
            if person.id in ids:
                found.setdefault(unit, set()).add(role)
    return found


def _wanted(person: Person, posts: dict[int, set[Role]], on: date) -> ColumnElement[bool]:
    """Items that name the person, open ones of units that are theirs, and those reminded of that day."""
    named = select(Assignment.item_id).where(Assignment.person_id == person.id)
    decided = select(Reminder.item_id).where(Reminder.person_id == person.id, Reminder.planned_on == on)
    of_unit = and_(Item.lead_unit_id.in_(posts), Item.state.in_(OPEN))
    return or_(Item.id.in_(named), Item.id.in_(decided), of_unit)


def _named(session: Session, person: Person, wanted: ColumnElement[bool]) -> dict[int, set[Role]]:
    found: dict[int, set[Role]] = {}
    query = select(Assignment.item_id, Assignment.role).join(Item, Item.id == Assignment.item_id)
    for item, role in session.execute(query.where(wanted, Assignment.person_id == person.id)):
        found.setdefault(item, set()).add(role)
    return found


_TOLD = (
    Reminder.item_id,
    Reminder.rung,
    Reminder.rung_on,
    Reminder.planned_on,
    Reminder.outcome,
    Reminder.reason,
    Reminder.deadline_version,
    Message.held,
)


def _told(session: Session, person: Person, wanted: ColumnElement[bool]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    query = select(*_TOLD).join(Item, Item.id == Reminder.item_id)
    query = query.outerjoin(Message, Message.id == Reminder.message_id)
    for row in session.execute(query.where(wanted, Reminder.person_id == person.id).order_by(Reminder.id)):
        found.setdefault(row.item_id, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class _Then:
    """How an item stood at the end of the day."""

    state: State | None
    """None: it had not been entered."""
    is_as_now: bool
    """Whether nothing has happened to it since."""
    resumes_on: date | None = None
    pause_note: str = ""


def _then(session: Session, wanted: ColumnElement[bool], end: datetime) -> dict[int, _Then]:
    """Item -> how it stood before `end`, as the history tells it."""
    pausing = aliased(Event)
    pauses = Event.move.in_((Move.PAUSE, Move.RESUME))
    ends = (
        select(
            Event.item_id,
            func.max(case((Event.at < end, Event.position))).label("then"),
            func.max(case(((Event.at < end) & pauses, Event.position))).label("pause"),
            func.max(Event.position).label("last"),
        )
        .join(Item, Item.id == Event.item_id)
        .where(wanted)
        .group_by(Event.item_id)
        .subquery()
    )
    query = (
        select(ends, Event.state, pausing.payload, pausing.note)
        .outerjoin(Event, Event.position == ends.c.then)
        .outerjoin(pausing, pausing.position == ends.c.pause)
    )
    return {row.item_id: _stood(row) for row in session.execute(query)}


def _stood(row: Row[Any]) -> _Then:
    until = (row.payload or {}).get("resumes_on")
    resumes_on = date.fromisoformat(until) if until else None
    return _Then(row.state, row.then == row.last, resumes_on, row.note or "")


def _matter(
    row: Row[Any], person: Person, roles: set[Role], told: list[Row[Any]], then: _Then, on: date
) -> Matter:
    settled = {
        (person.id, one.rung)
        for one in told
        if one.deadline_version == row.deadline_version and one.planned_on <= on
        if one.outcome is not ReminderOutcome.CANCELLED
    }
    is_paused = then.resumes_on is not None and on < then.resumes_on
    return Matter(
        state=then.state,
        state_now=row.state,
        is_as_then=then.is_as_now,
        subject=Subject(row.id, digests.standing(row), dict.fromkeys(roles, (person.id,)), settled),
        told=tuple(_outcome(one) for one in told),
        paused=(then.resumes_on, then.pause_note) if then.resumes_on and is_paused else None,
    )


def _outcome(row: Row[Any]) -> Told:
    held = bool(row.held) and row.outcome is ReminderOutcome.PLANNED
    return Told(row.rung, row.rung_on, row.planned_on, row.outcome.value, row.reason, held)


def _parts(matters: list[tuple[Row[Any], Matter]]) -> int:
    return sum(bool(matter.subject.people) and row.state in OPEN for row, matter in matters)


def _item(row: Row[Any], matter: Matter, reasons: list[Reason], on: date) -> ItemAnswer:
    is_decided = any(told.planned_on == on for told in matter.told)
    names_person = bool(set(matter.subject.people) - POSTS)
    return ItemAnswer(
        reference=row.reference,
        title=row.title,
        state=row.state,
        due_on=row.due_on,
        roles=roles_of(matter.subject),
        is_decided=is_decided,
        is_telling=is_decided or (names_person and matter.state not in ENDED),
        reasons=tuple(reasons),
    )
