"""Planning reminders: every due rung gets exactly one outcome, and every person at most one digest a day."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select, true, update
from sqlalchemy.orm import Session

from documents.plenty import uncollected
from models import bulk
from models.base import table
from models.item import Assignment, Item
from models.message import IS_UNSENT, Message, MessageState, Reminder, ReminderOutcome
from notifications import outbox
from notifications.letters import Digest, Line
from notifications.outbox import Addressed
from rules.ladder import steps_of
from rules.planning import Outcome, plan_steps
from rules.reasons import Kept, keep
from services import digests, runs
from services.digests import Due
from services.office import Office
from services.organisation import Directory

DIGESTS = ("digest", "escalation")
PLANNER_LOCK = 0x506C616E
NAME = "reminders"
CHUNK = 500
"""How many ids one statement may name."""
BATCH = 20
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
    share: range | None = None
    """Ids of the people it plans for; everybody where there is none."""
    reopened: dict[int, Row[Any]] = field(default_factory=dict)
    """Digests that were not handed over yet and are written anew, by message id."""
    taken: set[int] = field(default_factory=set)
    """People who had their digest of today already."""
    rows: dict[tuple[int, int, str, int], int] = field(default_factory=dict)
    """(item, person, rung, deadline version) -> reminder row whose letter is written anew."""
    dues: dict[int, Due] = field(default_factory=dict)
    next_days: dict[int, bulk.Values] = field(default_factory=dict)
    """Item -> the day on which it is to be looked at again."""
    lines: dict[tuple[int, str], Line] = field(default_factory=dict)
    """(item, rung) -> its line, which several people read."""
    day: str = field(init=False)
    """Today, as the tables keep it."""

    def __post_init__(self) -> None:
        self.day = self.today.isoformat()

    def is_mine(self, person: ColumnElement[int]) -> ColumnElement[bool]:
        """Whether the person is one of those it plans for."""
        return person.between(self.share[0], self.share[-1]) if self.share else true()

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
    with uncollected():
        return carry_out(survey(session, office, today, now=now, confirm=confirm), run_id)


@dataclass(frozen=True, slots=True)
class Survey:
    """What is owed on a day, before any of it is written."""

    at_work: _Pass
    outcomes: list[Outcome]
    people: dict[int, list[Outcome]]
    """Person -> what they are to be told."""
    held: bool


def survey(session: Session, office: Office, today: date, *, now: datetime, confirm: bool) -> Survey:
    """Finds what is owed to everybody, and whether the flood guard holds it. No other planner is at work."""
    lock(session)
    if confirm:
        outbox.release(session)
    at_work = _Pass(session, office, Directory.load(session), today, now)
    outcomes, people = _look(at_work)
    return Survey(at_work, outcomes, people, held=not confirm and _is_flood(at_work, len(people)))


def carry_out(found: Survey, run_id: str) -> Planned:
    """Writes all that was found, and enters the run."""
    at_work, planned = found.at_work, enter(found)
    keep_run(at_work.session, planned, at_work.today, at_work.now, run_id)
    return planned


def enter_share(
    session: Session,
    office: Office,
    directory: Directory,
    today: date,
    share: range,
    *,
    now: datetime,
    held: bool,
) -> Planned:
    """Plans what is owed to the people of `share` (ids); others may plan for other people meanwhile.

    Leaves the items' next days to `move_on`, once everybody was planned for.
    """
    lock(session, shared=True)
    at_work = _Pass(session, office, directory, today, now, share)
    with uncollected():
        return enter(Survey(at_work, *_look(at_work), held=held))


def move_on(session: Session, office: Office, today: date, *, now: datetime) -> None:
    """Moves the next day of every item on of which nothing is owed any more to anybody."""
    at_work = _Pass(session, office, Directory.load(session), today, now)
    _reopen(at_work)
    at_work.reopened.clear()
    still = {outcome.item for outcome in _owed(at_work)}
    days = {item: day for item, day in at_work.next_days.items() if item not in still}
    bulk.put_each(session, table(Item), ("next_reminder_on",), days)


def _look(at_work: _Pass) -> tuple[list[Outcome], dict[int, list[Outcome]]]:
    _reopen(at_work)
    outcomes = _owed(at_work)
    return outcomes, digests.by_person(outcomes)


def enter(found: Survey) -> Planned:
    """Writes letters and reminders of what was found."""
    at_work, outcomes, people = found.at_work, found.outcomes, found.people
    if at_work.share is None:
        bulk.put_each(at_work.session, table(Item), ("next_reminder_on",), at_work.next_days)
    known = set(at_work.rows)
    fresh = [outcome for outcome in outcomes if at_work.key(outcome) not in known] if known else outcomes
    letters = _write(at_work, people, held=found.held)
    # The rows of one letter beside each other: whoever sends it marks a page or two, not one for each.
    told = (outcome for mine in people.values() for outcome in mine)
    _record(at_work, chain((outcome for outcome in outcomes if outcome.superseded_by), told))
    superseded = sum(bool(outcome.superseded_by) for outcome in fresh)
    return Planned(len(fresh) - superseded, superseded, letters, held=letters if found.held else 0)


def keep_run(session: Session, result: Planned, today: date, now: datetime, run_id: str) -> None:
    """Enters a planning run that is over."""
    counts = {name: number for name, number in asdict(result).items() if name != "overviews"}
    runs.keep(session, NAME, today, now, counts, run_id)


def lock(session: Session, *, shared: bool = False) -> None:
    """Keeps other planners away; `shared` only those that plan for everybody."""
    if session.get_bind().dialect.name == "postgresql":
        take = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
        session.execute(select(take(PLANNER_LOCK)))


def is_alone(session: Session) -> bool:
    """As `lock`, but waits for nobody. Whether no other planner is at work."""
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    return not on_postgresql or bool(session.scalar(select(func.pg_try_advisory_xact_lock(PLANNER_LOCK))))


def _reopen(at_work: _Pass) -> None:
    """Finds the digests that may still be written anew, and the people who have had theirs today.

    Holds their rows, so that no sender claims what is being replaced.
    """
    query = select(Message.id, Message.person_id, Message.day, Message.state, Message.attempts, Message.held)
    query = query.where(at_work.is_mine(table(Message).c.person_id)).with_for_update()
    of_today = Message.day == at_work.today
    earlier = (Message.day < at_work.today) & IS_UNSENT
    for row in at_work.session.execute(query.where(Message.letter.in_(DIGESTS), or_(of_today, earlier))):
        is_free = row.state in _FREE and (row.day < at_work.today or not row.attempts)
        if is_free:
            at_work.reopened[row.id] = row
        elif row.day == at_work.today:
            at_work.taken.add(row.person_id)
    unsent = select(Message.id).where(IS_UNSENT, at_work.is_mine(table(Message).c.person_id))
    for reminder in digests.planned_for(at_work.session, unsent):
        if reminder.message_id in at_work.reopened:
            of_whom = (reminder.item_id, reminder.person_id, reminder.rung, reminder.deadline_version)
            at_work.rows[of_whom] = reminder.id


def _owed(at_work: _Pass) -> list[Outcome]:
    """Every outcome that is due and can be told today; finds each item's next day."""
    steps = steps_of(at_work.office.policy.ladder, at_work.office.calendar)
    # Not a list of ids: after a day without a server that could be every item of the office.
    waiting = select(Reminder.item_id).where(Reminder.outcome == ReminderOutcome.PLANNED)
    which = or_(Item.next_reminder_on <= at_work.today, Item.id.in_(waiting)) & _concerns(at_work)
    dues = digests.read(
        at_work.session, at_work.directory, which, at_work.today, reopened=set(at_work.reopened)
    )
    share = at_work.share
    outcomes: list[Outcome] = []
    for due in dues:
        at_work.dues[due.row.id] = due
        owed = plan_steps(due.subject, at_work.today, steps)
        told = owed
        if at_work.taken:
            told = [outcome for outcome in owed if outcome.person not in at_work.taken]
        outcomes += [outcome for outcome in told if outcome.person in share] if share else told
        again = steps.next_on(due.subject.standing, at_work.today)
        if len(told) < len(owed):
            again = at_work.today + timedelta(days=1)
        at_work.next_days[due.row.id] = (again.isoformat() if again else None,)
    return outcomes


def _concerns(at_work: _Pass) -> ColumnElement[bool]:
    """Items of which something may be owed to the people it plans for."""
    share = at_work.share
    if not share:
        return true()

    def is_reached(unit: int) -> bool:
        held = digests.posts(at_work.directory, unit, at_work.today)
        return any(person in share for people in held.values() for person in people)

    units = list(filter(is_reached, at_work.directory.units))
    named = table(Assignment).c
    parts = select(named.item_id).where(at_work.is_mine(named.person_id))
    return or_(Item.id.in_(parts), Item.lead_unit_id.in_(units))


def _is_flood(at_work: _Pass, letters: int) -> bool:
    return letters > at_work.office.policy.guard.limit(runs.history(at_work.session, NAME, "messages"))


def _write(at_work: _Pass, people: dict[int, list[Outcome]], *, held: bool) -> int:
    """Writes the letters. Returns how many are new."""
    own = {row.person_id: row for row in at_work.reopened.values() if row.day == at_work.today}
    fresh = [person for person in people if person not in own]
    for start in range(0, len(fresh), BATCH):
        batch = [_compose(at_work, person, people[person], held) for person in fresh[start : start + BATCH]]
        outbox.enter(at_work.session, batch)
    for person, mine in people.items():
        if person in own:
            row = own[person]
            outbox.rewrite(at_work.session, row.id, _compose(at_work, person, mine, row.held))
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
    return compose(at_work.office, at_work.directory, person, letter, at_work.now) | {"held": held}


def compose(
    office: Office, directory: Directory, person: int, letter: Digest, now: datetime
) -> dict[str, Any]:
    """The row of a digest to a person."""
    key = digest_key(letter.on, person)
    return outbox.compose(office.postbox, Addressed(key, directory.people[person], letter, letter.on), now)


def digest_key(day: date, person: int) -> str:
    """The key that makes a second digest for the person on the day impossible."""
    return f"digest:{day.isoformat()}:{person}"


def _cancel(at_work: _Pass, messages: list[int]) -> None:
    reason = keep(Kept.REPLACED, day=at_work.today)
    for chunk in _chunks(messages):
        bulk.quietly(
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
        at_work.is_mine(table(Message).c.person_id),
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
        bulk.quietly(
            session,
            update(Reminder)
            .where(Reminder.id.in_(chunk), Reminder.outcome == ReminderOutcome.PLANNED)
            .values(outcome=ReminderOutcome.CANCELLED, reason=reason),
        )


def _chunks(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
