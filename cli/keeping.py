"""backup, restore, resume: keeping a copy, and going on from one."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.door import opened
from cli.mail import tell_held
from cli.options import AsJson
from cli.output import as_json, language, table, tell, warn
from rules.errors import WrongMoveError
from texts import say
from texts.labels import LETTERS, label

if TYPE_CHECKING:
    from config.settings import Settings
    from services.backups import Place
    from services.rehearsals import Unsent

BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, one file.")]


def backup(file: BackupFile, *, json: AsJson = False) -> None:
    """Write database, evidence, documents and secret into one file, while everything runs."""
    from config import clock
    from config.settings import load
    from services import backups

    settings = load()
    # Makes the secret where none was needed yet.
    settings.secret()
    made = backups.write(_place(settings), file, clock.now())
    if json:
        as_json({"file": file, "migration": made.version, "files": len(made.files)})
        return
    tell(
        "%(file)s: the database and %(files)d files (%(size)s). Whoever has it can read everything: keep "
        "it where only administrators come.",
        file=file,
        files=len(made.files) - 1,
        size=_size(file),
    )


def restore(file: BackupFile, *, json: AsJson = False) -> None:
    """Put a backup back into an empty place; nothing is sent until resume.

    Exit code 1 also where the history in the backup is not as it was written.
    """
    from config import clock
    from config.settings import load
    from services import restores

    done = restores.restore(_place(load()), file, clock.now())
    fault = done.verdict.fault
    if json:
        as_json(done)
    else:
        made_at = f"{done.backup.made_at:%Y-%m-%d %H:%M} UTC"
        tell("Restored from the backup of %(at)s.", at=made_at)
        if not fault:
            tell("%(events)d events, each as it was written.", events=done.verdict.events)
        tell("Nothing is sent. Next: rectify doctor, then rectify resume")
    if fault:
        warn(fault.sentence, **fault.values)
        raise typer.Exit(1)


def _place(settings: "Settings") -> "Place":
    from models.session import open_engine
    from services.backups import Place

    engine = open_engine(settings.url, patience=settings.patience)
    return Place(engine, settings.dir, settings.secret_file or settings.dir / "secret")


def _size(file: Path) -> str:
    from rules.diagnosis import size

    return size(file.stat().st_size)


def resume(
    *,
    confirm: Annotated[bool, typer.Option("--confirm", help="Let these letters go, without asking.")] = False,
    json: AsJson = False,
) -> None:
    """After a restore: list the letters that would be sent, and send again once that is confirmed."""
    from config import clock
    from models.session import reading, writing
    from services import rehearsals, restores

    house = opened()
    with reading(house.engine) as session:
        since = restores.held_since(session)
        waiting = rehearsals.waiting(session, house.office, clock.now())
    if since is None:
        raise WrongMoveError("Nothing stands still: letters go as ever.")
    _show([letter for letter in waiting if not letter.held], json=json)
    if not (confirm or _agreed()):
        tell_held(since.astimezone(house.settings.zone))
        return
    with writing(house.engine) as session:
        restores.resume(session, clock.now())
    if not json:
        tell("Letters go again with the next delivery.")


def _show(letters: "list[Unsent]", *, json: bool) -> None:
    if json:
        as_json([{"email": it.email, "letter": it.letter, "subject": it.subject} for it in letters])
        return
    rows = [(it.email, label(LETTERS, it.letter, language()), it.subject) for it in letters]
    table(("Person", "Letter", "Subject"), rows)
    tell(
        "%(letters)d letters wait. Some may have gone out after the backup; they go out again under the "
        "same Message-ID. What the next run of reminders adds is told by rectify remind --dry-run.",
        letters=len(letters),
    )


def _agreed() -> bool:
    """Asks on a terminal; elsewhere nobody has agreed."""
    if not sys.stdin.isatty():
        return False
    return typer.confirm(say(language(), "Send these letters?"))


COMMANDS = (backup, restore, resume)
