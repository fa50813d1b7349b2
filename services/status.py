"""How the whole office stands on one screen: for whoever runs the machine."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from models.item import Item
from models.message import Message
from models.period import Period, Rollup
from notifications.receipts import Alarm
from rules.fates import Fate
from rules.lifecycle import OPEN, WITH_DEADLINE
from rules.watch import Cause, Pulse
from services import alarms, mailings, receipts, restores, rollups
from services.office import Office
from services.seal_checks import SealFinding


@dataclass(frozen=True, slots=True)
class Status:
    """The figures and what is the matter. Instants are local to the office."""

    at: datetime
    office: str
    open: int
    overdue: int
    letters: dict[Fate, int]
    """How many there are of each fate; those without any are left out."""
    pulses: tuple[Pulse, ...]
    sealed: int
    """Periods with a seal in force."""
    last_seal: tuple[str, datetime] | None
    """The latest seal's period, and when it was sealed."""
    held_since: datetime | None
    """When the database was restored, if nothing is sent since."""
    alarms: tuple[Alarm, ...]

    @property
    def is_well(self) -> bool:
        """Whether the program does its work; an address that takes no letters is no fault of it."""
        return self.held_since is None and all(alarm.cause is Cause.ADDRESSES for alarm in self.alarms)


def status_of(
    session: Session, office: Office, *, now: datetime, seals: Iterable[SealFinding] = ()
) -> Status:
    """Reads it all at `now`; `seals` is what a check of the seals found. Changes and plans nothing."""
    is_open, is_overdue = items(session, office.day(now))
    last = _last_seal(session)
    held = restores.held_since(session)
    return Status(
        at=now.astimezone(office.zone),
        office=office.postbox.office.name,
        open=is_open,
        overdue=is_overdue,
        letters=letters(session),
        pulses=tuple(receipts.pulses(session, office, now)),
        sealed=sealed(session),
        last_seal=(last[0], last[1].astimezone(office.zone)) if last else None,
        held_since=held.astimezone(office.zone) if held else None,
        alarms=tuple(alarms.matters(session, office, now, seals)),
    )


def items(session: Session, today: date) -> tuple[int, int]:
    """How many items are open, and how many of these are overdue on `today`."""
    late = and_(Item.state.in_(WITH_DEADLINE), Item.due_on < today)
    query = select(func.count(), func.count().filter(late)).where(Item.state.in_(OPEN))
    is_open, is_overdue = session.execute(query).one()
    return is_open, is_overdue


def letters(session: Session) -> dict[Fate, int]:
    """How many letters have each fate, in the order in which `Fate` names them."""
    query = select(Message.state, Message.held, func.count()).group_by(Message.state, Message.held)
    found: dict[Fate, int] = {}
    for state, is_held, count in session.execute(query):
        fate = mailings.fate_of(state, held=is_held)
        found[fate] = found.get(fate, 0) + count
    return {fate: found[fate] for fate in Fate if fate in found}


def sealed(session: Session) -> int:
    """How many periods have a seal in force."""
    keys = session.scalars(select(Period.key)).all()
    return sum(rollups.sealed(session, key, is_bare=True) is not None for key in keys)


def _last_seal(session: Session) -> tuple[str, datetime] | None:
    query = select(Period.key, Rollup.sealed_at).join(Rollup, Rollup.period_id == Period.id)
    found = session.execute(query.order_by(Rollup.id.desc()).limit(1)).first()
    return (found.key, found.sealed_at) if found else None
