"""Faults that a sender may have: each breaks the promise, and the tests have to notice."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, Update
from sqlalchemy.orm import Session

from models.base import table
from models.message import Message, MessageState
from notifications import outbox
from notifications.outbox import Postbox
from notifications.smtp import Answer, Ruling

BATCH = 25


def commit_before_sending() -> None:
    claim = outbox.claim

    def hasty(session: Session, sender: str, now: datetime, lease: Any, **only: str) -> Row[Any] | None:
        message = claim(session, sender, now, lease, **only)
        if message is not None:
            outbox.settle(session, message, Answer(Ruling.SENT, "250 surely"), now)
        return message

    outbox.claim = hasty


def commit_per_batch() -> None:
    settle, claim = outbox.settle, outbox.claim
    waiting: list[tuple[Row[Any], Answer, datetime]] = []

    def lazy(_session: Session, message: Row[Any], answer: Answer, now: datetime) -> MessageState:
        waiting.append((message, answer, now))
        return MessageState.SENT

    def claim_and_flush(session: Session, *args: Any, **only: str) -> Row[Any] | None:
        message = claim(session, *args, **only)
        if len(waiting) >= BATCH or message is None:
            while waiting:
                settle(session, *waiting.pop())
        return message

    outbox.settle, outbox.claim = lazy, claim_and_flush


def random_message_id() -> None:
    wire = outbox.wire

    def forgetful(postbox: Postbox, message: Row[Any]) -> bytes:
        return wire(postbox, message).replace(
            message.message_id.encode(), f"<{uuid4().hex}@x.example>".encode()
        )

    outbox.wire = forgetful


def owner_check_on_sent() -> None:
    settle: Update = outbox._SETTLE
    letters = table(Message)
    real = outbox.settle

    def jealous(session: Session, message: Row[Any], answer: Answer, now: datetime) -> Any:
        outbox._SETTLE = settle.where(letters.c.leased_by == message.leased_by)
        return real(session, message, answer, now)

    outbox.settle = jealous


MUTANTS: dict[str, Callable[[], None]] = {
    "commit before sending": commit_before_sending,
    "commit per batch": commit_per_batch,
    "random Message-ID": random_message_id,
    "owner check on sent": owner_check_on_sent,
}


def apply(name: str) -> None:
    """Puts the fault into this process."""
    MUTANTS[name]()
