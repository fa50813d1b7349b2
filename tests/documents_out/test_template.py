"""Documents in a template of the office's own."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from documents.illustrations import Drawn
from documents.ledger import Ledger
from documents.ledger_xlsx import write_ledger
from documents.report_docx import report_docx, starting_template, write_report
from rules.errors import UnreadableError

Change = Callable[[Docx], None]
WRITTEN_AT = datetime(2026, 12, 1, tzinfo=UTC)


def changed(path: Path, change: Change) -> Path:
    document = Document(str(path))
    change(document)
    document.save(str(path))
    return path


def written(ledger: Ledger, template: Path | None, charts: tuple[Drawn, ...] = ()) -> Docx:
    return Document(BytesIO(report_docx(ledger, "zh_CN", charts, template)))


def texts(document: Docx) -> list[str]:
    return [line.text for line in document.paragraphs]


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_template_that_an_office_begins_with_changes_nothing(
    office: Ledger, charts: tuple[Drawn, ...], tmp_path: Path, locale: str
) -> None:
    path = tmp_path / "fresh.docx"
    path.write_bytes(starting_template(locale, WRITTEN_AT))
    own, ours = (Document(BytesIO(report_docx(office, locale, charts, one))) for one in (path, None))
    assert own.element.xml == ours.element.xml
    assert {style.name: style.element.xml for style in own.styles} == {
        style.name: style.element.xml for style in ours.styles
    }


def test_a_letterhead_stands_above_the_title_and_its_header_on_every_page(
    office: Ledger, letterhead: Path
) -> None:
    document = written(office, letterhead)
    assert texts(document)[:3] == [
        "云溪市住房局文件",
        "云住建〔2026〕　号",
        "云溪市住房局2026年下半年整改工作情况报告",
    ]
    assert [section.header.paragraphs[0].text for section in document.sections] == ["内部资料"] * 2


def test_faces_sizes_and_page_are_the_template_s(
    office: Ledger, charts: tuple[Drawn, ...], template: Path
) -> None:
    def restyle(document: Docx) -> None:
        document.styles["Title"].font.size = Pt(26)
        document.styles["Lead-in"].font.bold = True
        document.sections[0].left_margin = document.sections[0].right_margin = Mm(20)

    document = written(office, changed(template, restyle), charts)
    assert document.paragraphs[0].style.font.size == Pt(26)
    item = next(line for line in document.paragraphs if line.text.startswith("（一）危旧"))
    assert (item.runs[0].style.name, item.runs[0].style.font.bold) == ("Lead-in", True)
    widths = [(round(page.left_margin.mm), round(page.page_width.mm)) for page in document.sections]
    assert widths == [(20, 210), (19, 297), (20, 210)]


def test_styles_that_a_template_lacks_are_made_and_its_others_are_found_by_name(
    office: Ledger, tmp_path: Path
) -> None:
    """Word names the id of a style in the language of whoever saved it."""
    document = Document()
    for name in ("Body Text", "Table Grid"):
        document.styles[name].delete()
    heading = document.styles["Heading 1"].element
    heading.set(qn("w:styleId"), "1")
    path = tmp_path / "office.docx"
    document.save(str(path))
    made = written(office, path)
    styles = {line.text[:2]: line.style.name for line in made.paragraphs}
    assert (styles["一、"], styles["现将"]) == ("Heading 1", "Body Text")
    assert made.styles["Body Text"].font.size == Pt(16)
    assert made.tables[0]._tbl.tblPr.find(qn("w:tblBorders")) is not None


def test_a_report_may_serve_as_a_template_its_notes_are_not_mixed_up(office: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "office.docx"
    write_report(path, office, "zh_CN")
    document = written(office, path)
    kinds = [one.reltype for one in document.part.rels.values()]
    assert kinds.count(RELATIONSHIP_TYPE.FOOTNOTES) == 1
    names = [mark.get(qn("w:name")) for mark in document.element.body.iter(qn("w:bookmarkStart"))]
    assert len(names) == len(set(names)) == len(office.rows)
    assert [style.type for style in document.styles].count(WD_STYLE_TYPE.PARAGRAPH) == [
        style.type for style in Document(str(path)).styles
    ].count(WD_STYLE_TYPE.PARAGRAPH)


def test_the_first_page_s_header_and_number_do_not_come_again_with_the_annex(
    office: Ledger, template: Path
) -> None:
    def set_first(document: Docx) -> None:
        page = document.sections[0]
        page.different_first_page_header_footer = True
        page._sectPr.append(OxmlElement("w:pgNumType"))
        page._sectPr.find(qn("w:pgNumType")).set(qn("w:start"), "5")

    text, annex = written(office, changed(template, set_first)).sections
    assert (text.different_first_page_header_footer, annex.different_first_page_header_footer) == (
        True,
        False,
    )
    starts = [one._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) for one in (text, annex)]
    assert starts == ["5", None]


def test_the_same_ledger_in_the_same_template_gives_the_same_bytes(office: Ledger, letterhead: Path) -> None:
    first, second = (report_docx(office, "zh_CN", template=letterhead) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 no archive", b"{\\rtf1}"])
def test_a_template_that_is_none_is_refused_in_one_sentence_and_nothing_is_written(
    office: Ledger, tmp_path: Path, content: bytes | None
) -> None:
    path, out = tmp_path / "office.docx", tmp_path / "report.docx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableError) as refused:
        write_report(out, office, "zh_CN", template=path)
    assert str(refused.value).count("office.docx") == 1
    assert not out.exists()


def test_a_workbook_is_no_template(office: Ledger, tmp_path: Path) -> None:
    write_ledger(tmp_path / "office.docx", office, "zh_CN")
    with pytest.raises(UnreadableError, match=r"is no docx; save it as docx in Word or WPS"):
        report_docx(office, "zh_CN", template=tmp_path / "office.docx")


@pytest.mark.parametrize("wanting", ["[Content_Types].xml", "_rels/.rels", "word/document.xml", "w:sectPr"])
def test_a_docx_that_lacks_a_part_of_itself_is_no_template(
    office: Ledger, template: Path, wanting: str
) -> None:
    with ZipFile(template) as whole:
        kept = {name: whole.read(name) for name in whole.namelist() if name != wanting}
    bare = re.sub(rb"<w:sectPr.*?</w:sectPr>", b"", kept.get("word/document.xml", b""), flags=re.DOTALL)
    if wanting == "w:sectPr":
        kept["word/document.xml"] = bare
    with ZipFile(template, "w") as broken:
        for name, content in kept.items():
            broken.writestr(name, content)
    with pytest.raises(UnreadableError, match=r"office\.docx is no docx; save it as docx in Word or WPS"):
        report_docx(office, "zh_CN", template=template)


def test_a_docx_whose_text_is_no_xml_is_no_template(office: Ledger, template: Path) -> None:
    with ZipFile(template) as whole:
        kept = {name: whole.read(name) for name in whole.namelist()}
    with ZipFile(template, "w") as broken:
        for name, content in kept.items():
            broken.writestr(name, b"<w:document" if name == "word/document.xml" else content)
    with pytest.raises(UnreadableError, match=r"office\.docx is no docx"):
        report_docx(office, "zh_CN", template=template)


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("Title", WD_STYLE_TYPE.CHARACTER, "paragraph"),
        ("Heading 1", WD_STYLE_TYPE.TABLE, "paragraph"),
        ("Body Text", WD_STYLE_TYPE.CHARACTER, "paragraph"),
        ("Ledger", WD_STYLE_TYPE.CHARACTER, "paragraph"),
        ("footnote text", WD_STYLE_TYPE.CHARACTER, "paragraph"),
        ("Lead-in", WD_STYLE_TYPE.PARAGRAPH, "character"),
        ("footnote reference", WD_STYLE_TYPE.PARAGRAPH, "character"),
    ],
)
def test_a_style_of_the_wrong_kind_is_named(
    office: Ledger, template: Path, name: str, wrong: WD_STYLE_TYPE, right: str
) -> None:
    def change(document: Docx) -> None:
        if name in document.styles:
            document.styles[name].delete()
        document.styles.add_style(name, wrong)

    changed(template, change)
    with pytest.raises(UnreadableError) as refused:
        report_docx(office, "zh_CN", template=template)
    assert str(refused.value) == (
        f"The template {template} has a style {name} that is no {right} style; make it one in Word or WPS, "
        "or delete it."
    )
