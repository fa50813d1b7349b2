"""A letter as the bytes that travel: the same envelope always gives the same bytes.

Put together by hand: `email.message.EmailMessage` costs thirty times as much, and on Python 3.11 it lets an
encoded word in a title become a header of its own.
"""

import re
import unicodedata
from base64 import b64encode
from binascii import b2a_base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from hmac import new as hmac
from itertools import chain
from struct import Struct

SUBJECT_LENGTH = 200
NAME_LENGTH = 80
_WORD_BYTES = 39
"""What one encoded word holds, so that even behind `Subject: ` the line stays below 77 characters."""

_UNSEEN = re.compile(
    "[\x00-\x20\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u206f\u3000"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]+"
)
_LINES = Struct("76s" * 32)
"""Takes base64 apart into the lines of a mail, thirty-two of them at once: a fifth of what slicing costs."""
_AS_FILE = ';\r\n method=%s\r\nContent-Disposition: attachment; filename="deadlines.ics"'
_METHOD = re.compile(r"^METHOD:([A-Z]+)$", re.MULTILINE)
_PLAIN = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*\Z")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=[^@]{{1,64}}@.{{1,253}}\Z){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*\Z")
_IDENTIFIER = re.compile(r"<[!-;=?-~]{1,250}>\Z")
_LOCALE = re.compile(r"[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*\Z")


@dataclass(frozen=True, slots=True)
class Envelope:
    """All that a mail is made of. `planned_at` is aware and becomes its Date."""

    message_id: str
    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    reply_to: str
    """An address, or empty."""
    list_id: str
    """A name in the form of a domain, without brackets."""
    locale: str
    planned_at: datetime
    subject: str
    text: str
    html: str
    calendar: str = ""
    """iCalendar text that travels as an attached file; or empty."""


def message_id(key: str, secret: bytes, domain: str) -> str:
    """`<32 hex digits@domain>`: always the same for a key, and not to be told without `secret`."""
    return f"<{hmac(secret, key.encode(), sha256).hexdigest()[:32]}@{domain}>"


def digest(data: bytes) -> str:
    """The SHA-256 of `data` in hex."""
    return sha256(data).hexdigest()


def flatten(text: str) -> str:
    """`text` in one line: NFC, every run of blanks, controls, bidi marks and separators made one space."""
    whole = unicodedata.normalize("NFC", text)
    if not whole.isprintable() or "  " in whole:
        whole = _UNSEEN.sub(" ", whole)
    return whole.strip()


def guard(text: str, length: int) -> str:
    """`text` fit for a header: flat, at most `length` characters, and no start of an encoded word in it."""
    return _cut(flatten(text).replace("=?", "= ?"), length)


def checked_address(value: str) -> str:
    """`value`, if it is an address that can be written in a header and on the wire as it stands.

    Raises:
        ValueError: it is none. A local part outside ASCII is none; a domain has to be in its IDNA form.
    """
    return _checked(_ADDRESS, value)


def assemble(envelope: Envelope) -> bytes:
    """The mail, with CRLF line ends; no line of it begins with a dot.

    Raises:
        ValueError: an address or identifier cannot stand in a header, `planned_at` is naive, or the headers
            read back are not exactly ours.
    """
    boundary = f"=_{digest(envelope.message_id.encode())[:32]}"
    kind, body = _body(envelope, boundary)
    headers = _headers(envelope, kind)
    head = "\r\n".join([f"{name}: {value}" for name, value in headers]).encode("ascii")
    _read_back(head, [name for name, _ in headers])
    # Joined once: a mail is long, and each copy of it costs as much as its headers.
    return b"\r\n".join([head, b"", *body, b""])


def _body(envelope: Envelope, boundary: str) -> tuple[str, list[bytes]]:
    """The kind of the whole as its Content-Type says it, and the lines that follow the headers.

    A calendar stands beside the words and not among them: as another form of the words, some programs would
    show it instead of them.
    """
    kind = f'multipart/alternative;\r\n boundary="{boundary}"'
    words = _part("text/plain", envelope.text, boundary) + _part("text/html", envelope.html, boundary)
    words.append(f"--{boundary}--".encode())
    if not envelope.calendar:
        return kind, words
    outer = boundary.replace("_", "_m")  # neither begins like the other: some programs look no further
    said = _METHOD.search(envelope.calendar)
    dates = _part("text/calendar", envelope.calendar, outer, _AS_FILE % (said[1] if said else "PUBLISH"))
    held = [f"--{outer}\r\nContent-Type: {kind}\r\n".encode(), *words, *dates, f"--{outer}--".encode()]
    return f'multipart/mixed;\r\n boundary="{outer}"', held


def _headers(envelope: Envelope, kind: str) -> list[tuple[str, str]]:
    if envelope.planned_at.tzinfo is None:
        raise ValueError("planned_at needs a time zone")
    return [
        ("From", _mailbox(envelope.sender_name, envelope.sender)),
        ("To", _mailbox(envelope.recipient_name, envelope.recipient)),
        ("Subject", _text(guard(envelope.subject, SUBJECT_LENGTH))),
        ("Date", _date(envelope.planned_at, envelope.planned_at.utcoffset())),
        ("Message-ID", _checked(_IDENTIFIER, envelope.message_id)),
        *([("Reply-To", checked_address(envelope.reply_to))] if envelope.reply_to else []),
        ("List-Id", _checked(_IDENTIFIER, f"<{envelope.list_id}>")),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("MIME-Version", "1.0"),
        ("Content-Language", _checked(_LOCALE, envelope.locale).replace("_", "-")),
        ("Content-Type", kind),
    ]


@lru_cache(maxsize=8)
def _date(at: datetime, _offset: timedelta | None) -> str:
    """Remembered, as the letters of a run are planned at one instant; one instant has a date in each zone."""
    return format_datetime(at)


@lru_cache(maxsize=1024)
def _mailbox(name: str, address: str) -> str:
    shown = guard(name, NAME_LENGTH)
    checked = checked_address(address)
    if not shown:
        return checked
    return f"{shown} <{checked}>" if _PLAIN.match(shown) else f"{_words(shown)}\r\n <{checked}>"


@lru_cache(maxsize=1024)
def _text(value: str) -> str:
    return value if value.isascii() and len(value) <= 60 else _words(value)


def _words(value: str) -> str:
    """RFC 2047 encoded words, one a line."""
    return "\r\n ".join(f"=?utf-8?b?{b64encode(piece).decode()}?=" for piece in _pieces(value))


def _pieces(value: str) -> list[bytes]:
    """The UTF-8 of `value`, cut between characters only."""
    pieces, piece = [], b""
    for letter in value:
        data = letter.encode()
        if len(piece) + len(data) > _WORD_BYTES:
            pieces.append(piece)
            piece = b""
        piece += data
    return [*pieces, piece]


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _checked(form: re.Pattern[str], value: str) -> str:
    if not form.match(value):
        raise ValueError(f"{value!r} cannot stand in a mail's header or envelope")
    return value


def _read_back(head: bytes, names: list[str]) -> None:
    lines = head.split(b"\r\n")
    if any(b"\r" in line or b"\n" in line or not line.strip() for line in lines):
        raise ValueError("a line end strayed into the mail's headers")
    found = [line.partition(b":")[0].decode() for line in lines if line[:1] not in (b" ", b"\t")]
    if found != names:
        raise ValueError(f"the mail's headers read back as {found}")


def _part(kind: str, text: str, boundary: str, more: str = "") -> list[bytes]:
    body = text.encode("utf-8", "replace")
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n")
    lines = _lines(b2a_base64(body.replace(b"\n", b"\r\n"), newline=False))
    head = f"Content-Type: {kind}; charset=utf-8{more}\r\nContent-Transfer-Encoding: base64"
    return [f"--{boundary}\r\n{head}\r\n".encode(), *lines]


def _lines(encoded: bytes) -> list[bytes]:
    whole = len(encoded) - len(encoded) % _LINES.size
    last = [encoded[at : at + 76] for at in range(whole, len(encoded), 76)]
    return [*chain.from_iterable(_LINES.iter_unpack(encoded[:whole])), *last] or [b""]
