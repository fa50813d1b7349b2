"""The daily receipt: what became of letters since the last one, whether the loops ran, and what waits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, func, select, update
from sqlalchemy.orm import Session

from models import bulk
from models.base import table
from models.event import Event
from models.item import Item
from models.message import IS_UNSENT, IS_UNTOLD, Heartbeat, Message, MessageState, Run
from models.organisation import Person
from notifications import outbox
from notifications.outbox import Addressed
from notifications.receipts import Lost, Receipt
from rules import watch
from rules.lifecycle import OPEN, State
from rules.permissions import Role
from rules.watch import Loop, Pulse
from services import reminders, runs, worklists
from services.office import Office, Visit
from services.organisation import Directory
from services.visibility import items_for, units_for
from services.worklists import Work

NAME = "receipt"
LOCK = 0x52656365
AHEAD = timedelta(days=60)
"""So far ahead a year without a table of holidays matters."""


@dataclass(frozen=True, slots=True)
class Written:
    """What one run of receipts did."""

    receipts: int
    sent: int
    lost: int
    """Letters that went out or reached nobody since the last receipt."""


def write(session: Session, office: Office, today: date, *, now: datetime, run_id: str = "") -> Written:
    """Plans the receipts of `today`, one for each coordinator; sends nothing.

    A second run on a day writes none: what happens after the day's receipt is told in the next. Each letter
    that went out or reached nobody is told in exactly one receipt of each coordinator who may know of it.
    """
    _lock(session)
    readers = coordinators(session, today)
    if not readers or _is_written(session, today):
        return Written(0, 0, 0)
    ends, waiting = _ends(session), _waiting(session)
    facts = _facts(session, office, today, now)
    written = []
    for reader in readers:
        visit = Visit(session, office, facts.directory, reader, now, NAME)
        letter = _receipt(visit, facts, ends, waiting)
        written.append(Addressed(f"receipt:{today.isoformat()}:{reader.id}", reader, letter, today))
    count = outbox.put(session, office.postbox, written, now)
    _tell(session, [row.id for row in ends], now)
    told = Written(count, sum(map(_is_sent, ends)), sum(not _is_sent(row) for row in ends))
    counts = {"messages": told.receipts, "sent": told.sent, "dead": told.lost}
    runs.keep(session, NAME, today, now, counts, run_id)
    return told


def _lock(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))


def coordinators(session: Session, today: date, *roles: Role) -> list[Person]:
    """Who holds one of `roles` (without any, who coordinates) somewhere on `today`, each once."""
    directory = Directory.load(session)
    wanted = roles or (Role.COORDINATOR,)
    found = {
        person: directory.people[person]
        for unit in directory.units
        for role in wanted
        for person in directory.on_unit(role, unit, today)
    }
    return [found[person] for person in sorted(found)]


def _is_written(session: Session, today: date) -> bool:
    runs_of_today = select(Run.id).where(Run.name == NAME, Run.day == today, Run.error == "").limit(1)
    return session.scalar(runs_of_today) is not None


def _ends(session: Session) -> list[Row[Any]]:
    """The letters whose end no receipt has told, with their readers. Holds their rows."""
    columns = (
        Message.id,
        Message.state,
        Message.address,
        Message.letter,
        Message.day,
        Message.last_answer,
        Message.bounced_at,
        Message.bounce,
        Person.name,
        Person.unit_id,
    )
    query = select(*columns).join(Person, Person.id == Message.person_id).where(IS_UNTOLD)
    return list(session.execute(query.order_by(Message.id).with_for_update(of=table(Message))).all())


def _is_sent(row: Row[Any]) -> bool:
    return row.state is MessageState.SENT and row.bounced_at is None


def _tell(session: Session, letters: list[int], now: datetime) -> None:
    for start in range(0, len(letters), reminders.CHUNK):
        chunk = letters[start : start + reminders.CHUNK]
        bulk.quietly(session, update(Message).where(Message.id.in_(chunk)).values(told_at=now))


def _waiting(session: Session) -> list[Row[Any]]:
    """Letters still to go out, by unit of their readers and by how they stand."""
    columns = (Person.unit_id, Message.state, Message.held)
    query = select(*columns, func.count().label("letters")).join(Person, Person.id == Message.person_id)
    return list(session.execute(query.where(IS_UNSENT).group_by(*columns)).all())


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is the same for every reader."""

    directory: Directory
    today: date
    since: datetime | None
    pulses: tuple[Pulse, ...]
    missed: tuple[date, ...]
    lacking: tuple[int, ...]


def _facts(session: Session, office: Office, today: date, now: datetime) -> _Facts:
    last = session.execute(
        select(Run.day, Run.started_at)
        .where(Run.name == NAME, Run.error == "")
        .order_by(Run.id.desc())
        .limit(1)
    ).first()
    missed = tuple(missed_days(session, office, last.day if last else None, now))
    return _Facts(
        directory=Directory.load(session),
        today=today,
        since=last.started_at.astimezone(office.zone) if last else None,
        pulses=tuple(pulses(session, office, now)),
        missed=missed,
        lacking=tuple(sorted(y for y in office.calendar.estimated_years if y <= (today + AHEAD).year)),
    )


def missed_days(session: Session, office: Office, after: date | None, now: datetime) -> Iterator[date]:
    """The days after `after` (without one, today alone) on which reminders were due and not planned."""
    local = now.astimezone(office.zone)
    first = local.date() - watch.FAR
    days = {first + timedelta(days=offset) for offset in range(watch.FAR.days + 1)}
    planned = select(Run.day).where(Run.name == reminders.NAME, Run.day >= first, Run.error == "")
    begun = session.scalar(select(Event.at).where(Event.position == 1))
    since = watch.first_expected(begun.astimezone(office.zone) if begun else None, office.policy.watch)
    yield from watch.missed(
        after,
        local,
        {day for day in days if day >= since and office.send_days.is_one(day)},
        {day for day in session.scalars(planned) if day},
        office.policy.watch,
    )


def pulses(session: Session, office: Office, now: datetime) -> Iterator[Pulse]:
    """How each loop is. Whether reminders are late is told by the days that they missed."""
    local = now.astimezone(office.zone)
    beats = {beat.name: beat for beat in session.scalars(select(Heartbeat))}
    for loop in Loop:
        beat = beats.get(loop)
        if loop is Loop.BOUNCES and beat is None:
            continue
        at = beat.succeeded_at.astimezone(office.zone) if beat and beat.succeeded_at else None
        late = loop is not Loop.REMINDERS and watch.is_late(at, local, office.policy.watch)
        yield Pulse(loop, at, beat.error if beat else "", late or at is None)


def _receipt(visit: Visit, facts: _Facts, ends: Iterable[Row[Any]], waiting: Iterable[Row[Any]]) -> Receipt:
    """What this reader is told: of letters to people of their units, and of their items."""
    reach = units_for(visit, "view-reminders")
    mine = [row for row in ends if row.unit_id in reach]
    free = [row for row in waiting if row.unit_id in reach and not row.held]
    work = worklists.counts(visit)
    return Receipt(
        on=facts.today,
        since=facts.since,
        sent=sum(map(_is_sent, mine)),
        waiting=sum(row.letters for row in free),
        failed=sum(row.letters for row in free if row.state is MessageState.FAILED),
        held=sum(row.letters for row in waiting if row.unit_id in reach and row.held),
        lost=tuple(_lost(row) for row in mine if not _is_sent(row)),
        pulses=facts.pulses,
        missed=facts.missed,
        to_verify=work[Work.VERIFY],
        to_decide=work[Work.DECIDE],
        to_confirm=work[Work.CONFIRM],
        lacking=facts.lacking,
        **_silent(visit),
    )


def _lost(row: Row[Any]) -> Lost:
    came_back = row.bounced_at is not None
    said = row.bounce if came_back else row.last_answer
    return Lost(row.name, row.address, row.letter, row.day, said, came_back)


def _silent(visit: Visit) -> dict[str, int]:
    """How many of the reader's items are without an answer, by what is waited for, and how many paused."""
    ladder, calendar, today = visit.office.policy.ladder, visit.office.calendar, visit.today

    def before(days: int) -> date:
        return calendar.shift(today, -days)

    told = {
        "unacknowledged": and_(Item.state == State.ASSIGNED, Item.since_on <= before(ladder.unacknowledged)),
        "wordless": and_(Item.state == State.IN_PROGRESS, Item.word_on <= before(ladder.silent)),
        "unreviewed": and_(Item.state == State.SUSTAINED, Item.review_on < today),
        "paused": and_(Item.state.in_(OPEN), Item.resumes_on > today),
    }
    columns = [func.count().filter(condition) for condition in told.values()]
    query = select(*columns).select_from(Item).where(items_for(visit, "pause"))
    return dict(zip(told, visit.session.execute(query).one(), strict=True))
