"""Findings of an English audit under headings of their own, each before one over its recommendations."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace
from itertools import islice

from documents.claim import Claim
from documents.reading import Span
from rules.lifecycle import Kind

_OVER = re.compile(r"(?m)^[ \t]*(?:Recommendations?|RECOMMENDATIONS?):?[ \t]*$")
_BLOCK = re.compile(
    r"(?:[ \t]*[\w-]{1,12}\n){0,2}(?P<head>[A-Z][^\n.;:]{12,110})\n(?P<body>[^\n]{60,}(?:\n[^\n]+)*)\n\s*\Z"
)
_FEWEST, _MOST = 2, 40
_READ = 4000


def under_findings(text: str, found: list[Claim]) -> list[Claim]:
    """The claims; what is told below `Fuel could not be traced` before `Recommendations` is one problem.

    It is answered by what stands numbered below that heading. Nothing changes where fewer than two are so.
    """
    rows = sorted((one for one in found if one.kind is Kind.MEASURE), key=lambda one: one.start)
    pairs = [
        (block, answers)
        for over in _OVER.finditer(text)
        if (block := _block(text, over.start())) and (answers := _below(text, over.end(), rows))
    ]
    if len(pairs) < _FEWEST:
        return found
    answering = {claim.start: block.start for block, several in pairs for claim in several}
    blocks = [block for block, _ in pairs]
    kept = [one for one in found if not _is_within(one, blocks)]
    told = [replace(one, answers=answering.get(one.start, one.answers)) for one in kept]
    return told + [_finding(block) for block, _ in pairs]


def _block(text: str, end: int) -> Span | None:
    """The paragraph behind a line that heads it, right before `end`."""
    first = max(0, end - _READ)
    begin = text.rfind("\n\n", first, first + len(text[first:end].rstrip()))
    block = _BLOCK.match(text, begin + 2, end) if begin != -1 else None
    return Span(block.start("head"), block.end("body")) if block else None


def _below(text: str, start: int, rows: list[Claim]) -> list[Claim]:
    """Those of the measures that stand one after the other behind a heading."""
    several: list[Claim] = []
    first = bisect_left(rows, start, key=lambda one: one.start)
    for claim in islice(rows, first, first + _MOST):
        if text[start : claim.start].strip():
            break
        several.append(claim)
        start = claim.end
    return several


def _is_within(claim: Claim, blocks: list[Span]) -> bool:
    at = bisect_right(blocks, claim.start, key=lambda block: block.start)
    return at > 0 and claim.start < blocks[at - 1].end


def _finding(block: Span) -> Claim:
    return Claim(Kind.PROBLEM, "", block.start, block.start, block.end, "sentence-under-section", block.start)
