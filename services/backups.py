"""A backup: database, evidence, written documents and the secret in one file, made while everything runs.

Evidence is written before the row that speaks of it and never removed; so a copy of the files that begins
after the database was copied holds every file that the copied rows speak of.
"""

import json
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine

from documents.replacing import replacing
from models import dumps, schema
from rules.errors import BusyError, SettingError, UnreadableError

FORMAT = 1
MANIFEST, DATABASE, SECRET = "manifest.json", "database", "secret"
CHUNK = 1 << 20
DIGEST = 64
"""Characters of the digest that stands at the file's end, as the archive's comment."""
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What reading a member ends in whose bytes, or the words about them, are not as they were."""
_NO_BACKUP = (*_DAMAGE, KeyError, ValueError, TypeError, AttributeError)
MEMBER = re.compile(
    rf"{DATABASE}|{SECRET}|evidence/[0-9a-f]{{2}}/[0-9a-f]{{64}}|periods/[0-9A-Za-z-][0-9A-Za-z.-]*/[^/\\.][^/\\]*"
)
"""What a backup may hold; each name is also the place below the folder, but for database and secret."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is backed up, and where it is put back."""

    engine: Engine
    folder: Path
    secret: Path


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself."""

    made_at: datetime
    kind: str
    """Of the database: `sqlite` or `postgresql`."""
    version: str
    """The migration at which the database stood."""
    files: dict[str, str]
    """Member -> sha256."""

    @property
    def evidence(self) -> int:
        """How many files of evidence it holds."""
        return sum(name.startswith("evidence/") for name in self.files)


def write(place: Place, target: Path, now: datetime) -> Backup:
    """Writes the backup; readable by its owner alone, whole or not at all.

    Raises:
        SettingError: it cannot be written there, or the database is of another version.
        BusyError: the database does not answer, or was migrated meanwhile.
    """
    schema.check(place.engine)
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.absolute().parent) as folder:
            database = Path(folder) / DATABASE
            dumps.dump(place.engine, database)
            # A migration meanwhile would leave a file that says one version and holds another.
            schema.check(place.engine)
            with replacing(target) as fresh:
                return _write(place, database, fresh, now)
    except OSError as error:
        raise SettingError(
            "%(path)s cannot be written: %(reason)s.", path=target, reason=error.strerror
        ) from error


def _write(place: Place, database: Path, fresh: Path, now: datetime) -> Backup:
    files = {}
    handle = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, source in _sources(place, database):
                with source.open("rb") as read, archive.open(name, "w", force_zip64=True) as written:
                    files[name] = _copy(read, written)
            made = Backup(now, place.engine.dialect.name, schema.HEAD, files)
            archive.writestr(MANIFEST, json.dumps(_manifest(made)))
            archive.comment = bytes(DIGEST)
        digest = _digest_of(file)
        file.seek(-DIGEST, os.SEEK_END)
        file.write(digest)
    return made


def _digest_of(file: IO[bytes]) -> bytes:
    """The sha256, in hexadecimal, of all that stands before the archive's comment, which is this digest."""
    left, seen = file.seek(-DIGEST, os.SEEK_END), sha256()
    file.seek(0)
    while chunk := file.read(min(CHUNK, left)):
        seen.update(chunk)
        left -= len(chunk)
    return seen.hexdigest().encode()


def _sources(place: Place, database: Path) -> Iterator[tuple[str, Path]]:
    """What goes in, the database first."""
    yield DATABASE, database
    yield SECRET, place.secret
    for room in ("evidence", "periods"):
        for path in sorted((place.folder / room).glob("*/*")):
            name = path.relative_to(place.folder).as_posix()
            if MEMBER.fullmatch(name) and path.is_file():
                yield name, path


def _copy(source: IO[bytes], target: IO[bytes] | None) -> str:
    """Copies to the end; the sha256 of what was read."""
    seen = sha256()
    while chunk := source.read(CHUNK):
        seen.update(chunk)
        if target is not None:
            target.write(chunk)
    return seen.hexdigest()


def _manifest(made: Backup) -> dict[str, Any]:
    return {
        "rectify": FORMAT,
        "made_at": made.made_at.isoformat(),
        "database": made.kind,
        "migration": made.version,
        "files": made.files,
    }


@contextmanager
def opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Backup]]:
    """A backup that was read to its end and is as it was written.

    Raises:
        UnreadableError: it is none, cut off, damaged, or of a later form.
    """
    with ExitStack() as kept:
        try:
            archive, made = _whole(file, kept)
        except OSError as error:
            raise UnreadableError(
                "%(path)s cannot be read: %(reason)s.", path=file, reason=error.strerror or error
            ) from error
        except _NO_BACKUP as error:
            raise UnreadableError("%(path)s is no backup of Rectify, or not all of it.", path=file) from error
        yield archive, made


def _whole(file: Path, kept: ExitStack) -> tuple[zipfile.ZipFile, Backup]:
    """The archive, which `kept` closes, and what it says of itself; each of its bytes was read."""
    stream = kept.enter_context(file.open("rb"))
    archive = kept.enter_context(zipfile.ZipFile(stream))
    # The first backups had no digest of the whole file.
    if archive.comment and archive.comment != _digest_of(stream):
        raise zipfile.BadZipFile
    made = _read(archive)
    if fault := next(_faults(archive, made), ""):
        raise UnreadableError("%(path)s is damaged (%(name)s).", path=file, name=fault)
    return archive, made


def _read(archive: zipfile.ZipFile) -> Backup:
    said = json.loads(archive.read(MANIFEST))
    if said["rectify"] != FORMAT:
        raise UnreadableError("The backup was made by a newer Rectify; use that one to restore it.")
    made_at = datetime.fromisoformat(said["made_at"])
    return Backup(made_at, str(said["database"]), str(said["migration"]), dict(said["files"]))


def _faults(archive: zipfile.ZipFile, made: Backup) -> Iterator[str]:
    """The names of what is missing, too much, or not as it was written."""
    there = sorted(archive.namelist())
    if there != sorted({*made.files, MANIFEST}) or not {DATABASE, SECRET} <= set(made.files):
        yield MANIFEST
    for name, digest in made.files.items():
        if not MEMBER.fullmatch(name) or _digest(archive, name) != digest:
            yield name


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    try:
        with archive.open(name) as read:
            return _copy(read, None)
    except _DAMAGE:
        return ""


def extract(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    """Lays one member there, readable by its owner alone, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as fresh:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as written, archive.open(name) as read:
            _copy(read, written)


def is_there(name: str, digest: str, target: Path) -> bool:
    """Whether the member lies at `target` already, with these bytes.

    Raises:
        BusyError: something else lies there.
    """
    if not target.exists():
        return False
    with target.open("rb") as read:
        if _copy(read, None) == digest:
            return True
    raise BusyError(
        "At %(path)s lies something else than the backup's %(name)s; move it away first.",
        path=target,
        name=name,
    )
