"""Word documents and archives that are broken or hostile end in one sentence or in drafts, soon."""

import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from bad_files import BOMB, BROKEN, DAMAGED, DECLARED, EMPTY, LED_OUT, LOCKED, REPORT, outcome
from docx_parts import CONTENT_TYPES, RELATIONS, level, listed, lists, par, plain, word, zipped
from ole_files import ole
from report_forms import WORD

from documents.ole import top_names

DOCX = DAMAGED.format("docx")
GOOD = plain(*REPORT.splitlines())
PARAGRAPHS = "".join(par(line) for line in REPORT.splitlines())
BODY = f'<w:document xmlns:w="{WORD}"><w:body>{PARAGRAPHS}</w:body></w:document>'


def document(content: str | bytes, **others: str | bytes) -> bytes:
    """A docx whose main part is `content`."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": content,
    }
    return zipped(parts | others)


def laughs(inside: str) -> str:
    entities = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(9))
    return f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "ha">{entities}]>{inside}'


def flagged(data: bytes) -> bytes:
    """The archive with every part marked as encrypted."""
    for sign, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = -1
        while (at := data.find(sign, at + 1)) >= 0:
            data = data[: at + offset] + b"\x01" + data[at + offset + 1 :]
    return data


def renamed(name: str) -> bytes:
    return document(BODY, **{name: "<x/>"})


def nested(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + par("甲") + "</w:tc></w:tr></w:tbl>" * depth


CASES: dict[str, tuple[bytes, str]] = {
    "the good one": (GOOD, "2 drafts"),
    "cut in half": (GOOD[: len(GOOD) // 2], BROKEN),
    "without its last bytes": (GOOD[:-30], BROKEN),
    "a byte changed within": (
        GOOD.replace(b"\x03\x14", b"\x13\x14")[:2000] + b"\xff" * 40 + GOOD[2040:],
        BROKEN,
    ),
    "only the first bytes": (
        b"PK\x03\x04",
        "报告.docx is an archive; unpack it and hand in the report itself.",
    ),
    "junk in a zip's clothes": (
        b"PK\x03\x04" + bytes(range(256)) * 40,
        "报告.docx is an archive; unpack it and hand in the report itself.",
    ),
    "a plain zip": (
        zipped({"report.txt": REPORT}),
        "报告.docx is an archive; unpack it and hand in the report itself.",
    ),
    "a docx within a zip": (
        zipped({"报告.docx": GOOD}),
        "报告.docx is an archive; unpack it and hand in the report itself.",
    ),
    "a presentation": (
        zipped({"[Content_Types].xml": CONTENT_TYPES, "ppt/presentation.xml": "<p/>"}),
        "报告.docx is a presentation (pptx); save its text as docx.",
    ),
    "no document part": (zipped({"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": RELATIONS}), DOCX),
    "no relations": (zipped({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": BODY}), DOCX),
    "relations to nowhere": (
        zipped(
            {"[Content_Types].xml": "<x/>", "_rels/.rels": RELATIONS.replace("document.xml", "../../etc")}
        ),
        DOCX,
    ),
    "broken XML": (document(BODY[:-30]), DOCX),
    "no XML at all": (document("report"), BROKEN),
    "an empty document part": (document(""), DOCX),
    "another root": (document("<html/>"), DOCX),
    "no words": (document(f'<w:document xmlns:w="{WORD}"><w:body/></w:document>'), EMPTY),
    "control characters in XML": (document(BODY.replace("工作", "工\x00作")), DOCX),
    "broken styles": (document(BODY, **{"word/styles.xml": "<w:styles"}), DOCX),
    "broken numbering": (document(BODY, **{"word/numbering.xml": "<w:numbering"}), DOCX),
    "entities that breed": (document(laughs(BODY)), DECLARED),
    "entities that breed in the styles": (document(BODY, **{"word/styles.xml": laughs("<s/>")}), DECLARED),
    "an entity from a file": (
        document(f'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>{BODY.replace("工作", "&x;")}'),
        DECLARED,
    ),
    "a DTD from outside": (document(f'<!DOCTYPE w SYSTEM "http://outside.example/w.dtd">{BODY}'), DECLARED),
    "a DTD in UTF-16": (document(f"<!DOCTYPE w>{BODY}".encode("utf-16")), DECLARED),
    "XML in UTF-7": (document('<?xml version="1.0" encoding="UTF-7"?><w/>'), BROKEN),
    "a name that climbs": (renamed("../../etc/cron.d/report"), LED_OUT),
    "an absolute name": (renamed("/etc/report"), LED_OUT),
    "a name of another system": (renamed("C:\\report"), LED_OUT),
    "a password on the archive": (flagged(GOOD), LOCKED),
    "a password on the document": (ole("EncryptionInfo", "EncryptedPackage"), LOCKED),
    "a bomb by ratio": (document(BODY, **{"word/media/a.bin": bytes(50_000_000)}), BOMB),
    "a bomb in the document": (document(BODY.replace("工作", " " * 50_000_000)), BOMB),
    "a bomb within a bomb": (
        document(BODY, **{"a.zip": zipped({"b.zip": zipped({"c": bytes(30_000_000)})})}),
        "2 drafts",
    ),
    "a lying header": (
        (lying := document(BODY, **{"zz.bin": bytes(50_000_000)})).replace(
            (50_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
        ),
        BROKEN,
    ),
    "ten thousand parts": (
        document(BODY, **{f"word/{i}.xml": "<x/>" for i in range(10_000)}),
        "报告.docx holds 10003 parts; at most 2000 are unpacked.",
    ),
    "thirty thousand parts": (
        document(BODY, **{f"word/{i}.xml": "<x/>" for i in range(30_000)}),
        "报告.docx holds 30003 parts; at most 2000 are unpacked.",
    ),
    "two hundred thousand paragraphs": (
        word("".join(par(f"第{i * 7919 % 1000003}段 {i * 104729 % 1299709:x}") for i in range(200_000))),
        "报告.docx has 200000 paragraphs; at most 20000 are read.",
    ),
    "ten thousand tables in each other": (word(nested(10_000)), DOCX),
    "sixty tables in each other": (word(nested(60)), "0 drafts"),
    "a paragraph of three million signs": (
        word(par("".join(f"第{i * 7919 % 1000003:x}" for i in range(500_000)))),
        "0 drafts",
    ),
    "a list that goes round in circles": (
        word(
            listed("甲", name=1),
            numbering='<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="a"/></w:abstractNum>'
            '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>',
            styles='<w:style w:type="numbering" w:styleId="a"><w:basedOn w:val="b"/><w:pPr><w:numPr>'
            '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
            '<w:style w:type="paragraph" w:default="1" w:styleId="b"><w:basedOn w:val="a"/></w:style>',
        ),
        "0 drafts",
    ),
    "a number beyond all bounds": (
        word(listed("甲", level=99), numbering=lists(level(99, "upperRoman", "%1%9", start=2**40))),
        "0 drafts",
    ),
    "a column span that is no number": (
        word('<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="x"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'),
        DOCX,
    ),
    "a column span of a billion": (
        word(
            '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>'
            f"{par('甲')}</w:tc></w:tr></w:tbl>"
        ),
        "0 drafts",
    ),
    "a field that never ends": (
        word(par('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>TOC</w:instrText></w:r>') + par("甲")),
        EMPTY,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_document_ends_in_one_sentence_or_in_drafts(case: str) -> None:
    data, expected = CASES[case]
    assert outcome(data) == expected


def opendocument(**parts: str | bytes) -> bytes:
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text"} | parts)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"content.xml": "<a/>", "Pictures/a": bytes(50_000_000)}, BOMB),
        ({"content.xml": laughs("<a/>")}, DECLARED),
        ({"../content.xml": "<a/>"}, LED_OUT),
        ({"META-INF/manifest.xml": "<m:manifest><m:encryption-data/></m:manifest>"}, LOCKED),
    ],
)
def test_a_hostile_opendocument_never_comes_to_libreoffice(
    parts: dict[str, str | bytes], expected: str
) -> None:
    assert outcome(opendocument(**parts)) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"\xd0\xcf\x11\xe0",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 2000,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 200,
        ole("WordDocument")[:700],
    ],
)
def test_a_broken_container_of_an_older_program_is_refused(data: bytes) -> None:
    assert outcome(data, seconds=5) == (
        "报告.docx comes from an older program and holds no document that is known; save it as docx."
    )


def test_a_directory_that_goes_round_in_circles_is_walked_once() -> None:
    begun = time.monotonic()
    assert top_names(ole("WordDocument", next_directory=1)) == {"WordDocument"}
    assert time.monotonic() - begun < 5


def test_two_parts_of_one_name_are_refused() -> None:
    memory = BytesIO(document(BODY))
    with zipfile.ZipFile(memory, "a") as archive:
        archive.writestr("word/Document.xml", "<x/>")
    assert outcome(memory.getvalue()) == "报告.docx holds two parts of one name; it was not opened."


def test_a_document_that_is_also_something_else_is_read_as_what_it_begins_with() -> None:
    assert outcome(GOOD + b"%PDF-1.7\n%%EOF") == "2 drafts"
    assert outcome(b"<html><p>" + GOOD) == "The encoding of 报告.docx cannot be told; save it as UTF-8."


def test_nothing_is_unpacked_onto_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert outcome(GOOD) == "2 drafts"
    assert list(tmp_path.iterdir()) == []
