"""A sealed period against what is known of it today: which items and units differ, in what, and why."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from rules.rollup import Figures, Rollup, Standing, UnitRow
from rules.sealing import NAMES

SCOPE = "in_scope"
"""The name under which an item that was added or is gone is told."""


class Why(StrEnum):
    """Why an item of a sealed period stands otherwise today."""

    LATE = "late"
    """Somebody entered later what had happened within the period."""
    RULES = "rules"
    """The figures are defined otherwise, or the unit stands elsewhere in the tree."""
    HISTORY = "history"
    """The history no longer gives what was sealed: an alarm."""
    NAMES = "names"
    """A person, a report or the item bears another name by now; no figure changes by it."""


@dataclass(frozen=True, slots=True)
class Late:
    """An entry of a time that was over when it was made; it counts in the period in which it was booked."""

    reference: str
    move: str
    position: int
    booked_at: datetime
    happened_on: date
    note: str


@dataclass(frozen=True, slots=True)
class Change:
    """One value as it was sealed and as it is now; `name` is the field's."""

    name: str
    was: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One item as it was sealed and as it stands now; None where it does not count on that side."""

    reference: str
    title: str
    sealed: Standing | None
    current: Standing | None
    changes: tuple[Change, ...]
    why: Why
    late: tuple[Late, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit whose line is not as it was sealed: its name, its place in the tree, or its figures."""

    code: str
    name: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Restatement:
    """All that differs between a seal and the same period now."""

    items: tuple[Difference, ...]
    """By reference."""
    units: tuple[Moved, ...]

    def __bool__(self) -> bool:
        return bool(self.items or self.units)


def restatement(
    sealed: Rollup, current: Rollup, broken: Collection[str] = (), late: Iterable[Late] = ()
) -> Restatement:
    """What differs; nothing where the same period gives the same items and figures.

    `broken` are references of which the history no longer gives what was sealed; `late` are entries that
    `current` counts on the days on which things happened.
    """
    entries: dict[str, tuple[Late, ...]] = {}
    for entry in late:
        entries[entry.reference] = (*entries.get(entry.reference, ()), entry)
    items = _items(sealed, current, frozenset(broken), entries)
    return Restatement(tuple(items), tuple(_units(sealed, current)))


def _items(
    sealed: Rollup, current: Rollup, broken: frozenset[str], late: Mapping[str, tuple[Late, ...]]
) -> Iterator[Difference]:
    were = {item.reference: item for item in sealed.items}
    are = {item.reference: item for item in current.items}
    for reference in sorted(were.keys() | are.keys()):
        was, now = were.get(reference), are.get(reference)
        if (changes := tuple(_changes(was, now))) and (one := now or was):
            why = _why(reference, changes, broken, late)
            yield Difference(reference, one.title, was, now, changes, why, late.get(reference, ()))


def _changes(was: Standing | None, now: Standing | None) -> Iterator[Change]:
    """The fields that differ, where any does by which two standings differ."""
    if was is None or now is None:
        yield Change(SCOPE, was is not None, now is not None)
    elif was != (now := _as_sealed(was, now)):
        for field in fields(Standing):
            old, new = getattr(was, field.name), getattr(now, field.name)
            if old != new:
                yield Change(field.name, old, new)


def _as_sealed(was: Standing, now: Standing) -> Standing:
    """The standing without what the first version of the rules did not seal."""
    return replace(
        now,
        evidence=None if was.evidence is None else now.evidence,
        extension_days=None if was.extension_days is None else now.extension_days,
        light=None if was.light is None else now.light,
        days_to_close=None if was.light is None else now.days_to_close,
        working_days_to_close=None if was.light is None else now.working_days_to_close,
    )


def _why(
    reference: str,
    changes: Iterable[Change],
    broken: frozenset[str],
    late: Mapping[str, tuple[Late, ...]],
) -> Why:
    if reference in broken:
        return Why.HISTORY
    if reference in late:
        return Why.LATE
    return Why.NAMES if {change.name for change in changes} <= NAMES else Why.RULES


def _units(sealed: Rollup, now: Rollup) -> Iterator[Moved]:
    were = {row.unit.code: row for row in sealed.units}
    are = {row.unit.code: row for row in now.units}
    for code in dict.fromkeys((*were, *are)):
        changes = tuple(_unit_changes(were.get(code), are.get(code)))
        if changes:
            yield Moved(code, (were.get(code) or are[code]).unit.name, changes)


def _unit_changes(was: UnitRow | None, now: UnitRow | None) -> Iterator[Change]:
    names = ("name", "parent")
    old = {name: getattr(was.unit, name) if was else None for name in names} | _counts(was)
    new = {name: getattr(now.unit, name) if now else None for name in names} | _counts(now)
    for name, value in old.items():
        if value != new[name]:
            yield Change(name, value, new[name])


def _counts(row: UnitRow | None) -> dict[str, int]:
    total = row.total if row else Figures()
    return {field.name: getattr(total, field.name) for field in fields(Figures)}
