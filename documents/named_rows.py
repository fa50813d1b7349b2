"""Rows of entries whose headings each name a problem, or the place at which it was found."""

import re
from functools import lru_cache

from documents.clauses import opens_with_action
from documents.entries import fix_of, has_fields, mostly
from documents.fixes import imperative
from documents.lexicon import alternatives, field_line, is_latin, words
from documents.outline import Node, beside, heading_of
from documents.weighing import weigh_part

_PLACED = re.compile(r"[ \t]*[A-Z][\w /&',]{2,40} [—–] [A-Z]")
_SEEN = 12
_FEWEST_NAMED = 3
_NEAR = 6
_NAMES_PROBLEM = re.compile(r"[^，。：；\n]{3,24}(?<!方面)(?<!存在)(?<!主要)(?<!发现的)问题$")
_READ_FIELDS = 600
_OPENING = 60


def is_task(text: str, parent: Node, node: Node) -> bool:
    """Whether it is one of a row of orders with fields: `R1. Publish a register. Status: …`."""
    if node.style == "heading" or not _names_fields(text, node) or fix_of(text, node) is not None:
        return False
    return mostly(has_task(text, one) for one in beside(parent, node, _NEAR))


def has_task(text: str, node: Node) -> bool:
    """Whether a unit orders something and says in fields who or by when."""
    opening = text[node.body : node.body + _OPENING].lstrip()
    ordered = imperative().match(opening) if is_latin(opening) else opens_with_action(opening)
    asked = bool(ordered) or _asks(text, node)
    return asked and _names_fields(text, node) and fix_of(text, node) is None


def _names_fields(text: str, node: Node) -> bool:
    stop = min(node.end, node.body + _READ_FIELDS)
    return any(one.search(text, node.body, stop) is not None for one in (field_line(), _inline_field()))


def asks_somebody(text: str, node: Node) -> bool:
    """Whether a unit says in fields who or by when, and its words speak for a measure and tell no fault."""
    if has_task(text, node):
        return True
    weight = weigh_part(text, node.body, node.end, most=1)
    return has_fields(text, node) and weight.measure > max(_EVEN, weight.problem)


@lru_cache(maxsize=1)
def _inline_field() -> re.Pattern[str]:
    """A field behind a sentence: `…on every visit. Lead: Head of Repairs.`"""
    names = alternatives((*words("label", "owner"), *words("label", "deadline")))
    return re.compile(rf"[.;。；)）(（/][ \t]*(?i:{names})[ \t]?[:：]")


def _asks(text: str, node: Node) -> bool:
    """Whether the words of the first sentence speak for a measure rather than for anything else."""
    weight = weigh_part(text, node.body, node.end, most=1)
    return weight.measure > max(_EVEN, weight.problem)


_EVEN = -1.0


def is_named(text: str, parent: Node, node: Node) -> bool:
    """Whether it is one of a row whose headings name a problem, `1、公共收益不公开问题。`, or a place."""
    if _PLACED.match(text, node.body):
        return any(_PLACED.match(text, one.body) and fix_of(text, one) for one in parent.children[:_SEEN])
    if not _NAMES_PROBLEM.match(heading_of(text, node)):
        return False
    row = beside(parent, node, _FEWEST_NAMED)
    named = (_NAMES_PROBLEM.match(heading_of(text, one)) is not None for one in row)
    return len(row) >= _FEWEST_NAMED and mostly(named)
