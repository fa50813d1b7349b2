"""Supervision orders (督办单): what one says is kept in its event, and written out anew at any time."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select

from documents.order_docx import Order
from models.event import Event
from models.item import Assignment, Item
from models.order import Numbered, SupervisionOrder
from models.organisation import Person
from rules.errors import NotFoundError
from rules.lifecycle import Move
from rules.permissions import Role
from services.office import Visit


def issue(visit: Visit, item: Item, answer_on: date | None) -> dict[str, Any]:
    """Gives the next number of the year to an order about the item; returns what its event tells.

    Runs under the lock of the history, so that two orders never ask for one number.
    """
    order = SupervisionOrder(
        year=visit.today.year,
        number=next_number(visit, SupervisionOrder),
        item_id=item.id,
        issued_on=visit.today,
        answer_on=answer_on,
    )
    visit.session.add(order)
    visit.session.flush()
    return _told(visit, item, order)


def next_number(visit: Visit, series: type[Numbered]) -> int:
    """The next number of the year in the series. Asked for under the lock of the history."""
    last = visit.session.scalar(select(func.max(series.number)).where(series.year == visit.today.year))
    return (last or 0) + 1


def late_working_days(visit: Visit, due_on: date | None) -> int:
    """How late something due on this day is today; 0 where it is not late."""
    return visit.office.calendar.between(due_on, visit.today) if due_on and due_on < visit.today else 0


def _told(visit: Visit, item: Item, order: SupervisionOrder) -> dict[str, Any]:
    owners, heads = addressees(visit, item)
    *_, office = visit.directory.line(item.lead_unit_id)
    return {
        "order": order.key,
        "answer_on": order.answer_on.isoformat() if order.answer_on else None,
        "by": visit.actor.name,
        "office": office.name,
        "led_by": visit.directory.units[item.lead_unit_id].name,
        "heads": [person.name for person in heads],
        "ordered": [person.name for person in owners],
        "to": [person.id for person in dict.fromkeys((*owners, *heads))],
        "title": item.title,
        "words": item.body,
        "late_working_days": late_working_days(visit, item.due_on),
    }


def addressees(visit: Visit, item: Item) -> tuple[list[Person], list[Person]]:
    """Owners, and heads of the unit in charge."""
    query = (
        select(Person)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(Assignment.item_id == item.id, Assignment.role == Role.OWNER)
        .order_by(Assignment.id)
    )
    heads = visit.directory.holders(Role.HEAD, item.lead_unit_id, visit.today)
    return list(visit.session.scalars(query)), [visit.session.get_one(Person, head) for head in heads]


_OF_ITEM = (
    select(SupervisionOrder)
    .where(SupervisionOrder.item_id == bindparam("item"))
    .order_by(SupervisionOrder.id.desc())
)


def of_item(visit: Visit, item: Item) -> Sequence[SupervisionOrder]:
    """The orders about the item, the latest first."""
    return visit.session.scalars(_OF_ITEM, {"item": item.id}).all()


def written(visit: Visit, item: Item, key: str) -> Order:
    """The order of the item with this key, such as `2026-3`, as it was issued.

    Raises:
        NotFoundError: there is no such order about the item.
    """
    query = select(Event).where(Event.item_id == item.id, Event.move == Move.ORDER)
    event = next((one for one in visit.session.scalars(query) if one.payload["order"] == key), None)
    if event is None:
        raise NotFoundError(
            "There is no supervision order %(key)s about item %(reference)s.",
            key=key,
            reference=item.reference,
        )
    return _order(visit, item, event)


def _order(visit: Visit, item: Item, event: Event) -> Order:
    told = event.payload
    answer_on = told["answer_on"]
    return Order(
        key=told["order"],
        office=told["office"],
        issued_at=event.at,
        issued_on=visit.office.day(event.at),
        by=told["by"],
        unit=told["led_by"],
        heads=tuple(told["heads"]),
        owners=tuple(told["ordered"]),
        reference=item.reference,
        title=told["title"],
        quote=told["words"],
        due_on=event.due_on,
        late_working_days=told["late_working_days"],
        progress=event.progress or 0,
        required=event.note,
        answer_on=date.fromisoformat(answer_on) if answer_on else None,
    )
