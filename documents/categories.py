"""Whether a unit is but a heading over the real entries."""

import re
from itertools import pairwise

from documents.clauses import states_fault
from documents.entries import ABOUT, CLAUSE_STYLES, fix_of, has_fields, mostly
from documents.lexicon import is_latin
from documents.outline import Node, beside, heading_of
from documents.sections import Announced, announced, lead_announces
from documents.weighing import mean, weigh, weigh_part

_ASPECT = re.compile(r"(?:方面|类|环节|领域|上)$")
_ABOUT = re.compile(r"(?:关于|针对)[^，。；]{4,50}问题(?:的?整改(?:落实|进展)?(?:情况)?)?$")
_AROUND = " \n　。：:;；，,"
_ENOUGH = 40
_LEADING = ("意见", "要求", "建议", "措施", "如下")
_GROUPED = re.compile(
    r"(?:[^。；，]{0,20}?(?:完成|办结|销号|解决|整改|坚持|推进|到位)的?(?:事项|问题|任务|工作|项目|内容|措施|整改任务)|"
    r"(?:近期|中期|远期|短期|长期|立行立改|即知即改|限期整改|持续整改|分阶段整改)(?:整改|完成|坚持)?(?:的?(?:事项|问题|任务|工作|措施|类))?)"
    r"(?:[（(][^（）()]{1,20}[）)])?"
)
"""A heading that groups what stands below it by when it is to be done."""


def is_category(text: str, node: Node, said: Announced) -> bool:
    """Whether the unit is but a heading over the real entries."""
    entries = [child for child in node.children if child.style != "label"]
    if not entries or node.style in CLAUSE_STYLES or node.style.startswith("word-"):
        return False
    if entries[0].style in CLAUSE_STYLES:
        return _is_over_clauses(text, node, entries, said)
    head = text[node.body : entries[0].start].strip(" \n　。：:;；")
    if mostly(_tells_problem(text, entry) for entry in entries) or _STATES.fullmatch(head):
        return True
    if len(head) > _LONGEST * (1 + is_latin(head)) or "。" in head or _DETAILS.search(head):
        return False
    leads = head.endswith(_LEADING) or (is_latin(head) and _FOLLOWS.search(head) is not None)
    if leads and lead_announces(head + "：") is said:
        return True
    own_fields = mostly(has_fields(text, entry) for entry in entries)
    return own_fields or _heads_only(head, entries, said)


def _is_over_clauses(text: str, node: Node, entries: list[Node], said: Announced) -> bool:
    """Whether a unit over `一是…二是…` is no entry of its own: an aspect, or a bare number in English."""
    head = text[node.body : entries[0].start]
    if not head.strip() and is_latin(text[node.body : node.body + _LONGEST]):
        return True
    return said is Announced.PROBLEMS and (_is_aspect(head) or _names_no_fault(text, head, entries))


_STATES = re.compile(
    r"(?:已(?:经)?(?:完成)?整改(?:到位|完成)?|已完成|立行立改|立查立改|即知即改|限期整改|正在整改|整改中|未完成|长期整改|"
    r"需要?(?:上级|协调)[一-龥]{0,6})(?:的?(?:问题|事项|项目))?(?:[（(][0-9一二三四五六七八九十]+[项个条][)）])?"
)
"""A heading over what is that far: `（一）已整改`, `（二）限期整改`."""
_DETAILS = re.compile(r"(?i)\b(?:in particular|for (?:example|instance)|specifically|namely)[,:]?\Z")
"""How the words of an English entry end that go on with its own parts: `… out of date. In particular:`."""
_FOLLOWS = re.compile(r"(?i)\b(?:the following|these|as follows)\b(?: [a-z]+){0,5}$")
"""How an English lead ends that names nothing itself: `the following will be done`."""


def _tells_problem(text: str, entry: Node) -> bool:
    """Whether an entry names its fix, or its problem: `关于“X”问题的整改`."""
    return fix_of(text, entry) is not None or _ABOUT.match(heading_of(text, entry)) is not None


_NEAR = 6


def is_among_categories(text: str, parent: Node, node: Node, said: Announced) -> bool:
    """Whether a unit over lines with numbers stands in a row of units that are but headings."""
    entries = _numbered(node)
    head = text[node.body : entries[0].start].strip() if entries else ""
    if not entries or "\n" in head or len(head) > _LONGEST:
        return False
    others = [one for one in beside(parent, node, _NEAR) if one is not node]
    alike = [one for one in others if _numbered(one)]
    if said is Announced.MEASURES and _runs_on([node, *alike]):
        return True
    if said is Announced.MEASURES and alike and all(_heads_tasks(text, one) for one in (node, *alike)):
        return True
    several = len(entries) > 1 and len(alike) > 1 and len(alike) == len(others)
    ways = any if said is Announced.MEASURES and _is_short(text, node) else all
    return several and ways(is_category(text, one, said) for one in alike)


_HEADED = re.compile(r"[ 　]*[^。；，：:\n]{4,20}(?:。[ 　]*\n?|\n)(?=[^\n]{8})(?![0-9]{1,2}[.、．])")
"""How an entry begins that has a heading of its own before its words."""


def _heads_tasks(text: str, node: Node) -> bool:
    """Whether each line with a number below a unit is a task with a heading of its own."""
    return all(_HEADED.match(text, one.body, one.end) is not None for one in _numbered(node))


_SHORT = 12


def _is_short(text: str, node: Node) -> bool:
    """Whether a few characters stand before the first line with a number: `（二）安全与应急`."""
    return len(text[node.body : _numbered(node)[0].start].strip(_AROUND)) <= _SHORT


_LONGEST = 40


def _numbered(node: Node) -> list[Node]:
    return [child for child in node.children if _at_line(child)]


def _runs_on(row: list[Node]) -> bool:
    """Whether the numbers below one unit go on below the next: what counts are the entries there."""
    marks = [[child.mark for child in _numbered(one)] for one in sorted(row, key=lambda one: one.start)]
    ends = [(own[-1], own[0]) for own in marks]
    pairs = [(before[0], after[1]) for before, after in pairwise(ends)]
    return any(
        last is not None and first is not None and last.value and first.value == last.value + 1
        for last, first in pairs
    )


def _at_line(node: Node) -> bool:
    return node.mark is not None and node.mark.at_line and node.style != "label"


def _is_aspect(head: str) -> bool:
    """Whether `（一）理论学习方面。` is all that stands before a row of clauses."""
    bare = head.strip(_AROUND)
    return bare.endswith("方面") and len(bare) <= 16 and not re.search(r"[。；，]", bare)


_NO_FAULT, _FAULTS = -2.0, 0.0


def _names_no_fault(text: str, head: str, entries: list[Node]) -> bool:
    """Whether the words of a heading speak against a fault and those of the entries below it for one."""
    first = [weigh_part(text, one.body, one.end) for one in entries[:_ENOUGH]]
    bare = head.strip(_AROUND)
    return "。" not in bare and weigh(bare).problem < _NO_FAULT and mean(first).problem > _FAULTS


_TIMED = re.compile(
    r"(?i)(?:to be done |due |actions? due )?(?:by|before|within|during|every|each) [^.;:\n]{2,40}|"
    r"(?:at once|immediate(?:ly)?|straight away|no date fixed(?: yet)?|standing requirements|from now on)"
)
"""An English heading that groups what stands below it by when it is to be done."""


def _heads_only(head: str, entries: list[Node], said: Announced) -> bool:
    if _TIMED.fullmatch(head):
        return True
    if _GROUPED.fullmatch(head) or _ASPECT.search(head) or announced(head, least_coverage=0.85) is said:
        return True
    if said is Announced.MEASURES:
        return False
    at_line = entries[0].mark is not None and entries[0].mark.at_line
    if said is Announced.BOTH:
        return at_line and not ABOUT.match(head) and not states_fault(head)
    return at_line or not states_fault(head)


_CASE = re.compile(
    r"[ 　]*[^，。：；（()）\n]{2,30}[（(](?:责任|牵头|主管|承办|建设)(?:单位|部门)[：:]"
    r"[^（）()\n]{2,40}[）)][。：:，]"
)
"""How a line begins that names a matter and who answers for it: `冷链物流园项目（责任单位：商务局）。`"""


def is_over_cases(text: str, parent: Node, node: Node) -> bool:
    """Whether a heading stands alone over lines each of which is a case of its own, or in a row of such."""
    if len(_lines(text, node)) < _FEWEST_CASES:
        return False
    return any(_tells_cases(text, one) for one in beside(parent, node, _NEAR))


_FEWEST_CASES = 2


def _lines(text: str, node: Node) -> list[str]:
    """The lines below a unit's heading where that stands alone on its line; none where units stand there."""
    head, *lines = text[node.body : node.end].strip().split("\n")
    alone = len(head) <= _LONGEST and "。" not in head and not node.children
    return [line for line in lines if line.strip()] if alone else []


def _tells_cases(text: str, node: Node) -> bool:
    lines = _lines(text, node)
    return len(lines) >= _FEWEST_CASES and all(map(_CASE.match, lines))
