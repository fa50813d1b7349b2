"""The one deadline that a report states for all of its items together."""

import re
from datetime import date
from itertools import pairwise

from documents.clauses import sentences
from documents.deadlines import in_words
from documents.reading import Deadline, Span

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
