"""Findings of an English audit under headings of their own, each before one over its recommendations."""

import re
from bisect import bisect_left
from dataclasses import replace

from documents.claim import Claim
from documents.reading import Span
from rules.lifecycle import Kind

_OVER = re.compile(r"(?m)^[ \t]*(?:Recommendations?|RECOMMENDATIONS?):?[ \t]*$")
_BLOCK = re.compile(
    r"(?:[ \t]*[\w-]{1,12}\n){0,2}(?P<head>[A-Z][^\n.;:]{12,110})\n(?P<body>[^\n]{60,}(?:\n[^\n]+)*)\n\s*\Z"
)
_FEWEST = 2
_READ = 4000


def under_findings(text: str, found: list[Claim]) -> list[Claim]:
    """The claims; what is told below `Fuel could not be traced` before `Recommendations` is one problem.

    It is answered by what stands numbered below that heading. Nothing changes where fewer than two are so.
    """
    pairs = [
        (block, answers)
        for over in _OVER.finditer(text)
        if (block := _block(text, over.start())) and (answers := _below(text, over.end(), found))
    ]
    if len(pairs) < _FEWEST:
        return found
    answering = {claim.start: block.start for block, several in pairs for claim in several}
    kept = [one for one in found if not any(_is_within(one, block) for block, _ in pairs)]
    told = [replace(one, answers=answering.get(one.start, one.answers)) for one in kept]
    return told + [_finding(block) for block, _ in pairs]


def _block(text: str, end: int) -> Span | None:
    """The paragraph behind a line that heads it, right before `end`."""
    begin = text.rfind("\n\n", max(0, end - _READ), len(text[:end].rstrip()))
    block = _BLOCK.match(text, begin + 2, end) if begin != -1 else None
    return Span(block.start("head"), block.end("body")) if block else None


def _below(text: str, start: int, found: list[Claim]) -> list[Claim]:
    """The numbered measures that stand one after the other behind a heading."""
    rows = sorted((one for one in found if one.kind is Kind.MEASURE), key=lambda one: one.start)
    several: list[Claim] = []
    for claim in rows[bisect_left(rows, start, key=lambda one: one.start) :]:
        if text[start : claim.start].strip():
            break
        several.append(claim)
        start = claim.end
    return several


def _is_within(claim: Claim, block: Span) -> bool:
    return block.start <= claim.start < block.end


def _finding(block: Span) -> Claim:
    return Claim(Kind.PROBLEM, "", block.start, block.start, block.end, "sentence-under-section", block.start)
