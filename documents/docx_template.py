"""The office's own template of outgoing documents: a docx with its page, styles, headers and letterhead."""

from io import BytesIO
from pathlib import Path

from docx import Document
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml.etree import LxmlError

from documents.archive import members
from rules.errors import UnreadableError

_MARKS = ("w:footnoteReference", "w:bookmarkStart", "w:bookmarkEnd", "w:commentReference")
"""What points to numbers that the document gives anew."""

_KINDS = dict.fromkeys(
    ("Normal", "Title", "Heading 1", "Body Text", "Ledger", "Chart", "footnote text"),
    WD_STYLE_TYPE.PARAGRAPH,
) | {"Lead-in": WD_STYLE_TYPE.CHARACTER, "footnote reference": WD_STYLE_TYPE.CHARACTER}
"""The styles that documents are written in, as far as a template has them."""


def own_template(path: Path) -> Docx:
    """The template, ready to be written into behind what stands in its body; empty lines at its end go.

    Raises:
        UnreadableError: it cannot be read, is no docx, or has a style of a wrong kind.
    """
    document = _opened(path)
    _check_kinds(document, path)
    _forget_marks(document)
    _trim(document)
    return document


def _opened(path: Path) -> Docx:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            "The template %(path)s cannot be read: %(reason)s.", path=path, reason=error.strerror
        ) from error
    members(data, path.name, lambda member: False)
    try:
        document = Document(BytesIO(data))
    except (PackageNotFoundError, LookupError, ValueError, LxmlError) as error:
        raise _no_docx(path) from error
    if not document.sections:
        raise _no_docx(path)
    return document


def _check_kinds(document: Docx, path: Path) -> None:
    """Whole paragraphs are set in a paragraph style, words within one in a character style."""
    known = document.styles
    for name, kind in _KINDS.items():
        if name not in known or known[name].type is kind:
            continue
        if kind is WD_STYLE_TYPE.PARAGRAPH:
            raise UnreadableError(
                "The template %(path)s has a style %(style)s that is no paragraph style; make it one in Word "
                "or WPS, or delete it.",
                path=path,
                style=name,
            )
        raise UnreadableError(
            "The template %(path)s has a style %(style)s that is no character style; make it one in Word "
            "or WPS, or delete it.",
            path=path,
            style=name,
        )


def _no_docx(path: Path) -> UnreadableError:
    return UnreadableError(
        "The template %(path)s is no docx; save it as docx in Word or WPS, or write a fresh one with "
        "rectify template.",
        path=path,
    )


def _forget_marks(document: Docx) -> None:
    """Its footnotes and the names of places go: those of the document bear the same numbers."""
    notes = [key for key, one in document.part.rels.items() if one.reltype == RELATIONSHIP_TYPE.FOOTNOTES]
    for key in notes:
        del document.part.rels[key]
    told = document.settings.element.findall(qn("w:footnotePr"))
    marks = [mark for name in _MARKS for mark in document.element.body.iter(qn(name))]
    for gone in [*told, *marks]:
        gone.getparent().remove(gone)


def _trim(document: Docx) -> None:
    """A paragraph that ends a section is kept, however empty: the page of what is above hangs on it."""
    for line in reversed(document.paragraphs):
        element = line._p  # noqa: SLF001 - paragraphs cannot be removed otherwise
        kept = line.text.strip() or element.xpath(".//w:sectPr|.//w:drawing|.//w:pict|.//w:object|.//w:pBdr")
        if kept or element is not document.element.body[-2]:
            return
        document.element.body.remove(element)
