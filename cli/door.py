"""The command line's way into the house: settings and database opened, one transaction a command."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cli.output import warn

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from config.house import House
    from models.organisation import Unit
    from services.office import Visit


def opened(folder: Path | None = None, *, reckons: bool = True) -> "House":
    """The house that the settings name; where dates will be reckoned, says loudly what its calendar lacks."""
    from config import calendar, clock, logs
    from config.house import open_house
    from config.settings import load

    settings = load(dir=folder)
    logs.set_up(settings.logs)
    house = open_house(settings)
    lacking = calendar.warnings(house.office.calendar, house.office.day(clock.now())) if reckons else []
    for year in lacking:
        warn(
            "Warning: the holidays of %(year)d are not published yet; make-up days are missing and deadlines "
            "in that year may be a day off. Enter them in the policy's [calendar] or update `holidays`.",
            year=year,
        )
    return house


@contextmanager
def visiting(
    house: "House",
    email: str | None,
    of: "Callable[[Session], Unit] | None" = None,
    *,
    now: datetime | None = None,
) -> "Iterator[Visit]":
    """A visit in one transaction, committed at its end.

    Without an address the visitor is the coordinator of the unit that `of` finds, or of the root.
    """
    from config import clock
    from config.house import actor_for
    from models.session import writing
    from services.organisation import root

    with writing(house.engine) as session:
        at = now or clock.now()
        actor = actor_for(session, email, (of or root)(session), house.office.day(at))
        yield house.visit(session, actor, now=at)
