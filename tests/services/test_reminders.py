from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import MONDAY, PROOF, ZONE, Bureau
from sqlalchemy import select

from models.message import Message, MessageState, Reminder, ReminderOutcome, Wording
from models.session import reading, writing
from rules.ladder import due_rungs
from rules.lifecycle import Move, State
from rules.planning import Guard
from services import digests, forecasts, reminders
from services.reminders import Planned

P01, M01 = "2026H1-P01", "2026H1-M01"
DUE = date(2026, 9, 30)  # a Wednesday
DIGESTS = Message.letter.in_(("digest", "escalation"))


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, 30, tzinfo=ZONE)


def plan(bureau: Bureau, day: date, *, confirm: bool = False) -> Planned:
    with writing(bureau.engine) as session:
        return reminders.plan(session, bureau.office, day, now=morning(day), confirm=confirm)


def send_all(bureau: Bureau) -> None:
    """As if the mail server had taken every letter."""
    with writing(bureau.engine) as session:
        for message in session.scalars(select(Message).where(Message.state == MessageState.PLANNED)):
            message.state, message.attempts = MessageState.SENT, 1
        for reminder in session.scalars(select(Reminder).where(Reminder.outcome == ReminderOutcome.PLANNED)):
            reminder.outcome = ReminderOutcome.SENT


def told(bureau: Bureau) -> dict[str, list[str]]:
    """Person -> rungs that wait for them or were sent, in order."""
    found: dict[str, list[str]] = {}
    for row in bureau.reminders(Reminder.outcome.in_((ReminderOutcome.PLANNED, ReminderOutcome.SENT))):
        found.setdefault(bureau.email(row.person_id), []).append(row.rung)
    return found


def handed_over(bureau: Bureau) -> Bureau:
    bureau.new_item(P01, due_on=DUE)
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    send_all(bureau)
    return bureau


def test_a_rung_is_planned_on_its_day_and_only_once(bureau: Bureau) -> None:
    handed_over(bureau)
    bureau.act(P01, Move.REPORT, "owner", morning(date(2026, 9, 1)), progress=10)
    before = plan(bureau, date(2026, 9, 8))
    on_the_day = plan(bureau, date(2026, 9, 9))
    again = plan(bureau, date(2026, 9, 9))
    assert (before, on_the_day, again) == (
        Planned(0, 0, 0, 0),
        Planned(1, 0, 1, 0),
        Planned(0, 0, 0, 0),
    )
    assert told(bureau) == {"owner": ["before-15"]}


def test_after_an_outage_one_letter_names_the_most_severe_rung(bureau: Bureau) -> None:
    handed_over(bureau)
    bureau.act(P01, Move.REPORT, "owner", morning(date(2026, 9, 8)), progress=10)
    found = plan(bureau, date(2026, 9, 30))
    assert (found.planned, found.superseded, found.messages) == (1, 4, 1)
    assert told(bureau) == {"owner": ["due"]}
    reasons = {r.rung: r.reason for r in bureau.reminders(Reminder.outcome == ReminderOutcome.SUPERSEDED)}
    assert reasons == {f"before-{days}": "superseded by due" for days in (15, 7, 3, 1)}


def test_a_late_item_climbs_to_the_head_then_the_leader_then_the_coordinator(bureau: Bureau) -> None:
    handed_over(bureau)
    calendar = bureau.office.calendar
    for days in range(1, 11):
        plan(bureau, calendar.shift(DUE, days))
        send_all(bureau)
    after = ["after-1", "after-3", "after-5", "after-10"]
    assert {
        who: [rung for rung in rungs if rung.startswith("after")] for who, rungs in told(bureau).items()
    } == {
        "owner": after,
        "head": after,
        "leader": ["after-5", "after-10"],
        "coordinator": ["after-10"],
    }


def test_a_person_gets_one_letter_a_day_for_all_items(bureau: Bureau) -> None:
    handed_over(bureau)
    bureau.new_item(M01, due_on=DUE)
    send_all(bureau)
    plan(bureau, DUE)
    [letter] = bureau.messages(DIGESTS, Message.day == DUE)
    assert (bureau.email(letter.person_id), letter.letter) == ("owner", "digest")
    assert [P01 in letter.text, M01 in letter.text] == [True, True]


def test_who_only_hears_of_others_lateness_gets_an_escalation(bureau: Bureau) -> None:
    handed_over(bureau)
    plan(bureau, date(2026, 10, 1))
    letters = {bureau.email(m.person_id): m.letter for m in bureau.messages(DIGESTS)}
    assert letters == {"owner": "digest", "head": "escalation"}


def test_a_letter_that_never_went_out_gives_way_to_the_next_day_s(bureau: Bureau) -> None:
    handed_over(bureau)
    bureau.act(P01, Move.REPORT, "owner", morning(date(2026, 9, 21)), progress=10)
    plan(bureau, date(2026, 9, 25))
    found = plan(bureau, date(2026, 9, 29))
    states = [(message.day, message.state) for message in bureau.messages(DIGESTS)]
    assert states == [
        (date(2026, 9, 25), MessageState.CANCELLED),
        (date(2026, 9, 29), MessageState.PLANNED),
    ]
    outcomes = {r.rung: r.outcome for r in bureau.reminders(Reminder.rung.startswith("before"))}
    assert (outcomes["before-3"], outcomes["before-1"]) == (
        ReminderOutcome.SUPERSEDED,
        ReminderOutcome.PLANNED,
    )
    assert found.messages == 1


def test_a_rung_that_was_planned_but_not_sent_is_told_again_the_next_day(bureau: Bureau) -> None:
    handed_over(bureau)
    bureau.act(P01, Move.REPORT, "owner", morning(date(2026, 9, 21)), progress=10)
    plan(bureau, date(2026, 9, 25))
    found = plan(bureau, date(2026, 9, 28))
    assert found == Planned(planned=0, superseded=0, messages=1, held=0)
    assert told(bureau) == {"owner": ["before-3"]}


@pytest.mark.parametrize("ending", ["closed", "cancelled", "extended", "reassigned"])
def test_what_was_planned_is_cancelled_when_it_is_no_longer_true(bureau: Bureau, ending: str) -> None:
    handed_over(bureau)
    now = morning(DUE) + timedelta(hours=1)
    plan(bureau, DUE)
    if ending == "closed":
        bureau.act(P01, Move.SUBMIT, "owner", now, evidence=(PROOF,))
        bureau.act(P01, Move.APPROVE, "coordinator", now)
    elif ending == "cancelled":
        bureau.act(P01, Move.CANCEL, "coordinator", now, note="x")
    elif ending == "extended":
        bureau.act(P01, Move.REQUEST_EXTENSION, "owner", now, note="x", due_on=date(2026, 12, 1))
        bureau.act(P01, Move.GRANT_EXTENSION, "coordinator", now)
    else:
        bureau.act(P01, Move.REASSIGN, "coordinator", now, to="second", note="x")
    waiting = bureau.reminders(Reminder.outcome == ReminderOutcome.PLANNED)
    [letter] = bureau.messages(DIGESTS, Message.day == DUE)
    [cancelled] = bureau.reminders(Reminder.outcome == ReminderOutcome.CANCELLED)
    assert (waiting, letter.state, cancelled.rung) == ([], MessageState.CANCELLED, "due")
    assert (
        cancelled.reason
        == {
            "closed": "the item is closed now",
            "cancelled": "the item is cancelled now",
            "extended": "the deadline or the owner has changed",
            "reassigned": "the deadline or the owner has changed",
        }[ending]
    )


def test_a_letter_about_two_items_is_written_anew_when_one_of_them_ends(bureau: Bureau) -> None:
    handed_over(bureau)
    bureau.new_item(M01, due_on=DUE)
    send_all(bureau)
    plan(bureau, DUE)
    bureau.act(P01, Move.CANCEL, "coordinator", morning(DUE), note="x")
    [letter] = bureau.messages(DIGESTS, Message.day == DUE)
    assert (letter.state, P01 in letter.text, M01 in letter.text) == (MessageState.PLANNED, False, True)


def test_a_letter_that_was_tried_keeps_its_words(bureau: Bureau) -> None:
    handed_over(bureau)
    bureau.new_item(M01, due_on=DUE)
    send_all(bureau)
    plan(bureau, DUE)
    with writing(bureau.engine) as session:
        tried = session.scalars(select(Message).where(DIGESTS, Message.day == DUE)).one()
        tried.state, tried.attempts, words = MessageState.FAILED, 1, tried.text
    bureau.act(P01, Move.CANCEL, "coordinator", morning(DUE), note="x")
    [letter] = bureau.messages(DIGESTS, Message.day == DUE)
    assert (letter.state, letter.text) == (MessageState.FAILED, words)


def test_a_rung_that_comes_due_after_today_s_letter_waits_for_tomorrow(bureau: Bureau) -> None:
    handed_over(bureau)
    plan(bureau, DUE)
    send_all(bureau)
    bureau.new_item(M01, due_on=DUE, now=morning(DUE))
    assert plan(bureau, DUE).messages == 0
    assert plan(bureau, date(2026, 10, 1)).messages == 2


def test_an_item_nobody_acknowledges_is_brought_up_again(bureau: Bureau) -> None:
    bureau.new_item(P01)
    send_all(bureau)
    for days in range(1, 9):
        plan(bureau, bureau.office.calendar.shift(MONDAY.date(), days))
        send_all(bureau)
    assert told(bureau) == {"owner": ["unacknowledged-2-20260706", "unacknowledged-7-20260706"]}


def test_a_submission_that_waits_reaches_the_coordinator(bureau: Bureau) -> None:
    handed_over(bureau)
    bureau.act(P01, Move.SUBMIT, "owner", morning(date(2026, 8, 3)), evidence=(PROOF,))
    plan(bureau, date(2026, 8, 6))
    assert told(bureau) == {"coordinator": ["unverified-3-20260803"]}


def test_somebody_who_left_gets_no_letter(bureau: Bureau) -> None:
    handed_over(bureau)
    with bureau.visit("coordinator") as visit:
        for person in visit.directory.people.values():
            person.active = not person.email.startswith("owner@")
    plan(bureau, date(2026, 10, 1))
    assert told(bureau) == {"head": ["after-1"]}


def test_a_flood_is_held_until_somebody_releases_it(bureau: Bureau) -> None:
    careful = handed_over(bureau).with_policy(guard=Guard(first=1))
    day = date(2026, 10, 1)
    held = plan(careful, day)
    released = plan(careful, day, confirm=True)
    assert (held.messages, held.held, released.held) == (2, 2, 0)
    assert [message.held for message in bureau.messages(DIGESTS)] == [False, False]


def test_a_flood_that_nobody_released_is_held_again_the_next_day(bureau: Bureau) -> None:
    careful = handed_over(bureau).with_policy(guard=Guard(first=1))
    days = [date(2026, 10, day) for day in (1, 2, 6)]
    assert [plan(careful, day).held for day in days] == [2, 2, 2]
    assert {message.held for message in bureau.messages(DIGESTS)} == {True}


def test_the_forecast_tells_what_the_runs_then_plan(bureau: Bureau) -> None:
    handed_over(bureau)
    start, days = date(2026, 9, 1), 50
    with reading(bureau.engine) as session:
        foreseen = forecasts.forecast(session, bureau.office, start, days)
    planned = []
    for offset in range(days):
        day = start + timedelta(days=offset)
        if bureau.office.calendar.is_working(day):
            plan(bureau, day)
            planned += [
                (day, bureau.email(r.person_id), r.rung)
                for r in bureau.reminders(Reminder.planned_on == day)
                if r.outcome is ReminderOutcome.PLANNED
            ]
            send_all(bureau)
    assert sorted((line.on, line.email.partition("@")[0], line.rung) for line in foreseen) == sorted(planned)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(offsets=st.sets(st.integers(0, 60), min_size=1, max_size=8), crash=st.integers(0, 7))
def test_whatever_the_run_days_each_due_rung_has_one_outcome(
    bureau: Bureau, offsets: set[int], crash: int
) -> None:
    reset(bureau)
    start = date(2026, 9, 1)
    days = sorted(start + timedelta(days=offset) for offset in offsets)
    for number, day in enumerate(days):
        if number == crash:
            crashed_plan(bureau, day)
        plan(bureau, day)
        send_all(bureau)
    last, item = days[-1], bureau.item(P01)
    rungs = {
        rung.key
        for rung in due_rungs(
            digests.standing(item), last, bureau.office.policy.ladder, bureau.office.calendar
        )
    }
    owners = [r for r in bureau.reminders() if r.role == "owner"]
    assert sorted(r.rung for r in owners) == sorted(rungs)
    assert [r for r in bureau.reminders() if r.planned_on < r.rung_on] == []
    letters = [(m.person_id, m.day) for m in bureau.messages(DIGESTS)]
    assert len(letters) == len(set(letters))


class PowerCutError(Exception):
    """The machine stops before the commit."""


def crashed_plan(bureau: Bureau, day: date) -> None:
    with pytest.raises(PowerCutError), writing(bureau.engine) as session:  # noqa: PT012 - the cut is the point
        reminders.plan(session, bureau.office, day, now=morning(day))
        raise PowerCutError


def reset(bureau: Bureau) -> None:
    """One acknowledged item due on DUE that nobody was reminded of."""
    if not bureau.item_exists(P01):
        handed_over(bureau)
    with writing(bureau.engine) as session:
        session.query(Reminder).delete()
        session.query(Wording).delete()
        session.query(Message).delete()
    with bureau.visit("coordinator") as visit:
        from services.items import by_reference

        item = by_reference(visit.session, P01)
        item.next_reminder_on = MONDAY.date()
        assert item.state is State.IN_PROGRESS
