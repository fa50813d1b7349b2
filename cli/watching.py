"""receipt, check: what coordinators are told of the program's own work."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

from cli.door import opened
from cli.mail import send, stop_if_stopped
from cli.options import AsJson, day
from cli.output import as_json, counts, language, line, tell, warn

if TYPE_CHECKING:
    from config.house import House
    from notifications.receipts import Alarm

SOMETHING = 3
"""The exit code where something is the matter: neither a refusal (1) nor wrong usage (2)."""
EVENING = time(17)
"""The office's local time for which a receipt is written when its day is named."""


def receipt(
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day; today unless named.")
    ] = None,
    *,
    plan_only: Annotated[bool, typer.Option("--plan-only", help="Leave the sending to deliver.")] = False,
    json: AsJson = False,
) -> None:
    """Tell each coordinator how the reminders ran and what waits for them, once a day."""
    from config import clock
    from models.session import writing
    from services.receipts import write

    house, named = opened(), day(on)
    now = datetime.combine(named, EVENING, house.settings.zone) if named else clock.now()
    with writing(house.engine) as session:
        written = write(session, house.office, house.office.day(now), now=now)
    delivered = None if plan_only else send(house)
    told = {"messages": written.receipts, "sent": delivered.sent if delivered else 0}
    if json:
        as_json(told)
    else:
        counts(told)
    if not written.receipts:
        warn("No receipt was written: the day has its receipts, or nobody coordinates.")
    stop_if_stopped(delivered)


def check(
    *,
    plan_only: Annotated[bool, typer.Option("--plan-only", help="Leave the sending to deliver.")] = False,
    json: AsJson = False,
) -> None:
    """Look whether reminders, delivery, addresses and seals are in order; raise an alarm where they are not.

    Exit codes, for a monitor outside: 0 all is well, 3 something is the matter, 1 the check could not run.
    """
    from config import clock
    from models.session import reading, writing
    from services import alarms, tokens
    from services.seal_checks import check_seals

    house = opened()
    is_read = _collect(house)
    if not plan_only:
        send(house)
    with reading(house.engine) as session:
        seals = check_seals(session, house.office).findings
    with writing(house.engine) as session:
        checked = alarms.check(session, house.office, now=clock.now(), seals=seals)
        tokens.clear(session, clock.now())
    if checked.messages and not plan_only:
        send(house)
    if json:
        as_json(checked)
    else:
        tell_alarms(checked.alarms)
    if not checked.is_well or not is_read:
        raise typer.Exit(SOMETHING)


def _collect(house: "House") -> bool:
    """Reads what came back, where a mailbox is set for it; False where it cannot be read."""
    from config import clock
    from services.bounces import collect

    box = house.settings.bounces()
    found = collect(house.engine, box, clock.now) if box else None
    if found and found.error:
        warn("The mailbox for returned mail cannot be read: %(reason)s", reason=found.error)
    return found is None or not found.error


def tell_alarms(alarms: "Sequence[Alarm]") -> None:
    """Prints what is the matter, or that nothing is."""
    from notifications.alarm_words import broken, headline

    if not alarms:
        tell("Nothing is the matter.")
    for alarm in alarms:
        tell("Alarm: %(what)s", what=headline(alarm, language()))
        for one in alarm.failing:
            line(f"  {one.name} <{one.address}>: {one.said}")
        for words in broken(alarm, language()):
            line(f"  {words}")
        if alarm.said:
            line(f"  {alarm.said}")


COMMANDS = (receipt, check)
