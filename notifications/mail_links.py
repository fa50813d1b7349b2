"""Addresses handed to one person: their items, the calendar of their deadlines, and to set a password."""

from dataclasses import dataclass
from datetime import date

from models.organisation import Person
from rules.mail_links import PASSWORD_DAYS, Claim, Purpose, last_day, of_password, sign


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


@dataclass(frozen=True, slots=True)
class PasswordLink:
    """Sets the reader's password, once."""

    url: str
    last_on: date
    """The last day on which it opens anything."""


def password_link(secret: bytes, base_url: str, person: Person, stored: str, on: date) -> PasswordLink:
    """The link in a letter of the day `on`; `stored` is the hash of the present password, or empty."""
    last_on = last_day(on, PASSWORD_DAYS)
    claim = Claim(person.id, person.link_epoch, last_on)
    token = sign(secret, Purpose.PASSWORD, claim, of_password(person.email, stored))
    return PasswordLink(f"{base_url.rstrip('/')}/password/{token}", last_on)
