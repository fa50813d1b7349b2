"""How long a ledger of 100,000 rows takes to read and to write, beside the bare library in the same run.

Usage: python benchmarks/ledger.py [ROWS]

Reading: `open_paper` from the bytes of a workbook to drafts with owners, deadlines and flags, its child
process included, by `CalamineWorkbook` and `to_python` of the same bytes. Writing: the whole workbook that we
export (figures, three lists, full table), by XlsxWriter that is told the very same calls, recorded once.
Times are CPU seconds, those of child processes included, the best of a few runs taken in turn; a busy machine
slows both sides of a ratio alike. The seconds beside them are of this machine alone.
"""

import gc
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from figures import Figure
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook
from xlsxwriter.format import Format

from documents import ledger_pages, ledger_xlsx
from documents.ledger import Ledger, LedgerRow
from documents.paper import open_paper
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, State
from rules.lights import light
from rules.periods import parse
from rules.rollup import Unit, roll_up
from rules.working_days import Calendar

RUNS = 3
HEAD = (
    "序号",
    "问题",
    "整改措施",
    "整改目标",
    "牵头单位",
    "责任人",
    "责任领导",
    "整改时限",
    "完成情况",
    "佐证材料",
    "是否销号",
    "备注",
)
UNITS = tuple(f"第{number}科" for number in range(1, 51))
PERIOD = parse("2026H2")
CUT_OFF = datetime(2027, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
FIRST_DUE = date(2026, 7, 1)


def spent(work: Callable[[], object]) -> float:
    """CPU seconds of one run, children's included."""
    before = _cpu()
    work()
    return _cpu() - before


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


Work = Callable[[], object]


def compared(ours: Callable[[], Work], bare: Callable[[], Work]) -> tuple[float, float]:
    """The best of a few runs of both, taken in turn; each is made ready before its time is taken."""
    pairs = [(spent(ours()), spent(bare())) for _ in range(RUNS)]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def handed_in(rows: int) -> bytes:
    """A workbook as an office keeps it: twelve columns, days as days, a third of the rows done."""
    stream = BytesIO()
    with Workbook(stream, {"constant_memory": True}) as book:
        page, day = book.add_worksheet("台账"), book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, HEAD)
        for number in range(1, rows + 1):
            page.write_row(number, 0, _kept(number))
            page.write_datetime(number, 7, _due(number), day)
    return stream.getvalue()


def _kept(number: int) -> list[object]:
    done = number % 3 == 0
    return [
        number,
        f"第{number}号点位台账登记不全，巡查记录缺失",
        f"补齐第{number}号点位台账，逐月核对",
        "台账完整准确",
        UNITS[number % 50],
        f"张某{number % 200}",
        "周某",
        "",
        "已完成" if done else "正在整改",
        "现场照片" if done else "",
        "是" if done else "否",
        "",
    ]


def _due(number: int) -> date:
    return FIRST_DUE + timedelta(number % 180)


def exported(rows: int) -> Ledger:
    """The ledger of an office with as many items, half of them problems."""
    units = (Unit("J", "云溪市住房局", None),)
    return Ledger(
        organisation="云溪市住房局",
        rollup=roll_up((), units, PERIOD, CUT_OFF.date()),
        rows=tuple(map(_row, range(1, rows + 1))),
        as_of=CUT_OFF,
        sealed=False,
        sha256="",
        version=0,
    )


def _row(number: int) -> LedgerRow:
    is_problem, state = number % 2, State.CLOSED if number % 3 == 0 else State.IN_PROGRESS
    pair = (number + 1) // 2
    return LedgerRow(
        reference=f"2026H1-{'P' if is_problem else 'M'}{pair:02}",
        kind=Kind.PROBLEM if is_problem else Kind.MEASURE,
        title=f"第{pair}号点位台账登记不全",
        quote=f"（{pair}）第{pair}号点位台账登记不全。部分街道未建立动态台账，巡查记录缺失。",
        report="2026年上半年工作情况报告",
        unit=UNITS[number % 50],
        owners=(f"张某{number % 200}",),
        co_owners=(),
        supervisor="周某",
        time_limit=TimeLimit.FIXED,
        due_on=_due(number),
        original_due_on=_due(number),
        state=state,
        light=light(state, _due(number), CUT_OFF.date(), Calendar()),
        progress=60,
        opened_on=date(2026, 7, 10),
        ended_on=date(2026, 9, 1) if state is State.CLOSED else None,
        evidence=("现场照片.jpg",) if state is State.CLOSED else (),
        last_word="已完成九个街道的排查",
        answers=(f"2026H1-{'M' if is_problem else 'P'}{pair:02}",),
    )


TOLD = (
    "write_string",
    "write_number",
    "write_blank",
    "write_datetime",
    "set_row",
    "set_column",
    "merge_range",
    "autofilter",
    "freeze_panes",
)
Calls = dict[str, list[tuple[str, list[Any]]]]
"""Sheet -> the calls that writing it makes; a format is told by its place in the book."""


class Remembering(Workbook):  # type: ignore[misc]  # the library has no types
    """A workbook of which the formats can be looked up afterwards."""

    last: "Remembering"

    def __init__(self, *values: Any) -> None:
        super().__init__(*values)
        Remembering.last = self


class Recording(ledger_pages.Page):
    """A sheet of ours that remembers what it was told."""

    calls: Calls = {}  # noqa: RUF012 - one for all sheets


def _remembered(name: str) -> Callable[..., Any]:
    told = getattr(ledger_pages.Page, name)

    def call(page: Recording, *values: Any) -> Any:
        page.calls.setdefault(page.name, []).append((name, list(values)))
        return told(page, *values)

    return call


def recorded(path: Path, ledger: Ledger) -> Calls:
    """Every call that writing the ledger makes, sheet by sheet."""
    for name in TOLD:
        setattr(Recording, name, _remembered(name))
    own, ledger_pages.Page = ledger_pages.Page, Recording  # type: ignore[misc]
    workbook, ledger_xlsx.Workbook = ledger_xlsx.Workbook, Remembering
    try:
        ledger_xlsx.write_ledger(path, ledger, "zh_CN")
    finally:
        ledger_pages.Page, ledger_xlsx.Workbook = own, workbook  # type: ignore[misc]
    places = {id(form): at for at, form in enumerate(Remembering.last.formats)}
    for several in Recording.calls.values():
        for _, values in several:
            values[:] = [Place(places[id(one)]) if isinstance(one, Format) else one for one in values]
    return Recording.calls


class Place(int):
    """The place of a format in its book."""


def replaying(path: Path, calls: Calls) -> Callable[[], None]:
    """What writes the same workbook by XlsxWriter alone; making its formats is not part of it."""
    book = Workbook(str(path), ledger_xlsx.OPTIONS)
    ledger_pages.Look.of(book, "zh_CN")
    told = [
        (book.add_worksheet(name), [(one, _resolved(values, book)) for one, values in several])
        for name, several in calls.items()
    ]

    def write() -> None:
        for page, several in told:
            known = {name: getattr(page, name) for name in TOLD}
            for name, values in several:
                known[name](*values)
        book.close()

    return write


def _resolved(values: list[Any], book: Workbook) -> list[Any]:
    return [book.formats[one] if one.__class__ is Place else one for one in values]


def reading(rows: int) -> tuple[float, float]:
    data = handed_in(rows)
    found = open_paper("台账.xlsx", data).reading.drafts
    if len(found) != 2 * rows:
        raise SystemExit(f"{len(found)} drafts of {rows} rows were read.")
    return compared(
        lambda: lambda: open_paper("台账.xlsx", data),
        lambda: lambda: CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python(),
    )


def writing(rows: int, folder: Path) -> tuple[float, float]:
    ledger = exported(rows)
    calls = recorded(folder / "ours.xlsx", ledger)
    gc.freeze()
    return compared(
        lambda: lambda: ledger_xlsx.write_ledger(folder / "ours.xlsx", ledger, "zh_CN"),
        lambda: replaying(folder / "bare.xlsx", calls),
    )


def figures(rows: int = 100_000) -> Iterator[Figure]:
    """Both ratios, each printed as soon as it is known."""
    with tempfile.TemporaryDirectory() as folder:
        for what, bare, bound, measure in (
            ("reading", "python-calamine", 1.5, reading),
            ("writing", "XlsxWriter", 1.3, lambda rows: writing(rows, Path(folder))),
        ):
            ours, alone = measure(rows)
            sys.stdout.write(
                f"{what} {rows} rows: {ours / alone:.2f} x {bare} alone ({ours:.2f} s, {alone:.2f} s)\n"
            )
            yield Figure(f"{what} {rows:,} rows / {bare} alone", ours / alone, at_most=bound)


def main() -> None:
    """Print both ratios."""
    list(figures(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))


if __name__ == "__main__":
    main()
