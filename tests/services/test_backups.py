"""A backup made while everything runs, and an office that goes on from it."""

import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from faulty_server import FaultyServer
from offices import MONDAY, PROOF, Bureau
from sqlalchemy import Engine, func, select, text

from models import schema
from models.event import Event
from models.item import Evidence
from models.message import Heartbeat, MessageState
from models.session import open_engine, reading, writing
from notifications.smtp import Security, Server
from rules.errors import BusyError, SettingError, UnreadableError, WrongMoveError
from rules.lifecycle import Move
from services import backups, evidence, history, restores, runs
from services.backups import Place
from services.delivery import Channel, Delivered, deliver
from services.restores import restore

LATER = MONDAY + timedelta(days=3)


@pytest.fixture
def place(bureau: Bureau, tmp_path: Path) -> Place:
    secret = tmp_path / "secret"
    secret.write_text("a secret of the tests")
    return Place(bureau.engine, bureau.office.folder, secret)


@pytest.fixture
def empty(engine: Engine, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """Another machine: nothing there but a database server."""
    folder = tmp_path / "other"
    url = f"sqlite:///{folder / 'rectify.db'}"
    if engine.dialect.name == "postgresql":
        cluster = request.getfixturevalue("cluster")
        cluster.made += 1
        cluster.execute(f"create database rectify_{cluster.made}")
        url = cluster.url(f"rectify_{cluster.made}")
    other = open_engine(url, patience=2)
    yield Place(other, folder, folder / "secret")
    other.dispose()


@pytest.fixture
def file(bureau: Bureau, place: Place, tmp_path: Path) -> Path:
    """The backup of an office with an item, its evidence, and letters that wait."""
    bureau.new_item()
    bureau.act("2026H1-P01", Move.ACKNOWLEDGE, "owner")
    bureau.act("2026H1-P01", Move.SUBMIT, "owner", evidence=(PROOF,), note="已整改")
    backups.write(place, tmp_path / "backup", MONDAY)
    return tmp_path / "backup"


def at(place: Place, bureau: Bureau) -> Bureau:
    return Bureau(place.engine, replace(bureau.office, folder=place.folder))


def send(bureau: Bureau, port: int) -> Delivered:
    channel = Channel(Server("127.0.0.1", port, Security.PLAIN), "test", timedelta(minutes=3))
    return deliver(bureau.engine, bureau.office.postbox, channel, lambda: LATER)


def test_a_restored_office_is_as_it_was_and_says_that_it_was_restored(
    bureau: Bureau, file: Path, empty: Place
) -> None:
    before = [row.hash for row in events(bureau)]
    done = restore(empty, file, LATER)
    there = at(empty, bureau)
    assert done.verdict == history.Verdict(len(before) + 1, None)
    assert [row.hash for row in events(there)][:-1] == before
    last = events(there)[-1]
    assert (last.move, last.at) == ("restore-database", LATER.astimezone(UTC))
    assert there.item("2026H1-P01").state == bureau.item("2026H1-P01").state
    assert evidence.place(empty.folder, PROOF.sha256).read_bytes() == PROOF.content
    assert empty.secret.read_text() == "a secret of the tests"
    schema.check(empty.engine)


def events(bureau: Bureau) -> list[Event]:
    with reading(bureau.engine) as session:
        found = list(session.scalars(select(Event).order_by(Event.position)))
        session.expunge_all()
        return found


def test_the_history_of_a_restored_office_still_refuses_to_be_altered(file: Path, empty: Place) -> None:
    restore(empty, file, LATER)
    with pytest.raises(Exception, match="rows of event are written once"), empty.engine.begin() as connection:
        connection.execute(text("update event set note = 'x' where position = 1"))


def test_nothing_is_sent_after_a_restore_until_somebody_resumes(
    bureau: Bureau, file: Path, empty: Place
) -> None:
    restore(empty, file, LATER)
    there = at(empty, bureau)
    waiting = len(there.messages())
    assert waiting > 0
    with FaultyServer() as server:
        assert send(there, server.port).sent == 0
        there.new_item("2026H1-P02", now=LATER)
        assert send(there, server.port).sent == 0
        assert server.heard == []
        with writing(empty.engine) as session:
            restores.resume(session, LATER)
        assert send(there, server.port).sent == waiting + 1
    assert {letter.state for letter in there.messages()} == {MessageState.SENT}
    assert events(there)[-1].move == "resume-sending"


def test_an_office_that_was_not_restored_sends_and_has_nothing_to_resume(bureau: Bureau) -> None:
    bureau.new_item()
    with pytest.raises(WrongMoveError), writing(bureau.engine) as session:
        restores.resume(session, MONDAY)
    with FaultyServer() as server:
        assert send(bureau, server.port).sent == 1


def test_a_loop_that_broke_off_is_no_restore(bureau: Bureau) -> None:
    with writing(bureau.engine) as session:
        runs.beat(session, "delivery", MONDAY, "it broke off")
        assert restores.held_since(session) is None


def test_letters_keep_their_message_id_through_a_restore(bureau: Bureau, file: Path, empty: Place) -> None:
    restore(empty, file, LATER)
    kept = [letter.message_id for letter in at(empty, bureau).messages()]
    assert kept == [letter.message_id for letter in bureau.messages()]


def test_a_backup_taken_while_writers_write_is_one_instant_of_the_office(
    bureau: Bureau, place: Place, empty: Place, tmp_path: Path
) -> None:
    bureau.new_item()
    bureau.act("2026H1-P01", Move.ACKNOWLEDGE, "owner")
    told, faults = threading.Event(), list[BaseException]()

    def write(number: int) -> None:
        mine = open_engine(bureau.engine.url.render_as_string(hide_password=False), patience=30)
        there = Bureau(mine, bureau.office)
        try:
            turn = 0
            while not told.is_set():
                turn += 1
                proof = evidence.EvidenceFile(f"{number}.txt", f"{number} {turn}".encode())
                note = {"progress": turn % 100, "note": f"第{turn}次", "evidence": (proof,)}
                there.act("2026H1-P01", Move.REPORT, "owner", **note)
        except BaseException as fault:  # noqa: BLE001 - handed to the test
            faults.append(fault)
        finally:
            mine.dispose()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for writer in writers:
        writer.start()
    counts = [wait_for_more(bureau, 4)]
    backups.write(place, tmp_path / "backup", MONDAY)
    counts.append(wait_for_more(bureau, 1))
    told.set()
    for writer in writers:
        writer.join()
    assert faults == []
    done = restore(empty, tmp_path / "backup", LATER)
    assert done.verdict.fault is None
    assert counts[0] <= done.verdict.events - 1 <= counts[1]
    with reading(empty.engine) as session:
        spoken_of = set(session.scalars(select(Evidence.sha256)))
    lying = {path.name for path in (empty.folder / "evidence").glob("*/*")}
    assert spoken_of - lying == set()


def wait_for_more(bureau: Bureau, more: int) -> int:
    """Until so many events were added; how many there are then."""
    wanted = None
    while True:
        with reading(bureau.engine) as session:
            there = session.scalar(select(func.count()).select_from(Event)) or 0
        wanted = wanted or there + more
        if there >= wanted:
            return there


def test_a_backup_is_for_its_owner_alone(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.glob(".*")] == []


def test_a_place_that_holds_a_database_is_refused_and_stays_as_it_is(
    bureau: Bureau, place: Place, file: Path
) -> None:
    before = [row.hash for row in events(bureau)]
    with pytest.raises(SettingError, match="only restored into an empty place"):
        restore(place, file, LATER)
    assert [row.hash for row in events(bureau)] == before


def test_a_file_that_was_cut_off_anywhere_is_refused(file: Path, empty: Place, tmp_path: Path) -> None:
    whole = file.read_bytes()
    for part in range(10):
        cut = tmp_path / "cut"
        cut.write_bytes(whole[: len(whole) * part // 10])
        with pytest.raises(UnreadableError, match="is no backup of Rectify, or not all of it"):
            restore(empty, cut, LATER)
    assert not empty.folder.exists()


def test_a_file_with_a_changed_byte_is_refused(file: Path, empty: Place, tmp_path: Path) -> None:
    whole = bytearray(file.read_bytes())
    damaged = tmp_path / "damaged"
    for place_ in range(60, len(whole), len(whole) // 12):
        changed = whole.copy()
        changed[place_] ^= 0x55
        damaged.write_bytes(changed)
        with pytest.raises(UnreadableError):
            restore(empty, damaged, LATER)
    assert not empty.folder.exists()


def test_a_byte_that_changed_between_the_members_is_told_too(file: Path, tmp_path: Path) -> None:
    whole, damaged = bytearray(file.read_bytes()), tmp_path / "damaged"
    for place_ in range(len(whole) - 800, len(whole)):
        changed = whole.copy()
        changed[place_] ^= 0x55
        damaged.write_bytes(changed)
        with pytest.raises(UnreadableError), backups.opened(damaged):
            raise AssertionError(f"the byte {place_ - len(whole)} from the end changed, and nobody said so")


def test_a_place_that_cannot_be_written_is_told_as_that_and_not_as_a_bad_backup(
    file: Path, empty: Place
) -> None:
    empty.folder.mkdir()
    (empty.folder / "evidence").write_text("a file where a folder belongs")
    with pytest.raises(SettingError, match="cannot be written"):
        restore(empty, file, LATER)


def test_a_database_of_a_newer_program_is_refused(file: Path, empty: Place, tmp_path: Path) -> None:
    newer = rewritten(file, tmp_path, migration="9999")
    with pytest.raises(SettingError, match="at version 9999, newer than this program"):
        restore(empty, newer, LATER)
    with pytest.raises(UnreadableError, match="made by a newer Rectify"):
        restore(empty, rewritten(file, tmp_path, rectify=2), LATER)


def test_a_database_of_another_kind_is_refused(file: Path, empty: Place, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="The backup is of oracle"):
        restore(empty, rewritten(file, tmp_path, database="oracle"), LATER)


def test_a_backup_names_no_place_outside_the_folder(file: Path, empty: Place, tmp_path: Path) -> None:
    for name in ("../../outside", "/outside", "periods/../x/y", "periods/2026/..", "evidence/zz/short"):
        strange = rewritten(file, tmp_path, add=name)
        with pytest.raises(UnreadableError, match="is damaged"):
            restore(empty, strange, LATER)


def rewritten(file: Path, folder: Path, add: str = "", **said: object) -> Path:
    """The backup with other words in its manifest, or with one more member."""
    target = folder / "rewritten"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        manifest = json.loads(old.read("manifest.json")) | said
        for name in manifest["files"]:
            new.writestr(name, old.read(name))
        if add:
            manifest["files"][add] = evidence.EvidenceFile("", b"x").sha256
            new.writestr(add, b"x")
        new.writestr("manifest.json", json.dumps(manifest))
    return target


def test_another_key_that_lies_there_already_is_not_replaced(file: Path, empty: Place) -> None:
    empty.folder.mkdir()
    empty.secret.write_text("another")
    with pytest.raises(BusyError, match="lies something else than the backup's secret"):
        restore(empty, file, LATER)
    assert empty.secret.read_text() == "another"
    empty.secret.write_text("a secret of the tests")
    assert restore(empty, file, LATER).verdict.fault is None


def test_a_history_that_was_tampered_with_is_told_when_it_is_restored(
    bureau: Bureau, place: Place, empty: Place, tmp_path: Path
) -> None:
    bureau.new_item()
    with bureau.engine.begin() as connection:
        connection.execute(text("update item set progress = 77"))
    backups.write(place, tmp_path / "backup", MONDAY)
    fault = restore(empty, tmp_path / "backup", LATER).verdict.fault
    assert fault is not None
    assert "does not stand as its last event" in fault.sentence


def test_the_backup_of_a_restored_office_stands_still_as_well(
    bureau: Bureau, file: Path, empty: Place, tmp_path: Path
) -> None:
    restore(empty, file, LATER)
    backups.write(empty, tmp_path / "second", LATER)
    beat = at(empty, bureau).engine
    with reading(beat) as session:
        assert session.get_one(Heartbeat, "restore").succeeded_at is None
