"""The whole database as one file, taken while others write, and put back into an empty one.

SQLite has its own way of copying a database that is in use; PostgreSQL's is a program beside it.
"""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from models.session import WRITES
from rules.errors import BusyError, SettingError, UnreadableError

BESIDE = ("", "-wal", "-journal")
"""What SQLite keeps of a database; each of them alone may hold changes."""
SEPARATE = "TABLE DATA {schema} alembic_version "
"""Left out when the rest is put back: until it is there, no door opens."""


def dump(engine: Engine, file: Path) -> None:
    """Writes the database as it is at one instant into `file`. Nobody waits for it.

    Raises:
        SettingError: PostgreSQL's client programs are missing.
        BusyError: the database does not answer, or pg_dump refuses.
    """
    if engine.dialect.name == "sqlite":
        _copy(engine, file)
    else:
        named = f'--schema="{_schema(engine)}"'
        _run("pg_dump", engine, "--format=custom", "--no-owner", "--no-privileges", named, f"--file={file}")


def _copy(engine: Engine, file: Path) -> None:
    target = sqlite3.connect(file)
    pooled = engine.raw_connection()
    try:
        source: sqlite3.Connection = pooled.driver_connection  # type: ignore[assignment]  # it is SQLite's
        source.backup(target)
        # The copy is one file, whatever it is read with.
        target.execute("pragma journal_mode=delete")
    except sqlite3.Error as error:
        raise BusyError("The database cannot be opened: %(reason)s", reason=error) from error
    finally:
        pooled.close()
        target.close()


def is_empty(engine: Engine) -> bool:
    """Whether there is nothing that putting a dump back could harm.

    Raises:
        BusyError: the database does not answer.
    """
    if engine.dialect.name == "sqlite":
        files = (Path(f"{engine.url.database}{suffix}") for suffix in BESIDE)
        return not any(file.exists() and file.stat().st_size for file in files)
    try:
        with engine.connect() as connection:
            return not engine.dialect.get_table_names(connection)
    except DatabaseError as error:
        reason = str(error.orig).splitlines()[0]
        raise BusyError("The database cannot be opened: %(reason)s", reason=reason) from error


def fill(engine: Engine, file: Path, version: str) -> None:
    """Puts a dump of `dump` into an empty PostgreSQL database, whole or not at all.

    Nobody can use it before `version` was entered, too: doors find no database without it.

    Raises:
        SettingError, BusyError: as `dump`.
        UnreadableError: the file is no dump at this version.
    """
    lacking = SEPARATE.format(schema=_schema(engine))
    listed = _run("pg_restore", None, "--list", str(file)).splitlines()
    chosen = [line for line in listed if lacking not in line and " SCHEMA - " not in line]
    if not any(lacking in line for line in listed):
        raise UnreadableError(
            "The backup does not fit this database's schema (%(version)s).", version=version
        )
    picked = file.with_suffix(".list")
    picked.write_text("\n".join(chosen), "utf-8")
    whole = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    _run("pg_restore", engine, *whole, f"--use-list={picked}", str(file))


def _schema(engine: Engine) -> str:
    with engine.execution_options(**{WRITES: False}).connect() as connection:
        return str(connection.execute(text("select current_schema()")).scalar_one())


def _run(name: str, engine: Engine | None, *arguments: str) -> str:
    program = _program(name)
    environment = dict(os.environ)
    if engine is not None:
        # A password among the arguments could be read by everybody on the machine.
        url = engine.url.set(drivername="postgresql", password=None)
        if engine.url.password:
            environment["PGPASSWORD"] = str(engine.url.password)
        arguments = (f"--dbname={url.render_as_string(hide_password=False)}", *arguments)
    ended = subprocess.run(  # noqa: S603 - PostgreSQL's own program, found above
        [program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        said = (ended.stderr.strip() or "?").splitlines()[0]
        raise BusyError("%(program)s did not succeed: %(reason)s", program=name, reason=said)
    return ended.stdout


def _program(name: str) -> str:
    """The newest one that Debian installed, else the one in the path: an older one refuses a newer server."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    program = str(found[-1]) if found else shutil.which(name)
    if program is None:
        raise SettingError(
            "%(program)s is missing; install PostgreSQL's client programs (on Debian: postgresql-client).",
            program=name,
        )
    return program
