"""The page behind a letter's link, in the browser of somebody who is not signed in."""

import logging
import re
from datetime import date, timedelta

import pytest
from browsers import ORIGIN, Browser, Clock, Opening
from fastapi import FastAPI
from icalendar import Calendar
from offices import MONDAY, Bureau

from models.event import Event
from models.message import Message
from models.session import reading, writing
from notifications.mail_links import calendar_path
from rules.lifecycle import Move, State
from services import mail_links
from services.organisation import person_by_email

ITEM = "2026H1-P01"
DEAD = "/mail/" + "A" * 36
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def letter(bureau: Bureau) -> str:
    """The path of the link in the letter by which an item was handed to its owner."""
    bureau.new_item()
    (sent,) = bureau.messages(Message.letter == "assignment")
    return re.findall(r"https://rectify\.example(/mail/\S+)", sent.text)[1]


def second_letter(bureau: Bureau) -> str:
    """As `letter`, of an owner who reads English."""
    bureau.new_item(owner="second")
    (sent,) = bureau.messages(Message.letter == "assignment")
    return re.findall(r"https://rectify\.example(/mail/\S+)", sent.text)[1]


def send(browser: Browser, path: str, move: str, **said: str) -> int:
    """Sends the form of the item's page behind the link."""
    browser.get(f"{path}/{ITEM}")
    answer = browser.post(f"{path}/{ITEM}/{move}", {"version": browser.hidden("version"), **said})
    return answer.status_code


def test_the_link_shows_the_owners_items_in_their_own_language(browser: Browser, letter: str) -> None:
    page = browser.get(letter, headers=ENGLISH).text
    assert re.findall(r"<h1>([^<]*)</h1>", page) == ["我的事项"]
    assert re.findall(r'<h2><a href="([^"]*)">([^<]*)</a>', page) == [
        (f"{letter}/{ITEM}", "工地隐患整改偏慢")
    ]
    assert re.findall(r'<span class="date">([^<]*)</span> <span class="left [a-z_]*">([^<]*)<', page) == [
        ("2026-09-30", "还有 62 个工作日")
    ]
    assert "个别工地同类隐患反复出现" in page


def test_a_reader_of_english_reads_english(browser: Browser, bureau: Bureau) -> None:
    path = second_letter(bureau)
    chinese = {"Accept-Language": "zh-CN"}
    assert re.findall(r"<h1>([^<]*)</h1>", browser.get(path, headers=chinese).text) == ["My items"]
    page = browser.get(f"{path}/{ITEM}", headers=chinese).text
    assert re.findall(r'<h2 id="[a-z-]*">([^<]*)</h2>', page) == [
        "Acknowledge",
        "Facts",
        "In the report",
        "After signing in",
    ]


def test_the_owner_acknowledges_and_reports_without_signing_in(
    browser: Browser, letter: str, bureau: Bureau
) -> None:
    assert send(browser, letter, "acknowledge") == 303
    assert browser.last.headers["location"] == f"{letter}/{ITEM}?done=acknowledge"
    assert "已签收该事项。" in browser.get(f"{letter}/{ITEM}?done=acknowledge").text
    assert send(browser, letter, "report", progress="40", note="已清理两处") == 303
    item = bureau.item(ITEM)
    assert (item.state, item.progress) == (State.IN_PROGRESS, 40)
    events = bureau_events(bureau)[-2:]
    assert [(event.door, event.move, event.note) for event in events] == [
        ("link", "acknowledge", ""),
        ("link", "report", "已清理两处"),
    ]


def bureau_events(bureau: Bureau) -> list[Event]:
    with reading(bureau.engine) as session:
        found = list(session.query(Event).order_by(Event.position))
        session.expunge_all()
        return found


def test_following_a_link_changes_nothing_however_often_it_is_fetched(
    browser: Browser, letter: str, bureau: Bureau
) -> None:
    before = (len(bureau_events(bureau)), bureau.item(ITEM).version)
    for path in (letter, f"{letter}/{ITEM}", f"{letter}/{ITEM}?done=report"):
        assert browser.get(path).status_code == 200
        assert browser.client.head(path).status_code == 200
    for move in ("acknowledge", "report"):
        assert browser.get(f"{letter}/{ITEM}/{move}").status_code == 405
    assert (len(bureau_events(bureau)), bureau.item(ITEM).version) == before


@pytest.mark.parametrize("move", sorted(set(Move) - {Move.ACKNOWLEDGE, Move.REPORT}))
def test_no_other_move_has_an_address_behind_the_link(
    browser: Browser, letter: str, bureau: Bureau, move: Move
) -> None:
    assert send(browser, letter, move, note="理由", due="2026-12-01") == 404
    assert bureau.item(ITEM).state is State.ASSIGNED


def test_the_page_names_what_signing_in_would_add_and_leads_there(browser: Browser, letter: str) -> None:
    page = browser.get(f"{letter}/{ITEM}").text
    assert re.findall(r"<li>([^<]*)</li>", page) == ["申请延期", "申请撤销"]
    assert re.findall(r'<a class="button" href="([^"]*)"', page) == [f"/sign-in?next=/items/{ITEM}"]


def test_a_refused_report_keeps_what_was_written(browser: Browser, letter: str) -> None:
    send(browser, letter, "acknowledge")
    assert send(browser, letter, "report", progress="140", note="写了很久") == 422
    assert re.findall(r'role="alert"><p><b>([^<]*)<', browser.last.text) == [
        "进度应为 0 至 100 的数字，不能是 140。"
    ]
    assert re.findall(r"<textarea[^>]*>([^<]*)<", browser.last.text) == ["写了很久"]
    assert 'value="140"' in browser.last.text


def test_who_reports_on_an_item_that_changed_meanwhile_looks_again_and_loses_nothing(
    browser: Browser, letter: str, bureau: Bureau
) -> None:
    send(browser, letter, "acknowledge")
    browser.get(f"{letter}/{ITEM}")
    version = browser.hidden("version")
    bureau.act(ITEM, Move.REPORT, "head", progress=10)
    answer = browser.post(f"{letter}/{ITEM}/report", {"version": version, "note": "写了很久"})
    assert answer.status_code == 409
    assert re.findall(r"<textarea[^>]*>([^<]*)<", answer.text) == ["写了很久"]
    assert browser.hidden("version") != version


def test_an_item_that_went_to_somebody_else_is_not_opened_and_signing_in_is_offered(
    browser: Browser, letter: str, bureau: Bureau
) -> None:
    bureau.act(ITEM, Move.REASSIGN, "coordinator", to="stranger")
    answer = browser.get(f"{letter}/{ITEM}")
    assert answer.status_code == 404
    assert "工地隐患" not in answer.text
    assert f"/sign-in?next=/items/{ITEM}" in answer.text
    assert "您目前没有未办结的事项" in browser.get(letter).text


DYING = ("over", "void", "left", "moved", "tampered", "foreign")


def kill(letter: str, how: str, bureau: Bureau, clock: Clock) -> str:
    """The link after what ended it."""
    if how == "over":
        clock.pass_by(days=31)
        return letter
    if how == "tampered":
        return letter[:-1] + ("A" if letter[-1] != "A" else "B")
    if how == "foreign":
        other = bureau.office.postbox.link(person(bureau, "stranger"), MONDAY.date())
        assert other is not None
        return letter[:21] + other.url[-21:]
    with writing(bureau.engine) as session:
        owner = person_by_email(session, "owner@office.example")
        if how == "void":
            mail_links.void(session, owner, now=MONDAY, door="test")
        elif how == "left":
            owner.active = False
        else:
            owner.email = "new.name@office.example"
    return letter


def person(bureau: Bureau, who: str):  # noqa: ANN201 - a Person, out of its session
    with reading(bureau.engine) as session:
        found = person_by_email(session, f"{who}@office.example")
        session.expunge(found)
        return found


@pytest.mark.parametrize("how", DYING)
def test_a_link_that_ended_shows_nothing_does_nothing_and_says_the_same_whatever_ended_it(
    app: FastAPI, letter: str, bureau: Bureau, clock: Clock, how: str
) -> None:
    browser = Browser(app)
    browser.get(f"{letter}/{ITEM}")
    form = {"version": browser.hidden("version"), "csrf": browser.hidden("csrf"), "note": "写了很久"}
    dead = kill(letter, how, bureau, clock)
    made_up = DEAD if dead != DEAD else ""
    for path in ("", f"/{ITEM}"):
        answer = browser.get(dead + path, headers=ENGLISH)
        assert answer.status_code == 410
        told = browser.get(made_up + path, headers=ENGLISH).text
        assert plain(answer.text, dead) == plain(told, made_up)
    sent = Browser(app).client.post(f"{dead}/{ITEM}/acknowledge", data=form, headers={"Origin": ORIGIN})
    assert sent.status_code in {403, 410}
    assert ">写了很久</textarea>" in sent.text
    assert bureau.item(ITEM).state is State.ASSIGNED


def plain(page: str, path: str) -> str:
    return re.sub(r'name="csrf" value="[^"]*"', "", page).replace(path, "")


@pytest.mark.parametrize("how", ["alive", *DYING])
def test_a_fresh_link_is_asked_for_with_the_same_answer_whoever_asks(
    browser: Browser, letter: str, bureau: Bureau, clock: Clock, how: str
) -> None:
    dead = letter if how == "alive" else kill(letter, how, bureau, clock)
    browser.get("/mail/" + "A" * 36, headers=ENGLISH)
    made_up = browser.post("/mail/" + "A" * 36, headers=ENGLISH)
    browser.get(dead)
    if how == "alive":
        browser.get(f"{dead}/{ITEM}")
    answer = browser.post(dead, headers=ENGLISH)
    assert (answer.status_code, answer.text) == (200, made_up.text)
    mailed = bureau.messages(Message.letter == "link")
    assert [row.address for row in mailed] == (["owner@office.example"] if how in {"alive", "over"} else [])


def test_asking_for_fresh_links_without_end_is_refused(browser: Browser) -> None:
    browser.get(DEAD)
    said = {"csrf": browser.hidden("csrf")}
    assert [browser.post(DEAD, said).status_code for _ in range(21)] == [200] * 20 + [429]


SITES = [
    ({"Origin": ORIGIN}, 303),
    ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
    ({"Origin": "null"}, 303),
    ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
    ({"Origin": "https://evil.example"}, 403),
    ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), SITES)
def test_a_form_from_another_site_is_refused_without_any_cookie(
    browser: Browser, letter: str, headers: dict[str, str], status: int
) -> None:
    browser.get(f"{letter}/{ITEM}")
    said = {"version": browser.hidden("version"), "csrf": browser.hidden("csrf")}
    assert browser.client.cookies == {}
    answer = browser.client.post(f"{letter}/{ITEM}/acknowledge", data=said, headers=headers)
    assert answer.status_code == status


def test_elsewhere_a_form_without_an_origin_of_ours_is_refused_as_before(signed_in: Opening) -> None:
    browser = signed_in("owner")
    browser.get("/")
    assert browser.post("/sign-out", headers={"Origin": "null"}).status_code == 403


@pytest.mark.parametrize("csrf", ["", "0" * 64])
def test_a_form_without_our_mark_is_refused_and_a_mark_of_another_link_is_none(
    browser: Browser, letter: str, bureau: Bureau, csrf: str
) -> None:
    browser.get(DEAD)
    csrf = csrf or browser.hidden("csrf")
    version = str(bureau.item(ITEM).version)
    answer = browser.post(f"{letter}/{ITEM}/acknowledge", {"version": version, "csrf": csrf})
    assert answer.status_code == 403
    assert bureau.item(ITEM).state is State.ASSIGNED


def test_no_answer_behind_a_link_tells_its_address_to_anybody(browser: Browser, letter: str) -> None:
    token = letter.rpartition("/")[2]
    paths = (letter, f"{letter}/{ITEM}", f"{letter}/NOWHERE", f"{letter}/a/b/c", f"{letter}/%00", DEAD)
    for path in paths:
        answer = browser.get(path)
        told = {name: answer.headers[name] for name in ("referrer-policy", "x-robots-tag", "cache-control")}
        assert told == {
            "referrer-policy": "no-referrer",
            "x-robots-tag": "noindex, nofollow, noarchive",
            "cache-control": "no-store",
        }, path
        assert "set-cookie" not in answer.headers, path
        linked = re.findall(r'(?:href|src|action)="([^"]*)"', answer.text)
        assert [it for it in linked if token in it and not it.startswith(letter)] == [], path
    assert browser.get("/sign-in").headers["referrer-policy"] == "same-origin"


def test_no_log_tells_the_address_of_a_link(
    app: FastAPI, letter: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, token = Browser(app), letter.rpartition("/")[2]

    def broken(*_: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(mail_links, "own_items", broken)
    with caplog.at_level(logging.INFO):
        assert browser.get(letter).status_code == 500
        browser.get(f"{letter}/{ITEM}")
        browser.get(f"{letter}/a/b/c")
    ours = [record for record in caplog.records if not record.name.startswith("httpx")]
    assert [record.getMessage() for record in ours] == ["GET /mail/{token}"]
    assert token not in "".join(record.exc_text or "" for record in ours)


def test_who_is_signed_in_goes_on_to_the_full_pages(signed_in: Opening, letter: str) -> None:
    own, others = signed_in("owner"), signed_in("second")
    assert own.get(letter).headers["location"] == "/"
    assert own.get(f"{letter}/{ITEM}").headers["location"] == f"/items/{ITEM}"
    shown = others.get(letter)
    assert (shown.status_code, "Second Owner" in shown.text) == (200, False)


def test_a_note_of_ten_thousand_characters_reaches_us(browser: Browser, letter: str, bureau: Bureau) -> None:
    send(browser, letter, "acknowledge")
    browser.get(f"{letter}/{ITEM}")
    assert re.findall(r'<form [^>]*enctype="([^"]*)"', browser.last.text) == ["multipart/form-data"]
    said = {"version": browser.hidden("version"), "note": "字" * 10_000}
    answer = browser.post(f"{letter}/{ITEM}/report", said, files={"none": ("", b"")})
    assert answer.status_code == 303
    assert bureau_events(bureau)[-1].note == "字" * 10_000


def feed_of(bureau: Bureau, who: str = "owner") -> str:
    return calendar_path(bureau.office.postbox.secret, person(bureau, who))


def entries(content: bytes) -> list[tuple[str, int, date, str]]:
    return [
        (str(event["uid"]), int(event["sequence"]), event["dtstart"].dt, str(event["summary"]))
        for event in Calendar.from_ical(content).walk("VEVENT")
    ]


def test_the_calendar_holds_each_open_deadline_and_follows_when_it_moves(
    browser: Browser, bureau: Bureau
) -> None:
    bureau.new_item()
    answer = browser.get(feed_of(bureau))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    name = "整改到期：[2026H1-P01] 工地隐患整改偏慢"
    assert entries(answer.content) == [("2026H1-P01@office.example", 1, date(2026, 9, 30), name)]
    bureau.act(ITEM, Move.REQUEST_EXTENSION, "owner", due_on=date(2026, 10, 30), note="理由")
    bureau.act(ITEM, Move.GRANT_EXTENSION, "coordinator", MONDAY + timedelta(days=1))
    moved = browser.get(feed_of(bureau))
    assert entries(moved.content) == [("2026H1-P01@office.example", 3, date(2026, 10, 30), name)]
    assert moved.headers["last-modified"] == "Tue, 07 Jul 2026 01:00:00 GMT"
    bureau.act(ITEM, Move.CANCEL, "coordinator", note="重复")
    [gone] = Calendar.from_ical(browser.get(feed_of(bureau)).content).walk("VEVENT")
    assert (str(gone["uid"]), int(gone["sequence"]), gone["status"]) == (
        "2026H1-P01@office.example",
        4,
        "CANCELLED",
    )


def test_an_item_that_ended_is_withdrawn_from_the_calendar_and_then_forgotten(
    browser: Browser, bureau: Bureau, clock: Clock
) -> None:
    bureau.new_item()
    bureau.act(ITEM, Move.CANCEL, "coordinator", note="重复")
    clock.pass_by(days=30)
    assert len(entries(browser.get(feed_of(bureau)).content)) == 1
    clock.pass_by(days=1)
    assert entries(browser.get(feed_of(bureau)).content) == []


def test_a_calendar_that_did_not_change_is_not_sent_again(
    browser: Browser, bureau: Bureau, clock: Clock
) -> None:
    bureau.new_item()
    first = browser.get(feed_of(bureau))
    clock.pass_by(days=5)
    again = browser.get(feed_of(bureau), headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    bureau.act(ITEM, Move.ACKNOWLEDGE, "owner")
    changed = browser.get(feed_of(bureau, "owner"), headers={"If-None-Match": '"another"'})
    assert changed.status_code == 200


def test_a_calendar_is_private_and_ends_with_its_link(browser: Browser, bureau: Bureau) -> None:
    bureau.new_item()
    path = feed_of(bureau)
    found = browser.get(path)
    told = {name: found.headers[name] for name in ("referrer-policy", "x-robots-tag", "cache-control")}
    assert told == {
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex, nofollow, noarchive",
        "cache-control": "private, no-cache",
    }
    assert entries(browser.get(feed_of(bureau, "stranger")).content) == []
    with writing(bureau.engine) as session:
        mail_links.void(session, person_by_email(session, "owner@office.example"), now=MONDAY, door="test")
    assert (browser.get(path).status_code, "工地" in browser.last.text) == (404, False)


def test_what_a_report_says_stays_data_in_the_calendar(browser: Browser, bureau: Bureau) -> None:
    with writing(bureau.engine) as session:
        person_by_email(session, "owner@office.example").name = "甲\r\nATTENDEE:mailto:x@evil.example"
    bureau.new_item()
    content = browser.get(feed_of(bureau)).content
    assert re.findall(rb"(?m)^ATTENDEE", content) == []
    assert len(entries(content)) == 1


def test_the_calendar_is_named_where_its_person_comes_by(
    browser: Browser, signed_in: Opening, letter: str, bureau: Bureau
) -> None:
    named = f'href="{feed_of(bureau)}"'
    assert (named in browser.get(letter).text, named in signed_in("owner").get("/").text) == (True, True)
