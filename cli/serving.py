"""Supervising Prefect's server, the runner and the pages, and registering flows."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from cli.output import language, tell
from config import logs
from config.settings import Settings, load
from flows.server import PrefectServer
from rules.errors import BusyError
from texts import say

log = logging.getLogger(__name__)

CHILD_STOPS_WITHIN = 25.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds between a child's death and its next start; the pause doubles."""


def register(folder: Path | None, pool: str | None) -> list[str]:
    """Registers the catalogue of flows with the server that PREFECT_API_URL names."""
    settings = load(dir=folder)
    if not os.environ.get("PREFECT_API_URL"):
        own = PrefectServer(settings.dir / "prefect", settings.prefect_port)
        os.environ.update(own.environment())
    import httpx
    from prefect.deployments.runner import DeploymentApplyError
    from prefect.exceptions import PrefectException

    from flows.deployments import deploy

    try:
        return asyncio.run(deploy(settings.timezone, pool))
    except (httpx.HTTPError, PrefectException, DeploymentApplyError) as error:
        raise BusyError(
            "The flows could not be registered with Prefect at %(url)s: %(reason)s. Start it with rectify "
            "serve, or set PREFECT_API_URL; a work pool has to be made first.",
            url=os.environ["PREFECT_API_URL"],
            reason=str(error).splitlines()[0] if str(error) else type(error).__name__,
        ) from error


def keep_going(folder: Path | None, *, with_pages: bool = True) -> None:
    """Runs Prefect's server, the runner and the pages, restarts what dies, stops all when told to."""
    settings = load(dir=folder)
    logs.set_up(settings.logs, is_service=True)
    told = threading.Event()
    for word in (signal.SIGTERM, signal.SIGINT):
        signal.signal(word, lambda *_: told.set())
    with ExitStack() as stack:
        mail = (
            [stack.enter_context(_mailbox(settings.mailbox, settings.smtp_port))] if settings.mailbox else []
        )
        server = stack.enter_context(running_server(settings))
        environment = os.environ | server.environment() | _ours(settings, server)
        tell("Prefect: %(url)s (user and password: %(file)s)", url=server.url, file=server.password_file)
        runner = _Child("The runner", [sys.executable, "-m", "flows.runner"], environment)
        pages = _Child("The pages", [sys.executable, "-m", "cli.main", "web"], environment)
        children = (pages, runner) if with_pages else (runner,)
        for child in children:
            stack.callback(child.stop)
            child.start()
        tell("Schedules are running. Stop with Ctrl-C.")
        _supervise(told, server, (*children, *mail))
    tell("Stopped.")


def _ours(settings: Settings, server: PrefectServer) -> dict[str, str]:
    """What our children need to find the folder and Prefect's server."""
    return {
        "RECTIFY_DIR": str(settings.dir.absolute()),
        "RECTIFY_PREFECT_URL": f"{server.url}/api",
        "RECTIFY_PREFECT_AUTH_FILE": str(server.password_file),
    }


class _Ward(Protocol):
    """What is looked after twice a second."""

    def look_after(self) -> None: ...


@contextmanager
def _mailbox(folder: Path, port: int) -> Iterator[_Ward]:
    # Here, because most offices have a mail server, and this process stays small without it.
    from notifications.mailbox import Index, Mailbox

    mailbox = Mailbox(folder, port)
    try:
        mailbox.start()
    except OSError as error:
        raise BusyError("Port %(port)d is taken; set RECTIFY_SMTP_PORT to another one.", port=port) from error
    try:
        tell("Local mailbox: %(folder)s (SMTP on port %(port)d)", folder=folder, port=port)
        yield Index(folder, language())
    finally:
        mailbox.stop()


@contextmanager
def running_server(settings: Settings) -> Iterator[PrefectServer]:
    """Prefect's server, ready, for the length of the block."""
    server = PrefectServer(settings.dir / "prefect", settings.prefect_port)
    server.start()
    try:
        server.wait()
        yield server
    finally:
        server.stop()


def _supervise(told: threading.Event, server: PrefectServer, wards: Iterable[_Ward]) -> None:
    while not told.wait(0.5):
        if server.process is None or server.process.poll() is not None:
            log.warning(say(language(), "Prefect's server ended; starting it again."))
            server.start()
            server.wait()
        for ward in wards:
            ward.look_after()


class _Child:
    """A child process that is started again when it dies, after a pause that doubles each time."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self._name = name
        self._command = command
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._pause = FIRST_PAUSE
        self._again_at = 0.0

    def start(self) -> None:
        """Starts it in a process group of its own, so that our signals reach it only through us."""
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
            self._command, env=self._environment, stdin=subprocess.DEVNULL, start_new_session=True
        )
        self._again_at = 0.0

    def look_after(self) -> None:
        """Starts it again if it has died and the pause is over."""
        if self._process is not None and self._process.poll() is None:
            return
        if not self._again_at:
            name = say(language(), self._name)
            sentence = "%(name)s ended; starting it again in %(pause)d s."
            log.warning(say(language(), sentence, name=name, pause=self._pause))
            self._again_at = time.monotonic() + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
        elif time.monotonic() >= self._again_at:
            self.start()

    def stop(self) -> None:
        """Lets it finish what it is doing, within bounds."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(CHILD_STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
