"""How the whole office stands on one screen."""

from datetime import date, datetime, timedelta

from offices import MONDAY, Bureau
from sqlalchemy import update

from models.message import Message, MessageState
from models.session import reading, writing
from rules.fates import Fate
from rules.watch import Cause, Loop
from services import closing, restores, runs
from services.status import Status, status_of


def stands(bureau: Bureau, now: datetime = MONDAY) -> Status:
    with reading(bureau.engine) as session:
        return status_of(session, bureau.office, now=now)


def test_an_office_that_has_just_begun_has_nothing_to_show(bureau: Bureau) -> None:
    found = stands(bureau)
    assert (found.office, found.open, found.overdue, found.letters) == ("云州市住建局", 0, 0, {})
    assert (found.sealed, found.last_seal, found.held_since) == (0, None, None)
    assert {pulse.loop: pulse.succeeded_at for pulse in found.pulses} == dict.fromkeys(
        set(Loop) - {Loop.BOUNCES}
    )


def test_items_are_open_from_handing_over_and_overdue_from_the_day_after_their_deadline(
    bureau: Bureau,
) -> None:
    bureau.new_item("2026H1-P01", due_on=date(2026, 7, 10))
    bureau.new_item("2026H1-P02", due_on=date(2026, 9, 30))
    assert (stands(bureau).open, stands(bureau).overdue) == (2, 0)
    late = stands(bureau, MONDAY + timedelta(days=5))
    assert (late.open, late.overdue) == (2, 1)


def test_letters_are_counted_by_their_fate(bureau: Bureau) -> None:
    bureau.new_item("2026H1-P01")
    bureau.new_item("2026H1-P02", owner="second")
    first, second = (letter.id for letter in bureau.messages())
    with writing(bureau.engine) as session:
        session.execute(update(Message).where(Message.id == first).values(held=True))
        session.execute(update(Message).where(Message.id == second).values(state=MessageState.SENT))
    assert stands(bureau).letters == {Fate.HELD: 1, Fate.SENT: 1}


def test_sealed_periods_are_counted_and_the_last_one_named(bureau: Bureau) -> None:
    bureau.new_item()
    after = datetime(2027, 1, 4, 9, tzinfo=bureau.office.zone)
    with writing(bureau.engine) as session:
        closing.close_ended(session, bureau.office, now=after)
    found = stands(bureau, after)
    assert found.sealed == 1
    assert found.last_seal == ("2026H2", after)


def test_what_is_the_matter_is_told_and_no_letter_is_planned_about_it(bureau: Bureau) -> None:
    with writing(bureau.engine) as session:
        runs.keep(session, Loop.DELIVERY.value, None, MONDAY, {}, error="535 no")
    found = stands(bureau)
    assert [alarm.cause for alarm in found.alarms] == [Cause.CHANNEL]
    assert not found.is_well
    assert bureau.messages() == []


def test_a_restored_office_is_not_well_until_sending_is_resumed(bureau: Bureau) -> None:
    with writing(bureau.engine) as session:
        restores.note(session, MONDAY - timedelta(days=1), MONDAY)
    assert (stands(bureau).held_since, stands(bureau).is_well) == (MONDAY, False)
    with writing(bureau.engine) as session:
        restores.resume(session, MONDAY + timedelta(hours=1))
    assert (stands(bureau).held_since, stands(bureau).is_well) == (None, True)
