"""Links in letters: what one says, how it is signed, and when it opens anything.

A link is a bearer's: whoever holds it is taken for the person it names, for the little that `BY_LINK` in
rules/permissions.py allows. It is the same at every time it is made for one letter, and is stored nowhere.
"""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_FORM = re.compile(r"[A-Za-z0-9_-]{36}")
PASSWORD_DAYS = 3
"""Days from a letter's day on which its link to set a password works."""
SECRET_PATHS = ("/mail/", "/calendar/", "/password/")
"""Addresses that let in whoever has them: they stand in no log, no referrer and no other address."""
_MARK = 16
"""Bytes of the mark: what nobody guesses in the age of the world."""


class Purpose(StrEnum):
    """What a link opens. Each has a key of its own: no link serves for another purpose."""

    ITEMS = "items"
    CALENDAR = "calendar"
    PASSWORD = "password"  # noqa: S105 - a word, and no secret


@dataclass(frozen=True, slots=True)
class LinkPolicy:
    """The office's own rule for links in letters."""

    days: int = 30
    """Days from a letter's day on which its links still work."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token says; to be believed only when `is_signed` holds."""

    person_id: int
    epoch: int
    """Raised to make all earlier links of the person void."""
    last_on: date | None
    """The last local day on which it opens anything; None: until it is void."""


def last_day(on: date, days: int) -> date:
    """The last day of the links in a letter of the day `on`."""
    return on + timedelta(days=days)


def sign(secret: bytes, purpose: Purpose, claim: Claim, address: str) -> str:
    """36 characters that stand in an address as they are; the same ones for the same values.

    `address` is the person's e-mail address: a link made for another one is no link. A link to set a password
    is bound by `of_password` to more than that.

    Raises:
        OverflowError: id or epoch are negative or above 4,294,967,295.
    """
    said = _said(claim)
    return urlsafe_b64encode(said + _mark(secret, purpose, said, address)).decode()


def read(token: str) -> Claim | None:
    """What the token says, whoever made it; None where it has not the form of one."""
    if not _FORM.fullmatch(token):
        return None
    said = urlsafe_b64decode(token)
    day = int.from_bytes(said[8:11])
    if day > date.max.toordinal():
        return None
    last_on = date.fromordinal(day) if day else None
    return Claim(int.from_bytes(said[:4]), int.from_bytes(said[4:8]), last_on)


def is_signed(secret: bytes, purpose: Purpose, token: str, address: str) -> bool:
    """Whether we made this token, for this purpose and for the person with this address."""
    if not _FORM.fullmatch(token):
        return False
    content = urlsafe_b64decode(token)
    said, mark = content[:-_MARK], content[-_MARK:]
    return hmac.compare_digest(mark, _mark(secret, purpose, said, address))


def of_password(address: str, stored: str) -> str:
    """What a link to set a password is bound to: the address, and the password that there is when it is made.

    `stored` is its hash, or empty where there is none. With the next password the link is void, so each one
    serves once.
    """
    return f"{address}\n{stored}"


def is_alive(claim: Claim, *, epoch: int, today: date) -> bool:
    """Whether a signed token still opens anything: not void, and its last day not over."""
    return claim.epoch == epoch and (claim.last_on is None or today <= claim.last_on)


def _said(claim: Claim) -> bytes:
    day = claim.last_on.toordinal() if claim.last_on else 0
    return claim.person_id.to_bytes(4) + claim.epoch.to_bytes(4) + day.to_bytes(3)


def _mark(secret: bytes, purpose: Purpose, said: bytes, address: str) -> bytes:
    key = hmac.digest(secret, f"mail link: {purpose}".encode(), "sha256")
    return hmac.digest(key, said + address.encode(), "sha256")[:_MARK]
