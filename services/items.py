"""The guarded door: every change of an item, from whatever side, goes through `act`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.item import Assignment, Decision, Item, Request
from models.report import Report
from models.session import plain_rows
from notifications import outbox
from rules.errors import ChangedError, NotFoundError, WrongMoveError
from rules.lifecycle import (
    DECISIONS,
    OPEN,
    REQUESTS,
    Case,
    Kind,
    Move,
    Need,
    Offer,
    State,
    admitted,
    decide,
    offer,
)
from rules.permissions import ENTRUSTED, Role, may
from services import amendments, drafting, evidence, history, notices
from services.access import acting_roles, roles_on_item
from services.moves import Scene, Wish, apply, entrusted_with, reported_on
from services.office import Visit

OWNER = (Role.OWNER,)
OWNING = (Role.OWNER, Role.CO_OWNER)


@dataclass(frozen=True, slots=True)
class Change:
    """What came of a move."""

    reference: str
    before: State
    after: State
    due_on: date | None


def act(visit: Visit, reference: str, wish: Wish) -> Change:
    """Makes one move on one item, with its event, its letters and a fresh look at its reminders.

    Raises:
        NotFoundError: there is no such item.
        NotAllowedError, WrongMoveError: the move is refused; nothing was changed.
        ChangedError: the item is of another version than the one that was looked at.
    """
    change, scene = move(visit, reference, wish)
    outbox.put(visit.session, visit.office.postbox, notices.of(scene, change.before), visit.now)
    return change


def move(visit: Visit, reference: str, wish: Wish) -> tuple[Change, Scene]:
    """As `act`, without the letters: for use cases that move many items and write one letter a person."""
    history.lock(visit.session)
    item = by_reference(visit.session, reference)
    before, circle = item.state, _circle(visit.session, item)
    scene = _scene(visit, item, wish, _pending_requests(visit.session, item), _reported_on(visit, item))
    scene = replace(scene, owners=circle.owners, due_before=item.due_on)
    held = roles_on_item(visit.session, visit.directory, visit.actor, item, visit.today)
    roles = acting_roles(visit, wish.move.value, held)
    if wish.version not in {None, item.version} and may(wish.move.value, roles):
        raise ChangedError("Item %(reference)s was changed while you worked on it.", reference=reference)
    after = decide(_case(scene, roles, circle), wish.move)
    for file in wish.evidence:
        evidence.hand_in(visit, item, file)
    apply(scene)
    item.state = after
    item.version += 1
    item.next_reminder_on = visit.today if after in OPEN else None
    history.record(visit.session, _entry(scene, before))
    amendments.look_again(visit, item)
    return Change(item.reference, before, after, item.due_on), scene


def offered(visit: Visit, item: Item) -> list[Offer]:
    """The moves that the visitor may make on the item now, each with what it still asks for."""
    held = roles_on_item(visit.session, visit.directory, visit.actor, item, visit.today)
    roles = {move: acting_roles(visit, move.value, held) for move in admitted(item.state)}
    circle = _circle(visit.session, item)
    pending, told_on = _pending_requests(visit.session, item), _reported_on(visit, item)
    cases = (
        (move, _case(_scene(visit, item, Wish(move), pending, told_on), mine, circle))
        for move, mine in roles.items()
        if may(move.value, mine)
    )
    return [found for move, case in cases if (found := offer(case, move)) is not None]


def by_reference(session: Session, reference: str) -> Item:
    """The item with this reference; NotFoundError where there is none."""
    # As it stands now, under the lock that the door has taken, and not as somebody loaded it before.
    query = select(Item).where(Item.reference == reference.strip()).execution_options(populate_existing=True)
    found = session.scalars(query).first()
    if found is None:
        raise NotFoundError("There is no item %(reference)s.", reference=reference)
    return found


def _scene(visit: Visit, item: Item, wish: Wish, pending: Mapping[str, Request], told_on: date) -> Scene:
    """The move with the undecided request that it would make or decide."""
    asked = (REQUESTS | DECISIONS).get(wish.move, "")
    return Scene(visit, item, wish, pending.get(asked), told_on)


_PENDING = select(Request).where(Request.item_id == bindparam("item"), Request.decision == Decision.PENDING)


def _pending_requests(session: Session, item: Item) -> dict[str, Request]:
    """The undecided requests about the item, by their kind; there is one of a kind at most."""
    return {request.kind.value: request for request in session.scalars(_PENDING, {"item": item.id})}


_PERIOD = select(Report.period).where(Report.id == bindparam("report"))


def _reported_on(visit: Visit, item: Item) -> date:
    period = visit.session.scalar(_PERIOD, {"report": item.report_id}) if item.report_id else None
    return reported_on(period, item.opened_on or visit.today)


@dataclass(frozen=True, slots=True)
class _Circle:
    """What a move asks of an item's people and files: the same for every move that is offered."""

    owners: frozenset[int]
    workers: frozenset[int]
    """Owners and those who help them."""
    has_evidence: bool


_OWNING = select(Assignment.role, Assignment.person_id).where(
    Assignment.item_id == bindparam("item"), Assignment.role.in_(OWNING)
)


def _circle(session: Session, item: Item) -> _Circle:
    named = plain_rows(session, _OWNING, item=item.id)
    return _Circle(
        owners=frozenset(person for role, person in named if role in OWNER),
        workers=frozenset(person for _, person in named),
        has_evidence=evidence.has_evidence(session, item),
    )


def _case(scene: Scene, roles: frozenset[Role], circle: _Circle) -> Case:
    wish = scene.wish
    if wish.progress is not None and not 0 <= wish.progress <= 100:
        raise WrongMoveError("Progress is a figure from 0 to 100, not %(progress)s.", progress=wish.progress)
    if wish.happened_on is not None and wish.happened_on > scene.visit.today:
        raise WrongMoveError(
            "%(day)s has not come yet; nothing can have happened on it.", day=wish.happened_on
        )
    said = {
        "progress": wish.progress,
        "evidence": wish.evidence,
        "to": wish.to,
        "due": wish.due_on,
        "co": wish.co_owners,
        **{role.value: role if role in wish.entrusted else None for role in ENTRUSTED},
        "until": wish.until,
        "edits": wish.edits,
        "at": wish.at,
        "other": wish.other,
        "file": wish.file,
        "answer": wish.answer_on,
        "circular": wish.circular or None,
    }
    return Case(
        reference=scene.item.reference,
        state=scene.item.state,
        roles=roles,
        met=frozenset(need for need, met in _needs(scene, roles, circle).items() if met),
        said=frozenset(word for word, value in said.items() if value not in (None, ())),
    )


def _needs(scene: Scene, roles: frozenset[Role], circle: _Circle) -> dict[Need, bool]:
    item, wish, pending, actor = scene.item, scene.wish, scene.pending, scene.visit.actor
    own = {item.submitted_by_id, *circle.workers}
    return {
        Need.UNCONFIRMED: item.confirmed_on is None,
        Need.CONFIRMED: item.confirmed_on is not None,
        Need.OWNER: wish.to is not None or (wish.move is Move.ASSIGN and bool(circle.owners)),
        Need.WORD: bool(wish.note.strip()) or wish.progress is not None or bool(wish.evidence),
        Need.NOTE: bool(wish.note.strip()),
        Need.EVIDENCE: bool(wish.evidence) or circle.has_evidence,
        Need.DUE: wish.due_on is not None and (item.due_on is None or wish.due_on > item.due_on),
        Need.STRANGER: actor.id not in own,
        Need.OTHER_PERSON: pending is None or pending.asked_by_id != actor.id,
        Need.NONE_PENDING: pending is None,
        Need.PENDING: pending is not None,
        Need.UNTIL: wish.until is not None and wish.until > scene.visit.today,
        Need.ANSWER: wish.answer_on is None or scene.visit.today <= wish.answer_on,
        Need.CIRCULAR: bool(wish.circular),
        Need.PAUSED: item.resumes_on is not None and scene.visit.today < item.resumes_on,
        Need.OUTSIDER: not any(who.id in circle.workers for who in wish.entrusted.values() if who),
        Need.ENTRUSTED: _entrusts_anew(scene),
        **_needs_of_files(scene, roles),
        **_needs_of_drafts(scene),
    }


def _entrusts_anew(scene: Scene) -> bool:
    if not scene.wish.entrusted:
        return False
    now = entrusted_with(scene.visit.session, scene.item)
    return any(now.get(role) != (who.id if who else None) for role, who in scene.wish.entrusted.items())


def _needs_of_files(scene: Scene, roles: frozenset[Role]) -> dict[Need, bool]:
    """Before a file is named, whether there is one that the person could withdraw."""
    item, actor, file = scene.item, scene.visit.actor, scene.wish.file
    is_asked = scene.wish.move is Move.WITHDRAW
    standing = evidence.standing(scene.visit.session, item) if is_asked else []
    could = standing if file is None else [file]
    is_keeper = Role.COORDINATOR in roles
    return {
        Need.FILE: file is not None and file.id in {one.id for one in standing},
        Need.OWN_FILE: any(is_keeper or one.added_by_id == actor.id for one in could),
    }


def _needs_of_drafts(scene: Scene) -> dict[Need, bool]:
    item, wish, other = scene.item, scene.wish, scene.wish.other
    is_pair = other is not None and (item.kind, other.kind) == (Kind.MEASURE, Kind.PROBLEM)
    is_linked = other is not None and drafting.is_linked(scene.visit.session, item, other)
    return {
        Need.CHANGE: wish.edits is not None and wish.edits.change(item),
        Need.PLACE: wish.at is not None and (item.quote_start or 0) < wish.at < (item.quote_end or 0),
        Need.OTHER_DRAFT: other is not None
        and (other.state, other.report_id, other.id == item.id) == (State.DRAFT, item.report_id, False),
        Need.PROBLEM: is_pair and other is not None and other.state is not State.CANCELLED,
        Need.UNLINKED: not is_linked,
        Need.LINKED: is_linked,
    }


def _entry(scene: Scene, before: State) -> history.Entry:
    item, wish = scene.item, scene.wish
    payload: dict[str, object] = {}
    if wish.evidence:
        payload["evidence"] = [file.sha256 for file in wish.evidence]
    if wish.due_on:
        payload["proposed_on"] = wish.due_on.isoformat()
    if wish.happened_on:
        payload["happened_on"] = wish.happened_on.isoformat()
    if wish.until:
        payload["resumes_on"] = wish.until.isoformat()
    if scene.pending:
        payload["request"] = scene.pending.id
    if wish.co_owners:
        payload["co_owners"] = [person.id for person in wish.co_owners]
    payload |= scene.told
    return history.Entry(
        at=scene.visit.now,
        actor_id=scene.visit.actor.id,
        door=scene.visit.door,
        subject=f"item:{item.reference}",
        move=wish.move.value,
        note=wish.note,
        payload=payload,
        item=item,
        state_before=before,
        owners=tuple(person.id for person in notices.owners(scene.visit.session, item)),
    )
