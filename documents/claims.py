"""From the tree of a report to the places that state a problem or a measure."""

import re

from documents.claim import Claim
from documents.clauses import states_fault
from documents.lexicon import folded
from documents.outline import LONGEST_HEADING, Node, heading_of
from documents.prose import unnumbered
from documents.sections import SURELY, Announced, announced, label_announces, lead_announces, score
from documents.units import (
    ABOUT,
    CLAUSE_STYLES,
    fix_of,
    has_fields,
    is_label_for,
    label_word,
    mostly,
    unit,
    with_fix,
)

_TRACKED = {Announced.PROBLEMS, Announced.MEASURES, Announced.BOTH}
_SECTION_STYLES = frozenset(
    {"part", "han", "heading", "hash1", "hash2", "hash3", "roman", "paren", "digit", "decimal2"}
)
_ASPECT = re.compile(r"(?:方面|类|环节|领域|上)$")
_ABOUT_PROBLEM = re.compile(r"(?:关于|针对)“?.{4,60}问题(?:的?整改(?:落实|进展)?(?:情况)?)?$")


def claims(text: str, root: Node) -> list[Claim]:
    """Every problem and measure that the tree states, in order of position."""
    return sorted(_under(text, root, None), key=lambda claim: (claim.start, claim.end))


def _under(text: str, node: Node, said: Announced | None) -> list[Claim]:
    """What the units below a heading state; `said` is what the heading announced."""
    if said is not None and said in _TRACKED and not _listed(node):
        led = bool(node.children) and is_label_for(text, node.children[0], Announced.PROBLEMS)
        return ([] if led else unnumbered(text, node, said)) + _labelled(text, node)
    ruling, style = _led(text, node, said)
    found: list[Claim] = []
    for index, child in enumerate(node.children):
        turned = _turned(text, node, index)
        if turned is not None:
            ruling, style = turned, child.style
        record = _record(text, node, index)
        if record is not None:
            found += with_fix(text, node, record, record.children[-1])
        elif not _in_record(text, node, index):
            found += _child(text, node, child, ruling if style in {None, child.style} else said)
    return found


def _record(text: str, node: Node, index: int) -> Node | None:
    """An entry written as lines `问题：… 整改措施：…`: from this label to before the next of its kind."""
    child = node.children[index]
    if not is_label_for(text, child, Announced.PROBLEMS):
        return None
    beside = _beside(text, node, index)
    fixes = [label for label in beside if is_label_for(text, label, Announced.MEASURES)]
    if not fixes:
        return None
    after = index + 1 + len(beside)
    end = node.children[after].start if after < len(node.children) else node.end
    return Node(child.mark, child.start, child.body, end, [*child.children, fixes[0]])


def _beside(text: str, node: Node, index: int) -> list[Node]:
    """The labels that follow a problem label, up to the next one or a numbered unit."""
    found = []
    for child in node.children[index + 1 : index + 12]:
        if child.style != "label" or is_label_for(text, child, Announced.PROBLEMS):
            break
        found.append(child)
    return found


def _in_record(text: str, node: Node, index: int) -> bool:
    """Whether a label stands in an entry that an earlier problem label began."""
    for back in range(index, max(-1, index - 12), -1):
        if node.children[back].style != "label":
            return False
        if is_label_for(text, node.children[back], Announced.PROBLEMS):
            return back < index and _record(text, node, back) is not None
    return False


def _listed(node: Node) -> bool:
    return any(child.style != "label" for child in node.children)


def _labelled(text: str, node: Node) -> list[Claim]:
    return [claim for child in node.children for claim in _child(text, node, child, None)]


def _led(text: str, node: Node, said: Announced | None) -> tuple[Announced | None, str | None]:
    """What rules the children, and of which style where only a lead-in sentence before a row says so."""
    if said in _TRACKED or not node.children:
        return said, None
    heading = score(heading_of(text, node))
    if said is Announced.NOTHING and heading.coverage >= 0.8 and heading.none >= SURELY:
        return said, None
    led = _lead(text, node.body, node.children[0].start)
    return (led, node.children[0].style) if led else (said, None)


def _lead(text: str, start: int, end: int) -> Announced | None:
    before = text[max(start, end - 200) : end].rstrip()
    sentence = re.split(r"[。\n]", before.rstrip("。"))[-1]
    return lead_announces(sentence + "。" * before.endswith("。")) if before else None


def _turned(text: str, node: Node, index: int) -> Announced | None:
    """A row that begins anew after a lead-in of its own may turn from problems to measures."""
    child = node.children[index]
    if not index or child.mark is None or child.mark.value != 1:
        return None
    return _lead(text, node.children[index - 1].body, child.start)


def _child(text: str, parent: Node, child: Node, said: Announced | None) -> list[Claim]:
    if child.style == "label":
        return _under_label(text, child, said)
    named = child.style.startswith("word-") and (
        said is not Announced.NOTHING or _stands_alone(text, parent, child)
    )
    if named or (said is not Announced.NOTHING and _is_entry(text, child)):
        return unit(text, parent, child, _or_both(said))
    own = _own(text, parent, child, said)
    if own is None and said is not None and said in _TRACKED and not _is_category(text, child, said):
        return unit(text, parent, child, said)
    return _under(text, child, own or said)


def _or_both(said: Announced | None) -> Announced:
    return said if said is not None and said in _TRACKED else Announced.BOTH


def _stands_alone(text: str, parent: Node, child: Node) -> bool:
    """Whether `Finding 1:` with its fix stands under an introduction and is no finding of the past."""
    past = re.search(
        r"prior|previous|status|closed|resolved|append|past|last year", folded(heading_of(text, parent))
    )
    return past is None and fix_of(text, child) is not None


def _is_entry(text: str, node: Node) -> bool:
    """A unit that names one problem and its fix itself, whatever its heading looks like."""
    if node.style not in _SECTION_STYLES or node.style in {"part", "heading"}:
        return False
    fix = fix_of(text, node)
    listed = any(
        c.style not in {("label"), *CLAUSE_STYLES}
        for c in node.children
        if fix is None or c.start < fix.start
    )
    if listed:
        return False
    heading = heading_of(text, node)
    if fix is None:
        return _ABOUT_PROBLEM.match(heading) is not None and announced(heading, least_coverage=0.85) is None
    stated = text[node.body : fix.start].strip(" \n：:。")
    return len(stated) > 6 and announced(stated[:LONGEST_HEADING], least_coverage=0.85) is None


def _under_label(text: str, label: Node, said: Announced | None) -> list[Claim]:
    own = label_announces(label_word(text, label))
    if own is Announced.NOTHING or (said is Announced.NOTHING and own is not Announced.PROBLEMS):
        return []
    return _under(text, label, own)


def _own(text: str, parent: Node, child: Node, said: Announced | None) -> Announced | None:
    """What the child's own heading announces; in a tracked section only one made of section words does."""
    if child.style not in _SECTION_STYLES:
        return None
    heading = heading_of(text, child)
    if said is not None:
        alone = not re.search(r"[，,、]", heading) and _is_heading_only(text, child, heading)
        return announced(heading, least_coverage=0.85) if alone else None
    return announced(heading, least_coverage=0.25 if parent.mark is None else 0.6)


def _is_heading_only(text: str, node: Node, heading: str) -> bool:
    """Whether the unit's own words before its list or paragraphs are but a heading."""
    at = text.find(heading, node.body, node.end) + len(heading)
    after = text[at : at + 1]
    return bool(heading) and (after in {"：", ":", "\n", ""} or bool(node.children))


def _is_category(text: str, node: Node, said: Announced) -> bool:
    """Whether the unit is but a heading over the real entries."""
    entries = [child for child in node.children if child.style != "label"]
    if (
        not entries
        or entries[0].style in CLAUSE_STYLES
        or node.style in CLAUSE_STYLES
        or node.style.startswith("word-")
    ):
        return False
    if mostly(fix_of(text, entry) is not None for entry in entries):
        return True
    head = text[node.body : entries[0].start].strip(" \n　。：:;；")
    if len(head) > 40 or "。" in head:
        return False
    own_fields = mostly(has_fields(text, entry) for entry in entries)
    return own_fields or _heads_only(head, entries, said)


def _heads_only(head: str, entries: list[Node], said: Announced) -> bool:
    if _ASPECT.search(head):
        return True
    if said is Announced.MEASURES:
        return False
    at_line = entries[0].mark is not None and entries[0].mark.at_line
    if said is Announced.BOTH:
        return at_line and not ABOUT.match(head) and not states_fault(head)
    return at_line or not states_fault(head)
