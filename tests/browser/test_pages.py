"""Every page in a real browser: nothing bars a reader, none is wider than a phone, the console is silent."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from urllib.parse import urldefrag

import pytest
from offices import MONDAY, PROOF, Bureau
from starlette.routing import Match
from windows import Opening, Screen, own_pages

from models.message import Message
from models.session import writing
from rules.lifecycle import Move
from services import invitations, reminders
from services.organisation import person_by_email
from web.app import FAMILIES

PEOPLE = ("coordinator", "owner", "leader", "auditor", "admin")
MOST = 2
"""Pages of one kind that one person opens."""
NO_PAGES = frozenset(
    {
        "/healthz",
        "/readyz",
        "/metrics",
        "/sign-in/oidc",
        "/sign-in/oidc/done",
        "/language/{locale}",
        "/evidence/{number}",
        "/items.csv",
        "/items.xlsx",
        "/audit.csv",
        "/audit.xlsx",
        "/organisation/people.csv",
        "/organisation/people.xlsx",
        "/calendar/{token}.ics",
        "/rollup/{unit:path}/charts/{chart}.svg",
        "/reminders/letters/{letter}/html",
        "/items/{reference}/orders/{key}",
        "/circulars/{circular}/document",
    }
)
"""Addresses that answer with a file or a word, or send on."""

RUN = "0f7c9f2e-0f3e-4a51-9d9c-2b6d9d6f1c11"
LINKED_ELSEWHERE = ("/audit/check", f"/runs/run?run={RUN}")
"""Pages that a button opens, or a link only while Prefect answers."""

ROUTES = [route for family in FAMILIES for route in family.routes() if "GET" in (route.methods or ())]


@pytest.fixture
def lived(bureau: Bureau) -> Bureau:
    """The bureau with items of all kinds, a request, a file, and reminders that were planned."""
    task, problem = bureau.new_item("2026H1-M01"), bureau.new_item("2026H1-P01")
    bureau.act(task, Move.ACKNOWLEDGE, "owner")
    bureau.act(task, Move.SUBMIT, "owner", evidence=(PROOF,), note="请看附件")
    bureau.act(problem, Move.REQUEST_EXTENSION, "owner", due_on=MONDAY.date().replace(month=11), note="等待")
    with writing(bureau.engine) as session:
        reminders.plan(session, bureau.office, MONDAY.date(), now=MONDAY, run_id=RUN)
    return bureau


@pytest.mark.parametrize(
    ("database_url", "locale", "width", "scheme"),
    [("sqlite", "zh-CN", 1440, "light"), ("postgresql", "en-US", 375, "dark")],
    indirect=["database_url"],
    ids=["wide", "phone"],
)
def test_no_page_bars_a_reader(lived: Bureau, window: Opening, locale: str, width: int, scheme: str) -> None:
    stranger = window(width=width, locale=locale, color_scheme=scheme)
    seen: set[str] = set()
    wrong: list[str] = []
    for path in ("/sign-in", "/forgotten", _invited(lived), *own_pages(lived)):
        stranger.open(path)
        seen.add(str(_kind(path)))
        wrong += _wrong(stranger, width)
    for who in PEOPLE:
        screen = window(who, width=width, locale=locale, color_scheme=scheme)
        for kind in _walk(screen, *(LINKED_ELSEWHERE if who == "coordinator" else ())):
            if kind not in seen:
                seen.add(kind)
                wrong += _wrong(screen, width)
    assert wrong == []
    assert seen == {route.path for route in ROUTES} - NO_PAGES, "pages that no link leads to, or none at all"


def _invited(bureau: Bureau) -> str:
    """Where an invitation leads."""
    with writing(bureau.engine) as session:
        person = person_by_email(session, "second@office.example")
        invitations.invite(session, bureau.office, person, now=MONDAY, door="test")
    (letter,) = bureau.messages(Message.letter == "invitation")
    return str(re.findall(r"https://rectify\.example(/password/\S+)", letter.text)[0])


def _wrong(screen: Screen, width: int) -> list[str]:
    at = screen.page.url.removeprefix(screen.origin)
    screen.page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
    overhang = screen.overhang()
    wide = [f"{at}: {overhang} px wider than {width}"] if overhang > 0 else []
    return wide + [f"{at}: {fault}" for fault in screen.violations()]


def _walk(screen: Screen, *more: str) -> Iterator[str]:
    """Follows every link from the first page on; yields the kind of the page that is open."""
    waiting, opened, known = deque(["/", *more]), dict.fromkeys((route.path for route in ROUTES), 0), {"/"}
    while waiting:
        path = waiting.popleft()
        kind = _kind(path)
        if kind is None or kind in NO_PAGES or opened[kind] == MOST:
            continue
        opened[kind] += 1
        screen.open(path)
        links = screen.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        fresh = [link for link in map(_local(screen), links) if link and link not in known]
        known.update(fresh)
        waiting.extend(fresh)
        yield kind


def _local(screen: Screen) -> Callable[[str], str]:
    def shorten(link: str) -> str:
        plain = urldefrag(link)[0]
        return plain.removeprefix(screen.origin) if plain.startswith(screen.origin) else ""

    return shorten


def _kind(path: str) -> str | None:
    scope = {"type": "http", "path": path.partition("?")[0], "method": "GET"}
    return next((route.path for route in ROUTES if route.matches(scope)[0] is Match.FULL), None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_bars_a_reader_would_be_found(window: Opening) -> None:
    screen = window(width=375)
    screen.open("/sign-in")
    screen.page.evaluate("document.querySelector('main').innerHTML = '<h1>图</h1><img src=/static/icon.svg>'")
    screen.page.evaluate("document.querySelector('main').style.width = '900px'")
    assert [fault.partition(":")[0] for fault in screen.violations()] == ["image-alt"]
    assert screen.overhang() > 0
