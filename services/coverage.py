"""Coverage 对应情况: which problems a measure answers, which none does, and what was reported before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Text, cast, exists, func, select
from sqlalchemy.orm import aliased

from models.item import Item, Link
from rules.lifecycle import Kind, State
from rules.lights import Light, light
from services.findings import Filter, conditions
from services.office import Visit
from services.repeats import earlier_of
from services.visibility import items_for

REPEATED = '"code": "repeated"'
"""How a flag of rules/repeats.py is stored; quotes within other words are escaped there."""


class View(StrEnum):
    """Which items are looked at. Cancelled ones are in none, and a cancelled measure answers nothing."""

    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    PROMPTED = "prompted"
    UNPROMPTED = "unprompted"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Partner:
    """What answers an item, what it answers, or where it was reported before."""

    reference: str
    title: str
    state: State


@dataclass(frozen=True, slots=True)
class Covered:
    """An item with its partners of those that the reader may see, and how many others there are."""

    reference: str
    kind: Kind
    title: str
    unit: str
    state: State
    light: Light
    partners: tuple[Partner, ...]
    hidden: int


def counts(visit: Visit, wanted: Filter) -> dict[View, int]:
    """How many items each view holds for the visitor, in one statement."""
    seen = (*conditions(visit, wanted), Item.state != State.CANCELLED)
    columns = (func.count().filter(_is(view)) for view in View)
    row = visit.session.execute(select(*columns).select_from(Item).where(*seen)).one()
    return dict(zip(View, row, strict=True))


def find(visit: Visit, wanted: Filter, view: View, *, start: int = 0, most: int = 50) -> list[Covered]:
    """The items of the view by reference, from number `start` on (0 is the first), `most` of them."""
    seen = (*conditions(visit, wanted), Item.state != State.CANCELLED, _is(view))
    query = select(Item).where(*seen).order_by(Item.reference).offset(start).limit(most)
    items = visit.session.scalars(query).all()
    partners = _earlier(visit, items) if view is View.REPEATED else _linked(visit, items)
    return [_covered(visit, item, partners.get(item.id, [])) for item in items]


def _is(view: View) -> ColumnElement[bool]:
    other = aliased(Item)
    answered = exists().where(
        Link.problem_id == Item.id, Link.measure_id == other.id, other.state != State.CANCELLED
    )
    prompted = exists().where(
        Link.measure_id == Item.id, Link.problem_id == other.id, other.state != State.CANCELLED
    )
    problem, measure = Item.kind == Kind.PROBLEM, Item.kind == Kind.MEASURE
    return {
        View.ANSWERED: problem & answered,
        View.UNANSWERED: problem & ~answered,
        View.PROMPTED: measure & prompted,
        View.UNPROMPTED: measure & ~prompted,
        View.REPEATED: problem & cast(Item.flags, Text).contains(REPEATED, autoescape=True),
    }[view]


def _covered(visit: Visit, item: Item, partners: Sequence[Partner | None]) -> Covered:
    shown = tuple(partner for partner in partners if partner)
    return Covered(
        reference=item.reference,
        kind=item.kind,
        title=item.title,
        unit=visit.directory.units[item.lead_unit_id].name,
        state=item.state,
        light=light(item.state, item.due_on, visit.today, visit.office.calendar),
        partners=shown,
        hidden=len(partners) - len(shown),
    )


def _linked(visit: Visit, items: Iterable[Item]) -> Mapping[int, list[Partner | None]]:
    """Item's id -> what it is linked with; None for what the reader may not see."""
    keys = {item.id for item in items}
    ends = ((Link.problem_id, Link.measure_id), (Link.measure_id, Link.problem_id))
    found: dict[int, list[Partner | None]] = {}
    for mine, other in ends:
        query = (
            select(mine, Item.reference, Item.title, Item.state, items_for(visit, "view-item").label("seen"))
            .join(Item, Item.id == other)
            .where(mine.in_(keys), Item.state != State.CANCELLED)
            .order_by(Item.reference)
        )
        for key, reference, title, state, is_seen in visit.session.execute(query):
            found.setdefault(key, []).append(Partner(reference, title, state) if is_seen else None)
    return found


def _earlier(visit: Visit, items: Iterable[Item]) -> Mapping[int, list[Partner | None]]:
    """Item's id -> the problems of earlier reports that it is like; None for what the reader may not see."""
    like = {item.id: earlier_of(item) for item in items}
    wanted = {reference for references in like.values() for reference in references}
    query = select(Item).where(Item.reference.in_(wanted), items_for(visit, "view-item"))
    seen = {
        item.reference: Partner(item.reference, item.title, item.state)
        for item in visit.session.scalars(query)
    }
    return {key: [seen.get(reference) for reference in references] for key, references in like.items()}
