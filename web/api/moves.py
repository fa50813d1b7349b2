"""Moves for programs: one move on one item, carried out once for each key."""

import base64
import binascii
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from rules.errors import UnreadableError
from rules.lifecycle import Move, State
from rules.permissions import Role
from rules.scopes import Scope
from services.evidence import LARGEST, EvidenceFile
from services.items import act
from services.moves import Wish, entrusting
from services.office import Visit
from services.organisation import person_by_email
from services.visibility import visible_item
from web.api.door import Door, Key, entering
from web.api.items import Reference
from web.api.paging import content, plain

router = APIRouter(tags=["items"])


class File(BaseModel):
    """A file that is handed in."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=255)
    content: str = Field(description="The file's bytes in base64; at most 20 MiB of them.")


class Wanted(BaseModel):
    """A move, with what is said along."""

    model_config = ConfigDict(extra="forbid")

    move: Move
    version: int | None = Field(None, description="Of the item that was looked at; another one is refused.")
    note: str = Field("", max_length=10_000)
    progress: int | None = Field(None, ge=0, le=100)
    due_on: date | None = None
    until: date | None = Field(None, description="From when paused reminders go on.")
    answer_on: date | None = Field(None, description="Until when a supervision order asks for an answer.")
    to: str | None = Field(None, description="The owner's address.", max_length=254)
    co_owners: list[str] = Field([], description="Addresses.", max_length=50)
    verifier: str | None = Field(
        None, description="Who verifies: an address, or nothing for those of the unit.", max_length=254
    )
    supervisor: str | None = Field(
        None, description="Who leads: an address, or nothing for those of the unit.", max_length=254
    )
    evidence: list[File] = Field([], max_length=10)


class Moved(BaseModel):
    """What came of a move."""

    reference: str
    before: State
    after: State
    due_on: date | None


@router.post("/items/{reference}/moves", name="move-item", response_model=Moved)
def move_item(
    reference: Reference,
    key: Key,
    wanted: Annotated[Wanted, Body()],
    sent: Annotated[bytes, Depends(content)],
    door: Annotated[Door, entering(Scope.MOVE_ITEMS, "view-item")],
) -> Response:
    """Makes one move on one item. A move that the roles of the token's person do not allow is refused."""
    named = plain(reference)
    evidence = tuple(_file(file) for file in wanted.evidence)

    def move(visit: Visit) -> Moved:
        visible_item(visit, named)
        done = act(visit, named, _wish(visit, wanted, evidence))
        return Moved(reference=done.reference, before=done.before, after=done.after, due_on=done.due_on)

    return door.once(key, sent, move)


def _wish(visit: Visit, wanted: Wanted, evidence: tuple[EvidenceFile, ...]) -> Wish:
    return Wish(
        wanted.move,
        note=plain(wanted.note),
        progress=wanted.progress,
        due_on=wanted.due_on,
        until=wanted.until,
        answer_on=wanted.answer_on,
        to=person_by_email(visit.session, plain(wanted.to)) if wanted.to else None,
        co_owners=tuple(person_by_email(visit.session, plain(email)) for email in wanted.co_owners),
        entrusted=entrusting(
            {Role.VERIFIER: wanted.verifier, Role.SUPERVISOR: wanted.supervisor},
            lambda email: person_by_email(visit.session, plain(email)),
        ),
        evidence=evidence,
        version=wanted.version,
    )


def _file(file: File) -> EvidenceFile:
    """The file's bytes.

    Raises:
        UnreadableError: it is no base64, empty, or larger than 20 MiB.
    """
    name = plain(file.name)
    try:
        read = base64.b64decode(file.content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError("The content of %(name)s is no base64.", name=name) from error
    if not read:
        raise UnreadableError("%(name)s is empty.", name=name)
    if len(read) > LARGEST:
        raise UnreadableError("%(path)s is larger than 20 MiB.", path=name)
    return EvidenceFile(name, read)
