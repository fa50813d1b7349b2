"""A unit that tells a fault and its fix with no label between them."""

import re
from dataclasses import replace

from documents.answered import is_answered, opens_fixes, undoes
from documents.claim import Claim
from documents.clauses import begins_fix, clauses, says_nothing_wrong, sentences, stripped
from documents.entries import ABOUT, CLAUSE_STYLES, NUMBERED, as_claim, has_fields
from documents.fixes import fix_start
from documents.outline import Node
from documents.pairs import pair, several_pairs
from documents.titles import trimmed
from documents.weighing import weigh
from rules.lifecycle import Kind

_NAMED_THEN = re.compile(r"(?:关于|针对|对于?)[^，。；]{2,50}?(?:问题|方面|情况|意见)[”\"]?(?:的?整改)?[，,]")
"""A problem that is named before a comma: `针对“津补贴发放不规范”的问题，…`."""


def unlabelled_pair(text: str, parent: Node, node: Node, heading: str) -> list[Claim]:
    """A unit that states a fault and its fix in one breath, or `关于“X”问题的整改。` and what was done."""
    whole = as_claim(text, parent, node, Kind.PROBLEM, "clause-before-fix")
    if says_nothing_wrong(text[whole.title_start : whole.end]):
        return []
    about, answered = ABOUT.match(heading), is_answered(text, parent, node)
    if answered and (rows := _answer_rows(text, node)):
        return _each_answers(text, node, whole, rows)
    named = _NAMED_THEN.match(heading) if about else None
    head_end = whole.title_start + (named.end() if named else len(heading) + 1 if about or answered else 0)
    if head_end >= whole.end:
        return pair(text, whole, None)
    listed = bool(node.children) and (node.children[0].style in CLAUSE_STYLES or opens_fixes(text, node))
    told = answered or (about and (listed or "整改" in about[0] or "”" in about[0]))
    begin = _answer(text, node, head_end, whole.end) if told else fix_start(text, head_end, whole.end)
    if begin is None:
        return pair(text, whole, None)
    several = [] if told else several_pairs(text, whole, head_end)
    return several or pair(text, whole, stripped(text, begin, whole.end).start)


_ADMITS = re.compile(
    r"\s*(?:经(?:现场|实地)?(?:核查|核实|调查|查实?|查看|了解)[，,：:]?)?(?:该?(?:反映|投诉|举报)的?)?(?:情况|问题|内容)?(?:部分|基本)?属实[。，,；;]|"
    r"\s*经(?:现场|实地)?(?:核查|核实|调查|查实?|查看|了解)[，,：:]"
)
"""How an answer begins that first says whether it is so: `情况属实。`."""


def _answer(text: str, node: Node, head_end: int, end: int) -> int | None:
    """Where what is done begins behind a heading that names its problem, without what was found to be so."""
    begin = _behind_heading(node, head_end)
    if begin != head_end:
        return begin
    if _ADMITS.match(text, head_end, end):
        return fix_start(text, head_end, end)
    first = next(sentences(text, head_end, end), None)
    if first is None or not _explains(text[first.start : first.end]):
        return begin
    step = next((one.start for one in node.children if one.style in CLAUSE_STYLES), None)
    return fix_start(text, head_end, end) if step is None else step


def _explains(said: str) -> bool:
    """Whether a sentence behind a problem's name says more of it, and not yet what was done."""
    first = next(clauses(said, 0, len(said)), None)
    begins = first is not None and begins_fix(said[first.start : first.end])
    weight = weigh(said)
    return not (begins or undoes(said)) and weight.problem > weight.measure


def _behind_heading(node: Node, head_end: int) -> int:
    """Where the fix begins behind a heading that names its problem: at a first step in a line of its own."""
    first = node.children[0] if node.children else None
    if first is None or first.mark is None or first.style not in CLAUSE_STYLES:
        return head_end
    return first.start if first.mark.at_line else head_end


def _answer_rows(text: str, node: Node) -> list[Node]:
    """The measures that stand numbered below the heading that names their problem, each on its own line."""
    rows = [child for child in node.children if child.style in NUMBERED]
    at_line = all(child.mark is not None and child.mark.at_line for child in rows)
    return rows if rows and at_line and any(has_fields(text, row) for row in rows) else []


def _each_answers(text: str, node: Node, whole: Claim, rows: list[Node]) -> list[Claim]:
    problem = replace(whole, end=trimmed(text, whole.start, rows[0].start), subitems=())
    found = [as_claim(text, node, row, Kind.MEASURE, "numbered-after-label") for row in rows]
    return [problem, *(replace(claim, answers=problem.start, group=problem.group) for claim in found)]
