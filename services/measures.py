"""Figures about the program's own work for a monitor: numbers and instants, no names and no titles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.message import IS_UNSENT, Heartbeat, Message
from rules.fates import Fate
from rules.watch import Loop
from services import restores, status


@dataclass(frozen=True, slots=True)
class Measures:
    """What a monitor is told."""

    due: int
    """Letters that may go now and have not gone."""
    letters: Mapping[Fate, int]
    """Every fate, with how many letters have it."""
    oldest_at: datetime | None
    """When the oldest letter that nobody holds was planned, of those that wait."""
    successes: Mapping[Loop, datetime]
    failing: frozenset[Loop]
    """Loops that failed at their last run."""
    sealed: int
    """Periods with a seal in force."""
    stands_still: bool
    """Whether the database was restored, and nobody has resumed sending."""


def measure(session: Session, now: datetime) -> Measures:
    """Reads the figures at `now`."""
    is_time = or_(Message.not_before.is_(None), Message.not_before <= now)
    waiting = select(func.count().filter(is_time), func.min(Message.planned_at))
    due, oldest = session.execute(waiting.where(IS_UNSENT, Message.held.is_(False))).one()
    beats = {beat.name: beat for beat in session.scalars(select(Heartbeat))}
    ours = {loop: beats[loop] for loop in Loop if loop in beats}
    return Measures(
        due=due,
        letters=dict.fromkeys(Fate, 0) | status.letters(session),
        oldest_at=oldest,
        successes={loop: beat.succeeded_at for loop, beat in ours.items() if beat.succeeded_at},
        failing=frozenset(loop for loop, beat in ours.items() if beat.error),
        sealed=status.sealed(session),
        stands_still=restores.held_since(session) is not None,
    )
