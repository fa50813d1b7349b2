"""Letters that a change of an item made untrue, before they went out: cancelled, or written anew."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from models import bulk
from models.item import Item
from models.message import Message, MessageState, Reminder, ReminderOutcome
from notifications import outbox
from rules.reasons import Kept, keep, why_void
from services import digests
from services.digests import Due
from services.office import Visit
from services.reminders import compose, void


def look_again(visit: Visit, item: Item) -> None:
    """After a change of `item`: planned reminders that are no longer true are cancelled.

    A digest that nobody tried to send yet is written anew without them; one that was tried keeps its words,
    because the server may have it already.
    """
    letters = _unsent_with(visit.session, item)
    if not letters:
        return
    due = digests.read(visit.session, visit.directory, Item.id == item.id, visit.today, reopened=set())
    for message in letters:
        waiting = digests.planned_for(visit.session, [message.id])
        false = {r.id: r for r in waiting if r.item_id == item.id and not _is_true(visit, due, r)}
        _void_each(visit, item, false.values())
        _renew(visit, message, [reminder for reminder in waiting if reminder.id not in false])


def _void_each(visit: Visit, item: Item, reminders: Iterable[Row[Any]]) -> None:
    paused_until = item.resumes_on if digests.standing(item).is_paused(visit.today) else None
    for reminder in reminders:
        same = reminder.deadline_version == item.deadline_version
        reason = why_void(item.state, same_version=same, paused_until=paused_until)
        void(visit.session, [reminder.id], reason)


def _unsent_with(session: Session, item: Item) -> list[Row[Any]]:
    held_by = select(Reminder.message_id).where(
        Reminder.item_id == item.id, Reminder.outcome == ReminderOutcome.PLANNED
    )
    query = (
        select(Message.id, Message.person_id, Message.day, Message.attempts, Message.planned_at)
        .where(Message.id.in_(held_by), Message.state.in_((MessageState.PLANNED, MessageState.FAILED)))
        .with_for_update()
    )
    return list(session.execute(query).all())


def _is_true(visit: Visit, due: list[Due], reminder: Row[Any]) -> bool:
    return bool(due) and digests.still_owed(due[0], reminder, visit.office, visit.today)


def _renew(visit: Visit, message: Row[Any], reminders: list[Row[Any]]) -> None:
    if not reminders:
        values = {"state": MessageState.CANCELLED, "last_answer": keep(Kept.EMPTY)}
        bulk.quietly(visit.session, update(Message).where(Message.id == message.id).values(values))
    elif not message.attempts:
        outbox.rewrite(visit.session, message.id, _composed_again(visit, message, reminders))


def _composed_again(visit: Visit, message: Row[Any], reminders: list[Row[Any]]) -> dict[str, Any]:
    items = {reminder.item_id for reminder in reminders}
    dues = {
        due.row.id: due
        for due in digests.read(
            visit.session, visit.directory, Item.id.in_(items), message.day, reopened=set()
        )
    }
    pairs = [
        (
            digests.section(reminder.role, reminder.rung),
            digests.line(dues[reminder.item_id], reminder.rung, visit.directory, message.day, visit.office),
        )
        for reminder in reminders
        if reminder.item_id in dues
    ]
    letter = digests.digest(pairs, message.day)
    values = compose(visit.office, visit.directory, message.person_id, letter, message.planned_at)
    del values["held"]
    return values
