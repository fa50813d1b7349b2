"""Ledgers become items like reports do; of our own ledgers only what is new is entered."""

import os
import signal
import subprocess
import sys
import threading
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from offices import MONDAY, ZONE, Bureau
from openpyxl import load_workbook
from sqlalchemy import select
from workbooks import HEAD, ROW, book

from documents.ledger_csv import write_ledger_csv
from documents.ledger_table import ledger_rows_of
from documents.ledger_xlsx import write_ledger
from documents.paper import open_paper
from models.event import Event
from models.item import Item, Link
from models.report import Report
from models.session import open_engine, reading
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, State
from services import organisation, reports
from services.ledgers import ledger
from services.reports import Taken

TITLE = ["云州市住建局2026年上半年问题整改台账"]
SECOND = [2, "资金拨付慢", "加快拨付", "住房保障科", "李某", "长期坚持", "已完成"]
LEDGER = book(TITLE, HEAD, ROW, SECOND)
FORMS = {"xlsx": write_ledger, "csv": write_ledger_csv}


def take_in(bureau: Bureau, data: bytes, name: str = "台账.xlsx") -> Taken:
    with bureau.visit("coordinator") as visit:
        taken = reports.take_in(visit, open_paper(name, data), organisation.root(visit.session))
        visit.session.flush()
        visit.session.expunge_all()
        return taken


def export(bureau: Bureau, folder: Path, form: str, locale: str = "zh_CN") -> bytes:
    """The ledger of the second half-year, with everything handed over."""
    [report] = bureau.rows(Report)
    with bureau.visit("coordinator") as visit:
        reports.confirm(visit, reports.report_by_id(visit.session, report.id))
    with reading(bureau.engine) as session:
        found = ledger(session, bureau.office, "2026H2", as_of=datetime(2026, 8, 1, tzinfo=ZONE))
    FORMS[form](folder / f"out.{form}", found, locale)
    return (folder / f"out.{form}").read_bytes()


def links(bureau: Bureau) -> list[tuple[int, int]]:
    """Measure and problem of each link."""
    with reading(bureau.engine) as session:
        pairs = session.execute(select(Link.measure_id, Link.problem_id).order_by(Link.measure_id))
        return [(measure, problem) for measure, problem in pairs]


def references(taken: Taken) -> list[str]:
    return [item.reference for item in taken.items]


def test_each_row_becomes_a_problem_and_a_measure_with_owner_deadline_and_link(bureau: Bureau) -> None:
    take_in(bureau, LEDGER)
    items = bureau.rows(Item)
    assert [(item.reference, item.kind, item.title, item.stated_owners) for item in items] == [
        ("2026H1-P01", Kind.PROBLEM, "台账不全", ["质量安全科", "张某"]),
        ("2026H1-M01", Kind.MEASURE, "补齐台账", ["质量安全科", "张某"]),
        ("2026H1-P02", Kind.PROBLEM, "资金拨付慢", ["住房保障科", "李某"]),
        ("2026H1-M02", Kind.MEASURE, "加快拨付", ["住房保障科", "李某"]),
    ]
    assert [item.time_limit for item in items] == [TimeLimit.FIXED] * 2 + [TimeLimit.LONG_TERM] * 2
    assert [[flag["code"] for flag in item.flags] for item in items] == [[], [], ["done"], ["done"]]
    assert {item.state for item in items} == {State.DRAFT}
    assert links(bureau) == [(items[1].id, items[0].id), (items[3].id, items[2].id)]


def test_the_quote_of_each_item_stands_in_the_text_of_its_report(bureau: Bureau) -> None:
    take_in(bureau, LEDGER)
    [report] = bureau.rows(Report)
    items = bureau.rows(Item)
    assert [report.text[item.quote_start : item.quote_end] for item in items] == [item.body for item in items]
    assert (report.title, report.period) == (TITLE[0], "2026H1")


def test_a_unit_that_a_ledger_names_owns_the_item(bureau: Bureau) -> None:
    report = take_in(bureau, LEDGER).report
    with bureau.visit("coordinator") as visit:
        found = reports.report_by_id(visit.session, report.id)
        proposals = [reports.propose(visit, item).owner for item in reports.items_of(visit.session, found)]
        assert [person.email for person in proposals if person] == ["head@office.example"] * 2 + [
            "other.head@office.example"
        ] * 2


def test_the_same_ledger_twice_is_the_same_report(bureau: Bureau) -> None:
    first, second = take_in(bureau, LEDGER), take_in(bureau, LEDGER)
    assert (second.was_known, references(second)) == (True, references(first))
    assert (len(bureau.rows(Report)), len(bureau.rows(Item))) == (1, 4)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_our_own_ledger_adds_nothing_when_it_comes_back(
    bureau: Bureau, tmp_path: Path, form: str, locale: str
) -> None:
    take_in(bureau, LEDGER)
    before = [(item.reference, item.title, item.version) for item in bureau.rows(Item)]
    taken = take_in(bureau, export(bureau, tmp_path, form, locale), f"out.{form}")
    after = [(item.reference, item.title) for item in bureau.rows(Item)]
    assert (taken.was_known, taken.items, taken.retitled) == (False, (), ())
    assert sorted(item.reference for item in taken.already) == [
        "2026H1-M01",
        "2026H1-M02",
        "2026H1-P01",
        "2026H1-P02",
    ]
    assert after == [(reference, title) for reference, title, _ in before]


def test_of_our_own_ledger_a_row_that_somebody_added_is_entered_and_linked(
    bureau: Bureau, tmp_path: Path
) -> None:
    take_in(bureau, LEDGER)
    made = load_workbook(BytesIO(export(bureau, tmp_path, "xlsx")))
    page = made["台账"]
    line = page.max_row + 1
    for column, cell in {
        2: None,
        3: "措施",
        4: "再查一遍",
        7: "质量安全科",
        12: "2026-12-31",
        21: "2026H1-P01",
    }.items():
        page.cell(line, column, cell)
    stream = BytesIO()
    made.save(stream)
    taken = take_in(bureau, stream.getvalue(), "改.xlsx")
    assert references(taken) == ["2026H2-M01"]
    [added] = bureau.rows(Item, Item.reference == "2026H2-M01")
    assert (added.title, added.stated_owners) == ("再查一遍", ["质量安全科"])
    [problem] = bureau.rows(Item, Item.reference == "2026H1-P01")
    assert links(bureau)[-1] == (added.id, problem.id)


def test_a_row_with_our_reference_and_another_title_is_named_and_left(bureau: Bureau, tmp_path: Path) -> None:
    take_in(bureau, LEDGER)
    data = export(bureau, tmp_path, "csv").replace("台账不全".encode(), "别的问题".encode(), 1)
    taken = take_in(bureau, data, "out.csv")
    assert [(item.reference, item.title) for item in taken.retitled] == [("2026H1-P01", "台账不全")]
    assert (taken.items, len(bureau.rows(Item))) == ((), 4)


def test_the_history_says_which_items_were_here_already(bureau: Bureau, tmp_path: Path) -> None:
    take_in(bureau, LEDGER)
    take_in(bureau, export(bureau, tmp_path, "csv"), "out.csv")
    with reading(bureau.engine) as session:
        payload = session.scalars(select(Event.payload).where(Event.subject == "report:2")).one()
    assert sorted(payload["already"]) == ["2026H1-M01", "2026H1-M02", "2026H1-P01", "2026H1-P02"]


@pytest.mark.parametrize("form", FORMS)
def test_the_rows_of_an_export_are_those_of_the_office(bureau: Bureau, tmp_path: Path, form: str) -> None:
    take_in(bureau, LEDGER)
    data = export(bureau, tmp_path, form)
    with reading(bureau.engine) as session:
        found = ledger(session, bureau.office, "2026H2", as_of=datetime(2026, 8, 1, tzinfo=ZONE))
    assert ledger_rows_of(data, f"out.{form}") == found.rows


def test_two_who_take_the_same_ledger_in_at_once_enter_it_once(bureau: Bureau, database_url: str) -> None:
    done: list[bool] = []
    start = threading.Barrier(4)

    def work() -> None:
        engine = open_engine(database_url, patience=20)
        start.wait()
        done.append(take_in(Bureau(engine, bureau.office), LEDGER).was_known)
        engine.dispose()

    people = [threading.Thread(target=work) for _ in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(done) == [False, True, True, True]
    assert (len(bureau.rows(Report)), len(bureau.rows(Item))) == (1, 4)


DYING = """
import sys, time
from pathlib import Path
from offices import Bureau, office
from documents.paper import open_paper
from models.session import open_engine
from services import organisation, reports

bureau = Bureau(open_engine(sys.argv[1], patience=20), office(Path(sys.argv[3])))
paper = open_paper("台账.xlsx", Path(sys.argv[2]).read_bytes())
with bureau.visit("coordinator") as visit:
    reports.take_in(visit, paper, organisation.root(visit.session))
    print("entered", flush=True)
    time.sleep(120)
"""


def test_who_is_killed_before_the_commit_leaves_nothing_and_the_next_enters_it_all(
    bureau: Bureau, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "ledger.xlsx").write_bytes(LEDGER)
    tests = Path(__file__).parent.parent
    paths = os.pathsep.join(map(str, (tests, tests.parent)))
    command = [sys.executable, "-c", DYING, database_url, str(tmp_path / "ledger.xlsx"), str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": paths, "PYTHONUTF8": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as dying:
        assert dying.stdout is not None
        assert dying.stdout.readline() == "entered\n"
        os.kill(dying.pid, signal.SIGKILL)
        assert dying.wait() == -signal.SIGKILL
    assert (bureau.rows(Report), bureau.rows(Item)) == ([], [])
    patient = open_engine(database_url, patience=20)
    taken = take_in(Bureau(patient, bureau.office), LEDGER)
    patient.dispose()
    assert (taken.was_known, references(taken)) == (
        False,
        ["2026H1-P01", "2026H1-M01", "2026H1-P02", "2026H1-M02"],
    )
    assert taken.report.received_at == MONDAY
