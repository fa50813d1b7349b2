"""Options that several commands share, and how their words are read."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from rules.errors import UnreadableError
from rules.lifecycle import Kind, State
from rules.lights import Light

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
AsWhom = Annotated[str | None, typer.Option("--as", metavar="EMAIL", help="Who does this.")]
InState = Annotated[State | None, typer.Option("--state", help="Only items in this state.")]
OfKind = Annotated[Kind | None, typer.Option("--kind", help="Only problems, or only measures.")]
OfReport = Annotated[int | None, typer.Option("--report", help="Read from this report.")]
Lit = Annotated[Light | None, typer.Option("--light", help="Only items of this light, such as overdue.")]
Again = Annotated[
    str | None, typer.Option("--again", metavar="KEY", help="Only write an earlier one, such as 2026-3.")
]
DocxFile = Annotated[Path | None, typer.Option("--out", metavar="FILE.docx", help="Where to write it.")]
Folder = Annotated[Path | None, typer.Option("--dir", help="The folder that holds everything (RECTIFY_DIR).")]


def check_folder(out: Path | None) -> None:
    """Refuses a place to write to whose folder is not there, before anything is done."""
    if out and not out.parent.is_dir():
        raise UnreadableError("There is no folder %(folder)s to write into.", folder=out.parent)


def bytes_of(file: Path) -> bytes:
    """The content of a file; UnreadableError says why it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise UnreadableError(
            "%(path)s cannot be read: %(reason)s.", path=file, reason=error.strerror
        ) from error


def day(word: str | None) -> date | None:
    """A date written as 2026-09-30; typer's usage error for anything else."""
    if word is None:
        return None
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise typer.BadParameter(f"{word} is no date; write 2026-09-30.") from error


def instant(word: str | None, zone: ZoneInfo) -> datetime | None:
    """An instant such as 2026-06-30T24:00+08:00; without an offset it is the office's local time."""
    if word is None:
        return None
    midnight = re.sub(r"T24:00(:00)?", "T00:00", word)
    try:
        at = datetime.fromisoformat(midnight)
    except ValueError as error:
        raise typer.BadParameter(f"{word} is no instant; write 2026-06-30T24:00+08:00.") from error
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    return at + timedelta(days=1) if midnight != word else at
