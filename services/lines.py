"""The line that stands for an item in a letter."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from models.item import Assignment, Item
from models.organisation import Person
from models.session import plain_rows
from notifications.letters import Line
from rules.lights import light
from rules.permissions import Role
from services.office import Office, Visit

QUOTE_LENGTH = 80
CHUNK = 1000
"""How many ids one statement may name."""


def line_of(
    item: Item | Row[Any], unit: str, owner: str, today: date, office: Office, topic: str = ""
) -> Line:
    """`item` as a letter names it on `today`; `topic` is the key of the rung that brought it there."""
    due_on = item.due_on
    return Line(
        reference=item.reference,
        kind=item.kind,
        title=item.title,
        quote=shorten(item.body),
        unit=unit,
        owner=owner,
        state=item.state,
        light=light(item.state, due_on, today, office.calendar),
        due_on=due_on,
        original_due_on=item.original_due_on,
        working_days_left=office.calendar.between(today, due_on) if due_on else None,
        progress=item.progress,
        topic=topic,
        deadline_version=item.deadline_version,
    )


def shorten(words: str, length: int = QUOTE_LENGTH) -> str:
    """One line of at most `length` characters."""
    flat = " ".join(words.split())
    return flat if len(flat) <= length else flat[: length - 1] + "…"


def owners_of(session: Session, items: Iterable[int]) -> dict[int, tuple[Person, ...]]:
    """The owners of each item, by item id; several, in the order in which they were named."""
    found: dict[int, tuple[Person, ...]] = {}
    ids = list(items)
    for start in range(0, len(ids), CHUNK):
        rows = session.execute(
            select(Assignment.item_id, Person)
            .join(Person, Person.id == Assignment.person_id)
            .where(Assignment.role == Role.OWNER, Assignment.item_id.in_(ids[start : start + CHUNK]))
            .order_by(Assignment.id)
        )
        for item_id, person in rows:
            found[item_id] = (*found.get(item_id, ()), person)
    return found


def owner_names(session: Session, items: Sequence[int]) -> dict[int, str]:
    """The names of each item's owners in one string, by item id, in the order in which they were named."""
    found: dict[int, str] = {}
    for start in range(0, len(items), CHUNK):
        found |= owner_names_where(session, Assignment.item_id.in_(items[start : start + CHUNK]))
    return found


def owner_names_where(session: Session, which: ColumnElement[bool]) -> dict[int, str]:
    """As `owner_names`, for the items that a condition on Assignment names."""
    query = (
        select(Assignment.item_id, Person.name)
        .join(Person, Person.id == Assignment.person_id)
        .where(Assignment.role == Role.OWNER, which)
        .order_by(Assignment.id)
    )
    found: dict[int, str] = {}
    for item_id, name in plain_rows(session, query):
        found[item_id] = f"{found[item_id]}、{name}" if item_id in found else name
    return found


def names(people: Iterable[Person]) -> str:
    """The people's names in one string."""
    return "、".join(person.name for person in people)


def own_lines(visit: Visit, items: list[Item]) -> Mapping[int, Line]:
    """A line for each item, by item id, with its unit and owners looked up."""
    owners = owners_of(visit.session, [item.id for item in items])
    units = visit.directory.units
    return {
        item.id: line_of(
            item,
            units[item.lead_unit_id].name,
            names(owners.get(item.id, ())),
            visit.today,
            visit.office,
        )
        for item in items
    }
