"""Figures for a monitor: who gets them, and what they tell."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from browsers import ORIGIN
from fastapi import FastAPI
from offices import MONDAY, Bureau
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update
from starlette.testclient import TestClient

from config.house import House
from config.settings import Settings
from models.message import Message, MessageState
from models.session import writing
from rules.fates import Fate
from rules.watch import Loop
from services import restores, runs
from web.app import create_app
from web.guards import address_of


def near(app: FastAPI, **headers: str) -> TestClient:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return TestClient(app, base_url="http://10.0.0.7:8000", client=("127.0.0.1", 50000), headers=named)


def figures(app: FastAPI) -> dict[tuple[str, str], float]:
    """(name, label's value) -> figure."""
    answer = near(app).get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_an_office_without_letters_tells_noughts(app: FastAPI) -> None:
    found = figures(app)
    assert found == {
        ("rectify_letters_due", ""): 0,
        ("rectify_oldest_waiting_seconds", ""): 0,
        ("rectify_sealed_periods", ""): 0,
        ("rectify_stands_still", ""): 0,
        **{("rectify_letters", fate.value): 0 for fate in Fate},
    }


def test_letters_loops_and_a_restore_are_told_in_figures(app: FastAPI, bureau: Bureau) -> None:
    for number, who in enumerate(("owner", "second"), start=1):
        bureau.new_item(f"2026H1-P0{number}", owner=who, now=MONDAY - timedelta(hours=1))
    first, _ = (letter.id for letter in bureau.messages())
    with writing(bureau.engine) as session:
        session.execute(update(Message).where(Message.id == first).values(state=MessageState.SENT))
        runs.beat(session, Loop.DELIVERY, MONDAY)
        runs.beat(session, Loop.REMINDERS, MONDAY, "it broke off")
        restores.note(session, MONDAY, MONDAY)
    found = figures(app)
    assert found["rectify_letters_due", ""] == 1
    assert (found["rectify_letters", "sent"], found["rectify_letters", "planned"]) == (1, 1)
    assert found["rectify_oldest_waiting_seconds", ""] == 3600
    assert found["rectify_last_success_timestamp_seconds", "delivery"] == MONDAY.timestamp()
    assert (found["rectify_failing", "delivery"], found["rectify_failing", "reminders"]) == (0, 1)
    assert found["rectify_stands_still", ""] == 1


def test_figures_name_nobody_and_nothing(app: FastAPI, bureau: Bureau) -> None:
    bureau.new_item()
    told = near(app).get("/metrics").text
    assert told.isascii()
    assert "2026H1" not in told
    assert "@" not in told


def test_without_a_token_others_than_this_machine_find_no_such_page(app: FastAPI) -> None:
    far = TestClient(app, base_url=ORIGIN, client=("10.0.0.8", 50000))
    assert far.get("/metrics").status_code == 404
    assert near(app, x_forwarded_for="10.0.0.8").get("/metrics").status_code == 404
    assert near(app, forwarded="for=10.0.0.8").get("/metrics").status_code == 404


@pytest.mark.parametrize("client", ["127.0.0.1", "10.0.0.8"])
def test_with_a_token_whoever_has_it_is_told_and_nobody_else(
    bureau: Bureau, tmp_path: Path, client: str
) -> None:
    file = tmp_path / "token"
    file.write_text("a-token-of-the-tests\n")
    settings = Settings(dir=tmp_path, base_url=ORIGIN, locale="en", metrics_token_file=file)
    house = House(settings, bureau.engine, replace(bureau.office, folder=tmp_path))
    app = create_app(house, address_of(ORIGIN, 8000), now=lambda: MONDAY)
    browser = TestClient(app, base_url=ORIGIN, client=(client, 50000))
    assert browser.get("/metrics").status_code == 404
    assert browser.get("/metrics", headers={"Authorization": b"Bearer \xe4"}).status_code == 404
    told = browser.get("/metrics", headers={"Authorization": "Bearer a-token-of-the-tests"})
    assert (told.status_code, told.text.startswith("# HELP rectify_letters_due")) == (200, True)


def test_the_process_lives_and_is_not_ready_while_its_database_is_of_another_version(
    app: FastAPI, bureau: Bureau
) -> None:
    with bureau.engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '0001'")
    told = [near(app).get(path) for path in ("/healthz", "/readyz")]
    assert [(answer.status_code, answer.text) for answer in told] == [(200, "ok\n"), (503, "not ready\n")]
