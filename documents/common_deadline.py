"""The deadline that a report states for all of its items together, or a heading for those below it."""

import re
from datetime import date
from functools import lru_cache
from itertools import pairwise

from documents.clauses import sentences
from documents.deadlines import in_words
from documents.reading import NO_DEADLINE, Deadline, Span
from rules.deadlines import TimeLimit

_FOR_ALL = re.compile(
    r"(?:全部|所有|以上|上述|各项|逐项)[^。；\n]{0,40}(?:整改|完成|销号|落实|到位)|"
    r"(?:整改|落实)(?:落实)?(?:情况|报告|结果|方案|台账)[^。；\n]{0,40}报|"
    r"\b(?:send|submit|return|provide)\b[^.\n]{0,40}\b(?:action plan|written (?:response|plan))|"
    r"\ball (?:of the )?(?:findings|actions|items|issues|deficiencies)\b",
    re.IGNORECASE,
)


def for_all(text: str, claimed: list[tuple[int, int]], after: date | None) -> Deadline | None:
    """The one deadline that the text outside its items states for all of them together."""
    outside = [(0, 0), *claimed, (len(text), len(text))]
    for (_, end), (start, _) in pairwise(outside):
        for sentence in sentences(text, end, start):
            worded = _stated_for_all(text, sentence, after)
            if worded:
                return worded
    return None


def _stated_for_all(text: str, sentence: Span, after: date | None) -> Deadline | None:
    said = _FOR_ALL.search(text, sentence.start, sentence.end)
    if not said or re.search(r"已(?!逐|下发|印发|向)|截至", text[sentence.start : sentence.end]):
        return None
    worded = in_words(text, sentence.start, sentence.end, after)
    return worded if worded.on else None


_OF_GROUP = re.compile(
    r"[底末日月年度内]之?前?(?:必须|需|应|要|全部)?(?:完成|办结|销号|解决|整改到位|见效|达标)|[底末日]之?前[^，。]{0,4}(?:整改|事项|问题|任务)|"
    r"[（(][^（）()]{0,24}(?:[底末日月]之?前|长期坚持|立行立改|[0-9]日内)(?:完成|整改)?[）)]|"
    r"^[^，。]{0,8}(?:立行立改|即知即改|立即整改|长期坚持|持续坚持|长期整改)|"
    r"(?i:\b(?:by|before|within|due|not? later than)\b|"
    r"^(?:[A-Z][.)] )?(?:at once|immediate(?:ly)?|straight away)\b)"
)
_EACH_TIME = re.compile(
    r"(?:[A-Z][.)] )?(?i:(?:every|each) (?:day|week|month|quarter|term|year)|"
    r"daily|weekly|monthly|quarterly|termly)"
)
_SPECIFIC = frozenset({TimeLimit.FIXED, TimeLimit.LONG_TERM, TimeLimit.IMMEDIATE})


@lru_cache(maxsize=256)
def of_heading(heading: str, after: date | None) -> Deadline:
    """The deadline that a heading states for the whole group below it: `2024年9月底前完成的问题`."""
    if _EACH_TIME.fullmatch(heading.strip()):
        return Deadline(heading.strip(), None, TimeLimit.RECURRING)
    if not _OF_GROUP.search(heading):
        return NO_DEADLINE
    found = in_words(heading, 0, len(heading), after)
    return found if found.time_limit in _SPECIFIC else NO_DEADLINE
