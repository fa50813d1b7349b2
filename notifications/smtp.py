"""The one file that speaks SMTP: letters handed to a mail server over a few kept connections.

aiosmtplib is used by its single commands only. Its `send` closes with QUIT before it tells that the server
has taken the mail, and its `data` does not tell a drop before the body from one after it, which is the
difference between a plain retry and a letter that may arrive twice. Its `mail` and `rcpt` take every address
apart as if it had a name beside it, which costs more than the talk.
"""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from types import TracebackType
from typing import Self, TypeVar

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPHeloError,
    SMTPResponse,
    SMTPServerDisconnected,
)

from notifications.rulings import Answer, Phase, Ruling, code_of, judge, sent
from notifications.wire import checked_address

__all__ = ["Answer", "Courier", "Ruling", "Security", "Server"]

CLOSE_SECONDS = 1.5
"""So long may the server take over all its farewells together."""
_HELO = "[127.0.0.1]"
T = TypeVar("T")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")


class Security(StrEnum):
    """How the connection is encrypted; never guessed from what the server offers."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Server:
    """Where letters are handed in, and how."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(repr=False, default="")
    deadline: float = 60.0
    """Seconds that one letter may take at most, from connecting to the final answer."""
    connections: int = 2
    """1 to 4."""
    helo: str = ""
    """How this machine introduces itself; empty for the address literal that RFC 5321, 4.1.4 allows."""

    def __post_init__(self) -> None:
        if not 1 <= self.connections <= 4:
            raise ValueError("connections must be 1 to 4")


class Courier:
    """Hands letters to one server: synchronous to its caller, over an event loop of its own in this thread.

    Nothing moves but inside `collect`, and only the time spent there counts against a letter's deadline: an
    answer that came while the caller was busy must not be taken for none. A context manager; leaving it
    closes the connections, and letters still under way then are given up without an answer.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._loop = asyncio.new_event_loop()
        context = None if server.security is Security.PLAIN else ssl.create_default_context()
        self._free = [_Connection(server, context) for _ in range(server.connections)]
        self._all = tuple(self._free)
        self._tasks: set[asyncio.Task[None]] = set()
        self._done: asyncio.Queue[tuple[Hashable, Answer, _Connection]] = asyncio.Queue()
        self._under_way = 0
        self._stood_since = self._loop.time()

    def room(self) -> int:
        """How many more letters may be submitted now."""
        return len(self._all) - self._under_way

    def under_way(self) -> int:
        """How many letters are submitted and not yet collected."""
        return self._under_way

    def submit(
        self, tag: Hashable, sender: str, recipient: str, data: bytes, *, is_regular: bool = False
    ) -> None:
        """Takes a letter; its answer comes out of `collect` under `tag`.

        `is_regular`: it is known that lines end with CRLF and none begins with a dot, as `assemble` writes
        them. To look through a letter for what is not takes as long as to put it together.

        Raises:
            RuntimeError: every connection has a letter already.
        """
        if not self.room():
            raise RuntimeError("every connection has a letter under way; collect one first")
        connection = self._free.pop()
        self._under_way += 1
        mail = _Mail(sender, recipient, data, is_regular)
        task = self._loop.create_task(self._carry(tag, connection, mail))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def collect(self) -> tuple[Hashable, Answer]:
        """Waits for the next letter to come to its end.

        Raises:
            LookupError: nothing is under way.
        """
        if not self._under_way:
            raise LookupError("nothing is under way")
        tag, answer, connection = self._loop.run_until_complete(self._next())
        self._stood_since = self._loop.time()
        self._under_way -= 1
        self._free.append(connection)  # taken next: it is the one most lately used
        return tag, answer

    async def _next(self) -> tuple[Hashable, Answer, "_Connection"]:
        stood = self._loop.time() - self._stood_since
        for connection in self._all:
            connection.grant(stood)
        return await self._done.get()

    def close(self) -> None:
        """Closes the connections, in at most 2 seconds; a second call does nothing."""
        if not self._loop.is_closed():
            self._loop.run_until_complete(self._close())
            self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _carry(self, tag: Hashable, connection: "_Connection", mail: "_Mail") -> None:
        self._done.put_nowait((tag, await connection.send(mail), connection))

    def knock(self) -> str:
        """Connects, encrypts and signs in as for a letter, and hands none in. What went wrong, or nothing.

        Raises:
            RuntimeError: every connection has a letter already.
        """
        if not self.room():
            raise RuntimeError("every connection has a letter under way; collect one first")
        answer = self._loop.run_until_complete(self._free[-1].knock())
        return answer.said if answer else ""

    async def _close(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.gather(*(connection.leave() for connection in self._all))
        await _let_the_loop_look()


@dataclass(frozen=True, slots=True)
class _Mail:
    sender: str
    recipient: str
    data: bytes
    is_regular: bool


class _Client(SMTP):
    """aiosmtplib's, but closed at once: over TLS its farewell would outlast the loop and leak the socket."""

    def close(self) -> None:
        """Cuts the connection, whoever asks for it; aiosmtplib itself does so after QUIT, 421 and faults."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()
        super().close()


class _Connection:
    """One kept connection; a letter has it to itself from the first command to the answer."""

    def __init__(self, server: Server, context: ssl.SSLContext | None) -> None:
        self._server = server
        self._context = context
        self._client: SMTP | None = None
        self._phase = Phase.CONNECT
        self._needs_reset = False
        self._bound: asyncio.Timeout | None = None

    def grant(self, seconds: float) -> None:
        """Puts off the end of what is under way, for the time in which nobody could look at answers."""
        bound = self._bound
        if bound is not None and not bound.expired() and (end := bound.when()) is not None:
            bound.reschedule(end + seconds)

    async def send(self, mail: _Mail) -> Answer:
        """Hands `mail` in within the server's deadline. Every fault but a cancellation ends as an answer."""
        return await self._bounded(self._hand_in(mail))

    async def knock(self) -> Answer | None:
        """Opens the connection within the server's deadline; an answer only where that fails."""

        async def look() -> None:
            await self._open()

        return await self._bounded(look())

    async def _bounded(self, work: Awaitable[T]) -> T | Answer:
        limit = self._server.deadline
        try:
            async with asyncio.timeout(limit) as self._bound:
                return await work
        except TimeoutError as fault:
            return self._end(fault if str(fault) else TimeoutError(f"no answer within {limit:g} seconds"))
        except (SMTPException, OSError, ValueError) as fault:
            return self._end(fault)
        except asyncio.CancelledError:
            self._drop()
            raise
        finally:
            self._bound = None

    async def leave(self) -> None:
        """Says goodbye and closes, whether or not the server answers."""
        if self._client is not None:
            with suppress(SMTPException, OSError, ValueError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await self._client.quit()
        self._drop()

    def _end(self, fault: Exception) -> Answer:
        answer = judge(self._phase, fault)
        self._needs_reset = True
        if answer.ruling is Ruling.STOPPED or not _left_in_order(self._phase, fault):
            self._drop()
        return answer

    async def _hand_in(self, mail: _Mail) -> Answer:
        client = await self._begin(mail)
        self._phase = Phase.RCPT
        recipient = checked_address(mail.recipient).encode("ascii")
        await _expect((250, 251), client.execute_command(b"RCPT", b"TO:<%b>" % recipient))
        self._phase = Phase.DATA
        await _expect((354,), client.execute_command(b"DATA"))
        self._phase = Phase.BODY
        words = await _expect((250,), _write_body(client, mail))
        self._needs_reset = False
        return sent(words)

    async def _begin(self, mail: _Mail) -> SMTP:
        """A connection on which the server has accepted the sender; a kept one that died is replaced once."""
        client = await self._kept()
        if client is not None:
            try:
                return await self._introduce(client, mail)
            except (SMTPException, OSError) as fault:
                if code_of(fault) not in {None, -1, 421}:
                    raise
                self._drop()
        return await self._introduce(await self._open(), mail)

    async def _introduce(self, client: SMTP, mail: _Mail) -> SMTP:
        self._phase = Phase.MAIL
        size = [b"SIZE=%d" % len(mail.data)] if client.supports_extension("size") else []
        sender = checked_address(mail.sender).encode("ascii")
        await _expect((250,), client.execute_command(b"MAIL", b"FROM:<%b>" % sender, *size))
        return client

    async def _kept(self) -> SMTP | None:
        """The connection that is open from the letter before, if the server still holds it."""
        if self._client is None:
            return None
        await _let_the_loop_look()
        try:
            if self._needs_reset and self._client.is_connected:
                await self._client.rset()
        except (SMTPException, OSError):
            self._drop()
        return self._client if self._client is not None and self._client.is_connected else None

    async def _open(self) -> SMTP:
        self._drop()
        self._phase = Phase.CONNECT
        self._refuse_to_tell_the_password()
        self._client = client = self._new_client()
        await client.connect()
        await _greet(client)
        self._needs_reset = False
        if self._server.user:
            self._phase = Phase.LOGIN
            await _sign_in(client, self._server.user, self._server.password)
        return client

    def _new_client(self) -> SMTP:
        """Without a timeout of its own, which would count anew for each reply: the outer one bounds all."""
        return _Client(
            hostname=self._server.host,
            port=self._server.port,
            timeout=None,
            use_tls=self._server.security is Security.TLS,
            start_tls=self._server.security is Security.STARTTLS,
            tls_context=self._context,
            local_hostname=self._server.helo or _HELO,
        )

    def _refuse_to_tell_the_password(self) -> None:
        server = self._server
        if server.user and server.security is Security.PLAIN and not is_loopback(server.host):
            raise SMTPException("a password is not sent over a connection without encryption")

    def _drop(self) -> None:
        """Closes at once: a connection that was cut short would pair the next command with an old reply."""
        client, self._client = self._client, None
        if client is not None:
            client.close()


async def _greet(client: SMTP) -> None:
    """EHLO, or HELO where that is not known; after STARTTLS anew. aiosmtplib would leave it to MAIL."""
    try:
        await client.ehlo()
    except SMTPHeloError:
        if not client.is_connected:
            raise
        await client.helo()


async def _sign_in(client: SMTP, user: str, password: str) -> None:
    """One try only: `SMTP.login` goes through every method, and three wrong ones lock many an account."""
    ways = {"plain": client.auth_plain, "login": client.auth_login, "cram-md5": client.auth_crammd5}
    way = next((ways[name] for name in ways if name in client.server_auth_methods), None)
    if way is None:
        raise SMTPException("the server offers no way to sign in that is known here")
    await way(user, password)


async def _write_body(client: SMTP, mail: _Mail) -> SMTPResponse:
    """The letter and the final dot; nothing is awaited between the writing and the waiting."""
    protocol = client.protocol
    if protocol is None:
        raise SMTPServerDisconnected("Connection lost")
    data = mail.data if mail.is_regular else _regular(mail.data)
    protocol.write(data + (b".\r\n" if data.endswith(b"\r\n") else b"\r\n.\r\n"))
    return await protocol.read_response()


def _regular(data: bytes) -> bytes:
    """With CRLF line ends, and dots at the start of a line doubled."""
    return _LEADING_DOT.sub(b"..", _LINE_END.sub(b"\r\n", data))


async def _expect(codes: tuple[int, ...], reply: Awaitable[SMTPResponse]) -> str:
    answer = await reply
    if answer.code not in codes:
        raise SMTPDataError(answer.code, answer.message)
    return answer.message


async def _let_the_loop_look() -> None:
    """Two rounds: one reads what the server has sent or closed meanwhile, the next acts on it."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def _left_in_order(phase: Phase, fault: Exception) -> bool:
    """Whether the server has said no in so many words, so that RSET makes the connection good again."""
    code = code_of(fault)
    if code is None:
        return phase is Phase.RCPT and isinstance(fault, ValueError) and not isinstance(fault, OSError)
    return phase >= Phase.MAIL and 400 <= code < 600 and code != 421


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
