"""Footnotes and inner links of outgoing documents; python-docx writes neither."""

from copy import deepcopy
from typing import Any

from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt
from docx.styles.style import BaseStyle, CharacterStyle, ParagraphStyle
from docx.text.paragraph import Paragraph as Line

from documents.layout_docx import Look, element
from documents.wording import printable

TEXT_STYLE, MARK_STYLE = "footnote text", "footnote reference"
"""Word knows its own styles by these names."""
SEPARATORS = {"-1": "separator", "0": "continuationSeparator"}
"""Numbers of the two footnotes that are the lines above the others."""
LONGEST_NAME = 40
"""Characters of a bookmark's name in Word."""


class Footnotes:
    """The footnotes of one document. Chinese ones are counted ① ② ③ on each page, others through."""

    def __init__(self, document: Docx, look: Look) -> None:
        self._text_style, self._mark_style = note_styles(document, look)
        self._root = OxmlElement("w:footnotes")
        for number, kind in SEPARATORS.items():
            self._root.append(_separator(number, kind))
        _attach(document, self._root)
        _count(document, by_page=bool(look.indent))
        self._last = 0

    def add(self, line: Line, text: str) -> None:
        """A footnote behind the last character of the paragraph."""
        self._last += 1
        run = line.add_run()._r  # noqa: SLF001 - footnotes have no door in python-docx
        run.get_or_add_rPr().append(element("w:rStyle", val=self._mark_style))
        run.append(element("w:footnoteReference", id=str(self._last)))
        note = element("w:footnote", id=str(self._last))
        note.append(self._paragraph(text))
        self._root.append(note)

    def _paragraph(self, text: str) -> Any:
        paragraph, properties = OxmlElement("w:p"), OxmlElement("w:pPr")
        properties.append(element("w:pStyle", val=self._text_style))
        mark, marked = OxmlElement("w:r"), OxmlElement("w:rPr")
        marked.append(element("w:rStyle", val=self._mark_style))
        mark.append(marked)
        mark.append(OxmlElement("w:footnoteRef"))
        for part in (properties, mark, _run(f" {text}")):
            paragraph.append(part)
        return paragraph


def _run(text: str) -> Any:
    run, words = OxmlElement("w:r"), OxmlElement("w:t")
    words.text = printable(text)
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(words)
    return run


def note_styles(document: Docx, look: Look) -> tuple[str, str]:
    """The ids of the styles of a note's text and of its mark; a template's own stay as they are."""
    known = document.styles
    if TEXT_STYLE not in known:
        _make_text(known.add_style(TEXT_STYLE, WD_STYLE_TYPE.PARAGRAPH, builtin=True), document, look)
    if MARK_STYLE not in known:
        mark = known.add_style(MARK_STYLE, WD_STYLE_TYPE.CHARACTER, builtin=True)
        assert isinstance(mark, CharacterStyle)  # noqa: S101 - as it was just made
        mark.font.superscript = True
    return str(known[TEXT_STYLE].style_id), str(known[MARK_STYLE].style_id)


def _make_text(style: BaseStyle, document: Docx, look: Look) -> None:
    assert isinstance(style, ParagraphStyle)  # noqa: S101 - as it was just made
    style.base_style, style.font.size = document.styles["Normal"], Pt(9)
    style.paragraph_format.line_spacing = Pt(12 if look.indent else 11)
    style.paragraph_format.space_after = Pt(0)


def _separator(number: str, kind: str) -> Any:
    note, paragraph, run = element("w:footnote", type=kind, id=number), OxmlElement("w:p"), OxmlElement("w:r")
    run.append(OxmlElement(f"w:{kind}"))
    paragraph.append(run)
    note.append(paragraph)
    return note


def _attach(document: Docx, root: Any) -> None:
    """Makes the part and tells the document of it."""
    body = document.part
    assert body.package is not None  # noqa: S101 - a document that was opened has its package
    name = PackURI("/word/footnotes.xml")
    part = XmlPart(name, CONTENT_TYPE.WML_FOOTNOTES, root, body.package)
    body.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _count(document: Docx, *, by_page: bool) -> None:
    """How they are counted, and which of them are the lines above, stands in the settings."""
    told = OxmlElement("w:footnotePr")
    if by_page:
        told.append(element("w:numFmt", val="decimalEnclosedCircleChinese"))
        told.append(element("w:numRestart", val="eachPage"))
    for number in SEPARATORS:
        told.append(element("w:footnote", id=number))
    settings = document.settings.element
    later = settings.find(qn("w:compat"))
    if later is None:
        settings.append(told)
    else:
        later.addprevious(told)


def bookmark_name(reference: str) -> str:
    """The name of an item's row in the annex: letters, digits and underscores."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in reference)
    return f"item_{plain}"[:LONGEST_NAME]


def add_link(line: Line, text: str, name: str, like: Any = None) -> None:
    """Words at the paragraph's end that lead to a bookmark; `like` are properties of a run to copy."""
    link, run = element("w:hyperlink", anchor=name, history="1"), _run(text)
    if like is not None:
        run.insert(0, deepcopy(like))
    link.append(run)
    line._p.append(link)  # noqa: SLF001 - inner links have no door in python-docx


def mark_place(run: Any, number: int, name: str) -> None:
    """Puts a bookmark around a run of the XML; `number` is unique in the document."""
    run.addprevious(element("w:bookmarkStart", id=str(number), name=name))
    run.addnext(element("w:bookmarkEnd", id=str(number)))
