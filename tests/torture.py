"""Senders that are killed in the middle of their work, and what the world saw of it afterwards."""

import multiprocessing
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from uuid import uuid4

import mutants
from faulty_server import FaultyServer
from offices import Bureau, office
from processes import FORKS
from sqlalchemy import func, select

from config import clock
from models.base import table
from models.message import Message, MessageState
from models.session import open_engine, reading, writing
from notifications import outbox
from notifications.smtp import Security, Server
from services.delivery import Channel, deliver

SCALE = int(os.environ.get("TORTURE", "1"))
"""How large the tests of faults are; 20 is their full size."""
PATIENCE = 300 if SCALE == 1 else 1800
"""Seconds that one of them may take, on a busy machine too."""
CONNECTIONS = 2
DEADLINE, LEASE = 20.0, timedelta(seconds=21)


def tell(figures: str) -> None:
    """A line of figures, which `make torture` shows at the end."""
    sys.stdout.write(f"{figures}\n")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is sent, and how often somebody dies meanwhile."""

    messages: int
    kills: int
    database_kills: int = 0


@dataclass(frozen=True, slots=True)
class Harm:
    """What went wrong, seen from outside."""

    lost: int
    unlike: int
    """Mails that bear the Message-ID of no letter, or differ from their first copy."""
    unsettled: int
    """Letters that are not `sent` at the end."""
    too_many: int
    """Second copies beyond what was under way when somebody was killed."""
    killed: int
    """How many senders or databases did die at work."""

    @property
    def none(self) -> bool:
        """Whether the promise was kept."""
        return not (self.lost or self.unlike or self.unsettled or self.too_many)


def fill(bureau: Bureau, number: int) -> None:
    """`number` letters in the outbox, like the one that an assignment left there."""
    bureau.new_item()
    with writing(bureau.engine) as session:
        words = (Message.text, Message.html, Message.calendar)
        [first] = session.execute(select(table(Message), *words)).mappings().all()
        row = {name: value for name, value in first.items() if name != "id"}
        copies = [
            row | {"key": f"copy:{n}", "message_id": f"<{uuid4().hex}@office.example>"}
            for n in range(number - 1)
        ]
        outbox.enter(session, copies)


def send(url: str, port: int, mutant: str, late: float = 0.0) -> None:
    """One sender's life, to its natural end. `late` is by how many seconds its clock is ahead."""
    if mutant:
        mutants.apply(mutant)
    server = Server("127.0.0.1", port, Security.PLAIN, deadline=DEADLINE, connections=CONNECTIONS)
    ahead = timedelta(seconds=late)
    engine = open_engine(url)
    channel = Channel(server, f"test:{uuid4()}", LEASE)
    deliver(engine, office(Path()).postbox, channel, lambda: clock.now() + ahead)
    engine.dispose()


def torture(
    bureau: Bureau, url: str, size: Size, mutant: str = "", kill_database: Callable[[], None] | None = None
) -> Harm:
    """Sends `size.messages` letters while senders, and the database, are killed at random moments."""
    fill(bureau, size.messages)
    chance = random.Random(size.messages)  # noqa: S311 - when somebody dies, not a secret
    doomed = set(chance.sample(range(size.kills), size.database_kills))
    killed = 0
    with FaultyServer() as server:
        for number in range(size.kills):
            sender = _started(url, server.port, mutant)
            _wait(server, sender, chance.randrange(_commands(size)), chance.random() / 200)
            if number in doomed and kill_database is not None:
                kill_database()
                killed += 1
            killed += sender.is_alive()
            sender.kill()
            sender.join()
        _finish(bureau, url, server.port, mutant)
        mails = list(server.mails)
    return _harm(bureau, mails, killed)


def _commands(size: Size) -> int:
    """A letter is three commands; the letters are to last until the last sender is killed."""
    return max(6, 3 * size.messages * 6 // 10 // size.kills)


def _started(url: str, port: int, mutant: str, late: float = 0.0) -> multiprocessing.Process:
    sender = FORKS.Process(target=send, args=(url, port, mutant, late))
    sender.start()
    return sender  # type: ignore[return-value]  # a process by any other start method is a process too


def _wait(server: FaultyServer, sender: multiprocessing.Process, commands: int, then: float) -> None:
    """Until the server has heard so many commands more, and a moment longer."""
    until, patience = len(server.heard) + commands, time.monotonic() + 30
    while len(server.heard) < until and sender.is_alive() and time.monotonic() < patience:
        time.sleep(0.0005)
    time.sleep(then)


def _finish(bureau: Bureau, url: str, port: int, mutant: str) -> None:
    """One sender more, in peace, when all leases have lapsed."""
    last = _started(url, port, mutant, late=600)
    last.join(600)
    assert last.exitcode == 0
    bureau.engine.dispose()


def _harm(bureau: Bureau, mails: list[bytes], killed: int) -> Harm:
    with reading(bureau.engine) as session:
        letters = set(session.scalars(select(Message.message_id)))
        open_ones = select(func.count()).where(Message.state != MessageState.SENT)
        unsettled = session.scalar(open_ones) or 0
    copies = Counter(mails)
    ids = Counter(str(message_from_bytes(mail)["Message-ID"]) for mail in copies)
    strange = sum(number for name, number in ids.items() if name not in letters)
    differing = sum(number - 1 for name, number in ids.items() if name in letters)
    second = len(mails) - len(ids)
    return Harm(
        lost=len(letters - set(ids)),
        unlike=strange + differing,
        unsettled=unsettled,
        too_many=max(0, second - CONNECTIONS * killed),
        killed=killed,
    )
