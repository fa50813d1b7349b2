"""The ledger as a csv file: one table with every column, which Excel opens with its Chinese right.

UTF-8 with a mark, CRLF between rows. What a spreadsheet program might take for a formula bears an
apostrophe, which reading takes off again (documents/separated.py).
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from documents.columns import FULL, Value, choice_words
from documents.ledger import Ledger, LedgerRow
from documents.ledger_table import headings, plain
from documents.replacing import replacing
from documents.separated import guarded
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, State
from rules.lights import Light


def write_ledger_csv(path: Path, ledger: Ledger, locale: str) -> None:
    """Writes the rows of `ledger` to `path`, whole or not at all. The same rows give the same bytes."""
    with replacing(path) as fresh, fresh.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(headings(locale))
        for number, row in enumerate(plain(ledger).rows, 1):
            writer.writerow([number, *map(guarded, _words(row, locale))])


def _words(row: LedgerRow, locale: str) -> Iterator[str]:
    return (_cell(column.value(row), locale) for column in FULL)


def _cell(value: Value, locale: str) -> str:
    """Days as 2026-09-30, names a line each, progress with its sign."""
    match value:
        case None:
            return ""
        case tuple():
            return "\n".join(value)
        case date():
            return value.isoformat()
        case int():
            return f"{value}%"
        case Kind() | TimeLimit() | State() | Light():
            return choice_words(value, locale)
        case _:
            return value
