"""The tree of units as it was: today's taken back through what has happened to units since.

Events say what a unit was before each change, so nothing has to be known of how the tree began.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from rules.rollup import Unit


@dataclass(frozen=True, slots=True)
class Place:
    """A unit by its number; `parent` is the number of the unit above, or None at the root."""

    number: int
    code: str
    name: str
    parent: int | None


@dataclass(frozen=True, slots=True)
class Founded:
    """The unit with this code was entered."""

    code: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """The unit with this code had the name `before` until then."""

    code: str
    before: str


@dataclass(frozen=True, slots=True)
class Shifted:
    """The unit with this code stood below the unit `before` until then."""

    code: str
    before: int | None


UnitTurn = Founded | Renamed | Shifted


def taken_back(places: Iterable[Place], turns: Iterable[UnitTurn]) -> tuple[Unit, ...]:
    """The units as they were before all `turns`, which come the latest first; in the order of `places`.

    A unit that was founded since is not among them. Closing takes no unit out: what it closed still counts.
    """
    found = {place.code: place for place in places}
    for turn in turns:
        place = found.get(turn.code)
        if place is None:
            continue
        match turn:
            case Founded():
                del found[turn.code]
            case Renamed(before=name):
                found[turn.code] = replace(place, name=name)
            case Shifted(before=parent):
                found[turn.code] = replace(place, parent=parent)
    return tuple(_plain(found.values()))


def _plain(places: Iterable[Place]) -> Iterator[Unit]:
    """The places with the codes of those above them."""
    places = tuple(places)
    codes = {place.number: place.code for place in places}
    for place in places:
        yield Unit(place.code, place.name, None if place.parent is None else codes.get(place.parent))


def strayed_places(sealed: Iterable[Unit], again: Iterable[Unit]) -> list[str]:
    """Codes of the sealed units that are gone, or bear another name or stand elsewhere in `again`."""
    are = {unit.code: unit for unit in again}
    return sorted(unit.code for unit in sealed if are.get(unit.code) != unit)
