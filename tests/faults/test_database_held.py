"""A database that another program holds for a minute: people are told, readers read on, no letter is lost."""

import multiprocessing
import sqlite3
import time
from collections import Counter
from email import message_from_bytes
from threading import Thread

import pytest
from faulty_server import Slow
from offices import Bureau
from processes import FORKS
from torture import SCALE, fill, send, tell

from models.message import MessageState
from models.session import open_engine, reading
from rules.errors import BusyError
from rules.lifecycle import Move
from services import history

HELD = 60.0 if SCALE >= 20 else 6.0
"""Seconds; longer than a sender waits at a time."""
LETTERS = 40
PROBLEM = "2026H1-P01"


def hold(path: str, taken: object, seconds: float) -> None:
    """Keeps everybody else from writing."""
    with sqlite3.connect(path, isolation_level=None, timeout=30) as database:
        database.execute("begin immediate")
        taken.set()  # type: ignore[attr-defined]  # an event between processes
        time.sleep(seconds)
        database.execute("rollback")


def holder(url: str) -> multiprocessing.Process:
    """Another process that holds the database by now."""
    taken = FORKS.Event()
    process = FORKS.Process(target=hold, args=(url.removeprefix("sqlite:///"), taken, HELD))
    process.start()
    assert taken.wait(60)
    return process  # type: ignore[return-value]  # a process by any other start method is a process too


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_is_held_delays_letters_and_loses_none(bureau: Bureau, database_url: str) -> None:
    fill(bureau, LETTERS)
    bureau.engine.dispose()
    with Slow() as server:
        sender = Thread(target=send, args=(database_url, server.port, ""))
        sender.start()
        while len(server.mails) < 3:
            time.sleep(0.01)
        other, began = holder(database_url), time.monotonic()
        with pytest.raises(BusyError, match="held by another program"):
            bureau.act(PROBLEM, Move.ACKNOWLEDGE, "owner")
        refused = time.monotonic() - began
        engine = open_engine(database_url)
        with reading(engine) as session:
            seen = history.verify(session)
        engine.dispose()
        is_held = other.is_alive()
        other.join()
        sender.join(120)
    sent = Counter(str(message_from_bytes(mail)["Message-ID"]) for mail in server.mails)
    tell(
        f"held for {HELD:.0f} s: an edit was refused after {refused:.1f} s, {LETTERS} letters sent, "
        f"{sent.total() - len(sent)} twice"
    )
    assert (is_held, seen.fault) == (True, None)
    assert sent == Counter(letter.message_id for letter in bureau.messages())
    assert {letter.state for letter in bureau.messages()} == {MessageState.SENT}
    bureau.act(PROBLEM, Move.ACKNOWLEDGE, "owner")
