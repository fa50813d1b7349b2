"""The seal of a period on the page of its roll-up: who proposes, who confirms, who lifts."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from browsers import Browser, Clock, Opening, give_password
from fastapi import FastAPI
from httpx2 import Response
from offices import ZONE, Bureau
from sqlalchemy import select

from config.house import House
from models.message import Message
from models.organisation import Grant, Person, Unit
from models.period import Rollup
from models.session import reading, writing
from rules.permissions import Role
from rules.sealing import SealBy
from services import rollups
from web.app import create_app

HALF = "2026H2"
PAGE = f"/rollup?period={HALF}"
NEW_YEAR = datetime(2027, 1, 4, 10, tzinfo=ZONE)


@pytest.fixture
def bureau(bureau: Bureau, clock: Clock) -> Bureau:
    """An office where two people seal, after the period's end."""
    bureau.new_item()
    clock.at = NEW_YEAR
    return bureau.with_policy(seal_by=SealBy.FOUR_EYES)


def offered(browser: Browser) -> list[str]:
    """What the page on the screen has a form for."""
    return re.findall(r'<form method="post" action="/rollup/([a-z-]+)">', browser.last.text)


def send(browser: Browser, step: str, reason: str = "") -> Response:
    """Sends the form of the page that is on the screen."""
    said = {"period": HALF, "proposal": browser.hidden("proposal"), "reason": reason}
    return browser.post(f"/rollup/{step}", said)


def told(browser: Browser) -> str:
    """The section about the seal, as a reader sees it."""
    (found,) = re.findall(r'<section class="panel sealing".*?</section>', browser.last.text, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found)).split())


def refusal(browser: Browser) -> str:
    (found,) = re.findall(r'<p class="alert" role="alert">(.*?)</p>', browser.last.text)
    return unescape(found)


def in_force(bureau: Bureau) -> int:
    with reading(bureau.engine) as session:
        found = rollups.sealed(session, HALF)
        return found.version if found else 0


def make_leader(bureau: Bureau, who: str) -> None:
    with writing(bureau.engine) as session:
        person = session.scalars(select(Person.id).where(Person.email == f"{who}@office.example")).one()
        unit = session.scalars(select(Unit.id).where(Unit.code == "BUREAU")).one()
        session.add(Grant(person_id=person, role=Role.LEADER, unit_id=unit))


def test_two_people_seal_a_period_in_their_browsers(signed_in: Opening, bureau: Bureau) -> None:
    coordinator, leader = signed_in("coordinator"), signed_in("leader")
    coordinator.get(PAGE)
    assert (offered(coordinator), "This period bears no seal." in told(coordinator)) == (
        ["propose-seal"],
        True,
    )
    leader.get(PAGE)
    assert offered(leader) == []
    answer = send(coordinator, "propose-seal", "已核对")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}#seal")
    coordinator.get(PAGE)
    assert offered(coordinator) == ["refuse-seal"]
    assert "督办员, 2027-01-04 10:00: 已核对" in told(coordinator)
    assert "You proposed this; somebody else confirms it." in told(coordinator)
    leader.get(PAGE)
    assert offered(leader) == ["confirm-seal", "refuse-seal"]
    assert send(leader, "confirm-seal").status_code == 303
    leader.get(PAGE)
    row = bureau.rows(Rollup)[0]
    assert (in_force(bureau), bureau.email(row.sealed_by_id or 0)) == (1, "leader")
    assert (offered(leader), f"SHA-256 {row.sha256}" in leader.last.text) == (["propose-lifting"], True)
    letters = bureau.messages(Message.letter == "rollup")
    assert {"auditor", "coordinator"} <= {bureau.email(letter.person_id) for letter in letters}


def test_who_proposed_a_seal_does_not_confirm_it_though_they_lead_too(
    signed_in: Opening, bureau: Bureau
) -> None:
    make_leader(bureau, "coordinator")
    browser = signed_in("coordinator")
    browser.get(PAGE)
    send(browser, "propose-seal")
    browser.get(PAGE)
    assert offered(browser) == ["refuse-seal"]
    assert send(browser, "confirm-seal", "再看一遍").status_code == 403
    assert refusal(browser) == ("Somebody other than who proposed it confirms what is proposed about 2026H2.")
    assert (in_force(bureau), "再看一遍" in browser.last.text) == (0, True)


def test_two_people_lift_a_seal_for_reasons_and_both_versions_are_shown(
    signed_in: Opening, bureau: Bureau
) -> None:
    coordinator, leader = signed_in("coordinator"), signed_in("leader")
    for browser, step in ((coordinator, "propose-seal"), (leader, "confirm-seal")):
        browser.get(PAGE)
        send(browser, step)
    leader.get(PAGE)
    assert send(leader, "propose-lifting").status_code == 422
    assert refusal(leader) == "Say why: this needs a reason."
    assert send(leader, "propose-lifting", "单位有误").status_code == 303
    leader.get(PAGE)
    assert offered(leader) == ["refuse-seal"]
    assert send(leader, "confirm-lifting", "同意").status_code == 403
    coordinator.get(PAGE)
    assert offered(coordinator) == ["confirm-lifting", "refuse-seal"]
    assert send(coordinator, "confirm-lifting", "同意").status_code == 303
    assert in_force(bureau) == 0
    for browser, step in ((coordinator, "propose-seal"), (leader, "confirm-seal")):
        browser.get(PAGE)
        send(browser, step)
    leader.get(PAGE)
    versions = re.findall(r'<tr><th scope="row">(\d) <span class="hash">', leader.last.text)
    assert (in_force(bureau), versions) == (2, ["2", "1"])
    assert "Proposed by 分管领导, 2027-01-04 10:00: 单位有误" in told(leader)
    assert "Confirmed by 督办员, 2027-01-04 10:00: 同意" in told(leader)


def test_a_proposal_that_was_refused_and_made_anew_is_not_confirmed_from_the_old_page(
    signed_in: Opening, bureau: Bureau
) -> None:
    coordinator, leader = signed_in("coordinator"), signed_in("leader")
    coordinator.get(PAGE)
    send(coordinator, "propose-seal")
    leader.get(PAGE)
    coordinator.get(PAGE)
    assert send(coordinator, "refuse-seal", "还要核对").status_code == 303
    coordinator.get(PAGE)
    send(coordinator, "propose-seal")
    assert send(leader, "confirm-seal").status_code == 409
    assert refusal(leader) == "Somebody else has changed this meanwhile; look at it again."
    assert (in_force(bureau), send(leader, "confirm-seal").status_code, in_force(bureau)) == (0, 303, 1)


def test_a_period_that_runs_is_not_proposed(signed_in: Opening, bureau: Bureau, clock: Clock) -> None:
    clock.at = NEW_YEAR - timedelta(days=30)
    browser = signed_in("coordinator")
    browser.get(PAGE)
    assert offered(browser) == []
    assert send(browser, "propose-seal").status_code == 422
    assert refusal(browser) == ("The period 2026H2 runs until 2026-12-31; it can be sealed after that day.")
    assert in_force(bureau) == 0


def test_a_form_without_a_period_is_refused(signed_in: Opening, bureau: Bureau) -> None:
    browser = signed_in("coordinator")
    browser.get(PAGE)
    assert browser.post("/rollup/propose-seal", {}).status_code == 422
    assert in_force(bureau) == 0


@pytest.mark.usefixtures("bureau")
def test_who_sees_one_unit_only_is_told_nothing_of_who_sealed_why(signed_in: Opening) -> None:
    coordinator, head = signed_in("coordinator"), signed_in("head")
    coordinator.get(PAGE)
    send(coordinator, "propose-seal", "全局已核对")
    words = head.get(PAGE).text
    assert ("sealing" in words, "全局已核对" in words) == (False, False)
    assert send(head, "propose-seal").status_code == 403


def test_where_the_flow_seals_one_coordinator_seals_what_it_left(app: FastAPI, bureau: Bureau) -> None:
    desk, alone = app.state.desk, bureau.with_policy(seal_by=SealBy.FLOW)
    give_password(bureau.engine, "coordinator")
    house = House(desk.house.settings, bureau.engine, alone.office)
    browser = Browser(create_app(house, desk.address, now=desk.now))
    browser.get("/language/en")
    browser.sign_in("coordinator")
    browser.get(PAGE)
    assert offered(browser) == ["seal"]
    assert send(browser, "seal").status_code == 303
    browser.get(PAGE)
    assert (in_force(bureau), offered(browser)) == (1, ["propose-lifting"])
    row = bureau.rows(Rollup)[0]
    told_to = {bureau.email(m.person_id): m.text for m in bureau.messages(Message.letter == "rollup")}
    assert row.anchor_hash in told_to["auditor"]
