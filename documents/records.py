"""Entries written as lines of labels: `问题：… 整改措施：… 责任人：…`."""

import re
from dataclasses import replace

from documents.claim import Claim
from documents.entries import CLAUSE_STYLES
from documents.lexicon import is_latin
from documents.outline import Node, is_label_for, label_word
from documents.sections import Announced
from documents.units import is_apart
from rules.lifecycle import Kind


def record_at(text: str, node: Node, index: int) -> Node | None:
    """An entry written as lines `问题：… 整改措施：…`: from this label to before the next of its kind."""
    child = node.children[index]
    if not is_label_for(text, child, Announced.PROBLEMS) or _goes_on(text, node, index):
        return None
    beside = _beside(text, node, index)
    fixes = [label for label in beside if is_label_for(text, label, Announced.MEASURES)]
    if not fixes or (_leads(text, child) and _leads(text, fixes[0])):
        return None
    if node.mark is None and _in_clauses(child) and _in_clauses(fixes[0]):
        return None
    if _PARAGRAPHS.search(text, child.body, fixes[0].start) and is_latin(label_word(text, child)):
        return None
    after = index + 1 + len(beside)
    end = opened(text, node.children[after].start) if after < len(node.children) else node.end
    block = text.find("\n\n", fixes[0].body, end)
    end = end if block == -1 else block
    kept = beside if sum(is_apart(text, one) for one in fixes) > 1 else fixes[:1]
    return Node(child.mark, opened(text, child.start), child.body, end, [*child.children, *kept])


_PARAGRAPHS = re.compile(r"[.!?”\"][ ]*\n[ ]*\n[ ]*[A-Z][^\n]{20}")
"""Where a second paragraph begins below an English label, which is the heading of a section then."""


_NUMBERED = re.compile(
    r"[ \t　]*(?:(?:序号|编号|问题编号|隐患编号|(?i:no|ref|item|id))[. \t]*[：:][ \t　]*"
    r"(?P<said>[^\s，,；;]{1,16})|"
    r"(?P<code>[【\[（(][A-Z0-9一-龥]{0,4}[-0-9]{1,8}[】\]）)]))"
)
"""How an entry of labels begins: `序号：1`, `【11-01】 检查时间：…`."""
_LABELLED = re.compile(r"[ \t　]*[^\s。；，,：:][^。；，,：:\n]{0,19}[：:]")
_MOST_ABOVE, _LONGEST_LINE = 6, 200


def with_number(text: str, record: Node, label: Node, found: list[Claim]) -> list[Claim]:
    """The claims of an entry whose problem begins at the line of its number above the label."""
    opening = _NUMBERED.match(text, record.start) if record.start < label.start else None
    if opening is None or not found or found[0].kind is not Kind.PROBLEM:
        return found
    first = replace(found[0], start=record.start, number=opening["said"] or opening["code"])
    later = [replace(one, answers=first.start) if one.answers == found[0].start else one for one in found[1:]]
    return [first, *later]


def opened(text: str, position: int) -> int:
    """Where the entry begins whose problem label stands here: at the line of its number, if one is above.

    Between them stand only lines of labels, such as `责任部门：…`.
    """
    begin = text.rfind("\n", max(0, position - _LONGEST_LINE), position) + 1
    if not begin:
        return position
    for _ in range(_MOST_ABOVE):
        above = text.rfind("\n", max(0, begin - _LONGEST_LINE), max(0, begin - 1)) + 1
        known = any(one.match(text, above, begin) for one in (_LABELLED, _NUMBERED))
        if not 0 < begin - above <= _LONGEST_LINE or not known:
            return position
        if _NUMBERED.match(text, above, begin):
            return above + len(text[above:begin]) - len(text[above:begin].lstrip())
        begin = above
    return position


_LONGEST_LABEL = 6


def _in_clauses(label: Node) -> bool:
    """Whether a label heads a row `一是…二是…`: of the whole paper, it is a section then."""
    return sum(child.style in CLAUSE_STYLES for child in label.children) > 1


def _leads(text: str, label: Node) -> bool:
    """Whether a label is a sentence that leads to a row of entries, and begins no entry itself."""
    listed = sum(child.style != "label" for child in label.children) > 1
    return listed and len(label_word(text, label)) > _LONGEST_LABEL


def _beside(text: str, node: Node, index: int) -> list[Node]:
    """The labels that follow a problem label, up to the next one or a numbered unit."""
    found = []
    first = label_word(text, node.children[index])
    for child in node.children[index + 1 : index + 12]:
        if child.style != "label":
            break
        again = label_word(text, child) == first
        if is_label_for(text, child, Announced.PROBLEMS) and (again or not _tells_more(text, child)):
            break
        found.append(child)
    return found


_MORE = re.compile(r"(?:具体|主要|问题)?(?:表现|描述|详情)|具体情况|具体问题")


def _tells_more(text: str, label: Node) -> bool:
    """Whether a label goes on with a problem that the label before it named: `检视问题：… 具体表现：…`."""
    return _MORE.fullmatch(label_word(text, label)) is not None


def _goes_on(text: str, node: Node, index: int) -> bool:
    before = node.children[index - 1] if index else None
    told = before is not None and is_label_for(text, before, Announced.PROBLEMS)
    return (
        told and not _tells_more(text, node.children[index - 1]) and _tells_more(text, node.children[index])
    )


def in_record(text: str, node: Node, index: int) -> bool:
    """Whether a label stands in an entry that an earlier problem label began."""
    for back in range(index, max(-1, index - 12), -1):
        if node.children[back].style != "label":
            return False
        if is_label_for(text, node.children[back], Announced.PROBLEMS) and not _goes_on(text, node, back):
            return back < index and record_at(text, node, back) is not None
    return False
