"""An SMTP server on loopback that does wrong exactly what it is told to do wrong."""

import asyncio
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Self


class Act(Enum):
    """What a server may do instead of answering."""

    DROP = "close the connection"
    HANG = "say nothing more"


Reply = str | bytes | Act | None
"""A line, raw bytes, an act, or None for what a sound server answers."""

Script = Mapping[str, Reply | Sequence[Reply]]
"""By verb, or GREETING, LOGIN, BODY (while it arrives) and DOT: always the same, or one after the other."""

SOUND = {
    "GREETING": "220 mx.yunzhou.example ready",
    "HELO": "250 mx.yunzhou.example",
    "STARTTLS": "220 go ahead",
    "AUTH": "235 welcome",
    "LOGIN": "235 welcome",
    "MAIL": "250 sender ok",
    "RCPT": "250 recipient ok",
    "DATA": "354 end with a dot",
    "BODY": None,
    "DOT": "250 2.0.0 queued as 42",
    "RSET": "250 reset",
    "QUIT": "221 bye",
}


class _Over(Exception):  # noqa: N818 - ends a conversation
    pass


@dataclass
class FaultyServer:
    """A context manager; `heard` and `mails` tell afterwards what came in."""

    script: Script = field(default_factory=dict)
    extensions: Sequence[str] = ("SIZE 10000000", "8BITMIME")
    context: ssl.SSLContext | None = None
    """For STARTTLS, or from the start with `wrapped`."""
    wrapped: bool = False
    port: int = 0
    heard: list[str] = field(default_factory=list)
    """Each connection's number and command, such as `1 RCPT`."""
    lines: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    """Bodies as they came, whatever was answered to them."""

    def __enter__(self) -> Self:
        self._seen: dict[str, int] = {}
        self._connections = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))
        self._ready = threading.Event()
        self._over = asyncio.Event()
        self._thread.start()
        assert self._ready.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(5)
        self._loop.close()

    async def _serve(self) -> None:
        talks: set[asyncio.Task[None]] = set()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            talks.add(task)
            await self._talk(reader, writer)

        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._over.wait()
        server.close()
        await server.wait_closed()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await asyncio.sleep(0.01)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        number = self._connections
        below = writer.transport  # a handshake that fails leaves this one to us
        try:
            if self.wrapped and self.context is not None:
                await writer.start_tls(self.context)
            await self._answer(writer, "GREETING")
            while line := (await reader.readline()).decode("latin-1").rstrip("\r\n"):
                verb = line.partition(" ")[0].upper()
                self.heard.append(f"{number} {verb}")
                self.lines.append(line)
                await self._obey(verb, reader, writer)
        except (_Over, OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()
            below.abort()

    async def _obey(self, verb: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if verb == "EHLO" and "EHLO" not in self.script:
            words = ["mx.yunzhou.example", *self.extensions]
            await _say(writer, "\r\n".join(f"250{' ' if word is words[-1] else '-'}{word}" for word in words))
            return
        code = await self._answer(writer, verb)
        if verb == "DATA" and code == "354":
            await self._take(reader, writer)
        elif verb == "STARTTLS" and code == "220" and self.context is not None:
            await writer.start_tls(self.context)
        elif verb == "AUTH" and code == "334":
            self.lines.append((await reader.readline()).decode().strip())
            await self._answer(writer, "LOGIN")
        elif verb == "QUIT":
            raise _Over

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if "BODY" in self.script:
            await reader.readline()
            await self._answer(writer, "BODY")
        self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
        await self._answer(writer, "DOT")

    async def _answer(self, writer: asyncio.StreamWriter, verb: str) -> str:
        reply = self._reply(verb)
        if reply is Act.DROP:
            raise _Over
        if reply is Act.HANG:
            await asyncio.sleep(60)
        if isinstance(reply, str | bytes):
            await _say(writer, reply)
            return reply[:3] if isinstance(reply, str) else ""
        return ""

    def _reply(self, verb: str) -> Reply:
        planned = self.script.get(verb)
        sound = SOUND.get(verb, "502 not known here")
        if planned is None or isinstance(planned, str | bytes | Act):
            return sound if planned is None else planned
        turn = self._seen.get(verb, 0)
        self._seen[verb] = turn + 1
        reply = planned[turn] if turn < len(planned) else None
        return sound if reply is None else reply


async def _say(writer: asyncio.StreamWriter, reply: str | bytes) -> None:
    writer.write(f"{reply}\r\n".encode() if isinstance(reply, str) else reply)
    await writer.drain()


class Slow(FaultyServer):
    """Takes its time over the last word of each letter."""

    async def _answer(self, writer: asyncio.StreamWriter, verb: str) -> str:
        if verb == "DOT":
            await asyncio.sleep(0.05)
        return await super()._answer(writer, verb)
