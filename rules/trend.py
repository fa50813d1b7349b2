"""What came, what was closed and what was left, period by period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.rollup import Figures


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One period of a trend; `period` is its key."""

    period: str
    opened: int
    closed: int
    open_at_end: int

    def __bool__(self) -> bool:
        return bool(self.opened or self.closed or self.open_at_end)


def trend(periods: Sequence[tuple[str, Figures]]) -> tuple[TrendPoint, ...]:
    """The points of the periods, the latest last; it begins with the last period before the first item."""
    points = tuple(_point(key, figures) for key, figures in periods)
    first = next((place for place, point in enumerate(points) if point), 1)
    return points[max(first - 1, 0) :]


def is_trend(points: Sequence[TrendPoint]) -> bool:
    """Whether they show one: a single period does not, nor do periods without any item."""
    return len(points) > 1 and any(points)


def shares(values: Iterable[int], most: int) -> tuple[int, ...]:
    """Each value in whole per cent of `most`, for a bar; more than nothing is 1 at least, to be seen."""
    return tuple(max(round(100 * value / most), 1) if value else 0 for value in values)


def _point(key: str, of: Figures) -> TrendPoint:
    return TrendPoint(key, of.opened, of.closed, of.in_scope - of.closed - of.cancelled)
