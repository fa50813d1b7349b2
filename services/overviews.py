"""A period as its reader may see it: units with figures, earlier periods beside, the items of a number."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from models.event import Event
from models.item import Item
from models.period import Rollup as RollupRow
from rules.counting import Counted, Figure, counted, line
from rules.errors import NotFoundError
from rules.periods import Period, PeriodKind, parse, period, preceding
from rules.restating import Restatement
from rules.rollup import Figures, Rollup, UnitRow
from rules.spreads import Spread
from services import rollups
from services.office import Visit
from services.shelves import Lines, Shelf, cut_off_of
from services.summaries import TREND
from services.visibility import items_for, units_for

EARLIER = 2
"""Periods that stand beside the one that is looked at."""


@dataclass(frozen=True, slots=True)
class Seal:
    """By whom and when a period was sealed; `at` is in UTC."""

    version: int
    sha256: str
    at: datetime
    by: str
    """Empty where no person did it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A period with its figures by unit."""

    period: Period
    cut_off_at: datetime
    """Local to the office."""
    is_over: bool
    seal: Seal | None
    figures: Mapping[str, Figures]
    """Unit's code -> figures of the unit and all below it."""

    def of(self, code: str) -> Figures:
        """The unit's figures; all nought where it was not there."""
        return self.figures.get(code) or Figures()


@dataclass(frozen=True, slots=True)
class Restated:
    """What is known of a sealed period today, where that is not what was sealed."""

    what: Restatement
    now: Mapping[str, Figures]
    """Unit's code -> figures of the unit and all below it."""
    hidden: int
    """Items that differ, too, and belong to units of others."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The units that the reader may see, or one of them with all below it."""

    columns: tuple[Column, ...]
    """The period asked for, then the earlier ones of the trend, the latest first."""
    rows: tuple[UnitRow, ...]
    """In tree order; depths count from the top of what is shown."""
    choices: tuple[UnitRow, ...]
    """All units that the reader may choose."""
    spread: Spread
    """Of the items of the top unit and all below it."""
    restated: "Restated | None" = None

    @property
    def top(self) -> UnitRow:
        """The unit that is looked at, or the first of those that stand highest."""
        return self.rows[0]

    @property
    def beside(self) -> tuple[Column, ...]:
        """The period asked for and those that stand beside it."""
        return self.columns[: EARLIER + 1]

    @property
    def asked(self) -> Column:
        """The period that was asked for."""
        return self.columns[0]


def overview(visit: Visit, shelf: Shelf, key: str, code: str = "") -> Overview:
    """The period's figures, for the unit with this code and below, or for all that the reader may see.

    Raises:
        SettingError: the key names no period.
        NotFoundError: there is no such unit for this reader.
    """
    trend = _trend(visit, key)
    asked, seal = next(iter(trend.items()))
    lines = shelf.lines(visit, key, seal)
    units = lines.units
    rows = _levelled(seen(visit, units))
    shown = _levelled(seen(visit, line(units, visible_unit(visit, code)))) if code else rows
    if not shown:
        raise NotFoundError("In %(period)s there was no such unit yet.", period=asked.key)
    codes = {row.unit.code for row in shown}
    return Overview(
        columns=tuple(column(visit, shelf, each, its) for each, its in trend.items()),
        rows=tuple(shown),
        choices=tuple(rows),
        spread=_spread(lines, shown[0].unit.code),
        restated=_restated(visit, shelf, seal, codes) if seal else None,
    )


def make_ready(visit: Visit, shelf: Shelf, key: str) -> None:
    """Counts the period and those of its trend, so that the first reader need not wait for it."""
    for each, seal in _trend(visit, key).items():
        column(visit, shelf, each, seal)


def _trend(visit: Visit, key: str) -> dict[Period, RollupRow | None]:
    """The period and the earlier ones of its trend, the latest first, each with its seal in force."""
    told = list(_with_earlier(parse(key), TREND - 1))
    seals = rollups.seals(visit.session, [each.key for each in told])
    return {each: seals.get(each.key) for each in told}


def _spread(lines: Lines, code: str) -> Spread:
    """Of the unit and all below it, which a figure of the unit counts, too."""
    found = (lines.spreads.get(row.unit.code, Spread()) for row in line(lines.units, code))
    return sum(found, Spread())


def visible_unit(visit: Visit, code: str) -> str:
    """The code, where it names a unit whose figures the reader may see.

    Raises:
        NotFoundError: there is no such unit for this reader.
    """
    if code not in _codes(visit):
        raise NotFoundError("There is no unit %(code)s.", code=code[:40])
    return code


def _codes(visit: Visit) -> frozenset[str]:
    return frozenset(visit.directory.units[unit].code for unit in units_for(visit, "view-rollup"))


def seen(visit: Visit, rows: Iterable[UnitRow]) -> list[UnitRow]:
    """The rows whose figures the reader may see, and nothing of the others."""
    codes = _codes(visit)
    return [row for row in rows if row.unit.code in codes]


def _levelled(rows: Iterable[UnitRow]) -> list[UnitRow]:
    """The rows with depths that begin at nought under whatever is not shown."""
    found: dict[str, UnitRow] = {}
    for row in rows:
        above = found.get(row.unit.parent or "")
        found[row.unit.code] = replace(row, depth=above.depth + 1 if above else 0)
    return list(found.values())


def _with_earlier(asked: Period, earlier: int) -> Iterator[Period]:
    yield asked
    for _ in range(earlier):
        asked = preceding(asked)
        yield asked


def column(visit: Visit, shelf: Shelf, asked: Period, seal: RollupRow | None) -> Column:
    """The figures of one period, from its seal where there is one."""
    lines = shelf.lines(visit, asked.key, seal)
    cut_off = seal.cut_off_at if seal else cut_off_of(visit, asked.key)
    return Column(
        asked,
        cut_off.astimezone(visit.office.zone),
        rollups.cut_off_of(visit.office, asked.key) <= visit.now,
        _seal(visit, seal) if seal else None,
        {row.unit.code: row.total for row in lines.units},
    )


def _seal(visit: Visit, row: RollupRow) -> Seal:
    by = visit.directory.contacts.get(row.sealed_by_id) if row.sealed_by_id else None
    return Seal(row.version, row.sha256, row.sealed_at, by.name if by else "")


def _restated(visit: Visit, shelf: Shelf, seal: RollupRow, codes: set[str]) -> Restated | None:
    """What differs from the seal at the units that are shown, of items that the reader may see."""
    if visit.now < seal.cut_off_at:  # a clock that runs behind would count a part of the period alone
        return None
    sealed = shelf.sealed(seal)
    beside = shelf.beside(visit, sealed.period.key, seal)
    now, found = beside.known, beside.found
    at = {item.reference: item.unit for whole in (now, sealed) for item in whole.items} if found else {}
    mine = [one for one in found.items if at[one.reference] in codes]
    units = tuple(unit for unit in found.units if unit.code in codes)
    if not mine and not units:
        return None
    known = visible_references(visit)
    items = tuple(one for one in mine if one.reference in known)
    figures = {row.unit.code: row.total for row in now.units}
    return Restated(Restatement(items, units), figures, len(mine) - len(items))


def is_restated(visit: Visit, shelf: Shelf, seal: RollupRow) -> bool:
    """Whether late entries belong to the seal's period, or the history no longer gives what was sealed."""
    if visit.now < seal.cut_off_at:
        return False
    beside = shelf.beside(visit, shelf.sealed(seal).period.key, seal)
    return bool(beside.entries or beside.found)


def visible_references(visit: Visit) -> frozenset[str]:
    """The references of all items that the reader may view."""
    return frozenset(visit.session.scalars(select(Item.reference).where(items_for(visit, "view-item"))))


@dataclass(frozen=True, slots=True)
class Behind:
    """The items behind one number: those that the reader may open, and how many others count, too."""

    column: Column
    unit: str
    value: int
    rows: tuple[Counted, ...]
    hidden: int
    """Items that belong to units of others by now; they count here, and are not shown."""
    names: Mapping[str, str]
    """Unit's code -> name, as the roll-up has them."""


def behind(
    visit: Visit, shelf: Shelf, key: str, code: str, figure: Figure, *, is_now: bool = False
) -> Behind:
    """The items that `figure` counts at the unit and below; `is_now` as is known today, whatever was sealed.

    Raises:
        SettingError: the key names no period.
        NotFoundError: there is no such unit for this reader.
    """
    seal = rollups.sealed(visit.session, key, is_bare=True)
    asked, visible = column(visit, shelf, parse(key), seal), visible_unit(visit, code)
    rolled = _counted_of(visit, shelf, key, seal, is_now=is_now)
    units = line(rolled.units, visible)
    codes = {row.unit.code for row in units}
    found = list(counted(rolled, codes, figure, visit.office.day(asked.cut_off_at)))
    known = visible_references(visit)
    rows = tuple(one for one in found if one.item.reference in known)
    return Behind(
        asked,
        units[0].unit.name if units else code,
        sum(one.amount for one in found),
        rows,
        len(found) - len(rows),
        {row.unit.code: row.unit.name for row in units},
    )


def _counted_of(visit: Visit, shelf: Shelf, key: str, seal: RollupRow | None, *, is_now: bool) -> Rollup:
    if seal is None:
        return shelf.whole(visit, key)
    return shelf.beside(visit, key, seal).known if is_now else shelf.sealed(seal)


def first_day(visit: Visit) -> date:
    """The day on which the office handed its first item over; today while there is none."""
    # By the index over instants, which ends at the first one; the lowest of all would be looked for in all.
    query = select(Event.at).where(Event.opened_on.is_not(None)).order_by(Event.at).limit(1)
    first = visit.session.scalar(query)
    return visit.office.day(first) if first else visit.today


def periods(visit: Visit, asked: Period) -> dict[PeriodKind, tuple[str, ...]]:
    """The keys that the reader can choose, the latest first: from the first item on, at most 24 of a kind."""
    first = min(first_day(visit), visit.today)
    found = {kind: list(_back(period(kind, visit.today), first)) for kind in PeriodKind}
    for keys in found.values():
        if len(keys[0]) == len(asked.key) and keys[0][4:5] == asked.key[4:5] and asked.key not in keys:
            keys.append(asked.key)
    return {kind: tuple(sorted(keys, reverse=True)) for kind, keys in found.items()}


def _back(at: Period, first: date, most: int = 24) -> Iterator[str]:
    for _ in range(most):
        yield at.key
        if at.first_on <= first:
            return
        at = preceding(at)
