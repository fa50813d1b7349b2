"""token: programs that act for people."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cli.door import opened
from cli.options import AsJson, Folder, day
from cli.output import as_json, line, table, tell

if TYPE_CHECKING:
    from config.house import House

DAYS = 365
"""How long a token lasts when nothing is said."""

token = typer.Typer(help="Programs that act for people.", no_args_is_help=True, rich_markup_mode=None)


@token.command("make")
def make(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="For whom it acts.")],
    name: Annotated[str, typer.Option("--name", help="What it is for.")],
    scope: Annotated[list[str], typer.Option("--scope", help="What it may do; several by several options.")],
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help="Its last day; a year from now unless named."),
    ] = None,
    folder: Folder = None,
) -> None:
    """Make a token and print it; it is shown this once."""
    from config import clock
    from models.session import writing
    from rules.scopes import scopes
    from services import tokens
    from services.organisation import person_by_email

    house = opened(folder, reckons=False)
    now = clock.now()
    with writing(house.engine) as session:
        made = tokens.make(
            session,
            person_by_email(session, email),
            name,
            scopes(scope),
            ends_at=_end(house, until, now),
            now=now,
            door="command",
        )
    line(made)


def _end(house: "House", until: str | None, now: datetime) -> datetime:
    """The midnight after the token's last day."""
    last = day(until) or house.office.day(now) + timedelta(days=DAYS)
    return datetime.combine(last + timedelta(days=1), time(), house.office.zone)


@token.command("list")
def list_(folder: Folder = None, *, json: AsJson = False) -> None:
    """List all tokens."""
    from models.session import reading
    from services import tokens

    house = opened(folder, reckons=False)
    with reading(house.engine) as session:
        found = tokens.listed(session)
    if json:
        as_json(found)
        return
    zone = house.office.zone
    table(
        ("Number", "For", "Name", "Scopes", "Ends", "Revoked"),
        (
            (
                row.number,
                row.email,
                row.name,
                " ".join(row.scopes),
                f"{row.ends_at.astimezone(zone):%Y-%m-%d %H:%M}",
                f"{row.revoked_at.astimezone(zone):%Y-%m-%d %H:%M}" if row.revoked_at else "",
            )
            for row in found
        ),
    )


@token.command("revoke")
def revoke(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="As rectify token list names it.")],
    folder: Folder = None,
) -> None:
    """End a token at once."""
    from config import clock
    from models.session import writing
    from services import tokens

    house = opened(folder, reckons=False)
    with writing(house.engine) as session:
        tokens.revoke(session, number, now=clock.now(), door="command")
    tell("Token %(number)d has ended.", number=number)
