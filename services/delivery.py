"""Handing the outbox to the mail server: claim, send outside any transaction, write down, look again."""

import contextlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import sleep
from typing import Any, TypeVar

from sqlalchemy import Engine, Row
from sqlalchemy.orm import Session

from models.message import MessageState
from models.session import reading, writing
from notifications import outbox
from notifications.outbox import Postbox
from notifications.smtp import Answer, Courier, Fate, Server
from rules.errors import BusyError
from rules.reasons import Kept, keep
from services import runs

NAME = "delivery"
PATIENT, PAUSE = 12, 0.5
"""How often a transaction is tried while the database is held or starts again, and seconds between two tries.

Each try waits as long as the engine does; a database that is not there refuses at once.
"""

T = TypeVar("T")


@dataclass(slots=True)
class Delivered:
    """What one delivery run did. `stopped` holds the server's words when the channel itself is at fault."""

    sent: int = 0
    failed: int = 0
    dead: int = 0
    waiting: int = 0
    held: int = 0
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """How letters leave: the server, our name on the leases, and how long a lease lasts."""

    server: Server
    sender: str
    lease: timedelta


def deliver(
    engine: Engine, postbox: Postbox, channel: Channel, clock: Callable[[], datetime], run_id: str = ""
) -> Delivered:
    """Sends what may go out now, until nothing is left that may.

    Two commits a letter: one that claims it, one that says what became of it. If the program dies between
    the server's acceptance and the second, the lease expires and the letter goes out again, with the same
    Message-ID.
    """
    result = Delivered()
    claimed: dict[Hashable, Row[Any]] = {}
    with Courier(channel.server) as courier:
        while True:
            if not result.stopped:
                claimed |= _load(engine, postbox, channel, courier, clock)
            if not courier.under_way():
                break
            letter, answer = courier.collect()
            _settle(engine, claimed.pop(letter), answer, clock(), result)
    with reading(engine) as session:
        result.waiting, result.held = outbox.waiting(session)
    counts = {"sent": result.sent, "failed": result.failed, "dead": result.dead}
    error = keep(Kept.STOPPED, answer=result.stopped) if result.stopped else ""
    _insist(engine, lambda session: runs.keep(session, NAME, None, clock(), counts, run_id, error=error))
    return result


def _load(
    engine: Engine, postbox: Postbox, channel: Channel, courier: Courier, clock: Callable[[], datetime]
) -> dict[Hashable, Row[Any]]:
    """Puts as many letters under way as there is room for. Returns them by id."""
    claimed: dict[Hashable, Row[Any]] = {}
    while courier.room():
        message = _insist(engine, lambda session: _claim(session, postbox, channel, clock()))
        if message is None:
            break
        courier.submit(message.id, postbox.sender, message.address, outbox.wire(postbox, message))
        claimed[message.id] = message
    return claimed


def _claim(session: Session, postbox: Postbox, channel: Channel, now: datetime) -> Row[Any] | None:
    """In a trial, letters that were planned before it for their own readers stay where they are."""
    return outbox.claim(session, channel.sender, now, channel.lease, only=postbox.redirect_to)


def _insist(engine: Engine, work: Callable[[Session], T]) -> T:
    """`work` in a transaction, again and again while somebody else holds the database.

    A letter that the server has taken must be written down as sent; giving up would send it twice.
    """
    for _ in range(PATIENT - 1):
        with contextlib.suppress(BusyError), writing(engine) as session:
            return work(session)
        sleep(PAUSE)
    with writing(engine) as session:
        return work(session)


def _settle(engine: Engine, message: Row[Any], answer: Answer, now: datetime, result: Delivered) -> None:
    state = _insist(engine, lambda session: outbox.settle(session, message, answer, now))
    if answer.fate is Fate.STOPPED:
        result.stopped = answer.said
    elif state is MessageState.SENT:
        result.sent += 1
    elif state is MessageState.DEAD:
        result.dead += 1
    else:
        result.failed += 1
