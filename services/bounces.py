"""Letters that came back: reports from a mailbox, entered with the letter and the address they are about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from models import bulk
from models.message import Message
from models.session import writing
from notifications import imap, outbox
from notifications.bounces import Report, Verdict, read
from notifications.imap import Box, UnreadError
from rules.watch import Loop
from services import runs

NAME = Loop.BOUNCES.value


@dataclass(frozen=True, slots=True)
class Collected:
    """What one visit to the mailbox brought."""

    read: int = 0
    returned: int = 0
    error: str = ""
    """Why the mailbox could not be read, in the words of its server or of the fault; empty when it could."""


def collect(engine: Engine, box: Box, clock: Callable[[], datetime]) -> Collected:
    """Reads what is unread, enters what is a report about a letter of ours, and marks all of it as read.

    A mail is marked after its report is committed: one that is read twice changes nothing the second time.
    """
    count = returned = 0
    try:
        with imap.opened(box) as mailbox:
            for uid, raw in mailbox.unread():
                report = read(raw)
                with writing(engine) as session:
                    returned += enter(session, report, clock()) if report else 0
                mailbox.mark(uid)
                count += 1
    except UnreadError as error:
        found = Collected(count, returned, str(error))
    else:
        found = Collected(count, returned)
    with writing(engine) as session:
        counts = {"read": found.read, "returned": found.returned}
        runs.keep(session, NAME, None, clock(), counts, error=found.error)
    return found


def enter(session: Session, report: Report, now: datetime) -> int:
    """Marks the letters that the report is about as returned. Returns how many were not known to be.

    Both have to fit: the Message-ID, which nobody can guess, and the address that the letter went to. The
    end of such a letter is told in the next receipt, even if an earlier one told that it had gone out.
    """
    query = select(Message.id, Message.address, Message.person_id, Message.bounced_at)
    found = session.execute(query.where(Message.message_id.in_(report.letters)).with_for_update()).all()
    count = 0
    for letter in found:
        verdict = report.of(letter.address)
        if verdict is None or letter.bounced_at is not None:
            continue
        values = {"bounced_at": now, "bounce": report.said, "told_at": None}
        bulk.quietly(session, update(Message).where(Message.id == letter.id).values(**values))
        if verdict is Verdict.NOBODY:
            outbox.note_failing(session, letter.address, letter.person_id, report.said, now)
        count += 1
    return count
