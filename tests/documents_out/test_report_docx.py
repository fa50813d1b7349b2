from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Length
from docx.styles.style import BaseStyle
from docx.text.run import Run
from hypothesis import given
from hypothesis import strategies as st

from documents import report_docx
from documents.ledger import Ledger, LedgerRow
from documents.next_report import compose
from documents.report_docx import write_report
from documents.report_notes import spans
from rules.lifecycle import State

Rows = Callable[..., LedgerRow]
Ledgers = Callable[..., Ledger]


def read_back(folder: Path, ledger: Ledger, locale: str = "zh_CN") -> Docx:
    write_report(folder / "report.docx", ledger, locale)
    return Document(str(folder / "report.docx"))


def faces(of: BaseStyle | Run) -> tuple[str, str, str]:
    """Western letters, East Asian characters, and the theme's face, which would win over both."""
    fonts = of.element.rPr.rFonts
    return tuple(fonts.get(qn(f"w:{place}")) for place in ("ascii", "eastAsia", "asciiTheme"))


def millimetres(*lengths: Length | None) -> list[int | None]:
    return [None if length is None else round(length.mm) for length in lengths]


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_document_holds_the_composed_report_and_the_annex(
    tmp_path: Path, office: Ledger, locale: str
) -> None:
    written = [
        paragraph.text for paragraph in read_back(tmp_path, office, locale).paragraphs if paragraph.text
    ]
    composed = [paragraph.text for paragraph in compose(office, locale)]
    assert written[: len(composed)] == composed
    assert len(written) == len(composed) + 3


def test_the_page_is_laid_out_as_the_standard_asks(tmp_path: Path, office: Ledger) -> None:
    page = read_back(tmp_path, office).sections[0]
    assert millimetres(page.page_width, page.page_height) == [210, 297]
    margins = millimetres(page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert margins == [37, 35, 28, 26]


def test_each_level_has_its_face(tmp_path: Path, office: Ledger) -> None:
    document = read_back(tmp_path, office)
    names = ("Title", "Heading 1", "Body Text")
    assert [faces(document.styles[name])[1] for name in names] == ["方正小标宋简体", "黑体", "仿宋_GB2312"]
    assert [faces(document.styles[name])[::2] for name in names] == [("Times New Roman", None)] * 3
    assert [document.styles[name].font.size.pt for name in names] == [22, 16, 16]
    item = next(found for found in document.paragraphs if found.text.startswith("（一）危旧"))
    assert item.runs[0].text == "（一）危旧房屋底数不清。"
    assert faces(item.runs[0].style) == ("Times New Roman", "楷体_GB2312", None)


def test_body_lines_stand_29_points_apart_and_begin_two_characters_in(tmp_path: Path, office: Ledger) -> None:
    body = read_back(tmp_path, office).styles["Body Text"]
    layout = body.paragraph_format
    assert (layout.line_spacing_rule, layout.line_spacing.pt) == (WD_LINE_SPACING.EXACTLY, 28.9)
    assert layout.first_line_indent.pt == 32
    assert body.element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_the_english_report_is_set_in_a_serif_face_without_indent(tmp_path: Path, office: Ledger) -> None:
    document = read_back(tmp_path, office, "en")
    body = document.styles["Body Text"]
    assert faces(body) == ("Times New Roman", "Times New Roman", None)
    assert body.paragraph_format.first_line_indent is None
    assert document.core_properties.language == "en-GB"


def test_a_long_title_breaks_by_sense_and_stays_one_text(tmp_path: Path, office: Ledger) -> None:
    title = read_back(tmp_path, replace(office, organisation="云溪市住房和城乡建设局")).paragraphs[0]
    assert title.text == "云溪市住房和城乡建设局2026年下半年整改工作情况报告"
    layout = title.paragraph_format
    assert (title.style.name, title.style.paragraph_format.alignment) == ("Title", WD_ALIGN_PARAGRAPH.CENTER)
    assert layout.left_indent == layout.right_indent
    width = 156 / 25.4 * 72 - 2 * layout.left_indent.pt
    # Organisation and period are 17 characters wide; the blanks beside the year, which Word and LibreOffice
    # put there, take half of one more, and wide figures as much. Another character does not fit in.
    assert 18.05 < width / 22 < 18.5


def test_a_short_title_is_not_broken(tmp_path: Path, office: Ledger) -> None:
    title = read_back(tmp_path, replace(office, organisation="局")).paragraphs[0]
    assert title.paragraph_format.left_indent is None


def test_page_numbers_stand_at_the_outer_edge(tmp_path: Path, office: Ledger) -> None:
    document = read_back(tmp_path, office)
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.alignment, even.alignment) == (WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT)
    assert [found.text for found in odd._p.iter(qn("w:instrText"))] == ["PAGE"]
    assert odd.text == "—  —"


def test_the_annex_is_the_ledger_on_a_landscape_page(tmp_path: Path, office: Ledger) -> None:
    document = read_back(tmp_path, office)
    assert document.sections[1].orientation == WD_ORIENT.LANDSCAPE
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    header = "序号 编号 类别 事项 牵头单位 责任人 整改时限 状态 亮灯 进度 办结日期 关联事项"
    assert rows[0] == header.split()
    assert rows[2] == [
        "2",
        "2026H1-P02",
        "问题",
        "井盖缺损处置不及时",
        "市政科",
        "李某、陈某",
        "2026年9月30日",
        "已销号",
        "已办结",
        "100%",
        "2026年9月20日",
        "",
    ]
    assert [row[1] for row in rows[1:]] == [row.reference for row in office.rows]
    assert rows[3][6] == "长期坚持"


def test_the_head_of_the_annex_is_repeated_and_no_row_is_divided(tmp_path: Path, office: Ledger) -> None:
    rows = read_back(tmp_path, office).tables[0].rows
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in rows]
    assert repeated == [True] + [False] * len(office.rows)
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_an_empty_ledger_has_a_sentence_in_the_tables_place(tmp_path: Path, make_ledger: Ledgers) -> None:
    document = read_back(tmp_path, make_ledger())
    assert document.tables == []
    assert document.paragraphs[-2].text == "本期无在册整改事项。"


@pytest.mark.parametrize(
    ("most", "numbers", "sentence"),
    [
        (6, ["1", "2", "3", "4", "5", "6"], "附件"),
        (5, ["1", "3", "4", "6"], "整改台账共6项，本附件只列未办结的4项，全部事项见台账电子表格（xlsx）。"),
        (
            3,
            ["1", "3", "4"],
            "整改台账共6项，其中未办结4项，本附件列出前3项，全部事项见台账电子表格（xlsx）。",
        ),
    ],
)
def test_of_a_long_ledger_the_annex_lists_what_is_open_by_the_numbers_of_the_ledger(
    most: int,
    numbers: list[str],
    sentence: str,
    tmp_path: Path,
    office: Ledger,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(report_docx, "MOST_ANNEXED", most)
    document = read_back(tmp_path, office)
    assert [row.cells[0].text for row in document.tables[0].rows[1:]] == numbers
    assert sentence in [line.text for line in document.paragraphs]
    places = {mark.get(qn("w:name")) for mark in document.element.body.iter(qn("w:bookmarkStart"))}
    leads = {link.get(qn("w:anchor")) for link in document.element.body.iter(qn("w:hyperlink"))}
    assert leads <= places
    told = [note.startswith("见附件整改台账") for note in notes_of(tmp_path, office).values()]
    noted = [
        one for one in compose(office, "zh_CN") if one.notes or (one.level > 1 and len(one.references) == 1)
    ]
    annexed = {row.reference for row in office.rows if str(office.rows.index(row) + 1) in numbers}
    assert told == [not one.notes and one.references[0] in annexed for one in noted]


def test_of_a_long_ledger_of_which_nothing_is_open_the_annex_is_one_sentence(
    tmp_path: Path, make_row: Rows, make_ledger: Ledgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_docx, "MOST_ANNEXED", 0)
    closed = make_row(unit="J2", state=State.CLOSED, ended_on=date(2026, 9, 20))
    document = read_back(tmp_path, make_ledger(closed))
    assert document.tables == []
    told = "整改台账共1项，均已办结或终止，详见台账电子表格（xlsx）。"
    assert document.paragraphs[-2].text == told


def test_text_that_no_document_can_hold_does_not_stop_the_report(
    tmp_path: Path, make_row: Rows, make_ledger: Ledgers
) -> None:
    title = "=HYPERLINK(\x00\x0b<b>&\ud800"
    document = read_back(tmp_path, make_ledger(make_row(title=title, unit="J2")))
    assert document.tables[0].cell(1, 3).text == "=HYPERLINK(<b>&"


def test_the_same_ledger_gives_the_same_bytes(
    tmp_path: Path, office: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    for year in (2026, 2027):
        monkeypatch.setattr("time.localtime", lambda *_, year=year: (year, 1, 2, 3, 4, 6, 0, 0, 0))
        write_report(tmp_path / "report.docx", office, "zh_CN")
        written.append((tmp_path / "report.docx").read_bytes())
    assert all(first == second for first, second in pairwise(written))
    assert list(tmp_path.iterdir()) == [tmp_path / "report.docx"]


def test_the_properties_name_office_and_cut_off(tmp_path: Path, office: Ledger) -> None:
    properties = read_back(tmp_path, office).core_properties
    assert (properties.author, properties.comments) == ("云溪市住房局", "")
    assert properties.title == "云溪市住房局2026年下半年整改工作情况报告"
    assert properties.created == properties.modified == datetime(2026, 12, 31, 16, tzinfo=UTC)


def notes_of(folder: Path, ledger: Ledger, locale: str = "zh_CN") -> dict[str, str]:
    """Number of each footnote -> its words; the lines above them are none."""
    document = read_back(folder, ledger, locale)
    (part,) = [one.target_part for one in document.part.rels.values() if one.reltype.endswith("/footnotes")]
    root = parse_xml(part.blob)
    notes = [note for note in root.iter(qn("w:footnote")) if note.get(qn("w:type")) is None]
    return {
        note.get(qn("w:id")): "".join(words.text for words in note.iter(qn("w:t"))).strip() for note in notes
    }


def test_every_mark_in_the_text_has_its_footnote(tmp_path: Path, office: Ledger) -> None:
    notes = notes_of(tmp_path, office)
    body = Document(str(tmp_path / "report.docx")).element.body
    marks = [mark.get(qn("w:id")) for mark in body.iter(qn("w:footnoteReference"))]
    assert marks == list(notes) == [str(number) for number in range(1, len(notes) + 1)]
    noted = [
        one for one in compose(office, "zh_CN") if one.notes or (one.level > 1 and len(one.references) == 1)
    ]
    assert len(notes) == len(noted)


def test_a_footnote_names_the_items_behind_each_figure(tmp_path: Path, office: Ledger) -> None:
    first, *others = notes_of(tmp_path, office).values()
    assert first == (
        "在册：2026H1-M01至M03、2026H1-P01至P03；本期新增：2026H1-M01至M03、2026H1-P01至P03；"
        "已销号：2026H1-M02、2026H1-P02；持续整改：2026H1-P03；已逾期：2026H1-P01；获批延期：2026H1-M01；"
        "整改完成率分子：2026H1-M02、2026H1-P02；整改完成率分母：2026H1-M01至M03、2026H1-P01、2026H1-P02；"
        "按期完成率分子：2026H1-P02；按期完成率分母：2026H1-M02、2026H1-P01、2026H1-P02。"
    )
    assert others[-1] == "见附件整改台账第6项（2026H1-M03），来源：2026年上半年工作情况报告。"


def test_every_reference_in_the_text_leads_to_its_row_of_the_annex(tmp_path: Path, office: Ledger) -> None:
    document = read_back(tmp_path, office)
    links = list(document.element.body.iter(qn("w:hyperlink")))
    places = [mark.get(qn("w:name")) for mark in document.element.body.iter(qn("w:bookmarkStart"))]
    assert places == [f"item_{row.reference.replace('-', '_')}" for row in office.rows]
    assert {link.get(qn("w:anchor")) for link in links} == set(places)
    leads = [
        (link.get(qn("w:anchor")), "".join(words.text for words in link.iter(qn("w:t")))) for link in links
    ]
    assert all(place == f"item_{words.replace('-', '_')}" for place, words in leads)


@given(
    st.lists(
        st.builds(
            "{}-{}{:02}".format, st.sampled_from(["2026H1", "A1"]), st.sampled_from("PM"), st.integers(1, 120)
        ),
        unique=True,
        max_size=39,
    )
)
def test_references_told_in_short_are_the_same_ones(references: list[str]) -> None:
    told = []
    for span in filter(None, spans(references, "zh_CN").split("、")):
        first, _, last = span.partition("至")
        head = first.rstrip("0123456789")
        numbers = (
            range(int(first[len(head) :]), int(last[1:] or 0) + 1) if last else [int(first[len(head) :])]
        )
        told += [f"{head}{number:02}" for number in numbers]
    assert sorted(told) == sorted(references)


def test_of_very_many_references_the_first_are_told_and_all_are_counted() -> None:
    every_other = [f"2026-P{number:03}" for number in range(1, 201, 2)]
    told = spans(every_other, "zh_CN")
    assert told == "、".join(every_other[:40]) + "等共100项"
