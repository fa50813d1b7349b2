"""A supervision order as a document."""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from docx.shared import Mm

from documents.order_docx import Order, order_docx

ORDER = Order(
    key="2026-3",
    office="云州市住建局",
    issued_at=datetime(2026, 10, 22, 9, tzinfo=ZoneInfo("Asia/Shanghai")),
    issued_on=date(2026, 10, 22),
    by="陈静",
    unit="质量安全科",
    heads=("周敏",),
    owners=("李伟", "王芳"),
    reference="2026H1-P01",
    title="工地隐患整改偏慢",
    quote="个别工地同类隐患反复出现。",
    due_on=date(2026, 9, 30),
    late_working_days=15,
    progress=40,
    required="一周内完成全部工地复查\n\n逐日报告进展。",
    answer_on=date(2026, 10, 30),
)


def lines(order: Order, locale: str = "zh_CN") -> list[str]:
    return [line.text for line in Document(BytesIO(order_docx(order, locale))).paragraphs]


def test_an_order_says_to_whom_about_what_what_is_required_and_until_when() -> None:
    assert lines(ORDER) == [
        "整改督办单",
        "督办〔2026〕3号",
        "质量安全科（负责人：周敏；责任人：李伟、王芳）：",
        (
            "你单位牵头整改的“工地隐患整改偏慢”（编号：2026H1-P01），整改时限为2026年9月30日，"
            "截至2026年10月22日已逾期15个工作日，整改进度40%。现予督办。"
        ),
        "一、督办事项",
        "工地隐患整改偏慢。",
        "报告原文：“个别工地同类隐患反复出现。”",
        "整改时限：2026年9月30日。",
        "二、督办要求",
        "一周内完成全部工地复查。",
        "逐日报告进展。",
        "三、反馈要求",
        "请于2026年10月30日前反馈办理情况，并提交佐证材料。",
        "签发人：陈静\n云州市住建局\n2026年10月22日",
    ]


def test_an_english_office_gets_an_english_order() -> None:
    said = lines(replace(ORDER, late_working_days=0, due_on=None, heads=(), quote="", answer_on=None), "en")
    assert said == [
        "Rectification Supervision Order",
        "No. 3 of 2026",
        "To 质量安全科 (owner: 李伟, 王芳):",
        (
            "Your unit is in charge of the rectification of “工地隐患整改偏慢” (2026H1-P01). "
            "On 22 October 2026, 40 per cent of it was done. It is hereby placed under supervision."
        ),
        "I. The matter",
        "工地隐患整改偏慢.",
        "II. What is required",
        "一周内完成全部工地复查.",
        "逐日报告进展.",
        "III. The answer",
        "Please press on with the rectification and report its progress without delay.",
        "Issued by: 陈静\n云州市住建局\n22 October 2026",
    ]


def test_the_page_is_that_of_the_standard_and_the_same_order_gives_the_same_bytes() -> None:
    made = order_docx(ORDER, "zh_CN")
    section = Document(BytesIO(made)).sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin / Mm(1)) for margin in margins if margin] == [37, 35, 28, 26]
    assert order_docx(replace(ORDER), "zh_CN") == made


@pytest.mark.parametrize("words", ["}}{{ %(x)s %", "<w:p/>&amp", "\x0b\x00"])
def test_words_of_others_stay_words(words: str) -> None:
    shown = words.strip("\x0b\x00")
    said = lines(replace(ORDER, title=f"隐患{words}", required=f"复查{words}", unit=f"安全科{words}"))
    assert (said[2], said[5], said[9]) == (
        f"安全科{shown}（负责人：周敏；责任人：李伟、王芳）：",
        f"隐患{shown}。",
        f"复查{shown}。",
    )
