"""A mail server that takes whatever comes and keeps nothing, in a process of its own."""

import asyncio
import multiprocessing
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection

REPLIES = {
    b"EHLO": b"250-sink\r\n250-SIZE 10000000\r\n250 8BITMIME\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}


class Talk(asyncio.Protocol):
    """One conversation; only the commands that a good client sends, and one that asks for the count."""

    taken = 0
    """Mails, in all conversations."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._heard = b""
        self._in_body = False
        self.transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while self._advance():
            pass

    def take(self, mail: bytes) -> None:  # noqa: ARG002 - for those that keep it
        """Answers to a mail that has come whole."""
        self.transport.write(b"250 ok\r\n")

    def _advance(self) -> bool:
        end = b"\r\n.\r\n" if self._in_body else b"\r\n"
        found, there, rest = self._heard.partition(end)
        if not there:
            return False
        self._heard = rest
        if self._in_body:
            self._in_body = False
            Talk.taken += 1
            self.take(found)
            return True
        verb = found[:4].upper()
        self._in_body = verb == b"DATA"
        answer = b"250 %d\r\n" % Talk.taken if verb == b"XGOT" else REPLIES.get(verb, b"250 ok\r\n")
        self.transport.write(answer)
        return True


def _serve(told: Connection, talk: Callable[[], Talk]) -> None:
    async def forever() -> None:
        server = await asyncio.get_running_loop().create_server(talk, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    with suppress(KeyboardInterrupt):
        asyncio.run(forever())


@contextmanager
def sink(talk: Callable[[], Talk] = Talk) -> Iterator[int]:
    """Its port on loopback, while the block lasts; `talk` makes its side of each conversation."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, talk), daemon=True)
    process.start()
    try:
        yield int(ours.recv())
    finally:
        process.terminate()
        process.join()


def taken(port: int) -> int:
    """How many mails the sink at `port` has taken so far."""
    with socket.create_connection(("127.0.0.1", port)) as line, line.makefile("rb") as answers:
        answers.readline()
        line.sendall(b"XGOT\r\n")
        return int(answers.readline().split()[1])
