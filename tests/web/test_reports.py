"""Reports in the browser: taken in, looked through, handed over."""

import re
from html import unescape
from io import BytesIO

import pytest
from browsers import Browser, Opening
from offices import MONDAY, REPORT, Bureau
from sqlalchemy import select
from xlsxwriter import Workbook

from models.item import Item
from models.organisation import Unit
from models.report import Report
from models.session import writing
from rules.lifecycle import State
from services import reviews

DRAFTS = ["2026H1-P01", "2026H1-P02", "2026H1-M01", "2026H1-M02"]


def take_in(browser: Browser, content: bytes, name: str = "报告.txt", unit: str = "BUREAU") -> None:
    browser.get("/reports")
    browser.post("/reports", {"unit": unit}, files={"report": (name, content, "text/html")})


def marked(browser: Browser) -> dict[str, str]:
    """Reference -> the words that are marked for it."""
    found = re.findall(r'<mark id="quote-([^"]+)" data-at="[0-9]+">([^<]*)</mark>', browser.last.text)
    return {reference: unescape(words) for reference, words in found}


def choosable(browser: Browser) -> list[str]:
    return re.findall(r'<input type="checkbox" name="draft" value="([^"]+)"', browser.last.text)


def test_a_report_is_taken_in_and_shown_with_its_quotes_marked(signed_in: Opening, bureau: Bureau) -> None:
    coordinator = signed_in("coordinator")
    take_in(coordinator, REPORT.encode())
    assert (coordinator.last.status_code, coordinator.last.headers["content-location"]) == (200, "/reports/1")
    assert choosable(coordinator) == DRAFTS
    items = {item.reference: item for item in bureau.rows(Item)}
    assert marked(coordinator) == {reference: items[reference].body for reference in DRAFTS}
    assert {item.state for item in items.values()} == {State.DRAFT}


def test_the_chosen_drafts_are_handed_over_and_the_others_wait(signed_in: Opening, bureau: Bureau) -> None:
    coordinator = signed_in("coordinator")
    take_in(coordinator, REPORT.encode())
    done = coordinator.post("/reports/1/confirm", {"draft": DRAFTS[:2]})
    assert (done.status_code, done.headers["location"]) == (303, "/reports/1?assigned=2")
    told = re.findall(r'role="status">([^<]*)</p>', coordinator.get("/reports/1?assigned=2").text)
    assert [words.strip() for words in told] == ["2 items were handed over."]
    states = {item.reference: item.state for item in bureau.rows(Item)}
    assert [states[reference] for reference in DRAFTS] == [State.ASSIGNED] * 2 + [State.DRAFT] * 2
    coordinator.get("/reports/1")
    assert choosable(coordinator) == DRAFTS[2:]


def test_who_chose_nothing_is_told_so_and_nothing_happens(signed_in: Opening, bureau: Bureau) -> None:
    coordinator = signed_in("coordinator")
    take_in(coordinator, REPORT.encode())
    assert coordinator.post("/reports/1/confirm").status_code == 422
    assert coordinator.alert() == "Choose at least one draft."
    assert {item.state for item in bureau.rows(Item)} == {State.DRAFT}


def test_the_same_file_twice_is_the_same_report(signed_in: Opening, bureau: Bureau) -> None:
    coordinator = signed_in("coordinator")
    take_in(coordinator, REPORT.encode())
    take_in(coordinator, REPORT.encode())
    assert "<li>This report was here already.</li>" in coordinator.last.text
    assert (len(bureau.rows(Report)), len(bureau.rows(Item))) == (1, 4)


def test_what_was_left_out_of_a_ledger_is_said(signed_in: Opening, bureau: Bureau) -> None:
    coordinator = signed_in("coordinator")
    stream = BytesIO()
    with Workbook(stream) as book:
        sheet = book.add_worksheet("台账")
        for at, row in enumerate(
            [["序号", "问题", "整改措施"], [1, "台账不全", "补齐台账"], ["合计", "1项", ""]]
        ):
            sheet.write_row(at, 0, row)
    take_in(coordinator, stream.getvalue(), "台账.xlsx")
    notices = re.findall(r"<li>(Sheet [^<]*)</li>", coordinator.last.text)
    assert notices == [
        "Sheet 台账: 1 totals or footers were left out: 3.",
        "Sheet 台账: 1 rows name no owner: 2.",
        "Sheet 台账: 1 rows name no deadline: 2.",
    ]
    assert len(bureau.rows(Item)) == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "报告.txt is empty."),
        (
            b"\x89PNG\r\n\x1a\n\0\0",
            "报告.txt is a picture; a report is read from text. Have it recognised, and save it as docx.",
        ),
    ],
)
def test_a_file_that_is_no_report_is_refused_with_a_sentence(
    signed_in: Opening, bureau: Bureau, content: bytes, sentence: str
) -> None:
    coordinator = signed_in("coordinator")
    take_in(coordinator, content)
    assert (coordinator.last.status_code, coordinator.alert()) == (422, sentence)
    assert bureau.rows(Report) == []


def test_a_coordinator_of_one_unit_takes_nothing_in_for_another(signed_in: Opening, bureau: Bureau) -> None:
    owner = signed_in("owner")
    owner.get("/")
    refused = owner.post("/reports", {"unit": "BUREAU"}, files={"report": ("报告.txt", REPORT.encode())})
    assert (refused.status_code, bureau.rows(Report)) == (403, [])


def test_who_may_read_but_not_confirm_gets_no_form(signed_in: Opening, bureau: Bureau) -> None:
    bureau.take_in()
    auditor = signed_in("auditor")
    auditor.get("/reports/1")
    assert (choosable(auditor), list(marked(auditor))) == ([], ["2026H1-P01", "2026H1-P02", *DRAFTS[2:]])
    assert auditor.post("/reports/1/confirm", {"draft": DRAFTS}).status_code == 403


def test_a_report_with_many_items_is_shown_page_by_page(signed_in: Opening) -> None:
    coordinator = signed_in("coordinator")
    rows = "\n".join(f"{number},问题{number}号点位台账不全" for number in range(1, reviews.ROWS + 12))
    take_in(coordinator, f"序号,存在问题\n{rows}\n".encode(), "台账.csv")
    assert len(choosable(coordinator)) == reviews.ROWS
    coordinator.get("/reports/1?page=2")
    assert len(choosable(coordinator)) == 11
    assert len(marked(coordinator)) == 11


def test_a_long_list_of_reports_comes_in_pages_and_none_is_out_of_reach(
    signed_in: Opening, bureau: Bureau
) -> None:
    with writing(bureau.engine) as session:
        unit = session.scalars(select(Unit.id).where(Unit.code == "BUREAU")).one()
        session.add_all(
            Report(
                title=f"报告{number}",
                unit_id=unit,
                period="2026H1",
                file_name="报告.txt",
                media_type="text/plain",
                sha256=f"{number:064}",
                text="正文",
                flags=[],
                received_at=MONDAY,
            )
            for number in range(101)
        )
    browser = signed_in("coordinator")
    shown = re.findall(r'<a href="/reports/[0-9]+">(报告[0-9]+)</a>', browser.get("/reports").text)
    assert shown == [f"报告{number}" for number in range(100, 0, -1)]
    shown = re.findall(r'<a href="/reports/[0-9]+">(报告[0-9]+)</a>', browser.get("/reports?page=2").text)
    assert shown == ["报告0"]
    assert browser.get("/reports?page=3").text == browser.get("/reports?page=2").text.replace(
        "page%3D2", "page%3D3"
    )
