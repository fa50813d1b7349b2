"""English paragraphs that tell a fault in several sentences and, behind it, who is to put it right."""

import re
from collections.abc import Iterator
from itertools import pairwise

from documents.acting_english import ends_as_post
from documents.claim import Claim, told_fault
from documents.clauses import says_nothing_wrong, sentences
from documents.dialogue import TURN, heads, puts_right, tells_nothing_wrong, told_pair
from documents.lexicon import is_latin
from documents.plain_prose import paragraphs
from documents.reading import Span
from documents.weighing import Weight, mean, weigh

_POST = r"[A-Z][\w&'/-]*(?: (?:[\w&'/-]+|[(][a-z ]+[)])){0,6}?"
_ASKS = re.compile(
    rf"(?P<please>{_POST}), please (?!note\b|find\b|see\b)[a-z]+|"
    rf"(?:Could|Can|Would) (?:the )?(?P<could>{_POST}) (?!you\b)[a-z]+|"
    rf"(?P<to>{_POST}) (?:to|is to|are to|will|must|should) (?!be\b)[a-z]+|"
    rf"(?P<dash>{_POST}) [-–—] [a-z]+ |"
    rf"(?P<have>{_POST}) (?:have|has) (?:already |since |now )[a-z]+"
)
_SURE, _LEAST = 1.0, -0.5
"""By how much words must speak more for one kind than for the other, and how much at the least."""
_BACKGROUND = -2.3
"""Below this weight a sentence before a fault is about something else."""
_ALONE = 0.5
"""From this mean weight on a paragraph between pairs tells a fault that nobody answers."""
_FEWEST_PAIRS, _FEWEST, _MOST = 3, 2, 9


def told_paragraphs(text: str, start: int, end: int) -> list[Claim]:
    """The faults and fixes of a paper of which three paragraphs or more tell both.

    A paragraph between them that tells a fault alone counts too.
    """
    found = [_told(text, Span(*line.span())) for line in paragraphs(text, start, end)]
    pairs = [at for at, one in enumerate(found) if len(one) > 1]
    if len(pairs) < _FEWEST_PAIRS:
        return []
    return [claim for one in found[pairs[0] : pairs[-1] + 1] for claim in one]


def fault_paragraphs(text: str, start: int, end: int) -> list[Claim]:
    """The faults of three paragraphs or more between others that praise, each with its fix if it tells it."""
    found = [_told(text, Span(*line.span()), least=_AMID_PRAISE) for line in paragraphs(text, start, end)]
    told = [one for one in found if one]
    return [claim for one in told for claim in one] if len(told) >= _FEWEST_PAIRS else []


_AMID_PRAISE = 0.3
"""The same where nothing else in the paper tells a fault."""


def _told(text: str, line: Span, *, least: float = _ALONE) -> list[Claim]:
    every = list(sentences(text, line.start, line.end))
    if not _FEWEST <= len(every) <= _MOST or not is_latin(text[line.start : line.end]):
        return []
    weights = [weigh(text[one.start : one.end]) for one in every]
    fixes = [_is_fix(text[one.start : one.end], said) for one, said in zip(every, weights, strict=True)]
    found: list[Claim] = []
    begin = 0
    for at, after in _runs(fixes):
        fault = _fault(text, every[begin:at], weights[begin:at])
        if fault is not None:
            found += _answered(text, fault, every[at:after])
            begin = after
    told = [one.problem for one in weights]
    if not found and True not in fixes and (mean(weights).problem > least or _ends_plainly(told)):
        fault = _fault(text, every, weights)
        return [told_fault(fault, fault.start)] if fault else []
    return found


def _ends_plainly(weights: list[float]) -> bool:
    """Whether a paragraph begins in few words and then tells a fault plainly: `It was poor. Nine were …`."""
    return max(weights) > _PLAINLY and weights[0] > _BACKGROUND and sum(weights) > 0


_PLAINLY = 1.5


def _answered(text: str, fault: Span, fixes: list[Span]) -> Iterator[Claim]:
    """The fault and what answers it: as many measures as posts are asked for something."""
    begins = [0, *(at for at, one in enumerate(fixes) if at and _asks_post(text[one.start : one.end]))]
    parts = [Span(fixes[one].start, fixes[other - 1].end) for one, other in pairwise([*begins, len(fixes)])]
    yield from told_pair(text, fault, parts[0])
    yield from (told_pair(text, fault, one)[1] for one in parts[1:])


def _runs(fixes: list[bool]) -> Iterator[tuple[int, int]]:
    """Where each run of fixes begins and ends."""
    at = 0
    while at < len(fixes):
        after = at
        while after < len(fixes) and fixes[after]:
            after += 1
        if after > at:
            yield at, after
        at = max(after, at + 1)


def _fault(text: str, every: list[Span], weights: list[Weight]) -> Span | None:
    """The sentences that tell a fault, from the first that is no background; None where none tells one."""
    said = [text[one.start : one.end] for one in every]
    told = _plainly_told(said, weights)
    if True not in told:
        return None
    near = [
        one.problem > _BACKGROUND and not tells_nothing_wrong(words)
        for one, words in zip(weights, said, strict=True)
    ]
    first = near.index(True) if True in near else 0
    if len(every) > 1 and heads(text, every[0], every[1]):
        first = 0
    begin = every[min(first, told.index(True))].start
    turn = TURN.match(text, begin, every[-1].end)
    return Span(turn.end() if turn else begin, every[-1].end)


def _plainly_told(said: list[str], weights: list[Weight]) -> list[bool]:
    return [
        one.problem - one.measure > _SURE and one.problem > _LEAST and not says_nothing_wrong(words)
        for one, words in zip(weights, said, strict=True)
    ]


def fault_within(text: str, every: list[Span]) -> Span | None:
    """What these sentences tell of a fault, from the first that plainly does; None where none does."""
    said = [text[one.start : one.end] for one in every]
    told = _plainly_told(said, list(map(weigh, said)))
    return Span(every[told.index(True)].start, every[-1].end) if True in told else None


def _is_fix(said: str, weight: Weight) -> bool:
    if weight.measure - weight.problem > _SURE and weight.measure > _LEAST:
        return True
    return weight.problem < 0 and (puts_right(said) or _asks_post(said))


def _asks_post(said: str) -> bool:
    """Whether a sentence asks a post for something: `Could the Duty Manager put a plan together?`"""
    asks = _ASKS.match(said)
    name = next(filter(None, asks.groups()), "") if asks else ""
    bare = re.sub(r" [(][^()]*[)]$", "", name)
    return bool(bare) and (ends_as_post(bare) or bare.isupper())
