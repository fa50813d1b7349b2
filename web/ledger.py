"""The ledger 台账: items by filter, in order, page by page, and the same list as a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from starlette.responses import Response

from documents.lists import Cell, csv_of, xlsx_of
from rules.leaves import leaf
from rules.lifecycle import Kind, State
from rules.lights import Light
from services import findings
from services.findings import Filter, Order
from services.worklists import Work
from texts.labels import KINDS, LIGHTS, STATES, labels
from web.deps import Ask
from web.forms import number, text, word
from web.pages import Family
from web.rendering import page

ROWS = 50
"""Items on one page."""
OPEN = "open"
"""The word for all states in which an item is handed over and not finished."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

family = Family()


@dataclass(frozen=True, slots=True)
class Look:
    """What an address asks for: filter, order and page. The address can be kept; it means the same again."""

    wanted: Filter
    order: Order
    is_falling: bool
    number: int

    def words(self) -> dict[str, str]:
        """The address's words, without the page."""
        wanted = self.wanted
        state = OPEN if wanted.is_open else wanted.state or ""
        said = {
            "text": wanted.text,
            "unit": wanted.unit,
            "state": state,
            "light": wanted.light or "",
            "kind": wanted.kind or "",
            "owner": str(wanted.owner or ""),
            "period": wanted.period,
            "report": str(wanted.report or ""),
            "work": wanted.work or "",
            "sort": f"{'-' if self.is_falling else ''}{self.order}",
        }
        return {name: str(value) for name, value in said.items()}


def look(said: Mapping[str, str]) -> Look:
    """What the words of an address mean.

    Raises:
        WrongMoveError: a word that there is not; a filter that is passed over would show too much.
    """
    is_open = text(said, "state") == OPEN
    sort = text(said, "sort")
    return Look(
        Filter(
            unit=text(said, "unit"),
            state=None if is_open else word(said, "state", State),
            is_open=is_open,
            light=word(said, "light", Light),
            owner=number(said, "owner"),
            period=text(said, "period"),
            report=number(said, "report"),
            kind=word(said, "kind", Kind),
            work=word(said, "work", Work),
            text=text(said, "text"),
        ),
        word({"sort": sort.removeprefix("-")}, "sort", Order) or Order.DUE,
        is_falling=sort.startswith("-"),
        number=max(1, number(said, "page") or 1),
    )


@family.get("/items", "list-items")
def show(ask: Ask) -> Response:
    """One page of the items that the address asks for."""
    asked = look(ask.request.query_params)
    total = findings.count(ask.visit, asked.wanted)
    shown = leaf(asked.number, total, ROWS)
    rows = findings.find(
        ask.visit,
        asked.wanted,
        asked.order,
        is_falling=asked.is_falling,
        start=shown.start,
        most=ROWS,
    )
    return page(
        ask,
        "ledger.html",
        look=asked,
        words=asked.words(),
        rows=rows,
        leaf=shown,
        today=ask.visit.today,
        choices=findings.choices(ask.visit),
        states=list(State),
        lights=list(Light),
        kinds=list(Kind),
        open_word=OPEN,
    )


@family.get("/items.csv", "list-items")
def as_csv(ask: Ask) -> Response:
    """All items that the address asks for, in its order."""
    content = csv_of(_heads(ask), _cells(ask))
    return attached(content, "text/csv; charset=utf-8", f"{_file_name(ask)}.csv")


@family.get("/items.xlsx", "list-items")
def as_xlsx(ask: Ask) -> Response:
    """As csv, as a workbook."""
    content = xlsx_of(ask.tell("Ledger"), _heads(ask), _cells(ask), now=ask.now)
    return attached(content, XLSX, f"{_file_name(ask)}.xlsx")


def _heads(ask: Ask) -> Sequence[str]:
    return (
        ask.tell("Reference"),
        ask.tell("Kind"),
        ask.tell("Title"),
        ask.tell("Unit"),
        ask.tell("Owners"),
        ask.tell("Due"),
        ask.tell("Light"),
        ask.tell("State"),
        ask.tell("Progress"),
    )


def _cells(ask: Ask) -> Iterator[Sequence[Cell]]:
    """The items that the address asks for, in the order of the heads."""
    asked = look(ask.request.query_params)
    kinds, lights, states = (labels(table, ask.locale) for table in (KINDS, LIGHTS, STATES))
    for row in findings.find(ask.visit, asked.wanted, asked.order, is_falling=asked.is_falling):
        yield (
            row.reference,
            kinds[row.kind],
            row.title,
            row.unit,
            row.owners,
            row.due_on,
            lights[row.light],
            states[row.state],
            row.progress,
        )


def _file_name(ask: Ask) -> str:
    return f"{ask.tell('Ledger')}-{ask.visit.today.isoformat()}"


def attached(content: bytes, media_type: str, name: str) -> Response:
    """A file that browsers save and never show."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})
