"""Engines and sessions: one transaction each, committed by whoever opened it.

SQLite writes take the lock at once (BEGIN IMMEDIATE): a transaction that reads first and finds the lock
taken when it writes would fail at a point where waiting no longer helps.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, Row, Select, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DatabaseError, InternalError, OperationalError
from sqlalchemy.orm import Session

from rules.errors import BusyError

WRITES = "rectify_writes"
T = TypeVar("T")


def open_engine(url: str, *, patience: float = 5.0) -> Engine:
    """An engine on `url`; `patience` is how many seconds to wait for a database held by somebody else.

    Its errors tell no values: these may be a letter's body, or a hash of a password.
    """
    if url.startswith("sqlite:"):
        engine = create_engine(url, connect_args={"timeout": patience}, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    settings = f"-c lock_timeout={int(patience * 1000)} -c timezone=UTC"
    options = {"options": settings, "connect_timeout": max(2, int(patience))}
    engine = create_engine(_with_driver(url), connect_args=options, hide_parameters=True)
    event.listen(engine, "handle_error", _hide_details)
    return engine


def _hide_details(context: ExceptionContext) -> None:
    """PostgreSQL repeats the whole row that it refuses, in a line of its own below the error."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])


def _with_driver(url: str) -> URL:
    parsed = make_url(url)
    if parsed.drivername in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver would otherwise open transactions by itself, and never as IMMEDIATE.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session whose changes are thrown away."""
    with _plainly(), Session(engine) as session:
        yield session


@contextmanager
def rehearsing(engine: Engine) -> Iterator[Session]:
    """A session that may change what it likes, as `writing` would, and keeps nothing of it.

    Raises:
        BusyError: the database was held by somebody else for longer than the engine waits.
    """
    with _plainly(), Session(engine) as session:
        session.connection(execution_options={WRITES: True})
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that commits at the end of the block, or undoes everything when the block fails.

    Raises:
        BusyError: the database was held by somebody else for longer than the engine waits.
    """
    with _plainly(), Session(engine) as session, session.begin():
        # A session begins with its first statement; the lock is to be ours before anything is read.
        session.connection(execution_options={WRITES: True})
        yield session


class Writer:
    """A connection kept from one transaction to the next, for one small transaction after another.

    To fetch one for each, with a session around it, takes longer than what a sender has to write of a letter.
    One that broke is replaced with the next transaction.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(**{WRITES: True})
        self._connection: Connection | None = None

    def write(self, work: Callable[[Connection], T]) -> T:
        """`work` in a transaction that commits at its end, or undoes everything when it fails.

        Raises:
            BusyError: the database was held by somebody else for longer than the engine waits.
        """
        with _plainly():
            try:
                if self._connection is None:
                    self._connection = self._engine.connect()
                with self._connection.begin():
                    return work(self._connection)
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Gives the connection back; a second call does nothing."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def plain_rows(session: Session, query: Select[Any], **values: object) -> Sequence[Row[Any]]:
    """The rows of a select of columns alone, past what a session does for objects: half the cost of a row.

    `values` are those of the select's bound parameters. A select that pages ask for all the time is best
    made once, with such parameters: making it anew costs more than its answer.
    """
    session.flush()
    return session.connection().execute(query, values).all()


_HELD = "The database is held by another program; nothing was changed. Try again in a moment."
_FULL = "The disk of the database is full; nothing was changed. Make room, and try again."
_CLOSED = "The database is open for reading alone; nothing was changed. See to it that it can be written to."
_CAUSES = {
    "locked": _HELD,
    "lock timeout": _HELD,
    "disk is full": _FULL,
    "No space left": _FULL,
    "readonly database": _CLOSED,
    "read-only transaction": _CLOSED,
}
"""Words of SQLite and PostgreSQL for what an office can do something about."""


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        # Broken rules (IntegrityError and the like) are faults of ours, and are not dressed up as weather.
        if type(error) not in {DatabaseError, InternalError, OperationalError}:
            raise
        reason = str(error.orig).splitlines()[0] if error.orig else str(error)
        for sign, sentence in _CAUSES.items():
            if sign in reason:
                raise BusyError(sentence) from error
        raise BusyError(
            "The database does not answer (%(reason)s); nothing was changed. Check RECTIFY_DATABASE_URL.",
            reason=reason,
        ) from error
