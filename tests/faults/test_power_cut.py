"""A power cut while SQLite writes, imitated: the log of what was written ends somewhere, even within a page.

What is found afterwards is what was committed before some moment, whole, and nothing else.
"""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from offices import MONDAY, PROOF, Bureau, found
from sqlalchemy import event, func, select
from torture import PATIENCE, SCALE, tell

from models.event import Event
from models.item import Item
from models.session import open_engine, reading
from rules.lifecycle import Move
from services import history

pytestmark = pytest.mark.timeout(PATIENCE)
CUTS = 25 * SCALE
REPORTS = 30
PROBLEM, MEASURE = "2026H1-P01", "2026H1-M01"


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Bureau]:
    """An office whose log keeps all that is written from now on."""
    shutil.copyfile(sqlite_template, tmp_path / "rectify.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'rectify.db'}")
    bureau = found(engine, tmp_path)
    for reference in (PROBLEM, MEASURE):
        bureau.new_item(reference)
    with engine.connect() as connection:
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
    event.listen(engine, "begin", lambda it: it.exec_driver_sql("pragma wal_autocheckpoint = 0"))
    yield bureau
    engine.dispose()


def events(bureau: Bureau) -> int:
    with reading(bureau.engine) as session:
        return session.scalar(select(func.count()).select_from(Event)) or 0


def lived(bureau: Bureau, log: Path) -> list[tuple[int, int]]:
    """After each commit: how long the log is, and how many events there are."""
    marks = [(0, events(bureau))]

    def make(reference: str, move: Move, who: str, **said: object) -> None:
        bureau.act(reference, move, who, **said)
        marks.append((log.stat().st_size, events(bureau)))

    for reference in (PROBLEM, MEASURE):
        make(reference, Move.ACKNOWLEDGE, "owner")
    for percent in range(REPORTS):
        on = PROBLEM if percent % 2 else MEASURE
        make(on, Move.REPORT, "owner", progress=percent, note="整改中" * percent)
    make(PROBLEM, Move.SUBMIT, "owner", evidence=(PROOF,))
    make(PROBLEM, Move.APPROVE, "coordinator", note="资料齐全")
    return marks


def after_cut(bureau: Bureau, log: Path, folder: Path, size: int) -> Bureau:
    """The office as it is found when the log ends at `size`."""
    folder.mkdir(exist_ok=True)
    shutil.copyfile(log.with_name("rectify.db"), folder / "rectify.db")
    (folder / "rectify.db-shm").unlink(missing_ok=True)
    (folder / "rectify.db-wal").write_bytes(log.read_bytes()[:size])
    return Bureau(open_engine(f"sqlite:///{folder / 'rectify.db'}"), bureau.office)


def disagreeing(bureau: Bureau) -> list[str]:
    """The items that stand otherwise than their last event says."""
    last = select(func.max(Event.position)).where(Event.item_id == Item.id).correlate(Item).scalar_subquery()
    same = (Event.state == Item.state) & (Event.progress == Item.progress) & (Event.due_on == Item.due_on)
    query = select(Item.reference).join(Event, Event.position == last)
    with reading(bureau.engine) as session:
        return list(session.scalars(query.where(~same)))


def test_what_is_found_after_a_power_cut_is_what_was_committed_before_it(
    office: Bureau, tmp_path: Path
) -> None:
    log = tmp_path / "rectify.db-wal"
    marks = lived(office, log)
    whole = log.stat().st_size
    chance = random.Random(CUTS)  # noqa: S311 - where the power fails, not a secret
    ends = [size + off for size, _ in marks[1:4] for off in (-1, 0, 1)]
    for size in [*ends, *(chance.randrange(whole) for _ in range(CUTS))]:
        rest = after_cut(office, log, tmp_path / "rest", size)
        committed = max(count for end, count in marks if end <= size)
        with reading(rest.engine) as session:
            verdict = history.verify(session)
        assert (verdict.events, verdict.fault, disagreeing(rest)) == (committed, None, []), size
        rest.engine.dispose()
    tell(f"{CUTS} cuts in {whole} bytes of the log: each left what was committed before it")


def test_the_office_works_on_after_a_power_cut(office: Bureau, tmp_path: Path) -> None:
    log = tmp_path / "rectify.db-wal"
    marks = lived(office, log)
    rest = after_cut(office, log, tmp_path / "rest", marks[5][0] - 7)
    rest.act(PROBLEM, Move.REPORT, "owner", MONDAY, progress=90, note="继续整改")
    with reading(rest.engine) as session:
        assert history.verify(session).fault is None
    assert (events(rest), rest.item(PROBLEM).progress) == (marks[4][1] + 1, 90)
    rest.engine.dispose()
