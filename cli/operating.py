"""status, doctor: for whoever runs the machine."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.diagnosing import stopped_by
from cli.door import opened
from cli.mail import tell_held
from cli.options import AsJson
from cli.output import as_json, language, line, padded, table, tell
from cli.watching import SOMETHING, tell_alarms
from texts import say
from texts.diagnosis_labels import GRADES, PARTS
from texts.labels import FATES, label
from texts.run_labels import FLOWS

if TYPE_CHECKING:
    from sqlalchemy import URL

    from rules.diagnosis import Verdict
    from rules.watch import Pulse
    from services.status import Status

EXITS = {"ok": 0, "warning": SOMETHING, "wrong": 1}


def status(*, json: AsJson = False) -> None:
    """Tell on one screen how everything stands. Changes nothing.

    Exit codes as those of check: 0 all is well, 3 something is the matter, 1 it could not be told.
    """
    from config import clock
    from models.session import reading
    from services.seal_checks import check_seals
    from services.status import status_of

    house = opened(reckons=False)
    with reading(house.engine) as session:
        seals = check_seals(session, house.office).findings
        found = status_of(session, house.office, now=clock.now(), seals=seals)
    if json:
        as_json(found)
    else:
        line(f"{found.office} · {found.at:%Y-%m-%d %H:%M}")
        tell("Database: %(database)s", database=_database(house.engine.url))
        _tell(found)
    if not found.is_well:
        raise typer.Exit(SOMETHING)


def _database(url: "URL") -> str:
    """Where the database is, without a password."""
    return url.render_as_string(hide_password=True)


def _tell(found: "Status") -> None:
    tell("Items: %(open)d open, %(overdue)d of them overdue", open=found.open, overdue=found.overdue)
    letters = (f"{label(FATES, fate, language())} {count}" for fate, count in found.letters.items())
    tell("Letters: %(letters)s", letters=", ".join(letters) or "—")
    if found.last_seal:
        period, at = found.last_seal
        tell(
            "Sealed periods: %(sealed)d, the last one %(period)s on %(at)s",
            sealed=found.sealed,
            period=period,
            at=f"{at:%Y-%m-%d %H:%M}",
        )
    else:
        tell("No period is sealed.")
    table(("Loop", "Last success", "State"), [_row(pulse) for pulse in found.pulses])
    if found.held_since:
        tell_held(found.held_since)
    if found.alarms or not found.held_since:
        tell_alarms(found.alarms)


def _row(pulse: "Pulse") -> tuple[str, str, str]:
    at = pulse.succeeded_at
    late = say(language(), "overdue") if pulse.is_late and at else ""
    return (
        label(FLOWS, pulse.loop, language()),
        f"{at:%Y-%m-%d %H:%M}" if at else "",
        stopped_by(pulse.error) or late,
    )


def doctor(
    mail_to: Annotated[
        str, typer.Option("--mail-to", metavar="ADDRESS", help="Also send a test mail to this address.")
    ] = "",
    *,
    json: AsJson = False,
) -> None:
    """Look at everything that the program stands on, and say how to mend what is wrong.

    Exit codes: 0 all is well, 3 somebody should look, 1 something does not work.
    """
    from cli.diagnosing import diagnose
    from config import clock
    from config.settings import load
    from notifications.wire import checked_address
    from rules.diagnosis import worst

    try:
        found = diagnose(load(), clock.now(), checked_address(mail_to) if mail_to else "")
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if json:
        as_json([_plain(verdict) for verdict in found])
    else:
        for verdict in found:
            _tell_verdict(verdict)
    if code := EXITS[worst(found)]:
        raise typer.Exit(code)


def _plain(verdict: "Verdict") -> dict[str, str]:
    said, mend = _words(verdict)
    return {"part": verdict.part.value, "grade": verdict.grade.value, "said": said, "mend": mend}


def _words(verdict: "Verdict") -> tuple[str, str]:
    said = say(language(), verdict.said.value) % verdict.values
    return said, say(language(), verdict.mend.value) % verdict.values if verdict.mend else ""


def _tell_verdict(verdict: "Verdict") -> None:
    said, mend = _words(verdict)
    grade, part = label(GRADES, verdict.grade, language()), label(PARTS, verdict.part, language())
    line(f"{padded(grade, 8)}  {padded(part, 14)}  {said}")
    if mend:
        line(f"{'':8}  {'':14}  → {mend}")


COMMANDS = (status, doctor)
