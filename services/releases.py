"""What coordinators decide about letters: held ones go or are dropped, undeliverable ones go once more."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, select, update

from models import bulk
from models.item import Item
from models.message import IS_UNSENT, Message, MessageState, Reminder, ReminderOutcome
from models.organisation import Person
from rules.errors import ChangedError, NotAllowedError, NotFoundError, WrongMoveError
from rules.reasons import Kept, keep
from services import amendments, history
from services.office import Visit
from services.visibility import people_for, units_for

ACTION = "steer-mail"
CHUNK = 500
"""How many ids one statement may name."""


@dataclass(frozen=True, slots=True)
class Steered:
    """The letters that were let go, dropped or tried anew, by number."""

    letters: tuple[int, ...] = field(default=())


def release(visit: Visit, day: date | None, *, seen: int | None = None) -> Steered:
    """Lets the letters go that the flood guard holds of `day`; `seen` is how many the visitor was shown.

    Raises:
        WrongMoveError: nothing is held of that day.
        ChangedError: more or fewer letters are held by now.
        NotAllowedError: the visitor steers nobody's mail.
    """
    _begin(visit)
    letters = _settle(visit, day, seen, held=False)
    _record(visit, f"mail:{day}", "release-mail", letters)
    return Steered(letters)


def drop(visit: Visit, day: date | None, note: str, *, seen: int | None = None) -> Steered:
    """Withdraws the letters that the flood guard holds of `day`.

    What they would have told is not owed again; the next rung of each item is.

    Raises:
        WrongMoveError, ChangedError, NotAllowedError: as `release`, and where no reason is given.
    """
    _begin(visit)
    if not note.strip():
        raise WrongMoveError("Say why these letters are not to go out.")
    reason = keep(Kept.DROPPED, note=" ".join(note.split()))
    letters = _settle(
        visit, day, seen, held=False, state=MessageState.CANCELLED, last_answer=reason[:400], not_before=None
    )
    for chunk in _chunks(letters):
        _mark(visit, chunk, ReminderOutcome.PLANNED, ReminderOutcome.SKIPPED, reason[:300])
    _record(visit, f"mail:{day}", "drop-mail", letters, note=note.strip())
    return Steered(letters)


def send_again(visit: Visit, number: int) -> Steered:
    """Has a letter tried anew that the mail server did not take: the same words under the same Message-ID.

    What has become untrue since is not told: where nothing in it holds any more, it stays as it is.

    Raises:
        NotFoundError: there is no such letter to somebody whom the visitor looks after.
        WrongMoveError: the letter was taken, waits anyway, was withdrawn, or has nobody to go to.
        NotAllowedError: the visitor steers nobody's mail.
    """
    _begin(visit)
    row = _letter(visit, number)
    _check(row, visit.office.postbox.redirect_to)
    where = (Message.id == number, Message.state == row.state, Message.held.is_(False))
    values = {"state": MessageState.FAILED, "not_before": visit.now, "first_tried_at": None}
    if not _changed(visit, and_(*where), values):
        raise ChangedError("The letter has gone on meanwhile; look at it again.")
    if row.state is MessageState.DEAD:
        _mark(visit, [number], ReminderOutcome.SKIPPED, ReminderOutcome.PLANNED, "")
        _look_again(visit, number)
    _record(visit, f"letter:{number}", "send-again", (number,))
    return Steered((number,))


def _begin(visit: Visit) -> None:
    """The chain first: whoever takes its lock later than a letter's row could wait for us in a ring."""
    history.lock(visit.session)
    if not units_for(visit, ACTION):
        raise NotAllowedError("You may not do this here.")


def _settle(visit: Visit, day: date | None, seen: int | None, **values: Any) -> tuple[int, ...]:
    theirs = Message.person_id.in_(select(Person.id).where(people_for(visit, ACTION)))
    letters = _changed(visit, and_(Message.held, IS_UNSENT, Message.day == day, theirs), values)
    if not letters:
        raise WrongMoveError("No letters are held of that day any more.")
    if seen is not None and seen != len(letters):
        raise ChangedError(
            "%(letters)s letters are held of that day by now, and not %(seen)s; look again.",
            letters=len(letters),
            seen=seen,
        )
    return letters


def _changed(visit: Visit, where: ColumnElement[bool], values: dict[str, Any]) -> tuple[int, ...]:
    statement = update(Message).where(where).values(**values).returning(Message.id)
    return tuple(visit.session.scalars(statement, execution_options={"synchronize_session": False}))


def _letter(visit: Visit, number: int) -> Any:
    query = (
        select(Message.state, Message.held, Message.address, Person.email, Person.active)
        .join(Person, Person.id == Message.person_id)
        .where(Message.id == number, people_for(visit, ACTION))
    )
    row = visit.session.execute(query).first()
    if row is None:
        raise NotFoundError("There is no letter %(number)s.", number=number)
    return row


def _check(row: Any, redirect: str) -> None:
    """Raises WrongMoveError for a letter that cannot be tried anew."""
    if row.state is MessageState.SENT:
        raise WrongMoveError("The mail server has taken this letter; no letter is sent twice.")
    if row.state is MessageState.CANCELLED:
        raise WrongMoveError("This letter was withdrawn and does not go out any more.")
    if row.held:
        raise WrongMoveError("The flood guard holds this letter; release it with its day.")
    if row.state in {MessageState.PLANNED, MessageState.LEASED}:
        raise WrongMoveError("This letter goes out with the next delivery anyway.")
    if row.address not in {row.email, redirect}:
        raise WrongMoveError(
            "This letter is addressed to %(address)s; %(email)s has to be told in another way.",
            address=row.address,
            email=row.email,
        )
    if not row.active:
        raise WrongMoveError("%(email)s has left; name somebody else.", email=row.email)


def _look_again(visit: Visit, number: int) -> None:
    """Drops from the letter what is no longer true; raises where nothing is left of it."""
    told = select(Reminder.item_id).where(Reminder.message_id == number)
    items = visit.session.scalars(select(Item).where(Item.id.in_(told)).order_by(Item.id)).all()
    for item in items:
        amendments.look_again(visit, item)
    state = visit.session.scalar(select(Message.state).where(Message.id == number))
    if state is MessageState.CANCELLED:
        raise WrongMoveError("Nothing that this letter tells is true any more; it was left as it is.")


def _mark(
    visit: Visit, letters: list[int], before: ReminderOutcome, after: ReminderOutcome, reason: str
) -> None:
    told = update(Reminder).where(Reminder.message_id.in_(letters), Reminder.outcome == before)
    bulk.quietly(visit.session, told.values(outcome=after, reason=reason))


def _chunks(letters: tuple[int, ...]) -> Iterator[list[int]]:
    return (list(letters[start : start + CHUNK]) for start in range(0, len(letters), CHUNK))


def _record(visit: Visit, subject: str, move: str, letters: tuple[int, ...], *, note: str = "") -> None:
    payload = {"letters": list(letters)}
    entry = history.Entry(visit.now, visit.actor.id, visit.door, subject, move, note=note, payload=payload)
    history.record(visit.session, entry)
