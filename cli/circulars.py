"""circular: a circular about a list of items is issued, and written as a document."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.door import opened, visiting
from cli.options import Again, AsJson, DocxFile, InState, Lit, OfKind, OfReport, check_folder
from cli.output import as_json, language, table, tell
from texts.labels import STATES, label
from texts.orders import circular_number

if TYPE_CHECKING:
    from documents.circular_docx import Circular
    from services.findings import Filter
    from services.office import Visit


def circular(
    as_whom: Annotated[str, typer.Option("--as", metavar="EMAIL", help="Who does this.")],
    title: Annotated[str, typer.Option("--title", help="What it is called.")] = "",
    note: Annotated[str, typer.Option("--note", help="Why it is issued.")] = "",
    state: InState = None,
    kind: OfKind = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="CODE", help="Led by this unit or one below it.")
    ] = None,
    report: OfReport = None,
    light: Lit = None,
    again: Again = None,
    out: DocxFile = None,
    *,
    json: AsJson = False,
) -> None:
    """Issue a circular about the open items of a list; owners and heads of their units get it by mail."""
    from documents.circular_docx import write_circular
    from services import circulars
    from services.findings import Filter

    check_folder(out)
    wanted = Filter(unit=unit or "", state=state, light=light, report=report, kind=kind)
    house = opened(reckons=False)
    with visiting(house, as_whom) as visit:
        key = again or _issued(visit, title, note, wanted)
        found = circulars.written(visit, key)
    if out:
        write_circular(out, found, house.settings.language, house.settings.template)
    _tell(found, out, json=json)


def _issued(visit: "Visit", title: str, note: str, wanted: "Filter") -> str:
    from services import circulars

    candidates = circulars.candidates(visit, wanted)
    chosen = [circulars.Chosen(one.entry.reference, one.version) for one in candidates]
    return circulars.issue(visit, title, note, chosen).key


def _tell(found: "Circular", out: Path | None, *, json: bool) -> None:
    if json:
        as_json(found)
        return
    tell("%(number)s: %(title)s", number=circular_number(language(), found.key), title=found.title)
    table(
        ("Reference", "Title", "Unit", "State", "Due", "Working days late"),
        [
            (
                entry.reference,
                entry.title,
                entry.unit,
                label(STATES, entry.state, language()),
                entry.due_on,
                entry.late_working_days or "",
            )
            for entry in found.entries
        ],
    )
    if out:
        tell("Written: %(path)s", path=out)


COMMANDS = (circular,)
