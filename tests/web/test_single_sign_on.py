"""Signing in by the office's provider: a real one on loopback, on both databases."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from browsers import ORIGIN, PASSWORD, Browser, Clock, Opening, give_password
from fastapi import FastAPI
from offices import Bureau
from providers import CLIENT, SECRET, Idp, running
from sqlalchemy import func, select, update

from config.house import House
from config.settings import Settings
from models.account import Account, Failure, SignIn
from models.event import Event
from models.message import Message
from models.organisation import Grant, Person
from models.session import reading, writing
from rules import attempts
from services import accounts, invitations
from services.organisation import person_by_email
from web.app import create_app
from web.guards import address_of

NAME = "单位统一认证"
ENGLISH = {"Accept-Language": "en"}
ELSEWHERE = "This sign-in began in another browser, or more than ten minutes ago; begin anew."
DISTRUSTED = f"What {NAME} says cannot be trusted, so nobody was signed in. Tell the administrator."
SILENT = f"{NAME} does not answer, or not as it should; try again in a few minutes."


@pytest.fixture
def idp(clock: Clock) -> Iterator[Idp]:
    with running(Idp(clock)) as idp:
        yield idp


def opened(bureau: Bureau, folder: Path, clock: Clock, idp: Idp, **more: object) -> FastAPI:
    named = {"issuer": idp.url, "client_id": CLIENT, "client_secret": SECRET, "label": NAME} | more
    settings = Settings.model_validate({"dir": folder, "base_url": ORIGIN, "locale": "en", "oidc": named})
    return create_app(House(settings, bureau.engine, bureau.office), address_of(ORIGIN, 8000), now=clock)


@pytest.fixture
def app(bureau: Bureau, tmp_path: Path, clock: Clock, idp: Idp) -> FastAPI:
    return opened(bureau, tmp_path, clock, idp)


def at_provider(browser: Browser, wanted: str = "/") -> str:
    """Goes to the provider; the address by which it sends the browser back, without the host."""
    browser.get("/sign-in", params={"next": wanted}, headers=ENGLISH)
    button = re.search(r'href="(/sign-in/oidc[^"]*)"', browser.last.text)
    assert button
    there = browser.get(unescape(button[1]), headers=ENGLISH)
    assert there.status_code == 303
    back = httpx2.get(there.headers["location"]).headers["location"]
    assert back.startswith(f"{ORIGIN}/")
    return back.removeprefix(ORIGIN)


def refusal(browser: Browser) -> str:
    found = re.search(r'role="alert">([^<]*)<', browser.last.text)
    return unescape(found[1]) if found else ""


def nobody_is_in(browser: Browser, bureau: Bureau) -> bool:
    with reading(bureau.engine) as session:
        sessions = session.scalar(select(func.count()).select_from(SignIn))
    return browser.get("/").status_code == 303 and sessions == 0


def finish(browser: Browser, back: str) -> tuple[int, str]:
    browser.get(back, headers=ENGLISH)
    return browser.last.status_code, refusal(browser)


def test_who_signed_in_at_the_provider_comes_to_the_page_that_they_asked_for(
    browser: Browser, bureau: Bureau
) -> None:
    wanted = "/items?state=open&text=%E6%88%BF%E5%B1%8B&sort=-due"
    done = browser.get(at_provider(browser, wanted))
    assert (done.status_code, done.headers["location"]) == (303, wanted)
    assert browser.get(wanted).status_code == 200
    with reading(bureau.engine) as session:
        assert session.scalars(select(Person.email).join(SignIn, SignIn.person_id == Person.id)).all() == [
            "owner@office.example"
        ]
        assert session.scalar(select(func.coalesce(func.sum(Failure.count), 0))) == 0


def test_an_address_counts_however_it_is_spelled(browser: Browser, idp: Idp) -> None:
    idp.person["email"] = "Owner@OFFICE.example"
    assert finish(browser, at_provider(browser)) == (303, "")


def test_nobody_and_no_role_is_made_by_it(browser: Browser, bureau: Bureau, idp: Idp) -> None:
    def kept() -> tuple[int | None, ...]:
        with reading(bureau.engine) as session:
            return tuple(
                session.scalar(select(func.count()).select_from(table)) for table in (Person, Grant, Event)
            )

    before = kept()
    assert finish(browser, at_provider(browser)) == (303, "")
    idp.person["email"] = "newcomer@office.example"
    stranger = Browser(browser.app)
    assert finish(stranger, at_provider(stranger)) == (
        403,
        "Nobody here has the address newcomer@office.example.",
    )
    assert kept() == before


def test_a_session_by_the_provider_replaces_the_one_before(signed_in: Opening, bureau: Bureau) -> None:
    browser = signed_in("head")
    before = browser.client.cookies["__Host-session"]
    browser.get("/sign-in/oidc?next=/items")
    back = httpx2.get(browser.last.headers["location"]).headers["location"].removeprefix(ORIGIN)
    assert finish(browser, back) == (303, "")
    with reading(bureau.engine) as session:
        assert session.scalars(select(SignIn.token_sha256)).all() == [
            accounts.digest(browser.client.cookies["__Host-session"])
        ]
    assert browser.client.cookies["__Host-session"] != before


def test_a_password_stays_what_it_was_and_who_has_none_is_not_let_in_by_one(
    app: FastAPI, bureau: Bureau
) -> None:
    give_password(bureau.engine, "owner")
    first, second, third = Browser(app), Browser(app), Browser(app)
    assert finish(first, at_provider(first)) == (303, "")
    assert second.sign_in("owner", PASSWORD).status_code == 303
    assert [third.sign_in("head", guess).status_code for guess in ("", "x", PASSWORD)] == [422] * 3


def test_who_came_by_the_provider_alone_has_a_password_that_nobody_knows(
    browser: Browser, bureau: Bureau
) -> None:
    assert finish(browser, at_provider(browser)) == (303, "")
    with reading(bureau.engine) as session:
        assert (
            session.scalars(select(Account.password_hash)).one().startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        )
    assert Browser(browser.app).sign_in("owner", "").status_code == 422


def test_the_provider_is_asked_with_pkce_state_and_nonce_that_nobody_can_guess(browser: Browser) -> None:
    seen = []
    for _ in range(2):
        said = parse_qs(urlsplit(browser.get("/sign-in/oidc").headers["location"]).query)
        assert said["redirect_uri"] == [f"{ORIGIN}/sign-in/oidc/done"]
        assert said["code_challenge_method"] == ["S256"]
        seen += [said[name][0] for name in ("state", "nonce", "code_challenge")]
    assert len(set(seen)) == 6
    assert min(map(len, seen)) >= 43


def test_the_cookie_of_a_sign_in_that_began_is_closed_and_short_lived(browser: Browser) -> None:
    cookie = browser.get("/sign-in/oidc").headers["set-cookie"]
    flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert cookie.startswith("__Host-begun=")
    assert flags == {"secure", "httponly", "path=/", "samesite=lax", "max-age=600"}
    back = httpx2.get(browser.last.headers["location"]).headers["location"].removeprefix(ORIGIN)
    assert finish(browser, back) == (303, "")
    assert browser.client.cookies.get("__Host-begun") is None


@pytest.mark.parametrize(
    "asked",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/" + "a" * 3000],
)
def test_after_the_provider_nobody_is_sent_to_another_site(browser: Browser, asked: str) -> None:
    browser.get("/sign-in/oidc", params={"next": asked})
    back = httpx2.get(browser.last.headers["location"]).headers["location"].removeprefix(ORIGIN)
    assert browser.get(back).headers["location"] == "/"


def test_a_page_that_one_cookie_cannot_name_is_given_up_and_not_the_sign_in(browser: Browser) -> None:
    browser.get("/sign-in/oidc", params={"next": "/items?text=" + "房" * 900})
    back = httpx2.get(browser.last.headers["location"]).headers["location"].removeprefix(ORIGIN)
    assert browser.get(back).headers["location"] == "/"


def test_a_code_is_good_for_one_sign_in(browser: Browser, bureau: Bureau, clock: Clock) -> None:
    back = at_provider(browser)
    begun = browser.client.cookies["__Host-begun"]
    assert finish(browser, back) == (303, "")
    with writing(bureau.engine) as session:
        accounts.sign_out(session, "", accounts.Bounds(timedelta(0), timedelta(0)), clock.at)
    assert finish(browser, back) == (422, ELSEWHERE)
    browser.client.cookies.set("__Host-begun", begun)
    assert finish(browser, back) == (422, "This sign-in was used already, or took too long; begin anew.")
    assert nobody_is_in(browser, bureau)


def test_a_sign_in_ends_in_the_browser_in_which_it_began(app: FastAPI, bureau: Bureau) -> None:
    mine, other, fresh = Browser(app), Browser(app), Browser(app)
    back = at_provider(mine)
    at_provider(other)
    for stranger in (other, fresh):
        assert finish(stranger, back) == (422, ELSEWHERE)
        assert nobody_is_in(stranger, bureau)


@pytest.mark.parametrize("state", ["", "0" * 64, "é"])
def test_a_wrong_state_signs_nobody_in(browser: Browser, bureau: Bureau, idp: Idp, state: str) -> None:
    said = parse_qs(urlsplit(at_provider(browser)).query)
    idp.asked.clear()
    browser.get("/sign-in/oidc/done", params={"code": said["code"][0], "state": state}, headers=ENGLISH)
    assert (browser.last.status_code, refusal(browser)) == (422, ELSEWHERE)
    assert idp.asked == []
    assert nobody_is_in(browser, bureau)


def test_an_answer_in_the_name_of_another_provider_signs_nobody_in(browser: Browser, bureau: Bureau) -> None:
    back = at_provider(browser).replace("iss=http", "iss=https")
    assert finish(browser, back) == (422, ELSEWHERE)
    assert nobody_is_in(browser, bureau)


@pytest.mark.parametrize("change", ["not-a-time.x.y.z", "1.2.3", "x" * 4000, "9999999999.seed./.00"])
def test_a_cookie_that_is_not_ours_signs_nobody_in(browser: Browser, bureau: Bureau, change: str) -> None:
    back = at_provider(browser)
    browser.client.cookies.delete("__Host-begun")
    browser.client.cookies.set("__Host-begun", change)
    assert finish(browser, back) == (422, ELSEWHERE)
    assert nobody_is_in(browser, bureau)


def test_who_takes_longer_than_ten_minutes_begins_anew(
    browser: Browser, bureau: Bureau, clock: Clock
) -> None:
    back = at_provider(browser)
    clock.pass_by(minutes=10, seconds=1)
    # A client that keeps the cookie for longer than it was told to gains nothing.
    assert "__Host-begun" in browser.client.cookies
    assert finish(browser, back) == (422, ELSEWHERE)
    assert nobody_is_in(browser, bureau)


@pytest.mark.parametrize(
    ("otherwise", "sentence"),
    [
        ({"nonce": "of-another-sign-in"}, f"What {NAME} says belongs to another sign-in; begin anew."),
        ({"nonce": None}, DISTRUSTED),
        ({"iss": "https://evil.example"}, DISTRUSTED),
        ({"aud": "another-client"}, DISTRUSTED),
        ({"aud": [CLIENT, "another-client"], "azp": "another-client"}, DISTRUSTED),
        ({"aud": None}, DISTRUSTED),
        ({"exp": 1}, DISTRUSTED),
        ({"exp": None}, DISTRUSTED),
        ({"iat": 9_999_999_999}, DISTRUSTED),
        ({"sub": None}, DISTRUSTED),
        (
            {"email_verified": False},
            f"{NAME} has not verified your e-mail address, so nobody is signed in by it.",
        ),
        (
            {"email_verified": "false"},
            f"{NAME} has not verified your e-mail address, so nobody is signed in by it.",
        ),
        ({"email": ""}, f"{NAME} does not say your e-mail address."),
        ({"email": ["owner@office.example"]}, f"{NAME} does not say your e-mail address."),
    ],
)
def test_a_token_that_says_something_else_than_it_should_signs_nobody_in(
    browser: Browser, bureau: Bureau, idp: Idp, otherwise: dict[str, object], sentence: str
) -> None:
    idp.otherwise = otherwise
    assert finish(browser, at_provider(browser)) == (403, sentence)
    assert nobody_is_in(browser, bureau)


def test_a_key_that_the_provider_does_not_publish_signs_nobody_in(
    browser: Browser, bureau: Bureau, idp: Idp
) -> None:
    idp.signs_with, idp.header = "two", {"kid": "one"}
    assert finish(browser, at_provider(browser)) == (403, DISTRUSTED)
    assert nobody_is_in(browser, bureau)


def test_keys_are_fetched_once_and_again_when_the_provider_has_new_ones(
    app: FastAPI, idp: Idp, clock: Clock
) -> None:
    first, second, third = Browser(app), Browser(app), Browser(app)
    assert finish(first, at_provider(first)) == (303, "")
    assert finish(second, at_provider(second)) == (303, "")
    assert idp.asked == ["discovery", "keys", "token", "token"]
    idp.signs_with, idp.publishes = "two", ("one", "two")
    clock.pass_by(minutes=2)
    assert finish(third, at_provider(third)) == (303, "")
    assert idp.asked == ["discovery", "keys", "token", "token", "token", "discovery", "keys"]
    clock.pass_by(hours=1)
    at_provider(Browser(app))
    assert idp.asked[7:] == ["discovery", "keys"]


def test_while_the_provider_is_down_one_is_told_and_can_use_a_password(
    browser: Browser, bureau: Bureau, idp: Idp
) -> None:
    give_password(bureau.engine, "owner")
    idp.is_down = True
    assert finish(browser, "/sign-in/oidc?next=/items") == (503, SILENT)
    assert browser.hidden("next") == "/items"
    said = {"email": "owner@office.example", "password": PASSWORD, "next": "/items"}
    assert browser.post("/sign-in", said).status_code == 303


def test_a_provider_that_goes_down_half_way_signs_nobody_in(
    browser: Browser, bureau: Bureau, idp: Idp
) -> None:
    back = at_provider(browser)
    idp.is_down = True
    assert finish(browser, back) == (503, SILENT)
    assert nobody_is_in(browser, bureau)


def test_a_provider_that_nobody_answers_for_is_a_sentence(
    bureau: Bureau, tmp_path: Path, clock: Clock, idp: Idp
) -> None:
    browser = Browser(opened(bureau, tmp_path, clock, idp, issuer="http://127.0.0.1:9"))
    assert finish(browser, "/sign-in/oidc") == (503, SILENT)


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": "ftp://127.0.0.1/"},
        {"jwks_uri": None},
    ],
)
def test_a_provider_that_says_odd_things_of_itself_is_not_asked_further(
    browser: Browser, idp: Idp, document: dict[str, object]
) -> None:
    idp.document = document
    assert finish(browser, "/sign-in/oidc") == (503, SILENT)
    assert idp.asked == ["discovery"]


def test_a_wrong_secret_of_ours_is_a_sentence_and_no_session(
    bureau: Bureau, tmp_path: Path, clock: Clock, idp: Idp
) -> None:
    browser = Browser(opened(bureau, tmp_path, clock, idp, client_secret="another"))
    assert finish(browser, at_provider(browser)) == (503, SILENT)
    assert nobody_is_in(browser, bureau)


def test_who_is_refused_by_the_provider_is_told(browser: Browser, bureau: Bureau, idp: Idp) -> None:
    idp.refuses = True
    assert finish(browser, at_provider(browser, "/items")) == (422, f"{NAME} did not sign you in.")
    assert browser.hidden("next") == "/items"
    assert nobody_is_in(browser, bureau)


def test_whoever_has_left_is_not_let_in_by_the_provider(browser: Browser, bureau: Bureau) -> None:
    with writing(bureau.engine) as session:
        owner = Person.email == "owner@office.example"
        session.execute(update(Person).where(owner).values(active=False))
        name = session.scalars(select(Person.name).where(owner)).one()
    assert finish(browser, at_provider(browser)) == (403, f"{name} has left, and cannot sign in.")
    assert nobody_is_in(browser, bureau)


def test_whoever_leaves_is_out_at_once_however_they_signed_in(browser: Browser, bureau: Bureau) -> None:
    assert finish(browser, at_provider(browser)) == (303, "")
    assert browser.get("/").status_code == 200
    with writing(bureau.engine) as session:
        session.execute(update(Person).where(Person.email == "owner@office.example").values(active=False))
    assert browser.get("/").status_code == 303


def test_an_address_that_only_the_profile_holds_is_asked_for(browser: Browser, idp: Idp) -> None:
    del idp.person["email"], idp.person["email_verified"]
    idp.profile = {"sub": "7", "email": "owner@office.example", "email_verified": True}
    assert finish(browser, at_provider(browser)) == (303, "")


def test_a_profile_of_somebody_else_signs_nobody_in(browser: Browser, bureau: Bureau, idp: Idp) -> None:
    del idp.person["email"]
    idp.profile = {"sub": "8", "email": "owner@office.example", "email_verified": True}
    assert finish(browser, at_provider(browser)) == (503, SILENT)
    assert nobody_is_in(browser, bureau)


def test_an_office_may_choose_another_claim(bureau: Bureau, tmp_path: Path, clock: Clock, idp: Idp) -> None:
    app = opened(bureau, tmp_path, clock, idp, claim="upn")
    idp.person |= {"email": "head@office.example", "upn": "owner@office.example"}
    browser = Browser(app)
    assert finish(browser, at_provider(browser)) == (303, "")
    with reading(bureau.engine) as session:
        query = select(Person.email).join(SignIn, SignIn.person_id == Person.id)
        assert session.scalars(query).all() == ["owner@office.example"]


def test_steps_that_lead_nowhere_are_limited_by_address(app: FastAPI, idp: Idp) -> None:
    idp.is_down = True
    browser = Browser(app)
    statuses = [browser.get("/sign-in/oidc").status_code for _ in range(attempts.FROM_ADDRESS.most + 1)]
    assert statuses == [503] * attempts.FROM_ADDRESS.most + [429]
    assert len(idp.asked) == attempts.FROM_ADDRESS.most


def test_the_button_stands_only_where_a_provider_is_named(
    browser: Browser, bureau: Bureau, tmp_path: Path, clock: Clock
) -> None:
    assert f"Sign in with {NAME}" in browser.get("/sign-in", headers=ENGLISH).text
    house = House(Settings(dir=tmp_path, base_url=ORIGIN), bureau.engine, bureau.office)
    without = Browser(create_app(house, address_of(ORIGIN, 8000), now=clock))
    assert "/sign-in/oidc" not in without.get("/sign-in").text
    for path in ("/sign-in/oidc", "/sign-in/oidc/done?code=1&state=2"):
        assert without.get(path).status_code == 404


def test_an_office_may_do_without_passwords(bureau: Bureau, tmp_path: Path, clock: Clock, idp: Idp) -> None:
    give_password(bureau.engine, "owner")
    with writing(bureau.engine) as session:
        owner = person_by_email(session, "owner@office.example")
        invitations.invite(session, bureau.office, owner, now=clock.at, door="test")
    letter = bureau.messages(Message.letter == "invitation")[0]
    link = re.findall(r"https://rectify\.example/password/(\S+)", letter.text)[0]
    browser = Browser(opened(bureau, tmp_path, clock, idp, passwords=False))
    page = browser.get("/sign-in", headers=ENGLISH).text
    assert 'name="password"' not in page
    assert finish(browser, at_provider(browser)) == (303, "")
    browser.get("/language/en")
    assert 'href="/password"' not in browser.get("/").text
    sentence = f"One signs in with {NAME} here, and not with a password."
    csrf = {f"/password/{link}": browser.app.state.desk.signer.mark("form", link)}
    words = {"email": "owner@office.example", "password": PASSWORD, "next": "/"}
    words |= {"new-password": "harbour-violet-9031", "once-more": "harbour-violet-9031"}
    for path in ("/sign-in", "/forgotten", "/password", f"/password/{link}"):
        # As a page would send it that was opened before.
        browser.get("/")
        browser.post(path, words | {"csrf": csrf.get(path, browser.hidden("csrf"))})
        assert (path, browser.last.status_code) == (path, 403)
        assert sentence in browser.last.text
    for path in ("/forgotten", "/password", f"/password/{link}"):
        assert (path, browser.get(path).status_code) == (path, 403)
    with reading(bureau.engine) as session:
        assert session.scalars(select(Event.move)).all().count("set-password") == 1
