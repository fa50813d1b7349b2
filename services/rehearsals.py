"""What a planning run on a day would send, and to whom: the run itself, undone at its end."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

from models.message import IS_UNSENT, Message
from models.session import rehearsing
from services.office import Office
from services.reminders import Planned
from services.weekly_overviews import plan_morning


@dataclass(frozen=True, slots=True)
class Unsent:
    """One letter as it would lie in the outbox after the run."""

    email: str
    letter: str
    subject: str
    text: str
    held: bool
    """Kept back by the flood guard."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the run would do, and every letter that a delivery after it would find."""

    planned: Planned
    letters: tuple[Unsent, ...]


def rehearse(engine: Engine, office: Office, today: date, *, now: datetime, confirm: bool) -> Rehearsal:
    """Plans `today` as a run at `now` would, looks at the outbox, and undoes it all."""
    with rehearsing(engine) as session:
        planned = plan_morning(session, office, today, now=now, confirm=confirm)
        return Rehearsal(planned, waiting(session, office, now))


def waiting(session: Session, office: Office, now: datetime) -> tuple[Unsent, ...]:
    """The letters of every kind that may go at `now`, and those that are held; in the order they go.

    In a trial, those to its one address.
    """
    is_time = or_(Message.not_before.is_(None), Message.not_before <= now)
    query = select(Message.address, Message.letter, Message.subject, Message.text, Message.held)
    query = query.where(IS_UNSENT, is_time).order_by(Message.id)
    if only := office.postbox.redirect_to:
        query = query.where(Message.address == only)
    return tuple(Unsent(*row) for row in session.execute(query))
