"""An invented office at the end of 2026, and the ledger that it seals."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from docx import Document

from documents.illustrations import Drawn, drawn, illustrations_of
from documents.ledger import Ledger, LedgerRow
from documents.report_docx import starting_template
from documents.studio import Studio
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, State
from rules.lights import light
from rules.periods import parse
from rules.rollup import Figures, Standing, Unit, roll_up
from rules.working_days import Calendar

HALF = parse("2026H2")
CUT_OFF = datetime(2027, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
UNITS = (
    Unit("J", "云溪市住房局", None),
    Unit("J1", "房屋处", "J"),
    Unit("J11", "房屋安全管理科", "J1"),
    Unit("J2", "市政科", "J"),
)
NAMES = {unit.code: unit.name for unit in UNITS}

PLAIN = LedgerRow(
    reference="2026H1-P01",
    kind=Kind.PROBLEM,
    title="危旧房屋底数不清",
    quote="（一）危旧房屋底数不清。部分街道未建立动态台账。",
    report="2026年上半年工作情况报告",
    unit="J11",
    owners=("张某",),
    co_owners=(),
    supervisor="周某",
    time_limit=TimeLimit.FIXED,
    due_on=date(2026, 9, 30),
    original_due_on=date(2026, 9, 30),
    state=State.IN_PROGRESS,
    light=light(State.IN_PROGRESS, date(2026, 9, 30), HALF.end_on, Calendar()),
    progress=60,
    opened_on=date(2026, 7, 10),
    ended_on=None,
    evidence=(),
    last_word="已完成九个街道的排查",
    answers=("2026H1-M01",),
)
"""A row as the tests vary it; its unit is still a code."""


def row(**changes: Any) -> LedgerRow:
    """A row of the sample with `changes`, its light as the calendar says."""
    changed = replace(PLAIN, **changes)
    return replace(changed, light=light(changed.state, changed.due_on, HALF.end_on, Calendar()))


def standing(of: LedgerRow) -> Standing:
    return Standing(
        of.reference,
        of.kind,
        of.title,
        of.unit,
        of.state,
        of.time_limit,
        of.due_on,
        of.original_due_on,
        of.original_due_on,
        of.opened_on,
        of.ended_on,
        of.progress,
        int(of.due_on != of.original_due_on),
    )


def ledger(*rows: LedgerRow) -> Ledger:
    """The sealed ledger of the half-year over `rows`, whose units are still codes."""
    rollup = roll_up(map(standing, rows), UNITS, HALF, CUT_OFF.date())
    named = tuple(replace(each, unit=NAMES[each.unit]) for each in rows)
    return Ledger("云溪市住房局", rollup, named, CUT_OFF, sealed=True, sha256="3f" * 32, version=2)


@pytest.fixture(name="make_row")
def make_row_fixture() -> Callable[..., LedgerRow]:
    return row


@pytest.fixture(name="make_ledger")
def make_ledger_fixture() -> Callable[..., Ledger]:
    return ledger


@pytest.fixture(name="office")
def office_fixture() -> Ledger:
    """Two open problems and two open measures, of each one closed, over three levels of units."""
    measure = {"kind": Kind.MEASURE, "last_word": "", "answers": ("2026H1-P01",)}
    closed = {"state": State.CLOSED, "progress": 100}
    return ledger(
        row(),
        row(
            reference="2026H1-P02",
            title="井盖缺损处置不及时",
            quote="（二）井盖缺损处置不及时。平均处置时间过长。",
            unit="J2",
            owners=("李某", "陈某"),
            ended_on=date(2026, 9, 20),
            evidence=("处置记录.pdf", "现场照片.jpg"),
            answers=(),
            **closed,
        ),
        row(
            reference="2026H1-P03",
            title="业务融合不深",
            quote="（三）业务融合不深。",
            unit="J2",
            owners=("李某",),
            supervisor="",
            time_limit=TimeLimit.LONG_TERM,
            due_on=None,
            original_due_on=None,
            state=State.SUSTAINED,
            last_word="",
            answers=(),
        ),
        row(
            reference="2026H1-M01",
            title="开展拉网式排查",
            quote="（一）开展拉网式排查。逐栋建立台账。由房屋安全管理科负责，9月底前完成。",
            co_owners=("刘某",),
            due_on=date(2027, 3, 31),
            **measure,
        ),
        row(
            reference="2026H1-M02",
            title="完善信息系统",
            quote="（二）完善信息系统。",
            due_on=date(2026, 10, 31),
            original_due_on=date(2026, 10, 31),
            ended_on=date(2026, 11, 5),
            **measure,
            **closed,
        ),
        row(
            reference="2026H1-M03",
            title="每季度巡查一次",
            quote="（三）每季度巡查一次。",
            unit="J2",
            owners=(),
            due_on=date(2027, 6, 30),
            original_due_on=date(2027, 6, 30),
            **(measure | {"answers": ()}),
        ),
    )


@pytest.fixture(name="with_trend")
def with_trend_fixture(office: Ledger) -> Ledger:
    """The office with two earlier periods; in the first one there was nothing yet."""
    before = (("2025H2", Figures()), ("2026H1", Figures(in_scope=4, opened=4, closed=1)))
    return replace(office, earlier=before)


@pytest.fixture(name="drawer", scope="session")
def drawer_fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    made = Studio(tmp_path_factory.mktemp("charts"))
    yield made
    made.close()


@pytest.fixture(name="charts")
def charts_fixture(with_trend: Ledger, drawer: Studio) -> tuple[Drawn, ...]:
    """The office's charts as its documents show them."""
    return drawn(drawer, illustrations_of(with_trend, "zh_CN"), "zh_CN")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """The template that an office begins with."""
    path = tmp_path / "office.docx"
    path.write_bytes(starting_template("zh_CN", datetime(2026, 12, 1, tzinfo=UTC)))
    return path


@pytest.fixture
def letterhead(template: Path) -> Path:
    """The template with a head above each document, and a header."""
    document = Document(str(template))
    for words in ("云溪市住房局文件", "云住建〔2026〕　号", ""):
        document.add_paragraph(words)
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.save(str(template))
    return template
