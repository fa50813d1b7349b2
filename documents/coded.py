"""Rows that codes such as `A1` number, below a problem that they answer or a priority that they carry out."""

import re

from documents.entries import has_fields
from documents.outline import Node

DUE = re.compile(r"[.;] (?:Due|Status|Deadline|Target)\b[^:\n]{0,12}:")
CODE_ALONE = re.compile(r"(?P<code>[A-Z]{1,4}[- ]?[0-9]{1,3})[ ]*\n(?=[A-Z])")
"""The number of an English entry in a line of its own behind its label: `Observation: OBS-1`."""
_LETTER = re.compile(r"\w+ (?P<letter>[A-Z])\b")


def _rows(node: Node) -> list[Node]:
    return [child for child in node.children if child.style == "code" and child.mark and child.mark.at_line]


def coded_actions(text: str, node: Node) -> list[Node]:
    """The actions below a problem that codes number, if most of them have fields of their own."""
    rows = _rows(node)
    fielded = sum(has_fields(text, row) or DUE.search(text, row.body, row.end) is not None for row in rows)
    return rows if fielded * 2 > len(rows) else []


def lettered(text: str, node: Node) -> list[Node]:
    """The rows `A1`, `A2` below a mere heading `Priority A – Talk`; none where it says more itself."""
    named, rows = _LETTER.match(text, node.start), _rows(node)
    if named is None or not rows or "\n" in text[node.body : rows[0].start].strip():
        return []
    mine = all(text.startswith(named["letter"], row.start) for row in rows)
    return rows if mine and len(rows) == len(node.children) else []
