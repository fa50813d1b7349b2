"""Tables as lines of text: one row a line, its cells between pipes, as the reader of reports knows them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_EACH_ROWS_OWN = re.compile(
    r"责任|牵头|配合|负责|承办|主办|协办|单位|部门|领导|整改人|时限|期限|时间|日期|"
    r"owner|responsib|lead|who|assign|contact|due|deadline|target|when|completion|date",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its lines, over how many columns it goes, and whether it goes on a cell of the row above.

    `holds_table` says that a table stands within it, so that the outer one only lays a page out.
    """

    lines: tuple[str, ...] = ()
    columns: int = 1
    goes_on: bool = False
    holds_table: bool = False

    @property
    def words(self) -> str:
        """The cell in one line, without the sign that parts cells."""
        return " ".join(" ".join(self.lines).split()).replace("|", "/")


def table_lines(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The table as text. What only lays a page out gives its lines as they are."""
    rows = [row for row in rows if row]
    width = max((sum(cell.columns for cell in row) for row in rows), default=0)
    if width < 2 or any(cell.holds_table for row in rows for cell in row) or _is_form(rows, width):
        return [line for row in rows for cell in row if not cell.goes_on for line in cell.lines]
    lines: list[str] = []
    above: list[str] = []
    heads: list[str] = []
    for row in rows:
        cells = _cells(row, width, above, heads)
        if _spans(row) and not heads:
            lines += row[0].lines
            continue
        heads = heads or cells
        above = [words or old for words, old in zip(cells, above or cells, strict=True)]
        if any(cells):
            lines.append("| " + " | ".join(cells) + " |")
    return lines


def _is_form(rows: Sequence[Sequence[Cell]], width: int) -> bool:
    """Two columns, a word on the left and several paragraphs on the right: a form, and no list."""
    return width == 2 and any(len(cell.lines) > 2 for row in rows for cell in row)


def _spans(row: Sequence[Cell]) -> bool:
    """Whether only the first cell of the row says anything, over more than one column."""
    return row[0].columns > 1 and not any(cell.words for cell in row[1:])


def _cells(row: Sequence[Cell], width: int, above: list[str], heads: list[str]) -> list[str]:
    """The row's words by column.

    What a merged cell says of owner and time is said anew in each of its rows; a problem or a measure
    that goes over several rows is one and stays one.
    """
    cells: list[str] = []
    for cell in row:
        column = len(cells)
        said = cell.words
        if cell.goes_on and column < len(above) and _EACH_ROWS_OWN.search(heads[column]):
            said = above[column]
        cells += [said] + [""] * (cell.columns - 1)
    return (cells + [""] * width)[:width]
