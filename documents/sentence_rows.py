"""The separate faults, or the separate measures, of one paragraph."""

import re
from functools import lru_cache
from itertools import pairwise

from documents.clauses import (
    VERB,
    clauses,
    is_general,
    opens_with_action,
    sentences,
    states_fault,
)
from documents.lexicon import alternatives, folded, is_latin, words
from documents.reading import Span
from documents.weighing import weigh

_OTHERS = (
    "同时",
    "并",
    "且",
    "由此",
    "因此",
    "如",
    "例如",
    "特别是",
    "尤其",
    "其中",
    "导致",
    "致使",
    "造成",
    "比如",
    "这",
)


def faults(text: str, start: int, end: int, *, each: bool = False) -> list[Span]:
    """The separate faults of one paragraph: clauses of a row, or sentences with what explains them.

    A first sentence without a comma is a title that the others explain, unless `each` may be a fault.
    """
    if led := led_row(text, [Span(start, end)]):
        return led
    behind = _BEHIND_COLON.search(text, start, end)
    every = list(sentences(text, behind.end() if behind else start, end))
    if len(every) > 2 and is_general(text[every[0].start : every[0].end]):
        every = every[1:]
    if not every:
        return []
    if len(every) == 1:
        return _row(text, every[0])
    if all(text[one.end - 1] in "；;" for one in every[:-1]) and len(every) > 2:
        return every
    in_row = text[every[0].end - 1] in "；;"
    titled = not each and not in_row and _is_title(text[every[0].start : every[0].end])
    begins = [every[0].start]
    begins += [
        one.start
        for before, one in pairwise(every)
        if (in_row and text[before.end - 1] in "；;")
        or (_is_fault(text, one, titled=titled) and (in_row or not _runs_on(text, one)))
    ]
    return _ranges(begins, every[-1].end)


_LED_ROW = re.compile(
    r"(?<=[。，])(?:问题|不足|短板|差距)?(?:主要|具体|突出)?(?:是|有|在于|表现在|表现为|体现在)[：:]"
    r"(?P<row>(?:[^。：:\n；]{6,}；){2,}[^。：:\n；]{6,}。?)"
)
"""What leads to a row of faults within a paragraph: `短板更要看到，主要是：…；…；…。`."""


def led_row(text: str, paragraphs: list[Span]) -> list[Span]:
    """The faults of the one paragraph that leads to a row of them; nothing where none or several do."""
    led = [found for one in paragraphs for found in _LED_ROW.finditer(text, one.start, one.end)]
    return list(sentences(text, *led[0].span("row"))) if len(led) == 1 else []


_BEHIND_COLON = re.compile(
    r"(?<=[。])会议(?:认为|指出|分析)[，,][^。：:\n；]{4,50}[：:](?=(?:[^。：:\n；]{6,}；){2,}[^。：:\n；]{6,}。?\s*\Z)"
)
"""What leads to a row of faults at the end of a paragraph: `会议认为，深层次的东西并没有解决：…；…；…`."""


def _runs_on(text: str, sentence: Span) -> bool:
    """Whether English words behind a semicolon only explain those before it."""
    opening = text[sentence.start : sentence.end][:1]
    return opening.islower() and opening.isascii() and text[: sentence.start].rstrip()[-1:] == ";"


def _is_title(sentence: str) -> bool:
    """Whether a first sentence names what the others explain: it has no comma or, in English, no verb."""
    if is_latin(sentence):
        return VERB.search(sentence) is None
    return "，" not in sentence.replace(",", "，")


_GOES_ON = re.compile(
    r"(?:It|This|That|These|Those|They|Such|He|She|Their|Its|As a result|Because|Consequently|Therefore|Thus|"
    r"Hence|For (?:example|instance)|In (?:one|some|many|most|two|three|other|each|all|particular)|"
    r"One of|None of|Some of|Most of|Many of|All of|Both|Of (?:these|the)|Among (?:these|them)|"
    r"The (?:latter|former|same|cause|reason|result|rest|others?|remainder|effect|risk))\b"
)
"""How an English sentence begins that explains the one before it."""


CHARGES = re.compile(
    r"[A-Z][\w' ]{2,50}?(?:, the [a-z ]{3,30},)? "
    r"(?:(?:is|are|will be) (?:responsible|in charge|accountable)\b|"
    r"has (?:kindly )?(?:agreed|offered|undertaken) to (?:lead|run|oversee|do) (?:this|these|them|it|both)\b)"
)
"""How an English sentence begins that says who sees to what the one before it tells."""
_PROMISES = re.compile(r"\b(?:will|must|shall|should|to [a-z]{2,})\b")


_BESIDES = re.compile(r"(?:另外|此外|再者|还有|再有|其次)[，,]")


def _is_fault(text: str, sentence: Span, *, titled: bool) -> bool:
    said = text[sentence.start : sentence.end]
    if said.startswith(_OTHERS):
        return False
    besides = _BESIDES.match(text, sentence.start, sentence.end)
    sentence = Span(besides.end(), sentence.end) if besides else sentence
    if titled and text[sentence.start - 1] in "；;":
        return False
    if titled:
        return "，" not in said and "," not in said and len(said) < 40 and states_fault(said)
    first = next(clauses(text, sentence.start, sentence.end), sentence)
    opening = text[first.start : first.end]
    if states_fault(opening) or (is_latin(said) and not _GOES_ON.match(said)):
        return True
    return (
        _TOPIC.fullmatch(opening) is not None
        and first.end < sentence.end - 1
        and _weighs_as_fault(opening, said)
    )


_TOPIC = re.compile(
    r"(?!有的|有些|个别|部分|一些|少数|此前|目前|仅|只|还|也|又|更|但|而|据|经)[^0-9，。；：:]{4,16}"
)
"""How a sentence begins that says in a few words what the rest tells in figures: `教师疲惫感较强，…`."""
_OPENING, _WHOLE = -0.8, 0.5


def _weighs_as_fault(opening: str, said: str) -> bool:
    first = weigh(opening)
    return first.problem > max(_OPENING, first.measure) and weigh(said).problem > _WHOLE


def _row(text: str, sentence: Span) -> list[Span]:
    """A sentence of short clauses that each state a fault is a row of faults."""
    pieces = list(clauses(text, sentence.start, sentence.end))
    short = all(piece.end - piece.start <= 16 for piece in pieces)
    if len(pieces) < 3 or not short or not all(states_fault(text[p.start : p.end]) for p in pieces):
        return [sentence]
    return pieces


def _ranges(begins: list[int], end: int) -> list[Span]:
    return [Span(begin, after) for begin, after in zip(begins, [*begins[1:], end], strict=True)]


def steps(text: str, start: int, end: int) -> list[Span]:
    """The separate measures of one paragraph: a sentence that opens with an action begins one."""
    every = list(sentences(text, start, end))
    begins = [one.start for one in every if _is_step(text, one)]
    if every and len(begins) < 3:
        begins = sorted({every[0].start, *begins})
    return _ranges(begins, every[-1].end) if every else []


def _is_step(text: str, sentence: Span) -> bool:
    said = text[sentence.start : sentence.end]
    if is_latin(said):
        return (
            _GOES_ON.match(said) is None
            and CHARGES.match(said) is None
            and _field().match(folded(said)) is None
            and (not said[0].islower() or _PROMISES.search(said) is not None)
        )
    return not said.startswith(_OTHERS) and (opens_with_action(said.removeprefix("要")) or _sets_task(said))


@lru_cache(maxsize=1)
def _field() -> re.Pattern[str]:
    """How a sentence begins that says who or by when, for folded text: `Responsible: Inspection.`"""
    return re.compile(rf"{alternatives((*words('label', 'owner'), *words('label', 'deadline')))}[ ]?:")


_TASK = re.compile(
    r"由[^，。；]{2,20}(?:牵头|负责|承担|治理)|前(?:全部)?(?:完成|建成|恢复|增|到位)|拟|确保|每[月季周年]|逐[户项个]|要[^求]|必须|一律"
)


def _sets_task(sentence: str) -> bool:
    """Whether a sentence of a measure section sets a task of its own, whatever it begins with."""
    return len(sentence) >= 20 and _TASK.search(sentence) is not None
