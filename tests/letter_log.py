"""The mail server of the benchmarks, which answers after a while and writes down what came."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from functools import partial
from hashlib import sha256
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

from sink import Talk, sink


class _Logged(Talk):
    def __init__(self, path: Path, seconds: float) -> None:
        self._path = path
        self._seconds = seconds

    def take(self, mail: bytes) -> None:
        name = message_from_bytes(mail.partition(b"\r\n\r\n")[0])["Message-ID"]
        with self._path.open("a", encoding="ascii") as log:
            log.write(f"{name} {sha256(mail).hexdigest()}\n")
        asyncio.get_running_loop().call_later(self._seconds, self.transport.write, b"250 ok\r\n")


@dataclass(frozen=True, slots=True)
class LetterLog:
    """What has come so far."""

    path: Path
    port: int

    def letters(self) -> list[str]:
        """Message-ID and hash of each letter, in the order in which they came."""
        return self.path.read_text("ascii").splitlines()


@contextmanager
def letter_log(path: Path, seconds: float) -> Iterator[LetterLog]:
    """A server on loopback that takes `seconds` for each letter, while the block lasts."""
    path.touch()
    with sink(partial(_Logged, path, seconds)) as port:
        yield LetterLog(path, port)
