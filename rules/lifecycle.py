"""The life of an item: states, moves, and the one table of arrows between them.

Terms follow the offices' own procedure: 交办 签收 整改 申请销号 审核 销号 (docs/glossary.md).
Overdue, due soon, closed late and stale are derived (rules/lights.py), never states.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from rules.errors import NotAllowedError, WrongMoveError
from rules.permissions import Role, may


class Kind(StrEnum):
    """What the report named: something wrong, or something that will be done."""

    PROBLEM = "problem"
    MEASURE = "measure"


class State(StrEnum):
    """Where an item stands: 待确认 待整改 整改中 待审核 已销号 持续整改 不适用."""

    DRAFT = "draft"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    CLOSED = "closed"
    SUSTAINED = "sustained"
    CANCELLED = "cancelled"


OPEN = frozenset({State.ASSIGNED, State.IN_PROGRESS, State.SUBMITTED, State.SUSTAINED})
"""Handed over and not finished: what ledgers carry over and reminders look at."""

WITH_DEADLINE = OPEN - {State.SUSTAINED}
"""Open states in which a passed deadline makes an item overdue."""


class Move(StrEnum):
    """What a person may do to an item."""

    CONFIRM = "confirm"
    ASSIGN = "assign"
    ACKNOWLEDGE = "acknowledge"
    REPORT = "report"
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    SUSTAIN = "sustain"
    CANCEL = "cancel"
    REOPEN = "reopen"
    REASSIGN = "reassign"
    REQUEST_EXTENSION = "request-extension"
    GRANT_EXTENSION = "grant-extension"
    REFUSE_EXTENSION = "refuse-extension"
    REQUEST_CANCELLATION = "request-cancellation"
    GRANT_CANCELLATION = "grant-cancellation"
    REFUSE_CANCELLATION = "refuse-cancellation"
    ENTRUST = "entrust"
    PAUSE = "pause"
    RESUME = "resume"
    EDIT = "edit"
    SPLIT = "split"
    MERGE = "merge"
    LINK = "link"
    UNLINK = "unlink"
    WITHDRAW = "withdraw"
    ORDER = "order"
    CIRCULATE = "circulate"


REQUESTS = {
    Move.REQUEST_EXTENSION: "extension",
    Move.REQUEST_CANCELLATION: "cancellation",
}
GRANTS = {
    Move.GRANT_EXTENSION: "extension",
    Move.GRANT_CANCELLATION: "cancellation",
}
REFUSALS = {
    Move.REFUSE_EXTENSION: "extension",
    Move.REFUSE_CANCELLATION: "cancellation",
}
DECISIONS = GRANTS | REFUSALS

_ON_EXTENSION = (Move.REQUEST_EXTENSION, Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION)
_ON_CANCELLATION = (Move.REQUEST_CANCELLATION, Move.REFUSE_CANCELLATION)

ARROWS: dict[tuple[State, Move], State] = {
    (State.DRAFT, Move.CONFIRM): State.DRAFT,
    (State.DRAFT, Move.ASSIGN): State.ASSIGNED,
    (State.DRAFT, Move.CANCEL): State.CANCELLED,
    (State.DRAFT, Move.EDIT): State.DRAFT,
    (State.DRAFT, Move.SPLIT): State.DRAFT,
    (State.DRAFT, Move.MERGE): State.CANCELLED,
    (State.ASSIGNED, Move.ACKNOWLEDGE): State.IN_PROGRESS,
    (State.ASSIGNED, Move.REASSIGN): State.ASSIGNED,
    (State.ASSIGNED, Move.CANCEL): State.CANCELLED,
    (State.IN_PROGRESS, Move.REPORT): State.IN_PROGRESS,
    (State.IN_PROGRESS, Move.SUBMIT): State.SUBMITTED,
    (State.IN_PROGRESS, Move.SUSTAIN): State.SUSTAINED,
    (State.IN_PROGRESS, Move.REASSIGN): State.ASSIGNED,
    (State.IN_PROGRESS, Move.CANCEL): State.CANCELLED,
    (State.SUBMITTED, Move.APPROVE): State.CLOSED,
    (State.SUBMITTED, Move.REJECT): State.IN_PROGRESS,
    (State.SUBMITTED, Move.SUSTAIN): State.SUSTAINED,
    (State.SUBMITTED, Move.CANCEL): State.CANCELLED,
    (State.SUSTAINED, Move.REPORT): State.SUSTAINED,
    (State.SUSTAINED, Move.SUBMIT): State.SUBMITTED,
    (State.SUSTAINED, Move.REASSIGN): State.ASSIGNED,
    (State.SUSTAINED, Move.CANCEL): State.CANCELLED,
    (State.CLOSED, Move.REOPEN): State.ASSIGNED,
    (State.CANCELLED, Move.REOPEN): State.DRAFT,
    **{(state, move): state for state in WITH_DEADLINE for move in _ON_EXTENSION},
    **{(state, move): state for state in OPEN for move in _ON_CANCELLATION},
    **{(state, Move.GRANT_CANCELLATION): State.CANCELLED for state in OPEN},
    **{(state, move): state for state in OPEN for move in (Move.ENTRUST, Move.PAUSE, Move.RESUME)},
    **{(state, move): state for state in OPEN | {State.DRAFT} for move in (Move.LINK, Move.UNLINK)},
    **{(state, move): state for state in OPEN for move in (Move.WITHDRAW, Move.ORDER, Move.CIRCULATE)},
}


class Need(StrEnum):
    """What a move asks for beyond the right state and role. The value is the sentence of its refusal."""

    UNCONFIRMED = "Item %(reference)s is confirmed already."
    CONFIRMED = "Item %(reference)s is not confirmed yet; confirm it first."
    OWNER = "Item %(reference)s has no owner; name one."
    WORD = "A progress report on %(reference)s needs a note or a progress figure."
    NOTE = "Say why: %(move)s on %(reference)s needs a note."
    EVIDENCE = "Item %(reference)s has no evidence; hand in a file first."
    DUE = "Say which new deadline is proposed for %(reference)s, later than the present one."
    STRANGER = "Item %(reference)s cannot be decided by its own owner or by who handed it in."
    OTHER_PERSON = "A request on %(reference)s is decided by somebody other than who made it."
    NONE_PENDING = "Such a request on %(reference)s is waiting for its decision already."
    PENDING = "No such request on %(reference)s waits for a decision."
    UNTIL = "Say on which later day the reminders of %(reference)s go on."
    PAUSED = "The reminders of %(reference)s are not paused."
    CHANGE = "Nothing of %(reference)s would change; say what should."
    PLACE = "Choose a place inside the words of %(reference)s at which the second draft begins."
    OTHER_DRAFT = "Name another draft of the same report; %(reference)s goes on as that one."
    PROBLEM = "Name the problem that the measure %(reference)s answers."
    UNLINKED = "%(reference)s answers this problem already."
    LINKED = "%(reference)s is not linked with this problem."
    FILE = "Name a file of %(reference)s that was not withdrawn yet."
    ANSWER = "The day by which an answer on %(reference)s is asked for has passed already."
    CIRCULAR = "Item %(reference)s is named in a circular together with others; issue one about a list."
    ENTRUSTED = "Say who is to verify or to lead %(reference)s, other than it is now."
    OUTSIDER = "Who works on %(reference)s can neither verify nor lead it; name somebody else."
    OWN_FILE = "A file of %(reference)s is withdrawn by who handed it in, or by a coordinator."


IN_OWN_CAUSE = frozenset({Need.STRANGER, Need.OTHER_PERSON, Need.OWN_FILE})
"""Needs that speak of the person and not of the item: whoever does not meet them may not do it."""


NEEDS: dict[Move, tuple[Need, ...]] = {
    Move.CONFIRM: (Need.UNCONFIRMED,),
    Move.ASSIGN: (Need.CONFIRMED, Need.OWNER),
    Move.REPORT: (Need.WORD,),
    Move.SUBMIT: (Need.EVIDENCE,),
    Move.APPROVE: (Need.STRANGER, Need.EVIDENCE),
    Move.REJECT: (Need.STRANGER, Need.NOTE),
    Move.SUSTAIN: (Need.STRANGER, Need.NOTE),
    Move.CANCEL: (Need.STRANGER, Need.NOTE),
    Move.REOPEN: (Need.NOTE,),
    Move.REASSIGN: (Need.OWNER,),
    Move.ENTRUST: (Need.ENTRUSTED, Need.OUTSIDER),
    Move.REQUEST_EXTENSION: (Need.NONE_PENDING, Need.NOTE, Need.DUE),
    Move.GRANT_EXTENSION: (Need.PENDING, Need.OTHER_PERSON, Need.STRANGER),
    Move.REFUSE_EXTENSION: (Need.PENDING, Need.OTHER_PERSON, Need.STRANGER, Need.NOTE),
    Move.REQUEST_CANCELLATION: (Need.NONE_PENDING, Need.NOTE),
    Move.GRANT_CANCELLATION: (Need.PENDING, Need.OTHER_PERSON, Need.STRANGER),
    Move.REFUSE_CANCELLATION: (Need.PENDING, Need.OTHER_PERSON, Need.STRANGER, Need.NOTE),
    Move.PAUSE: (Need.UNTIL, Need.NOTE),
    Move.RESUME: (Need.PAUSED,),
    Move.EDIT: (Need.CHANGE,),
    Move.SPLIT: (Need.PLACE,),
    Move.MERGE: (Need.OTHER_DRAFT,),
    Move.LINK: (Need.PROBLEM, Need.UNLINKED),
    Move.UNLINK: (Need.PROBLEM, Need.LINKED),
    Move.WITHDRAW: (Need.FILE, Need.OWN_FILE, Need.NOTE),
    Move.ORDER: (Need.NOTE, Need.ANSWER),
    Move.CIRCULATE: (Need.CIRCULAR,),
}


TAKES: dict[str, frozenset[Move]] = {
    "progress": frozenset({Move.REPORT, Move.SUBMIT}),
    "evidence": frozenset({Move.REPORT, Move.SUBMIT}),
    "to": frozenset({Move.ASSIGN, Move.REASSIGN}),
    "co": frozenset({Move.ASSIGN, Move.REASSIGN}),
    "verifier": frozenset({Move.ENTRUST}),
    "supervisor": frozenset({Move.ENTRUST}),
    "until": frozenset({Move.PAUSE}),
    "answer": frozenset({Move.ORDER}),
    "circular": frozenset({Move.CIRCULATE}),
    "edits": frozenset({Move.EDIT}),
    "at": frozenset({Move.SPLIT}),
    "file": frozenset({Move.WITHDRAW}),
    "other": frozenset({Move.MERGE, Move.LINK, Move.UNLINK}),
    "due": frozenset(
        {
            Move.ASSIGN,
            Move.REASSIGN,
            Move.REJECT,
            Move.SUSTAIN,
            Move.REOPEN,
            Move.REQUEST_EXTENSION,
            Move.GRANT_EXTENSION,
        }
    ),
}
"""What may be said along with which moves. A note goes with every move."""


@dataclass(frozen=True, slots=True)
class Case:
    """One person's wish to move one item: everything the decision looks at, as plain values."""

    reference: str
    state: State
    roles: frozenset[Role]
    met: frozenset[Need]
    """The needs that are met; those that a move does not ask for do no harm."""
    said: frozenset[str] = frozenset()
    """Which of `TAKES` were said along."""


def decide(case: Case, move: Move) -> State:
    """The state after `move`.

    Raises:
        WrongMoveError: the state admits no such move, or something it needs is missing.
        NotAllowedError: none of the person's roles may make it, or it would be a decision in own cause.
    """
    if not may(move.value, case.roles):
        raise NotAllowedError(
            "You may not %(move)s item %(reference)s.", move=move.value, reference=case.reference
        )
    after = ARROWS.get((case.state, move))
    if after is None:
        raise WrongMoveError(
            "Item %(reference)s is %(state)s; it cannot be moved by %(move)s. Possible now: %(possible)s.",
            reference=case.reference,
            state=case.state.value,
            move=move.value,
            possible=", ".join(admitted(case.state)) or "—",
        )
    _require(case, move)
    return after


def _require(case: Case, move: Move) -> None:
    for word in sorted(case.said):
        if move not in TAKES[word]:
            raise WrongMoveError("%(move)s takes no --%(word)s.", move=move.value, word=word)
    for need in NEEDS.get(move, ()):
        if need not in case.met:
            error = NotAllowedError if need in IN_OWN_CAUSE else WrongMoveError
            raise error(need.value, reference=case.reference, move=move.value)


def admitted(state: State) -> list[Move]:
    """The moves that `state` has an arrow for, in the order in which `Move` names them."""
    return [move for move in Move if (state, move) in ARROWS]


def open_to(state: State, roles: AbstractSet[Role]) -> list[Move]:
    """The moves that a person in `roles` may make from `state`, whatever else they still need."""
    return [move for move in admitted(state) if may(move.value, roles)]


ASKED_FOR = {
    Need.NOTE: "note",
    Need.DUE: "due",
    Need.OWNER: "to",
    Need.EVIDENCE: "evidence",
    Need.UNTIL: "until",
    Need.ANSWER: "answer",
    Need.CHANGE: "edits",
    Need.PLACE: "at",
    Need.FILE: "file",
    Need.OTHER_DRAFT: "other",
    Need.PROBLEM: "other",
}
"""Needs that the mover can still meet, and by which word."""


ANY_WORD = frozenset({Need.WORD, Need.ENTRUSTED})
"""Needs that any one of several words meets."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A move that a person may make now, and what it asks of them."""

    move: Move
    takes: frozenset[str]
    """Words of `TAKES` that may be said along; a note always may."""
    required: frozenset[str]
    """Words without which it would be refused. A need of `ANY_WORD` names none here."""


def offer(case: Case, move: Move) -> Offer | None:
    """`move` with what it still asks for; None where nothing that the person could say would admit it now.

    `case.met` are the needs that are met before they have said anything.
    """
    if move not in open_to(case.state, case.roles):
        return None
    takes = frozenset(word for word, moves in TAKES.items() if move in moves)
    missing = [need for need in NEEDS.get(move, ()) if need not in case.met | ANY_WORD]
    asked = [ASKED_FOR.get(need, "") for need in missing]
    if any(word not in takes | {"note"} for word in asked):
        return None
    return Offer(move, takes, frozenset(asked))
