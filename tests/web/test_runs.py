"""Runs 运行记录: what Prefect tells, what our own table keeps, and running something now."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from browsers import ORIGIN, Browser, Clock, Opening, give_password
from fastapi import FastAPI
from httpx2 import Response
from offices import MONDAY, Bureau
from prefects import FakePrefect, fake_prefect, key, run
from sqlalchemy import select

from config.house import House
from config.settings import Settings
from models.event import Event
from models.organisation import Grant, Person, Unit
from models.session import reading, writing
from rules.permissions import GRANTED, Role
from rules.reasons import Kept, keep
from services import runs, schedules
from services.schedules import RunState, Scheduler
from web.app import create_app
from web.guards import address_of


@pytest.fixture
def prefect() -> Iterator[FakePrefect]:
    with fake_prefect() as fake:
        yield fake


@pytest.fixture
def app(bureau: Bureau, clock: Clock, tmp_path: Path, prefect: FakePrefect) -> FastAPI:
    settings = Settings(dir=tmp_path, base_url=ORIGIN, locale="en", prefect_url=prefect.url)
    return create_app(House(settings, bureau.engine, bureau.office), address_of(ORIGIN, 8000), now=clock)


def keep_run(bureau: Bureau, name: str, number: int = 0, error: str = "", **counts: int) -> None:
    with writing(bureau.engine) as session:
        flow_run = key(number) if number else ""
        runs.keep(session, name, MONDAY.date(), MONDAY, counts, flow_run, error=error)


def rows_of(browser: Browser, heading: str) -> list[str]:
    """The rows of the table under this heading, as words."""
    table = browser.last.text.partition(f">{heading}</h2>")[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_late_and_failed_runs_stand_first_and_every_failure_has_its_sentence(
    bureau: Bureau, prefect: FakePrefect, signed_in: Opening
) -> None:
    prefect.runs = [
        run(1, "delivery", "COMPLETED"),
        run(2, "reminders", "FAILED", message="Flow run encountered an exception"),
        run(3, "period-end", "CRASHED"),
        run(4, "delivery", "SCHEDULED", "Late"),
        run(5, "delivery", "SCHEDULED"),
        run(6, "intake", "RUNNING"),
    ]
    keep_run(bureau, "delivery", 1, sent=3, failed=1, dead=0)
    keep_run(bureau, "reminders", 2, keep(Kept.BROKE_OFF, error="The database is held."))
    browser = signed_in("coordinator")
    browser.get("/runs")
    rows = rows_of(browser, "As Prefect has it")
    assert [row.split()[0] for row in rows] == ["Late", "Failed", "Broken", "Running", "Completed"]
    assert "nothing has taken it up" in rows[0]
    assert "it broke off: The database is held." in rows[1]
    assert "The machine or the program stopped while it ran." in rows[2]
    assert "Letters: 3 sent, 1 to be tried again, 0 undeliverable." in rows[4]
    assert "2026-07-06 08:05" in rows_of(browser, "What runs when")[1]


@pytest.mark.parametrize("trouble", ["gone", "nonsense", "slow"])
def test_where_prefect_does_not_answer_the_page_says_so_and_shows_our_own_table(
    bureau: Bureau, prefect: FakePrefect, signed_in: Opening, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_run(bureau, "delivery", sent=3)
    browser = signed_in("coordinator")
    prefect.is_nonsense = trouble == "nonsense"
    prefect.seconds = 30.0 if trouble == "slow" else 0.0
    if trouble == "gone":
        settings = browser.app.state.desk.house.settings.model_copy(
            update={"prefect_url": "http://127.0.0.1:9/api"}
        )
        house = replace(browser.app.state.desk.house, settings=settings)
        monkeypatch.setattr(browser.app.state, "desk", replace(browser.app.state.desk, house=house))
    began = time.monotonic()
    answer = browser.get("/runs")
    assert time.monotonic() - began < 4
    assert answer.status_code == 200
    assert "Prefect does not answer." in answer.text
    (row,) = rows_of(browser, "As our own table keeps it")
    assert "Letters: 3 sent, 0 to be tried again, 0 undeliverable." in row
    page = browser.get(f"/runs/run?run={key(1)}")
    assert page.status_code == (404 if trouble == "nothing" else 200)
    browser.get("/runs")
    refused = browser.post("/runs/start", {"flow": "delivery"})
    assert refused.status_code == 503
    assert "nothing was started" in refused.text


def test_a_fresh_failure_stands_before_what_came_after_it(
    bureau: Bureau, signed_in: Opening, clock: Clock
) -> None:
    keep_run(bureau, "delivery", error=keep(Kept.STOPPED, answer="535 authentication failed"))
    keep_run(bureau, "delivery", sent=1)
    keep_run(bureau, "reminders", planned=2, messages=2, held=2)
    browser = signed_in("coordinator")
    browser.get("/runs")
    rows = rows_of(browser, "As our own table keeps it")
    assert "takes no letters from us: 535 authentication failed" in rows[0]
    assert "2 letters with 2 reminders were planned. The flood guard holds them." in rows[1]
    browser.get("/runs?flow=delivery")
    assert len(rows_of(browser, "As our own table keeps it")) == 2
    clock.pass_by(days=4)
    assert browser.sign_in("coordinator").status_code == 303
    browser.get("/runs")
    assert "Reminders" in rows_of(browser, "As our own table keeps it")[0]


def ask_for(browser: Browser, flow: str) -> Response:
    """Sends the form of the page that is on the screen."""
    return browser.post("/runs/start", {"flow": flow, "once": browser.hidden("once")})


def starts(bureau: Bureau) -> int:
    with reading(bureau.engine) as session:
        return len(session.scalars(select(Event).where(Event.move == "start-run")).all())


def test_a_run_is_asked_for_and_the_history_says_by_whom(
    bureau: Bureau, prefect: FakePrefect, signed_in: Opening
) -> None:
    browser = signed_in("coordinator")
    browser.get("/runs")
    answer = ask_for(browser, "reminders")
    assert (answer.status_code, answer.headers["location"]) == (303, "/runs?started=reminders")
    assert prefect.started == ["reminders"]
    with reading(bureau.engine) as session:
        event = session.scalars(select(Event).where(Event.move == "start-run")).one()
        told = (event.subject, event.payload, event.actor_id)
    assert told[:2] == ("run:reminders", {"flow_run": key(99)})
    assert bureau.email(told[2] or 0) == "coordinator"
    browser.get("/runs")
    for flow in ("", "intake", "demolish"):
        assert browser.post("/runs/start", {"flow": flow}).status_code == 422
    assert prefect.started == ["reminders"]


def test_a_form_that_is_sent_twice_starts_one_run(
    bureau: Bureau, prefect: FakePrefect, signed_in: Opening
) -> None:
    browser = signed_in("coordinator")
    shown = browser.get("/runs")
    for _ in range(2):
        browser.last = shown
        assert ask_for(browser, "reminders").status_code == 303
    assert (prefect.started, starts(bureau)) == (["reminders"], 1)
    browser.last = shown
    ask_for(browser, "delivery")
    browser.get("/runs")
    ask_for(browser, "reminders")
    assert (prefect.started, starts(bureau)) == (["reminders", "delivery", "reminders"], 3)


def test_two_clicks_at_once_start_one_run(bureau: Bureau, prefect: FakePrefect, signed_in: Opening) -> None:
    browser = signed_in("coordinator")
    browser.get("/runs")
    said = {"csrf": browser.hidden("csrf"), "once": browser.hidden("once"), "flow": "reminders"}
    prefect.seconds = 0.1
    with ThreadPoolExecutor(2) as both:
        sent = [
            both.submit(browser.client.post, "/runs/start", data=said, headers={"Origin": ORIGIN})
            for _ in range(2)
        ]
    assert [answer.result().status_code for answer in sent] == [303, 303]
    assert (prefect.started, starts(bureau)) == (["reminders"], 1)


def test_a_form_that_comes_again_after_prefect_was_silent_asks_for_the_same_run(
    prefect: FakePrefect, signed_in: Opening
) -> None:
    browser = signed_in("coordinator")
    browser.get("/runs")
    once = browser.hidden("once")
    prefect.is_nonsense = True
    assert ask_for(browser, "reminders").status_code == 503
    assert browser.hidden("once") == once


@pytest.mark.parametrize("role", sorted(GRANTED))
@pytest.mark.parametrize("where", ["BUREAU", "SAFETY"])
def test_a_run_is_started_by_who_coordinates_or_administers_the_whole_office(
    bureau: Bureau, prefect: FakePrefect, signed_in: Opening, role: Role, where: str
) -> None:
    with writing(bureau.engine) as session:
        unit = session.scalars(select(Unit.id).where(Unit.code == where)).one()
        who = session.scalars(select(Person.id).where(Person.email == "stranger@office.example")).one()
        session.add(Grant(person_id=who, role=role, unit_id=unit))
    browser = signed_in("stranger")
    sees = role in {Role.COORDINATOR, Role.ADMIN}
    may = sees and where == "BUREAU"
    assert browser.get("/runs").status_code == (200 if sees else 403)
    assert ('action="/runs/start"' in browser.last.text) is may
    browser.get("/")
    answer = browser.post("/runs/start", {"flow": "reminders", "once": "a-form"})
    assert answer.status_code == (303 if may else 403)
    assert (prefect.started, starts(bureau)) == ((["reminders"], 1) if may else ([], 0))


@pytest.mark.parametrize("who", ["owner", "second"])
def test_who_has_no_role_starts_nothing(prefect: FakePrefect, signed_in: Opening, who: str) -> None:
    browser = signed_in(who)
    browser.get("/")
    assert browser.post("/runs/start", {"flow": "reminders", "once": "a-form"}).status_code == 403
    assert prefect.started == []


def test_a_deputy_s_days_hold_for_starting_runs_too(
    bureau: Bureau, prefect: FakePrefect, signed_in: Opening
) -> None:
    with writing(bureau.engine) as session:
        unit = session.scalars(select(Unit.id).where(Unit.code == "BUREAU")).one()
        who = session.scalars(select(Person.id).where(Person.email == "stranger@office.example")).one()
        ended = MONDAY.date() - timedelta(days=1)
        session.add(Grant(person_id=who, role=Role.COORDINATOR, unit_id=unit, to_on=ended))
    browser = signed_in("stranger")
    browser.get("/")
    assert browser.post("/runs/start", {"flow": "reminders", "once": "a-form"}).status_code == 403
    assert prefect.started == []


def test_a_run_shows_its_times_its_log_and_what_it_left(prefect: FakePrefect, signed_in: Opening) -> None:
    prefect.runs = [run(1, "reminders", "FAILED", message="It went wrong", start_time="2026-07-06T00:31:00Z")]
    prefect.logs = [{"timestamp": "2026-07-06T00:31:02Z", "message": "<b>no</b>"}]
    prefect.artifacts = [
        {"type": "markdown", "data": "# Reminders\n- Letters: **2**"},
        {"type": "table", "data": '[{"Person": "安全科员", "State": "sent"}]'},
    ]
    words = signed_in("coordinator").get(f"/runs/run?run={key(1)}").text
    for told in (
        "2026-07-06 08:31",
        "&lt;b&gt;no&lt;/b&gt;",
        "- Letters: **2**",
        "安全科员",
        "It went wrong",
    ):
        assert words.count(told) == 1 or told == "2026-07-06 08:31"
    browser = signed_in("coordinator")
    assert browser.get(f"/runs/run?run={key(2)}").status_code == 404
    assert browser.get("/runs/run?run=../../secrets").status_code == 404


def test_a_coordinator_of_one_unit_sees_that_it_ran_and_not_whom_it_told(
    bureau: Bureau, prefect: FakePrefect, signed_in: Opening
) -> None:
    prefect.runs = [run(1, "reminders", "COMPLETED", message="canary of a message")]
    prefect.logs = [{"timestamp": "2026-07-06T00:31:02Z", "message": "canary of a log"}]
    prefect.artifacts = [{"type": "table", "data": '[{"Title": "canary of a title"}]'}]
    with writing(bureau.engine) as session:
        unit = session.scalars(select(Unit.id).where(Unit.code == "HOUSING")).one()
        who = session.scalars(select(Person.id).where(Person.email == "stranger@office.example")).one()
        session.add(Grant(person_id=who, role=Role.COORDINATOR, unit_id=unit))
    expected = {"coordinator": 3, "stranger": 0, "admin": 2}
    for who_asks, canaries in expected.items():
        words = signed_in(who_asks).get(f"/runs/run?run={key(1)}").text
        assert words.count("canary of a") == canaries, who_asks
        assert "Completed" in words


def test_only_those_who_run_the_machine_are_led_to_prefect_s_own_pages(
    prefect: FakePrefect, signed_in: Opening
) -> None:
    address = prefect.url.removesuffix("/api")
    assert f'href="{address}"' in signed_in("admin").get("/runs").text
    assert address not in signed_in("coordinator").get("/runs").text


def test_prefect_is_not_asked_for_whoever_may_not_see_its_answer(
    app: FastAPI, bureau: Bureau, prefect: FakePrefect
) -> None:
    prefect.seconds = 30.0
    give_password(bureau.engine, "owner")
    browser = Browser(app)
    browser.sign_in("owner")
    began = time.monotonic()
    assert browser.get("/runs").status_code == 403
    assert browser.get(f"/runs/run?run={key(1)}").status_code == 403
    assert time.monotonic() - began < 1.5


def test_a_run_that_is_none_of_ours_is_not_shown(prefect: FakePrefect, signed_in: Opening) -> None:
    prefect.runs = [run(1, "reminders", "COMPLETED") | {"tags": ["somebody-else"]}]
    assert signed_in("coordinator").get(f"/runs/run?run={key(1)}").status_code == 404


@pytest.mark.parametrize(
    ("kind", "name", "state"),
    [
        ("SCHEDULED", "Scheduled", RunState.SCHEDULED),
        ("SCHEDULED", "AwaitingRetry", RunState.SCHEDULED),
        ("SCHEDULED", "Late", RunState.LATE),
        ("CANCELLING", "Cancelling", RunState.CANCELLED),
        ("PAUSED", "Suspended", RunState.PAUSED),
    ],
)
def test_every_state_of_prefect_s_has_its_word(
    prefect: FakePrefect, kind: str, name: str, state: RunState
) -> None:
    prefect.runs = [run(1, "delivery", kind, name)]
    found = schedules.story(Scheduler(prefect.url), key(1))
    assert found is not None
    assert found.run.state is state
    assert found.run.scheduled_at == MONDAY.replace(hour=8, minute=1) + timedelta()
