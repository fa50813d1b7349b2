"""The audit page: events with filters and what they changed, the check of the history, and the files."""

import csv
import re
from datetime import timedelta
from html import unescape
from io import BytesIO, StringIO

import pytest
from browsers import Browser, Clock, Opening, give_password
from offices import MONDAY, Bureau
from openpyxl import load_workbook
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.event import Event
from models.organisation import Grant
from models.session import reading, writing
from rules.lifecycle import Move
from rules.permissions import Role
from services import rollups
from services.organisation import person_by_email, unit_by_code

ITEM = "2026H1-P01"
NEXT_DAY = MONDAY + timedelta(days=1)


@pytest.fixture
def lived(bureau: Bureau, clock: Clock) -> Bureau:
    """One item with a progress report, another one of another unit."""
    bureau.new_item(ITEM)
    bureau.act(ITEM, Move.ACKNOWLEDGE, "owner", NEXT_DAY)
    bureau.act(ITEM, Move.REPORT, "owner", NEXT_DAY, progress=40, note="正在整改")
    bureau.new_item("2026H1-P02", owner="stranger", now=NEXT_DAY)
    clock.pass_by(days=2)
    return bureau


def auditor_of_safety(bureau: Bureau) -> None:
    """The head of an office, who audits it, too, and nothing else."""
    with writing(bureau.engine) as session:
        person = person_by_email(session, "head@office.example")
        unit = unit_by_code(session, "SAFETY")
        session.add(Grant(person_id=person.id, role=Role.AUDITOR, unit_id=unit.id))


def shown(browser: Browser) -> list[tuple[str, str]]:
    """Move and subject of each row, from the top."""
    rows = re.findall(r"<tr>(.*?)</tr>", browser.last.text, re.DOTALL)[1:]
    found = []
    for row in rows:
        move = re.findall(r'<td class="wide">([^<]*)</td>', row)[-1]
        about = re.findall(r'<td class="title">(?:<a [^>]*>)?\s*(\S+)', row)[0]
        found.append((move, unescape(about)))
    return found


def unguard(session: Session, table: str) -> None:
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"drop trigger {table}_refuses_update"))
    else:
        session.execute(text(f"alter table {table} disable trigger all"))


def tamper(bureau: Bureau, position: int, column: str, value: str) -> None:
    with writing(bureau.engine) as session:
        unguard(session, "event")
        session.execute(
            text(f"update event set {column} = :value where position = :at"), {"value": value, "at": position}
        )


def positions(bureau: Bureau, move: Move) -> list[int]:
    with reading(bureau.engine) as session:
        query = select(Event.position).where(Event.move == move).order_by(Event.position)
        return list(session.scalars(query))


def test_the_newest_event_stands_first_and_says_what_it_changed(signed_in: Opening, lived: Bureau) -> None:
    browser = signed_in("auditor")
    browser.get(f"/audit?about={ITEM}")
    assert [move for move, _ in shown(browser)] == [
        *("Report progress", "Acknowledge", "Assign", "Confirm", "Read from the report")
    ]
    words = browser.last.text
    assert "5 events<" in words
    assert "<span>Progress</span> 0% → 40%" in words
    assert "<span>State</span> To be confirmed → Assigned" in words
    assert "<span>Owners</span> — → 安全科员" in words
    assert "<blockquote>正在整改</blockquote>" in words
    assert lived


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("move=acknowledge", [("Acknowledge", ITEM)]),
        (
            "who=安全科员",
            [("Report progress", ITEM), ("Acknowledge", ITEM)],
        ),
        ("who=STRANGER@office.example", []),
        ("unit=HOUSING&move=assign", [("Assign", "2026H1-P02")]),
        ("unit=BUREAU&move=assign", [("Assign", "2026H1-P02"), ("Assign", ITEM)]),
        ("from=2026-07-07&move=assign", [("Assign", "2026H1-P02")]),
        ("to=2026-07-06&move=assign", [("Assign", ITEM)]),
        ("from=2026-07-07&to=2026-07-07&about=P01", [("Report progress", ITEM), ("Acknowledge", ITEM)]),
        ("move=load", [("Organisation entered", "organisation")]),
    ],
)
def test_each_filter_narrows_as_it_says(
    signed_in: Opening, lived: Bureau, query: str, expected: list[tuple[str, str]]
) -> None:
    browser = signed_in("auditor")
    browser.get(f"/audit?{query}")
    assert shown(browser) == expected
    assert lived


def test_who_audits_one_unit_reads_of_its_items_and_people_alone(signed_in: Opening, lived: Bureau) -> None:
    give_password(lived.engine, "other.head")
    auditor_of_safety(lived)
    browser = signed_in("head")
    browser.get("/audit")
    about = {subject for _, subject in shown(browser)}
    assert {subject for subject in about if not subject.startswith("person:")} == {ITEM}
    assert [move for move, subject in shown(browser) if subject.startswith("person:")] == ["Password set"]
    assert [word for word in ("2026H1-P02", "HOUSING", "住房") if word in browser.last.text] == []
    assert shown_after(browser, "/audit?unit=HOUSING") == []
    rows = csv_rows(browser, "/audit.csv")
    assert {row[5] for row in rows[1:]} == about


def shown_after(browser: Browser, path: str) -> list[tuple[str, str]]:
    browser.get(path)
    return shown(browser)


def csv_rows(browser: Browser, path: str) -> list[list[str]]:
    return list(csv.reader(StringIO(browser.get(path).content.decode("utf-8-sig"))))


def test_the_files_hold_what_the_page_shows(signed_in: Opening, lived: Bureau) -> None:
    browser = signed_in("auditor")
    browser.get(f"/audit?about={ITEM}")
    on_page = shown(browser)
    rows = csv_rows(browser, f"/audit.csv?about={ITEM}")
    assert [(row[4], row[5]) for row in rows[1:]] == on_page
    assert rows[1][1:4] == ["2026-07-07 09:00:00+08:00", "安全科员", "test"]
    assert rows[1][8:10] == ["Progress: 0% → 40%", "正在整改"]
    with reading(lived.engine) as session:
        digest = session.scalar(select(Event.hash).where(Event.position == int(rows[1][0])))
    assert rows[1][10] == digest
    sheet = load_workbook(BytesIO(browser.get(f"/audit.xlsx?about={ITEM}").content)).active
    assert sheet is not None
    cells = list(sheet.iter_rows(values_only=True, min_row=2))
    assert [(row[4], row[5]) for row in cells] == on_page


@pytest.mark.usefixtures("lived")
def test_a_history_as_it_was_written_is_said_to_hold(signed_in: Opening) -> None:
    browser = signed_in("auditor")
    (total,) = re.findall(r"(\d+) events<", browser.get("/audit").text)
    answer = browser.get("/audit/check")
    assert f"<b>{total} events, each as it was written; all seals hold.</b>" in answer.text


def test_a_changed_word_is_found_and_named(signed_in: Opening, lived: Bureau) -> None:
    browser = signed_in("auditor")
    (at,) = positions(lived, Move.REPORT)
    tamper(lived, at, "note", "已整改完毕")
    assert f"<b>Event {at} (report, item:{ITEM}) was changed after it was written.</b>" in (
        unescape(browser.get("/audit/check").text)
    )


def test_who_sees_a_part_learns_where_the_history_breaks_and_of_no_item_of_others(
    signed_in: Opening, lived: Bureau
) -> None:
    auditor_of_safety(lived)
    browser = signed_in("head")
    _, others = positions(lived, Move.ASSIGN)
    tamper(lived, others, "note", "改动")
    words = browser.get("/audit/check").text
    assert f"The history is not as it was written, from event {others} on." in words
    assert "2026H1-P02" not in words


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("auditor", "The history no longer gives what the seal of 2026-07 carries over."),
        ("head", "The seal of 2026-07 does not hold."),
    ],
)
def test_a_seal_that_does_not_hold_is_told_to_each_within_what_they_see(
    signed_in: Opening, lived: Bureau, who: str, sentence: str
) -> None:
    auditor_of_safety(lived)
    with writing(lived.engine) as session:
        rollups.seal(session, lived.office, "2026-07", by=None, now=MONDAY + timedelta(days=60))
        unguard(session, "carried")
        session.execute(text("update carried set many = many + 1"))
    assert f"<b>{sentence}</b>" in signed_in(who).get("/audit/check").text


@pytest.mark.parametrize(("column", "value"), [("payload", "5"), ("owners", "7")])
def test_an_event_that_cannot_be_read_is_told_and_breaks_no_page(
    signed_in: Opening, lived: Bureau, column: str, value: str
) -> None:
    browser = signed_in("auditor")
    tamper(lived, positions(lived, Move.REPORT)[0], column, value)
    answer = browser.get("/audit")
    assert (answer.status_code, "cannot be read: it was changed." in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("who", "status"), [("coordinator", 200), ("leader", 200), ("head", 403), ("owner", 403)]
)
def test_the_history_is_for_those_who_decide_and_audit(
    signed_in: Opening, lived: Bureau, who: str, status: int
) -> None:
    browser = signed_in(who)
    paths = ("/audit", "/audit/check", "/audit.csv", "/audit.xlsx")
    assert [browser.get(path).status_code for path in paths] == [status] * 4
    assert lived


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("query", ["from=yesterday", "page=x"])
def test_words_that_mean_nothing_are_refused(signed_in: Opening, query: str) -> None:
    assert signed_in("auditor").get(f"/audit?{query}").status_code == 422
