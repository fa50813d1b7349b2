"""Documents with charts: what these say to whoever does not see them, and what if none can be drawn."""

import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import html

from documents import drawing
from documents.charts import INKS, Bars, Lines, Theme
from documents.illustrations import Drawn, drawn, illustrations_of
from documents.ledger import Ledger, LedgerRow
from documents.report_docx import write_report, write_report_pdf
from documents.report_html import write_report_html
from documents.rollup_html import write_rollup
from documents.studio import Studio
from rules.rollup import Figures

HAS_OFFICE = any(map(shutil.which, ("soffice", "libreoffice")))
SAID = [
    (
        "图1　各期新增、销号与期末未办结",
        (
            "各期新增、销号与期末未办结：2025H2 本期新增 0，已销号 0，期末未办结 0；"
            "2026H1 本期新增 4，已销号 1，期末未办结 3；2026H2 本期新增 6，已销号 2，期末未办结 4"
        ),
    ),
    (
        "图2　各单位（含下级）整改完成率",
        (
            "各单位（含下级）整改完成率：云溪市住房局 整改完成率 40.00%，已销号/应整改 2/5；"
            "房屋处 整改完成率 33.33%，已销号/应整改 1/3；市政科 整改完成率 50.00%，已销号/应整改 1/2"
        ),
    ),
    (
        "图3　未办结事项：交办后天数",
        "未办结事项：交办后天数：0–30 天 0；31–90 天 0；91–180 天 4；181–365 天 0；满 366 天 0",
    ),
    ("图4　逾期事项：逾期天数", "逾期事项：逾期天数：1–7 天 0；8–30 天 0；31–90 天 0；满 91 天 1"),
]
"""The captions of the sample's charts, and their figures in words."""


def told(charts: tuple[Drawn, ...]) -> list[tuple[str, str]]:
    return [(chart.caption, chart.sentence) for chart in charts]


@pytest.fixture(name="page", params=[write_report_html, write_rollup])
def page_fixture(
    request: pytest.FixtureRequest, with_trend: Ledger, charts: tuple[Drawn, ...], tmp_path: Path
) -> str:
    request.param(tmp_path / "page.html", with_trend, "zh_CN", charts)
    return (tmp_path / "page.html").read_text("utf-8")


def test_the_charts_say_the_figures_of_the_ledger(charts: tuple[Drawn, ...]) -> None:
    assert told(charts) == SAID


def test_the_report_s_pictures_stand_above_their_captions_and_say_their_figures(
    with_trend: Ledger, charts: tuple[Drawn, ...], tmp_path: Path
) -> None:
    write_report(tmp_path / "report.docx", with_trend, "zh_CN", charts)
    document = Document(str(tmp_path / "report.docx"))
    words = [shape._inline.docPr for shape in document.inline_shapes]
    assert [(each.get("title"), each.get("descr")) for each in words] == SAID
    assert len({each.get("id") for each in words}) == 4
    bearing = [
        place for place, line in enumerate(document.paragraphs) if line._p.findall(f".//{qn('pic:pic')}")
    ]
    assert [document.paragraphs[place + 1].text for place in bearing] == [caption for caption, _ in SAID]
    parts = document.part.package.iter_parts()
    assert sorted(part.blob for part in parts if part.content_type == "image/png") == sorted(
        chart.png for chart in charts
    )
    assert all(shape.width.mm < 156 for shape in document.inline_shapes)
    assert [line.text for line in document.paragraphs if line.text.startswith("附件")] == [
        "附件：1. 整改台账；2. 统计图表",
        "附件1",
        "附件2",
    ]


def test_the_last_annex_is_upright_again(
    with_trend: Ledger, charts: tuple[Drawn, ...], tmp_path: Path
) -> None:
    write_report(tmp_path / "report.docx", with_trend, "zh_CN", charts)
    pages = Document(str(tmp_path / "report.docx")).sections
    sizes = [(round(page.page_width.mm), round(page.page_height.mm)) for page in pages]
    assert sizes == [(210, 297), (297, 210), (210, 297)]


def test_a_page_s_pictures_have_a_name_and_their_figures(page: str) -> None:
    tree = html.document_fromstring(page)
    pictures = tree.findall(".//svg")
    named = [
        (
            tree.get_element_by_id(one.get("aria-labelledby")),
            tree.get_element_by_id(one.get("aria-describedby")),
        )
        for one in pictures
    ]
    assert [(title.text, words.text) for title, words in named] == SAID
    assert [one.text for one in tree.iter("figcaption")] == [caption for caption, _ in SAID]
    assert [one.get("role") for one in pictures] == ["img"] * 4
    assert [
        each for one in pictures for each in one.iter() if each is not one and each.get("aria-label")
    ] == []


def test_a_page_s_pictures_turn_light_on_dark_ground(page: str) -> None:
    inks = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', page))
    assert inks == set(INKS[Theme.LIGHT].values())
    rules = re.findall(r'\.charts \[(fill|stroke)="(#\w+)"\] { (\w+): (#\w+); }', page)
    assert rules == [
        (how, INKS[Theme.LIGHT][name], how, INKS[Theme.DARK][name])
        for name in INKS[Theme.LIGHT]
        for how in ("fill", "stroke")
    ]


def test_words_in_a_picture_are_words(charts: tuple[Drawn, ...], office: Ledger, tmp_path: Path) -> None:
    evil = replace(charts[0], caption="<script>x</script>", sentence='"><img src=x>')
    write_report_html(tmp_path / "page.html", office, "zh_CN", [evil])
    page = (tmp_path / "page.html").read_text("utf-8")
    assert [word for word in ("<script", "<img") if word in page] == []


@pytest.mark.skipif(not HAS_OFFICE, reason="LibreOffice is not installed here")
def test_a_pdf_s_pictures_say_their_figures(
    with_trend: Ledger, charts: tuple[Drawn, ...], tmp_path: Path
) -> None:
    write_report_pdf(tmp_path / "report.pdf", with_trend, "zh_CN", charts)
    written = (tmp_path / "report.pdf").read_bytes()
    alternatives = [
        bytes.fromhex(one.decode())[2:].decode("utf-16-be") for one in re.findall(rb"/Alt<([^>]+)>", written)
    ]
    assert [
        one.removeprefix(f"{caption} - ") for one, (caption, _) in zip(alternatives, SAID, strict=True)
    ] == [words for _, words in SAID]
    document = pypdfium2.PdfDocument(written)
    counts = [sum(1 for one in page.get_objects() if one.type == 3) for page in document]
    document.close()
    assert sum(counts) == counts[-1] == 4


def test_the_same_ledger_gives_the_same_bytes_with_pictures_too(
    with_trend: Ledger, charts: tuple[Drawn, ...], tmp_path: Path
) -> None:
    for write in (write_report, write_report_html, write_rollup):
        for name in ("a", "b"):
            write(tmp_path / name, with_trend, "zh_CN", charts)
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_pictures_that_are_drawn_anew_are_the_same(
    with_trend: Ledger, charts: tuple[Drawn, ...], tmp_path: Path
) -> None:
    studio = Studio(tmp_path)
    assert drawn(studio, illustrations_of(with_trend, "zh_CN"), "zh_CN") == charts
    studio.close()


def test_without_a_process_that_draws_there_are_no_charts(
    with_trend: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = illustrations_of(with_trend, "zh_CN")
    for program in ("/no/such/program", shutil.which("false")):
        monkeypatch.setattr(sys, "executable", program)
        assert drawn(Studio(tmp_path / "charts"), shown, "zh_CN") == ()


def test_without_a_folder_for_pictures_there_are_no_charts(with_trend: Ledger, tmp_path: Path) -> None:
    (tmp_path / "charts").write_text("a file")
    studio = Studio(tmp_path / "charts")
    assert drawn(studio, illustrations_of(with_trend, "zh_CN"), "zh_CN") == ()
    studio.close()


def test_documents_without_charts_do_not_speak_of_any(office: Ledger, tmp_path: Path) -> None:
    write_report(tmp_path / "report.docx", office, "zh_CN")
    document = Document(str(tmp_path / "report.docx"))
    annexes = [line.text for line in document.paragraphs if line.text.startswith("附件")]
    assert (annexes, len(document.inline_shapes), len(document.sections)) == (
        ["附件：整改台账", "附件"],
        0,
        2,
    )
    for write in (write_report_html, write_rollup):
        write(tmp_path / "page.html", office, "zh_CN")
        page = (tmp_path / "page.html").read_text("utf-8")
        assert [word for word in ("图表", "charts", "<svg", "附件1") if word in page] == []


def test_a_trend_begins_a_period_before_the_first_item_and_needs_two(office: Ledger) -> None:
    def steps(*earlier: Figures) -> tuple[str, ...]:
        keys = ("2025H1", "2025H2", "2026H1")[-len(earlier) :] if earlier else ()
        trend = illustrations_of(replace(office, earlier=tuple(zip(keys, earlier, strict=True))), "en")[0]
        return trend.chart.steps if isinstance(trend.chart, Lines) else ()

    none, some = Figures(), Figures(in_scope=1, opened=1)
    assert steps() == ()
    assert steps(none) == ("2026H1", "2026H2")
    assert steps(none, none, none) == ("2026H1", "2026H2")
    assert steps(none, some) == ("2025H2", "2026H1", "2026H2")
    assert steps(some, none, none) == ("2025H1", "2025H2", "2026H1", "2026H2")


def test_where_nothing_is_in_scope_there_is_nothing_to_draw(
    make_ledger: Callable[..., Ledger], make_row: Callable[..., LedgerRow]
) -> None:
    assert [one.chart for one in illustrations_of(make_ledger(), "zh_CN")] == [None] * 4
    shown = illustrations_of(make_ledger(make_row()), "zh_CN")
    assert [type(one.chart) for one in shown] == [type(None), Bars, Bars, Bars]


def brightness(ink: str) -> float:
    """Relative luminance as WCAG 2 has it: 0 for black, 1 for white. Grey paper keeps nothing else."""
    shares = [int(ink[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("theme", "ground"), [(Theme.LIGHT, drawing.PAPER), (Theme.DARK, "#12171d")])
def test_in_grey_words_and_bars_stand_out_from_their_ground(theme: Theme, ground: str) -> None:
    inks = INKS[theme]
    assert contrast(inks["ink"], ground) >= 7
    assert contrast(inks["fill"], ground) >= 4.5
    assert contrast(inks["soft"], ground) >= 4.5
    assert contrast(inks["fill"], ground) > contrast(inks["line"], ground)


def test_lines_have_one_colour_and_differ_by_dash_and_mark(with_trend: Ledger) -> None:
    trend = illustrations_of(with_trend, "zh_CN")[0].chart
    assert isinstance(trend, Lines)
    assert len(trend.series) == len(drawing.DASHES) == len(drawing.SHAPES)
    assert all(
        one != other for kind in (drawing.DASHES, drawing.SHAPES) for one, other in combinations(kind, 2)
    )
    assert sorted(INKS[Theme.LIGHT]) == ["fill", "ink", "line", "soft"]
