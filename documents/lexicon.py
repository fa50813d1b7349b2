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
    """The words of headings, for folded text."""
    return re.compile(alternatives(tuple(heading_words())))


@lru_cache(maxsize=1)
def heading_forms() -> tuple[tuple[re.Pattern[str], HeadingWord], ...]:
    """Turns of phrase that count as one word of a heading each, for folded text."""
    return tuple(
        (
            re.compile(rf"(?<![a-z])(?:{'|'.join(group['phrases'])})(?![a-z])"),
            HeadingWord(group["kind"], group["weight"]),
        )
        for group in _lexicon()["form"]
    )


@lru_cache(maxsize=1)
def heading_grammar() -> tuple[tuple[re.Pattern[str], HeadingWord], ...]:
    """What whole headings are made of, each with what such a heading says."""
    return tuple(
        (_composed(group), HeadingWord(group["kind"], group["weight"])) for group in _lexicon()["grammar"]
    )


def _composed(group: dict[str, Any]) -> re.Pattern[str]:
    before, nouns, after = (alternatives(tuple(group[name])) for name in ("before", "nouns", "after"))
    opening = group.get("opening", "")
    if group.get("latin"):
        joined = rf"{nouns}(?:(?:,|,? and| &| or) (?:{before} ){{0,3}}{nouns})*"
        return re.compile(rf"(?={opening})(?:{before} ){{0,6}}{joined}(?: {after}){{0,2}}")
    joined = rf"{nouns}(?:(?:和|与|及|以及|、|或){before}{{0,3}}{nouns})*"
    return re.compile(rf"(?={opening}){before}{{0,8}}{joined}{after}?")


@lru_cache(maxsize=64)
def words(table: str, name: str) -> tuple[str, ...]:
    """The words of one list of the lexicon, as they stand."""
    return tuple(_lexicon()[table][name])


@lru_cache(maxsize=64)
def any_of(table: str, name: str) -> re.Pattern[str]:
    """A pattern that finds any word of a list in folded text; Latin words only whole."""
    return re.compile(alternatives(words(table, name)))


def alternatives(several: tuple[str, ...]) -> str:
    """A regular expression for any of the words in folded text, the longest first.

    A Latin word must not be part of a longer one: `action` is not in `transaction`.
    """
    ordered = sorted({word.lower() for word in several}, key=lambda word: (-len(word), word))
    latin = "|".join(re.escape(word) for word in ordered if word.isascii())
    other = "|".join(re.escape(word) for word in ordered if not word.isascii())
    whole = rf"(?<![a-z])(?:{latin})(?![a-z])" if latin else ""
    return f"(?:{'|'.join(part for part in (other, whole) if part)})"


@lru_cache(maxsize=1)
def field_line() -> re.Pattern[str]:
    """The beginning of a line that says who, by when or how far: `Owner: …`, `完成时限：…`."""
    names = tuple(word for name in ("owner", "deadline", "closing") for word in words("label", name))
    return re.compile(rf"^[ \t　]{{0,20}}(?i:{alternatives(names)})[ \t]?[:：]", re.MULTILINE)


ENGLISH_FIELD = re.compile(r"[A-Z][A-Za-z. ]{1,24}:")
"""How a sentence begins that only says who or by when: `Lead: Head of Assets.`"""
_EAST_ASIAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff01-\uffee]")


_LATIN_WORD = re.compile(r"[a-z]{4,}")
_STEM = 6


def stems(said: str) -> set[str]:
    """The longer Latin words by their first letters: `complaints` and `complaint` are one."""
    return {word.removesuffix("s")[:_STEM] for word in _LATIN_WORD.findall(said.lower())}


def is_latin(text: str) -> bool:
    """Whether a piece of text holds no Chinese character or sign; accents and dashes may stand."""
    return text.isascii() or _EAST_ASIAN.search(text) is None


_LATIN_FOLD = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def folded(text: str) -> str:
    """The text in lower case with every position kept."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text.translate(_LATIN_FOLD)
