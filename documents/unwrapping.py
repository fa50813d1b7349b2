"""A text as its writer meant it: lines broken by the page's width joined, page counters left out.

Offices paste reports out of printed pages. What such a page adds is taken away before reading, and every
position found in the rest is told in the text as it came in.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from documents.names import are_named
from documents.numbering import begins_unit
from documents.reading import Draft, Flag, Reading, Span
from documents.stacked import stacked
from documents.tables import Table

_PAGE = (
    r"(?:[^\n]{0,80}?[ ]{3,100}[Pp]age [0-9]{1,4}(?: of [0-9]{1,4})?|[-—－–][ \t]?[0-9]{1,4}[ \t]?[-—－–]|"
    r"第[ ]?[0-9]{1,4}[ ]?页(?:[ ，,/]?共[ ]?[0-9]{1,4}[ ]?页)?)"
)
_COUNTER = re.compile(
    rf"(?:(?<=\n)|\A)[ \t　]{{0,80}}{_PAGE}[ \t　]{{0,80}}(?:\n|\Z)|"
    r"(?<=[㐀-鿿])[ ]?[-—－][ ]?[0-9]{1,3}[ ]?[-—－][ ]?(?=[㐀-鿿])|"
    r"[ 　]?第[ ]?[0-9]{1,3}[ ]?页[ ，,/]?共[ ]?[0-9]{1,3}[ ]?页[ 　]?(?=[^ 　\n])|"
    r"(?<=\n\n)[A-Z][^\n|\t]{2,80}?[ ]{8,100}(?:[^\n|\t]{2,60}? [|·•–—-] )?[0-9]{1,4}[ ]{0,80}(?=\n\n|\n?\Z)"
)
"""The last: a running title and a page's number with a gap between them, in a line of its own."""
_LINE = re.compile(r"[^\n]+")
_STOPS = "。；;：:！!？?."
_WIDE = re.compile(r"[^\x00-\u1fff]")
_GRID = re.compile(r"[|｜│\t]|[^ ] {3,}[^ ]")
_WIDEST = 130
"""A page's line holds at most some 60 Chinese characters; longer lines are whole paragraphs."""
_LEAST_BROKEN = 3
_DEEPEST = 20
"""So far at most hangs a line that begins with a small letter, which begins no paragraph."""


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The text to read; the run that begins at `starts[i]` in it begins at `origins[i]` in the original."""

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]

    def origin(self, position: int) -> int:
        """Where a character of `text` stands in the original."""
        run = bisect_right(self.starts, position) - 1
        return self.origins[run] + position - self.starts[run]

    def range(self, start: int, end: int) -> tuple[int, int]:
        """The original range of a range of `text`, from its first to behind its last character."""
        return self.origin(start), self.origin(end - 1) + 1 if end > start else self.origin(start)


def unwrapped(text: str) -> Unwrapped:
    """The text without page counters and without the line breaks that only a page's width made."""
    counters = list(_counters(text))
    counted = _without(text, counters)
    tables = stacked(counted.text)
    whole = [*_breaks(counted, text, tables), *_within_cells(counted.text, tables)]
    breaks = [(counted.origin(end), counted.origin(to), filler) for end, to, filler in whole]
    return _without(text, list(_apart([*counters, *breaks]))) if breaks else counted


def _counters(text: str) -> Iterator[tuple[int, int, str]]:
    """Every page counter; one inside a sentence goes with the line break before it."""
    heads = _running_heads(text)
    for found in _COUNTER.finditer(text):
        start, end = found.start(), _behind_head(text, found.end(), heads)
        before = text[start - 2 : start - 1]
        inside = start > 1 and end < len(text) and before not in f"{_STOPS}\n" and text[start - 1] == "\n"
        yield start - (inside and text[end] not in " 　\t\n" and not begins_unit(text, end)), end, ""


_HEAD = re.compile(r"(?m)^[ \t]{0,20}(?P<head>\S[^\n|\t]{2,60}?[ ]{5,100}\S[^\n|\t]{2,60})$")
_BLANK = re.compile(r"[ \t]*\n")


def _running_heads(text: str) -> frozenset[str]:
    """The lines with a gap in them that stand in a text again and again, as a page's head does."""
    seen = Counter(" ".join(found["head"].split()) for found in _HEAD.finditer(text))
    return frozenset(head for head, times in seen.items() if times > 1)


def _behind_head(text: str, end: int, heads: frozenset[str]) -> int:
    """Where a page's words begin behind its counter, if a running head stands between."""
    at = end
    while heads and (blank := _BLANK.match(text, at)):
        at = blank.end()
    head = _HEAD.match(text, at) if heads else None
    known = head is not None and " ".join(head["head"].split()) in heads
    return head.end() + 1 if head and known else end


def _apart(cuts: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """The cuts in order; of two that overlap, one over both with the filler of the last."""
    last: tuple[int, int, str] | None = None
    for start, end, filler in sorted(cuts):
        if last and start <= last[1]:
            last = (last[0], max(last[1], end), filler or last[2])
            continue
        if last:
            yield last
        last = (start, end, filler)
    if last:
        yield last


def _without(text: str, cuts: list[tuple[int, int, str]]) -> Unwrapped:
    """The text with each range of `cuts` replaced by its filler, of at most the range's length."""
    parts: list[str] = []
    starts, origins = [0], [0]
    at = length = 0
    for start, end, filler in cuts:
        parts += [text[at:start], filler]
        length += start - at + len(filler)
        at = end
        starts += [length - len(filler)] * bool(filler) + [length]
        origins += [start] * bool(filler) + [end]
    return Unwrapped("".join([*parts, text[at:]]), tuple(starts), tuple(origins))


def _breaks(counted: Unwrapped, printed: str, tables: list[Table]) -> Iterator[tuple[int, int, str]]:
    """The line ends inside paragraphs, in a text that is broken by width throughout.

    A line that a page counter had parted is as wide as its last part was `printed`.
    """
    text = counted.text
    lines = [(found.start(), found.end()) for found in _LINE.finditer(text)]
    widths = [_printed_width(printed, counted.origin(end - 1) + 1, end - start) for start, end in lines]
    widest = max(widths, default=0)
    if widest > _WIDEST:
        return
    full = [
        (end, _words_from(text, following))
        for (start, end), (following, _), width in zip(lines, lines[1:], widths, strict=False)
        if width >= _least(text[start:end], widest) and _goes_on(text, start, end, following)
    ]
    full = [one for one in full if not _is_inside(one[0], tables)]
    if sum(text[end - 1] not in _STOPS for end, _ in full) >= _LEAST_BROKEN:
        yield from ((end, following, _filler(text, end, following)) for end, following in full)


def _printed_width(printed: str, end: int, length: int) -> int:
    """The width of the printed line that ends at `end`, where the line read has so many characters."""
    if length > 2 * _WIDEST:
        return _WIDEST + 1
    begin = printed.rfind("\n", max(0, end - _WIDEST - 1), end) + 1
    return _width(printed[begin:end]) if begin or end <= _WIDEST else _WIDEST + 1


def _is_inside(position: int, tables: list[Table]) -> bool:
    at = bisect_right(tables, position, key=lambda table: table.start)
    return at > 0 and position <= tables[at - 1].end


def _within_cells(text: str, tables: list[Table]) -> Iterator[tuple[int, int, str]]:
    """The line ends within one cell of tables with a cell a line, but those behind a sentence or a name."""
    for cell in (cell for table in tables for row in table.rows for cell in row):
        if are_named(text[cell.start : cell.end]):
            continue
        for found in _LINE_END.finditer(text, cell.start, cell.end):
            if text[found.start() - 1] not in _STOPS:
                yield found.start(), found.end(), _filler(text, found.start(), found.end())


_LINE_END = re.compile(r"[ \t　]*\n\s*")


def _width(line: str) -> int:
    """Columns: a Chinese character takes two."""
    return len(line) + len(_WIDE.findall(line))


def _least(line: str, widest: int) -> int:
    """How wide a full line is at least: words keep together, Chinese characters need not."""
    return widest * 7 // 10 if line.isascii() else widest - 6


def _goes_on(text: str, start: int, end: int, following: int) -> bool:
    """Whether the next line may belong to the same paragraph."""
    within = text[_words_from(text, following) : following + _DEEPEST][:1].islower()
    hanging = within or text[start] == " " or begins_unit(text, start)
    return (
        following == end + 1
        and (text[following] not in " 　\t" or (hanging and text[following] == " "))
        and not _GRID.search(text, _words_from(text, start), end)
        and not begins_unit(text, following)
    )


def _words_from(text: str, position: int) -> int:
    """Where the words of a line begin."""
    while text[position : position + 1] in {" ", "　", "\t"}:
        position += 1
    return position


def _filler(text: str, end: int, following: int) -> str:
    return " " if text[end - 1].isascii() and text[following : following + 1].isascii() else ""


def in_original(reading: Reading, lines: Unwrapped, text: str) -> Reading:
    """The reading with every position told in the text as it came in."""
    if len(lines.starts) == 1:
        return replace(reading, text=text)
    drafts = tuple(_moved(draft, lines) for draft in reading.drafts)
    return replace(reading, drafts=drafts, flags=_flags(reading.flags, lines), text=text)


def _moved(draft: Draft, lines: Unwrapped) -> Draft:
    start, end = lines.range(draft.start, draft.end)
    return draft._replace(
        start=start,
        end=end,
        title_start=lines.origin(draft.title_start),
        subitems=tuple(Span(*lines.range(span.start, span.end)) for span in draft.subitems),
        flags=_flags(draft.flags, lines),
    )


def _flags(flags: tuple[Flag, ...], lines: Unwrapped) -> tuple[Flag, ...]:
    places = (lines.range(flag.start, flag.end) for flag in flags)
    return tuple(
        replace(flag, start=place[0], end=place[1]) for flag, place in zip(flags, places, strict=True)
    )
