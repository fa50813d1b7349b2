"""Lines that part fault, fix, who and when by dashes or slashes, read as the tables that they stand for.

`- Sling has no marking - quarantine it - Mr Pell - 14/6`, `[ ] Book the venue - @DK - 27 Nov`,
`7 液压站油位低/补抗磨油/保全班/6月14日`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from documents.acting_english import ends_as_post
from documents.clauses import stripped
from documents.deadlines import stated
from documents.lexicon import is_latin
from documents.names import is_named
from documents.reading import Span
from documents.tables import Table
from documents.weighing import weigh
from rules.deadlines import TimeLimit

_LINE = re.compile(r"[^\n]+")
_MARK = re.compile(
    r"[ \t　]*(?:(?:[-*•●·–—]|\[[ xX]\])[ \t]*(?:\[[ xX]\][ \t]*)?|"
    r"(?P<number>[0-9]{1,3}|遗[0-9]{1,2}|[A-Z]{1,3}-?[0-9]{1,3})[.、)）:：]?[ \t　]+(?:[-–—][ \t]+)?)(?=\S)"
)
_DASH = re.compile(r"[ \t]+[-–—][ \t]+")
_SLASH = re.compile(r"[ \t]+[-–—][ \t]+|[ 　]+/[ 　]*|(?<=[^\s\d])/(?=\S)|　{2,}")
_EMPTY = frozenset("—–-/")
_PERSON = re.compile(
    r"(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][\w'-]+|[A-Z]\. ?[A-Z][\w'-]+|@?[A-Z]{2,3}|@\w{2,12}|[a-z]{2,4}|"
    r"[一-龥]{1,3}[工师]|小[一-龥]{1,2}|[一-龥A-Z]{1,4}[线课班组科部股室长]长?"
)
_APART = re.compile(r"[/,、，&]| and |(?<=\w) (?=@)")
_WHEN = re.compile(
    r"(?i)(?:(?:asap|closed|done|completed?|today|tonight|tbc|ongoing|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    r".{0,40}|待[一-龥]{2,8}|即日|每[日天周月班])"
)
_LONGEST_FIELD, _FEWEST, _MOST_WORDS = 40, 3, 5


@dataclass(frozen=True, slots=True)
class _Row:
    """A line by its fields; a field that it does not have is empty."""

    line: Span
    number: Span
    whole: Span
    told: tuple[Span, ...]
    who: Span
    when: Span

    is_left_open: bool
    """Whether a sign such as — stands where somebody or a day would."""

    @property
    def is_parted(self) -> bool:
        named = self.who.end > self.who.start or self.when.end > self.when.start
        return named or (self.is_left_open and len(self.told) > 1)


def dashed_tables(text: str) -> list[Table]:
    """A table for each run of such lines, if the text has three or more of them."""
    rows = [_row(text, found) for found in _LINE.finditer(text)]
    rows = _charged(text, rows)
    parted = [row for row in rows if row is not None and row.is_parted]
    charged = sum(row.who.end > row.who.start for row in parted)
    if len(parted) < _FEWEST or 2 * charged < len(parted):
        return []
    with_fault = 2 * sum(len(row.told) > 1 for row in parted) > len(parted)
    runs = (list(run) for is_row, run in groupby(rows, key=lambda row: row is not None) if is_row)
    return [
        table
        for run in runs
        if (table := _table(text, [row for row in run if row is not None], with_fault=with_fault))
    ]


def _charged(text: str, rows: list[_Row | None]) -> list[_Row | None]:
    """The rows; where most have somebody behind as many fields, a short field there is somebody."""
    counts = Counter(len(row.told) for row in rows if row is not None and row.who.end > row.who.start)
    usual = counts.most_common(1)[0][0] if counts else _FEWEST
    return [row and _with_who(text, row, usual) for row in rows]


def _with_who(text: str, row: _Row, usual: int) -> _Row:
    named = row.who.end > row.who.start
    if not named and len(row.told) == usual + 1 and _is_short(text, row.told[-1]):
        return replace(row, told=row.told[:-1], who=row.told[-1])
    return row if row.is_parted else replace(row, told=(row.whole,))


def _is_short(text: str, field: Span) -> bool:
    said = text[field.start : field.end]
    return len(said.split()) < _MOST_WORDS if is_latin(said) else len(said) < 2 * _MOST_WORDS


def _table(text: str, run: list[_Row], *, with_fault: bool) -> Table | None:
    """The rows of a run that tell a fault or a task; none where nothing is parted."""
    if not any(row.is_parted for row in run):
        return None
    kept = [row for row in run if row.is_parted or (with_fault and _tells_fault(text, row))]
    rows = [(row.number, *_two(row, with_fault=with_fault), row.who, *_ends(text, row)) for row in kept]
    columns = ("number", "problem", "measure", "owner", "deadline", "closing")
    return Table(run[0].line.start, run[-1].line.end, columns, tuple(rows))


def _ends(text: str, row: _Row) -> tuple[Span, Span]:
    """By when, and the word that all is done, one of which stands behind whoever does it."""
    none = Span(row.line.end, row.line.end)
    done = _DONE.match(text, row.when.start, row.when.end)
    return (none, Span(*done.span())) if done else (row.when, none)


_DONE = re.compile(r"(?i:done|closed|completed?)\b|已(?:完成|关闭|清)")


def _tells_fault(text: str, row: _Row) -> bool:
    weight = weigh(text[row.told[0].start : row.told[0].end])
    return weight.problem > max(0.0, weight.measure)


def _two(row: _Row, *, with_fault: bool) -> tuple[Span, Span]:
    """The problem and the measure of a row; a single field is a problem where the others tell both."""
    none = Span(row.line.end, row.line.end)
    if len(row.told) > 1:
        return row.told[0], Span(row.told[1].start, row.told[-1].end)
    return (row.told[0], none) if with_fault else (none, row.told[0])


def _row(text: str, found: re.Match[str]) -> _Row | None:
    """The fields of a line that begins as one of a row; None of any other line."""
    mark = _MARK.match(text, found.start(), found.end())
    if mark is None:
        return None
    none = Span(found.end(), found.end())
    number = Span(*mark.span("number")) if mark["number"] else none
    fields = list(_fields(text, mark.end(), found.end()))
    kept = [one for one in fields if text[one.start : one.end] not in _EMPTY]
    is_left_open = len(kept) < len(fields)
    who = when = none
    if len(kept) > 1 and _is_when(text, kept[-1]):
        when = kept.pop()
    if len(kept) > 1 and _is_who(text[kept[-1].start : kept[-1].end]):
        who = kept.pop()
    whole = stripped(text, mark.end(), found.end())
    if not kept or whole.end <= whole.start:
        return None
    return _Row(Span(found.start(), found.end()), number, whole, tuple(kept), who, when, is_left_open)


def _fields(text: str, start: int, end: int) -> Iterator[Span]:
    at = start
    way = _DASH if is_latin(text[start:end]) else _SLASH
    for gap in [*way.finditer(text, start, end), None]:
        field = stripped(text, at, gap.start() if gap else end)
        if field.end > field.start:
            yield field
        at = gap.end() if gap else end


def _is_when(text: str, field: Span) -> bool:
    said = text[field.start : field.end]
    if len(said) > _LONGEST_FIELD and not _WHEN.match(said):
        return False
    limit = stated(text, field.start, field.end, None).time_limit
    return limit is not TimeLimit.NONE or _WHEN.match(said) is not None or _DAY.search(said) is not None


_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_DAY = re.compile(
    rf"\b[0-9]{{1,2}}[/.][0-9]{{1,2}}\b|\b[0-9]{{1,2}} {_MONTH}\b|^{_MONTH}$|[0-9]{{1,2}}[日号]"
)


def _is_who(said: str) -> bool:
    names = [one.strip() for one in _APART.split(said)]
    if len(said) > _LONGEST_FIELD or not all(names):
        return False
    return all(_is_name(one) for one in names)


def _is_name(said: str) -> bool:
    if _PERSON.fullmatch(said):
        return True
    if not is_latin(said):
        return is_named(said)
    return len(said.split()) <= _MOST_WORDS and ends_as_post(said)
