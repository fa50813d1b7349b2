"""The next report as a document in the layout of GB/T 9704, with the ledger as its annex."""

from collections.abc import Container, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from io import BytesIO
from pathlib import Path

from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.image.image import Image
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as Line

from documents import columns
from documents.columns import cell_words
from documents.docx_notes import Footnotes, add_link, bookmark_name, mark_place, note_styles
from documents.illustrations import Drawn
from documents.layout_docx import (
    BODY,
    HEADING,
    LEAD_IN,
    TITLE,
    Look,
    begin_section,
    blank,
    set_page_like,
    small_style,
    undated,
)
from documents.ledger import Ledger, LedgerRow
from documents.next_report import Paragraph, compose
from documents.office import as_pdf
from documents.replacing import replacing
from documents.report_notes import Note, annex_heading, parts, spans
from documents.table_docx import TABLE, add_table
from documents.wording import ledger_title, one_line, printable, provenance, sentence
from rules.lifecycle import OPEN
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
MOST_ANNEXED = 2000
"""Rows of a ledger that the annex holds in full, some 150 pages; of a longer one it lists what is open."""
SMALL_STYLES = {TABLE: 9, "Chart": 10.5}
"""Styles of annexes and their sizes in points."""
NUMBER_MM = 10
DOT_MM = 0.085
"""The width of one dot of a picture, 299 to an inch: four charts fit on a page."""
STYLES = {0: TITLE, 1: HEADING}
"""Level -> style; every other paragraph is body text."""


def write_report(
    path: Path, ledger: Ledger, locale: str, charts: Sequence[Drawn] = (), template: Path | None = None
) -> None:
    """Writes the report on the ledger's period to `path`, whole or not at all.

    Its charts are a second annex; without any, nothing speaks of them. The same ledger, pictures and template
    give the same bytes.

    Raises:
        UnreadableError: the template cannot be used.
    """
    made = report_docx(ledger, locale, charts, template)
    with replacing(path) as fresh:
        fresh.write_bytes(made)


def write_report_pdf(
    path: Path, ledger: Ledger, locale: str, charts: Sequence[Drawn] = (), template: Path | None = None
) -> None:
    """Writes the same document as pdf, where LibreOffice is installed.

    Its notes stand behind the annex: at the foot of a page they would divide what is read again.

    Raises:
        UnreadableError: it is not installed, or cannot do it; the template cannot be used.
    """
    made = as_pdf(report_docx(ledger, locale, charts, template, has_footnotes=False))
    with replacing(path) as fresh:
        fresh.write_bytes(made)


def report_docx(
    ledger: Ledger,
    locale: str,
    charts: Sequence[Drawn] = (),
    template: Path | None = None,
    *,
    has_footnotes: bool = True,
) -> bytes:
    """The bytes of the document; without footnotes the items behind its figures stand behind the ledger."""
    paragraphs = compose(ledger, locale, has_charts=bool(charts))
    document, look = blank(paragraphs[0].text, ledger.organisation, ledger.as_of, locale, template)
    footnotes = Footnotes(document, look) if has_footnotes else None
    places = {row.reference: number for number, row in enumerate(ledger.rows, 1)}
    listed = {row.reference for _, row in annexed(ledger)}
    for paragraph in paragraphs:
        line = _write(document, paragraph, look, listed)
        note = _footnote(paragraph, ledger, places, listed, locale) if footnotes else ""
        if note and footnotes:
            footnotes.add(line, note)
    _write_annex(document, ledger, say(locale, "Annex 1") if charts else say(locale, "Annex"), locale)
    if footnotes is None and ledger.rows:
        _write_notes(document, paragraphs, locale)
    if charts:
        _write_charts(document, charts, look, locale)
    return undated(document)


def starting_template(locale: str, written_at: datetime) -> bytes:
    """The layout as an empty document with all its styles, for an office to make its own template of."""
    document, look = blank("", "", written_at, locale)
    for name, size in SMALL_STYLES.items():
        small_style(document, name, size)
    note_styles(document, look)
    return undated(document)


def annexed(ledger: Ledger) -> list[tuple[int, LedgerRow]]:
    """The rows of the annex, each with its number in the ledger.

    Of a long ledger those that are open, or the first of them.
    """
    numbered = list(enumerate(ledger.rows, 1))
    if len(numbered) <= MOST_ANNEXED:
        return numbered
    return [(number, row) for number, row in numbered if row.state in OPEN][:MOST_ANNEXED]


def _write_notes(document: Docx, paragraphs: Iterable[Paragraph], locale: str) -> None:
    """The items behind the figures, each paragraph by the name of what it is about."""
    _small(document.add_paragraph(), say(locale, "Items behind the figures"), 10.5, bold=True)
    for paragraph in paragraphs:
        if paragraph.notes:
            told = {"unit": paragraph.subject, "figures": _figures(paragraph.notes, locale)}
            _small(document.add_paragraph(), say(locale, "%(unit)s. %(figures)s", **told), 9)


def _write(document: Docx, paragraph: Paragraph, look: Look, listed: AbstractSet[str]) -> Line:
    line = _line_at_the_end(document)
    line._p.style = look.ids[STYLES.get(paragraph.level, BODY)]  # noqa: SLF001 - by name, each look-up would walk all styles
    if paragraph.heading:
        heading = line.add_run(printable(paragraph.text[: paragraph.heading]))
        heading._r.style = look.ids[LEAD_IN]  # noqa: SLF001 - by name, each look-up would walk all styles
    for words, is_known in parts(printable(paragraph.text[paragraph.heading :]), listed):
        if is_known:
            add_link(line, words, bookmark_name(words))
        else:
            line.add_run(words)
    if paragraph.level == 0 and look.indent:
        _break_by_sense(line, paragraph.text, look)
    return line


def _line_at_the_end(document: Docx) -> Line:
    """As python-docx adds one, which walks all lines before it each time."""
    line = OxmlElement("w:p")
    document.element.body[-1].addprevious(line)
    return Line(line, document._body)  # noqa: SLF001 - what a line belongs to has no door in python-docx


def _footnote(
    paragraph: Paragraph, ledger: Ledger, places: Mapping[str, int], listed: Container[str], locale: str
) -> str:
    """What the paragraph rests on: the items behind each figure, or its item's place and source."""
    if paragraph.notes:
        return _figures(paragraph.notes, locale)
    if paragraph.level < 2 or len(paragraph.references) != 1:
        return ""
    (reference,) = paragraph.references
    row = ledger.rows[places[reference] - 1]
    words = "See No. %(number)d of the ledger in the annex, %(reference)s; source: %(report)s."
    if reference not in listed:
        words = "See No. %(number)d of the ledger, %(reference)s; source: %(report)s."
    told_of = {"number": places[reference], "reference": reference, "report": one_line(row.report)}
    return say(locale, words, **told_of)


def _figures(notes: Iterable[Note], locale: str) -> str:
    told = (
        say(locale, "%(figure)s: %(items)s", figure=note.label, items=spans(note.references, locale))
        for note in notes
    )
    return sentence(say(locale, "; ").join(told), locale)


_SPARE = 1.2
"""Ems beside a title's first line: half for the blanks that Word and LibreOffice put between Chinese letters
and figures, half for the wide figures of another font; the next Chinese letter would not fit in yet."""


def _break_by_sense(line: Line, title: str, look: Look) -> None:
    """A title too long for one line breaks before its last words, by indents: its text stays in one piece."""
    tail = say("zh_CN", "%(organisation)s: Rectification Report for %(period)s", organisation="", period="")
    first, whole = _ems(title.removesuffix(tail)), _ems(title)
    available = look.text_mm / 25.4 * 72 / look.title_size
    if first + _SPARE < available < whole and first > _ems(tail):
        side = Pt((available - first - _SPARE) / 2 * look.title_size)
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = side


def _ems(text: str) -> float:
    """The width of `text` in units of the type size: Western letters are half as wide as Chinese ones."""
    return sum(0.5 if ord(letter) < 0x2000 else 1 for letter in text)


def _write_annex(document: Docx, ledger: Ledger, heading: str, locale: str) -> None:
    section = begin_section(document)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(25), Mm(22)
    section.left_margin = section.right_margin = Mm(19)
    section.footer_distance = Mm(12)
    _head_annex(document, heading, ledger_title(ledger, locale))
    rows = annexed(ledger)
    if left_out := _left_out(ledger, len(rows), locale):
        _small(document.add_paragraph(), left_out, 10.5)
    if rows:
        _add_table(document, rows, locale)
    elif not ledger.rows:
        _small(document.add_paragraph(), say(locale, "No items were in scope of this period."), 10.5)
    note = document.add_paragraph()
    note.paragraph_format.space_before = Pt(6)
    _small(note, provenance(ledger, locale), 9)


def _left_out(ledger: Ledger, shown: int, locale: str) -> str:
    """Which rows the annex holds, where these are not all of them."""
    if shown == len(ledger.rows):
        return ""
    still_open = sum(row.state in OPEN for row in ledger.rows)
    told = {"all": len(ledger.rows), "open": still_open, "shown": shown}
    if not still_open:
        words = "None of the %(all)d items of the ledger is open; they stand in its workbook (xlsx)."
    elif shown == still_open:
        words = (
            "Of the %(all)d items of the ledger, the %(open)d that are open are listed here; all of them "
            "stand in its workbook (xlsx)."
        )
    else:
        words = (
            "Of the %(all)d items of the ledger, %(open)d are open, of which the first %(shown)d are listed "
            "here; all of them stand in its workbook (xlsx)."
        )
    return say(locale, words, **told)


def _head_annex(document: Docx, heading: str, title: str) -> None:
    _small(document.add_paragraph(), heading, 14)
    name = document.add_paragraph()
    name.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _small(name, title, 16, bold=True)


def _write_charts(document: Docx, charts: Iterable[Drawn], look: Look, locale: str) -> None:
    """The second annex, on pages like the text's: each picture above its caption, and on one page with it."""
    set_page_like(begin_section(document), document.sections[-3])
    _head_annex(document, say(locale, "Annex 2"), say(locale, "Charts"))
    style = small_style(document, "Chart", SMALL_STYLES["Chart"])
    for chart in charts:
        picture, caption = document.add_paragraph(), document.add_paragraph(chart.caption)
        for line in (picture, caption):
            line._p.style = style  # noqa: SLF001 - by its id, as in the table
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        picture.paragraph_format.keep_with_next = True
        caption.paragraph_format.space_after = Pt(6)
        _add_picture(picture, chart, look.text_mm)


def _add_picture(line: Line, chart: Drawn, most_mm: float) -> None:
    dots = Image.from_blob(chart.png).px_width
    shape = line.add_run().add_picture(BytesIO(chart.png), width=Mm(min(dots * DOT_MM, most_mm)))
    properties = shape._inline.docPr  # noqa: SLF001 - words for a picture have no door in python-docx
    properties.set("title", chart.caption)
    properties.set("descr", chart.sentence)


def _small(line: Line, text: str, size: float, *, bold: bool = False) -> None:
    run = line.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold or None


def _add_table(document: Docx, numbered: Sequence[tuple[int, LedgerRow]], locale: str) -> None:
    widths = (NUMBER_MM, *(width for _, width in ANNEX_COLUMNS))
    headings = [say(locale, "No."), *(annex_heading(column, locale) for column, _ in ANNEX_COLUMNS)]
    rows = ([str(number), *_cells(row, locale)] for number, row in numbered)
    table = add_table(document, widths, headings, rows)
    for (number, row), made in zip(numbered, table._tbl.tr_lst[1:], strict=True):  # noqa: SLF001 - rows cannot be walked as fast otherwise
        mark_place(next(made.iter(qn("w:r"))), number, bookmark_name(row.reference))


def _cells(row: LedgerRow, locale: str) -> list[str]:
    return [" ".join(cell_words(column, row, locale).split()) for column, _ in ANNEX_COLUMNS]
