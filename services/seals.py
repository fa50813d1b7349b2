"""Seals by four eyes: one person proposes, another one confirms; lifting a seal takes two as well."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.item import Decision
from models.organisation import Person
from models.period import Period as PeriodRow
from models.period import Rollup as RollupRow
from models.period import SealMatter, SealProposal
from rules.errors import NotAllowedError, NotFoundError, WrongMoveError
from services import history, rollups
from services.access import require
from services.office import Office, Visit
from services.organisation import root

_PENDING = (
    select(SealProposal)
    .join(PeriodRow, PeriodRow.id == SealProposal.period_id)
    .where(PeriodRow.key == bindparam("period"), SealProposal.decision == Decision.PENDING)
)


def pending(session: Session, key: str) -> SealProposal | None:
    """What is proposed about the period's seal and waits for its confirmation."""
    return session.scalars(_PENDING, {"period": key}).first()


def propose(visit: Visit, key: str, *, reason: str = "") -> SealProposal:
    """Proposes, as a coordinator, that the ended period be sealed.

    Raises:
        NotAllowedError: the visitor does not coordinate the whole organisation.
        WrongMoveError: the period runs, is sealed, or something about it is proposed already.
    """
    require(visit.directory, "propose-seal", visit.actor, root(visit.session), visit.today)
    return _propose(visit.session, visit.office, key, visit.actor, visit.now, visit.door, reason)


def propose_by_flow(session: Session, office: Office, key: str, *, now: datetime) -> SealProposal:
    """The same by the flow, after the period's end."""
    return _propose(session, office, key, None, now, "flow", "")


def _propose(
    session: Session, office: Office, key: str, by: Person | None, now: datetime, door: str, reason: str
) -> SealProposal:
    history.lock(session)
    count = rollups.sealable(session, office, key, now)
    if rollups.sealed(session, key, is_bare=True):
        raise WrongMoveError("%(key)s is sealed already.", key=key)
    _require_none_pending(session, key)
    before = rollups.latest(session, key, is_bare=True)
    version = before.version + 1 if before else 1
    row = rollups.period_row(session, count.period)
    return _enter(
        session,
        SealProposal(
            period_id=row.id,
            matter=SealMatter.SEAL,
            version=version,
            sha256=count.sha256(),
            reason=reason,
            proposed_by_id=by.id if by else None,
            proposed_at=now,
            decision=Decision.PENDING,
            note="",
        ),
        key,
        door,
    )


def confirm(visit: Visit, key: str, *, note: str = "") -> RollupRow:
    """Seals, as a supervising leader, the period as it was proposed by somebody else.

    Raises:
        NotAllowedError: the visitor does not lead the whole organisation, or made the proposal.
        WrongMoveError: nothing is proposed, or the figures are no longer those that were proposed.
    """
    require(visit.directory, "confirm-seal", visit.actor, root(visit.session), visit.today)
    history.lock(visit.session)
    proposal = _awaited(visit, key, SealMatter.SEAL)
    if rollups.sealable(visit.session, visit.office, key, visit.now).sha256() != proposal.sha256:
        raise WrongMoveError("The figures of %(key)s are no longer those that were proposed.", key=key)
    _decide(visit, proposal, Decision.GRANTED, note)
    beside = {"proposal": proposal.id, "proposed_by": proposal.proposed_by_id}
    return rollups.seal(
        visit.session,
        visit.office,
        key,
        by=visit.actor,
        now=visit.now,
        door=visit.door,
        beside=beside,
    )


def propose_unsealing(visit: Visit, key: str, *, reason: str) -> SealProposal:
    """Proposes, for a reason, that the seal in force be lifted.

    Raises:
        NotAllowedError: the visitor neither coordinates nor leads the whole organisation.
        NotFoundError: no seal is in force.
        WrongMoveError: there is no reason, or something is proposed already.
    """
    require(visit.directory, "unseal", visit.actor, root(visit.session), visit.today)
    _require_reason(reason)
    history.lock(visit.session)
    row = _in_force(visit.session, key)
    _require_none_pending(visit.session, key)
    return _enter(
        visit.session,
        SealProposal(
            period_id=row.period_id,
            matter=SealMatter.UNSEAL,
            version=row.version,
            sha256=row.sha256,
            reason=reason.strip(),
            proposed_by_id=visit.actor.id,
            proposed_at=visit.now,
            decision=Decision.PENDING,
            note="",
        ),
        key,
        visit.door,
    )


def confirm_unsealing(visit: Visit, key: str, *, reason: str) -> RollupRow:
    """Lifts the seal as somebody else proposed, for a reason of one's own; the sealed version is kept.

    Raises:
        NotAllowedError: the visitor neither coordinates nor leads, or made the proposal.
        WrongMoveError: nothing is proposed, or there is no reason.
    """
    require(visit.directory, "unseal", visit.actor, root(visit.session), visit.today)
    _require_reason(reason)
    history.lock(visit.session)
    proposal = _awaited(visit, key, SealMatter.UNSEAL)
    row = _in_force(visit.session, key)
    _decide(visit, proposal, Decision.GRANTED, reason.strip())
    _note(visit, key, "unseal", proposal, reason.strip())
    return row


def refuse(visit: Visit, key: str, *, reason: str) -> SealProposal:
    """Refuses what is proposed about the period's seal, or takes back what one proposed oneself.

    Raises:
        NotAllowedError: the visitor neither coordinates nor leads the whole organisation.
        WrongMoveError: nothing is proposed, or there is no reason.
    """
    require(visit.directory, "unseal", visit.actor, root(visit.session), visit.today)
    _require_reason(reason)
    history.lock(visit.session)
    proposal = pending(visit.session, key)
    if proposal is None:
        raise WrongMoveError("Nothing is proposed about the seal of %(key)s.", key=key)
    _decide(visit, proposal, Decision.REFUSED, reason.strip())
    _note(visit, key, f"refuse-{proposal.matter.value}", proposal, reason.strip())
    return proposal


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise WrongMoveError("Say why: this needs a reason.")


def _require_none_pending(session: Session, key: str) -> None:
    if pending(session, key) is not None:
        raise WrongMoveError(
            "Something about the seal of %(key)s is proposed already; decide it first.", key=key
        )


def _in_force(session: Session, key: str) -> RollupRow:
    found = rollups.sealed(session, key, is_bare=True)
    if found is None:
        raise NotFoundError("%(key)s bears no seal.", key=key)
    return found


def _awaited(visit: Visit, key: str, matter: SealMatter) -> SealProposal:
    """The pending proposal of this matter, made by somebody other than the visitor."""
    found = pending(visit.session, key)
    if found is None or found.matter is not matter:
        raise WrongMoveError("Nothing of the kind is proposed about %(key)s; propose it first.", key=key)
    if found.proposed_by_id == visit.actor.id:
        raise NotAllowedError(
            "Somebody other than who proposed it confirms what is proposed about %(key)s.", key=key
        )
    return found


def _enter(session: Session, proposal: SealProposal, key: str, door: str) -> SealProposal:
    session.add(proposal)
    session.flush()
    payload = {"proposal": proposal.id, "version": proposal.version, "sha256": proposal.sha256}
    entry = history.Entry(
        proposal.proposed_at,
        proposal.proposed_by_id,
        door,
        f"period:{key}",
        f"propose-{proposal.matter.value}",
        note=proposal.reason,
        payload=payload,
    )
    history.record(session, entry)
    return proposal


def _decide(visit: Visit, proposal: SealProposal, decision: Decision, note: str) -> None:
    proposal.decision, proposal.note = decision, note
    proposal.decided_by_id, proposal.decided_at = visit.actor.id, visit.now
    visit.session.flush()


def _note(visit: Visit, key: str, move: str, proposal: SealProposal, note: str) -> None:
    payload = {"proposal": proposal.id, "version": proposal.version, "sha256": proposal.sha256}
    entry = history.Entry(
        visit.now, visit.actor.id, visit.door, f"period:{key}", move, note=note, payload=payload
    )
    history.record(visit.session, entry)
