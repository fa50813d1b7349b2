"""Planning reminders: every due rung gets exactly one outcome, and every person at most one digest a day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Row, func, insert, or_, select, update
from sqlalchemy.orm import Session

from models import bulk
from models.base import table
from models.item import Item
from models.message import IS_UNSENT, Message, MessageState, Reminder, ReminderOutcome
from notifications import outbox
from notifications.letters import Digest, Line
from notifications.outbox import Addressed
from rules.ladder import next_rung_on
from rules.planning import Outcome, plan_item
from rules.reasons import Kept, keep, why_void
from services import digests, runs
from services.digests import Due
from services.office import Office, Visit
from services.organisation import Directory

DIGESTS = ("digest", "escalation")
PLANNER_LOCK = 0x506C616E
NAME = "reminders"
CHUNK = 500
"""How many ids one statement may name."""
BATCH = 50
"""How many letters lie in memory at once before they are written."""

_COLUMNS = (
    *("item_id", "person_id", "rung", "deadline_version", "role", "rung_on", "planned_on"),
    *("outcome", "reason", "message_id"),
)
"""Of a reminder, in the order of `_row`."""

_FREE = (MessageState.PLANNED, MessageState.FAILED, MessageState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Planned:
    """What one planning run did."""

    planned: int
    superseded: int
    messages: int
    held: int
    """How many of the letters wait for a coordinator's release."""
    overviews: int = 0
    """Weekly overviews, which `messages` does not count."""


@dataclass(slots=True)
class _Pass:
    """The state of one planning run."""

    session: Session
    office: Office
    directory: Directory
    today: date
    now: datetime
    reopened: dict[int, Row[Any]] = field(default_factory=dict)
    """Digests that were not handed over yet and are written anew, by message id."""
    taken: set[int] = field(default_factory=set)
    """People who had their digest of today already."""
    rows: dict[tuple[int, int, str, int], int] = field(default_factory=dict)
    """(item, person, rung, deadline version) -> reminder row whose letter is written anew."""
    dues: dict[int, Due] = field(default_factory=dict)
    lines: dict[tuple[int, str], Line] = field(default_factory=dict)
    """(item, rung) -> its line, which several people read."""

    @property
    def day(self) -> str:
        """Today, as the tables keep it."""
        return self.today.isoformat()

    def key(self, outcome: Outcome) -> tuple[int, int, str, int]:
        """What makes the reminder row of an outcome the only one."""
        version = self.dues[outcome.item].row.deadline_version
        return outcome.item, outcome.person, outcome.rung.key, version

    def line(self, item: int, rung: str) -> Line:
        """The line of an item, as `rung` brings it."""
        if (item, rung) not in self.lines:
            due = self.dues[item]
            self.lines[item, rung] = digests.line(due, rung, self.directory, self.today, self.office)
        return self.lines[item, rung]

    def row_of(self, outcome: Outcome) -> int | None:
        """The reminder row of a rung that was planned or cancelled and never told."""
        cancelled = self.dues[outcome.item].cancelled
        if not cancelled and not self.rows:
            return None
        return self.rows.pop(self.key(outcome), cancelled.get((outcome.person, outcome.rung.key)))


def plan(
    session: Session, office: Office, today: date, *, now: datetime, confirm: bool = False, run_id: str = ""
) -> Planned:
    """Plans what is owed on `today` and writes it to the outbox; sends nothing.

    A run may be repeated, late or skipped: what has an outcome keeps it, what has none is still owed. Letters
    of earlier days that never went out are replaced by today's. `confirm` lets a batch go that is larger
    than the flood guard admits.
    """
    _lock(session)
    if confirm:
        outbox.release(session)
    at_work = _Pass(session, office, Directory.load(session), today, now)
    _reopen(at_work)
    outcomes = _owed(at_work)
    known = set(at_work.rows)
    fresh = [outcome for outcome in outcomes if at_work.key(outcome) not in known] if known else outcomes
    people = digests.by_person(outcomes)
    held = not confirm and _is_flood(at_work, len(people))
    letters = _write(at_work, people, held=held)
    # The rows of one letter beside each other: whoever sends it marks a page or two, not one for each.
    told = (outcome for mine in people.values() for outcome in mine)
    _record(at_work, chain((outcome for outcome in outcomes if outcome.superseded_by), told))
    superseded = sum(bool(outcome.superseded_by) for outcome in fresh)
    result = Planned(
        planned=len(fresh) - superseded,
        superseded=superseded,
        messages=letters,
        held=letters if held else 0,
    )
    runs.keep(session, NAME, today, now, _counts(result), run_id)
    return result


def _counts(result: Planned) -> dict[str, int]:
    return {
        "planned": result.planned,
        "superseded": result.superseded,
        "messages": result.messages,
        "held": result.held,
    }


def _lock(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(PLANNER_LOCK)))


def _reopen(at_work: _Pass) -> None:
    """Finds the digests that may still be written anew, and the people who have had theirs today.

    Holds their rows, so that no sender claims what is being replaced.
    """
    query = select(Message.id, Message.person_id, Message.day, Message.state, Message.attempts, Message.held)
    query = query.with_for_update()
    of_today = Message.day == at_work.today
    earlier = (Message.day < at_work.today) & IS_UNSENT
    for row in at_work.session.execute(query.where(Message.letter.in_(DIGESTS), or_(of_today, earlier))):
        is_free = row.state in _FREE and (row.day < at_work.today or not row.attempts)
        if is_free:
            at_work.reopened[row.id] = row
        elif row.day == at_work.today:
            at_work.taken.add(row.person_id)
    for reminder in digests.planned_for(at_work.session, select(Message.id).where(IS_UNSENT)):
        if reminder.message_id in at_work.reopened:
            of_whom = (reminder.item_id, reminder.person_id, reminder.rung, reminder.deadline_version)
            at_work.rows[of_whom] = reminder.id


def _owed(at_work: _Pass) -> list[Outcome]:
    """Every outcome that is due and can be told today; moves each item's next day on."""
    ladder, calendar = at_work.office.policy.ladder, at_work.office.calendar
    # Not a list of ids: after a day without a server that could be every item of the office.
    waiting = select(Reminder.item_id).where(Reminder.outcome == ReminderOutcome.PLANNED)
    which = or_(Item.next_reminder_on <= at_work.today, Item.id.in_(waiting))
    dues = digests.read(
        at_work.session, at_work.directory, which, at_work.today, reopened=set(at_work.reopened)
    )
    outcomes: list[Outcome] = []
    next_days: dict[int, bulk.Values] = {}
    for due in dues:
        at_work.dues[due.row.id] = due
        owed = plan_item(due.subject, at_work.today, ladder, calendar)
        told = owed
        if at_work.taken:
            told = [outcome for outcome in owed if outcome.person not in at_work.taken]
        outcomes += told
        again = next_rung_on(due.subject.standing, at_work.today, ladder, calendar)
        if len(told) < len(owed):
            again = at_work.today + timedelta(days=1)
        next_days[due.row.id] = (again.isoformat() if again else None,)
    bulk.put_each(at_work.session, table(Item), ("next_reminder_on",), next_days)
    return outcomes


def _is_flood(at_work: _Pass, letters: int) -> bool:
    return letters > at_work.office.policy.guard.limit(runs.history(at_work.session, NAME, "messages"))


def _write(at_work: _Pass, people: dict[int, list[Outcome]], *, held: bool) -> int:
    """Writes the letters. Returns how many are new."""
    own = {row.person_id: row for row in at_work.reopened.values() if row.day == at_work.today}
    fresh = [person for person in people if person not in own]
    for start in range(0, len(fresh), BATCH):
        batch = [_compose(at_work, person, people[person], held) for person in fresh[start : start + BATCH]]
        at_work.session.execute(insert(table(Message)), batch)
    for person, mine in people.items():
        if person in own:
            _rewrite(at_work, own[person], _compose(at_work, person, mine, own[person].held))
    _cancel(at_work, [row.id for row in at_work.reopened.values() if own.get(row.person_id) is not row])
    _cancel(at_work, [row.id for person, row in own.items() if person not in people])
    return len(fresh)


def _compose(at_work: _Pass, person: int, mine: list[Outcome], held: bool) -> dict[str, Any]:  # noqa: FBT001
    letter = digests.digest(
        (
            (digests.section(outcome.role, outcome.rung.key), at_work.line(outcome.item, outcome.rung.key))
            for outcome in mine
        ),
        at_work.today,
    )
    return _message(at_work.office, at_work.directory, person, letter, at_work.now) | {"held": held}


def _message(
    office: Office, directory: Directory, person: int, letter: Digest, now: datetime
) -> dict[str, Any]:
    key = digest_key(letter.on, person)
    return outbox.compose(office.postbox, Addressed(key, directory.people[person], letter, letter.on), now)


def digest_key(day: date, person: int) -> str:
    """The key that makes a second digest for the person on the day impossible."""
    return f"digest:{day.isoformat()}:{person}"


def _rewrite(at_work: _Pass, row: Row[Any], values: dict[str, Any]) -> None:
    _quietly(at_work.session, update(Message).where(Message.id == row.id).values(**values))


def _cancel(at_work: _Pass, messages: list[int]) -> None:
    reason = keep(Kept.REPLACED, day=at_work.today)
    for chunk in _chunks(messages):
        _quietly(
            at_work.session,
            update(Message)
            .where(Message.id.in_(chunk), IS_UNSENT)
            .values(state=MessageState.CANCELLED, last_answer=reason),
        )


def _record(at_work: _Pass, outcomes: Iterable[Outcome]) -> None:
    """Gives every outcome its row; what waited in an unsent letter and is owed no more is cancelled."""
    letter = _letters_of_today(at_work)
    fresh: list[Outcome] = []
    again: dict[int, bulk.Values] = {}
    for outcome in outcomes:
        known = at_work.row_of(outcome)
        if known is None:
            fresh.append(outcome)
        else:
            again[known] = _row(at_work, outcome, letter)
    rows = (_row(at_work, outcome, letter) for outcome in fresh)
    bulk.pour(at_work.session, table(Reminder), _COLUMNS, rows)
    bulk.put_each(at_work.session, table(Reminder), _COLUMNS, again)
    void(at_work.session, list(at_work.rows.values()), keep(Kept.OVER))


def _letters_of_today(at_work: _Pass) -> dict[int, int]:
    query = select(Message.person_id, Message.id).where(
        Message.day == at_work.today,
        Message.letter.in_(DIGESTS),
        Message.state == MessageState.PLANNED,
    )
    return {person: message for person, message in at_work.session.execute(query)}  # noqa: C416


def _row(at_work: _Pass, outcome: Outcome, letter: dict[int, int]) -> bulk.Values:
    item, person, role, rung, stands = outcome
    version = at_work.dues[item].row.deadline_version
    told = _stood_back(stands) if stands else ("planned", "", letter[person])
    return item, person, rung.key, version, role, rung.on.isoformat(), at_work.day, *told


@lru_cache(maxsize=4096)
def _stood_back(by: str) -> tuple[str, str, None]:
    return "superseded", keep(Kept.SUPERSEDED, by=by), None


def void(session: Session, reminders: list[int], reason: str) -> None:
    """Cancels planned reminders by id, with the reason in words."""
    for chunk in _chunks(reminders):
        _quietly(
            session,
            update(Reminder)
            .where(Reminder.id.in_(chunk), Reminder.outcome == ReminderOutcome.PLANNED)
            .values(outcome=ReminderOutcome.CANCELLED, reason=reason),
        )


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
        values: dict[str, Any] = {"state": MessageState.CANCELLED, "last_answer": keep(Kept.EMPTY)}
    elif message.attempts:
        return
    else:
        values = _composed_again(visit, message, reminders)
    _quietly(visit.session, update(Message).where(Message.id == message.id).values(**values))


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
    values = _message(visit.office, visit.directory, message.person_id, letter, message.planned_at)
    del values["held"]
    return values


def _quietly(session: Session, statement: Any) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})


def _chunks(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
