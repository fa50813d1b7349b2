"""Many rows at what the driver itself costs: SQLAlchemy's own way takes several times as long for each.

Values are as the database keeps them: numbers, text, None; a date as `2026-11-25`, a word as its value.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from json import dumps

from sqlalchemy import Connection, Table, Update
from sqlalchemy.orm import Session

Values = tuple[int | str | None, ...]

ROWS = 5_000
"""So many go into one statement, and lie in memory at once."""


def quietly(session: Session, statement: Update) -> int:
    """Changes rows without a look at entities of the session. Returns how many."""
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return int(done.rowcount)  # type: ignore[attr-defined]  # an update has it


def pour(session: Session, into: Table, names: Sequence[str], rows: Iterable[Values]) -> None:
    """Inserts `rows`, each with the values of the columns `names` in their order."""
    connection = session.connection()
    head = f"insert into {into.name} ({', '.join(names)})"
    waiting = iter(rows)
    while chunk := list(islice(waiting, ROWS)):
        if connection.dialect.name == "postgresql":
            _run(connection, f"{head} {_given(connection, into, names)}", chunk)
        else:
            connection.exec_driver_sql(f"{head} values ({', '.join('?' * len(names))})", chunk)


def put_each(session: Session, into: Table, names: Sequence[str], values: Mapping[int, Values]) -> None:
    """Sets the columns `names` of the rows whose ids are given."""
    connection = session.connection()
    is_array = connection.dialect.name == "postgresql"
    sets = ", ".join(f"{name} = given.{name}" if is_array else f"{name} = ?" for name in names)
    head = f"update {into.name} set {sets}"  # noqa: S608 - names of our own columns
    waiting = iter(values.items())
    while chunk := [(*row, key) for key, row in islice(waiting, ROWS)]:
        if is_array:
            given = f"({_given(connection, into, (*names, 'id'))}) as given"
            _run(connection, f"{head} from {given} where {into.name}.id = given.id", chunk)
        else:
            connection.exec_driver_sql(f"{head} where id = ?", chunk)


def _run(connection: Connection, statement: str, rows: list[Values]) -> None:
    """One JSON array a column: psycopg sends rows one by one, and puts its own arrays together in Python."""
    connection.exec_driver_sql(statement, tuple([dumps(column) for column in zip(*rows, strict=True)]))


def _given(connection: Connection, into: Table, names: Sequence[str]) -> str:
    columns = ", ".join(f"{name}::{into.c[name].type.compile(connection.dialect)}" for name in names)
    arrays = ", ".join(["json_array_elements_text(%s)"] * len(names))
    return f"select {columns} from rows from ({arrays}) as rows ({', '.join(names)})"  # noqa: S608 - our own names
