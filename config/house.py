"""Opening the house: settings, database, calendar and post, put together once at a door."""

import os
import socket
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config import calendar, clock, policy
from config.settings import Settings
from models import schema
from models.organisation import Person, Unit
from models.session import open_engine, reading
from notifications.outbox import Postbox
from notifications.render import Office as Letterhead
from rules.errors import NotFoundError
from rules.permissions import Role
from services.delivery import Channel
from services.office import Office, Visit
from services.organisation import Directory, person_by_email


@dataclass(frozen=True, slots=True)
class House:
    """All that a door hands down."""

    settings: Settings
    engine: Engine
    office: Office

    @property
    def channel(self) -> Channel:
        """How letters leave."""
        sender = f"{socket.gethostname()[:40]}:{os.getpid()}"
        lease = timedelta(seconds=self.settings.lease)
        return Channel(self.settings.server(), sender, lease, self.office.quiet_on)

    def now(self) -> datetime:
        """The present instant; flows and commands read it here and hand it down."""
        return clock.now()

    def visit(
        self, session: Session, actor: Person, *, now: datetime | None = None, door: str = "command"
    ) -> Visit:
        """`actor`'s business with the office, now unless told otherwise."""
        return Visit(session, self.office, Directory.load(session), actor, now or clock.now(), door)


def open_house(settings: Settings, *, today: date | None = None) -> House:
    """Opens an existing database; `today` is the day that the calendar is read around.

    Raises:
        SettingError, BusyError: the database is missing, of another version, or does not answer.
    """
    engine = open_engine(settings.url, patience=settings.patience)
    schema.check(engine)
    with reading(engine) as session:
        letterhead = _letterhead(session, settings, today or clock.now().astimezone(settings.zone).date())
    return House(settings, engine, office(settings, letterhead, today=today))


def office(settings: Settings, letterhead: Letterhead, *, today: date | None = None) -> Office:
    """The office's values from its settings and policy file."""
    file = policy.load(settings.policy)
    day = today or clock.now().astimezone(settings.zone).date()
    return Office(
        zone=settings.zone,
        calendar=calendar.load(file.calendar, day),
        policy=file.policy,
        postbox=Postbox(
            letterhead,
            settings.mail_from,
            settings.secret(),
            reply_to=_reply_to(letterhead.contact),
            redirect_to=settings.redirect_all,
            zone=settings.zone,
            link_days=file.policy.links.days,
        ),
        folder=settings.dir,
        own_days=frozenset((*file.calendar.holidays, *file.calendar.working_days)),
    )


def _reply_to(contact: str) -> str:
    return contact.rpartition("<")[2].rstrip(">") if "@" in contact else ""


def _letterhead(session: Session, settings: Settings, today: date) -> Letterhead:
    root = session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)).first()
    if root is None:
        return Letterhead("Rectify", settings.base_url, "")
    directory = Directory.load(session)
    coordinators = directory.holders(Role.COORDINATOR, root.id, today)
    contact = directory.people[coordinators[0]] if coordinators else None
    return Letterhead(root.name, settings.base_url, f"{contact.name} <{contact.email}>" if contact else "")


def actor_for(session: Session, email: str | None, unit: Unit, today: date) -> Person:
    """The person whom `--as` names; without it, who coordinates the unit.

    Raises:
        NotFoundError: nobody is named and nobody coordinates the unit.
    """
    if email:
        return person_by_email(session, email)
    directory = Directory.load(session)
    coordinators = directory.holders(Role.COORDINATOR, unit.id, today)
    if not coordinators:
        raise NotFoundError("Nobody coordinates %(unit)s; say who you are with --as.", unit=unit.name)
    return directory.people[coordinators[0]]
