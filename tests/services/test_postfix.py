"""Letters through a real Postfix into a Maildir."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import postfix
import pytest
from certificates import HERE, certificate, trusted
from offices import Bureau
from postfix import Postfix

from models.message import Message, MessageState
from models.session import writing
from notifications.smtp import Security, Server
from services import reminders
from services.delivery import Channel, Delivered, deliver

pytestmark = pytest.mark.skipif(bool(postfix.missing()), reason=postfix.missing())
NOW = datetime(2026, 10, 1, 1, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Postfix]:
    with (
        tempfile.TemporaryDirectory(prefix="rectify-postfix-") as folder,
        Postfix(Path(folder), certificate(Path(folder), HERE)) as running,
    ):
        yield running


@pytest.fixture
def planned(bureau: Bureau) -> Bureau:
    """An overdue item: a digest for its owner and an escalation for the head, beside the assignment."""
    bureau.new_item(due_on=date(2026, 9, 30))
    with writing(bureau.engine) as session:
        reminders.plan(session, bureau.office, NOW.date(), now=NOW)
    return bureau


def handed_to(server: Postfix, bureau: Bureau) -> Delivered:
    there = Server("127.0.0.1", server.port, Security.STARTTLS, deadline=30)
    return deliver(
        bureau.engine, bureau.office.postbox, Channel(there, "test", timedelta(seconds=60)), lambda: NOW
    )


def told(mail: bytes) -> tuple[str, str, str, str]:
    """Message-ID, subject, plain text and HTML, as a mail program reads them."""
    read = message_from_bytes(mail, policy=default)
    parts = [read.get_body((kind,)) for kind in ("plain", "html")]
    text, html = (part.get_content().replace("\r\n", "\n") if part else "" for part in parts)
    return str(read["Message-ID"]), str(read["Subject"]), text, html


def test_letters_arrive_in_a_maildir_as_they_were_written(
    planned: Bureau, server: Postfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted(server.certificate, monkeypatch)
    done = handed_to(server, planned)
    letters = planned.messages(Message.state == MessageState.SENT)
    assert (done.sent, done.stopped) == (3, "")
    assert sorted(map(told, server.mails(3))) == sorted(
        (letter.message_id, letter.subject, letter.text, letter.html) for letter in letters
    )


def test_a_certificate_that_nobody_vouches_for_is_refused_and_no_letter_leaves(
    planned: Bureau, server: Postfix
) -> None:
    done = handed_to(server, planned)
    states = {(letter.state, letter.attempts) for letter in planned.messages()}
    assert (done.sent, bool(done.stopped), states) == (0, True, {(MessageState.PLANNED, 0)})
    assert server.mails(0) == []
