"""links: ending what the links in letters open."""

from typing import Annotated

import typer

from cli.options import Folder
from cli.output import tell

links = typer.Typer(help="Links in letters.", no_args_is_help=True, rich_markup_mode=None)


@links.callback()
def _only() -> None:
    """Links in letters."""


@links.command("void")
def void(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The person, by address.")],
    folder: Folder = None,
) -> None:
    """Make every link void that letters gave a person so far, and their calendar's address."""
    from cli.door import opened
    from config import clock
    from models.session import writing
    from services import mail_links
    from services.organisation import person_by_email

    house = opened(folder, reckons=False)
    with writing(house.engine) as session:
        person = person_by_email(session, email)
        mail_links.void(session, person, now=clock.now(), door="command")
    tell("The links of %(email)s are void; letters written from now on carry new ones.", email=email)
