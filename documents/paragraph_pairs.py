"""Paragraphs without numbers that each tell a fault, with the label of its fix behind it."""

import re

from documents.claim import Claim
from documents.clauses import states_fault, stripped
from documents.lexicon import any_of, folded, is_latin
from documents.marking import LONGEST_HEADING
from documents.outline import Node, heading_of, is_label_for, label_word
from documents.sections import Announced
from documents.units import with_fix

_FEWEST = 2
_LONGEST_FAULT = 1000
_LINE = re.compile(r"[^\n]+\n?")


def paragraph_pairs(text: str, node: Node, said: Announced | None) -> list[Claim]:
    """The faults and fixes of a section whose every fault is a paragraph before `整改措施：…`; else none."""
    if said not in {Announced.PROBLEMS, Announced.BOTH} or len(node.children) < _FEWEST:
        return []
    if not all(_is_fix(text, child) for child in node.children):
        return []
    begin = _behind_heading(text, node)
    ends = [*(child.start for child in node.children[1:]), node.end]
    found: list[Claim] = []
    for label, end in zip(node.children, ends, strict=True):
        told = stripped(text, begin, label.start)
        begin = _behind_fields(text, label.end, end)
        if not 0 < told.end - told.start <= _LONGEST_FAULT:
            return []
        entry = Node(label.mark, told.start, told.start, max(begin, label.end), [label])
        found += with_fix(text, node, entry, label)
    return found


def _is_fix(text: str, child: Node) -> bool:
    return is_label_for(text, child, Announced.MEASURES) and child.mark is not None and child.mark.at_line


def _behind_heading(text: str, node: Node) -> int:
    heading = heading_of(text, node)
    at = text.find(heading, node.body, node.body + 2 * LONGEST_HEADING)
    return max(node.body, at + len(heading)) if heading and node.style != "label" else node.body


def _behind_fields(text: str, start: int, end: int) -> int:
    """Where the lines of owners and deadlines end that follow a fix."""
    at = start + (text[start : start + 1] == "\n")
    for line in _LINE.finditer(text, at, end):
        said = folded(line[0][:40])
        labelled = any_of("label", "owner").match(said) or any_of("label", "deadline").match(said)
        if not labelled or not re.search(r"[:：]", said):
            break
        at = line.end()
    return min(at, end)


_FIX_LABEL = re.compile(
    r"(?:整改|改进|处理|处置|纠正|防范|解决)|(?:对策|措施)$|"
    r"(?i:corrective action|action|fix|(?:our |management )?response|reply|remedy|mitigation)"
)
_SHORTEST_FAULT, _LONGEST_PLAIN = 8, 600


def inline_fix(text: str, parent: Node, label: Node) -> list[Claim]:
    """A paragraph without a number that tells a fault and, behind a label, its fix: `…脱落。整改：…`."""
    plain = not label.children and _FIX_LABEL.match(label_word(text, label)) is not None
    if label.mark is None or label.mark.at_line or not plain:
        return []
    line_start = text.rfind("\n", max(parent.body, label.start - _LONGEST_PLAIN), label.start)
    told = stripped(text, line_start + 1, label.start)
    said = text[told.start : told.end]
    if line_start == -1 or not (is_latin(said) or states_fault(said)) or len(said) < _SHORTEST_FAULT:
        return []
    return with_fix(text, parent, Node(label.mark, told.start, told.start, label.end, [label]), label)
