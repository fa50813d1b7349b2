"""What a Chinese letter asks of offices in sentences behind its faults, each request with its time."""

import re
from collections.abc import Iterator

from documents.claim import Claim, told_fix
from documents.clauses import sentences
from documents.reading import Span
from documents.weighing import weigh

_ASKS = re.compile(r"(?:现|特此?|务必?)?(?:请(?!示|假|求|况)|要求|责成|责令)")
_TIMED = re.compile(
    r"[0-9一二三四五六七八九十]{1,3}(?:个工作)?[日号天](?:之?[前内]|起)|[月年周季]度?[底末](?:之?前)?|[本下][周月]|"
    r"立即|马上|当[天日]|即日起|每[日天周月]"
)
_COMMA = re.compile("[，,；;]")
_SOON = 2000
_LEAST = 1.0
"""From this weight on a sentence that asks for something asks for a thing to be done."""


def requested(text: str, start: int, end: int) -> list[Claim]:
    """Each request between two positions; one whose clauses bear a time each is as many."""
    every = [part for one in _requests(text, start, end) for part in _apart(text, one)]
    return [told_fix(one, start) for one in every]


def before_requests(text: str, start: int, end: int) -> int:
    """Where the first request soon behind a position begins; the end without one."""
    return next((one.start for one in _requests(text, start, min(end, start + _SOON))), end)


def _requests(text: str, start: int, end: int) -> Iterator[Span]:
    for one in sentences(text, start, end):
        asks = _ASKS.match(text, one.start, one.end) and _TIMED.search(text, one.start, one.end)
        if asks and weigh(text[one.start : one.end]).measure > _LEAST:
            yield one


def _apart(text: str, sentence: Span) -> list[Span]:
    clauses = list(_clauses(text, sentence))
    timed = all(_TIMED.search(text, one.start, one.end) for one in clauses)
    return clauses if timed else [sentence]


def _clauses(text: str, sentence: Span) -> Iterator[Span]:
    begin = sentence.start
    for comma in _COMMA.finditer(text, sentence.start, sentence.end):
        yield Span(begin, comma.start())
        begin = comma.end()
    yield Span(begin, sentence.end)
