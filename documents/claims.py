"""Every place of a report that states a problem or a measure: under its headings, in talk and in passing."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from documents.by_number import called_by_number
from documents.checklists import with_unmet
from documents.claim import Claim, told_fix
from documents.dialogue import demanded, spoken, talk
from documents.doubts import with_tasks, without_doubtful
from documents.fixes import order_start
from documents.genre import is_minutes
from documents.headed import under
from documents.messages import answers, by_count, messages, next_steps, promised, replied
from documents.minutes import resolutions
from documents.outline import Node, heading_of
from documents.pairs import pair
from documents.passing import behind_buts, in_passing, led_steps, listed
from documents.patrols import patrolled
from documents.referring import sent_on
from documents.requests import requested
from documents.sections import Announced
from documents.surveys import surveyed
from documents.tables import Table
from documents.told_paragraphs import told_paragraphs
from documents.turning import entries_behind_turn
from rules.lifecycle import Kind

_ARTICLE = re.compile(r"^[ \t　]*第[一二三四五六七八九十百]{1,4}条[ \t　]", re.MULTILINE)
_FEWEST_ARTICLES = 4
"""A text with that many articles is a regulation about problems and not a report of some."""


_SHALL = re.compile(r"\b(?:shall|may) (?!have been)[a-z]+")
_REPORTS = re.compile(r"\b(?:was|were|has been|have been|found|did not)\b")
_PARTY = re.compile(
    r"\bthe (?:Supplier|Contractor|Customer|Client|Employer|Tenant|Landlord|Licensee|Part(?:y|ies))\b"
)
_FEWEST_DUTIES = 6


def is_regulation(text: str) -> bool:
    """Whether a text has so many articles that it rules about problems and does not report of any."""
    return len(_ARTICLE.findall(text)) >= _FEWEST_ARTICLES or _is_contract(text)


def _is_contract(text: str) -> bool:
    """Whether an English text says what parties shall do, and hardly anything of what was."""
    duties = len(_SHALL.findall(text))
    return (
        duties >= _FEWEST_DUTIES
        and duties > 2 * len(_REPORTS.findall(text))
        and _PARTY.search(text) is not None
    )


def claims(text: str, root: Node, tabled: Sequence[Table] = ()) -> list[Claim]:
    """Every problem and measure that the tree states, in order of position.

    What a last section suggests is looked for whatever the tables `tabled` say is to be done.
    """
    if is_regulation(text):
        return []
    found = without_doubtful(text, with_tasks(text, under(text, root, None)))
    if not _names(Kind.PROBLEM, found):
        found = list(messages(text, root.start, root.end)) or found
    if not any(claim.start < root.head_end for claim in found):
        found += in_passing(text, root.start, root.head_end)
    found = found or list(replied(text, root.start, root.end))
    found = [*found, *_asked_too(text, root, found)] if found else _untitled(text, root)
    found += resolutions(text, root, found)
    if found and not _names(Kind.PROBLEM, found):
        begin = min(claim.start for claim in found)
        found += listed(text, root.start, begin) or behind_buts(text, root.start, begin)
    last = max((claim.end for claim in found), default=0)
    if found and not _names(Kind.MEASURE, found):
        found += _behind(text, last, root.end, found)
    if found and not _names(Kind.MEASURE, [one for one in found if not _is_within(tabled, one)]):
        found += _suggested(text, root, last)
    found = sent_on(text, root.start, root.end, _or_otherwise(text, root, found))
    tracked = [claim for claim in found if not sets_no_task(text, claim)]
    return sorted(with_unmet(text, tracked), key=lambda claim: (claim.start, claim.end))


def _is_within(tabled: Sequence[Table], claim: Claim) -> bool:
    at = bisect_right(tabled, claim.start, key=lambda table: table.start)
    return at > 0 and claim.start < tabled[at - 1].end


_LOOSE = frozenset({"answered-in-talk", "by-weight", "sentence-under-section", "numbered-under-section"})


def sets_no_task(text: str, claim: Claim) -> bool:
    """Whether a measure that no label names sets no task, or an entry only leads to those behind it."""
    numbered = claim.rule in {"numbered-under-section", "by-weight", "answered-in-talk"}
    if numbered and _ONLY_LEADS.match(text, claim.title_start, claim.end):
        return True
    loose = claim.kind is Kind.MEASURE and claim.rule in _LOOSE
    return loose and _FORMALITY.match(text, claim.title_start, claim.end) is not None


_ONLY_LEADS = re.compile(
    r"(?:[^.\n]{5,160}\. )?[^.\n]{0,160}\b"
    r"(?:as follows|the following(?: [a-z]+)?|set out below|listed below)[.:]\s*\Z|"
    r"The following (?:has|have|is|are|was|were|will be)\b[^.]{0,160}\.\s*\Z"
)
_FORMALITY = re.compile(
    r"(?:The|This) (?:next|following) (?:report|review|meeting|update|audit|visit|inspection)\b"
    r"[^.]{0,40}\b(?:will|is)\b|"
    r"That the [A-Z][a-z]+ (?:notes?|receives?)\b|"
    r"The [A-Z][a-z]+(?: [A-Z][a-z]+)? (?i:noted|received|accepted|endorsed)\b[^.]{0,60}\.?\s*\Z|"
    r"That (?:the|this) [a-z ]{3,30} be (?:noted|received|approved|endorsed|accepted)\b|"
    r"(?:Every|Each|All)(?: of the)? (?:pending |open |outstanding )?"
    r"(?:actions?|points|recommendations?|items?|findings?|measures)"
    r" (?:below|above|listed|(?:in|of) (?:the|this) (?:table|plan|report)|"
    r"(?:are|must|should|shall|will|have|is|has) (?:to )?(?:be )?(?:closed|completed|finished))\b|"
    r"(?:Progress|Compliance|Updates?) (?:will|is to|are to) be (?:reported|reviewed|monitored)\b"
    r"[^.\n]{0,60}\.?\s*\Z|"
    r"(?:The|Your?)\b[^.\n]{0,40} must (?:tell|write to|notify|inform|let) us\b|"
    r"We (?:will|shall) (?:check|monitor|follow) (?:up|progress)\b|"
    r"(?:The|Our) [A-Z][\w' ]{2,48} (?:agrees?|concurs?|concurred|agreed) with (?:the|this|these|our|all)\b|"
    r"Please (?:pass on|accept|convey|extend|share) [^.\n]{0,40}"
    r"(?:thanks|congratulations|regards|appreciation|apologies|compliments)|"
    r"I (?:hope|trust) (?:that )?you\b|(?:I|We) (?:will|shall) (?:re-?visit|return|call again|be back)\b|"
    r"If you (?:would like|wish|want|have any|need)\b|"
    r"[^.\n]{0,40}\b(?:beyond|outside) (?:this|our|the|my) (?:own )?(?:office|control|department|remit)\b|"
    r"The [A-Z][A-Za-z ]{2,40} (?:Committee|Board|Panel|Group) will"
    r" (?:look at|review|monitor|consider|receive)\b|"
    r"(?:The )?(?:[Bb]oard|[Cc]ommittee|[Cc]ouncil|[Cc]abinet|[Pp]anel|[Mm]embers|[Tt]rustees|"
    r"[Gg]overnors)\b[^.]{0,30} "
    r"(?:is|are) (?:asked|invited|recommended|requested) to:?\s*"
    r"(?:[(][a-z][)] )?(?:note|receive|approve|consider|endorse|comment|discuss|take assurance)\b|"
    r"(?:Outstanding|Open|Further|New|Other|Overdue) (?:actions?|points|matters|items|issues)\b"
    r"[^.:\n]{0,60}: (?:none|nil|0)\b|"
    r"(?:We|I) (?:(?:are|am|remain) (?:confident|committed|proud|grateful|pleased|determined)|"
    r"agree|confirm|expect)\b|"
    r"[^.\n]{0,60}\b(?:can be (?:read|found|obtained|downloaded)|(?:is|are) available (?:from|at|on|in))\b|"
    r"We (?:will|shall) (?:look at|review|revisit|return to|report (?:back|again)) "
    r"[^.]{0,60}\b(?:forum|meeting|committee|board)\b|"
    r"[A-Z][A-Za-z' ]{3,60}, (?:[0-9]{1,2} )?(?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December),? 20[0-9]{2}\.?\s*\Z|"
    r"[A-Z]{2,6} key: |"
    r"No (?:citation|penalty|fine|charge|sanction)\b|"
    r"Failure to (?:carry out|comply|complete)\b|Should you (?:wish|want|have)\b|[A-Z]{2,}(?: [A-Z]+)+\s*\Z|"
    r"Yours (?:sincerely|faithfully|truly)|(?:Kind|Warm|Best) regards|"
    r"(?:To )?[Nn]ote (?:the|this) (?:report|contents|position|update)\b|"
    r"[^。；\n]{0,60}(?:整改|落实)(?:情况|结果|报告|进展)[^。；\n]{0,40}(?:报送|书面报|报至|上报|(?<=[况果告展])报)"
)
"""What only belongs to the course of business: the next meeting, a report to be noted."""


def _names(kind: Kind, found: list[Claim]) -> bool:
    return any(claim.kind is kind for claim in found)


def _untitled(text: str, root: Node) -> list[Claim]:
    return ([] if is_minutes(text) else surveyed(text, root)) or _in_talk(text, root)


def _in_talk(text: str, root: Node) -> list[Claim]:
    """What is told in a paper in which no heading and no number puts anything in order."""
    if paired := told_paragraphs(text, root.start, root.end):
        return paired
    told = max(spoken(text, root.start, root.end), resolutions(text, root, []), key=len)
    return told or patrolled(text, root.start, root.end)


def _behind(text: str, last: int, end: int, faults: list[Claim]) -> list[Claim]:
    """What is to be done, told behind the last of the faults without a heading of its own."""
    steps = [*led_steps(text, last, end)]
    if steps:
        return [told_fix(one, last) for one in steps]
    if called := called_by_number(text, last, end, faults):
        return called
    ways = (promised, by_count, answers, next_steps)
    told = (way(text, last, end) for way in ways)
    found = next((several for several in map(list, told) if several), [])
    if found or is_minutes(text):
        return found
    return demanded(text, last, end) or requested(text, last, end)


_SUGGESTS = re.compile(r"(?:建议|意见建议|建议(?:和|与|及)(?:意见|对策|打算))$")


def _suggested(text: str, root: Node, last: int) -> list[Claim]:
    """What a last section of suggestions asks for, in a paper that says nowhere else what is to be done."""
    named = [one for one in root.children if one.start >= last and _SUGGESTS.search(heading_of(text, one))]
    return [claim for one in named for claim in under(text, one, Announced.MEASURES)]


def _or_otherwise(text: str, root: Node, found: list[Claim]) -> list[Claim]:
    """What a letter tells paragraph by paragraph, where that is more than all else tells."""
    if sum(claim.kind is Kind.PROBLEM for claim in found) >= _FEWEST_PAIRS:
        return found
    other = _led_entries(text, root)
    return other if len(other) > len(found) else found


def _led_entries(text: str, root: Node) -> list[Claim]:
    """The paragraphs of an English letter that each tell a fault and mostly its fix, behind a lead."""
    found: list[Claim] = []
    for one in entries_behind_turn(text, root.start, root.end):
        whole = Claim(Kind.PROBLEM, "", one.start, one.start, one.end, "fault-in-passing", root.start)
        found += pair(text, whole, order_start(text, one.start, one.end))
    return found


_FEWEST_PAIRS = 2


def _asked_too(text: str, root: Node, found: list[Claim]) -> list[Claim]:
    """Questions and their answers beside what headings state, where two or more follow one another."""
    told = talk(text, root.start, root.end)
    ends = sorted((claim.start, claim.end) for claim in found)
    free = [claim for claim in told if not _overlaps(ends, claim)]
    return free if len(told) >= 2 * _FEWEST_PAIRS and len(free) == len(told) else []


def _overlaps(ranges: list[tuple[int, int]], claim: Claim) -> bool:
    at = bisect_left(ranges, (claim.end, 0))
    return at > 0 and ranges[at - 1][1] > claim.start
