"""Numbers are printed before paragraphs as Word prints them."""

import pytest

from documents.number_signs import value_of
from documents.numerals import before, printed


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("decimal", "1 2 10 11 20 99 100 110"),
        ("decimalZero", "01 02 10 11 20 99 100 110"),
        ("decimalFullWidth", "１ ２ １０ １１ ２０ ９９ １００ １１０"),
        ("chineseCounting", "一 二 十 十一 二十 九十九 一○○ 一一○"),
        ("chineseCountingThousand", "一 二 十 十一 二十 九十九 一百 一百一十"),
        ("japaneseCounting", "一 二 十 十一 二十 九十九 百 百十"),
        ("ideographDigital", "一 二 一〇 一一 二〇 九九 一〇〇 一一〇"),
        ("chineseLegalSimplified", "壹 贰 壹拾 壹拾壹 贰拾 玖拾玖 壹佰 壹佰壹拾"),
        ("ideographTraditional", "甲 乙 癸 甲 癸 壬 癸 癸"),
        ("upperRoman", "I II X XI XX XCIX C CX"),
        ("lowerRoman", "i ii x xi xx xcix c cx"),
        ("lowerLetter", "a b j k t uuuu vvvv fffff"),
        ("decimalEnclosedCircle", "① ② ⑩ ⑪ ⑳ 99 100 110"),
        ("decimalEnclosedCircleChinese", "① ② ⑩ ⑪ ⑳ 99 100 110"),
        ("decimalEnclosedParen", "⑴ ⑵ ⑽ ⑾ ⒇ 99 100 110"),
        ("decimalEnclosedFullstop", "⒈ ⒉ ⒑ ⒒ ⒛ 99 100 110"),
        ("ideographEnclosedCircle", "㊀ ㊁ ㊉ 11 20 99 100 110"),
        ("ordinal", "1st 2nd 10th 11th 20th 99th 100th 110th"),
        ("numberInDash", "- 1 - - 2 - - 10 - - 11 - - 20 - - 99 - - 100 - - 110 -"),
        ("thaiCounting", "1 2 10 11 20 99 100 110"),
    ],
)
def test_a_style_prints_its_numbers(style: str, shown: str) -> None:
    assert " ".join(printed(number, style) for number in (1, 2, 10, 11, 20, 99, 100, 110)) == shown


def test_letters_go_on_doubled_after_the_last() -> None:
    assert [printed(number, "upperLetter") for number in (26, 27, 28, 52, 53)] == [
        "Z",
        "AA",
        "BB",
        "ZZ",
        "AAA",
    ]


def test_circles_go_on_to_fifty() -> None:
    assert [printed(number, "decimalEnclosedCircle") for number in (21, 35, 36, 50, 51)] == [
        "㉑",
        "㉟",
        "㊱",
        "㊿",
        "51",
    ]


def test_the_gap_within_a_number_is_read_as_zero() -> None:
    assert [printed(number, "chineseCountingThousand") for number in (101, 1001, 1010, 1100)] == [
        "一百零一",
        "一千零一",
        "一千零一十",
        "一千一百",
    ]


@pytest.mark.parametrize("number", range(1, 100))
def test_the_reader_understands_every_number_that_is_printed(number: int) -> None:
    assert value_of(f"（{printed(number, 'chineseCountingThousand')}）") == number


def test_no_number_is_too_strange_to_be_printed() -> None:
    assert [printed(number, "upperRoman") for number in (0, -3, 10**12)] == ["0", "-3", "1000000000000"]


def test_a_number_that_does_not_bring_its_gap_gets_one() -> None:
    pairs = [
        ("（一）", "甲"),
        ("1、", "甲"),
        ("1.", "甲"),
        ("•", "甲"),
        ("a)", "b"),
        ("1. ", " 甲"),
        ("", "甲"),
    ]
    assert [before(*pair) for pair in pairs] == ["（一）甲", "1、甲", "1. 甲", "• 甲", "a) b", "1. 甲", "甲"]
