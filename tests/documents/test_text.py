"""A file is read in the encoding it was written in, or refused with one clear sentence."""

import pytest

from documents.text import MOST_BYTES, MOST_PARAGRAPHS, Text, decode
from rules.errors import UnreadableError

REPORT = "现将我局上半年工作情况汇报如下：\n一、存在的主要问题\n（一）工作落实不够。\n"


def refusal(data: bytes, name: str = "report.txt") -> str:
    with pytest.raises(UnreadableError) as caught:
        decode(data, name)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "utf-16-le", "utf-16-be"])
def test_a_report_reads_the_same_in_every_encoding_of_the_offices(encoding: str) -> None:
    assert decode(REPORT.encode(encoding), "report.txt").text == REPORT


def test_utf8_is_told_as_such_and_a_mark_at_the_start_is_no_part_of_the_text() -> None:
    assert decode(REPORT.encode(), "a.txt") == Text(REPORT, "text/plain", "utf-8")
    assert decode(REPORT.encode("utf-8-sig"), "a.txt").text[0] == "现"


def test_every_kind_of_line_end_becomes_one_newline() -> None:
    assert decode("一\r\n二\r三\n".encode(), "a.txt").text == "一\n二\n三\n"
    assert decode("一\f二\u2028三\x0b四\x85五\u2029".encode(), "a.txt").text == "一\n二\n三\n四\n五\n"


def test_stray_control_characters_are_left_out() -> None:
    text = decode((REPORT * 20 + "甲\0乙\x1b丙\ufeff丁").encode(), "a.txt").text
    assert text == REPORT * 20 + "甲乙丙丁"


TRADITIONAL = "現將本局上半年工作情況報告如下：\n一、存在的主要問題\n（一）工作落實不夠，對問題整改不及時。\n"
JAPANESE = "上半期の業務状況を以下のとおり報告します。\n一、主な問題\n安全点検が十分ではありませんでした。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "utf-16", "utf-16-be"])
def test_a_report_in_traditional_signs_is_read_in_its_own_encoding(encoding: str) -> None:
    assert decode(TRADITIONAL.encode(encoding), "a.txt").text == TRADITIONAL


def test_what_could_be_more_than_one_encoding_is_never_guessed() -> None:
    assert refusal(JAPANESE.encode("shift_jis")) == (
        "The encoding of report.txt cannot be told; save it as UTF-8."
    )


def test_utf16_without_a_mark_and_without_any_blank_is_told_by_its_words() -> None:
    words = REPORT.replace("\n", "。") * 4
    assert [decode(words.encode(name), "a.txt").encoding for name in ("utf-16-le", "utf-16-be")] == [
        "utf-16-le",
        "utf-16-be",
    ]


def test_english_with_the_quotation_marks_of_an_older_windows_is_read() -> None:
    words = "The auditor’s “main” findings – in short – are listed below and answered by the manager.\n"
    assert decode(words.encode("cp1252"), "a.txt") == Text(words, "text/plain", "cp1252")


def test_a_file_that_was_cut_within_a_character_is_refused_and_not_shortened() -> None:
    data = REPORT.encode()
    assert refusal(data[:-5]) == f"report.txt begins as utf-8 but breaks off at byte {len(data) - 7}."


def test_lone_halves_of_utf16_pairs_are_refused() -> None:
    assert refusal(b"\xff\xfe" + "报告".encode("utf-16-le") + b"\x00\xd8\x2e\x00") == (
        "report.txt begins as utf-16 but breaks off at byte 6."
    )


def test_markdown_is_named_as_such() -> None:
    assert decode("# 存在问题\n".encode(), "notes.MD").media_type == "text/markdown"


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == "report.txt is empty."
    assert refusal(b" \n\t\n") == "report.txt is empty."
    assert refusal("\ufeff　\n".encode()) == "report.txt is empty."


def test_binary_junk_is_refused() -> None:
    assert (
        refusal(bytes(range(1, 32)) * 40) == "report.txt is not text: it holds too many control characters."
    )


def test_an_encoding_that_cannot_be_told_is_refused_with_the_way_out() -> None:
    junk = bytes((i * 167 + 129) % 256 for i in range(3000))
    assert refusal(junk) == "The encoding of report.txt cannot be told; save it as UTF-8."


def test_a_file_that_breaks_off_after_its_mark_is_refused() -> None:
    assert refusal(b"\xef\xbb\xbf\xe7\x8e") == "report.txt begins as utf-8-sig but breaks off at byte 0."


def test_a_file_over_twenty_mebibytes_is_refused() -> None:
    assert refusal(b"a" * (MOST_BYTES + 1)) == "report.txt is larger than 20 MiB."


def test_more_paragraphs_than_a_report_has_are_refused() -> None:
    assert refusal(b"a\n" * (MOST_PARAGRAPHS + 1)) == (
        "report.txt has 20001 paragraphs; at most 20000 are read."
    )
    assert decode(b"a\n\n" * MOST_PARAGRAPHS, "report.txt").encoding == "utf-8"
