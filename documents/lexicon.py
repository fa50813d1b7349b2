"""The words of the genre, read once from `lexicon.toml`, and patterns made of them."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("lexicon.toml")


@dataclass(frozen=True, slots=True)
class HeadingWord:
    """What a word in a heading says of its section: problem, measure, both, none or filler."""

    kind: str
    weight: int


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))


@lru_cache(maxsize=1)
def heading_words() -> dict[str, HeadingWord]:
    """Each word of headings and what it says; the first entry of a word counts."""
    found: dict[str, HeadingWord] = {}
    for group in _lexicon()["heading"]:
        for word in group["words"]:
            found.setdefault(word, HeadingWord(group["kind"], group["weight"]))
    return found


@lru_cache(maxsize=1)
def heading_pattern() -> re.Pattern[str]:
    """The words of headings; a Latin word only whole."""
    return re.compile(alternatives(tuple(heading_words())))


@lru_cache(maxsize=64)
def words(table: str, name: str) -> tuple[str, ...]:
    """The words of one list of the lexicon, as they stand."""
    return tuple(_lexicon()[table][name])


@lru_cache(maxsize=64)
def any_of(table: str, name: str) -> re.Pattern[str]:
    """A pattern that finds any word of a list; Latin words whole and in either case."""
    return re.compile(alternatives(words(table, name)), re.IGNORECASE)


def alternatives(several: tuple[str, ...]) -> str:
    """A regular expression for any of the words, the longest first."""
    ordered = sorted(set(several), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(_whole(word) for word in ordered) + ")"


def _whole(word: str) -> str:
    """A Latin word must not be part of a longer one: `action` is not in `transaction`."""
    before = r"(?<![A-Za-z])" if word[0].isascii() and word[0].isalpha() else ""
    after = r"(?![A-Za-z])" if word[-1].isascii() and word[-1].isalpha() else ""
    return before + re.escape(word) + after
