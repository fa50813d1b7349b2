"""The organisation as its pages show it: the tree of units, and one unit with its people and roles."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from models.organisation import Grant, Person, Unit
from rules.errors import NotFoundError
from rules.permissions import Role
from services.office import Visit
from services.staffing import ACTION
from services.visibility import units_for

VIEW = "view-organisation"


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One line of the tree."""

    code: str
    name: str
    kind: str
    depth: int
    head: str
    people: int
    active: bool


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role that somebody holds, held or will hold."""

    number: int
    person: str
    email: str
    role: Role
    unit: str
    code: str
    from_on: date | None
    to_on: date | None
    is_in_force: bool
    is_editable: bool


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """One unit with all that hangs on it."""

    unit: Unit
    above: Unit | None
    head: Person | None
    people: tuple[Person, ...]
    roles: tuple[RoleRow, ...]
    is_editable: bool


def tree(visit: Visit) -> list[UnitRow]:
    """The units that the visitor may see, each behind the one that it stands under."""
    own = units_for(visit, VIEW)
    people = dict(
        visit.session.execute(
            select(Person.unit_id, func.count()).where(Person.active).group_by(Person.unit_id)
        )
        .tuples()
        .all()
    )
    below: dict[int | None, list[Unit]] = {}
    for unit in visit.directory.units.values():
        if unit.id in own:
            below.setdefault(unit.parent_id if unit.parent_id in own else None, []).append(unit)
    found: list[UnitRow] = []
    waiting = [(unit, 0) for unit in reversed(below.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        head = visit.directory.contacts.get(unit.head_id) if unit.head_id else None
        named = head.name if head else ""
        found.append(
            UnitRow(unit.code, unit.name, unit.kind, depth, named, people.get(unit.id, 0), unit.active)
        )
        waiting += [(child, depth + 1) for child in reversed(below.get(unit.id, []))]
    return found


def editable_units(visit: Visit) -> list[UnitRow]:
    """Those units of the tree that the visitor may edit and that are not closed."""
    own = {visit.directory.units[unit].code for unit in units_for(visit, ACTION)}
    return [row for row in tree(visit) if row.code in own and row.active]


def roles(visit: Visit) -> list[RoleRow]:
    """The roles on the units that the visitor may see, in the order of the tree."""
    places = {row.code: place for place, row in enumerate(tree(visit))}
    own = units_for(visit, VIEW)
    rows = [_role(visit, held) for held in visit.session.scalars(select(Grant)) if held.unit_id in own]
    order = list(Role)
    return sorted(rows, key=lambda row: (places[row.code], order.index(row.role), row.number))


def _role(visit: Visit, held: Grant) -> RoleRow:
    person, unit = visit.directory.contacts[held.person_id], visit.directory.units[held.unit_id]
    begun = held.from_on is None or held.from_on <= visit.today
    return RoleRow(
        number=held.id,
        person=person.name,
        email=person.email,
        role=held.role,
        unit=unit.name,
        code=unit.code,
        from_on=held.from_on,
        to_on=held.to_on,
        is_in_force=begun and (held.to_on is None or visit.today <= held.to_on) and person.active,
        is_editable=held.unit_id in units_for(visit, ACTION),
    )


def unit_sheet(visit: Visit, code: str) -> UnitSheet:
    """The unit with this code, of those that the visitor may see.

    Raises:
        NotFoundError: there is no such unit for this visitor.
    """
    own = units_for(visit, VIEW)
    unit = _first(unit for unit in visit.directory.units.values() if unit.code == code and unit.id in own)
    if unit is None:
        raise NotFoundError("There is no unit %(code)s.", code=code[:64])
    people = select(Person).where(Person.unit_id == unit.id).order_by(Person.active.desc(), Person.id)
    known = visit.directory
    return UnitSheet(
        unit=unit,
        above=known.units[unit.parent_id] if unit.parent_id is not None else None,
        head=known.people[unit.head_id] if unit.head_id is not None else None,
        people=tuple(visit.session.scalars(people)),
        roles=tuple(row for row in roles(visit) if row.code == code),
        is_editable=unit.id in units_for(visit, ACTION),
    )


def roles_of(visit: Visit, person: Person) -> list[RoleRow]:
    """The roles of a person, on the units that the visitor may see."""
    return [row for row in roles(visit) if row.email == person.email]


def names(visit: Visit, most: int) -> list[str]:
    """People whom a form proposes, as `name <address>`."""
    own = units_for(visit, VIEW)
    people = visit.directory.contacts.values()
    found = sorted(f"{one.name} <{one.email}>" for one in people if one.active and one.unit_id in own)
    return found[:most]


def _first(units: Iterable[Unit]) -> Unit | None:
    return next(iter(units), None)
