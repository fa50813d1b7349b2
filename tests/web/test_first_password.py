"""A first password by a link, and one instead of a forgotten one: in the browser, and what stays secret."""

import logging
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from browsers import ORIGIN, PASSWORD, Browser, Clock, Opening, give_password
from fastapi import FastAPI
from offices import MONDAY, Bureau, office
from sqlalchemy import select

from config.house import House
from config.settings import Settings
from models.account import Account, SignIn
from models.event import Event
from models.message import Message
from models.organisation import Person
from models.session import reading, writing
from notifications import outbox
from rules import attempts
from rules.errors import SettingError, WrongMoveError
from services import accounts, invitations, mail_links
from services.organisation import person_by_email
from web.app import create_app
from web.guards import address_of

NEW = "harbour-violet-9031"
DEAD = "/password/" + "A" * 36
ENGLISH = {"Accept-Language": "en"}


def links(bureau: Bureau) -> list[str]:
    """The paths in the letters that set a password, the oldest first."""
    sent = bureau.messages(Message.letter == "invitation")
    return [re.findall(r"https://rectify\.example(/password/\S+)", letter.text)[0] for letter in sent]


def invited(bureau: Bureau, who: str = "owner") -> str:
    with writing(bureau.engine) as session:
        person = person_by_email(session, f"{who}@office.example")
        invitations.invite(session, bureau.office, person, now=MONDAY, door="test")
    return links(bureau)[-1]


def choose(browser: Browser, path: str, wanted: str = NEW, again: str | None = None) -> int:
    browser.get(path, headers=ENGLISH)
    said = {"new-password": wanted, "once-more": wanted if again is None else again}
    return browser.post(path, said, headers=ENGLISH).status_code


def forget(browser: Browser, email: str) -> int:
    browser.get("/forgotten", headers=ENGLISH)
    return browser.post("/forgotten", {"email": email}, headers=ENGLISH).status_code


def hashes(bureau: Bureau) -> list[tuple[int, str]]:
    """Who has a password, and its hash."""
    with reading(bureau.engine) as session:
        query = select(Account.person_id, Account.password_hash).order_by(Account.person_id)
        return [(row[0], row[1]) for row in session.execute(query)]


def moves(bureau: Bureau) -> list[tuple[str, str, int | None]]:
    with reading(bureau.engine) as session:
        events = session.query(Event).order_by(Event.position)
        return [(event.door, event.move, event.actor_id) for event in events][1:]


def test_whoever_is_invited_sets_a_password_and_signs_in_with_it(
    browser: Browser, bureau: Bureau, app: FastAPI
) -> None:
    path = invited(bureau)
    assert choose(browser, path) == 303
    assert browser.last.headers["location"] == "/sign-in?done=password"
    assert "set-cookie" not in browser.last.headers
    assert "The password is set." in browser.get("/sign-in?done=password", headers=ENGLISH).text
    assert browser.get("/").status_code == 303
    assert Browser(app).sign_in("owner", NEW).headers["location"] == "/"
    with reading(bureau.engine) as session:
        owner = person_by_email(session, "owner@office.example").id
    assert moves(bureau) == [("test", "invite", None), ("link", "set-password", owner)]


def test_looking_at_the_form_changes_nothing_however_often(browser: Browser, bureau: Bureau) -> None:
    path = invited(bureau)
    before = moves(bureau)
    for _ in range(3):
        page = browser.get(path)
        assert page.status_code == 200
        assert browser.client.head(path).status_code == 200
    assert (moves(bureau), hashes(bureau)) == (before, [])
    assert re.findall(r"<h1>([^<]*)</h1>", page.text) == ["设置密码"]
    assert choose(browser, path) == 303


ENDED = ("over", "used", "changed", "void", "left", "moved", "tampered", "foreign", "items")


def end(path: str, how: str, bureau: Bureau, clock: Clock, app: FastAPI) -> str:
    """The link after what ended it."""
    if how == "over":
        clock.pass_by(days=4)
    elif how == "used":
        assert choose(Browser(app), path) == 303
    elif how == "changed":
        give_password(bureau.engine, "owner", password="another-lantern-5528")
    elif how == "tampered":
        return path[:-1] + ("A" if path[-1] != "A" else "B")
    elif how == "foreign":
        return path[:-21] + invited(bureau, "stranger")[-21:]
    else:
        with writing(bureau.engine) as session:
            owner = person_by_email(session, "owner@office.example")
            if how == "items":
                found = bureau.office.postbox.link(owner, MONDAY.date())
                assert found is not None
                return f"/password/{found.url.rpartition('/')[2]}"
            if how == "void":
                mail_links.void(session, owner, now=MONDAY, door="test")
            elif how == "left":
                owner.active = False
            else:
                owner.email = "new.name@office.example"
    return path


@pytest.mark.parametrize("how", ENDED)
@pytest.mark.parametrize("had_password", [False, True])
def test_a_link_that_ended_sets_nothing_and_says_the_same_whatever_ended_it(
    app: FastAPI, bureau: Bureau, clock: Clock, how: str, *, had_password: bool
) -> None:
    if had_password:
        give_password(bureau.engine, "owner")
    path, browser = invited(bureau), Browser(app)
    browser.get(path)
    csrf = browser.hidden("csrf")
    dead = end(path, how, bureau, clock, app)
    stored = hashes(bureau)
    answer = browser.get(dead, headers=ENGLISH)
    assert (answer.status_code, answer.text) == (410, browser.get(DEAD, headers=ENGLISH).text)
    assert re.findall(r"<form", answer.text) == []
    said = {"csrf": csrf, "new-password": NEW, "once-more": NEW}
    sent = browser.post(dead, said, headers=ENGLISH)
    assert sent.status_code == (410 if dead == path else 403)
    assert hashes(bureau) == stored


def test_a_link_works_to_the_end_of_its_third_day(browser: Browser, bureau: Bureau, clock: Clock) -> None:
    path = invited(bureau)
    clock.pass_by(days=3)
    assert choose(browser, path) == 303


def test_of_two_links_to_one_person_the_second_ends_with_the_first(
    browser: Browser, bureau: Bureau, clock: Clock
) -> None:
    give_password(bureau.engine, "owner")
    assert forget(browser, "owner@office.example") == 200
    clock.pass_by(hours=1)
    assert forget(browser, "owner@office.example") == 200
    first, second = links(bureau)
    assert choose(browser, second) == 303
    assert browser.get(first).status_code == 410


@pytest.mark.parametrize(
    ("wanted", "again", "sentence"),
    [
        ("short", None, "A password has 12 to 128 characters; this one has 5."),
        ("", None, "A password has 12 to 128 characters; this one has 0."),
        ("x" * 129, None, "A password has 12 to 128 characters; this one has 129."),
        ("password2026", None, "This password is among those that are tried first; choose another one."),
        (NEW, "harbour-violet-9032", "The two new passwords differ; nothing was changed."),
    ],
)
def test_a_password_that_is_not_fit_is_refused_and_the_form_stays(
    browser: Browser, bureau: Bureau, wanted: str, again: str | None, sentence: str
) -> None:
    browser.get("/language/en")
    path = invited(bureau)
    assert choose(browser, path, wanted, again) == 422
    assert browser.alert() == sentence
    assert re.findall(r'action="([^"]*)"', browser.last.text) == [path]
    assert hashes(bureau) == []
    assert browser.post(path, {"new-password": NEW, "once-more": NEW}).status_code == 303


def test_a_new_password_signs_all_browsers_of_the_person_out(
    signed_in: Opening, browser: Browser, bureau: Bureau
) -> None:
    here, stranger = signed_in("owner"), signed_in("head")
    assert choose(browser, invited(bureau)) == 303
    assert (here.get("/").status_code, stranger.get("/").status_code) == (303, 200)
    assert len(bureau.rows(SignIn)) == 1


def test_of_whoever_forgot_the_password_the_letter_goes_to_their_own_address_once_an_hour(
    browser: Browser, bureau: Bureau, clock: Clock
) -> None:
    give_password(bureau.engine, "owner")
    assert [forget(browser, " Owner@Office.example ") for _ in range(3)] == [200] * 3
    letters = bureau.messages(Message.letter == "invitation")
    assert [letter.address for letter in letters] == ["owner@office.example"]
    clock.pass_by(hours=1)
    assert forget(browser, "owner@office.example") == 200
    assert len(links(bureau)) == 2
    assert choose(browser, links(bureau)[0]) == 303
    assert browser.sign_in("owner", NEW).status_code == 303


def test_the_old_password_opens_until_another_one_is_set(browser: Browser, bureau: Bureau) -> None:
    give_password(bureau.engine, "owner")
    forget(browser, "owner@office.example")
    assert browser.sign_in("owner", PASSWORD).status_code == 303


NOBODY = ("nobody@office.example", "second@office.example", "left@office.example", "%", "")


def some_left(bureau: Bureau) -> None:
    """Of these one has a password, and one had one and has left."""
    with writing(bureau.engine) as session:
        gone = person_by_email(session, "stranger@office.example")
        gone.email = "left@office.example"
    give_password(bureau.engine, "owner", "left")
    with writing(bureau.engine) as session:
        person_by_email(session, "left@office.example").active = False


@pytest.mark.parametrize("email", NOBODY)
def test_for_an_address_that_opens_nothing_the_answer_is_the_same_and_no_letter_is_planned(
    browser: Browser, bureau: Bureau, email: str
) -> None:
    some_left(bureau)
    assert forget(browser, "owner@office.example") == 200
    known = browser.last.text
    assert forget(browser, email) == 200
    assert browser.last.text == known
    letters = bureau.messages(Message.letter == "invitation")
    assert [letter.address for letter in letters] == ["owner@office.example"]


def test_a_letter_is_written_for_every_address_so_that_all_cost_the_same(
    browser: Browser, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_left(bureau)
    written: list[int] = []
    compose = outbox.compose

    def counting(*said: outbox.Addressed) -> object:
        row = compose(*said)  # type: ignore[arg-type]
        written.append(len(row["text"]) // 100)
        return row

    monkeypatch.setattr(outbox, "compose", counting)
    for email in ("owner@office.example", "owner@office.example", *NOBODY):
        assert forget(browser, email) == 200
    assert written == [written[0]] * (2 + len(NOBODY))


def test_asking_without_end_is_refused_for_an_account_and_from_an_address_known_or_not(
    app: FastAPI, bureau: Bureau, clock: Clock
) -> None:
    give_password(bureau.engine, "owner")
    most = attempts.PASSWORDS_AT_ACCOUNT_FROM_ADDRESS.most
    for email in ("owner@office.example", "nobody@office.example"):
        browser = Browser(app)
        assert [forget(browser, email) for _ in range(most + 1)] == [200] * most + [429]
        assert re.findall(r'name="email" value="([^"]*)"', browser.last.text) == [email]
    left = attempts.PASSWORDS_FROM_ADDRESS.most - 2 * most
    fresh = Browser(app)
    assert [forget(fresh, f"p{at}@office.example") for at in range(left + 1)] == [200] * left + [429]
    clock.pass_by(minutes=15)
    assert forget(fresh, "owner@office.example") == 200


def houses(bureau: Bureau, folder: Path) -> dict[str, House]:
    """The house without pages to link to, and in a trial."""
    made, settings = office(folder), Settings(dir=folder, base_url=ORIGIN, locale="en")
    letterhead = replace(made.postbox.office, base_url="")
    postboxes = {
        "no pages": replace(made.postbox, office=letterhead),
        "trial": replace(made.postbox, redirect_to="trial@office.example"),
    }
    return {
        name: House(settings, bureau.engine, replace(made, postbox=postbox))
        for name, postbox in postboxes.items()
    }


@pytest.mark.parametrize("which", ["no pages", "trial"])
def test_where_letters_bear_no_links_the_administrator_sets_passwords(
    bureau: Bureau, tmp_path: Path, clock: Clock, which: str
) -> None:
    house = houses(bureau, tmp_path)[which]
    browser = Browser(create_app(house, address_of(ORIGIN, 8000), now=clock))
    give_password(bureau.engine, "owner")
    said = "No password yet, or forgotten? The administrator sets one."
    page = browser.get("/sign-in", headers=ENGLISH).text
    assert (page.count(said), page.count("/forgotten")) == (1, 0)
    page = browser.get("/forgotten", headers=ENGLISH).text
    assert (page.count(said), page.count("<form")) == (1, 0)
    browser.get("/sign-in")
    assert browser.post("/forgotten", {"email": "owner@office.example"}, headers=ENGLISH).status_code == 422
    assert browser.alert() == said
    with writing(bureau.engine) as session:
        person = person_by_email(session, "owner@office.example")
        with pytest.raises(SettingError):
            invitations.invite(session, house.office, person, now=MONDAY, door="test")
    assert links(bureau) == []


def number(bureau: Bureau, who: str) -> int:
    with reading(bureau.engine) as session:
        return person_by_email(session, f"{who}@office.example").id


def test_an_administrator_invites_on_the_page_of_the_person(signed_in: Opening, bureau: Bureau) -> None:
    browser, path = signed_in("admin"), f"/organisation/people/{number(bureau, 'owner')}"
    browser.get(path)
    assert browser.post(f"{path}/invite").headers["location"] == f"{path}?done=invite"
    page = browser.get(f"{path}?done=invite").text
    assert "sets a password goes out with the next delivery." in page
    assert moves(bureau)[-1] == ("page", "invite", number(bureau, "admin"))
    assert browser.post(f"{path}/invite").status_code == 422
    assert browser.alert() == "Such a link went to owner@office.example within this hour already."
    assert len(links(bureau)) == 1
    assert choose(browser, links(bureau)[0]) == 303


def test_nobody_else_invites_and_nobody_who_left_is_invited(signed_in: Opening, bureau: Bureau) -> None:
    owner = number(bureau, "owner")
    path = f"/organisation/people/{owner}/invite"
    coordinator = signed_in("coordinator")
    coordinator.get("/")
    assert coordinator.post(path).status_code == 404
    with writing(bureau.engine) as session:
        session.get_one(Person, owner).active = False
    browser = signed_in("admin")
    assert 'action="' + path not in browser.get(path.removesuffix("/invite")).text
    assert (browser.post(path).status_code, links(bureau)) == (422, [])
    with writing(bureau.engine) as session:
        person = session.get_one(Person, owner)
        with pytest.raises(WrongMoveError):
            invitations.invite(session, bureau.office, person, now=MONDAY, door="test")


def test_who_looks_after_letters_reads_this_one_without_its_link(signed_in: Opening, bureau: Bureau) -> None:
    path = invited(bureau)
    (letter,) = bureau.messages(Message.letter == "invitation")
    browser = signed_in("coordinator")
    for page in ("", "/html"):
        answer = browser.get(f"/reminders/letters/{letter.id}{page}")
        assert answer.status_code == 200
        assert "设置" in answer.text
        assert path.rpartition("/")[2] not in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": ORIGIN}, 303),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
    ],
)
def test_a_form_from_another_site_sets_nothing(
    browser: Browser, bureau: Bureau, headers: dict[str, str], status: int
) -> None:
    path = invited(bureau)
    browser.get(path)
    said = {"csrf": browser.hidden("csrf"), "new-password": NEW, "once-more": NEW}
    assert browser.client.post(path, data=said, headers=headers).status_code == status
    assert len(hashes(bureau)) == (status == 303)


def test_no_answer_and_no_log_tells_the_address_of_the_link(
    app: FastAPI, bureau: Bureau, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, path = Browser(app), invited(bureau)
    token = path.rpartition("/")[2]
    for asked in (path, DEAD, f"{path}/more", f"{path}%00"):
        answer = browser.get(asked)
        told = [answer.headers[name] for name in ("referrer-policy", "x-robots-tag", "cache-control")]
        assert told == ["no-referrer", "noindex, nofollow, noarchive", "no-store"], asked
        assert "set-cookie" not in answer.headers, asked
        linked = re.findall(r'(?:href|src|action)="([^"]*)"', answer.text)
        assert [it for it in linked if token in it and it != path] == [], asked

    def broken(*_: object, **__: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(accounts, "set_password", broken)
    with caplog.at_level(logging.INFO):
        assert choose(browser, path) == 500
        assert choose(browser, path, "short", "shorter") == 422
    ours = [record for record in caplog.records if not record.name.startswith("httpx")]
    assert [record.getMessage() for record in ours] == ["POST /password/{token}"]
    assert token not in "".join(record.exc_text or "" for record in ours)
    assert NEW not in "".join(record.exc_text or "" for record in ours)


def test_the_password_of_a_link_is_not_shown_to_anybody_again(browser: Browser, bureau: Bureau) -> None:
    path = invited(bureau)
    browser.get(path)
    answer = browser.post(path, {"csrf": "0" * 64, "new-password": NEW, "once-more": NEW})
    assert (answer.status_code, NEW in answer.text) == (403, False)


def test_an_invitation_is_told_apart_from_a_forgotten_password(browser: Browser, bureau: Bureau) -> None:
    give_password(bureau.engine, "second")
    invited(bureau)
    forget(browser, "second@office.example")
    subjects = [letter.subject for letter in bureau.messages(Message.letter == "invitation")]
    assert subjects == ["【云州市住建局】邀请您登录：请设置密码", "[云州市住建局] Set a new password"]
    late = MONDAY + timedelta(hours=1)
    with writing(bureau.engine) as session:
        person = person_by_email(session, "second@office.example")
        invitations.invite(session, bureau.office, person, now=late, door="test")
    assert len(links(bureau)) == 3
