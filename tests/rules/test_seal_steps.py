"""Which step about a seal is open to whom."""

from itertools import product

import pytest

from rules.permissions import TABLE, Role, may
from rules.sealing import Proposed, SealBy, SealStep, seal_steps

FOUR, FLOW = SealBy.FOUR_EYES, SealBy.FLOW
SEAL, LIFT = Proposed(is_lifting=False, is_own=False), Proposed(is_lifting=True, is_own=False)


def steps(
    seal_by: SealBy,
    *roles: Role,
    is_over: bool = True,
    is_sealed: bool = False,
    proposed: Proposed | None = None,
) -> list[SealStep]:
    actions = {action for action in TABLE if may(action, frozenset(roles))}
    found = seal_steps(seal_by, actions, is_over=is_over, is_sealed=is_sealed, proposed=proposed)
    return list(found)


@pytest.mark.parametrize(
    ("role", "free", "alone", "sealed", "to_seal", "to_lift"),
    [
        (
            Role.COORDINATOR,
            [SealStep.PROPOSE],
            [SealStep.SEAL],
            [SealStep.PROPOSE_LIFTING],
            [SealStep.REFUSE],
            [SealStep.CONFIRM_LIFTING, SealStep.REFUSE],
        ),
        (
            Role.LEADER,
            [],
            [SealStep.SEAL],
            [SealStep.PROPOSE_LIFTING],
            [SealStep.CONFIRM, SealStep.REFUSE],
            [SealStep.CONFIRM_LIFTING, SealStep.REFUSE],
        ),
        (Role.AUDITOR, [], [], [], [], []),
        (Role.HEAD, [], [], [], [], []),
        (Role.ADMIN, [], [], [], [], []),
    ],
)
def test_each_role_has_its_steps(
    role: Role,
    free: list[SealStep],
    alone: list[SealStep],
    sealed: list[SealStep],
    to_seal: list[SealStep],
    to_lift: list[SealStep],
) -> None:
    assert steps(FOUR, role) == free
    assert steps(FLOW, role) == alone
    assert steps(FOUR, role, is_sealed=True) == steps(FLOW, role, is_sealed=True) == sealed
    assert steps(FOUR, role, proposed=SEAL) == to_seal
    assert steps(FOUR, role, is_sealed=True, proposed=LIFT) == to_lift


def test_nobody_is_offered_to_confirm_their_own_proposal_or_to_seal_before_the_end() -> None:
    everybody = tuple(Role)
    for seal_by, is_lifting in product(SealBy, (True, False)):
        own = Proposed(is_lifting, is_own=True)
        assert steps(seal_by, *everybody, is_sealed=is_lifting, proposed=own) == [SealStep.REFUSE]
        assert steps(seal_by, *everybody, is_over=False) == []
