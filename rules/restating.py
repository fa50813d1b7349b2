"""Sealed figures against what the history gives for the same period now: what differs, and in what."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from rules.rollup import Figures, Rollup, Standing, UnitRow

SCOPE = "in_scope"
"""The name under which an item that was added or is gone is told."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value as it was sealed and as it is now; `name` is the field's."""

    name: str
    was: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """An item that does not stand as it was sealed."""

    reference: str
    title: str
    changes: tuple[Change, ...]


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
    units: tuple[Moved, ...]

    def __bool__(self) -> bool:
        return bool(self.items or self.units)


def restatement(sealed: Rollup, now: Rollup) -> Restatement:
    """What differs; nothing where the same period gives the same items and figures."""
    return Restatement(tuple(_items(sealed, now)), tuple(_units(sealed, now)))


def _items(sealed: Rollup, now: Rollup) -> Iterator[Difference]:
    were = {item.reference: item for item in sealed.items}
    are = {item.reference: item for item in now.items}
    for reference in sorted(were.keys() | are.keys()):
        was, is_now = were.get(reference), are.get(reference)
        if was != is_now and (one := is_now or was):
            yield Difference(reference, one.title, tuple(_changes(was, is_now)))


def _changes(was: Standing | None, now: Standing | None) -> Iterator[Change]:
    if was is None or now is None:
        yield Change(SCOPE, was is not None, now is not None)
        return
    for field in fields(Standing):
        old, new = getattr(was, field.name), getattr(now, field.name)
        if old != new:
            yield Change(field.name, old, new)


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
