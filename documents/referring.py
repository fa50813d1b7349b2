"""English paragraphs that tell a fault and send their reader to what is required: `… See requirement 1.`"""

import re
from collections.abc import Iterator
from dataclasses import replace

from documents.claim import Claim, told_fault
from documents.clauses import sentences
from documents.number_signs import value_of
from documents.plain_prose import paragraphs
from documents.reading import Span
from documents.told_paragraphs import fault_within
from rules.lifecycle import Kind

_SENDS = re.compile(
    r"[(]?(?:See|Refer to|(?:This|It) is (?:subject to|addressed (?:in|by))) "
    r"(?P<what>requirement|recommendation|area for improvement|action|improvement)s? (?P<number>[0-9]{1,2})\b"
    r"[^.()\n]{0,40}[.)]{1,2}"
)
_FEWEST = 2
"""A paper that sends its readers on once only may do so about anything."""
_LONGEST_HEADING = 60


def sent_on(text: str, start: int, end: int, found: list[Claim]) -> list[Claim]:
    """The claims with the faults of such paragraphs that none of them holds, each answered by its number."""
    sent = list(_paragraphs(text, start, end))
    if len(sent) < _FEWEST:
        return found
    kept = list(found)
    for span, what, number in sent:
        problem = next((one for one in kept if _holds(one, span)), None) or told_fault(span, span.start)
        inside = [one for one in kept if one is not problem and _lies_in(one, span)]
        kept = [one for one in kept if one not in inside and one is not problem]
        kept = [
            replace(one, answers=problem.start) if _is_called(text, one, what, number) else one
            for one in kept
        ]
        kept.append(problem)
    return kept


def _holds(claim: Claim, span: Span) -> bool:
    """Whether a claim already tells the fault, from its first words or before them."""
    return claim.kind is Kind.PROBLEM and claim.start <= span.start < claim.end


def _lies_in(claim: Claim, span: Span) -> bool:
    return not claim.number and span.start <= claim.start < span.end


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[Span, str, int]]:
    """The fault of each paragraph that sends on, what to, and the number of that."""
    for line in paragraphs(text, start, end):
        sends = _SENDS.search(text, *line.span())
        if sends is None or text[sends.end() : line.end()].strip():
            continue
        every = list(sentences(text, line.start(), sends.start()))
        if fault := fault_within(text, every) if every else None:
            yield Span(fault.start, sends.end()), sends["what"], int(sends["number"])


def _is_called(text: str, claim: Claim, what: str, number: int) -> bool:
    """Whether a measure is the one of that number, by its own name or by the heading that it stands below."""
    if claim.kind is not Kind.MEASURE or not claim.number or value_of(claim.number) != number:
        return False
    heading = text[claim.group : claim.group + _LONGEST_HEADING].partition("\n")[0]
    return any(what.split(maxsplit=1)[0] in said.lower() for said in (claim.number, heading))
