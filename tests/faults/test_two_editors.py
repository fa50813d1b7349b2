"""Coordinators who edit the same draft at once: each edit stands in the history, or its maker is told."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from offices import Bureau
from sqlalchemy import select
from torture import PATIENCE, SCALE, tell

from models.event import Event
from models.session import reading
from rules.errors import BusyError, ChangedError
from rules.lifecycle import Move
from services import history
from services.drafting import Edits

pytestmark = pytest.mark.timeout(PATIENCE)
EDITS = 25 * SCALE
DRAFT = "2026H1-P01"


def edit(bureau: Bureau, editor: int) -> Counter[str]:
    """One person's edits, each made for the version that they saw; how each ended."""
    ended: Counter[str] = Counter()
    for number in range(EDITS):
        seen = bureau.item(DRAFT).version
        title = Edits(title=f"标题 {editor}-{number}")
        try:
            bureau.act(DRAFT, Move.EDIT, "coordinator", edits=title, version=seen)
            ended["done"] += 1
        except ChangedError:
            ended["told"] += 1
        except BusyError:
            ended["busy"] += 1
    return ended


def titles(bureau: Bureau) -> list[list[str]]:
    """What each edit of the history found, and what it left."""
    with reading(bureau.engine) as session:
        query = select(Event.payload).where(Event.move == Move.EDIT).order_by(Event.position)
        return [payload["changed"]["title"] for payload in session.scalars(query)]


@pytest.mark.parametrize("editors", [2, 8])
def test_no_edit_is_lost_without_a_word(bureau: Bureau, editors: int) -> None:
    bureau.take_in()
    first = bureau.item(DRAFT).title
    with ThreadPoolExecutor(editors) as pool:
        ended = sum(pool.map(lambda editor: edit(bureau, editor), range(editors)), Counter[str]())
    told = titles(bureau)
    tell(f"{bureau.engine.dialect.name}, {editors} editors: {dict(ended)}")
    assert (len(told), ended.total()) == (ended["done"], editors * EDITS)
    assert [before for before, _ in told] == [first, *(after for _, after in told[:-1])]
    assert bureau.item(DRAFT).title == told[-1][1]
    with reading(bureau.engine) as session:
        assert history.verify(session).fault is None
