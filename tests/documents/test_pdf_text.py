"""A PDF is read as its reader sees it: paragraphs whole, page numbers and running heads left out."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from documents.pdf_text import parse

WIDTH, HEIGHT = 595, 842
LEFT, RIGHT, SIZE = 80, 528, 16
pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

Draw = Callable[[Canvas], None]


def drawn(*pages: Draw, **settings: Any) -> bytes:
    memory = BytesIO()
    canvas = Canvas(memory, pagesize=(WIDTH, HEIGHT), **settings)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return memory.getvalue()


def at(x: float, y: float, words: str, size: float = SIZE, font: str = "STSong-Light") -> Draw:
    """Draws words at x from the left and y from the top."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        canvas.drawString(x, HEIGHT - y, words)

    return draw


def together(*parts: Draw) -> Draw:
    def draw(canvas: Canvas) -> None:
        for part in parts:
            part(canvas)

    return draw


def column(*lines: str, top: float = 120, step: float = 28, left: float = LEFT) -> Draw:
    """Lines below each other; one that begins with 　 is indented by two signs."""
    return together(
        *(
            at(left + 2 * SIZE * line.startswith("　"), top + step * i, line.lstrip("　"))
            for i, line in enumerate(lines)
        )
    )


def read(*pages: Draw) -> list[str]:
    return parse(drawn(*pages), "报告.pdf").splitlines()


FULL = "各科室要对照问题清单逐条整改，做到件件有着落、事事有回音，"
"""A line that fills the width: 28 signs of 16 points."""


def test_a_paragraph_that_goes_over_lines_is_one_and_the_next_begins_by_its_indent() -> None:
    page = column("　" + FULL[:26], FULL, "按期办结。", "　" + FULL[:25] + "。", "　一、问题")
    assert read(page) == [FULL[:26] + FULL + "按期办结。", FULL[:25] + "。", "一、问题"]


def test_a_paragraph_goes_on_over_the_end_of_a_page() -> None:
    first = together(column("　" + FULL[:26], FULL), at(280, 800, "- 1 -"))
    second = together(column(FULL[:10] + "。"), at(280, 800, "- 2 -"))
    assert read(first, second) == [FULL[:26] + FULL + FULL[:10] + "。"]


@pytest.mark.parametrize(
    "number", ["- {} -", "— {} —", "第{}页", "第 {} 页 共 3 页", "{}/3", "Page {} of 3", "{}"]
)
def test_page_numbers_are_left_out(number: str) -> None:
    words = ["一、问题", "二、措施", "三、其他"]
    pages = [together(column(words[i - 1]), at(260, 805, number.format(i))) for i in (1, 2, 3)]
    assert read(*pages) == words


def test_a_running_head_is_left_out_and_a_line_that_comes_again_elsewhere_stays() -> None:
    pages = [
        together(
            at(200, 100, f"整改报告 第{i}期", 12),
            column("一、问题", f"正文{i}", "存在问题", top=140 + 30 * i),
        )
        for i in (1, 2, 3, 4)
    ]
    found = [line for line in read(*pages) if line]
    assert found == [word for i in (1, 2, 3, 4) for word in ("一、问题", f"正文{i}", "存在问题")]


def test_a_single_page_has_no_running_head_but_what_stands_in_the_margin_strip() -> None:
    assert read(together(at(200, 45, "内部资料", 10), column("报告", "正文。"))) == ["报告", "正文。"]
    assert read(together(at(200, 45, "报告"), at(200, 73, "正文。"))) == ["报告", "正文。"]


def test_a_title_that_goes_over_two_lines_is_one() -> None:
    first, second = "云州市住房和城乡建设局关于上半年", "房屋安全工作情况的报告"
    page = together(
        at((WIDTH - 16 * 22) / 2, 100, first, 22),
        at((WIDTH - 11 * 22) / 2, 136, second, 22),
        column("　" + FULL[:26], FULL, FULL, "完毕。", top=200),
    )
    assert next(line for line in read(page) if line) == first + second


def test_english_words_are_joined_with_blanks_and_parted_words_made_whole() -> None:
    lines = (
        "The division has not met most of its own published targets for yearly and preventive main-",
        "tenance, and the follow-up of the findings was slow to very slow in every single one of the",
        "districts.",
    )
    page = together(*(at(72, 100 + 15 * i, line, 12, "Times-Roman") for i, line in enumerate(lines)))
    (whole,) = read(page)
    assert whole == (
        "The division has not met most of its own published targets for yearly and preventive maintenance, "
        "and the follow-up of the findings was slow to very slow in every single one of the districts."
    )


def test_a_wider_gap_between_paragraphs_is_a_gap_in_the_text() -> None:
    page = together(
        *(
            at(72, y, words, 12, "Times-Roman")
            for y, words in [(100, "One."), (115, "Two."), (150, "Background")]
        )
    )
    assert read(page) == ["One.", "Two.", "", "Background"]


def test_two_columns_are_read_one_after_the_other() -> None:
    lines = [FULL[:12]] * 9
    page = together(column("　" + FULL[:10], *lines), column(*lines, "完。", left=LEFT + 14 * SIZE))
    assert read(page) == [FULL[:10] + FULL[:12] * 18 + "完。"]


def test_figures_among_chinese_keep_no_air_around_them() -> None:
    def page(canvas: Canvas) -> None:
        x = LEFT
        for words, font in (("上半年", "STSong-Light"), ("2026", "Times-Roman"), ("年完成", "STSong-Light")):
            canvas.setFont(font, SIZE)
            canvas.drawString(x, 700, words)
            x += canvas.stringWidth(words, font, SIZE) + 4

    assert read(page) == ["上半年2026年完成"]


def test_lines_in_columns_stay_lines_with_their_gaps() -> None:
    rows = [("序号", "存在问题", "整改时限"), ("1", "扶手松动", "9月底"), ("2", "底座锈蚀", "10月底")]
    page = together(
        *(at(80 + 150 * j, 100 + 28 * i, w) for i, row in enumerate(rows) for j, w in enumerate(row))
    )
    assert read(page) == ["    ".join(row) for row in rows]


def ruled(rows: list[list[str]], top: float, without: tuple[tuple[int, int], ...] = ()) -> Draw:
    """A table of cells 100 by 40; of the cells in `without` the upper edge is not drawn."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 10)
        for i, row in enumerate(rows):
            for j, words in enumerate(row):
                x, y = 60 + 100 * j, HEIGHT - top - 40 * i
                for k, part in enumerate(words.split("\n")):
                    canvas.drawString(x + 5, y - 15 - 14 * k, part)
                canvas.line(x, y, x, y - 40)
                canvas.line(x + 100, y, x + 100, y - 40)
                if (i, j) not in without:
                    canvas.line(x, y, x + 100, y)
                canvas.line(x, HEIGHT - top - 40 * len(rows), x + 100, HEIGHT - top - 40 * len(rows))

    return draw


HEAD = ["序号", "存在问题", "整改措施", "责任单位"]


def test_a_ruled_table_becomes_rows_with_the_lines_of_a_cell_joined() -> None:
    page = together(
        column("如下："),
        ruled([HEAD, ["1", "台账记录不完\n整", "补齐", "办公室"]], 200),
        column("完。", top=400),
    )
    assert read(page) == [
        "如下：",
        "| 序号 | 存在问题 | 整改措施 | 责任单位 |",
        "| 1 | 台账记录不完整 | 补齐 | 办公室 |",
        "完。",
    ]


def test_a_number_that_a_cell_breaks_behind_its_hyphen_is_whole() -> None:
    row = ["2026H1-\nP01", "甲问题", "按COVID-\n19要求补齐", "main-\ntenance"]
    assert read(ruled([HEAD, row], 200))[1] == "| 2026H1-P01 | 甲问题 | 按COVID-19要求补齐 | maintenance |"


def test_a_merged_cell_of_a_ruled_table_stands_once_and_an_owner_in_each_row() -> None:
    rows = [HEAD, ["1", "甲问题", "补齐", "办公室"], ["", "", "抽查", ""]]
    page = ruled(rows, 200, without=((2, 0), (2, 1), (2, 3)))
    assert read(page)[2] == "|  |  | 抽查 | 办公室 |"


def test_a_table_goes_on_on_the_next_page_without_its_repeated_head() -> None:
    first = ruled([HEAD, ["1", "甲", "乙", "办公室"]], 600)
    second = together(ruled([HEAD, ["2", "丙", "丁", "科室"]], 100), column("完。", top=400))
    assert read(first, second) == [
        "| 序号 | 存在问题 | 整改措施 | 责任单位 |",
        "| 1 | 甲 | 乙 | 办公室 |",
        "| 2 | 丙 | 丁 | 科室 |",
        "完。",
    ]


def test_a_row_that_the_end_of_a_page_parts_is_made_whole() -> None:
    first = ruled([HEAD, ["1", "台账记录不", "补齐", "办公室"]], 600)
    second = ruled([["", "完整", "", ""], ["2", "丙", "丁", "科室"]], 100)
    assert read(first, second)[1:] == ["| 1 | 台账记录不完整 | 补齐 | 办公室 |", "| 2 | 丙 | 丁 | 科室 |"]


def test_a_frame_around_a_paragraph_is_no_table() -> None:
    def frame(canvas: Canvas) -> None:
        canvas.rect(60, 600, 480, 180)

    assert read(together(frame, column("　甲", "　乙"))) == ["甲", "乙"]


@pytest.mark.parametrize(("shown", "turned"), [(0, 0), (90, 90), (270, -90), (180, 180), (0, 90)])
def test_a_page_that_lies_on_its_side_is_read_upright_without_its_watermark(shown: int, turned: int) -> None:
    def page(canvas: Canvas) -> None:
        if shown:
            canvas.setPageRotation(shown)
        canvas.translate(300, 400)
        canvas.saveState()
        canvas.rotate(turned)
        at(-200, HEIGHT, "一、存在问题")(canvas)
        at(-200, HEIGHT + 40, "（一）甲。")(canvas)
        canvas.restoreState()
        canvas.rotate(45)
        at(0, HEIGHT, "内部资料 严禁外传", 40)(canvas)

    assert [line for line in read(page) if line] == ["一、存在问题", "（一）甲。"]


def test_words_that_are_printed_twice_for_weight_are_read_once() -> None:
    page = together(at(100, 100, "存在的主要问题"), at(100.4, 100, "存在的主要问题"))
    assert read(page) == ["存在的主要问题"]
