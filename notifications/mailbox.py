"""A local SMTP mailbox: every mail that reaches it becomes a file, for trial runs and tests.

It listens on loopback only unless told otherwise, takes whatever comes and delivers nothing.
"""

import socket
from collections.abc import Awaitable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.render import environment

_IDENT = "Rectify mailbox"


class Mailbox:
    """A mail server whose letters lie in `folder` as 001.eml, 002.eml and on, in order of arrival."""

    def __init__(self, folder: Path, port: int = 0, host: str = "127.0.0.1") -> None:
        """Port 0 asks for any free one; `port` says which it became once started."""
        self.port = port
        self._host = host
        self._folder = folder
        self._controller: _Controller | None = None

    def start(self) -> None:
        """Listens, in a thread of its own.

        Raises:
            OSError: the port is taken.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._controller = _Controller(_Sorter(self._folder), self._host, self.port)
        self.port = self._controller.port
        self._controller.start()

    def stop(self) -> None:
        """Stops listening; a second call does nothing."""
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Controller(Controller):
    """aiosmtpd's, over a socket that is bound beforehand: its own start calls port 0 by that number."""

    def __init__(self, handler: "_Sorter", host: str, port: int) -> None:
        self._socket = socket.create_server((host, port))
        super().__init__(handler, hostname=host, port=self._socket.getsockname()[1], ident=_IDENT)

    def _create_server(self) -> Awaitable[Any]:
        return self.loop.create_server(self._factory_invoker, sock=self._socket)


class _Sorter:
    """Puts each mail into its file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = max((int(path.stem) for path in mails(folder)), default=0)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002
        """Answers for the mail only once it lies in its file."""
        content = envelope.original_content
        if content is None:
            return "554 5.6.0 no mail came"
        self._number += 1
        name = f"{self._number:03}.eml"
        _write(self._folder / name, content)
        return f"250 2.0.0 kept as {name}"


@dataclass(frozen=True, slots=True)
class _Card:
    """A mail as its index shows it."""

    name: str
    at: str
    to: str
    subject: str
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str


def mails(folder: Path) -> list[Path]:
    """The mails in `folder`, in order of arrival."""
    return sorted(
        (path for path in folder.glob("*.eml") if path.stem.isdigit()), key=lambda path: int(path.stem)
    )


def write_index(folder: Path, locale: str) -> Path:
    """Writes index.html over the mails of `folder`, and a page beside each; returns the index's path."""
    cards = [_card(path) for path in mails(folder)]
    page = environment(locale).get_template("_mailbox_page.html")
    for card in cards:
        _write(folder / f"{card.name}.html", page.render(card=card, lang=_lang(locale)).encode())
    index = folder / "index.html"
    listing = environment(locale).get_template("_mailbox_index.html")
    _write(index, listing.render(cards=cards, lang=_lang(locale)).encode())
    return index


class Index:
    """The page over the mails of `folder`, made anew whenever a batch of them has come in."""

    def __init__(self, folder: Path, locale: str) -> None:
        self._folder = folder
        self._locale = locale
        self._seen = self._shown = 0

    def look_after(self) -> None:
        """Makes the page if mails have come, and none of them since this was called last."""
        number = len(mails(self._folder))
        if number == self._seen != self._shown:
            # Whatever somebody posted here: a mail that cannot be shown stops nothing but its page.
            with suppress(OSError, ValueError, LookupError):
                write_index(self._folder, self._locale)
            self._shown = number
        self._seen = number


def _card(path: Path) -> _Card:
    mail = message_from_bytes(path.read_bytes(), policy=default)
    headers = tuple((name, str(value)) for name, value in mail.items())
    return _Card(
        path.stem,
        _date(mail),
        mail.get("To", ""),
        mail.get("Subject", ""),
        headers,
        _part(mail, ("plain",)),
        _part(mail, ("html",)),
    )


def _date(mail: EmailMessage) -> str:
    try:
        return f"{parsedate_to_datetime(mail.get('Date', '')):%Y-%m-%d %H:%M %z}"
    except ValueError:
        return ""


def _part(mail: EmailMessage, kinds: Iterable[str]) -> str:
    part = mail.get_body(tuple(kinds))
    return "" if part is None else str(part.get_content())


def _write(path: Path, data: bytes) -> None:
    """All of it or nothing: a reader never meets half a file."""
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.write_bytes(data)
    unfinished.replace(path)


def _lang(locale: str) -> str:
    return locale.replace("_", "-")
