from datetime import date, datetime

import pytest
from offices import MONDAY, PROOF, ZONE, Bureau

from models.item import Assignment
from models.session import reading, writing
from rules.errors import NotAllowedError, WrongMoveError
from rules.lifecycle import Move, State
from rules.permissions import Role
from services import dossiers, history, items, ledgers, reminders

P01 = "2026H1-P01"
BOTH = {Role.VERIFIER: "stranger", Role.SUPERVISOR: "other.head"}


@pytest.fixture
def item(bureau: Bureau) -> str:
    return bureau.new_item(P01)


def entrust(bureau: Bureau, **named: str) -> State:
    return bureau.act(
        P01, Move.ENTRUST, "coordinator", entrusted={Role(role): who for role, who in named.items()}
    )


def named(bureau: Bureau) -> dict[Role, str]:
    found = bureau.rows(Assignment, Assignment.role.in_(BOTH))
    return {one.role: bureau.email(one.person_id) for one in found}


def submit(bureau: Bureau) -> None:
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    bureau.act(P01, Move.SUBMIT, "owner", evidence=(PROOF,))


def plan(bureau: Bureau, day: date) -> set[tuple[str, str, str]]:
    """Whom the run of that day reminds: the person, as what, and of which rung."""
    with writing(bureau.engine) as session:
        now = datetime(day.year, day.month, day.day, 9, tzinfo=ZONE)
        reminders.plan(session, bureau.office, day, now=now, confirm=True)
    return {(bureau.email(one.person_id), one.role, one.rung) for one in bureau.reminders()}


@pytest.mark.usefixtures("item")
def test_whoever_is_named_to_verify_closes_the_item_and_nobody_else_of_their_unit_does(
    bureau: Bureau,
) -> None:
    entrust(bureau, verifier="stranger")
    submit(bureau)
    with pytest.raises(NotAllowedError):
        bureau.act(P01, Move.APPROVE, "other.head")
    assert bureau.act(P01, Move.APPROVE, "stranger") is State.CLOSED


@pytest.mark.usefixtures("item")
def test_naming_changes_neither_state_nor_deadline(bureau: Bureau) -> None:
    before = bureau.item(P01)
    after = (entrust(bureau, verifier="stranger"), bureau.item(P01))
    assert after[0] is State.ASSIGNED
    assert (after[1].due_on, after[1].deadline_version) == (before.due_on, before.deadline_version)
    assert [letter.letter for letter in bureau.messages()] == ["assignment"]


@pytest.mark.usefixtures("item")
def test_what_waits_for_verification_is_told_to_whoever_is_named(bureau: Bureau) -> None:
    entrust(bureau, verifier="stranger")
    submit(bureau)
    told = {who for who, _, rung in plan(bureau, date(2026, 7, 9)) if rung.startswith("unverified")}
    assert told == {"stranger", "coordinator"}


@pytest.mark.usefixtures("item")
def test_the_named_supervisor_hears_of_the_delay_instead_of_the_unit_s_leader(bureau: Bureau) -> None:
    entrust(bureau, supervisor="other.head")
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    late = plan(bureau, date(2026, 10, 12))
    assert {who for who, role, _ in late if role == Role.SUPERVISOR} == {"other.head"}


@pytest.mark.usefixtures("item")
def test_without_a_name_the_unit_s_own_people_count_again(bureau: Bureau) -> None:
    entrust(bureau, verifier="stranger", supervisor="other.head")
    entrust(bureau, verifier="", supervisor="")
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    late = plan(bureau, date(2026, 10, 12))
    assert named(bureau) == {}
    assert {who for who, role, _ in late if role == Role.SUPERVISOR} == {"leader"}


@pytest.mark.usefixtures("item")
def test_what_is_not_said_stays_as_it_was(bureau: Bureau) -> None:
    entrust(bureau, verifier="stranger", supervisor="other.head")
    entrust(bureau, verifier="admin")
    assert named(bureau) == {Role.VERIFIER: "admin", Role.SUPERVISOR: "other.head"}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Say who is to verify or to lead 2026H1-P01, other than it is now."),
        ({"verifier": ""}, "Say who is to verify or to lead 2026H1-P01, other than it is now."),
        (
            {"verifier": "owner"},
            "Who works on 2026H1-P01 can neither verify nor lead it; name somebody else.",
        ),
        (
            {"supervisor": "second"},
            "Who works on 2026H1-P01 can neither verify nor lead it; name somebody else.",
        ),
    ],
)
@pytest.mark.usefixtures("item")
def test_nobody_is_named_who_works_on_the_item_and_nothing_is_said_twice(
    bureau: Bureau, said: dict[str, str], sentence: str
) -> None:
    bureau.act(P01, Move.REASSIGN, "coordinator", to="owner", co=("second",), note="协同")
    with pytest.raises(WrongMoveError) as refused:
        entrust(bureau, **said)
    assert refused.value.say() == sentence
    assert named(bureau) == {}


@pytest.mark.parametrize("part", [{"to": "stranger"}, {"to": "owner", "co": ("stranger",)}])
@pytest.mark.usefixtures("item")
def test_whoever_comes_to_work_on_the_item_verifies_it_no_longer(
    bureau: Bureau, part: dict[str, object]
) -> None:
    entrust(bureau, verifier="stranger", supervisor="other.head")
    bureau.act(P01, Move.REASSIGN, "coordinator", note="改派", **part)
    assert named(bureau) == {Role.SUPERVISOR: "other.head"}


@pytest.mark.usefixtures("item")
def test_the_history_says_who_was_named_instead_of_whom(bureau: Bureau) -> None:
    entrust(bureau, verifier="stranger")
    entrust(bureau, verifier="admin", supervisor="other.head")
    with bureau.visit("coordinator") as visit:
        events = dossiers.dossier(visit, items.by_reference(visit.session, P01)).events
    assert events[0].move == "entrust"
    facts = [(fact.name, fact.before, fact.after) for fact in events[0].facts]
    assert facts == [("supervisor", "—", "保障科长"), ("verifier", "保障科员", "管理员")]
    with reading(bureau.engine) as session:
        assert history.verify(session).fault is None


@pytest.mark.parametrize(("named_leader", "expected"), [("other.head", "保障科长"), ("", "分管领导")])
@pytest.mark.usefixtures("item")
def test_the_ledger_names_the_item_s_own_leader_before_the_unit_s(
    bureau: Bureau, named_leader: str, expected: str
) -> None:
    if named_leader:
        entrust(bureau, supervisor=named_leader)
    with reading(bureau.engine) as session:
        rows = ledgers.ledger(session, bureau.office, "2026H2", as_of=MONDAY.replace(day=20)).rows
    assert [row.supervisor for row in rows if row.reference == P01] == [expected]
