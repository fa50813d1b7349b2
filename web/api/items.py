"""Items for programs: the ledger, one item with all that is known of it, and its moves."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, Move, State
from rules.lights import Light
from rules.permissions import Role
from rules.scopes import Scope
from services import findings
from services.dossiers import Dossier, dossier
from services.findings import Filter, FoundItem, Order
from services.visibility import visible_item
from services.worklists import Work
from web.api.door import Door, entering
from web.api.paging import Given, Paged, given, linked, plain

router = APIRouter(tags=["items"])

Reference = Annotated[str, Path(min_length=1, max_length=64, description="Such as `2026H1-P01`.")]


class ListedItem(BaseModel):
    """An item as the ledger shows it."""

    reference: str
    kind: Kind
    title: str
    unit: str = Field(description="Name of the lead unit.")
    owners: str = Field(description="Names, with 、 between them.")
    state: State
    light: Light
    due_on: date | None
    original_due_on: date | None
    working_days_left: int | None = Field(description="Negative when late.")
    progress: int = Field(description="Per cent.")


class ItemPage(Given):
    """One page of the items that were asked for."""

    items: list[ListedItem]


class PersonsPart(BaseModel):
    """Somebody who has to do with the item."""

    role: Role
    name: str
    email: str


class LinkedItem(BaseModel):
    """A problem that the measure answers, or a measure that answers the problem."""

    reference: str
    title: str
    state: State


class HandedIn(BaseModel):
    """A piece of evidence."""

    name: str
    size: int = Field(description="Bytes.")
    by: str
    at: datetime
    is_withdrawn: bool


class Happened(BaseModel):
    """One event of the item's history."""

    at: datetime
    by: str
    move: str
    note: str
    before: State | None
    after: State | None


class PossibleMove(BaseModel):
    """A move that the token's person may make now."""

    move: Move
    takes: list[str] = Field(description="What may be said along, beside a note.")
    required: list[str]


class Item(ListedItem):
    """All of one item that the token's person may know."""

    version: int = Field(description="Send it along with a move to be told if somebody was faster.")
    time_limit: TimeLimit
    quote: str = Field(description="The report's own words.")
    report: str = Field(description="The report's title.")
    people: list[PersonsPart]
    linked: list[LinkedItem]
    evidence: list[HandedIn]
    history: list[Happened] = Field(description="The latest first.")
    moves: list[PossibleMove]


class Filters(Paged):
    """Which items are asked for; what is left out does not narrow."""

    text: str = Field("", max_length=200)
    unit: str = Field("", max_length=64, description="A unit's code; the units under it are meant too.")
    state: State | None = None
    open: bool = Field(False, description="Handed over and not finished.")
    light: Light | None = None
    kind: Kind | None = None
    owner: int | None = Field(None, ge=1, le=2**31, description="A person's number.")
    period: str = Field("", max_length=16)
    report: int | None = Field(None, ge=1, le=2**31)
    work: Work | None = Field(None, description="What waits for the token's person.")
    sort: Order = Order.DUE
    falling: bool = False

    def wanted(self) -> Filter:
        """As the ledger's own filter."""
        return Filter(
            unit=plain(self.unit),
            state=self.state,
            is_open=self.open,
            light=self.light,
            owner=self.owner,
            period=plain(self.period),
            report=self.report,
            kind=self.kind,
            work=self.work,
            text=plain(self.text),
        )


@router.get("/items", name="list-items")
def list_items(
    asked: Annotated[Filters, Query()],
    response: Response,
    door: Annotated[Door, entering(Scope.READ_ITEMS, "list-items")],
) -> ItemPage:
    """The items that the token's person may see, as the ledger lists them."""
    with door.reading() as visit:
        shown = asked.leaf(findings.count(visit, asked.wanted()))
        rows = findings.find(
            visit,
            asked.wanted(),
            asked.sort,
            is_falling=asked.falling,
            start=shown.start,
            most=shown.size,
        )
        found = [listed_item(row) for row in rows]
    response.headers.update(linked(door.request.url, shown))
    return ItemPage(items=found, **given(shown))


def listed_item(row: FoundItem) -> ListedItem:
    """The row as JSON has it."""
    return ListedItem(**{name: getattr(row, name) for name in ListedItem.model_fields})


@router.get("/items/{reference}", name="view-item")
def show_item(reference: Reference, door: Annotated[Door, entering(Scope.READ_ITEMS, "view-item")]) -> Item:
    """One item with its people, evidence, history, and the moves that are possible now."""
    with door.reading() as visit:
        return _whole(dossier(visit, visible_item(visit, plain(reference))))


def _whole(found: Dossier) -> Item:
    item = found.item
    owners = [part.name for part in found.people if part.role is Role.OWNER]
    return Item(
        reference=item.reference,
        kind=item.kind,
        title=item.title,
        unit=found.unit,
        owners="、".join(owners),
        state=item.state,
        light=found.light,
        due_on=item.due_on,
        original_due_on=item.original_due_on,
        working_days_left=found.working_days_left,
        progress=item.progress,
        version=item.version,
        time_limit=item.time_limit,
        quote=found.quote.words,
        report=found.quote.report,
        people=[PersonsPart(role=part.role, name=part.name, email=part.email) for part in found.people],
        linked=[LinkedItem(reference=it.reference, title=it.title, state=it.state) for it in found.linked],
        evidence=[
            HandedIn(name=it.name, size=it.size, by=it.by, at=it.at, is_withdrawn=it.is_withdrawn)
            for it in found.files
        ],
        history=[
            Happened(at=it.at, by=it.by, move=it.move, note=it.note, before=it.before, after=it.after)
            for it in found.events
        ],
        moves=[
            PossibleMove(move=it.move, takes=sorted(it.takes), required=sorted(it.required))
            for it in found.offers
        ],
    )
