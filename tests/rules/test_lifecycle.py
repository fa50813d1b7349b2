from collections.abc import Set as AbstractSet

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import NotAllowedError, RefusedError, WrongMoveError
from rules.lifecycle import (
    ANY_WORD,
    ASKED_FOR,
    DECISIONS,
    NEEDS,
    OPEN,
    TAKES,
    WITH_DEADLINE,
    Case,
    Move,
    Need,
    State,
    admitted,
    decide,
    offer,
    open_to,
)
from rules.permissions import Role

AFTER = """
                      draft      assigned     in_progress  submitted    sustained    closed     cancelled
confirm               draft      -            -            -            -            -          -
assign                assigned   -            -            -            -            -          -
acknowledge           -          in_progress  -            -            -            -          -
report                -          -            in_progress  -            sustained    -          -
submit                -          -            submitted    -            submitted    -          -
approve               -          -            -            closed       -            -          -
reject                -          -            -            in_progress  -            -          -
sustain               -          -            sustained    sustained    -            -          -
cancel                cancelled  cancelled    cancelled    cancelled    cancelled    -          -
reopen                -          -            -            -            -            assigned   draft
reassign              -          assigned     assigned     -            assigned     -          -
entrust               -          assigned     in_progress  submitted    sustained    -          -
request-extension     -          assigned     in_progress  submitted    -            -          -
grant-extension       -          assigned     in_progress  submitted    -            -          -
refuse-extension      -          assigned     in_progress  submitted    -            -          -
request-cancellation  -          assigned     in_progress  submitted    sustained    -          -
grant-cancellation    -          cancelled    cancelled    cancelled    cancelled    -          -
refuse-cancellation   -          assigned     in_progress  submitted    sustained    -          -
pause                 -          assigned     in_progress  submitted    sustained    -          -
resume                -          assigned     in_progress  submitted    sustained    -          -
edit                  draft      -            -            -            -            -          -
split                 draft      -            -            -            -            -          -
merge                 cancelled  -            -            -            -            -          -
link                  draft      assigned     in_progress  submitted    sustained    -          -
unlink                draft      assigned     in_progress  submitted    sustained    -          -
withdraw              -          assigned     in_progress  submitted    sustained    -          -
order                 -          assigned     in_progress  submitted    sustained    -          -
circulate             -          assigned     in_progress  submitted    sustained    -          -
"""

WHO = """
confirm               coordinator
assign                coordinator
reassign              coordinator
acknowledge           owner head
report                owner head co_owner
submit                owner head
approve               coordinator leader supervisor verifier
reject                coordinator leader supervisor verifier
sustain               coordinator leader supervisor
cancel                coordinator leader supervisor
reopen                coordinator leader supervisor
entrust               coordinator
request-extension     owner head
grant-extension       coordinator leader supervisor
refuse-extension      coordinator leader supervisor
request-cancellation  owner head
grant-cancellation    coordinator leader supervisor
refuse-cancellation   coordinator leader supervisor
pause                 coordinator
resume                coordinator
edit                  coordinator
split                 coordinator
merge                 coordinator
link                  coordinator
unlink                coordinator
withdraw              owner head co_owner coordinator
order                 coordinator
circulate             coordinator
"""

ASKED = """
confirm               UNCONFIRMED
assign                CONFIRMED OWNER
acknowledge
report                WORD
submit                EVIDENCE
approve               STRANGER EVIDENCE
reject                STRANGER NOTE
sustain               STRANGER NOTE
cancel                STRANGER NOTE
reopen                NOTE
reassign              OWNER
entrust               ENTRUSTED OUTSIDER
request-extension     NONE_PENDING NOTE DUE
grant-extension       PENDING OTHER_PERSON STRANGER
refuse-extension      PENDING OTHER_PERSON STRANGER NOTE
request-cancellation  NONE_PENDING NOTE
grant-cancellation    PENDING OTHER_PERSON STRANGER
refuse-cancellation   PENDING OTHER_PERSON STRANGER NOTE
pause                 UNTIL NOTE
resume                PAUSED
edit                  CHANGE
split                 PLACE
merge                 OTHER_DRAFT
link                  PROBLEM UNLINKED
unlink                PROBLEM LINKED
withdraw              FILE OWN_FILE NOTE
order                 NOTE ANSWER
circulate             CIRCULAR
"""

SAID = """
progress  report submit
evidence  report submit
to        assign reassign
co        assign reassign
verifier  entrust
supervisor  entrust
until     pause
answer    order
circular  circulate
edits     edit
at        split
file      withdraw
other     merge link unlink
due       assign reassign reject sustain reopen request-extension grant-extension
"""

EVERYBODY = frozenset(Role)
ALL_MET = frozenset(Need)
REFERENCE = "2026H1-P03"


def _rows(table: str) -> dict[str, list[str]]:
    lines = [line.split() for line in table.strip("\n").splitlines()]
    return {line[0]: line[1:] for line in lines}


def _arrows() -> dict[tuple[State, Move], State | None]:
    head, *lines = AFTER.strip("\n").splitlines()
    states = [State(word) for word in head.split()]
    return {
        (state, Move(line.split()[0])): None if word == "-" else State(word)
        for line in lines
        for state, word in zip(states, line.split()[1:], strict=True)
    }


EXPECTED = _arrows()
MAKERS = {Move(move): frozenset(map(Role, roles)) for move, roles in _rows(WHO).items()}
NEEDED = {Move(move): tuple(Need[word] for word in words) for move, words in _rows(ASKED).items()}
ALONG = {word: frozenset(map(Move, moves)) for word, moves in _rows(SAID).items()}
PAIRS = [(state, move) for state in State for move in Move]
POSSIBLE = [pair for pair in PAIRS if EXPECTED[pair]]
FIRST_STATE = {move: next(state for state in State if EXPECTED[state, move]) for move in Move}


def _wish(
    state: State,
    roles: AbstractSet[Role] = EVERYBODY,
    met: AbstractSet[Need] = ALL_MET,
    said: AbstractSet[str] = frozenset(),
) -> Case:
    return Case(REFERENCE, state, frozenset(roles), frozenset(met), frozenset(said))


def _refusal(case: Case, move: Move) -> RefusedError:
    with pytest.raises(RefusedError) as refused:
        decide(case, move)
    return refused.value


def _answer(state: State, move: Move, role: Role) -> State | type[RefusedError]:
    try:
        return decide(_wish(state, {role}), move)
    except RefusedError as refused:
        return type(refused)


def _expected(state: State, move: Move, role: Role) -> State | type[RefusedError]:
    if role not in MAKERS[move]:
        return NotAllowedError
    return EXPECTED[state, move] or WrongMoveError


def test_the_written_tables_leave_no_state_no_move_and_no_word_out() -> None:
    assert set(EXPECTED) == set(PAIRS)
    assert set(MAKERS) == set(NEEDED) == set(Move)


@pytest.mark.parametrize(("state", "move"), PAIRS)
def test_each_move_from_each_state_ends_for_each_role_as_the_procedure_says(state: State, move: Move) -> None:
    found = {role: _answer(state, move, role) for role in Role}
    assert found == {role: _expected(state, move, role) for role in Role}


@pytest.mark.parametrize(("state", "move"), PAIRS)
def test_somebody_without_a_role_moves_nothing(state: State, move: Move) -> None:
    assert type(_refusal(_wish(state, frozenset()), move)) is NotAllowedError


@pytest.mark.parametrize(("state", "move"), POSSIBLE)
def test_each_move_asks_for_what_the_procedure_asks_for_and_for_no_more(state: State, move: Move) -> None:
    assert decide(_wish(state, met=set(NEEDED[move])), move) == EXPECTED[state, move]


@pytest.mark.parametrize(("state", "move"), POSSIBLE)
def test_each_single_need_that_is_not_met_refuses_the_move_with_its_own_sentence(
    state: State, move: Move
) -> None:
    for need in NEEDED[move]:
        refused = _refusal(_wish(state, met=ALL_MET - {need}), move)
        own_cause = need in {Need.STRANGER, Need.OTHER_PERSON, Need.OWN_FILE}
        assert type(refused) is (NotAllowedError if own_cause else WrongMoveError)
        assert refused.sentence == need.value
        assert str(refused) == need.value % {"reference": REFERENCE, "move": move.value}


@pytest.mark.parametrize("move", [move for move in Move if len(NEEDED[move]) > 1])
def test_of_several_unmet_needs_the_first_one_is_named(move: Move) -> None:
    assert _refusal(_wish(FIRST_STATE[move], met=set()), move).sentence == NEEDED[move][0].value


@pytest.mark.parametrize("role", list(Role))
def test_nobody_closes_an_item_that_they_own_or_submitted_whatever_else_they_are(role: Role) -> None:
    own = ALL_MET - {Need.STRANGER}
    for roles in ({role}, {role, Role.OWNER}, EVERYBODY):
        assert type(_refusal(_wish(State.SUBMITTED, roles, own), Move.APPROVE)) is NotAllowedError


@pytest.mark.parametrize(
    "move",
    [
        *(Move.APPROVE, Move.REJECT, Move.SUSTAIN, Move.CANCEL),
        *(Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION),
        *(Move.GRANT_CANCELLATION, Move.REFUSE_CANCELLATION),
    ],
)
def test_nobody_judges_in_their_own_cause(move: Move) -> None:
    refused = _refusal(_wish(State.SUBMITTED, met=ALL_MET - {Need.STRANGER}), move)
    assert str(refused) == ("Item 2026H1-P03 cannot be decided by its own owner or by who handed it in.")


@pytest.mark.parametrize("move", sorted(DECISIONS))
def test_a_request_is_decided_by_somebody_other_than_who_made_it(move: Move) -> None:
    refused = _refusal(_wish(State.IN_PROGRESS, met=ALL_MET - {Need.OTHER_PERSON}), move)
    assert type(refused) is NotAllowedError
    assert str(refused) == ("A request on 2026H1-P03 is decided by somebody other than who made it.")


def test_an_item_is_neither_submitted_nor_closed_without_evidence() -> None:
    bare = ALL_MET - {Need.EVIDENCE}
    submitting = _refusal(_wish(State.IN_PROGRESS, {Role.OWNER}, bare), Move.SUBMIT)
    closing = _refusal(_wish(State.SUBMITTED, {Role.VERIFIER}, bare), Move.APPROVE)
    assert str(submitting) == "Item 2026H1-P03 has no evidence; hand in a file first."
    assert str(closing) == str(submitting)


def test_what_is_sent_back_dropped_reopened_or_put_off_is_explained() -> None:
    silent = ALL_MET - {Need.NOTE}
    mute = {move for move in Move if NEEDED[move] and _passes(FIRST_STATE[move], move, silent)}
    assert mute == {
        *(Move.CONFIRM, Move.ASSIGN, Move.REASSIGN, Move.ENTRUST, Move.REPORT, Move.SUBMIT, Move.APPROVE),
        *(Move.GRANT_EXTENSION, Move.GRANT_CANCELLATION, Move.RESUME),
        *(Move.EDIT, Move.SPLIT, Move.MERGE, Move.LINK, Move.UNLINK, Move.CIRCULATE),
    }


def _passes(state: State, move: Move, met: AbstractSet[Need]) -> bool:
    try:
        decide(_wish(state, met=met), move)
    except WrongMoveError:
        return False
    return True


@pytest.mark.parametrize("move", list(Move))
@pytest.mark.parametrize("word", sorted(ALONG))
def test_only_what_belongs_to_a_move_may_be_said_along_with_it(word: str, move: Move) -> None:
    case = _wish(FIRST_STATE[move], said={word})
    if move in ALONG[word]:
        assert decide(case, move) == EXPECTED[FIRST_STATE[move], move]
    else:
        refused = _refusal(case, move)
        assert type(refused) is WrongMoveError
        assert str(refused) == f"{move.value} takes no --{word}."


def test_who_may_not_make_a_move_learns_nothing_of_the_item_s_state() -> None:
    sentences = {str(_refusal(_wish(state, {Role.AUDITOR}, set()), Move.APPROVE)) for state in State}
    assert sentences == {"You may not approve item 2026H1-P03."}


def test_a_wrong_move_is_told_which_ones_are_possible() -> None:
    assert str(_refusal(_wish(State.CLOSED), Move.APPROVE)) == (
        "Item 2026H1-P03 is closed; it cannot be moved by approve. Possible now: reopen."
    )


@pytest.mark.parametrize("state", list(State))
def test_the_moves_on_offer_are_those_that_the_state_and_the_role_admit(state: State) -> None:
    possible = [move for move in Move if EXPECTED[state, move]]
    assert admitted(state) == possible
    for role in Role:
        assert open_to(state, {role}) == [move for move in possible if role in MAKERS[move]]


def test_the_only_ways_to_a_closed_item_is_an_approval_of_what_was_submitted() -> None:
    assert [pair for pair in PAIRS if EXPECTED[pair] is State.CLOSED] == [(State.SUBMITTED, Move.APPROVE)]
    assert [pair for pair in PAIRS if _answer(*pair, Role.COORDINATOR) is State.CLOSED] == [
        (State.SUBMITTED, Move.APPROVE)
    ]


def test_open_items_are_those_handed_over_and_not_finished() -> None:
    assert {State.ASSIGNED, State.IN_PROGRESS, State.SUBMITTED, State.SUSTAINED} == OPEN
    assert {State.ASSIGNED, State.IN_PROGRESS, State.SUBMITTED} == WITH_DEADLINE


def _is_admitted(case: Case, move: Move) -> bool:
    try:
        decide(case, move)
    except RefusedError:
        return False
    return True


@given(
    st.sampled_from(State),
    st.sampled_from(Move),
    st.frozensets(st.sampled_from(Role)),
    st.frozensets(st.sampled_from(Need)),
)
def test_a_move_is_offered_exactly_if_saying_all_that_it_asks_for_would_admit_it(
    state: State, move: Move, roles: frozenset[Role], met: frozenset[Need]
) -> None:
    offered = offer(Case("2026H1-P01", state, roles, met), move)
    words = {ASKED_FOR[need]: need for need in NEEDS.get(move, ()) if need in ASKED_FOR}
    sayable = {"note"} | {word for word, moves in TAKES.items() if move in moves}
    said = met | {need for word, need in words.items() if word in sayable} | ANY_WORD
    assert (offered is not None) == _is_admitted(Case("2026H1-P01", state, roles, said), move)
    if offered is not None:
        needed = met | {words[word] for word in offered.required} | ANY_WORD
        assert _is_admitted(Case("2026H1-P01", state, roles, needed), move)
        for word in offered.required:
            assert not _is_admitted(Case("2026H1-P01", state, roles, needed - {words[word]}), move)
