"""The signs of a page to its lines, columns in the order in which they are read."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from documents.pdf_pages import HYPHEN, Glyph

_TWICE = 0.12
_WIDE = 1.6
"""A gap of so many times the size of the signs parts columns of a table."""


def is_wide(char: str) -> bool:
    """Whether a sign is as wide as a Chinese character and needs no blank beside it."""
    return "⺀" <= char <= "鿿" or "豈" <= char <= "﫿" or "！" <= char <= "｠" or char in "“”‘’…—·①②③④⑤⑥⑦⑧⑨⑩"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its words, its box, the size of its signs, the width of its first word, and its column.

    `has_gaps` says that it is written in columns. `column` tells lines apart that stand beside each other.
    """

    words: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    first_word: float
    has_gaps: bool
    column: int = 0


def lines_of(glyphs: Iterable[Glyph], column: int = 0) -> list[Line]:
    """The lines from top to bottom."""
    return [line for row in rows_of(glyphs) if (line := _line(row, column)).words]


def rows_of(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """The signs that stand on one level, from left to right."""
    row: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda one: one.middle):
        if row and not _on_level(row, glyph):
            yield _in_order(row)
            row = []
        row.append(glyph)
    if row:
        yield _in_order(row)


def _on_level(row: Sequence[Glyph], glyph: Glyph) -> bool:
    """Whether the sign overlaps the row by half of the smaller of the two."""
    top, bottom = row[len(row) // 2].top, row[len(row) // 2].bottom
    common = min(bottom, glyph.bottom) - max(top, glyph.top)
    return common * 2 > min(bottom - top, glyph.size)


def _in_order(row: list[Glyph]) -> list[Glyph]:
    """From left to right; a row that is printed twice, for weight, once."""
    row.sort(key=lambda glyph: glyph.left)
    again = {
        id(glyph)
        for before, glyph in pairwise(row)
        if before.char == glyph.char and glyph.left - before.left < _TWICE * glyph.size
    }
    return [glyph for glyph in row if id(glyph) not in again] if len(again) * 3 > len(row) else row


def _line(row: list[Glyph], column: int) -> Line:
    size = median(glyph.size for glyph in row)
    gaps = [_gap(before, glyph, size) for before, glyph in pairwise(row)]
    if _is_justified(row, gaps, size):
        gaps = [gap[:1] for gap in gaps]
    wide = [index for index, gap in enumerate(gaps, 1) if len(gap) > 1]
    if len(wide) == 1 and _is_mark("".join(glyph.char for glyph in row[: wide[0]])):
        gaps = [gap[:1] for gap in gaps]
        wide = []
    parts = [row[0].char, *(gap + glyph.char for gap, glyph in zip(gaps, row[1:], strict=True))]
    ends = (a.right for a, gap in zip(row, [*gaps, " "], strict=True) if gap or is_wide(a.char))
    return Line(
        *("".join(parts).strip(), row[0].left, min(glyph.top for glyph in row)),
        *(row[-1].right, max(glyph.bottom for glyph in row)),
        size=size,
        first_word=next(ends) - row[0].left,
        has_gaps=bool(wide),
        column=column,
    )


def _is_justified(row: list[Glyph], gaps: list[str], size: float) -> bool:
    """Whether the gaps are wide only because the words are spread over the line: then all are alike."""
    widths = [b.left - a.right for (a, b), gap in zip(pairwise(row), gaps, strict=True) if gap]
    if len(widths) < 2 or any(is_wide(glyph.char) for glyph in row):
        return False
    return max(widths) - min(widths) < 0.2 * size


def _gap(before: Glyph, glyph: Glyph, size: float) -> str:
    """What stands between two signs: nothing, a blank, or as many as show that columns are meant."""
    distance = glyph.left - before.right
    if distance > _WIDE * size:
        return "    "
    both_wide = is_wide(before.char) and is_wide(glyph.char)
    if glyph.after_gap and distance > (0.15 if both_wide else 0.05) * size:
        return " "
    return " " if not both_wide and distance > 0.22 * size and not _touches_wide(before, glyph) else ""


def _touches_wide(before: Glyph, glyph: Glyph) -> bool:
    """Word sets a little air between Chinese characters and figures, which is no blank."""
    return is_wide(before.char) or is_wide(glyph.char)


def _is_mark(words: str) -> bool:
    """Whether what stands before a gap is only the number of a list."""
    return len(words) <= 6 and (words[-1] in "、.．)）•●○■◆▪-–·➢√" or words.isdigit())


def columns(pages: Sequence[list[Glyph]]) -> list[list[Line]]:
    """The lines of each page; of two columns those of the left one first, down to what spans both.

    Where most pages have two columns, the others have them too, though they may not be full.
    """
    rows = [list(rows_of(glyphs)) for glyphs in pages]
    gutters = [_gutter(one) for one in rows]
    known = [gutter for gutter in gutters if gutter is not None]
    usual = median(known) if len(known) * 2 >= len(pages) else None
    return [_columns(one, usual if at is None else at) for one, at in zip(rows, gutters, strict=True)]


def _columns(rows: list[list[Glyph]], gutter: float | None) -> list[Line]:
    if gutter is None:
        return [line for row in rows if (line := _line(row, 0)).words]
    found: list[Line] = []
    for spans, band in groupby(rows, lambda row: _spans(row, gutter)):
        glyphs_ = [glyph for row in band for glyph in row]
        if spans:
            found += lines_of(glyphs_)
        else:
            found += lines_of((glyph for glyph in glyphs_ if glyph.right <= gutter), 1)
            found += lines_of((glyph for glyph in glyphs_ if glyph.right > gutter), 2)
    return found


def _spans(row: list[Glyph], gutter: float) -> bool:
    return any(glyph.left < gutter < glyph.right for glyph in row) or any(
        a.right <= gutter <= b.left and b.left - a.right < 0.8 * a.size for a, b in pairwise(row)
    )


def _gutter(rows: list[list[Glyph]]) -> float | None:
    """The middle of an empty stripe down the page that parts running text into two columns."""
    if len(rows) < 8:
        return None
    left, right = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    size = median(row[0].size for row in rows)
    crossed = Counter(step for row in rows for step in _inked(row, left))
    steps = range(int(0.35 * (right - left)) // 2, int(0.65 * (right - left)) // 2)
    runs = [list(run) for free, run in groupby(steps, lambda step: crossed[step] * 8 <= len(rows)) if free]
    widest = max(runs, key=len, default=[])
    if 2 * len(widest) < 0.8 * size:
        return None
    at = left + widest[0] + widest[-1] + 1
    return at if _is_full(rows, at, left, right) else None


def _inked(row: list[Glyph], left: float) -> set[int]:
    """The stripes of two points that the row covers, the gaps between its words included."""
    return {
        step
        for a, b in pairwise([*row, row[-1]])
        for step in range(
            int(a.left - left) // 2,
            int((b.left if b.left - a.right < 0.8 * a.size else a.right) - left) // 2 + 1,
        )
    }


def _is_full(rows: list[list[Glyph]], at: float, left: float, right: float) -> bool:
    """Whether both sides hold running text: many lines, and most of them reach far into their column."""
    sides = (
        ([g for g in row if g.right <= at] for row in rows),
        ([g for g in row if g.left >= at] for row in rows),
    )
    for side, width in zip(sides, (at - left, right - at), strict=True):
        reach = [row[-1].right - row[0].left for row in side if row]
        if len(reach) < max(4, len(rows) // 6) or median(reach) < 0.6 * width:
            return False
    return True


_PARTED_NUMBER = re.compile(r"[0-9A-Za-z]-[A-Z]?\d")
"""A number of parts (2026H1-P01) that a narrow cell broke behind its hyphen."""
_PARTED_DATE = re.compile(r"(?<!\d)\d{4}(?:[-/]|([-/.])\d\d\1\d?)$")
"""A date that a narrow cell broke; only one with both figures of its month is known to lack some."""


_LACKS_ONES = re.compile(r"(?<!\d)\d{4}([-/.])\d{1,2}\1[1-3]$")
_ONES = re.compile(r"\d(?![\w.-])")
"""A date whose day may go on, and one figure by itself behind it: `2024.6.3` and `0`."""


def joined(first: str, second: str) -> str:
    """Two pieces of one paragraph: no blank beside a Chinese character, a parted word made whole."""
    first, second = first.rstrip(), second.lstrip()
    if not first or not second:
        return first + second
    if first[-1] == HYPHEN:
        return first[:-1] + ("-" if second[0].isdigit() else "") + second
    if (
        first[-1] == "-"
        and len(first) > 2
        and first[-2].isascii()
        and first[-2].isalpha()
        and second[0].islower()
    ):
        return first[:-1] + second
    whole = _is_parted(first, second) or is_wide(first[-1]) or is_wide(second[0])
    return first + ("" if whole else " ") + second


def _is_parted(first: str, second: str) -> bool:
    """Whether a narrow cell broke a date or a number between two lines."""
    dated = _PARTED_DATE.search(first) is not None and second[0].isdigit()
    dated = dated or (_LACKS_ONES.search(first) is not None and _ONES.match(second) is not None)
    return dated or _in_two(first, second) or _PARTED_NUMBER.match(first[-2:] + second[:2]) is not None


_WHOLE = re.compile(r"(?<![\d/])\d{1,2}/\d{1,2}/20\d{2}(?!\d)|\d\.\d")
_LONGEST_DATE = 10


def _in_two(first: str, second: str) -> bool:
    """Whether a date with slashes, or a number with its point, stands over the end of the line: `17/1`."""
    before = first[-_LONGEST_DATE:]
    over = _WHOLE.finditer(before + second[:_LONGEST_DATE])
    return any(one.start() < len(before) < one.end() for one in over)
