"""What the office issues under a number, in the layout of GB/T 9704: title, number, passages, signature."""

from pathlib import Path

from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.table import Table
from docx.text.paragraph import Paragraph as Line

from documents.layout_docx import TITLE, Look, blank, undated
from documents.official import Grid, Official, Passage
from documents.table_docx import add_table
from documents.wording import day_words, is_chinese, one_line
from texts import say

SIGNED_EMS = 4
"""How far a signature stands from the right margin, in characters (GB/T 9704)."""


def official_docx(paper: Official, locale: str, template: Path | None = None) -> bytes:
    """The bytes of the document. The same document and template give the same bytes.

    Raises:
        UnreadableError: the template cannot be used.
    """
    document, look = blank(paper.title, paper.office, paper.issued_at, locale, template)
    _add(document, Passage(paper.title, TITLE), look)
    number = _add(document, Passage(paper.number, is_flush=True), look)
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number.paragraph_format.space_after = Pt(look.line)
    for part in paper.parts:
        if isinstance(part, Grid):
            wide = look.text_mm / sum(part.widths)
            table = add_table(document, [width * wide for width in part.widths], part.headings, part.rows)
            if paper.parts[-2:][0] is part:
                _keep_last_row(table)
        else:
            _add(document, part, look).paragraph_format.keep_with_next = part is paper.parts[-1] or None
    _sign(document, paper, look, locale)
    return undated(document)


def _add(document: Docx, passage: Passage, look: Look) -> Line:
    line = document.add_paragraph()
    line._p.style = look.ids[passage.style]  # noqa: SLF001 - by name, each look-up would walk all styles
    line.add_run(passage.text)
    if passage.is_flush:
        _begin_at_the_margin(line)
    return line


def _keep_last_row(table: Table) -> None:
    """The last row goes with the line below it, which LibreOffice may else part from what follows."""
    for line in (line for cell in table.rows[-1].cells for line in cell.paragraphs):
        line.paragraph_format.keep_with_next = True


def _begin_at_the_margin(line: Line) -> None:
    line.paragraph_format.first_line_indent = Pt(0)
    # The style counts its indent in characters, and that wins over points.
    indent = line._p.get_or_add_pPr().get_or_add_ind()  # noqa: SLF001 - python-docx knows no such measure
    indent.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}firstLineChars", "0")


def _sign(document: Docx, paper: Official, look: Look, locale: str) -> None:
    """Who issued it, the office and the day, at the right, on one page with what stands before them."""
    lines = (
        say(locale, "Issued by: %(name)s", name=one_line(paper.by)),
        one_line(paper.office),
        day_words(paper.issued_on, locale),
    )
    line = _add(document, Passage("", is_flush=True), look)
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    line.paragraph_format.right_indent = Pt((SIGNED_EMS if is_chinese(locale) else 0) * look.body_size)
    line.paragraph_format.space_before = Pt(look.line)
    # One paragraph: LibreOffice parts several behind a long table, whatever they say of staying together.
    line.paragraph_format.keep_together = True
    for text in lines[:-1]:
        line.add_run(text).add_break()
    line.add_run(lines[-1])
