"""Paragraphs of a Chinese section on measures that each begin with the problem they are against."""

import re

from documents.by_number import AGAINST
from documents.claim import Claim
from documents.clauses import stripped
from documents.entries import CLAUSE_STYLES, mostly
from documents.outline import Node
from documents.reading import Span
from documents.sections import Announced
from documents.titles import trimmed
from rules.lifecycle import Kind

_AGAINST = re.compile(
    r"[ \t　]*(?:针对|对于?|关于)(?!以上|上述|存在|这些|查摆|发现|自查|检查|督查|反馈)[^，。；：:\n]{2,60}?"
    r"(?:问题|不足|情况|短板|隐患|不够|不高|不强|不实|不严)[”\"]?(?:的问题)?[，,：:]"
)
_NUMBERED = re.compile(rf"[ \t　]*{AGAINST}")
"""The same by the numbers of its problems, which are no words of the measure: `针对第4、10条，修订…`."""
_STEPS = CLAUSE_STYLES | {"circled", "label"}
_LINE = re.compile(r"[^\n]+")
_FEWEST = 2


def targeted(text: str, node: Node, said: Announced | None) -> list[Claim]:
    """The paragraphs `针对…问题，…` of a section whose only numbers are the steps within them; else none."""
    if said is not Announced.MEASURES or not node.children:
        return []
    if any(one.style not in _STEPS or _is_apart(one) for one in node.children):
        return []
    end = trimmed(text, node.start, node.end)
    lines = list(_LINE.finditer(text, node.body, end))[1:]
    against = [(line, found) for line in lines if (found := _against(line[0]))]
    if len(against) < _FEWEST or not mostly(_against(line[0]) is not None for line in lines):
        return []
    begins = [line.start() + (found.end() if found.re is _NUMBERED else 0) for line, found in against]
    return [
        _measure(text, node, stripped(text, begin, line.end()))
        for begin, (line, _) in zip(begins, against, strict=True)
    ]


def _against(line: str) -> re.Match[str] | None:
    return _AGAINST.match(line) or _NUMBERED.match(line)


def _is_apart(step: Node) -> bool:
    """Whether a mark begins a line of its own, and none but words such as 一是 or 第11条 may."""
    return step.style not in CLAUSE_STYLES and step.mark is not None and step.mark.at_line


def _measure(text: str, node: Node, span: Span) -> Claim:
    steps = tuple(
        stripped(text, one.start, min(one.end, span.end))
        for one in node.children
        if span.start <= one.start < span.end and one.style != "label"
    )
    return Claim(
        Kind.MEASURE, "", span.start, span.start, span.end, "sentence-under-section", node.start, steps
    )
