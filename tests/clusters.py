"""A PostgreSQL server that tests and benchmarks start for themselves, and that goes away with them."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

TEMPLATE = "rectify_template"
ROOM = 2**30
"""Bytes that a server with a few databases at a time may want."""


class Cluster:
    """A PostgreSQL of the tests' own, in a folder that goes away with them."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._bin = _postgresql()
        self._durable = durable
        self._data = folder / "data"
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = folder
        self.made = 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def start(self) -> None:
        if self._user:
            shutil.chown(self._folder, self._user)
        self._run("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres")
        self._serve()

    def _serve(self) -> None:
        hasty = "" if self._durable else "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        options = (
            f"-c listen_addresses=127.0.0.1 -p {self.port} -c unix_socket_directories='' "
            f"-c max_connections=60 {hasty}"
        )
        self._run(
            "pg_ctl", "--wait", "--silent", f"--log={self._folder / 'log'}", f"--options={options}", "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "--wait", "--silent", "--mode=immediate", "stop")

    def die_and_rise(self) -> None:
        """SIGKILL to the server itself; its processes follow it, and it starts on what it had written."""
        server = int((self._data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(server, signal.SIGKILL)
        for _ in range(100):
            time.sleep(0.1)
            with contextlib.suppress(subprocess.CalledProcessError):
                return self._serve()
        raise AssertionError("the database does not start again")

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        where = {"host": "127.0.0.1", "port": self.port, "user": "postgres", "dbname": "postgres"}
        with psycopg.connect(**where, autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextlib.contextmanager
    def copy(self) -> Iterator[str]:
        """The address of a copy of the template, which is dropped afterwards."""
        self.made += 1
        name = f"rectify_{self.made}"
        self.execute(f"create database {name} template {TEMPLATE} strategy file_copy")
        yield self.url(name)
        self.execute(f"drop database {name} with (force)")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), f"--pgdata={self._data}", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=self._user, cwd=self._folder)


def _postgresql() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if named := shutil.which("initdb"):
        return Path(named).parent
    raise FileNotFoundError("There is no PostgreSQL server here: apt-get install postgresql")


def in_memory() -> str | None:
    """A folder in memory, where there is room: a copy of a database is 300 files, slow to make on a disk."""
    room = Path("/dev/shm")  # noqa: S108 - what is made in it has a name of its own
    is_fit = room.is_dir() and os.access(room, os.W_OK) and shutil.disk_usage(room).free > ROOM
    return str(room) if is_fit else None
