"""A PDF to text: paragraphs made whole, running heads and page numbers left out, ruled tables as rows."""

import re

import pypdfium2 as pdfium
import pypdfium2.raw as api

from documents.archive import locked
from documents.confined import damaged
from documents.paragraphs import as_text
from documents.pdf_flow import Sheet, paragraphs, without_running
from documents.pdf_lines import columns
from documents.pdf_pages import Glyph, Page, open_pages
from documents.pdf_tables import grids
from documents.table_text import Cell
from rules.errors import UnreadableError

MOST_PAGES = 500
_UNKNOWN = re.compile(r"[\x00-\x1f\x7f\ue000-\uf8ff\ufffd]")


def parse(data: bytes, name: str) -> str:
    """The text of a PDF.

    Raises:
        UnreadableError: broken, under a password, too many pages, or without text that can be told.
    """
    try:
        document = pdfium.PdfDocument(data)
        count = len(document)
        if count > MOST_PAGES:
            raise UnreadableError(
                "%(name)s has %(count)s pages; at most %(limit)s are read.",
                name=name,
                count=count,
                limit=MOST_PAGES,
            )
        pages = list(open_pages(document))
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == api.FPDF_ERR_PASSWORD:
            raise locked(name) from error
        raise damaged(name, "pdf") from error
    _check(pages, name)
    sheets = _sheets(pages)
    without_running(sheets)
    return as_text(paragraphs(sheets))


def _check(pages: list[Page], name: str) -> None:
    said = "".join(glyph.char for page in pages for glyph in page.glyphs)
    pictured = sum(page.pictured > 0.5 for page in pages)
    if pictured * 2 > len(pages) and len(said) < 30 * len(pages):
        raise UnreadableError(
            "%(name)s holds pictures of pages and no text; have it recognised (OCR), or hand in the document "
            "that it was made from.",
            name=name,
        )
    if len(_UNKNOWN.findall(said)) * 20 > len(said):
        raise UnreadableError(
            "%(name)s does not tell which letters its signs stand for; hand in the document that it was made "
            "from.",
            name=name,
        )


def _sheets(pages: list[Page]) -> list[Sheet]:
    """Pages with their tables set apart and the rest as lines."""
    tables: list[list[tuple[float, list[list[Cell]]]]] = []
    free: list[list[Glyph]] = []
    for page in pages:
        found, rest = _tables(page)
        tables.append(found)
        free.append(rest)
    lines = columns(free)
    several = zip(pages, lines, tables, strict=True)
    return [Sheet(page.width, page.height, own, ruled) for page, own, ruled in several]


def _tables(page: Page) -> tuple[list[tuple[float, list[list[Cell]]]], list[Glyph]]:
    tables = []
    free = page.glyphs
    for grid in grids(page):
        held = [glyph for glyph in free if grid.holds(glyph)]
        rows = grid.rows(held)
        if sum(bool(cell.words) for row in rows for cell in row) > 1:
            tables.append((grid.ys[0], rows))
            free = [glyph for glyph in free if not grid.holds(glyph)]
    return tables, free
