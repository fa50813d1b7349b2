"""English minutes: what a meeting was told, and the actions and resolutions that answer it."""

import re
from bisect import bisect_left
from dataclasses import replace
from itertools import chain

from documents.claim import Claim
from documents.clauses import says_nothing_wrong, sentences, states_fault, stripped
from documents.dialogue import tells_fault, told_pair
from documents.genre import is_minutes
from documents.outline import Node, walk
from documents.reading import Span
from documents.sections import Announced, label_announces
from documents.titles import trimmed
from documents.weighing import weigh
from rules.lifecycle import Kind

_ACTION = re.compile(
    r"actions?(?: agreed| points?)?(?: [0-9]{1,3}(?:[./-][0-9]{1,3})?)?|"
    r"agreed action|resolved|(?:committee )?decisions?"
)
_FORMAL = re.compile(
    r"(?i:[^.;\n]{0,60}\b(?:approved|noted|adopted|received|carried|accepted|deferred)\b[^.;\n]{0,20}|"
    r"none|no action[^.;\n]{0,20}|nil)"
    r"[.;]?[ ]*(?=\n|$)"
)
_LONGEST_TOPIC = 60
_UNITS = frozenset({"digit", "decimal2", "decimal3", "heading", "letter", "small", "capital"})


def actions_of(text: str, node: Node) -> list[Claim]:
    """Each line `ACTION: X to …` of a unit, with what the paragraph before it says is wrong."""
    actions = [child for child in node.children if _is_action(text, child)]
    if not actions or not is_minutes(text):
        return []
    topic = _topic_end(text, node)
    found: list[Claim] = []
    problem: Claim | None = None
    at = node.body if topic is None else topic
    for action in actions:
        if text[at : action.start].strip():
            problem = _told(text, node, Span(at, action.start), numbered=topic is None and not found)
            found += [problem] if problem else []
        begin = stripped(text, action.body, action.end)
        told = _measure(node, Span(begin.start, trimmed(text, begin.start, begin.end)), problem)
        found.append(_with_number(text, action, told))
        at = action.end
    return [claim for claim in found if claim.end > claim.start]


def _with_number(text: str, action: Node, told: Claim) -> Claim:
    """The action with the number that its label bears: `ACTION 9.1:`."""
    printed = text[action.start : action.body].strip(" \t:*-–—")
    return replace(told, start=action.start, number=printed) if printed[-1:].isdigit() else told


def _is_action(text: str, child: Node) -> bool:
    if child.style != "label" or child.mark is None:
        return False
    if is_formal(text, child):
        return False
    word = text[child.start : child.body].strip(" \t:*-–—").lower()
    plain = word.rstrip("0123456789./- ")
    return _ACTION.fullmatch(word) is not None and label_announces(plain) is Announced.MEASURES


def is_formal(text: str, label: Node) -> bool:
    """Whether `Decision: approved` tells what a meeting did with a paper, which is no task."""
    word = text[label.start : label.body].strip(" \t:*-–—").lower()
    return _ACTION.fullmatch(word) is not None and _FORMAL.match(text, label.body, label.end) is not None


def _topic_end(text: str, node: Node) -> int | None:
    """Where the heading of an agenda item ends that stands on a line of its own and tells no fault."""
    line_end = text.find("\n", node.body, node.end)
    heading = text[node.body : line_end] if line_end != -1 else ""
    bare = 0 < len(heading.strip()) <= _LONGEST_TOPIC and heading.strip()[-1] not in ".;"
    return line_end if bare and not tells_fault(heading + " " * _LONGEST_TOPIC, asked=False) else None


def _told(text: str, node: Node, place: Span, *, numbered: bool) -> Claim | None:
    """The fault told before an action: the whole unit, or a topic's sentences from the first faulty one."""
    if numbered:
        number = text[node.start : node.body].strip(" \t\n")
        end = trimmed(text, node.start, place.end)
        return Claim(Kind.PROBLEM, number, node.body, node.start, end, "told-in-talk", node.start)
    every = list(sentences(text, place.start, place.end))
    if not every:
        return None
    plainly = (one for one in every if weigh(text[one.start : one.end]).problem > 0)
    faulty = (one for one in every if _is_wrong(text[one.start : one.end]))
    first = next(chain(plainly, faulty), every[-1])
    return Claim(Kind.PROBLEM, "", first.start, first.start, every[-1].end, "told-in-talk", node.start)


def _is_wrong(said: str) -> bool:
    return tells_fault(said, asked=False) or (states_fault(said) and not says_nothing_wrong(said))


def _measure(node: Node, place: Span, problem: Claim | None) -> Claim:
    answers = problem.start if problem else None
    return Claim(
        Kind.MEASURE, "", place.start, place.start, place.end, "after-label", node.start, answers=answers
    )


def resolutions(text: str, root: Node, found: list[Claim]) -> list[Claim]:
    """In minutes, what was agreed in the running words of units in which nothing else was found."""
    if not is_minutes(text):
        return []
    more: list[Claim] = []
    ranges = sorted((claim.start, claim.end) for claim in found)
    for node in walk(root):
        own = node.style in _UNITS and not any(child.style in _UNITS for child in node.children)
        at = bisect_left(ranges, (node.end, 0))
        if own and not (at and ranges[at - 1][1] > node.start):
            more += _resolved(text, node)
    return more


_AGREED = re.compile(
    r"(?i:(?:resolved|agreed): )|"
    r"(?i:[^.;]{0,40}?\b(?:it was |was |were |and )?(?:agreed|resolved|decided)(?: by the board)? "
    r"(?:that |to )(?!approve|adopt|pay\b|note\b))|"
    r"[^.;]{0,60}?\b(?:undertook|undertakes|promised|offered|was asked|were asked) to "
)


_TO_ACT = re.compile(
    r"(?:The )?[A-Z][\w&'-]*(?: (?:[A-Z&][\w&'-]*|and|of|for|the)){0,5} to (?!be\b|the\b|a\b)[a-z]{3,}"
)
"""An action without a label: `Maintenance to enclose press 4.`"""


def _resolved(text: str, node: Node) -> list[Claim]:
    """What a unit's paragraph tells is wrong and, behind it, what was agreed."""
    begin = _topic_end(text, node)
    every = list(sentences(text, node.body if begin is None else begin, node.end))
    found: list[Claim] = []
    told: list[Span] = []
    for one in every:
        said = text[one.start : one.end]
        agreed = _AGREED.match(said) or _TO_ACT.match(said)
        if agreed and told:
            at = agreed.end() if agreed[0].endswith(("that ", ": ")) else 0
            found += told_pair(text, Span(told[0].start, told[-1].end), Span(one.start + at, one.end))
            told = []
        elif agreed and found and _TO_ACT.match(said):
            found.append(replace(found[-1], title_start=one.start, start=one.start, end=one.end))
        elif told or (agreed is None and tells_fault(said, asked=False)):
            told.append(one)
    return _numbered(text, node, found) if begin is None else found


def _numbered(text: str, node: Node, found: list[Claim]) -> list[Claim]:
    """The claims of a unit whose number belongs to the fault that its first words tell."""
    number = text[node.start : node.body].strip(" \t\n")
    first = stripped(text, node.body, node.end).start
    return [
        replace(claim, start=node.start, number=number)
        if claim.start == first
        else replace(claim, answers=node.start if claim.answers == first else claim.answers)
        for claim in found
    ]
