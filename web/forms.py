"""Reading what people wrote into a form or an address: checked words, numbers and days."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import FormData, UploadFile

from rules.errors import UnreadableError, WrongMoveError
from services.evidence import LARGEST, EvidenceFile

LONGEST = 10_000
"""Characters that one field may hold."""

Word = TypeVar("Word", bound=StrEnum)


def text(form: FormData | Mapping[str, str], name: str) -> str:
    """What was written, without white space around it and without characters that no database takes.

    Raises:
        WrongMoveError: it is longer than a field may be.
    """
    said = form.get(name, "")
    if not isinstance(said, str):
        return ""
    plain = said.replace("\0", "").replace("\r\n", "\n").strip()
    if len(plain) > LONGEST:
        raise WrongMoveError("One field takes at most %(longest)d characters.", longest=LONGEST)
    return plain


def number(form: FormData | Mapping[str, str], name: str) -> int | None:
    """A whole number, or None where nothing was written.

    Raises:
        WrongMoveError: it is no number, or one that no table holds.
    """
    said = text(form, name)
    if not said:
        return None
    if not re.fullmatch(r"-?[0-9]{1,9}", said):
        raise WrongMoveError("%(value)s is no number.", value=said[:40])
    return int(said)


def day(form: FormData | Mapping[str, str], name: str) -> date | None:
    """A date as browsers send it, or None where nothing was written.

    Raises:
        WrongMoveError: it is no date.
    """
    said = text(form, name)
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise WrongMoveError("%(value)s is no date; write 2026-09-30.", value=said[:40]) from error


def word(form: FormData | Mapping[str, str], name: str, kind: type[Word]) -> Word | None:
    """One of the words of `kind`, or None where nothing was written.

    Raises:
        WrongMoveError: there is no such word.
    """
    said = text(form, name)
    try:
        return kind(said) if said else None
    except ValueError as error:
        raise WrongMoveError(
            "%(value)s is not one of: %(words)s.", value=said[:40], words=", ".join(kind)
        ) from error


def listed(form: FormData | Mapping[str, str], name: str) -> list[str]:
    """Several words of one field, parted by commas, semicolons or lines."""
    return [part for part in (part.strip() for part in re.split(r"[,;，；、\n]", text(form, name))) if part]


def files(form: FormData, name: str) -> tuple[EvidenceFile, ...]:
    """The files of a field; browsers send an empty one where none was chosen.

    Raises:
        UnreadableError: one is empty, or larger than 20 MiB.
    """
    sent = (value for value in form.getlist(name) if isinstance(value, UploadFile))
    return tuple(_file(value) for value in sent if value.filename)


def _file(sent: UploadFile) -> EvidenceFile:
    name = re.split(r"[/\\]", (sent.filename or "").replace("\0", ""))[-1][-255:] or "file"
    content = sent.file.read(LARGEST + 1)
    if not content:
        raise UnreadableError("%(name)s is empty.", name=name)
    if len(content) > LARGEST:
        raise UnreadableError("%(path)s is larger than 20 MiB.", path=name)
    return EvidenceFile(name, content)
