"""A report as it is read, each position kept: signs and slips of print as one would type them."""

import re
from collections import Counter

from documents.dates import with_day_first
from documents.label_words import QUESTION

_TYPEWRITTEN = {
    **dict.fromkeys(map(ord, "‘’‛"), "'"),
    **dict.fromkeys(map(ord, "“”‟"), '"'),
    **dict.fromkeys((0xA0, 0x2009, 0x202F), " "),
}
"""Signs of the printer that stand for those of the typewriter in English, one for one."""


_SCANNED = re.compile(r"(?<=[a-z]{2})1+(?=[a-z ]|\Z)")
"""What a scanner takes for ones inside or at the end of a word: `sha11`."""
_ZERO = re.compile(r"(?<=[0-9/])O(?=[0-9]/)|(?<=[0-9]/)O(?=[0-9])")
"""What a scanner takes for a nought in a date: `31/O5/2024`."""
_POINTS = re.compile(r"(?<=[一-龥”\"’）)％%])\.(?=[一-龥“\"（(]|[ \t　]*(?:\n|\Z))")
"""A point for `。` in a Chinese text of whoever types so."""
_NUMERAL = re.compile(r"(?:\A|[\n。；;.])[ \t　]*[（(]?[一二三四五六七八九十]{1,3}[）)]?\Z")
_FEWEST_POINTS = 3
_MISREAD = re.compile(r"(?<![时空中区期])间题")
"""How a scanner reads 问题."""
_STOPS_MISREAD = re.compile(
    r"(?<=[一-龥0-9])口(?=[一二三四五六七八九十]{1,3}、[一-龥]|[一-龥]{4,24}2[0-9OoＯ]{1,3}年[0-9OolI]{1,2}月[0-9OolI]{1,2}[日曰])"
)
"""What a scanner takes for the stop before a numbered heading or a signature: `相符口二、存在的主要问题`."""


def typewritten(text: str, lang: str) -> str:
    """The text as it is read, each position kept: plain signs in English, full stops in Chinese."""
    if lang == "en":
        plain = with_day_first(_asked(text.translate(_TYPEWRITTEN)))
        plain = _ZERO.sub("0", plain)
        return _SCANNED.sub(lambda found: "l" * len(found[0]), plain)
    read = _STOPS_MISREAD.sub("。", _MISREAD.sub("问题", text.replace("笫", "第")))
    if len(_POINTS.findall(read)) < _FEWEST_POINTS:
        return read
    return _POINTS.sub(
        lambda found: "." if _NUMERAL.search(read[max(0, found.start() - 8) : found.start()]) else "。", read
    )


def _asked(text: str) -> str:
    """The text with a colon behind labels that it asks again and again: `By whom? Facilities Manager`."""
    several = Counter(found["asked"].lower() for found in QUESTION.finditer(text))
    return QUESTION.sub(
        lambda found: found[0][:-1] + ":" if several[found["asked"].lower()] > 1 else found[0], text
    )
