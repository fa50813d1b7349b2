"""Entries of a progress report: a project, its aim, its progress, what stands in its way, what follows."""

import re

from documents.claim import Claim
from documents.clauses import says_nothing_wrong, stripped
from documents.outline import Node, label_word
from documents.prose import unnumbered
from documents.reading import Span
from documents.sections import Announced, label_announces
from documents.titles import trimmed
from documents.units import unit
from rules.lifecycle import Kind

_AIM = re.compile(
    r"(?:年度|工作|建设|总体|阶段)?目标(?:任务)?|建设内容|(?:项目|基本)(?:概况|情况|内容)|任务内容"
)
_PROGRESS = re.compile(r"(?:目前|当前|工作|项目|推进|完成|实际|上半年)?(?:进展|进度|完成情况)(?:情况)?")
_BOTH = re.compile(r"[一-龥]{0,4}(?:问题|困难|不足)(?:和|与|及|、)[一-龥]{0,4}(?:措施|打算|安排|建议|计划)")


def is_project(text: str, node: Node) -> bool:
    """Whether an entry tells its aim or its progress behind a label before anything that is wrong."""
    said = [label_word(text, one) for one in _labels(node)]
    aimed = any(_AIM.fullmatch(one) for one in said)
    told = next((at for at, one in enumerate(said) if _PROGRESS.fullmatch(one)), None)
    return told is not None and (aimed or any(map(_is_fault_label, said[told + 1 :])))


def _labels(node: Node) -> list[Node]:
    return [child for child in node.children if child.style == "label"]


def _is_fault_label(word: str) -> bool:
    return label_announces(word) is Announced.PROBLEMS


def project(text: str, node: Node) -> list[Claim]:
    """What is wrong with a project, each fault by itself, and what will be done about all of it."""
    found: list[Claim] = []
    for label in node.children:
        word = label_word(text, label) if label.style == "label" else ""
        if _BOTH.fullmatch(word):
            found += unnumbered(text, label, Announced.BOTH)
        elif _is_fault_label(word):
            found += _faults(text, label)
        elif found and label_announces(word) is Announced.MEASURES and not _PROGRESS.fullmatch(word):
            found += _measure(text, node, label)
    return found


def _faults(text: str, label: Node) -> list[Claim]:
    if says_nothing_wrong(text[label.body : label.end]) or _NONE.match(text, label.body):
        return []
    rows = [child for child in label.children if child.style != "label"]
    if rows:
        return [claim for one in rows for claim in unit(text, label, one, Announced.PROBLEMS)]
    return unnumbered(text, label, Announced.PROBLEMS)


_NONE = re.compile(r"[ 　]*(?:暂?无|没有|/|—|-)[。；]?[ 　]*(?:\n|\Z)")


def _measure(text: str, node: Node, label: Node) -> list[Claim]:
    """What follows, with the lines on who and when behind it."""
    begin = stripped(text, label.body, node.end).start
    end = trimmed(text, begin, node.end)
    fields = Span(node.start, node.end)
    claim = Claim(
        Kind.MEASURE, "", begin, begin, end, "after-label", node.start, fields=fields, among=node.start
    )
    return [claim] if end > begin else []
