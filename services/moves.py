"""What each move changes on an item. Reached only through the guarded door in services/items.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.item import Assignment, Decision, Evidence, Item, Request, RequestKind
from models.organisation import Person
from models.report import Report
from rules.deadlines import TimeLimit, due_on, judged_after_extension, next_period_end
from rules.lifecycle import GRANTS, REQUESTS, Move, State
from rules.passages import divided
from rules.periods import parse
from rules.permissions import ENTRUSTED, Role
from services import drafting, orders
from services.drafting import Edits, Plan
from services.evidence import EvidenceFile
from services.office import Visit


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to do to an item, as they said it."""

    move: Move
    note: str = ""
    progress: int | None = None
    due_on: date | None = None
    to: Person | None = None
    co_owners: tuple[Person, ...] = ()
    evidence: tuple[EvidenceFile, ...] = ()
    until: date | None = None
    """The day on which paused reminders are to go on."""
    happened_on: date | None = None
    """The earlier day on which it happened, where it is entered later. It is booked now, all the same."""
    entrusted: Mapping[Role, Person | None] = field(default_factory=dict)
    """Who is to verify the item, or to lead it as its supervisor; None leaves that to those of its unit."""
    version: int | None = None
    """The version of the item that they looked at; None asks for no comparison."""
    edits: Edits | None = None
    """What to change on a draft."""
    at: int | None = None
    """Where in the report's text the second of two drafts begins."""
    other: Item | None = None
    """The draft that this one goes on as, or the problem that a measure answers."""
    file: Evidence | None = None
    """The file to withdraw."""
    answer_on: date | None = None
    """The day by which a supervision order asks for an answer."""
    circular: str = ""
    """The key of the circular that names the item; services/circulars.py alone gives it."""


def entrusting(said: Mapping[Role, str | None], known: Callable[[str], Person]) -> dict[Role, Person | None]:
    """Whom the words name, as a wish says it: without a word a role stays as it is, an empty one ends it.

    `known` finds a person by a word, and refuses one that names nobody.
    """
    return {role: known(word) if word else None for role, word in said.items() if word is not None}


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a move works on."""

    visit: Visit
    item: Item
    wish: Wish
    pending: Request | None
    """The pending request of the kind that the move is about."""
    reported_on: date
    """The last day of the period that the item's report speaks of."""
    owners: frozenset[int] = frozenset()
    """Ids of the owners before the move."""
    due_before: date | None = None
    """The deadline before the move."""
    told: dict[str, Any] = field(default_factory=dict)
    """What the event tells beyond what every event does."""


def apply(scene: Scene) -> None:
    """Carries out the move on the item; the state itself is set by the door."""
    if scene.wish.progress is not None:
        scene.item.progress = scene.wish.progress
    effect = _EFFECTS.get(scene.wish.move)
    if effect:
        effect(scene)


def _confirm(scene: Scene) -> None:
    scene.item.confirmed_on = scene.visit.today


def _assign(scene: Scene) -> None:
    item, policy = scene.item, scene.visit.office.policy.deadlines
    _name_owner(scene)
    due = (
        scene.wish.due_on
        or Plan.of(item).due_on
        or due_on(
            item.time_limit,
            item.stated_due_on,
            reported_on=scene.reported_on,
            assigned_on=scene.visit.today,
            calendar=scene.visit.office.calendar,
            policy=policy,
        )
    )
    item.due_on = item.original_due_on = item.judged_on = due
    if due is None:
        item.review_on = scene.visit.office.calendar.shift(scene.visit.today, policy.review_working_days)
    item.opened_on = item.since_on = item.word_on = scene.visit.today


def _reassign(scene: Scene) -> None:
    _name_owner(scene)
    _new_version(scene)
    _change_deadline(scene)


def _name_owner(scene: Scene) -> None:
    """Makes `wish.to` the owner and `wish.co_owners` the helpers; the item moves to the owner's unit."""
    _name_co_owners(scene)
    item, person = scene.item, scene.wish.to
    if person is None:
        return
    scene.visit.session.execute(
        delete(Assignment).where(
            Assignment.item_id == item.id,
            (Assignment.role == Role.OWNER) | (Assignment.person_id == person.id),
        )
    )
    scene.visit.session.add(Assignment(item_id=item.id, person_id=person.id, role=Role.OWNER))
    scene.visit.session.flush()
    item.lead_unit_id = person.unit_id


def _name_co_owners(scene: Scene) -> None:
    if not scene.wish.co_owners:
        return
    session, item = scene.visit.session, scene.item
    helpers = dict.fromkeys(scene.wish.co_owners)
    # Whoever helps judges no longer: nobody decides about their own work.
    judged = Assignment.role.in_(sorted(ENTRUSTED)) & Assignment.person_id.in_([one.id for one in helpers])
    replaced = (Assignment.role == Role.CO_OWNER) | judged
    session.execute(delete(Assignment).where(Assignment.item_id == item.id, replaced))
    for person in helpers:
        session.add(Assignment(item_id=item.id, person_id=person.id, role=Role.CO_OWNER))
    session.flush()


def _entrust(scene: Scene) -> None:
    """Names who verifies or supervises the item, instead of whoever it was."""
    session, item = scene.visit.session, scene.item
    before = entrusted_with(session, item)
    for role, person in scene.wish.entrusted.items():
        session.execute(delete(Assignment).where(Assignment.item_id == item.id, Assignment.role == role))
        if person is not None:
            session.add(Assignment(item_id=item.id, person_id=person.id, role=role))
    session.flush()
    after = entrusted_with(session, item)
    scene.told["changed"] = {
        role.value: [before.get(role), after.get(role)]
        for role in sorted(ENTRUSTED)
        if before.get(role) != after.get(role)
    }


def entrusted_with(session: Session, item: Item) -> dict[Role, int]:
    """Who verifies and who supervises the item, where somebody is named: ids of people by their role."""
    query = select(Assignment.role, Assignment.person_id).where(
        Assignment.item_id == item.id, Assignment.role.in_(sorted(ENTRUSTED))
    )
    return dict(session.execute(query).tuples().all())


def _new_version(scene: Scene) -> None:
    scene.item.deadline_version += 1
    scene.item.since_on = scene.item.word_on = scene.visit.today


def _change_deadline(scene: Scene) -> None:
    """A coordinator's own new deadline counts as an extension does."""
    proposed = scene.wish.due_on
    if proposed is None or proposed == scene.item.due_on:
        return
    scene.item.judged_on = judged_after_extension(scene.item.judged_on, proposed, scene.visit.today)
    scene.item.due_on = proposed
    _new_version(scene)


def _hear(scene: Scene) -> None:
    scene.item.word_on = scene.visit.today
    if scene.item.review_on is not None:
        days = scene.visit.office.policy.deadlines.review_working_days
        scene.item.review_on = scene.visit.office.calendar.shift(scene.visit.today, days)


def _submit(scene: Scene) -> None:
    scene.item.submitted_on = scene.item.word_on = scene.visit.today
    scene.item.submitted_by_id = scene.visit.actor.id


def _approve(scene: Scene) -> None:
    scene.item.progress = 100
    _end(scene)


def _end(scene: Scene) -> None:
    scene.item.ended_on = scene.visit.today
    _resume(scene)
    _let_lapse(scene, *RequestKind)


def _pause(scene: Scene) -> None:
    scene.item.resumes_on, scene.item.pause_note = scene.wish.until, scene.wish.note


def _resume(scene: Scene) -> None:
    scene.item.resumes_on, scene.item.pause_note = None, ""


def _let_lapse(scene: Scene, *kinds: RequestKind) -> None:
    """Requests of these kinds have lost their object before anybody decided them."""
    scene.visit.session.execute(
        update(Request)
        .where(
            Request.item_id == scene.item.id,
            Request.kind.in_(kinds),
            Request.decision == Decision.PENDING,
        )
        .values(decision=Decision.LAPSED, decided_at=scene.visit.now)
    )


def _reject(scene: Scene) -> None:
    _withdraw_submission(scene.item)
    scene.item.word_on = scene.visit.today
    _change_deadline(scene)


def _withdraw_submission(item: Item) -> None:
    item.submitted_on = item.submitted_by_id = None


def _sustain(scene: Scene) -> None:
    item = scene.item
    _withdraw_submission(item)
    _let_lapse(scene, RequestKind.EXTENSION)
    item.time_limit, item.due_on, item.judged_on = TimeLimit.LONG_TERM, None, None
    _new_version(scene)
    days = scene.visit.office.policy.deadlines.review_working_days
    item.review_on = scene.wish.due_on or scene.visit.office.calendar.shift(scene.visit.today, days)


def _reopen(scene: Scene) -> None:
    item = scene.item
    _withdraw_submission(item)
    item.ended_on = None
    if item.state is State.CANCELLED:
        item.confirmed_on = item.opened_on = None
        item.deadline_version += 1
        return
    kind = scene.visit.office.policy.deadlines.period
    item.due_on = item.judged_on = scene.wish.due_on or next_period_end(
        scene.reported_on, scene.visit.today, kind
    )
    _new_version(scene)


def _request(scene: Scene) -> None:
    scene.visit.session.add(
        Request(
            item_id=scene.item.id,
            kind=RequestKind(REQUESTS[scene.wish.move]),
            reason=scene.wish.note,
            proposed_on=scene.wish.due_on,
            asked_by_id=scene.visit.actor.id,
            asked_at=scene.visit.now,
            decision=Decision.PENDING,
        )
    )
    scene.visit.session.flush()


def _decide(scene: Scene) -> None:
    request, move = scene.pending, scene.wish.move
    if request is None:
        return
    request.decision = Decision.GRANTED if move in GRANTS else Decision.REFUSED
    request.decided_by_id, request.decided_at, request.note = (
        scene.visit.actor.id,
        scene.visit.now,
        scene.wish.note,
    )


def _grant_extension(scene: Scene) -> None:
    _decide(scene)
    item, request = scene.item, scene.pending
    granted_on = scene.wish.due_on or (request.proposed_on if request else None)
    if granted_on is not None:
        item.judged_on = judged_after_extension(item.judged_on, granted_on, scene.visit.today)
        item.due_on = granted_on
        item.extensions += 1
        _new_version(scene)


def _grant_cancellation(scene: Scene) -> None:
    _decide(scene)
    _end(scene)


def _edit(scene: Scene) -> None:
    if scene.wish.edits is not None:
        scene.told.update(drafting.revise(scene.visit, scene.item, scene.wish.edits))


def _split(scene: Scene) -> None:
    item, report = scene.item, scene.visit.session.get_one(Report, scene.item.report_id)
    first, second = divided(report.text, (item.quote_start or 0, item.quote_end or 0), scene.wish.at or 0)
    new = drafting.enter(scene.visit, report, item.kind, second, like=item)
    scene.told.update(drafting.revise(scene.visit, item, Edits(quote=first)), split_off=new.reference)


def _merge(scene: Scene) -> None:
    _end(scene)
    if scene.wish.other is not None:
        drafting.pass_links_on(scene.visit.session, scene.item, scene.wish.other)
        scene.told["into"] = scene.wish.other.reference


def _link(scene: Scene) -> None:
    if scene.wish.other is not None:
        scene.told.update(drafting.link(scene.visit.session, scene.item, scene.wish.other))


def _withdraw(scene: Scene) -> None:
    file = scene.wish.file
    if file is not None:
        file.withdrawn_by_id, file.withdrawn_at = scene.visit.actor.id, scene.visit.now
        scene.told["withdrawn"] = file.sha256


def _order(scene: Scene) -> None:
    scene.told.update(orders.issue(scene.visit, scene.item, scene.wish.answer_on))


def _circulate(scene: Scene) -> None:
    scene.told["circular"] = scene.wish.circular


def _unlink(scene: Scene) -> None:
    if scene.wish.other is not None:
        scene.told.update(drafting.unlink(scene.visit.session, scene.item, scene.wish.other))


_EFFECTS: dict[Move, Callable[[Scene], None]] = {
    Move.CONFIRM: _confirm,
    Move.ASSIGN: _assign,
    Move.REASSIGN: _reassign,
    Move.ENTRUST: _entrust,
    Move.ACKNOWLEDGE: _hear,
    Move.REPORT: _hear,
    Move.SUBMIT: _submit,
    Move.APPROVE: _approve,
    Move.REJECT: _reject,
    Move.SUSTAIN: _sustain,
    Move.CANCEL: _end,
    Move.REOPEN: _reopen,
    Move.REQUEST_EXTENSION: _request,
    Move.REQUEST_CANCELLATION: _request,
    Move.GRANT_EXTENSION: _grant_extension,
    Move.REFUSE_EXTENSION: _decide,
    Move.GRANT_CANCELLATION: _grant_cancellation,
    Move.REFUSE_CANCELLATION: _decide,
    Move.PAUSE: _pause,
    Move.RESUME: _resume,
    Move.EDIT: _edit,
    Move.SPLIT: _split,
    Move.MERGE: _merge,
    Move.LINK: _link,
    Move.UNLINK: _unlink,
    Move.WITHDRAW: _withdraw,
    Move.ORDER: _order,
    Move.CIRCULATE: _circulate,
}


def reported_on(period: str | None, opened_on: date) -> date:
    """The last day of the period that an item's report speaks of; without a report, the day of opening."""
    return parse(period).last_on if period else opened_on
