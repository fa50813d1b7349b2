"""Which files are ledgers, and the text and the reading of one."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from documents.confined import confined
from documents.grid import Sheet, unpacked
from documents.ledger_reading import read_ledger
from documents.reading import Reading
from documents.separated import is_separated, read_separated
from documents.text import Text

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def open_ledger(data: bytes, name: str, kind: str) -> tuple[Text, Reading] | None:
    """The text and the reading of a workbook or csv file; None where the file is a report.

    `kind` is what `documents.formats.kind_of` says of the file.

    Raises:
        UnreadableError: damaged, beyond some bound, or no ledger.
    """
    with _uncollected():
        return _opened(data, name, kind)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for garbage: it would look again and again through a million fresh values that are none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _opened(data: bytes, name: str, kind: str) -> tuple[Text, Reading] | None:
    if kind == "xlsx":
        reading = read_ledger(workbook(data, name), name)
        return Text(reading.text, WORKBOOK, "utf-8"), reading
    if kind == "text" and is_separated(name):
        text, sheet, notices = read_separated(data, name)
        reading = read_ledger([sheet], name, notices)
        return Text(reading.text, text.media_type, text.encoding), reading
    return None


def workbook(data: bytes, name: str) -> list[Sheet]:
    """The sheets of a workbook, read in a process with limits."""
    return unpacked(confined("xlsx", data, name)["sheets"])
