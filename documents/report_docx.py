"""The next report as a document in the layout of GB/T 9704, with the ledger as its annex."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.image.image import Image
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph as Line

from documents import columns
from documents.columns import cell_words
from documents.docx_notes import Footnotes, add_link, bookmark_name, mark_place
from documents.illustrations import Drawn
from documents.layout_docx import Look, blank, element, set_face, set_page, undated
from documents.ledger import Ledger, LedgerRow
from documents.next_report import Paragraph, compose
from documents.office import as_pdf
from documents.replacing import replacing
from documents.report_notes import Note, annex_heading, parts, spans
from documents.wording import ledger_title, one_line, printable, provenance, sentence
from texts import say

ANNEX_COLUMNS = (
    (columns.REFERENCE, 21),
    (columns.KIND, 14),
    (columns.TITLE, 40),
    (columns.UNIT, 27),
    (columns.OWNERS, 19),
    (columns.DUE, 29),
    (columns.STATE, 16),
    (columns.LIGHT, 15),
    (columns.PROGRESS, 15),
    (columns.ENDED, 29),
    (columns.ANSWERS, 24),
)
"""Columns of the annex and their widths in millimetres, beside the running number."""
NUMBER_MM = 10
TEXT_MM = 156
"""The width of the text between the margins."""
DOT_MM = 0.085
"""The width of one dot of a picture, 299 to an inch: four charts fit on a page."""
STYLE_IDS = {0: "Title", 1: "Heading1"}
"""Level -> style; every other paragraph is body text."""


def write_report(path: Path, ledger: Ledger, locale: str, charts: Sequence[Drawn] = ()) -> None:
    """Writes the report on the ledger's period to `path`, whole or not at all.

    Its charts are a second annex; without any, nothing speaks of them. The same ledger and pictures give the
    same bytes.
    """
    made = report_docx(ledger, locale, charts)
    with replacing(path) as fresh:
        fresh.write_bytes(made)


def write_report_pdf(path: Path, ledger: Ledger, locale: str, charts: Sequence[Drawn] = ()) -> None:
    """Writes the same document as pdf, where LibreOffice is installed.

    Its notes stand behind the annex: at the foot of a page they would divide what is read again.

    Raises:
        UnreadableError: it is not installed, or cannot do it.
    """
    made = as_pdf(report_docx(ledger, locale, charts, has_footnotes=False))
    with replacing(path) as fresh:
        fresh.write_bytes(made)


def report_docx(
    ledger: Ledger, locale: str, charts: Sequence[Drawn] = (), *, has_footnotes: bool = True
) -> bytes:
    """The bytes of the document; without footnotes the items behind its figures stand behind the ledger."""
    paragraphs = compose(ledger, locale, has_charts=bool(charts))
    document, look = blank(paragraphs[0].text, ledger.organisation, ledger.as_of, locale)
    footnotes = Footnotes(document, look) if has_footnotes else None
    places = {row.reference: number for number, row in enumerate(ledger.rows, 1)}
    for paragraph in paragraphs:
        line = _write(document, paragraph, look, places)
        note = _footnote(paragraph, ledger, places, locale)
        if note and footnotes:
            footnotes.add(line, note)
    _write_annex(document, ledger, say(locale, "Annex 1") if charts else say(locale, "Annex"), locale)
    if footnotes is None and ledger.rows:
        _write_notes(document, paragraphs, locale)
    if charts:
        _write_charts(document, charts, locale)
    return undated(document)


def _write_notes(document: Docx, paragraphs: Iterable[Paragraph], locale: str) -> None:
    """The items behind the figures, each paragraph by the name of what it is about."""
    _small(document.add_paragraph(), say(locale, "Items behind the figures"), 10.5, bold=True)
    for paragraph in paragraphs:
        if paragraph.notes:
            told = {"unit": paragraph.subject, "figures": _figures(paragraph.notes, locale)}
            _small(document.add_paragraph(), say(locale, "%(unit)s. %(figures)s", **told), 9)


def _write(document: Docx, paragraph: Paragraph, look: Look, places: Mapping[str, int]) -> Line:
    line = document.add_paragraph()
    line._p.style = STYLE_IDS.get(paragraph.level, "BodyText")  # noqa: SLF001 - by name, each look-up would walk all styles
    if paragraph.heading:
        heading = line.add_run(printable(paragraph.text[: paragraph.heading]))
        heading.bold = look.bold or None
        set_face(heading._r.get_or_add_rPr(), look.second)  # noqa: SLF001 - python-docx's own way
    for words, is_known in parts(printable(paragraph.text[paragraph.heading :]), places.keys()):
        if is_known:
            add_link(line, words, bookmark_name(words))
        else:
            line.add_run(words)
    if paragraph.level == 0 and look.indent:
        _break_by_sense(line, paragraph.text, look)
    return line


def _footnote(paragraph: Paragraph, ledger: Ledger, places: Mapping[str, int], locale: str) -> str:
    """What the paragraph rests on: the items behind each figure, or its item's place and source."""
    if paragraph.notes:
        return _figures(paragraph.notes, locale)
    if paragraph.level < 2 or len(paragraph.references) != 1:
        return ""
    (reference,) = paragraph.references
    row = ledger.rows[places[reference] - 1]
    words = "See No. %(number)d of the ledger in the annex, %(reference)s; source: %(report)s."
    told_of = {"number": places[reference], "reference": reference, "report": one_line(row.report)}
    return say(locale, words, **told_of)


def _figures(notes: Iterable[Note], locale: str) -> str:
    told = (
        say(locale, "%(figure)s: %(items)s", figure=note.label, items=spans(note.references, locale))
        for note in notes
    )
    return sentence(say(locale, "; ").join(told), locale)


def _break_by_sense(line: Line, title: str, look: Look) -> None:
    """A title too long for one line breaks before its last words, by indents: its text stays in one piece."""
    tail = say("zh_CN", "%(organisation)s: Rectification Report for %(period)s", organisation="", period="")
    first, whole = _ems(title.removesuffix(tail)), _ems(title)
    available = TEXT_MM / 25.4 * 72 / look.title_size
    if first + 1 < available < whole and first > _ems(tail):
        side = Pt((available - first - 0.8) / 2 * look.title_size)
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = side


def _ems(text: str) -> float:
    """The width of `text` in units of the type size: Western letters are half as wide as Chinese ones."""
    return sum(0.5 if ord(letter) < 0x2000 else 1 for letter in text)


def _write_annex(document: Docx, ledger: Ledger, heading: str, locale: str) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(25), Mm(22)
    section.left_margin = section.right_margin = Mm(19)
    section.footer_distance = Mm(12)
    _head_annex(document, heading, ledger_title(ledger, locale))
    if ledger.rows:
        _add_table(document, ledger, locale)
    else:
        _small(document.add_paragraph(), say(locale, "No items were in scope of this period."), 10.5)
    note = document.add_paragraph()
    note.paragraph_format.space_before = Pt(6)
    _small(note, provenance(ledger, locale), 9)


def _head_annex(document: Docx, heading: str, title: str) -> None:
    _small(document.add_paragraph(), heading, 14)
    name = document.add_paragraph()
    name.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _small(name, title, 16, bold=True)


def _write_charts(document: Docx, charts: Iterable[Drawn], locale: str) -> None:
    """The second annex, upright: each picture above its caption, and on one page with it."""
    set_page(document.add_section(WD_SECTION.NEW_PAGE))
    _head_annex(document, say(locale, "Annex 2"), say(locale, "Charts"))
    style = _small_style(document, "Chart", 10.5)
    for chart in charts:
        picture, caption = document.add_paragraph(), document.add_paragraph(chart.caption)
        for line in (picture, caption):
            line._p.style = style  # noqa: SLF001 - by its id, as in the table
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        picture.paragraph_format.keep_with_next = True
        caption.paragraph_format.space_after = Pt(6)
        _add_picture(picture, chart)


def _add_picture(line: Line, chart: Drawn) -> None:
    dots = Image.from_blob(chart.png).px_width
    shape = line.add_run().add_picture(BytesIO(chart.png), width=Mm(min(dots * DOT_MM, TEXT_MM)))
    properties = shape._inline.docPr  # noqa: SLF001 - words for a picture have no door in python-docx
    properties.set("title", chart.caption)
    properties.set("descr", chart.sentence)


def _small(line: Line, text: str, size: float, *, bold: bool = False) -> None:
    run = line.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold or None


def _add_table(document: Docx, ledger: Ledger, locale: str) -> None:
    widths = [Mm(NUMBER_MM), *(Mm(width) for _, width in ANNEX_COLUMNS)]
    table = document.add_table(rows=1, cols=len(widths), style="Table Grid")
    table.autofit = False
    _pad_cells(table._tbl.tblPr)  # noqa: SLF001 - cell margins have no door in python-docx
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    style = _small_style(document, "Ledger", 9)
    headings = [say(locale, "No."), *(annex_heading(column, locale) for column, _ in ANNEX_COLUMNS)]
    _fill(table.rows[0], headings, style, heads=True)
    _fill(table.add_row(), headings, style)
    _repeat(table, [[str(number), *_cells(row, locale)] for number, row in enumerate(ledger.rows, 1)])
    for number, (row, made) in enumerate(zip(ledger.rows, table._tbl.tr_lst[1:], strict=True), 1):  # noqa: SLF001 - as below
        mark_place(next(made.iter(qn("w:r"))), number, bookmark_name(row.reference))


def _small_style(document: Docx, name: str, size: float) -> str:
    """A style of its own, because the mark of a paragraph is as high as its style says."""
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style, style.font.size = document.styles["Normal"], Pt(size)
    return str(style.style_id)


def _pad_cells(properties: Any) -> None:
    """A millimetre at the sides instead of two, so that a date stays on one line."""
    margins = element("w:tblCellMar")
    for side, twips in (("top", 30), ("left", 57), ("bottom", 30), ("right", 57)):
        margins.append(element(f"w:{side}", w=str(twips), type="dxa"))
    properties.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _cells(row: LedgerRow, locale: str) -> list[str]:
    return [" ".join(cell_words(column, row, locale).split()) for column, _ in ANNEX_COLUMNS]


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
