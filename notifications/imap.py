"""The one file that speaks IMAP: fetches what came back into a mailbox, and marks what was read."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from notifications.smtp import Security
from notifications.wire import flatten

MOST_BYTES = 262_144
"""So much of a mail is fetched; the reports of mail servers have a few thousand bytes."""
MOST = 200
"""How many mails one visit reads; the next visit reads on."""


class UnreadError(Exception):
    """The mailbox cannot be read; the words are the server's, or those of the fault."""


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox that returned letters come to."""

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    timeout: float = 30.0
    """Seconds for the connection, and for each answer."""


class Opened:
    """A mailbox that is open."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self._connection = connection

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Number and beginning of each unread mail, oldest first, `MOST` of them; none is marked by it."""
        _, found = self._connection.uid("SEARCH", "UNSEEN")
        for uid in (found[0] or b"").split()[:MOST]:
            _, answer = self._connection.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
            for part in answer:
                if isinstance(part, tuple):
                    yield uid.decode(), part[1]

    def mark(self, uid: str) -> None:
        """Marks a mail as read. Nothing is moved or deleted."""
        self._connection.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")


@contextmanager
def opened(box: Box) -> Iterator[Opened]:
    """The mailbox, signed in to.

    Raises:
        UnreadError: it cannot be reached, refuses us, or answers what is no IMAP.
    """
    try:
        connection = _connect(box)
        try:
            connection.login(box.user, box.password)
            answer, words = connection.select(f'"{box.folder}"')
            if answer != "OK":
                raise imaplib.IMAP4.error(words[0])
            yield Opened(connection)
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                connection.logout()
            # A connection that breaks at the goodbye is left open by it.
            with suppress(OSError):
                connection.shutdown()
    except (OSError, imaplib.IMAP4.error, ValueError) as error:
        raise UnreadError(_words(error)) from error


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return flatten(f"the server's certificate is not accepted: {error.verify_message}")[:200]
    said = error.args[0] if error.args else type(error).__name__
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(error)
    return flatten(words)[:200]


def _connect(box: Box) -> imaplib.IMAP4:
    if box.security is Security.TLS:
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(box.host, box.port, ssl_context=context, timeout=box.timeout)
    connection = imaplib.IMAP4(box.host, box.port, timeout=box.timeout)
    if box.security is Security.STARTTLS:
        try:
            connection.starttls(ssl.create_default_context())
        except BaseException:
            # A failed handshake has closed the socket already; what it said is what counts.
            with suppress(OSError):
                connection.shutdown()
            raise
    return connection
