"""What minutes say in a paragraph that a meeting resolved: `会议要求，…`, and the fault told before it."""

import re

from documents.acting import begins_with_actor, each_has_actor
from documents.claim import Claim
from documents.clauses import sentences, states_fault, stripped
from documents.entries import RESOLVED
from documents.outline import Node
from documents.passing import told
from documents.reading import Span
from documents.sentence_rows import faults
from documents.titles import trimmed
from rules.lifecycle import Kind

_CALL = re.compile(
    r"[^，,。]{0,4}(?:各|全体|有关|相关)[^，,。]{0,12}要(?:切实|高度|进一步|充分|提高|严格|加强)"
)


def resolved(text: str, node: Node) -> list[Claim]:
    """What a meeting resolved in a paragraph `会议要求，…` of its minutes; general calls are no measure."""
    begin = stripped(text, node.body, node.end).start
    end = trimmed(text, begin, node.end)
    if not RESOLVED.match(text, node.start) or _CALL.match(text, begin) or end <= begin:
        return []
    parts = tuple(
        Span(c.start, trimmed(text, c.start, min(c.end, end))) for c in node.children if c.start < end
    )
    every = list(sentences(text, begin, end))
    if not parts and each_has_actor(text, every):
        return [_resolution(one.start, one.end, ()) for one in every]
    return [_resolution(begin, end, parts)]


def _resolution(begin: int, end: int, parts: tuple[Span, ...]) -> Claim:
    return Claim(Kind.MEASURE, "", begin, begin, end, "resolution-of-minutes", 0, parts)


_SPOKEN = re.compile(
    r"会议[一-龥]{0,2}(?:要求|决定|明确|议定|确定|商定)[，,：:]|会议(?:还|最后)?[一-龥]{2}(?:了|[，,：:])"
)
_BUT = re.compile(r"(?:，|。|；|,)(?:但是?|然而|不过)[，,]?(?!.{0,6}会议)")


def resolved_within(text: str, node: Node) -> list[Claim]:
    """In a numbered paragraph of minutes, what `会议要求，` asks of somebody, and the fault told before it.

    General calls, which name nobody who is to act, are no measures.
    """
    turns = list(_SPOKEN.finditer(text, node.start, node.end))
    found: list[Claim] = []
    ends = [*(one.start() for one in turns[1:]), node.end]
    for turn, after in zip(turns, ends, strict=False):
        every = list(sentences(text, turn.end(), trimmed(text, turn.end(), after)))
        named = [one for one in every if begins_with_actor(text[one.start : one.end])]
        if RESOLVED.match(turn[0]) and named and not _CALL.match(text, turn.end()):
            found += [] if found else _told_before(text, node, turn.start())
            found += [_resolution(one.start, one.end, ()) for one in named]
    return found


def _told_before(text: str, node: Node, end: int) -> list[Claim]:
    turn = _BUT.search(text, node.start, end)
    spans = faults(text, turn.end(), end) if turn else []
    return [told(span, node.start) for span in spans if states_fault(text[span.start : span.end])]
