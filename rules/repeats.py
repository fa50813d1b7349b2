"""Whether a problem was reported before, as far as likeness of words tells. A hint; a person decides."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ALIKE = 0.6
"""From this likeness on two statements are taken for the same problem."""

_SHORTEST = 5
"""A title of fewer pairs (`制度不健全`) says too little to be compared without its body."""

_RUN = re.compile(r"[㐀-鿿]+|[a-z]+")


@dataclass(frozen=True, slots=True)
class Statement:
    """A problem as its report states it; `body` holds the title too."""

    reference: str
    title: str
    body: str


def pairs(text: str) -> frozenset[str]:
    """Neighbouring Chinese characters, or single Latin words; numbers and signs say nothing."""
    found: set[str] = set()
    for run in _RUN.findall(text.lower()):
        found |= {run} if run.isascii() else {run[i : i + 2] for i in range(len(run) - 1)}
    return frozenset(found)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Twice what both share by what both hold (Sørensen and Dice): 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def repeated(new: Sequence[Statement], earlier: Iterable[Statement]) -> dict[str, Statement]:
    """Reference of each new statement that is like an earlier one -> the earlier one most like it.

    The earlier ones are looked at once, one after the other; of two that are equally like, the later counts.
    """
    held = [(statement.reference, pairs(statement.title), pairs(statement.body)) for statement in new]
    best: dict[str, tuple[float, Statement]] = {}
    for old in earlier:
        old_title, old_body = pairs(old.title), pairs(old.body)
        for reference, title, body in held:
            much = max(likeness(body, old_body), _by_title(title, old_title))
            if much >= max(ALIKE, best.get(reference, (0.0, old))[0]):
                best[reference] = (much, old)
    return {reference: old for reference, (_, old) in best.items()}


def _by_title(one: frozenset[str], other: frozenset[str]) -> float:
    return likeness(one, other) if min(len(one), len(other)) >= _SHORTEST else 0.0
