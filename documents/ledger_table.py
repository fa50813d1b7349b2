"""The ledger's one table, every column in full: its rows made ready for a file, and read back from one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from documents.columns import FULL, Choice, choice_words
from documents.grid import Sheet
from documents.ledger import Ledger, LedgerRow
from documents.ledger_files import workbook
from documents.separated import is_separated, read_own
from documents.wording import one_line, printable
from rules.deadlines import TimeLimit
from rules.errors import UnreadableError
from rules.lifecycle import Kind, State
from rules.lights import Light
from texts import LOCALES, say

CONTINUED = "cont."
"""Stands for the number in a row that only goes on with the texts of the row above it (a catalogue key)."""


def plain(ledger: Ledger) -> Ledger:
    """The ledger as files can hold it: no control characters, each name on one line, no empty names.

    What is plain already stays as it is, so that a ledger may go out and come back any number of times.
    """
    return replace(ledger, rows=tuple(map(_plain_row, ledger.rows)))


def _plain_row(row: LedgerRow) -> LedgerRow:
    said = {one.name: getattr(row, one.name) for one in fields(row)}
    changed: dict[str, Any] = {name: printable(value) for name, value in said.items() if type(value) is str}
    changed |= {name: _names(value) for name, value in said.items() if value and type(value) is tuple}
    return replace(row, **changed)


def _names(several: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in map(one_line, several) if name)


def headings(locale: str) -> list[str]:
    """The headings of the table, the number's first."""
    return [say(locale, "No."), *(say(locale, column.heading) for column in FULL)]


def ledger_rows_of(data: bytes, name: str) -> tuple[LedgerRow, ...]:
    """The rows of a ledger that we wrote as xlsx or csv: exactly the `plain` ones that it was written from.

    Raises:
        UnreadableError: as the readers of the two formats; no table of ours; a cell that we never write.
    """
    return rows_in([read_own(data, name)] if is_separated(name) else workbook(data, name), name)


def rows_in(sheets: Iterable[Sheet], name: str) -> tuple[LedgerRow, ...]:
    """As `ledger_rows_of`, of sheets that are read already."""
    for sheet in sheets:
        for locale in LOCALES:
            head = _head(sheet, locale)
            if head is not None:
                return tuple(_rows(sheet, head + 1, locale, name))
    raise UnreadableError("%(name)s holds no ledger that was written here.", name=name)


def _head(sheet: Sheet, locale: str) -> int | None:
    wanted = headings(locale)
    return next((at for at in range(min(sheet.height, 10)) if sheet.row(at)[: len(wanted)] == wanted), None)


def _rows(sheet: Sheet, first: int, locale: str, name: str) -> Iterator[LedgerRow]:
    parsers = _parsers(locale)
    for number, cells in enumerate(_gathered(sheet, first, say(locale, CONTINUED)), 1):
        try:
            said = [parse(cell) for parse, cell in zip(parsers, cells, strict=True)]
        except (ValueError, KeyError) as error:
            raise UnreadableError(
                "%(name)s: row %(row)s of the ledger is not as it was written.", name=name, row=number
            ) from error
        yield LedgerRow(**dict(zip(_FIELDS, said, strict=True)))


def _gathered(sheet: Sheet, first: int, continued: str) -> Iterator[list[str]]:
    """The cells of each row but its number, with those of the rows that go on with its texts."""
    gathered: list[str] = []
    for number, *cells in zip(*(column[first:] for column in sheet.columns[: len(FULL) + 1]), strict=True):
        if number == continued:
            gathered = [before + more for before, more in zip(gathered, cells, strict=True)]
            continue
        if gathered:
            yield gathered
        gathered = cells
    if gathered:
        yield gathered


_FIELDS = (
    "reference",
    "kind",
    "title",
    "quote",
    "report",
    "unit",
    "owners",
    "co_owners",
    "supervisor",
    "time_limit",
    "due_on",
    "original_due_on",
    "state",
    "light",
    "progress",
    "opened_on",
    "ended_on",
    "evidence",
    "last_word",
    "answers",
)
"""The field of each column of the full table."""

_CHOICES: dict[str, type[Choice]] = {"kind": Kind, "time_limit": TimeLimit, "state": State, "light": Light}


def _parsers(locale: str) -> Sequence[Callable[[str], Any]]:
    """What makes a field's value of a cell's words, a function a column."""
    types = {one.name: one.type for one in fields(LedgerRow)}
    return [
        _chosen(_CHOICES[name], locale) if name in _CHOICES else _PARSERS[types[name]] for name in _FIELDS
    ]


def _chosen(choice: type[Choice], locale: str) -> Callable[[str], Any]:
    return {choice_words(one, locale): one for one in choice}.__getitem__


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def _percent(cell: str) -> int:
    """60%, or 0.6 where the cell was a number."""
    return int(cell[:-1]) if cell.endswith("%") else round(100 * float(cell))


_PARSERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: _percent,
    date | None: _day,
    tuple[str, ...]: lambda cell: tuple(cell.split("\n")) if cell else (),
}
