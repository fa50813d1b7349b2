"""The rows below a ledger's header: what each column says in each row, and the row as a readable line.

Work is done column by column: a ledger may have two hundred thousand rows.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import accumulate

from documents.dates import either_way, pointed, says_day_first, tells_order
from documents.grid import Sheet
from documents.ledger_cells import Memo, deadline, is_done, names, tells_done, together, without_ditto
from documents.ledger_columns import STATED, Header, Use, merged_down
from documents.reading import Deadline
from rules.lifecycle import Kind

_OWN_REFERENCE = re.compile(r"(?:\d{4}(?:H[12]|Q[1-4]|-\d{2})?)-(?P<kind>[PM])\d{2,9}")
_MEASURE_WORDS = re.compile(r"措施|任务|举措|measure|task|action", re.IGNORECASE)
_KINDS = {"P": Kind.PROBLEM, "M": Kind.MEASURE}
_OWNERS = (Use.LEAD, Use.OWNER, Use.SUPPORT, Use.PERSON)
_FRACTION = re.compile(r"0?\.[0-9]{1,4}")


@dataclass(slots=True)
class Rows:
    """What the rows of one sheet say, a list a column, all of one length."""

    top: int
    """The number of the first of them, as programs show it."""
    numbers: list[str]
    references: list[str]
    problems: list[str]
    measures: list[str]
    owners: list[tuple[str, ...]]
    deadlines: list[Deadline]
    done: list[bool]
    answers: list[str]
    lines: list[str]
    """Each row in words, with its line end; empty where the row is."""
    before_problem: list[int]
    """At which character of its line the problem begins; the measure follows it."""
    before_measure: list[int]
    same_problem: set[int] = field(default_factory=set)
    """Rows whose problem is the cell of the row above them."""
    same_measure: set[int] = field(default_factory=set)
    either: dict[str, str] = field(default_factory=dict)
    """A deadline that may mean two days -> both of them."""
    heads: frozenset[str] = frozenset()
    """The headings of the problem and the measure; a row that repeats them is none."""
    has_matters: bool = False
    """Whether one column holds the titles of problems and measures, as in the ledgers that we write."""

    @property
    def starts(self) -> list[int]:
        """At which character of all lines together each begins."""
        return list(accumulate(map(len, self.lines), initial=0))[:-1]


def rows_below(sheet: Sheet, head: Header, after: date | None, *, is_chinese: bool) -> Rows:
    """The rows below the header; merged cells hold for every row that they reach over."""
    first = head.last + 1
    body = [list(map(str.strip, column[first:])) for column in sheet.columns]
    same = {at: _spread(body[at], ranges, first) for at, ranges in merged_down(sheet, first).items()}
    for at in head.of(Use.STATUS):
        body[at] = [f"{100 * float(cell):.4g}%" if _FRACTION.fullmatch(cell) else cell for cell in body[at]]
    of = _Columns(head, body)
    references, numbers = _references(of)
    problems, measures = _matters(of, references, sheet.name)
    places = [set().union(*(same.get(at, ()) for at in head.of(use))) for use in (Use.PROBLEM, Use.MEASURE)]
    stated = (sheet.columns[at][head.last].strip() for at in head.of(*STATED))
    return Rows(
        sheet.top + first,
        numbers,
        references,
        problems,
        measures,
        _owners(of),
        _deadlines(of, after),
        _done(of),
        of.first(Use.ANSWERS),
        *_lines(of, numbers, problems, measures, is_chinese=is_chinese),
        same_problem=places[0],
        same_measure=places[1],
        either=_either(of),
        heads=frozenset(filter(None, stated)),
        has_matters=bool(head.of(Use.MATTER)),
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns below a header, by their use."""

    head: Header
    body: list[list[str]]

    def all(self, *uses: Use) -> list[list[str]]:
        return [self.body[at] for at in self.head.of(*uses)]

    def first(self, *uses: Use) -> list[str]:
        """The first column with one of these uses; empty cells where there is none."""
        found = self.all(*uses)
        return found[0] if found else [""] * self.height

    @property
    def height(self) -> int:
        return len(self.body[0])


def _spread(column: list[str], ranges: Iterable[tuple[int, int]], first: int) -> set[int]:
    """Writes merged cells into each of their rows; gives the rows that only continue one."""
    continued: set[int] = set()
    for top, end in ranges:
        rows = range(top - first + 1, end - first + 1)
        column[rows.start : rows.stop] = [column[top - first]] * len(rows)
        continued.update(rows)
    return continued


def _references(of: _Columns) -> tuple[list[str], list[str]]:
    """Our own references, and the numbers; a column 编号 that holds no reference of ours numbers the rows."""
    named = of.first(Use.REFERENCE)
    ours = [cell if _OWN_REFERENCE.fullmatch(cell) else "" for cell in named]
    numbers = of.first(Use.NUMBER) if of.all(Use.NUMBER) or any(ours) else named
    return ours, numbers


def _matters(of: _Columns, references: list[str], sheet: str) -> tuple[list[str], list[str]]:
    """Problems and measures; of one column for both, the reference, the category or the sheet says which."""
    matters = of.all(Use.MATTER)
    if not matters:
        return without_ditto(of.first(Use.PROBLEM)), without_ditto(of.first(Use.MEASURE))
    usual = Kind.MEASURE if _MEASURE_WORDS.search(sheet) and "问题" not in sheet else Kind.PROBLEM
    categories = Memo[str, Kind](lambda word: _kind_of(word, usual))
    kinds = [
        _KINDS[found["kind"]] if (found := _OWN_REFERENCE.fullmatch(reference)) else categories[category]
        for reference, category in zip(references, of.first(Use.CATEGORY), strict=True)
    ]
    both = list(zip(kinds, matters[0], strict=True))
    return (
        [words if kind is Kind.PROBLEM else "" for kind, words in both],
        [words if kind is Kind.MEASURE else "" for kind, words in both],
    )


def _kind_of(category: str, usual: Kind) -> Kind:
    if _MEASURE_WORDS.search(category):
        return Kind.MEASURE
    return Kind.PROBLEM if "问题" in category or category.lower() == "problem" else usual


def _owners(of: _Columns) -> list[tuple[str, ...]]:
    """Whom each row names: who leads, who answers for it, who helps; leaders where there is nobody else."""
    columns = of.all(*_OWNERS) or of.all(Use.LEADER)
    if not columns:
        return [()] * of.height
    memo = Memo[str, tuple[str, ...]](names)
    told = (map(memo.__getitem__, without_ditto(column)) for column in columns)
    several = Memo[tuple[tuple[str, ...], ...], tuple[str, ...]](together)
    return [several[row] for row in zip(*told, strict=True)]


def _deadlines(of: _Columns, after: date | None) -> list[Deadline]:
    cells = without_ditto(of.first(Use.DEADLINE))
    memo = Memo[str, Deadline](
        (lambda cell: _day_first(cell, after))
        if says_day_first("\n".join(set(cells)))
        else (lambda cell: deadline(cell, after))
    )
    return list(map(memo.__getitem__, cells))


def _either(of: _Columns) -> dict[str, str]:
    """The days with slashes of a column in which none tells whether the month comes first."""
    cells = {cell for cell in of.first(Use.DEADLINE) if "/" in cell}
    if tells_order("\n".join(cells)):
        return {}
    return {cell: found for cell in cells if (found := either_way(cell))}


def _day_first(cell: str, after: date | None) -> Deadline:
    """A deadline of a column whose other days with slashes begin with the day."""
    found = deadline(pointed(cell), after)
    return found if found.text == cell else replace(found, text=cell if found.text else "")


def _done(of: _Columns) -> list[bool]:
    """What is told of the progress, or stands in place of a deadline: 已完成."""
    stands = of.all(Use.STATUS)
    memo = Memo[tuple[str, ...], bool](lambda row: is_done(row[0], row[1:]))
    done = list(map(memo.__getitem__, zip(of.first(Use.CLOSED), *stands, strict=True)))
    deadlines = of.first(Use.DEADLINE)
    told = {cell for cell in set(deadlines) if len(cell) > 1 and tells_done(cell)}
    return [one or cell in told for one, cell in zip(done, deadlines, strict=True)] if told else done


def _lines(
    of: _Columns, numbers: list[str], problems: list[str], measures: list[str], *, is_chinese: bool
) -> tuple[list[str], list[int], list[int]]:
    """Each row in words, and at which characters of it the problem and the measure begin.

    The number comes first, then problem and measure, then what the other columns say, each behind its label.
    """
    head, labels = of.head, of.head.labels
    numbered = _numbered(numbers, problems, measures, is_chinese=is_chinese)
    label = next((labels[at] for at in head.of(Use.MEASURE)), "")
    between = _label(label, is_chinese=is_chinese)
    measured = _measured(problems, measures, between)
    own = set(head.of(*STATED, Use.NUMBER))
    kept = [
        _labelled(of.body[at], _label(labels[at], is_chinese=is_chinese))
        for at in range(len(labels))
        if at not in own
    ]
    rows = zip(numbered, problems, measured, *kept, strict=True)
    before = list(map(len, numbered))
    return (
        [line + "\n" if line else "" for line in map("".join, rows)],
        before,
        [
            start + len(problem) + len(between) if measure and problem else start + len(problem)
            for start, problem, measure in zip(before, problems, measures, strict=True)
        ],
    )


def _numbered(
    numbers: Sequence[str], problems: Sequence[str], measures: Sequence[str], *, is_chinese: bool
) -> list[str]:
    """The number before its row's words, with the sign that belongs between them."""
    sign = "、" if is_chinese else ". "
    return [
        number + sign if number and (problem or measure) else number
        for number, problem, measure in zip(numbers, problems, measures, strict=True)
    ]


def _measured(problems: Sequence[str], measures: Sequence[str], label: str) -> list[str]:
    """The measure, with its label where it stands behind a problem."""
    return [
        label + measure if measure and problem else measure
        for problem, measure in zip(problems, measures, strict=True)
    ]


def _label(heading: str, *, is_chinese: bool) -> str:
    if not heading:
        return "；" if is_chinese else "; "
    return f"；{heading}：" if is_chinese else f"; {heading}: "


def _labelled(column: Sequence[str], label: str) -> list[str]:
    """Each cell behind its label; the columns beside problem and measure repeat a few words."""
    said = {cell: label + cell if cell else "" for cell in set(column)}
    return list(map(said.__getitem__, column))
