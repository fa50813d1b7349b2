"""What waits for a person: lists of items, each one condition, so that a counter equals the list it opens."""

from collections.abc import Callable
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from models.item import Assignment, Decision, Item, Request, RequestKind
from rules.lifecycle import State
from rules.permissions import Role
from services.office import Visit
from services.visibility import items_for


class Work(StrEnum):
    """What a person may be waited for, in the order in which they are shown."""

    ACKNOWLEDGE = "acknowledge"
    REPORT = "report"
    VERIFY = "verify"
    DECIDE = "decide"
    CONFIRM = "confirm"


OWNING = frozenset({Role.OWNER, Role.CO_OWNER})


def waiting(visit: Visit, work: Work) -> ColumnElement[bool]:
    """The condition on Item under which `work` waits for the visitor."""
    return _CONDITIONS[work](visit)


def counts(visit: Visit) -> dict[Work, int]:
    """How many items wait for the visitor, by kind of work."""
    seen = items_for(visit, "view-item")
    # One statement, but a select for each: these find their items by indexes, filters would read them all.
    numbers = [
        select(func.count()).select_from(Item).where(seen, waiting(visit, work)).scalar_subquery()
        for work in Work
    ]
    row = visit.session.execute(select(*numbers)).one()
    return dict(zip(Work, row, strict=True))


def _mine(visit: Visit, roles: frozenset[Role]) -> ColumnElement[bool]:
    return Item.id.in_(
        select(Assignment.item_id).where(
            Assignment.person_id == visit.actor.id, Assignment.role.in_(sorted(roles))
        )
    )


def _stranger(visit: Visit) -> ColumnElement[bool]:
    """Who owns or helps, and who handed it in, decides nothing about it."""
    is_submitter = func.coalesce(Item.submitted_by_id, 0) == visit.actor.id
    return and_(not_(_mine(visit, OWNING)), not_(is_submitter))


def _acknowledge(visit: Visit) -> ColumnElement[bool]:
    return and_(Item.state == State.ASSIGNED, _mine(visit, frozenset({Role.OWNER})))


def _report(visit: Visit) -> ColumnElement[bool]:
    return and_(Item.state.in_((State.IN_PROGRESS, State.SUSTAINED)), _mine(visit, OWNING))


def _verify(visit: Visit) -> ColumnElement[bool]:
    return and_(Item.state == State.SUBMITTED, items_for(visit, "approve"), _stranger(visit))


def _decide(visit: Visit) -> ColumnElement[bool]:
    kinds = [
        and_(items_for(visit, f"grant-{kind.value}"), Item.id.in_(_asked(visit, kind)))
        for kind in RequestKind
    ]
    return and_(or_(*kinds), _stranger(visit))


def _asked(visit: Visit, kind: RequestKind) -> Select[tuple[int]]:
    return select(Request.item_id).where(
        Request.decision == Decision.PENDING, Request.kind == kind, Request.asked_by_id != visit.actor.id
    )


def _confirm(visit: Visit) -> ColumnElement[bool]:
    return and_(Item.state == State.DRAFT, items_for(visit, "confirm"))


_CONDITIONS: dict[Work, Callable[[Visit], ColumnElement[bool]]] = {
    Work.ACKNOWLEDGE: _acknowledge,
    Work.REPORT: _report,
    Work.VERIFY: _verify,
    Work.DECIDE: _decide,
    Work.CONFIRM: _confirm,
}
