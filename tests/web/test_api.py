"""Programs at /api/v1: what they read and do, that nothing is done twice, and how they are refused."""

import asyncio
import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from browsers import ORIGIN, Clock, Opening
from fastapi import FastAPI
from offices import MONDAY, REPORT, Bureau
from sqlalchemy import select
from starlette.testclient import TestClient

from models.account import KeptAnswer
from models.event import Event
from models.item import Assignment, Evidence, Item
from models.order import SupervisionOrder
from models.report import Report
from models.session import reading, writing
from rules.errors import SettingError
from rules.lifecycle import Move, State
from rules.permissions import ENTRUSTED, Role
from rules.scopes import Scope
from services import rollups, tokens
from services.organisation import person_by_email

TASK, PROBLEM = "2026H1-M01", "2026H1-P01"


class Program:
    """A program with a token, and a name of its own for each request."""

    def __init__(self, app: FastAPI, token: str) -> None:
        self.client = TestClient(app, base_url=ORIGIN)
        self.headers: dict[str, Any] = {"Authorization": f"Bearer {token}"}
        self.asked = 0

    def get(self, path: str, **named: Any) -> Any:
        return self.client.get(f"/api/v1{path}", headers=self.headers, **named)

    def post(self, path: str, key: str = "", **named: Any) -> Any:
        self.asked += 1
        headers = self.headers | {"Idempotency-Key": key or f"request-{self.asked}"}
        return self.client.post(f"/api/v1{path}", headers=headers, **named)

    def move(self, move: Move, reference: str = TASK, key: str = "", **said: Any) -> Any:
        return self.post(f"/items/{reference}/moves", key, json={"move": move, **said})


def token_for(bureau: Bureau, who: str, *scopes: Scope, days: int = 30) -> str:
    with writing(bureau.engine) as session:
        person = person_by_email(session, f"{who}@office.example")
        return tokens.make(
            session,
            person,
            "a program",
            scopes or tuple(Scope),
            ends_at=MONDAY + timedelta(days=days),
            now=MONDAY,
            door="test",
        )


@pytest.fixture
def program(app: FastAPI, bureau: Bureau) -> Any:
    def made(who: str, *scopes: Scope) -> Program:
        return Program(app, token_for(bureau, who, *scopes))

    return made


def refusal(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == answer.status_code
    return answer.status_code, said["detail"]


def doors(bureau: Bureau, move: Move) -> list[str]:
    """Through which door each such move came."""
    with reading(bureau.engine) as session:
        return list(session.scalars(select(Event.door).where(Event.move == move)))


def test_a_program_takes_an_item_through_its_life_for_its_people(program: Any, bureau: Bureau) -> None:
    keeper, owner = program("coordinator"), program("owner")
    taken = keeper.post("/reports?unit=BUREAU&name=report.txt", content=REPORT.encode())
    assert (taken.status_code, taken.json()["references"]) == (
        201,
        ["2026H1-P01", "2026H1-P02", "2026H1-M01", "2026H1-M02"],
    )
    done = keeper.post("/reports/1/confirm", json={"references": [TASK]})
    assert done.json() == {"assigned": [TASK], "unowned": []}
    keeper.move(Move.REASSIGN, to="owner@office.example", note="经办")
    assert owner.move(Move.ACKNOWLEDGE).json()["after"] == "in_progress"
    proof = {"name": "记录.txt", "content": base64.b64encode("整改记录".encode()).decode()}
    assert owner.move(Move.SUBMIT, evidence=[proof], note="完成").json()["after"] == "submitted"
    assert keeper.move(Move.APPROVE, note="资料齐全").json() == {
        "reference": TASK,
        "before": "submitted",
        "after": "closed",
        "due_on": "2026-09-30",
    }
    assert [file.file_name for file in bureau.rows(Evidence)] == ["记录.txt"]
    assert doors(bureau, Move.APPROVE) == ["api"]


def test_an_item_is_told_with_all_that_its_page_shows(program: Any, bureau: Bureau) -> None:
    bureau.new_item(TASK)
    found = program("owner").get(f"/items/{TASK}").json()
    assert (found["reference"], found["state"], found["due_on"], found["owners"]) == (
        TASK,
        "assigned",
        "2026-09-30",
        "安全科员",
    )
    assert found["quote"] == bureau.item(TASK).body
    assert [move["move"] for move in found["moves"]] == [
        "acknowledge",
        "request-extension",
        "request-cancellation",
    ]
    assert [event["move"] for event in found["history"]] == ["assign", "confirm", "read"]


def test_a_program_names_who_verifies_and_leaves_who_leads(program: Any, bureau: Bureau) -> None:
    bureau.new_item(TASK)
    keeper = program("coordinator")
    for said in ({"supervisor": "other.head"}, {"verifier": "stranger"}):
        [(role, who)] = said.items()
        assert keeper.move(Move.ENTRUST, **{role: f"{who}@office.example"}).status_code == 200
    assert keeper.move(Move.ENTRUST, supervisor="").status_code == 200
    [named] = bureau.rows(Assignment, Assignment.role.in_(ENTRUSTED))
    assert (named.role, bureau.email(named.person_id)) == (Role.VERIFIER, "stranger")


def test_a_list_comes_in_pages_that_lead_to_each_other(program: Any, bureau: Bureau) -> None:
    bureau.take_in()
    keeper = program("coordinator")
    first = keeper.get("/items", params={"size": 3, "sort": "reference"})
    assert [item["reference"] for item in first.json()["items"]] == ["2026H1-M01", "2026H1-M02", "2026H1-P01"]
    assert (first.json()["total"], first.json()["pages"]) == (4, 2)
    assert first.headers["link"] == '</api/v1/items?size=3&sort=reference&page=2>; rel="next"'
    second = keeper.get("/items", params={"size": 3, "sort": "reference", "page": 2})
    assert [item["reference"] for item in second.json()["items"]] == ["2026H1-P02"]
    assert second.headers["link"] == '</api/v1/items?size=3&sort=reference&page=1>; rel="prev"'


def test_the_same_request_under_the_same_key_is_carried_out_once(program: Any, bureau: Bureau) -> None:
    bureau.new_item(TASK)
    owner = program("owner")
    first = owner.move(Move.ACKNOWLEDGE, key="once")
    again = owner.move(Move.ACKNOWLEDGE, key="once")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert (first.headers.get("idempotent-replayed"), again.headers["idempotent-replayed"]) == (None, "true")
    assert doors(bureau, Move.ACKNOWLEDGE) == ["api"]


def test_another_request_under_a_used_key_is_refused(program: Any, bureau: Bureau) -> None:
    bureau.new_item(TASK)
    owner = program("owner")
    owner.move(Move.ACKNOWLEDGE, key="once")
    other = owner.move(Move.REPORT, key="once", progress=50)
    assert refusal(other) == (409, "The key once was used for another request.")
    assert bureau.item(TASK).progress == 0


def test_a_key_is_each_token_s_own_and_stays_free_after_a_refusal(program: Any, bureau: Bureau) -> None:
    bureau.new_item(TASK)
    owner, keeper = program("owner"), program("coordinator")
    assert owner.move(Move.SUBMIT, key="k").status_code == 422
    assert owner.move(Move.ACKNOWLEDGE, key="k").status_code == 200
    assert keeper.move(Move.PAUSE, key="k", until="2026-08-03", note="等待").status_code == 200
    assert sorted(answer.key for answer in bureau.rows(KeptAnswer)) == ["k", "k"]


def test_a_program_issues_a_supervision_order_with_a_day_to_answer(program: Any, bureau: Bureau) -> None:
    bureau.new_item(TASK)
    said = {"note": "逐日报告进展", "answer_on": "2099-01-05"}
    assert program("owner").move(Move.ORDER, key="o", **said).status_code == 403
    assert program("coordinator").move(Move.ORDER, key="o", **said).status_code == 200
    orders = [(order.number, order.answer_on.isoformat()) for order in bureau.rows(SupervisionOrder)]
    assert orders == [(1, "2099-01-05")]


def test_two_at_once_under_one_key_are_carried_out_once(program: Any, bureau: Bureau) -> None:
    bureau.new_item(TASK)
    bureau.act(TASK, Move.ACKNOWLEDGE, "owner")
    owner = program("owner")
    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(owner.move, Move.REPORT, key="k", note="一次", progress=30) for _ in range(16)]
        codes = [future.result().status_code for future in futures]
    assert set(codes) <= {200, 503}
    assert doors(bureau, Move.REPORT) == ["api"]


def test_a_key_is_free_again_after_a_week_whether_or_not_its_answer_was_cleared_away(
    program: Any, bureau: Bureau, clock: Clock
) -> None:
    bureau.new_item(TASK)
    owner = program("owner")
    assert owner.move(Move.ACKNOWLEDGE, key="k").status_code == 200
    clock.pass_by(days=7)
    assert owner.move(Move.REPORT, key="k", progress=10).status_code == 409
    clock.pass_by(seconds=1)
    assert owner.move(Move.REPORT, key="k", progress=10).status_code == 200
    again = owner.move(Move.REPORT, key="k", progress=10)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert doors(bureau, Move.REPORT) == ["api"]


def test_a_request_touches_no_answer_but_its_own(program: Any, bureau: Bureau, clock: Clock) -> None:
    bureau.new_item(TASK)
    owner = program("owner")
    owner.move(Move.ACKNOWLEDGE, key="old")
    clock.pass_by(days=8)
    owner.move(Move.REPORT, key="new", progress=10)
    assert sorted(answer.key for answer in bureau.rows(KeptAnswer)) == ["new", "old"]


def test_answers_are_cleared_away_after_a_week_the_oldest_first_and_some_at_a_time(
    program: Any, bureau: Bureau, clock: Clock
) -> None:
    bureau.new_item(TASK)
    owner = program("owner")
    owner.move(Move.ACKNOWLEDGE, key="first")
    for number in (1, 2, 3):
        clock.pass_by(minutes=1)
        owner.move(Move.REPORT, key=f"later-{number}", progress=10 * number)
    clock.pass_by(days=6, hours=23, minutes=59, seconds=1)
    cleared, left = [], []
    for _ in range(3):
        with writing(bureau.engine) as session:
            cleared.append(tokens.clear(session, clock.at, most=2))
        left.append(sorted(answer.key for answer in bureau.rows(KeptAnswer)))
    assert cleared == [2, 1, 0]
    assert left == [["later-2", "later-3"], ["later-3"], ["later-3"]]


def test_whoever_looked_at_an_older_version_is_told_so(program: Any, bureau: Bureau) -> None:
    bureau.new_item(TASK)
    owner = program("owner")
    version = owner.get(f"/items/{TASK}").json()["version"]
    bureau.act(TASK, Move.REASSIGN, "coordinator", to="owner", note="再次明确")
    assert refusal(owner.move(Move.ACKNOWLEDGE, version=version)) == (
        409,
        f"Item {TASK} was changed while you worked on it.",
    )


def test_a_scope_narrows_what_the_person_may(program: Any, bureau: Bureau) -> None:
    bureau.new_item(TASK)
    reader = program("owner", Scope.READ_ITEMS)
    assert reader.get(f"/items/{TASK}").status_code == 200
    assert refusal(reader.move(Move.ACKNOWLEDGE)) == (
        403,
        "This token was made without the scope items:move.",
    )
    assert refusal(program("owner").move(Move.APPROVE))[0] == 403


def test_a_token_that_ended_was_revoked_or_is_none_lets_nobody_in(
    app: FastAPI, program: Any, bureau: Bureau, clock: Clock
) -> None:
    sentence = "No token, or one that has ended; rectify token make gives one."
    for said in (b"", b"Bearer", b"Bearer no-such-token", "Bearer 中文".encode(), b"Basic b3duZXI6"):
        stranger = Program(app, "")
        stranger.headers = {"Authorization": said}
        assert refusal(stranger.get("/items")) == (401, sentence)
    revoked = program("owner")
    with writing(bureau.engine) as session:
        tokens.revoke(session, 1, now=MONDAY, door="test")
    assert refusal(revoked.get("/items")) == (401, sentence)
    ending = program("owner")
    clock.pass_by(days=31)
    assert refusal(ending.get("/items")) == (401, sentence)


def test_whoever_left_is_acted_for_by_nobody(program: Any, bureau: Bureau) -> None:
    reader = program("owner")
    assert reader.get("/items").status_code == 200
    with writing(bureau.engine) as session:
        person_by_email(session, "owner@office.example").active = False
    assert reader.get("/items").status_code == 401


def test_a_token_ends_within_a_year_or_so(bureau: Bureau) -> None:
    for days in (0, 401):
        with pytest.raises(SettingError, match="within 400 days"):
            token_for(bureau, "owner", days=days)


def test_a_stranger_s_request_is_refused_before_it_is_read(app: FastAPI) -> None:
    host = ORIGIN.removeprefix("https://").encode()
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/reports",
        "query_string": b"unit=BUREAU&name=a",
        "headers": [(b"host", host), (b"content-length", b"40000000"), (b"authorization", b"Bearer no")],
    }
    said: list[Any] = []

    async def receive() -> Any:
        raise AssertionError("somebody reads on")

    async def send(message: Any) -> None:
        said.append(message)

    asyncio.run(app(scope, receive, send))
    assert [message["status"] for message in said if "status" in message] == [401]


def test_a_session_s_cookie_opens_nothing_here(signed_in: Opening, bureau: Bureau) -> None:
    bureau.new_item(TASK)
    browser = signed_in("coordinator")
    assert browser.get("/api/v1/items").status_code == 401


def test_refusals_speak_the_language_of_the_program(program: Any, bureau: Bureau) -> None:
    bureau.new_item(TASK)
    keeper = program("coordinator")
    keeper.headers["Accept-Language"] = "zh-CN"
    assert refusal(keeper.get("/items/2026H1-NOWHERE")) == (404, "没有编号为 2026H1-NOWHERE 的事项。")
    assert refusal(keeper.get("/nowhere"))[0] == 404
    assert refusal(keeper.move(Move.REPORT, progress=101))[0] == 422
    assert refusal(keeper.client.post("/api/v1/items", headers=keeper.headers))[0] == 405


def test_what_is_no_base64_or_no_report_is_refused_and_enters_nothing(program: Any, bureau: Bureau) -> None:
    bureau.new_item(TASK)
    owner, keeper = program("owner"), program("coordinator")
    bad = {"name": "a.txt", "content": "%%%"}
    assert refusal(owner.move(Move.SUBMIT, evidence=[bad])) == (422, "The content of a.txt is no base64.")
    before = len(bureau.rows(Report))
    assert refusal(keeper.post("/reports?unit=BUREAU&name=a.docx", content=b"PK\x03\x04junk"))[0] == 422
    assert refusal(keeper.post("/reports?unit=NOWHERE&name=a.txt", content=REPORT.encode())) == (
        404,
        "There is no unit NOWHERE.",
    )
    assert len(bureau.rows(Report)) == before


def test_the_same_report_twice_is_the_same_report(program: Any, bureau: Bureau) -> None:
    keeper = program("coordinator")
    first = keeper.post("/reports?unit=BUREAU&name=a.txt", content=REPORT.encode()).json()
    again = keeper.post("/reports?unit=BUREAU&name=b.txt", content=REPORT.encode()).json()
    assert (first["was_known"], again["was_known"], first["number"]) == (False, True, again["number"])
    assert len(bureau.rows(Item)) == 4
    listed = keeper.get("/reports").json()["reports"]
    assert [(row["number"], row["items"], row["drafts"]) for row in listed] == [(1, 4, 4)]
    assert len(keeper.get("/reports/1").json()["items"]) == 4


def test_a_late_entry_makes_a_sealed_period_restated(program: Any, bureau: Bureau, clock: Clock) -> None:
    bureau.new_item(TASK)
    month, sealed_at = f"{MONDAY:%Y-%m}", MONDAY + timedelta(days=27)
    clock.at = sealed_at
    with writing(bureau.engine) as session:
        rollups.seal(session, bureau.office, month, by=None, now=sealed_at)
    leader = program("leader")
    seen = [leader.get(f"/rollups/{month}").json()]
    clock.pass_by(hours=1)
    bureau.act(TASK, Move.CANCEL, "coordinator", clock.at, note="合并", happened_on=MONDAY.date())
    clock.pass_by(hours=1)
    seen.append(leader.get(f"/rollups/{month}").json())
    assert [(one["version"], one["is_restated"]) for one in seen] == [(1, False), (1, True)]
    assert seen[0]["units"] == seen[1]["units"]


def test_a_period_s_figures_come_with_what_they_were_made_of(
    program: Any, bureau: Bureau, clock: Clock
) -> None:
    bureau.new_item(TASK)
    clock.pass_by(hours=1)
    found = program("leader").get("/rollups/2026H2").json()
    assert (found["is_sealed"], found["version"], found["period"]) == (False, 0, "2026H2")
    top = found["units"][0]
    assert (top["code"], top["counts"]["in_scope"]) == ("BUREAU", 1)
    assert top["completion"] == {"numerator": 0, "denominator": 1, "excluded": 0, "percent": "0.00%"}
    head = program("head").get("/rollups/2026H2").json()
    assert [row["code"] for row in head["units"]] == ["SAFETY"]
    assert refusal(program("leader").get("/rollups/2026X9"))[0] == 422


def test_units_and_people_are_those_that_one_may_see(program: Any) -> None:
    keeper = program("coordinator")
    units = keeper.get("/units").json()["units"]
    assert [(unit["code"], unit["parent"]) for unit in units] == [
        ("BUREAU", None),
        ("SAFETY", "BUREAU"),
        ("HOUSING", "BUREAU"),
    ]
    whole = keeper.get("/people").json()
    assert (len(whole["people"]), whole["total"], whole["pages"]) == (10, 10, 1)
    part = keeper.get("/people?size=3&page=4")
    assert part.json()["people"] == whole["people"][9:]
    assert part.headers["Link"] == '</api/v1/people?size=3&page=3>; rel="prev"'
    assert refusal(program("owner").get("/people"))[0] == 403


def test_state_after_a_move_is_what_the_page_shows(program: Any, bureau: Bureau) -> None:
    bureau.new_item(PROBLEM)
    owner = program("owner")
    owner.move(Move.ACKNOWLEDGE, PROBLEM)
    assert owner.get(f"/items/{PROBLEM}").json()["state"] == bureau.item(PROBLEM).state == State.IN_PROGRESS
