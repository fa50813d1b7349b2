"""Lines in which units of an office tell one after another what is wrong: `仓储部：…；…`"""

import re

from documents.claim import Claim
from documents.entries import CLAUSE_STYLES
from documents.names import is_named
from documents.numbering import Mark
from documents.outline import Node
from documents.prose import unnumbered
from documents.sections import Announced

_SPEAKER = re.compile(r"[ \t　]*(?P<who>[一-龥]{2,8})[：:](?=[^\s])")
_FEWEST_SPEAKERS = 2


def beside_clauses(text: str, node: Node, said: Announced) -> list[Claim]:
    """What units tell in lines of their own, `仓储部：…；…`, beside others that number what they tell."""
    if said is not Announced.PROBLEMS or any(one.style not in CLAUSE_STYLES for one in node.children):
        return []
    begins = [text.rfind("\n", 0, one.start) + 1 for one in node.children]
    lines = [line for line in _LINE.finditer(text, node.body, node.end) if _is_speaker(text, line.start())]
    plain = [line for line in lines if line.start() not in begins]
    if len(lines) < _FEWEST_SPEAKERS or len(plain) == len(lines):
        return []
    found = []
    for line in plain:
        body = _SPEAKER.match(text, line.start()).end()  # type: ignore[union-attr]
        mark = Mark(line.start(), body, "lead", None, at_line=True)
        found += unnumbered(text, Node(mark, line.start(), body, line.end(), []), said)
    return found


_LINE = re.compile(r"[^\n]+")


def _is_speaker(text: str, position: int) -> bool:
    speaks = _SPEAKER.match(text, position)
    return speaks is not None and is_named(speaks["who"])
