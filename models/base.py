"""What all tables share: names of constraints, instants in UTC, words from a fixed list."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    Table,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Id = BigInteger().with_variant(Integer, "sqlite")


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored as UTC. A naive datetime is refused: nobody can say when it was."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def table(model: type["Base"]) -> Table:
    """The plain table of `model`: for bulk work, where entities cost several times as much."""
    return cast("Table", model.__table__)


def word(kind: type[StrEnum], name: str = "") -> Enum:
    """A column of one of the values of `kind`, held by a check constraint on every database.

    `name` tells two columns of one kind in one table apart.
    """
    return Enum(
        kind,
        name=name or kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=_values,
    )


def _values(kind: type[StrEnum]) -> Sequence[str]:
    return [member.value for member in kind]


class Base(DeclarativeBase):
    """The one registry of tables."""

    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map = {  # noqa: RUF012 - declared so by SQLAlchemy
        datetime: Instant,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[int]: JSON,
        list[Any]: JSON,
        int: Id,
    }
