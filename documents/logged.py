"""Action logs of minutes: each row names the minute it comes from, which tells what is wrong."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from documents.claim import Claim, told_fault
from documents.clauses import says_nothing_wrong, sentences
from documents.outline import Node
from documents.reading import Span
from documents.tables import Table
from documents.titles import trimmed
from documents.weighing import speaks_of_fault
from rules.lifecycle import Kind

_SIGNS = re.compile(r"[^0-9a-z/.]")
_ANYTHING = re.compile(r"\s*(?i:any other business|aob\b|matters arising)")
"""Minutes of whatever came up, whose heading names no problem."""
_MOST = 300
"""Rows of a log at the most; every one of them may be looked for among all claims."""
_PART_OF = frozenset({"letter", "round", "small"})


def logged(text: str, root: Node, several: Iterable[Table], found: list[Claim]) -> list[Claim]:
    """The claims; each row of a log answers the problem of its minute, which is one if it tells a fault."""
    wanted = {place: ref for table in several for place, ref in _references(text, table)}
    if not 0 < len(wanted) <= _MOST:
        return found
    minutes = dict(_numbered(text, root, ""))
    kept, told = list(found), dict[int, int | None]()
    for i, claim in enumerate(kept):
        node = minutes.get(wanted.get(claim.start, ""))
        if claim.kind is not Kind.MEASURE or not claim.from_table or node is None:
            continue
        if node.start not in told:
            told[node.start] = _problem(text, node, kept)
        kept[i] = replace(claim, answers=told[node.start])
    return sorted(kept, key=lambda claim: (claim.start, claim.end))


def _references(text: str, table: Table) -> Iterator[tuple[int, str]]:
    """Where each row begins, and the number of the minute that it names."""
    if "minute" not in table.columns:
        return
    at = table.columns.index("minute")
    for row in table.rows:
        if at < len(row):
            start = next((cell.start for cell in row if cell.end > cell.start), row[0].start)
            yield start, _bare(text[row[at].start : row[at].end])


def _bare(number: str) -> str:
    return _SIGNS.sub("", number.lower()).strip(".")


def _numbered(text: str, node: Node, above: str) -> Iterator[tuple[str, Node]]:
    """Every unit by its number as a log prints it: `45/22`, `3.1`, and `3.1(a)` for `(a)` below that."""
    for child in node.children:
        number = _bare(text[child.start : child.body])
        whole = above + number if child.style in _PART_OF else number
        if whole:
            yield whole, child
        yield from _numbered(text, child, whole)


def _problem(text: str, node: Node, found: list[Claim]) -> int | None:
    """Where the one problem of a minute begins; it is added where the minute tells a fault without one."""
    known = [one for one in found if one.kind is Kind.PROBLEM and node.start <= one.start < node.end]
    if known:
        return _with_number(text, node, known[0], found) if len(known) == 1 else None
    label = next((one.start for one in node.children if one.style == "label"), node.end)
    end = trimmed(text, node.start, label)
    if any(node.start < one.end and one.start < end for one in found) or not _tells_fault(
        text, node.body, end
    ):
        return None
    found.append(_whole(text, node, end))
    return node.start


def _whole(text: str, node: Node, end: int) -> Claim:
    number = text[node.start : node.body].strip(" \t\n")
    return replace(told_fault(Span(node.body, end), node.start), number=number, start=node.start)


def _with_number(text: str, node: Node, told: Claim, found: list[Claim]) -> int:
    """Where the problem begins; one told in the words of the minute without its number takes that on."""
    if told.number or told.rule != "told-in-talk" or _ANYTHING.match(text, node.body):
        return told.start
    for i, one in enumerate(found):
        if one is told:
            found[i] = _whole(text, node, told.end)
        elif one.answers == told.start:
            found[i] = replace(one, answers=node.start)
    return node.start


def _tells_fault(text: str, start: int, end: int) -> bool:
    said = [text[one.start : one.end] for one in sentences(text, start, end)]
    return any(not says_nothing_wrong(one) and speaks_of_fault(one) for one in said)
