"""What every page goes through: one transaction, committed before the answer; what breaks stays inside."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from browsers import Browser, Clock, Opening
from fastapi import FastAPI
from offices import MONDAY, Bureau
from sqlalchemy import Engine, event
from starlette.responses import PlainTextResponse, Response

from models.organisation import Person
from models.session import reading, writing
from rules.errors import BusyError, ChangedError
from rules.lifecycle import Move
from services import history
from services.items import act, by_reference
from services.moves import Wish
from services.organisation import person_by_email
from web.deps import Ask
from web.pages import Family

family = Family()


@family.post("/test/rename", "sign-out")
def rename(ask: Ask) -> Response:
    ask.visit.actor.name = "另一个名字"
    return PlainTextResponse("renamed")


@family.post("/test/break", "sign-out")
def broken(ask: Ask) -> Response:
    ask.visit.actor.name = "另一个名字"
    raise ValueError("secret of the inside")


@family.get("/test/change", "see-own-work")
def change(ask: Ask) -> Response:
    ask.visit.actor.name = "另一个名字"
    ask.visit.session.flush()
    return PlainTextResponse("changed")


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    app.router.routes[:0] = family.routes()
    return app


def name_of(bureau: Bureau) -> str:
    with reading(bureau.engine) as session:
        return person_by_email(session, "owner@office.example").name


def test_what_a_form_does_is_in_the_database_before_the_answer_leaves(
    signed_in: Opening, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in("owner")
    browser.get("/")
    seen: list[str] = []
    call = PlainTextResponse.__call__

    async def looking(self: PlainTextResponse, *ways: object) -> None:
        seen.append(name_of(bureau))
        await call(self, *ways)  # type: ignore[arg-type]

    monkeypatch.setattr(PlainTextResponse, "__call__", looking)
    assert browser.post("/test/rename").text == "renamed"
    assert seen == ["另一个名字"]


def test_a_form_that_breaks_changes_nothing_and_tells_nothing(signed_in: Opening, bureau: Bureau) -> None:
    browser = signed_in("owner")
    browser.get("/")
    answer = browser.post("/test/break", {"note": "写了很久"})
    assert answer.status_code == 500
    assert "secret of the inside" not in answer.text
    assert ">写了很久</textarea>" in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert name_of(bureau) == "安全科员"


def test_looking_at_a_page_changes_nothing(signed_in: Opening, bureau: Bureau) -> None:
    assert signed_in("owner").get("/test/change").status_code == 200
    assert name_of(bureau) == "安全科员"


@contextmanager
def failing_commits(engine: Engine) -> Iterator[None]:
    def fail(_connection: object) -> None:
        raise RuntimeError("the disk is full")

    event.listen(engine, "commit", fail)
    yield
    event.remove(engine, "commit", fail)


def test_nobody_is_told_of_a_change_that_could_not_be_kept(signed_in: Opening, bureau: Bureau) -> None:
    browser = signed_in("owner")
    browser.get("/")
    with failing_commits(bureau.engine):
        assert browser.post("/test/rename").status_code == 500
    assert name_of(bureau) == "安全科员"


def test_a_form_that_finds_the_database_held_says_so_and_keeps_what_was_typed(
    signed_in: Opening, bureau: Bureau
) -> None:
    bureau.new_item()
    browser = signed_in("owner")
    browser.get("/items/2026H1-P01")
    with writing(bureau.engine) as session:
        person = session.get_one(Person, 1)
        person.name = "locked"
        session.flush()
        history.lock(session)
        answer = browser.send("2026H1-P01", "acknowledge", note="写了很久")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert ">写了很久</textarea>" in answer.text


def test_whoever_looked_before_another_changed_it_is_told_apart(bureau: Bureau) -> None:
    """One has the item in hand while the other moves it; SQLite lets the other wait outside instead."""
    bureau.new_item()
    version = bureau.item("2026H1-P01").version
    wish = Wish(Move.REQUEST_CANCELLATION, note="理由", version=version)
    with bureau.visit("owner") as visit:
        in_hand = by_reference(visit.session, "2026H1-P01")
        if bureau.engine.dialect.name == "sqlite":
            with pytest.raises(BusyError):
                bureau.act("2026H1-P01", Move.ACKNOWLEDGE, "head")
            act(visit, "2026H1-P01", wish)
            return
        bureau.act("2026H1-P01", Move.ACKNOWLEDGE, "head")
        with pytest.raises(ChangedError):
            act(visit, "2026H1-P01", wish)
        assert in_hand.version == version + 1


def test_an_address_that_there_is_not_is_a_page_of_ours(browser: Browser) -> None:
    answer = browser.get("/nowhere", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert re.findall(r"<h1>([^<]*)</h1>", answer.text) == ["There is no such page."]
    assert browser.get("/sign-out").status_code == 405


def test_time_is_told_to_pages_and_not_read_by_them(signed_in: Opening, clock: Clock) -> None:
    browser = signed_in("owner")
    assert "Monday, 6 July 2026" in browser.get("/").text
    clock.pass_by(minutes=30)
    assert clock.at > MONDAY
    assert "Monday, 6 July 2026" in browser.get("/").text
