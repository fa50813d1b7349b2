"""A sealed period bears the same figures on its page, in the letter, in every file and for programs."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path

from browsers import ORIGIN, Clock, Opening
from docx import Document
from fastapi import FastAPI
from offices import PROOF, ZONE, Bureau
from openpyxl import load_workbook
from starlette.testclient import TestClient

from documents.ledger_xlsx import write_ledger
from documents.report_docx import write_report
from documents.report_html import write_report_html
from documents.report_md import write_report_md
from documents.rollup_html import write_rollup
from models.message import Message
from models.session import reading, writing
from rules.lifecycle import Move
from rules.scopes import Scope
from services import closing, closing_papers, tokens
from services.organisation import person_by_email

ITEMS = ("2026H1-P01", "2026H1-P02", "2026H1-M01", "2026H1-M02")
NEW_YEAR = datetime(2027, 1, 1, 0, 10, tzinfo=ZONE)
COMPLETION, ON_TIME = "66.67%", "33.33%"
"""Two of three that had to be finished were; one of three whose deadline had passed was in time."""


def live_through(bureau: Bureau) -> None:
    """One item closed in time, one late, one cancelled, one overdue; then the night after the year's end."""
    for reference in ITEMS:
        bureau.new_item(reference, due_on=date(2026, 9, 30))
    for reference, day in zip(ITEMS, (date(2026, 9, 30), date(2026, 10, 9)), strict=False):
        closed_at = datetime(day.year, day.month, day.day, 10, tzinfo=ZONE)
        bureau.act(reference, Move.ACKNOWLEDGE, "owner", closed_at - timedelta(days=9))
        bureau.act(reference, Move.SUBMIT, "owner", closed_at, evidence=(PROOF,))
        bureau.act(reference, Move.APPROVE, "coordinator", closed_at)
    bureau.act(ITEMS[2], Move.CANCEL, "coordinator", datetime(2026, 10, 10, tzinfo=ZONE), note="合并")
    with writing(bureau.engine) as session:
        closing.close_ended(session, bureau.office, now=NEW_YEAR)


def rates(words: str) -> set[str]:
    """All percentages with two decimals."""
    return set(re.findall(r"\d+\.\d\d%", words))


def seen(html: str) -> str:
    return unescape(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", html, flags=re.DOTALL))


def in_files(bureau: Bureau, folder: Path) -> dict[str, set[str]]:
    """The rates of each file that is written of the period."""
    with reading(bureau.engine) as session:
        found = closing_papers.sealed_ledger(session, bureau.office, "2026H2")
    for name, write in (
        ("report.html", write_report_html),
        ("rollup.html", write_rollup),
        ("report.md", write_report_md),
        ("report.docx", write_report),
        ("ledger.xlsx", write_ledger),
    ):
        write(folder / name, found, "zh_CN")
    told = {name: seen((folder / name).read_text("utf-8")) for name in ("report.html", "rollup.html")}
    told["report.md"] = (folder / "report.md").read_text("utf-8").replace("\\", "")
    told["report.docx"] = "\n".join(line.text for line in Document(str(folder / "report.docx")).paragraphs)
    return {name: rates(words) for name, words in told.items()} | {
        "ledger.xlsx": in_cells(folder / "ledger.xlsx")
    }


def in_cells(path: Path) -> set[str]:
    """The rates of the workbook's first sheet, which holds them as numbers or as words."""
    sheet = load_workbook(path).worksheets[0]
    values = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
    words = {f"{100 * value:.2f}%" for value in values if isinstance(value, float)}
    return words | {rate for value in values for rate in rates(str(value))}


def test_page_letter_files_and_programs_show_the_same_rates(
    bureau: Bureau, clock: Clock, signed_in: Opening, app: FastAPI, tmp_path: Path
) -> None:
    live_through(bureau)
    clock.at = NEW_YEAR + timedelta(hours=9)
    letters = bureau.messages(Message.letter == "rollup")
    letter = next(one for one in letters if bureau.email(one.person_id) == "leader")
    browser = signed_in("leader")
    browser.get("/rollup?period=2026H2")
    with writing(bureau.engine) as session:
        leader = person_by_email(session, "leader@office.example")
        token = tokens.make(
            session,
            leader,
            "a program",
            tuple(Scope),
            ends_at=clock.at + timedelta(days=9),
            now=clock.at,
            door="test",
        )
    asked = TestClient(app, base_url=ORIGIN).get(
        "/api/v1/rollups/2026H2", headers={"Authorization": f"Bearer {token}"}
    )
    top = asked.json()["units"][0]
    assert (top["completion"]["percent"], top["timeliness"]["percent"]) == (COMPLETION, ON_TIME)
    told = in_files(bureau, tmp_path) | {
        "page": rates(seen(browser.last.text)),
        "letter": rates(letter.text),
        "letter as HTML": rates(seen(letter.html)),
        "program": {
            unit[side]["percent"] for unit in asked.json()["units"] for side in ("completion", "timeliness")
        },
    }
    both = {COMPLETION, ON_TIME}
    assert {name: found & both for name, found in told.items()} == dict.fromkeys(told, both)
    assert told["page"] - {"100.00%", "0.00%"} == told["letter"] - {"100.00%", "0.00%"} == both
