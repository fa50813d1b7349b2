"""A Word document is read as its reader sees it: in order, changes accepted, nothing that is hidden."""

import pytest
from docx_parts import RELATIONS, cell, level, listed, lists, par, plain, row, run, table, word, zipped
from report_forms import WORD

from documents.docx_text import parse
from documents.drafts import read

STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/>
 <w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="H"><w:name w:val="secret"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="h"><w:name w:val="secret run"/><w:rPr><w:vanish/></w:rPr></w:style>
"""


def lines(body: str, **parts: str) -> list[str]:
    return parse(word(body, **parts), "报告.docx").splitlines()


def field(code: str, *result: str) -> str:
    """A field whose result goes over as many paragraphs as there are results."""
    begin = f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
    begin += '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    return "</w:p><w:p>".join(begin * (i == 0) + run(r) for i, r in enumerate(result)) + end


def test_paragraphs_come_in_order_and_several_empty_ones_are_one_gap() -> None:
    assert parse(plain("甲", "", "", "乙", ""), "a.docx") == "甲\n\n乙\n"


def test_runs_tabs_breaks_and_hyphens_are_joined_as_they_are_seen() -> None:
    body = par(
        run("整")
        + run("改")
        + "<w:r><w:tab/><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>丙</w:t></w:r>"
        + '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="Wingdings" w:char="F0EE"/></w:r>'
    )
    assert lines(body) == ["整改\t甲", "乙-丙√•"]


def test_what_was_inserted_stays_and_what_was_deleted_goes() -> None:
    body = par(
        run("限")
        + f'<w:ins w:id="1">{run("九月")}</w:ins>'
        + '<w:del w:id="2"><w:r><w:delText>八月</w:delText></w:r></w:del>'
        + f'<w:moveFrom w:id="3">{run("搬走")}</w:moveFrom><w:moveTo w:id="4">{run("底前")}</w:moveTo>'
    )
    assert lines(body) == ["限九月底前"]


def test_paragraphs_whose_mark_was_deleted_are_one_with_the_number_of_the_last() -> None:
    gone = "<w:rPr><w:del w:id='1'/></w:rPr>"
    body = listed("甲") + par("乙", gone) + listed("丙") + listed("丁")
    assert lines(body, numbering=lists(level(0, "chineseCounting", "%1、"))) == [
        "一、甲",
        "二、乙丙",
        "三、丁",
    ]


def test_a_paragraph_that_was_deleted_whole_does_not_count() -> None:
    whole = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
        '<w:rPr><w:del w:id="1"/></w:rPr></w:pPr>'
        '<w:del w:id="2"><w:r><w:delText>删去</w:delText></w:r></w:del></w:p>'
    )
    body = listed("甲") + whole + listed("乙")
    assert lines(body, numbering=lists(level(0, "chineseCounting", "%1、"))) == ["一、甲", "二、乙"]


def test_an_older_numbering_of_a_changed_paragraph_is_not_taken_for_its_own() -> None:
    old = '<w:pPrChange w:id="1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:pPrChange>'
    assert lines(par("甲", old), numbering=lists(level(0, "decimal", "%1."))) == ["甲"]


def test_hidden_words_are_left_out_whether_hidden_themselves_or_by_style() -> None:
    body = (
        par(run("看") + run("不", "<w:vanish/>") + run("无", '<w:rStyle w:val="h"/>') + run("见"))
        + par("全段", '<w:pStyle w:val="H"/>')
        + par(run("例外", '<w:vanish w:val="0"/>'), '<w:pStyle w:val="H"/>')
    )
    assert lines(body, styles=STYLES) == ["看见", "例外"]


def test_codes_of_fields_are_left_out_and_their_results_stay() -> None:
    link = f'<w:hyperlink r:id="r1">{run("附件")}</w:hyperlink>'
    simple = f'<w:fldSimple w:instr="DATE">{run("2026年")}</w:fldSimple>'
    body = par(run("见") + field(" REF 甲 ", "第三章") + link + simple)
    assert lines(body) == ["见第三章附件2026年"]


def test_fields_within_codes_of_fields_are_left_out_too() -> None:
    inner = field(" PAGE ", "1")
    body = par(
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{inner}'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("乙")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert lines(body) == ["乙"]


def test_a_table_of_contents_is_left_out_however_it_was_made() -> None:
    gallery = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{par('目录')}{par('一、问题 3')}</w:sdtContent></w:sdt>"
    )
    body = (
        gallery
        + f"<w:p>{field(' TOC 1 ', '一、情况 1', '二、问题 3')}</w:p>"
        + par("一、情况 1", '<w:pStyle w:val="T"/>')
        + par("一、情况")
    )
    assert [line for line in lines(body, styles=STYLES) if line] == ["一、情况"]


def test_other_controls_of_content_are_seen_through() -> None:
    body = (
        f"<w:sdt><w:sdtContent>{par('甲')}</w:sdtContent></w:sdt>"
        + par(f"<w:sdt><w:sdtPr/><w:sdtContent>{run('乙')}</w:sdtContent></w:sdt>{run('丙')}")
        + f"<w:customXml>{par('丁')}</w:customXml>"
    )
    assert lines(body) == ["甲", "乙丙", "丁"]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><wps:txbx><w:txbxContent>"
        f"{par('框内')}</w:txbxContent></wps:txbx></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f"<v:textbox><w:txbxContent>{par('框内')}</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert lines(par(run("锚") + box) + par("后")) == ["锚", "框内", "后"]


def test_ruby_and_formulas_are_read_by_their_main_line() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{run('zhěng')}</w:rt><w:rubyBase>{run('整')}</w:rubyBase></w:ruby></w:r>"
    assert lines(par(ruby + "<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>")) == ["整x+1"]


def test_headers_footers_comments_and_notes_are_left_out() -> None:
    body = par(
        run("正文") + '<w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:commentReference w:id="1"/></w:r>'
    )
    others = {
        f"word/{name}.xml": f'<w:x xmlns:w="{WORD}">{par("另")}</w:x>' for name in ("header1", "comments")
    }
    assert parse(word(body, **others), "a.docx") == "正文\n"


def test_a_heading_and_a_short_bold_paragraph_stand_apart() -> None:
    body = (
        par("Text.") + par("Background", '<w:pStyle w:val="1"/>') + par("Text.") + par(run("Bold", "<w:b/>"))
    )
    assert lines(body, styles=STYLES) == ["Text.", "", "Background", "Text.", "", "Bold"]


HEAD = row(*(cell(word_) for word_ in ("序号", "存在问题", "整改措施", "责任单位", "整改时限")))


def test_a_table_becomes_rows_between_pipes() -> None:
    body = (
        par("如下：")
        + table(HEAD, row(*(cell(w) for w in ("1", "甲|乙", "丙", "办公室", "9月底"))))
        + par("完")
    )
    assert lines(body) == [
        "如下：",
        "| 序号 | 存在问题 | 整改措施 | 责任单位 | 整改时限 |",
        "| 1 | 甲/乙 | 丙 | 办公室 | 9月底 |",
        "完",
    ]


def test_paragraphs_of_a_cell_stand_in_one_row_with_their_numbers() -> None:
    numbering = lists(level(0, "decimal", "%1."))
    inner = listed("甲") + listed("乙")
    body = table(HEAD, row(cell("1"), cell("问题"), cell(inner), cell("办公室"), cell("9月底")))
    assert lines(body, numbering=numbering)[1] == "| 1 | 问题 | 1. 甲 2. 乙 | 办公室 | 9月底 |"


RESTART, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_a_problem_over_several_rows_stays_one_and_an_owner_is_said_in_each() -> None:
    body = table(
        HEAD,
        row(
            cell("1", properties=RESTART),
            cell("台账记录不完整", properties=RESTART),
            cell("补齐上半年台账"),
            cell("办公室", properties=RESTART),
            cell("9月30日"),
        ),
        row(
            cell(properties=GOES_ON),
            cell(properties=GOES_ON),
            cell("建立台账抽查制度"),
            cell(properties=GOES_ON),
            cell("10月31日"),
        ),
    )
    text = parse(word(body), "a.docx")
    assert text.splitlines()[2] == "|  |  | 建立台账抽查制度 | 办公室 | 10月31日 |"
    drafts = read(text).drafts
    assert [(d.kind.value, d.title, d.addresses) for d in drafts] == [
        ("problem", "台账记录不完整", ()),
        ("measure", "补齐上半年台账", (0,)),
        ("measure", "建立台账抽查制度", (0,)),
    ]
    assert [d.owners for d in drafts[1:]] == [("办公室",), ("办公室",)]


def test_a_cell_over_several_columns_leaves_the_others_in_their_places() -> None:
    span = '<w:gridSpan w:val="2"/>'
    body = table(
        row(cell("整改台账", properties='<w:gridSpan w:val="5"/>')),
        HEAD,
        row(cell("一、消防", properties='<w:gridSpan w:val="5"/>')),
        row(cell("1"), cell("甲", properties=span), cell("办公室"), cell("9月")),
    )
    assert lines(body) == [
        "整改台账",
        "| 序号 | 存在问题 | 整改措施 | 责任单位 | 整改时限 |",
        "| 一、消防 |  |  |  |  |",
        "| 1 | 甲 |  | 办公室 | 9月 |",
    ]


def test_rows_and_cells_that_were_deleted_are_left_out() -> None:
    body = table(
        HEAD,
        row(*(cell("删") for _ in range(5)), properties='<w:del w:id="1"/>'),
        row(
            cell("1"),
            cell("删", properties='<w:cellDel w:id="2"/>'),
            *(cell(w) for w in ("甲", "乙", "丙", "丁")),
        ),
    )
    assert lines(body)[1:] == ["| 1 | 甲 | 乙 | 丙 | 丁 |"]


def test_a_row_that_begins_later_keeps_its_columns() -> None:
    late = row(cell("甲"), cell("乙"), cell("办"), cell("9月"), properties='<w:gridBefore w:val="1"/>')
    assert lines(table(HEAD, late))[1] == "|  | 甲 | 乙 | 办 | 9月 |"


def test_a_table_that_only_frames_or_lays_out_gives_its_paragraphs() -> None:
    framed = table(row(cell("一、存在问题", "（一）甲。", "（二）乙。")))
    form = table(row(cell("存在问题"), cell("一是甲。", "二是乙。", "三是丙。")))
    outer = table(row(cell("左"), cell(table(HEAD, row(*(cell(w) for w in "12345"))))))
    assert lines(framed) == ["一、存在问题", "（一）甲。", "（二）乙。"]
    assert lines(form) == ["存在问题", "一是甲。", "二是乙。", "三是丙。"]
    assert lines(outer) == [
        "左",
        "| 序号 | 存在问题 | 整改措施 | 责任单位 | 整改时限 |",
        "| 1 | 2 | 3 | 4 | 5 |",
    ]


def test_the_strict_dialect_is_read_as_well() -> None:
    usual = word(par("甲"))
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": RELATIONS.replace(
            "schemas.openxmlformats.org/officeDocument/2006", "purl.oclc.org/ooxml/officeDocument"
        ),
        "word/document.xml": (
            '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>'
            f"{par('乙')}</w:body></w:document>"
        ),
    }
    assert (parse(usual, "a.docx"), parse(zipped(parts), "a.docx")) == ("甲\n", "乙\n")


def test_a_document_part_of_another_name_is_found_by_its_relation() -> None:
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": RELATIONS.replace("word/document.xml", "/office/main.xml"),
        "office/main.xml": f'<w:document xmlns:w="{WORD}"><w:body>{par("甲")}</w:body></w:document>',
    }
    assert parse(zipped(parts), "a.docx") == "甲\n"


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\ufeff"])
def test_signs_that_nobody_sees_are_left_out(sign: str) -> None:
    assert lines(par(f"整{sign}改")) == ["整改"]
