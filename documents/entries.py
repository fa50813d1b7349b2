"""A numbered unit as one entry: its claim, its parts, its fields, and where its fix is named."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache

from documents.claim import Claim
from documents.clauses import stripped
from documents.lexicon import any_of, field_line, folded, words
from documents.minutes import is_formal
from documents.outline import Node, heading_of, is_label_for, label_word
from documents.reading import Span
from documents.sections import Announced
from documents.titles import trimmed
from rules.lifecycle import Kind

CLAUSE_STYLES = frozenset({"clause", "ordinal"})
NUMBERED = frozenset({"digit", "round", "half", "circled", "paren"})
_FIELDS = re.compile(
    r"(?:责任|牵头|配合|承办|主办)[一-龥]{0,4}[：:]|(?:owner|responsible|contact)[a-z ]{0,12}:"
)
RESOLVED = re.compile(r"会议(?:还|一致)?(?:要求|明确|议定|决定|确定|同意|商定)")
ABOUT = re.compile(
    r"(?:\d{1,2}[.、])?(?:关于|针对|对于?).{2,50}?(?:问题|方面|情况|意见|[”\"]的?(?:反映|诉求|投诉|举报))(?:的?整改)?"
)

NAMES_PROBLEM = re.compile(
    r"(?:关于|针对)(?!是否)(?:“?.{4,60}问题(?:的?整改(?:落实|进展)?(?:情况)?)?|[“\"].{4,60}[”\"]的?(?:反映|诉求|投诉|举报))$"
)
"""A whole heading that names one problem: `关于“灶台油污”问题的整改`, `关于“夜里施工”的投诉`."""


def fix_of(text: str, node: Node) -> Node | None:
    """The first label or numbered recommendation in the unit that begins its fix."""
    for child in node.children:
        if child.style == "word-measure":
            return child
        if is_label_for(text, child, Announced.MEASURES) and not is_formal(text, child):
            if any(only(text, node, child) for only in (_only_state, _only_advice)):
                continue
            return child
        if (
            child.style == "minute"
            and RESOLVED.match(text, child.start)
            and ABOUT.match(heading_of(text, node))
        ):
            return child
    return None


def names_task(text: str, label: Node) -> bool:
    """Whether a label leads to what is wrong, if only as what is to be put right: `整改任务：采砂坑裸露`."""
    return is_label_for(text, label, Announced.PROBLEMS) or label_word(text, label) in words("label", "task")


def _only_advice(text: str, node: Node, label: Node) -> bool:
    """Whether a label says what auditors asked for, and another one of the unit what was done about it."""
    if folded(label_word(text, label)) not in (*words("label", "task"), *words("label", "advice")):
        return False
    at = bisect_right(node.children, label.start, key=lambda one: one.start)
    behind = (one for one in node.children[at : at + _NEAR] if one.style == "label")
    return any(folded(label_word(text, one)) in words("label", "outcome") for one in behind)


_NEAR = 12
"""So many units behind a label what was done is looked for."""


_STATE = re.compile(
    r"(?:(?:全部|基本|均)?已?(?:经)?(?:整改)?(?:完成|办结|销号|到位)(?:整改|销号)?|正在(?:推进|整改|办理)|持续推进|长期坚持|[，,、]){1,4}[。；;]?\s*"
)


def _only_state(text: str, node: Node, label: Node) -> bool:
    """Whether a label behind what was done about a named problem only says how far it is: `进展：已完成。`"""
    named = NAMES_PROBLEM.match(heading_of(text, node)) is not None
    told = len(text[node.body : label.start]) - len(heading_of(text, node)) > _LEAST_TOLD
    return named and told and _STATE.fullmatch(text, label.body, label.end) is not None


_LEAST_TOLD = 8


def first_number(label: Node) -> Node | None:
    """The one number that stands right behind a label and belongs to its words: `存在问题：2、…`."""
    numbered = [child for child in label.children if child.style in NUMBERED]
    alone = label.style == "label" and len(numbered) == 1 and numbered[0].start == label.body
    return numbered[0] if alone else None


def mostly(several: Iterable[bool]) -> bool:
    every = list(several)
    return sum(every) * 2 > len(every)


def has_fields(text: str, node: Node) -> bool:
    """Whether a unit names who is in charge behind a label."""
    return names_owner(text[node.start : min(node.end, node.start + 2000)])


@lru_cache(maxsize=256)
def names_owner(part: str) -> bool:
    """Whether words name who is in charge behind a label; kept, as a row is asked about its neighbours."""
    labelled = "：" in part or ":" in part
    return labelled and any_of("label", "owner").search(folded(part)) is not None


def as_claim(text: str, parent: Node, node: Node, kind: Kind, rule: str) -> Claim:
    whole = trimmed(text, node.start, node.end)
    end = _without_shared_fields(text, node.start, whole, is_bullet=node.style == "bullet")
    number = text[node.start : node.body].strip(" \t　\n*#")
    shown = "" if node.style in {"bullet", "label"} else number
    start = node.start if shown else stripped(text, node.body, node.end).start
    rule = "bullet-under-section" if node.style == "bullet" else rule
    title = stripped(text, node.body, end).start
    return Claim(
        kind, shown, title, start, max(end, title + 1), rule, parent.start, subitems(text, node, end)
    )


_NEXT_LINE = re.compile(r"\n[A-Z][a-z]+(?: [a-z]+){0,3}: ")


def _without_shared_fields(text: str, start: int, end: int, *, is_bullet: bool) -> int:
    """An entry with fields of its own ends before a line of fields that follows a whole row of entries.

    So does an English bullet before any line of a label, which is none of its own as it stands further left.
    """
    line_end = text.find("\n", start, end)
    if is_bullet and line_end != -1 and _NEXT_LINE.match(text, line_end):
        own = field_line().match(text, line_end + 1) is not None
        return end if own else line_end
    if line_end == -1 or not _FIELDS.search(folded(text[start:line_end])):
        return end
    following = text[line_end:end].lstrip()
    return line_end if _FIELDS.match(folded(following[:40])) else end


def subitems(text: str, node: Node, end: int) -> tuple[Span, ...]:
    entries = [child for child in node.children if child.style != "label" and child.start < end]
    return tuple(Span(child.start, trimmed(text, child.start, min(child.end, end))) for child in entries)
