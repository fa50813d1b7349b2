"""A PostgreSQL that is killed while people edit: what they were told is done is there, whole."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event as Signal

import pytest
from clusters import Cluster
from offices import Bureau, found
from sqlalchemy import select
from torture import PATIENCE, SCALE, tell

from models import schema
from models.event import Event
from models.session import open_engine, reading
from rules.errors import BusyError, ChangedError
from rules.lifecycle import Move
from services import history
from services.drafting import Edits

KILLS, EDITORS = SCALE, 4
DRAFT = "2026H1-P01"


def edit(bureau: Bureau, editor: int, over: Signal) -> tuple[Counter[str], set[str]]:
    """One person's edits until it is over: how they ended, and the titles that they were told are done."""
    ended, done, number = Counter[str](), set[str](), 0
    while not over.is_set():
        number += 1
        title = f"标题 {editor}-{number}"
        try:
            version = bureau.item(DRAFT).version
            bureau.act(DRAFT, Move.EDIT, "coordinator", edits=Edits(title=title), version=version)
            ended["done"] += 1
            done.add(title)
        except ChangedError:
            ended["told"] += 1
        except BusyError:
            ended["busy"] += 1
            time.sleep(0.05)
    return ended, done


def titles(bureau: Bureau) -> list[list[str]]:
    with reading(bureau.engine) as session:
        query = select(Event.payload).where(Event.move == Move.EDIT).order_by(Event.position)
        return [payload["changed"]["title"] for payload in session.scalars(query)]


@pytest.mark.timeout(PATIENCE)
def test_what_was_told_to_be_done_outlives_the_database(mortal: Cluster, tmp_path: Path) -> None:
    engine = open_engine(mortal.url())
    schema.upgrade(engine)
    bureau, over = found(engine, tmp_path), Signal()
    bureau.take_in()
    with ThreadPoolExecutor(EDITORS) as pool:
        at_work = [pool.submit(edit, bureau, editor, over) for editor in range(EDITORS)]
        for _ in range(KILLS):
            before = len(titles(bureau))
            time.sleep(1)
            mortal.die_and_rise()
            assert len(titles(bureau)) > before
        time.sleep(1)
        over.set()
        results = [each.result() for each in at_work]
    ended = sum((each for each, _ in results), Counter[str]())
    done = set[str]().union(*(each for _, each in results))
    found_there = titles(bureau)
    tell(f"killed {KILLS} times under {EDITORS} editors: {dict(ended)}, {len(found_there)} edits are there")
    assert done <= {after for _, after in found_there}
    # Of an edit that was under way the answer may have been lost, and not the edit.
    assert 0 <= len(found_there) - len(done) <= KILLS * EDITORS
    assert [before for before, _ in found_there[1:]] == [after for _, after in found_there[:-1]]
    assert (ended["busy"] > 0, bureau.item(DRAFT).title) == (True, found_there[-1][1])
    with reading(engine) as session:
        assert history.verify(session).fault is None
    engine.dispose()
