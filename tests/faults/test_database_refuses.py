"""A database that takes nothing, full or read-only: one sentence, nothing half done, and on it goes later."""

from collections.abc import Callable

import pytest
from offices import Bureau
from sqlalchemy import Connection, event, func, select, text

from models.event import Event
from models.item import Item
from models.session import reading
from rules.errors import BusyError
from rules.lifecycle import Move
from services import history

PROBLEM = "2026H1-P01"


def full(connection: Connection) -> None:
    pages = connection.exec_driver_sql("pragma page_count").scalar_one()
    connection.exec_driver_sql(f"pragma max_page_count = {pages}")


def closed(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("pragma query_only = on")
    else:
        connection.execute(text("set transaction read only"))


def open_again(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("pragma max_page_count = 1000000")
        connection.exec_driver_sql("pragma query_only = off")


def counted(bureau: Bureau) -> tuple[int, int]:
    with reading(bureau.engine) as session:
        numbers = [session.scalar(select(func.count()).select_from(table)) or 0 for table in (Event, Item)]
        assert history.verify(session).fault is None
    return numbers[0], numbers[1]


def refusing(bureau: Bureau, refuse: Callable[[Connection], None], work: Callable[[], object]) -> str:
    """What the person reads who does `work` while the database takes nothing."""
    event.listen(bureau.engine, "begin", refuse)
    try:
        with pytest.raises(BusyError) as refused:
            work()
    finally:
        event.remove(bureau.engine, "begin", refuse)
        event.listen(bureau.engine, "begin", open_again)
    return refused.value.say()


def test_a_read_only_database_is_told_in_one_sentence_and_nothing_is_half_done(bureau: Bureau) -> None:
    bureau.new_item(PROBLEM)
    before = counted(bureau)
    said = refusing(bureau, closed, lambda: bureau.act(PROBLEM, Move.ACKNOWLEDGE, "owner"))
    assert said == (
        "The database is open for reading alone; nothing was changed. See to it that it can be written to."
    )
    assert counted(bureau) == before
    bureau.act(PROBLEM, Move.ACKNOWLEDGE, "owner")
    assert counted(bureau) == (before[0] + 1, before[1])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_is_told_in_one_sentence_and_a_report_is_taken_in_whole_or_not_at_all(
    bureau: Bureau,
) -> None:
    text_of_many = "二、存在的主要问题\n" + "".join(
        f"（{number}）工地隐患整改偏慢{number}。{'个别工地同类隐患反复出现。' * 20}\n"
        for number in range(1, 60)
    )
    before = counted(bureau)
    said = refusing(bureau, full, lambda: bureau.take_in(text_of_many))
    assert said == "The disk of the database is full; nothing was changed. Make room, and try again."
    assert counted(bureau) == before
    bureau.take_in(text_of_many)
    assert counted(bureau)[1] == 59
