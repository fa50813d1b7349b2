"""Roll-ups that were computed already, kept in memory for as long as the history gives the same.

Counting twenty thousand items takes about a second; a page that shows six periods may not wait for that.
What is kept is never trusted by its age: it bears the last event that it saw, and the names it was made with.
"""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy import bindparam, select

from models.event import Event
from models.period import Rollup as RollupRow
from models.session import plain_rows
from rules.periods import parse
from rules.restating import Restatement
from rules.rollup import Rollup, Standing, Unit, UnitRow
from rules.spreads import Spread, by_unit
from services import history, restatements, rollups
from services.late import late_entries
from services.office import Visit
from services.restatements import Entries
from services.seal_pieces import read
from services.trees import tree_at

V = TypeVar("V")

MOST_ITEMS = 50_000
"""Items that are kept at most, over all periods, as sealed and as counted now; about 30 MB each."""
MOST_LINES = 200
"""Periods whose figures are kept without their items."""


class Kept(Generic[V]):
    """The values that were asked for last, up to a weight; safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._weight = 0
        self._lock = Lock()
        self._held: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()

    def get(self, key: Hashable) -> V | None:
        """The value under `key`, if it is still kept."""
        with self._lock:
            # Keys are whole rows, and dear to hash: no more often than need be.
            held = self._held.get(key)
            if held is None:
                return None
            self._held.move_to_end(key)
            return held[0]

    def put(self, key: Hashable, value: V, weight: int = 1) -> V:
        """Keeps `value`, and lets go of what was not asked for longest."""
        with self._lock:
            _, before = self._held.pop(key, (value, 0))
            self._held[key] = (value, weight)
            self._weight += weight - before
            while self._weight > self._most and len(self._held) > 1:
                _, (_, gone) = self._held.popitem(last=False)
                self._weight -= gone
        return value


@dataclass(frozen=True, slots=True)
class Mark:
    """An event by its place and hash: the history up to it is always the same."""

    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class _Names:
    """What a roll-up says beside what the events of items say."""

    tree: tuple[Unit, ...]
    """The units at the cut-off."""
    today: date
    people: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class _Whole:
    """A roll-up with the standings it was made of, the last event seen, and the names that it bears."""

    rollup: Rollup
    standings: dict[str, Standing]
    mark: Mark
    names: _Names


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known today of a sealed period."""

    now: Rollup
    """What the history gives up to the cut-off."""
    mark: Mark
    entries: Entries
    """Those that were booked later, up to the mark."""
    known: Rollup
    """`now` with the late entries on their days."""
    found: Restatement


@dataclass(frozen=True, slots=True)
class Lines:
    """What of a roll-up is small: the units' figures, and how the items of each unit itself spread."""

    units: tuple[UnitRow, ...]
    spreads: Mapping[str, Spread]


class Shelf:
    """Keeps roll-ups between requests. One for each process that shows pages."""

    def __init__(self, most_items: int = MOST_ITEMS) -> None:
        self._lines: Kept[Lines] = Kept(MOST_LINES)
        self._whole: Kept[_Whole] = Kept(most_items)
        self._sealed: Kept[Rollup] = Kept(most_items)
        self._beside: Kept[Beside] = Kept(most_items)

    def lines(self, visit: Visit, key: str, seal: RollupRow | None) -> Lines:
        """Figures by unit without the items: of the seal, or what the history gives up to now."""
        cut_off = seal.cut_off_at if seal else cut_off_of(visit, key)
        today = visit.office.day(cut_off)
        stamp = seal.sha256 if seal else self._stamp(visit, key, cut_off)
        found = self._lines.get(stamp)
        if found is None:
            whole = self.sealed(seal) if seal else self.whole(visit, key)
            found = self._lines.put(stamp, Lines(whole.units, by_unit(whole.items, today)))
        return found

    def _stamp(self, visit: Visit, key: str, cut_off: datetime) -> Hashable:
        """The same for as long as the period's figures are."""
        mark = mark_before(visit, cut_off)
        return key, mark, visit.office.day(cut_off), _tree(visit, mark)

    def sealed(self, seal: RollupRow) -> Rollup:
        """The roll-up that the seal holds."""
        found = self._sealed.get(seal.sha256)
        if found is None:
            found = read(seal)
            self._sealed.put(seal.sha256, found, len(found.items) + 1)
        return found

    def whole(self, visit: Visit, key: str) -> Rollup:
        """What the history gives for the period up to now, with its items; a seal is not looked at."""
        return self._counted(visit, key).rollup

    def _counted(self, visit: Visit, key: str) -> _Whole:
        cut_off = cut_off_of(visit, key)
        tree = _tree(visit, mark_before(visit, cut_off))
        names = _Names(tree, visit.office.day(cut_off), _people(visit))
        mark, held = mark_before(visit, visit.now), self._whole.get(key)
        if held is not None and (held.names != names or not _is_part(visit, held.mark)):
            held = None
        if held is None or held.mark != mark:
            held = _counted(visit, key, held, mark, names)
            self._whole.put(key, held, len(held.standings) + 1)
        return held

    def beside(self, visit: Visit, key: str, seal: RollupRow) -> Beside:
        """What is known today of the period that the seal closed, and in what it differs."""
        whole, held = self._counted(visit, key), self._beside.get(seal.sha256)
        if held is not None and held.now is not whole.rollup:
            held = None
        if held is None or held.mark != whole.mark:
            held = _compared(visit, seal, self.sealed(seal), whole, held)
            self._beside.put(seal.sha256, held, len(held.known.items) + 1)
        return held


def cut_off_of(visit: Visit, key: str) -> datetime:
    """Up to when figures of the period count now: its end, or the present moment while it runs.

    Raises:
        SettingError: the key names no period.
    """
    return min(rollups.cut_off_of(visit.office, key), visit.now)


_BEFORE = (
    select(Event.position, Event.hash)
    .where(Event.at < bindparam("at"))
    .order_by(Event.at.desc(), Event.position.desc())
    .limit(1)
)


def mark_before(visit: Visit, at: datetime) -> Mark:
    """The last event before the instant `at`."""
    found = plain_rows(visit.session, _BEFORE, at=at)
    return Mark(*found[0]) if found else Mark(0, history.GENESIS)


def _is_part(visit: Visit, mark: Mark) -> bool:
    """Whether the history at hand is the one in which the mark was set."""
    found = visit.session.scalar(select(Event.hash).where(Event.position == mark.position))
    return (found or history.GENESIS) == mark.hash


def _counted(visit: Visit, key: str, held: _Whole | None, mark: Mark, names: _Names) -> _Whole:
    """The roll-up anew; where one is held, only the items with a later event are read again."""
    cut_off = cut_off_of(visit, key)
    after = held.mark.position if held else None
    fresh = {one.reference: one for one in rollups.standings(visit.session, cut_off, touched_after=after)}
    is_over = cut_off < visit.now
    is_same = held and all(held.standings.get(reference) == one for reference, one in fresh.items())
    # In a running period an item may have come and gone meanwhile, and stand as it stood.
    if held and (not fresh or (is_over and is_same)):
        return replace(held, mark=mark)
    standings = (held.standings if held else {}) | fresh
    items = sorted(standings.values(), key=lambda one: one.reference)
    rolled = rollups.rolled(visit.session, visit.office, parse(key), cut_off, items, names.tree)
    return _Whole(rolled, standings, mark, names)


def _compared(visit: Visit, seal: RollupRow, sealed: Rollup, whole: _Whole, held: Beside | None) -> Beside:
    """The seal beside today; where that is held, only events behind its mark are looked through."""
    session, office, now = visit.session, visit.office, whole.rollup
    after = held.mark.position if held else 0
    new = tuple(late_entries(session, office, sealed.period, seal.cut_off_at, after=after))
    if held and not new:
        return replace(held, mark=whole.mark)
    entries = (*(held.entries if held else ()), *new)
    known = restatements.with_late(office, seal, now, whole.standings, entries)
    found = restatements.compared(session, office, seal, sealed, now, known, entries)
    return Beside(now, whole.mark, entries, known, found)


def _tree(visit: Visit, mark: Mark) -> tuple[Unit, ...]:
    """The units as they were at the mark."""
    return tree_at(visit.session, mark.position, visit.directory.units.values())


def _people(visit: Visit) -> tuple[tuple[int, str], ...]:
    return tuple((key, person.name) for key, person in visit.directory.people.items())
