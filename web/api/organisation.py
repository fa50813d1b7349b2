"""Units and people for programs."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from rules.scopes import Scope
from services.visibility import units_for
from web.api.door import Door, entering

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


class People(BaseModel):
    """The people of the units that the token's person may see."""

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
def list_people(door: Entered) -> People:
    """The people, in order of entry."""
    with door.reading() as visit:
        seen, units = units_for(visit, "view-organisation"), visit.directory.units
        return People(
            people=[
                ListedPerson(
                    number=person.id,
                    name=person.name,
                    email=person.email,
                    unit=units[person.unit_id].code,
                    is_active=person.active,
                )
                for person in visit.directory.people.values()
                if person.unit_id in seen
            ]
        )
