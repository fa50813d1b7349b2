"""Which items one figure of a roll-up counts: the same rule that made the figure, item by item."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.rollup import Figures, Rollup, Standing, UnitRow, figures


class Figure(StrEnum):
    """What a number of a roll-up is called in addresses; a rate has a part for each of its numbers."""

    IN_SCOPE = "in_scope"
    OPENED = "opened"
    CLOSED = "closed"
    CLOSED_ON_TIME = "closed_on_time"
    CLOSED_AND_DUE = "closed_and_due"
    OVERDUE = "overdue"
    SUSTAINED = "sustained"
    CANCELLED = "cancelled"
    UNDATED = "undated"
    CLOSED_UNDATED = "closed_undated"
    EXTENSIONS = "extensions"
    COMPLETION = "completion"
    COMPLETION_OF = "completion-of"
    COMPLETION_OUT = "completion-out"
    TIMELINESS = "timeliness"
    TIMELINESS_OF = "timeliness-of"


_PARTS = {"": "numerator", "of": "denominator", "out": "excluded"}
_RATES = frozenset({"completion", "timeliness"})


def amount(of: Figures, figure: Figure) -> int:
    """The value of `figure`; of a rate, what its numerator, denominator or exclusions count."""
    name, _, part = figure.value.partition("-")
    value = getattr(of, name)
    return int(getattr(value, _PARTS[part]) if name in _RATES else value)


@dataclass(frozen=True, slots=True)
class Counted:
    """An item that a figure counts. `amount` is 1 but for extensions, of which one item may have several."""

    item: Standing
    amount: int


def counted(rolled: Rollup, units: AbstractSet[str], figure: Figure, today: date) -> Iterator[Counted]:
    """The items of `units` that make up `figure`, in the roll-up's order; `today` is the cut-off's day.

    The amounts add up to the figure of these units.
    """
    for item in rolled.items:
        if item.unit in units and (many := amount(figures(item, rolled.period, today), figure)):
            yield Counted(item, many)


def line(rows: Iterable[UnitRow], code: str) -> list[UnitRow]:
    """The unit's row and those of all units below it, in tree order; nothing where there is no such unit."""
    found: list[UnitRow] = []
    for row in rows:
        if found and row.depth <= found[0].depth:
            break
        if found or row.unit.code == code:
            found.append(row)
    return found
