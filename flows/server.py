"""Prefect's own server as a child process: started, waited for, stopped. Never the user's."""

import base64
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from rules.errors import BusyError

HOST = "127.0.0.1"
READY_WITHIN = 90.0
"""Seconds; a first start builds Prefect's database and takes 8 to 14 of them."""
STOPS_WITHIN = 15.0
HEARTBEAT = 30
"""Seconds between two signs of life of a run; the least that Prefect admits."""

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # Its second version calls an address outside even so.
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    # Every hour it prunes what is older; our own record of runs is kept for good.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(90 * 86400),
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT),
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_SETTINGS_PATH": str(Path(__file__).with_name("logging.yml")),
    # On SQLite every small write waits for the one before it; larger batches wait less often.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "100",
}

THRIFTY = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "65536",
    "MALLOC_MMAP_THRESHOLD_": "65536",
}
"""For the server alone: its threads share one heap, and what they free goes back."""


class PrefectServer:
    """A Prefect server on loopback with a home of its own."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home.absolute()
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where its user interface answers; the API is below /api."""
        return f"http://{HOST}:{self.port}"

    @property
    def password_file(self) -> Path:
        """Holds `user:password`, readable by its owner alone."""
        return self.home / "password"

    def environment(self) -> dict[str, str]:
        """What a process needs to speak with this server, and the server to be quiet."""
        password = self._password()
        return QUIET | {
            "PREFECT_HOME": str(self.home),
            "PREFECT_API_URL": f"{self.url}/api",
            "PREFECT_API_AUTH_STRING": password,
            "PREFECT_SERVER_API_AUTH_STRING": password,
            "PREFECT_UI_API_URL": f"{self.url}/api",
            # It writes its pages out; beside its own program the service's user may not write.
            "PREFECT_UI_STATIC_DIRECTORY": str(self.home / "ui"),
        }

    def start(self) -> None:
        """Starts the server without waiting for it."""
        self.home.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable,
            "-m",
            "prefect",
            "server",
            "start",
            "--host",
            HOST,
            "--port",
            str(self.port),
        ]
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
                command,
                env=_inherited() | self.environment() | THRIFTY,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Returns once the server answers.

        Raises:
            BusyError: it died, or did not answer in time; names its log.
        """
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            if self.is_ready():
                return
            if self.process is not None and self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise BusyError(
            "Prefect's server did not start on port %(port)s; see %(log)s.",
            port=self.port,
            log=self.home / "server.log",
        )

    def is_ready(self) -> bool:
        """Whether the server and its database answer."""
        credentials = base64.b64encode(self._password().encode()).decode()
        request = urllib.request.Request(  # noqa: S310 - our own address
            f"{self.url}/api/ready", headers={"Authorization": f"Basic {credentials}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - as above
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """Stops what `start` started, its children included."""
        if self.process is None:
            return
        for word in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, word)
                self.process.wait(STOPS_WITHIN)
                break
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        self.process = None

    def _password(self) -> str:
        if not self.password_file.exists():
            self.home.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(f"rectify:{secrets.token_urlsafe(18)}")
        return self.password_file.read_text("utf-8").strip()


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _inherited() -> dict[str, str]:
    """Our environment without a word about any other Prefect."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
