from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from offices import MONDAY, ZONE, Bureau, found
from sqlalchemy import Engine, update

from models.message import FailingAddress, Message, MessageState, Run
from models.organisation import Grant, Person
from models.session import writing
from notifications import outbox
from notifications.smtp import Answer, Ruling
from rules.planning import Guard
from rules.watch import Cause, Loop
from services import alarms, reminders, runs
from services.alarms import Checked

P01, P02 = "2026H1-P01", "2026H1-P02"
TAKEN = Answer(Ruling.SENT, "250 queued")
NOBODY = Answer(Ruling.DEAD, "550 no such user", of_address=True)
TUESDAY = date(2026, 7, 7)
SATURDAY = date(2026, 7, 11)
DAY = timedelta(days=1)


def at(day: date, hour: int, minute: int = 7) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def check(bureau: Bureau, now: datetime) -> Checked:
    with writing(bureau.engine) as session:
        return alarms.check(session, bureau.office, now=now)


def causes(checked: Checked) -> list[Cause]:
    return [alarm.cause for alarm in checked.alarms]


def plan(bureau: Bureau, day: date, hour: int = 8) -> None:
    with writing(bureau.engine) as session:
        reminders.plan(session, bureau.office, day, now=at(day, hour))


def deliver(bureau: Bureau, now: datetime, answer: Answer, *, stopped: str = "") -> None:
    """As if the mail server had given this answer to every letter that waits, or stopped the channel."""
    with writing(bureau.engine) as session:
        while not stopped and (message := outbox.claim(session, "test", now, timedelta(minutes=3))):
            outbox.settle(session, message, answer, now)
        runs.keep(session, Loop.DELIVERY, None, now, {}, error=stopped)


def letters(bureau: Bureau) -> list[tuple[str, str]]:
    """Cause and reader of every alarm there is."""
    found = bureau.messages(Message.letter == "alarm")
    return [(message.key.split(":")[1], bureau.email(message.person_id)) for message in found]


def test_a_working_day_without_reminders_alarms_coordinators_and_administrators_once(bureau: Bureau) -> None:
    assert causes(check(bureau, at(TUESDAY, 9))) == []
    assert causes(check(bureau, at(TUESDAY, 10))) == [Cause.REMINDERS]
    again = check(bureau, at(TUESDAY, 11))
    assert (causes(again), again.messages, again.is_well) == ([Cause.REMINDERS], 0, False)
    assert letters(bureau) == [("reminders", "coordinator"), ("reminders", "admin")]


@pytest.mark.parametrize(("hour", "owed"), [(9, True), (10, False), (15, False)])
def test_an_office_that_begins_after_the_hour_of_reminders_owes_none_that_day(
    engine: Engine, tmp_path: Path, *, hour: int, owed: bool
) -> None:
    bureau = found(engine, tmp_path, now=at(TUESDAY, hour))
    told = [Cause.REMINDERS in causes(check(bureau, at(TUESDAY + days * DAY, 16))) for days in range(2)]
    assert told == [owed, True]


def test_the_next_day_without_reminders_is_a_matter_of_its_own(bureau: Bureau) -> None:
    check(bureau, at(TUESDAY, 10))
    deliver(bureau, at(TUESDAY, 11), TAKEN)
    assert check(bureau, at(TUESDAY + DAY, 10)).messages == 2


def test_reminders_that_ran_late_end_the_matter(bureau: Bureau) -> None:
    check(bureau, at(TUESDAY, 10))
    plan(bureau, TUESDAY, hour=11)
    assert check(bureau, at(TUESDAY, 12)) == Checked((), 0)


def test_on_a_day_that_is_not_worked_nobody_expects_reminders(bureau: Bureau) -> None:
    assert check(bureau, at(SATURDAY, 12)) == Checked((), 0)


def test_a_run_that_broke_off_is_no_run_and_the_alarm_says_why(bureau: Bureau) -> None:
    with writing(bureau.engine) as session:
        runs.beat(session, reminders.NAME, at(TUESDAY, 8), "OperationalError: disk full")
    [alarm] = check(bureau, at(TUESDAY, 10)).alarms
    assert (alarm.cause, alarm.said) == (Cause.REMINDERS, "OperationalError: disk full")


def test_a_channel_that_stays_stopped_for_days_is_told_once_and_shown_each_time(bureau: Bureau) -> None:
    bureau.new_item(P01)
    deliver(bureau, at(TUESDAY, 9), TAKEN)
    for number in range(3):
        day = TUESDAY + number * DAY
        plan(bureau, day)
        deliver(bureau, at(day, 9), TAKEN, stopped="535 authentication failed")
        checked = check(bureau, at(day, 17))
        assert (causes(checked), checked.is_well) == ([Cause.CHANNEL], False)
    assert letters(bureau) == [("channel", "coordinator"), ("channel", "admin")]
    deliver(bureau, at(day, 18), TAKEN)
    assert {m.state for m in bureau.messages(Message.letter == "alarm")} == {MessageState.SENT}
    assert check(bureau, at(day, 19)) == Checked((), 0)


def test_a_channel_that_stops_again_another_day_is_told_again(bureau: Bureau) -> None:
    plan(bureau, TUESDAY)
    deliver(bureau, at(TUESDAY, 8), TAKEN, stopped="535 no")
    assert check(bureau, at(TUESDAY, 9)).messages == 2
    deliver(bureau, at(TUESDAY, 10), TAKEN)
    deliver(bureau, at(TUESDAY, 12), TAKEN, stopped="535 no")
    assert check(bureau, at(TUESDAY, 13)).messages == 2


def test_letters_that_lie_in_the_outbox_for_hours_are_told_once(bureau: Bureau) -> None:
    bureau.new_item(P01)
    bureau.new_item(P02)
    plan(bureau, MONDAY.date())
    assert causes(check(bureau, MONDAY + timedelta(hours=5))) == []
    plan(bureau, TUESDAY)
    first = check(bureau, at(TUESDAY, 9))
    [alarm] = first.alarms
    assert (alarm.cause, alarm.count, alarm.since, first.messages) == (Cause.WAITING, 2, MONDAY, 2)
    plan(bureau, TUESDAY + DAY)
    assert check(bureau, at(TUESDAY + DAY, 9)).messages == 0


def test_letters_of_a_trial_that_wait_for_its_end_alarm_nobody(bureau: Bureau) -> None:
    bureau.new_item(P01)
    plan(bureau, TUESDAY)
    postbox = replace(bureau.office.postbox, redirect_to="trial@office.example")
    trial = replace(bureau, office=replace(bureau.office, postbox=postbox))
    assert causes(check(trial, at(TUESDAY, 9))) == []
    assert causes(check(bureau, at(TUESDAY, 9))) == [Cause.WAITING]


def test_a_batch_that_nobody_releases_is_told_after_a_day_although_each_day_renews_it(bureau: Bureau) -> None:
    careful = bureau.with_policy(guard=Guard(first=0))
    careful.new_item(P01, due_on=date(2026, 7, 8))
    deliver(careful, at(MONDAY.date(), 10), TAKEN)
    found = []
    for number in range(4):
        day = date(2026, 7, 9) + number * DAY
        plan(careful, day)
        found.append((causes(check(careful, at(day, 9))), len(letters(careful))))
        deliver(careful, at(day, 10), TAKEN)
    assert found == [([], 0), ([Cause.HELD], 2), ([Cause.HELD], 2), ([Cause.HELD], 2)]
    with writing(careful.engine) as session:
        outbox.release(session)
    assert causes(check(careful, at(day, 11))) == []


def test_an_address_that_is_refused_for_good_is_named_once(bureau: Bureau) -> None:
    bureau.new_item(P01)
    deliver(bureau, at(TUESDAY, 8), NOBODY)
    plan(bureau, TUESDAY)
    checked = check(bureau, at(TUESDAY, 9))
    assert (causes(checked), checked.is_well, checked.messages) == ([Cause.ADDRESSES], True, 2)
    [letter, _] = bureau.messages(Message.letter == "alarm")
    assert "安全科员 <owner@office.example>（550 no such user）" in letter.text
    deliver(bureau, at(TUESDAY, 10), TAKEN)
    bureau.new_item(P02)
    deliver(bureau, at(TUESDAY, 11), NOBODY)
    assert check(bureau, at(TUESDAY, 12)) == Checked((), 0)


def test_what_dies_of_its_size_or_of_age_says_nothing_of_the_address(bureau: Bureau) -> None:
    bureau.new_item(P01)
    deliver(bureau, at(TUESDAY, 8), Answer(Ruling.DEAD, "552 too big"))
    assert bureau_failing(bureau) == []


def test_an_address_that_dies_after_the_days_alarm_is_named_the_day_after(bureau: Bureau) -> None:
    bureau.new_item(P01)
    deliver(bureau, at(TUESDAY, 8), NOBODY)
    check(bureau, at(TUESDAY, 9))
    bureau.new_item(P02, owner="second")
    plan(bureau, TUESDAY)
    kill(bureau, "second", at(TUESDAY, 10))
    assert check(bureau, at(TUESDAY, 11)).messages == 0
    plan(bureau, TUESDAY + DAY)
    [alarm] = check(bureau, at(TUESDAY + DAY, 9)).alarms[-1:]
    assert [one.address for one in alarm.failing] == ["second@office.example"]
    assert check(bureau, at(TUESDAY + DAY, 10)).messages == 0


def test_an_address_takes_letters_again_once_one_has_stayed_for_three_days(bureau: Bureau) -> None:
    bureau.new_item(P01)
    deliver(bureau, at(TUESDAY, 8), NOBODY)
    bureau.new_item(P02)
    deliver(bureau, at(TUESDAY, 9), TAKEN)
    check(bureau, at(TUESDAY + 2 * DAY, 9))
    assert bureau_failing(bureau) == ["owner@office.example"]
    check(bureau, at(TUESDAY + 3 * DAY, 10))
    assert bureau_failing(bureau) == []


def test_an_address_that_was_corrected_and_one_of_somebody_who_left_are_forgotten(bureau: Bureau) -> None:
    bureau.new_item(P01)
    bureau.new_item(P02, owner="second")
    deliver(bureau, at(TUESDAY, 8), NOBODY)
    with writing(bureau.engine) as session:
        owner, second = (Person.email == f"{who}@office.example" for who in ("owner", "second"))
        session.execute(update(Person).where(owner).values(email="owner.new@office.example"))
        session.execute(update(Person).where(second).values(active=False))
    check(bureau, at(TUESDAY, 9))
    assert (bureau_failing(bureau), letters(bureau)) == ([], [])


def test_where_nobody_can_be_told_an_address_stays_to_be_told(bureau: Bureau) -> None:
    bureau.new_item(P01)
    deliver(bureau, at(TUESDAY, 8), NOBODY)
    with writing(bureau.engine) as session:
        session.query(Grant).delete()
    assert causes(check(bureau, at(TUESDAY, 9))) == [Cause.ADDRESSES]
    assert bureau.rows(Run)[-1].counts == {"alarms": 1, "messages": 0}
    assert causes(check(bureau, at(TUESDAY, 9))) == [Cause.ADDRESSES]


def kill(bureau: Bureau, who: str, now: datetime) -> None:
    """The letters to one person are refused for good."""
    address = f"{who}@office.example"
    with writing(bureau.engine) as session:
        while message := outbox.claim(session, "test", now, timedelta(minutes=3), only=address):
            outbox.settle(session, message, NOBODY, now)


def bureau_failing(bureau: Bureau) -> list[str]:
    with writing(bureau.engine) as session:
        return [row.address for row in session.query(FailingAddress)]
