"""The cells of a workbook or of a csv file as plain words, column by column, whatever program wrote them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rules.errors import UnreadableError

BETWEEN = "\x7f"
"""Stands between the cells of a column while they travel; no cell holds it."""

MOST_ROWS = 200_000
MOST_COLUMNS = 16_384
MOST_CELLS = 8_000_000

Merged = tuple[int, int, int, int]
"""First row, first column, last row, last column of a merged range, counted from the sheet's first cell."""


@dataclass(slots=True)
class Sheet:
    """One sheet. All columns are of one length; an empty cell is an empty string.

    `top` is the number of its first row as programs show it, `left` the place of its first column from 0.
    """

    name: str
    columns: list[list[str]]
    top: int = 1
    left: int = 0
    is_hidden: bool = False
    merged: list[Merged] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    unvalued: list[str] = field(default_factory=list)
    """Cells such as C7 whose formula has no value."""
    faulty: list[str] = field(default_factory=list)
    """Cells that hold an error such as #REF!; they are read as empty."""
    widths: list[int] | None = None
    """How many cells each row of a csv file has; None where the format admits no ragged rows."""

    @property
    def height(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def row(self, place: int) -> list[str]:
        """The cells of one row, counted from 0."""
        return [column[place] for column in self.columns]


def letters(place: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def packed(columns: Iterable[list[str]]) -> list[str]:
    """Each column as one text, for the way out of the parser's process."""
    return [_packed(column) for column in columns]


def _packed(column: list[str]) -> str:
    text = BETWEEN.join(column)
    if text.count(BETWEEN) != len(column) - 1:
        text = BETWEEN.join([cell.replace(BETWEEN, "") for cell in column])
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", "")


def unpacked(sheets: list[dict[str, Any]]) -> list[Sheet]:
    """The sheets that the parser's process tells of."""
    return [
        Sheet(
            **{
                **told,
                "columns": [column.split(BETWEEN) for column in told["columns"]],
                "merged": list(map(tuple, told["merged"])),
            }
        )
        for told in sheets
    ]


def refuse_size(name: str, rows: int, columns: int) -> None:
    """Refuses what is larger than any ledger, before it is laid out in memory."""
    if columns > MOST_COLUMNS:
        raise UnreadableError(
            "%(name)s has rows of %(count)s cells; at most %(limit)s are read.",
            name=name,
            count=columns,
            limit=MOST_COLUMNS,
        )
    if rows * columns > MOST_CELLS:
        raise UnreadableError(
            "The cells of %(name)s reach over %(rows)s rows and %(columns)s columns; at most %(limit)s cells "
            "are read. Delete what stands far outside the table, or divide the file.",
            name=name,
            rows=rows,
            columns=columns,
            limit=MOST_CELLS,
        )
