"""Deadlines as a calendar: one all-day entry each, known again by calendar programs when it moves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Event


@dataclass(frozen=True, slots=True)
class Deadline:
    """One item's deadline, or the next review of one that has none."""

    uid: str
    sequence: int
    """Rises whenever the deadline is changed or withdrawn."""
    changed_at: datetime
    """When the item was changed last; aware."""
    title: str
    details: tuple[str, ...]
    """Lines."""
    due_on: date
    url: str
    """Of the item's page; or empty."""
    is_withdrawn: bool = False
    """Whether the day is no longer to be kept: who copied the entry once is told to drop it."""


REFRESH = timedelta(hours=6)
"""How often calendar programs are asked to look again."""


def feed(name: str, deadlines: Iterable[Deadline]) -> bytes:
    """The calendar called `name`; the same bytes for the same deadlines."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - 3 MB that few pages need

    made = Calendar()
    made.add("prodid", "-//Rectify//Deadlines//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("name", name)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for deadline in deadlines:
        made.add_component(_filled(Event(), deadline))
    content: bytes = made.to_ical()
    return content


def _filled(made: "Event", deadline: Deadline) -> "Event":
    made.add("uid", deadline.uid)
    made.add("dtstamp", deadline.changed_at)
    made.add("sequence", deadline.sequence)
    if deadline.is_withdrawn:
        made.add("status", "CANCELLED")
    made.add("summary", deadline.title)
    made.add("description", "\n".join(deadline.details))
    made.add("dtstart", deadline.due_on)
    made.add("dtend", deadline.due_on + timedelta(days=1))
    made.add("transp", "TRANSPARENT")
    if deadline.url:
        made.add("url", deadline.url)
    return made
