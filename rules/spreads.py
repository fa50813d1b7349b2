"""How items spread: the age of what is open, and how late it is. Buckets of days for charts and tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from rules.lifecycle import OPEN
from rules.lights import is_overdue
from rules.rollup import Standing

AGES = (0, 31, 91, 181, 366)
"""Where each bucket of ages begins, in days."""
DELAYS = (1, 8, 31, 91)
"""Where each bucket of delays begins, in days."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How many items lie in each bucket of AGES and of DELAYS. Spreads of parts add up to the whole's."""

    ages: tuple[int, ...] = (0,) * len(AGES)
    delays: tuple[int, ...] = (0,) * len(DELAYS)

    def __add__(self, other: "Spread") -> "Spread":
        return Spread(
            tuple(map(sum, zip(self.ages, other.ages, strict=True))),
            tuple(map(sum, zip(self.delays, other.delays, strict=True))),
        )


def spread(items: Iterable[Standing], today: date) -> Spread:
    """The open items by days since they were handed over; the overdue ones by days since their deadline."""
    held = tuple(items)
    ages = [(today - one.opened_on).days for one in held if one.state in OPEN and one.opened_on]
    late = (one.due_on for one in held if is_overdue(one.state, one.due_on, today))
    return Spread(_buckets(AGES, ages), _buckets(DELAYS, [(today - due).days for due in late if due]))


def by_unit(items: Iterable[Standing], today: date) -> dict[str, Spread]:
    """Unit's code -> the spread of its own items."""
    held: dict[str, list[Standing]] = {}
    for one in items:
        held.setdefault(one.unit, []).append(one)
    return {code: spread(mine, today) for code, mine in held.items()}


def bounds(begins: tuple[int, ...]) -> list[tuple[int, int | None]]:
    """First and last day of each bucket; the last one has no end."""
    return [*((begin, after - 1) for begin, after in pairwise(begins)), (begins[-1], None)]


def _buckets(begins: tuple[int, ...], days: list[int]) -> tuple[int, ...]:
    return tuple(
        sum(begin <= day and (end is None or day <= end) for day in days) for begin, end in bounds(begins)
    )
