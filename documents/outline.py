"""The tree of a report: every numbered unit, plain heading and label with its range and its children."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from documents.marking import LONGEST_HEADING, all_marks, paragraph_end
from documents.numbering import Mark
from documents.sections import Announced, announced, label_announces

_TITLE_STOP = re.compile(r"[。；;：:\n！!？?]|\.(?=\s|$)")
_OPEN_BODY = {"heading", "label", "part", "hash1", "hash2", "hash3"}


@dataclass(slots=True)
class Node:
    """One unit from `start` to `end`; its words begin at `body`. The root has no mark."""

    mark: Mark | None
    start: int
    body: int
    end: int
    children: list["Node"] = field(default_factory=list)

    @property
    def style(self) -> str:
        return self.mark.style if self.mark else "root"

    @property
    def head_end(self) -> int:
        """Where the unit's own words before its first child end."""
        return self.children[0].start if self.children else self.end


_SUBTITLED = re.compile(
    r"(?P<line>[A-Z][A-Za-z ,&'-]{2,40}: [A-Za-z][A-Za-z ,&'-]{2,56}|"
    r"[一-龥“”、]{2,10}：[一-龥“”、的]{4,20})\n"
)
"""A heading with a subtitle: `Why these actions: where we fall short`, `山重水复：制约发展的瓶颈`."""


def heading_of(text: str, node: Node) -> str:
    """The words after the number up to the first stop, at most 60 characters."""
    window = text[node.body : min(node.end, node.body + LONGEST_HEADING)]
    whole = _SUBTITLED.match(window) if node.style in {"heading", "han"} else None
    found = None if whole else _TITLE_STOP.search(window.rstrip())
    window = whole["line"] if whole else window
    return (window[: found.start()] if found else window).strip(" 　*#=\t\n")


_AROUND_LABEL = " \t　\n，,：:【】〔〕［］[]（）()*–—-•●.、．0123456789①②③④⑤⑥⑦⑧⑨"


def label_word(text: str, label: Node) -> str:
    """The word of a label without its number, brackets and colon."""
    return text[label.start : label.body].strip(_AROUND_LABEL)


def is_label_for(text: str, node: Node, wanted: Announced) -> bool:
    return node.style == "label" and label_says(text, node) is wanted


def label_says(text: str, label: Node) -> Announced:
    """What a label announces: in this text, or anywhere."""
    own = label.mark.said if label.mark else None
    return own or label_announces(label_word(text, label))


_BLOCK = 2


def is_block(node: Node) -> bool:
    """Whether labels in lines of their own stand below a heading: 目标, 措施, 时限."""
    labels = [one for one in node.children if one.style == "label" and one.mark and one.mark.at_line]
    return len(labels) >= _BLOCK


def beside(parent: Node, node: Node, many: int) -> list[Node]:
    """The children of `parent` of the node's style among the `many` before it and after it, and itself."""
    at = bisect_left(parent.children, node.start, key=lambda child: child.start)
    near = parent.children[max(0, at - many) : at + many + 1]
    return [one for one in near if one.style == node.style]


def outline(text: str, skipped: list[tuple[int, int]]) -> Node:
    """The tree of the text; what begins in the `skipped` ranges (title, tables) is no unit.

    One pass over the marks with a stack: a style that is open already gives a sibling, another one a child,
    unless by custom it stands higher.
    """
    root = Node(None, 0, 0, len(text))
    stack = [root]
    starts = [start for start, _ in skipped]
    for mark in all_marks(text):
        at = bisect_right(starts, mark.start) - 1
        if at < 0 or mark.start >= skipped[at][1]:
            _place(text, stack, mark)
    for node in stack[1:]:
        node.end = _limited(node, len(text))
    _end_rows(text, root)
    return root


_FEWEST_ALIKE = 2
_ENTRIES = frozenset({"word-problem", "digit", "decimal2", "code", "paren", "round", "letter"})


def _end_rows(text: str, root: Node) -> None:
    """Ends the last entry of a row at the empty line behind it, where none of the others holds one.

    What follows, such as the closing of a letter, belongs to whatever the row stands in.
    """
    for node in list(walk(root)):
        last = node.children[-1] if node.children else node
        row = [one for one in node.children if one.style == last.style and _is_entry(one)]
        if len(row) < _FEWEST_ALIKE or any("\n\n" in _own(text, one) for one in row[:-1]):
            continue
        end = text.find("\n\n", last.body, last.end)
        if end != -1 and text[end : last.end].strip():
            node.children += [child for child in last.children if child.start >= end]
            last.children = [child for child in last.children if child.start < end]
            last.end = end


def _is_entry(node: Node) -> bool:
    """Whether a unit is one of a row by its number, or a section of labels alone: 反映, 核查, 处理."""
    return node.style in _ENTRIES or (node.style == "han" and is_block(node))


def _own(text: str, node: Node) -> str:
    return text[node.body : node.end].strip()


def _place(text: str, stack: list[Node], mark: Mark) -> None:
    keep = _depth(text, stack, mark)
    for node in stack[keep:]:
        node.end = _limited(node, mark.start)
    del stack[keep:]
    node = Node(mark, mark.start, mark.end, mark.start)
    stack[-1].children.append(node)
    stack.append(node)


def _limited(node: Node, end: int) -> int:
    limit = node.mark.limit if node.mark else None
    return end if limit is None else min(end, max(limit, node.body))


def _depth(text: str, stack: list[Node], mark: Mark) -> int:
    """How many nodes of the stack stay open when `mark` comes."""
    deep = next((i for i, node in enumerate(stack) if _over(node, mark)), len(stack))
    alike = [i for i in range(deep - 1, 0, -1) if stack[i].style == mark.style]
    if len(alike) == 1 and _begins_below(text, stack[alike[0]], mark):
        return deep
    following = [i for i in alike if _value(stack[i]) + 1 == mark.value]
    same = following[0] if len(following) == 1 else next(iter(alike), None)
    if same is not None and not _restarts(text, stack[same:deep], mark):
        return same
    if not alike and mark.style == "decimal2" and _goes_on_above(stack[:deep], mark):
        return deep - 1
    if mark.style == "part" or _begins_chapter(text, stack[deep - 1], mark):
        deep = next((i for i in range(1, deep) if stack[i].style == "heading"), deep)
    if mark.style == "heading" and stack[-1].style != "part" and _ends_strands(stack):
        return 1
    if mark.style == "heading":
        deep = next((i for i in range(1, deep) if _leads_on(stack[i])), deep)
        while deep > 1 and (
            stack[deep - 1].style == "bullet"
            or (_LOOKS_BACK.match(text, mark.start) and stack[deep - 1].style in _ROWS)
        ):
            deep -= 1
    while deep > 1 and _gives_way(text, stack[deep - 1], mark):
        deep -= 1
    return deep


def _goes_on_above(stack: list[Node], mark: Mark) -> bool:
    """Whether `3.5` behind a recommendation goes on the findings `3.4` that stand beside it."""
    row = stack[-2].children[:-1] if len(stack) > 1 else []
    return stack[-1].style == "word-measure" and any(one.style == mark.style for one in row)


def _ends_strands(stack: list[Node]) -> bool:
    """Whether a plain heading behind the strands of a plan is one like those before them."""
    in_strand = len(stack) > 1 and stack[1].style == "part"
    return in_strand and any(one.style == "heading" for one in stack[0].children)


_CHAPTERS = frozenset({"capital", "roman", "digit"})
_ALONE = re.compile(r"[ \t]*[A-Z][A-Za-z ,&'/-]{2,58}\n\n")


_PLAIN_HEADING = re.compile(r"[A-Z][A-Za-z ,&'/-]{2,58}:?\n")


def _begins_chapter(text: str, node: Node, mark: Mark) -> bool:
    """Whether a numbered heading alone between blank lines follows an introduction or leads headings."""
    if mark.style not in _CHAPTERS or mark.value != 1 or node.style != "heading":
        return False
    alone = _ALONE.match(text, mark.end) if text.endswith("\n\n", 0, mark.start) else None
    heading = text[node.body : paragraph_end(text, node.body)].strip(" #*:")
    if alone is None:
        return False
    leads_on = _PLAIN_HEADING.match(text, alone.end()) is not None
    return leads_on or announced(heading, least_coverage=0.6) is Announced.NOTHING


_LOOKS_BACK = re.compile(
    r"(?:针对|根据|鉴于|对于?|就)(?:上述|以上|前述|这些)[^\n。]{0,40}[：:]"
    r"|(?i:in (?:the )?light of|to address|in response to) (?:the above|these)[^\n.]{0,60}:"
)
"""How a line between two rows begins that ends the row above and leads to the row below."""
_ROWS = frozenset({"digit", "half", "round", "circled", "paren", "bullet", "letter", "small", "capital"})


def _leads_on(node: Node) -> bool:
    """Whether a label leads to a list in lines of its own, which the next heading ends."""
    return node.style == "label" and node.mark is not None and node.mark.at_line and node.mark.limit is None


def _value(node: Node) -> int:
    return (node.mark.value if node.mark else None) or 0


def _begins_below(text: str, node: Node, mark: Mark) -> bool:
    """Whether a row begins right below a heading of the same style: `4. Findings`, `1. …`."""
    if mark.value != 1 or not mark.at_line or _value(node) < 2 or node.children:
        return False
    heading = text[node.body : mark.start].strip()
    bare = "\n" not in heading and 0 < len(heading) <= LONGEST_HEADING and heading[-1] not in "。；;.，,"
    return bare and announced(heading, least_coverage=0.6) is not None


def _over(node: Node, mark: Mark) -> bool:
    limit = node.mark.limit if node.mark else None
    return limit is not None and mark.start >= limit


def _restarts(text: str, opened: list[Node], mark: Mark) -> bool:
    """A row that begins anew under a plain heading or a label of its own is a new row, not a sibling."""
    if mark.style == "word-problem" and any(_is_of_past(text, node) for node in opened[1:]):
        return True
    return mark.value == 1 and any(node.style in _OPEN_BODY for node in opened[1:])


_OF_PAST = re.compile(
    r"(?i)[^\n]{0,40}\b(?:prior|previous|earlier|last)[ -](?:year|period|audit|inspection|visit|report)s?\b"
)


def _is_of_past(text: str, node: Node) -> bool:
    """Whether a plain heading speaks of what was found before, below which a row begins anew."""
    return node.style == "heading" and _OF_PAST.match(text, node.start) is not None


_SHORT_HEADING = re.compile(r"[^\n.;]{2,60}\n\s*")


def _stands_over(text: str, node: Node, mark: Mark) -> bool:
    """Whether a letter or a number stands with a short line right above the entries: `B. By 31 March`."""
    begun = node.children[0].start if node.children else mark.start
    return _SHORT_HEADING.fullmatch(text, node.body, begun) is not None


def _gives_way(text: str, node: Node, mark: Mark) -> bool:
    if node.mark is None or node.style in _OPEN_BODY:
        return False
    if mark.style == "part" and node.style == "han":
        return False
    heads = node.style == "capital" or (node.style == "digit" and mark.style == "word-problem")
    if heads and mark.at_line and _stands_over(text, node, mark):
        return False
    return mark.style not in {"heading", "label"} and node.mark.rank > mark.rank


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in order of position."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(reversed(here.children))
