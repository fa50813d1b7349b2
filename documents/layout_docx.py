"""The layout of outgoing documents, of GB/T 9704 or a template: faces, pages, bytes without a clock."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle
from docx.text.paragraph import Paragraph as Line
from docx.text.run import Run

from documents.docx_template import own_template
from documents.wording import is_chinese, printable

WESTERN = "Times New Roman"
TITLE, HEADING, BODY = "Title", "Heading 1", "Body Text"
LEAD_IN = "Lead-in"
"""The style of the words with which an item's paragraph begins, （一） and its title."""
_GEOMETRY = (
    *("orientation", "page_width", "page_height", "top_margin", "bottom_margin", "left_margin"),
    *("right_margin", "header_distance", "footer_distance", "gutter"),
)
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
    text_mm: float = 156
    """The width of the text between the margins."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """The name of a style -> its id in the document; Word's own styles have other ids in each language."""


CHINESE = Look("方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", 22, 16, 28.9, 200, bold=False)
ENGLISH = Look(WESTERN, WESTERN, WESTERN, WESTERN, 20, 12, 18, 0, bold=True)


def blank(
    title: str, author: str, written_at: datetime, locale: str, template: Path | None = None
) -> tuple[Docx, Look]:
    """A document without text but a template's own, its properties set, and its look.

    Raises:
        UnreadableError: the template cannot be used.
    """
    look = CHINESE if is_chinese(locale) else ENGLISH
    document = own_template(template) if template else Document()
    _set_properties(document, title, author, written_at)
    document.core_properties.language = "zh-CN" if is_chinese(locale) else "en-GB"
    kept = {str(style.name) for style in document.styles} if template else set()
    _set_styles(document, look, kept)
    if template is None:
        set_page(document.sections[0])
        _number_pages(document, look)
    return document, _with_own(document, look)


def _with_own(document: Docx, look: Look) -> Look:
    """The look with sizes, width and names of styles as the document has them."""
    title, body, page = document.styles[TITLE], document.styles[BODY], document.sections[-1]
    assert isinstance(title, ParagraphStyle)  # noqa: S101 - `own_template` and `_set_styles` saw to it
    assert isinstance(body, ParagraphStyle)  # noqa: S101 - likewise
    spacing = body.paragraph_format.line_spacing
    margins = (page.left_margin or Mm(0)) + (page.right_margin or Mm(0)) + (page.gutter or Mm(0))
    return replace(
        look,
        title_size=title.font.size.pt if title.font.size else look.title_size,
        body_size=body.font.size.pt if body.font.size else look.body_size,
        line=spacing.pt if isinstance(spacing, Length) else look.line,
        text_mm=Length((page.page_width or Mm(210)) - margins).mm,
        ids={name: document.styles[name].style_id for name in (TITLE, HEADING, BODY, LEAD_IN)},
    )


def _set_properties(document: Docx, title: str, author: str, written_at: datetime) -> None:
    properties = document.core_properties
    properties.title = title[:255]
    properties.author = properties.last_modified_by = printable(author)[:255]
    properties.created = properties.modified = written_at.astimezone(UTC).replace(tzinfo=None)
    properties.comments = ""


def _set_styles(document: Docx, look: Look, kept: AbstractSet[str]) -> None:
    """Sets the styles that the text uses, but those that are `kept` as they are."""
    makers = {"Normal": _make_normal, BODY: _make_body, TITLE: _make_title, HEADING: _make_heading}
    for name, make in makers.items():
        if name not in kept:
            make(_paragraph_style(document, name), look)
    if LEAD_IN not in kept:
        style = document.styles.add_style(LEAD_IN, WD_STYLE_TYPE.CHARACTER)
        assert isinstance(style, CharacterStyle)  # noqa: S101 - as it was just made
        style.font.bold = look.bold or None
        set_face(style.element.get_or_add_rPr(), look.second)


def _paragraph_style(document: Docx, name: str) -> ParagraphStyle:
    known = document.styles
    style = known[name] if name in known else known.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    assert isinstance(style, ParagraphStyle)  # noqa: S101 - a template's own were looked at
    return style


def _make_normal(style: ParagraphStyle, look: Look) -> None:
    _set_letters(style, look.body, look.body_size)
    language = style.element.get_or_add_rPr()
    language.append(element("w:lang", val="en-GB", eastAsia="zh-CN"))


def _make_body(style: ParagraphStyle, look: Look) -> None:
    _set_letters(style, look.body, look.body_size)
    _space(style, look.line)
    _indent(style, look)
    if look.indent:
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    else:
        style.paragraph_format.space_after = Pt(8)


def _make_title(style: ParagraphStyle, look: Look) -> None:
    _set_letters(style, look.title, look.title_size, bold=look.bold)
    _space(style, look.title_size * 1.5, after=look.line)
    style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _make_heading(style: ParagraphStyle, look: Look) -> None:
    _set_letters(style, look.first, look.body_size + (0 if look.indent else 2), bold=look.bold)
    _space(style, look.line)
    _indent(style, look)
    if not look.indent:
        style.paragraph_format.space_before = Pt(8)


def _set_letters(style: ParagraphStyle, face: str, size: float, *, bold: bool = False) -> None:
    style.font.size, style.font.bold, style.font.color.rgb = Pt(size), bold, RGBColor(0, 0, 0)
    set_face(style.element.get_or_add_rPr(), face)
    border = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)


def small_style(document: Docx, name: str, size: float) -> str:
    """A style of its own, because the mark of a paragraph is as high as its style says; gives its id.

    A template's own of this name stays as it is.
    """
    if name in document.styles:
        return str(document.styles[name].style_id)
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


def begin_section(document: Docx) -> Section:
    """A new page with the header and footer of the pages before, whose numbers go on."""
    section: Section = document.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    for told in section._sectPr.findall(qn("w:pgNumType")):  # noqa: SLF001 - has no door in python-docx
        told.attrib.pop(qn("w:start"), None)
    return section


def set_page_like(section: Section, other: Section) -> None:
    """The paper and margins of another section."""
    for name in _GEOMETRY:
        setattr(section, name, getattr(other, name))


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
