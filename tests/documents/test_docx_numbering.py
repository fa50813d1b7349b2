"""Automatic numbers of a Word document stand in the text exactly as Word shows them."""

import pytest
from docx_parts import level, listed, lists, par, word

from documents.docx_text import parse

HAN = level(0, "chineseCountingThousand", "%1、")
PAREN = level(1, "chineseCounting", "（%2）")
DIGIT = level(2, "decimal", "%3.")


def lines(body: str, numbering: str, styles: str = "") -> list[str]:
    return parse(word(body, numbering, styles), "报告.docx").splitlines()


def test_three_levels_of_an_official_report_are_counted_each_on_its_own() -> None:
    body = "".join(
        listed(words, depth)
        for words, depth in [("情况", 0), ("甲", 1), ("乙", 1), ("子", 2), ("丑", 2), ("问题", 0), ("丙", 1)]
    )
    assert lines(body, lists(HAN, PAREN, DIGIT)) == [
        "一、情况",
        "（一）甲",
        "（二）乙",
        "1. 子",
        "2. 丑",
        "二、问题",
        "（一）丙",
    ]


@pytest.mark.parametrize(
    ("style", "shown", "expected"),
    [
        ("chineseCounting", "（%1）", "（三）甲"),
        ("ideographDigital", "%1、", "三、甲"),
        ("japaneseCounting", "第%1条", "第三条 甲"),
        ("chineseLegalSimplified", "%1、", "叁、甲"),
        ("decimal", "（%1）", "（3）甲"),
        ("decimal", "%1、", "3、甲"),
        ("decimalEnclosedCircleChinese", "%1", "③ 甲"),
        ("decimalEnclosedCircle", "%1、", "③、甲"),
        ("decimalFullWidth", "%1．", "３．甲"),
        ("lowerLetter", "%1)", "c) 甲"),
        ("upperRoman", "%1.", "III. 甲"),
        ("none", "注：", "注：甲"),
    ],
)
def test_every_style_of_numbers_is_known(style: str, shown: str, expected: str) -> None:
    body = listed("其一") + listed("其二") + listed("甲")
    assert lines(body, lists(level(0, style, shown)))[2] == expected


def test_levels_printed_together_follow_their_own_styles_unless_they_are_plain() -> None:
    second = level(1, "decimal", "%1.%2")
    plain = level(2, "decimal", "%1.%2.%3", "<w:isLgl/>")
    body = listed("甲", 0) + listed("乙", 1) + listed("丙", 2)
    assert lines(body, lists(level(0, "upperRoman", "%1."), second, plain)) == [
        "I. 甲",
        "I.1 乙",
        "1.1.1 丙",
    ]


def test_a_list_begins_where_it_says() -> None:
    assert lines(listed("甲") + listed("乙"), lists(level(0, "decimal", "%1.", start=5))) == [
        "5. 甲",
        "6. 乙",
    ]


def test_a_list_goes_on_after_other_paragraphs_and_in_another_instance() -> None:
    more = '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    body = listed("甲") + par("间隔") + listed("乙") + listed("丙", name=2)
    assert lines(body, lists(HAN) + more) == ["一、甲", "间隔", "二、乙", "三、丙"]


def test_an_instance_that_restarts_begins_anew_once() -> None:
    more = (
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    body = listed("甲") + listed("乙") + listed("丙", name=2) + listed("丁", name=2) + listed("戊")
    assert lines(body, lists(HAN) + more) == ["一、甲", "二、乙", "一、丙", "二、丁", "三、戊"]


def test_an_instance_may_print_in_its_own_way() -> None:
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "decimal", "问题%1：")}</w:lvlOverride>'
    assert lines(listed("甲") + listed("乙"), lists(HAN, more=own)) == ["问题1：甲", "问题2：乙"]


@pytest.mark.parametrize(
    ("restart", "numbers"),
    [("", "1 1"), ('<w:lvlRestart w:val="0"/>', "1 2"), ('<w:lvlRestart w:val="1"/>', "1 2")],
)
def test_a_deeper_level_restarts_after_the_levels_that_it_names(restart: str, numbers: str) -> None:
    third = level(2, "decimal", "%3", restart)
    body = listed("甲", 0) + listed("乙", 1) + listed("丙", 2) + listed("丁", 1) + listed("戊", 2)
    found = lines(body, lists(HAN, PAREN, third))
    assert " ".join(line.split()[0] for line in found if line[0].isdigit()) == numbers


def test_a_level_whose_higher_one_has_not_come_counts_from_its_start() -> None:
    second = level(1, "decimal", "%1.%2")
    body = listed("甲", 1) + listed("乙", 0) + listed("丙", 1)
    assert lines(body, lists(level(0, "decimal", "%1."), second)) == ["1.1 甲", "1. 乙", "1.1 丙"]


STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/>
 <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:basedOn w:val="a"/>
 <w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="2a"><w:name w:val="our heading"/><w:basedOn w:val="2"/></w:style>
"""
LINKED = lists(
    level(0, "chineseCounting", "%1、", '<w:pStyle w:val="1"/>'),
    level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="2"/>'),
)


def styled(words: str, style: str, more: str = "") -> str:
    return par(words, f'<w:pStyle w:val="{style}"/>{more}')


def test_a_style_numbers_its_paragraphs_and_those_of_the_styles_based_on_it() -> None:
    body = styled("甲", "1") + styled("乙", "2") + styled("丙", "2a") + styled("丁", "a")
    assert lines(body, LINKED, STYLES) == ["一、甲", "（一）乙", "（二）丙", "丁"]


def test_number_zero_switches_the_numbers_of_a_style_off() -> None:
    off = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'
    body = styled("甲", "1") + styled("乙", "1", off) + styled("丙", "1")
    assert lines(body, LINKED, STYLES) == ["一、甲", "乙", "二、丙"]


def test_a_paragraph_may_change_only_the_level_of_its_style() -> None:
    body = styled("甲", "1") + styled("乙", "1", '<w:numPr><w:ilvl w:val="1"/></w:numPr>')
    assert lines(body, LINKED, STYLES) == ["一、甲", "（一）乙"]


def test_a_list_style_is_looked_up() -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="L"><w:name w:val="list"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    linking = (
        '<w:abstractNum w:abstractNumId="7"><w:numStyleLink w:val="L"/></w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="7"/></w:num>'
    )
    assert lines(listed("甲", name=7), lists(HAN) + linking, styles) == ["一、甲"]


@pytest.mark.parametrize(("gap", "expected"), [("tab", "A 甲"), ("space", "A 甲"), ("nothing", "A 甲")])
def test_what_follows_a_latin_number_is_one_blank(gap: str, expected: str) -> None:
    more = f'<w:suff w:val="{gap}"/>'
    assert lines(listed("甲"), lists(level(0, "upperLetter", "%1", more))) == [expected]


@pytest.mark.parametrize(
    ("sign", "shown"), [("\uf0b7", "•"), ("\uf06c", "●"), ("o", "○"), ("\uf0ff", "•"), ("–", "–"), ("■", "■")]
)
def test_bullets_of_symbol_fonts_become_bullets_that_all_fonts_have(sign: str, shown: str) -> None:
    assert lines(listed("甲"), lists(level(0, "bullet", sign))) == [f"{shown} 甲"]


def test_a_number_format_of_a_newer_word_is_read_by_its_plain_form() -> None:
    newer = (
        '<w:lvl w:ilvl="0"><w:start w:val="3"/><mc:AlternateContent><mc:Choice Requires="w14">'
        '<w:numFmt w:val="custom" w:format="001, 002, 003"/></mc:Choice><mc:Fallback>'
        '<w:numFmt w:val="decimalZero"/></mc:Fallback></mc:AlternateContent><w:lvlText w:val="%1."/></w:lvl>'
    )
    assert lines(listed("甲"), lists(newer)) == ["03. 甲"]


@pytest.mark.parametrize("numbering", ["", lists(HAN, name=3), '<w:num w:numId="1"/>'])
def test_a_list_that_is_not_defined_bears_no_number(numbering: str) -> None:
    assert lines(listed("甲"), numbering) == ["甲"]
