"""The letters that a move brings to the people of its item."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.item import Assignment, Item
from models.organisation import Person
from models.report import Report
from notifications import letters
from notifications.letters import Ending
from notifications.outbox import Addressed
from rules.lifecycle import DECISIONS, GRANTS, OPEN, Move, State
from rules.permissions import Role
from services import lines, orders
from services.moves import Scene
from services.office import Visit

_ENDINGS = {
    Move.APPROVE: Ending.CLOSED,
    Move.CANCEL: Ending.CANCELLED,
    Move.GRANT_CANCELLATION: Ending.CANCELLED,
    Move.SUSTAIN: Ending.SUSTAINED,
    Move.REASSIGN: Ending.PASSED_ON,
}
"""Moves after which an item is due no more for somebody, and how the letter calls it."""


def of(scene: Scene, before: State) -> list[Addressed]:
    """The letters about a move that was made on an item in state `before`."""
    found = _asking(scene)
    if before in OPEN and scene.wish.move in _ENDINGS:
        found += _endings(scene, {one.person.id for one in found})
    return found


def assignments(visit: Visit, items: list[Item], report: str) -> list[Addressed]:
    """One letter an owner for items handed over together; co-owners hear of them in their digests."""
    today = visit.today
    line = lines.own_lines(visit, items)
    theirs: dict[int, tuple[Person, list[Item]]] = {}
    for item in items:
        for person in owners(visit.session, item):
            theirs.setdefault(person.id, (person, []))[1].append(item)
    return [
        Addressed(
            key=f"assignment:{mine[0].reference}:{mine[0].version}:{person.id}",
            person=person,
            letter=letters.Assignment(today, tuple(line[item.id] for item in mine), visit.actor.name, report),
            day=today,
        )
        for person, mine in theirs.values()
    ]


def owners(session: Session, item: Item) -> list[Person]:
    """The owners of an item, in the order in which they were named."""
    query = select(Person).join(Assignment, Assignment.person_id == Person.id)
    named = query.where(Assignment.item_id == item.id, Assignment.role == Role.OWNER)
    return list(session.scalars(named.order_by(Assignment.id)))


def _asking(scene: Scene) -> list[Addressed]:
    """To those who are asked for something, or had asked for it."""
    item, made = scene.item, scene.wish.move
    if made in {Move.ASSIGN, Move.REASSIGN, Move.REOPEN} and item.state is State.ASSIGNED:
        title = scene.visit.session.scalar(select(Report.title).where(Report.id == item.report_id)) or ""
        return assignments(scene.visit, [item], title)
    if made is Move.REJECT:
        return [_addressed(scene, one, _returned(scene)) for one in owners(scene.visit.session, item)]
    if made is Move.ORDER:
        return _orders(scene)
    if made in DECISIONS and scene.pending:
        asker = scene.visit.session.get_one(Person, scene.pending.asked_by_id)
        return [_addressed(scene, asker, _decision(scene))]
    return []


def _endings(scene: Scene, told: set[int]) -> list[Addressed]:
    """To those for whom the item was due and is no more; not to who made the move, nor to who has left.

    `told` are the ids of people to whom another letter says it already.
    """
    visit, how = scene.visit, _ENDINGS[scene.wish.move]
    still = {one.id for one in owners(visit.session, scene.item)} if how is Ending.PASSED_ON else set()
    gone = sorted(scene.owners - still - told - {visit.actor.id})
    people = [person for person in map(visit.directory.people.__getitem__, gone) if person.active]
    if not people:
        return []
    letter = letters.Ended(
        on=visit.today,
        line=_line(scene),
        how=how,
        by=visit.actor.name,
        note=scene.wish.note,
        due_before=scene.due_before,
        review_on=scene.item.review_on if how is Ending.SUSTAINED else None,
    )
    return [_addressed(scene, person, letter) for person in people]


def _orders(scene: Scene) -> list[Addressed]:
    """To the owners and to the heads of the unit in charge, once to who is both."""
    wish, number = scene.wish, scene.told["order"]
    by = scene.visit.actor.name
    letter = letters.Order(scene.visit.today, _line(scene), number, by, wish.note, wish.answer_on)
    own, heads = orders.addressees(scene.visit, scene.item)
    return [
        Addressed(f"order:{number}:{person.id}", person, letter, scene.visit.today)
        for person in dict.fromkeys((*own, *heads))
    ]


def _addressed(scene: Scene, person: Person, letter: letters.Letter) -> Addressed:
    item = scene.item
    key = f"{letters.name_of(letter)}:{item.reference}:{item.version}:{person.id}"
    return Addressed(key, person, letter, scene.visit.today)


def _line(scene: Scene) -> letters.Line:
    return lines.own_lines(scene.visit, [scene.item])[scene.item.id]


def _returned(scene: Scene) -> letters.Returned:
    return letters.Returned(scene.visit.today, _line(scene), scene.visit.actor.name, scene.wish.note)


def _decision(scene: Scene) -> letters.Decision:
    made, request = scene.wish.move, scene.pending
    proposed = scene.wish.due_on or (request.proposed_on if request else None)
    return letters.Decision(
        on=scene.visit.today,
        line=_line(scene),
        kind=DECISIONS[made],
        granted=made in GRANTS,
        proposed_on=proposed,
        by=scene.visit.actor.name,
        note=scene.wish.note,
    )
