"""The coverage page: what is answered, what is not, what came again; numbers are those of the lists."""

import re
from html import unescape

import pytest
from browsers import Browser, Opening
from offices import REPORT, Bureau
from sqlalchemy import delete, select, update

from models.item import Item, Link
from models.organisation import Unit
from models.session import writing
from rules.lifecycle import Move
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
