"""What the units of a report's tree state, by what their headings, labels and own words announce."""

import re
from bisect import bisect_left
from dataclasses import replace
from itertools import islice

from documents.advised import asked_of
from documents.answered import is_answered, is_unfounded, states_nothing
from documents.behind import behind
from documents.categories import is_among_categories, is_category, is_over_cases
from documents.claim import Claim
from documents.clauses import names_in_full, stripped
from documents.decided import decided
from documents.entries import CLAUSE_STYLES, NAMES_PROBLEM, first_number, fix_of, mostly
from documents.fixes import tells_fix, tells_when, turns_by_weight
from documents.governing import SECTION_STYLES, TRACKED, governs, is_annex, own_heading
from documents.inferring import (
    before_causes,
    begins_bullets,
    causes,
    checked,
    lead_before,
    mended_rows,
    row,
    settled,
    states_several,
)
from documents.lexicon import folded, is_latin
from documents.marking import LONGEST_HEADING
from documents.minutes import actions_of, is_formal
from documents.named_rows import is_named, is_task
from documents.numbering import Mark
from documents.outline import Node, beside, heading_of, is_label_for, label_says
from documents.paragraph_pairs import inline_fix, paragraph_pairs
from documents.passing import in_passing, told_before
from documents.projects import is_project, project
from documents.prose import aspect, by_line, told_first, unnumbered
from documents.raised import raises_problem
from documents.records import in_record, record_at, with_number
from documents.resolving import resolved, resolved_within
from documents.sections import SURELY, Announced, announced, lead_announces, score
from documents.speakers import beside_clauses
from documents.targeted import targeted
from documents.units import numbered_in_turn, unit, with_fix
from rules.lifecycle import Kind

_DEFINES = re.compile(r"[ \t]*(?:an?|any) [a-z]")
"""How the words behind `Finding:` begin in a scale of ratings."""
_HEAD = 800
_ENOUGH = 40
"""So many entries tell what a row is."""
_CASE = re.compile(r"(?:例如|案例)[^。\n]{0,8}[：:]")


def under(text: str, node: Node, said: Announced | None) -> list[Claim]:
    """What the units below a heading state; `said` is what the heading announced."""
    if paired := paragraph_pairs(text, node, said) or targeted(text, node, said):
        return paired
    found = _plainly(text, node, said)
    ruling, style = _led(text, node, said)
    ruling = _fixed_too(text, node, ruling)
    governed: Announced | None = None
    stated = any(claim.kind is Kind.PROBLEM for claim in found)
    told = _tells_case(text, node)
    for index, child in enumerate(node.children):
        if told and child.style == "label":
            continue
        governed, is_part = governs(text, node, child, said, governed)
        if is_part:
            if governed is None or child.children:
                found += under(text, child, governed)
            else:
                found += by_line(text, child, governed)
            continue
        turned = _turned(text, node, index, said)
        if turned is not None:
            ruling, style = turned, child.style
        record = record_at(text, node, index)
        if record is not None:
            fix = fix_of(text, record) or record.children[-1]
            own = numbered_in_turn(text, child, fix, record.end) or with_fix(text, node, record, fix)
            found += with_number(text, record, child, own)
        elif not in_record(text, node, index):
            ruled = ruling if style is None or _alike(style, child.style) else said
            first, later = behind(text, node, index, ruled)
            own = entry(text, node, first, ruled, after_problems=stated)
            for one in later:
                own += entry(text, node, one, Announced.MEASURES)
            stated = stated or any(claim.kind is Kind.PROBLEM for claim in own)
            found += own
    return found


def _tells_case(text: str, node: Node) -> bool:
    """Whether the labels below belong to an example: `例如案例37：问题：…整改措施：…`."""
    return bool(node.children) and _CASE.search(text, node.body, node.children[0].start) is not None


def _plainly(text: str, node: Node, said: Announced | None) -> list[Claim]:
    """What stands in a section without numbers, unless its first label leads to what follows."""
    if said is Announced.PROBLEMS and (told := told_first(text, node)):
        return told
    if said is None or said not in TRACKED:
        return []
    if node.children and causes(text, node, 0):
        return unnumbered(text, before_causes(text, node), said)
    if _listed(node) and not is_annex(text, node.children[0]):
        return beside_clauses(text, node, said)
    if node.children and node.children[0].style == "label" and inline_fix(text, node, node.children[0]):
        return []
    first = node.children[0] if node.children else None
    leads = first and any(is_label_for(text, first, one) for one in {Announced.PROBLEMS, said})
    return [] if leads else unnumbered(text, node, said)


def _alike(one: str, other: str) -> bool:
    """`一是…二是…第三，…另外，…` is one row."""
    return one == other or {one, other} <= CLAUSE_STYLES


def _listed(node: Node) -> bool:
    return any(child.style != "label" for child in node.children)


def _led(text: str, node: Node, said: Announced | None) -> tuple[Announced | None, str | None]:
    """What rules the children, and of which style where only a lead-in sentence before a row says so."""
    if said is Announced.PROBLEMS and told_first(text, node):
        return Announced.MEASURES, node.children[0].style
    if node.children and causes(text, node, 0):
        return Announced.NOTHING, node.children[0].style
    if said in TRACKED or not node.children:
        return said, None
    heading = score(heading_of(text, node))
    if said is Announced.NOTHING and heading.coverage >= 0.8 and heading.none >= SURELY:
        return said, None
    led = lead_before(text, node.body, node.children[0].start) or (
        row(text, node, 0) if said is None else None
    )
    return (led, node.children[0].style) if led else (said, None)


def _fixed_too(text: str, node: Node, ruling: Announced | None) -> Announced | None:
    """A list of problems most of whose entries tell their fix as well is a list of both."""
    if ruling is not Announced.PROBLEMS:
        return ruling
    entries = list(islice((child for child in node.children if child.style != "label"), _ENOUGH))
    if len(entries) < 2 or mostly(map(_heads_list, entries)):
        return ruling
    told = mostly(tells_fix(text, entry.body, entry.end) for entry in entries)
    row = [entry for entry in entries if entry.style == entries[0].style]
    told = told or mostly(tells_when(text, entry.body, entry.end) for entry in row)
    told = told or mostly(turns_by_weight(text, entry.body, entry.end) is not None for entry in row)
    return Announced.BOTH if told or mended_rows(text, entries, surely=True) else ruling


def _heads_list(node: Node) -> bool:
    """Whether numbered lines stand below an entry: what they tell is looked at when their turn comes."""
    return any(
        child.mark is not None and child.mark.at_line and child.style != "label" for child in node.children
    )


def _turned(text: str, node: Node, index: int, said: Announced | None) -> Announced | None:
    """A row that begins anew may be about something else: its lead-in or its own words say so."""
    child = node.children[index]
    if not index or not (_is_first(text, child) or begins_bullets(text, node, index)):
        return None
    if causes(text, node, index):
        return Announced.NOTHING
    own = row(text, node, index) if said is None else None
    before = node.children[index - 1]
    begin = before.start if before.style == "minute" else before.body
    return lead_before(text, begin, child.start) or own


def _is_first(text: str, node: Node) -> bool:
    """Whether a unit bears the first number of a row: 1, 一, (a)."""
    letter = node.style == "letter" and text[node.start : node.body].strip("()（）.、 \t") == "a"
    return letter or (node.mark is not None and node.mark.value == 1)


def entry(
    text: str, parent: Node, child: Node, said: Announced | None, *, after_problems: bool = False
) -> list[Claim]:
    """What one unit below a heading states; `said` is what rules its row."""
    if states_nothing(text, child):
        return []
    told = _told_plainly(text, parent, child, said)
    if told is not None:
        return told
    own = own_heading(text, parent, child, said)
    if said is None and not (own and child.children) and is_task(text, parent, child):
        said, own = Announced.MEASURES, None
    if said is None:
        own = checked(text, child, own)
        own = settled(text, child, own, after_problems=after_problems)
    if own is None and said is not None and said in TRACKED and not _heads(text, parent, child, said):
        if said is Announced.PROBLEMS and is_over_cases(text, parent, child):
            return by_line(text, child, said)
        return aspect(text, child, said) or unit(text, parent, child, said)
    if child.style == "heading" and own is None and said is None:
        topic = _topic(text, parent, child)
        if topic:
            return topic
    found = [_below(claim, child) for claim in under(text, child, own or said)]
    if not found and "纪要" in text[:_HEAD]:
        found = resolved_within(text, child)
    tracked = own in TRACKED or said in TRACKED
    return found if tracked else told_before(text, child.start, child.end, found) + found


def _told_plainly(text: str, parent: Node, child: Node, said: Announced | None) -> list[Claim] | None:
    """What a label, a project, minutes or an entry that names its fix itself states; None for all else."""
    if child.style in {"label", "lead"}:
        return _labelled(text, parent, child, said)
    if is_project(text, child):
        return project(text, child)
    told = _of_minutes(text, child, said)
    if told is not None:
        return told
    named = child.style.startswith("word-") and (
        said is not Announced.NOTHING or _stands_alone(text, parent, child)
    )
    in_row = said is None and is_named(text, parent, child)
    told_apart = said is not Announced.NOTHING or _labels_both(text, child)
    if named or (told_apart and _is_entry(text, parent, child, is_named=in_row)):
        both = _names_one(text, parent, child, said)
        return unit(text, parent, child, Announced.BOTH if both else _or_both(said))
    return None


def _names_one(text: str, parent: Node, child: Node, said: Announced | None) -> bool:
    """Whether a heading names the problem of the unit; in a row of measures, as most of them do."""
    row = beside(parent, child, _NEAR) if said is Announced.MEASURES else [child]
    named = (NAMES_PROBLEM.match(heading_of(text, one)) is not None for one in row)
    return NAMES_PROBLEM.match(heading_of(text, child)) is not None and mostly(named)


_NEAR = 5


def _labels_both(text: str, child: Node) -> bool:
    """Whether a unit names a problem and its fix, whatever the section is called.

    In English labels lead to both; a Chinese heading is `关于“…”的问题` and a label leads to the fix.
    """
    if NAMES_PROBLEM.match(heading_of(text, child)):
        return fix_of(text, child) is not None
    raised = any(
        is_label_for(text, one, Announced.PROBLEMS) or _RESPONDS.match(text, one.start) is not None
        for one in child.children
    )
    return raised and is_latin(heading_of(text, child)) and fix_of(text, child) is not None


_RESPONDS = re.compile(r"(?i:management(?:'s)? (?:response|comments?|reply))")


def _heads(text: str, parent: Node, child: Node, said: Announced) -> bool:
    """Whether a unit is but a heading over the entries."""
    first = child.children[0] if child.children else None
    told_apart = (
        first is not None and text[first.start] == "【" and is_label_for(text, first, Announced.PROBLEMS)
    )
    return told_apart or is_category(text, child, said) or is_among_categories(text, parent, child, said)


def _labelled(text: str, parent: Node, label: Node, said: Announced | None) -> list[Claim]:
    if label.style == "lead":
        return under(text, label, said)
    if is_formal(text, label):
        return []
    if parent.mark and label is parent.children[0] and is_unfounded(text, parent):
        return []
    if said is Announced.NOTHING and _behind_fault(text, parent, label):
        said = None
    told = [] if said is Announced.NOTHING else inline_fix(text, parent, label)
    return told or _under_label(text, label, said)


def _behind_fault(text: str, parent: Node, label: Node) -> bool:
    """Whether one of the labels before it in its unit leads to a fault."""
    at = bisect_left(parent.children, label.start, key=lambda child: child.start)
    before = parent.children[max(0, at - _ENOUGH) : at]
    return any(is_label_for(text, one, Announced.PROBLEMS) for one in before)


def _of_minutes(text: str, child: Node, said: Announced | None) -> list[Claim] | None:
    """What a paragraph `会议要求，…` or a matter of minutes states; None where the unit is neither."""
    if child.style == "minute":
        return _minuted(text, child, said)
    if said is Announced.NOTHING:
        return actions_of(text, child) or None
    return decided(text, child) if said is None else None


def _below(claim: Claim, node: Node) -> Claim:
    """A claim that stands under a category of a section knows the section, whose heading may state when."""
    nested = claim.outer is None and claim.group > node.start
    return replace(claim, outer=node.start) if nested else claim


def _minuted(text: str, node: Node, said: Announced | None) -> list[Claim]:
    """What a paragraph `会议要求，…` holds: a resolution, a list of them, or faults that were spoken of."""
    if "纪要" in text[:_HEAD]:
        listed = any(child.mark and child.mark.at_line for child in node.children)
        told = [] if listed else resolved(text, node)
        if told:
            return told
        if not listed and (asked := _asked_below(text, node)):
            return asked
        if listed:
            led = lead_before(text, node.body, node.children[0].start)
            return under(text, node, led or Announced.MEASURES)
    rows = said if said is Announced.PROBLEMS and _listed(node) else None
    return under(text, node, rows) or in_passing(text, node.start, node.end)


def _asked_below(text: str, node: Node) -> list[Claim]:
    """The plain paragraphs of minutes behind a line such as `会议经过讨论，议定以下事项：`."""
    line_end = text.find("\n", node.body, node.end)
    if line_end == -1 or lead_announces(text[node.body : line_end]) is not Announced.MEASURES:
        return []
    mark = Mark(node.start, line_end, "lead", None, at_line=True)
    return under(text, Node(mark, node.start, line_end, node.end, []), Announced.MEASURES)


def _topic(text: str, parent: Node, node: Node) -> list[Claim]:
    """A plain heading over a fault and the numbered requirements that answer it."""
    fix = fix_of(text, node)
    line_end = text.find("\n", node.body, node.end)
    if fix is None or fix.style != "word-measure" or line_end == -1 or node.children[0] is not fix:
        return []
    if raises_problem(text, fix):
        return []
    headed = names_in_full(text[node.body : line_end])
    begin = stripped(text, node.body if headed else line_end, fix.start)
    if begin.end - begin.start < LONGEST_HEADING // 2:
        return []
    told = Node(node.mark, begin.start, begin.start, node.end, node.children)
    return [
        replace(claim, number="" if claim.start == begin.start else claim.number)
        for claim in with_fix(text, parent, told, fix)
    ]


def _or_both(said: Announced | None) -> Announced:
    return said if said is not None and said in TRACKED else Announced.BOTH


def _stands_alone(text: str, parent: Node, child: Node) -> bool:
    """Whether `Finding 1:` with its fix stands under an introduction and is no finding of the past."""
    past = re.search(
        r"prior|previous|status|closed|resolved|append|past|last (?:year|inspection)",
        folded(heading_of(text, parent)),
    )
    return past is None and fix_of(text, child) is not None


def _is_entry(text: str, parent: Node, node: Node, *, is_named: bool = False) -> bool:
    """A unit that names one problem and its fix itself, whatever its heading looks like."""
    if node.style not in SECTION_STYLES or node.style in {"part", "heading"} or states_several(text, node):
        return False
    fix = fix_of(text, node)
    if any(is_label_for(text, c, Announced.PROBLEMS) and first_number(c) for c in node.children):
        return False
    listed = any(
        c.style not in {"label", *CLAUSE_STYLES} and text[c.start] != "【"
        for c in node.children
        if fix is None or c.start < fix.start
    )
    if listed and not is_answered(text, parent, node):
        return False
    heading = heading_of(text, node)
    if fix is not None and (
        _CASE.search(text, node.body, fix.start) or announced(heading, least_coverage=0.85)
    ):
        return False
    if fix is None:
        about = NAMES_PROBLEM.match(heading) is not None or is_answered(text, parent, node) or is_named
        return about and announced(heading, least_coverage=0.85) is None
    stated = text[node.body : fix.start].strip(" \n：:。")
    return len(stated) > 6 and announced(stated[:LONGEST_HEADING], least_coverage=0.85) is None


def _under_label(text: str, label: Node, said: Announced | None) -> list[Claim]:
    own = label_says(text, label)
    if _DEFINES.match(text, label.body):
        return []
    if own is Announced.NOTHING or (said is Announced.NOTHING and own is not Announced.PROBLEMS):
        return []
    asked = asked_of(text, label)
    return [
        replace(one, owner_cells=asked) if asked and one.kind is Kind.MEASURE else one
        for one in under(text, label, own)
    ]
