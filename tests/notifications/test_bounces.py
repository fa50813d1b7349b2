import re
from collections.abc import Callable

import pytest
import returned_mail
from hypothesis import given
from hypothesis import strategies as st

from notifications.bounces import Verdict, read
from notifications.imap import MOST_BYTES

TO = "xu.xiaolan@yunzhou.example"
OURS = "<0123456789abcdef0123456789abcdef@office.example>"

Sample = Callable[[str, str], bytes]


@pytest.mark.parametrize(
    ("sample", "verdict", "said"),
    [
        (returned_mail.postfix, Verdict.NOBODY, "550 5.1.1 User unknown"),
        (
            returned_mail.exchange,
            Verdict.NOBODY,
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP lookup",
        ),
        (returned_mail.exim, Verdict.NOBODY, "550 No such user here"),
        (returned_mail.qmail, Verdict.NOBODY, "Sorry, no mailbox here by that name. (#5.1.1)"),
        (returned_mail.qq, Verdict.NOBODY, f"退信原因：收件人邮件地址（{TO}）不存在，邮件无法送达。"),
        (returned_mail.netease, Verdict.NOBODY, f"550 User not found: {TO}"),
        (returned_mail.full, Verdict.RETURNED, "552 5.2.2 Mailbox full"),
        (returned_mail.given_up, Verdict.RETURNED, "delivery time expired"),
    ],
    ids=lambda it: getattr(it, "__name__", ""),
)
def test_reports_of_several_makes_name_letter_recipient_and_reason(
    sample: Sample, verdict: Verdict, said: str
) -> None:
    report = read(sample(TO, OURS))
    assert report is not None
    assert (report.letters, report.of(TO), report.said) == ((OURS,), verdict, said)
    assert report.of("somebody.else@yunzhou.example") is None


@pytest.mark.parametrize(
    "sample",
    [returned_mail.postfix_delayed, returned_mail.out_of_office, returned_mail.forwarded],
    ids=lambda it: it.__name__,
)
def test_what_is_only_late_an_answer_or_sent_by_a_person_is_no_report(sample: Sample) -> None:
    assert read(sample(TO, OURS)) is None


def test_a_report_about_a_letter_that_is_not_in_our_form_is_none() -> None:
    assert read(returned_mail.postfix(TO, "<202609250830.1@office.example>")) is None


def test_a_letter_named_only_in_the_header_of_the_report_does_not_count() -> None:
    strange = returned_mail.postfix(TO, "<x@office.example>")
    assert (
        read(b"In-Reply-To: " + OURS.encode() + b"\nReferences: " + OURS.encode() + b"\n" + strange) is None
    )


def test_the_case_of_an_address_does_not_matter() -> None:
    report = read(returned_mail.postfix(TO.upper(), OURS))
    assert report is not None
    assert report.of(TO) is Verdict.NOBODY


def test_the_words_of_a_report_are_one_short_line_of_plain_text() -> None:
    report = read(returned_mail.postfix(TO, OURS, words="550 \u202e" + "x" * 900 + " {{ 7 * 7 }}"))
    assert report is not None
    assert (len(report.said), "\u202e" in report.said, "\n" in report.said) == (300, False, False)


def test_a_mail_without_end_is_read_to_its_bound() -> None:
    endless = returned_mail.postfix(TO, OURS) + b"x" * (3 * MOST_BYTES)
    report = read(endless)
    assert report is not None
    assert report.of(TO) is Verdict.NOBODY


@given(
    st.binary(max_size=400),
    st.integers(0, 900),
    st.sampled_from(["postfix", "exim", "qmail", "qq", "netease"]),
)
def test_no_mail_however_broken_brings_the_reader_down(noise: bytes, at: int, name: str) -> None:
    whole = getattr(returned_mail, name)(TO, OURS)
    read(noise)
    report = read(whole[:at] + noise + whole[at:])
    if report is not None:
        assert report.verdicts
        assert [
            one for one in report.letters if not re.fullmatch(r"<[0-9a-f]{32}@[A-Za-z0-9.-]+>", one)
        ] == []
