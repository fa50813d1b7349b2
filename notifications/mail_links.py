"""Addresses that letters and pages hand to one person: their items, and the calendar of their deadlines."""

from dataclasses import dataclass
from datetime import date

from models.organisation import Person
from rules.mail_links import Claim, Purpose, last_day, sign


@dataclass(frozen=True, slots=True)
class ItemsLink:
    """The reader's own items without signing in. Behind a slash, a reference leads to that item."""

    url: str
    last_on: date
    """The last day on which it opens anything."""


def items_link(secret: bytes, base_url: str, person: Person, on: date, days: int) -> ItemsLink:
    """The link in a letter of the day `on`; the same for the same letter, whenever it is written."""
    last_on = last_day(on, days)
    token = sign(secret, Purpose.ITEMS, Claim(person.id, person.link_epoch, last_on), person.email)
    return ItemsLink(f"{base_url.rstrip('/')}/mail/{token}", last_on)


def calendar_path(secret: bytes, person: Person) -> str:
    """Where a calendar program reads the person's deadlines, until their links are made void."""
    token = sign(secret, Purpose.CALENDAR, Claim(person.id, person.link_epoch, None), person.email)
    return f"/calendar/{token}.ics"
