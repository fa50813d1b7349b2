"""Evidence files: kept by their hash, written before the row that speaks of them."""

import mimetypes
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.item import Evidence, Item
from rules.errors import NotFoundError, UnreadableError
from services.office import Visit

LARGEST = 20 * 1024 * 1024
"""Bytes."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file as it was handed in."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash by which it is kept."""
        return sha256(self.content).hexdigest()


def read_file(path: Path) -> EvidenceFile:
    """Reads a file that somebody hands in.

    Raises:
        UnreadableError: it is not there, empty, or larger than 20 MiB.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            "%(path)s cannot be read: %(reason)s.", path=path, reason=error.strerror or error
        ) from error
    if not content:
        raise UnreadableError("%(path)s is empty; hand in a file that shows what was done.", path=path)
    if len(content) > LARGEST:
        raise UnreadableError("%(path)s is larger than 20 MiB.", path=path)
    return EvidenceFile(path.name, content)


def place(folder: Path, digest: str) -> Path:
    """Where the file with this sha256 lies, if it was kept."""
    return folder / "evidence" / digest[:2] / digest


def keep(folder: Path, file: EvidenceFile) -> Path:
    """Lays the file into `folder/evidence`; the same content twice is one file."""
    target = place(folder, file.sha256)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(f".{os.getpid()}")
        draft.write_bytes(file.content)
        draft.replace(target)
    return target


def hand_in(visit: Visit, item: Item, file: EvidenceFile) -> None:
    """Keeps the file and enters it as evidence for the item."""
    keep(visit.office.folder, file)
    visit.session.add(
        Evidence(
            item_id=item.id,
            sha256=file.sha256,
            file_name=file.name[-255:],
            media_type=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
            size=len(file.content),
            added_by_id=visit.actor.id,
            added_at=visit.now,
        )
    )
    visit.session.flush()


_STANDING = (
    select(Evidence)
    .where(Evidence.item_id == bindparam("item"), Evidence.withdrawn_at.is_(None))
    .order_by(Evidence.id)
    .execution_options(populate_existing=True)
)


def standing(session: Session, item: Item) -> list[Evidence]:
    """The item's files that were not withdrawn, in the order in which they came."""
    return list(session.scalars(_STANDING, {"item": item.id}))


def has_evidence(session: Session, item: Item) -> bool:
    """Whether any evidence stands that was not withdrawn."""
    return bool(standing(session, item))


def named(session: Session, item: Item, name: str) -> Evidence:
    """The latest standing file of the item with this name.

    Raises:
        NotFoundError: there is none; says which there are.
    """
    files = standing(session, item)
    found = [file for file in files if file.file_name == name]
    if not found:
        raise NotFoundError(
            "%(reference)s has no file %(name)s. Files: %(names)s.",
            reference=item.reference,
            name=name[:255],
            names="、".join(file.file_name for file in files) or "—",
        )
    return found[-1]
