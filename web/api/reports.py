"""Reports for programs: taken in, listed with what was read from them, and confirmed."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from documents.paper import open_paper
from documents.reading import Notice
from models.report import Report
from rules.errors import UnreadableError
from rules.scopes import Scope
from services import findings, reports, reviews
from services.access import require
from services.evidence import LARGEST
from services.findings import Filter, Order
from services.office import Visit
from services.visibility import unit_for, visible_report
from texts import say
from web.api.door import Door, Key, entering
from web.api.items import ListedItem, listed_item
from web.api.paging import AskedPage, Given, content, given, linked, plain
from web.api.problems import locale_of

router = APIRouter(tags=["reports"])

Number = Annotated[int, Path(ge=1, le=2**31)]
FILE = {
    "requestBody": {
        "required": True,
        "description": "The file itself; what it is told by its content.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class ListedReport(BaseModel):
    """A report in the list."""

    number: int
    title: str
    unit: str
    period: str
    received_at: datetime
    items: int
    drafts: int = Field(description="Of the items, those that wait for confirmation.")


class ReportList(Given):
    """One page of the reports, the latest first."""

    reports: list[ListedReport]


class ReadReport(BaseModel):
    """A report with the items that were read from it."""

    number: int
    title: str
    period: str
    file_name: str
    received_at: datetime
    items: list[ListedItem]


class TakenIn(BaseModel):
    """What became of a file."""

    number: int
    was_known: bool = Field(description="Whether the same file was here already.")
    references: list[str]
    notices: list[str]


class Chosen(BaseModel):
    """Which drafts are confirmed."""

    model_config = ConfigDict(extra="forbid")

    references: list[str] = Field(min_length=1, max_length=2000)


class HandedOver(BaseModel):
    """What became of the drafts."""

    assigned: list[str]
    unowned: list[str] = Field(description="Confirmed, and nobody is proposed to hand them to.")


@router.get("/reports", name="view-reports")
def list_reports(
    asked: AskedPage,
    response: Response,
    door: Annotated[Door, entering(Scope.READ_REPORTS, "view-report")],
) -> ReportList:
    """The reports that the token's person may read, the latest first."""
    with door.reading() as visit:
        shown = asked.leaf(reviews.count_listed(visit))
        rows = reviews.listed(visit, start=shown.start, most=shown.size)
    response.headers.update(linked(door.request.url, shown))
    found = [ListedReport(**{name: getattr(row, name) for name in ListedReport.model_fields}) for row in rows]
    return ReportList(reports=found, **given(shown))


@router.get("/reports/{number}", name="view-report")
def show_report(
    number: Number, door: Annotated[Door, entering(Scope.READ_REPORTS, "view-report")]
) -> ReadReport:
    """One report with the items that were read from it."""
    with door.reading() as visit:
        report = visible_report(visit, number)
        rows = findings.find(visit, Filter(report=report.id), Order.REFERENCE)
        return ReadReport(
            number=report.id,
            title=report.title,
            period=report.period,
            file_name=report.file_name,
            received_at=report.received_at,
            items=[listed_item(row) for row in rows],
        )


@router.post("/reports", name="take-in-report", response_model=TakenIn, status_code=201, openapi_extra=FILE)
def take_in(
    key: Key,
    unit: Annotated[str, Query(max_length=64, description="Code of the unit that wrote it.")],
    name: Annotated[str, Query(min_length=1, max_length=255, description="The file's name.")],
    sent: Annotated[bytes, Depends(content)],
    door: Annotated[Door, entering(Scope.TAKE_IN_REPORTS, "intake")],
) -> Response:
    """Reads a report or ledger and enters its drafts. The same file twice is the same report."""
    if len(sent) > LARGEST:
        raise UnreadableError("%(path)s is larger than 20 MiB.", path=plain(name))
    with door.reading():
        """Who may take nothing in does not have a file read."""
    paper = open_paper(plain(name), sent)
    locale = locale_of(door.request.headers)

    def enter(visit: Visit) -> TakenIn:
        taken = reports.take_in(visit, paper, unit_for(visit, "intake", plain(unit)))
        visit.session.flush()
        notices: tuple[Notice, ...] = (*paper.reading.notices, *reports.notices_of(taken))
        return TakenIn(
            number=taken.report.id,
            was_known=taken.was_known,
            references=[item.reference for item in taken.items],
            notices=[say(locale, one.sentence, **dict(one.values)) for one in notices],
        )

    return door.once(key, sent, enter, 201)


@router.post("/reports/{number}/confirm", name="confirm-drafts", response_model=HandedOver)
def confirm(
    number: Number,
    key: Key,
    chosen: Annotated[Chosen, Body()],
    sent: Annotated[bytes, Depends(content)],
    door: Annotated[Door, entering(Scope.TAKE_IN_REPORTS, "confirm")],
) -> Response:
    """Confirms drafts of the report, and hands them to the owners that are proposed."""

    def hand_over(visit: Visit) -> HandedOver:
        report = _own_report(visit, number)
        done = reports.confirm(visit, report, [plain(one) for one in chosen.references])
        return HandedOver(
            assigned=[item.reference for item in done.assigned],
            unowned=[item.reference for item in done.unowned],
        )

    return door.once(key, sent, hand_over)


def _own_report(visit: Visit, number: int) -> Report:
    report = visible_report(visit, number)
    require(visit.directory, "confirm", visit.actor, visit.directory.units[report.unit_id], visit.today)
    return report
