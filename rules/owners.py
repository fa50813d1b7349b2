"""Who should own an item, as far as the report and the office's policy say. A proposal, never a fact."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnerRule:
    """Which unit looks after what: its code, the words of its business, and its person for such items."""

    unit: str
    words: tuple[str, ...] = ()
    person: str = ""
    """E-mail address; empty: the unit's head."""


@dataclass(frozen=True, slots=True)
class UnitNames:
    """A unit and every name by which a report may call it."""

    code: str
    names: tuple[str, ...]


def named_units(stated: Sequence[str], units: Iterable[UnitNames]) -> list[str]:
    """The codes of the units that a report names as owners, in its order: the first one leads."""
    named = {name: unit.code for unit in units for name in unit.names}
    return list(dict.fromkeys(named[owner] for owner in stated if owner in named))


def unit_by_words(title: str, body: str, rules: Iterable[OwnerRule]) -> str | None:
    """The code of the unit whose key words occur most, or None where the words do not decide.

    A word in the title counts three times; a tie decides nothing.
    """
    scores = [(_score(rule.words, title, body), rule.unit) for rule in rules]
    best = max((score for score, _ in scores), default=0)
    leaders = {unit for score, unit in scores if score == best}
    return leaders.pop() if best and len(leaders) == 1 else None


def _score(words: Iterable[str], title: str, body: str) -> int:
    return sum(3 * title.count(word) + body.count(word) for word in words)
