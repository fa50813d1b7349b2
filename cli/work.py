"""items, act: what there is, and what is done about it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.door import opened, visiting
from cli.options import AsJson, InState, Lit, OfKind, OfReport, day
from cli.output import as_json, language, table, tell
from rules.lifecycle import Move
from rules.permissions import Role
from texts import say
from texts.labels import KINDS, LIGHTS, STATES, label

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from services.items import Change
    from services.listing import ListedItem
    from services.moves import Wish

OWN_COMMANDS = frozenset(
    {Move.EDIT, Move.SPLIT, Move.MERGE, Move.LINK, Move.UNLINK, Move.ORDER, Move.CIRCULATE}
)
"""Moves that ask for more than `act` takes; cli/drafting.py and cli/orders.py make them."""
ACTS = ", ".join(move for move in Move if move not in OWN_COMMANDS)

SHORT = {"request": "request-extension", "grant": "grant-extension", "refuse": "refuse-extension"}
"""What the three words mean when nothing else is said."""


def items(
    state: InState = None,
    kind: OfKind = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="CODE", help="Led by this unit.")] = None,
    report: OfReport = None,
    light: Lit = None,
    *,
    json: AsJson = False,
) -> None:
    """List the items."""
    from config import clock
    from models.session import reading
    from services import listing

    house = opened(reckons=False)
    chosen = listing.named(state=state, kind=kind, unit=unit, report=report)
    with reading(house.engine) as session:
        found = listing.listed(session, house.office, house.office.day(clock.now()), *chosen)
    found = [item for item in found if light in {None, item.light}]
    if json:
        as_json(found)
        return
    table(
        ("Reference", "Kind", "Title", "Unit", "Owners", "Due", "State", "Light", "%"),
        [_row(item) for item in found],
    )


def _row(item: "ListedItem") -> tuple[Any, ...]:
    owners = ", ".join(item.owners)
    return (
        item.reference,
        label(KINDS, item.kind, language()),
        item.title,
        item.unit,
        owners,
        item.due_on,
        _state(item),
        label(LIGHTS, item.light, language()),
        item.progress,
    )


def _state(item: "ListedItem") -> str:
    state = label(STATES, item.state, language())
    if item.resumes_on is None:
        return state
    return say(language(), "%(state)s (paused until %(on)s)", state=state, on=item.resumes_on)


Verifier = Annotated[
    str | None, typer.Option("--verifier", metavar="EMAIL", help="Who verifies it; '' for those of its unit.")
]
Supervisor = Annotated[
    str | None, typer.Option("--supervisor", metavar="EMAIL", help="Who leads it; '' for those of its unit.")
]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="When reminders go on.")]
HappenedOn = Annotated[
    str | None, typer.Option("--happened-on", metavar="DATE", help="The earlier day of what is entered late.")
]


def act(
    reference: Annotated[str, typer.Argument(metavar="REF", help="The item, such as 2026H1-P03.")],
    move: Annotated[str, typer.Argument(metavar="MOVE", help=f"One of: {ACTS}.")],
    as_whom: Annotated[str, typer.Option("--as", metavar="EMAIL", help="Who does this.")],
    note: Annotated[str, typer.Option("--note", help="Why, or what was done.")] = "",
    progress: Annotated[int | None, typer.Option("--progress", help="Per cent done.")] = None,
    evidence: Annotated[list[Path] | None, typer.Option("--evidence", help="A file that shows it.")] = None,
    due: Annotated[str | None, typer.Option("--due", help="A new deadline, such as 2026-09-30.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="EMAIL", help="The owner to name.")] = None,
    co: Annotated[list[str] | None, typer.Option("--co", metavar="EMAIL", help="A co-owner to name.")] = None,
    verifier: Verifier = None,
    supervisor: Supervisor = None,
    until: Until = None,
    happened_on: HappenedOn = None,
    file: Annotated[str | None, typer.Option("--file", metavar="NAME", help="What to withdraw.")] = None,
    *,
    json: AsJson = False,
) -> None:
    """Make one move on one item."""
    from services.evidence import named, read_file
    from services.items import act as make
    from services.items import by_reference
    from services.moves import Wish, entrusting
    from services.organisation import person_by_email

    wanted = _move(move)
    files = tuple(read_file(path) for path in evidence or [])

    def wish(session: "Session") -> "Wish":
        owner = person_by_email(session, to) if to else None
        helpers = tuple(person_by_email(session, email) for email in co or [])
        gone = named(session, by_reference(session, reference), file) if file else None
        days = (day(until), day(happened_on))
        named_ones = {Role.VERIFIER: verifier, Role.SUPERVISOR: supervisor}
        judges = entrusting(named_ones, lambda email: person_by_email(session, email))
        return Wish(wanted, note, progress, day(due), owner, helpers, files, *days, judges, file=gone)

    with visiting(opened(reckons=False), as_whom) as visit:
        change = make(visit, reference, wish(visit.session))
    as_json(change) if json else _tell(change)


def _tell(change: "Change") -> None:
    before, after = (label(STATES, state, language()) for state in (change.before, change.after))
    told = {"reference": change.reference, "before": before, "after": after, "due_on": change.due_on}
    if change.due_on:
        tell("%(reference)s: %(before)s → %(after)s, due %(due_on)s", **told)
    else:
        tell("%(reference)s: %(before)s → %(after)s", **told)


def _move(word: str) -> Move:
    name = word.strip().lower().replace("_", "-")
    found = next((move for move in Move if move == SHORT.get(name, name)), None)
    if found is None or found in OWN_COMMANDS:
        raise typer.BadParameter(f"{word} is no move. Moves: {ACTS}.")
    return found


COMMANDS = (items, act)
