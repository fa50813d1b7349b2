"""Headings that name one problem, with nothing behind them but what is done about it."""

import re

from documents.clauses import begins_fix, clauses, opens_with_action, says_unfounded, states_fault
from documents.outline import Node, beside, heading_of
from documents.ratings import is_rated_fine

_NAMED = re.compile(r"(?:[^，。：；\n]|，(?=[^，。]{2,12}的问题)){4,40}(?<!方面)(?<!存在)的问题$")
"""A heading that names one problem: `惠民资金发放不及时的问题`."""


_NEAR = 5


def is_answered(text: str, parent: Node, node: Node) -> bool:
    """Whether a heading names one problem and only what is done about it follows: here, or in its row."""
    if not _names_problem(text, node):
        return False
    row = [_first_words(text, one) for one in beside(parent, node, _NEAR) if _names_problem(text, one)]
    in_row = sum(map(_is_done_about, row)) > 1 and not any(map(_tells_fault, row))
    return in_row or _is_done_about(_first_words(text, node))


def opens_fixes(text: str, node: Node) -> bool:
    """Whether a row of numbered lines below a heading begins with what was or will be done."""
    first = node.children[0]
    clause = next(clauses(text, first.body, min(first.end, first.body + 200)), None)
    at_line = first.mark is not None and first.mark.at_line and first.style in {"digit", "round", "half"}
    return at_line and clause is not None and _is_done_about(text[clause.start : clause.end])


def _names_problem(text: str, node: Node) -> bool:
    heading = heading_of(text, node)
    return _NAMED.match(heading) is not None and states_fault(heading)


def _first_words(text: str, node: Node) -> str:
    """The first clause behind a heading, without the number of a row that it begins."""
    heading = heading_of(text, node)
    at = text.find(heading, node.body, node.end) + len(heading)
    first = next(clauses(text, at, node.end), None)
    return _ROW.sub("", text[first.start : first.end]).lstrip() if first else ""


def _is_done_about(said: str) -> bool:
    return not _tells_fault(said) and (opens_with_action(said) or begins_fix(said))


_UNDOES = re.compile(
    r"已?(?:全部|及时)?(?:收回|追回|追缴|清退|退回|退还|拆除|取缔|查处|纠正|更换|修复|清理|整治)"
)
"""How a clause begins whose words of fault name what is undone: `收回违规报销的燃油费`."""


def undoes(said: str) -> bool:
    """Whether a clause begins with what is undone, whose words of fault tell none."""
    return _UNDOES.match(said) is not None


def _tells_fault(said: str) -> bool:
    return states_fault(said) and not undoes(said)


_ROW = re.compile(r"^(?:[一二三四五六七八九十]是|[（(]?[0-9一二三四五六七八九十][）).、]|[①-⑨])")


_QUESTION = re.compile(r"[ \t]*[^\n。]{4,80}[？?]\s*(?:答|A)[：:.]")
"""A question with its answer, which explains how things are: `问题一：…怎么办？答：…`."""


_OF_NEXT = re.compile(r"[ \t]*(?:关于)?下一?次(?:会议|例会|议事会)(?:的?(?:时间|安排))?[。：:\n]")
"""The last matter of minutes: when they meet again."""


def states_nothing(text: str, node: Node) -> bool:
    """Whether an entry without units below it is rated as it should be, or only explains something."""
    plain = all(child.style == "label" for child in node.children)
    return plain and (
        _OF_NEXT.match(text, node.body, node.end) is not None
        or is_rated_fine(text, node.body, node.end)
        or _QUESTION.match(text, node.body, node.end) is not None
    )


_LONGEST_LETTER = 1500


def is_unfounded(text: str, node: Node) -> bool:
    """Whether a short entry says of what it was told that it is not so: `反映不实`."""
    short = node.end - node.start <= _LONGEST_LETTER and node.style not in {"part", "label", "lead"}
    return short and says_unfounded(text[node.start : node.end])
