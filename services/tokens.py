"""Tokens by which programs act for people, and the answers that they were given."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.account import AccessToken, KeptAnswer
from models.base import table
from models.organisation import Person
from rules.errors import ChangedError, NotFoundError, SettingError
from rules.scopes import Scope
from services import history
from services.accounts import digest

LONGEST = timedelta(days=400)
"""No token lasts longer; one that is forgotten ends by itself."""
KEPT_FOR = timedelta(days=7)
"""How long an answer is kept for whoever sends the same request again."""
CLEARED = 1000
"""Answers that are cleared away at a time."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a token acts for, and within what."""

    token_id: int
    person_id: int
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class ListedToken:
    """A token as lists show it; the token itself is known to its holder alone."""

    number: int
    email: str
    name: str
    scopes: tuple[str, ...]
    made_at: datetime
    ends_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered with: HTTP status, and JSON as bytes."""

    status: int
    body: bytes


def make(
    session: Session,
    person: Person,
    name: str,
    scopes: Sequence[Scope],
    *,
    ends_at: datetime,
    now: datetime,
    door: str,
) -> str:
    """Makes a token for the person; it is told this once and kept as its hash.

    Raises:
        SettingError: it would end too late, or has ended already.
    """
    if not now < ends_at <= now + LONGEST:
        raise SettingError("A token ends within %(days)d days; name another day.", days=LONGEST.days)
    history.lock(session)
    token = f"rectify_{secrets.token_urlsafe(32)}"
    row = AccessToken(
        person_id=person.id,
        name=name[:100],
        scopes=list(scopes),
        token_sha256=digest(token),
        made_at=now,
        ends_at=ends_at,
    )
    session.add(row)
    session.flush()
    payload = {"token": row.id, "scopes": list(scopes)}
    history.record(
        session, history.Entry(now, None, door, f"person:{person.id}", "make-token", payload=payload)
    )
    return token


def revoke(session: Session, number: int, *, now: datetime, door: str) -> None:
    """Ends a token at once.

    Raises:
        NotFoundError: there is no token of this number.
    """
    history.lock(session)
    row = session.get(AccessToken, number)
    if row is None:
        raise NotFoundError("There is no token %(number)d.", number=number)
    if row.revoked_at is None:
        row.revoked_at = now
        subject = f"person:{row.person_id}"
        history.record(
            session, history.Entry(now, None, door, subject, "revoke-token", payload={"token": number})
        )


def listed(session: Session) -> list[ListedToken]:
    """All tokens, the latest first."""
    query = select(AccessToken, Person.email).join(Person, Person.id == AccessToken.person_id)
    return [
        ListedToken(row.id, email, row.name, tuple(row.scopes), row.made_at, row.ends_at, row.revoked_at)
        for row, email in session.execute(query.order_by(AccessToken.id.desc()))
    ]


def holder(session: Session, token: str, now: datetime) -> Holder | None:
    """Whom the token acts for; None once it has ended, was revoked, or its person has left."""
    query = (
        select(AccessToken.id, AccessToken.person_id, AccessToken.scopes)
        .join(Person, Person.id == AccessToken.person_id)
        .where(
            AccessToken.token_sha256 == digest(token),
            AccessToken.ends_at > now,
            AccessToken.revoked_at.is_(None),
            Person.active,
        )
    )
    row = session.execute(query).first()
    return Holder(row.id, row.person_id, frozenset(map(Scope, row.scopes))) if row else None


def answered(session: Session, token_id: int, key: str, request_sha256: str, now: datetime) -> Answer | None:
    """Takes the key for this request, or gives the answer that the same request got under it before.

    Whoever takes a key writes the answer with `keep` in the same transaction. Two at once: the second waits
    for the first one's end, and then has its answer, or the key if the first one came to nothing.

    Raises:
        ChangedError: the key was used for another request.
    """
    values = {"request_sha256": request_sha256, "status": 0, "body": b"", "at": now}
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table(KeptAnswer)).values(access_token_id=token_id, key=key, **values)
    # An answer that was kept long enough counts no more, whether or not it was cleared away yet.
    taking = insert.on_conflict_do_update(
        index_elements=["access_token_id", "key"], set_=values, where=KeptAnswer.at < now - KEPT_FOR
    )
    taken = session.execute(taking.returning(KeptAnswer.id)).first()
    if taken is not None:
        return None
    kept = session.scalars(
        select(KeptAnswer).where(KeptAnswer.access_token_id == token_id, KeptAnswer.key == key)
    ).one()
    if kept.request_sha256 != request_sha256:
        raise ChangedError("The key %(key)s was used for another request.", key=key)
    return Answer(kept.status, kept.body)


def clear(session: Session, now: datetime, *, most: int = CLEARED) -> int:
    """Clears away answers that were kept long enough, the oldest first, `most` of them. Returns how many.

    For the hourly check: no request waits for it, and rows that one has taken anew are passed over.
    """
    over = select(KeptAnswer.id).where(KeptAnswer.at < now - KEPT_FOR).order_by(KeptAnswer.at, KeptAnswer.id)
    keys = session.scalars(over.limit(most).with_for_update(skip_locked=True)).all()
    session.execute(delete(KeptAnswer).where(KeptAnswer.id.in_(keys)))
    return len(keys)


def keep(session: Session, token_id: int, key: str, answer: Answer) -> None:
    """Writes the answer under the key that this transaction has taken."""
    row = session.scalars(
        select(KeptAnswer).where(KeptAnswer.access_token_id == token_id, KeptAnswer.key == key)
    ).one()
    row.status, row.body = answer.status, answer.body
