"""A mail server that answers after a while, and writes down what came; in a process of its own."""

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO

REPLIES = {
    b"EHLO": b"250-log\r\n250-SIZE 10000000\r\n250 8BITMIME\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}


class _Talk(asyncio.Protocol):
    """One conversation; only the commands that a good client sends."""

    def __init__(self, log: IO[str], seconds: float) -> None:
        self._log = log
        self._seconds = seconds
        self._heard = b""
        self._in_body = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._transport.write(b"220 log\r\n")

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while self._advance():
            pass

    def _advance(self) -> bool:
        end = b"\r\n.\r\n" if self._in_body else b"\r\n"
        found, there, rest = self._heard.partition(end)
        if not there:
            return False
        self._heard = rest
        if self._in_body:
            self._in_body = False
            self._keep(found)
            asyncio.get_running_loop().call_later(self._seconds, self._transport.write, b"250 ok\r\n")
            return True
        verb = found[:4].upper()
        self._in_body = verb == b"DATA"
        self._transport.write(REPLIES.get(verb, b"250 ok\r\n"))
        return True

    def _keep(self, letter: bytes) -> None:
        name = message_from_bytes(letter.partition(b"\r\n\r\n")[0])["Message-ID"]
        self._log.write(f"{name} {sha256(letter).hexdigest()}\n")
        self._log.flush()


def _serve(told: Connection, path: Path, seconds: float) -> None:
    async def forever() -> None:
        with path.open("w", encoding="ascii") as log:
            loop = asyncio.get_running_loop()
            server = await loop.create_server(lambda: _Talk(log, seconds), "127.0.0.1", 0)
            told.send(server.sockets[0].getsockname()[1])
            await server.serve_forever()

    with suppress(KeyboardInterrupt):
        asyncio.run(forever())


class LetterLog:
    """What has come so far."""

    def __init__(self, path: Path, port: int) -> None:
        self._path = path
        self.port = port

    def letters(self) -> list[str]:
        """Message-ID and hash of each letter, in the order in which they came."""
        return self._path.read_text("ascii").splitlines()


@contextmanager
def letter_log(path: Path, seconds: float) -> Iterator[LetterLog]:
    """A server on loopback that takes `seconds` for each letter, while the block lasts."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, path, seconds), daemon=True)
    process.start()
    try:
        yield LetterLog(path, int(ours.recv()))
    finally:
        process.terminate()
        process.join()
