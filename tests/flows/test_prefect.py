"""The real thing: Prefect's server as a subprocess, once a test run, and what we ask of it."""

import contextlib
import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from faulty_server import FaultyServer
from pools import Api, clean, wait_for
from sqlalchemy import select

from config import clock
from config.logs import OURS
from flows.server import PrefectServer, free_port
from models.message import Message, Run
from models.session import open_engine, reading
from rules.errors import BusyError
from services import schedules
from services.schedules import Flow, RunState, Scheduler

SAMPLES = Path(__file__).parent.parent.parent / "samples"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, rectify: Path) -> Path:
    """An office of our own on SQLite, for the flows to work in."""
    folder = tmp_path_factory.mktemp("house")
    command = [rectify, "init", "--organisation", str(SAMPLES / "organisation.toml")]
    subprocess.run(command, check=True, env=clean() | {"RECTIFY_DIR": str(folder)}, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    server = PrefectServer(tmp_path_factory.mktemp("prefect"), free_port())
    server.start()
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def api(server: PrefectServer) -> Iterator[Api]:
    api = Api(server)
    yield api
    api.close()


def environment(folder: Path, server: PrefectServer) -> dict[str, str]:
    return clean() | server.environment() | {"RECTIFY_DIR": str(folder)}


def deploy(folder: Path, server: PrefectServer) -> list[str]:
    command = [sys.executable, "-m", "cli.main", "deploy"]
    done = subprocess.run(
        command, check=True, env=environment(folder, server), capture_output=True, text=True, timeout=120
    )
    return done.stdout.split()


def test_the_real_server_schedules_what_the_catalogue_says(
    folder: Path, server: PrefectServer, api: Api
) -> None:
    names = deploy(folder, server)
    scheduled = wait_for(lambda: len({run["deployment_id"] for run in api.runs("SCHEDULED")}) == 6)
    assert sorted(names) == [
        f"{name}/office"
        for name in ("delivery", "housekeeping", "intake", "period-end", "receipt", "reminders", "seal-check")
    ]
    assert scheduled
    crons = {
        name: [(s["schedule"]["cron"], s["schedule"]["timezone"]) for s in api.deployment(name)["schedules"]]
        for name in names
    }
    assert crons == {
        "delivery/office": [("*/5 * * * *", "Asia/Shanghai")],
        "housekeeping/office": [("7 * * * *", "Asia/Shanghai")],
        "intake/office": [],
        "period-end/office": [("10 0 * * *", "Asia/Shanghai")],
        "receipt/office": [("2 17 * * *", "Asia/Shanghai")],
        "reminders/office": [("30 8 * * *", "Asia/Shanghai")],
        "seal-check/office": [("40 1 * * *", "Asia/Shanghai")],
    }


def test_deploying_again_keeps_what_people_switched_off_and_drops_what_nobody_knows(
    folder: Path, server: PrefectServer, api: Api
) -> None:
    deploy(folder, server)
    api.switch("delivery/office", on=False)
    delivery = api.deployment("delivery/office")
    stray = {"schedule": {"cron": "0 * * * *", "timezone": "UTC"}, "active": True, "slug": "stray"}
    api.post(f"/deployments/{delivery['id']}/schedules", [stray])
    deploy(folder, server)
    after = api.deployment("delivery/office")
    assert [(schedule["slug"], schedule["active"]) for schedule in after["schedules"]] == [
        ("delivery-schedule", False)
    ]


def test_a_run_that_died_with_its_machine_is_marked_as_crashed(
    folder: Path, server: PrefectServer, api: Api
) -> None:
    deploy(folder, server)
    deployment = api.deployment("reminders/office")
    lost = api.post(f"/deployments/{deployment['id']}/create_flow_run", {"state": {"type": "SCHEDULED"}})
    api.post(f"/flow_runs/{lost['id']}/set_state", {"state": {"type": "RUNNING"}, "force": True})
    code = "import asyncio; from flows.runner import mark_lost; print(asyncio.run(mark_lost()))"
    subprocess.run([sys.executable, "-c", code], check=True, env=environment(folder, server), timeout=60)
    assert api.run(lost["id"])["state"]["type"] == "CRASHED"


LIVE = """
import asyncio, contextlib, json
from datetime import date
from flows.housekeeping import SomethingIsTheMatterError, keep_house
from flows.intake import take_in_report
from flows.receipts import send_receipts
from flows.reminders import send_reminders
from flows.runtime import hand_in
async def main():
    taken = await take_in_report(file=FILE, unit="DZ")
    again = await take_in_report(file=FILE, unit="DZ")
    counts = await send_reminders(on=date(2026, 9, 30))
    written = [await send_receipts(on=date(2026, 9, 30)) for _ in "12"]
    # Whether all is well depends on the day and the hour of the test; a page is left either way.
    with contextlib.suppress(SomethingIsTheMatterError):
        await keep_house()
    return [taken["items"], again["known"], [one["receipts"] for one in written], counts]
print("RESULT", json.dumps(asyncio.run(main())))
hand_in()
"""


def test_flows_leave_a_page_that_a_coordinator_can_read(
    folder: Path, server: PrefectServer, api: Api
) -> None:
    code = LIVE.replace("FILE", repr(str(SAMPLES / "report_2026H1.txt")))
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env=environment(folder, server) | {"RECTIFY_LOCALE": "zh_CN"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert '[11, true, [1, 0], {"planned": 0' in done.stdout
    # Prefect adds one without a key for whatever a failed run leaves behind.
    found = api.post("/artifacts/filter", {})
    artifacts = {artifact["key"]: artifact["data"] for artifact in found if artifact["key"]}
    assert artifacts["intake-summary"].splitlines()[0] == "# 报告已读入"
    assert sorted(artifacts) == [
        "housekeeping-summary",
        "housekeeping-table",
        "intake-summary",
        "intake-table",
        "receipt-summary",
        "receipt-table",
        "reminders-summary",
        "reminders-table",
    ]
    assert artifacts["housekeeping-summary"].splitlines()[0] == "# 运行检查"
    checks = [
        run["name"] for run in api.runs("COMPLETED", "FAILED") if run["name"].startswith("housekeeping")
    ]
    names = {run["name"] for run in api.runs("COMPLETED")} - set(checks)
    assert len(checks) == 1
    assert names == {"intake-report_2026H1.txt", "receipt-2026-09-30", "reminders-2026-09-30"}


def started(scheduler: Scheduler) -> str:
    """The key of a run that was asked for; nothing while the server is busy, as it says itself on SQLite."""
    with contextlib.suppress(BusyError):
        return schedules.start(scheduler, Flow.REMINDERS, "a-form")
    return ""


def test_our_page_asks_the_real_server_and_understands_its_answers(
    folder: Path, server: PrefectServer, api: Api
) -> None:
    deploy(folder, server)
    user, _, password = server.environment()["PREFECT_API_AUTH_STRING"].partition(":")
    scheduler = Scheduler(f"{server.url}/api", (user, password))
    key = wait_for(lambda: started(scheduler))
    assert wait_for(lambda: started(scheduler)) == key
    assert api.run(key)["deployment_id"] == api.deployment("reminders/office")["id"]
    failed = {"state": {"type": "FAILED", "message": "It went wrong."}, "force": True}
    api.post(f"/flow_runs/{key}/set_state", failed)
    picture = wait_for(lambda: schedules.picture(scheduler, clock.now()))
    assert {run.key: run.state for run in picture.runs}[key] is RunState.FAILED
    story = wait_for(lambda: schedules.story(scheduler, key))
    assert (story.run.flow, story.run.message, story.papers) == ("reminders", "It went wrong.", ())
    assert schedules.picture(Scheduler(f"{server.url}/api", (user, "wrong")), clock.now()) is None


FAILING = """
import asyncio
from flows.intake import take_in_report
from flows.runtime import hand_in
try:
    asyncio.run(take_in_report(file="nowhere.txt", unit="DZ"))
except FileNotFoundError:
    print("REFUSED")
hand_in()
"""


def test_a_flow_that_breaks_off_tells_our_own_table_why(folder: Path, server: PrefectServer) -> None:
    command = [sys.executable, "-c", FAILING]
    done = subprocess.run(
        command, check=True, env=environment(folder, server), capture_output=True, text=True, timeout=120
    )
    assert "REFUSED" in done.stdout
    engine = open_engine(f"sqlite:///{folder / 'rectify.db'}")
    with reading(engine) as session:
        (run,) = session.scalars(select(Run).where(Run.error != ""))
        said = "it broke off: FileNotFoundError: [Errno 2] No such file or directory: 'nowhere.txt'"
        assert (run.name, run.error, len(run.flow_run_id)) == ("intake", said, 36)
    engine.dispose()


CHECK = """
import asyncio
from flows.runtime import hand_in
from flows.seal_checks import check_all_seals
try:
    print("RESULT", asyncio.run(check_all_seals()))
finally:
    hand_in()
"""


def test_a_seal_that_was_changed_fails_the_nightly_check(
    folder: Path, server: PrefectServer, api: Api, rectify: Path
) -> None:
    env = environment(folder, server)
    subprocess.run([rectify, "rollup", "2025H1", "--seal"], check=True, env=env, capture_output=True)
    command = [sys.executable, "-c", CHECK]
    well = subprocess.run(command, check=True, env=env, capture_output=True, text=True, timeout=120)
    assert "RESULT {'seals': 1}" in well.stdout
    with sqlite3.connect(folder / "rectify.db") as database:
        database.execute("drop trigger rollup_refuses_update")
        database.execute("update rollup set content = replace(content, 'DZ', 'XX')")
    broken = subprocess.run(command, check=False, env=env, capture_output=True, text=True, timeout=120)
    assert broken.returncode == 1
    assert "The seal of 2025H1 is broken: it was changed." in broken.stderr
    checks = [run for state in ("COMPLETED", "FAILED") for run in api.runs(state)]
    assert [run["state"]["type"] for run in checks if run["name"].startswith("seal-check-")] == [
        "COMPLETED",
        "FAILED",
    ]
    engine = open_engine(f"sqlite:///{folder / 'rectify.db'}")
    with reading(engine) as session:
        query = select(Run.counts, Run.error).where(Run.name == "seal-check").order_by(Run.id)
        kept = [tuple(row) for row in session.execute(query)]
    engine.dispose()
    assert kept == [({"seals": 1, "findings": 0}, ""), ({"seals": 1, "findings": 1}, "")]


def test_serve_runs_what_is_asked_for_and_stops_cleanly(tmp_path: Path, rectify: Path) -> None:
    env = clean() | {"RECTIFY_DIR": str(tmp_path), "RECTIFY_PREFECT_PORT": str(free_port())}
    subprocess.run([rectify, "init"], check=True, env=env, capture_output=True)
    env["RECTIFY_SMTP_PORT"] = str(free_port())
    env["RECTIFY_MAILBOX"] = str(tmp_path / "mail")
    env["RECTIFY_WEB_PORT"] = str(free_port())
    pages = f"http://127.0.0.1:{env['RECTIFY_WEB_PORT']}/readyz"
    with (tmp_path / "serve.log").open("wb") as log:
        serving = subprocess.Popen(
            [rectify, "serve"], env=env, stdout=log, stderr=log, start_new_session=True
        )
    try:
        server = PrefectServer(tmp_path / "prefect", int(env["RECTIFY_PREFECT_PORT"]))
        assert wait_for(server.is_ready), (tmp_path / "serve.log").read_text()
        api = Api(server)
        wait_for(lambda: api.post("/deployments/filter", {}))
        deployment = wait_for(lambda: deployment_or_none(api, "delivery/office"))
        asked = api.post(f"/deployments/{deployment['id']}/create_flow_run", {"state": {"type": "SCHEDULED"}})
        ended = wait_for(lambda: api.run(asked["id"])["state"]["type"] in {"COMPLETED", "FAILED", "CRASHED"})
        assert ended
        assert api.run(asked["id"])["state"]["type"] == "COMPLETED", (tmp_path / "serve.log").read_text()
        api.close()
        assert httpx.get(pages).text == "ready\n"
    finally:
        serving.send_signal(signal.SIGTERM)
        code = serving.wait(timeout=45)
    assert code == 0
    assert not server.is_ready()
    with pytest.raises(httpx.ConnectError):
        httpx.get(pages)


def deployment_or_none(api: Api, name: str) -> Any:
    try:
        return api.deployment(name)
    except httpx.HTTPStatusError:
        return None


TOLD = """
import asyncio, contextlib
from flows.delivery import deliver_letters
from flows.intake import take_in_report
from flows.runtime import hand_in
asyncio.run(take_in_report(file=FILE, unit="DZ"))
asyncio.run(deliver_letters())
with contextlib.suppress(FileNotFoundError):
    asyncio.run(take_in_report(file="nowhere.txt", unit="DZ"))
hand_in()
"""
INVITED = ("gao.mingyuan@yunzhou.example", "zhou.min@yunzhou.example")
MAIL_PASSWORD = "harbour-lantern-2291"  # noqa: S105 - opens nothing but a test


@pytest.fixture
def invited(tmp_path: Path, rectify: Path) -> dict[str, str]:
    """An office in which two people are to be sent links that set their first passwords."""
    (tmp_path / "smtp-password").write_text(MAIL_PASSWORD)
    said = {"DIR": tmp_path, "BASE_URL": "https://rectify.example", "SMTP_USER": "tixing"}
    said |= {"SMTP_PASSWORD_FILE": tmp_path / "smtp-password"}
    env = clean() | {f"RECTIFY_{name}": str(value) for name, value in said.items()}
    organisation = ["init", "--organisation", str(SAMPLES / "organisation.toml")]
    for words in (organisation, *(["account", "invite", who] for who in INVITED)):
        subprocess.run([rectify, *words], check=True, env=env, capture_output=True)
    return env


def test_flows_log_what_they_did_as_json_and_never_a_secret_or_a_letter(
    server: PrefectServer, invited: dict[str, str], tmp_path: Path
) -> None:
    code = TOLD.replace("FILE", repr(str(SAMPLES / "report_2026H1.txt")))
    with FaultyServer({"DOT": [None, "550 5.7.1 not wanted"]}, extensions=["AUTH PLAIN"]) as post:
        env = server.environment() | invited | {"RECTIFY_SMTP_PORT": str(post.port)}
        done = subprocess.run(
            [sys.executable, "-c", code], check=True, env=env, capture_output=True, text=True, timeout=120
        )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    ours = [line for line in lines if line["logger"].partition(".")[0] in OURS]
    assert [line for line in ours if "run" not in line] == []
    runs = {line["run"]: line["flow"] for line in ours}
    assert list(runs.values()) == ["intake", "delivery", "intake"]
    assert {line["run"] for line in lines if "error" in line} <= set(runs)
    assert [line["event"] for line in ours if line["logger"] == "flows.runtime"] == [
        *("begun", "done", "begun", "done", "begun")
    ]
    assert len({line["item"] for line in ours if line.get("move") == "read"}) == 11
    assert [line["state"] for line in ours if "letter" in line] == ["sent", "dead"]
    broken = [line["error"][0]["exc_type"] for line in lines if "error" in line]
    assert set(broken) == {"FileNotFoundError"}
    letters = stored(tmp_path)
    tokens = [re.findall(r"/password/([\w-]{36})", letter.text)[0] for letter in letters]
    bodies = [words for letter in letters for words in letter.text.splitlines() if len(words) > 20]
    assert (len(set(tokens)), len(post.mails)) == (2, 2)
    found = [it for it in (*tokens, *bodies, MAIL_PASSWORD) if it in done.stdout + done.stderr]
    assert found == []


def stored(folder: Path) -> list[Message]:
    engine = open_engine(f"sqlite:///{folder / 'rectify.db'}")
    with reading(engine) as session:
        found = list(session.scalars(select(Message)))
        session.expunge_all()
    engine.dispose()
    return found
