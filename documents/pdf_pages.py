"""The pages of a PDF as plain values: signs with their boxes, ruled lines, the share of pictures.

Lengths are points; y grows downwards from the upper edge of the page as its reader holds it.
"""

import ctypes
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import pi
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as api

_MOST_RULES = 20_000
_FLAT = 1.0
_SKEW = 0.05
_HYPHENS = {0x02, 0xFFFE, 0xAD}
HYPHEN = "\u00ad"
"""Stands for a hyphen that only parts a word at the end of its line."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One sign and its box. `after_gap` says that the file puts a blank before it."""

    char: str
    left: float
    top: float
    right: float
    bottom: float
    after_gap: bool = False

    @property
    def middle(self) -> float:
        """Half-way between top and bottom."""
        return (self.top + self.bottom) / 2

    @property
    def size(self) -> float:
        """The height of the box."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line along one axis: where it lies on the other one, and from where to where it goes."""

    at: float
    begin: float
    end: float


@dataclass(slots=True)
class Page:
    """What one page holds. `pictured` is the share of the page that pictures cover, 0 to 1."""

    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    pictured: float = 0.0


def page_of(page: Any) -> Page:
    """Reads an open page of pdfium."""
    left, bottom, right, top = page.get_bbox()
    textpage = page.get_textpage()
    angles = _angles(textpage)
    turn = _Turn(left, bottom, right - left, top - bottom, _quarters(angles, page.get_rotation() // 90))
    found = Page(*turn.size)
    found.glyphs = list(_glyphs(textpage, turn, angles))
    for kind in page.get_objects(filter=(api.FPDF_PAGEOBJ_PATH, api.FPDF_PAGEOBJ_IMAGE), max_depth=1):
        if kind.type == api.FPDF_PAGEOBJ_IMAGE:
            found.pictured += _share(kind, turn)
        elif len(found.across) + len(found.down) < _MOST_RULES:
            _add_rules(found, kind, turn)
    return found


@dataclass(frozen=True, slots=True)
class _Turn:
    """From a PDF's own places to those on the page as it is shown, turned by quarters clockwise."""

    left: float
    bottom: float
    width: float
    height: float
    quarters: int

    @property
    def size(self) -> tuple[float, float]:
        return (self.width, self.height) if self.quarters % 2 == 0 else (self.height, self.width)

    def point(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.left, self.height - (y - self.bottom)
        if self.quarters == 1:
            return self.height - y, x
        if self.quarters == 2:
            return self.width - x, self.height - y
        return (y, self.width - x) if self.quarters == 3 else (x, y)

    def box(self, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        if not self.quarters and left <= right and bottom <= top:
            above = self.height + self.bottom
            return left - self.left, above - top, right - self.left, above - bottom
        (a, b), (c, d) = self.point(left, top), self.point(right, bottom)
        return min(a, c), min(b, d), max(a, c), max(b, d)


def _angles(textpage: Any) -> list[float]:
    """How far each sign is turned clockwise, in quarters."""
    count = max(0, api.FPDFText_CountChars(textpage))
    return [api.FPDFText_GetCharAngle(textpage, i) * 2 / pi for i in range(count)]


def _quarters(angles: list[float], shown: int) -> int:
    """How far the page is to be turned clockwise so that most of its text stands upright."""
    ways = Counter(round(angle) % 4 for angle in angles if abs(angle - round(angle)) < _SKEW)
    return -ways.most_common(1)[0][0] % 4 if ways else shown


def _glyphs(textpage: Any, turn: _Turn, angles: list[float]) -> Iterator[Glyph]:
    """The signs that stand upright; a watermark across the page is none of its text."""
    gap, high = False, 0
    for i, angle in enumerate(angles):
        code = api.FPDFText_GetUnicode(textpage, i)
        if code in {9, 10, 13, 32, 160, 0x3000}:
            # pdfium puts blanks of its own where it sees a little air; those are judged by their width later.
            gap = gap or (code not in {10, 13} and not api.FPDFText_IsGenerated(textpage, i))
            continue
        if abs((angle + turn.quarters + 2) % 4 - 2) > _SKEW:
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + (high - 0xD800) * 0x400 + code - 0xDC00 if high else 0xFFFD
        box = _box(textpage, i)
        high = 0
        if box is not None:
            yield Glyph(HYPHEN if code in _HYPHENS else chr(code), *turn.box(*box), after_gap=gap)
            gap = False


def _box(textpage: Any, index: int) -> tuple[float, float, float, float] | None:
    """Left, top, right, bottom: as high as the font and not as the sign."""
    box = api.FS_RECTF()
    if not api.FPDFText_GetLooseCharBox(textpage, index, box):
        return None
    return (box.left, box.top, box.right, box.bottom) if box.top > box.bottom else None


def _share(picture: Any, turn: _Turn) -> float:
    left, bottom, right, top = picture.get_bounds()
    return float(max(0.0, (right - left) * (top - bottom)) / max(1.0, turn.width * turn.height))


def _add_rules(found: Page, path: Any, turn: _Turn) -> None:
    for a, b in _strokes(path):
        (x1, y1), (x2, y2) = turn.point(*a), turn.point(*b)
        if abs(y1 - y2) < _FLAT < abs(x1 - x2):
            found.across.append(Rule((y1 + y2) / 2, min(x1, x2), max(x1, x2)))
        elif abs(x1 - x2) < _FLAT < abs(y1 - y2):
            found.down.append(Rule((x1 + x2) / 2, min(y1, y2), max(y1, y2)))


def _strokes(path: Any) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight pieces of a path, on the page."""
    matrix = path.get_matrix()
    start = last = (0.0, 0.0)
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(api.FPDFPath_CountSegments(path), _MOST_RULES)):
        segment = api.FPDFPath_GetPathSegment(path, index)
        api.FPDFPathSegment_GetPoint(segment, x, y)
        here = matrix.on_point(x.value, y.value)
        kind = api.FPDFPathSegment_GetType(segment)
        if kind == api.FPDF_SEGMENT_MOVETO:
            start = here
        elif kind == api.FPDF_SEGMENT_LINETO:
            yield last, here
        last = here
        if api.FPDFPathSegment_GetClose(segment):
            yield last, start
            last = start


def open_pages(document: pdfium.PdfDocument) -> Iterator[Page]:
    """Every page in order; each is closed before the next one is opened."""
    for index in range(len(document)):
        page = document[index]
        yield page_of(page)
        page.close()
