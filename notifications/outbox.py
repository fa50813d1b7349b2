"""The outbox: one letter, one key. Letters are rendered when they are planned and sent as they were rendered.

A sender claims a letter by a conditional update that expires, hands it over outside any transaction, and
writes down what became of it. Nothing here speaks to the network, and nothing commits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Exists,
    Insert,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from models import bulk
from models.base import table
from models.message import (
    IS_UNSENT,
    RESTORE,
    FailingAddress,
    Heartbeat,
    Message,
    MessageState,
    Reminder,
    ReminderOutcome,
    Wording,
)
from models.organisation import Person
from notifications.calendars import Issuer, calendar
from notifications.letters import Letter, LetterName, name_of
from notifications.mail_links import ItemsLink, items_link
from notifications.render import Office, Reader, render
from notifications.smtp import Answer, Ruling
from notifications.wire import Envelope, assemble, digest, message_id
from rules.mail_links import LinkPolicy
from rules.retries import next_attempt_at

WORDS = ("text", "html", "calendar")
"""What a table of its own keeps of a letter."""

_KEPT = ("attempts", "first_tried_at", "sent_at", "not_before")
"""What an answer that says nothing about it leaves as it was."""


REMINDING = (LetterName.DIGEST.value, LetterName.ESCALATION.value)
"""The letters that rest on a quiet day. One of that very day was planned by hand, and goes."""


def _claim() -> ReturningUpdate[Any]:
    """The oldest letter that may go at `now`, leased by `sender` until `until`.

    After a restore there is none until sending is resumed.
    """
    letters = table(Message)
    now = bindparam("now", type_=letters.c.not_before.type)
    due = or_(letters.c.not_before.is_(None), letters.c.not_before <= now)
    waiting = and_(_one_of(letters.c.state, MessageState.PLANNED, MessageState.FAILED), due)
    lapsed = and_(letters.c.state == MessageState.LEASED, letters.c.lease_until < now)
    only = bindparam("only", type_=letters.c.address.type)
    quiet_on = bindparam("quiet_on", type_=letters.c.day.type)
    rests = and_(_one_of(letters.c.letter, *REMINDING), letters.c.day < quiet_on)
    allowed = and_(or_(only == "", letters.c.address == only), not_(rests), not_(_stands_still()))
    may_go = and_(IS_UNSENT, letters.c.held.is_(False), or_(waiting, lapsed), allowed)
    oldest = select(letters.c.id).where(may_go).order_by(letters.c.id).limit(1)
    return (
        update(letters)
        .where(letters.c.id == oldest.with_for_update(skip_locked=True).scalar_subquery())
        .values(state=MessageState.LEASED, lease_until=bindparam("until"), leased_by=bindparam("sender"))
        .returning(letters.c.id)
    )


def _letter() -> Select[Any]:
    """A letter with its words and its reader's name.

    Asked for after the claim and not with it: the claim may see a row that was changed while it waited, but
    of other tables only what was there when it began.
    """
    letters, people, words = table(Message), table(Person), table(Wording)
    said = (words.c[name] for name in WORDS)
    whole = letters.join(words, words.c.message_id == letters.c.id).join(
        people, people.c.id == letters.c.person_id
    )
    query = select(letters, *said, people.c.name).select_from(whole)
    return query.where(letters.c.id == bindparam("which"))


def _one_of(column: ColumnElement[Any], *values: str) -> ColumnElement[bool]:
    """What `in_` says, of a list that is always the same: SQLAlchemy writes an `in` anew each time."""
    return or_(*(column == value for value in values))


def _stands_still() -> Exists:
    """Whether the database was restored, and nobody has resumed sending."""
    pulse = table(Heartbeat)
    return exists().where(pulse.c.name == RESTORE, pulse.c.succeeded_at.is_(None))


def _settle() -> Update:
    letters = table(Message)
    kept: dict[str, Any] = {name: bindparam(name) for name in ("state", "last_answer", *_KEPT)}
    return (
        update(letters)
        .where(letters.c.id == bindparam("which"), letters.c.state != MessageState.SENT)
        .values(lease_until=None, leased_by="", **kept)
    )


def _marking() -> Update:
    told = table(Reminder)
    return (
        update(told)
        .where(told.c.message_id == bindparam("which"), told.c.outcome == ReminderOutcome.PLANNED)
        .values(outcome=bindparam("outcome"), reason=bindparam("reason"))
    )


def _wording() -> Insert:
    letters, words = table(Message), table(Wording)
    given = (bindparam(name, type_=words.c[name].type) for name in WORDS)
    of_key = select(letters.c.id, *given).where(letters.c.key == bindparam("of_key"))
    return insert(words).from_select(["message_id", *WORDS], of_key)


# Built once: putting a statement together costs more than the database needs for it.
_CLAIM, _LETTER, _SETTLE, _MARK, _WORD = _claim(), _letter(), _settle(), _marking(), _wording()


@dataclass(frozen=True, slots=True)
class Postbox:
    """How the office signs its letters."""

    office: Office
    sender: str
    """The address that letters come from."""
    secret: bytes = field(repr=False)
    """Makes Message-IDs that nobody can guess and every retry repeats."""
    reply_to: str = ""
    redirect_to: str = ""
    """In a trial, the one address that every letter goes to; empty otherwise."""
    zone: tzinfo = UTC
    """In which the Date header tells the time, at every attempt the same."""
    link_days: int = field(default_factory=lambda: LinkPolicy().days)
    """Days from a letter's day on which its links work."""

    @property
    def domain(self) -> str:
        """The right half of every Message-ID."""
        return self.sender.rpartition("@")[2]

    @property
    def gives_links(self) -> bool:
        """Whether letters bear links that open something: there are pages, and it is no trial."""
        return bool(self.office.base_url) and not self.redirect_to

    def link(self, person: Person, on: date) -> ItemsLink | None:
        """What opens the person's own items from a letter of the day `on`.

        None where there are no pages, and in a trial: who reads its letters is not whom a link would name.
        """
        if not self.gives_links:
            return None
        return items_link(self.secret, self.office.base_url, person, on, self.link_days)

    @property
    def issuer(self) -> Issuer:
        """On whose behalf deadlines are told."""
        return Issuer(self.office.name, self.sender, self.office.base_url)


@dataclass(frozen=True, slots=True)
class Addressed:
    """A letter with its reader and its key."""

    key: str
    person: Person
    letter: Letter
    day: date
    held: bool = False


def compose(postbox: Postbox, addressed: Addressed, now: datetime) -> dict[str, Any]:
    """The row of one letter with its words, rendered; `now` becomes its Date header."""
    person = addressed.person
    trial_for = person.email if postbox.redirect_to else ""
    reader = Reader(person.name, person.locale, trial_for, postbox.link(person, addressed.day))
    rendered = render(addressed.letter, reader, postbox.office)
    row: dict[str, Any] = {
        "key": addressed.key,
        "person_id": person.id,
        "address": postbox.redirect_to or person.email,
        "letter": name_of(addressed.letter).value,
        "locale": person.locale,
        "day": addressed.day,
        "subject": rendered.subject,
        "text": rendered.text,
        "html": rendered.html,
        "calendar": calendar(addressed.letter, person.locale, postbox.issuer, now),
        "message_id": message_id(addressed.key, postbox.secret, postbox.domain),
        "state": MessageState.PLANNED,
        "held": addressed.held,
        "attempts": 0,
        "planned_at": now,
        "leased_by": "",
        "last_answer": "",
    }
    row["sha256"] = digest(mail(postbox, person.name, row))
    return row


def put(session: Session, postbox: Postbox, letters: Iterable[Addressed], now: datetime) -> int:
    """Plans letters; one whose key is there already is left as it is. Returns how many are new."""
    letters = list(letters)
    keys = [addressed.key for addressed in letters]
    there = set(session.scalars(select(Message.key).where(Message.key.in_(keys)))) if keys else set()
    rows = [compose(postbox, addressed, now) for addressed in letters if addressed.key not in there]
    enter(session, rows)
    return len(rows)


def enter(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Enters letters, each as `compose` made it."""
    if rows:
        session.execute(insert(table(Message)), [_plain(row) for row in rows])
        words = [{"of_key": row["key"]} | {name: row[name] for name in WORDS} for row in rows]
        session.execute(_WORD, words)


def rewrite(session: Session, number: int, row: Mapping[str, Any]) -> None:
    """Puts a letter that `compose` made in the place of the one with this number."""
    letters, words = table(Message), table(Wording)
    bulk.quietly(session, update(letters).where(letters.c.id == number).values(_plain(row)))
    said = {name: row[name] for name in WORDS}
    bulk.quietly(session, update(words).where(words.c.message_id == number).values(said))


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in WORDS}


def wire(postbox: Postbox, message: Row[Any]) -> bytes:
    """The letter as it goes over the wire: the same bytes at every attempt."""
    return mail(postbox, message.name, dict(message._mapping))  # noqa: SLF001 - Row's public view


def mail(postbox: Postbox, name: str, row: Mapping[str, Any]) -> bytes:
    """The mail of a letter, as `compose` made it or the tables keep it, to somebody of this name."""
    return assemble(_envelope(postbox, name, row))


def _envelope(postbox: Postbox, name: str, row: Mapping[str, Any]) -> Envelope:
    return Envelope(
        message_id=row["message_id"],
        sender=postbox.sender,
        sender_name=postbox.office.name,
        recipient=row["address"],
        recipient_name=name,
        reply_to=postbox.reply_to,
        list_id=f"{row['letter']}.{postbox.domain}",
        locale=row["locale"],
        planned_at=row["planned_at"].astimezone(postbox.zone),
        subject=row["subject"],
        text=row["text"],
        html=row["html"],
        calendar=row["calendar"],
    )


def claim(
    session: Session | Connection,
    sender: str,
    now: datetime,
    lease: timedelta,
    *,
    only: str = "",
    quiet_on: date | None = None,
) -> Row[Any] | None:
    """Claims the oldest letter that may go out now, for `lease`; to the address `only`, where one is named.

    On the quiet day `quiet_on` reminders of earlier days rest. None: there is none.

    One statement chooses and takes, another reads what was taken. On PostgreSQL the first passes over the
    letters that others hold; on SQLite only one can write at a time.
    """
    values = {"now": now, "until": now + lease, "sender": sender, "only": only}
    values["quiet_on"] = quiet_on or date.min
    connection = _connection(session)
    which = connection.execute(_CLAIM, values).scalar()
    return None if which is None else connection.execute(_LETTER, {"which": which}).one()


def settle(session: Session | Connection, message: Row[Any], answer: Answer, now: datetime) -> MessageState:
    """Writes down what became of a claimed letter, and of the reminders in it.

    Takes no look at who holds the lease: a letter that the server has accepted is sent, whoever waited.
    """
    if answer.ruling is Ruling.STOPPED:
        return _let_go(session, message, answer)
    state, values = _after(message, answer, now)
    known = {name: getattr(message, name) for name in _KEPT}
    said = {"which": message.id, "state": state, "last_answer": answer.said[:400], **known, **values}
    connection = _connection(session)
    connection.execute(_SETTLE, said)
    if state is MessageState.SENT:
        _mark(connection, message.id, ReminderOutcome.SENT, "")
    if state is MessageState.DEAD:
        _mark(connection, message.id, ReminderOutcome.SKIPPED, answer.said)
        if answer.of_address:
            note_failing(connection, message.address, message.person_id, answer.said, now)
    return state


def note_failing(
    session: Session | Connection, address: str, person_id: int, said: str, now: datetime
) -> None:
    """Writes down that letters to `address` reach nobody; of one that is known only the last words change."""
    row = {"address": address, "person_id": person_id, "since_at": now, "said": said[:400]}
    connection = _connection(session)
    upsert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = upsert(FailingAddress).values(row)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[FailingAddress.address], set_={"said": row["said"], "person_id": person_id}
        )
    )


def _let_go(session: Session | Connection, message: Row[Any], answer: Answer) -> MessageState:
    """Nobody is to blame and nothing is counted; whoever lost the lease meanwhile has nothing to let go."""
    state = MessageState.FAILED if message.attempts else MessageState.PLANNED
    ours = update(Message).where(
        Message.id == message.id,
        Message.state == MessageState.LEASED,
        Message.leased_by == message.leased_by,
        Message.lease_until == message.lease_until,
    )
    let_go = {"state": state, "lease_until": None, "leased_by": "", "last_answer": answer.said[:400]}
    _connection(session).execute(ours.values(let_go))
    return state


def _after(message: Row[Any], answer: Answer, now: datetime) -> tuple[MessageState, dict[str, Any]]:
    tried = {"attempts": message.attempts + 1, "first_tried_at": message.first_tried_at or now}
    if answer.ruling is Ruling.SENT:
        return MessageState.SENT, tried | {"sent_at": now, "not_before": None}
    again_at = next_attempt_at(tried["attempts"], tried["first_tried_at"], now, message.key)
    if answer.ruling is Ruling.DEAD or again_at is None:
        return MessageState.DEAD, tried | {"not_before": None}
    return MessageState.FAILED, tried | {"not_before": again_at}


def _mark(connection: Connection, message: int, outcome: ReminderOutcome, reason: str) -> None:
    told = {"which": message, "outcome": outcome, "reason": reason[:300]}
    connection.execute(_MARK, told)


def _connection(session: Session | Connection) -> Connection:
    """Senders come without a session: see `Writer`."""
    return session.connection() if isinstance(session, Session) else session


def release(session: Session) -> int:
    """Lets go of every letter that the flood guard holds. Returns how many."""
    return bulk.quietly(session, update(Message).where(Message.held, IS_UNSENT).values(held=False))


def waiting(session: Session) -> tuple[int, int]:
    """How many letters are still to go out, and how many of these the flood guard holds."""
    held = func.count().filter(Message.held)
    row = session.execute(select(func.count(), held).select_from(Message).where(IS_UNSENT)).one()
    return row[0], row[1]
