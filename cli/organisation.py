"""organisation: people in and out as a list."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from cli.door import opened, visiting
from cli.options import AsJson, AsWhom, bytes_of
from cli.output import as_json, language, line, table, tell
from rules.departures import Departures
from rules.errors import RefusedError, SettingError, UnreadableError
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


@organisation.command()
def mask(
    email: Annotated[
        str | None, typer.Argument(metavar="EMAIL", help="One person, by the address that they had.")
    ] = None,
    days: Annotated[
        int | None, typer.Option("--days", min=0, help="All who left so many days ago or earlier.")
    ] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it. It cannot be undone.")] = False,
    json: AsJson = False,
) -> None:
    """Mask name, address, account and letters of people who left; without --yes only list them."""
    from config import clock
    from models.organisation import Person
    from models.session import rehearsing, writing
    from services import departures

    house = opened(reckons=False)
    now = clock.now()
    rule = Departures(days) if days is not None else house.office.policy.departures
    before = None if email or days == 0 else rule.masked_before(now)
    if before is None and not email and days is None:
        raise SettingError("Name a person or --days; the policy masks nobody by itself.")
    with (writing if yes else rehearsing)(house.engine) as session:
        found = departures.leavers(session, before)
        found = [one for one in found if one.email == email.strip().lower()] if email else found
        for one in found:
            departures.mask(session, session.get_one(Person, one.number), now=now, door="command")
    if json:
        as_json(found)
        return
    rows = [(one.name, one.email, _day(one.left_at, house.settings.zone), one.letters) for one in found]
    table(("Person", "E-mail address", "Left on", "Letters"), rows)
    tell("%(people)d people were masked." if yes else "%(people)d people would be masked.", people=len(found))


def _day(at: datetime | None, zone: ZoneInfo) -> date | None:
    return at.astimezone(zone).date() if at else None


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
