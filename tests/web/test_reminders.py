"""Reminders 提醒: letters and their fate, held batches, what is to come, why, a letter to look at."""

import re
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from browsers import Browser, Clock, Opening
from offices import MONDAY, ZONE, Bureau
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.event import Event
from models.message import Message, MessageState, Reminder, ReminderOutcome, Wording
from models.organisation import Grant, Person, Unit
from models.session import reading, writing
from notifications import outbox
from notifications.smtp import Answer, Ruling
from rules.lifecycle import Move
from rules.permissions import Role
from rules.planning import Guard
from services import forecasts, mailings, reminders, silences

P01, P02 = "2026H1-P01", "2026H1-P02"
DUE = date(2026, 9, 30)
TAKEN, NOBODY = Answer(Ruling.SENT, "250 queued"), Answer(Ruling.DEAD, "550 no such user")
LATER = Answer(Ruling.RETRY, "451 come back later")


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, 30, tzinfo=ZONE)


def deliver(bureau: Bureau, at: datetime, answer: Answer) -> int:
    """As if the mail server had given this answer to every letter that waits. Returns how many there were."""
    count = 0
    with writing(bureau.engine) as session:
        while message := outbox.claim(session, "test", at, timedelta(minutes=3)):
            outbox.settle(session, message, answer, at)
            count += 1
    return count


def plan(bureau: Bureau, day: date) -> reminders.Planned:
    with writing(bureau.engine) as session:
        return reminders.plan(session, bureau.office, day, now=morning(day))


@pytest.fixture
def planned(bureau: Bureau, clock: Clock) -> Bureau:
    """An item on its last day, its assignment sent, its reminder planned; the pages live on that morning."""
    clock.at = morning(DUE)
    bureau.new_item(P01, due_on=DUE)
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    deliver(bureau, MONDAY, TAKEN)
    plan(bureau, DUE)
    return bureau


@pytest.fixture
def held(bureau: Bureau) -> Bureau:
    """As `planned`, in an office where a single letter is a flood."""
    bureau.new_item(P01, due_on=DUE)
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    deliver(bureau, MONDAY, TAKEN)
    strict = bureau.with_policy(guard=Guard(first=0))
    assert plan(strict, DUE).held == 1
    return bureau


def fates(browser: Browser) -> list[str]:
    return re.findall(r'<span class="fate (\w+)">', browser.last.text.partition("<tbody>")[2])


def digest(bureau: Bureau) -> Message:
    (found,) = bureau.messages(Message.letter == "digest")
    return found


def test_every_letter_is_listed_with_its_fate_and_its_last_answer(
    planned: Bureau, signed_in: Opening
) -> None:
    browser = signed_in("coordinator")
    browser.get("/reminders")
    assert fates(browser) == ["planned", "sent"]
    deliver(planned, morning(DUE), NOBODY)
    words = browser.get("/reminders").text
    assert fates(browser) == ["dead", "sent"]
    assert "550 no such user" in words
    for query, expected in {
        "state=dead": ["dead"],
        "state=held": [],
        "letter=assignment": ["sent"],
        "person=owner%40office": ["dead", "sent"],
        "person=head": [],
        "since=2026-09-30": ["dead"],
        "until=2026-09-29": ["sent"],
    }.items():
        browser.get(f"/reminders?{query}")
        assert fates(browser) == expected, query
    assert browser.get("/reminders?state=lost").status_code == 422


def test_pages_lead_through_all_letters(bureau: Bureau, signed_in: Opening) -> None:
    with writing(bureau.engine) as session:
        reader = session.scalars(select(Person).where(Person.email == "owner@office.example")).one()
        for number in range(120):
            letter_to(session, reader, number)
    browser = signed_in("coordinator")
    browser.get("/reminders")
    seen = re.findall(r'href="/reminders/letters/(\d+)"', browser.last.text)
    while following := re.search(r'rel="next" href="([^"]*)"', browser.last.text):
        browser.get(unescape(following[1]))
        seen += re.findall(r'href="/reminders/letters/(\d+)"', browser.last.text)
    assert seen == [str(number) for number in range(120, 0, -1)]


def letter_to(session: Session, reader: Person, number: int, text: str = "") -> int:
    """Enters a letter with its words; returns its number."""
    letter = Message(
        key=f"test:{number}",
        person_id=reader.id,
        address=reader.email,
        letter="assignment",
        locale="en",
        day=MONDAY.date(),
        subject="A letter",
        sha256="0" * 64,
        message_id=f"<{number}@office.example>",
        planned_at=MONDAY,
    )
    session.add(letter)
    session.flush()
    html = f'<p>{text}</p><a href="{text}">x</a>'
    session.add(Wording(message_id=letter.id, text=text, html=html, calendar=""))
    return letter.id


def test_a_held_batch_goes_out_once_a_coordinator_lets_it_go(held: Bureau, signed_in: Opening) -> None:
    assert deliver(held, morning(DUE), TAKEN) == 0
    browser = signed_in("coordinator")
    browser.get("/reminders")
    assert fates(browser) == ["held", "sent"]
    answer = browser.post("/reminders/release", {"day": "2026-09-30", "seen": "1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/reminders")
    assert deliver(held, morning(DUE), TAKEN) == 1
    (event,) = held_events(held, "release-mail")
    assert (event.subject, event.payload) == ("mail:2026-09-30", {"letters": [digest(held).id]})
    assert held.email(event.actor_id or 0) == "coordinator"


def held_events(bureau: Bureau, move: str) -> list[Event]:
    with reading(bureau.engine) as session:
        found = list(session.scalars(select(Event).where(Event.move == move)))
        session.expunge_all()
        return found


def test_a_dropped_batch_is_withdrawn_with_its_reason_and_not_owed_again(
    held: Bureau, signed_in: Opening
) -> None:
    browser = signed_in("coordinator")
    browser.get("/reminders")
    without = browser.post("/reminders/drop", {"day": "2026-09-30", "seen": "1", "note": " "})
    assert without.status_code == 422
    assert digest(held).state is MessageState.PLANNED
    browser.get("/reminders")
    browser.post("/reminders/drop", {"day": "2026-09-30", "seen": "1", "note": "系统试运行\n批量导入"})
    dropped = digest(held)
    assert (dropped.state, dropped.held) == (MessageState.CANCELLED, False)
    assert dropped.last_answer == "dropped by a coordinator: 系统试运行 批量导入"
    told = held.reminders(Reminder.message_id == dropped.id)
    assert {one.outcome for one in told} == {ReminderOutcome.SKIPPED}
    assert [event.note for event in held_events(held, "drop-mail")] == ["系统试运行\n批量导入"]
    assert plan(held, DUE).messages == 0
    assert plan(held, date(2026, 10, 9)).messages > 0
    words = browser.get("/reminders/why?person=owner@office.example&on=2026-09-30").text
    assert "A coordinator dropped its letter: 系统试运行 批量导入" in words


def test_who_was_shown_another_number_of_letters_is_asked_to_look_again(
    held: Bureau, signed_in: Opening
) -> None:
    browser = signed_in("coordinator")
    browser.get("/reminders")
    answer = browser.post("/reminders/drop", {"day": "2026-09-30", "seen": "9", "note": "一个理由"})
    assert answer.status_code == 409
    assert 'value="一个理由"' in answer.text
    assert digest(held).state is MessageState.PLANNED
    assert browser.post("/reminders/release", {"day": "2026-09-29", "seen": "1"}).status_code == 422


def test_an_undeliverable_letter_is_tried_anew_with_the_same_words_under_the_same_message_id(
    planned: Bureau, signed_in: Opening
) -> None:
    deliver(planned, morning(DUE), NOBODY)
    before = digest(planned)
    with reading(planned.engine) as session:
        assert {told.outcome for told in session.scalars(select(Reminder))} >= {ReminderOutcome.SKIPPED}
    browser = signed_in("coordinator")
    browser.get(f"/reminders/letters/{before.id}")
    assert browser.post(f"/reminders/letters/{before.id}/again").status_code == 303
    assert digest(planned).state is MessageState.FAILED
    assert deliver(planned, morning(DUE) + timedelta(minutes=1), TAKEN) == 1
    after = digest(planned)
    assert (after.state, after.attempts) == (MessageState.SENT, 2)
    kept = ("key", "message_id", "sha256", "text", "html", "address")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    told = planned.reminders(Reminder.message_id == after.id)
    assert {one.outcome for one in told} == {ReminderOutcome.SENT}
    (event,) = held_events(planned, "send-again")
    assert event.subject == f"letter:{before.id}"


def test_a_letter_that_was_given_up_long_ago_gets_its_five_days_anew(
    planned: Bureau, signed_in: Opening
) -> None:
    deliver(planned, morning(DUE), NOBODY)
    browser = signed_in("coordinator")
    number = digest(planned).id
    browser.get(f"/reminders/letters/{number}")
    browser.post(f"/reminders/letters/{number}/again")
    deliver(planned, morning(DUE) + timedelta(days=30), LATER)
    assert digest(planned).state is MessageState.FAILED


def test_a_letter_that_the_server_has_taken_or_that_waits_anyway_is_not_sent_again(
    planned: Bureau, signed_in: Opening
) -> None:
    browser = signed_in("coordinator")
    waiting = digest(planned).id
    (sent,) = planned.messages(Message.letter == "assignment")
    for number, sentence in {
        waiting: "This letter goes out with the next delivery anyway.",
        sent.id: "The mail server has taken this letter; no letter is sent twice.",
    }.items():
        page = browser.get(f"/reminders/letters/{number}")
        assert "/again" not in page.text
        answer = browser.post(f"/reminders/letters/{number}/again")
        assert answer.status_code == 422
        assert sentence in answer.text
    assert deliver(planned, morning(DUE), TAKEN) == 1


def test_a_letter_in_which_nothing_is_true_any_more_stays_dead(planned: Bureau, signed_in: Opening) -> None:
    deliver(planned, morning(DUE), NOBODY)
    planned.act(P01, Move.CANCEL, "coordinator", morning(DUE), note="不再适用")
    browser = signed_in("coordinator")
    number = digest(planned).id
    browser.get(f"/reminders/letters/{number}")
    answer = browser.post(f"/reminders/letters/{number}/again")
    assert answer.status_code == 422
    assert digest(planned).state is MessageState.DEAD


def test_the_page_foresees_what_the_command_foresees(
    planned: Bureau, signed_in: Opening, clock: Clock
) -> None:
    clock.at = morning(date(2026, 9, 22))
    browser = signed_in("coordinator")
    words = unescape(browser.get("/reminders/forecast").text)
    with reading(planned.engine) as session:
        expected = forecasts.forecast(session, planned.office, date(2026, 9, 22), 14)
    assert len(expected) > 2
    assert words.count("/items/2026H1-") == len(expected)
    assert browser.get("/reminders/forecast?person=owner@office.example").status_code == 200
    assert browser.get("/reminders/forecast?person=nobody@office.example").status_code == 404


def test_the_page_gives_the_same_reasons_as_the_command(planned: Bureau, signed_in: Opening) -> None:
    deliver(planned, morning(DUE), TAKEN)
    with planned.visit("coordinator", morning(DUE)) as visit:
        mine = mailings.why(visit, "owner@office.example", DUE)
        theirs = silences.why(visit.session, visit.office, "owner@office.example", DUE, DUE)
    assert mine == theirs
    assert mine.letters
    words = signed_in("coordinator").get("/reminders/why?person=owner@office.example&on=2026-09-30").text
    assert "250 queued" in words
    assert P01 in words


@pytest.fixture
def deputy(bureau: Bureau) -> str:
    """Somebody who coordinates one unit alone."""
    with writing(bureau.engine) as session:
        units = {unit.code: unit.id for unit in session.scalars(select(Unit))}
        who = session.scalars(select(Person).where(Person.email == "stranger@office.example")).one()
        session.add(Grant(person_id=who.id, role=Role.COORDINATOR, unit_id=units["HOUSING"]))
    return "stranger"


def test_a_coordinator_of_one_unit_sees_and_steers_the_mail_of_its_people_alone(
    held: Bureau, deputy: str, signed_in: Opening
) -> None:
    browser = signed_in(deputy)
    words = browser.get("/reminders").text
    assert (fates(browser), "2026-09-30" in words) == ([], False)
    assert browser.post("/reminders/release", {"day": "2026-09-30"}).status_code == 422
    assert deliver(held, morning(DUE), TAKEN) == 0
    number = digest(held).id
    assert browser.get(f"/reminders/letters/{number}").status_code == 404
    assert browser.get("/reminders/why?person=owner@office.example").status_code == 404
    assert browser.get("/reminders/forecast?person=owner@office.example").status_code == 404
    for path in ("/reminders/forecast", "/reminders/why", "/reminders/why?person=stranger@office.example"):
        page = browser.get(path)
        assert page.status_code == 200
        assert ("owner@office" in page.text, P01 in page.text) == (False, False)


def test_a_letter_about_somebody_else_s_item_is_closed_to_the_reader_s_own_coordinator(
    bureau: Bureau, deputy: str, signed_in: Opening
) -> None:
    bureau.new_item(P01, owner="owner")
    with writing(bureau.engine) as session:
        reader = session.scalars(select(Person).where(Person.email == "other.head@office.example")).one()
        own = letter_to(session, reader, 1, "nothing in particular")
        numbers = own, letter_to(session, reader, 2, f"[{P01}] a title")
    browser = signed_in(deputy)
    assert [browser.get(f"/reminders/letters/{number}").status_code for number in numbers] == [200, 404]


def test_whoever_runs_the_machine_sees_the_fate_of_letters_and_none_of_their_words(
    planned: Bureau, signed_in: Opening
) -> None:
    browser = signed_in("admin")
    browser.get("/reminders")
    assert fates(browser) == ["planned", "sent"]
    (item,) = [planned.item(P01)]
    for path in (
        "/reminders",
        "/reminders/forecast",
        "/reminders/why?person=owner@office.example&on=2026-09-30",
    ):
        words = browser.get(path).text
        assert (item.title in words, P01 in words) == (False, False), path
    assert browser.get(f"/reminders/letters/{digest(planned).id}").status_code == 403
    assert browser.post("/reminders/release", {"day": "2026-09-30"}).status_code == 403


def test_a_letter_is_shown_without_leave_to_run_and_without_links_that_act_for_its_reader(
    bureau: Bureau, signed_in: Opening
) -> None:
    key = "https://rectify.example/link/abc-signed?key=1"
    plain = "https://rectify.example/items/2026H1-P01"
    with writing(bureau.engine) as session:
        reader = session.scalars(select(Person).where(Person.email == "owner@office.example")).one()
        words = f"{key} {plain} https://rectify.example/items/X?key=2 <script>alert()</script>"
        number = letter_to(session, reader, 1, words)
    browser = signed_in("coordinator")
    text = browser.get(f"/reminders/letters/{number}").text
    assert "&lt;script&gt;" in text
    html = browser.get(f"/reminders/letters/{number}/html")
    policy = html.headers["content-security-policy"].split("; ")
    assert ("sandbox" in policy, "default-src 'none'" in policy) == (True, True)
    assert not [part for part in policy if part.startswith("script-src")]
    for words in (text, html.text):
        assert plain in words
        assert ("abc-signed" in words, "key=" in words) == (False, False)
