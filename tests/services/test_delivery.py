import asyncio
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from hashlib import sha256
from itertools import chain, repeat
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from faulty_server import FaultyServer
from icalendar import Calendar
from offices import Bureau
from sqlalchemy import update

from models import schema
from models.message import Message, MessageState, Reminder, ReminderOutcome
from models.organisation import Person
from models.session import reading, writing
from notifications import outbox
from notifications.mailbox import Mailbox
from notifications.smtp import Answer, Ruling, Security, Server
from rules.lifecycle import Move
from services import reminders
from services.delivery import Channel, Delivered, deliver

DAY = date(2026, 10, 1)
NOW = datetime(2026, 10, 1, 1, tzinfo=UTC)


def channel(port: int, *, lease: float = 180, connections: int = 2) -> Channel:
    server = Server("127.0.0.1", port, Security.PLAIN, deadline=30, connections=connections)
    return Channel(server, f"test:{threading.get_ident()}", timedelta(seconds=lease))


def planned(bureau: Bureau) -> Bureau:
    """An overdue item: a digest for its owner and an escalation for the head, beside the assignment."""
    bureau.new_item(due_on=date(2026, 9, 30))
    with writing(bureau.engine) as session:
        reminders.plan(session, bureau.office, DAY, now=NOW)
    return bureau


def run(bureau: Bureau, port: int, now: datetime = NOW) -> Delivered:
    return deliver(bureau.engine, bureau.office.postbox, channel(port), lambda: now)


def message_ids(folder: Path) -> list[str]:
    return sorted(message_from_bytes(path.read_bytes())["Message-ID"] for path in folder.glob("*.eml"))


def closed_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_every_planned_letter_reaches_the_server_once(bureau: Bureau, tmp_path: Path) -> None:
    planned(bureau)
    with Mailbox(tmp_path / "mail") as mailbox:
        first, second = run(bureau, mailbox.port), run(bureau, mailbox.port)
    assert (first.sent, first.waiting, second.sent) == (3, 0, 0)
    assert message_ids(tmp_path / "mail") == sorted(m.message_id for m in bureau.messages())
    states = {(r.rung, r.outcome) for r in bureau.reminders(Reminder.rung == "after-1")}
    assert states == {("after-1", ReminderOutcome.SENT)}


def test_a_server_that_is_down_loses_nothing(bureau: Bureau, tmp_path: Path) -> None:
    planned(bureau)
    down = run(bureau, closed_port())
    too_soon = run(bureau, closed_port())
    with Mailbox(tmp_path / "mail") as mailbox:
        up = run(bureau, mailbox.port, NOW + timedelta(minutes=2))
    assert [(r.sent, r.failed, r.waiting) for r in (down, too_soon, up)] == [(0, 3, 3), (0, 0, 3), (3, 0, 0)]


def test_after_a_day_without_a_server_each_person_gets_one_digest(bureau: Bureau, tmp_path: Path) -> None:
    planned(bureau)
    run(bureau, closed_port())
    later = NOW + timedelta(days=5)
    with writing(bureau.engine) as session:
        reminders.plan(session, bureau.office, later.date(), now=later)
    with Mailbox(tmp_path / "mail") as mailbox:
        run(bureau, mailbox.port, later)
    sent = bureau.messages(Message.state == MessageState.SENT, Message.letter != "assignment")
    assert sorted((bureau.email(m.person_id), m.day) for m in sent) == [
        ("head", later.date()),
        ("owner", later.date()),
    ]


def test_a_letter_that_no_server_takes_for_five_days_ends_dead_with_its_reason(bureau: Bureau) -> None:
    bureau.new_item()
    now, port = NOW, closed_port()
    for _ in range(80):
        run(bureau, port, now)
        now += timedelta(hours=2, minutes=30)
    [letter] = bureau.messages()
    assert (letter.state, bool(letter.last_answer)) == (MessageState.DEAD, True)


def test_a_held_letter_stays(bureau: Bureau, tmp_path: Path) -> None:
    planned(bureau)
    with writing(bureau.engine) as session:
        session.execute(update(Message).where(Message.letter == "escalation").values(held=True))
    with Mailbox(tmp_path / "mail") as mailbox:
        first = run(bureau, mailbox.port)
        with writing(bureau.engine) as session:
            released = outbox.release(session)
        second = run(bureau, mailbox.port)
    assert (first.sent, first.held, released, second.sent) == (2, 1, 1, 1)


def test_a_lease_keeps_others_away_until_it_lapses(bureau: Bureau, tmp_path: Path) -> None:
    bureau.new_item()
    with writing(bureau.engine) as session:
        assert outbox.claim(session, "somebody who died", NOW, timedelta(minutes=3)) is not None
    with Mailbox(tmp_path / "mail") as mailbox:
        early = run(bureau, mailbox.port, NOW + timedelta(minutes=2))
        late = run(bureau, mailbox.port, NOW + timedelta(minutes=4))
    assert (early.sent, early.waiting, late.sent) == (0, 1, 1)


def test_a_sender_that_was_kept_waiting_beyond_its_leases_sends_none_of_its_letters_again(
    bureau: Bureau, tmp_path: Path
) -> None:
    planned(bureau)
    clock = chain([NOW, NOW], repeat(NOW + timedelta(hours=1)))  # two letters under way, then an hour
    with Mailbox(tmp_path / "mail") as mailbox:
        done = deliver(bureau.engine, bureau.office.postbox, channel(mailbox.port), lambda: next(clock))
    assert (done.sent, done.waiting) == (3, 0)
    assert message_ids(tmp_path / "mail") == sorted(m.message_id for m in bureau.messages())


class LateToRefuse(FaultyServer):
    """Takes the first letter, and refuses the sender of the others once the first one is settled."""

    async def _answer(self, writer: asyncio.StreamWriter, verb: str) -> str:
        if verb == "MAIL" and self._seen.get(verb):
            await asyncio.sleep(0.5)
        return await super()._answer(writer, verb)


def test_a_letter_that_was_claimed_again_is_let_go_when_the_channel_stops(bureau: Bureau) -> None:
    planned(bureau)
    clock = chain([NOW, NOW], repeat(NOW + timedelta(hours=1)))
    with LateToRefuse({"MAIL": [None, "550 not you", "550 not you"]}) as server:
        done = deliver(bureau.engine, bureau.office.postbox, channel(server.port), lambda: next(clock))
    assert (done.sent, done.stopped) == (1, "550 not you")
    assert sorted(row.state for row in bureau.messages()) == ["planned", "planned", "sent"]


def test_a_server_that_wants_no_letters_from_us_stops_the_channel_and_not_the_letters(bureau: Bureau) -> None:
    bureau.new_item()
    with Mailbox(bureau.office.folder / "mail") as mailbox:
        asked_for_tls = Server("127.0.0.1", mailbox.port, Security.STARTTLS, deadline=5)
        told = deliver(
            bureau.engine,
            bureau.office.postbox,
            Channel(asked_for_tls, "test", timedelta(seconds=180)),
            lambda: NOW,
        )
    [letter] = bureau.messages()
    assert (bool(told.stopped), told.failed, letter.state, letter.attempts) == (
        True,
        0,
        MessageState.PLANNED,
        0,
    )


@pytest.mark.parametrize("name", ["reminders", "delivery"])
def test_each_loop_leaves_its_run_and_its_heartbeat(bureau: Bureau, tmp_path: Path, name: str) -> None:
    from models.message import Heartbeat, Run

    planned(bureau)
    with Mailbox(tmp_path / "mail") as mailbox:
        run(bureau, mailbox.port)
    [kept] = bureau.rows(Run, Run.name == name)
    with reading(bureau.engine) as session:
        beat = session.get_one(Heartbeat, name)
    assert (kept.finished_at, beat.succeeded_at, beat.error) == (NOW, NOW, "")


def test_in_a_trial_every_letter_goes_to_one_address_and_says_whom_it_was_meant_for(
    bureau: Bureau, tmp_path: Path
) -> None:
    trial = with_redirect(bureau, "trial@office.example")
    planned(trial)
    with Mailbox(tmp_path / "mail") as mailbox:
        assert run(trial, mailbox.port).sent == 3
    rows = trial.messages()
    assert {row.address for row in rows} == {"trial@office.example"}
    mails = [
        message_from_bytes(path.read_bytes(), policy=default) for path in (tmp_path / "mail").glob("*.eml")
    ]
    assert {mail["To"].addresses[0].addr_spec for mail in mails} == {"trial@office.example"}
    meant = [f"【试运行，原收件人{person.email}】" for person in people_of(trial, rows)]
    assert sorted(str(mail["Subject"]).partition("】")[0] + "】" for mail in mails) == sorted(meant)
    assert all(
        row.text.startswith(said) and f"<strong>{said}" in row.html
        for row, said in zip(rows, meant, strict=True)
    )


def test_what_was_planned_for_its_reader_waits_while_a_trial_lasts(bureau: Bureau, tmp_path: Path) -> None:
    planned(bureau)
    with Mailbox(tmp_path / "mail") as mailbox:
        trial = run(with_redirect(bureau, "trial@office.example"), mailbox.port)
        after = run(bureau, mailbox.port)
    assert (trial.sent, trial.waiting, after.sent) == (0, 3, 3)


def test_what_was_planned_in_a_trial_never_goes_to_its_reader(bureau: Bureau, tmp_path: Path) -> None:
    planned(with_redirect(bureau, "trial@office.example"))
    with Mailbox(tmp_path / "mail") as mailbox:
        assert run(bureau, mailbox.port).sent == 3
    assert {row.address for row in bureau.messages()} == {"trial@office.example"}


def with_redirect(bureau: Bureau, address: str) -> Bureau:
    office = bureau.office
    return replace(bureau, office=replace(office, postbox=replace(office.postbox, redirect_to=address)))


def people_of(bureau: Bureau, rows: list[Message]) -> list[Person]:
    known = {person.id: person for person in bureau.rows(Person)}
    return [known[row.person_id] for row in rows]


def test_who_lost_the_lease_and_then_finds_the_channel_stopped_undoes_nothing(bureau: Bureau) -> None:
    planned(bureau)
    late = NOW + timedelta(minutes=10)
    with writing(bureau.engine) as session:
        first = outbox.claim(session, "first", NOW, timedelta(minutes=3))
        assert first is not None
        second = outbox.claim(session, "second", late, timedelta(minutes=3))
        assert second is not None
        assert first.id == second.id
        outbox.settle(session, second, Answer(Ruling.RETRY, "451 later"), late)
        outbox.settle(session, first, Answer(Ruling.STOPPED, "535 bad password"), late)
    [row] = bureau.messages(Message.id == first.id)
    assert (row.state, row.attempts, row.last_answer) == (MessageState.FAILED, 1, "451 later")
    assert row.not_before is not None


def test_who_holds_the_lease_and_finds_the_channel_stopped_lets_the_letter_go(bureau: Bureau) -> None:
    planned(bureau)
    with writing(bureau.engine) as session:
        held = outbox.claim(session, "first", NOW, timedelta(minutes=3))
        assert held is not None
        outbox.settle(session, held, Answer(Ruling.STOPPED, "535 bad password"), NOW)
    [row] = bureau.messages(Message.id == held.id)
    assert (row.state, row.attempts, row.leased_by) == (MessageState.PLANNED, 0, "")
    assert row.last_answer == "535 bad password"


def entries(message: Message) -> list[tuple[str, int, date]]:
    """UID, version and day of each deadline that the letter brings."""
    found = Calendar.from_ical(message.calendar.replace("\n", "\r\n")).walk("VEVENT")
    return [(str(entry["UID"]), entry["SEQUENCE"], entry.decoded("DTSTART")) for entry in found]


def test_a_granted_extension_brings_the_entry_that_takes_the_place_of_the_one_before(bureau: Bureau) -> None:
    bureau.new_item(due_on=date(2026, 9, 30))
    later = date(2026, 10, 30)
    bureau.act("2026H1-P01", Move.REQUEST_EXTENSION, "owner", due_on=later, note="材料未到")
    bureau.act("2026H1-P01", Move.GRANT_EXTENSION, "coordinator")
    ((before, granted),) = [tuple(entries(message)[0] for message in bureau.messages())]
    assert (before[0], before[2]) == ("2026H1-P01@office.example", date(2026, 9, 30))
    assert granted == (before[0], before[1] + 2, later)


def test_a_letter_goes_out_with_the_calendar_that_it_was_planned_with(bureau: Bureau, tmp_path: Path) -> None:
    bureau.new_item(due_on=date(2026, 9, 30))
    with Mailbox(tmp_path / "mail") as mailbox:
        run(bureau, mailbox.port)
    (path,) = (tmp_path / "mail").glob("*.eml")
    (message,) = bureau.messages()
    mail = message_from_bytes(path.read_bytes(), policy=default)
    sent = [part.get_content() for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert sent == [message.calendar.replace("\n", "\r\n")]


def test_letters_that_waited_while_the_program_was_renewed_keep_their_bytes(bureau: Bureau) -> None:
    """The version before knew no calendars: digest and escalation of a late item are such letters."""
    planned(bureau)
    config = Config()
    config.set_main_option("script_location", str(schema.SCRIPTS))
    with bureau.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")
    schema.upgrade(bureau.engine)
    same = {}
    with writing(bureau.engine) as session:
        while message := outbox.claim(session, "test", NOW, timedelta(minutes=3)):
            data = outbox.wire(bureau.office.postbox, message)
            same[message.letter] = sha256(data).hexdigest() == message.sha256
    assert (same["digest"], same["escalation"]) == (True, True)
