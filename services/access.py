"""Who a person is to an item or a unit, and whether that allows what they ask."""

from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.item import Assignment, Item
from models.organisation import Person, Unit
from rules.errors import NotAllowedError
from rules.permissions import Role, by_link, may
from services.office import LINK, Visit
from services.organisation import Directory

_NAMED = select(Assignment.role).where(
    Assignment.item_id == bindparam("item"), Assignment.person_id == bindparam("person")
)


def roles_on_item(
    session: Session, directory: Directory, person: Person, item: Item, today: date
) -> frozenset[Role]:
    """Every role of the person towards the item: named on it, or held on its lead unit or above."""
    named = session.scalars(_NAMED, {"item": item.id, "person": person.id})
    return frozenset(named) | directory.roles(person.id, item.lead_unit_id, today)


def acting_roles(visit: Visit, action: str, roles: frozenset[Role]) -> frozenset[Role]:
    """Those of the visitor's `roles` that count for `action`, by the door through which they came."""
    return by_link(action, roles) if visit.door == LINK else roles


def require(directory: Directory, action: str, person: Person, unit: Unit, today: date) -> None:
    """Raises NotAllowedError unless the person may take `action` on `unit`."""
    if not may(action, directory.roles(person.id, unit.id, today)):
        raise NotAllowedError(
            "%(email)s may not do this for %(unit)s (%(action)s).",
            email=person.email,
            unit=unit.name,
            action=action,
        )
