"""Movement: how the open items of a unit became more and fewer between two instants.

Open at the start + opened + reopened − closed − cancelled + moved in − moved out = open at the end, at each
unit and in total.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from rules.lifecycle import OPEN, State


@dataclass(frozen=True, slots=True)
class Turn:
    """What made an item open or not, or took it to another unit.

    What was before is None for an item that did not exist; units are codes.
    """

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
class Step(Turn):
    """One turn of one item within a period."""

    reference: str
    at: datetime


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


def movements(open_at_start: Mapping[str, int], steps: Iterable[Turn]) -> dict[str, Movement]:
    """Unit code -> its own movement; `open_at_start` says how many open items each unit began with."""
    return begun(open_at_start, moved((step, 1) for step in steps))


def begun(open_at_start: Mapping[str, int], found: Mapping[str, Movement]) -> dict[str, Movement]:
    """The movements with what they begin with."""
    return {
        unit: found.get(unit, Movement()) + Movement(open_at_start=open_at_start.get(unit, 0))
        for unit in {**found, **open_at_start}
    }


def moved(turns: Iterable[tuple[Turn, int]]) -> dict[str, Movement]:
    """Unit code -> its own movement but for what it began with; each turn was taken so many times."""
    found: dict[str, Movement] = {}
    for turn, many in turns:
        for unit, movement in _parts(turn, many):
            found[unit] = found.get(unit, Movement()) + movement
    return found


def led_up_to(open_at_end: Mapping[str, int], found: Mapping[str, Movement]) -> dict[str, Movement]:
    """The movements with what they must have begun with, to leave so many items open at each unit."""
    return {
        unit: (moves := found.get(unit, Movement()))
        + Movement(open_at_start=open_at_end.get(unit, 0) - moves.open_at_end)
        for unit in {**open_at_end, **found}
    }


def _parts(turn: Turn, many: int) -> Iterator[tuple[str, Movement]]:
    if turn.opens:
        is_again = turn.before is State.CLOSED
        yield turn.unit, Movement(reopened=many) if is_again else Movement(opened=many)
    elif turn.ends:
        is_closed = turn.after is State.CLOSED
        yield turn.unit_before or turn.unit, Movement(closed=many) if is_closed else Movement(cancelled=many)
    elif turn.before in OPEN and turn.unit_before is not None and turn.unit_before != turn.unit:
        yield turn.unit_before, Movement(moved_out=many)
        yield turn.unit, Movement(moved_in=many)
