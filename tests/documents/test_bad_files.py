"""Text and HTML that are broken, hostile or not what they say end in one sentence or in drafts, soon."""

import struct
import zlib

import pytest
from bad_files import CONTROLS, EMPTY, NO_WORD, REPORT, TOO_MUCH, UNKNOWN, outcome

PICTURE = "报告.docx is a picture; a report is read from text. Have it recognised, and save it as docx."
DEEP = "报告.docx nests its parts too deeply to be read; save it as docx or as plain text."
ARCHIVE = "报告.docx is an archive; unpack it and hand in the report itself."


def png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


JUNK = bytes((i * i * 31 + i * 7 + 13) % 256 for i in range(5000))
TEXTS = {
    "nothing": (b"", EMPTY),
    "blank": (b" \r\n\t\n", EMPTY),
    "blank in Chinese": ("　\n　\u2028".encode(), EMPTY),
    "only a mark": (b"\xef\xbb\xbf", EMPTY),
    "only NULs": (bytes(5000), NO_WORD),
    "twenty-one mebibytes": (b"a" * (21 * 1024**2), "报告.docx is larger than 20 MiB."),
    "control characters": (bytes(range(1, 32)) * 50, NO_WORD),
    "NULs between letters": (b"\0".join([b"report of problems"] * 90), CONTROLS),
    "one NUL": ((REPORT * 20).replace("督查", "督\0查", 1).encode(), "40 drafts"),
    "junk": (JUNK, NO_WORD),
    "UTF-8 cut in a character": (
        REPORT.encode()[:-5],
        f"报告.docx begins as utf-8 but breaks off at byte {len(REPORT.encode()) - 7}.",
    ),
    "UTF-16 of odd length": (
        REPORT.encode("utf-16")[:-1],
        f"报告.docx begins as utf-16 but breaks off at byte {len(REPORT.encode('utf-16')) - 2}.",
    ),
    "a lone surrogate": (b"\xff\xfe\x00\xd8\x41\x00", "报告.docx begins as utf-16 but breaks off at byte 2."),
    "surrogates in UTF-8": ("一、问题".encode() + b"\xed\xa0\x80" + b"\xed\xa0\x80", UNKNOWN),
    "Shift-JIS": (
        "上半期の業務状況を報告します。安全点検が十分ではありません。".encode("shift_jis"),
        UNKNOWN,
    ),
    "GB18030 with a broken tail": (REPORT.encode("gb18030") + b"\xff\xff\x80", UNKNOWN),
    "a picture": (png(), PICTURE),
    "a picture with a report behind it": (png() + REPORT.encode(), PICTURE),
    "a report with a picture behind it": (REPORT.encode() + png(), UNKNOWN),
    "gzip": (b"\x1f\x8b\x08\0" + bytes(100), ARCHIVE),
    "a tar of NULs and names": (b"report.txt".ljust(512, b"\0") * 20, NO_WORD),
    "a million paragraphs": (b"a\n" * 1_000_000, "报告.docx has 1000000 paragraphs; at most 20000 are read."),
    "escape sequences": ("\x1b[31m".join(REPORT).encode(), CONTROLS),
    "four mebibytes in a line": (b"a " * (2 * 1024**2), "0 drafts"),
}


@pytest.mark.parametrize("case", TEXTS)
def test_a_text_ends_in_one_sentence_or_in_drafts(case: str) -> None:
    data, expected = TEXTS[case]
    assert outcome(data) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("报告.txt", "The encoding of 报告.txt cannot be told; save it as UTF-8."),
        ("报告", "The encoding of 报告 cannot be told; save it as UTF-8."),
        ("报告.WPS", "报告.WPS is named .wps, but it is no Word document; {}"),
        ("台账.xlsx", "台账.xlsx is named .xlsx, but it is no workbook; {}"),
        ("报告.pdf", "报告.pdf is named .pdf, but it is no PDF; {}"),
    ],
)
def test_bytes_that_are_no_text_are_not_what_their_name_says(name: str, expected: str) -> None:
    advice = "it may be damaged. Open it in its own program and save it anew."
    assert outcome(JUNK, name) == expected.format(advice)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_wide_text_that_breaks_off_is_text_all_the_same(encoding: str) -> None:
    assert "Word" not in outcome(REPORT.encode(encoding)[:-1])


@pytest.mark.parametrize("name", ["报告.docx", "台账.xlsx", "报告.pdf"])
def test_a_text_is_read_whatever_its_name(name: str) -> None:
    assert outcome(REPORT.encode("gb18030"), name) == "2 drafts"


@pytest.mark.parametrize("data", [bytes(5000), bytes(range(1, 32)) * 50])
def test_controls_alone_are_no_text_under_the_name_of_one(data: bytes) -> None:
    assert outcome(data, "报告.txt") == "报告.txt is not text: it holds too many control characters."


PAGE = "<html><body>" + "".join(f"<p>{line}</p>" for line in REPORT.splitlines()) + "</body></html>"
PAGES = {
    "a page without words": (b"<html><body><script>1</script></body></html>", EMPTY),
    "a hundred thousand divs": (
        b"<html>" + b"<div>" * 100_000 + REPORT.encode() + b"</div>" * 100_000,
        DEEP,
    ),
    "a hundred thousand open lists": (b"<html>" + b"<ol><li>" * 100_000 + b"a", DEEP),
    "ten thousand tables in each other": (
        b"<html>" + b"<table><tr><td>" * 10_000 + REPORT.encode(),
        DEEP,
    ),
    "a cell over a billion columns": (
        b"<html><table><tr><td colspan=999999999 rowspan=999999999>a<td>b<td>c</table>" + PAGE.encode(),
        "2 drafts",
    ),
    "a declaration of another encoding": (
        ('<html><head><meta charset="utf-7"></head>' + PAGE).encode("gb18030"),
        "2 drafts",
    ),
    "an external entity": (
        b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body>&x;' + PAGE.encode(),
        "2 drafts",
    ),
    "a bomb of entities": (
        (
            '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">'
            + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
            + f"]><html><body>&j;{PAGE}"
        ).encode(),
        "2 drafts",
    ),
    "twenty mebibytes in a line": (b"<html>" + b"<p>a" * (5 * 1024**2 - 10), TOO_MUCH),
    "a comment that never ends": (b"<html><!-- " + b"-" * 1_000_000, EMPTY),
    "a tag that never ends": (b"<html><p " + b"a" * 5_000_000, EMPTY),
    "twenty thousand attributes": (
        b"<html><p " + b" ".join(b"a%d=1" % i for i in range(20_000)) + b">x",
        "0 drafts",
    ),
    "NULs in tags": (b"<html><bo\0dy>" + PAGE.encode(), "2 drafts"),
}


@pytest.mark.parametrize("case", PAGES)
def test_a_page_ends_in_one_sentence_or_in_drafts(case: str) -> None:
    data, expected = PAGES[case]
    assert outcome(data) == expected
