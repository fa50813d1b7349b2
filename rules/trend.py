"""What came, what was closed and what was left, period by period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.rollup import Figures


@dataclass(frozen=True, slots=True)
class Flow:
    """One period of a trend; `period` is its key."""

    period: str
    opened: int
    closed: int
    open_at_end: int

    def __bool__(self) -> bool:
        return bool(self.opened or self.closed or self.open_at_end)


def trend(periods: Sequence[tuple[str, Figures]]) -> tuple[Flow, ...]:
    """The flows of the periods, the latest last; it begins with the last period before the first item."""
    flows = tuple(_flow(key, figures) for key, figures in periods)
    first = next((place for place, flow in enumerate(flows) if flow), 1)
    return flows[max(first - 1, 0) :]


def is_trend(flows: Sequence[Flow]) -> bool:
    """Whether they show one: a single period does not, nor do periods without any item."""
    return len(flows) > 1 and any(flows)


def shares(values: Iterable[int], most: int) -> tuple[int, ...]:
    """Each value in whole per cent of `most`, for a bar; more than nothing is 1 at least, to be seen."""
    return tuple(max(round(100 * value / most), 1) if value else 0 for value in values)


def _flow(key: str, of: Figures) -> Flow:
    return Flow(key, of.opened, of.closed, of.in_scope - of.closed - of.cancelled)
