"""Which row of a sheet is the header of a ledger, and what each of its columns is taken for."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from documents.grid import Sheet
from documents.table_heads import column_of

_FILE = Path(__file__).with_name("ledger_columns.toml")
_SEARCHED_ROWS = 50
_LONGEST_HEADING = 40
_BLANK = re.compile(r"[\s\u200b\ufeff*＊]+")
_BRACKETS = re.compile(r"[（(【\[〔]([^（()）【】\[\]〔〕]*)[）)】\]〕]")
_SIGNS = ":：。.、，,;；"
_LEADS, _HELPS = re.compile(r"牵头|主办|主责|lead"), re.compile(r"配合|协办|协助|support")


class Use(StrEnum):
    """What a column of a ledger is for."""

    NUMBER = "number"
    REFERENCE = "reference"
    CATEGORY = "category"
    SOURCE = "source"
    MATTER = "matter"
    """A problem or a task; another column or the sheet says which."""
    PROBLEM = "problem"
    MEASURE = "measure"
    TARGET = "target"
    LEAD = "lead"
    OWNER = "owner"
    SUPPORT = "support"
    PERSON = "person"
    LEADER = "leader"
    DEADLINE = "deadline"
    STATUS = "status"
    EVIDENCE = "evidence"
    CLOSED = "closed"
    ANSWERS = "answers"
    REMARKS = "remarks"
    OTHER = "other"


STATED = frozenset({Use.PROBLEM, Use.MEASURE, Use.MATTER})
"""One of these makes a table a ledger."""

_SINGLE = STATED | {Use.NUMBER, Use.REFERENCE, Use.CATEGORY, Use.DEADLINE, Use.CLOSED, Use.ANSWERS}
_TOLD_BY_WORDS = {
    "number": Use.NUMBER,
    "problem": Use.PROBLEM,
    "measure": Use.MEASURE,
    "owner": Use.OWNER,
    "deadline": Use.DEADLINE,
    "outcome": Use.STATUS,
    "status": Use.STATUS,
}


@dataclass(frozen=True, slots=True)
class Header:
    """Rows `first` to `last` of a sheet, counted from 0, and its columns from left to right."""

    first: int
    last: int
    headings: tuple[str, ...]
    uses: tuple[Use, ...]

    @property
    def labels(self) -> list[str]:
        """What stands before each column's words in a line: the heading without group and brackets."""
        short = [_BRACKETS.sub("", heading.rpartition("/")[2]) for heading in self.headings]
        return [
            one if short.count(one) == 1 else _BRACKETS.sub("", whole)
            for one, whole in zip(short, self.headings, strict=True)
        ]

    def of(self, *uses: Use) -> list[int]:
        """The places of the columns with these uses, those of the first use first."""
        return [at for use in uses for at, found in enumerate(self.uses) if found is use]


def header(sheet: Sheet) -> Header | None:
    """The first row, or pair of rows, that names the columns of a ledger; None where there is none."""
    for first in range(min(_SEARCHED_ROWS, sheet.height)):
        own = _header(sheet, first, first)
        below = _header(sheet, first, first + 1) if _divides(sheet, first) else None
        if below and _weight(below) > max(_weight(own), _weight(_header(sheet, first + 1, first + 1))):
            own = below
        if _is_ledger(own):
            return own
    return None


def _weight(found: Header) -> int:
    return sum(use is not Use.OTHER for use in found.uses)


def _is_ledger(found: Header) -> bool:
    return bool(STATED & set(found.uses)) and len({use for use in found.uses if use is not Use.OTHER}) > 1


def _header(sheet: Sheet, first: int, last: int) -> Header:
    """What the columns would be if the header stood in these rows."""
    levels = [_grouped(sheet, first), sheet.row(last)] if last > first else [sheet.row(first)]
    several = [
        tuple(dict.fromkeys(filter(None, map(squeezed, cells)))) for cells in zip(*levels, strict=True)
    ]
    return Header(
        first,
        last,
        tuple("/".join(parts) for parts in several),
        _without_doubles([_use(parts) for parts in several]),
    )


def _grouped(sheet: Sheet, row: int) -> list[str]:
    """The cells of the upper of two header rows; a group's heading stands over each of its columns."""
    cells = sheet.row(row)
    for first_row, first, _, last in sheet.merged:
        if first_row == row:
            cells[first : last + 1] = [cells[first]] * (last + 1 - first)
    lower = sheet.row(row + 1)
    for at in range(1, len(cells)):
        if not cells[at].strip() and lower[at].strip():
            cells[at] = cells[at - 1]
    return cells


def _divides(sheet: Sheet, row: int) -> bool:
    """Whether the row below only divides the headings of this one; below a whole heading nothing stands."""
    if row + 1 >= sheet.height:
        return False
    upper, lower = sheet.row(row), sheet.row(row + 1)
    tall = {at for top, at, end, _ in sheet.merged if top <= row < end}
    if any(len(squeezed(cell)) > _LONGEST_HEADING for cell in lower) or not any(map(str.strip, lower)):
        return False
    parted = tall | _groups(sheet, row, upper)
    return all(
        at in parted or not (over.strip() and under.strip()) or _makes_a_word(over, under)
        for at, (over, under) in enumerate(zip(upper, lower, strict=True))
    )


def _makes_a_word(upper: str, lower: str) -> bool:
    """整改 over 时限: a heading only together."""
    return exact_use(squeezed(upper)) is None and exact_use(squeezed(upper + lower)) is not None


def _groups(sheet: Sheet, row: int, upper: Sequence[str]) -> set[int]:
    """The columns of headings that reach over the next one, by merging or because nothing stands there."""
    merged = {at for top, at, _, last in sheet.merged if top == row and last > at}
    return merged | {at for at in range(len(upper) - 1) if upper[at].strip() and not upper[at + 1].strip()}


def squeezed(heading: str) -> str:
    """A heading without blanks, line breaks and stars; English words keep one blank between them."""
    plain = _BLANK.sub(" ", heading).strip()
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", plain)


def _use(parts: Sequence[str]) -> Use:
    """By the lowest heading, else together with the one above it, else by the words in them."""
    if not parts:
        return Use.OTHER
    for heading in dict.fromkeys((parts[-1], "".join(parts), "".join(reversed(parts)))):
        use = exact_use(heading)
        if use:
            return use
    told = column_of(_BRACKETS.sub("", "".join(parts)))
    is_heading = len("".join(parts)) <= _LONGEST_HEADING
    return _TOLD_BY_WORDS.get(told, Use.OTHER) if is_heading else Use.OTHER


@lru_cache(maxsize=1024)
def exact_use(heading: str) -> Use | None:
    """The use of a heading that stands in the list, with what its brackets say of it."""
    plain = heading.lower().replace(" ", "")
    inside = "".join(_BRACKETS.findall(plain))
    bare = _BRACKETS.sub("", plain)
    forms = (plain, bare, bare + inside, inside, plain.strip(_SIGNS), bare.strip(_SIGNS))
    use = next((words[form] for form in forms if form in (words := _words())), None)
    if use is Use.OWNER and inside:
        return Use.LEAD if _LEADS.search(inside) else Use.SUPPORT if _HELPS.search(inside) else use
    return use


@lru_cache(maxsize=1)
def _words() -> dict[str, Use]:
    table = tomllib.loads(_FILE.read_text("utf-8"))
    found: dict[str, Use] = {}
    for use, words in table.items():
        for word in words:
            found.setdefault(word, Use(use))
    return found


def _without_doubles(uses: Sequence[Use]) -> tuple[Use, ...]:
    """Of two columns for what a row has once, the first counts."""
    return tuple(Use.OTHER if use in _SINGLE and use in uses[:at] else use for at, use in enumerate(uses))


def merged_down(sheet: Sheet, first: int) -> dict[int, list[tuple[int, int]]]:
    """Column -> the first and last rows of its cells that reach over several rows, from row `first` on.

    Ranges that overlap another one, which no program writes, are left out.
    """
    found: dict[int, list[tuple[int, int]]] = {}
    for top, at, end, _ in sorted(sheet.merged):
        reached = found[at][-1][1] if at in found else first - 1
        if end > top > reached:
            found.setdefault(at, []).append((top, end))
    return found
