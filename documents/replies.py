"""The paragraphs of an English letter that answer, topic by topic, the faults that it names above them."""

import re
from collections.abc import Iterator
from dataclasses import replace

from documents.claim import Claim, told_fix
from documents.clauses import sentences, stripped
from documents.lexicon import is_latin, stems
from documents.plain_prose import paragraphs
from documents.reading import Span
from rules.lifecycle import Kind

_TOPIC = re.compile(
    r"(?:(?:On|As (?:to|for|regards|far as)|With (?:regard|respect) to|In (?:respect of|relation to)|"
    r"Regarding|Concerning|Turning to|For) (?P<topic>[^,.;:\n]{3,70}), |"
    r"(?P<named>[A-Z][a-z]+(?: [a-z]+){0,3}): )"
    r"(?=[^.;\n]{0,80}?\b(?:will|shall|has|have|is|are|was|were|intends?|plan|proposes?)\b)"
)
_FURTHER = re.compile(
    r"(?:In addition|Further|Furthermore|Finally|Lastly), (?=[^.;\n]{0,80}?\b(?:will|shall|has|have)\b)"
)
_FEWEST = 2


def replies(text: str, found: list[Claim]) -> list[Claim]:
    """The measures of a text whose faults alone are known, from two paragraphs on that begin with a topic."""
    faults = [claim for claim in found if claim.kind is Kind.PROBLEM]
    if not _FEWEST <= len(faults) == len(found) or not is_latin(text[faults[0].start : faults[-1].end]):
        return []
    told = list(_by_topic(text, max(fault.end for fault in faults)))
    answered = _answered(text, [topic for _, topic in told if topic], faults)
    if len(answered) < _FEWEST:
        return []
    measures = [(told_fix(span, span.start), topic) for span, topic in told if not topic or topic in answered]
    return [replace(one, answers=answered[topic].start) if topic else one for one, topic in measures]


def _answered(text: str, topics: list[str], faults: list[Claim]) -> dict[str, Claim]:
    """The fault that each topic speaks of; or the one in its place, where topics are as many as faults."""
    in_place = dict(zip(topics, faults, strict=True)) if len(topics) == len(faults) else {}
    known = {}
    for topic in topics:
        alike = [len(stems(topic) & stems(text[fault.start : fault.end])) for fault in faults]
        named = faults[alike.index(max(alike))] if max(alike) else in_place.get(topic)
        if named:
            known[topic] = named
    return known


_MATTER = re.compile(r"The (?P<topic>[a-z][a-z -]{2,30}) is (?:a|an|another) [a-z]+(?: [a-z]+)?\. (?=[A-Z])")
"""A sentence that only turns to the next topic: `The van is a larger matter.`"""


def _sentences_by_topic(text: str, start: int, end: int) -> list[tuple[Span, str]]:
    """The answers of one paragraph, each from a sentence that begins with a topic on; two at the least."""
    begins = [one.start for one in sentences(text, start, end)]
    leads = [(at, found) for at in begins for way in (_TOPIC, _MATTER) if (found := way.match(text, at, end))]
    if len(leads) < _FEWEST:
        return []
    ends = [*(at for at, _ in leads[1:]), end]
    return [
        (stripped(text, found.end(), stop), found["topic"] or found.groupdict().get("named") or "")
        for (_, found), stop in zip(leads, ends, strict=True)
    ]


def _by_topic(text: str, start: int) -> Iterator[tuple[Span, str]]:
    """Each paragraph that answers a fault, behind its lead, with its topic; none where it adds another."""
    begun = False
    for paragraph in paragraphs(text, start, len(text)):
        if within := _sentences_by_topic(text, paragraph.start(), paragraph.end()):
            begun = True
            yield from within
            continue
        lead = _TOPIC.match(text, paragraph.start(), paragraph.end())
        lead = lead or (_FURTHER.match(text, paragraph.start(), paragraph.end()) if begun else None)
        if lead:
            begun = True
            said = lead.groupdict()
            yield stripped(text, lead.end(), paragraph.end()), said.get("topic") or said.get("named") or ""
