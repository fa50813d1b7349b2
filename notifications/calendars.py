"""The deadlines of a letter as iCalendar text (RFC 5545), so that readers can keep them in their calendars.

Put together by hand: the library takes ten times as long and more, and a morning writes thousands of lines.
Tests read every form of it back with the library.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from urllib.parse import quote

from notifications import words
from notifications.letters import Assignment, Decision, Digest, Ended, Letter, Line, Returned
from notifications.wire import flatten
from rules.lifecycle import WITH_DEADLINE
from rules.uids import deadline_uid, sequence

_HEAD = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Rectify//Deadlines//EN")
LONGEST = 75
"""Octets of one line, without its end."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """On whose behalf deadlines are told."""

    name: str
    address: str
    base_url: str
    """Where the pages are; or empty."""

    @property
    def domain(self) -> str:
        """The right half of every UID."""
        return self.address.rpartition("@")[2]


def calendar(letter: Letter, locale: str, issuer: Issuer, planned_at: datetime) -> str:
    """What the reader may put into a calendar, with plain line ends; empty when there is nothing.

    The same letter planned at the same instant gives the same text. A later letter about the same item bears
    the same UID, and a higher SEQUENCE once the deadline has changed. The letter that tells that an item is
    due no more for its reader takes the entry back, whenever it was due.
    """
    ended = _ended(letter)
    told = _told(letter) if ended is None else [ended] if ended.due_on else []
    method = "PUBLISH" if ended is None else "CANCEL"
    events = [_event(line, locale, issuer, planned_at, is_withdrawn=ended is not None) for line in told]
    return "\n".join([*_HEAD, f"METHOD:{method}", *events, "END:VCALENDAR", ""]) if events else ""


def _ended(letter: Letter) -> Line | None:
    """The item whose entry the letter takes back, with the deadline of which it does; None: it takes none."""
    match letter:
        case Decision(kind="cancellation", granted=True):
            return letter.line
        case Ended():
            return letter.line_before
        case _:
            return None


def _told(letter: Letter) -> Iterable[Line]:
    """What is news for the reader's calendar: what was handed over, moved, or is about to come due.

    Not what the reader only oversees, nor what is late: a day that has passed is no use in a calendar.
    """
    match letter:
        case Assignment():
            lines: Iterable[Line] = letter.lines
        case Returned() | Decision(kind="extension", granted=True):
            lines = (letter.line,)
        case Digest():
            lines = (line for line in letter.own if words.topic_word(line) == "before")
        case _:
            lines = ()
    return (
        line
        for line in lines
        if line.due_on is not None and line.due_on >= letter.on and line.state in WITH_DEADLINE
    )


def _event(line: Line, locale: str, issuer: Issuer, planned_at: datetime, *, is_withdrawn: bool) -> str:
    """An entry for the whole day, without alarm and without keeping the day busy, or what takes it back."""
    reference = flatten(line.reference)
    title = words.due_title(locale, reference, flatten(line.title))
    about = words.charge(locale, flatten(line.unit), flatten(line.owner))
    content = (
        "BEGIN:VEVENT",
        fold(f"UID:{_text(deadline_uid(reference, issuer.domain))}"),
        f"DTSTAMP:{_instant(planned_at)}",
        f"SEQUENCE:{sequence(line.deadline_version, is_withdrawn=is_withdrawn)}",
        "STATUS:CANCELLED" if is_withdrawn else "",
        _days(line.due_on) if line.due_on else "",
        fold(f"SUMMARY:{_text(title)}"),
        fold(f"DESCRIPTION:{_text(about)}"),
        _page(reference, issuer.base_url),
        _organizer(issuer),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    )
    return "\n".join([piece for piece in content if piece])


@lru_cache(maxsize=8)
def _instant(planned_at: datetime) -> str:
    return f"{planned_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


@lru_cache(maxsize=4096)
def _days(due_on: date) -> str:
    start, end = due_on, due_on + timedelta(days=1)
    return f"DTSTART;VALUE=DATE:{start:%Y%m%d}\nDTEND;VALUE=DATE:{end:%Y%m%d}"


def _page(reference: str, base_url: str) -> str:
    """The plain page and not the letter's own link, which may open more: calendars are shared."""
    return fold(f"URL:{base_url.rstrip('/')}/items/{quote(reference, safe='')}") if base_url else ""


@lru_cache(maxsize=8)
def _organizer(issuer: Issuer) -> str:
    shown = flatten(issuer.name).replace('"', "'")
    called = f';CN="{shown}"' if shown else ""
    return fold(f"ORGANIZER{called}:mailto:{quote(issuer.address, safe='@')}")


def _text(value: str) -> str:
    """`value`, which is flat, as a TEXT value."""
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def fold(line: str) -> str:
    """`line` in pieces of at most 75 octets, each but the first behind a blank; no character is cut apart."""
    if len(line) * 4 <= LONGEST or len(data := line.encode()) <= LONGEST:
        return line
    pieces, start, room = [], 0, LONGEST
    while start < len(data):
        end = min(start + room, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(data[start:end].decode())
        start, room = end, LONGEST - 1
    return "\n ".join(pieces)
