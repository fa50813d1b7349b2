"""serve: what keeps the office going, as a process of its own."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from flows.server import free_port


@pytest.mark.timeout(240)
def test_without_pages_the_schedules_run_and_nobody_answers_at_the_pages_port(
    rectify: Path, tmp_path: Path
) -> None:
    pages = free_port()
    own = {"DIR": tmp_path / "var", "WEB_PORT": pages, "PREFECT_PORT": free_port(), "LOCALE": "en"}
    env = os.environ | {f"RECTIFY_{name}": str(value) for name, value in own.items()}
    subprocess.run([rectify, "init"], env=env, check=True, capture_output=True)
    command = [rectify, "serve", "--no-pages"]
    serving = subprocess.Popen(
        command,
        env=env | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert serving.stdout is not None
    try:
        said = [serving.stdout.readline() for _ in range(2)]
        assert said[1] == "Schedules are running. Stop with Ctrl-C.\n"
        assert children(serving.pid) == ["flows.runner", "prefect"]
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", pages)) != 0
    finally:
        serving.send_signal(signal.SIGTERM)
        rest = serving.communicate(timeout=60)[0]
    assert (serving.returncode, rest) == (0, "Stopped.\n")


def children(pid: int) -> list[str]:
    """The modules that the children of a process run."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lines = [words(int(child)) for child in found]
    return sorted(line[line.index("-m") + 1] for line in lines if "-m" in line)


def words(pid: int) -> list[str]:
    """A process's words. Linux shows none for the instant in which a new program takes the process over."""
    until = time.monotonic() + 10
    while not (line := Path(f"/proc/{pid}/cmdline").read_text()) and time.monotonic() < until:
        time.sleep(0.01)
    return line.split("\0")
