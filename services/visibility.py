"""What somebody may see or do, as conditions of selects: every list, count, search and export asks here.

The table in rules/permissions.py decides; this file puts its answer into SQL, so that what one may not see
is never read. `roles_on_item` says the same of a single item.
"""

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from models.item import Assignment, Evidence, Item
from models.order import Circular
from models.organisation import Person, Unit
from models.report import Report
from rules.errors import NotFoundError
from rules.lifecycle import State
from rules.permissions import BY_LINK, GRANTED, TABLE, Role
from services.office import Visit


def items_for(visit: Visit, action: str) -> ColumnElement[bool]:
    """The condition on Item under which the visitor may take `action` by the table of roles."""
    roles = TABLE[action]
    units = units_for(visit, action)
    if len(units) == len(visit.directory.units):
        return true()
    named = select(Assignment.item_id).where(
        Assignment.person_id == visit.actor.id, Assignment.role.in_(roles - GRANTED)
    )
    held = Item.lead_unit_id.in_(sorted(units)) if units else false()
    return or_(held, Item.id.in_(named)) if roles - GRANTED else held


def units_for(visit: Visit, action: str) -> frozenset[int]:
    """The ids of the units on which the visitor may take `action`."""
    return visit.directory.reach(visit.actor.id, TABLE[action], visit.today)


def unit_for(visit: Visit, action: str, code: str) -> Unit:
    """The unit with this code, of those on which the visitor may take `action`.

    Raises:
        NotFoundError: there is no such unit for this visitor.
    """
    own = units_for(visit, action)
    found = [unit for unit in visit.directory.units.values() if unit.id in own and unit.code == code]
    if not found:
        raise NotFoundError("There is no unit %(code)s.", code=code[:40])
    return found[0]


def reports_for(visit: Visit, action: str) -> ColumnElement[bool]:
    """The condition on Report under which the visitor may take `action`."""
    units = units_for(visit, action)
    if len(units) == len(visit.directory.units):
        return true()
    return Report.unit_id.in_(sorted(units)) if units else false()


def people_for(visit: Visit, action: str) -> ColumnElement[bool]:
    """The condition on Person under which the visitor may take `action`: people of units that are theirs."""
    units = units_for(visit, action)
    if len(units) == len(visit.directory.units):
        return true()
    return Person.unit_id.in_(sorted(units)) if units else false()


def visible_person(visit: Visit, action: str, email: str) -> Person:
    """Whoever has this address, left or not, of the people on whom the visitor may take `action`.

    Raises:
        NotFoundError: there is no such person for this visitor.
    """
    address = email.rpartition("<")[2].rstrip("> ").strip().lower()
    query = select(Person).where(Person.email == address, people_for(visit, action))
    found = visit.session.scalars(query).first()
    if found is None:
        raise NotFoundError("Nobody here has the address %(email)s.", email=address[:254])
    return found


def visible_item(visit: Visit, reference: str) -> Item:
    """The item with this reference; one that may not be seen is refused as one that there is not.

    Raises:
        NotFoundError: there is no such item for this visitor.
    """
    query = select(Item).where(Item.reference == reference, items_for(visit, "view-item"))
    found = visit.session.scalars(query).first()
    if found is None:
        raise NotFoundError("There is no item %(reference)s.", reference=reference)
    return found


def items_by_link(visit: Visit) -> ColumnElement[bool]:
    """The condition on Item under which the link of a letter opens it to the visitor, as BY_LINK says.

    Who is named on an item sees it; a head, those of the units whose reminders reach them. Never drafts.
    """
    roles = BY_LINK["view-item"]
    named = select(Assignment.item_id).where(
        Assignment.person_id == visit.actor.id, Assignment.role.in_(sorted(roles - GRANTED))
    )
    held = visit.directory.reached(visit.actor.id, Role.HEAD, visit.today) if Role.HEAD in roles else ()
    mine = or_(Item.id.in_(named), Item.lead_unit_id.in_(sorted(held)))
    return and_(Item.state != State.DRAFT, mine)


def item_by_link(visit: Visit, reference: str) -> Item:
    """The item with this reference, where the visitor's link opens it.

    Raises:
        NotFoundError: there is no such item for this visitor.
    """
    found = visit.session.scalars(
        select(Item).where(Item.reference == reference, items_by_link(visit))
    ).first()
    if found is None:
        raise NotFoundError("There is no item %(reference)s.", reference=reference)
    return found


def visible_evidence(visit: Visit, evidence_id: int) -> Evidence:
    """The file with this number, of an item whose evidence the visitor may view.

    Raises:
        NotFoundError: there is no such file for this visitor.
    """
    query = (
        select(Evidence)
        .join(Item, Item.id == Evidence.item_id)
        .where(Evidence.id == evidence_id, items_for(visit, "view-evidence"))
    )
    found = visit.session.scalars(query).first()
    if found is None:
        raise NotFoundError("There is no such file.")
    return found


def visible_report(visit: Visit, report_id: int) -> Report:
    """The report with this number, of those that the visitor may read.

    Raises:
        NotFoundError: there is no such report for this visitor.
    """
    query = select(Report).where(Report.id == report_id, reports_for(visit, "view-report"))
    found = visit.session.scalars(query).first()
    if found is None:
        raise NotFoundError("There is no report %(report)s.", report=report_id)
    return found


def circulars_for(visit: Visit, action: str) -> ColumnElement[bool]:
    """The condition on Circular under which the visitor may take `action`: on all units that it names."""
    return Circular.unit_id.in_(sorted(units_for(visit, action)))


def visible_circular(visit: Visit, key: str) -> Circular:
    """The circular with this key, such as `2026-3`, of those that the visitor may read.

    Raises:
        NotFoundError: there is no such circular for this visitor.
    """
    query = select(Circular).where(circulars_for(visit, "view-circular"))
    year, _, number = key.partition("-")
    is_key = all(part.isascii() and part.isdecimal() and len(part) < 10 for part in (year, number))
    found = (
        is_key
        and visit.session.scalars(
            query.where(Circular.year == int(year), Circular.number == int(number))
        ).first()
    )
    if not found:
        raise NotFoundError("There is no circular %(key)s.", key=key[:40])
    return found


def is_visible_report(visit: Visit, report_id: int | None) -> bool:
    """Whether the visitor may read the whole report."""
    return _any(visit.session, Report.id == report_id, reports_for(visit, "view-report"))


def _any(session: Session, *conditions: ColumnElement[bool]) -> bool:
    return session.scalar(select(Report.id).where(*conditions).limit(1)) is not None
