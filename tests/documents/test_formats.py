"""A file is what its content says and not what its name says; what is not read is refused in one sentence."""

import pytest
from docx_parts import plain
from ole_files import ole

from documents.formats import kind_of, open_text
from documents.text import Text
from rules.errors import UnreadableError


def refusal(data: bytes, name: str = "a.txt") -> str:
    with pytest.raises(UnreadableError) as caught:
        open_text(data, name)
    return str(caught.value)


def test_a_document_under_a_wrong_name_is_read_as_what_it_is() -> None:
    docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert open_text(plain("一、问题"), "报告.pdf") == Text("一、问题\n", docx, "utf-8")


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        ("# 存在问题\n".encode(), "a.md", "text/markdown"),
        ("存在问题\n".encode(), "a.docx", "text/plain"),
        ("<!DOCTYPE html><p>存在问题</p>".encode(), "a.txt", "text/html"),
        ("\ufeff \n<!-- 注 -->\n<HTML><body>存在问题</body>".encode(), "a.doc", "text/html"),
        ("<html><p>存在问题</p></html>".encode("utf-16"), "a", "text/html"),
        ("前言<p>存在问题</p>".encode(), "a.htm", "text/html"),
        ("存在问题 <b>".encode(), "a.htm", "text/plain"),
        ("文中有 <html> 字样，存在问题".encode(), "a.txt", "text/plain"),
    ],
)
def test_text_and_html_are_told_apart(data: bytes, name: str, media_type: str) -> None:
    found = open_text(data, name)
    assert (found.media_type, "存在问题" in found.text) == (media_type, True)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.4", "pdf"),
        (b"\n\n%PDF-1.4", "pdf"),
        (b"HTTP header\r\n%PDF-1.4 ... %%EOF", "pdf"),
        ("系统导出的 %PDF-1.4 文件存在问题".encode(), "text"),
        (b"<!---->" * 500, "text"),
        (b"<!---->" * 500 + b"<html>", "html"),
        (b"{\\rtf1", "rtf"),
        (b"<?xml version='1.0'?>\n<?mso-application progid=\"Word.Document\"?><w/>", "word-xml"),
        (ole("WordDocument", "1Table", "ObjectPool"), "doc"),
        (ole("Workbook"), "xls"),
        (ole("PowerPoint Document"), "ppt"),
        (ole("EncryptionInfo", "EncryptedPackage"), "locked"),
        (ole("Contents"), "ole"),
        (ole(*(f"stream {number}" for number in range(200)), "WordDocument"), "doc"),
    ],
)
def test_a_kind_is_told_by_its_content(data: bytes, kind: str) -> None:
    assert kind_of(data, "a.txt") == kind


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            b"\x89PNG\r\n\x1a\n" + bytes(90),
            PICTURE := (
                "a.txt is a picture; a report is read from text. Have it recognised, and save it as docx."
            ),
        ),
        (b"\xff\xd8\xff\xe0" + bytes(90), PICTURE),
        (b"GIF89a" + bytes(90), PICTURE),
        (b"BM" + bytes(90), PICTURE),
        (b"II*\0" + bytes(90), PICTURE),
        (
            b"7z\xbc\xaf\x27\x1c" + bytes(90),
            ARCHIVE := "a.txt is an archive; unpack it and hand in the report itself.",
        ),
        (b"Rar!\x1a\x07" + bytes(90), ARCHIVE),
        (b"\x1f\x8b\x08" + bytes(90), ARCHIVE),
        (b"\x7fELF" + bytes(90), PROGRAM := "a.txt is a program and no report."),
        (b"MZ\x90\0" + bytes(90), PROGRAM),
        (ole("Workbook"), "a.txt is a workbook; a report is read from a document."),
        (ole("Book"), "a.txt is a workbook; a report is read from a document."),
        (ole("PowerPoint Document"), "a.txt is a presentation (ppt); save its text as docx."),
        (
            ole("EncryptedPackage"),
            "a.txt is protected by a password; take the password off and hand it in again.",
        ),
        (
            ole("Contents"),
            "a.txt comes from an older program and holds no document that is known; save it as docx.",
        ),
        (
            b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n",
            "a.txt is a web page in one file (mht); save it as docx or html.",
        ),
    ],
)
def test_what_is_not_read_is_refused_with_what_to_do(data: bytes, sentence: str) -> None:
    assert refusal(data) == sentence


@pytest.mark.parametrize("words", ["BM型设备存在问题", "MZ区存在问题", "II*级存在问题", "GIF格式存在问题"])
def test_a_text_that_begins_like_a_sign_of_another_format_is_still_a_text(words: str) -> None:
    assert open_text(words.encode(), "a.txt").text == words
