"""The layout of GB/T 9704 for outgoing documents: faces, spacing, pages, bytes without a clock."""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as Line
from docx.text.run import Run

from documents.wording import is_chinese, printable

WESTERN = "Times New Roman"
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Look:
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


CHINESE = Look("方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", 22, 16, 28.9, 200, bold=False)
ENGLISH = Look(WESTERN, WESTERN, WESTERN, WESTERN, 20, 12, 18, 0, bold=True)


def blank(title: str, author: str, written_at: datetime, locale: str) -> tuple[Docx, Look]:
    """An empty document of this layout with its properties, and the look of its language."""
    look = CHINESE if is_chinese(locale) else ENGLISH
    document = Document()
    _set_properties(document, title, author, written_at)
    document.core_properties.language = "zh-CN" if is_chinese(locale) else "en-GB"
    _set_styles(document, look)
    set_page(document.sections[0])
    _number_pages(document, look)
    return document, look


def _set_properties(document: Docx, title: str, author: str, written_at: datetime) -> None:
    properties = document.core_properties
    properties.title = title[:255]
    properties.author = properties.last_modified_by = printable(author)[:255]
    properties.created = properties.modified = written_at.astimezone(UTC).replace(tzinfo=None)
    properties.comments = ""


def _set_styles(document: Docx, look: Look) -> None:
    normal = _style(document, "Normal", look.body, look.body_size)
    language = normal.element.get_or_add_rPr()
    language.append(element("w:lang", val="en-GB", eastAsia="zh-CN"))
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
    set_face(style.element.get_or_add_rPr(), face)
    border = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)
    return style


def small_style(document: Docx, name: str, size: float) -> str:
    """A style of its own, because the mark of a paragraph is as high as its style says; gives its id."""
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style, style.font.size = document.styles["Normal"], Pt(size)
    return str(style.style_id)


def set_face(properties: Any, face: str) -> None:
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


def _indent(style: ParagraphStyle, look: Look) -> None:
    if look.indent:
        style.paragraph_format.first_line_indent = Pt(look.body_size * look.indent / 100)
        indent = style.element.pPr.find(qn("w:ind"))
        indent.set(qn("w:firstLineChars"), str(look.indent))


def set_page(section: Section) -> None:
    """An upright page of A4 with the margins of the standard."""
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance, section.gutter = Mm(23), Mm(0)


def _number_pages(document: Docx, look: Look) -> None:
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


def _add_page_number(line: Line, look: Look) -> None:
    for part in ("— ", None, " —"):
        run = line.add_run(part)
        run.font.size = Pt(14 if look.indent else 10)
        set_face(run._r.get_or_add_rPr(), "宋体" if look.indent else WESTERN)  # noqa: SLF001 - python-docx's own way
        if part is None:
            _add_field(run)


def _add_field(run: Run) -> None:
    for kind in ("begin", "separate", "end"):
        if kind == "separate":
            instruction = element("w:instrText")
            instruction.text = "PAGE"
            run._r.append(instruction)  # noqa: SLF001 - fields have no door in python-docx
        run._r.append(element("w:fldChar", fldCharType=kind))  # noqa: SLF001 - as above


def element(name: str, /, **attributes: str) -> BaseOxmlElement:
    """An element of a document's XML, such as `w:tblHeader`, with attributes of the same namespace."""
    made: BaseOxmlElement = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def undated(document: Docx) -> bytes:
    """The document's bytes with one fixed day on every part; python-docx stamps them with the clock."""
    dated, undated = BytesIO(), BytesIO()
    document.save(dated)
    with ZipFile(dated) as source, ZipFile(undated, "w") as target:
        for name in source.namelist():
            target.writestr(ZipInfo(name, _ZIP_DAY), source.read(name), compress_type=ZIP_DEFLATED)
    return undated.getvalue()
