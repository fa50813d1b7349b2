from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import PROOF, ZONE, Bureau
from sqlalchemy import select

from models.event import Event
from models.message import Message, MessageState, Reminder, ReminderOutcome, Wording
from models.session import reading, writing
from rules.errors import WrongMoveError
from rules.ladder import due_rungs
from rules.lifecycle import Move, State
from rules.reasons import Reason
from rules.silences import Finding
from services import digests, forecasts, history, listing, reminders, silences
from services.items import by_reference
from services.reminders import Planned

P01, M01 = "2026H1-P01", "2026H1-M01"
DUE = date(2026, 9, 30)  # a Wednesday
UNTIL = date(2026, 10, 20)
WHY = "资金下达之前不催办"


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, 30, tzinfo=ZONE)


def plan(bureau: Bureau, day: date) -> Planned:
    with writing(bureau.engine) as session:
        return reminders.plan(session, bureau.office, day, now=morning(day))


def send_all(bureau: Bureau) -> None:
    """As if the mail server had taken every letter."""
    with writing(bureau.engine) as session:
        for message in session.scalars(select(Message).where(Message.state == MessageState.PLANNED)):
            message.state, message.attempts = MessageState.SENT, 1
        for reminder in session.scalars(select(Reminder).where(Reminder.outcome == ReminderOutcome.PLANNED)):
            reminder.outcome = ReminderOutcome.SENT


def handed_over(bureau: Bureau) -> None:
    bureau.new_item(P01, due_on=DUE)
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    bureau.act(P01, Move.REPORT, "owner", morning(date(2026, 9, 1)), progress=10)
    send_all(bureau)


def pause(bureau: Bureau, now: datetime, until: date = UNTIL) -> State:
    return bureau.act(P01, Move.PAUSE, "coordinator", now, note=WHY, until=until)


def outcomes(bureau: Bureau) -> dict[str, tuple[date, str, str]]:
    """The owner's rungs: when each was planned last, its outcome and its reason."""
    rows = [row for row in bureau.reminders() if row.role == "owner"]
    return {row.rung: (row.planned_on, row.outcome.value, row.reason) for row in rows}


def test_a_paused_item_stays_as_it_is_and_leaves_an_event_with_day_and_reason(bureau: Bureau) -> None:
    handed_over(bureau)
    assert pause(bureau, morning(DUE)) is State.IN_PROGRESS
    item = bureau.item(P01)
    assert (item.resumes_on, item.pause_note, item.due_on) == (UNTIL, WHY, DUE)
    with reading(bureau.engine) as session:
        last = session.scalars(select(Event).order_by(Event.position.desc()).limit(1)).one()
        assert (last.move, last.note, last.payload) == ("pause", WHY, {"resumes_on": "2026-10-20"})
        assert history.verify(session).fault is None


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"note": WHY}, "Say on which later day"),
        ({"note": WHY, "until": DUE}, "Say on which later day"),
        ({"until": UNTIL}, "Say why"),
    ],
    ids=["without a day", "until today", "without a reason"],
)
def test_a_pause_needs_a_later_day_and_a_reason(
    bureau: Bureau, said: dict[str, object], sentence: str
) -> None:
    handed_over(bureau)
    with pytest.raises(WrongMoveError, match=sentence):
        bureau.act(P01, Move.PAUSE, "coordinator", morning(DUE), **said)


def test_what_is_not_paused_is_not_resumed(bureau: Bureau) -> None:
    handed_over(bureau)
    with pytest.raises(WrongMoveError, match="are not paused"):
        bureau.act(P01, Move.RESUME, "coordinator", morning(DUE))
    pause(bureau, morning(DUE))
    with pytest.raises(WrongMoveError, match="are not paused"):
        bureau.act(P01, Move.RESUME, "coordinator", morning(UNTIL))


def test_a_paused_item_is_silent_until_its_day_and_then_names_the_most_severe_rung(bureau: Bureau) -> None:
    handed_over(bureau)
    pause(bureau, morning(date(2026, 9, 1)))
    silent = [plan(bureau, date(2026, 9, 2) + timedelta(days=days)).messages for days in range(48)]
    assert (silent, outcomes(bureau)) == ([0] * 48, {})
    plan(bureau, UNTIL)
    found = outcomes(bureau)
    planned = [rung for rung, (_, outcome, _) in found.items() if outcome == "planned"]
    assert (planned, {day for day, _, _ in found.values()}) == (["after-10"], {UNTIL})
    assert set(found) == {
        *(f"before-{days}" for days in (1, 3, 7, 15)),
        *("due", "silent-20-20260901"),
        *(f"after-{days}" for days in (1, 3, 5, 10)),
    }


def test_what_was_planned_and_not_sent_is_withdrawn_by_a_pause_and_owed_after_it(bureau: Bureau) -> None:
    handed_over(bureau)
    plan(bureau, DUE)
    pause(bureau, morning(DUE))
    [letter] = bureau.messages(Message.day == DUE)
    assert (letter.state, letter.last_answer) == (MessageState.CANCELLED, "nothing left to say")
    assert outcomes(bureau)["due"] == (DUE, "cancelled", "its reminders are paused until 2026-10-20")
    bureau.act(P01, Move.RESUME, "coordinator", morning(date(2026, 10, 1)))
    plan(bureau, date(2026, 10, 1))
    assert outcomes(bureau)["due"] == (date(2026, 10, 1), "superseded", "superseded by after-1")
    assert outcomes(bureau)["after-1"] == (date(2026, 10, 1), "planned", "")


def test_a_letter_about_another_item_too_goes_out_without_the_paused_one(bureau: Bureau) -> None:
    handed_over(bureau)
    bureau.new_item(M01, due_on=DUE)
    send_all(bureau)
    plan(bureau, DUE)
    pause(bureau, morning(DUE))
    [letter] = bureau.messages(Message.day == DUE)
    assert (letter.state, P01 in letter.text, M01 in letter.text) == (MessageState.PLANNED, False, True)


def test_a_resumed_item_goes_on_at_once(bureau: Bureau) -> None:
    handed_over(bureau)
    pause(bureau, morning(date(2026, 9, 1)))
    bureau.act(P01, Move.RESUME, "coordinator", morning(date(2026, 9, 10)))
    assert plan(bureau, date(2026, 9, 10)).planned == 1
    assert (bureau.item(P01).resumes_on, bureau.item(P01).pause_note) == (None, "")


def test_a_pause_ends_with_its_item_and_does_not_come_back_when_it_is_reopened(bureau: Bureau) -> None:
    handed_over(bureau)
    pause(bureau, morning(DUE))
    bureau.act(P01, Move.SUBMIT, "owner", morning(DUE), evidence=(PROOF,))
    bureau.act(P01, Move.APPROVE, "leader", morning(DUE))
    bureau.act(P01, Move.REOPEN, "leader", morning(DUE), note="回头看")
    assert bureau.item(P01).resumes_on is None


def test_lists_and_forecast_show_the_pause(bureau: Bureau) -> None:
    handed_over(bureau)
    pause(bureau, morning(DUE))
    with reading(bureau.engine) as session:
        during = listing.paused(session, date(2026, 10, 19))
        over = listing.paused(session, UNTIL)
        shown = {
            day: [
                (item.resumes_on, item.pause_note)
                for item in listing.listed(session, bureau.office, day)
                if item.reference == P01
            ]
            for day in (DUE, UNTIL)
        }
        foreseen = forecasts.forecast(session, bureau.office, DUE, 30)
    told = [(item.reference, item.resumes_on, item.note) for item in during]
    assert (told, over) == ([(P01, UNTIL, WHY)], [])
    assert shown == {DUE: [(UNTIL, WHY)], UNTIL: [(None, "")]}
    assert min(line.on for line in foreseen if line.reference == P01) == UNTIL


def test_why_names_the_pause_on_the_days_in_it_and_on_no_other(bureau: Bureau) -> None:
    handed_over(bureau)
    pause(bureau, morning(date(2026, 9, 10)))
    bureau.act(P01, Move.REPORT, "owner", morning(date(2026, 10, 12)), progress=20)

    def why(on: date) -> tuple[Reason, ...]:
        with reading(bureau.engine) as session:
            answer = silences.why(session, bureau.office, "owner@office.example", on, date(2026, 10, 12))
        return answer.items[0].reasons

    paused = Reason(Finding.PAUSED, {"on": UNTIL, "note": WHY})
    next_one = Reason(Finding.NEXT, {"on": UNTIL, "rung": "after-10"})
    assert why(date(2026, 10, 12)) == (paused, next_one)
    assert why(date(2026, 9, 11)) == (paused,)
    assert why(date(2026, 9, 9)) == (Reason(Finding.NOTHING_PLANNED),)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    runs=st.sets(st.integers(0, 60), min_size=1, max_size=8),
    paused_at=st.integers(0, 50),
    length=st.integers(1, 40),
    sends=st.booleans(),
)
def test_a_paused_item_never_plans_before_its_day_and_nothing_due_is_lost_after_it(
    bureau: Bureau, *, runs: set[int], paused_at: int, length: int, sends: bool
) -> None:
    fresh(bureau)
    start = date(2026, 9, 1)
    begins, ends = start + timedelta(days=paused_at), start + timedelta(days=paused_at + length)
    days = sorted({start + timedelta(days=offset) for offset in runs} | {date(2026, 12, 1)})
    is_paused = False
    for day in days:
        if not is_paused and begins <= day < ends:
            is_paused, _ = True, pause(bureau, morning(day) - timedelta(hours=1), ends)
        plan(bureau, day)
        if sends:
            send_all(bureau)
    rows = [row for row in bureau.reminders() if row.role == "owner"]
    if is_paused:
        first_paused = min(day for day in days if begins <= day < ends)
        assert [row.rung for row in rows if first_paused <= row.planned_on < ends] == []
    ladder, calendar = bureau.office.policy.ladder, bureau.office.calendar
    due = due_rungs(digests.standing(bureau.item(P01)), days[-1], ladder, calendar)
    assert sorted(row.rung for row in rows) == sorted(rung.key for rung in due)
    assert [row.rung for row in rows if row.outcome is ReminderOutcome.CANCELLED] == []


def fresh(bureau: Bureau) -> None:
    """One acknowledged item due on DUE that nobody was reminded of and whose reminders are not paused."""
    if not bureau.item_exists(P01):
        handed_over(bureau)
    with writing(bureau.engine) as session:
        session.query(Reminder).delete()
        session.query(Wording).delete()
        session.query(Message).delete()
        item = by_reference(session, P01)
        item.next_reminder_on, item.resumes_on, item.pause_note = date(2026, 7, 6), None, ""
