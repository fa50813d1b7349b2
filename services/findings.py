"""Finding items: filters, order and pages of the ledger, all of it in SQL and within what one may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from models.item import Assignment, Item
from models.organisation import Person, Unit
from models.report import Report
from rules.lifecycle import OPEN, WITH_DEADLINE, Kind, State
from rules.lights import Light, last_soon_day, light
from rules.permissions import Role
from services.lines import owner_names
from services.office import Visit
from services.visibility import items_for
from services.worklists import Work, waiting


class Order(StrEnum):
    """By what the ledger is sorted."""

    DUE = "due"
    REFERENCE = "reference"
    TITLE = "title"
    UNIT = "unit"
    STATE = "state"
    PROGRESS = "progress"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which items are looked for; what is left empty does not narrow."""

    unit: str = ""
    """A unit's code; the units under it are meant too."""
    state: State | None = None
    is_open: bool = False
    light: Light | None = None
    owner: int | None = None
    """A person's id."""
    period: str = ""
    report: int | None = None
    kind: Kind | None = None
    work: Work | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class FoundItem:
    """One item as the ledger shows it."""

    reference: str
    kind: Kind
    title: str
    unit: str
    owners: str
    due_on: date | None
    original_due_on: date | None
    working_days_left: int | None
    state: State
    light: Light
    progress: int


def count(visit: Visit, wanted: Filter) -> int:
    """How many items the filter finds for the visitor."""
    query = select(func.count()).select_from(Item).where(*conditions(visit, wanted))
    return visit.session.scalar(query) or 0


def find(
    visit: Visit,
    wanted: Filter,
    order: Order = Order.DUE,
    *,
    is_falling: bool = False,
    start: int = 0,
    most: int | None = None,
) -> list[FoundItem]:
    """The items of the filter in order, from number `start` on (0 is the first), `most` of them or all."""
    query = (
        select(
            Item.id,
            Item.reference,
            Item.kind,
            Item.title,
            Item.due_on,
            Item.original_due_on,
            Item.state,
            Item.progress,
            Unit.name.label("unit"),
        )
        .join(Unit, Unit.id == Item.lead_unit_id)
        .where(*conditions(visit, wanted))
    )
    rows = visit.session.execute(_sorted(query, order, is_falling).offset(start).limit(most)).all()
    owners = owner_names(visit.session, (row.id for row in rows))
    return [_found(visit, row, owners.get(row.id, "")) for row in rows]


def _found(visit: Visit, row: Row[Any], owners: str) -> FoundItem:
    calendar, today = visit.office.calendar, visit.today
    return FoundItem(
        reference=row.reference,
        kind=row.kind,
        title=row.title,
        unit=row.unit,
        owners=owners,
        due_on=row.due_on,
        original_due_on=row.original_due_on,
        working_days_left=calendar.between(today, row.due_on) if row.due_on else None,
        state=row.state,
        light=light(row.state, row.due_on, today, calendar),
        progress=row.progress,
    )


_LIFE = case(*((Item.state == state, place) for place, state in enumerate(State)))
"""States in the order of an item's life."""

_COLUMNS: dict[Order, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
    Order.DUE: Item.due_on,
    Order.REFERENCE: Item.reference,
    Order.TITLE: Item.title,
    Order.UNIT: Unit.name,
    Order.STATE: _LIFE,
    Order.PROGRESS: Item.progress,
}


def _sorted(query: Select[Any], order: Order, is_falling: bool) -> Select[Any]:  # noqa: FBT001 - private, and named by its caller
    column = _COLUMNS[order]
    # Databases disagree on where nothing stands; here it stands last, whatever the direction.
    return query.order_by(column.is_(None), column.desc() if is_falling else column.asc(), Item.reference)


def conditions(visit: Visit, wanted: Filter) -> list[ColumnElement[bool]]:
    """The conditions on Item of the filter, with what the visitor may see."""
    found = [items_for(visit, "view-item"), *_of_item(wanted)]
    if wanted.unit:
        found.append(_in_unit(visit, wanted.unit))
    if wanted.light:
        found.append(lit(visit, wanted.light))
    if wanted.work:
        found.append(waiting(visit, wanted.work))
    return found


def _of_item(wanted: Filter) -> list[ColumnElement[bool]]:
    owned = select(Assignment.item_id).where(
        Assignment.person_id == wanted.owner, Assignment.role == Role.OWNER
    )
    reports = select(Report.id).where(Report.period == wanted.period)
    text = [
        column.icontains(wanted.text, autoescape=True) for column in (Item.reference, Item.title, Item.body)
    ]
    parts: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.state, Item.state == wanted.state),
        (wanted.is_open, Item.state.in_(sorted(OPEN))),
        (wanted.kind, Item.kind == wanted.kind),
        (wanted.owner, Item.id.in_(owned)),
        (wanted.report, Item.report_id == wanted.report),
        (wanted.period, Item.report_id.in_(reports)),
        (wanted.text, or_(*text)),
    ]
    return [condition for said, condition in parts if said]


def _in_unit(visit: Visit, code: str) -> ColumnElement[bool]:
    found = next((unit for unit in visit.directory.units.values() if unit.code == code), None)
    return Item.lead_unit_id.in_(sorted(visit.directory.below(found.id))) if found else false()


def lit(visit: Visit, shown: Light) -> ColumnElement[bool]:
    """The condition on Item under which rules/lights.py shows `shown` today."""
    today, soon = visit.today, last_soon_day(visit.today, visit.office.calendar)
    dated = and_(Item.state.in_(sorted(WITH_DEADLINE)), Item.due_on.is_not(None))
    done = Item.state.in_((State.CLOSED, State.CANCELLED))
    return {
        Light.OVERDUE: and_(dated, Item.due_on < today),
        Light.DUE_SOON: and_(dated, Item.due_on >= today, Item.due_on <= soon),
        Light.ON_TRACK: and_(dated, Item.due_on > soon),
        Light.UNDATED: and_(~done, ~dated),
        Light.DONE: done,
    }[shown]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: only what stands on items that the visitor may see."""

    units: tuple[tuple[str, str, int], ...]
    """Code, name and depth, in the order of the tree."""
    owners: tuple[tuple[int, str], ...]
    reports: tuple[tuple[int, str], ...]
    periods: tuple[str, ...]


def choices(visit: Visit) -> Choices:
    """What the visitor can narrow by."""
    session, seen = visit.session, items_for(visit, "view-item")
    # Asked of each unit, person and report, which stops at the first item found, and not of all items.
    of_unit = exists().where(Item.lead_unit_id == Unit.id, seen)
    owned = exists().where(
        Assignment.person_id == Person.id,
        Assignment.role == Role.OWNER,
        Item.id == Assignment.item_id,
        seen,
    )
    led = session.scalars(select(Unit.id).where(of_unit))
    owners = select(Person.id, Person.name).where(owned).order_by(Person.name, Person.id)
    reports = (
        select(Report.id, Report.title, Report.period)
        .where(exists().where(Item.report_id == Report.id, seen))
        .order_by(Report.id.desc())
    )
    found = session.execute(reports).all()
    return Choices(
        units=tuple(_tree(visit, led)),
        owners=tuple((row.id, row.name) for row in session.execute(owners)),
        reports=tuple((row.id, row.title) for row in found),
        periods=tuple(sorted({row.period for row in found}, reverse=True)),
    )


def _tree(visit: Visit, led: Iterable[int]) -> list[tuple[str, str, int]]:
    """The units of `led` and those between them and their highest ones, each under the one above it."""
    shown = set(led)
    for top in tuple(shown):
        line = [unit.id for unit in visit.directory.line(top)]
        above = max((place for place, unit in enumerate(line) if unit in shown), default=0)
        shown.update(line[: above + 1])
    return _branches(visit, shown)


def _branches(visit: Visit, shown: set[int]) -> list[tuple[str, str, int]]:
    below: dict[int | None, list[int]] = {}
    for unit in visit.directory.units.values():
        if unit.id in shown:
            below.setdefault(unit.parent_id if unit.parent_id in shown else None, []).append(unit.id)
    found: list[tuple[str, str, int]] = []
    waiting_units = [(key, 0) for key in reversed(below.get(None, []))]
    while waiting_units:
        key, depth = waiting_units.pop()
        unit = visit.directory.units[key]
        found.append((unit.code, unit.name, depth))
        waiting_units += [(child, depth + 1) for child in reversed(below.get(key, []))]
    return found
