"""outbox: what was sent and its fate, what the flood guard holds, and what a coordinator decides about it."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.door import opened, visiting
from cli.options import AsJson, AsWhom, day
from cli.output import as_json, language, table, tell
from rules.fates import Fate
from texts.labels import FATES, LETTERS, label, reason_in_words

if TYPE_CHECKING:
    from services.mailings import Mailing

outbox = typer.Typer(help="Letters and their fate.", no_args_is_help=True, rich_markup_mode=None)
OfDay = Annotated[str, typer.Argument(metavar="DATE", help="The day that the letters were planned for.")]


@outbox.command("list")
def show(
    state: Annotated[Fate | None, typer.Option("--state", help="Only letters with this fate.")] = None,
    person: Annotated[str, typer.Option("--person", metavar="WORDS", help="Part of a name or address.")] = "",
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="Only letters of this day.")] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many letters at most.")] = 50,
    who: AsWhom = None,
    *,
    json: AsJson = False,
) -> None:
    """List letters, the newest first."""
    from services import mailings

    wanted = mailings.Wanted(fate=state, person=person, since=day(on), until=day(on))
    with visiting(opened(reckons=False), who) as visit:
        found = mailings.find(visit, wanted, most=most)
    if json:
        as_json(found)
        return
    heads = ("Number", "Day", "Letter", "Person", "State", "Attempts", "Last answer")
    table(heads, [_row(letter) for letter in found])


def _row(letter: "Mailing") -> tuple[object, ...]:
    reason = letter.reason
    answer = reason_in_words(reason.sentence.value, reason.values, language()) if reason else letter.answer
    return (
        letter.number,
        letter.day,
        label(LETTERS, letter.letter, language()),
        letter.email,
        label(FATES, letter.fate, language()),
        letter.attempts,
        answer,
    )


@outbox.command()
def release(on: OfDay, who: AsWhom = None) -> None:
    """Let the letters of a day go that the flood guard holds."""
    from services import releases

    with visiting(opened(reckons=False), who) as visit:
        done = releases.release(visit, day(on))
    tell("%(letters)s letters of %(day)s may go now.", letters=len(done.letters), day=on)


@outbox.command()
def drop(
    on: OfDay,
    note: Annotated[str, typer.Option("--note", help="Why they are not to go out.")],
    who: AsWhom = None,
) -> None:
    """Withdraw the letters of a day that the flood guard holds."""
    from services import releases

    with visiting(opened(reckons=False), who) as visit:
        done = releases.drop(visit, day(on), note)
    tell("%(letters)s letters of %(day)s were dropped.", letters=len(done.letters), day=on)


@outbox.command("send-again")
def send_again(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The letter, by number.")],
    who: AsWhom = None,
) -> None:
    """Have a letter tried anew that the mail server did not take."""
    from services import releases

    with visiting(opened(reckons=False), who) as visit:
        releases.send_again(visit, number)
    tell("Letter %(number)s is tried anew with the next delivery.", number=number)
