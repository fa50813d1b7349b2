"""A work pool with real parts: Prefect's server on PostgreSQL, and workers that can be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from flows.server import PrefectServer

POOL = "rectify"
TICKS = os.sysconf("SC_CLK_TCK")


class ServerOnPostgres(PrefectServer):
    """As `rectify serve` starts it, with its own database in PostgreSQL."""

    def __init__(self, home: Path, port: int, database: str) -> None:
        super().__init__(home, port)
        self._database = database

    def environment(self) -> dict[str, str]:
        return super().environment() | {"PREFECT_API_DATABASE_CONNECTION_URL": self._database}


def clean() -> dict[str, str]:
    """Our environment without a word about another office or another Prefect."""
    strange = ("RECTIFY_", "PREFECT_")
    return {name: value for name, value in os.environ.items() if not name.startswith(strange)}


def wait_for(seek: Callable[[], Any], seconds: float = 60.0, pause: float = 0.3) -> Any:
    """What `seek` finds at last; AssertionError if that takes too long."""
    until = time.monotonic() + seconds
    while not (found := seek()):
        assert time.monotonic() < until, f"waited {seconds} s in vain"
        time.sleep(pause)
    return found


class Api:
    """A few words of Prefect's own interface; while the server is busy or starts again they are repeated."""

    def __init__(self, server: PrefectServer) -> None:
        user, _, password = server.environment()["PREFECT_API_AUTH_STRING"].partition(":")
        self._client = httpx.Client(base_url=f"{server.url}/api", auth=(user, password), timeout=30)

    def close(self) -> None:
        self._client.close()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        for _ in range(60):
            with suppress(httpx.TransportError):
                answer = self._client.request(method, path, json=body)
                # On SQLite the server says so when another client holds its database for too long.
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    answer.raise_for_status()
                    return answer.json() if answer.content else None
            time.sleep(1)
        raise AssertionError(f"Prefect's server does not answer at {path}")

    def post(self, path: str, body: Any) -> Any:
        return self.ask("POST", path, body)

    def deployment(self, name: str) -> Any:
        return self.ask("GET", f"/deployments/name/{name}")

    def start(self, name: str, parameters: dict[str, Any]) -> str:
        path = f"/deployments/{self.deployment(name)['id']}/create_flow_run"
        key: str = self.post(path, {"parameters": parameters, "state": {"type": "SCHEDULED"}})["id"]
        return key

    def switch(self, name: str, *, on: bool) -> None:
        deployment = self.deployment(name)
        for schedule in deployment["schedules"]:
            path = f"/deployments/{deployment['id']}/schedules/{schedule['id']}"
            self.ask("PATCH", path, {"active": on})

    def runs(self, *states: str) -> list[Any]:
        kinds = {"flow_runs": {"state": {"type": {"any_": list(states)}}}}
        found: list[Any] = self.post("/flow_runs/filter", kinds)
        return found

    def run(self, key: str) -> Any:
        return self.ask("GET", f"/flow_runs/{key}")

    def state(self, key: str) -> str:
        kind: str = self.run(key)["state"]["type"]
        return kind

    def under_way(self) -> list[Any]:
        return self.runs("RUNNING", "PENDING", "CANCELLING")


class Worker:
    """One `prefect worker` of the pool, which takes one run at a time, in a session of its own."""

    def __init__(self, name: str, environment: dict[str, str], log: Path) -> None:
        command = [sys.executable, "-m", "prefect", "worker", "start"]
        command += ["--pool", POOL, "--type", "process", "--name", name, "--limit", "1"]
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    def runs(self) -> set[str]:
        """Keys of the flow runs that its processes are at."""
        found = set()
        for process in family(self._process.pid):
            with suppress(OSError):
                words = Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
                found |= {word.partition(b"=")[2].decode() for word in words if word.startswith(RUN_KEY)}
        return found

    def seconds(self) -> float:
        """CPU that it and all its processes that have ended took."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / TICKS

    def die(self) -> None:
        """As if its machine lost power: SIGKILL to it and all that it has started."""
        processes = family(self._process.pid)
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(20)
            self.die()


RUN_KEY = b"PREFECT__FLOW_RUN_ID="


def family(process: int) -> list[int]:
    """The process and all that it has started, itself first."""
    parents = dict(_parents())
    found = [process]
    for one in found:
        found += [pid for pid, parent in parents.items() if parent == one and pid not in found]
    return found


def _parents() -> Iterator[tuple[int, int]]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            yield int(path.parent.name), int(path.read_text("ascii", "replace").rpartition(")")[2].split()[1])
