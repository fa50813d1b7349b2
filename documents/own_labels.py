"""Labels that one text uses again and again, and what the words behind them say that they announce."""

import re
from collections.abc import Iterator
from functools import lru_cache

from documents.label_words import known_labels
from documents.lexicon import words
from documents.names import is_named
from documents.numbering import Mark
from documents.sections import Announced, label_announces
from documents.weighing import Weight, mean, weigh_part

_LABEL = re.compile(
    r"(?:^[ \t　]*|(?<=[。；]))(?P<word>(?:20[0-9]{2} )?[A-Za-z][A-Za-z' -]{2,34}[A-Za-z]"
    r"(?:,? (?:in )?20[0-9]{2})?|[一-龥]{2,8})[ ]?[:：][ \t　]*"
    r"(?P<said>\S[^\n]*)",
    re.MULTILINE,
)
_BRACKETED = re.compile(r"^[ \t　]*【(?P<word>[一-龥]{2,8})】[ \t　]*(?P<said>\S[^\n]*)", re.MULTILINE)
_FEWEST_FAULTS, _FEWEST = 3, 2
_FAULTS, _STEPS, _STEPS_ALONE = -0.3, -0.7, 0.5
_ENOUGH = 40


def own_labels(text: str) -> Iterator[Mark]:
    """The labels that nobody has listed but that head faults, or measures beside faults, in this text."""
    found: dict[str, list[re.Match[str]]] = {}
    for match in (*_LABEL.finditer(text), *_BRACKETED.finditer(text)):
        found.setdefault(_key(match["word"]), []).append(match)
    several = {word: own for word, own in found.items() if len(own) >= _FEWEST and not _is_listed(own)}
    weights = {word: _weight(text, own) for word, own in several.items()}
    faults = {
        word
        for word, weight in weights.items()
        if label_announces(word) is Announced.PROBLEMS
        or (len(several[word]) >= _FEWEST_FAULTS and weight.problem > max(_FAULTS, weight.measure))
    }
    known = [word for word in found if label_announces(word) is Announced.PROBLEMS]
    if any(_is_listed(found[word]) for word in known):
        faults.clear()
    alone = not faults and not known
    for word, weight in weights.items():
        least = _STEPS_ALONE if alone else _STEPS
        if word in faults:
            yield from _marks(several[word], Announced.PROBLEMS)
        elif weight.measure > max(least, weight.problem) and len(several[word]) >= _FEWEST + alone:
            yield from _marks(several[word], Announced.MEASURES)


def _is_listed(own: list[re.Match[str]]) -> bool:
    """Whether a label is known, or names who speaks."""
    return is_named(own[0]["word"]) or all(match["word"].lower() in _listed() for match in own)


def _key(word: str) -> str:
    return re.sub(r"^20[0-9]{2} |,? (?:in )?20[0-9]{2}$", "", word).lower()


@lru_cache(maxsize=1)
def _listed() -> frozenset[str]:
    """The labels that are known, whatever they say."""
    names = ("owner", "deadline", "status", "closing", "number", "place")
    return known_labels() | {word.lower() for name in names for word in words("label", name)}


def _weight(text: str, own: list[re.Match[str]]) -> Weight:
    return mean([weigh_part(text, *match.span("said")) for match in own[:_ENOUGH]])


def _marks(own: list[re.Match[str]], said: Announced) -> Iterator[Mark]:
    for match in own:
        start, body = match.start("word"), match.start("said")
        start -= match.string[start - 1 : start] == "【"
        at_line = start == 0 or match.string[max(0, start - 20) : start].rstrip(" \t　").endswith("\n")
        yield Mark(start, body, "label", None, at_line, limit=match.end(), said=said)
