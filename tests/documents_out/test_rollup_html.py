from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from documents.ledger import Ledger, LedgerRow
from documents.rollup_html import write_rollup

Rows = Callable[..., LedgerRow]
Ledgers = Callable[..., Ledger]

UNIT_HEADER = """\
单位 在册 本期新增 已销号 按期销号 已逾期 持续整改 不适用
长期和无期限 获批延期 整改完成率 按期完成率"""
ITEM_HEADER = "编号 类别 问题/任务 牵头单位 责任人 整改时限 状态 亮灯 进度"


class Page(HTMLParser):
    """What a browser would find: elements with their attributes, and the texts of cells and terms."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.tables: list[list[list[str]]] = []
        self.terms: list[str] = []
        self._open = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.tables[-1][-1].append("")
            self._open = "cell"
        elif tag in {"dt", "dd"}:
            self.terms.append("")
            self._open = "term"

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "dt", "dd"}:
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open == "cell":
            self.tables[-1][-1][-1] += data
        elif self._open == "term":
            self.terms[-1] += data


def read_back(folder: Path, ledger: Ledger, locale: str = "zh_CN") -> Page:
    write_rollup(folder / "rollup.html", ledger, locale)
    return Page((folder / "rollup.html").read_text(encoding="utf-8"))


def test_the_headline_figures_show_what_they_were_counted_from(tmp_path: Path, office: Ledger) -> None:
    assert read_back(tmp_path, office).terms[:14] == [
        "整改完成率",
        "40.00%",
        "2/5，不计入1项",
        "按期完成率",
        "33.33%",
        "1/3",
        "在册",
        "6",
        "已销号",
        "2",
        "已逾期",
        "1",
        "获批延期",
        "1",
    ]


def test_units_stand_in_tree_order_with_all_below_them(tmp_path: Path, office: Ledger) -> None:
    rows = read_back(tmp_path, office).tables[0]
    assert rows[0] == UNIT_HEADER.split()
    assert [row[0] for row in rows[1:]] == ["云溪市住房局", "房屋处", "房屋安全管理科", "市政科", "合计"]
    assert rows[4] == ["市政科", "3", "3", "1", "1", "0", "1", "0", "1", "0", "50.00%1/2", "100.00%1/1"]


def test_units_are_indented_by_their_depth(tmp_path: Path, office: Ledger) -> None:
    heads = [
        found["class"]
        for tag, found in read_back(tmp_path, office).elements
        if tag == "th" and "class" in found
    ]
    depths = [names for names in heads if names and "depth" in names]
    assert depths == ["unit depth-0", "unit depth-1", "unit depth-2", "unit depth-1"]


def test_each_item_has_a_line_with_its_light_as_a_word(tmp_path: Path, office: Ledger) -> None:
    rows = read_back(tmp_path, office).tables[1]
    assert rows[0] == ITEM_HEADER.split()
    assert rows[1] == [
        "2026H1-P01",
        "问题",
        "危旧房屋底数不清",
        "房屋安全管理科",
        "张某",
        "2026年9月30日",
        "整改中",
        "已逾期",
        "60%",
    ]
    assert [row[7] for row in rows[1:]] == ["已逾期", "已办结", "无期限", "正常", "已办结", "正常"]


@pytest.mark.parametrize(("locale", "language"), [("zh_CN", "zh-CN"), ("en", "en")])
def test_the_page_carries_everything_it_needs(
    tmp_path: Path, office: Ledger, locale: str, language: str
) -> None:
    elements = read_back(tmp_path, office, locale).elements
    tags = [tag for tag, _ in elements]
    assert (tags.count("style"), tags.count("script"), tags.count("link"), tags.count("img")) == (1, 0, 0, 0)
    assert [found for _, found in elements if {"src", "href", "style"} & found.keys()] == []
    assert dict(elements)["html"] == {"lang": language}
    assert "url(" not in (tmp_path / "rollup.html").read_text(encoding="utf-8")


def test_wide_tables_scroll_in_a_box_that_the_keyboard_reaches(tmp_path: Path, office: Ledger) -> None:
    boxes = [found for _, found in read_back(tmp_path, office).elements if found.get("class") == "scroll"]
    assert boxes == [
        {"class": "scroll", "role": "region", "aria-labelledby": name, "tabindex": "0"}
        for name in ("units", "items")
    ]


def test_a_title_is_text_whatever_is_written_in_it(
    tmp_path: Path, make_row: Rows, make_ledger: Ledgers
) -> None:
    title = "<script>alert('一')</script>&{{ 7 * 7 }}"
    page = read_back(tmp_path, make_ledger(make_row(title=title)))
    assert page.tables[1][1][2] == title
    assert [tag for tag, _ in page.elements].count("script") == 0


def test_every_figure_is_defined_in_the_reader_s_language(tmp_path: Path, office: Ledger) -> None:
    chinese, english = (read_back(tmp_path, office, locale).terms[14:] for locale in ("zh_CN", "en"))
    assert len(chinese) == len(english) == 22
    assert chinese[::2][-2:] == ["整改完成率", "按期完成率"]
    assert (
        english[-1]
        == "Items closed on time, of those closed with a deadline that had passed and those overdue."
    )


def test_the_seal_and_the_cut_off_are_on_the_page(tmp_path: Path, office: Ledger) -> None:
    write_rollup(tmp_path / "rollup.html", office, "zh_CN")
    source = (tmp_path / "rollup.html").read_text(encoding="utf-8")
    assert source.count("数据截至2026年12月31日24时，已封存第2版。") == 1
    assert source.count("3f" * 32) == 1


def test_a_page_that_is_not_sealed_shows_no_hash(tmp_path: Path, office: Ledger) -> None:
    write_rollup(tmp_path / "rollup.html", replace(office, sealed=False, sha256=""), "zh_CN")
    source = (tmp_path / "rollup.html").read_text(encoding="utf-8")
    assert source.count("数据截至2026年12月31日24时，尚未封存。") == 1
    assert source.count("SHA-256") == 0


def test_an_empty_period_has_a_sentence_in_the_lists_place(tmp_path: Path, make_ledger: Ledgers) -> None:
    page = read_back(tmp_path, make_ledger())
    assert len(page.tables) == 1
    assert page.terms[:6] == ["整改完成率", "—", "0/0", "按期完成率", "—", "0/0"]


def test_the_same_ledger_gives_the_same_bytes(tmp_path: Path, office: Ledger) -> None:
    first, second = tmp_path / "first.html", tmp_path / "second.html"
    write_rollup(first, office, "zh_CN")
    write_rollup(second, office, "zh_CN")
    assert first.read_bytes() == second.read_bytes()
