"""The lines of all pages to paragraphs: running heads left out, lines that only wrap joined."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median, median_low

from documents.label_words import label_pattern
from documents.lexicon import field_line, folded, is_latin
from documents.numbering import marks
from documents.pdf_lines import Line, is_wide, joined
from documents.ratings import opens_rating
from documents.table_text import Cell, table_lines

_PAGE_NUMBER = re.compile(
    r"[-—–－·•\s]*(?:第\s*)?(?:[Pp]age\s*)?\d{1,4}(?:\s*页)?"
    r"(?:\s*(?:/|of|，?\s*共|，)\s*\d{1,4}(?:\s*页)?)?[-—–－·•\s]*"
)
_EDGE = 0.15
_STRIP = 0.065
_OUTER = 3
_STEADY = 6.0
_MANY = 12
_STOPS = "。！？!?；;：:."


def _is_english_field(words: str) -> bool:
    """Whether a line begins with a field or a label, `Owner: `, which the print broke off no paragraph."""
    if not is_latin(words) or not words[:1].isupper():
        return False
    label = label_pattern().match(folded(words))
    labelled = label is not None and label[0].rstrip().endswith(":")
    is_field = labelled or field_line().match(folded(words)) is not None
    return is_field or opens_rating(words) or _COMMENTS.match(words) is not None


_COMMENTS = re.compile(r"(?:Comments?|Priority|Risk): ")
_IN_CAPITALS = re.compile(r"[A-Z]{4,}: ")
"""A label in capitals, which begins a line of its own: `ACTION: …`."""

_INNER = _STOPS + "，、（“《"
_FIGURE = re.compile(r"(?P<value>[0-9]{1,3})[.](?=[ ]|$)")
"""What ends a sentence whose last figure the print took to the next line: `… allows` / `10. Nobody …`."""
_NEAR_END = 40
_FIRST = re.compile(r"(?:1[.．、]|[（(][一1][)）]|一是)(?=[一-龥“《])")
"""The first number of a row, right behind which its words stand."""


@dataclass(slots=True)
class Sheet:
    """One page: its size, its lines, and its tables with the place where each stands."""

    width: float
    height: float
    lines: list[Line]
    tables: list[tuple[float, list[list[Cell]]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Margins:
    """Where the lines of a column begin and how far they may go."""

    left: float
    right: float


def without_running(sheets: list[Sheet]) -> None:
    """Takes out of each sheet what comes again at the same place of most pages, and page numbers."""
    seen: dict[str, list[tuple[int, float, list[int]]]] = defaultdict(list)
    for index, sheet in enumerate(sheets):
        for line in _outer(sheet):
            seen[_shape(line)].append((index, line.top, _figures(line)))
    for index, sheet in enumerate(sheets):
        gone = {
            id(line) for line in _outer(sheet) if _runs(line, sheet, index, seen[_shape(line)], len(sheets))
        }
        sheet.lines = [line for line in sheet.lines if id(line) not in gone]


def _outer(sheet: Sheet) -> list[Line]:
    """The lines nearest to the upper and the lower edge."""
    inked = sorted(sheet.lines, key=lambda line: line.top)
    return inked[:_OUTER] + inked[max(_OUTER, len(inked) - _OUTER) :]


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "0", "".join(line.words.split()))


def _figures(line: Line) -> list[int]:
    return [int(figure) for figure in re.findall(r"\d+", "".join(line.words.split()))]


def _runs(
    line: Line, sheet: Sheet, index: int, alike: list[tuple[int, float, list[int]]], count: int
) -> bool:
    """Whether the line is no part of the text; `alike` are page, place and figures of lines like it."""
    at_edge = line.bottom < _EDGE * sheet.height or line.top > (1 - _EDGE) * sheet.height
    if at_edge and _PAGE_NUMBER.fullmatch(line.words):
        return True
    if _in_the_margin(line, sheet):
        return True
    if not at_edge:
        return False
    own = _figures(line)
    pages = {
        other
        for other, top, figures in alike
        if abs(top - line.top) < _STEADY and _turn(own, figures) in {0, other - index}
    }
    return len(pages) >= max(2, 0.4 * count) and (len(pages) > 2 or count <= 3)


def _turn(figures: list[int], others: list[int]) -> int | None:
    """By how much the figures of two lines that are alike else differ: 0 where not, None where variously."""
    steps = {b - a for a, b in zip(figures, others, strict=True)} - {0}
    return 0 if not steps else steps.pop() if len(steps) == 1 else None


def _in_the_margin(line: Line, sheet: Sheet) -> bool:
    """Alone in the strip along the upper or the lower edge, well apart from all that is written."""
    others = [(one.top, one.bottom) for one in sheet.lines if one is not line]
    others += [(top, top + line.size) for top, _ in sheet.tables]
    below = min((top - line.bottom for top, _ in others if top >= line.bottom), default=None)
    above = min((line.top - bottom for _, bottom in others if bottom <= line.top), default=None)
    if line.bottom < _STRIP * sheet.height:
        return below is not None and below > 1.5 * line.size
    return line.top > (1 - _STRIP) * sheet.height and above is not None and above > 1.5 * line.size


def paragraphs(sheets: list[Sheet]) -> Iterator[str]:
    """The text, a paragraph or table row a line; an empty line where the page shows a gap."""
    flow = _Flow(_leading(sheets), _body_size(sheets))
    sides = _sides(sheets)
    for index, sheet in enumerate(sheets):
        pending = sorted(sheet.tables, key=lambda table: table[0])
        for line in sheet.lines:
            while pending and pending[0][0] < line.top:
                yield from flow.table(pending.pop(0)[1], index)
            yield from flow.line(line, sides[index % 2].get(line.column, _Margins(0, 0)), index)
        for _, rows in pending:
            yield from flow.table(rows, index)
    yield from flow.rest()


def _sides(sheets: list[Sheet]) -> tuple[dict[int, _Margins], dict[int, _Margins]]:
    """The margins by column, on right-hand and on left-hand pages, which may be shifted."""
    whole = _margins(sheets)
    found = []
    for parity in (0, 1):
        own = _margins(sheets[parity::2])
        counts = Counter(line.column for sheet in sheets[parity::2] for line in sheet.lines)
        found.append({column: own[column] if counts[column] >= _MANY else whole[column] for column in whole})
    return found[0], found[1]


def _margins(sheets: list[Sheet]) -> dict[int, _Margins]:
    lines = [(line, sheet.width) for sheet in sheets for line in sheet.lines]
    found = {}
    for column in {line.column for line, _ in lines}:
        here = [line for line, _ in lines if line.column == column]
        left = _shared(sorted(line.left for line in here), max(2, len(here) // 30), 2.0)
        right = -_shared(sorted(-line.right for line in here), 1 + len(here) // _MANY, 12.0)
        full = sum(line.right > right - 5 * line.size for line in here)
        paper = max(width for _, width in lines)
        breadth = right - left
        is_narrow = breadth < 10 * here[0].size or (breadth < 0.6 * paper and len(here) < _MANY)
        if column == 0 and (full * 4 < len(here) or is_narrow):
            # Hardly a line goes far: then the right margin is taken to be as wide as the left one.
            right = max(right, paper - left)
        found[column] = _Margins(left, right)
    return found


def _shared(places: list[float], least: int, near: float) -> float:
    """The outermost place that several lines share."""
    for index, place in enumerate(places):
        together = places[index : index + least]
        if len(together) == least and abs(together[-1] - place) <= near:
            return place
    return places[0]


_CLOSEST = 6
"""One in so many distances is at least as close as the lines of a paragraph are."""
_EMPTY_LINE = 1.6


def _leading(sheets: list[Sheet]) -> float:
    """The usual distance from one line to the next; the smaller one where empty lines widen half of them."""
    steps = [
        below.top - above.top
        for sheet in sheets
        for above, below in pairwise(sheet.lines)
        if below.top > above.top and below.column == above.column
    ]
    if not steps:
        return 0.0
    usual, close = median_low(steps), sorted(steps)[len(steps) // _CLOSEST]
    return close if usual > _EMPTY_LINE * close else usual


def _body_size(sheets: Iterable[Sheet]) -> float:
    sizes = [line.size for sheet in sheets for line in sheet.lines for _ in range(1 + len(line.words) // 10)]
    return median(sizes) if sizes else 0.0


@dataclass(slots=True)
class _Flow:
    """The paragraph, or the table, that is being put together."""

    leading: float
    body_size: float
    opened: list[Line] = field(default_factory=list)
    words: str = ""
    rows: list[list[Cell]] = field(default_factory=list)
    page: int = 0
    margins: _Margins = _Margins(0, 0)
    """Those of the last line."""
    counted: set[int] = field(default_factory=set)
    """The numbers with which paragraphs began."""

    def line(self, line: Line, margins: _Margins, page: int) -> Iterator[str]:
        yield from self._end_table()
        goes_on = bool(self.opened) and self._goes_on(self.opened[-1], line, margins, page)
        if goes_on:
            self.words = joined(self.words, line.words)
            self.opened.append(line)
        else:
            gap = self._is_apart(line, page)
            yield from self._end_paragraph()
            if gap:
                yield ""
            self.words, self.opened = line.words, [line]
            if figure := _FIGURE.match(line.words):
                self.counted.add(int(figure["value"]))
        self.page, self.margins = page, margins

    def table(self, rows: list[list[Cell]], page: int) -> Iterator[str]:
        """Takes a table; one of the same width right before it goes on, without a repeated head."""
        yield from self._end_paragraph()
        if self.rows and sum(c.columns for c in self.rows[0]) == sum(c.columns for c in rows[0]):
            repeats = [c.words for c in rows[0]] == [c.words for c in self.rows[0]]
            more = rows[1:] if repeats else rows
            self.rows = _continued(self.rows, more) if page != self.page else self.rows + more
        else:
            yield from self._end_table()
            self.rows = list(rows)
        self.page = page

    def rest(self) -> Iterator[str]:
        yield from self._end_paragraph()
        yield from self._end_table()

    def _end_paragraph(self) -> Iterator[str]:
        if self.opened:
            yield self.words
        self.words, self.opened = "", []

    def _end_table(self) -> Iterator[str]:
        if self.rows:
            yield from table_lines(self.rows)
        self.rows = []

    def _is_apart(self, line: Line, page: int) -> bool:
        """Whether the page shows a gap before the line, or a heading in larger letters begins there."""
        if not self.opened:
            return False
        last = self.opened[-1]
        if line.size > 1.12 * max(last.size, self.body_size):
            return True
        return page == self.page and line.top - last.top > 1.5 * max(self.leading, last.size)

    def _goes_on(self, last: Line, line: Line, margins: _Margins, page: int) -> bool:
        """Whether the line is the next one of the same paragraph."""
        if last.has_gaps or line.has_gaps or abs(last.size - line.size) > 0.15 * last.size:
            return False
        follows = page != self.page or line.column != last.column
        if not follows and line.top - last.top > 1.35 * max(self.leading, last.size):
            return False
        if self._is_wrapped_heading(last, line, margins):
            return True
        if _IN_CAPITALS.match(line.words) or _is_english_field(line.words) or self._is_over_row(line):
            return False
        # A first word that had found its place would stand there; at a clear end nothing is left to doubt.
        doubt = 0.3 if self._could_end() or self._begins(line.words) else 1.3
        if self.margins.right - last.right > line.first_word + doubt * last.size:
            return False
        return self._stands_as_next(line, margins, shifted=follows)

    def _is_wrapped_heading(self, last: Line, line: Line, margins: _Margins) -> bool:
        """Two lines in the middle of the page, in larger letters than the text."""
        middle = (margins.left + margins.right) / 2
        centred = all(
            abs((one.left + one.right) / 2 - middle) < one.size and one.left - margins.left > one.size
            for one in (last, line)
        )
        return centred and last.size > 1.12 * self.body_size and last.words[-1] not in _STOPS

    def _is_over_row(self, line: Line) -> bool:
        """Whether a heading as wide as the page, `（一）…方面`, stands alone above a row's first number."""
        alone = len(self.opened) == 1 and is_wide(self.words[-1]) and self.words[-1] not in _INNER
        return alone and _is_numbered(self.words) and _FIRST.match(line.words) is not None

    def _stands_as_next(self, line: Line, margins: _Margins, *, shifted: bool) -> bool:
        """By where it begins: as the lines of the paragraph before it, and not as a first line would."""
        em = 0.6 * line.size
        first, begins = self.opened[0], self._begins(line.words) and self._could_end()
        is_flush = self.margins.right - self.opened[-1].right < 0.3 * line.size
        if len(self.opened) > 1 and not shifted:
            same = abs(line.left - self.opened[-1].left) < em
            return same and (not begins or first.left - line.left > em)
        offset = line.left - (margins.left if shifted else first.left)
        if offset > em:
            return not shifted and _is_numbered(first.words) and not _is_numbered(line.words)
        if offset < -em:
            return not begins or is_flush
        if shifted or begins or not self._could_end():
            return not begins
        indented = first.left - margins.left > em
        ends_early = margins.right - self.opened[-1].right > 1.1 * min(line.size, line.first_word)
        return not (indented or (ends_early and is_wide(line.words[0])))

    def _begins(self, words: str) -> bool:
        """Whether a line begins with a number of its own, and not with the figure that ends a sentence."""
        figure = _FIGURE.match(words)
        value = int(figure["value"]) if figure else 1
        told = self.words[-1:].islower() and is_latin(self.words[-_NEAR_END:])
        return _is_numbered(words) and (value == 1 or value - 1 in self.counted or not told)

    def _could_end(self) -> bool:
        return self.words.rstrip()[-1:] in _STOPS or not any(is_wide(char) for char in self.words)


def _continued(rows: list[list[Cell]], more: list[list[Cell]]) -> list[list[Cell]]:
    """The rows of both pages; a row that the page's end parted is made whole."""
    last, first = rows[-1], more[0] if more else []
    said = sum(bool(cell.words) for cell in first)
    if (
        not first
        or first[0].words
        or not last[0].words
        or not 0 < said * 2 <= len(last)
        or len(last) != len(first)
    ):
        return rows + more
    whole = [
        replace(above, lines=(joined(above.words, below.words),))
        for above, below in zip(last, first, strict=True)
    ]
    return [*rows[:-1], whole, *more[1:]]


def _is_numbered(words: str) -> bool:
    found = next(marks(words[:40]), None)
    return found is not None and found.start == 0 and found.at_line
