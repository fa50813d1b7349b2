"""A page of HTML is read as a browser shows it, lists with their numbers and tables as rows."""

import pytest

from documents.html_text import parse


def lines(body: str) -> list[str]:
    return parse(f"<html><body>{body}</body></html>".encode(), "报告.html").splitlines()


def test_blocks_are_lines_and_white_space_is_what_a_browser_makes_of_it() -> None:
    body = "<h1>报告</h1><p>甲  乙\n\tc&nbsp; d</p><div>丙<p>丁</p>戊</div>己<br>庚<!-- 注 -->辛"
    assert lines(body) == ["报告", "甲 乙 c  d", "丙", "丁", "戊", "己", "庚辛"]


def test_a_line_that_the_file_only_wraps_between_chinese_signs_gets_no_blank() -> None:
    assert lines("<p>上半年工\n   作情况，\n已报 on\ntime</p>") == ["上半年工作情况，已报 on time"]


def test_what_a_browser_does_not_show_is_left_out() -> None:
    body = (
        "<nav>首页</nav><script>var a='问题'</script><style>p{}</style><template>模板</template>"
        "<p hidden>藏</p><p style='display: none'>藏</p><p style='mso-hide:all'>藏</p><p>见<del>删</del></p>"
        "<noscript>无</noscript><select><option>选</option></select>"
    )
    assert lines(body) == ["见"]


@pytest.mark.parametrize(
    ("opening", "marks"),
    [
        ("<ol>", ["1.", "2."]),
        ("<ol start=3>", ["3.", "4."]),
        ("<ol type=a>", ["a.", "b."]),
        ("<ol type=I start=4>", ["IV.", "V."]),
        ("<ol reversed>", ["2.", "1."]),
        ("<ol style='list-style-type: cjk-ideographic'>", ["一、", "二、"]),
        ("<ol style='list-style: none'>", ["", ""]),
        ("<ul>", ["•", "•"]),
        ("<ul style='list-style-type:square'>", ["▪", "▪"]),
        ("<ol start=junk>", ["1.", "2."]),
    ],
)
def test_a_list_is_numbered_as_it_says(opening: str, marks: list[str]) -> None:
    found = lines(f"{opening}<li>Gap one<li>Gap two</ol>")
    assert [line.partition("Gap")[0].strip() for line in found] == marks


def test_an_item_may_name_its_own_number_and_hold_paragraphs() -> None:
    assert lines("<ol><li>甲<li value=5><p>乙</p><p>续</p><li>丙</ol>") == ["1. 甲", "5. 乙", "续", "6. 丙"]


def test_a_list_within_a_list_tells_its_depth_by_its_numbers() -> None:
    body = "<ol><li>甲<ol><li>子<li>丑</ol><li>乙<ol type=a><li>寅</ol><ul><li>卯</ul></ol>"
    assert lines(body) == ["1. 甲", "1.1 子", "1.2 丑", "2. 乙", "a. 寅", "• 卯"]


def test_a_list_that_word_wrote_keeps_its_printed_numbers() -> None:
    body = (
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]>"
        "<span style='mso-list:Ignore'>（一）<span style='font:7.0pt'>&nbsp; </span></span>"
        "<![endif]>甲</p>"
        "<p style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>2.<span>&nbsp;</span></span>乙</p>"
        "<p style='mso-list:l2 level1 lfo3'><span style='font-family:Wingdings'>"
        "<span style='mso-list:Ignore;font-family:Wingdings'>Ø<span>&nbsp;</span></span></span>丙</p>"
        "<!--[if gte mso 9]><xml>设置</xml><![endif]-->"
    )
    assert lines(body) == ["（一）甲", "2. 乙", "• 丙"]


def test_a_table_becomes_rows_with_its_merged_cells_in_place() -> None:
    body = (
        "<table><thead><tr><th>序号<th>存在问题<th>整改措施<th>责任单位<th>时限</thead>"
        "<tr><td>1<td rowspan=2>甲|乙<td>丙<br>丁<td rowspan=2>办公室<td>9月"
        "<tr><td>2<td>戊<td>10月<tr><td>3<td colspan=2>己<td>科室<td>年底</table>"
    )
    assert lines(body) == [
        "| 序号 | 存在问题 | 整改措施 | 责任单位 | 时限 |",
        "| 1 | 甲/乙 | 丙 丁 | 办公室 | 9月 |",
        "| 2 |  | 戊 | 办公室 | 10月 |",
        "| 3 | 己 |  | 科室 | 年底 |",
    ]


def test_a_cell_that_reaches_over_three_rows_is_there_in_each() -> None:
    body = (
        "<table><tr><td>序号<td>问题<td>责任人<tr><td>1<td>甲<td rowspan=3>张三<tr><td>2<td>乙<tr><td>3<td>丙"
        "<tr><td>4<td>丁<td>李四</table>"
    )
    assert lines(body)[1:] == [
        "| 1 | 甲 | 张三 |",
        "| 2 | 乙 | 张三 |",
        "| 3 | 丙 | 张三 |",
        "| 4 | 丁 | 李四 |",
    ]


def test_a_table_that_lays_out_a_page_gives_its_paragraphs() -> None:
    inner = "<table><tr><td>序号<td>问题<td>时限<tr><td>1<td>甲<td>9月</table>"
    body = f"<table><tr><td>菜单<td><p>一、存在问题</p>{inner}<p>完</p></table>"
    assert lines(body) == ["菜单", "一、存在问题", "| 序号 | 问题 | 时限 |", "| 1 | 甲 | 9月 |", "完"]


def test_text_that_is_laid_out_by_hand_keeps_its_lines() -> None:
    assert lines("<p>前</p><pre>一、问题\n  （一）甲\n\n完</pre>") == [
        "前",
        "一、问题",
        "  （一）甲",
        "",
        "完",
    ]


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("utf-8", '<meta charset="utf-8">'),
        ("gb18030", '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'),
        ("gb18030", '<meta charset="utf-8">'),
        ("gb18030", ""),
        ("utf-16", ""),
        ("utf-8", '<meta charset="none-such">'),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_keeps_to(encoding: str, head: str) -> None:
    words = "现将我局上半年工作情况汇报如下：存在的主要问题是，工作落实不够。"
    page = f"<html><head>{head}</head><body><p>{words}</p></body></html>"
    assert parse(page.encode(encoding), "a.html") == words + "\n"


def test_nothing_outside_the_page_is_ever_loaded() -> None:
    page = (
        b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        b"<html><body><p>a &x; b</p></body></html>"
    )
    assert parse(page, "a.html") in {"a &x; b\n", "]>\na &x; b\n"}


def test_odd_ends_of_tags_break_nothing() -> None:
    assert lines("</td></table></ol><td>甲</div><li>乙<table><tr>丙<td>丁") == ["甲", "• 乙", "丙", "丁"]
