from itertools import combinations

import pytest

from rules.lifecycle import Move
from rules.permissions import FOR_ANYBODY, FOR_THE_SIGNED_IN, GRANTED, OFFICE_WIDE, TABLE, Role, may

BY_HAND = """
                      owner  co_owner  verifier  supervisor  head  coordinator  leader  auditor  admin
confirm               -      -         -         -           -     yes          -       -        -
assign                -      -         -         -           -     yes          -       -        -
reassign              -      -         -         -           -     yes          -       -        -
entrust               -      -         -         -           -     yes          -       -        -
acknowledge           yes    -         -         -           yes   -            -       -        -
report                yes    yes       -         -           yes   -            -       -        -
submit                yes    -         -         -           yes   -            -       -        -
approve               -      -         yes       yes         -     yes          yes     -        -
reject                -      -         yes       yes         -     yes          yes     -        -
sustain               -      -         -         yes         -     yes          yes     -        -
cancel                -      -         -         yes         -     yes          yes     -        -
reopen                -      -         -         yes         -     yes          yes     -        -
request-extension     yes    -         -         -           yes   -            -       -        -
grant-extension       -      -         -         yes         -     yes          yes     -        -
refuse-extension      -      -         -         yes         -     yes          yes     -        -
request-cancellation  yes    -         -         -           yes   -            -       -        -
grant-cancellation    -      -         -         yes         -     yes          yes     -        -
refuse-cancellation   -      -         -         yes         -     yes          yes     -        -
pause                 -      -         -         -           -     yes          -       -        -
resume                -      -         -         -           -     yes          -       -        -
edit                  -      -         -         -           -     yes          -       -        -
split                 -      -         -         -           -     yes          -       -        -
merge                 -      -         -         -           -     yes          -       -        -
link                  -      -         -         -           -     yes          -       -        -
unlink                -      -         -         -           -     yes          -       -        -
withdraw              yes    yes       -         -           yes   yes          -       -        -
order                 -      -         -         -           -     yes          -       -        -
circulate             -      -         -         -           -     yes          -       -        -
add-draft             -      -         -         -           -     yes          -       -        -
intake                -      -         -         -           -     yes          -       -        -
seal                  -      -         -         -           -     yes          yes     -        -
propose-seal          -      -         -         -           -     yes          -       -        -
confirm-seal          -      -         -         -           -     -            yes     -        -
unseal                -      -         -         -           -     yes          yes     -        -
view-item             yes    yes       yes       yes         yes   yes          yes     yes      -
view-evidence         yes    yes       yes       yes         yes   yes          yes     yes      -
view-report           -      -         -         -           yes   yes          yes     yes      -
view-circular         -      -         -         -           yes   yes          yes     yes      -
view-rollup           -      -         -         -           yes   yes          yes     yes      -
view-coverage         -      -         -         -           yes   yes          yes     yes      -
view-audit            -      -         -         -           -     yes          yes     yes      -
view-reminders        -      -         -         -           -     yes          -       -        yes
view-letter           -      -         -         -           -     yes          -       -        -
steer-mail            -      -         -         -           -     yes          -       -        -
view-runs             -      -         -         -           -     yes          -       -        yes
start-run             -      -         -         -           -     yes          -       -        yes
view-organisation     -      -         -         -           -     yes          yes     yes      yes
edit-organisation     -      -         -         -           -     -            -       -        yes
"""


def _expected() -> dict[str, frozenset[Role]]:
    head, *lines = BY_HAND.strip("\n").splitlines()
    roles = [Role(word) for word in head.split()]
    rows = [line.split() for line in lines]
    return {
        row[0]: frozenset(role for role, word in zip(roles, row[1:], strict=True) if word == "yes")
        for row in rows
    }


EXPECTED = _expected()


def test_the_table_names_the_same_actions_and_roles_as_the_one_written_here() -> None:
    assert TABLE == EXPECTED


@pytest.mark.parametrize("action", sorted(EXPECTED))
def test_each_action_is_open_to_its_roles_alone(action: str) -> None:
    assert {role for role in Role if may(action, {role})} == EXPECTED[action]


@pytest.mark.parametrize("action", sorted(EXPECTED))
def test_somebody_with_two_roles_may_do_what_either_of_them_may(action: str) -> None:
    for one, other in combinations(Role, 2):
        assert may(action, {one, other}) == (may(action, {one}) or may(action, {other}))


def test_a_person_without_a_role_may_do_nothing() -> None:
    assert [action for action in TABLE if may(action, set())] == []


def test_every_move_of_an_item_has_its_row() -> None:
    assert {move.value for move in Move} - set(TABLE) == set()


def test_an_action_that_nobody_wrote_down_is_an_error_and_no_permission() -> None:
    with pytest.raises(KeyError):
        may("demolish", set(Role))


def test_auditors_and_administrators_change_no_item() -> None:
    for role in (Role.AUDITOR, Role.ADMIN):
        assert [move for move in Move if may(move.value, {role})] == []
        assert not may("intake", {role})
        assert not may("seal", {role})


def test_who_runs_the_machine_reads_no_item_and_no_report() -> None:
    reading = ("view-item", "view-evidence", "view-report", "view-rollup", "view-audit")
    assert [action for action in reading if may(action, {Role.ADMIN})] == []


def test_whoever_may_move_an_item_may_see_it() -> None:
    assert [
        (move, role) for move in Move for role in Role if may(move, {role}) > may("view-item", {role})
    ] == []


def test_what_needs_no_role_is_not_in_the_table() -> None:
    assert not (FOR_ANYBODY | FOR_THE_SIGNED_IN) & set(TABLE)
    assert not FOR_ANYBODY & FOR_THE_SIGNED_IN


def test_who_does_the_work_never_judges_it() -> None:
    deciding = {"approve", "reject", "sustain", "cancel", "reopen", "grant-extension", "grant-cancellation"}
    for role in (Role.OWNER, Role.CO_OWNER, Role.HEAD):
        assert [action for action in sorted(deciding) if may(action, {role})] == []


def test_the_roles_that_are_held_on_a_unit_and_below_are_these_five() -> None:
    assert {Role.HEAD, Role.COORDINATOR, Role.LEADER, Role.AUDITOR, Role.ADMIN} == GRANTED


def test_what_works_for_the_whole_office_asks_for_roles_that_units_give() -> None:
    assert {"start-run"} == OFFICE_WIDE
    assert all(TABLE[action] <= GRANTED for action in OFFICE_WIDE)
