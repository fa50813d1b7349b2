"""What stands behind the last entry of a row and is no part of it: measures, further faults, a next step."""

import re
from collections.abc import Iterator
from dataclasses import replace

from documents.entries import CLAUSE_STYLES
from documents.inferring import lead_before
from documents.lexicon import field_line
from documents.messages import next_steps
from documents.numbering import Mark
from documents.outline import Node, heading_of, is_label_for, label_says
from documents.sections import Announced, announced, lead_announces

_NEAR = 40
"""So many entries before the last one tell what a row is like."""


def behind(text: str, node: Node, index: int, ruled: Announced | None) -> tuple[Node, list[Node]]:
    """The entry without what stands behind it, and that; mostly nothing does.

    What stands behind is read as measures, unless it says itself that it is something else.
    """
    entry = node.children[index]
    if _goes_on(node, index):
        return entry, []
    led = _led_after(text, entry) if ruled is Announced.PROBLEMS else None
    led = led or (_led_paragraphs(text, entry) if ruled is not Announced.MEASURES else None)
    turned = led or _minutes(node, index) or _plan(text, node, index) or _next_step(text, entry, ruled)
    return turned or (_one_line(text, node, index), [])


def _goes_on(node: Node, index: int) -> bool:
    """Whether the row goes on behind a child, or had fewer than two entries up to it."""
    style = node.children[index].style
    after = node.children[index + 1].style if index + 1 < len(node.children) else ""
    return after == style or index == 0 or node.children[index - 1].style != style


def _led_after(text: str, entry: Node) -> tuple[Node, list[Node]] | None:
    """The last of a row of faults, and the row of measures to which a paragraph behind it leads."""
    first = entry.children[0] if entry.children else None
    line_end = text.find("\n", entry.body, first.start) if first else -1
    if first is None or line_end == -1:
        return None
    if first.style == "label":
        return _besides(text, entry, first)
    if lead_before(text, line_end, first.start) is not Announced.MEASURES:
        return None
    begin = text.rfind("\n", line_end, first.start)
    lead_start = begin if text[begin : first.start].strip() else text.rfind("\n", entry.body, begin)
    return replace(entry, end=lead_start, children=[]), entry.children


_ALSO = re.compile(r"(?:此外|另外|同时|除此之外|除上述[^，\n]{0,10}外)[，,]?")


def _besides(text: str, entry: Node, label: Node) -> tuple[Node, list[Node]] | None:
    """The entry and the paragraph behind it that tells of more: `此外，还发现一些零星问题：…`."""
    line_start = text.rfind("\n", entry.body, label.start)
    more = label_says(text, label) is Announced.PROBLEMS
    if not (more and _ALSO.fullmatch(text[line_start + 1 : label.start].strip(" 　"))):
        return None
    return replace(entry, end=line_start, children=[]), [label]


def _minutes(node: Node, index: int) -> tuple[Node, list[Node]] | None:
    """The last of a row and a paragraph `会议强调，…` behind it, if no earlier entry holds one."""
    entry = node.children[index]
    said = [child for child in entry.children if child.style == "minute"]
    if not said or said[0].mark is None or not said[0].mark.at_line:
        return None
    row_before = [one for one in node.children[max(0, index - _NEAR) : index] if one.style == entry.style]
    if any(child.style == "minute" for one in row_before for child in one.children):
        return None
    return _until(entry, said[0].start), said


_LINE_OF_LEAD = re.compile(r"\n[ 　\t]*(?P<lead>[^\n]{4,80}[：:])[ 　\t]*\n+[ 　\t]*(?=[^\s])")


def _led_paragraphs(text: str, entry: Node) -> tuple[Node, list[Node]] | None:
    """The last of a row and plain paragraphs behind a line that leads to measures: `拟采取以下措施：`."""
    own = announced(heading_of(text, entry), least_coverage=0.25)
    for lead in _LINE_OF_LEAD.finditer(text, entry.body, entry.end):
        leads = lead_announces(lead["lead"]) is Announced.MEASURES and not any(_from(entry, lead.start()))
        if leads and own is not Announced.MEASURES:
            mark = Mark(lead.start("lead"), lead.end(), "lead", None, at_line=True)
            return _until(entry, lead.start()), [Node(mark, mark.start, mark.end, entry.end, [])]
    return None


_FEWEST_BEFORE = 2
"""So many lines before the last, or one fewer where an empty line parts the row from what follows."""


def _one_line(text: str, node: Node, index: int) -> Node:
    """The last of a row of entries in one line each, without closing paragraphs."""
    entry = node.children[index]
    row = [one for one in node.children[max(0, index - _NEAR) : index] if one.style == entry.style]
    short = all("\n" not in text[one.start : one.end].strip() for one in row)
    line_end = text.find("\n", entry.body, entry.end)
    if not short or line_end == -1 or not text[entry.body : line_end].strip():
        return entry
    parted = text.startswith("\n\n", line_end) and "\n\n" not in text[row[0].start : line_end]
    if len(row) < _FEWEST_BEFORE - parted:
        return entry
    rest = any(child.end > line_end + 1 for child in entry.children)
    charged = field_line().search(text, line_end, entry.end) is not None
    return entry if rest or charged else replace(entry, end=line_end)


def _plan(text: str, node: Node, index: int) -> tuple[Node, list[Node]] | None:
    """The last of a row and a label `二季度安排：` with a list of its own, if no earlier entry holds one."""
    entry = node.children[index]
    plans = [
        one for one in entry.children if _heads_list(one) and is_label_for(text, one, Announced.MEASURES)
    ]
    before = [one for one in node.children[max(0, index - _NEAR) : index] if one.style == entry.style]
    held = any(is_label_for(text, child, Announced.MEASURES) for one in before for child in one.children)
    return (_until(entry, plans[0].start), plans[:1]) if plans and not held else None


def _heads_list(node: Node) -> bool:
    return node.style == "label" and node.mark is not None and node.mark.at_line and node.mark.limit is None


_NEXT = re.compile(r"\n[ 　\t]*(?P<turn>(?:下一?步|下一?阶段|下阶段|接下来|今后))[，,]")


def _next_step(text: str, entry: Node, ruled: Announced | None) -> tuple[Node, list[Node]] | None:
    """The last of a row and a paragraph `下一步，…一是…二是…` behind it, which says what will be done."""
    turn = _NEXT.search(text, entry.body, entry.end)
    own = announced(heading_of(text, entry), least_coverage=0.6)
    if turn is None or Announced.MEASURES in {ruled, own}:
        return None
    later = list(_from(entry, turn.start()))
    listed = later and all(one.style in CLAUSE_STYLES for one in later)
    if not listed and (later or not any(next_steps(text, turn.start(), entry.end))):
        return None
    mark = Mark(turn.start("turn"), turn.end(), "label", None, at_line=True)
    return _until(entry, turn.start()), [Node(mark, mark.start, mark.end, entry.end, later)]


def _from(node: Node, position: int) -> Iterator[Node]:
    """The outermost units below that begin behind a position."""
    for child in node.children:
        if child.start > position:
            yield child
        elif child.end > position:
            yield from _from(child, position)


def _until(node: Node, position: int) -> Node:
    """The unit and what is below it, up to a position."""
    below = [_until(child, position) for child in node.children if child.start < position]
    return replace(node, end=min(node.end, position), children=below)
