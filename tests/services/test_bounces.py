from datetime import date, datetime, timedelta

import pytest
import returned_mail
from imap_server import PASSWORD, ImapServer
from offices import ZONE, Bureau

from models.message import FailingAddress, Message, MessageState, Run
from models.session import reading, writing
from notifications import outbox
from notifications.imap import MOST_BYTES, Box
from notifications.smtp import Answer, Ruling, Security
from rules.silences import Finding
from rules.watch import Cause
from services import alarms, bounces, receipts, silences
from services.bounces import Collected

P01 = "2026H1-P01"
OWNER = "owner@office.example"
NOW = datetime(2026, 7, 7, 9, tzinfo=ZONE)
TUESDAY = date(2026, 7, 7)


def box(server: ImapServer, password: str = PASSWORD, folder: str = "INBOX") -> Box:
    return Box("127.0.0.1", server.port, Security.PLAIN, "rectify", password, folder, timeout=2.0)


def collect(bureau: Bureau, server: ImapServer, now: datetime = NOW) -> Collected:
    return bounces.collect(bureau.engine, box(server), lambda: now)


@pytest.fixture
def letter(bureau: Bureau) -> Message:
    """The assignment of an item, taken by the mail server."""
    bureau.new_item(P01)
    with writing(bureau.engine) as session:
        while message := outbox.claim(session, "test", NOW, timedelta(minutes=3)):
            outbox.settle(session, message, Answer(Ruling.SENT, "250 queued"), NOW)
    [found] = bureau.messages()
    return found


def returned(bureau: Bureau) -> list[tuple[datetime | None, str]]:
    return [(m.bounced_at, m.bounce) for m in bureau.messages(Message.letter == "assignment")]


def failing(bureau: Bureau) -> list[str]:
    with reading(bureau.engine) as session:
        return [row.address for row in session.query(FailingAddress)]


def test_a_report_marks_its_letter_and_its_address_and_is_marked_as_read(
    bureau: Bureau, letter: Message
) -> None:
    report = returned_mail.postfix(OWNER, letter.message_id)
    with ImapServer([b"From: a@b.example\n\nhello\n", report]) as server:
        assert collect(bureau, server) == Collected(read=2, returned=1)
        assert collect(bureau, server, NOW + timedelta(hours=1)) == Collected()
        assert server.seen == {1, 2}
    assert returned(bureau) == [(NOW, "550 5.1.1 User unknown")]
    assert failing(bureau) == [OWNER]


def test_the_same_report_twice_changes_nothing(bureau: Bureau, letter: Message) -> None:
    report = returned_mail.exchange(OWNER, letter.message_id)
    with ImapServer([report, report]) as server:
        assert collect(bureau, server).returned == 1
        server.seen.clear()
        assert collect(bureau, server, NOW + timedelta(days=1)) == Collected(read=2, returned=0)
    assert [at for at, _ in returned(bureau)] == [NOW]


@pytest.mark.parametrize(
    ("to", "identifier"),
    [("head@office.example", ""), (OWNER, "<0123456789abcdef0123456789abcdef@office.example>")],
    ids=["another recipient", "a letter that was never written"],
)
def test_message_id_and_recipient_must_both_fit(
    bureau: Bureau, letter: Message, to: str, identifier: str
) -> None:
    with ImapServer([returned_mail.postfix(to, identifier or letter.message_id)]) as server:
        assert collect(bureau, server) == Collected(read=1, returned=0)
    assert (returned(bureau), failing(bureau)) == ([(None, "")], [])


def test_a_full_mailbox_returns_the_letter_and_leaves_the_address_in_good_repute(
    bureau: Bureau, letter: Message
) -> None:
    with ImapServer([returned_mail.full(OWNER, letter.message_id)]) as server:
        assert collect(bureau, server).returned == 1
    assert (returned(bureau), failing(bureau)) == ([(NOW, "552 5.2.2 Mailbox full")], [])


def test_a_letter_that_came_back_after_its_receipt_is_told_in_the_next(
    bureau: Bureau, letter: Message
) -> None:
    with writing(bureau.engine) as session:
        assert receipts.write(session, bureau.office, TUESDAY, now=NOW).sent == 1
    with ImapServer([returned_mail.netease(OWNER, letter.message_id)]) as server:
        collect(bureau, server)
    with writing(bureau.engine) as session:
        after = receipts.write(session, bureau.office, TUESDAY + timedelta(days=1), now=NOW)
    [message] = bureau.messages(Message.letter == "receipt", Message.day > TUESDAY)
    line = f"- 安全科员 <{OWNER}>：2026年7月6日的交办通知被退回（550 User not found: {OWNER}）"
    assert (after.sent, after.lost, line in message.text.splitlines()) == (0, 1, True)


def test_a_dead_address_is_alarmed_once_and_further_letters_are_still_planned(
    bureau: Bureau, letter: Message
) -> None:
    with ImapServer([returned_mail.qq(OWNER, letter.message_id)]) as server:
        collect(bureau, server)
    with writing(bureau.engine) as session:
        [alarm] = alarms.check(session, bureau.office, now=NOW).alarms
        again = alarms.check(session, bureau.office, now=NOW + timedelta(minutes=30))
    assert ([one.address for one in alarm.failing], again.alarms) == ([OWNER], ())
    bureau.new_item("2026H1-P02", now=NOW)
    assert len(bureau.messages(Message.state == MessageState.PLANNED, Message.address == OWNER)) == 1


def test_why_says_that_the_letter_came_back(bureau: Bureau, letter: Message) -> None:
    with ImapServer([returned_mail.exim(OWNER, letter.message_id)]) as server:
        collect(bureau, server)
    with reading(bureau.engine) as session:
        answer = silences.why(session, bureau.office, OWNER, date(2026, 7, 6), TUESDAY)
    [told] = answer.letters
    assert [reason.sentence for reason in told.reasons] == [Finding.SENT, Finding.BOUNCED]
    assert told.reasons[-1].values == {"at": NOW, "answer": "550 No such user here"}
    assert answer.reasons[0].sentence is Finding.BAD_ADDRESS


@pytest.mark.parametrize("fault", ["silent", "noise", "drop"])
def test_a_mailbox_that_does_not_answer_costs_a_sentence_and_is_seen_in_the_receipt(
    bureau: Bureau, letter: Message, fault: str
) -> None:
    with ImapServer([returned_mail.postfix(OWNER, letter.message_id)], fault=fault) as server:
        found = collect(bureau, server)
    assert found.error != ""
    with reading(bureau.engine) as session:
        pulses = {pulse.loop: pulse for pulse in receipts.pulses(session, bureau.office, NOW)}
    assert pulses[bounces.NAME].error == found.error  # type: ignore[index]
    assert [run.counts for run in bureau.rows(Run, Run.name == bounces.NAME)] == [{"read": 0, "returned": 0}]


@pytest.mark.parametrize(
    ("password", "folder", "words"),
    [("wrong", "INBOX", "wrong password"), (PASSWORD, "Nowhere", "no such folder")],
)
def test_a_wrong_password_and_a_wrong_folder_are_told_in_the_server_s_words(
    bureau: Bureau, password: str, folder: str, words: str
) -> None:
    with ImapServer([]) as server:
        found = bounces.collect(bureau.engine, box(server, password, folder), lambda: NOW)
    assert found == Collected(error=words)


def test_of_a_huge_mail_only_the_beginning_is_fetched(bureau: Bureau, letter: Message) -> None:
    huge = returned_mail.postfix(OWNER, letter.message_id) + b"x" * 2_000_000
    with ImapServer([huge]) as server:
        assert collect(bureau, server).returned == 1
        assert server.fetched == [f"UID FETCH 1 (BODY.PEEK[]<0.{MOST_BYTES}>)"]


def alarmed(bureau: Bureau, now: datetime) -> tuple[list[tuple[Cause, str]], int, bool]:
    """What a check finds, of how many letters it plans, and whether all is well."""
    with writing(bureau.engine) as session:
        checked = alarms.check(session, bureau.office, now=now)
    return [(one.cause, one.said) for one in checked.alarms], checked.messages, checked.is_well


def unread(bureau: Bureau, now: datetime) -> None:
    with ImapServer([]) as server:
        bounces.collect(bureau.engine, box(server, "wrong"), lambda: now)


SUNDAY = NOW - timedelta(days=2)
"""Nobody expects reminders on it."""
MAILBOX = [(Cause.MAILBOX, "wrong password")]


def test_a_mailbox_that_cannot_be_read_is_alarmed_once_until_it_was_read_again(bureau: Bureau) -> None:
    unread(bureau, SUNDAY)
    assert alarmed(bureau, SUNDAY) == (MAILBOX, 2, False)
    unread(bureau, SUNDAY + timedelta(hours=1))
    assert alarmed(bureau, SUNDAY + timedelta(hours=1)) == (MAILBOX, 0, False)
    with ImapServer([]) as server:
        collect(bureau, server, SUNDAY + timedelta(hours=2))
    assert alarmed(bureau, SUNDAY + timedelta(hours=2)) == ([], 0, True)
    unread(bureau, SUNDAY + timedelta(hours=3))
    assert alarmed(bureau, SUNDAY + timedelta(hours=3)) == (MAILBOX, 2, False)


def test_a_mailbox_that_an_office_reads_no_more_alarms_nobody(bureau: Bureau) -> None:
    unread(bureau, SUNDAY - timedelta(hours=30))
    assert alarmed(bureau, SUNDAY) == ([], 0, True)
