from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from offices import MONDAY, ZONE, Bureau

from models.message import Message, MessageState
from models.session import reading, writing
from notifications import outbox
from notifications.smtp import Answer, Ruling
from rules.quiet import Quiet
from rules.silences import Finding
from services import alarms, forecasts, receipts, reminders, silences

P01 = "2026H1-P01"
DUE = date(2026, 9, 30)  # a Wednesday
WEEK = Quiet(spans=("2026-09-28/2026-10-02",))
DIGEST = Message.letter.in_(reminders.DIGESTS)


def at(day: date, hour: int = 8) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=ZONE)


@pytest.fixture
def quiet(bureau: Bureau) -> Bureau:
    """An office that wants no reminders in the last week of September."""
    bureau.new_item(P01, due_on=DUE)
    deliver(bureau, MONDAY)
    return bureau.with_policy(quiet=WEEK)


def plan(bureau: Bureau, day: date) -> None:
    with writing(bureau.engine) as session:
        reminders.plan(session, bureau.office, day, now=at(day))


def deliver(bureau: Bureau, now: datetime, ruling: Ruling = Ruling.SENT) -> int:
    count = 0
    with writing(bureau.engine) as session:
        quiet_on = bureau.office.quiet_on(now)
        while message := outbox.claim(session, "test", now, timedelta(minutes=3), quiet_on=quiet_on):
            outbox.settle(session, message, Answer(ruling, "the server's word"), now)
            count += 1
    return count


def test_what_comes_due_on_quiet_days_is_told_in_one_digest_on_the_next_send_day(quiet: Bureau) -> None:
    plan(quiet, date(2026, 9, 25))
    deliver(quiet, at(date(2026, 9, 25)))
    plan(quiet, date(2026, 10, 5))
    deliver(quiet, at(date(2026, 10, 5)))
    owner = [m for m in quiet.messages(DIGEST) if quiet.email(m.person_id) == "owner"]
    assert [letter.day for letter in owner] == [date(2026, 9, 25), date(2026, 10, 5)]
    told = {r.rung: r.outcome for r in quiet.reminders() if r.planned_on == date(2026, 10, 5)}
    assert (told["after-3"], told["after-1"], told["due"]) == ("sent", "superseded", "superseded")


def test_the_forecast_passes_over_quiet_days(quiet: Bureau) -> None:
    with reading(quiet.engine) as session:
        found = forecasts.forecast(session, quiet.office, date(2026, 9, 25), 14)
    assert sorted({line.on for line in found}) == [date(2026, 9, 25), date(2026, 10, 5), date(2026, 10, 7)]


def test_why_says_that_the_day_was_quiet_and_when_the_next_reminder_comes(quiet: Bureau) -> None:
    plan(quiet, date(2026, 9, 25))
    with reading(quiet.engine) as session:
        answer = silences.why(session, quiet.office, "owner@office.example", date(2026, 9, 29), DUE)
    assert [reason.sentence for reason in answer.reasons] == [Finding.QUIET_DAY]
    [item] = [item for item in answer.items if item.reference == P01]
    assert dict(item.reasons[-1].values)["on"] == date(2026, 10, 5)


def test_a_digest_that_was_refused_before_rests_on_a_quiet_day_and_other_letters_go(quiet: Bureau) -> None:
    plan(quiet, date(2026, 9, 25))
    waiting = deliver(quiet, at(date(2026, 9, 25)), Ruling.RETRY)
    quiet.new_item("2026H1-P02", now=at(date(2026, 9, 28)))
    assert deliver(quiet, at(date(2026, 9, 29))) == 1
    assert {m.letter for m in quiet.messages(Message.state == MessageState.FAILED)} <= set(reminders.DIGESTS)
    assert deliver(quiet, at(date(2026, 10, 5))) == waiting > 0


def test_a_quiet_day_that_somebody_names_is_planned_and_its_letters_go(quiet: Bureau) -> None:
    plan(quiet, date(2026, 9, 29))
    assert deliver(quiet, at(date(2026, 9, 29))) == len(quiet.messages(DIGEST)) > 0


def test_nobody_is_alarmed_that_a_quiet_day_brought_no_reminders(quiet: Bureau) -> None:
    plan(quiet, date(2026, 9, 25))
    deliver(quiet, at(date(2026, 9, 25)), Ruling.RETRY)
    with writing(quiet.engine) as session:
        found = alarms.check(session, quiet.office, now=at(date(2026, 9, 29), 12)).alarms
        loud = alarms.check(session, loudly(quiet).office, now=at(date(2026, 9, 29), 12)).alarms
        missed = list(
            receipts.missed_days(session, quiet.office, date(2026, 9, 25), at(date(2026, 10, 2), 17))
        )
    assert (found, missed, [alarm.cause for alarm in loud]) == ((), [], ["reminders", "waiting"])


def loudly(bureau: Bureau) -> Bureau:
    policy = replace(bureau.office.policy, quiet=Quiet())
    return replace(bureau, office=replace(bureau.office, policy=policy))
