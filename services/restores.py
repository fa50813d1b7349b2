"""A restored database stands still: nothing is sent until somebody has seen what would be, and resumes.

What it knows ends with the backup. Letters that went out after it wait in its outbox as if they had not.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from models.message import RESTORE, Heartbeat
from rules.errors import WrongMoveError
from services import runs
from services.history import Entry, record

SUBJECT = "database"


def note(session: Session, made_at: datetime, now: datetime) -> None:
    """Enters that the database was restored from the backup of `made_at`; from now on nothing is sent."""
    session.merge(Heartbeat(name=RESTORE, started_at=now, succeeded_at=None, failed_at=None, error=""))
    made = {"backup": made_at.isoformat()}
    record(session, Entry(now, None, "command", SUBJECT, "restore-database", payload=made))


def held_since(session: Session) -> datetime | None:
    """When the database was restored, if nobody has resumed sending since."""
    beat = session.get(Heartbeat, RESTORE)
    return beat.started_at if beat and beat.succeeded_at is None else None


def resume(session: Session, now: datetime) -> None:
    """Lets letters go again.

    Raises:
        WrongMoveError: nothing was restored, or sending was resumed already.
    """
    if held_since(session) is None:
        raise WrongMoveError("Nothing stands still: letters go as ever.")
    runs.beat(session, RESTORE, now)
    record(session, Entry(now, None, "command", SUBJECT, "resume-sending"))
