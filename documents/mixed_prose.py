"""Papers that tell fault and fix in one breath: `消毒池是干的，请马上加满药水。`, sentence after sentence.

Nothing announces either; the weight of the words on both sides of a comma or a stop tells where one ends.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from documents.claim import Claim, told_fault
from documents.clauses import says_nothing_wrong, sentences
from documents.dialogue import told_pair
from documents.plain_prose import paragraphs
from documents.reading import Span
from documents.weighing import weigh
from rules.lifecycle import Kind

_MARK = re.compile(r"[ \t　]*(?:[-*•●·—–]+[ \t　]+|[0-9]{1,2}[.、)）][ \t　]*)?")
_STOP = re.compile(r"(?<!的)[，；。]|[,;] (?:(?:so|and|but) )?|[.?!] (?=[A-Z])| [-–—]{1,2} ")
_SURE = 1.0
"""By how much the words of a fault must speak more for a fault than for a fix, and the other way round."""
_LEAST = -0.5
"""Words that weigh less are neither, whatever the other side says."""
_FEWEST_PAIRS = 3
_LONGEST = 300
"""A sentence of more characters is not looked through for where its fix begins."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """A sentence, or the part of one, that tells a fault or what is done about it."""

    kind: Kind | None
    span: Span


def told_in_one_breath(text: str, start: int, end: int) -> list[Claim]:
    """The faults and fixes of a paper of which three sentences or neighbours at least tell both."""
    found: list[list[Claim]] = []
    for line in paragraphs(text, start, end):
        mark = _MARK.match(text, line.start(), line.end())
        found += _paired(text, list(_turns(text, mark.end() if mark else line.start(), line.end())))
    pairs = sum(len(one) > 1 for one in found)
    return [claim for one in found for claim in one] if pairs >= _FEWEST_PAIRS else []


def _paired(text: str, turns: list[_Turn]) -> Iterator[list[Claim]]:
    """Each fault, with the fixes right behind it."""
    at = 0
    while at < len(turns):
        fault, at = turns[at], at + 1
        begin = at
        while at < len(turns) and turns[at].kind is Kind.MEASURE:
            at += 1
        if fault.kind is not Kind.PROBLEM:
            continue
        if at > begin:
            yield told_pair(text, fault.span, Span(turns[begin].span.start, turns[at - 1].span.end))
        elif weigh(text[fault.span.start : fault.span.end]).problem > 0:
            yield [told_fault(fault.span, fault.span.start)]


def _turns(text: str, start: int, end: int) -> Iterator[_Turn]:
    for one in sentences(text, start, end):
        cut = _cut(text, one)
        if cut is not None:
            yield _Turn(Kind.PROBLEM, Span(one.start, cut))
            yield _Turn(Kind.MEASURE, Span(cut, one.end))
        else:
            yield _Turn(_kind(text, one), one)


def _kind(text: str, span: Span) -> Kind | None:
    said = text[span.start : span.end]
    weight = weigh(said)
    if weight.problem - weight.measure > _SURE and weight.problem > _LEAST and not says_nothing_wrong(said):
        return Kind.PROBLEM
    return Kind.MEASURE if weight.measure - weight.problem > _SURE and weight.measure > _LEAST else None


def _cut(text: str, sentence: Span) -> int | None:
    """Where in a sentence the fix begins, if both of its parts speak plainly; else None."""
    best, where = 2 * _SURE, None
    if sentence.end - sentence.start > _LONGEST:
        return None
    for stop in _STOP.finditer(text, sentence.start, sentence.end):
        fault, fix = weigh(text[sentence.start : stop.end()]), weigh(text[stop.end() : sentence.end])
        one, other = fault.problem - fault.measure, fix.measure - fix.problem
        if min(one, other) > _SURE and fix.measure > _LEAST and one + other > best:
            best, where = one + other, stop.end()
    return where
