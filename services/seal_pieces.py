"""Where the content of a seal lies: in its own row where it is short, else in rows of pieces."""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, object_session

from models.base import table
from models.period import Rollup as RollupRow
from models.period import SealPiece
from rules.rollup import Rollup
from services.contents import read_content, read_tail

SHORT = 2**20
"""Characters that one row takes at most, but for a single piece that is longer."""


def keep(
    session: Session, period_id: int, version: int, pieces: Iterable[str], short: int = SHORT
) -> tuple[str, str]:
    """Stores the pieces of a seal that is about to be made, the last one by itself.

    Returns what belongs into the row of the seal, all of it or nothing, and the hash over all pieces.
    """
    digest, held, size, number = sha256(), list[str](), 0, 0
    for piece in pieces:
        digest.update(piece.encode())
        if held and size + len(piece) > short:
            _put(session, period_id, version, number, "".join(held))
            held, size, number = [], 0, number + 1
        held.append(piece)
        size += len(piece)
    if not number:
        return "".join(held), digest.hexdigest()
    *before, last = held
    for words in filter(None, ("".join(before), last)):
        _put(session, period_id, version, number, words)
        number += 1
    return "", digest.hexdigest()


def _put(session: Session, period_id: int, version: int, number: int, content: str) -> None:
    row = {"period_id": period_id, "version": version, "number": number, "content": content}
    session.execute(insert(table(SealPiece)), [row])


def pieces_of(row: RollupRow) -> Iterator[str]:
    """The seal's content from its beginning, piece by piece."""
    if row.content:
        yield row.content
        return
    session, number = _session(row), 0
    while (content := _piece(session, row, number)) is not None:
        yield content
        number += 1


def hash_of(pieces: Iterable[str]) -> str:
    """Over the UTF-8 bytes of all pieces."""
    digest = sha256()
    for piece in pieces:
        digest.update(piece.encode())
    return digest.hexdigest()


def read(row: RollupRow) -> Rollup:
    """The roll-up that the seal holds, with its items."""
    return read_content("".join(pieces_of(row)))


def read_units(row: RollupRow) -> Rollup:
    """The roll-up that the seal holds, without its items, which are not read."""
    if row.content:
        return read_tail(row.content)
    session = _session(row)
    last = select(func.max(SealPiece.number)).where(
        SealPiece.period_id == row.period_id, SealPiece.version == row.version
    )
    return read_tail(_piece(session, row, session.scalar(last) or 0) or "")


def _session(row: RollupRow) -> Session:
    session = object_session(row)
    if session is None:
        raise ValueError("The seal was read in a transaction that is over.")
    return session


def _piece(session: Session, row: RollupRow, number: int) -> str | None:
    return session.scalar(
        select(SealPiece.content).where(
            SealPiece.period_id == row.period_id,
            SealPiece.version == row.version,
            SealPiece.number == number,
        )
    )
