"""Passages of a report: ranges of its characters as people choose, divide and join them.

A passage is (start, end), end exclusive, and neither begins nor ends with white space.
"""

import re
from collections.abc import Iterable

from rules.errors import WrongMoveError

Passage = tuple[int, int]

MOST_PLACES = 80
"""Places at which a form offers to divide a passage."""
MARK = 14
"""Characters by which a form names the beginning or the end of a passage."""
LONGEST_MARK = 200

_SENTENCE = re.compile(r"[。；;！？!?\n][”’」』）)]*\s*|(?<=[a-z0-9)])\.\s+")
_CLAUSE = re.compile(r"[。；;！？!?\n，,：:][”’」』）)]*\s*|(?<=[a-z0-9)])\.\s+")
_WHITE = re.compile(r"\s+")


def trimmed(text: str, start: int, end: int) -> Passage:
    """The range without white space around it.

    Raises:
        WrongMoveError: it does not lie in the text, or holds nothing but white space.
    """
    part = text[start:end] if 0 <= start < end <= len(text) else ""
    if not part.strip():
        raise WrongMoveError("Choose words of the report.")
    begin = start + len(part) - len(part.lstrip())
    return begin, start + len(part.rstrip())


def divided(text: str, whole: Passage, at: int) -> tuple[Passage, Passage]:
    """What stands before `at` and what begins there.

    Raises:
        WrongMoveError: there are no words on one of the two sides.
    """
    start, end = whole
    if not start < at < end:
        raise WrongMoveError("Choose words of the report.")
    return trimmed(text, start, at), trimmed(text, at, end)


def places(text: str, whole: Passage) -> list[int]:
    """Where a second passage may begin: behind each clause, in a long passage behind each sentence."""
    for stop in (_CLAUSE, _SENTENCE):
        found = [one.end() for one in stop.finditer(text, *whole) if one.end() < whole[1]]
        found = [at for at in found if text[whole[0] : at].strip()]
        if len(found) <= MOST_PLACES:
            return found
    return found[:MOST_PLACES]


def joined(one: Passage, other: Passage, others: Iterable[Passage]) -> Passage | None:
    """Both with what stands between them; None where another passage begins in between."""
    first, second = sorted((one, other))
    if any(first[1] <= start < second[0] for start, _ in others):
        return None
    return first[0], max(first[1], second[1])


def marks(text: str, whole: Passage) -> tuple[str, str]:
    """The first and the last words of a passage, on one line."""
    words = text[whole[0] : whole[1]]
    first, last = words[:MARK], words[-MARK:]
    return " ".join(first.split()), " ".join(last.split())


def located(text: str, first: str, last: str, near: Passage | None = None) -> Passage:
    """The passage from its first words to its last, however white space stands between them.

    `near` is the passage that was there before: of it, an end that was not named anew stays. Otherwise the
    first words have to be unlike all others, and the last ones are the next after them.

    Raises:
        WrongMoveError: no words were named, they do not stand in the text, or the first ones do in several
            places.
    """
    before = marks(text, near) if near else ("", "")
    is_kept = near is not None and _bare(first) == _bare(before[0])
    start = near[0] if near and is_kept else _only(text, first)
    if near and _bare(last) == _bare(before[1]) and start < near[1]:
        return trimmed(text, start, near[1])
    found = _pattern(last).search(text, start)
    if found is None:
        raise WrongMoveError(
            "“%(words)s” does not stand in the report after “%(first)s”.", **_told(last, first)
        )
    return trimmed(text, start, found.end())


def place_of(text: str, whole: Passage, words: str) -> int:
    """Where these words begin inside the passage.

    Raises:
        WrongMoveError: they do not stand in it, or in several places.
    """
    return whole[0] + _only(text[whole[0] : whole[1]], words)


def _only(text: str, words: str) -> int:
    found = _pattern(words).finditer(text)
    one = next(found, None)
    if one is None:
        raise WrongMoveError("“%(words)s” does not stand in the report.", words=words[:40])
    if next(found, None) is not None:
        raise WrongMoveError("“%(words)s” stands in several places; write more of it.", words=words[:40])
    return one.start()


def _told(last: str, first: str) -> dict[str, object]:
    return {"words": last[:40], "first": first[:40]}


def _bare(words: str) -> str:
    return _WHITE.sub("", words)


def _pattern(words: str) -> re.Pattern[str]:
    bare = _bare(words)[:LONGEST_MARK]
    if not bare:
        raise WrongMoveError("Write the first and the last words of the passage.")
    return re.compile(r"\s*".join(map(re.escape, bare)))


def is_at(text: str, passage: Passage, first: str, last: str) -> bool:
    """Whether the passage begins with the first words and ends with the last, white space aside."""
    words = _bare(text[passage[0] : passage[1]])
    return words.startswith(_bare(first)) and words.endswith(_bare(last))
