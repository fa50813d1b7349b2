"""why: the reasons for which mail came to a person on a day, or did not."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.door import opened
from cli.options import AsJson, day
from cli.output import as_json, language, line, tell
from texts.labels import LETTERS, ROLES, STATES, label, reason_in_words

if TYPE_CHECKING:
    from rules.reasons import Reason
    from services.silences import Answer, ItemAnswer, LetterAnswer


def why(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The person.")],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day; today unless named.")
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Name the quiet items too.")] = False,
    json: AsJson = False,
) -> None:
    """Say why mail came to a person on a day, or did not."""
    from config import clock
    from models.session import reading
    from services import silences

    house = opened()
    today = house.office.day(clock.now())
    with reading(house.engine) as session:
        answer = silences.why(session, house.office, email, day(on) or today, today)
    if json:
        as_json(_plainly(answer))
    else:
        _tell(answer, everything=everything)


def _plainly(answer: "Answer") -> dict[str, Any]:
    """As JSON holds it: each reason with its name, its values and its sentence in the reader's language."""
    return {
        **{name: getattr(answer, name) for name in ("email", "name", "on")},
        "reasons": _listed(answer.reasons),
        "letters": [_with_reasons(letter) for letter in answer.letters],
        "items": [_with_reasons(item) for item in answer.items],
    }


def _with_reasons(part: "LetterAnswer | ItemAnswer") -> dict[str, Any]:
    return asdict(part) | {"reasons": _listed(part.reasons)}


def _listed(reasons: Iterable["Reason"]) -> list[dict[str, Any]]:
    return [
        {"reason": r.sentence.name.lower(), "values": dict(r.values), "sentence": worded(r)} for r in reasons
    ]


def worded(reason: "Reason") -> str:
    """A reason in the reader's language."""
    return reason_in_words(reason.sentence.value, reason.values, language())


def _tell(answer: "Answer", *, everything: bool) -> None:
    tell("%(name)s <%(email)s>, %(on)s", name=answer.name, email=answer.email, on=answer.on)
    _sentences(answer.reasons)
    if not answer.letters:
        tell("  No letter is known of that day.")
    for letter in answer.letters:
        _letter(letter)
    shown = [item for item in answer.items if everything or item.is_telling]
    for item in shown:
        _item(item)
    if hidden := len(answer.items) - len(shown):
        line()
        tell("%(count)d more items brought nothing that day; --all names them.", count=hidden)


def _letter(letter: "LetterAnswer") -> None:
    line()
    line(f"{label(LETTERS, letter.letter, language())}: {letter.subject}")
    line(f"  {letter.message_id} → {letter.address}")
    _sentences(letter.reasons)


def _item(item: "ItemAnswer") -> None:
    roles = ", ".join(label(ROLES, role, language()) for role in item.roles) or "—"
    line()
    line(f"{item.reference} {item.title}")
    standing = {"state": label(STATES, item.state, language()), "due_on": item.due_on or "—", "roles": roles}
    tell("  %(state)s, due %(due_on)s; as %(roles)s", **standing)
    _sentences(item.reasons)


def _sentences(reasons: Iterable["Reason"]) -> None:
    for reason in reasons:
        line(f"  {worded(reason)}")


COMMANDS = (why,)
