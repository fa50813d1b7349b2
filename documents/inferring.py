"""What a section is by what stands in it, where its heading does not say."""

import re
from functools import lru_cache
from itertools import islice, takewhile

from documents.clauses import clauses, opens_with_action, states_fault
from documents.outline import Node, heading_of, is_label_for, walk
from documents.sections import Announced, announced
from documents.units import CLAUSE_STYLES, has_fields, mostly

_FEWEST = 2
_ENOUGH = 40
"""So many entries tell what a row is; a longer look would cost more as the row grows."""
_READ = 200
"""So many characters of an entry hold its first clause."""
_ROW_STYLES = frozenset({"clause", "ordinal", "round", "circled"})
_NUMBERED_STYLES = frozenset({"digit", "paren", "round", "circled", "han"})
_OF_FAULTS = re.compile(r"(?:问题|隐患|不足|缺陷)[^。；\n]{0,8}(?:清单|台账|交办|一览|任务单)")
"""How a title speaks of entries that each name a fault and who is to see to it."""
_CAUSES = re.compile(r"原因|根源|剖析|症结|缘于|由于|教训")
_MOST_FAULTY = 0.75
_MOST_ACTING = 0.5


def inferred(text: str, node: Node, *, after_problems: bool) -> Announced | None:
    """What the entries of a section are by their own words: faults; or, once faults were told, actions.

    What was done is told in the words of what is to be done, so actions before any fault mean nothing.
    """
    entries = [child for child in node.children if child.style != "label"]
    if len(entries) < _FEWEST or entries[0].style in CLAUSE_STYLES:
        return None
    headings = [heading_of(text, entry) for entry in entries]
    faulty = sum(states_fault(heading) and not opens_with_action(heading) for heading in headings)
    own = heading_of(text, node)
    if faulty >= _MOST_FAULTY * len(entries) and not opens_with_action(own):
        return Announced.PROBLEMS
    acting = sum(opens_with_action(heading) and not states_fault(heading) for heading in headings)
    told = announced(own, least_coverage=0.3)
    if after_problems and told is not Announced.NOTHING and acting > _MOST_ACTING * len(entries):
        return Announced.MEASURES
    return None


def row(text: str, node: Node, index: int) -> Announced | None:
    """What a row such as `一是…二是…` is where no words before it say so: faults, if nearly all are.

    `index` is the child that begins the row.
    """
    first = node.children[index]
    beginning = node.children[index : index + _ENOUGH]
    entries = list(takewhile(lambda child: child.style == first.style, beginning))
    before = text[max(node.body, first.start - 60) : first.start]
    if len(entries) < _FEWEST or _CAUSES.search(before):
        return None
    charged = first.style in _NUMBERED_STYLES and mostly(has_fields(text, entry) for entry in entries)
    if charged and _OF_FAULTS.search(text[max(0, node.body - _READ) : min(first.start, node.body + _READ)]):
        return Announced.PROBLEMS
    if first.style not in _ROW_STYLES and not charged:
        return None
    faulty = sum(
        _begins_with_fault(text[entry.body : min(entry.end, entry.body + _READ)]) for entry in entries
    )
    return Announced.PROBLEMS if faulty > _MOST_FAULTY * len(entries) else None


@lru_cache(maxsize=1024)
def _begins_with_fault(words: str) -> bool:
    """Whether the first clause states a fault. Kept, as rows that begin anew at each entry overlap."""
    first = next(clauses(words, 0, len(words)), None)
    said = words[first.start : first.end] if first else ""
    return states_fault(said) and not opens_with_action(said)


def begins_bullets(text: str, node: Node, index: int) -> bool:
    """Whether a row of bullets, which bear no number, begins with this child."""
    before, first = node.children[index - 1], node.children[index]
    led = text[max(before.body, first.start - _READ) : first.start].rstrip().rpartition("\n")
    return first.style == "bullet" and (
        before.style != "bullet" or (led[1] != "" and led[2].endswith(("：", ":")))
    )


def states_several(text: str, node: Node) -> bool:
    """Whether labels in the unit begin more than one problem: it is a section and no entry."""
    beginning = islice(walk(node), _ENOUGH)
    return sum(is_label_for(text, part, Announced.PROBLEMS) for part in beginning) > 1
