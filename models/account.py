"""Accounts: who may sign in, who is signed in, and what went wrong at the door."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Account(Base):
    """A person's password. Without a row nobody has a session.

    Whoever came by a provider and never set a password has one that nobody knows.
    """

    __tablename__ = "account"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    password_hash: Mapped[str] = mapped_column(String(200))
    """argon2id with its parameters and salt, as one string."""
    set_at: Mapped[datetime]


class SignIn(Base):
    """A browser that is signed in. The cookie holds the token, the table its hash alone."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("account.person_id"), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Failure(Base):
    """How many attempts to sign in were counted against one bucket since its window began."""

    __tablename__ = "failure"

    bucket: Mapped[str] = mapped_column(String(100), primary_key=True)
    count: Mapped[int]
    since_at: Mapped[datetime] = mapped_column(index=True)


class AccessToken(Base):
    """Lets a program act for a person, within scopes. The table holds the token's hash alone."""

    __tablename__ = "access_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    """What it is for, in the words of whoever made it."""
    scopes: Mapped[list[str]]
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class KeptAnswer(Base):
    """The answer to a request that was carried out, for whoever sends the same one again."""

    __tablename__ = "kept_answer"
    __table_args__ = (UniqueConstraint("access_token_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    access_token_id: Mapped[int] = mapped_column(ForeignKey("access_token.id"))
    key: Mapped[str] = mapped_column(String(200))
    """As the program named the request."""
    request_sha256: Mapped[str] = mapped_column(String(64))
    """Of method, address and body."""
    status: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(index=True)
