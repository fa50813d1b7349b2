"""A server that answers as Prefect's API does, with what a test puts into it."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import UUID


def key(number: int) -> str:
    return str(UUID(int=number))


def run(number: int, flow: str, state: str, name: str = "", **more: Any) -> dict[str, Any]:
    """One flow run as the API gives it."""
    return {
        "id": key(number),
        "tags": ["rectify", flow],
        "state": {"type": state, "name": name or state.title(), "message": more.pop("message", None)},
        "expected_start_time": f"2026-07-06T00:{number:02}:00Z",
        "start_time": None,
        "end_time": None,
        "total_run_time": 0.0,
    } | more


def deployment(
    flow: str, *, on: bool = True, paused: bool = False, pool: str | None = None
) -> dict[str, Any]:
    """One deployment with its schedule as the API gives it."""
    return {
        "tags": ["rectify", flow],
        "paused": paused,
        "schedules": [{"slug": f"{flow}-schedule", "active": on}],
        "work_pool_name": pool,
    }


@dataclass
class FakePrefect:
    """What it knows, what it was asked for, and how long it takes to answer."""

    url: str = ""
    runs: list[dict[str, Any]] = field(default_factory=list)
    logs: list[dict[str, Any]] = field(default_factory=list)
    artifacts: list[dict[str, Any]] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    deployments: list[dict[str, Any]] = field(default_factory=list)
    asked_once: dict[tuple[str, str], str] = field(default_factory=dict)
    """Flow and idempotency key -> key of the run that it gave."""
    seconds: float = 0.0
    is_nonsense: bool = False

    def answer(self, path: str, body: Any) -> Any:
        if self.is_nonsense:
            return ["?"]
        lists = {
            "/api/logs/filter": self.logs,
            "/api/artifacts/filter": self.artifacts,
            "/api/deployments/filter": self.deployments,
        }
        if path in lists:
            return lists[path]
        if path == "/api/flow_runs/filter":
            wanted = body["flow_runs"]["state"]["type"]["any_"]
            return [one for one in self.runs if one["state"]["type"] in wanted]
        if path.startswith("/api/deployments/name/"):
            return {"id": path.split("/")[4]}
        if path.endswith("/create_flow_run"):
            return {"id": self._start(path.split("/")[3], body["idempotency_key"])}
        found = [one for one in self.runs if path == f"/api/flow_runs/{one['id']}"]
        return found[0] if found else None

    def _start(self, flow: str, once: str) -> str:
        if (flow, once) not in self.asked_once:
            self.started.append(flow)
            self.asked_once[flow, once] = key(98 + len(self.started))
        return self.asked_once[flow, once]


@contextmanager
def fake_prefect() -> Iterator[FakePrefect]:
    fake = FakePrefect()

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            time.sleep(fake.seconds)
            found = fake.answer(self.path, body)
            content = json.dumps(found).encode()
            self.send_response(404 if found is None else 200)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _do  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}/api"
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
