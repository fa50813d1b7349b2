"""An office as it is really served: `rectify serve` with Prefect, as a process of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.settings import Settings
from flows.server import free_port

READY_WITHIN, STOPS_WITHIN = 180.0, 60.0
"""Seconds."""


@contextmanager
def really_served(settings: Settings, letters: Path, port: int) -> Iterator[None]:
    """The pages on this port, with Prefect's server, schedules and a local mailbox, for the block."""
    own = {
        "DIR": settings.dir,
        "POLICY": settings.policy,
        "BASE_URL": settings.base_url,
        "MAIL_FROM": settings.mail_from,
        "SMTP_PORT": settings.smtp_port,
        "LOCALE": settings.language,
        "MAILBOX": letters,
        "WEB_PORT": port,
        "PREFECT_PORT": free_port(),
    }
    env = os.environ | {f"RECTIFY_{name}": str(value) for name, value in own.items()}
    command = [Path(sys.executable).with_name("rectify"), "serve"]
    serving = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    try:
        _wait(f"http://127.0.0.1:{port}/readyz", serving)
        yield
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait(STOPS_WITHIN)


def _wait(address: str, serving: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + READY_WITHIN
    while serving.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit("The second bureau could not be served.")
