"""organisation: people in and out as a list."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.door import opened, visiting
from cli.options import AsJson, AsWhom, bytes_of
from cli.output import as_json, language, line, table, tell
from rules.errors import RefusedError, UnreadableError
from texts import say
from texts.labels import DOINGS, label

if TYPE_CHECKING:
    from services.rosters import Step

organisation = typer.Typer(help="People in and out.", no_args_is_help=True, rich_markup_mode=None)
ListFile = Annotated[Path, typer.Argument(metavar="FILE", help="A list of people, as csv or xlsx.")]


@organisation.command("export")
def write(file: ListFile, who: AsWhom = None) -> None:
    """Write the people whom you may see into a file."""
    from documents.lists import csv_of, xlsx_of
    from documents.replacing import replacing
    from services import rosters

    house = opened(reckons=False)
    with visiting(house, who) as visit:
        heads, rows = rosters.table(rosters.listed(visit), language())
        now = visit.now
    if file.suffix.lower() == ".csv":
        content = csv_of(heads, rows)
    elif file.suffix.lower() == ".xlsx":
        content = xlsx_of(say(language(), "People"), heads, rows, now=now)
    else:
        raise UnreadableError("%(name)s is no list of people: hand in an xlsx or csv file.", name=file.name)
    with replacing(file) as fresh:
        fresh.write_bytes(content)
    tell("%(file)s: %(people)d people.", file=file, people=len(rows))


@organisation.command("import")
def read(
    file: ListFile,
    who: AsWhom = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would change.")] = False,
    json: AsJson = False,
) -> None:
    """Enter and change people as a list says; exits with 1 where rows are refused."""
    from config import clock
    from config.house import actor_for
    from documents.rosters import read_roster
    from models.session import rehearsing, writing
    from services import rosters
    from services.organisation import root

    entries = read_roster(bytes_of(file), file.name)
    house = opened(reckons=False)
    with (rehearsing if dry_run else writing)(house.engine) as session:
        now = clock.now()
        actor = actor_for(session, who, root(session), house.office.day(now))
        steps = rosters.apply(house.visit(session, actor, now=now), entries)
    if json:
        as_json([_plainly(step) for step in steps])
    else:
        _tell(steps)
    if any(step.error for step in steps):
        raise typer.Exit(1)


@organisation.command()
def appoint(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The person, by address.")],
) -> None:
    """Make somebody the first administrator; from then on administrators give roles in the pages."""
    from config import clock
    from models.session import writing
    from services import administrators

    house = opened(reckons=False)
    with writing(house.engine) as session:
        administrators.appoint(session, house.office, email, now=clock.now(), door="command")
    tell("%(email)s may edit the organisation now.", email=email)


def _plainly(step: "Step") -> dict[str, object]:
    return {
        "line": step.line,
        "doing": step.doing,
        "name": step.name,
        "email": step.email,
        "unit": step.unit,
        "sentence": _sentence(step.error),
    }


def _sentence(error: RefusedError | None) -> str:
    return say(language(), error.sentence, **error.values) if error else ""


def _tell(steps: "list[Step]") -> None:
    from services import rosters

    shown = [step for step in steps if step.doing != "same"]
    if shown:
        table(
            ("Row", "What it brings", "Person", "Unit", "Why"),
            [
                (
                    step.line,
                    label(DOINGS, step.doing, language()),
                    step.email,
                    step.unit,
                    _sentence(step.error),
                )
                for step in shown
            ],
        )
    numbers = rosters.counts(steps).items()
    line(", ".join(f"{label(DOINGS, doing, language())} {number}" for doing, number in numbers))
