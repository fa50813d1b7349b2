"""Work that is killed in the middle and begun again: nothing half done is seen, the same bytes come of it."""

import multiprocessing
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from offices import REPORT, ZONE, Bureau, found, office
from processes import FORKS
from sqlalchemy import select
from torture import PATIENCE, SCALE, tell

from documents.ledger_csv import write_ledger_csv
from documents.paper import open_paper
from models.item import Item
from models.period import Rollup
from models.session import open_engine, reading, writing
from services import history, ledgers, organisation, reports, rollups
from services.office import Visit
from services.organisation import Directory, person_by_email

pytestmark = pytest.mark.timeout(PATIENCE)
KILLS = 3 * SCALE
LONGEST = 0.3
"""Seconds after which somebody dies at the latest; the work itself takes about half of that."""
NEW_YEAR = datetime(2027, 1, 4, 1, tzinfo=ZONE)
PERIOD = "2026H2"


def take_in(url: str, folder: Path) -> None:
    with writing(open_engine(url)) as session:
        person = person_by_email(session, "coordinator@office.example")
        visit = Visit(session, office(folder), Directory.load(session), person, NEW_YEAR, "test")
        reports.take_in(visit, open_paper("report.txt", REPORT.encode()), organisation.root(session))


def seal(url: str, folder: Path) -> None:
    with writing(open_engine(url)) as session:
        rollups.seal(session, office(folder), PERIOD, by=None, now=NEW_YEAR)


def write(url: str, folder: Path) -> None:
    with reading(open_engine(url)) as session:
        ledger = ledgers.ledger(session, office(folder), PERIOD, as_of=NEW_YEAR)
    write_ledger_csv(folder / "ledger.csv", ledger, "zh_CN")


def taken(bureau: Bureau) -> list[object]:
    with reading(bureau.engine) as session:
        words = select(Item.reference, Item.title, Item.body, Item.plan).order_by(Item.id)
        return [tuple(row) for row in session.execute(words)]


def sealed(bureau: Bureau) -> list[object]:
    with reading(bureau.engine) as session:
        return list(session.scalars(select(Rollup.content)))


def written(bureau: Bureau) -> list[object]:
    file = bureau.office.folder / "ledger.csv"
    return [file.read_bytes()] if file.exists() else []


@dataclass(frozen=True, slots=True)
class Work:
    """Something that takes a while, and what is seen of it."""

    do: Callable[[str, Path], None]
    seen: Callable[[Bureau], list[object]]
    handed_over: bool = True
    """Whether an item is there before."""


WORK = {
    "a report is taken in": Work(take_in, taken, handed_over=False),
    "a period is sealed": Work(seal, sealed),
    "a ledger is written": Work(write, written),
}


def ready(url: str, folder: Path, work: Work) -> Bureau:
    folder.mkdir(exist_ok=True)
    bureau = found(open_engine(url), folder)
    if work.handed_over:
        bureau.new_item()
    return bureau


def undisturbed(template: Path, folder: Path, work: Work) -> list[object]:
    """What comes of the work where nobody dies."""
    folder.mkdir()
    (folder / "rectify.db").write_bytes(template.read_bytes())
    url = f"sqlite:///{folder / 'rectify.db'}"
    bureau = ready(url, folder, work)
    work.do(url, folder)
    return work.seen(bureau)


def begun(work: Work, url: str, folder: Path) -> multiprocessing.Process:
    process = FORKS.Process(target=work.do, args=(url, folder))
    process.start()
    return process  # type: ignore[return-value]  # a process by any other start method is a process too


@pytest.mark.parametrize("what", WORK)
def test_what_was_killed_and_begun_again_comes_to_the_same_bytes(
    database_url: str, sqlite_template: Path, tmp_path: Path, what: str
) -> None:
    work = WORK[what]
    expected = undisturbed(sqlite_template, tmp_path / "undisturbed", work)
    bureau = ready(database_url, tmp_path / "disturbed", work)
    chance = random.Random(KILLS)  # noqa: S311 - when somebody dies, not a secret
    killed = 0
    for _ in range(KILLS):
        process = begun(work, database_url, bureau.office.folder)
        time.sleep(chance.random() * LONGEST)
        killed += process.is_alive()
        process.kill()
        process.join()
        assert work.seen(bureau) in ([], expected)
    tell(f"{bureau.engine.dialect.name}, {what}: killed {killed} times in the middle")
    last = begun(work, database_url, bureau.office.folder)
    last.join(60)
    assert (last.exitcode, work.seen(bureau)) == (0, expected)
    with reading(bureau.engine) as session:
        assert history.verify(session).fault is None
    bureau.engine.dispose()
