"""Alarms: what is the matter with reminders and letters now, told once to those who can mend it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from models import bulk
from models.message import IS_UNSENT, FailingAddress, Heartbeat, Message, MessageState
from models.organisation import Person
from notifications import outbox
from notifications.outbox import Addressed
from notifications.receipts import Alarm, Broken, Failing
from rules.permissions import Role
from rules.watch import Cause, Loop, held_since
from services import receipts, reminders, runs
from services.office import Office, Visit
from services.organisation import Directory, root
from services.seal_checks import SealFinding
from services.visibility import units_for

NAME = Loop.HOUSEKEEPING.value
SURVIVED = timedelta(days=3)
"""A letter that came back by then had come back for good; one that did not has arrived."""
NEVER = date(1, 1, 1)
"""Stands in the key of an alarm about what has never worked."""
SAMPLE = 20
"""Of so many people whose letters are held it is asked since when."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found, and how many letters it planned about it."""

    alarms: tuple[Alarm, ...]
    messages: int

    @property
    def is_well(self) -> bool:
        """Whether the program does its work; an address that takes no letters is no fault of it."""
        return all(alarm.cause is Cause.ADDRESSES for alarm in self.alarms)


def check(
    session: Session,
    office: Office,
    *,
    now: datetime,
    run_id: str = "",
    seals: Iterable[SealFinding] = (),
) -> Checked:
    """Looks at what is the matter and plans an alarm about each matter that nobody was told of yet.

    The key of an alarm holds the day on which its matter began: however often one looks, and however long a
    matter lasts, each person hears of it once. The letters go out as soon as letters do. `seals` is what a
    check of the seals found, which takes too long to be made here.
    """
    mend(session, now)
    found = tuple(matters(session, office, now, seals))
    planned = sum(_raise(session, office, alarm, now) for alarm in found)
    counts = {"alarms": len(found), "messages": planned}
    runs.keep(session, NAME, office.day(now), now, counts, run_id)
    return Checked(found, planned)


def tell_seals(session: Session, office: Office, seals: Iterable[SealFinding], *, now: datetime) -> int:
    """Plans the alarm about seals that do not hold. Returns for how many readers.

    Once for the same findings, to those who coordinate, administer or audit for the whole organisation.
    """
    return sum(_raise(session, office, alarm, now) for alarm in _seals(office, seals, now))


def _seals(office: Office, seals: Iterable[SealFinding], now: datetime) -> Iterator[Alarm]:
    broken = tuple(Broken(one.period, one.version, one.fault.value, one.values["names"]) for one in seals)
    if broken:
        yield Alarm(office.day(now), Cause.SEALS, count=len(broken), broken=broken)


def matters(
    session: Session, office: Office, now: datetime, seals: Iterable[SealFinding] = ()
) -> Iterator[Alarm]:
    """What is the matter now, told to nobody; `seals` as `check` takes it."""
    stopped = list(_channel(session, office, now))
    yield from _reminders(session, office, now)
    yield from stopped
    if not stopped:
        yield from _waiting(session, office, now)
    yield from _held(session, office, now)
    yield from _addresses(session, office, now)
    yield from _mailbox(session, office, now)
    yield from _seals(office, seals, now)


def _reminders(session: Session, office: Office, now: datetime) -> Iterator[Alarm]:
    today = office.day(now)
    if list(receipts.missed_days(session, office, today - timedelta(days=1), now)):
        beat = session.get(Heartbeat, reminders.NAME)
        since = beat.succeeded_at if beat else None
        yield Alarm(today, Cause.REMINDERS, _local(since, office), said=beat.error if beat else "")


def _channel(session: Session, office: Office, now: datetime) -> Iterator[Alarm]:
    beat = session.get(Heartbeat, Loop.DELIVERY.value)
    if beat and beat.error:
        yield Alarm(office.day(now), Cause.CHANNEL, _local(beat.succeeded_at, office), said=beat.error)


def _waiting(session: Session, office: Office, now: datetime) -> Iterator[Alarm]:
    """What waits for long.

    Letters that were planned for their own readers wait on purpose in a trial, and reminders on quiet days.
    """
    long_ago = now - timedelta(hours=office.policy.watch.waiting_hours)
    query = select(func.count(), func.min(Message.planned_at)).where(
        IS_UNSENT, Message.held.is_(False), Message.planned_at <= long_ago
    )
    if only := office.postbox.redirect_to:
        query = query.where(Message.address == only)
    if office.quiet_on(now):
        query = query.where(Message.letter.not_in(reminders.DIGESTS))
    count, oldest = session.execute(query).one()
    if count:
        said = select(Message.last_answer).where(
            IS_UNSENT, Message.planned_at <= long_ago, Message.last_answer != ""
        )
        words = session.scalar(said.order_by(Message.id).limit(1)) or ""
        yield Alarm(office.day(now), Cause.WAITING, _local(oldest, office), count, words)


def _held(session: Session, office: Office, now: datetime) -> Iterator[Alarm]:
    held = session.execute(
        select(Message.person_id).where(IS_UNSENT, Message.held).order_by(Message.id)
    ).scalars()
    people = list(held)
    since = min(_held_since(session, people[:SAMPLE]), default=None)
    if since and now - since >= timedelta(hours=office.policy.watch.held_hours):
        yield Alarm(office.day(now), Cause.HELD, _local(since, office), len(people))


def _held_since(session: Session, people: list[int]) -> Iterator[datetime]:
    letters: dict[int, list[tuple[bool, datetime]]] = {}
    query = select(Message.person_id, Message.held, Message.planned_at).where(
        Message.person_id.in_(people), Message.letter.in_(reminders.DIGESTS)
    )
    for person, is_held, planned_at in session.execute(query.order_by(Message.day.desc())):
        letters.setdefault(person, []).append((is_held, planned_at))
    yield from (since for mine in letters.values() if (since := held_since(mine)))


def _addresses(session: Session, office: Office, now: datetime) -> Iterator[Alarm]:
    found = failing(session, FailingAddress.told_at.is_(None))
    if found:
        yield Alarm(office.day(now), Cause.ADDRESSES, count=len(found), failing=tuple(found))


def _mailbox(session: Session, office: Office, now: datetime) -> Iterator[Alarm]:
    """A fault of long ago is none of today: an office may have given up the reading."""
    beat = session.get(Heartbeat, Loop.BOUNCES.value)
    recent = now - timedelta(hours=office.policy.watch.loop_hours)
    if beat and beat.error and beat.failed_at and beat.failed_at >= recent:
        yield Alarm(office.day(now), Cause.MAILBOX, _local(beat.succeeded_at, office), said=beat.error)


def failing(session: Session, *conditions: ColumnElement[bool]) -> list[Failing]:
    """The addresses at which letters end, with whose they are."""
    query = select(Person.name, FailingAddress.address, FailingAddress.said).join(
        Person, Person.id == FailingAddress.person_id
    )
    rows = session.execute(query.where(*conditions).order_by(FailingAddress.address))
    return [Failing(*row) for row in rows]


def _local(at: datetime | None, office: Office) -> datetime | None:
    return at.astimezone(office.zone) if at else None


def _raise(session: Session, office: Office, alarm: Alarm, now: datetime) -> int:
    """Plans the alarm for each reader who has not had it. Returns how many."""
    began = _began(alarm)
    letters = []
    directory = Directory.load(session)
    for reader in _readers(session, alarm, directory):
        visit = Visit(session, office, directory, reader, now, NAME)
        if mine := _for(visit, alarm):
            key = f"alarm:{alarm.cause}:{began}:{reader.id}"
            letters.append(Addressed(key, reader, mine, alarm.on))
    planned = outbox.put(session, office.postbox, letters, now)
    if alarm.cause is Cause.ADDRESSES and planned:
        told = update(FailingAddress).where(FailingAddress.told_at.is_(None)).values(told_at=now)
        bulk.quietly(session, told)
    return planned


def _readers(session: Session, alarm: Alarm, directory: Directory) -> list[Person]:
    """Who is told: of seals, which concern all units, those alone who have to do with all."""
    if alarm.cause is not Cause.SEALS:
        return receipts.coordinators(session, alarm.on, Role.COORDINATOR, Role.ADMIN)
    top = root(session).id
    roles = (Role.COORDINATOR, Role.ADMIN, Role.AUDITOR)
    found = {person for role in roles for person in directory.on_unit(role, top, alarm.on)}
    return [directory.people[person] for person in sorted(found)]


def _began(alarm: Alarm) -> date | str:
    """The day by which an alarm is known: reminders are missed, and addresses named, day by day.

    Of seals nobody knows since when; what was found stands instead.
    """
    if alarm.cause is Cause.SEALS:
        return sha256(repr(alarm.broken).encode()).hexdigest()[:16]
    if alarm.cause in {Cause.REMINDERS, Cause.ADDRESSES}:
        return alarm.on
    return alarm.since.date() if alarm.since else NEVER


def _for(visit: Visit, alarm: Alarm) -> Alarm | None:
    """The alarm as this reader may know it: addresses are those of their units alone."""
    if alarm.cause is not Cause.ADDRESSES:
        return alarm
    theirs = Person.unit_id.in_(sorted(units_for(visit, "view-reminders")))
    found = tuple(failing(visit.session, FailingAddress.told_at.is_(None), theirs))
    return replace(alarm, count=len(found), failing=found) if found else None


def mend(session: Session, now: datetime) -> None:
    """Forgets failing addresses that are nobody's any more, or take letters again."""
    for row in session.scalars(select(FailingAddress)).all():
        person = session.get_one(Person, row.person_id)
        is_theirs = person.active and person.email == row.address
        if not is_theirs or _takes_letters(session, row, now):
            session.execute(delete(FailingAddress).where(FailingAddress.address == row.address))


def _takes_letters(session: Session, row: FailingAddress, now: datetime) -> bool:
    """Whether the last letter to the address of which one can tell arrived."""
    ended = select(Message.state, Message.bounced_at, Message.sent_at).where(
        Message.person_id == row.person_id,
        Message.address == row.address,
        Message.state.in_((MessageState.SENT, MessageState.DEAD)),
    )
    for state, bounced_at, sent_at in session.execute(ended.order_by(Message.id.desc()).limit(SAMPLE)):
        if state is MessageState.DEAD or bounced_at is not None:
            return False
        if sent_at and sent_at <= now - SURVIVED:
            return True
    return False
