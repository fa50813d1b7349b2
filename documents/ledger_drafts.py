"""The rows of a ledger to drafts: one for each problem and each measure, linked as the rows say."""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from operator import add

from documents.ledger_cells import LONGEST_NOTHING, is_nothing, title, together, vague_word
from documents.ledger_rows import Rows
from documents.reading import Deadline, Draft, Flag, FlagCode
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind

RULE = "ledger-row"

_TOTAL = re.compile(
    r"(?:合计|小计|总计|共计|累计|total|sub-?total)[\s:：]*[（(]?[0-9]*[项个）)]*", re.IGNORECASE
)
_FOOTER = re.compile(
    r"(?:填表|填报|制表|审核|审批|复核|报送|联系)(?:人|单位|日期|时间|电话)?\s*[:：]|(?:备注|说明|注)\s*[:：]|"
    r"(?:prepared|approved|reviewed|compiled|signed)(?: by)?\s*:|notes?\s*:",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"[、,，;；\s]+")


class Reason(StrEnum):
    """Why a row of a ledger is no item."""

    NEITHER = "neither"
    TOTAL = "total"
    HEADER = "header"
    KNOWN = "known"


@dataclass(slots=True)
class Found:
    """What the sheets of a ledger gave so far, and by what an item is known again."""

    drafts: list[Draft] = field(default_factory=list)
    references: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    """Printed number -> the first problem that bears it."""
    words: dict[tuple[str, str], int] = field(default_factory=dict)
    """Words of a problem and of a measure -> its draft, of the sheets before."""
    answers: list[tuple[int, str]] = field(default_factory=list)
    """Draft of a measure, and what its row says it answers."""
    either: dict[str, str] = field(default_factory=dict)
    """A deadline that may mean two days -> both of them."""


def read_rows(rows: Rows, offset: int, found: Found, *, is_only: bool) -> dict[Reason, list[int]]:
    """Adds the drafts of a sheet whose lines begin at character `offset` of the text.

    Gives the numbers of the rows that are no items, by reason; empty rows are not told of. What no other
    sheet can repeat, because this is the only one, need not be known again.
    """
    return _Reader(rows, offset, found, is_only=is_only).read()


class _Reader:
    """One pass over the rows of one sheet."""

    def __init__(self, rows: Rows, offset: int, found: Found, *, is_only: bool) -> None:
        self._rows = rows
        self._is_only = is_only
        self._found = found
        self._drafts = found.drafts
        starts = [offset + start for start in rows.starts]
        self._problems = list(map(add, starts, rows.before_problem))
        self._measures = list(map(add, starts, rows.before_measure))
        self._ends = [start + len(line) - 1 for start, line in zip(starts, rows.lines, strict=True)]
        self._left: dict[Reason, list[int]] = defaultdict(list)
        self._fresh: dict[tuple[str, str], int] = {}
        self._over: dict[int, list[int]] = defaultdict(list)
        """Draft of a problem -> the further rows that belong to it."""
        self._also: dict[int, list[int]] = defaultdict(list)
        """Draft of a measure -> the further problems that it answers."""
        self._problem: int | None = None
        self._words = ""
        self._measure: int | None = None

    def read(self) -> dict[Reason, list[int]]:
        tied, heads, least = self._tied(), self._rows.heads, LONGEST_NOTHING
        for at, (problem, measure) in enumerate(zip(self._rows.problems, self._rows.measures, strict=True)):
            # A new problem and its measure, as in most rows of a long ledger: seen at a look.
            is_stated = len(problem) > least < len(measure)
            if is_stated and problem != self._words and problem not in heads and at not in tied:
                self._add_pair(at, problem, measure)
                continue
            reason = self._reason(at, problem, measure) or self._read_row(at, problem, measure)
            if reason and self._rows.lines[at]:
                self._left[reason].append(self._rows.top + at)
        for index, rows in self._over.items():
            self._drafts[index] = self._over_rows(self._drafts[index], rows)
        for index, problems in self._also.items():
            self._drafts[index] = _answering(self._drafts[index], problems)
        self._found.words |= self._fresh
        self._found.either |= self._rows.either
        return self._left

    def _tied(self) -> Container[int]:
        """The rows that may repeat or go on with another one: by merging, a reference, or a sheet before."""
        rows = self._rows
        if not self._is_only:
            return range(len(rows.lines))
        return rows.same_problem | rows.same_measure | {at for at, one in enumerate(rows.references) if one}

    def _add_pair(self, at: int, problem: str, measure: str) -> None:
        """Both drafts of a row by itself, as `_settle_problem` and `_settle_measure` would make them."""
        self._words = problem
        self._problem = self._add(at, Kind.PROBLEM, problem, ())
        self._measure = self._add(at, Kind.MEASURE, measure, (self._problem,))
        self._found.numbers.setdefault(self._rows.numbers[at], self._problem)
        if self._rows.answers[at]:
            self._found.answers.append((self._measure, self._rows.answers[at]))

    def _reason(self, at: int, problem: str, measure: str) -> Reason | None:
        """Why a row is no item; most rows are settled by the first look."""
        heads = self._rows.heads
        if problem and measure and problem not in heads:
            return None if not (is_nothing(problem) and is_nothing(measure)) else Reason.NEITHER
        words = problem or measure
        if words in heads and (problem in heads) >= (measure in heads):
            return Reason.HEADER
        first = self._rows.numbers[at] or words
        if not (problem and measure) and (_TOTAL.fullmatch(first) or _FOOTER.match(first)):
            return Reason.TOTAL
        return Reason.NEITHER if is_nothing(problem) and is_nothing(measure) else None

    def _read_row(self, at: int, problem: str, measure: str) -> Reason | None:
        known = len(self._drafts)
        self._settle_problem(at, problem)
        if not is_nothing(measure):
            self._settle_measure(at, problem, measure)
        is_new = len(self._drafts) > known or at in self._rows.same_problem or at in self._rows.same_measure
        return None if is_new else Reason.KNOWN

    def _settle_problem(self, at: int, problem: str) -> None:
        """Finds out which problem the row belongs to: its own, the one of the rows above, or none."""
        rows = self._rows
        if is_nothing(problem):
            if problem or rows.numbers[at] or rows.has_matters:
                self._problem = None
            self._follow(at)
        elif self._problem is not None and self._words == problem and not rows.references[at]:
            self._follow(at)
        else:
            self._words = problem
            self._problem = self._known(at, Kind.PROBLEM, (problem, ""))
            if self._problem is None:
                self._problem = self._add(at, Kind.PROBLEM, problem, ())
                self._remember(at, self._problem, (problem, ""))
                self._found.numbers.setdefault(rows.numbers[at], self._problem)

    def _follow(self, at: int) -> None:
        if self._problem is not None:
            self._over[self._problem].append(at)

    def _settle_measure(self, at: int, problem: str, measure: str) -> None:
        if at in self._rows.same_measure and self._measure is not None:
            if self._problem is not None:
                self._also[self._measure].append(self._problem)
            return
        self._measure = self._known(at, Kind.MEASURE, (problem, measure))
        if self._measure is None:
            answered = () if self._problem is None else (self._problem,)
            self._measure = self._add(at, Kind.MEASURE, measure, answered)
            self._remember(at, self._measure, (problem, measure))
            if self._rows.answers[at]:
                self._found.answers.append((self._measure, self._rows.answers[at]))

    def _known(self, at: int, kind: Kind, key: tuple[str, str]) -> int | None:
        """The draft that this row repeats: by our reference, else by the words of a sheet before.

        A reference names one item: in a row that states a problem and its measure, the problem alone.
        """
        reference = self._rows.references[at]
        if not reference:
            return None if self._is_only else self._found.words.get(key)
        index = self._found.references.get(reference)
        return index if index is not None and self._drafts[index].kind is kind else None

    def _add(self, at: int, kind: Kind, words: str, answered: tuple[int, ...]) -> int:
        rows, drafts = self._rows, self._drafts
        begin, heading = (0, words) if rows.has_matters else title(words)
        start = (self._problems if kind is Kind.PROBLEM else self._measures)[at]
        drafts.append(
            Draft(
                kind,
                "" if answered else rows.numbers[at],
                heading,
                start + begin,
                start,
                self._ends[at],
                rows.owners[at],
                rows.deadlines[at],
                (),
                rows.done[at],
                answered,
                RULE,
                (),
            )
        )
        return len(drafts) - 1

    def _remember(self, at: int, index: int, key: tuple[str, str]) -> None:
        """By what the draft is known again: its reference if no other item has it, and its words."""
        reference = self._rows.references[at]
        if not self._is_only:
            self._fresh[key] = index
        if reference and reference not in self._found.references:
            self._drafts[index] = self._drafts[index]._replace(reference=reference)
            self._found.references[reference] = index

    def _over_rows(self, draft: Draft, further: list[int]) -> Draft:
        """A problem over several rows: whoever is named in one of them, the latest day, done if all are."""
        rows = self._rows
        return draft._replace(
            owners=together([draft.owners, *(rows.owners[at] for at in further)]),
            deadline=_latest(draft.deadline, [rows.deadlines[at] for at in further]),
            done=draft.done and all(rows.done[at] for at in further),
        )


def _latest(first: Deadline, others: list[Deadline]) -> Deadline:
    dated = [one for one in (first, *others) if one.on]
    if dated:
        return max(dated, key=lambda one: one.on or date.min)
    return next((one for one in (first, *others) if one.time_limit is not TimeLimit.NONE), first)


def finished(found: Found) -> tuple[Draft, ...]:
    """All drafts, with the links that rows state by number or reference, and what each lacks as flags."""
    drafts = found.drafts
    for index, words in found.answers:
        targets = [_target(found, word) for word in _SEVERAL.split(words)]
        problems = (at for at in targets if at is not None and drafts[at].kind is Kind.PROBLEM)
        drafts[index] = _answering(drafts[index], problems)
    answered = {at for draft in drafts for at in draft.addresses}
    has_both = len({draft.kind for draft in drafts}) == len(Kind)
    return tuple(
        draft if at in answered else _flagged(draft, found.either, has_both=has_both)
        for at, draft in enumerate(drafts)
    )


def _answering(measure: Draft, problems: Iterable[int]) -> Draft:
    """The measure with these problems, too, each once however often rows name it."""
    return measure._replace(addresses=tuple(dict.fromkeys((*measure.addresses, *problems))))


def _flagged(draft: Draft, either: Mapping[str, str], *, has_both: bool) -> Draft:
    """The draft with its flags. A problem with a measure has none: who and by when is the measure's."""
    is_linked = not has_both or (draft.kind is Kind.MEASURE and bool(draft.addresses))
    is_dated = draft.deadline.time_limit is not TimeLimit.NONE and draft.deadline.text not in either
    if is_linked and (draft.done or (draft.owners and is_dated)):
        return draft
    return draft._replace(flags=tuple(_flags(draft, either, is_linked=is_linked)))


def _target(found: Found, word: str) -> int | None:
    return found.references.get(word, found.numbers.get(word)) if word else None


def _flags(draft: Draft, either: Mapping[str, str], *, is_linked: bool) -> Iterator[Flag]:
    place = (draft.start, draft.end, draft.title)
    if not is_linked:
        is_problem = draft.kind is Kind.PROBLEM
        yield Flag(FlagCode.PROBLEM_UNANSWERED if is_problem else FlagCode.MEASURE_UNPROMPTED, *place)
    if draft.done:
        return
    if not draft.owners:
        yield Flag(FlagCode.NO_OWNER, *place)
    if draft.deadline.time_limit is TimeLimit.NONE:
        yield Flag(FlagCode.NO_DEADLINE, *place)
        vague = vague_word(draft.deadline)
        if vague:
            yield Flag(FlagCode.VAGUE_WORDS, draft.start, draft.end, vague)
    if draft.deadline.text in either:
        yield Flag(FlagCode.TWO_DATES, draft.start, draft.end, either[draft.deadline.text])
