"""A message in one paragraph: faults behind 但 or 发现, then `要求：` and who is to do what."""

import re
from collections.abc import Iterator

from documents.acting import begins_with_actor
from documents.claim import Claim
from documents.clauses import states_fault, stripped
from documents.reading import Span
from rules.lifecycle import Kind

_ASKED = re.compile(
    r"(?:要求|责令|责成|明确|商定|约定|提出|安排)(?:如下|整改|他们|对方|现场|物业|单位){0,2}[:：]"
)
_TURN = re.compile(
    r"但是?|不过|可是|然而|发现(?:了)?(?:以下|几个|如下)?(?:问题)?[:：]?|存在(?:以下)?问题[:：]?"
)
_CLAUSE = re.compile(r"[^,，；;。！!\n]+?(?:[,，；;。！!]|(?<=[一-龥])\.|(?=\n|$))")
_TASK = re.compile(r"[^；;。！!\n]+?(?:[；;。！!]|(?<=[一-龥])\.|(?=\n|$))")
_WHEN = re.compile(r"前|立即|马上|今[天日晚]|当[天日场]|由.{2,14}负责")
_SHORTEST, _MOST_BEFORE = 6, 600


def messages(text: str, start: int, end: int) -> Iterator[Claim]:
    """The faults and tasks of each paragraph that tells both; nothing where fewer than two tasks stand.

    Only a paragraph's first request counts, so that the work grows as the text does.
    """
    done = start
    for asked in _ASKED.finditer(text, start, end):
        if asked.start() < done:
            continue
        line_end = text.find("\n", asked.end(), end)
        done = end if line_end == -1 else line_end
        tasks = list(_tasks(text, asked.end(), done))
        begin = max(start, text.rfind("\n", start, asked.start()) + 1, asked.start() - _MOST_BEFORE)
        told = list(_faults(text, begin, asked.start()))
        if len(tasks) > 1 and told:
            yield from (_claim(Kind.PROBLEM, one, begin) for one in told)
            yield from (_claim(Kind.MEASURE, one, begin) for one in tasks)


_ANSWER = re.compile(
    r"(?:采取|研究|制定|落实|提出|整改|改进|解决|处置|应对)(?:了|以下|下列|如下|相应|有力|整改|改进|的)*措施(?:如下)?[：:]"
)
_FEWEST_ANSWERS = 2


def answers(text: str, start: int, end: int) -> Iterator[Claim]:
    """The measures that a paragraph parts by semicolons behind `研究整改措施：`, two or more of them."""
    done = start
    for asked in _ANSWER.finditer(text, start, end):
        if asked.start() < done:
            continue
        line_end = text.find("\n", asked.end(), end)
        done = end if line_end == -1 else line_end
        tasks = [stripped(text, *found.span()) for found in _TASK.finditer(text, asked.end(), done)]
        tasks = [one for one in tasks if one.end - one.start >= _SHORTEST]
        if len(tasks) >= _FEWEST_ANSWERS and not any(
            states_fault(text[one.start : one.end][:_SHORTEST]) for one in tasks
        ):
            group = max(start, text.rfind("\n", start, asked.start()) + 1)
            yield from (_claim(Kind.MEASURE, one, group) for one in tasks)


def _tasks(text: str, start: int, end: int) -> Iterator[Span]:
    for found in _TASK.finditer(text, start, end):
        span = stripped(text, *found.span())
        said = text[span.start : span.end]
        if begins_with_actor(said) or _WHEN.search(said):
            yield span


def _faults(text: str, start: int, end: int) -> Iterator[Span]:
    """The clauses from the turn to the last stop before the request; one at least must state a fault."""
    turn = _TURN.search(text, start, end)
    if turn is None:
        return
    begin = turn.start() if turn[0][0] in "但不可然" else turn.end()
    whole = [stripped(text, *found.span()) for found in _CLAUSE.finditer(text, begin, end)]
    kept = [
        span for span in whole if span.end - span.start >= _SHORTEST and text[span.end - 1] in ",，；;。.！!"
    ]
    if any(states_fault(text[span.start : span.end]) for span in kept):
        yield from kept


def _claim(kind: Kind, span: Span, group: int) -> Claim:
    rule = "told-in-talk" if kind is Kind.PROBLEM else "answered-in-talk"
    return Claim(kind, "", span.start, span.start, span.end, rule, group)
