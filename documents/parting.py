"""A paragraph's separate faults or measures: parted by semicolons, actors, aspects or turns of praise."""

import re
from itertools import pairwise

from documents.acting import begins_with_actor, each_has_actor
from documents.clauses import sentences, states_fault, stripped
from documents.lexicon import ENGLISH_FIELD, is_latin
from documents.reading import Span
from documents.sections import Announced
from documents.sentence_rows import CHARGES, faults, steps
from documents.turning import turns
from documents.weighing import weigh


def row_of_steps(text: str, span: Span) -> list[Span]:
    """A paragraph of whole measures parted by semicolons or each with its own actor; else the paragraph."""
    every = list(sentences(text, span.start, span.end))
    if each_has_actor(text, every):
        return every
    first = text[every[0].start : every[0].end] if every else ""
    if states_fault(first) and not is_latin(first) and each_has_actor(text, every[1:]):
        return every[1:]
    if told := _acting_by_weight(text, every):
        return told
    if told := _plainly_asked(text, every):
        return told
    parted = sum(text[one.end - 1] in "；;" for one in every)
    long = all(one.end - one.start >= 15 for one in every)
    return every if len(every) > 2 and parted == len(every) - 1 and long else [span]


def _acting_by_weight(text: str, every: list[Span]) -> list[Span]:
    """The sentences of a Chinese paragraph most of which begin with who acts and all of which set a task.

    The first and the last may only lead to them or close them.
    """
    said = [text[one.start : one.end] for one in every]
    tasks = [weigh(one).measure > max(0.0, weigh(one).problem) for one in said]
    first, last = (0 if tasks[:1] == [True] else 1), len(every) - (tasks[-1:] == [False])
    inner = every[first:last]
    if len(inner) < _FEWEST_ASKED or is_latin(said[0]) or not all(tasks[first:last]):
        return []
    acted = sum(begins_with_actor(text[one.start : one.end]) for one in inner)
    return inner if acted * 2 > len(inner) else []


_FEWEST_ASKED, _NOT_ASKED = 3, -1.0


def _plainly_asked(text: str, every: list[Span]) -> list[Span]:
    """The sentences of an English paragraph that speaks for measures, without those that speak against."""
    said = [text[one.start : one.end] for one in every]
    if len(every) < _FEWEST_ASKED or not is_latin(said[0]) or any(map(ENGLISH_FIELD.match, said)):
        return []
    weights = [weigh(one) for one in said]
    asked = sum(one.measure > max(0.0, one.problem) for one in weights)
    told: list[Span] = []
    for one, weight, words_ in zip(every, weights, said, strict=True):
        if told and CHARGES.match(words_):
            told[-1] = Span(told[-1].start, one.end)
        elif weight.measure > _NOT_ASKED:
            told.append(one)
    return told if asked * 2 > len(every) else []


_CONTRAST = re.compile(r"[，,](?:但是?|不过|然而|可是)[，,]?")
_BESIDES = re.compile(r"(?:此外|另外|同时|还有|再者|再就是|其次|最后)[，,]?")


def _contrasted(text: str, span: Span) -> list[Span]:
    """The faults of a paragraph of sentences that praise and then turn; nothing where fewer than two do."""
    found, turned = [], 0
    for one in sentences(text, span.start, span.end):
        turn = _CONTRAST.search(text, one.start, one.end)
        if turn and not states_fault(text[one.start : turn.start()]):
            turned += 1
            found.append(stripped(text, turn.end(), one.end))
        elif states_fault(text[one.start : one.end]):
            lead = _BESIDES.match(text, one.start, one.end)
            found.append(Span(lead.end() if lead else one.start, one.end))
    return found if turned > 1 else []


_LED = re.compile(
    r"(?:以下|如下|下列)[^。：:\n]{0,16}[：:]\s*\Z|"
    r"下一?步[^。：:；，,\n]{0,10}(?:考虑|打算|准备|计划|拟|安排|想)[^。：:；，,\n]{0,8}[：:]\s*\Z|"
    r"[几两三四五六]个?方面[^。：:\n]{0,8}[：:]\s*\Z"
)
_NAMES_PROBLEM = re.compile(r"(?:针对|对于?|关于)(?:上述|以上)?第?(?:问题|缺陷|隐患|[一二三四五六七八九0-9])")
_SHORTEST_STEP = 6


def _led_row(text: str, span: Span) -> list[Span]:
    """The measures that a paragraph parts by semicolons behind `做好以下工作：`; none of other paragraphs."""
    every = list(sentences(text, span.start, span.end))
    parted = all(text[one.end - 1] in "；;" for one in every[:-1])
    if len(every) > 1 and parted and all(_NAMES_PROBLEM.match(text, one.start) for one in every):
        return every
    long = all(one.end - one.start >= _SHORTEST_STEP for one in every)
    led = _LED.search(text[max(0, span.start - 40) : span.start])
    return every if led and len(every) > 1 and parted and long else []


def _behind_lead(text: str, spans: list[Span]) -> list[Span]:
    """The faults without a first sentence that only says that there are some."""
    return spans[1:] if len(spans) > 1 and turns(text[spans[0].start : spans[0].end]) else spans


_ASPECTS = re.compile(r"(?:(?<=[。；;：:\n])|\A)[ 　]*[一-龥]{2,8}(?:方面|上)[，,：:]")


def by_aspects(text: str, span: Span) -> list[Span]:
    """The parts of a paragraph two or more of whose sentences begin with an aspect: `投诉处理方面，…`."""
    begins = [span.start + found.start() for found in _ASPECTS.finditer(text[span.start : span.end])]
    if len(begins) < 2 or begins[0] != span.start:
        return []
    return [stripped(text, *one) for one in pairwise([*begins, span.end])]


_ASPECT_FIRST = re.compile(r"[ 　]*[^。；，：:\n]{2,40}方面[。：:][ 　]*(?=[^\s])")


def beyond_aspects(text: str, spans: list[Span]) -> list[Span]:
    """The faults of paragraphs most of which begin with an aspect in a sentence: `聚焦队伍建设方面。…`."""
    leads = [_ASPECT_FIRST.match(text, one.start, one.end) for one in spans]
    if sum(lead is not None for lead in leads) * 2 <= len(spans):
        return spans
    return [
        fault
        for one, lead in zip(spans, leads, strict=True)
        for fault in (faults(text, lead.end(), one.end, each=True) if lead else [one])
        if not _ALL_CLOSED.search(text, fault.start, fault.end)
    ]


_ALL_CLOSED = re.compile(
    r"(?:多数|大部分|均|全部|都)已(?:经)?(?:全部)?(?:整改|完成|解决|落实|办结)[^，。；]{0,4}。\Z"
)


def parts(text: str, span: Span, said: Announced, *, whole: bool = False) -> list[Span]:
    """The faults or measures of a paragraph, by what its section announces; `whole` keeps faults together."""
    if said is Announced.MEASURES and (aspects := by_aspects(text, span)):
        return aspects
    if said is Announced.MEASURES and (row := _led_row(text, span)):
        return row
    if said is Announced.MEASURES:
        return _each_names_fault(text, span) or _each_timed(text, span) or by_actors(text, span)
    if said is Announced.PROBLEMS and whole:
        return [span]
    if said is Announced.PROBLEMS:
        return _contrasted(text, span) or _behind_lead(text, faults(text, span.start, span.end))
    return faults(text, span.start, span.end)


_NAMES_FAULT = re.compile(r"(?:针对|关于|对于?)[^，,。；;：:\n]{2,24}[，,：:]")


def _each_names_fault(text: str, span: Span) -> list[Span]:
    """The parts of a paragraph three or more of which begin with their fault: `针对留样不规范，…；针对…`."""
    every = list(sentences(text, span.start, span.end))
    begins = [one.start for one in every if _NAMES_FAULT.match(text, one.start, one.end)]
    if len(begins) < _FEWEST_TIMED or begins[0] != every[0].start:
        return []
    return [stripped(text, *one) for one in pairwise([*begins, span.end])]


_TIMED = re.compile(r"[0-9一-龥](?:日|月|底|年|旬|末|季度)之?[前内]|每[日天周月季半年]|立即|即日起|年底|长期")


def _each_timed(text: str, span: Span) -> list[Span]:
    """The parts between semicolons, where every one of three or more says who acts or by when."""
    every = list(sentences(text, span.start, span.end))
    parted = all(text[one.end - 1] in "；;" for one in every[:-1])
    said = [text[one.start : one.end] for one in every]
    own = all(begins_with_actor(one) or _TIMED.search(one) for one in said)
    return every if len(every) >= _FEWEST_TIMED and parted and own else []


_FEWEST_TIMED = 3


def by_actors(text: str, span: Span) -> list[Span]:
    """The measures of one paragraph; where two sentences begin with who acts, each of them begins one."""
    every = list(sentences(text, span.start, span.end))
    acted = [one.start for one in every if begins_with_actor(text[one.start : one.end])]
    every_step = steps(text, span.start, span.end)
    if len(acted) < 2:
        return every_step
    begins = sorted({*(one.start for one in every_step), *acted})
    return [Span(begin, end) for begin, end in zip(begins, [*begins[1:], span.end], strict=True)]
