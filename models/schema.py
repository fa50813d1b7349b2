"""The database's schema: bring it up to date, and say when it is not."""

from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

from models.session import WRITES
from rules.errors import BusyError, SettingError

HEAD = "0018"
"""The migration that this program speaks."""

NO_DATABASE = "There is no Rectify database here yet; run rectify init first."

SCRIPTS = Path(__file__).parent.parent / "migrations"


def upgrade(engine: Engine) -> None:
    """Brings an empty or older database to `HEAD`, in one transaction.

    Raises:
        SettingError: the database is newer than this program.
        BusyError: the database cannot be reached or is held.
    """
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            bring_up(connection)
    except OperationalError as error:
        raise BusyError("The database cannot be opened: %(reason)s", reason=_first_line(error)) from error


def bring_up(connection: Connection) -> None:
    """As `upgrade`, in the transaction of `connection`."""
    found = version(connection)
    if found is not None and found > HEAD:
        raise newer(found)
    if found == HEAD:
        return
    from alembic import command  # noqa: PLC0415 - costs 100 ms, needed once in a database's life
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)


def check(engine: Engine) -> None:
    """Raises SettingError unless the database has exactly the schema that this program speaks."""
    if _is_missing(engine):
        raise SettingError(NO_DATABASE)
    try:
        with engine.connect() as connection:
            found = version(connection)
    except OperationalError as error:
        raise BusyError("The database cannot be opened: %(reason)s", reason=_first_line(error)) from error
    if found is None:
        raise SettingError(NO_DATABASE)
    if found > HEAD:
        raise newer(found)
    if found < HEAD:
        raise SettingError("The database is of an older version; run rectify init to bring it up to date.")


def _is_missing(engine: Engine) -> bool:
    """Whether it is a SQLite file that is not there: looking would make an empty one."""
    file = engine.url.database
    return engine.dialect.name == "sqlite" and bool(file) and not Path(str(file)).exists()


def standing(engine: Engine) -> tuple[str | None, str]:
    """The migration that the database stands at, and why it cannot be told; changes and makes nothing."""
    if _is_missing(engine):
        return None, ""
    try:
        with engine.connect() as connection:
            return version(connection), ""
    except DatabaseError as error:
        return None, _first_line(error)


def version(connection: Connection) -> str | None:
    """The migration that the database stands at, or None for a database without our tables."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    try:
        return connection.execute(text("select version_num from alembic_version")).scalar()
    except ProgrammingError:
        return None


def newer(found: str) -> SettingError:
    """What is said of a database that only a later program knows."""
    return SettingError(
        "The database is at version %(found)s, newer than this program (%(head)s); use a newer Rectify.",
        found=found,
        head=HEAD,
    )


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", error)).splitlines()[0]
