"""Period-end figures: counts and rates, at each unit and up the tree (docs/figures.md).

An item is in scope of a period when it was handed over before the cut-off and was not finished before the
period began. It counts once, at the lead unit that it had at the cut-off.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from rules.deadlines import TimeLimit
from rules.kin import Kin, kin
from rules.lifecycle import WITH_DEADLINE, Kind, State
from rules.lights import Light, light
from rules.movement import Movement
from rules.periods import Period
from rules.working_days import Calendar

RULE_VERSION = 3
"""Raised whenever a figure's definition changes; a seal names the version it was made by.

1: counts and both rates. 2: an item's days of opening and ending are those on which the history booked
them; movement, days to close, days of extension, evidence and light beside the counts of 1. 3: units bear
the names and stand in the tree of the cut-off, and no longer those of the moment of counting.
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """One item as it stood at the cut-off."""

    reference: str
    kind: Kind
    title: str
    unit: str
    """Code of the lead unit."""
    state: State
    time_limit: TimeLimit
    due_on: date | None
    original_due_on: date | None
    judged_on: date | None
    """The deadline that decides "on time"; see rules/deadlines.py."""
    opened_on: date | None
    ended_on: date | None
    """The day of closing or cancelling, while it holds."""
    progress: int
    extensions: int
    owners: tuple[str, ...] = ()
    report: str = ""
    evidence: int | None = None
    """How many files stood as evidence. This and what follows is None where older rules sealed."""
    extension_days: int | None = None
    """Calendar days by which extensions on request moved the deadline."""
    light: Light | None = field(default=None, compare=False)
    """As `dated` says; what follows from dates and calendar makes no two standings differ."""
    days_to_close: int | None = field(default=None, compare=False)
    """Calendar days from handing over to closing; None unless closed."""
    working_days_to_close: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one unit in one period. All add up from parts to the whole."""

    in_scope: int = 0
    opened: int = 0
    closed: int = 0
    closed_on_time: int = 0
    """Closed in the period, by a deadline that had passed at the cut-off."""
    closed_and_due: int = 0
    """Closed in the period, with a deadline that had passed at the cut-off, in time or late."""
    overdue: int = 0
    sustained: int = 0
    cancelled: int = 0
    undated: int = 0
    """Long-term and undated items that are not cancelled: shown apart, in no completion rate."""
    closed_undated: int = 0
    extensions: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        names = (one.name for one in fields(Figures))
        return Figures(**{name: getattr(self, name) + getattr(other, name) for name in names})

    @property
    def completion(self) -> "Rate":
        """整改完成率: closed of valid; cancelled ones are out, long-term and undated ones apart."""
        valid = self.in_scope - self.cancelled - self.undated
        return Rate(self.closed - self.closed_undated, valid, self.cancelled + self.undated)

    @property
    def timeliness(self) -> "Rate":
        """按期完成率: closed by the deadline, of those closed with a passed deadline and those overdue."""
        return Rate(self.closed_on_time, self.closed_and_due + self.overdue, 0)


@dataclass(frozen=True, slots=True)
class Rate:
    """A share that can be checked: what was counted, of what, and what was left out."""

    numerator: int
    denominator: int
    excluded: int

    @property
    def percent(self) -> str:
        """With two decimals, half up; "—" where there is nothing to divide by."""
        if not self.denominator:
            return "—"
        share = Decimal(self.numerator * 100) / Decimal(self.denominator)
        return f"{share.quantize(Decimal('0.01'), ROUND_HALF_UP)}%"

    def __str__(self) -> str:
        return f"{self.percent} ({self.numerator}/{self.denominator})"


@dataclass(frozen=True, slots=True)
class Unit:
    """A place in the tree; `parent` is a code, or None at the root."""

    code: str
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit's line of a roll-up: its own figures, and those of itself and all below it."""

    unit: Unit
    depth: int
    own: Figures
    total: Figures
    own_movement: Movement | None = None
    """Movements are None in what was sealed by the first version of the rules."""
    movement: Movement | None = None


@dataclass(frozen=True, slots=True)
class Rollup:
    """A period's figures: unit rows in tree order, and the items that they count."""

    period: Period
    units: tuple[UnitRow, ...]
    items: tuple[Standing, ...]
    total: Figures
    movement: Movement | None = None


def roll_up(
    standings: Iterable[Standing],
    units: Iterable[Unit],
    period: Period,
    today: date,
    moved: Mapping[str, Movement] | None = None,
) -> Rollup:
    """Counts the items in scope of `period`, unit by unit and up the tree.

    `today` is the local day of the cut-off: the day after the period once that is over. `moved` are the
    units' own movements by code; without them none are given.
    """
    items = tuple(sorted((s for s in standings if in_scope(s, period)), key=lambda s: s.reference))
    own: dict[str, Figures] = {}
    for item in items:
        own[item.unit] = own.get(item.unit, Figures()) + figures(item, period, today)
    return Rollup(
        period,
        unit_rows(units, own, moved),
        items,
        sum(own.values(), Figures()),
        sum(moved.values(), Movement()) if moved is not None else None,
    )


def dated(item: Standing, today: date, calendar: Calendar) -> Standing:
    """The standing with what the calendar says of it: its light, and how long it took to close."""
    lit = replace(
        item,
        light=light(item.state, item.due_on, today, calendar),
        days_to_close=None,
        working_days_to_close=None,
    )
    if item.state is not State.CLOSED or item.opened_on is None or item.ended_on is None:
        return lit
    return replace(
        lit,
        days_to_close=(item.ended_on - item.opened_on).days,
        working_days_to_close=calendar.between(item.opened_on, item.ended_on),
    )


def in_scope(item: Standing, period: Period) -> bool:
    """Whether the item was handed over before the cut-off and not finished before the period began."""
    return kin(item, period, period.end_on).is_in_scope  # scope does not ask for today


def figures(item: Standing, period: Period, today: date) -> Figures:
    """What one item in scope adds to the counts."""
    return count(kin(item, period, today), extensions=item.extensions)


def count(of: Kin, many: int = 1, extensions: int = 0) -> Figures:
    """What `many` items in scope that give the same answers add to the counts.

    `extensions` is how often they were extended, all together.
    """
    closed, cancelled = of.state is State.CLOSED, of.state is State.CANCELLED
    undated = not of.is_dated and not cancelled
    due = closed and of.is_judged
    return Figures(
        in_scope=many,
        opened=many * of.is_new,
        closed=many * closed,
        closed_on_time=many * (due and of.is_punctual),
        closed_and_due=many * due,
        overdue=many * (of.state in WITH_DEADLINE and of.is_past_due),
        sustained=many * (of.state is State.SUSTAINED),
        cancelled=many * cancelled,
        undated=many * undated,
        closed_undated=many * (undated and closed),
        extensions=extensions,
    )


def unit_rows(
    units: Iterable[Unit], own: Mapping[str, Figures], moved: Mapping[str, Movement] | None
) -> tuple[UnitRow, ...]:
    """The units in tree order, each with its own figures by code and those of itself and all below it."""
    children: dict[str | None, list[Unit]] = {}
    for unit in units:
        children.setdefault(unit.parent, []).append(unit)
    rows: list[UnitRow] = []
    for root in children.get(None, []):
        rows += _branch(root, 0, children, own, moved)
    return tuple(rows)


def _branch(
    unit: Unit,
    depth: int,
    children: Mapping[str | None, list[Unit]],
    own: Mapping[str, Figures],
    moved: Mapping[str, Movement] | None,
) -> list[UnitRow]:
    mine = own.get(unit.code, Figures())
    my_moves = moved.get(unit.code, Movement()) if moved is not None else None
    total, moves, below = mine, my_moves, []
    for child in children.get(unit.code, []):
        branch = _branch(child, depth + 1, children, own, moved)
        total += branch[0].total
        if moves is not None and branch[0].movement is not None:
            moves += branch[0].movement
        below += branch
    return [UnitRow(unit, depth, mine, total, my_moves, moves), *below]
