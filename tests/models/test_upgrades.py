"""Databases that earlier programs filled come to the present schema, whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from offices import found
from sqlalchemy import Engine, event, inspect, select, text
from versions import go, steps

from models import Base, schema
from models.session import reading
from services import history

OWN = "alembic_version"
Columns = dict[str, list[str]]


class PowerCutError(Exception):
    """What stands for the end of the process in mid-migration."""


def shape(engine: Engine) -> Any:
    """The version with all columns and indexes, as the database itself words them."""
    words = ["select type, name, tbl_name, sql from sqlite_master where name <> 'sqlite_sequence'"]
    if engine.dialect.name == "postgresql":
        words = [
            """select table_name, column_name, data_type, is_nullable
            from information_schema.columns where table_schema = 'public'""",
            "select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'",
        ]
    with engine.connect() as connection:
        found = [tuple(map(str, row)) for one in words for row in connection.execute(text(one))]
        return schema.version(connection), sorted(found)


def columns(engine: Engine) -> Columns:
    """The columns of all tables but alembic's own."""
    seen = inspect(engine).get_multi_columns()
    return {table: [column["name"] for column in known] for (_, table), known in seen.items() if table != OWN}


def rows(engine: Engine, of: Columns) -> dict[str, list[tuple[object, ...]]]:
    """What stands in these columns."""
    tables = Base.metadata.tables
    with engine.connect() as connection:
        return {
            name: [
                tuple(row)
                for row in connection.execute(
                    select(*(tables[name].c[column] for column in known)).order_by(*tables[name].primary_key)
                )
            ]
            for name, known in of.items()
        }


@contextmanager
def cut_after(engine: Engine, statements: int) -> Iterator[list[str]]:
    """Lets so many statements that change something through; in place of the next one the power fails."""
    seen: list[str] = []

    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().split(None, 1)[0].lower() in {"select", "pragma", "begin"}:
            return
        if len(seen) == statements:
            raise PowerCutError
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", before)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", before)


def test_a_filled_database_goes_back_to_each_earlier_version_and_comes_up_again(
    engine: Engine, tmp_path: Path
) -> None:
    bureau = found(engine, tmp_path)
    bureau.new_item("2026H1-P01")
    whole = columns(engine)
    for version in reversed(steps()[:-1]):
        go(engine, version, back=True)
        assert shape(engine)[0] == version
        then = {
            table: [one for one in known if one in whole[table]] for table, known in columns(engine).items()
        }
        before = rows(engine, then)
        assert before["event"]
        schema.upgrade(engine)
        assert columns(engine) == whole
        assert rows(engine, then) == before
    schema.check(engine)
    with reading(engine) as session:
        assert history.verify(session).fault is None


def test_the_words_of_letters_move_into_a_table_of_their_own_and_back(engine: Engine, tmp_path: Path) -> None:
    bureau = found(engine, tmp_path)
    for reference in ("2026H1-P01", "2026H1-M01"):
        bureau.new_item(reference)
    words = text("select id, text, html, calendar from message order by id")
    letters = [(one.id, one.text, one.html, one.calendar) for one in bureau.messages()]
    assert [(len(text) > 100, "<html" in html, "VEVENT" in entry) for _, text, html, entry in letters] == [
        (True, True, True)
    ] * 2
    go(engine, "0017", back=True)
    with engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(words)] == letters
    assert "wording" not in columns(engine)
    schema.upgrade(engine)
    assert [(one.id, one.text, one.html, one.calendar) for one in bureau.messages()] == letters
    assert not {"text", "html", "calendar"} & set(columns(engine)["message"])


def test_power_that_fails_at_any_statement_of_a_migration_leaves_the_schema_before_it(
    engine: Engine, tmp_path: Path
) -> None:
    found(engine, tmp_path).new_item("2026H1-P01")
    go(engine, steps()[0], back=True)
    for version in steps()[1:]:
        before, statements = shape(engine), 0
        while shape(engine)[0] != version:
            with cut_after(engine, statements) as seen:
                try:
                    go(engine, version)
                except PowerCutError:
                    assert shape(engine) == before
            statements += 1
        assert statements > 1, f"no statement was counted on the way to {version}"
        assert len(seen) == statements - 1
    schema.check(engine)
    with reading(engine) as session:
        assert history.verify(session).fault is None
