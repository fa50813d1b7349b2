"""letters: every letter there is, to look at before anybody gets one."""

from pathlib import Path
from typing import Annotated

import typer

from cli.output import language, tell


def letters(
    preview: Annotated[Path, typer.Option("--preview", metavar="DIR", help="The folder to write them into.")],
) -> None:
    """Write a sample of every letter, in both languages, as web page, text and mail."""
    from notifications import previews
    from rules.errors import SettingError

    try:
        index = previews.write(preview, language())
    except OSError as error:
        raise SettingError(
            "%(path)s cannot be written: %(reason)s.", path=preview, reason=error.strerror
        ) from error
    tell("Every letter is in %(index)s.", index=index)


COMMANDS = (letters,)
