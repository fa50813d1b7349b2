"""Tables copied from pages: a cell a line, with a bar behind each, and nothing that ends a row."""

import re
from collections.abc import Iterator

from documents.clauses import stripped
from documents.reading import Span
from documents.table_heads import sets_tasks, uses_of
from documents.table_weights import weighed_columns
from documents.tables import Table

_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_MOST, _FEWEST, _LEAST_CELLS = 12, 2, 6
"""Columns at the most and at the least, and cells that make such a run a table."""
_LONGEST_HEAD = 20


def barred_tables(text: str) -> list[Table]:
    """Each run of such cells whose first ones are the head of a table that names problems or measures."""
    found = (_table(text, run) for run in _runs(text))
    return [table for table in found if table is not None]


def _runs(text: str) -> Iterator[list[Span]]:
    """The cells that follow one another, line by line."""
    run: list[Span] = []
    for line in _LINE.finditer(text) if "|\n" in text else ():
        said = line[0].rstrip("\n \t")
        if said.endswith("|") and "|" not in said[:-1]:
            run.append(stripped(text, line.start(), line.start() + len(said) - 1))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _table(text: str, run: list[Span]) -> Table | None:
    """The run by rows, as wide as the head that names most columns; None where no head fits."""
    if len(run) < _LEAST_CELLS:
        return None
    fitting = [width for width in range(_FEWEST, _MOST + 1) if len(run) % width == 0]
    width = max(fitting, key=lambda one: _named(text, run[:one]), default=0)
    if not width or not _named(text, run[:width]):
        return None
    columns = uses_of([text[cell.start : cell.end] for cell in run[:width]])
    rows = [_row(columns, run[at : at + width]) for at in range(width, len(run), width)]
    start, end = run[0].start, text.find("|", run[-1].end) + 1
    return Table(start, end, weighed_columns(text, columns, rows), tuple(rows))


def _row(columns: tuple[str, ...], cells: list[Span]) -> tuple[Span, ...]:
    """The cells of a row, without those that only say where: an entry begins with its own words."""
    return tuple(
        Span(cell.end, cell.end) if use == "other" else cell for use, cell in zip(columns, cells, strict=True)
    )


def _named(text: str, head: list[Span]) -> int:
    """How many columns the cells of a head name; 0 where they are no head of tasks."""
    cells = [text[cell.start : cell.end] for cell in head]
    if not all(0 < len(cell) <= _LONGEST_HEAD for cell in cells):
        return 0
    columns = uses_of(cells)
    known = sum(use != "other" for use in columns)
    return known if known > 1 and sets_tasks(cells, columns) else 0
