"""The coverage page: what is answered, what is not, what came again; numbers are those of the lists."""

import re
from html import unescape

import pytest
from browsers import Browser, Opening
from offices import REPORT, Bureau
from sqlalchemy import delete, select, update

from models.event import Event
from models.item import Item, Link
from models.organisation import Grant, Person, Unit
from models.session import reading, writing
from rules.lifecycle import Move, State
from services.coverage import View

P01, P02, M01, M02 = "2026H1-P01", "2026H1-P02", "2026H1-M01", "2026H1-M02"
AGAIN = REPORT.replace("2026年上半年", "2026年下半年").replace("2026年9月30日", "2027年3月31日")


def link(bureau: Bureau, *pairs: tuple[str, str]) -> None:
    """These links of measures and problems, and no other."""
    with writing(bureau.engine) as session:
        ids = dict(session.execute(select(Item.reference, Item.id)).tuples().all())
        session.execute(delete(Link))
        session.add_all(Link(measure_id=ids[measure], problem_id=ids[problem]) for measure, problem in pairs)


def numbers(browser: Browser) -> dict[str, int]:
    """View -> the number on its tile."""
    found = re.findall(r'<a href="/coverage\?([^"]*)"[^>]*><b>(\d+)</b>', browser.last.text)
    return {re.findall(r"show=(\w+)", unescape(query))[0]: int(many) for query, many in found}


def listed(browser: Browser) -> list[str]:
    return re.findall(r'<td class="wide reference">([^<]*)</td>', browser.last.text)


@pytest.fixture
def linked(bureau: Bureau) -> Bureau:
    bureau.take_in()
    link(bureau, (M01, P01))
    return bureau


def test_each_list_holds_what_its_number_says(signed_in: Opening, linked: Bureau) -> None:
    browser = signed_in("coordinator")
    browser.get("/coverage")
    assert numbers(browser) == dict.fromkeys(("answered", "unanswered", "prompted", "unprompted"), 1) | {
        "repeated": 0
    }
    assert "1 of 2 problems have a measure." in browser.last.text
    expected = {"answered": [P01], "unanswered": [P02], "prompted": [M01], "unprompted": [M02]}
    for view, references in expected.items():
        browser.get(f"/coverage?show={view}")
        assert listed(browser) == references
    assert f'<a href="/items/{P01}">' in browser.get("/coverage?show=prompted").text
    assert linked


def test_a_cancelled_measure_answers_nothing_and_a_cancelled_problem_asks_for_none(
    signed_in: Opening, linked: Bureau
) -> None:
    linked.act(M01, Move.CANCEL, "coordinator", note="合并")
    linked.act(P02, Move.CANCEL, "coordinator", note="不适用")
    browser = signed_in("coordinator")
    browser.get("/coverage")
    assert (numbers(browser)["answered"], numbers(browser)["prompted"]) == (0, 0)
    assert listed(browser) == [P01]


def test_a_problem_that_came_again_leads_to_the_earlier_one(signed_in: Opening, linked: Bureau) -> None:
    linked.take_in(AGAIN)
    browser = signed_in("coordinator")
    browser.get("/coverage?show=repeated")
    assert listed(browser) == ["2026H2-P01", "2026H2-P02"]
    assert numbers(browser)["repeated"] == 2
    assert f'<a href="/items/{P01}">{P01} 工地隐患整改偏慢</a>' in browser.last.text
    browser.get("/coverage?show=repeated&period=2026H1")
    assert (listed(browser), numbers(browser)["unanswered"]) == ([], 1)


def test_what_belongs_to_others_is_counted_beside_and_not_named(signed_in: Opening, linked: Bureau) -> None:
    with writing(linked.engine) as session:
        units = {unit.code: unit.id for unit in session.scalars(select(Unit))}
        for reference, code in ((P01, "SAFETY"), (M01, "HOUSING"), (P02, "HOUSING"), (M02, "HOUSING")):
            session.execute(update(Item).where(Item.reference == reference).values(lead_unit_id=units[code]))
    browser = signed_in("head")
    browser.get("/coverage?show=answered")
    assert (listed(browser), numbers(browser)) == (
        [P01],
        {"answered": 1, "unanswered": 0, "prompted": 0, "unprompted": 0, "repeated": 0},
    )
    assert "1 of a unit of others" in browser.last.text
    assert M01 not in browser.last.text


def pairs(bureau: Bureau) -> set[tuple[str, str]]:
    with reading(bureau.engine) as session:
        names = dict(session.execute(select(Item.id, Item.reference)).tuples().all())
        return {(names[row.measure_id], names[row.problem_id]) for row in session.scalars(select(Link))}


def test_a_coordinator_links_and_unlinks_in_the_list_and_stays_there(
    signed_in: Opening, linked: Bureau
) -> None:
    browser = signed_in("coordinator")
    browser.get("/coverage?show=unanswered&period=2026H1")
    assert f'<option value="{M02} ' in browser.last.text
    said = {"one": P02, "other": f"{M02} 建立台账", "show": "unanswered", "period": "2026H1", "page": "1"}
    done = browser.post("/coverage/link", said)
    assert (done.status_code, done.headers["location"]) == (
        303,
        "/coverage?period=2026H1&show=unanswered&page=1",
    )
    assert pairs(linked) == {(M01, P01), (M02, P02)}
    browser.get(done.headers["location"])
    assert (listed(browser), numbers(browser)["unanswered"]) == ([], 0)
    browser.get("/coverage?show=prompted")
    assert browser.last.text.count('action="/coverage/unlink"') == 2
    browser.post("/coverage/unlink", {"one": M02, "other": P02, "show": "prompted"})
    assert browser.last.headers["location"] == "/coverage?show=prompted"
    assert pairs(linked) == {(M01, P01)}
    with reading(linked.engine) as session:
        made = session.scalars(select(Event.move).where(Event.move.in_(("link", "unlink")))).all()
    assert made == ["link", "unlink"]


@pytest.mark.parametrize(
    ("one", "other", "sentence"),
    [
        (P01, M01, f"{M01} answers this problem already."),
        (P01, "", f"Name what {P01} is linked with."),
        (P02, "2026H1-M99", "There is no item 2026H1-M99."),
        (P02, P01, f"A measure answers a problem; {P02} and {P01} are of one kind."),
    ],
)
def test_a_link_that_cannot_be_leaves_the_list_and_what_was_typed(
    signed_in: Opening, linked: Bureau, one: str, other: str, sentence: str
) -> None:
    browser = signed_in("coordinator")
    view = "answered" if one == P01 else "unanswered"
    browser.get(f"/coverage?show={view}")
    answer = browser.post("/coverage/link", {"one": one, "other": other, "show": view})
    assert answer.status_code in {404, 422}
    assert re.findall(r'role="alert">([^<]*)<', answer.text) == [sentence]
    assert listed(browser) == [one]
    assert '<details class="linking" open>' in answer.text
    assert f'placeholder="Reference" value="{other}"' in answer.text
    assert pairs(linked) == {(M01, P01)}


@pytest.mark.parametrize("who", ["leader", "auditor", "head", "owner", "admin"])
def test_nobody_but_a_coordinator_is_offered_a_link_or_makes_one(
    signed_in: Opening, linked: Bureau, who: str
) -> None:
    browser = signed_in(who)
    for view in View:
        browser.get(f"/coverage?show={view}")
        assert "/coverage/link" not in browser.last.text
        assert "/coverage/unlink" not in browser.last.text
    browser.get("/")
    for move, said in (("link", {"one": P02, "other": M02}), ("unlink", {"one": P01, "other": M01})):
        assert browser.post(f"/coverage/{move}", said).status_code == 403
    assert pairs(linked) == {(M01, P01)}


def test_a_coordinator_of_one_unit_links_the_measures_of_that_unit_alone(
    signed_in: Opening, linked: Bureau
) -> None:
    with writing(linked.engine) as session:
        units = {unit.code: unit.id for unit in session.scalars(select(Unit))}
        for reference, code in ((P01, "SAFETY"), (M01, "SAFETY"), (P02, "SAFETY"), (M02, "HOUSING")):
            session.execute(update(Item).where(Item.reference == reference).values(lead_unit_id=units[code]))
        second = session.scalars(select(Person).where(Person.email == "second@office.example")).one()
        session.add(Grant(person_id=second.id, role="coordinator", unit_id=units["SAFETY"]))
    browser = signed_in("second")
    browser.get("/coverage?show=unanswered")
    assert (listed(browser), M02 in browser.last.text) == ([P02], False)
    said = {"one": P02, "other": M02, "show": "unanswered"}
    refused = browser.post("/coverage/link", said)
    assert (refused.status_code, re.findall(r'role="alert">([^<]*)<', refused.text)) == (
        404,
        [f"There is no item {M02}."],
    )
    assert browser.post("/coverage/link", said | {"other": M01}).status_code == 303
    assert pairs(linked) == {(M01, P01), (M01, P02)}


def test_a_closed_measure_is_not_offered(signed_in: Opening, linked: Bureau) -> None:
    with writing(linked.engine) as session:
        session.execute(update(Item).where(Item.reference == M01).values(state=State.CLOSED))
    browser = signed_in("coordinator")
    browser.get("/coverage?show=prompted")
    assert listed(browser) == [M01]
    assert "/coverage/link" not in browser.last.text
    assert "/coverage/unlink" not in browser.last.text
    browser.get("/coverage?show=answered")
    assert "/coverage/unlink" not in browser.last.text
    assert f'<option value="{M01} ' not in browser.last.text


@pytest.mark.parametrize(
    ("who", "status"), [("leader", 200), ("auditor", 200), ("head", 200), ("owner", 403), ("admin", 403)]
)
def test_overseers_alone_open_the_page(signed_in: Opening, linked: Bureau, who: str, status: int) -> None:
    browser = signed_in(who)
    assert linked
    assert browser.get("/coverage").status_code == status
    assert ('href="/coverage"' in browser.get("/").text) == (status == 200)


@pytest.mark.usefixtures("linked")
def test_a_view_that_there_is_not_is_refused(signed_in: Opening) -> None:
    browser = signed_in("coordinator")
    assert browser.get("/coverage?show=moon").status_code == 422
    assert [browser.get(f"/coverage?show={view}&page=99").status_code for view in View] == [200] * 5
