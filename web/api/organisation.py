"""Units and people for programs."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, func, select

from models.organisation import Person
from rules.scopes import Scope
from services.office import Visit
from services.visibility import people_for, units_for
from web.api.door import Door, entering
from web.api.paging import AskedPage, Given, given, linked

router = APIRouter(tags=["organisation"])


class ListedUnit(BaseModel):
    """A unit in the tree."""

    code: str
    name: str
    kind: str
    parent: str | None = Field(description="Code of the unit above, where the token's person may see it.")
    is_active: bool


class Units(BaseModel):
    """The units that the token's person may see."""

    units: list[ListedUnit]


class ListedPerson(BaseModel):
    """A person of one of these units."""

    number: int
    name: str
    email: str
    unit: str = Field(description="Code.")
    is_active: bool


class People(Given):
    """One page of the people of the units that the token's person may see."""

    people: list[ListedPerson]


Entered = Annotated[Door, entering(Scope.READ_ORGANISATION, "view-organisation")]


@router.get("/units", name="view-units")
def list_units(door: Entered) -> Units:
    """The units, each after the one above it."""
    with door.reading() as visit:
        seen, units = units_for(visit, "view-organisation"), visit.directory.units
        return Units(
            units=[
                ListedUnit(
                    code=unit.code,
                    name=unit.name,
                    kind=unit.kind,
                    parent=units[unit.parent_id].code if unit.parent_id in seen else None,
                    is_active=unit.active,
                )
                for unit in units.values()
                if unit.id in seen
            ]
        )


@router.get("/people", name="view-people")
def list_people(asked: AskedPage, response: Response, door: Entered) -> People:
    """The people, in order of entry."""
    with door.reading() as visit:
        total = visit.session.scalar(select(func.count()).select_from(Person).where(_seen(visit))) or 0
        query = select(Person).where(_seen(visit)).order_by(Person.id)
        shown = asked.leaf(total)
        rows = visit.session.scalars(query.offset(shown.start).limit(shown.size)).all()
        found = [_listed(visit, person) for person in rows]
    response.headers.update(linked(door.request.url, shown))
    return People(people=found, **given(shown))


def _seen(visit: Visit) -> ColumnElement[bool]:
    return people_for(visit, "view-organisation")


def _listed(visit: Visit, person: Person) -> ListedPerson:
    return ListedPerson(
        number=person.id,
        name=person.name,
        email=person.email,
        unit=visit.directory.units[person.unit_id].code,
        is_active=person.active,
    )
