"""What the weight of its words tells where no heading, lead or cue said what it is: rows and paragraphs in a row."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from documents.claim import Claim
from documents.headed import entry
from documents.lexicon import is_latin
from documents.outline import Node, heading_of, walk
from documents.sections import Announced, announced
from documents.units import has_fields, mostly
from documents.weighing import Weight, mean, weigh_part
from rules.lifecycle import Kind

_FEWEST = 2
_ENOUGH = 40
_READ = 200
_FAULTS, _FAULTS_ALONE = -0.5, 0.3
"""From this mean weight on, a row is one of faults; the second where a paper names none elsewhere."""
_STEPS = 0.0
_CAUSES = re.compile(r"原因|根源|剖析|症结|缘于|由于|教训|\b(?:cause|reason|because|lesson)s?\b")


def overlooked(text: str, root: Node, found: list[Claim]) -> list[Claim]:
    """The problems and measures of rows that nothing announced and whose words speak for them plainly."""
    told: list[Claim] = []
    for node in _open(text, root):
        for row in _rows(node):
            if _is_taken([*found, *told], row[0].start, row[-1].end):
                continue
            said = _weighed(text, node, row, [*found, *told])
            for one in row if said else ():
                told += entry(text, node, one, said)
    return told


def _open(text: str, node: Node) -> Iterator[Node]:
    """The node and all below it but those whose heading says that nothing there is to be tracked."""
    if node.mark is not None and (
        announced(heading_of(text, node), least_coverage=0.5) is Announced.NOTHING
        or _CAUSES.search(heading_of(text, node))
    ):
        return
    yield node
    for child in node.children:
        yield from _open(text, child)


def _rows(node: Node) -> Iterator[list[Node]]:
    """The children in rows of one style, two at the least."""
    row: list[Node] = []
    for child in node.children:
        if row and child.style != row[-1].style:
            if len(row) >= _FEWEST:
                yield row
            row = []
        if child.style != "label":
            row.append(child)
    if len(row) >= _FEWEST:
        yield row


def _is_taken(found: list[Claim], start: int, end: int) -> bool:
    return any(claim.start < end and claim.end > start for claim in found)


def _weighed(text: str, node: Node, row: list[Node], found: list[Claim]) -> Announced | None:
    before = text[max(node.body, row[0].start - 60) : row[0].start]
    if _CAUSES.search(before):
        return None
    weight = mean([weigh_part(text, one.body, min(one.end, one.body + _READ)) for one in row[:_ENOUGH]])
    least = _FAULTS if found else _FAULTS_ALONE
    if weight.problem > max(least, weight.measure):
        return Announced.PROBLEMS
    after = any(claim.kind is Kind.PROBLEM and claim.start < row[0].start for claim in found)
    charged = mostly(has_fields(text, one) for one in row[:_ENOUGH])
    if (after or charged) and weight.measure > max(_STEPS, weight.problem):
        return Announced.MEASURES
    return None
