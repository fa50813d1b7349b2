"""What only the weight of its words tells: rows and paragraphs that no heading, lead or cue announces."""

import re
from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, pairwise

from documents.claim import IN_TALK, Claim
from documents.claims import is_regulation
from documents.clauses import says_nothing_wrong, sentences
from documents.decided import told_before_list
from documents.entries import fix_of, has_fields, mostly
from documents.governing import is_of_earlier_year
from documents.headed import entry
from documents.inferring import CAUSES
from documents.mixed_prose import told_in_one_breath
from documents.numbering import Mark
from documents.outline import Node, heading_of, label_says, label_word, walk
from documents.plain_prose import (
    faults_by_weight,
    pairs_by_weight,
    paragraphs_by_weight,
    paragraphs_of_faults,
    placed_faults,
)
from documents.prose import unnumbered
from documents.replies import replies
from documents.sections import Announced, announced
from documents.told_paragraphs import fault_paragraphs
from documents.weighing import Weight, mean, weigh, weigh_part
from rules.lifecycle import Kind

_FEWEST = 2
_ENOUGH = 40
_READ = 200
_FAULTS, _FAULTS_ALONE = -0.5, 0.3
"""From this mean weight on, a row is one of faults; the second where a paper names none elsewhere."""
_STEPS = 0.0


def overlooked(text: str, root: Node, found: list[Claim]) -> list[Claim]:
    """The problems and measures of rows that nothing announced and whose words speak for them plainly.

    A regulation, whose articles speak of faults that nobody has found yet, has none.
    """
    if is_regulation(text):
        return []
    every, open_ = _Found(found), list(_open(text, root))
    for node, row in _free(open_, every):
        said = _paired(text, node, row) or _weighed(text, node, row, every)
        every.add([claim for one in row if said for claim in entry(text, node, one, said)])
    for node, row in _free(open_, every) if _are_tasks(root, every.claims) else ():
        if row[0].style == "code" and mostly(has_fields(text, one) for one in row):
            every.add([claim for one in row for claim in entry(text, node, one, Announced.MEASURES)])
    for node, one in list(_beside_pairs(text, open_, every)):
        every.add(entry(text, node, one, Announced.BOTH))
    _add_prose(text, root, open_, every)
    for node in open_:
        for led in _led(text, node):
            said = _weighed_parts(text, led, every) if every.is_free(led.body, led.end) else None
            every.add(unnumbered(text, led, said) if said else [])
    if every.claims and not any(claim.kind is Kind.PROBLEM for claim in every.claims):
        first = min(claim.start for claim in every.claims)
        amid_praise = fault_paragraphs(text, root.start, first)
        every.add(amid_praise or next(paragraphs_of_faults(text, root.start, first), []))
    every.add(replies(text, every.claims))
    return [replace(claim, rule="by-weight") for claim in every.claims[len(found) :]]


def _add_prose(text: str, root: Node, open_: list[Node], found: "_Found") -> None:
    """What running words tell: sections and paragraphs of faults or of tasks, and faults with their fixes."""
    if all(claim.rule in IN_TALK for claim in found.claims):
        breath = told_in_one_breath(text, root.start, root.end)
        found.add([one for one in breath if found.is_free(one.start, one.end)])
        told = paragraphs_by_weight(text, root.start, root.end)
        found.add([one for one in told if found.is_free(one.start, one.end)])
    _add_of_minutes(text, open_, found)
    free = [node for node in open_ if found.is_free(node.start, node.end)]
    if not any(claim.kind is Kind.PROBLEM for claim in found.claims):
        for node in free:
            found.add(faults_by_weight(text, node))
    for node in open_ if found.claims else ():
        for begin, stop in _own_parts(node):
            for told in pairs_by_weight(text, begin, stop):
                found.add(told if found.is_free(told[0].start, told[-1].end) else [])
    if not found.claims:
        found.add(placed_faults(text, root.start, root.end))
    if not found.claims:
        for faults in paragraphs_of_faults(text, root.start, root.end):
            found.add(faults)


def _add_of_minutes(text: str, open_: list[Node], found: "_Found") -> None:
    for node in open_:
        told = told_before_list(text, node)
        found.add(told if all(found.is_free(one.start, one.end) for one in told) else [])


class _Found:
    """All claims so far, and which parts of the text they take."""

    def __init__(self, claims: list[Claim]) -> None:
        self.claims: list[Claim] = []
        self._taken: list[tuple[int, int]] = []
        self.add(claims)

    def add(self, claims: list[Claim]) -> None:
        self.claims += claims
        for claim in claims:
            insort(self._taken, (claim.start, claim.end))

    def is_free(self, start: int, end: int) -> bool:
        at = bisect_left(self._taken, (end, 0))
        return not at or self._taken[at - 1][1] <= start

    def begins_before(self, position: int) -> bool:
        return bool(self._taken) and self._taken[0][0] < position


def _free(open_: list[Node], found: _Found) -> Iterator[tuple[Node, list[Node]]]:
    """The rows in which nothing is `found` when their turn comes, each with what it stands below."""
    for node in open_:
        for row in _rows(node):
            if found.is_free(row[0].start, row[-1].end):
                yield node, row


def _beside_pairs(text: str, open_: list[Node], found: _Found) -> Iterator[tuple[Node, Node]]:
    """Faults that stand bare in a row where at least every other one has its fix behind a label."""
    for node in open_:
        for row in _rows(node):
            paired = [fix_of(text, one) is not None for one in row[:_ENOUGH]]
            if 2 * sum(paired) < len(paired) or all(paired):
                continue
            for one, is_pair in zip(row, paired, strict=False):
                if not is_pair and found.is_free(one.start, one.end) and _tells_fault(text, one):
                    yield node, one


_FEWEST_PAIRS, _LEAST = 3, -1.0


def _paired(text: str, node: Node, row: list[Node]) -> Announced | None:
    """Both, where most entries of a row tell a fault and behind it its fix, by the weight of either part."""
    if len(row) < _FEWEST_PAIRS:
        return None
    every = [entry(text, node, one, Announced.BOTH) for one in row[:_ENOUGH]]
    pairs = [one for one in every if [claim.kind for claim in one] == [Kind.PROBLEM, Kind.MEASURE]]
    if 3 * len(pairs) < 2 * len(every):
        return None
    fault, fix = (mean([weigh_part(text, one[at].start, one[at].end) for one in pairs]) for at in (0, 1))
    told = fault.problem > max(fault.measure, _LEAST) and fix.measure > max(fix.problem, _LEAST)
    return Announced.BOTH if told else None


def _tells_fault(text: str, node: Node) -> bool:
    if says_nothing_wrong(text[node.body : min(node.end, node.body + _READ)]):
        return False
    first = [weigh(text[one.start : one.end]) for one in islice(sentences(text, node.body, node.end), 2)]
    return any(weight.problem > max(_FAULTS, weight.measure) for weight in first)


_PARTED = re.compile(r"[：:](?P<row>[^：:。\n]*[；;][^：:。\n]*[；;][^。\n]*)(?:。|$)", re.MULTILINE)
_STATED = re.compile(
    r"(?:以下|如下|下列)[^。\n]{0,14}(?:方面|措施|工作|改进|整改)[^。\n]{0,8}。(?P<row>[^\n]*。[^\n]*。)"
)
_LINE = re.compile(r"[^\n]+")


def _led(text: str, node: Node) -> Iterator[Node]:
    """What a colon leads to in a unit's own words: two paragraphs or more, or three clauses or more."""
    for begin, stop in _own_parts(node):
        yield from _led_within(text, begin, stop)


def _own_parts(node: Node) -> Iterator[tuple[int, int]]:
    """The ranges of a unit that none of the units below it holds."""
    at = node.body
    for child in node.children:
        yield at, child.start
        at = max(at, child.end)
    yield at, node.end


def _led_within(text: str, begin: int, stop: int) -> Iterator[Node]:
    lines = [one.span() for one in _LINE.finditer(text, begin, stop) if one[0].strip()]
    leads = [at for at, (start, end) in enumerate(lines) if text[start:end].rstrip().endswith(("：", ":"))]
    for lead, following in pairwise([*leads, len(lines)]):
        if following - lead > _FEWEST:
            yield _lead(lines[lead], lines[following - 1][1])
    for start, end in lines:
        for way in (_PARTED, _STATED):
            for row in way.finditer(text, start, end):
                yield _lead((start, row.start("row")), row.end())


def _lead(lead: tuple[int, int], end: int) -> Node:
    mark = Mark(*lead, "lead", None, at_line=True)
    return Node(mark, lead[0], lead[1], end)


def _weighed_parts(text: str, led: Node, found: _Found) -> Announced | None:
    lines = [one.span() for one in _LINE.finditer(text, led.body, led.end) if one[0].strip()]
    if len(lines) > 1:
        return _told([weigh_part(text, *one) for one in lines[:_ENOUGH]], led, found)
    every = [weigh(text[one.start : one.end]) for one in sentences(text, led.body, led.end)]
    return _told(every[:_ENOUGH], led, found)


def _told(weights: list[Weight], led: Node, found: _Found) -> Announced | None:
    weight = mean(weights)
    if weight.problem > max(_FAULTS_LED, weight.measure):
        return Announced.PROBLEMS
    after = found.begins_before(led.start)
    return Announced.MEASURES if after and weight.measure > max(_STEPS_LED, weight.problem) else None


_FAULTS_LED, _STEPS_LED = -0.5, 0.5


def _are_tasks(root: Node, found: list[Claim]) -> bool:
    """Whether entries of a plan with codes such as `A1` are measures wherever they are anything."""
    kinds = {claim.start: claim.kind for claim in found}
    coded = [kinds.get(one.start) for one in walk(root) if one.style == "code"]
    return Kind.MEASURE in coded and Kind.PROBLEM not in coded


def _open(text: str, node: Node) -> Iterator[Node]:
    """The node and all below it but those whose heading says that nothing there is to be tracked."""
    if node.mark is not None and (
        _announces_nothing(text, node)
        or CAUSES.search(label_word(text, node) if node.style == "label" else heading_of(text, node))
    ):
        return
    yield node
    for child in node.children:
        yield from _open(text, child)


def _announces_nothing(text: str, node: Node) -> bool:
    if node.style == "label":
        return label_says(text, node) is Announced.NOTHING
    said = announced(heading_of(text, node), least_coverage=0.5)
    return said is Announced.NOTHING or (said is Announced.BOTH and is_of_earlier_year(text, node))


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


def _weighed(text: str, node: Node, row: list[Node], found: _Found) -> Announced | None:
    before = text[max(node.body, row[0].start - 60) : row[0].start]
    lead = before.rpartition("\n")[2].strip(" :：")
    if CAUSES.search(before) or announced(lead, least_coverage=0.85) is Announced.NOTHING:
        return None
    weight = mean([weigh_part(text, one.body, min(one.end, one.body + _READ)) for one in row[:_ENOUGH]])
    least = _FAULTS if found.claims else _FAULTS_ALONE
    if weight.problem > max(least, weight.measure):
        return Announced.PROBLEMS
    after = found.begins_before(row[0].start)
    charged = mostly(has_fields(text, one) for one in row[:_ENOUGH])
    if (after or charged) and weight.measure > max(_STEPS, weight.problem):
        return Announced.MEASURES
    return None
