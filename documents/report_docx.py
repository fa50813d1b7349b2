"""The next report as a document in the layout of GB/T 9704, with the ledger as its annex."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph as Line
from docx.text.run import Run

from documents import columns
from documents.columns import cell_words
from documents.ledger import Ledger, LedgerRow
from documents.next_report import Paragraph, compose
from documents.office import as_pdf
from documents.replacing import replacing
from documents.report_notes import annex_heading
from documents.wording import is_chinese, ledger_title, printable, provenance
from texts import say

WESTERN = "Times New Roman"
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
STYLE_IDS = {0: "Title", 1: "Heading1"}
"""Level -> style; every other paragraph is body text."""
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Look:
    """Faces, sizes in points and spacing of one language. Faces are those of East Asian characters."""

    title: str
    first: str
    second: str
    body: str
    title_size: float
    body_size: float
    line: float
    """Fixed line spacing of the body in points."""
    indent: int
    """First-line indent of the body, in hundredths of a character."""
    bold: bool
    """Whether headings are bold; Chinese ones differ by their face."""


_CHINESE = _Look("方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", 22, 16, 28.9, 200, bold=False)
_ENGLISH = _Look(WESTERN, WESTERN, WESTERN, WESTERN, 20, 12, 18, 0, bold=True)


def write_report(path: Path, ledger: Ledger, locale: str) -> None:
    """Writes the report on the ledger's period to `path`, whole or not at all.

    The same ledger gives the same bytes.
    """
    made = report_docx(ledger, locale)
    with replacing(path) as fresh:
        fresh.write_bytes(made)


def write_report_pdf(path: Path, ledger: Ledger, locale: str) -> None:
    """Writes the same document as pdf, where LibreOffice is installed.

    Raises:
        UnreadableError: it is not installed, or cannot do it.
    """
    made = as_pdf(report_docx(ledger, locale))
    with replacing(path) as fresh:
        fresh.write_bytes(made)


def report_docx(ledger: Ledger, locale: str) -> bytes:
    """The bytes of the document."""
    look = _CHINESE if is_chinese(locale) else _ENGLISH
    paragraphs = compose(ledger, locale)
    document = Document()
    _set_properties(document, ledger, paragraphs[0].text, locale)
    _set_styles(document, look)
    _set_page(document.sections[0])
    _number_pages(document, look)
    for paragraph in paragraphs:
        _write(document, paragraph, look)
    _write_annex(document, ledger, locale)
    return _undated(document)


def _set_properties(document: Docx, ledger: Ledger, title: str, locale: str) -> None:
    written = ledger.as_of.astimezone(UTC).replace(tzinfo=None)
    properties = document.core_properties
    properties.title = title[:255]
    properties.author = properties.last_modified_by = printable(ledger.organisation)[:255]
    properties.created = properties.modified = written
    properties.comments = ""
    properties.language = "zh-CN" if is_chinese(locale) else "en-GB"


def _set_styles(document: Docx, look: _Look) -> None:
    normal = _style(document, "Normal", look.body, look.body_size)
    language = normal.element.get_or_add_rPr()
    language.append(_element("w:lang", val="en-GB", eastAsia="zh-CN"))
    body = _style(document, "Body Text", look.body, look.body_size)
    title = _style(document, "Title", look.title, look.title_size, bold=look.bold)
    first = _style(
        document, "Heading 1", look.first, look.body_size + (0 if look.indent else 2), bold=look.bold
    )
    for style in (body, first):
        _space(style, look.line)
        _indent(style, look)
    _space(title, look.title_size * 1.5, after=look.line)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if look.indent:
        body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    else:
        body.paragraph_format.space_after = first.paragraph_format.space_before = Pt(8)


def _style(document: Docx, name: str, face: str, size: float, *, bold: bool = False) -> ParagraphStyle:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)  # noqa: S101 - the four names above are paragraph styles
    style.font.size, style.font.bold, style.font.color.rgb = Pt(size), bold, RGBColor(0, 0, 0)
    _set_face(style.element.get_or_add_rPr(), face)
    border = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)
    return style


def _set_face(properties: Any, face: str) -> None:
    """Western letters in Times New Roman, East Asian ones in `face`; the template's theme faces would win."""
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for place in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{place}"), WESTERN)
    fonts.set(qn("w:eastAsia"), face)
    if face != WESTERN:
        # Without the hint, Word takes curly quotes and dashes between Chinese characters for Western ones.
        fonts.set(qn("w:hint"), "eastAsia")


def _space(style: ParagraphStyle, points: float, *, after: float = 0) -> None:
    layout = style.paragraph_format
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = Pt(points)
    layout.space_before, layout.space_after = Pt(0), Pt(after)
    layout.widow_control = True


def _indent(style: ParagraphStyle, look: _Look) -> None:
    if look.indent:
        style.paragraph_format.first_line_indent = Pt(look.body_size * look.indent / 100)
        indent = style.element.pPr.find(qn("w:ind"))
        indent.set(qn("w:firstLineChars"), str(look.indent))


def _set_page(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance, section.gutter = Mm(23), Mm(0)


def _number_pages(document: Docx, look: _Look) -> None:
    """The page number stands at the outer edge: right on odd pages, left on even ones."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        line = footer.paragraphs[0]
        line.alignment = side
        _add_page_number(line, look)


def _add_page_number(line: Line, look: _Look) -> None:
    for part in ("— ", None, " —"):
        run = line.add_run(part)
        run.font.size = Pt(14 if look.indent else 10)
        _set_face(run._r.get_or_add_rPr(), "宋体" if look.indent else WESTERN)  # noqa: SLF001 - python-docx's own way
        if part is None:
            _add_field(run)


def _add_field(run: Run) -> None:
    for kind in ("begin", "separate", "end"):
        if kind == "separate":
            instruction = _element("w:instrText")
            instruction.text = "PAGE"
            run._r.append(instruction)  # noqa: SLF001 - fields have no door in python-docx
        run._r.append(_element("w:fldChar", fldCharType=kind))  # noqa: SLF001 - as above


def _write(document: Docx, paragraph: Paragraph, look: _Look) -> None:
    line = document.add_paragraph()
    line._p.style = STYLE_IDS.get(paragraph.level, "BodyText")  # noqa: SLF001 - by name, each look-up would walk all styles
    if paragraph.heading:
        heading = line.add_run(printable(paragraph.text[: paragraph.heading]))
        heading.bold = look.bold or None
        _set_face(heading._r.get_or_add_rPr(), look.second)  # noqa: SLF001 - python-docx's own way
    line.add_run(printable(paragraph.text[paragraph.heading :]))
    if paragraph.level == 0 and look.indent:
        _break_by_sense(line, paragraph.text, look)


def _break_by_sense(line: Line, title: str, look: _Look) -> None:
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


def _write_annex(document: Docx, ledger: Ledger, locale: str) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(25), Mm(22)
    section.left_margin = section.right_margin = Mm(19)
    section.footer_distance = Mm(12)
    _small(document.add_paragraph(), say(locale, "Annex"), 14)
    name = document.add_paragraph()
    name.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _small(name, ledger_title(ledger, locale), 16, bold=True)
    if ledger.rows:
        _add_table(document, ledger, locale)
    else:
        _small(document.add_paragraph(), say(locale, "No items were in scope of this period."), 10.5)
    note = document.add_paragraph()
    note.paragraph_format.space_before = Pt(6)
    _small(note, provenance(ledger, locale), 9)


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
    style = _cell_style(document)
    headings = [say(locale, "No."), *(annex_heading(column, locale) for column, _ in ANNEX_COLUMNS)]
    _fill(table.rows[0], headings, style, heads=True)
    _fill(table.add_row(), headings, style)
    _repeat(table, [[str(number), *_cells(row, locale)] for number, row in enumerate(ledger.rows, 1)])


def _cell_style(document: Docx) -> str:
    """A style of their own, because the mark of an empty paragraph is as high as its style says."""
    style = document.styles.add_style("Ledger", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style, style.font.size = document.styles["Normal"], Pt(9)
    return str(style.style_id)


def _pad_cells(properties: Any) -> None:
    """A millimetre at the sides instead of two, so that a date stays on one line."""
    margins = _element("w:tblCellMar")
    for side, twips in (("top", 30), ("left", 57), ("bottom", 30), ("right", 57)):
        margins.append(_element(f"w:{side}", w=str(twips), type="dxa"))
    properties.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _cells(row: LedgerRow, locale: str) -> list[str]:
    return [" ".join(cell_words(column, row, locale).split()) for column, _ in ANNEX_COLUMNS]


def _fill(row: _Row, texts: Sequence[str], style: str, *, heads: bool = False) -> None:
    """Writes one row, which no page break divides; one that `heads` the table is repeated on each page."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - neither property has a door in python-docx
    properties.append(_element("w:cantSplit"))
    if heads:
        properties.append(_element("w:tblHeader"))
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


def _element(name: str, **attributes: str) -> BaseOxmlElement:
    element: BaseOxmlElement = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _undated(document: Docx) -> bytes:
    """The document's bytes with one fixed day on every part; python-docx stamps them with the clock."""
    dated, undated = BytesIO(), BytesIO()
    document.save(dated)
    with ZipFile(dated) as source, ZipFile(undated, "w") as target:
        for name in source.namelist():
            target.writestr(ZipInfo(name, _ZIP_DAY), source.read(name), compress_type=ZIP_DEFLATED)
    return undated.getvalue()
