"""Tables with a cell a line, as text has them that was copied from a page or a document."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from documents.ledger_cells import is_nothing
from documents.lexicon import is_latin
from documents.number_signs import value_of
from documents.reading import Span
from documents.stacked_cells import MISFIT, placed, suits
from documents.stacked_heads import LEAST_KNOWN, head_uses, is_known, is_of_numbers, joined
from documents.tables import Table

_BLANKS = " \t\r　*"
_MOST_COLUMNS = 16
_LONGEST_HEADING = 18
_LONGEST_NUMBER = 14
_LONGEST_GROUP = 60
_LONGEST_CELL = 400
_LARGEST_GAP = 9
_LEAST_OF_ROW = 3
"""How well a row at least suits its columns that is the first one, or has not a cell in each of them."""
_OUT_OF_ORDER = 2
"""A number that is not the next one may be so many lines nearer to where the next row should begin."""
_MOST_SILENT = 3
_AHEAD = 8
"""So many lines more than columns a row has at most."""
_HEADING = re.compile(r"[^。；;，,：:！!？?\n|｜│\t<>]{1,40}")
_RULED = re.compile(r"[|｜│\t]")
_NUMBER = re.compile(
    r"[（(]?(?P<series>(?:[A-Z]{1,4}[-. ]?)?(?:[0-9]{1,4}[.．/-])?)(?P<value>[0-9]{1,3})[a-e]?[)）]?[.．、]?|"
    r"[①-⑳]|[一二三四五六七八九十]{1,3}"
)
_CHAPTER = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．]|第[一二三四五六七八九十]{1,3}[部分类章节项]|#{1,6} |"
    r"(?:Part|Section) [A-Z0-9]\b"
)
_MARKED = re.compile(
    rf"{_CHAPTER.pattern}|[（(][一二三四五六七八九十]{{1,3}}[)）]|[A-Z][)] |[IVX]{{2,}}[.)] "
)
"""How the name of a group of rows begins, or the heading of what stands behind a table."""
_CLOSING = re.compile(
    r"附件|附[：:]|附[图表]|特此|[注编][：:]|(?:填表|编制|制表|审核|审批|签发|备注|说明)(?:人|单位)?[：:]|合计|"
    r"(?:Appendix|Attachment|Enclosure|Notes?:|Prepared by|Signed|Total$)"
)
"""How a line behind a table begins that is no cell of it."""


@dataclass(frozen=True, slots=True)
class _Page:
    """A text and the places of its lines, without the blanks around them."""

    text: str
    lines: tuple[Span, ...]

    def said(self, at: int) -> str:
        """The words of a line, nothing behind the last one."""
        return self.text[self.lines[at].start : self.lines[at].end] if at < len(self.lines) else ""

    def all_said(self, first: int, last: int) -> list[str]:
        """The words of the lines from `first` to before `last`."""
        return [self.said(at) for at in range(first, last)]

    def written(self, at: int) -> int:
        """The first line from `at` on that is not empty."""
        while at < len(self.lines) and self.lines[at].start == self.lines[at].end:
            at += 1
        return at


def stacked(text: str) -> list[Table]:
    """Every table with a cell a line whose header names columns of problems or of measures.

    Where a cell may be followed by an empty line, each is looked for as if none were; or as if none of the
    empty lines were a cell, if more rows are there so.
    """
    page = _Page(text, tuple(_lines(text)))
    ways = (list(_found(one)) for one in (_closed_up(page), _written(page)))
    return list(_found(page)) or max(ways, key=lambda way: sum(len(table.rows) for table in way))


def without_cells(text: str, tables: Sequence[Table]) -> str:
    """The text with blanks in the place of these tables, every position kept."""
    parts, at = [], 0
    for table in tables:
        parts += [text[at : table.start], _SIGN.sub(" ", text[table.start : table.end])]
        at = table.end
    return "".join([*parts, text[at:]])


_SIGN = re.compile(r"[^\n]")


def _lines(text: str) -> Iterator[Span]:
    at = 0
    for line in text.split("\n"):
        lead = len(line) - len(line.lstrip(_BLANKS))
        yield Span(at + lead, max(at + lead, at + len(line.rstrip(_BLANKS))))
        at += len(line) + 1


def _closed_up(page: _Page) -> _Page:
    """The page with the empty cells alone of the empty lines: of three in a row, the one in the middle."""
    kept: list[Span] = []
    empty = 0
    for line in page.lines:
        empty = empty + 1 if line.start == line.end else 0
        kept += [line] if empty % 2 == 0 else []
    return _Page(page.text, tuple(kept))


def _written(page: _Page) -> _Page:
    """The page without its empty lines."""
    return _Page(page.text, tuple(line for line in page.lines if line.end > line.start))


def _found(page: _Page) -> Iterator[Table]:
    at = 0
    while at < len(page.lines):
        table, behind = _table(page, at)
        if table:
            yield table
        at = max(at + 1, behind)


def _table(page: _Page, at: int) -> tuple[Table | None, int]:
    """The table whose header begins at a line, and the first line behind it."""
    names = _headings(page, at)
    if sum(map(is_known, names)) < LEAST_KNOWN or (not is_known(names[0]) and _table(page, at + 1)[0]):
        return None, 0
    first = _behind_groups(page, at + len(names))
    is_numbered = _number(page.said(first)) is not None
    if is_numbered and is_of_numbers(names[0]):
        uses, rows, behind = _numbered(page, names, first)
    elif is_numbered and any(map(is_of_numbers, names)):
        return None, 0
    else:
        uses, rows, behind = _counted(page, at, names)
    if 2 * sum(_tells(page.text, uses, row) for row in rows) <= len(rows):
        return None, first if is_numbered else 0
    end = max(cell.end for cell in rows[-1])
    return Table(page.lines[at].start, end, uses, tuple(rows)), behind


def _headings(page: _Page, at: int) -> list[str]:
    """The lines from `at` on that may be headings of columns; the first or the second is known as one."""
    found: list[str] = []
    while len(found) < _MOST_COLUMNS:
        said = page.said(at + len(found))
        if not _is_heading(said) or _repeats(found, said):
            break
        found.append(said)
        if len(found) == 2 and not any(map(is_known, found)):
            return []
    return found


def _repeats(found: list[str], said: str) -> bool:
    """Whether a heading cannot belong to the same header as those before it."""
    return said in found and (said == found[-1] or is_of_numbers(said))


def _is_heading(said: str) -> bool:
    short = len(said) <= _LONGEST_HEADING * (1 + 2 * is_latin(said))
    return short and _HEADING.fullmatch(said) is not None and not (_number(said) or _MARKED.match(said))


class _Number(NamedTuple):
    """The number of a row in a line of its own, and the letters or figures before it that all rows share.

    A plain one has no signs either, so that any figure of a cell may look like it.
    """

    series: str
    value: int
    is_plain: bool


@lru_cache(maxsize=4096)
def _number(said: str) -> _Number | None:
    found = _NUMBER.fullmatch(said) if len(said) < _LONGEST_NUMBER else None
    if found is None:
        return None
    value = int(found["value"]) if found["value"] else value_of(said) or 0
    return _Number(found["series"] or "", value, found["value"] in {said, None})


def _behind_groups(page: _Page, at: int) -> int:
    """The first line from `at` on that is neither empty nor the name of a group of rows."""
    at = page.written(at)
    while _MARKED.match(page.said(at)) and len(page.said(at)) <= _LONGEST_GROUP:
        at = page.written(at + 1)
    return at


Rows = list[tuple[Span, ...]]


def _numbered(page: _Page, names: Sequence[str], first: int) -> tuple[tuple[str, ...], Rows, int]:
    """Columns, rows and the line behind them, where every row begins with its number.

    Where more of the first rows tell nothing than something, the others are not looked at.
    """
    uses = _of_width(page, names, first)
    rows: Rows = []
    at: int | None = first if uses else None
    behind, silent = first, 0
    while at is not None and silent <= _MOST_SILENT + len(rows) / 2:
        following = _following(page, at, len(uses))
        whole = following is not None
        following = following if whole else _later(page, at, len(uses))
        end = _cells_end(page, at, following or _reach(page, at, len(uses), _MARKED), len(uses))
        rows.append(_row(page, uses, at, end, whole=whole))
        silent += not _tells(page.text, uses, rows[-1])
        behind, at = following or at + 1, following
    return ("number", *uses[1:]), rows, behind


def _of_width(page: _Page, names: Sequence[str], first: int) -> tuple[str, ...]:
    """The columns, of as many as the first row has lines where the header can be read so."""
    ways = [joined(tuple(names)), tuple(names)]
    ways += [way[:-1] for way in ways if not is_known(way[-1])]
    several = [uses for uses in map(head_uses, ways) if uses]
    reach = range(first + 2, _reach(page, first, len(names), _CHAPTER))
    following = next((line for line in reach if _is_next(page, first, line)), None)
    if following is None or not several:
        return several[0] if several else ()
    least, most = (_cells_end(page, first, following, width) - first for width in (0, _MOST_COLUMNS))
    return min(several, key=lambda uses: max(least - len(uses), len(uses) - most))


def _is_next(page: _Page, at: int, line: int) -> bool:
    own, other = _number(page.said(at)), _number(page.said(line))
    return own is not None and other is not None and other[:2] == (own.series, own.value + 1)


def _reach(page: _Page, at: int, width: int, chapter: re.Pattern[str]) -> int:
    """The first line behind the number of a row that is no cell of it and no number of another."""
    last = min(len(page.lines), at + 2 * width + _AHEAD)
    return next((line for line in range(at + 1, last) if _ends(page, line, chapter)), last)


def _ends(page: _Page, at: int, chapter: re.Pattern[str]) -> bool:
    """Whether a line is plainly no cell: a chapter's heading, a new header, a closing remark, a paragraph."""
    said = page.said(at)
    if chapter.match(said):
        return _number(page.said(_behind_groups(page, at))) is None
    return len(said) > _LONGEST_CELL or _is_no_cell(said)


@lru_cache(maxsize=4096)
def _is_no_cell(said: str) -> bool:
    if _CLOSING.match(said) or _RULED.search(said):
        return True
    return len(said) < _LONGEST_NUMBER and is_of_numbers(said)


def _following(page: _Page, at: int, width: int) -> int | None:
    """The line of the next row's number: the next in order, else one that a whole row stands before."""
    own = _number(page.said(at))
    best, least = None, 2 * width + _AHEAD
    for line in range(at + 2, _reach(page, at, width, _CHAPTER) if own else 0):
        number = _number(page.said(line))
        if not (number and own and number.series == own.series and _may_follow(own.value, number.value)):
            continue
        strays = abs(_cells_end(page, at, line, width) - at - width)
        odd = 0 if number.value == own.value + 1 else _OUT_OF_ORDER
        if (not odd or not strays or not number.is_plain) and strays + odd < least:
            best, least = line, strays + odd
    return best


def _later(page: _Page, at: int, width: int) -> int | None:
    """The line of a row's number behind one row or more whose own were lost, as where pages were parted."""
    own = _number(page.said(at))
    reach = range(at + width + 1, _reach(page, at, width, _CHAPTER)) if own else range(0)
    return next((line for line in reach if own and _is_later(own, _number(page.said(line)))), None)


def _is_later(own: _Number, other: _Number | None) -> bool:
    return other is not None and own.series == other.series and 1 < other.value - own.value < _LARGEST_GAP


def _may_follow(value: int, other: int) -> bool:
    """Whether a number that is not the next one may be a slip, follow a gap, or begin a group."""
    return other == 1 or 0 <= other - value < _LARGEST_GAP


def _cells_end(page: _Page, at: int, following: int, width: int) -> int:
    """The line behind the cells of a row: groups and empty lines before the next number are none of them."""
    end = following
    while end > at + 1 and (not page.said(end - 1) or _MARKED.match(page.said(end - 1))):
        end -= 1
    while end < min(following, at + width) and not page.said(end):
        end += 1
    return end


def _row(page: _Page, uses: tuple[str, ...], at: int, end: int, *, whole: bool) -> tuple[Span, ...]:
    """The cells of the row whose number stands in line `at`."""
    places = placed(uses[1:], page.all_said(at + 1, end), whole=whole)
    return _cells(page, [(at, at + 1), *((at + 1 + first, at + 1 + last) for first, last in places)])


def _cells(page: _Page, places: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    """The spans of lines; an empty one stands at the end of the cell before it."""
    found: list[Span] = []
    for first, last in places:
        written = [line for line in page.lines[first:last] if line.end > line.start]
        before = found[-1].end if found else page.lines[first].start
        found.append(Span(written[0].start, written[-1].end) if written else Span(before, before))
    return tuple(found)


def _counted(page: _Page, at: int, names: Sequence[str]) -> tuple[tuple[str, ...], Rows, int]:
    """Columns, rows and the line behind them, where a row has as many lines as the header."""
    heads = [
        (uses, at + many)
        for many in range(LEAST_KNOWN, len(names) + 1)
        if is_known(names[many - 1])
        for uses in {head_uses(tuple(names[:many])), head_uses(joined(tuple(names[:many])))}
        if uses
    ]
    uses, below = max(heads, key=lambda head: _suits_below(page, *head), default=((), 0))
    if not uses or _suits_below(page, uses, below) < _LEAST_OF_ROW:
        return (), [], 0
    rows: Rows = []
    while found := _next_counted(page, uses, below):
        first, last = found
        below = first + len(uses)
        rows.append(_cells(page, [(min(line, last), min(line + 1, last)) for line in range(first, below)]))
    return uses, rows, below


def _suits_below(page: _Page, uses: tuple[str, ...], below: int) -> int:
    first = page.written(below)
    return suits(uses, page.all_said(first, first + len(uses)))


def _next_counted(page: _Page, uses: tuple[str, ...], at: int) -> tuple[int, int] | None:
    """The lines of the next row, from the first to behind the last; None where no row follows.

    It has as many lines as columns, or fewer where something that is no cell follows.
    """
    for first in (page.written(at), _behind_groups(page, at)):
        lines = range(first, first + len(uses))
        last = next((line for line in lines if _ends(page, line, _CHAPTER)), lines.stop)
        said = page.all_said(first, last) + [""] * (lines.stop - last)
        if any(said) and suits(uses, said) >= (1 if all(said) else _LEAST_OF_ROW):
            return first, last
    return None


def _tells(text: str, uses: tuple[str, ...], row: tuple[Span, ...]) -> bool:
    """Whether a row has words and no figures where it tells something, and everywhere what suits."""
    said = [text[cell.start : cell.end] for cell in row]
    return suits(uses[1:], said[1:]) != MISFIT and all(
        is_nothing(words_) or _WORDS.search(words_)
        for use, words_ in zip(uses, said, strict=True)
        if use in _TELLING
    )


_TELLING = {"problem", "measure"}
_WORDS = re.compile(r"[一-龥A-Za-z]{2}")
