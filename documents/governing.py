"""What the heading of a unit announces: of the unit itself, and of those behind it."""

import re
from bisect import bisect_left

from documents.clauses import says_nothing_wrong
from documents.genre import is_minutes
from documents.inferring import asks_of_all, lead_before
from documents.lexicon import is_latin
from documents.marking import LONGEST_HEADING
from documents.outline import Node, heading_of
from documents.sections import Announced, announced, opening

SECTION_STYLES = frozenset(
    {
        "part",
        "han",
        "heading",
        "hash1",
        "hash2",
        "hash3",
        "roman",
        "capital",
        "paren",
        "digit",
        "decimal2",
        "code",
    }
)
_LONG_HEADING = 16
TRACKED = frozenset({Announced.PROBLEMS, Announced.MEASURES, Announced.BOTH})


_ANNEX = re.compile(
    r"(?:Annex|Appendix|Attachment|Enclosure|Chart|Figure)(?:es|s)?\b"
    r"(?:[^.]{0,40}|[^.\n]{0,4}(?::| [–—-]) [^.\n]*)\Z"
)


def is_annex(text: str, node: Node) -> bool:
    """Whether a unit is what is printed behind an English paper."""
    return _ANNEX.match(heading_of(text, node)) is not None


_ASPECT = re.compile(r"(?:聚焦|对照|关于|在)[^，。：]{2,60}方面\Z")
"""A heading within a section that only says which side of it comes next, whatever words it uses."""


def own_heading(text: str, parent: Node, child: Node, said: Announced | None) -> Announced | None:
    """What the child's own heading announces; in a tracked section only one made of section words does."""
    if child.style not in SECTION_STYLES:
        return None
    heading = heading_of(text, child)
    if is_latin(heading) and (says_nothing_wrong(heading) or is_annex(text, child)):
        return Announced.NOTHING
    if said is not None and _ASPECT.match(heading):
        return None
    if said is not None:
        alone = not re.search(r"[，,、]", heading) and _is_heading_only(text, child, heading)
        return announced(heading, least_coverage=0.85) if alone else None
    least = 0.25 if parent.mark is None else 0.6
    own = _of_opening(text, child, heading) or announced(heading, least_coverage=least)
    return _in_context(text, child, heading, own)


def _in_context(text: str, child: Node, heading: str, own: Announced | None) -> Announced | None:
    """What a heading announces, which is `own` by its words alone, in this paper and over these words."""
    if own is Announced.NOTHING and _ARISING.match(heading) and not is_minutes(text):
        return Announced.PROBLEMS
    if own is Announced.BOTH and is_of_earlier_year(text, child):
        return Announced.NOTHING
    return Announced.MEASURES if own is Announced.PROBLEMS and asks_of_all(text, child) else own


_ARISING = re.compile(r"(?i:(?:matters|points|issues) arising)\Z")
"""What auditors head their findings with, and minutes what became of the last ones."""
_YEAR = re.compile(r"20[0-9]{2}(?=年)")
_HEAD = 200


def is_of_earlier_year(text: str, node: Node) -> bool:
    """Whether a heading speaks of a year before every one that the head of its paper names."""
    own = _YEAR.match(heading_of(text, node))
    return own is not None and own[0] < min(_YEAR.findall(text, 0, min(_HEAD, node.start)), default="")


def _of_opening(text: str, node: Node, heading: str) -> Announced | None:
    """What the first words announce where no stop and no line end parts a heading from its text."""
    if len(heading) <= _LONG_HEADING or "\n" in text[node.start : node.start + 2 * LONGEST_HEADING]:
        return None
    return announced(opening(heading), least_coverage=0.85)


def _is_heading_only(text: str, node: Node, heading: str) -> bool:
    """Whether the unit's own words before its list or paragraphs are but a heading."""
    at = text.find(heading, node.body, node.end) + len(heading)
    after = text[at : at + 1]
    return bool(heading) and (after in {"：", ":", "\n", ""} or bool(node.children))


def governs(
    text: str, parent: Node, child: Node, said: Announced | None, before: Announced | None
) -> tuple[Announced | None, bool]:
    """What a plain heading without words announces for those behind it, and whether this is one of them."""
    if child.style != "heading" or said is not None:
        return before, False
    own = own_heading(text, parent, child, None)
    if own is not None:
        heading = heading_of(text, child)
        after = text[text.find(heading, child.body) + len(heading) : child.end]
        return (own if own in TRACKED and not after.strip(" \n：:*_") else None), False
    before = before or _led_across(text, parent, child)
    told = bool(child.children) or (before in _STATED and is_latin(heading_of(text, child)))
    return before, before is not None and told


_STATED = frozenset({Announced.PROBLEMS, Announced.MEASURES})


def _led_across(text: str, parent: Node, child: Node) -> Announced | None:
    """What a sentence leads to where one row runs on below several headings, such as the rooms inspected."""
    at = bisect_left(parent.children, child.start, key=lambda one: one.start)
    rows = [one for one in parent.children[at : at + _NEAR] if one.style == "heading" and one.children]
    values = [one.children[0].mark.value for one in rows[:2] if one.children[0].mark]
    runs_on = len(values) == 2 and values[0] == 1 and values[1] is not None and values[1] > 1
    begin = parent.children[at - 1].body if at else parent.body
    return lead_before(text, begin, child.start) if runs_on else None


_NEAR = 12
