"""Tables of outgoing documents: small type, heads that every page repeats, rows that no page divides."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any

from docx.document import Document as Docx
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table, _Row

from documents.layout_docx import element, small_style

TABLE = "Ledger"
"""The style of the words in a table."""


def add_table(
    document: Docx, widths: Sequence[float], headings: Sequence[str], rows: Iterable[Sequence[str]]
) -> Table:
    """Adds a table with a column for each of `widths`, in millimetres. The rows hold printable text."""
    style = "Table Grid" if "Table Grid" in document.styles else None
    table: Table = document.add_table(rows=1, cols=len(widths), style=style)
    table.autofit = False
    if style is None:
        _rule(table._tbl.tblPr)  # noqa: SLF001 - borders have no door in python-docx
    _pad_cells(table._tbl.tblPr)  # noqa: SLF001 - cell margins have no door in python-docx
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    small = small_style(document, TABLE, 9)
    _fill(table.rows[0], headings, small, heads=True)
    _fill(table.add_row(), headings, small)  # type: ignore[no-untyped-call]
    _repeat(table, rows)
    return table


def _rule(properties: Any) -> None:
    """Lines around all cells, for a template whose styles have no table with such."""
    lines = element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        lines.append(element(f"w:{side}", val="single", sz="4", space="0", color="auto"))
    properties.insert_element_before(lines, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def _pad_cells(properties: Any) -> None:
    """A millimetre at the sides instead of two, so that a date stays on one line."""
    margins = element("w:tblCellMar")
    for side, twips in (("top", 30), ("left", 57), ("bottom", 30), ("right", 57)):
        margins.append(element(f"w:{side}", w=str(twips), type="dxa"))
    properties.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _fill(row: _Row, texts: Sequence[str], style: str, *, heads: bool = False) -> None:
    """Writes one row, which no page break divides; one that `heads` the table is repeated on each page."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - neither property has a door in python-docx
    properties.append(element("w:cantSplit"))
    if heads:
        properties.append(element("w:tblHeader"))
    for cell, text in zip(row.cells, texts, strict=True):
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        line = cell.paragraphs[0]
        line._p.style = style  # noqa: SLF001 - by name, each look-up would walk all styles
        line.add_run(text).bold = heads or None


def _repeat(table: Table, texts: Iterable[Sequence[str]]) -> None:
    """Replaces the last row by a copy for each of `texts`: ten times as fast as adding rows."""
    pattern = table.rows[-1]._tr  # noqa: SLF001 - rows cannot be copied otherwise
    for row_texts in texts:
        row = deepcopy(pattern)
        for words, text in zip(row.iter(qn("w:t")), row_texts, strict=True):
            words.text = text
        pattern.addprevious(row)
    pattern.getparent().remove(pattern)
