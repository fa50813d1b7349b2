"""The organisation: units in their tree, people, roles; loaded from a file, looked up by everybody."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import idna
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.organisation import Grant, Person, Unit
from models.session import plain_rows
from notifications.wire import checked_address
from rules.errors import NotFoundError, RefusedError, SettingError
from rules.permissions import GRANTED, Role
from services import history
from texts import LOCALES

T = TypeVar("T")

ADDRESS_LENGTH = 254
PLACE = "@"
"""Under which an entry that came from a list keeps the file and the row in which it stands."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A role on a unit, between two dates (included; None is open)."""

    person_id: int
    role: Role
    unit_id: int
    from_on: date | None
    to_on: date | None

    def holds(self, day: date) -> bool:
        """Whether the role is held on `day`."""
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day <= self.to_on)


class Contact(NamedTuple):
    """What a page says of a person."""

    name: str
    email: str
    unit_id: int
    active: bool


_HELD = (
    select(Grant.person_id, Grant.role, Grant.unit_id, Grant.from_on, Grant.to_on)
    .join(Person, Person.id == Grant.person_id)
    .where(Person.active)
    .order_by(Grant.id)
)
_HEADED = select(Unit, Person.active).outerjoin(Person, Person.id == Unit.head_id).order_by(Unit.id)
_CONTACTS = select(Person.id, Person.name, Person.email, Person.unit_id, Person.active)


class Directory:
    """The unit tree with heads and roles, read once for a use case; people when they are asked for.

    Ids throughout.
    """

    def __init__(
        self, session: Session, units: Iterable[Unit], holders: Iterable[Holder], left: AbstractSet[int]
    ) -> None:
        self.units = {unit.id: unit for unit in units}
        self._session = session
        self._left = left
        self._holders: dict[tuple[Role, int], list[Holder]] = {}
        for holder in holders:
            self._holders.setdefault((holder.role, holder.unit_id), []).append(holder)

    @classmethod
    def load(cls, session: Session) -> "Directory":
        """The whole directory; inactive people hold nothing."""
        holders = [Holder(*row) for row in plain_rows(session, _HELD)]
        units = session.execute(_HEADED).tuples().all()
        left = frozenset(unit.head_id for unit, is_there in units if unit.head_id and not is_there)
        return cls(session, (unit for unit, _ in units), holders, left)

    @cached_property
    def people(self) -> Mapping[int, Person]:
        """Everybody, whether active or not; `contacts` cost less where their words are enough."""
        return {person.id: person for person in self._session.scalars(select(Person))}

    def load_people(self) -> None:
        """Reads everybody now, for a use case that goes on after the session has ended."""
        len(self.people)

    @cached_property
    def contacts(self) -> Mapping[int, Contact]:
        """As `people`, without loading them."""
        rows = plain_rows(self._session, _CONTACTS)
        return {key: Contact(name, email, unit, active) for key, name, email, unit, active in rows}

    def line(self, unit_id: int) -> Iterator[Unit]:
        """The unit and those above it, nearest first."""
        at: int | None = unit_id
        while at is not None:
            unit = self.units[at]
            yield unit
            at = unit.parent_id

    def holders(self, role: Role, unit_id: int, day: date) -> tuple[int, ...]:
        """Who holds `role` for the unit on `day`: those on the nearest unit of its line that has any."""
        for unit in self.line(unit_id):
            if found := self._on(role, unit, day):
                return tuple(dict.fromkeys(found))
        return ()

    def reached(self, person_id: int, role: Role, day: date) -> frozenset[int]:
        """The units whose nearest holders of `role` on `day` the person is among."""
        return frozenset(unit for unit in self.units if person_id in self.holders(role, unit, day))

    def on_unit(self, role: Role, unit_id: int, day: date) -> tuple[int, ...]:
        """Who holds `role` on this very unit on `day`."""
        return tuple(dict.fromkeys(self._on(role, self.units[unit_id], day)))

    def roles(self, person_id: int, unit_id: int, day: date) -> frozenset[Role]:
        """Every role that the person holds on the unit on `day`, from itself or from above."""
        return frozenset(
            role for unit in self.line(unit_id) for role in GRANTED if person_id in self._on(role, unit, day)
        )

    def roles_at_top(self, person_id: int, day: date) -> frozenset[Role]:
        """Every role that the person holds on the unit at the top of the tree on `day`."""
        tops = [unit.id for unit in self.units.values() if unit.parent_id is None]
        return self.roles(person_id, min(tops), day) if tops else frozenset()

    def held(self, person_id: int, day: date) -> frozenset[Role]:
        """Every role that the person holds on some unit on `day`."""
        return frozenset(role for role, _ in self._posts(person_id, day))

    def reach(self, person_id: int, roles: AbstractSet[Role], day: date) -> frozenset[int]:
        """The units on which the person holds one of `roles` on `day`, from themselves or from above."""
        below: dict[int | None, list[int]] = {}
        for unit in self.units.values():
            below.setdefault(unit.parent_id, []).append(unit.id)
        waiting = [unit for role, unit in self._posts(person_id, day) if role in roles]
        found: set[int] = set()
        while waiting:
            if (at := waiting.pop()) not in found:
                found.add(at)
                waiting += below.get(at, ())
        return frozenset(found)

    def below(self, unit_id: int) -> frozenset[int]:
        """The unit and all units under it."""
        return frozenset(key for key in self.units if unit_id in {unit.id for unit in self.line(key)})

    def _posts(self, person_id: int, day: date) -> Iterator[tuple[Role, int]]:
        """What the person holds on `day`, and on which unit."""
        for (role, unit_id), holders in self._holders.items():
            if role in GRANTED and any(one.person_id == person_id and one.holds(day) for one in holders):
                yield role, unit_id
        if person_id not in self._left:
            yield from ((Role.HEAD, unit.id) for unit in self.units.values() if unit.head_id == person_id)

    def _on(self, role: Role, unit: Unit, day: date) -> list[int]:
        found = [held.person_id for held in self._holders.get((role, unit.id), ()) if held.holds(day)]
        if role is Role.HEAD and unit.head_id is not None and unit.head_id not in self._left:
            return [unit.head_id, *found]
        return found


def person_by_email(session: Session, email: str) -> Person:
    """The active person with this address.

    Raises:
        NotFoundError: nobody has it, or the person has left.
    """
    found = session.scalars(select(Person).where(Person.email == normal_address(email))).first()
    if found is None:
        raise NotFoundError("Nobody here has the address %(email)s.", email=email)
    if not found.active:
        raise NotFoundError("%(email)s has left; name somebody else.", email=email)
    return found


def person_by_words(session: Session, words: str) -> Person:
    """The active person whom an address, a name, or `name <address>` names.

    Raises:
        NotFoundError: nobody is called so, or several are.
    """
    address = words.rpartition("<")[2].rstrip("> ")
    if "@" in address:
        return person_by_email(session, address)
    query = select(Person).where(Person.name == words.strip(), Person.active).order_by(Person.id).limit(2)
    found = session.scalars(query).all()
    if not found:
        raise NotFoundError("Nobody here is called %(name)s.", name=words.strip()[:ADDRESS_LENGTH])
    if len(found) > 1:
        raise NotFoundError("Several people are called %(name)s; give the address.", name=words.strip())
    return found[0]


def root(session: Session) -> Unit:
    """The unit at the top of the tree.

    Raises:
        NotFoundError: no organisation has been entered.
    """
    found = session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)).first()
    if found is None:
        raise NotFoundError("There is no organisation yet; enter one with rectify init --organisation FILE.")
    return found


def unit_by_code(session: Session, code: str) -> Unit:
    """The active unit with this code; NotFoundError names the codes that there are."""
    found = session.scalars(select(Unit).where(Unit.code == code, Unit.active)).first()
    if found is None:
        codes = session.scalars(select(Unit.code).where(Unit.active).order_by(Unit.id).limit(20)).all()
        raise NotFoundError(
            "There is no unit %(code)s. Units: %(codes)s.", code=code, codes=", ".join(codes) or "—"
        )
    return found


def normal_address(email: str) -> str:
    """The address in lower case, its domain as mail servers know it: `张.cn` is `xn--e1t.cn`.

    Raises:
        SettingError: it is no address that a letter can be sent to.
    """
    local, at, domain = email.strip().lower().rpartition("@")
    if len(local) + len(domain) >= ADDRESS_LENGTH:
        raise SettingError("The address %(email)s is too long.", email=email[:40])
    try:
        address = checked_address(f"{local}{at}{_on_the_wire(domain)}")
    except ValueError as error:
        raise SettingError("%(email)s is no e-mail address.", email=email[:ADDRESS_LENGTH]) from error
    if len(address) > ADDRESS_LENGTH:
        raise SettingError("The address %(email)s is too long.", email=email[:40])
    return address


def _on_the_wire(domain: str) -> str:
    return domain if domain.isascii() else idna.encode(domain, uts46=True).decode()


def is_entered(session: Session) -> bool:
    """Whether the database holds an organisation."""
    return session.scalars(select(Unit.id).limit(1)).first() is not None


def load(session: Session, content: Mapping[str, Any], *, now: datetime, door: str = "import") -> Directory:
    """Enters the units, people and roles that an organisation file names, into an empty database.

    Raises:
        SettingError: the file contradicts itself, naming the entry; or there is an organisation already.
    """
    if is_entered(session):
        raise SettingError("There is an organisation in this database already; it was left as it is.")
    units: dict[str, Unit] = {}
    people: dict[str, Person] = {}
    _each(content, "unit", lambda row: _add_unit(session, row, units))
    if not units:
        raise SettingError("The organisation file names no unit.")
    _each(content, "person", lambda row: _add_person(session, row, units, people))
    session.flush()
    _each(content, "unit", lambda row: _add_head(row, units, people))
    _each(content, "role", lambda row: _add_grant(session, row, units, people))
    session.flush()
    entry = history.Entry(
        now, None, door, "organisation", "load", payload={"units": len(units), "people": len(people)}
    )
    history.record(session, entry)
    return Directory.load(session)


def entries(content: Mapping[str, Any], table: str) -> list[Mapping[str, Any]]:
    """The entries of one table of an organisation file; SettingError where it holds something else."""
    found = content.get(table, [])
    if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
        raise SettingError("Write the entries of %(table)s as [[%(table)s]].", table=table)
    return found


def _each(content: Mapping[str, Any], table: str, enter: Callable[[Mapping[str, Any]], None]) -> None:
    """Enters each entry of a table; a refusal says which one it was."""
    for number, row in enumerate(entries(content, table), 1):
        try:
            enter(row)
        except RefusedError as error:
            raise _placed(error, table, number, row.get(PLACE)) from error


def _placed(error: RefusedError, table: str, number: int, place: object) -> SettingError:
    if isinstance(place, tuple):
        return SettingError("%(file)s, row %(row)s: %(reason)s", file=place[0], row=place[1], reason=error)
    return SettingError(
        "[[%(table)s]], entry %(number)s: %(reason)s", table=table, number=number, reason=error
    )


def _add_unit(session: Session, row: Mapping[str, Any], units: dict[str, Unit]) -> None:
    code, parent = _field(row, "code", 64), _field(row, "parent", 64, default="")
    if code in units or (parent and parent not in units):
        raise SettingError("Unit %(code)s is named twice or stands before its parent.", code=code)
    units[code] = unit = Unit(
        code=code,
        name=_field(row, "name", 200),
        aliases=[str(alias) for alias in row.get("aliases", [])],
        kind=_field(row, "kind", 32, default="office"),
        parent_id=units[parent].id if parent else None,
    )
    session.add(unit)
    session.flush()


def _add_person(
    session: Session, row: Mapping[str, Any], units: Mapping[str, Unit], people: dict[str, Person]
) -> None:
    email = normal_address(_field(row, "email", ADDRESS_LENGTH))
    if email in people:
        raise SettingError("%(email)s is named twice.", email=email)
    people[email] = person = Person(
        name=_field(row, "name", 100),
        email=email,
        locale=_field(row, "locale", 8, default="zh_CN"),
        unit_id=_known(units, _field(row, "unit", 64)).id,
    )
    if person.locale not in LOCALES:
        raise SettingError(
            "%(value)s is not one of: %(words)s.", value=person.locale, words=", ".join(LOCALES)
        )
    session.add(person)


def _add_head(row: Mapping[str, Any], units: Mapping[str, Unit], people: Mapping[str, Person]) -> None:
    if head := _field(row, "head", ADDRESS_LENGTH, default=""):
        units[_field(row, "code", 64)].head_id = _known(people, normal_address(head)).id


def _add_grant(
    session: Session, row: Mapping[str, Any], units: Mapping[str, Unit], people: Mapping[str, Person]
) -> None:
    role = _field(row, "role", 32)
    if role not in set(GRANTED):
        raise SettingError("%(role)s is no role that is held on a unit.", role=role)
    session.add(
        Grant(
            person_id=_known(people, normal_address(_field(row, "person", ADDRESS_LENGTH))).id,
            role=Role(role),
            unit_id=_known(units, _field(row, "unit", 64)).id,
            from_on=_day(row, "from"),
            to_on=_day(row, "to"),
        )
    )


def _day(row: Mapping[str, Any], name: str) -> date | None:
    day = row.get(name)
    if day is not None and type(day) is not date:
        raise SettingError("%(name)s is no day; write it as 2026-09-30, without quotation marks.", name=name)
    return day


def _field(row: Mapping[str, Any], name: str, longest: int, *, default: str | None = None) -> str:
    value = row.get(name, default)
    if not isinstance(value, str) or not (value.strip() or value == default):
        raise SettingError("The organisation file lacks %(name)s in an entry.", name=name)
    if len(value.strip()) > longest:
        raise SettingError("%(name)s takes at most %(longest)d characters.", name=name, longest=longest)
    return value.strip()


def _known(table: Mapping[str, T], key: str) -> T:
    if key not in table:
        raise SettingError("The organisation file speaks of %(key)s, which it does not name.", key=key)
    return table[key]
