import re
import sys
import unicodedata
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yunzhou_letters import ENVELOPE

from notifications.wire import assemble, digest, flatten, guard, message_id

HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "List-Id",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Language",
    "Content-Type",
]


def named(data: bytes, header: str) -> str:
    """Name and address by the older parser: the newer one puts blanks between a name's encoded words."""
    return str(make_header(decode_header(message_from_bytes(data)[header])))


def read(data: bytes) -> EmailMessage:
    mail = message_from_bytes(data, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_a_mail_reads_back_as_it_was_written() -> None:
    mail = read(assemble(ENVELOPE))
    assert [(name, str(value)) for name, value in mail.items()][:-1] == [
        ("From", "云州市住建局整改督办 <tixing@yunzhou.example>"),
        ("To", "李伟 <liwei@yunzhou.example>"),
        ("Subject", "【云州市住建局】3 项整改临期，1 项已逾期"),
        ("Date", "Fri, 25 Sep 2026 00:10:00 +0000"),
        ("Message-ID", "<0123456789abcdef0123456789abcdef@yunzhou.example>"),
        ("Reply-To", "chenjing@yunzhou.example"),
        ("List-Id", "<rectify.yunzhou.example>"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("MIME-Version", "1.0"),
        ("Content-Language", "zh-CN"),
    ]
    assert mail.get_content_type() == "multipart/alternative"
    assert [(part.get_content_type(), part.get_content()) for part in mail.iter_parts()] == [
        ("text/plain", ENVELOPE.text.replace("\n", "\r\n")),
        ("text/html", ENVELOPE.html.replace("\n", "\r\n")),
    ]
    assert mail.defects == []


def test_the_same_envelope_gives_the_same_bytes() -> None:
    assert digest(assemble(ENVELOPE)) == digest(assemble(replace(ENVELOPE)))


def test_a_mail_without_a_calendar_is_the_same_as_before_there_were_any() -> None:
    """Letters that waited in an outbox while the program was renewed keep their bytes."""
    before = "efc47aa09b8e45ba8973e1f6fa568643f1cc5aa88c3e6aaca3d58dee251011a4"
    assert digest(assemble(ENVELOPE)) == before


CALENDAR = "BEGIN:VCALENDAR\nMETHOD:PUBLISH\nEND:VCALENDAR\n"


def test_a_calendar_is_a_file_beside_the_words_and_does_not_stand_for_them() -> None:
    data = assemble(replace(ENVELOPE, calendar=CALENDAR))
    mail = read(data)
    words, file = mail.iter_parts()
    assert (mail.get_content_type(), words.get_content_type()) == ("multipart/mixed", "multipart/alternative")
    assert [part.get_content() for part in words.iter_parts()] == [
        ENVELOPE.text.replace("\n", "\r\n"),
        ENVELOPE.html.replace("\n", "\r\n"),
    ]
    assert (file.get_content_type(), file.get_param("method"), file.get_content_charset()) == (
        "text/calendar",
        "PUBLISH",
        "utf-8",
    )
    assert (file.get_content_disposition(), file.get_filename()) == ("attachment", "deadlines.ics")
    assert file.get_content() == CALENDAR.replace("\n", "\r\n")
    assert mail.keys() == read(assemble(ENVELOPE)).keys()
    assert [part.defects for part in mail.walk()] == [[]] * 5
    assert max(len(line) for line in data.split(b"\r\n")) <= 76


def test_no_boundary_begins_like_another() -> None:
    mail = read(assemble(replace(ENVELOPE, calendar=CALENDAR)))
    inner, outer = (str(part.get_boundary()) for part in (next(mail.iter_parts()), mail))
    assert (inner.startswith(outer), outer.startswith(inner)) == (False, False)


def test_a_mail_of_the_longest_words_keeps_to_short_lines() -> None:
    data = assemble(replace(ENVELOPE, subject="整改" * 150, sender_name="局" * 200, text="长" * 5000))
    assert max(len(line) for line in data.split(b"\r\n")) <= 76
    assert data.replace(b"\r\n", b"").count(b"\r") + data.replace(b"\r\n", b"").count(b"\n") == 0
    assert data.isascii()


def test_without_somebody_to_reply_to_there_is_no_reply_to() -> None:
    mail = read(assemble(replace(ENVELOPE, reply_to="")))
    assert mail.keys() == [name for name in HEADERS if name != "Reply-To"]


def test_a_short_english_subject_stays_readable_on_the_wire() -> None:
    data = assemble(replace(ENVELOPE, subject="3 items due soon, 1 overdue", recipient_name="Li Wei"))
    assert data.split(b"\r\n")[2:4] == [
        b"To: Li Wei <liwei@yunzhou.example>",
        b"Subject: 3 items due soon, 1 overdue",
    ]


def test_a_person_without_a_name_is_written_by_address_alone() -> None:
    assert read(assemble(replace(ENVELOPE, recipient_name=" ")))["To"] == "liwei@yunzhou.example"


@pytest.mark.parametrize(
    ("title", "flat"),
    [
        ("整改\r\nBcc: all@yunzhou.example", "整改 Bcc: all@yunzhou.example"),
        ("a\x00b\x85c\u2028d\u2029e", "a b c d e"),
        ("\u202e夜半\u2066三更\u2069\u200f", "夜半 三更"),
        ("e\u0301tat", "état"),
        ("\u3000\u3000一、存在的\u3000问题", "一、存在的 问题"),
        ("half \ud83d a pair", "half a pair"),
        ("soft\xadhyphen", "soft hyphen"),
        ("a\u2065b\ufff9c\ufffad\ufffbe", "a b c d e"),
        ("tag\U000e0001\U000e0041\U000e007fged", "tag ged"),
    ],
)
def test_a_title_becomes_one_harmless_line(title: str, flat: str) -> None:
    assert flatten(title) == flat


SEEN = frozenset("\u200c\u200d")
"""Joiners: they shape what stands beside them. Signs of other scripts that are seen do no harm either."""


def test_no_character_that_nobody_sees_stays_in_a_title() -> None:
    unseen = (
        sign
        for sign in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(sign) in {"Cc", "Zl", "Zp", "Zs", "Cs"}
        or (unicodedata.category(sign) == "Cf" and sign not in SEEN and not _is_of_a_script(sign))
    )
    assert [f"U+{ord(sign):04X}" for sign in unseen if flatten(f"a{sign}b") != "a b"] == []


def _is_of_a_script(sign: str) -> bool:
    """Number signs and controls of hieroglyphs that are seen, or join what is seen."""
    words = ("ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN")
    return unicodedata.name(sign, "").startswith(words) and sign != "\u061c"


def test_an_encoded_word_in_a_title_is_broken_up() -> None:
    assert guard("=?utf-8?q?x=0ABcc:_a?= ==??", 200) == "= ?utf-8?q?x=0ABcc:_a?= == ??"


def test_a_long_title_is_cut_with_a_mark() -> None:
    assert guard("整" * 300, 200) == "整" * 199 + "…"


@given(
    subject=st.text(max_size=260),
    sender=st.text(max_size=100),
    recipient=st.text(max_size=100),
    calendar=st.text(max_size=100),
)
@example("=?utf-8?q?hello=0D=0ABcc:_all=40yunzhou.example?=", "=?utf-8?q?=0ATo:_x?=", "a\r\n\r\nb", "")
@example("\r\nBcc: x@y.example\r\n\r\nbody", '"quoted" <other@y.example>', "李伟, \\", "\r\n\r\n--=_\r\n")
@example("a" * 250, "=" * 80 + "?", "?=" * 40, "BEGIN:VCALENDAR\r\n")
def test_whatever_a_title_holds_the_headers_are_ours_and_the_subject_survives(
    subject: str, sender: str, recipient: str, calendar: str
) -> None:
    given_names = replace(
        ENVELOPE, subject=subject, sender_name=sender, recipient_name=recipient, calendar=calendar
    )
    data = assemble(given_names)
    mail = read(data)
    assert mail.keys() == HEADERS
    assert mail["Subject"] == guard(subject, 200)
    assert unicodedata.is_normalized("NFC", mail["Subject"])
    assert [one.addr_spec for one in mail["To"].addresses] == [ENVELOPE.recipient]
    shown = guard(recipient, 80)
    assert named(data, "To") == (f"{shown} <{ENVELOPE.recipient}>" if shown else ENVELOPE.recipient)
    assert [one.addr_spec for one in mail["From"].addresses] == [ENVELOPE.sender]
    assert len(list(mail.iter_parts())) == 2


@given(text=st.text(), html=st.text())
def test_any_text_reads_back_with_its_line_ends_made_regular(text: str, html: str) -> None:
    plain, rich = read(assemble(replace(ENVELOPE, text=text, html=html))).iter_parts()
    ends = re.compile(r"\r\n|\n")
    assert plain.get_content() == ends.sub("\r\n", text)
    assert rich.get_content() == ends.sub("\r\n", html)


@given(subject=st.text(), text=st.text(), html=st.text(), calendar=st.text(max_size=100))
@example(".\r\n.", "\r\n.\r\n", "a\rb\n\r", "")
def test_no_line_of_a_mail_is_strange_to_a_mail_server(
    subject: str, text: str, html: str, calendar: str
) -> None:
    data = assemble(replace(ENVELOPE, subject=subject, text=text, html=html, calendar=calendar))
    lines = data.split(b"\r\n")
    assert [line for line in lines if line[:1] == b"." or b"\r" in line or b"\n" in line] == []
    assert lines[-1] == b""


def test_an_instant_has_its_date_in_the_zone_of_each_letter() -> None:
    shanghai = ENVELOPE.planned_at.astimezone(ZoneInfo("Asia/Shanghai"))
    there = replace(ENVELOPE, planned_at=shanghai)
    dates = [read(assemble(letter))["Date"] for letter in (ENVELOPE, there, ENVELOPE)]
    assert dates == [
        "Fri, 25 Sep 2026 00:10:00 +0000",
        "Fri, 25 Sep 2026 08:10:00 +0800",
        "Fri, 25 Sep 2026 00:10:00 +0000",
    ]


@pytest.mark.parametrize(
    "flaw",
    [
        {"recipient": "li\nwei@yunzhou.example"},
        {"recipient": "liwei"},
        {"recipient": "李伟@yunzhou.example"},
        {"recipient": "a@b@yunzhou.example"},
        {"sender": "tixing@yunzhou.example, all@yunzhou.example"},
        {"reply_to": "chen jing@yunzhou.example"},
        {"message_id": "<a\r\nBcc: b@c.example>"},
        {"list_id": "a>b"},
        {"locale": "zh\r\nBcc: a"},
        {"planned_at": datetime(2026, 9, 25)},  # noqa: DTZ001 - that is the flaw
    ],
)
def test_what_cannot_stand_in_a_header_is_refused(flaw: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - which sentence does not matter
        assemble(replace(ENVELOPE, **flaw))  # type: ignore[arg-type]


def test_a_message_id_is_always_the_same_for_a_key_and_no_other() -> None:
    first = message_id("digest:17:2026-09-25", b"secret", "yunzhou.example")
    assert first == message_id("digest:17:2026-09-25", b"secret", "yunzhou.example")
    others = {
        message_id("digest:18:2026-09-25", b"secret", "yunzhou.example"),
        message_id("digest:17:2026-09-25", b"another", "yunzhou.example"),
    }
    assert len({first, *others}) == 3
    assert re.fullmatch(r"<[0-9a-f]{32}@yunzhou\.example>", first)
