"""Signing in and out: passwords, sessions, limits, cookies, tokens and headers."""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from browsers import ORIGIN, PASSWORD, Browser, Clock, Opening, give_password
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from offices import MONDAY, Bureau
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from config.house import House
from config.settings import Settings
from models.account import Account, Failure, SignIn
from models.event import Event
from models.organisation import Person
from models.session import reading, writing
from rules.errors import SettingError
from services import accounts, history
from services.organisation import person_by_email
from web.app import create_app
from web.guards import address_of, local_path
from web.headers import LARGEST_FROM_STRANGERS


def refusal(browser: Browser) -> str:
    found = re.search(r'role="alert">([^<]*)<', browser.last.text)
    return found[1] if found else ""


WRONG = "Address or password are wrong."


def test_whoever_signs_in_comes_to_the_page_that_they_asked_for(browser: Browser, bureau: Bureau) -> None:
    give_password(bureau.engine, "owner")
    asked = browser.get("/items?state=open&sort=-due")
    assert asked.headers["location"] == "/sign-in?next=%2Fitems%3Fstate%3Dopen%26sort%3D-due"
    browser.get(asked.headers["location"])
    done = browser.post(
        "/sign-in",
        {"email": "Owner@Office.example ", "password": PASSWORD, "next": browser.hidden("next")},
    )
    assert (done.status_code, done.headers["location"]) == (303, "/items?state=open&sort=-due")
    assert browser.get(done.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("who", "password"),
    [("owner", "mosaic-lantern-4418"), ("owner", ""), ("nobody", PASSWORD), ("second", PASSWORD), ("%", "%")],
)
def test_a_wrong_password_an_unknown_address_and_an_account_without_one_read_alike(
    browser: Browser, bureau: Bureau, who: str, password: str
) -> None:
    give_password(bureau.engine, "owner")
    browser.get("/language/en")
    answer = browser.sign_in(who, password)
    assert (answer.status_code, refusal(browser)) == (422, WRONG)
    assert browser.get("/").status_code == 303


def test_an_unknown_account_costs_the_same_hash_as_a_known_one(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(bureau.engine, "owner")
    checked: list[str] = []
    verify = accounts.HASHER.__class__.verify

    def counting(self: object, stored: str, password: str) -> bool:
        checked.append(stored.partition("$m=")[2].partition("$")[0])
        return bool(verify(self, stored, password))  # type: ignore[arg-type]

    monkeypatch.setattr(accounts.HASHER.__class__, "verify", counting)
    caller = accounts.Caller("10.0.0.1")
    for email in ("owner@office.example", "nobody@office.example", "second@office.example"):
        assert accounts.sign_in(bureau.engine, email, "wrong-wrong-wrong", caller, now=MONDAY) is None
    assert checked == ["19456,t=2,p=1"] * 3


def test_the_database_holds_neither_password_nor_token(signed_in: Opening, bureau: Bureau) -> None:
    browser = signed_in("owner")
    with reading(bureau.engine) as session:
        stored = session.scalars(select(Account.password_hash)).one()
        kept = session.scalars(select(SignIn.token_sha256)).one()
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in stored
    token = browser.client.cookies["__Host-session"]
    assert kept == sha256(token.encode()).hexdigest()


def test_without_a_request_for_an_hour_one_is_signed_out(signed_in: Opening, clock: Clock) -> None:
    browser = signed_in("owner")
    for _ in range(3):
        clock.pass_by(minutes=50)
        assert browser.get("/").status_code == 200
    clock.pass_by(minutes=61)
    assert browser.get("/").status_code == 303


def test_after_half_a_day_one_is_signed_out_however_busy(signed_in: Opening, clock: Clock) -> None:
    browser = signed_in("owner")
    for _ in range(23):
        clock.pass_by(minutes=30)
        assert browser.get("/").status_code == 200
    clock.pass_by(minutes=31)
    assert browser.get("/").status_code == 303


def test_whoever_is_deactivated_is_out_at_once(signed_in: Opening, bureau: Bureau) -> None:
    browser = signed_in("owner")
    with writing(bureau.engine) as session:
        session.execute(update(Person).where(Person.email == "owner@office.example").values(active=False))
    assert browser.get("/").status_code == 303
    assert browser.sign_in("owner").status_code == 422


def test_a_new_password_ends_all_sessions(signed_in: Opening, bureau: Bureau) -> None:
    browser = signed_in("owner")
    give_password(bureau.engine, "owner", password="another-lantern-4417")
    assert browser.get("/").status_code == 303
    assert browser.sign_in("owner").status_code == 422
    assert browser.sign_in("owner", "another-lantern-4417").status_code == 303


def test_signing_out_makes_the_token_worthless(signed_in: Opening) -> None:
    browser = signed_in("owner")
    token = browser.client.cookies["__Host-session"]
    browser.get("/")
    browser.post("/sign-out")
    browser.client.cookies.set("__Host-session", token)
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize("password", ["short", "Password2026!", "安全科的密码一二三四五六", "x" * 129])
def test_no_weak_password_is_set(bureau: Bureau, password: str) -> None:
    with pytest.raises(SettingError):
        give_password(bureau.engine, "owner", password=password)
    assert (
        accounts.sign_in(
            bureau.engine, "owner@office.example", password, accounts.Caller("10.0.0.1"), now=MONDAY
        )
        is None
    )


def test_a_set_password_stands_in_the_history(bureau: Bureau) -> None:
    give_password(bureau.engine, "owner")
    with reading(bureau.engine) as session:
        person = person_by_email(session, "owner@office.example")
        last = session.scalars(select(Event).order_by(Event.position.desc()).limit(1)).one()
        assert (last.move, last.subject, last.note) == ("set-password", f"person:{person.id}", "")
        assert history.verify(session).fault is None


def fail(browser: Browser, who: str, times: int) -> list[int]:
    return [browser.sign_in(who, "wrong-wrong-wrong").status_code for _ in range(times)]


def test_who_guesses_has_to_wait_even_with_the_right_password(
    browser: Browser, bureau: Bureau, clock: Clock
) -> None:
    give_password(bureau.engine, "owner")
    assert fail(browser, "owner", 9) == [422] * 8 + [429]
    assert browser.sign_in("owner").status_code == 429
    assert browser.last.headers["retry-after"] == "900"
    clock.pass_by(minutes=15)
    assert browser.sign_in("owner").status_code == 303


def test_guessing_at_an_account_that_there_is_not_is_limited_alike(browser: Browser) -> None:
    assert fail(browser, "nobody", 9) == [422] * 8 + [429]


def test_a_stranger_s_guesses_do_not_lock_the_owner_s_own_browser_out(
    app: FastAPI, signed_in: Opening
) -> None:
    known = signed_in("owner")
    known.get("/")
    known.post("/sign-out")
    assert fail(Browser(app), "owner", 9) == [422] * 8 + [429]
    assert known.sign_in("owner").status_code == 303


def test_one_address_is_limited_over_all_accounts(browser: Browser) -> None:
    statuses = [fail(browser, f"nobody{number}", 1)[0] for number in range(51)]
    assert statuses == [422] * 50 + [429]


def test_signing_in_rightly_uses_nothing_up(browser: Browser, bureau: Bureau) -> None:
    give_password(bureau.engine, "owner")
    for _ in range(20):
        assert browser.sign_in("owner").status_code == 303
        browser.get("/")
        browser.post("/sign-out")
    with reading(bureau.engine) as session:
        assert session.scalar(select(func.coalesce(func.sum(Failure.count), 0))) == 0


def test_a_known_browser_s_mark_is_good_for_its_own_account_alone(
    signed_in: Opening, bureau: Bureau, app: FastAPI
) -> None:
    known = signed_in("owner")
    give_password(bureau.engine, "second")
    thief = Browser(app)
    thief.client.cookies.set("__Host-known", known.client.cookies["__Host-known"])
    assert fail(thief, "second", 9)[-1] == 429


def test_cookies_are_closed_to_scripts_other_hosts_and_plain_http(browser: Browser, bureau: Bureau) -> None:
    give_password(bureau.engine, "owner")
    done = browser.sign_in("owner")
    cookies = done.headers.get_list("set-cookie")
    assert sorted(cookie.partition("=")[0] for cookie in cookies) == [
        "__Host-known",
        "__Host-session",
        "__Host-visitor",
    ]
    for cookie in cookies:
        flags = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= flags
        assert not any(flag.startswith("domain") for flag in flags)


def test_on_this_machine_without_tls_the_cookies_go_without_the_prefix(
    bureau: Bureau, tmp_path: Path, clock: Clock
) -> None:
    house = House(Settings(dir=tmp_path), bureau.engine, bureau.office)
    client = TestClient(create_app(house, address_of("", 8000), now=clock), base_url="http://127.0.0.1:8000")
    answer = client.get("/sign-in")
    assert answer.headers["set-cookie"].startswith("rectify-visitor=")
    assert "secure" not in answer.headers["set-cookie"].lower()
    assert "strict-transport-security" not in answer.headers


@pytest.mark.parametrize(
    "url",
    ["http://rectify.example", "https://rectify.example/pages", "https://a@b.example", "rectify.example"],
)
def test_an_address_that_is_not_safe_is_refused(url: str) -> None:
    with pytest.raises(SettingError, match="RECTIFY_BASE_URL"):
        address_of(url, 8000)


@pytest.mark.parametrize("path", ["/sign-in", "/", "/items", "/nowhere", "/healthz", "/static/rectify.css"])
def test_every_answer_bears_the_headers_that_keep_it_safe(signed_in: Opening, path: str) -> None:
    headers = signed_in("owner").get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert (policy["script-src"], policy["style-src"]) == ("'self'", "'self'")
    assert (policy["frame-ancestors"], policy["base-uri"], policy["form-action"]) == (
        "'none'",
        "'none'",
        "'self'",
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    kept = "public, max-age=31536000, immutable" if path.startswith("/static/") else "no-store"
    assert headers["cache-control"] == kept


def test_a_form_without_our_token_does_nothing(signed_in: Opening) -> None:
    browser = signed_in("owner")
    browser.get("/")
    for token in ("", "0" * 64, browser.hidden("csrf")[:-1]):
        assert browser.post("/sign-out", {"csrf": token}).status_code == 403
    assert browser.get("/").status_code == 200


def test_a_token_of_another_session_does_nothing(signed_in: Opening) -> None:
    one, other = signed_in("owner"), signed_in("head")
    other.get("/")
    one.get("/")
    assert one.post("/sign-out", {"csrf": other.hidden("csrf")}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://rectify.example.evil.example"}, 403),
        ({"Origin": "", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "", "Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": ORIGIN}, 303),
        ({"Origin": "", "Sec-Fetch-Site": "same-origin"}, 303),
    ],
)
def test_a_form_from_another_site_does_nothing(
    signed_in: Opening, headers: dict[str, str], status: int
) -> None:
    browser = signed_in("owner")
    browser.get("/")
    assert browser.post("/sign-out", headers=headers).status_code == status


@pytest.mark.parametrize("host", ["evil.example", "rectify.example.evil.example", "rectify.example:81", ""])
def test_a_foreign_name_for_our_machine_reaches_nothing(browser: Browser, host: str) -> None:
    assert browser.get("/sign-in", headers={"Host": host}).status_code == 421


def test_no_link_is_made_of_what_a_request_calls_us(browser: Browser) -> None:
    answer = browser.get(
        "/items", headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    )
    assert answer.headers["location"] == "/sign-in?next=%2Fitems"


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/items\r\nSet-Cookie: a=b",
        "/\t/evil.example",
        "items",
        "",
        "/" + "a" * 3000,
    ],
)
def test_after_signing_in_nobody_is_sent_to_another_site(
    browser: Browser, bureau: Bureau, asked: str
) -> None:
    give_password(bureau.engine, "owner")
    browser.get("/sign-in", params={"next": asked})
    assert browser.hidden("next") == "/"
    done = browser.post("/sign-in", {"email": "owner@office.example", "password": PASSWORD, "next": asked})
    assert (done.status_code, done.headers["location"]) == (303, "/")


@given(st.text(max_size=30))
def test_whatever_is_asked_for_as_next_is_a_path_of_ours(asked: str) -> None:
    found = local_path(asked)
    assert found[0] == "/"
    assert found[1:2] not in {"/", "\\"}
    assert not set(found) & {"\\", "\r", "\n", "\t", " ", "\0"}


def test_a_stranger_cannot_fill_our_disk(browser: Browser) -> None:
    browser.get("/sign-in")
    answer = browser.post("/sign-in", {"email": "x" * (LARGEST_FROM_STRANGERS + 1), "password": "y"})
    assert answer.status_code == 413


def test_health_is_told_by_any_name_and_says_nothing_else(browser: Browser) -> None:
    for path, words in (("/healthz", "ok\n"), ("/readyz", "ready\n")):
        answer = browser.get(path, headers={"Host": "10.0.0.7:8000"})
        assert (answer.status_code, answer.text) == (200, words)


def test_pages_speak_the_person_s_language_until_another_is_chosen(browser: Browser, bureau: Bureau) -> None:
    give_password(bureau.engine, "owner", "second")
    browser.get("/sign-in", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert '<html lang="zh-CN">' in browser.last.text
    browser.sign_in("second")
    assert '<html lang="en">' in browser.get("/").text
    chosen = browser.get("/language/zh_CN?next=/items")
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/items")
    assert '<html lang="zh-CN">' in browser.get("/items").text
    assert browser.get("/language/fr").status_code == 404
