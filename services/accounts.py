"""Accounts: setting a password, signing in, and who is signed in."""

import secrets
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Engine, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from models import bulk
from models.account import Account, Failure, SignIn
from models.organisation import Person, Unit
from models.session import reading, writing
from rules import attempts
from rules.attempts import Limit
from rules.errors import BusyError, ChangedError, NotAllowedError, TooOftenError, WrongMoveError
from rules.passwords import LONGEST, check_password
from services import history
from services.organisation import normal_address

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""argon2id: 19 MiB and some 30 ms for each password."""
_AT_ONCE = BoundedSemaphore(2)
"""More hashes at once than this would only wait for each other, and hold 19 MiB each."""

COUNT_LOCK = 0x52656375
"""Key of the advisory lock under which attempts are counted on PostgreSQL."""

SEEN_EVERY = timedelta(minutes=2)
"""How exactly it is known when somebody was here last."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a browser stays signed in: without a request, and at most."""

    idle: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Caller:
    """From where somebody tries to sign in."""

    address: str
    known_browser: str = ""
    """Names a browser that has signed in to this very account before; empty for all others."""


def set_password(
    session: Session,
    person: Person,
    password: str,
    *,
    now: datetime,
    door: str,
    by: Person | None = None,
    keep: str = "",
) -> None:
    """Gives the person this password, and signs them out everywhere but where they have the token `keep`.

    `by` is who does it where that is known.

    Raises:
        SettingError: the password is not fit to be one.
    """
    history.lock(session)
    check_password(password, names=_names(session, person))
    others = SignIn.token_sha256 != digest(keep)
    session.execute(delete(SignIn).where(SignIn.person_id == person.id, others))
    account = session.get(Account, person.id)
    if account is None:
        account = Account(person_id=person.id)
        session.add(account)
    account.password_hash, account.set_at = _hashed(password), now
    session.flush()
    history.record(
        session, history.Entry(now, by.id if by else None, door, f"person:{person.id}", "set-password")
    )


def change_password(
    engine: Engine, person_id: int, present: str, wanted: str, *, token: str, now: datetime
) -> None:
    """Gives a person who is signed in by `token` another password, and signs all their other browsers out.

    Transactions of its own, as `sign_in`: whoever finds an open browser does not guess the password in it.

    Raises:
        TooOftenError: it was tried too often.
        WrongMoveError: the present password is another one.
        SettingError: the new one is not fit to be one.
        ChangedError: it was changed elsewhere at the same time.
    """
    bucket = f"own:{person_id}"
    with writing(engine) as session:
        lock(session)
        count(session, {bucket: attempts.AT_ACCOUNT_FROM_ADDRESS}, now, _too_often())
        account = session.get(Account, person_id)
        stored = account.password_hash if account else _nobody()
    if not _fits(stored, present):
        raise WrongMoveError("The present password is another one; nothing was changed.")
    with writing(engine) as session:
        account = session.get(Account, person_id)
        if account is None or account.password_hash != stored:
            raise ChangedError("The password was changed elsewhere meanwhile; sign in anew.")
        person = session.get_one(Person, person_id)
        set_password(session, person, wanted, now=now, door="page", by=person, keep=token)
        session.execute(delete(Failure).where(Failure.bucket == bucket))


def _names(session: Session, person: Person) -> list[str]:
    units = session.scalars(select(Unit))
    theirs = [person.name, person.email.partition("@")[0]]
    return theirs + [name for unit in units for name in (unit.name, unit.code, *unit.aliases)]


def _hashed(password: str) -> str:
    with _AT_ONCE:
        return HASHER.hash(password)


@cache
def _nobody() -> str:
    """Of a password that nobody knows: accounts that there are not must take as long as the others."""
    return _hashed(secrets.token_urlsafe(32))


def sign_in(engine: Engine, email: str, password: str, caller: Caller, *, now: datetime) -> str | None:
    """The token of a new session, or None: unknown account, no password yet, left, or wrong password.

    Transactions of its own: the attempt is counted before the password is looked at, so that no number of
    attempts at once gets past the limit, and no lock is held while it is.

    Raises:
        TooOftenError: too many attempts from here, or at this account. The same for accounts there are not.
    """
    address = email.strip().lower()
    buckets = _buckets(address, caller)
    found = _begin(engine, address, buckets, now)
    stored = found[1] if found else _nobody()
    if not _fits(stored, password) or found is None:
        return None
    token = secrets.token_urlsafe(32)
    with writing(engine) as session:
        lock(session)
        account = session.get(Account, found[0])
        person = session.get(Person, found[0])
        if account is None or account.password_hash != stored or person is None or not person.active:
            return None
        if HASHER.check_needs_rehash(stored):
            account.password_hash = _hashed(password)
        _forgive(session, buckets)
        session.add(SignIn(person_id=person.id, token_sha256=digest(token), started_at=now, seen_at=now))
    return token


def count_step(engine: Engine, address: str, *, now: datetime) -> None:
    """Counts a step of signing in by a provider from this address, before the provider is asked.

    Raises:
        TooOftenError: too many attempts from there.
    """
    with writing(engine) as session:
        count(session, {_from(address): attempts.FROM_ADDRESS}, now, _too_often())


def enter(engine: Engine, email: str, address: str, *, now: datetime) -> tuple[int, str]:
    """The person whom a provider vouches for by this e-mail address, and the token of their new session.

    Nobody is made by it: whom the office does not have stays outside. The two steps that came before
    (`count_step`) are given back to `address`.

    Raises:
        NotAllowedError: nobody has the e-mail address, or they have left.
    """
    token = secrets.token_urlsafe(32)
    with writing(engine) as session:
        person = session.scalars(select(Person).where(Person.email == normal_address(email))).first()
        if person is None:
            raise NotAllowedError("Nobody here has the address %(email)s.", email=email[:254])
        if not person.active:
            raise NotAllowedError("%(name)s has left, and cannot sign in.", name=person.name)
        _open_account(session, person.id, now)
        lock(session)
        _forgive(session, (_from(address),), steps=2)
        session.add(SignIn(person_id=person.id, token_sha256=digest(token), started_at=now, seen_at=now))
        return person.id, token


def _open_account(session: Session, person_id: int, now: datetime) -> None:
    """Who never had a password gets one that nobody knows, since sessions belong to accounts."""
    if session.get(Account, person_id) is not None:
        return
    history.lock(session)
    if session.get(Account, person_id) is None:
        stored = _hashed(secrets.token_urlsafe(32))
        session.add(Account(person_id=person_id, password_hash=stored, set_at=now))
        session.flush()


def _begin(
    engine: Engine, address: str, buckets: Mapping[str, Limit], now: datetime
) -> tuple[int, str] | None:
    """Counts the attempt; then the person and the hash that the password has to fit."""
    with writing(engine) as session:
        lock(session)
        session.execute(delete(Failure).where(Failure.since_at < now - attempts.LONGEST_WINDOW))
        count(session, buckets, now, _too_often())
        query = select(Account.person_id, Account.password_hash).join(Person, Person.id == Account.person_id)
        row = session.execute(query.where(Person.email == address, Person.active)).first()
        return (row[0], row[1]) if row else None


def _too_often() -> TooOftenError:
    return TooOftenError("Too many attempts to sign in. Wait a quarter of an hour, then try again.")


def lock(session: Session) -> None:
    """One counts at a time. SQLite's writers hold the whole database already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(COUNT_LOCK)))


def _buckets(address: str, caller: Caller) -> dict[str, Limit]:
    account = digest(address)[:32]
    found = {_from(caller.address): attempts.FROM_ADDRESS}
    if caller.known_browser:
        return found | {f"known:{caller.known_browser[:60]}": attempts.FROM_KNOWN_BROWSER}
    pair = digest(f"{address} {caller.address}")[:32]
    return found | {f"pair:{pair}": attempts.AT_ACCOUNT_FROM_ADDRESS, f"at:{account}": attempts.AT_ACCOUNT}


def _from(address: str) -> str:
    return f"from:{address[:60]}"


def count(session: Session, buckets: Mapping[str, Limit], now: datetime, refusal: TooOftenError) -> None:
    """Counts one more attempt against each bucket, in the transaction of what is attempted.

    Raises:
        TooOftenError: one of them is full; it is `refusal`.
    """
    lock(session)
    for bucket, limit in buckets.items():
        row = session.get(Failure, bucket)
        after = attempts.counted(row.count if row else 0, row.since_at if row else None, limit, now)
        if after is None:
            raise refusal
        _write_down(session, bucket, row, after)


def _write_down(session: Session, bucket: str, row: Failure | None, after: tuple[int, datetime]) -> None:
    if row is None:
        session.add(Failure(bucket=bucket, count=after[0], since_at=after[1]))
    else:
        row.count, row.since_at = after
    session.flush()


def _forgive(session: Session, buckets: Collection[str], steps: int = 1) -> None:
    """It was no failure after all: the own tries start anew, those shared with others get this one back."""
    own = [bucket for bucket in buckets if bucket.startswith(("pair:", "known:"))]
    session.execute(delete(Failure).where(Failure.bucket.in_(own)))
    shared = [bucket for bucket in buckets if bucket not in own]
    counted = update(Failure).where(Failure.bucket.in_(shared), Failure.count >= steps)
    bulk.quietly(session, counted.values(count=Failure.count - steps))


def _fits(stored: str, password: str) -> bool:
    # A longer one would be hashed all the same and only cost time.
    with _AT_ONCE, suppress(Argon2Error, InvalidHashError):
        return HASHER.verify(stored, password[: LONGEST + 1])
    return False


def digest(words: str) -> str:
    """What the tables keep instead of the words themselves: SHA-256, 64 hex digits."""
    return sha256(words.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Seat:
    """A person who is signed in, and when they were last known to be here."""

    person: Person
    seen_at: datetime


_SEAT = (
    select(Person, SignIn.seen_at)
    .join(SignIn, SignIn.person_id == Person.id)
    .where(
        SignIn.token_sha256 == bindparam("token"),
        SignIn.seen_at > bindparam("seen_after"),
        SignIn.started_at > bindparam("started_after"),
        Person.active,
    )
)


def seat(session: Session, token: str, bounds: Bounds, now: datetime) -> Seat | None:
    """Who is signed in by this token; None once a bound has passed, they signed out, or they have left."""
    asked = {
        "token": digest(token),
        "seen_after": now - bounds.idle,
        "started_after": now - bounds.longest,
    }
    row = session.execute(_SEAT, asked).first()
    return Seat(row[0], row[1]) if row else None


def mark_seen(engine: Engine, token: str, now: datetime) -> None:
    """Notes that the browser was here; whoever finds the database held leaves that to the next request."""
    with suppress(BusyError), writing(engine) as session:
        session.execute(
            update(SignIn)
            .where(SignIn.token_sha256 == digest(token), SignIn.seen_at < now - SEEN_EVERY)
            .values(seen_at=now)
        )


def is_due(seen_at: datetime, now: datetime) -> bool:
    """Whether `mark_seen` has something to note."""
    return seen_at < now - SEEN_EVERY


def sign_out(session: Session, token: str, bounds: Bounds, now: datetime) -> None:
    """Ends the session of this token, and clears away those that have ended by themselves."""
    over = (SignIn.seen_at <= now - bounds.idle) | (SignIn.started_at <= now - bounds.longest)
    session.execute(delete(SignIn).where((SignIn.token_sha256 == digest(token)) | over))


def person_id_of(engine: Engine, email: str) -> int | None:
    """The id of the person with this address, for telling whether a browser has been here before."""
    with reading(engine) as session:
        return session.scalar(select(Person.id).where(Person.email == email.strip().lower()))


def new_browser() -> str:
    """A name for a browser that has signed in."""
    return secrets.token_urlsafe(12)
