"""Movement: how the open items of a unit became more and fewer between two instants.

Open at the start + opened + reopened − closed − cancelled + moved in − moved out = open at the end, at each
unit and in total.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from rules.lifecycle import OPEN, State


@dataclass(frozen=True, slots=True)
class Step:
    """One change of an item within a period that made it open or not, or took it to another unit.

    What was before is None for an item that did not exist; units are codes.
    """

    reference: str
    at: datetime
    before: State | None
    unit_before: str | None
    after: State
    unit: str

    @property
    def opens(self) -> bool:
        """Whether work on the item begins, or begins again."""
        return self.before not in OPEN and self.after in OPEN

    @property
    def ends(self) -> bool:
        """Whether the item is finished with this."""
        return self.before in OPEN and self.after not in OPEN


@dataclass(frozen=True, slots=True)
class Movement:
    """One unit's movement. Counts are of changes: an item closed twice in a period counts twice here."""

    open_at_start: int = 0
    opened: int = 0
    """Handed over from a draft."""
    reopened: int = 0
    """Open again after closing."""
    closed: int = 0
    cancelled: int = 0
    moved_in: int = 0
    moved_out: int = 0

    def __add__(self, other: "Movement") -> "Movement":
        names = (field.name for field in fields(Movement))
        return Movement(**{name: getattr(self, name) + getattr(other, name) for name in names})

    @property
    def open_at_end(self) -> int:
        """What the movement leaves open; equal to what is counted as open at the cut-off."""
        came = self.open_at_start + self.opened + self.reopened + self.moved_in
        return came - self.closed - self.cancelled - self.moved_out


def movements(open_at_start: Iterable[str], steps: Iterable[Step]) -> dict[str, Movement]:
    """Unit code -> its own movement; `open_at_start` names the lead unit of each item open then."""
    found: dict[str, Movement] = {}
    for unit in open_at_start:
        found[unit] = found.get(unit, Movement()) + Movement(open_at_start=1)
    for step in steps:
        for unit, moved in _parts(step):
            found[unit] = found.get(unit, Movement()) + moved
    return found


def _parts(step: Step) -> Iterator[tuple[str, Movement]]:
    if step.opens:
        is_again = step.before is State.CLOSED
        yield step.unit, Movement(reopened=1) if is_again else Movement(opened=1)
    elif step.ends:
        is_closed = step.after is State.CLOSED
        yield step.unit_before or step.unit, Movement(closed=1) if is_closed else Movement(cancelled=1)
    elif step.before in OPEN and step.unit_before is not None and step.unit_before != step.unit:
        yield step.unit_before, Movement(moved_out=1)
        yield step.unit, Movement(moved_in=1)
