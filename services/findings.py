"""Finding items: filters, order and pages of the ledger, all of it in SQL and within what one may see."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from models.item import Assignment, Item
from models.organisation import Person, Unit
from models.report import Report
from models.session import plain_rows
from rules.lifecycle import OPEN, WITH_DEADLINE, Kind, State
from rules.lights import Light, last_soon_day, light
from rules.permissions import Role
from services.lines import owner_names, owner_names_where
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


class FoundItem(NamedTuple):
    """One item as the ledger shows it."""

    reference: str
    kind: Kind
    title: str
    unit: str
    owners: str
    due_on: date | None
    original_due_on: date | None
    state: State
    progress: int
    light: Light
    working_days_left: int | None


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
    wanted_items = conditions(visit, wanted)
    ids = select(Item.id).where(*wanted_items)
    if most is None and not start:
        rows = _rows(visit, wanted_items, order, is_falling)
        owners = owner_names_where(visit.session, Assignment.item_id.in_(ids))
    else:
        # First which items, by columns that an index holds; then all that a row shows, of these alone.
        on_page = _sorted(ids, order, is_falling).offset(start).limit(most)
        rows = _rows(visit, [Item.id.in_(on_page)], order, is_falling)
        owners = owner_names(visit.session, [row.id for row in rows])
    return list(_found(visit, rows, owners))


_SHOWN = (
    Item.id,
    Item.reference,
    Item.kind,
    Item.title,
    Item.due_on,
    Item.original_due_on,
    Item.state,
    Item.progress,
    Item.lead_unit_id,
)


def _rows(
    visit: Visit,
    which: Sequence[ColumnElement[bool]],
    order: Order,
    is_falling: bool,  # noqa: FBT001 - private, and named by its caller
) -> Sequence[Row[Any]]:
    return plain_rows(visit.session, _sorted(select(*_SHOWN).where(*which), order, is_falling))


def _found(visit: Visit, rows: Iterable[Row[Any]], owners: Mapping[int, str]) -> Iterator[FoundItem]:
    units = {key: unit.name for key, unit in visit.directory.units.items()}
    # Thousands of items share a few hundred deadlines.
    standing = cache(partial(_standing, visit))
    # Taken apart at once: a row that is asked for its columns one by one costs four times as much.
    for key, reference, kind, title, due_on, original, state, progress, unit in rows:
        named = (reference, kind, title, units[unit], owners.get(key, ""))
        yield FoundItem(*named, due_on, original, state, progress, *standing(state, due_on))


def _standing(visit: Visit, state: State, due_on: date | None) -> tuple[Light, int | None]:
    """The light, and the working days left."""
    calendar, today = visit.office.calendar, visit.today
    return light(state, due_on, today, calendar), calendar.between(today, due_on) if due_on else None


_LIFE = case(*((Item.state == state, place) for place, state in enumerate(State)))
"""States in the order of an item's life."""

_UNIT = select(Unit.name).where(Unit.id == Item.lead_unit_id).scalar_subquery()

_COLUMNS: dict[Order, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
    Order.DUE: Item.due_on,
    Order.REFERENCE: Item.reference,
    Order.TITLE: Item.title,
    Order.UNIT: _UNIT,
    Order.STATE: _LIFE,
    Order.PROGRESS: Item.progress,
}


def _sorted(query: Select[Any], order: Order, is_falling: bool) -> Select[Any]:  # noqa: FBT001 - private, and named by its caller
    column = _COLUMNS[order]
    # Databases disagree on where nothing stands; here it stands last, whatever the direction.
    way = column.desc() if is_falling else column.asc()
    return query.order_by(way.nulls_last(), Item.id)


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


def _of_item(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.state:
        yield Item.state == wanted.state
    if wanted.is_open:
        yield Item.state.in_(sorted(OPEN))
    if wanted.kind:
        yield Item.kind == wanted.kind
    if wanted.owner:
        owned = select(Assignment.item_id).where(
            Assignment.person_id == wanted.owner, Assignment.role == Role.OWNER
        )
        yield Item.id.in_(owned)
    if wanted.report:
        yield Item.report_id == wanted.report
    if wanted.period:
        yield Item.report_id.in_(select(Report.id).where(Report.period == wanted.period))
    if wanted.text:
        columns = (Item.reference, Item.title, Item.body)
        yield or_(*(column.icontains(wanted.text, autoescape=True) for column in columns))


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
    owning = plain_rows(session, owners)
    reports = (
        select(Report.id, Report.title, Report.period)
        .where(exists().where(Item.report_id == Report.id, seen))
        .order_by(Report.id.desc())
    )
    found = session.execute(reports).all()
    return Choices(
        units=tuple(_tree(visit, led)),
        owners=tuple((key, name) for key, name in owning),
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
