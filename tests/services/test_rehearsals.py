from datetime import date, datetime, timedelta
from typing import Any

from offices import ZONE, Bureau
from sqlalchemy import select

from models.base import Base
from models.message import IS_UNSENT, Message
from models.session import reading, writing
from rules.planning import Guard
from services.rehearsals import Rehearsal, rehearse
from services.reminders import DIGESTS, Planned
from services.weekly_overviews import plan_morning

LATE = date(2026, 10, 1)
MORNING = datetime(2026, 10, 1, 8, 30, tzinfo=ZONE)


def rehearsed(bureau: Bureau, *, confirm: bool = False) -> Rehearsal:
    return rehearse(bureau.engine, bureau.office, LATE, now=MORNING, confirm=confirm)


def planned(bureau: Bureau) -> Planned:
    with writing(bureau.engine) as session:
        return plan_morning(session, bureau.office, LATE, now=MORNING)


def rows(bureau: Bureau) -> dict[str, list[Any]]:
    """Every row of every table."""
    with reading(bureau.engine) as session:
        return {
            one.name: sorted(map(repr, session.execute(select(one)))) for one in Base.metadata.sorted_tables
        }


def outbox(bureau: Bureau) -> list[tuple[str, str, str, str, bool]]:
    return [(m.address, m.letter, m.subject, m.text, m.held) for m in bureau.messages(IS_UNSENT)]


def shown(rehearsal: Rehearsal) -> list[tuple[str, str, str, str, bool]]:
    return [(one.email, one.letter, one.subject, one.text, one.held) for one in rehearsal.letters]


def late(bureau: Bureau) -> Bureau:
    bureau.new_item("2026H1-P01", due_on=date(2026, 9, 30))
    return bureau


def test_a_rehearsal_changes_no_row_of_any_table(bureau: Bureau) -> None:
    before = rows(late(bureau))
    assert rehearsed(bureau).planned.messages > 0
    assert rows(bureau) == before


def test_a_rehearsal_tells_the_very_letters_that_the_run_then_writes(bureau: Bureau) -> None:
    foretold = rehearsed(late(bureau))
    assert planned(bureau) == foretold.planned
    assert sorted(outbox(bureau)) == sorted(shown(foretold))


def test_after_the_run_a_rehearsal_tells_of_what_still_waits(bureau: Bureau) -> None:
    planned(late(bureau))
    before = rows(bureau)
    again = rehearsed(bureau)
    assert (again.planned, sorted(shown(again))) == (Planned(0, 0, 0, 0), sorted(outbox(bureau)))
    assert rows(bureau) == before


def test_a_rehearsed_flood_is_held_and_a_rehearsed_release_releases_nothing(bureau: Bureau) -> None:
    careful = late(bureau).with_policy(guard=Guard(first=1))
    planned(careful)
    before = rows(careful)
    digests = [one.held for one in rehearsed(careful).letters if one.letter in DIGESTS]
    freed = [one.held for one in rehearsed(careful, confirm=True).letters if one.letter in DIGESTS]
    assert (digests, freed) == ([True] * len(digests), [False] * len(digests))
    assert len(digests) > 1
    assert rows(careful) == before


def test_a_letter_that_waits_for_a_later_try_is_not_among_those_that_would_go(bureau: Bureau) -> None:
    planned(late(bureau))
    with writing(bureau.engine) as session:
        put_off = session.scalars(select(Message).order_by(Message.id)).all()[0]
        put_off.not_before, put_off.attempts = MORNING + timedelta(hours=1), 1
    assert shown(rehearsed(bureau)) == outbox(bureau)[1:]
