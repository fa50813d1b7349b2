"""The command line's entry. Commands import what they need when they run: `rectify --help` stays quick."""

import os
import sys

import typer

from cli import (
    circulars,
    drafting,
    figures,
    keeping,
    letters,
    links,
    mail,
    operating,
    orders,
    organisation,
    outbox,
    pages,
    reading,
    running,
    silences,
    tokens,
    watching,
    work,
)
from cli.output import warn
from rules.errors import RefusedError

app = typer.Typer(
    name="rectify",
    help="Turns the problems and measures of written reports into tracked items.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
ROOMS = (
    running,
    reading,
    drafting,
    work,
    orders,
    circulars,
    mail,
    letters,
    silences,
    watching,
    figures,
    operating,
    keeping,
    pages,
)
for room in ROOMS:
    for command in room.COMMANDS:
        app.command(command.__name__.rstrip("_").replace("_", "-"))(command)
app.add_typer(pages.account, name="account")
app.add_typer(tokens.token, name="token")
app.add_typer(outbox.outbox, name="outbox")
app.add_typer(links.links, name="links")
app.add_typer(organisation.organisation, name="organisation")


def main() -> None:
    """Runs a command. Exit codes: 0 done, 1 refused with a sentence, 2 wrong usage.

    And 3, from check, status and doctor: something is the matter.
    """
    try:
        app()
    except RefusedError as error:
        warn(error.sentence, **error.values)
        sys.exit(1)
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
