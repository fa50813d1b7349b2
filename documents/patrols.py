"""A log in running text: each sentence tells what was found somewhere and, behind it, what was done."""

import re

from documents.claim import Claim
from documents.clauses import clauses, sentences, states_fault
from documents.dialogue import told_pair
from documents.fixes import fix_start
from documents.reading import Span

_FOUND = re.compile(r"(?:发现|查到|看到|检出|反映|查出)(?!问题|隐患|的|了?[0-9])[了：:]?")
_COUNTED = re.compile(
    r"(?:问题|隐患|不足|线索|案件)[^，。]{0,4}[0-9]+|[0-9]+[余多]?[个处条项件](?:问题|隐患|线索)"
)
_FEWEST = 2


def patrolled(text: str, start: int, end: int) -> list[Claim]:
    """The faults of a log with their fixes; nothing where fewer than two sentences tell of both."""
    found: list[Claim] = []
    faulty = 0
    for one in sentences(text, start, end):
        turn = _FOUND.search(text, one.start, one.end)
        if turn is None or _COUNTED.search(text, one.start, one.end):
            continue
        first = next(clauses(text, turn.end(), one.end), None)
        fix = fix_start(text, turn.end(), one.end)
        if first and fix and fix > first.start:
            faulty += states_fault(text[first.start : first.end])
            stop = first.start + len(text[first.start : fix].rstrip(" 　，,；;"))
            fault = Span(first.start, stop)
            found += told_pair(text, fault, Span(fix, one.end))
    return found if faulty >= _FEWEST else []
