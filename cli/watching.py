"""receipt: what coordinators are told of the program's own work."""

from datetime import datetime, time
from typing import Annotated

import typer

from cli.door import opened
from cli.mail import send, stop_if_stopped
from cli.options import AsJson, day
from cli.output import as_json, counts, warn

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


COMMANDS = (receipt,)
