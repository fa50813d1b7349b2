"""Restoring a backup into an empty place, which then stands still: nothing is sent until somebody resumes.

What a restored database knows ends with the backup. Letters that went out after it wait in its outbox as if
they had not.
"""

import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from documents.replacing import replacing
from models import dumps, schema
from models.message import RESTORE, Heartbeat
from models.session import open_engine, reading, writing
from rules.errors import SettingError, WrongMoveError
from services import backups, history, runs
from services.backups import DATABASE, SECRET, Backup, Place
from services.history import Entry, Verdict, record

SUBJECT = "database"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and whether the history is whole."""

    backup: Backup
    verdict: Verdict


def restore(place: Place, file: Path, now: datetime) -> Restored:
    """Puts the backup into an empty place. The database comes last: before it is whole there is none.

    Raises:
        UnreadableError: the file is no backup, cut off or damaged.
        SettingError: its database is of another kind or newer, there is a database already, or the place
            cannot be written.
        BusyError: another file lies where one of its files belongs, or the database does not answer.
    """
    with backups.opened(file) as (archive, made):
        _check(place, made)
        try:
            _lay(place, archive, made, now)
        except OSError as error:
            raise SettingError(
                "%(path)s cannot be written: %(reason)s.", path=place.folder, reason=error.strerror or error
            ) from error
    with reading(place.engine) as session:
        return Restored(made, history.verify(session))


def _lay(place: Place, archive: zipfile.ZipFile, made: Backup, now: datetime) -> None:
    _lay_files(place, archive, made)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=place.folder) as folder:
        dump = Path(folder) / DATABASE
        backups.extract(archive, DATABASE, dump)
        if made.kind == "sqlite":
            _lay_sqlite(place.engine, dump, made, now)
        else:
            dumps.fill(place.engine, dump, made.version)
            _open(place.engine, made, now)


def _check(place: Place, made: Backup) -> None:
    kind = place.engine.dialect.name
    if made.kind != kind:
        raise SettingError(
            "The backup is of %(made)s and the settings name %(kind)s; set RECTIFY_DATABASE_URL accordingly.",
            made=made.kind,
            kind=kind,
        )
    if made.version > schema.HEAD:
        raise schema.newer(made.version)
    if not dumps.is_empty(place.engine):
        raise SettingError("There is a database already; a backup is only restored into an empty place.")


def _lay_files(place: Place, archive: zipfile.ZipFile, made: Backup) -> None:
    """Everything but the database; looks at all before it writes the first."""
    place.folder.mkdir(parents=True, exist_ok=True)
    targets = {
        name: place.secret if name == SECRET else place.folder / name
        for name in made.files
        if name != DATABASE
    }
    lacking = [
        name for name, target in targets.items() if not backups.is_there(name, made.files[name], target)
    ]
    for name in lacking:
        backups.extract(archive, name, targets[name])


def _lay_sqlite(engine: Engine, dump: Path, made: Backup, now: datetime) -> None:
    """Makes the copy ready beside its place, and moves it there as one file."""
    copy = open_engine(f"sqlite:///{dump}")
    _open(copy, made, now)
    copy.dispose()
    target = Path(str(engine.url.database))
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as fresh:
        # The last connection took the log of changes with it when it closed: this is all of it.
        shutil.move(dump, fresh)


def _open(engine: Engine, made: Backup, now: datetime) -> None:
    """Brings it up to date, has it stand still, and lets it be used: all in one transaction."""
    with writing(engine) as session:
        connection = session.connection()
        if made.kind == "postgresql":
            version = {"version": made.version}
            connection.execute(text("insert into alembic_version values (:version)"), version)
        schema.bring_up(connection)
        note(session, made.made_at, now)


def note(session: Session, made_at: datetime, now: datetime) -> None:
    """Enters that the database was restored from the backup of `made_at`; from now on nothing is sent."""
    session.merge(Heartbeat(name=RESTORE, started_at=now, succeeded_at=None, failed_at=None, error=""))
    made = {"backup": made_at.isoformat()}
    record(session, Entry(now, None, "command", SUBJECT, "restore-database", payload=made))


def held_since(session: Session) -> datetime | None:
    """When the database was restored, if nobody has resumed sending since."""
    beat = session.get(Heartbeat, RESTORE)
    return beat.started_at if beat and beat.succeeded_at is None else None


def resume(session: Session, now: datetime) -> None:
    """Lets letters go again.

    Raises:
        WrongMoveError: nothing was restored, or sending was resumed already.
    """
    if held_since(session) is None:
        raise WrongMoveError("Nothing stands still: letters go as ever.")
    runs.beat(session, RESTORE, now)
    record(session, Entry(now, None, "command", SUBJECT, "resume-sending"))
