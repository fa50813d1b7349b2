"""The next report read again gives back the open problems and measures, in every format."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents import office as libreoffice
from documents import report_docx
from documents.illustrations import Drawn, drawn, illustrations_of
from documents.ledger import Ledger, LedgerRow
from documents.paper import open_paper
from documents.report_docx import write_report, write_report_pdf
from documents.report_html import write_report_html
from documents.report_md import write_report_md
from documents.studio import Studio
from rules.deadlines import TimeLimit
from rules.errors import UnreadableError
from rules.lifecycle import OPEN, Kind, State

Rows = Callable[..., LedgerRow]
Ledgers = Callable[..., Ledger]
Read = tuple[str, str, date | None, str]

WRITERS = {"docx": write_report, "html": write_report_html, "md": write_report_md}
ILLUSTRATED = {"docx": write_report, "html": write_report_html, "pdf": write_report_pdf}
HAS_OFFICE = any(map(shutil.which, ("soffice", "libreoffice")))


def read_again(
    ledger: Ledger,
    suffix: str,
    locale: str,
    folder: Path,
    charts: tuple[Drawn, ...] = (),
    template: Path | None = None,
) -> list[Read]:
    """Kind, title, deadline and first owner of each draft. Markdown has no charts."""
    path = folder / f"next.{suffix}"
    if template:
        {"docx": write_report, "pdf": write_report_pdf}[suffix](path, ledger, locale, charts, template)
    elif suffix == "md":
        write_report_md(path, ledger, locale)
    else:
        ILLUSTRATED[suffix](path, ledger, locale, charts)
    drafts = open_paper(path.name, path.read_bytes()).reading.drafts
    return [
        (draft.kind.value, draft.title, draft.deadline.on, next(iter(draft.owners), "")) for draft in drafts
    ]


def still_open(ledger: Ledger, locale: str) -> list[Read]:
    return [
        (row.kind.value, row.title, row.due_on, who(row, locale))
        for kind in Kind
        for row in sorted(ledger.rows, key=lambda row: (places(ledger)[row.unit], row.reference))
        if row.kind is kind and row.state in OPEN
    ]


def places(ledger: Ledger) -> dict[str, int]:
    return {line.unit.name: place for place, line in enumerate(ledger.rollup.units)}


def who(row: LedgerRow, locale: str) -> str:
    if locale == "en":
        return row.owners[0] if row.owners else row.unit
    return row.unit + (row.owners[0] if row.owners else "")


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("suffix", list(WRITERS))
def test_a_report_read_again_gives_back_what_is_open_and_nothing_else(
    office: Ledger, suffix: str, locale: str, tmp_path: Path
) -> None:
    assert read_again(office, suffix, locale, tmp_path) == still_open(office, locale)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("most", [0, 1, 5])
def test_a_report_whose_annex_lists_only_some_of_the_items_gives_back_all_that_is_open(
    most: int, locale: str, tmp_path: Path, office: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_docx, "MOST_ANNEXED", most)
    assert read_again(office, "docx", locale, tmp_path) == still_open(office, locale)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("suffix", ["docx", "html"])
def test_captions_and_words_of_charts_are_no_items(
    with_trend: Ledger, drawer: Studio, suffix: str, locale: str, tmp_path: Path
) -> None:
    charts = drawn(drawer, illustrations_of(with_trend, locale), locale)
    assert len(charts) == 4
    assert read_again(with_trend, suffix, locale, tmp_path, charts) == still_open(with_trend, locale)


@pytest.mark.skipif(not HAS_OFFICE, reason="LibreOffice is not installed here")
def test_a_pdf_read_again_gives_back_the_same(
    office: Ledger, charts: tuple[Drawn, ...], tmp_path: Path
) -> None:
    for shown in ((), charts):
        assert read_again(office, "pdf", "zh_CN", tmp_path, shown) == still_open(office, "zh_CN")


@pytest.mark.parametrize(
    "suffix",
    [
        "docx",
        pytest.param(
            "pdf", marks=pytest.mark.skipif(not HAS_OFFICE, reason="LibreOffice is not installed here")
        ),
    ],
)
def test_a_report_below_a_letterhead_read_again_gives_back_the_same(
    office: Ledger, letterhead: Path, tmp_path: Path, suffix: str
) -> None:
    assert read_again(office, suffix, "zh_CN", tmp_path, template=letterhead) == still_open(office, "zh_CN")


@pytest.mark.skipif(not HAS_OFFICE, reason="LibreOffice is not installed here")
def test_a_pdf_of_many_pages_read_again_quotes_nothing_but_each_item(
    make_row: Rows, make_ledger: Ledgers, tmp_path: Path
) -> None:
    words = "部分街道未建立动态台账，登记信息不准确，更新不及时，影响隐患的及早发现和处置。" * 3
    titles = [f"第{name}类房屋底数不清" for name in "一二三四五六七八九"]
    rows = [
        make_row(reference=f"2026H1-P{number:02}", title=title, quote=f"（一）{title}。{words}", answers=())
        for number, title in enumerate(titles, 1)
    ]
    path = tmp_path / "next.pdf"
    write_report_pdf(path, make_ledger(*rows), "zh_CN")
    paper = open_paper(path.name, path.read_bytes())
    assert [draft.title for draft in paper.reading.drafts] == titles
    quotes = [paper.text.text[draft.start : draft.end] for draft in paper.reading.drafts]
    assert [re.findall(r"2026H1-P\d\d", quote) for quote in quotes] == [[row.reference] for row in rows]


def test_without_libreoffice_no_pdf_is_promised(
    office: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "_PROGRAMS", ("no-such-program",))
    with pytest.raises(UnreadableError, match="not installed here"):
        write_report_pdf(tmp_path / "next.pdf", office, "zh_CN")
    assert list(tmp_path.iterdir()) == []


NAMED = st.sampled_from(
    [
        (Kind.PROBLEM, "台账更新不及时"),
        (Kind.PROBLEM, "消防通道被占用"),
        (Kind.PROBLEM, "责任落实存在薄弱环节"),
        (Kind.MEASURE, "开展专项排查"),
        (Kind.MEASURE, "完善巡查制度"),
        (Kind.MEASURE, "加强培训考核"),
    ]
)
STATES = st.sampled_from(list(State))
DAYS = st.sampled_from([None, date(2026, 9, 30), date(2026, 12, 31), date(2027, 6, 30)])


@settings(
    max_examples=200,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    items=st.lists(
        st.tuples(NAMED, STATES, DAYS, st.sampled_from(["J1", "J2"])),
        max_size=6,
        unique_by=lambda item: item[0],
    ),
    suffix=st.sampled_from(list(WRITERS)),
    has_charts=st.booleans(),
)
def test_whatever_stands_in_the_ledger_the_round_trip_is_exact(
    make_row: Rows,
    make_ledger: Ledgers,
    tmp_path: Path,
    charts: tuple[Drawn, ...],
    items: list[tuple[tuple[Kind, str], State, date | None, str]],
    suffix: str,
    *,
    has_charts: bool,
) -> None:
    rows = [
        make_row(
            reference=f"2026H1-{kind.value[0].upper()}{number:02}",
            kind=kind,
            title=title,
            quote=f"（{number}）{title}。",
            state=state,
            due_on=due_on,
            original_due_on=due_on,
            time_limit=TimeLimit.FIXED if due_on else TimeLimit.LONG_TERM,
            unit=unit,
            ended_on=date(2026, 10, 9) if state in {State.CLOSED, State.CANCELLED} else None,
            answers=(),
            repeats=("2025H2-P01",) if number % 2 else (),
        )
        for number, ((kind, title), state, due_on, unit) in enumerate(items, 1)
    ]
    ledger = make_ledger(*rows)
    if [row for row in rows if row.state in OPEN]:
        again = read_again(ledger, suffix, "zh_CN", tmp_path, charts if has_charts else ())
        assert sorted(again, key=repr) == sorted(still_open(ledger, "zh_CN"), key=repr)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.targets: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.places.add(found["id"] or "")
        if (found.get("href") or "").startswith("#"):
            self.targets.append((found["href"] or "")[1:])


def test_every_link_of_the_page_leads_somewhere_and_every_item_is_led_to(
    office: Ledger, tmp_path: Path
) -> None:
    write_report_html(tmp_path / "next.html", office, "zh_CN")
    links = _Links()
    links.feed((tmp_path / "next.html").read_text("utf-8"))
    assert set(links.targets) == links.places
    assert {f"item-{row.reference}" for row in office.rows} < set(links.targets)


def test_every_link_of_the_markdown_leads_to_a_row_of_the_annex(office: Ledger, tmp_path: Path) -> None:
    write_report_md(tmp_path / "next.md", office, "zh_CN")
    written = (tmp_path / "next.md").read_text("utf-8")
    targets = set(re.findall(r"\]\(#([^)]+)\)", written))
    assert targets == set(re.findall(r'<a id="([^"]+)">', written))
    assert set(re.findall(r"\[\^(\d+)\](?!:)", written)) == set(
        re.findall(r"^\[\^(\d+)\]:", written, re.MULTILINE)
    )


def test_a_figure_s_note_names_the_items_that_it_counts(office: Ledger, tmp_path: Path) -> None:
    write_report_md(tmp_path / "next.md", office, "zh_CN")
    note = next(
        line for line in (tmp_path / "next.md").read_text("utf-8").splitlines() if line.startswith("[^1]:")
    )
    plain = re.sub(r"\[([^]]+)\]\(#[^)]+\)", r"\1", note.removeprefix("[^1]: "))
    assert plain == (
        "在册：2026H1-M01、2026H1-M02、2026H1-M03、2026H1-P01、2026H1-P02、2026H1-P03；"
        "本期新增：2026H1-M01、2026H1-M02、2026H1-M03、2026H1-P01、2026H1-P02、2026H1-P03；"
        "已销号：2026H1-M02、2026H1-P02；持续整改：2026H1-P03；已逾期：2026H1-P01；获批延期：2026H1-M01；"
        "整改完成率分子：2026H1-M02、2026H1-P02；"
        "整改完成率分母：2026H1-M01、2026H1-M02、2026H1-M03、2026H1-P01、2026H1-P02；"
        "按期完成率分子：2026H1-P02；按期完成率分母：2026H1-M02、2026H1-P01、2026H1-P02"
    )


@pytest.mark.parametrize("suffix", ["html", "md"])
def test_words_of_a_report_are_words_and_the_same_ledger_gives_the_same_bytes(
    make_row: Rows, make_ledger: Ledgers, suffix: str, tmp_path: Path
) -> None:
    evil = "<script>alert(1)</script>[x](javascript:y)"
    ledger = replace(make_ledger(make_row(title=evil)), organisation="<b>局</b>")
    for name in ("a", "b"):
        WRITERS[suffix](tmp_path / name, ledger, "zh_CN")
    written = (tmp_path / "a").read_text("utf-8")
    assert (tmp_path / "b").read_text("utf-8") == written
    assert [word for word in ("<script>alert", '="javascript', "<b>局") if word in written] == []
    assert suffix == "html" or "[x](" not in written.replace("\\[x\\](", "")
