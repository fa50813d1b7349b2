"""An archive is checked before anything parses it: honest office files pass, all else is a sentence."""

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from docx import Document

from documents.archive import Bounds, members
from rules.errors import UnreadableError

XML = b'<?xml version="1.0" encoding="UTF-8"?><w/>'
BROKEN = (
    "a.docx cannot be unpacked; it may be damaged or cut off. Open it in its own program and save it anew."
)
DECLARED = "a.docx holds XML with declarations of its own (DOCTYPE, ENTITY); it was not opened."
LED_OUT = "a.docx holds a part whose name leads out of it; it was not opened."
DOUBLED = "a.docx holds two parts of one name; it was not opened."
BOMB = "a.docx unpacks to more than 100 times its size; it was not opened."


def packed(*parts: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    memory = BytesIO()
    with zipfile.ZipFile(memory, "w", method) as archive:
        for member, content in parts:
            archive.writestr(member, content)
    return memory.getvalue()


def refusal(data: bytes, bounds: Bounds | None = None) -> str:
    with pytest.raises(UnreadableError) as caught:
        members(data, "a.docx", bounds=bounds or Bounds())
    return str(caught.value)


def patched(data: bytes, sign: bytes, offset: int, value: bytes) -> bytes:
    """`data` with `value` written `offset` bytes behind the first `sign`."""
    at = data.index(sign) + offset
    return data[:at] + value + data[at + len(value) :]


def test_the_parts_of_a_word_document_come_out_as_they_went_in() -> None:
    memory = BytesIO()
    Document().save(memory)
    found = members(memory.getvalue(), "a.docx", lambda member: member.startswith("word/"))
    with zipfile.ZipFile(memory) as archive:
        kept = [member for member in archive.namelist() if member.startswith("word/")]
        assert found == {member: archive.read(member) for member in kept}


def test_a_small_part_may_pack_as_well_as_it_likes() -> None:
    content = b"<w>" + b" " * 1_000_000 + b"</w>"
    assert members(packed(("a.xml", content)), "a.docx") == {"a.xml": content}


def test_too_many_parts_are_refused() -> None:
    most = packed(*((f"{number}.xml", XML) for number in range(2000)))
    assert len(members(most, "a.docx")) == 2000
    more = packed(*((f"{number}.xml", XML) for number in range(2001)))
    assert refusal(more) == "a.docx holds 2001 parts; at most 2000 are unpacked."


def test_a_part_that_unpacks_a_hundredfold_is_refused() -> None:
    assert refusal(packed(("a.bin", bytes(30_000_000)))) == BOMB


def test_many_parts_that_each_pack_well_are_refused_together() -> None:
    small = [(f"{number}.bin", bytes(1_000_000)) for number in range(40)]
    assert refusal(packed(*small)) == BOMB


def test_what_unpacks_to_more_than_the_bound_is_refused_though_it_packs_badly() -> None:
    several = packed(*((f"{number}.bin", bytes(100_000)) for number in range(40)), method=zipfile.ZIP_STORED)
    assert refusal(several, Bounds(unpacked=3 * 1024**2)) == (
        "a.docx holds more than 3 MiB once it is unpacked; it was not opened."
    )


@pytest.mark.parametrize("claimed", [0, 10, 1_000_000])
def test_a_size_is_counted_and_not_believed(claimed: int) -> None:
    honest = packed(("a.bin", bytes(50_000_000)))
    lying = patched(honest, b"PK\x01\x02", 24, struct.pack("<I", claimed))
    assert refusal(lying) == BROKEN


def test_a_packed_size_that_is_too_large_to_be_true_hides_no_bomb() -> None:
    honest = packed(("a.bin", bytes(50_000_000)), ("b.bin", bytes(100)))
    lying = patched(honest, b"PK\x01\x02", 20, struct.pack("<I", 2_000_000_000))
    assert refusal(lying) in {BROKEN, BOMB}


def test_parts_that_share_their_bytes_are_counted_each() -> None:
    one = packed(("a.bin", bytes(900_000)))
    entry = one[one.index(b"PK\x01\x02") : one.index(b"PK\x05\x06")]
    body = one[: one.index(b"PK\x01\x02")]
    several = b"".join(entry.replace(b"a.bin", b"%05d" % number) for number in range(500))
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 500, 500, len(several), len(body), 0)
    assert refusal(body + several + end) in {BROKEN, BOMB}


@pytest.mark.parametrize(
    "member", ["../a.xml", "word/../../a.xml", "/etc/a.xml", "C:/a.xml", "..\\a.xml", "\\\\host\\a.xml"]
)
def test_a_name_that_leads_out_is_refused(member: str) -> None:
    assert refusal(packed((member, XML))) == LED_OUT


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["word/document.xml", "word/Document.xml", "word\\document.xml"])
def test_two_parts_of_one_name_are_refused(second: str) -> None:
    assert refusal(packed(("word/document.xml", XML), (second, XML))) == DOUBLED


def test_a_part_under_a_password_is_refused() -> None:
    honest = packed(("word/document.xml", XML))
    locked = patched(patched(honest, b"PK\x01\x02", 8, b"\1\0"), b"PK\x03\x04", 6, b"\1\0")
    assert refusal(locked) == (
        "a.docx is protected by a password; take the password off and hand it in again."
    )


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_that_no_office_program_uses_is_refused(method: int) -> None:
    assert refusal(packed(("word/document.xml", XML), method=method)) == BROKEN


def test_an_unknown_packing_is_refused() -> None:
    honest = packed(("a.xml", XML))
    assert refusal(patched(honest, b"PK\x01\x02", 10, b"\x63\0")) == BROKEN


DAMAGES: list[Callable[[bytes], bytes]] = [
    lambda data: data[: len(data) // 2],
    lambda data: data[:-5],
    lambda data: data[:10],
    lambda data: b"PK\x03\x04" + bytes(range(256)) * 40,
    lambda data: patched(data, b"PK\x01\x02", 16, b"\0\0\0\0"),
    lambda data: patched(data, b"PK\x03\x04", 40, b"\xff" * 30),
    lambda data: patched(data, b"PK\x01\x02", 42, b"\xff\xff\xff\x7f"),
    lambda data: patched(data, b"PK\x05\x06", 12, b"\xff\xff\xff\x7f"),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_archive_is_refused(damage: Callable[[bytes], bytes]) -> None:
    honest = packed(("word/document.xml", XML + b"<!-- " + bytes(range(60, 120)) * 20 + b" -->"))
    assert refusal(damage(honest)) == BROKEN


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w>&b;</w>',
        b'<?xml version="1.0"?>\n<!DOCTYPE w SYSTEM "http://outside.example/w.dtd"><w/>',
        b'\xef\xbb\xbf<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w>&a;</w>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w><w/>'.encode("utf-16"),
        "<!DOCTYPE w><w/>".encode("utf-16-be"),
    ],
)
@pytest.mark.parametrize("member", ["word/document.xml", "_rels/.rels", "word/Drawing.VML"])
def test_xml_that_declares_entities_is_refused_in_any_encoding(content: bytes, member: str) -> None:
    assert refusal(packed((member, content))) == DECLARED


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE w+AD4APA-w/+AD4-',
        '<?xml version="1.0" encoding="cp037"?><!DOCTYPE w><w/>'.encode("cp037"),
        b"<?xml version='1.0'" + b" " * 5000 + b"encoding='IBM037'?><w/>",
        b"no XML at all",
    ],
)
def test_xml_that_hides_in_a_strange_encoding_is_refused(content: bytes) -> None:
    assert refusal(packed(("word/document.xml", content))) == BROKEN


def test_a_report_may_speak_of_such_declarations() -> None:
    content = "<w>文中提到 &lt;!DOCTYPE html></w>".encode()
    assert members(packed(("word/document.xml", content)), "a.docx") == {"word/document.xml": content}
