"""Every address with every role, against objects of the own, a sister, a parent and a foreign unit."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from browsers import ORIGIN, Browser, Clock, give_password
from fastapi import FastAPI
from fastapi.routing import APIRoute
from offices import MONDAY, Bureau
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from documents.circular_docx import Entry
from models.item import Assignment, Evidence, Item, Link
from models.message import Message, MessageState, Wording
from models.order import Circular
from models.organisation import Grant, Person, Unit
from models.report import Report
from models.session import writing
from notifications.mail_links import calendar_path, password_link
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, State
from rules.mail_links import Purpose
from rules.permissions import (
    BY_LINK,
    FOR_ANYBODY,
    FOR_LINK_HOLDERS,
    FOR_THE_SIGNED_IN,
    GRANTED,
    OFFICE_WIDE,
    TABLE,
    Role,
    may,
)
from rules.scopes import Scope
from services import history, tokens
from web.api.app import ROUTERS
from web.pages import Page

PLACES = {"own": "SAFETY", "sister": "HOUSING", "parent": "BUREAU", "foreign": "ELSEWHERE"}
PEOPLE = {role: f"{role.value}.walker" for role in Role}
GIVEN = {"locale": "en", "chart": "trend"}
"""Values for the places in addresses that name no object."""


ORDER = "2026-1"


@dataclass(frozen=True)
class Scenery:
    """One object of each kind at each place."""

    references: dict[str, str]
    evidence: dict[str, int]
    reports: dict[str, int]
    letters: dict[str, int]
    links: dict[tuple[Role, Purpose], str]
    """Tokens of the links of each role's walker."""
    people: dict[str, int]
    grants: dict[str, int]
    circulars: dict[str, str]

    def filled(self, path: str, place: str, role: Role | None = None) -> str:
        """The address with the object of this place; a place that nobody filled fails the test.

        A link in it is that of the walker in `role`, or none of ours.
        """
        purposes = {"calendar": Purpose.CALENDAR, "password": Purpose.PASSWORD}
        purpose = purposes.get(path.split("/")[1], Purpose.ITEMS)
        values = GIVEN | {
            "reference": self.references[place],
            "number": str(self.evidence[place]),
            "report": str(self.reports[place]),
            "unit": PLACES[place],
            "letter": str(self.letters[place]),
            "token": self.links[role, purpose] if role else "A" * 36,
            "person": str(self.people[place]),
            "grant": str(self.grants[place]),
            "key": ORDER,
            "circular": self.circulars[place],
        }
        return re.sub(r"{(\w+)(?::\w+)?}", lambda found: values[found[1]], path)


def canary(place: str) -> str:
    return f"canary-of-{place}"


@pytest.fixture
def scenery(bureau: Bureau, clock: Clock) -> Scenery:
    clock.pass_by(minutes=1)  # figures count what happened before the moment of looking
    with writing(bureau.engine) as session:
        session.add(Unit(code="ELSEWHERE", name="Elsewhere", aliases=[], kind="committee"))
        session.flush()
        units = {unit.code: unit.id for unit in session.scalars(select(Unit))}
        report = Report(
            title="A report",
            unit_id=units["BUREAU"],
            period="2026H1",
            text=" ".join(map(canary, PLACES)),
            sha256="0" * 64,
            media_type="text/plain",
            file_name="report.txt",
            flags=[],
            received_at=MONDAY,
        )
        own = {place: _report(place, units[code]) for place, code in PLACES.items()}
        session.add_all([report, *own.values()])
        session.flush()
        items = {place: _item(place, units[code], report) for place, code in PLACES.items()}
        session.add_all(items.values())
        session.flush()
        for item in items.values():
            about = f"item:{item.reference}"
            history.record(session, history.Entry(MONDAY, None, "test", about, "assign", item=item))
            history.record(session, _ordered(item))
        circulars = {
            place: _circular(session, place, number, items[place]) for number, place in enumerate(PLACES, 1)
        }
        files = {place: _file(place, item) for place, item in items.items()}
        session.add_all(files.values())
        for place in ("sister", "parent", "foreign"):
            session.add(Link(measure_id=items["own"].id, problem_id=items[place].id))
        links: dict[tuple[Role, Purpose], str] = {}
        for role, who in PEOPLE.items():
            person = Person(name=who, email=f"{who}@office.example", unit_id=units["SAFETY"])
            session.add(person)
            session.flush()
            if role in GRANTED:
                session.add(Grant(person_id=person.id, role=role, unit_id=units["SAFETY"]))
            else:
                session.add(Assignment(item_id=items["own"].id, person_id=person.id, role=role))
            links |= {(role, purpose): _token(bureau, person, purpose) for purpose in Purpose}
        session.flush()
        letters = {place: _letter(session, place, units[code]) for place, code in PLACES.items()}
        session.add_all(letters.values())
        held = {
            place: Grant(person_id=letter.person_id, role=Role.AUDITOR, unit_id=units[PLACES[place]])
            for place, letter in letters.items()
        }
        session.add_all(held.values())
        session.flush()
        made = Scenery(
            {place: item.reference for place, item in items.items()},
            {place: file.id for place, file in files.items()},
            {place: report.id for place, report in own.items()},
            {place: letter.id for place, letter in letters.items()},
            links,
            {place: letter.person_id for place, letter in letters.items()},
            {place: grant.id for place, grant in held.items()},
            circulars,
        )
    for place in PLACES:
        content = canary(place).encode()
        path = bureau.office.folder / "evidence" / _digest(place)[:2] / _digest(place)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return made


def _ordered(item: Item) -> history.Entry:
    """A supervision order about the item, as its event keeps it."""
    told = {
        **dict.fromkeys(("by", "office", "led_by", "title", "words"), item.title),
        "order": ORDER,
        "answer_on": None,
        "late_working_days": 0,
        "heads": [],
        "ordered": [],
        "to": [],
    }
    about = f"item:{item.reference}"
    return history.Entry(MONDAY, None, "test", about, "order", payload=told, item=item)


def _circular(session: Session, place: str, number: int, item: Item) -> str:
    """A circular about the item of the place, with its event."""
    made = Circular(
        year=2026,
        number=number,
        issued_on=MONDAY.date(),
        unit_id=item.lead_unit_id,
        title=canary(place),
    )
    entry = Entry(item.reference, canary(place), canary(place), item.state, None, 0)
    told = {"circular": made.key, "entries": [asdict(entry)]}
    told |= dict.fromkeys(("by", "office", "title"), canary(place))
    about = f"circular:{made.key}"
    history.record(session, history.Entry(MONDAY, None, "test", about, "issue-circular", canary(place), told))
    made.event_id, *_ = history.head(session)
    session.add(made)
    return made.key


def _token(bureau: Bureau, person: Person, purpose: Purpose) -> str:
    if purpose is Purpose.CALENDAR:
        return calendar_path(bureau.office.postbox.secret, person)[len("/calendar/") : -len(".ics")]
    if purpose is Purpose.PASSWORD:
        secret, base_url = bureau.office.postbox.secret, bureau.office.postbox.office.base_url
        return password_link(secret, base_url, person, "", MONDAY.date()).url.rpartition("/")[2]
    link = bureau.office.postbox.link(person, MONDAY.date())
    assert link is not None
    return link.url.rpartition("/")[2]


def _report(place: str, unit: int) -> Report:
    return Report(
        title=canary(place),
        unit_id=unit,
        period="2026H1",
        text=canary(place),
        sha256=place.ljust(64, "1"),
        media_type="text/plain",
        file_name=f"{canary(place)}.txt",
        flags=[],
        received_at=MONDAY,
    )


def _item(place: str, unit: int, report: Report) -> Item:
    start = report.text.index(canary(place))
    return Item(
        reference=f"2026H1-{place.upper()}",
        kind=Kind.MEASURE if place == "own" else Kind.PROBLEM,
        title=canary(place),
        body=canary(place),
        report_id=report.id,
        quote_start=start,
        quote_end=start + len(canary(place)),
        stated_owners=[],
        flags=[],
        lead_unit_id=unit,
        time_limit=TimeLimit.NONE,
        state=State.ASSIGNED,
        due_on=MONDAY.date(),
        opened_on=MONDAY.date(),
    )


def _letter(session: Session, place: str, unit: int) -> Message:
    """A letter about the item of the place, to somebody of the place's unit."""
    reader = Person(name=f"Reader of {place}", email=f"reader.{place}@office.example", unit_id=unit)
    session.add(reader)
    session.flush()
    letter = Message(
        key=f"assignment:{place}",
        person_id=reader.id,
        address=reader.email,
        letter="assignment",
        locale="en",
        day=MONDAY.date(),
        subject=canary(place),
        sha256="0" * 64,
        message_id=f"<{place}@office.example>",
        state=MessageState.DEAD,
        attempts=1,
        planned_at=MONDAY,
    )
    session.add(letter)
    session.flush()
    said = canary(place)
    text, html = f"[2026H1-{place.upper()}] {said}", f"<p>{said}</p>"
    session.add(Wording(message_id=letter.id, text=text, html=html, calendar=""))
    return letter


def _digest(place: str) -> str:
    return place.ljust(64, "0")


def _file(place: str, item: Item) -> Evidence:
    return Evidence(
        item_id=item.id,
        sha256=_digest(place),
        file_name=f"{canary(place)}.txt",
        media_type="text/plain",
        size=20,
        added_by_id=1,
        added_at=MONDAY,
    )


def pages(app: FastAPI) -> Iterator[Page]:
    for route in app.routes:
        if isinstance(route, Mount) and route.path in {"/static", "/api/v1"}:
            continue  # what is served to anybody; and programs, who have a walk of their own
        assert isinstance(route, Route), route
        assert isinstance(route.endpoint, Page), route.path
        yield route.endpoint


def words_of(response: object) -> str:
    """What a reader of the answer could find in it, unpacked where it is packed."""
    content: bytes = response.content  # type: ignore[attr-defined]
    if content[:2] == b"PK":
        with ZipFile(BytesIO(content)) as packed:
            return " ".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    return content.decode("utf-8", "replace")


def roles_at(role: Role, place: str) -> set[Role]:
    return {role} if place == "own" else set()


def test_every_address_bears_an_action_that_the_table_names(app: FastAPI) -> None:
    named = FOR_ANYBODY | FOR_LINK_HOLDERS | FOR_THE_SIGNED_IN | set(TABLE)
    assert [(page.method, page.path) for page in pages(app) if page.action not in named] == []
    assert len(list(pages(app))) > 20


def test_who_is_not_signed_in_gets_nothing_but_the_door(app: FastAPI, scenery: Scenery) -> None:
    browser = Browser(app)
    for page in pages(app):
        path = scenery.filled(page.path, "own")
        browser.get("/sign-in")
        answer = browser.get(path) if page.method == "GET" else browser.post(path)
        if page.action not in FOR_ANYBODY | FOR_LINK_HOLDERS:
            assert answer.status_code == (303 if page.method == "GET" else 401), path
            if page.method == "GET":
                assert answer.headers["location"].startswith("/sign-in?next="), path
        assert "canary" not in words_of(answer), path


@pytest.mark.parametrize("role", list(Role))
def test_every_address_opens_to_the_roles_of_the_table_alone(
    app: FastAPI, scenery: Scenery, bureau: Bureau, role: Role
) -> None:
    give_password(bureau.engine, PEOPLE[role])
    browser = Browser(app)
    browser.sign_in(PEOPLE[role])
    browser.get("/")
    for page in pages(app):
        for place in PLACES if "{" in page.path else ("own",):
            _walk(browser, page, scenery, role, place)
        if page.action == "sign-out":
            browser.sign_in(PEOPLE[role])
            browser.get("/")


def _walk(browser: Browser, page: Page, scenery: Scenery, role: Role, place: str) -> None:
    path = scenery.filled(page.path, place, role)
    screen = browser.last
    answer = browser.get(path) if page.method == "GET" else browser.post(path, {"version": "1"})
    browser.last = screen
    words, about = words_of(answer), (role, page.method, path, answer.status_code)
    if page.action in TABLE:
        is_object = "{" in page.path
        allowed = may(page.action, roles_at(role, place) if is_object else {role})
        # Each walker's role stands on one unit, and never at the top.
        allowed = allowed and page.action not in OFFICE_WIDE
        assert (answer.status_code not in {403, 404}) == allowed, about
    elif page.action == "list-items":
        shown = {there for there in PLACES if canary(there) in words}
        assert shown == {there for there in PLACES if may("view-item", roles_at(role, there))}, about
    assert answer.status_code < 500, about
    for there in PLACES:
        if not may("view-item", roles_at(role, there)):
            assert canary(there) not in words, (*about, there)


@pytest.mark.parametrize("role", list(Role))
def test_a_link_opens_to_its_bearer_what_links_are_for_and_nothing_else(
    app: FastAPI, scenery: Scenery, bureau: Bureau, role: Role
) -> None:
    """The links of each walker in the browser of somebody who is not signed in."""
    browser, opened, signer = Browser(app), set(), app.state.desk.signer

    def mark(path: str) -> str:
        return str(signer.mark("form", path.split("/")[2]))

    for page in pages(app):
        if page.action not in FOR_LINK_HOLDERS:
            continue
        for place in PLACES if "{reference}" in page.path else ("own",):
            path = scenery.filled(page.path, place, role)
            browser.get(path.rpartition("/")[0] if page.method == "POST" else path)
            said = {"version": browser.hidden("version") or "1", "csrf": mark(path)}
            answer = browser.last if page.method == "GET" else browser.post(path, said)
            words, about = words_of(answer), (page.method, page.path, place, answer.status_code)
            assert answer.status_code < 500, about
            assert {there for there in PLACES if canary(there) in words} <= {"own"}, about
            if canary("own") in words or answer.status_code == 303 or "new-password" in words:
                opened.add((page.method, page.path))
    own_password = {("GET", "/password/{token}"), ("POST", "/password/{token}")}
    everything = own_password | {
        ("GET", "/mail/{token}"),
        ("GET", "/mail/{token}/{reference}"),
        ("POST", "/mail/{token}/{reference}/acknowledge"),
        ("POST", "/mail/{token}/{reference}/report"),
        ("GET", "/calendar/{token}.ics"),
    }
    assert opened == (everything if role in BY_LINK["view-item"] else own_password)
    state = bureau.item(scenery.references["own"]).state
    assert state == (State.IN_PROGRESS if role in BY_LINK["acknowledge"] else State.ASSIGNED)


@pytest.mark.parametrize("role", sorted(GRANTED))
def test_a_role_on_a_unit_reaches_what_is_below_it_and_nothing_beside_it(
    app: FastAPI, scenery: Scenery, bureau: Bureau, role: Role
) -> None:
    with writing(bureau.engine) as session:
        above = session.scalars(select(Unit).where(Unit.code == "BUREAU")).one()
        walker = session.scalars(select(Person).where(Person.email.startswith(PEOPLE[role]))).one()
        grant = session.scalars(select(Grant).where(Grant.person_id == walker.id)).one()
        grant.unit_id = above.id
    give_password(bureau.engine, PEOPLE[role])
    browser = Browser(app)
    browser.sign_in(PEOPLE[role])
    below = {"own", "sister", "parent"} if may("view-item", {role}) else set()
    listed = browser.get("/items").text
    assert {place for place in PLACES if canary(place) in listed} == below
    opened = {
        place for place in PLACES if browser.get(f"/items/{scenery.references[place]}").status_code == 200
    }
    assert opened == below


def test_what_one_may_not_see_is_refused_in_the_words_for_what_there_is_not(
    app: FastAPI, scenery: Scenery, bureau: Bureau
) -> None:
    give_password(bureau.engine, PEOPLE[Role.HEAD])
    browser = Browser(app)
    browser.sign_in(PEOPLE[Role.HEAD])
    hidden = browser.get(f"/items/{scenery.references['foreign']}")
    missing = browser.get("/items/2026H1-NOWHERE")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    plain = re.sub("NOWHERE", "FOREIGN", missing.text)
    assert re.sub(r'value="[^"]*"', "", hidden.text) == re.sub(r'value="[^"]*"', "", plain)


def test_search_counts_and_choices_know_nothing_of_what_one_may_not_see(
    app: FastAPI, scenery: Scenery, bureau: Bureau
) -> None:
    give_password(bureau.engine, PEOPLE[Role.HEAD])
    browser = Browser(app)
    browser.get("/language/en")
    browser.sign_in(PEOPLE[Role.HEAD])
    assert scenery.references["foreign"]
    assert "1 item<" in browser.get("/items?text=canary").text
    assert "0 items<" in browser.get("/items?text=canary-of-foreign").text
    assert "0 items<" in browser.get("/items?unit=ELSEWHERE").text
    assert "Elsewhere" not in browser.get("/items").text


ADDRESSES = [
    (method, route.path)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in route.methods
]
OF_ITEMS = frozenset({"/items/{reference}", "/items/{reference}/moves"})
OF_REPORTS = {"/reports/{number}": "view-report", "/reports/{number}/confirm": "confirm"}


@pytest.mark.parametrize("role", list(Role))
def test_programs_reach_no_further_than_the_people_they_act_for(
    app: FastAPI, scenery: Scenery, bureau: Bureau, role: Role
) -> None:
    """Every address of the interface, with a token of each role and an object at each place."""
    with writing(bureau.engine) as session:
        person = session.scalars(select(Person).where(Person.email.startswith(PEOPLE[role]))).one()
        ends = MONDAY + timedelta(days=30)
        token = tokens.make(session, person, "walk", tuple(Scope), ends_at=ends, now=MONDAY, door="test")
    client = TestClient(app, base_url=ORIGIN, headers={"Authorization": f"Bearer {token}"})
    for method, path in ADDRESSES:
        for place in PLACES:
            _ask(client, method, path, scenery, role, place)


def _ask(client: TestClient, method: str, path: str, scenery: Scenery, role: Role, place: str) -> None:
    reference, report = scenery.references[place], scenery.reports[place]
    filled = path.format(reference=reference, number=report, period="2026H2")
    bodies = {"moves": {"move": "reopen"}, "confirm": {"references": [reference]}}
    answer = client.request(
        method,
        f"/api/v1{filled}",
        params={"unit": "BUREAU", "name": "a.txt"} if (method, path) == ("POST", "/reports") else {},
        json=bodies.get(path.rpartition("/")[2]),
        headers={"Idempotency-Key": f"{path}-{place}"} if method == "POST" else {},
    )
    about = (role, method, filled, answer.status_code)
    assert answer.status_code < 500, about
    roles = roles_at(role, place)
    if path in OF_ITEMS:
        assert (answer.status_code != 404) == may("view-item", roles), about
    if path in OF_REPORTS and place != "own" and not may(OF_REPORTS[path], roles):
        assert answer.status_code in {403, 404}, about
    for there in PLACES:
        if not may("view-item", roles_at(role, there)):
            assert canary(there) not in answer.text, (*about, there)
