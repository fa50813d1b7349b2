"""A csv file to the cells of one sheet: its separator by evidence, and no row shifted in silence."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import zip_longest
from pathlib import PurePath

from documents.encodings import decoded
from documents.grid import BETWEEN, MOST_COLUMNS, MOST_ROWS, Sheet, refuse_size
from documents.ledger_columns import header
from documents.reading import Notice, notice
from documents.text import MOST_BYTES, Text, check_size, check_text
from rules.errors import UnreadableError

NAMES = frozenset({".csv", ".tsv", ".tab"})

GUARDED = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""A cell that a spreadsheet program might take for a formula, or that already bears our guard."""

_GUARDED_FIRST = frozenset("'=+-@\t\r\n＝＋－＠")
"""How such a cell begins: thousands of others need no closer look."""

_SEPARATORS = (",", ";", "\t")
_SAID = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n")
_SAMPLE = 64 * 1024
_HEAD = 50
_MOST_MARGIN = 100
"""Rows above the header and below the table that a full ledger may have besides."""


def guarded(cell: str) -> str:
    """The cell as text for every program: an apostrophe before what might be taken for a formula."""
    return f"'{cell}" if cell[:1] in _GUARDED_FIRST and GUARDED.match(cell) else cell


def bare(cell: str) -> str:
    """The cell without the apostrophe that `guarded` puts before it; every other cell as it is."""
    return cell[1:] if cell.startswith("'") and GUARDED.match(cell) else cell


def is_separated(name: str) -> bool:
    """Whether a file is a table by its name; a .txt stays a report."""
    return PurePath(name).suffix.lower() in NAMES


def read_separated(data: bytes, name: str) -> tuple[Text, Sheet, list[Notice]]:
    """The decoded file and its one sheet, each row as many cells wide as the widest.

    Raises:
        UnreadableError: as `documents.text.decode`; a quotation mark that is never closed; too many cells.
    """
    text, encoding = _decoded(data, name)
    check_text(text, name)
    notices = []
    if "\0" in text:
        notices.append(notice("%(count)s null characters were left out.", count=text.count("\0")))
    clean = text.replace("\0", "").replace(BETWEEN, "")
    said = _SAID.match(clean)
    table = clean[said.end() :] if said else clean
    sheet = _sheet(table, name, said[1] if said else _separator(table[:_SAMPLE], name))
    return Text(clean, "text/csv", encoding), sheet, notices


def read_own(data: bytes, name: str) -> Sheet:
    """A file that we wrote: its separator is known, and its texts may hold anything."""
    return _sheet(_decoded(data, name)[0], name, ",")


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    check_size(data, name)
    text, encoding = decoded(data, name)
    return text.removeprefix("\ufeff"), encoding


def _sheet(text: str, name: str, separator: str) -> Sheet:
    rows = list(_rows(text, separator, name))
    widths = list(map(len, rows))
    refuse_size(name, len(rows), max(widths, default=0))
    columns = [[bare(cell) for cell in column] for column in zip_longest(*rows, fillvalue="")]
    return Sheet(PurePath(name).stem, columns, widths=widths)


def _separator(sample: str, name: str) -> str:
    """The sign that gives a ledger's header, else the one by which most rows have one number of cells."""
    if PurePath(name).suffix.lower() in {".tsv", ".tab"}:
        return "\t"
    return max(_SEPARATORS, key=lambda sign: _evidence(sample, sign))


def _evidence(sample: str, separator: str) -> tuple[bool, int, int]:
    """Whether there is a header, how many rows have the most usual number of cells, and that number."""
    rows = list(csv.reader(StringIO(sample), delimiter=separator))
    columns = [list(column) for column in zip_longest(*rows[:_HEAD], fillvalue="")]
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, most = max(widths.items(), key=lambda one: one[1], default=(0, 0))
    return len(columns) <= _SAMPLE // _HEAD and header(Sheet("", columns)) is not None, most, width


def _rows(text: str, separator: str, name: str) -> Iterator[list[str]]:
    """The rows, line ends inside of cells made one; the row of a fault is named."""
    reader = csv.reader(
        StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter=separator, strict=True
    )
    begun = 1
    for number in range(1, MOST_ROWS + _MOST_MARGIN + 2):
        begun = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _fault(error, name, begun) from error
        if len(row) > MOST_COLUMNS:
            refuse_size(name, number, len(row))
        yield row
    raise UnreadableError(
        "%(name)s has more than %(limit)s rows; no more are read.", name=name, limit=MOST_ROWS
    )


def _fault(error: csv.Error, name: str, line: int) -> UnreadableError:
    if "end of data" in str(error):
        return UnreadableError(
            "%(name)s: a quotation mark in the row that begins on line %(line)s is never closed.",
            name=name,
            line=line,
        )
    return UnreadableError(
        "%(name)s: in the row that begins on line %(line)s a quotation mark stands where none belongs.",
        name=name,
        line=line,
    )


csv.field_size_limit(MOST_BYTES)
