"""What goes out as a ledger comes back as it was, and goes out again byte for byte."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from documents.grid import unpacked
from documents.ledger import Ledger, LedgerRow
from documents.ledger_csv import write_ledger_csv
from documents.ledger_pages import LONGEST_CELL
from documents.ledger_sheets import parse
from documents.ledger_table import ledger_rows_of, plain, rows_in
from documents.ledger_xlsx import write_ledger
from documents.separated import bare, guarded
from rules.deadlines import TimeLimit
from rules.errors import UnreadableError
from rules.lifecycle import Kind, State
from rules.lights import Light

Rows = Callable[..., LedgerRow]
Ledgers = Callable[..., Ledger]

STRANGE = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''-1", "'", "＝1", "\n=1"),
    *(
        "  前有空格",
        "后有空格  ",
        "一\n二",
        "\n",
        "\r\n甲\r乙",
        "a,b;c\td",
        '"引号"',
        "|竖线|",
        "😀👨‍👩‍👧",
        "\u2028",
    ),
    *(
        "_x0041_",
        "_x005F_x0041_",
        "<r>红</r>",
        "&amp;",
        "]]>",
        "\0\x07\x7f\ud800\ufffe",
        "#REF!",
        "TRUE",
        "1.0",
        "2026-09-30",
    ),
    *("续", "合计", "同上", "无", "填表人：张某"),
)
words = st.one_of(
    st.sampled_from(STRANGE),
    st.text(max_size=30),
    st.text(st.sampled_from("=+-@'\t\n\"，,;_x0041😀长 "), max_size=12),
)
names = st.lists(words, max_size=3).map(tuple)
days = st.none() | st.dates(date(1890, 1, 1), date(9999, 12, 31))
rows = st.builds(
    LedgerRow,
    reference=words,
    kind=st.sampled_from(Kind),
    title=words,
    quote=words,
    report=words,
    unit=words,
    owners=names,
    co_owners=names,
    supervisor=words,
    time_limit=st.sampled_from(TimeLimit),
    due_on=days,
    original_due_on=days,
    state=st.sampled_from(State),
    light=st.sampled_from(Light),
    progress=st.integers(0, 100),
    opened_on=days,
    ended_on=days,
    evidence=names,
    last_word=words,
    answers=names,
)


def out(ledger: Ledger, form: str, locale: str, folder: Path) -> bytes:
    path = folder / f"ledger.{form}"
    (write_ledger if form == "xlsx" else write_ledger_csv)(path, ledger, locale)
    return path.read_bytes()


def rows_again(data: bytes, form: str) -> tuple[LedgerRow, ...]:
    """As `ledger_rows_of`, but without a process for each of hundreds of examples."""
    if form == "csv":
        return ledger_rows_of(data, "ledger.csv")
    return rows_in(unpacked(parse(data, "ledger.xlsx")["sheets"]), "ledger.xlsx")


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(listed=st.lists(rows, max_size=4))
@example(listed=[])
def test_a_ledger_comes_back_row_for_row_and_goes_out_again_byte_for_byte(
    listed: list[LedgerRow], form: str, locale: str, tmp_path: Path, office: Ledger
) -> None:
    ledger = replace(office, rows=tuple(listed))
    first = out(ledger, form, locale, tmp_path)
    again = rows_again(first, form)
    assert again == plain(ledger).rows
    assert out(replace(ledger, rows=again), form, locale, tmp_path) == first


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize(
    "text",
    [
        "长" * LONGEST_CELL,
        "长" * (LONGEST_CELL + 1),
        "😀" * LONGEST_CELL,
        ("甲\n" + "乙" * 33) * 4_000,
        "长" * (LONGEST_CELL - 1) + "😀" + " " * 70_000 + "。",
    ],
)
def test_a_text_that_no_cell_can_hold_comes_back_whole(
    text: str, form: str, tmp_path: Path, make_row: Rows, make_ledger: Ledgers
) -> None:
    ledger = make_ledger(
        make_row(quote=text, last_word=text, evidence=("一" * 20_000, "二" * 20_000)),
        make_row(reference="P02"),
    )
    first = out(ledger, form, "zh_CN", tmp_path)
    again = ledger_rows_of(first, f"ledger.{form}")
    assert again == ledger.rows
    assert out(replace(ledger, rows=again), form, "zh_CN", tmp_path) == first


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_an_office_reads_back_what_it_wrote(form: str, locale: str, tmp_path: Path, office: Ledger) -> None:
    assert ledger_rows_of(out(office, form, locale, tmp_path), f"ledger.{form}") == office.rows


def test_what_is_plain_stays_as_it_is(office: Ledger) -> None:
    assert plain(plain(office)) == plain(office) == office


@given(words)
def test_the_guard_before_formulas_comes_off_exactly(cell: str) -> None:
    assert bare(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1"])
def test_no_cell_of_a_csv_file_begins_a_formula(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "甲", "'", "'甲", "1-2", "a=b"])
def test_a_cell_that_is_no_formula_bears_no_guard(cell: str) -> None:
    assert (guarded(cell), bare(cell)) == (cell, cell)


def test_a_csv_file_opens_in_excel_with_its_chinese_right(tmp_path: Path, office: Ledger) -> None:
    data = out(office, "csv", "zh_CN", tmp_path)
    head, first, *_ = data.decode("utf-8-sig").split("\r\n")
    assert data.startswith(b"\xef\xbb\xbf")
    assert head == (
        "序号,编号,类别,问题/任务,原文,来源,牵头单位,责任人,配合责任人,分管领导,类型,整改时限,原定时限,状态,"
        "亮灯,进度,交办日期,办结日期,佐证材料,最近进展,对应问题/措施"
    )
    assert first == (
        "1,2026H1-P01,问题,危旧房屋底数不清,（一）危旧房屋底数不清。部分街道未建立动态台账。,"
        "2026年上半年工作情况报告,房屋安全管理科,张某,,周某,限期整改,2026-09-30,2026-09-30,整改中,已逾期,60%,"
        "2026-07-10,,,已完成九个街道的排查,2026H1-M01"
    )


def test_a_foreign_ledger_is_not_taken_for_our_own() -> None:
    with pytest.raises(UnreadableError, match=r"^a\.csv holds no ledger that was written here\.$"):
        ledger_rows_of("序号,问题\n1,台账不全".encode(), "a.csv")


def test_an_export_that_somebody_changed_is_named_with_its_row(tmp_path: Path, office: Ledger) -> None:
    data = out(office, "csv", "zh_CN", tmp_path).replace(b"60%", "六成".encode(), 1)
    with pytest.raises(UnreadableError, match=r"^a\.csv: row 1 of the ledger is not as it was written\.$"):
        ledger_rows_of(data, "a.csv")


def test_the_workbook_is_well_formed_in_every_part(tmp_path: Path, office: Ledger) -> None:
    from xml.etree import ElementTree as ET

    strange = tuple(replace(office.rows[0], title=title, owners=(title,)) for title in STRANGE)
    with zipfile.ZipFile(BytesIO(out(replace(office, rows=strange), "xlsx", "zh_CN", tmp_path))) as book:
        parts = [ET.fromstring(book.read(name)) for name in book.namelist()]  # noqa: S314 - our own file
    assert len(parts) > 10
