import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from offices import found
from sqlalchemy import Engine, delete, inspect, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError
from versions import go, scripts

from models import Base, schema
from models.event import Event
from models.item import Item
from models.message import Heartbeat
from models.session import open_engine, reading, writing
from rules.errors import BusyError, SettingError
from services import history

NOW = datetime(2026, 7, 6, 1, tzinfo=UTC)


def test_the_program_speaks_the_newest_migration() -> None:
    assert scripts().get_heads() == [schema.HEAD]


def test_migrations_build_exactly_the_tables_that_the_models_declare(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_second_upgrade_changes_nothing(engine: Engine) -> None:
    schema.upgrade(engine)
    schema.check(engine)


def test_going_back_leaves_no_table_behind(engine: Engine) -> None:
    go(engine, "base", back=True)
    assert inspect(engine).get_table_names() == ["alembic_version"]


def test_a_filled_database_of_the_first_version_keeps_its_items_and_pauses_none(
    engine: Engine, tmp_path: Path
) -> None:
    bureau = found(engine, tmp_path)
    bureau.new_item("2026H1-P01")
    before = _plain_rows(engine)
    go(engine, "0001", back=True)
    assert "resumes_on" not in {column["name"] for column in inspect(engine).get_columns("item")}
    with pytest.raises(SettingError, match="older version"):
        schema.check(engine)
    schema.upgrade(engine)
    assert _plain_rows(engine) == before
    assert {(item.resumes_on, item.pause_note) for item in bureau.rows(Item)} == {(None, "")}
    with reading(engine) as session:
        assert history.verify(session).fault is None
    with pytest.raises(DBAPIError, match="written once"), writing(engine) as session:
        session.execute(update(Event).values(note="x"))


def _plain_rows(engine: Engine) -> dict[str, list[dict[str, object]]]:
    """Every row of items and events, by the columns of the first version."""
    tables = {name: Base.metadata.tables[name] for name in ("item", "event", "assignment")}
    added = {"resumes_on", "pause_note"}
    with engine.connect() as connection:
        return {
            name: [
                {key: value for key, value in row.items() if key not in added}
                for row in connection.execute(select(rows).order_by(*rows.primary_key)).mappings()
            ]
            for name, rows in tables.items()
        }


def test_a_database_of_a_newer_program_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(SettingError, match="newer than this program"):
        schema.check(engine)
    with pytest.raises(SettingError, match="newer than this program"):
        schema.upgrade(engine)


def test_a_time_without_a_zone_is_refused(engine: Engine) -> None:
    with (  # noqa: PT012 - the row is bound when it is flushed
        pytest.raises(StatementError, match="has no time zone"),
        writing(engine) as session,
    ):
        session.add(Heartbeat(name="x", started_at=datetime(2026, 7, 6), error=""))  # noqa: DTZ001
        session.flush()


def test_instants_come_back_as_utc(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(Heartbeat(name="x", started_at=NOW.astimezone(), error=""))
    with reading(engine) as session:
        beat = session.get_one(Heartbeat, "x")
        assert (beat.started_at, beat.started_at.tzinfo) == (NOW, UTC)


def event() -> Event:
    return Event(
        position=1,
        at=NOW,
        door="test",
        subject="test",
        move="test",
        note="",
        payload={},
        previous_hash="0",
        hash="1",
    )


@pytest.mark.parametrize("change", [update(Event).values(note="x"), delete(Event)], ids=["update", "delete"])
def test_the_database_itself_refuses_to_alter_an_event(engine: Engine, change: object) -> None:
    with writing(engine) as session:
        session.add(event())
    with pytest.raises(DBAPIError, match="written once"), writing(engine) as session:
        session.execute(change)  # type: ignore[call-overload]


def test_a_second_writer_waits_and_then_says_in_one_sentence_that_the_database_is_held(
    engine: Engine,
) -> None:
    if engine.dialect.name != "sqlite":
        with writing(engine) as holder:
            holder.execute(text("lock table event in access exclusive mode"))
            with pytest.raises(BusyError, match="held by another program"), writing(engine) as session:
                session.add(event())
        return
    with writing(engine), pytest.raises(BusyError, match="held by another program"), writing(engine):
        pass


def test_writers_take_their_turns_and_none_is_lost(database_url: str) -> None:
    engine = open_engine(database_url, patience=30)  # a busy disk may keep eight of them waiting

    def add(number: int) -> None:
        with writing(engine) as session:
            session.add(Heartbeat(name=str(number), started_at=NOW, error=""))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as session:
        assert session.query(Heartbeat).count() == 8
    engine.dispose()
