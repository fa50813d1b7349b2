"""web and account: the commands that let people in."""

import json
import re
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from commands import environment
from sqlalchemy import select

from models.message import Message
from models.session import open_engine, reading

SAMPLES = Path(__file__).parent.parent.parent / "samples"
WHO = "zhou.min@yunzhou.example"
PASSWORD = "mosaic-lantern-4417"  # noqa: S105 - opens nothing but a test


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def env(tmp_path: Path, rectify: Path) -> dict[str, str]:
    env = environment(tmp_path)
    command = [rectify, "init", "--organisation", SAMPLES / "organisation.toml"]
    subprocess.run(command, env=env, check=True, capture_output=True)
    return env


def set_password(rectify: Path, env: dict[str, str], who: str, words: str) -> tuple[int, str]:
    done = subprocess.run(
        [rectify, "account", "set-password", who],
        env=env,
        input=words,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).strip()


@pytest.mark.parametrize(
    ("who", "words", "code", "sentence"),
    [
        (WHO, f"{PASSWORD}\n", 0, f"{WHO} can sign in with the new password; open sessions were ended."),
        (WHO, "short\n", 1, "A password has 12 to 128 characters; this one has 5."),
        (WHO, "", 1, "A password has 12 to 128 characters; this one has 0."),
        (
            WHO,
            "password2026\n",
            1,
            "This password is among those that are tried first; choose another one.",
        ),
        ("nobody@yunzhou.example", f"{PASSWORD}\n", 1, "Nobody here has the address nobody@yunzhou.example."),
    ],
)
def test_a_password_comes_from_standard_input_and_is_looked_at(
    rectify: Path, env: dict[str, str], who: str, words: str, code: int, sentence: str
) -> None:
    assert set_password(rectify, env, who, words) == (code, sentence)


def test_a_password_is_no_argument(rectify: Path, env: dict[str, str]) -> None:
    done = subprocess.run(
        [rectify, "account", "set-password", WHO, PASSWORD], env=env, capture_output=True, check=False
    )
    assert done.returncode == 2


@pytest.fixture
def served(
    rectify: Path, env: dict[str, str], tmp_path: Path
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    with (tmp_path / "web.log").open("wb") as log:
        serving = subprocess.Popen([rectify, "web", "--port", str(port)], env=env, stdout=log, stderr=log)
    yield f"http://127.0.0.1:{port}", serving
    serving.kill()
    serving.wait()


def wait_until_ready(address: str, serving: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and serving.poll() is None:
        try:
            if httpx2.get(f"{address}/readyz").text == "ready\n":
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    pytest.fail("the pages did not come up")


def test_one_signs_in_to_the_pages_that_the_command_runs(
    rectify: Path, env: dict[str, str], served: tuple[str, subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    address, serving = served
    set_password(rectify, env, WHO, PASSWORD)
    wait_until_ready(address, serving)
    with httpx2.Client(base_url=address) as client:
        token = re.findall(r'name="csrf" value="([^"]*)"', client.get("/sign-in").text)[0]
        said = {"csrf": token, "email": WHO, "password": PASSWORD, "next": "/items"}
        done = client.post("/sign-in", data=said, headers={"Origin": address})
        assert (done.status_code, done.headers["location"]) == (303, "/items")
        assert client.get("/items").status_code == 200
        assert "server" not in done.headers
        # Addresses that let in whoever has them stand in no log, whatever comes of the request.
        secret = [f"/mail/{'A' * 36}", f"/mail/{'A' * 36}/x/y/z", f"/calendar/{'A' * 36}.ics"]
        assert [client.get(path).status_code for path in secret] == [410, 404, 404]
    assert (tmp_path / "web.log").read_text() == f"Pages: {address}\n"
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(timeout=15) == 0


def test_pages_that_others_reach_are_refused_without_tls(rectify: Path, env: dict[str, str]) -> None:
    done = subprocess.run(
        [rectify, "web", "--host", "0.0.0.0"],  # noqa: S104 - refused
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (
        1,
        "0.0.0.0 is reached by others; name the https address of a proxy in RECTIFY_BASE_URL.\n",
    )


def test_a_taken_port_is_a_sentence(rectify: Path, env: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [rectify, "web", "--port", str(port)],
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"Port {port} is taken; name another one with --port."


def test_an_administrator_invites_a_person_where_there_are_pages_to_link_to(
    rectify: Path, env: dict[str, str]
) -> None:
    def invite(**more: str) -> tuple[int, str]:
        command = [rectify, "account", "invite", WHO]
        done = subprocess.run(command, env=env | more, capture_output=True, text=True, check=False)
        return done.returncode, (done.stdout + done.stderr).strip()

    pages = "https://rectify.yunzhou.example"
    lacking = "A link needs the address of the pages in RECTIFY_BASE_URL, and in a trial nobody gets one."
    assert invite() == (1, lacking)
    assert invite(RECTIFY_BASE_URL=pages, RECTIFY_REDIRECT_ALL="trial@yunzhou.example") == (1, lacking)
    said = f"A link to set a password goes to {WHO} with the next delivery."
    assert invite(RECTIFY_BASE_URL=pages) == (0, said)
    with reading(open_engine(f"sqlite:///{env['RECTIFY_DIR']}/rectify.db")) as session:
        (letter,) = session.query(Message).all()
        assert (letter.letter, letter.address) == ("invitation", WHO)
        assert re.findall(rf"{pages}/password/[A-Za-z0-9_-]{{36}}$", letter.text, re.MULTILINE) != []


@pytest.fixture
def invited(rectify: Path, env: dict[str, str], tmp_path: Path) -> str:
    """The token of a link that sets somebody's first password."""
    named = env | {"RECTIFY_BASE_URL": "https://rectify.example"}
    subprocess.run([rectify, "account", "invite", WHO], env=named, check=True, capture_output=True)
    engine = open_engine(f"sqlite:///{tmp_path / 'rectify.db'}")
    with reading(engine) as session:
        [letter] = session.scalars(select(Message.text))
    engine.dispose()
    return re.findall(r"/password/([\w-]{36})", letter)[0]


def live(address: str, token: str, broken: Path) -> list[int]:
    """Somebody sets their first password, signs in, and finds the database broken; what was answered."""
    with httpx2.Client(base_url=address, headers={"Origin": address}) as client:
        csrf = {"csrf": re.findall(r'name="csrf" value="([^"]*)"', client.get(f"/password/{token}").text)[0]}
        chosen = csrf | {"new-password": PASSWORD, "once-more": PASSWORD}
        said = [client.post(f"/password/{token}", data=chosen)]
        csrf = {"csrf": re.findall(r'name="csrf" value="([^"]*)"', client.get("/sign-in").text)[0]}
        said += [client.post("/sign-in", data=csrf | {"email": WHO, "password": PASSWORD, "next": "/"})]
        with sqlite3.connect(broken) as database:
            database.execute("update unit set aliases = 'no list'")
        return [answer.status_code for answer in (*said, client.get("/items"))]


def test_the_pages_log_as_json_what_was_done_and_what_broke_and_no_secret(
    rectify: Path, env: dict[str, str], invited: str, tmp_path: Path
) -> None:
    port = free_port()
    with (tmp_path / "log").open("wb") as log:
        command = [rectify, "web", "--port", str(port)]
        serving = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(address, serving)
        assert live(address, invited, tmp_path / "rectify.db") == [303, 303, 500]
    finally:
        serving.terminate()
        serving.wait(30)
    told = (tmp_path / "log").read_text()
    lines = [json.loads(line) for line in told.splitlines()]
    assert [(line["logger"], line["event"], line.get("move", "")) for line in lines] == [
        ("services.history", "changed", "set-password"),
        ("web.pages", "GET /items", ""),
    ]
    assert lines[1]["error"][-1]["frames"][0]["name"] == "answer"
    assert [secret for secret in (invited, PASSWORD) if secret in told] == []
