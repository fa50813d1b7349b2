"""Handing the outbox to the mail server: claim, send outside any transaction, write down, look again."""

import contextlib
import logging
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from time import sleep
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Row

from models.message import MessageState
from models.session import Writer, reading, writing
from notifications import outbox
from notifications.outbox import Postbox
from notifications.smtp import Answer, Courier, Ruling, Server
from rules.errors import BusyError
from rules.reasons import Kept, keep
from services import runs

log = logging.getLogger(__name__)

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
    """How letters leave: the server, our name on the leases, how long a lease lasts, and quiet days."""

    server: Server
    sender: str
    lease: timedelta
    quiet_on: Callable[[datetime], date | None] = lambda _now: None
    """The office's day at an instant, if it is one on which no reminders of earlier days go out."""


def deliver(
    engine: Engine,
    postbox: Postbox,
    channel: Channel,
    clock: Callable[[], datetime],
    run_id: str = "",
    *,
    told: Callable[[], bool] = lambda: False,
) -> Delivered:
    """Sends what may go out now, until nothing is left that may, or `told` says that it is to stop.

    Told to stop, it sees to the end what is under way and claims no more: nothing goes out twice.

    One commit a letter: it says what became of one and claims the next. If the program dies between the
    server's acceptance and this commit, the lease expires and the letter goes out again, with the same
    Message-ID.
    """
    result = Delivered()
    with Courier(channel.server) as courier, contextlib.closing(Writer(engine)) as writer:
        round_ = _Round(writer, postbox, channel, courier, clock, result, told)
        round_.load()
        while courier.under_way():
            round_.turn()
    with reading(engine) as session:
        result.waiting, result.held = outbox.waiting(session)
    counts = {"sent": result.sent, "failed": result.failed, "dead": result.dead}
    error = keep(Kept.STOPPED, answer=result.stopped) if result.stopped else ""
    _insist(lambda: _enter(engine, clock(), counts, run_id, error))
    return result


def _enter(engine: Engine, now: datetime, counts: dict[str, int], run_id: str, error: str) -> None:
    with writing(engine) as session:
        runs.keep(session, NAME, None, now, counts, run_id, error=error)


@dataclass(slots=True)
class _Round:
    """One delivery run, and the letters that it has under way."""

    writer: Writer
    postbox: Postbox
    channel: Channel
    courier: Courier
    clock: Callable[[], datetime]
    result: Delivered
    told: Callable[[], bool]
    claimed: dict[Hashable, Row[Any]] = field(default_factory=dict)

    def load(self) -> None:
        """Puts as many letters under way as there is room for."""
        while self.courier.room() and self._hand_over(self._write(self._claim)):
            pass

    def turn(self) -> None:
        """Waits for one letter, writes down what became of it, and puts the next under way."""
        letter, answer = self.courier.collect()
        message = self.claimed.pop(letter)
        if answer.ruling is Ruling.STOPPED:
            self.result.stopped = answer.said

        def settle(connection: Connection) -> tuple[MessageState, Row[Any] | None]:
            state = outbox.settle(connection, message, answer, self.clock())
            return state, None if self.result.stopped else self._claim(connection)

        state, following = self._write(settle)
        log.info("handed over", extra={"letter": message.id, "state": state.value})
        _count(self.result, answer, state)
        if self._hand_over(following):
            self.load()

    def _write(self, work: Callable[[Connection], T]) -> T:
        return _insist(lambda: self.writer.write(work))

    def _claim(self, connection: Connection) -> Row[Any] | None:
        """In a trial, letters that were planned before it for their own readers stay where they are."""
        if self.told():
            return None
        channel, now = self.channel, self.clock()
        return outbox.claim(
            connection,
            channel.sender,
            now,
            channel.lease,
            only=self.postbox.redirect_to,
            quiet_on=channel.quiet_on(now),
        )

    def _hand_over(self, message: Row[Any] | None) -> bool:
        if message is None:
            return False
        # Its lease may have lapsed while the database was held: claimed again, it is under way still.
        if message.id not in self.claimed:
            data = outbox.wire(self.postbox, message)
            self.courier.submit(message.id, self.postbox.sender, message.address, data, is_regular=True)
        self.claimed[message.id] = message
        return True


def _insist(write: Callable[[], T]) -> T:
    """`write`, a transaction, again and again while somebody else holds the database.

    A letter that the server has taken must be written down as sent; giving up would send it twice.
    """
    for _ in range(PATIENT - 1):
        with contextlib.suppress(BusyError):
            return write()
        sleep(PAUSE)
    return write()


def _count(result: Delivered, answer: Answer, state: MessageState) -> None:
    if answer.ruling is Ruling.STOPPED:
        return
    if state is MessageState.SENT:
        result.sent += 1
    elif state is MessageState.DEAD:
        result.dead += 1
    else:
        result.failed += 1
