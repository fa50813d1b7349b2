"""People change their own password in the browser."""

from browsers import PASSWORD, Browser, Opening
from fastapi import FastAPI
from offices import Bureau
from sqlalchemy import select

from models.account import SignIn
from models.event import Event
from models.session import reading
from rules import attempts
from services import history

NEW = "harbour-violet-9031"


def change(browser: Browser, present: str = PASSWORD, wanted: str = NEW, again: str | None = None) -> int:
    browser.get("/password")
    said = {"password": present, "new-password": wanted, "once-more": wanted if again is None else again}
    return browser.post("/password", said).status_code


def test_the_new_password_opens_and_the_old_one_no_longer_does(signed_in: Opening, app: FastAPI) -> None:
    assert change(signed_in("owner")) == 303
    assert Browser(app).sign_in("owner", PASSWORD).status_code == 422
    assert Browser(app).sign_in("owner", NEW).status_code == 303


def test_all_other_browsers_are_signed_out_and_this_one_stays(
    signed_in: Opening, app: FastAPI, bureau: Bureau
) -> None:
    here, there = signed_in("owner"), Browser(app)
    there.sign_in("owner")
    stranger = signed_in("head")
    assert len(bureau.rows(SignIn)) == 3
    assert change(here) == 303
    assert here.get("/password?done=1").status_code == 200
    assert "All your other browsers were signed out." in here.last.text
    assert there.get("/").status_code == 303
    assert stranger.get("/").status_code == 200


def test_who_does_not_know_the_present_password_changes_nothing(
    signed_in: Opening, app: FastAPI, bureau: Bureau
) -> None:
    browser = signed_in("owner")
    assert change(browser, present="not-the-password") == 422
    assert browser.alert() == "The present password is another one; nothing was changed."
    assert Browser(app).sign_in("owner", PASSWORD).status_code == 303
    with reading(bureau.engine) as session:
        assert len(session.scalars(select(Event).where(Event.move == "set-password")).all()) == 1


def test_whoever_finds_an_open_browser_does_not_guess_the_password(signed_in: Opening, app: FastAPI) -> None:
    browser = signed_in("owner")
    answers = [
        change(browser, present=f"guess-number-{at}") for at in range(attempts.AT_ACCOUNT_FROM_ADDRESS.most)
    ]
    assert set(answers) == {422}
    assert change(browser) == 429
    assert Browser(app).sign_in("owner", PASSWORD).status_code == 303


def test_a_password_that_is_not_fit_or_was_mistyped_is_refused(signed_in: Opening, app: FastAPI) -> None:
    browser = signed_in("owner")
    assert change(browser, wanted="short") == 422
    assert change(browser, wanted="x" * 129) == 422
    assert change(browser, again="harbour-violet-9032") == 422
    assert browser.alert() == "The two new passwords differ; nothing was changed."
    assert Browser(app).sign_in("owner", PASSWORD).status_code == 303


def test_no_password_stands_in_any_answer(signed_in: Opening, clock: object) -> None:
    browser = signed_in("owner")
    change(browser, present="not-the-password")
    assert (NEW in browser.last.text, "not-the-password" in browser.last.text) == (False, False)
    browser.get("/password")
    clock.pass_by(hours=2)  # type: ignore[attr-defined]
    late = browser.post("/password", {"password": PASSWORD, "new-password": NEW, "once-more": NEW})
    assert (late.status_code, NEW in late.text, PASSWORD in late.text) == (401, False, False)


def test_the_history_says_who_changed_it(signed_in: Opening, bureau: Bureau) -> None:
    change(signed_in("owner"))
    with reading(bureau.engine) as session:
        last = session.scalars(select(Event).order_by(Event.position.desc()).limit(1)).one()
        assert (last.move, last.door, last.subject) == ("set-password", "page", f"person:{last.actor_id}")
        assert history.verify(session).fault is None
