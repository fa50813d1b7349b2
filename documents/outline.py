"""The tree of a report: every numbered unit, plain heading and label with its range and its children."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from documents.lexicon import folded, is_latin
from documents.numbering import Mark, field_line, known_labels, label_pattern, marks
from documents.own_labels import own_labels
from documents.sections import Announced, announced, bare_heading, label_announces

_LINE = re.compile(r"[^\n]+")
_TABLE_OF_CONTENTS = re.compile(r"[ \t　]*[【\[]?(?:提纲|目[ 　]*录|Contents|Table of Contents)[】\]]?")
_ANNEXES = re.compile(
    r"(?:^|(?<=\n))[ \t　]*附(?:件|表|图)?[ ]?[：:][^\n]{0,80}"
    r"(?:\n[ \t　]*[0-9]{1,2}[.、．][^\n。；]{0,60}(?=\n|$))*"
)
_STOP = "。；;，,：:、！!？?.…）)"
_TITLE_STOP = re.compile(r"[。；;：:\n！!？?]|\.(?=\s|$)")
_COLUMNS = re.compile(r"\S {3,}\S+(?: \S+)* {3,}\S")
"""The head of a table that blanks draw."""
_OPEN_BODY = {"heading", "label", "part", "hash1", "hash2", "hash3"}
LONGEST_HEADING = 60


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
    return (window[: found.start()] if found else window).strip(" 　*#\t\n")


_AROUND_LABEL = " \t　\n，,：:【】〔〕［］[]（）()*-•●.、．0123456789①②③④⑤⑥⑦⑧⑨"


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
    for mark in _merged(text):
        at = bisect_right(starts, mark.start) - 1
        if at < 0 or mark.start >= skipped[at][1]:
            _place(text, stack, mark)
    for node in stack[1:]:
        node.end = _limited(node, len(text))
    return root


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
    while deep > 1 and _gives_way(stack[deep - 1], mark):
        deep -= 1
    return deep


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
    heading = text[node.body : _paragraph_end(text, node.body)].strip(" #*:")
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


def _gives_way(node: Node, mark: Mark) -> bool:
    if node.mark is None or node.style in _OPEN_BODY:
        return False
    if mark.style == "part" and node.style == "han":
        return False
    return mark.style not in {"heading", "label"} and node.mark.rank > mark.rank


def _merged(text: str) -> list[Mark]:
    """Numbers, labels and plain headings in order of position, one at most at any place."""
    numbered = _bracketed(text, [_section(text, mark) for mark in _ended(text, marks(text))])
    at_line = {mark.start for mark in numbered if mark.at_line}
    labelled = list(_labels(text, {mark.end: mark for mark in numbered}))
    named = at_line | {mark.start for mark in labelled}
    labelled += [mark for mark in own_labels(text) if mark.start not in named]
    taken = at_line | {mark.start for mark in labelled}
    every = numbered + labelled + list(_headings(text, taken))
    every.sort(key=lambda mark: (mark.start, -mark.end))
    return list(_without_overlap(text, every))


_LONGEST_ROW = 800


def _ended(text: str, every: Iterator[Mark]) -> Iterator[Mark]:
    """The marks; `Finally,` is one only behind another of its row."""
    row = -_LONGEST_ROW
    for mark in every:
        if mark.style == "ordinal":
            if text.startswith(("Final", "Last"), mark.start) and mark.start - row > _LONGEST_ROW:
                continue
            row = mark.start
        yield mark


def _bracketed(text: str, every: list[Mark]) -> list[Mark]:
    """The marks; where one word in 【】 is a label, all that begin their lines are: 【反映情况】, 【核查情况】."""
    if not any(mark.style == "label" for mark in every):
        return every
    return [
        replace(mark, style="label", limit=_paragraph_end(text, mark.end))
        if mark.style == "bullet" and mark.at_line and text[mark.start] == "【"
        else mark
        for mark in every
    ]


def _section(text: str, mark: Mark) -> Mark:
    """A mark as what it is by its words: `【不足之处】` is a label, `第一，` over a section numbers that."""
    if mark.style == "bullet" and text[mark.start] == "【":
        own = label_announces(text[mark.start : mark.end].strip("【】 　\t"))
        limit = _paragraph_end(text, mark.end)
        return mark if own is Announced.NOTHING else replace(mark, style="label", limit=limit)
    if _STRAND.match(text, mark.start):
        return replace(mark, style="part")
    if mark.style not in {"ordinal", "code"} or not mark.at_line:
        return mark
    heading = text[mark.end : _paragraph_end(text, mark.end)].strip(" 　：:。")
    if _DISCIPLINE.match(text, mark.start) and 0 < len(heading) <= _LONGEST_SECTION:
        return replace(mark, style="han")
    alone = 0 < len(heading) <= _LONGEST_SECTION and announced(heading, least_coverage=0.75) is not None
    return replace(mark, style="han") if alone else mark


_STRAND = re.compile(
    r"(?<![^\n])(?:PRIORITY|THEME|STRAND|OBJECTIVE|GOAL|AIM) (?:[A-Z]|[0-9]{1,2})[.:]? ?[ –—-] ?[A-Z ,&'/-]{3,50}(?=\n)"
)
"""A heading in capitals over the actions of one strand of a plan: `PRIORITY A. SAFE`."""
_DISCIPLINE = re.compile(r"D[0-8](?![0-9])")
"""The number of a step in an 8D report."""
_LONGEST_SECTION = 24


def _without_overlap(text: str, every: list[Mark]) -> Iterator[Mark]:
    end = -1
    apart = sorted([_contents_end(text), *(found.span() for found in _ANNEXES.finditer(text))])
    starts = [start for start, _ in apart]
    for mark in every:
        at = bisect_right(starts, mark.start) - 1
        if mark.start >= end and not mark.start < apart[at][1]:
            yield mark
            end = mark.end if mark.style != "heading" else max(end, mark.start)


def _contents_end(text: str) -> tuple[int, int]:
    """The range of a printed outline that repeats the headings before the text itself."""
    for line in _LINE.finditer(text[:8000]):
        if _TABLE_OF_CONTENTS.match(line[0]) and len(line[0]) > 20:
            return line.start(), line.end()
    return 0, 0


def _labels(text: str, ending: dict[int, Mark]) -> Iterator[Mark]:
    """The labels; a number before a repeated 整改措施： belongs to the label and makes no unit of its own."""
    found = list(label_pattern().finditer(folded(text)))
    seen: dict[str, int] = {}
    for match in found:
        seen[match[1]] = seen.get(match[1], 0) + 1
    for match in found:
        mark = _label(text, match, repeated=seen[match[1]] > 1)
        number = ending.get(mark.start) if mark and seen[match[1]] > 1 else None
        if mark and number and label_announces(match[1]) is not Announced.PROBLEMS:
            mark = replace(mark, start=number.start, at_line=number.at_line)
        if mark:
            yield mark


def _label(text: str, match: re.Match[str], *, repeated: bool) -> Mark | None:
    """A label that speaks of its own paragraph; alone on its line it must come more than once.

    A label that stands alone only once is the heading of a section.
    """
    line = text[match.start() : _paragraph_end(text, match.end())]
    if line.isupper() and is_latin(line):
        return None
    colon = any(sign in match[0] for sign in ":：】〕］–—") or match[0].rstrip().endswith("-")
    body = match.end() < len(text) and text[match.end()] != "\n"
    at_line = match.start() == 0 or text[match.start() - 1] == "\n"
    if not colon and (not repeated or not at_line):
        return None
    leads = match[1] not in known_labels()
    if not body and not repeated and not leads:
        return None
    start = match.start() + len(match[0]) - len(match[0].lstrip(" \t　"))
    line_end = _paragraph_end(text, match.end())
    leads_on = text[match.end() : line_end].rstrip().endswith((":", "："))
    limit = None if not body or leads_on else line_end
    return Mark(start, match.end(), "label", None, at_line, limit)


def _paragraph_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end == -1 else end


def _headings(text: str, taken: set[int]) -> Iterator[Mark]:
    """Lines that are headings by their look and words, though they bear no number."""
    for line in _LINE.finditer(text):
        words = line[0].strip(" \t　") if len(line[0]) < 400 else ""
        start = line.start() + (len(line[0]) - len(line[0].lstrip(" \t　")))
        if words and start not in taken and _is_heading(text, line, words):
            yield Mark(start, start, _heading_style(words), None, at_line=True)


def _heading_style(words: str) -> str:
    hashes = len(words) - len(words.lstrip("#"))
    return f"hash{min(hashes, 3)}" if hashes else "heading"


_CAPITALS = re.compile(r"[A-Z]{3,}(?:[ ,&'/-]+[A-Z]+){1,8}:?")
"""An English heading in capitals, which needs no empty line around it."""
_BARE_NUMBER = re.compile(r"^[0-9]{1,2} (?=[A-Z][A-Za-z ,&'/-]{3,60}$)")
"""The number of an English heading without a full stop: `3 Other actions agreed`."""


def _is_heading(text: str, line: re.Match[str], words: str) -> bool:
    if words.startswith("#"):
        return True
    if words.startswith("会议") or field_line().match(text, line.start(), line.end()):
        return False
    plain = words.strip("*_【】〔〕［］[] ")
    plain = _BARE_NUMBER.sub("", plain)
    if (
        len(plain) > (LONGEST_HEADING if not is_latin(plain) else 2 * LONGEST_HEADING)
        or "|" in plain
        or "\t" in plain
        or _COLUMNS.search(plain)
    ):
        return False
    bare = bare_heading(plain.rstrip(":：?？"))
    if bare and bare[-1] not in _STOP and announced(bare, least_coverage=0.75) is not None:
        return True
    if _CAPITALS.fullmatch(plain):
        return True
    blank = text[max(0, line.start() - 2) : line.start()] in {"", "\n", "\n\n"}
    apart = text[line.end() : line.end() + 2] == "\n\n"
    return blank and _looks_like_english_heading(plain, most=14 if apart else 8)


def _looks_like_english_heading(words: str, most: int) -> bool:
    if not words[:1].isupper() or words[-1] in _STOP or not is_latin(words):
        return False
    return len(words.split()) <= most and not re.search(r"\d{4}|[:;|]|\. |^(?:Dear|Date|To|From|Re)\b", words)


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in order of position."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(reversed(here.children))
