from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from offices import found
from sqlalchemy import Connection, Engine, insert, select, text
from sqlalchemy.exc import IntegrityError

from models.base import table
from models.message import Heartbeat
from models.session import Writer, reading, writing
from rules.errors import BusyError

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


def begin(*loops: str) -> Callable[[Connection], None]:
    rows = [{"name": name, "started_at": NOW, "error": ""} for name in loops]

    def work(connection: Connection) -> None:
        for row in rows:
            connection.execute(insert(table(Heartbeat)).values(row))

    return work


def begun(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(Heartbeat.name).order_by(Heartbeat.name)))


def test_what_fails_on_a_kept_connection_is_undone_and_what_follows_is_written(
    engine: Engine, tmp_path: Path
) -> None:
    found(engine, tmp_path)
    writer = Writer(engine)
    writer.write(begin("first"))
    with pytest.raises(IntegrityError):
        writer.write(begin("second", "first"))
    writer.write(begin("third"))
    writer.close()
    writer.close()
    assert begun(engine) == ["first", "third"]


def test_between_two_transactions_a_kept_connection_holds_nothing(engine: Engine, tmp_path: Path) -> None:
    found(engine, tmp_path)
    writer = Writer(engine)
    writer.write(begin("first"))
    with writing(engine) as session:
        session.execute(text("update heartbeat set error = 'broken' where name = 'first'"))
    writer.write(begin("second"))
    writer.close()
    assert begun(engine) == ["first", "second"]


def test_a_kept_connection_that_the_server_ended_is_replaced(engine: Engine, tmp_path: Path) -> None:
    found(engine, tmp_path)
    writer = Writer(engine)
    if engine.dialect.name == "postgresql":
        server = writer.write(lambda connection: connection.scalar(text("select pg_backend_pid()")))
        with writing(engine) as session:
            session.execute(text("select pg_terminate_backend(:server, 5000)"), {"server": server})
        with pytest.raises(BusyError):
            writer.write(begin("lost"))
    writer.write(begin("first"))
    writer.close()
    assert begun(engine) == ["first"]
