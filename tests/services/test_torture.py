"""Senders and databases that are killed: nothing lost, and twice only what was under way.

`make torture` runs this at its full size, `make test` at a twentieth of it.
"""

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import mutants
import pytest
from conftest import Cluster
from faulty_server import Slow
from offices import Bureau, found
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from torture import PATIENCE, SCALE, Size, fill, send, tell, torture

from models import schema
from models.message import Message, MessageState
from models.session import open_engine, writing
from notifications import outbox
from notifications.letters import Digest
from notifications.outbox import Addressed
from notifications.smtp import Answer, Ruling

NOW = datetime(2026, 10, 1, 1, tzinfo=UTC)

SQLITE = Size(messages=500 * SCALE, kills=50 * SCALE)
POSTGRESQL = Size(messages=75 * SCALE, kills=(15 * SCALE + 1) // 2, database_kills=SCALE)


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[tuple[Bureau, str]]:
    url = f"sqlite:///{tmp_path / 'rectify.db'}"
    (tmp_path / "rectify.db").write_bytes(sqlite_template.read_bytes())
    engine = open_engine(url)
    yield found(engine, tmp_path), url
    engine.dispose()


@pytest.mark.timeout(PATIENCE)
def test_killed_senders_lose_nothing_on_sqlite(sqlite: tuple[Bureau, str]) -> None:
    harm = torture(*sqlite, SQLITE)
    tell(f"SQLite, {SQLITE.messages} letters: {harm}")
    assert (harm.none, harm.killed) == (True, SQLITE.kills), harm


@pytest.mark.timeout(PATIENCE)
def test_killed_senders_and_a_killed_database_lose_nothing_on_postgresql(
    mortal: Cluster, tmp_path: Path
) -> None:
    engine = open_engine(mortal.url())
    schema.upgrade(engine)
    harm = torture(found(engine, tmp_path), mortal.url(), POSTGRESQL, kill_database=mortal.die_and_rise)
    engine.dispose()
    tell(f"PostgreSQL, {POSTGRESQL.messages} letters: {harm}")
    assert (harm.none, harm.killed >= POSTGRESQL.kills) == (True, True), harm


OFTEN, SELDOM = Size(messages=200, kills=20), Size(messages=400, kills=10)
"""Killed seldom, a sender has handed over many letters before it dies."""


@pytest.mark.parametrize(
    ("mutant", "size", "harm"),
    [
        ("commit before sending", OFTEN, "lost"),
        ("commit per batch", SELDOM, "too_many"),
        ("random Message-ID", OFTEN, "unlike"),
    ],
)
def test_a_sender_with_a_fault_is_found_out(
    sqlite: tuple[Bureau, str], mutant: str, size: Size, harm: str
) -> None:
    assert getattr(torture(*sqlite, size, mutant), harm) > 0


def sent_by_the_first_holder(bureau: Bureau) -> bool:
    """Whether a letter is `sent` that the server took from somebody whose lease had lapsed meanwhile."""
    bureau.new_item()
    late = NOW + timedelta(minutes=4)
    with writing(bureau.engine) as session:
        first = outbox.claim(session, "first", NOW, timedelta(minutes=3))
        second = outbox.claim(session, "second", late, timedelta(minutes=3))
        assert first is not None
        assert second is not None
        outbox.settle(session, first, Answer(Ruling.SENT, "250 ok"), late)
    [letter] = bureau.messages()
    return letter.state is MessageState.SENT


def test_what_the_server_has_taken_is_sent_whoever_holds_the_letter_now(bureau: Bureau) -> None:
    assert sent_by_the_first_holder(bureau)


def test_a_sender_that_asks_who_holds_the_letter_is_found_out(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("settle", "_SETTLE"):
        monkeypatch.setattr(outbox, name, getattr(outbox, name))
    mutants.apply("owner check on sent")
    assert not sent_by_the_first_holder(bureau)


def planned_by_two_at_once(bureau: Bureau) -> int:
    """How many letters there are after two programs planned the same one at the same moment."""
    with bureau.visit("owner") as visit:
        letter = Addressed("digest:1", visit.actor, Digest(NOW.date()), NOW.date())
        visit.session.expunge(visit.actor)

    def plan() -> None:
        with suppress(IntegrityError), writing(bureau.engine) as session:
            outbox.put(session, bureau.office.postbox, [letter], NOW)

    other = threading.Thread(target=plan)
    with writing(bureau.engine) as session:
        outbox.put(session, bureau.office.postbox, [letter], NOW)
        other.start()
        other.join(0.5)
    other.join()
    return len(bureau.messages())


def test_of_two_who_plan_the_same_letter_at_once_one_does(bureau: Bureau) -> None:
    assert planned_by_two_at_once(bureau) == 1


def test_a_database_without_the_unique_key_is_found_out(cluster: Cluster, tmp_path: Path) -> None:
    with cluster.copy() as url:
        engine = open_engine(url)
        with writing(engine) as session:
            for name in ("uq_message_key", "uq_message_message_id"):
                session.execute(text(f"alter table message drop constraint {name}"))
        assert planned_by_two_at_once(found(engine, tmp_path)) == 2
        engine.dispose()


@pytest.mark.parametrize("senders", [2, 4])
def test_several_senders_and_a_slow_server_send_each_letter_once(
    bureau: Bureau, database_url: str, senders: int
) -> None:
    fill(bureau, 60)
    with Slow() as server:
        arguments = (database_url, server.port, "")
        at_work = [threading.Thread(target=send, args=arguments) for _ in range(senders)]
        for sender in at_work:
            sender.start()
        for sender in at_work:
            sender.join()
    letters = [message.message_id for message in bureau.messages(Message.state == MessageState.SENT)]
    assert sorted(str(message_from_bytes(mail)["Message-ID"]) for mail in server.mails) == sorted(letters)
    assert len(letters) == 60
