"""Prose that nothing announces: sections and paragraphs of faults or of tasks, faults with their fixes.

The weight of the words tells both apart from background, which speaks of no fault and of nothing to be done.
"""

import re
from collections.abc import Iterator
from itertools import groupby, islice, pairwise

from documents.claim import Claim, told_fault, told_fix
from documents.clauses import sentences
from documents.dialogue import heads, puts_right, tells_fault, told_pair
from documents.inferring import CAUSES
from documents.lexicon import is_latin
from documents.numbering import Mark
from documents.outline import Node, heading_of
from documents.passing import PLACED
from documents.prose import unnumbered
from documents.reading import Span
from documents.sections import Announced
from documents.weighing import Weight, mean, weigh

_FAULTS = 0.5
"""From this mean weight on, the sentences under a plain heading are a section of faults."""
_FAULTS_ZH = 0.1
"""The same of a Chinese paragraph that nothing heads."""
_LEADS = -1.0
"""Below this weight a first sentence that turns to faults only leads to them."""
_FAULT, _FIX, _SURE_FIX = -2.0, 1.0, 3.0
"""Weights of a sentence that may tell a fault, and of one that may, and surely does, tell its fix."""
_WHY = re.compile(r"(?i)\b(?:why|how)\b.*\b(?:happen|arise|arose|came|went)")
_NAMES_SOME = re.compile(
    r"\b(?:gaps|weaknesses|problems|issues|shortcomings|concerns|areas|matters|points|faults)\b"
)
_LINE = re.compile(r"[^\n]+")
_LONGEST = 5000
"""A line of more characters is no paragraph but a whole paper without lines."""
_ENOUGH = 40
_FEWEST, _MOST = 2, 8


def faults_by_weight(text: str, node: Node) -> list[Claim]:
    """The faults of a section of plain sentences below a heading that says nothing."""
    heading = heading_of(text, node)
    if node.children or node.style not in {"heading", "hash2", "hash3"} or not is_latin(heading):
        return []
    if CAUSES.search(heading) or _WHY.search(heading):
        return []
    begin = text.find(heading, node.body) + len(heading)
    every = list(islice(sentences(text, begin, node.end), _ENOUGH))
    weights = [weigh(text[one.start : one.end]) for one in every]
    telling = sum(one.problem > 0 for one in weights)
    if telling < _FEWEST or mean(weights).problem <= _FAULTS:
        return []
    leads = weights[0].problem < _LEADS and _NAMES_SOME.search(text, every[0].start, every[0].end)
    lead = every[0].end if leads else begin
    mark = Mark(node.start, lead, "lead", None, at_line=True)
    return unnumbered(text, Node(mark, node.start, lead, node.end), Announced.PROBLEMS)


def pairs_by_weight(text: str, start: int, end: int) -> Iterator[list[Claim]]:
    """The faults of each paragraph behind which the next sentence says what is done about them."""
    for line in _LINE.finditer(text, start, end):
        every = list(sentences(text, *line.span())) if is_latin(line[0]) else []
        if not _FEWEST <= len(every) <= _MOST:
            continue
        told = [at for at, (one, other) in enumerate(pairwise(every)) if _is_pair(text, one, other)]
        headed = bool(told) and told[0] == 1 and heads(text, every[0], every[1])
        led = bool(told) and told[0] == 1 and max(_each(text, every[0])) < _LEADS
        whole = headed or (bool(told) and told[0] == 1 and text[every[0].end - 1] == ";")
        if told and (told[0] == 0 or whole or led):
            for at, following in zip(told, [*told[1:], len(every)], strict=True):
                begin = every[0].start if whole and at == 1 else every[at].start
                fix = Span(every[at + 1].start, every[following - 1].end)
                yield told_pair(text, Span(begin, every[at].end), fix)


def paragraphs(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The lines that may each be one paragraph."""
    return (one for one in _LINE.finditer(text, start, end) if one.end() - one.start() <= _LONGEST)


_MOST_BACKGROUND, _MOST_BESIDE = -1.0, -1.5
"""Below these weights a sentence among faults tells none, and one among tasks is none."""
_NEARLY = -0.5
"""From this weight on a sentence counts as one of those by which its paragraph is known."""


def paragraphs_by_weight(text: str, start: int, end: int) -> list[Claim]:
    """The faults and tasks of a paper in running words, where whole paragraphs tell the one or the other.

    A paper has both kinds; one of them alone might be about something else.
    """
    faulty: list[Span] = []
    asked: list[Span] = []
    for line in paragraphs(text, start, end):
        every = list(sentences(text, *line.span()))
        weights = [_weighs(text, one) for one in every]
        if _tell([one.problem for one in weights]):
            faulty += [
                one for one, said in zip(every, weights, strict=True) if said.problem > _MOST_BACKGROUND
            ]
        elif _ask([one.measure for one in weights]):
            asked += [one for one, said in zip(every, weights, strict=True) if said.measure > _MOST_BESIDE]
    if not faulty or not asked:
        return []
    group = faulty[0].start
    told = [told_fault(one, group) for one in faulty]
    return told + [told_fix(one, group) for one in asked]


def _tell(weights: list[float]) -> bool:
    """Whether the sentences of a paragraph, of one weight each, tell one kind; the first may only lead."""
    behind = weights[1:] if weights and weights[0] < _MOST_BACKGROUND else weights
    return sum(one > _NEARLY for one in behind) >= _FEWEST and sum(behind) > 0


def _ask(weights: list[float]) -> bool:
    return _tell(weights) or (bool(weights) and min(weights) > _SURE_FIX)


_POINTED_OUT = re.compile(r"[ 　]*(?:会议|与会[一-龥]{1,4})(?:指出|认为)[，,：:]")
"""How minutes begin what is wrong, or what is well."""


def paragraphs_of_faults(text: str, start: int, end: int) -> Iterator[list[Claim]]:
    """The faults of each paragraph that tells them plainly, in a paper that names them nowhere else."""
    for line in paragraphs(text, start, end):
        lead = _POINTED_OUT.match(line[0])
        every = list(sentences(text, line.start() + (lead.end() if lead else 0), line.end()))
        weights = [_weighs(text, one).problem for one in every]
        least = _FAULTS if is_latin(line[0]) else _FAULTS_ZH
        plain = sum(one > 0 for one in weights) > _FEWEST and sum(weights) > least * len(weights)
        if plain or (lead and _tell(weights)):
            told = [one for one, said in zip(every, weights, strict=True) if said > _MOST_BACKGROUND]
            yield [told_fault(one, line.start()) for one in told]


_FEWEST_PLACED = 3


def placed_faults(text: str, start: int, end: int) -> list[Claim]:
    """The faults of three paragraphs or more in a row that each name a place: `公积金窗口：…`."""
    lines = [Span(*line.span()) for line in paragraphs(text, start, end)]
    for is_placed, row in groupby(
        lines, key=lambda line: PLACED.match(text, line.start, line.end) is not None
    ):
        several = list(row) if is_placed else []
        if len(several) < _FEWEST_PLACED or mean([_weighs(text, one) for one in several]).problem <= 0:
            continue
        return [told_fault(one, several[0].start) for one in several]
    return []


def _weighs(text: str, span: Span) -> Weight:
    return weigh(text[span.start : span.end])


def _each(text: str, span: Span) -> tuple[float, float]:
    weight = _weighs(text, span)
    return weight.problem, weight.measure


def _is_pair(text: str, first: Span, second: Span) -> bool:
    fault, fix = text[first.start : first.end], text[second.start : second.end]
    one, other = weigh(fault), weigh(fix)
    if one.problem <= max(_FAULT, other.problem) or not tells_fault(fault, asked=True):
        return False
    return _mends(fix, other)


def _mends(fix: str, weight: Weight) -> bool:
    return weight.measure > _SURE_FIX or (weight.measure > _FIX and puts_right(fix[:1].upper() + fix[1:]))
