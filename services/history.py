"""The history: every change leaves one event, bound to the one before it by a hash."""

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from hashlib import sha256
from typing import Any, Protocol

from sqlalchemy import event, func, insert, or_, select
from sqlalchemy.orm import Session

from models.event import Event
from models.item import Item
from rules.lifecycle import State

log = logging.getLogger(__name__)

GENESIS = "0" * 64
CHAIN_LOCK = 0x52656374
"""Key of the advisory lock that lets one transaction at a time extend the chain on PostgreSQL."""

_HASHED = tuple(column.name for column in Event.__table__.columns if column.name != "hash")
_KEPT = ("lead_unit_id", "time_limit", "due_on", "original_due_on", "judged_on", "opened_on", "ended_on")
_MIRRORED = ("state", "progress", "extensions", *_KEPT)


class Mirrored(Protocol):
    """What the history copies of an item: an Item, or any value that looks like one."""

    @property
    def id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One change, before it has its place in the chain."""

    at: datetime
    actor_id: int | None
    door: str
    subject: str
    move: str
    note: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    item: Mirrored | None = None
    state_before: State | None = None
    owners: tuple[int, ...] = ()


def lock(session: Session) -> None:
    """Takes the chain for this transaction. SQLite's writers hold the whole database already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))


def record(session: Session, entry: Entry) -> None:
    """Appends `entry` to the chain, in the transaction that makes the change."""
    lock(session)
    position, previous, last_at = head(session)
    row = row_of(entry, position + 1, previous, last_at)
    session.flush()
    session.execute(insert(Event), [row])
    _tell(session, row, item.reference if isinstance(item := entry.item, Item) else None)


def _tell(session: Session, row: Mapping[str, Any], item: str | None) -> None:
    """One log line for the change, once it is committed: what was undone was never done."""
    if not log.isEnabledFor(logging.INFO):
        return
    said = {name: row[name] for name in ("subject", "move", "door", "position")} | {"actor": row["actor_id"]}
    about = said | ({"item": item} if item else {})
    event.listen(session, "after_commit", lambda _: log.info("changed", extra=about), once=True)


def head(session: Session) -> tuple[int, str, datetime | None]:
    """Position, hash and instant of the last event; (0, GENESIS, None) for an empty chain."""
    last = session.execute(
        select(Event.position, Event.hash, Event.at).order_by(Event.position.desc()).limit(1)
    ).first()
    return (last.position, last.hash, last.at) if last else (0, GENESIS, None)


def row_of(entry: Entry, position: int, previous: str, last_at: datetime | None) -> dict[str, Any]:
    """The event row for `entry` at `position` of the chain.

    The history never runs backwards: where the clock does, the event is booked at the instant of the one
    before it, and the payload keeps what the clock said.
    """
    item = entry.item
    at, payload = entry.at.astimezone(UTC), dict(entry.payload)
    if last_at is not None and at < last_at:
        at, payload["clock"] = last_at, at.isoformat()
    row: dict[str, Any] = {
        "position": position,
        "at": at,
        "actor_id": entry.actor_id,
        "door": entry.door,
        "subject": entry.subject,
        "item_id": item.id if item else None,
        "move": entry.move,
        "note": entry.note,
        "payload": payload,
        "state_before": entry.state_before,
        "owners": list(entry.owners) if item else None,
        "previous_hash": previous,
        **{name: getattr(item, name) if item else None for name in _MIRRORED},
    }
    row["hash"] = hash_of(row)
    return row


def hash_of(row: Mapping[str, Any]) -> str:
    """sha256 over the canonical JSON of every column but the hash itself, the previous hash among them."""
    return sha256(canonical({name: row[name] for name in _HASHED}).encode()).hexdigest()


def canonical(value: object) -> str:
    """JSON with sorted keys and no white space; instants in UTC, words by value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} has no place in the history")


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is not as it was written: where in the chain, and what is wrong there."""

    position: int
    sentence: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many events were checked, and the first fault, if any."""

    events: int
    fault: Fault | None


def verify(session: Session) -> Verdict:
    """Recomputes the whole chain, then compares each item with its last event."""
    previous, expected = GENESIS, 1
    for position, row in _events(session):
        if fault := _fault(row, position, expected, previous):
            return Verdict(expected - 1, fault)
        previous, expected = row["hash"], expected + 1
    return Verdict(expected - 1, _strayed(session))


def _events(session: Session) -> Iterator[tuple[int, dict[str, Any]]]:
    """Position and columns of each event in order; no columns for one that cannot be read at all."""
    after = -1
    while batch := _batch(session, after):
        yield from batch
        after = batch[-1][0]


def _batch(session: Session, after: int, size: int = 1000) -> list[tuple[int, dict[str, Any]]]:
    query = select(Event.__table__).where(Event.position > after).order_by(Event.position).limit(size)
    try:
        return [(row["position"], dict(row)) for row in session.execute(query).mappings()]
    except (LookupError, ValueError):
        # A changed byte may leave a word, date or payload that cannot be read; then find which one.
        positions = session.scalars(
            select(Event.position).where(Event.position > after).order_by(Event.position).limit(size)
        )
        return [(position, _single(session, position)) for position in positions.all()]


def _single(session: Session, position: int) -> dict[str, Any]:
    try:
        return dict(
            session.execute(select(Event.__table__).where(Event.position == position)).mappings().one()
        )
    except (LookupError, ValueError):
        return {}


def _fault(row: Mapping[str, Any], position: int, expected: int, previous: str) -> Fault | None:
    if position != expected:
        return Fault(expected, "Event %(position)s is missing.", {"position": expected})
    if not row:
        return Fault(
            position, "Event %(position)s cannot be read: its words were changed.", {"position": position}
        )
    about = {"position": position, "subject": row["subject"], "move": row["move"]}
    if row["previous_hash"] != previous:
        return Fault(
            position, "Event %(position)s (%(move)s, %(subject)s) does not follow the one before it.", about
        )
    if row["hash"] != hash_of(row):
        return Fault(
            position, "Event %(position)s (%(move)s, %(subject)s) was changed after it was written.", about
        )
    return None


def _strayed(session: Session) -> Fault | None:
    """The first item that does not stand as its last event says."""
    last = (
        select(Event.item_id, func.max(Event.position).label("position"))
        .where(Event.item_id.is_not(None))
        .group_by(Event.item_id)
        .subquery()
    )
    differs = or_(*(getattr(Item, name).is_distinct_from(getattr(Event, name)) for name in _MIRRORED))
    found = session.execute(
        select(Item.reference, Event.position)
        .outerjoin(last, last.c.item_id == Item.id)
        .outerjoin(Event, Event.position == last.c.position)
        .where(or_(Event.position.is_(None), differs))
        .order_by(Item.id)
        .limit(1)
    ).first()
    if found is None:
        return None
    return Fault(
        found.position or 0,
        "Item %(reference)s does not stand as its last event (%(position)s) says.",
        {"reference": found.reference, "position": found.position or "—"},
    )
