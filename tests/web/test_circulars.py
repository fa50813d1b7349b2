"""Circulars on the pages: shown before they are issued, issued by coordinators, saved by overseers."""

import html
import re
from datetime import date, datetime
from io import BytesIO

import pytest
from browsers import Browser, Opening
from docx import Document
from offices import ZONE, Bureau

from models.item import Item
from models.message import Message
from models.order import Circular
from models.session import writing
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, Move, State
from services import circulars
from services.items import by_reference

P01, P02 = "2026H1-P01", "2026H1-P02"
TITLE, REASON = "关于部分整改事项逾期的通报", "请抓紧整改"


@pytest.fixture
def late(bureau: Bureau) -> Bureau:
    bureau.new_item(P01, due_on=date(2020, 9, 30))
    bureau.new_item(P02, due_on=date(2099, 12, 1), owner="stranger")
    return bureau


def named(browser: Browser) -> list[str]:
    """The values of the items that the form on the screen would name."""
    ticked = re.findall(r'name="item" value="([^"]+)"[^>]* checked>', browser.last.text)
    return [html.unescape(value) for value in ticked]


def issue(browser: Browser, items: list[str], title: str = TITLE, note: str = REASON, **more: str) -> int:
    said = {"title": title, "note": note, "item": items, **more}
    return browser.post("/circulars", said).status_code


def test_a_coordinator_sees_what_it_would_name_issues_it_and_saves_the_document(
    signed_in: Opening, late: Bureau
) -> None:
    browser = signed_in("coordinator")
    assert 'href="/circulars/new?light=overdue&amp;sort=due"' in browser.get("/items?light=overdue").text
    browser.get("/circulars/new?light=overdue")
    [value] = named(browser)
    assert value.endswith(f" {P01}")
    assert late.rows(Circular) == []
    assert issue(browser, [value], light="overdue") == 303
    [link] = re.findall(r'href="(/circulars/[^"]+/document)" download', browser.get("/circulars").text)
    saved = browser.get(link)
    assert saved.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    document = Document(BytesIO(saved.content))
    assert document.paragraphs[0].text == TITLE
    assert [row.cells[1].text for row in document.tables[0].rows[1:]] == [P01]
    assert {late.email(it.person_id) for it in late.messages(Message.letter == "circular")} == {
        "owner",
        "head",
    }
    assert "Circular No. 1 of 2026" in browser.get(f"/items/{P01}").text


def test_items_that_were_not_ticked_are_left_out(signed_in: Opening, late: Bureau) -> None:
    browser = signed_in("coordinator")
    browser.get("/circulars/new")
    first, second = named(browser)
    assert issue(browser, [second]) == 303
    with late.visit("coordinator") as visit:
        [found] = circulars.listed(visit)
        assert [it.reference for it in circulars.written(visit, found.key).entries] == [P02]
    assert first.endswith(P01)


def test_a_refused_circular_keeps_what_was_typed_and_chosen(signed_in: Opening, late: Bureau) -> None:
    browser = signed_in("coordinator")
    browser.get("/circulars/new")
    _, second = named(browser)
    assert issue(browser, [second], title=" ") == 422
    assert browser.alert() == "Give the circular a title of at most 200 characters."
    assert f">{REASON}</textarea>" in browser.last.text
    assert (named(browser), late.rows(Circular)) == ([second], [])


def test_an_item_that_changed_meanwhile_is_looked_at_again(signed_in: Opening, late: Bureau) -> None:
    browser = signed_in("coordinator")
    browser.get("/circulars/new")
    shown = named(browser)
    late.act(P01, Move.ACKNOWLEDGE, "owner")
    assert issue(browser, shown) == 409
    assert browser.alert() == f"Item {P01} was changed while you worked on it."
    assert (len(named(browser)), late.rows(Circular)) == (2, [])
    assert issue(browser, named(browser)) == 303


@pytest.mark.parametrize("item", ["", "x", f"x {P01}", f"99999999999 {P01}", f"² {P01}"])
def test_a_choice_that_no_page_of_ours_made_is_refused(signed_in: Opening, late: Bureau, item: str) -> None:
    browser = signed_in("coordinator")
    browser.get("/circulars/new")
    assert issue(browser, [item]) == 422
    assert late.rows(Circular) == []


def test_a_list_that_is_too_long_has_no_form(signed_in: Opening, late: Bureau) -> None:
    with writing(late.engine) as session:
        unit = by_reference(session, P01).lead_unit_id
        session.add_all(_item(number, unit) for number in range(1, circulars.MOST))
    browser = signed_in("coordinator")
    page = browser.get("/circulars/new").text
    assert "A circular names at most 50 items, and these are 51; narrow the list." in page
    assert 'action="/circulars"' not in page
    browser.get("/circulars/new?unit=SAFETY")
    assert len(named(browser)) == circulars.MOST


def _item(number: int, unit: int) -> Item:
    return Item(
        reference=f"2026H1-X{number}",
        kind=Kind.PROBLEM,
        title="隐患",
        body="隐患",
        stated_owners=[],
        flags=[],
        lead_unit_id=unit,
        time_limit=TimeLimit.NONE,
        state=State.ASSIGNED,
    )


@pytest.mark.parametrize("who", ["owner", "head", "leader", "auditor"])
def test_who_coordinates_nothing_finds_no_form_and_issues_nothing(
    signed_in: Opening, late: Bureau, who: str
) -> None:
    browser = signed_in(who)
    assert "/circulars/new" not in browser.get("/items").text
    assert browser.get("/circulars/new").status_code == 403
    browser.get("/")
    assert issue(browser, [f"{late.item(P01).version} {P01}"]) == 403
    assert late.rows(Circular) == []


def test_a_head_finds_the_circulars_of_the_own_unit_alone(signed_in: Opening, late: Bureau) -> None:
    now = datetime(2026, 10, 22, 9, tzinfo=ZONE)
    for chosen in ((P01,), (P01, P02)):
        with late.visit("coordinator", now) as visit:
            circulars.issue(visit, TITLE, REASON, [circulars.Chosen(one) for one in chosen])
    browser = signed_in("head")
    found = re.findall(r"/circulars/([^/]+)/document", browser.get("/circulars").text)
    assert found == ["2026-1"]
    saved = [browser.get(f"/circulars/{key}/document").status_code for key in ("2026-1", "2026-2")]
    assert saved == [200, 404]
