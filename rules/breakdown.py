"""The same figures seen from another side: by kind, time limit, light or report, and what closing took."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from rules.periods import Period
from rules.rollup import Figures, Rollup, Standing, figures


class Facet(StrEnum):
    """By what items may be told apart. The value is the field of `Standing`."""

    KIND = "kind"
    TIME_LIMIT = "time_limit"
    LIGHT = "light"
    REPORT = "report"


def breakdown(rollup: Rollup, facet: Facet, today: date) -> dict[str, Figures]:
    """Value of the facet -> figures of the items that bear it; they add up to the roll-up's total.

    Sorted by value. Empty where the roll-up does not know the facet; `today` is the local day of the cut-off.
    """
    found: dict[str, Figures] = {}
    for item in rollup.items:
        value = getattr(item, facet)
        if value is None:
            return {}
        name = str(value)
        found[name] = found.get(name, Figures()) + figures(item, rollup.period, today)
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class Span:
    """How many days something took, over several items."""

    items: int
    days: int
    """All of them together."""
    twice_the_middle: int
    """Twice the median, so that the mean of two middle values is a whole number, too."""

    @property
    def average(self) -> str:
        """The mean with one decimal, half up; "—" where there is nothing to divide by."""
        return _one_decimal(self.days, self.items)

    @property
    def median(self) -> str:
        """The middle value, or the mean of the two middle ones; "—" where there is none."""
        return _one_decimal(self.twice_the_middle, 2 if self.items else 0)


def _one_decimal(numerator: int, denominator: int) -> str:
    if not denominator:
        return "—"
    share = Decimal(numerator) / Decimal(denominator)
    return str(share.quantize(Decimal("0.1"), ROUND_HALF_UP))


def span(days: Iterable[int]) -> Span:
    """The span over single items' days."""
    found = sorted(days)
    middle = found[(len(found) - 1) // 2] + found[len(found) // 2] if found else 0
    return Span(len(found), sum(found), middle)


@dataclass(frozen=True, slots=True)
class Effort:
    """What the work on some items took."""

    to_close: Span
    """Calendar days from handing over to closing, of the closed items."""
    to_close_working: Span
    """The same in working days."""
    extensions: int
    extension_days: int
    evidence: int


def effort(items: Iterable[Standing]) -> Effort | None:
    """The effort on `items`; None where they were sealed by rules that did not record it."""
    found = tuple(items)
    if any(item.evidence is None for item in found):
        return None
    return Effort(
        to_close=span(item.days_to_close for item in found if item.days_to_close is not None),
        to_close_working=span(
            item.working_days_to_close for item in found if item.working_days_to_close is not None
        ),
        extensions=sum(item.extensions for item in found),
        extension_days=sum(item.extension_days or 0 for item in found),
        evidence=sum(item.evidence or 0 for item in found),
    )


def below(rollup: Rollup, code: str) -> list[Standing]:
    """The items of the unit `code` and of all units under it."""
    inside = {code}
    for row in rollup.units:  # in tree order: a parent stands before its children
        if row.unit.parent in inside:
            inside.add(row.unit.code)
    return [item for item in rollup.items if item.unit in inside]


def is_counted(item: Standing, name: str, period: Period, today: date) -> bool:
    """Whether the item adds to the count `name` of `Figures`: what a figure leads back to."""
    return bool(getattr(figures(item, period, today), name))
