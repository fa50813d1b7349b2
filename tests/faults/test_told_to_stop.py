"""A sender that is told to stop while it works: it ends soon, and nothing goes out twice."""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from email import message_from_bytes
from pathlib import Path

import pytest
from commands import begun, environment
from faulty_server import Slow
from offices import Bureau
from pools import Api, wait_for
from torture import PATIENCE, SCALE, fill, tell

from flows.server import PrefectServer, free_port
from models.message import Message, MessageState

TERMS = 5 * SCALE
"""On each of the two databases."""
A_TERM = 8
"""Letters that there are for each of them, so that work is left until the last one."""
STOPS_WITHIN = 30.0
LONG = 3000
"""Letters that take longer than what is under way has to come to its end."""


def heard(server: Slow, commands: int, patience: float = 60.0) -> bool:
    """Whether the server has been told so many commands more, in time."""
    until, over = len(server.heard) + commands, time.monotonic() + patience
    while len(server.heard) < until and time.monotonic() < over:
        time.sleep(0.001)
    return len(server.heard) >= until


@pytest.mark.timeout(PATIENCE)
def test_sigterm_ends_a_delivery_soon_and_no_letter_goes_out_twice(
    bureau: Bureau, database_url: str, tmp_path: Path
) -> None:
    fill(bureau, A_TERM * TERMS)
    chance = random.Random(TERMS)  # noqa: S311 - when somebody is told, not a secret
    taken = []
    with Slow() as server:
        env = environment(tmp_path, database_url=database_url, smtp_port=server.port, locale="en")
        for _ in range(TERMS):
            sender = begun("deliver", env=env, cwd=tmp_path, out=tmp_path / "said")
            assert heard(server, chance.randrange(3, 12))
            assert sender.pid is not None
            before = time.monotonic()
            os.kill(sender.pid, signal.SIGTERM)
            sender.join(STOPS_WITHIN)
            taken.append(time.monotonic() - before)
            assert sender.exitcode == 0, (tmp_path / "said").read_text()
        left = len(bureau.messages(Message.state != MessageState.SENT))
        last = begun("deliver", env=env, cwd=tmp_path, out=tmp_path / "said")
        last.join(240)
    assert (last.exitcode, left > 0) == (0, True)
    sent = Counter(str(message_from_bytes(mail)["Message-ID"]) for mail in server.mails)
    tell(
        f"{bureau.engine.dialect.name}: told to stop {TERMS} times, ended after {max(taken):.2f} s at most; "
        f"{len(sent)} letters sent, {sent.total() - len(sent)} twice"
    )
    assert sent == Counter(letter.message_id for letter in bureau.messages())
    assert {letter.state for letter in bureau.messages()} == {MessageState.SENT}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sigterm_to_all_that_runs_ends_a_long_delivery_and_no_letter_goes_out_twice(
    bureau: Bureau, database_url: str, tmp_path: Path, rectify: Path
) -> None:
    fill(bureau, LONG)
    with Slow() as server:
        port = free_port()
        own = {"database_url": database_url, "smtp_port": server.port, "prefect_port": port, "locale": "en"}
        with (tmp_path / "serve.log").open("wb") as log:
            command = [rectify, "serve", "--no-pages"]
            env = environment(tmp_path, **own)
            serving = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
        prefect = PrefectServer(tmp_path / "prefect", port)
        wait_for(prefect.is_ready, 120)
        api = Api(prefect)
        wait_for(lambda: "delivery" in {row["tags"][-1] for row in api.post("/deployments/filter", {})}, 120)
        api.start("delivery/office", {})
        assert heard(server, 60, 120)
        before = time.monotonic()
        serving.terminate()
        assert serving.wait(60) == 0
        taken = time.monotonic() - before
        api.close()
        done = len(server.mails)
        left = len(bureau.messages(Message.state != MessageState.SENT))
    sent = Counter(str(message_from_bytes(mail)["Message-ID"]) for mail in server.mails)
    tell(f"all told to stop in mid-delivery: ended after {taken:.1f} s, {done} letters sent, {left} left")
    assert taken < STOPS_WITHIN
    assert (max(sent.values()), left > 0, left + len(sent)) == (1, True, LONG)
