"""A circular as a document."""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
from docx import Document
from docx.shared import Mm

from documents.circular_docx import Circular, Entry, circular_docx
from documents.office import as_pdf, program
from rules.lifecycle import State

CIRCULAR = Circular(
    key="2026-2",
    office="云州市住建局",
    issued_at=datetime(2026, 10, 22, 9, tzinfo=ZoneInfo("Asia/Shanghai")),
    issued_on=date(2026, 10, 22),
    by="陈静",
    title="关于部分整改事项逾期的通报",
    reason="经督查，部分事项逾期未销号\n\n现予通报。",
    entries=(
        Entry("2026H1-P01", "工地隐患整改偏慢", "质量安全科", State.IN_PROGRESS, date(2026, 9, 30), 15),
        Entry("2026H1-P02", "资格审核效率偏低", "住房保障科", State.SUSTAINED, None, 0),
        Entry("2026H1-P03", "台账更新不及时", "质量安全科", State.ASSIGNED, date(2026, 12, 1), 0),
    ),
)


def lines(circular: Circular, locale: str = "zh_CN") -> list[str]:
    return [line.text for line in Document(BytesIO(circular_docx(circular, locale))).paragraphs]


def rows(circular: Circular, locale: str = "zh_CN") -> list[list[str]]:
    [table] = Document(BytesIO(circular_docx(circular, locale))).tables
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_a_circular_says_to_which_units_it_goes_why_and_how_each_item_stands() -> None:
    assert lines(CIRCULAR) == [
        "关于部分整改事项逾期的通报",
        "通报〔2026〕2号",
        "质量安全科、住房保障科：",
        "经督查，部分事项逾期未销号。",
        "现予通报。",
        "截至2026年10月22日，本次通报的整改事项共3项，其中逾期1项，具体情况如下：",
        "请有关单位抓紧整改，按要求及时报告进展。",
        "签发人：陈静\n云州市住建局\n2026年10月22日",
    ]
    assert rows(CIRCULAR) == [
        ["序号", "编号", "问题/任务", "牵头单位", "状态", "整改时限", "逾期工作日"],
        ["1", "2026H1-P01", "工地隐患整改偏慢", "质量安全科", "整改中", "2026-09-30", "15"],
        ["2", "2026H1-P02", "资格审核效率偏低", "住房保障科", "持续整改", "—", "—"],
        ["3", "2026H1-P03", "台账更新不及时", "质量安全科", "待整改", "2026-12-01", "—"],
    ]


def test_an_english_office_gets_an_english_circular() -> None:
    assert lines(replace(CIRCULAR, title="Overdue items", reason="They are late"), "en") == [
        "Overdue items",
        "Circular No. 2 of 2026",
        "To 质量安全科, 住房保障科:",
        "They are late.",
        "How the items named stand on 22 October 2026 (3 in all, 1 of them overdue):",
        "The units named are asked to press on with the rectification of these items.",
        "Issued by: 陈静\n云州市住建局\n22 October 2026",
    ]
    assert rows(CIRCULAR, "en")[:2] == [
        ["No.", "Reference", "Problem or task", "Lead unit", "State", "Due date", "Working days late"],
        ["1", "2026H1-P01", "工地隐患整改偏慢", "质量安全科", "In progress", "2026-09-30", "15"],
    ]


def test_the_table_is_as_wide_as_the_text_and_the_same_circular_gives_the_same_bytes() -> None:
    made = circular_docx(CIRCULAR, "zh_CN")
    document = Document(BytesIO(made))
    section, [table] = document.sections[0], document.tables
    assert [round(side / Mm(1)) for side in (section.left_margin, section.right_margin) if side] == [28, 26]
    assert round(sum(column.width or 0 for column in table.columns) / Mm(1)) == 210 - 28 - 26
    assert circular_docx(replace(CIRCULAR), "zh_CN") == made


@pytest.mark.parametrize("words", ["}}{{ %(x)s %", "<w:p/>&amp", "\x0b\x00"])
def test_words_of_others_stay_words(words: str) -> None:
    shown = words.strip("\x0b\x00")
    entry = replace(CIRCULAR.entries[0], title=f"隐患{words}", unit=f"安全科{words}")
    said = replace(CIRCULAR, title=f"通报{words}", reason=f"复查{words}", entries=(entry,))
    assert (lines(said)[0], *lines(said)[2:4]) == (f"通报{shown}", f"安全科{shown}：", f"复查{shown}。")
    assert rows(said)[1][2:4] == [f"隐患{shown}", f"安全科{shown}"]


@pytest.mark.skipif(program("pdf") is None, reason="LibreOffice is not installed here")
@pytest.mark.parametrize("many", range(12, 19))
def test_a_signature_stands_on_no_page_of_its_own(many: int) -> None:
    entries = [replace(CIRCULAR.entries[0], reference=f"2026H1-P{number:02}") for number in range(many)]
    made = as_pdf(circular_docx(replace(CIRCULAR, entries=tuple(entries)), "zh_CN"))
    document = pypdfium2.PdfDocument(made)
    texts = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    signed = "请有关单位抓紧整改，按要求及时报告进展。签发人：陈静云州市住建局2026年10月22日"
    assert [page.count(signed) for page in texts] == [*(0 for _ in texts[1:]), 1]


def test_the_table_is_as_wide_as_the_text_of_a_template(template: Path) -> None:
    own = Document(str(template))
    own.sections[0].left_margin = own.sections[0].right_margin = Mm(15)
    own.save(str(template))
    [table] = Document(BytesIO(circular_docx(CIRCULAR, "zh_CN", template))).tables
    assert sum(column.width for column in table.columns) / Mm(1) == pytest.approx(180, abs=0.1)
