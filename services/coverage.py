"""Coverage 对应情况: which problems a measure answers, which none does, and what was reported before."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Text, cast, exists, func, select
from sqlalchemy.orm import aliased

from models.item import Item, Link
from rules.lifecycle import ARROWS, Kind, Move, State
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
    is_removable: bool = False
    """Whether the reader may undo the link."""


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
    is_linkable: bool
    """Whether the reader may say what answers it, or what it answers."""


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
    keys = [item.id for item in items]
    linkable = set(visit.session.scalars(select(Item.id).where(Item.id.in_(keys), _linkable(visit))))
    partners = _earlier(visit, items) if view is View.REPEATED else _linked(visit, items, linkable)
    return [_covered(visit, item, partners.get(item.id, []), linkable) for item in items]


def counterparts(visit: Visit, wanted: Filter, view: View, *, most: int) -> list[tuple[str, str]]:
    """Reference and title of what the items of the view may be linked with, `most` of them by reference."""
    kind = Kind.PROBLEM if view in {View.PROMPTED, View.UNPROMPTED} else Kind.MEASURE
    kept = Filter(unit=wanted.unit, period=wanted.period, report=wanted.report)
    query = select(Item.reference, Item.title).where(*conditions(visit, kept), Item.kind == kind)
    query = query.where(_linkable(visit)).order_by(Item.reference).limit(most)
    return [(reference, title) for reference, title in visit.session.execute(query)]


def _linkable(visit: Visit) -> ColumnElement[bool]:
    """Of a measure, whether the visitor may link it; of a problem, whether it is theirs to have answered.

    The door looks at the measure alone, whose answers they are (services/items.py).
    """
    states = [state for (state, move) in ARROWS if move is Move.LINK]
    return items_for(visit, Move.LINK.value) & ((Item.kind == Kind.PROBLEM) | Item.state.in_(states))


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


def _covered(
    visit: Visit, item: Item, partners: Sequence[Partner | None], linkable: AbstractSet[int]
) -> Covered:
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
        is_linkable=item.id in linkable,
    )


def _linked(
    visit: Visit, items: Iterable[Item], linkable: AbstractSet[int]
) -> Mapping[int, list[Partner | None]]:
    """Item's id -> what it is linked with; None for what the reader may not see."""
    keys = {item.id for item in items}
    ends = ((Link.problem_id, Link.measure_id), (Link.measure_id, Link.problem_id))
    found: dict[int, list[Partner | None]] = {}
    for mine, other in ends:
        query = (
            select(
                mine,
                Item.reference,
                Item.title,
                Item.state,
                items_for(visit, "view-item").label("seen"),
                _linkable(visit).label("linkable"),
            )
            .join(Item, Item.id == other)
            .where(mine.in_(keys), Item.state != State.CANCELLED)
            .order_by(Item.reference)
        )
        for key, reference, title, state, is_seen, is_linkable in visit.session.execute(query):
            is_removable = is_linkable if other is Link.measure_id else key in linkable
            partner = Partner(reference, title, state, is_removable)
            found.setdefault(key, []).append(partner if is_seen else None)
    return found


def _earlier(visit: Visit, items: Iterable[Item]) -> Mapping[int, list[Partner | None]]:
    """Item's id -> the problems of earlier reports that it is like; None for what the reader may not see."""
    like = {item.id: earlier_of(item.flags) for item in items}
    wanted = {reference for references in like.values() for reference in references}
    query = select(Item).where(Item.reference.in_(wanted), items_for(visit, "view-item"))
    seen = {
        item.reference: Partner(item.reference, item.title, item.state)
        for item in visit.session.scalars(query)
    }
    return {key: [seen.get(reference) for reference in references] for key, references in like.items()}
