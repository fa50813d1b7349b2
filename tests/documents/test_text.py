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


def test_markdown_is_named_as_such() -> None:
    assert decode("# 存在问题\n".encode(), "notes.MD").media_type == "text/markdown"


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == "report.txt is empty."
    assert refusal(b" \n\t\n") == "report.txt is empty."
    assert refusal("\ufeff　\n".encode()) == "report.txt is empty."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7\n...", "a.pdf is a PDF; this version reads text files."),
        (
            b"PK\x03\x04....word/document.xml",
            "a.pdf is a Word document (docx); this version reads text files.",
        ),
        (b"PK\x03\x04....xl/workbook.xml", "a.pdf is a workbook (xlsx); this version reads text files."),
        (b"PK\x03\x04....data.bin", "a.pdf is a zip archive; this version reads text files."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1",
            "a.pdf is a document of an older office program; this version reads text files.",
        ),
        (b"{\\rtf1\\ansi", "a.pdf is a rich-text document (rtf); this version reads text files."),
    ],
)
def test_a_file_of_another_format_is_refused_by_its_content_not_its_name(data: bytes, sentence: str) -> None:
    assert refusal(data, "a.pdf") == sentence


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
