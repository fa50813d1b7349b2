"""What a period's figures ask of an item. Items that give the same answers count alike.

A database answers the same questions for a million items at once (services/tallies.py); the counting itself
stands once, in rules/rollup.py.
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from rules.deadlines import on_time
from rules.lifecycle import OPEN, State
from rules.periods import Period


class Dated(Protocol):
    """An item's state and days at the cut-off."""

    @property
    def state(self) -> State: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def judged_on(self) -> date | None: ...
    @property
    def opened_on(self) -> date | None: ...
    @property
    def ended_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Kin:
    """The answers. "Today" is the local day of the cut-off; a day that is missing answers no."""

    state: State
    is_handed_over: bool
    """Before the period's end."""
    is_new: bool
    """Handed over on the period's first day or later."""
    is_recent: bool
    """Ended on the period's first day or later."""
    is_dated: bool
    is_past_due: bool
    """The due date lies before today."""
    is_judged: bool
    """The judged date lies before today."""
    is_punctual: bool
    """Ended on the judged date or before."""

    @property
    def is_in_scope(self) -> bool:
        """Whether it was handed over before the cut-off and not finished before the period began."""
        if not self.is_handed_over or self.state is State.DRAFT:
            return False
        return self.state in OPEN or self.is_recent


def kin(item: Dated, period: Period, today: date) -> Kin:
    """The answers of one item."""
    opened_on, ended_on, due_on, judged_on = item.opened_on, item.ended_on, item.due_on, item.judged_on
    return Kin(
        state=item.state,
        is_handed_over=opened_on is not None and opened_on < period.end_on,
        is_new=opened_on is not None and opened_on >= period.first_on,
        is_recent=ended_on is not None and ended_on >= period.first_on,
        is_dated=due_on is not None,
        is_past_due=due_on is not None and due_on < today,
        is_judged=judged_on is not None and judged_on < today,
        is_punctual=ended_on is not None and judged_on is not None and on_time(ended_on, judged_on),
    )
