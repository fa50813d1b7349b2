"""The roll-up's pages: figures, what stands beside them, and the items behind every number."""

import re
from dataclasses import fields
from datetime import date, datetime, timedelta
from functools import partial
from html import unescape

import pytest
from browsers import Browser, Clock, Opening
from fastapi import FastAPI
from offices import PROOF, ZONE, Bureau
from sqlalchemy import event, select, update

from models.organisation import Person, Unit
from models.session import reading, writing
from rules.counting import Figure, amount
from rules.lifecycle import Move
from rules.rollup import Figures, Standing
from services import rollups
from texts.labels import FIGURES, STANDING
from web.rollups import make_ready

P01, P02, M01, M02 = "2026H1-P01", "2026H1-P02", "2026H1-M01", "2026H1-M02"
NEW_YEAR = datetime(2027, 1, 4, 10, tzinfo=ZONE)


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 10, tzinfo=ZONE)


@pytest.fixture
def half_year(bureau: Bureau, clock: Clock) -> Bureau:
    """One item closed in time, one late, one cancelled, one that another unit has and that is overdue."""
    for reference in (P01, P02, M01):
        bureau.new_item(reference, due_on=date(2026, 9, 30))
    bureau.new_item(M02, owner="stranger", due_on=date(2026, 9, 30))
    for reference, closed_at in ((P01, at(9, 30)), (P02, at(10, 9))):
        bureau.act(reference, Move.ACKNOWLEDGE, "owner", at(7, 7))
        bureau.act(reference, Move.SUBMIT, "owner", closed_at, evidence=(PROOF,))
        bureau.act(reference, Move.APPROVE, "coordinator", closed_at)
    bureau.act(M01, Move.CANCEL, "coordinator", at(10, 10), note="合并")
    clock.at = NEW_YEAR
    return bureau


def seal(bureau: Bureau, key: str = "2026H2") -> str:
    with writing(bureau.engine) as session:
        return rollups.seal(session, bureau.office, key, by=None, now=NEW_YEAR).sha256


def row_of(browser: Browser, unit: str) -> list[str]:
    """The cells of a unit's row, as a reader sees them."""
    rows = re.findall(r"<tr>(.*?)</tr>", browser.last.text, re.DOTALL)
    (row,) = [row for row in rows if f">{unit}</a>" in row]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<meter.*?</meter>|<[^>]+>", " ", cell)).split()) for cell in cells]


def moved(browser: Browser) -> dict[str, list[int]]:
    """Unit -> its row of the table that says how open items became more and fewer."""
    (found,) = re.findall(r'<table class="list moved">.*?<tbody>(.*?)</tbody>', browser.last.text, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", found, re.DOTALL)
    names = [re.findall(r'<th scope="row"[^>]*>([^<\n]*)', row)[0] for row in rows]
    return {
        name: [int(cell) for cell in re.findall(r'<td class="figure[^"]*">(\d+)</td>', row)]
        for name, row in zip(names, rows, strict=True)
    }


def links(browser: Browser) -> dict[str, int]:
    """Address -> the number that it bears on the page."""
    found = re.findall(r'<a[^>]*href="(/rollup/[^"]+/items[^"]*)"[^>]*>(?:<b>)?(\d+)', browser.last.text)
    return {unescape(address): int(shown) for address, shown in found}


def listed(browser: Browser) -> list[str]:
    return re.findall(r'<td class="wide reference">([^<]*)</td>', browser.last.text)


@pytest.mark.usefixtures("half_year")
def test_each_unit_shows_its_figures_and_those_of_all_below_it(signed_in: Opening) -> None:
    browser = signed_in("coordinator")
    browser.get("/rollup?period=2026H2")
    assert row_of(browser, "云州市住建局") == [
        *("4", "4", "2", "1", "0", "1", "0"),
        *("66.67% 2 / 3", "33.33% 1 / 3", "— 0/0", "— 0/0"),
    ]
    assert row_of(browser, "住房保障科")[:9] == [
        *("1", "1", "0", "1", "0", "0", "0", "0.00% 0/ 1", "0.00% 0/ 1")
    ]


def test_open_items_at_the_start_with_what_came_less_what_went_are_those_at_the_end(
    signed_in: Opening, half_year: Bureau
) -> None:
    half_year.act(P01, Move.REOPEN, "leader", at(11, 2), note="回头看", due_on=date(2026, 12, 20))
    half_year.act(P01, Move.REASSIGN, "coordinator", at(11, 3), to="stranger", note="职能划转")
    browser = signed_in("coordinator")
    browser.get("/rollup?period=2026H2")
    rows = moved(browser)
    assert rows == {
        "云州市住建局": [0, 4, 1, 2, 1, 1, 1, 2],
        "质量安全科": [0, 3, 1, 2, 1, 0, 1, 0],
        "住房保障科": [0, 1, 0, 0, 0, 1, 0, 2],
    }
    assert [row[-1] for row in rows.values()] == [
        start + opened + reopened - closed - cancelled + came - went
        for start, opened, reopened, closed, cancelled, came, went, _ in rows.values()
    ]
    seal(half_year)
    browser.get("/rollup?period=2027H1&unit=HOUSING")
    assert moved(browser) == {"住房保障科": [2, 0, 0, 0, 0, 0, 0, 2]}
    head = signed_in("head")
    head.get("/rollup?period=2026H2")
    assert moved(head) == {"质量安全科": [0, 3, 1, 2, 1, 0, 1, 0]}


@pytest.mark.usefixtures("half_year")
def test_every_number_opens_exactly_the_items_that_it_counts(signed_in: Opening) -> None:
    browser = signed_in("coordinator")
    browser.get("/rollup?period=2026H2")
    numbers = links(browser)
    assert len(numbers) > 20
    for address, shown in numbers.items():
        assert browser.get(address).status_code == 200
        assert len(listed(browser)) == shown, address
    browser.get("/rollup/BUREAU/items?period=2026H2&figure=completion-of")
    assert listed(browser) == [M02, P01, P02]
    browser.get("/rollup/BUREAU/items?period=2026H2&figure=closed_on_time")
    assert listed(browser) == [P01]


def test_a_sum_names_the_sum_and_its_items(signed_in: Opening, bureau: Bureau, clock: Clock) -> None:
    bureau.new_item(P01)
    for due in (date(2026, 10, 9), date(2026, 10, 16)):
        bureau.act(P01, Move.REQUEST_EXTENSION, "owner", due_on=due, note="等待材料")
        bureau.act(P01, Move.GRANT_EXTENSION, "coordinator")
    clock.pass_by(hours=1)
    browser = signed_in("coordinator")
    browser.get("/rollup/SAFETY/items?figure=extensions")
    assert "<b>2 in all · 1 item</b>" in browser.last.text
    assert listed(browser) == [P01]


def test_a_period_that_runs_is_counted_as_of_now_and_says_so(
    signed_in: Opening, bureau: Bureau, clock: Clock
) -> None:
    bureau.new_item(P01)
    clock.pass_by(hours=1)
    browser = signed_in("coordinator")
    browser.get("/rollup")
    assert "As of now</span> Counted up to 2026-07-06 10:00; the period runs until 2026-12-31." in (
        browser.last.text
    )
    assert row_of(browser, "质量安全科")[0] == "1"


def test_a_sealed_period_shows_its_seal_and_the_next_one_shows_it_beside(
    signed_in: Opening, half_year: Bureau
) -> None:
    digest = seal(half_year)
    browser = signed_in("coordinator")
    browser.get("/rollup?period=2026H2")
    assert f"SHA-256 {digest}" in browser.last.text
    assert "differs from its seal" not in browser.last.text
    browser.get("/rollup?period=2027H1")
    assert row_of(browser, "云州市住建局")[-2] == "66.67% 2 / 3"
    assert '2026H2<span class="of">sealed, version 1' in browser.last.text


def test_what_the_history_gives_otherwise_stands_beside_the_seal_with_the_items_that_differ(
    signed_in: Opening, half_year: Bureau
) -> None:
    seal(half_year)
    with writing(half_year.engine) as session:
        session.execute(update(Person).where(Person.name == "保障科员").values(name="新名"))
        session.execute(update(Unit).where(Unit.code == "HOUSING").values(name="住房处"))
    browser = signed_in("coordinator")
    words = browser.get("/rollup?period=2026H2").text
    assert "Counted now, this period differs from its seal" in words
    assert "1 item differs" in words
    assert "<span>Owners</span> 保障科员 → 新名" in words
    assert "<span>Name</span> 住房保障科 → 住房处" in words
    assert row_of(browser, "住房保障科")[0] == "1"
    browser.get("/rollup/HOUSING/items?period=2026H2&figure=overdue")
    assert ">保障科员<" in browser.last.text
    browser.get("/rollup/HOUSING/items?period=2026H2&figure=overdue&basis=now")
    assert ">新名<" in browser.last.text


def test_a_late_entry_counts_on_its_day_beside_the_seal_and_says_why(
    signed_in: Opening, half_year: Bureau, clock: Clock
) -> None:
    half_year.act(M02, Move.ACKNOWLEDGE, "stranger", at(7, 7))
    half_year.act(M02, Move.SUBMIT, "stranger", at(9, 28), evidence=(PROOF,))
    seal(half_year)
    clock.pass_by(days=1)
    half_year.act(M02, Move.APPROVE, "coordinator", clock.at, happened_on=date(2026, 9, 28))
    clock.pass_by(hours=1)
    browser = signed_in("coordinator")
    words = browser.get("/rollup?period=2026H2").text
    assert row_of(browser, "住房保障科")[2:4] == ["0", "1"]
    assert "<span>State</span> Submitted for approval → Closed" in words
    assert "entered late; Approve on 28 September 2026, entered on 5 January 2027" in words
    browser.get("/rollup/HOUSING/items?period=2026H2&figure=closed")
    assert listed(browser) == []
    browser.get("/rollup/HOUSING/items?period=2026H2&figure=closed&basis=now")
    assert listed(browser) == [M02]


def test_whatever_may_differ_from_a_seal_has_a_word() -> None:
    names = {field.name for field in fields(Standing)} | {field.name for field in fields(Figures)}
    assert names - set(STANDING) - set(FIGURES) == {"reference"}


def test_a_clock_that_runs_behind_the_seal_raises_no_alarm(
    signed_in: Opening, half_year: Bureau, clock: Clock
) -> None:
    seal(half_year)
    clock.at = NEW_YEAR - timedelta(days=40)
    words = signed_in("coordinator").get("/rollup?period=2026H2").text
    assert ("sealed" in words, "differs from its seal" in words) == (True, False)


def test_of_many_items_that_differ_the_first_are_told(
    signed_in: Opening, half_year: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal(half_year)
    with writing(half_year.engine) as session:
        session.execute(update(Person).where(Person.name == "安全科员").values(name="新名"))
    monkeypatch.setattr("web.rollups.MOST_DIFFERENT", 2)
    words = signed_in("coordinator").get("/rollup?period=2026H2").text
    assert ("3 items differ" in words, "The first 2 of them:" in words) == (True, True)
    assert words.count("安全科员 → 新名") == 2


def test_who_heads_another_unit_reads_nothing_of_what_differs(signed_in: Opening, half_year: Bureau) -> None:
    seal(half_year)
    with writing(half_year.engine) as session:
        session.execute(update(Person).where(Person.name == "保障科员").values(name="新名"))
    words = signed_in("head").get("/rollup?period=2026H2").text
    assert [word for word in ("differs", "新名", "保障科") if word in words] == []
    assert "differs from its seal" in signed_in("other.head").get("/rollup?period=2026H2").text


@pytest.mark.usefixtures("half_year")
def test_a_head_sees_the_own_unit_and_nothing_beside_or_above_it(signed_in: Opening) -> None:
    browser = signed_in("head")
    words = browser.get("/rollup?period=2026H2").text
    assert row_of(browser, "质量安全科")[0] == "3"
    assert [name for name in ("住房保障科", "云州市住建局</a>") if name in words] == []
    for unit in ("HOUSING", "BUREAU", "NOWHERE"):
        assert browser.get(f"/rollup?period=2026H2&unit={unit}").status_code == 404
        answer = browser.get(f"/rollup/{unit}/items?period=2026H2")
        assert (answer.status_code, f"There is no unit {unit}." in answer.text) == (404, True)


def test_an_item_that_went_to_others_still_counts_and_is_not_shown(
    signed_in: Opening, half_year: Bureau
) -> None:
    half_year.act(P01, Move.REOPEN, "leader", NEW_YEAR, note="回头看", due_on=date(2027, 3, 1))
    half_year.act(P01, Move.REASSIGN, "coordinator", NEW_YEAR, to="stranger", note="职能划转")
    browser = signed_in("head")
    browser.get("/rollup/SAFETY/items?period=2026H2&figure=closed")
    assert ("<b>2 items</b>" in browser.last.text, listed(browser)) == (True, [P02])
    assert "1 more item counts here; it belongs to a unit of others by now" in browser.last.text


def test_the_pages_count_what_the_service_counts(signed_in: Opening, half_year: Bureau) -> None:
    with reading(half_year.engine) as session:
        computed = rollups.compute(session, half_year.office, "2026H2", as_of=NEW_YEAR).rollup
    browser = signed_in("leader")
    for row in computed.units:
        for figure in Figure:
            browser.get(f"/rollup/{row.unit.code}/items?period=2026H2&figure={figure}")
            assert len(listed(browser)) == amount(row.total, figure)


@pytest.mark.usefixtures("half_year")
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/rollup?period=2026H3", 422),
        ("/rollup/BUREAU/items?figure=moon", 422),
        ("/rollup/BUREAU/items?basis=moon", 422),
        ("/rollup/BUREAU/items?page=999", 200),
        ("/rollup?period=1999", 200),
    ],
)
def test_an_address_that_means_nothing_is_refused(signed_in: Opening, address: str, status: int) -> None:
    assert signed_in("coordinator").get(address).status_code == status


def test_a_unit_that_came_after_the_seal_is_not_in_it(signed_in: Opening, half_year: Bureau) -> None:
    seal(half_year)
    with writing(half_year.engine) as session:
        above = session.scalars(select(Unit.id).where(Unit.code == "BUREAU")).one()
        session.add(Unit(code="NEW", name="新设科", aliases=[], kind="office", parent_id=above))
    browser = signed_in("coordinator")
    answer = browser.get("/rollup?period=2026H2&unit=NEW")
    assert (answer.status_code, "In 2026H2 there was no such unit yet." in answer.text) == (404, True)
    browser.get("/rollup/NEW/items?period=2026H2")
    assert listed(browser) == []


def pictures(browser: Browser) -> list[str]:
    return [unescape(address) for address in re.findall(r'<img src="([^"]+)"', browser.last.text)]


@pytest.mark.usefixtures("half_year")
def test_charts_show_the_figures_and_stand_beside_a_table_of_them(signed_in: Opening) -> None:
    browser = signed_in("coordinator")
    browser.get("/rollup?period=2026H2")
    names = [re.split(r"[/.?]", address)[4] for address in pictures(browser)]
    assert names == ["trend", "completion", "ages", "delays"]
    assert 'alt="Overdue items by days since their deadline: 1–7 days 0; 8–30 days 0; 31–90 days 0; ' in (
        browser.last.text
    )
    trend, completion = pictures(browser)[:2]
    answer = browser.get(completion)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.headers["cache-control"] == "private, max-age=86400, immutable"
    assert all(word in answer.text for word in ("66.67% 2/3", "100.00% 2/2", "0.00% 0/1"))
    assert "Newly assigned 4" in browser.get(trend).text
    assert browser.get(re.sub("v=.*", "v=0", trend)).headers["cache-control"] == "no-store"
    assert browser.get(trend.replace("trend", "moon")).status_code == 404


def test_a_head_s_charts_name_no_other_unit(signed_in: Opening, half_year: Bureau) -> None:
    assert half_year
    browser = signed_in("head")
    browser.get("/rollup?period=2026H2")
    for address in pictures(browser):
        assert "保障科" not in browser.get(address).text
        assert browser.get(address.replace("SAFETY", "HOUSING")).status_code == 404


def test_where_there_is_nothing_there_is_no_picture(signed_in: Opening, bureau: Bureau) -> None:
    assert bureau
    browser = signed_in("coordinator")
    browser.get("/rollup")
    assert pictures(browser) == []
    assert browser.last.text.count("There is nothing to draw.") == 4


def test_the_first_reader_after_a_start_waits_for_no_counting(
    bureau: Bureau, app: FastAPI, signed_in: Opening
) -> None:
    bureau.new_item(P01)
    browser, counts = signed_in("leader"), list[int]()
    make_ready(app.state.desk)
    for _ in range(2):
        asked: list[str] = []
        count = partial(_note, asked)
        event.listen(bureau.engine, "before_cursor_execute", count)
        assert browser.get("/rollup").status_code == 200
        event.remove(bureau.engine, "before_cursor_execute", count)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def _note(asked: list[str], _connection: object, _cursor: object, statement: str, *_: object) -> None:
    asked.append(statement)
