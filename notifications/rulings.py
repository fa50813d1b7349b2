"""What an SMTP exchange came to: the phase decides what a reply means. Pure; smtp.py does the talking."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from aiosmtplib import SMTPException, SMTPResponseException

from notifications.wire import flatten

SAID_LENGTH = 300


class Ruling(StrEnum):
    """What one try means for its letter."""

    SENT = "sent"
    RETRY = "retry"
    DEAD = "dead"
    STOPPED = "stopped"
    """The channel is at fault (encryption, sign-in, sender refused), not the letter."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of one try."""

    ruling: Ruling
    said: str
    """The server's last words or the fault, in one line of at most 300 characters."""
    ambiguous: bool = False
    """The server may have taken the letter although no answer says so."""
    of_address: bool = False
    """Whether it was said of the recipient alone, and not of the letter or the channel."""


class Phase(IntEnum):
    """How far a try has come; they compare in order."""

    CONNECT = 0
    LOGIN = 1
    MAIL = 2
    RCPT = 3
    DATA = 4
    """The command is given, the body is not yet under way."""
    BODY = 5


_CHANNEL = frozenset({530, 534, 535, 538})
_TOO_BIG = 552
_CLOSING = 421
_DROPPED = (ssl.SSLEOFError, ssl.SSLZeroReturnError)


def sent(words: str) -> Answer:
    """The answer to a 250 after the final dot."""
    return Answer(Ruling.SENT, one_line(f"250 {words}"))


def judge(phase: Phase, fault: BaseException) -> Answer:
    """What becomes of a letter whose try ended with `fault` in `phase`.

    `fault` is whatever aiosmtplib, ssl or the sockets raise, or a ValueError about an address.
    """
    code = code_of(fault)
    if code is not None and 400 <= code < 600:
        said = one_line(f"{code} {_words(fault)}")
        ruling = _ruling(phase, code, _words(fault))
        of_address = phase is Phase.RCPT and ruling is not Ruling.STOPPED and code != _CLOSING
        return Answer(ruling, said, of_address=of_address)
    said = one_line(_words(fault) or type(fault).__name__)
    if phase < Phase.BODY and _is_channel_fault(phase, fault):
        return Answer(Ruling.STOPPED, said)
    if phase is Phase.RCPT and isinstance(fault, ValueError):
        return Answer(Ruling.DEAD, said, of_address=True)
    return Answer(Ruling.RETRY, said, ambiguous=phase is Phase.BODY)


def code_of(fault: BaseException) -> int | None:
    """The reply's code, or None where there was no reply."""
    return fault.code if isinstance(fault, SMTPResponseException) else None


def one_line(text: str) -> str:
    """`text` as an answer keeps it."""
    return flatten(text)[:SAID_LENGTH]


def _ruling(phase: Phase, code: int, words: str) -> Ruling:
    if code < 500:
        return Ruling.RETRY
    if code in _CHANNEL or phase <= Phase.LOGIN:
        return Ruling.STOPPED
    if phase is Phase.RCPT:
        return Ruling.RETRY if code == _TOO_BIG else Ruling.DEAD
    if phase is Phase.MAIL and code != _TOO_BIG and not words.startswith("5.3.4"):
        return Ruling.STOPPED
    return Ruling.DEAD


def _is_channel_fault(phase: Phase, fault: BaseException) -> bool:
    if any(isinstance(cause, ssl.SSLError) and not isinstance(cause, _DROPPED) for cause in _causes(fault)):
        return True
    if phase <= Phase.LOGIN and type(fault) is SMTPException:
        return True  # what is asked for, encryption or sign-in, the server does not offer
    return phase <= Phase.MAIL and isinstance(fault, ValueError)


def _causes(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        fault = fault.__cause__


def _words(fault: BaseException) -> str:
    return fault.message if isinstance(fault, SMTPException) else str(fault)
