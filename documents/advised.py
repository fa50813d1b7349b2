"""Findings of a letter that give their advice in a sentence, before the label of a reply."""

import re
from dataclasses import replace

from documents.acting_english import ends_as_post
from documents.claim import Claim
from documents.clauses import sentences, stripped
from documents.outline import Node, label_word
from documents.reading import Span
from documents.titles import trimmed
from rules.lifecycle import Kind

_ADVISES = re.compile(
    r"(?:We|I|Internal [Aa]udit|The auditors?)(?: would| therefore| also| further)? "
    r"(?:recommends?|suggests?|advises?|propose)\b|It is (?:therefore )?(?:recommended|suggested)\b"
)
_REPLIES = re.compile(r"(?i:[\w' ]{0,24}\b(?:response|reply|comments?|answer)s?)")


def advised(text: str, node: Node, fix: Node, problem: Claim) -> list[Claim]:
    """A finding whose advice is a sentence before the label of a reply: both together are its fix."""
    if not _REPLIES.fullmatch(label_word(text, fix)):
        return []
    told = list(sentences(text, problem.title_start, fix.start))
    advice = next((one for one in told[1:] if _ADVISES.match(text, one.start)), None)
    if advice is None:
        return []
    end = trimmed(text, advice.start, node.end)
    fields = Span(node.start, node.end)
    measure = Claim(
        Kind.MEASURE, "", advice.start, advice.start, end, "after-label", problem.group, fields=fields
    )
    before = stripped(text, problem.start, advice.start).end
    kept = tuple(span for span in problem.subitems if span.start < before)
    return [replace(problem, end=before, subitems=kept), replace(measure, answers=problem.start)]


_ASKED = re.compile(r"(?i:recommends? that) (?:the )?(?P<who>[A-Z][\w' -]{2,48}):")


def asked_of(text: str, label: Node) -> tuple[Span, ...]:
    """Whom a label asks for all that stands below it: `We recommend that the Fleet Manager:`"""
    asked = _ASKED.search(text, label.start, label.body)
    return (Span(*asked.span("who")),) if asked and ends_as_post(asked["who"]) else ()
