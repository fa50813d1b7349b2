"""Seals that do not hold any more: who is told, of what, and how often."""

from datetime import datetime, timedelta

import pytest
from offices import ZONE, Bureau
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.message import Message
from models.organisation import Grant, Person, Unit
from models.session import reading, writing
from rules.permissions import Role
from rules.watch import Cause
from services import alarms, rollups
from services.seal_checks import SealFinding, check_seals

NEW_YEAR = datetime(2027, 1, 4, 1, 40, tzinfo=ZONE)
DAY = timedelta(days=1)
READERS = ["admin", "auditor", "coordinator"]


@pytest.fixture
def sealed(bureau: Bureau) -> Bureau:
    bureau.new_item()
    with writing(bureau.engine) as session:
        for key in ("2026-09", "2026H2"):
            rollups.seal(session, bureau.office, key, by=None, now=NEW_YEAR)
    return bureau


def change(bureau: Bureau, key: str) -> None:
    """As somebody who writes past the program does."""
    with writing(bureau.engine) as session:
        disarm(session)
        which = "select id from period where key = :key"
        session.execute(
            text(
                f"update rollup set content = replace(content, '安全科', '某科') where period_id in ({which})"
            ),
            {"key": key},
        )


def disarm(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("drop trigger if exists rollup_refuses_update"))
    else:
        session.execute(text("alter table rollup disable trigger all"))


def findings(bureau: Bureau) -> tuple[SealFinding, ...]:
    with reading(bureau.engine) as session:
        return check_seals(session, bureau.office).findings


def tell(bureau: Bureau, now: datetime) -> int:
    found = findings(bureau)
    with writing(bureau.engine) as session:
        return alarms.tell_seals(session, bureau.office, found, now=now)


def letters(bureau: Bureau) -> list[tuple[str, str]]:
    """Reader and text of every alarm about seals."""
    found = bureau.messages(Message.letter == "alarm")
    mine = [one for one in found if one.key.split(":")[1] == "seals"]
    return sorted((bureau.email(one.person_id), one.text) for one in mine)


def test_seals_that_hold_alarm_nobody(sealed: Bureau) -> None:
    assert (findings(sealed), tell(sealed, NEW_YEAR), letters(sealed)) == ((), 0, [])


def test_coordinators_administrators_and_auditors_are_told_once_which_seal_does_not_hold(
    sealed: Bureau,
) -> None:
    change(sealed, "2026H2")
    assert [tell(sealed, NEW_YEAR + days * DAY) for days in range(3)] == [3, 0, 0]
    told = letters(sealed)
    assert [who for who, _ in told] == READERS
    line = "- 第 1 版：2026H2 的封存内容已被改动。"
    assert [words.count(line) for _, words in told] == [1, 1, 1]


def test_another_seal_that_does_not_hold_is_told_anew_with_the_first(sealed: Bureau) -> None:
    change(sealed, "2026H2")
    tell(sealed, NEW_YEAR)
    change(sealed, "2026-09")
    assert (tell(sealed, NEW_YEAR + DAY), len(letters(sealed))) == (3, 6)
    (latest,) = [words for who, words in letters(sealed) if who == "auditor" and "2026-09 的封存" in words]
    assert "2026H2 的封存内容已被改动。" in latest


def test_who_has_to_do_with_one_unit_alone_is_not_told(sealed: Bureau) -> None:
    with writing(sealed.engine) as session:
        unit = session.scalars(select(Unit.id).where(Unit.code == "SAFETY")).one()
        person = session.scalars(select(Person.id).where(Person.email == "head@office.example")).one()
        session.add(Grant(person_id=person, role=Role.COORDINATOR, unit_id=unit))
    change(sealed, "2026H2")
    tell(sealed, NEW_YEAR)
    assert [who for who, _ in letters(sealed)] == READERS


def test_the_check_names_seals_beside_all_else_and_is_not_well(sealed: Bureau) -> None:
    change(sealed, "2026H2")
    found = findings(sealed)
    with writing(sealed.engine) as session:
        checked = alarms.check(session, sealed.office, now=NEW_YEAR, seals=found)
    (alarm,) = [one for one in checked.alarms if one.cause is Cause.SEALS]
    assert [(one.period, one.version) for one in alarm.broken] == [("2026H2", 1)]
    assert (checked.is_well, [who for who, _ in letters(sealed)]) == (False, READERS)
