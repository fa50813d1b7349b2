"""My work and the ledger: counters, filters, order, pages, and the list as a file."""

import csv
import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO, StringIO

import pytest
from browsers import Browser, Opening
from offices import MONDAY, PROOF, Bureau
from openpyxl import load_workbook
from sqlalchemy import select, update

from models.item import Item
from models.organisation import Unit
from models.report import Report
from models.session import writing
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, Move, State
from rules.lights import Light, light
from services import findings, worklists
from services.findings import Filter, Order
from services.worklists import Work

TODAY = MONDAY.date()


def shown(browser: Browser) -> list[str]:
    return re.findall(r'class="wide reference">([^<]*)<', browser.last.text)


@pytest.fixture
def full(bureau: Bureau) -> Bureau:
    """Items in every state, due on both sides of every border, of two units."""
    with writing(bureau.engine) as session:
        units = {unit.code: unit.id for unit in session.scalars(select(Unit))}
        states, dues = list(State), [None, -30, -1, 0, 1, 9, 10, 11, 12, 40]
        session.add_all(
            Item(
                reference=f"2026H1-P{number:03}",
                kind=Kind.PROBLEM if number % 3 else Kind.MEASURE,
                title=f"事项{number}",
                body="100%完成_了" if number % 7 == 0 else "普通",
                stated_owners=[],
                flags=[],
                lead_unit_id=units["SAFETY" if number % 2 else "HOUSING"],
                time_limit=TimeLimit.FIXED,
                due_on=None if dues[number % 10] is None else TODAY + timedelta(days=dues[number % 10] or 0),
                state=states[number // 10],
                progress=number,
            )
            for number in range(70)
        )
    return bureau


def test_a_counter_equals_the_list_that_it_opens(signed_in: Opening, bureau: Bureau) -> None:
    for reference in ("2026H1-P01", "2026H1-P02", "2026H1-M01"):
        bureau.new_item(reference)
    bureau.act("2026H1-P02", Move.ACKNOWLEDGE, "owner")
    bureau.act("2026H1-M01", Move.ACKNOWLEDGE, "owner")
    bureau.act("2026H1-M01", Move.SUBMIT, "owner", evidence=(PROOF,))
    bureau.act("2026H1-P01", Move.REQUEST_EXTENSION, "owner", note="招标未完成", due_on=date(2026, 11, 30))
    expected = {
        "owner": {"acknowledge": 1, "report": 1},
        "coordinator": {"verify": 1, "decide": 1, "confirm": 1},
        "leader": {"verify": 1, "decide": 1},
        "head": {},
        "auditor": {},
        "stranger": {},
    }
    for who, counts in expected.items():
        browser = signed_in(who)
        tiles = re.findall(r'<a href="(/items\?work=(\w+))"><b>(\d+)</b>', browser.get("/").text)
        assert {work: int(number) for _, work, number in tiles} == counts, who
        for address, _, number in tiles:
            browser.get(unescape(address))
            assert len(shown(browser)) == int(number)


def test_what_waits_is_what_the_item_s_page_offers(signed_in: Opening, bureau: Bureau) -> None:
    bureau.new_item("2026H1-P01")
    bureau.act("2026H1-P01", Move.ACKNOWLEDGE, "owner")
    bureau.act("2026H1-P01", Move.SUBMIT, "owner", evidence=(PROOF,))
    move_for = {"verify": "approve", "decide": "grant-extension", "confirm": "confirm"}
    for who in ("owner", "head", "coordinator", "leader", "auditor"):
        browser = signed_in(who)
        for work, move in move_for.items():
            browser.get(f"/items?work={work}")
            waits = shown(browser) == ["2026H1-P01"]
            if browser.get("/items/2026H1-P01").status_code == 200:
                assert (move in browser.offered()) == waits, (who, work)


@pytest.mark.parametrize("wanted", list(Light))
def test_the_filter_by_light_finds_what_the_light_says(full: Bureau, wanted: Light) -> None:
    with full.visit("coordinator") as visit:
        found = {row.reference for row in findings.find(visit, Filter(light=wanted))}
        by_hand = {
            item.reference
            for item in visit.session.scalars(select(Item))
            if light(item.state, item.due_on, visit.today, visit.office.calendar) is wanted
        }
    assert found == by_hand
    assert found


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("is_falling", [False, True])
def test_every_page_of_every_order_shows_each_item_once(
    full: Bureau, order: Order, *, is_falling: bool
) -> None:
    with full.visit("coordinator") as visit:
        whole = findings.find(visit, Filter(), order, is_falling=is_falling)
        parts = [
            row
            for start in range(0, 70, 20)
            for row in findings.find(visit, Filter(), order, is_falling=is_falling, start=start, most=20)
        ]
    assert parts == whole
    assert len({row.reference for row in whole}) == 70
    if order is Order.DUE:
        dues = [row.due_on for row in whole]
        dated = [due for due in dues if due is not None]
        assert dues == sorted(dated, reverse=is_falling) + [None] * (len(dues) - len(dated))
    if order is Order.STATE:
        places = [list(State).index(row.state) for row in whole]
        assert places == sorted(places, reverse=is_falling)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 70),
        ("state=closed", 10),
        ("state=open", 40),
        ("kind=measure", 24),
        ("unit=SAFETY", 35),
        ("unit=BUREAU", 70),
        ("unit=NOWHERE", 0),
        ("text=事项6", 11),
        ("text=p00", 10),
        ("text=%25", 10),
        ("text=_", 10),
        ("text=100%25完成", 10),
        ("state=open&unit=SAFETY&kind=problem", 13),
        ("owner=999", 0),
        ("period=2026H1", 0),
        ("text=&state=&page=", 70),
    ],
)
@pytest.mark.usefixtures("full")
def test_filters_narrow_together(signed_in: Opening, query: str, number: int) -> None:
    answer = signed_in("coordinator").get(f"/items?{query}")
    found = re.search(r"(\d+) items?<", answer.text)
    assert found is not None
    assert int(found[1]) == number


@pytest.mark.parametrize(
    "query", ["state=bogus", "light=red", "owner=me", "sort=colour", "work=play", "page=x"]
)
def test_a_filter_that_there_is_not_is_refused_and_not_passed_over(signed_in: Opening, query: str) -> None:
    for path in ("/items", "/items.csv", "/items.xlsx"):
        assert signed_in("coordinator").get(f"{path}?{query}").status_code == 422


@pytest.mark.usefixtures("full")
def test_pages_lead_through_the_whole_list_and_keep_its_address(signed_in: Opening) -> None:
    browser = signed_in("coordinator")
    browser.get("/items?kind=problem&sort=-progress&text=事项")
    seen = shown(browser)
    while following := re.search(r'rel="next" href="([^"]*)"', browser.last.text):
        browser.get(unescape(following[1]))
        seen += shown(browser)
    numbers = [int(reference[-3:]) for reference in seen]
    assert numbers == [number for number in range(69, -1, -1) if number % 3]
    browser.get("/items?page=99999")
    assert len(shown(browser)) == 20


@pytest.mark.usefixtures("full")
def test_the_files_hold_exactly_the_list_that_is_shown(signed_in: Opening) -> None:
    browser = signed_in("coordinator")
    query = "state=open&sort=-reference"
    browser.get(f"/items?{query}")
    on_screen = shown(browser)
    answer = browser.get(f"/items.csv?{query}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == [
        *("Reference", "Kind", "Title", "Unit", "Owners", "Due", "Light", "State", "Progress"),
    ]
    assert [row[0] for row in rows[1:]] == on_screen
    sheet = load_workbook(BytesIO(browser.get(f"/items.xlsx?{query}").content)).active
    assert sheet is not None
    cells = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in cells[1:]] == on_screen
    assert len(on_screen) == 40


def test_no_cell_of_a_file_is_reckoned_by_whoever_opens_it(signed_in: Opening, full: Bureau) -> None:
    with writing(full.engine) as session:
        session.execute(update(Item).where(Item.reference == "2026H1-P000").values(title='=HYPERLINK("x")'))
    browser = signed_in("coordinator")
    rows = list(csv.reader(StringIO(browser.get("/items.csv?text=HYPER").content.decode("utf-8-sig"))))
    assert rows[1][2] == '\'=HYPERLINK("x")'
    sheet = load_workbook(BytesIO(browser.get("/items.xlsx?text=HYPER").content)).active
    assert sheet is not None
    assert (sheet["C2"].value, sheet["C2"].data_type) == ('=HYPERLINK("x")', "s")


def test_periods_and_reports_are_offered_as_they_stand_on_items(signed_in: Opening, bureau: Bureau) -> None:
    bureau.new_item()
    (report,) = bureau.rows(Report)
    browser = signed_in("coordinator")
    words = browser.get("/items").text
    assert f'<option value="{report.id}">{report.title}</option>' in words
    assert len(shown(browser)) == 4
    browser.get(f"/items?report={report.id}&period={report.period}")
    assert len(shown(browser)) == 4


def test_every_kind_of_work_is_counted_in_one_statement(bureau: Bureau) -> None:
    with bureau.visit("coordinator") as visit:
        assert worklists.counts(visit) == dict.fromkeys(Work, 0)
