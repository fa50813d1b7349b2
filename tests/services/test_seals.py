"""Seals by two people, what never changes in them, and what is known later."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import PROOF, ZONE, Bureau
from sqlalchemy import select, text, update

from models.event import Event
from models.message import Message
from models.period import Carried
from models.period import Rollup as RollupRow
from models.session import reading, writing
from rules.errors import NotAllowedError, NotFoundError, RefusedError, WrongMoveError
from rules.lifecycle import Move
from rules.restating import Why
from rules.rollup import RULE_VERSION
from rules.sealing import SealBy
from services import closing, rollups, seals, staffing
from services.restatements import Comparison, restate
from services.seal_checks import SealCheck, SealFault, SealFinding, check_seals

P01, P02, M01, M02 = "2026H1-P01", "2026H1-P02", "2026H1-M01", "2026H1-M02"
NEW_YEAR = datetime(2027, 1, 1, 0, 10, tzinfo=ZONE)
DAY = timedelta(days=1)
HALF = "2026H2"


@pytest.fixture
def office(bureau: Bureau) -> Bureau:
    """One item closed in time, one handed in and not decided, in an office where two people seal."""
    for reference in (P01, P02):
        bureau.new_item(reference)
        bureau.act(reference, Move.ACKNOWLEDGE, "owner")
        bureau.act(reference, Move.SUBMIT, "owner", evidence=(PROOF,), note="已完成")
    bureau.act(P01, Move.APPROVE, "coordinator")
    return bureau.with_policy(seal_by=SealBy.FOUR_EYES)


def sealed_by_two(bureau: Bureau, now: datetime = NEW_YEAR) -> RollupRow:
    with bureau.visit("coordinator", now) as visit:
        seals.propose(visit, HALF)
    with bureau.visit("leader", now + timedelta(hours=1)) as visit:
        row = closing.confirm_seal(visit, HALF)
        visit.session.flush()
        visit.session.expunge(row)
    return row


def lifted_by_two(bureau: Bureau, now: datetime) -> None:
    with bureau.visit("coordinator", now) as visit:
        seals.propose_unsealing(visit, HALF, reason="单位调整")
    with bureau.visit("leader", now) as visit:
        seals.confirm_unsealing(visit, HALF, reason="同意")


def contents(bureau: Bureau) -> list[tuple[int, str, str]]:
    return [(row.version, row.sha256, row.content) for row in bureau.rows(RollupRow)]


def moves(bureau: Bureau) -> list[tuple[str, str, str]]:
    """Events about the period: by whom, what, why."""
    with reading(bureau.engine) as session:
        query = select(Event).where(Event.subject == f"period:{HALF}").order_by(Event.position)
        found = [(event.actor_id, event.move, event.note) for event in session.scalars(query)]
    return [(bureau.email(actor) if actor else "", move, note) for actor, move, note in found]


def check(bureau: Bureau) -> SealCheck:
    with reading(bureau.engine) as session:
        return check_seals(session, bureau.office)


def restated(bureau: Bureau) -> Comparison:
    with reading(bureau.engine) as session:
        return restate(session, bureau.office, HALF)


def test_one_person_proposes_a_seal_and_another_one_makes_it(office: Bureau) -> None:
    row = sealed_by_two(office)
    assert office.email(row.sealed_by_id or 0) == "leader"
    assert moves(office) == [("coordinator", "propose-seal", ""), ("leader", "seal", "")]
    assert (row.version, row.rule_version, check(office)) == (1, RULE_VERSION, SealCheck(1, ()))


def test_nobody_confirms_what_they_proposed_themselves(office: Bureau) -> None:
    with writing(office.engine) as session:
        session.execute(
            text(
                "insert into \"grant\" (person_id, role, unit_id) select person_id, 'leader', unit_id "
                "from \"grant\" where role = 'coordinator'"
            )
        )
    with office.visit("coordinator", NEW_YEAR) as visit:
        seals.propose(visit, HALF)
    with office.visit("coordinator", NEW_YEAR) as visit, pytest.raises(NotAllowedError, match="other than"):
        seals.confirm(visit, HALF)
    assert contents(office) == []


@pytest.mark.parametrize("who", ["head", "owner", "auditor", "admin", "leader"])
def test_only_a_coordinator_proposes(office: Bureau, who: str) -> None:
    with office.visit(who, NEW_YEAR) as visit, pytest.raises(NotAllowedError):
        seals.propose(visit, HALF)


def test_where_two_people_seal_one_cannot(office: Bureau) -> None:
    with office.visit("leader", NEW_YEAR) as visit, pytest.raises(WrongMoveError, match="Two people"):
        rollups.seal_by(visit, HALF)
    with office.visit("leader", NEW_YEAR) as visit, pytest.raises(WrongMoveError, match="propose it first"):
        seals.confirm(visit, HALF)


def test_a_period_that_runs_and_a_range_of_days_are_not_proposed(office: Bureau) -> None:
    for key, why in (("2027H1", "runs until"), ("2026-07-01..2026-09-15", "own range")):
        with office.visit("coordinator", NEW_YEAR) as visit, pytest.raises(WrongMoveError, match=why):
            seals.propose(visit, key)


def test_what_is_proposed_can_be_refused_and_proposed_again(office: Bureau) -> None:
    with office.visit("coordinator", NEW_YEAR) as visit:
        seals.propose(visit, HALF)
    with office.visit("coordinator", NEW_YEAR) as visit, pytest.raises(WrongMoveError, match="already"):
        seals.propose(visit, HALF)
    with office.visit("leader", NEW_YEAR) as visit:
        seals.refuse(visit, HALF, reason="先核对")
    sealed_by_two(office, NEW_YEAR + DAY)
    assert [move for _, move, _ in moves(office)] == ["propose-seal", "refuse-seal", "propose-seal", "seal"]


def test_figures_that_changed_since_they_were_proposed_are_not_sealed(office: Bureau) -> None:
    with office.visit("coordinator", NEW_YEAR) as visit:
        seals.propose(visit, HALF)
    with writing(office.engine) as session:
        session.execute(text("update unit set name = '质安科' where code = 'SAFETY'"))
    with office.visit("leader", NEW_YEAR) as visit, pytest.raises(WrongMoveError, match="no longer"):
        seals.confirm(visit, HALF)


def test_lifting_a_seal_takes_two_people_with_reasons_and_keeps_every_version(office: Bureau) -> None:
    sealed_by_two(office)
    first = contents(office)
    lifted_by_two(office, NEW_YEAR + DAY)
    with reading(office.engine) as session:
        stand = rollups.stand(session, office.office, HALF, as_of=NEW_YEAR + DAY)
        assert (stand.version, rollups.sealed(session, HALF)) == (0, None)
    sealed_by_two(office, NEW_YEAR + 2 * DAY)
    assert contents(office)[:1] == first
    assert [version for version, _, _ in contents(office)] == [1, 2]
    assert moves(office)[2:] == [
        ("coordinator", "propose-unseal", "单位调整"),
        ("leader", "unseal", "同意"),
        ("coordinator", "propose-seal", ""),
        ("leader", "seal", ""),
    ]
    assert check(office) == SealCheck(2, ())


def test_a_lifted_seal_is_not_made_again_by_the_flow(office: Bureau) -> None:
    sealed_by_two(office)
    lifted_by_two(office, NEW_YEAR + DAY)
    with writing(office.engine) as session:
        by_flow = office.with_policy(seal_by=SealBy.FLOW).office
        assert closing.close_ended(session, by_flow, now=NEW_YEAR + 2 * DAY) == []


def test_lifting_needs_reasons_another_person_and_a_seal(office: Bureau) -> None:
    with office.visit("leader", NEW_YEAR) as visit, pytest.raises(NotFoundError, match="bears no seal"):
        seals.propose_unsealing(visit, HALF, reason="有误")
    sealed_by_two(office)
    with office.visit("leader", NEW_YEAR + DAY) as visit, pytest.raises(WrongMoveError, match="reason"):
        seals.propose_unsealing(visit, HALF, reason=" ")
    with office.visit("leader", NEW_YEAR + DAY) as visit:
        seals.propose_unsealing(visit, HALF, reason="有误")
    with office.visit("leader", NEW_YEAR + DAY) as visit, pytest.raises(NotAllowedError):
        seals.confirm_unsealing(visit, HALF, reason="有误")
    with office.visit("coordinator", NEW_YEAR + DAY) as visit, pytest.raises(WrongMoveError, match="reason"):
        seals.confirm_unsealing(visit, HALF, reason="")


def test_where_two_people_seal_the_flow_proposes_once_and_asks_the_leader(office: Bureau) -> None:
    found = []
    for _ in range(2):
        with writing(office.engine) as session:
            found += closing.close_ended(session, office.office, now=NEW_YEAR)
    letters = office.messages(Message.letter == "rollup")
    assert [(one.key, one.is_sealed) for one in found] == [(HALF, False)]
    assert [office.email(letter.person_id) for letter in letters] == ["leader"]
    assert letters[0].subject == "【云州市住建局】请确认：云州市住建局2026年下半年整改数据"
    assert f"rectify rollup {HALF} --seal --as" in letters[0].text
    with office.visit("leader", NEW_YEAR + DAY) as visit:
        closing.confirm_seal(visit, HALF)
    assert len(contents(office)) == 1


def test_auditors_keep_the_anchor_in_their_mail(office: Bureau) -> None:
    row = sealed_by_two(office)
    told = {office.email(m.person_id): m.text for m in office.messages(Message.letter == "rollup")}
    with_anchor = {who for who, words in told.items() if row.anchor_hash in words}
    assert with_anchor == {"auditor"}
    assert f"{row.anchor_position} {row.anchor_hash}" in told["auditor"]


def test_what_happened_in_a_sealed_period_is_booked_now_and_shown_as_late(office: Bureau) -> None:
    sealed_by_two(office)
    before = contents(office)
    later = NEW_YEAR + 4 * DAY
    office.act(P02, Move.APPROVE, "coordinator", later, happened_on=date(2026, 9, 28))
    found = restated(office)
    assert contents(office) == before
    assert (found.sealed.total.closed, found.current.total.closed) == (1, 2)
    assert (found.sealed.total.overdue, found.current.total.overdue) == (1, 0)
    assert [(one.reference, one.why, one.current and one.current.ended_on) for one in found.what.items] == [
        (P02, Why.LATE, date(2026, 9, 28))
    ]
    assert [(late.move, late.happened_on) for late in found.late] == [("approve", date(2026, 9, 28))]
    with reading(office.engine) as session:
        booked = rollups.compute(session, office.office, "2027H1", as_of=later + DAY).rollup
        stand = rollups.stand(session, office.office, HALF, as_of=later)
    assert booked.movement is not None
    assert (booked.movement.closed, booked.total.closed, stand.restated) == (1, 1, True)
    assert check(office) == SealCheck(1, ())


def test_nothing_has_happened_on_a_day_to_come(office: Bureau) -> None:
    with pytest.raises(WrongMoveError, match="has not come yet"):
        office.act(P02, Move.APPROVE, "coordinator", NEW_YEAR, happened_on=date(2027, 1, 2))


def test_without_late_entries_a_restatement_differs_in_nothing(office: Bureau) -> None:
    sealed_by_two(office)
    office.act(P02, Move.APPROVE, "coordinator", NEW_YEAR + DAY)
    found = restated(office)
    assert (found.what.items, found.late, found.current.total) == ((), (), found.sealed.total)


def test_a_period_without_a_seal_has_no_restatement(office: Bureau) -> None:
    with pytest.raises(NotFoundError, match="bears no seal"):
        restated(office)


def seal_by_first_rules(bureau: Bureau) -> None:
    """As the first version of the rules sealed it."""
    with writing(bureau.engine) as session:
        row = rollups.seal(session, bureau.office, HALF, by=None, now=NEW_YEAR)
        old = rollups.compute(session, bureau.office, HALF, as_of=row.cut_off_at, rule_version=1)
        disarm(session, "rollup")
        changed = {"rule_version": 1, "content": old.content, "sha256": old.sha256}
        session.execute(update(RollupRow).values(**changed))


def disarm(session: Any, table: str) -> None:
    if session.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            session.execute(text(f"drop trigger {table}_refuses_{change}"))
    else:
        session.execute(text(f"alter table {table} disable trigger all"))


def test_a_seal_of_older_rules_reads_and_verifies_still(office: Bureau) -> None:
    seal_by_first_rules(office)
    with reading(office.engine) as session:
        stand = rollups.stand(session, office.office, HALF, as_of=NEW_YEAR + DAY)
    assert (stand.rule_version, stand.rollup.movement, stand.restated) == (1, None, False)
    assert (stand.rollup.total.closed, stand.rollup.items[0].evidence) == (1, None)
    assert check(office) == SealCheck(1, ())
    assert restated(office).what.items == ()


def test_a_renamed_unit_breaks_no_seal_and_changes_no_restatement(office: Bureau) -> None:
    sealed_by_two(office)
    with office.visit("admin", NEW_YEAR + DAY) as visit:
        staffing.change_unit(visit, "SAFETY", staffing.UnitWish("质安科", parent="BUREAU"))
    assert check(office) == SealCheck(1, ())
    assert not restated(office).what


def test_a_unit_that_was_renamed_without_an_event_is_an_alarm(office: Bureau) -> None:
    sealed_by_two(office)
    with writing(office.engine) as session:
        session.execute(text("update unit set name = '质安科', parent_id = null where code = 'SAFETY'"))
    assert check(office).findings == (SealFinding(HALF, 1, SealFault.TREE, ("SAFETY",)),)


def test_a_seal_of_older_rules_holds_whatever_its_units_are_called_now(office: Bureau) -> None:
    seal_by_first_rules(office)
    with writing(office.engine) as session:
        session.execute(text("update unit set name = '质安科', parent_id = null where code = 'SAFETY'"))
    assert check(office) == SealCheck(1, ())


def test_a_history_that_no_longer_gives_the_seal_is_an_alarm(office: Bureau) -> None:
    sealed_by_two(office)
    with writing(office.engine) as session:
        disarm(session, "event")
        session.execute(text("update event set state = 'cancelled' where move = 'approve'"))
    assert check(office).findings == (
        SealFinding(HALF, 1, SealFault.ITEMS, (P01,)),
        SealFinding(HALF, 1, SealFault.UNITS, ("BUREAU", "SAFETY")),
    )
    assert [one.why for one in restated(office).what.items] == [Why.HISTORY]


@pytest.mark.parametrize(
    "change",
    ["update carried set many = many + 1", "update carried set due_on = null", "delete from carried"],
)
def test_a_change_of_what_a_seal_carries_over_is_an_alarm(office: Bureau, change: str) -> None:
    office.new_item("2026H1-M01")
    sealed_by_two(office)
    with writing(office.engine) as session:
        disarm(session, "carried")
        session.execute(text(f"{change} where id = (select min(id) from carried)"))
    assert len(office.rows(Carried)) + ("delete" in change) == 2
    assert check(office).findings == (SealFinding(HALF, 1, SealFault.CARRIED),)


def test_an_anchor_that_is_gone_is_an_alarm(office: Bureau) -> None:
    row = sealed_by_two(office)
    with writing(office.engine) as session:
        disarm(session, "event")
        session.execute(
            text("update event set hash = :wrong where position = :at"),
            {"wrong": "f" * 64, "at": row.anchor_position},
        )
    assert check(office).findings == (SealFinding(HALF, 1, SealFault.ANCHOR),)


DEEDS = st.sampled_from(
    ["approve", "reopen", "cancel", "acknowledge", "submit", "propose", "confirm", "lift"]
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(st.tuples(DEEDS, st.sampled_from([P01, P02]), st.booleans()), min_size=3, max_size=14))
def test_whatever_happens_later_sealed_bytes_never_change(
    office: Bureau, deeds: list[tuple[str, str, bool]]
) -> None:
    with reading(office.engine) as session:
        now = max(NEW_YEAR, session.scalars(select(Event.at).order_by(Event.position.desc()).limit(1)).one())
    seen = contents(office)
    for deed, on, is_late in deeds:
        now += timedelta(hours=7)
        try_to(office, deed, on, now, date(2026, 11, 3) if is_late else None)
        found = contents(office)
        assert found[: len(seen)] == seen
        assert len({version for version, _, _ in found}) == len(found)
        seen = found
    assert check(office) == SealCheck(len(seen), ())


def try_to(office: Bureau, deed: str, on: str, now: datetime, happened_on: date | None) -> None:
    try:
        with office.visit("leader" if deed == "confirm" else "coordinator", now) as visit:
            match deed:
                case "propose":
                    seals.propose(visit, HALF)
                case "confirm":
                    seals.confirm(visit, HALF)
                case "lift":
                    seals.propose_unsealing(visit, HALF, reason="有误")
        if deed == "lift":
            with office.visit("leader", now) as visit:
                seals.confirm_unsealing(visit, HALF, reason="同意")
        elif deed not in {"propose", "confirm"}:
            who = "owner" if deed in {"acknowledge", "submit"} else "coordinator"
            proof = {"evidence": (PROOF,)} if deed == "submit" else {}
            office.act(on, Move(deed), who, now, note="理由", happened_on=happened_on, **proof)
    except RefusedError:
        return
