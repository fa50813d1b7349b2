"""Changing the organisation: units, people, roles. Every change leaves one event.

Events name people by id alone and keep none of their names or addresses, so that a person who left can be
masked without a break in the chain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, select, update

from models import bulk
from models.account import SignIn
from models.item import Assignment, Item
from models.message import IS_UNSENT, Message, MessageState, Reminder, ReminderOutcome
from models.organisation import Grant, Person, Unit
from rules.errors import ChangedError, NotAllowedError, NotFoundError, WrongMoveError
from rules.lifecycle import State
from rules.permissions import GRANTED, Role
from rules.reasons import Kept, keep
from services import history
from services.office import Visit
from services.organisation import normal_address
from services.visibility import items_for, units_for
from texts import LOCALES

ACTION = "edit-organisation"
ENDED = (State.CLOSED, State.CANCELLED)
NAME_LENGTH, CODE_LENGTH = 100, 64
FOLLOWS = frozenset({"link_epoch", "left_at", "masked_at"})  # from what else changes; no news of their own
PERSONAL = frozenset({"name", "email"})
"""Fields of a person whose values no event keeps."""


@dataclass(frozen=True, slots=True)
class UnitWish:
    """How a unit is to be."""

    name: str
    kind: str = "office"
    aliases: tuple[str, ...] = ()
    parent: str = ""
    """Code of the unit above; empty for the one at the top."""
    head: str = ""
    """Address of its head, or nobody's."""
    active: bool = True


@dataclass(frozen=True, slots=True)
class PersonWish:
    """How a person is to be."""

    name: str
    email: str
    unit: str
    locale: str = "zh_CN"
    active: bool = True


@dataclass(frozen=True, slots=True)
class GrantWish:
    """A role that a person is to hold on a unit; both days belong to it, None is open."""

    person: str
    role: Role | None
    unit: str
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """What somebody has to hand over before they leave."""

    items: int
    """Open items that name them."""
    named: tuple[tuple[str, str], ...] = ()
    """Reference and title of those that the visitor may see."""
    heads: tuple[str, ...] = field(default=())
    """Names of the units that they head."""


def stamp(thing: Unit | Person) -> str:
    """Tells one state of a unit or person from another: two editors of one state collide visibly."""
    words = [str(getattr(thing, column.name)) for column in thing.__table__.columns]
    return sha256("\0".join(words).encode()).hexdigest()[:16]


def add_unit(visit: Visit, code: str, wish: UnitWish) -> Unit:
    """Enters a unit under another one.

    Raises:
        WrongMoveError: the code is taken, or a field is missing.
        NotFoundError, NotAllowedError: the unit above is not there, or not the visitor's to edit.
    """
    history.lock(visit.session)
    above = _unit(visit, wish.parent)
    code = _word(code, CODE_LENGTH)
    if visit.session.scalar(select(Unit.id).where(Unit.code == code)):
        raise WrongMoveError("There is a unit %(code)s already.", code=code)
    made = Unit(code=code, parent_id=above.id, name="", aliases=[], kind="")
    _shape(visit, made, wish)
    visit.session.add(made)
    visit.session.flush()
    _record(visit, f"unit:{code}", "add-unit", {"parent": above.code, "name": made.name})
    return made


def change_unit(visit: Visit, code: str, wish: UnitWish, version: str | None = None) -> Unit:
    """Renames a unit, gives it a head, moves it below another one, closes it or opens it again.

    Raises:
        WrongMoveError: it would stand below itself; it is to be closed with people, units or open items.
        ChangedError: somebody has changed it since the visitor looked.
    """
    history.lock(visit.session)
    unit = _unit(visit, code, is_closed_too=True)
    _check_stamp(unit, version)
    before = _facts(unit)
    _move(visit, unit, wish.parent)
    if unit.active and not wish.active:
        _check_empty(visit, unit)
    _shape(visit, unit, wish)
    unit.active = wish.active
    visit.session.flush()
    _changed(visit, f"unit:{code}", "change-unit", before, _facts(unit))
    return unit


def _shape(visit: Visit, unit: Unit, wish: UnitWish) -> None:
    unit.name = _word(wish.name, 200)
    unit.kind = _word(wish.kind or "office", 32)
    unit.aliases = [_word(alias, 200) for alias in wish.aliases]
    unit.head_id = _person_by(visit, wish.head).id if wish.head else None


def _move(visit: Visit, unit: Unit, parent: str) -> None:
    known = visit.directory.units
    above = known[unit.parent_id] if unit.parent_id is not None else None
    if parent == (above.code if above else ""):
        return
    if above is None:
        raise WrongMoveError("The unit at the top stays there.")
    target = _unit(visit, parent)
    if target.id in visit.directory.below(unit.id):
        raise WrongMoveError("%(unit)s cannot stand below itself.", unit=unit.name)
    unit.parent_id = target.id


def _check_empty(visit: Visit, unit: Unit) -> None:
    """Raises WrongMoveError for a unit that has still something to do."""
    session = visit.session
    people = session.scalar(select(func.count()).where(Person.unit_id == unit.id, Person.active)) or 0
    units = session.scalar(select(func.count()).where(Unit.parent_id == unit.id, Unit.active)) or 0
    open_items = select(func.count()).where(Item.lead_unit_id == unit.id, Item.state.not_in(ENDED))
    items = session.scalar(open_items) or 0
    if people or units or items or unit.parent_id is None:
        raise WrongMoveError(
            "%(unit)s cannot be closed yet: %(people)s people, %(units)s units below it, %(items)s open "
            "items.",
            unit=unit.name,
            people=people,
            units=units,
            items=items,
        )


def add_person(visit: Visit, wish: PersonWish) -> Person:
    """Enters a person.

    Raises:
        WrongMoveError: somebody has the address, or a field is missing.
        SettingError: it is no address.
    """
    history.lock(visit.session)
    unit = _unit(visit, wish.unit)
    email = _free_address(visit, wish.email, None)
    made = Person(
        name=_word(wish.name, NAME_LENGTH), email=email, unit_id=unit.id, locale=_locale(wish.locale)
    )
    visit.session.add(made)
    visit.session.flush()
    _record(visit, f"person:{made.id}", "add-person", {"unit": unit.code})
    return made


def change_person(visit: Visit, number: int, wish: PersonWish, version: str | None = None) -> Person:
    """Changes what is known of a person; lets them leave, which ends their sessions at once, or come back.

    Raises:
        WrongMoveError: something has to be handed over first; or the person was masked.
        ChangedError: somebody has changed it since the visitor looked.
    """
    history.lock(visit.session)
    person = editable_person(visit, number)
    if person.masked_at:
        raise WrongMoveError("What was known of this person is masked; enter who comes back anew.")
    _check_stamp(person, version)
    before = _facts(person)
    if wish.unit != visit.directory.units[person.unit_id].code:
        person.unit_id = _unit(visit, wish.unit).id
    person.name = _word(wish.name, NAME_LENGTH)
    person.email = _free_address(visit, wish.email, person.id)
    person.locale = _locale(wish.locale)
    if person.active and not wish.active:
        _leave(visit, person)
    person.active, person.left_at = wish.active, None if wish.active else person.left_at or visit.now
    visit.session.flush()
    _changed(visit, f"person:{person.id}", "change-person", before, _facts(person))
    return person


def hand_over(visit: Visit, person: Person) -> HandOver:
    """What still hangs on the person."""
    named = select(Assignment.item_id).where(Assignment.person_id == person.id)
    wanted = (Item.id.in_(named), Item.state.not_in(ENDED))
    query = select(Item.reference, Item.title).where(*wanted, items_for(visit, "view-item"))
    rows = visit.session.execute(query.order_by(Item.reference))
    heads = select(Unit.name).where(Unit.head_id == person.id, Unit.active).order_by(Unit.id)
    return HandOver(
        items=visit.session.scalar(select(func.count()).select_from(Item).where(*wanted)) or 0,
        named=tuple((row.reference, row.title) for row in rows),
        heads=tuple(visit.session.scalars(heads)),
    )


def _leave(visit: Visit, person: Person) -> None:
    left = hand_over(visit, person)
    if left.items or left.heads:
        raise WrongMoveError(
            "%(name)s cannot leave yet: %(items)s open items name them, and they head %(heads)s units. Hand "
            "these over first.",
            name=person.name,
            items=left.items,
            heads=len(left.heads),
        )
    if person.id == visit.actor.id:
        raise WrongMoveError("Nobody takes themselves out of the organisation.")
    session = visit.session
    session.execute(delete(SignIn).where(SignIn.person_id == person.id))
    waiting = select(Message.id).where(Message.person_id == person.id, IS_UNSENT)
    planned = update(Reminder).where(
        Reminder.message_id.in_(waiting), Reminder.outcome == ReminderOutcome.PLANNED
    )
    bulk.quietly(session, planned.values(outcome=ReminderOutcome.CANCELLED, reason=keep(Kept.LEFT)))
    theirs = update(Message).where(
        Message.person_id == person.id, Message.state.in_((MessageState.PLANNED, MessageState.FAILED))
    )
    bulk.quietly(
        session, theirs.values(state=MessageState.CANCELLED, last_answer=keep(Kept.LEFT), not_before=None)
    )


def add_grant(visit: Visit, wish: GrantWish) -> Grant:
    """Gives a person a role on a unit, for good or between two days.

    Raises:
        WrongMoveError: the role is held already in these days, or they end before they begin.
        NotFoundError, NotAllowedError: person or unit are not there, or not the visitor's to edit.
    """
    history.lock(visit.session)
    unit = _unit(visit, wish.unit)
    person = _person_by(visit, wish.person)
    if wish.role not in GRANTED:
        raise WrongMoveError("Choose a role that is held on a unit.")
    if wish.from_on and wish.to_on and wish.to_on < wish.from_on:
        raise WrongMoveError("The last day stands before the first one.")
    same = (Grant.person_id == person.id, Grant.unit_id == unit.id, Grant.role == wish.role)
    if any(_overlap(held, wish) for held in visit.session.scalars(select(Grant).where(*same))):
        raise WrongMoveError("%(name)s holds this role in these days already.", name=person.name)
    made = Grant(person_id=person.id, role=wish.role, unit_id=unit.id, from_on=wish.from_on, to_on=wish.to_on)
    visit.session.add(made)
    visit.session.flush()
    _record(visit, f"person:{person.id}", "grant-role", _granted(visit, made))
    return made


def _overlap(held: Grant, wish: GrantWish) -> bool:
    begins = max(held.from_on or date.min, wish.from_on or date.min)
    return begins <= min(held.to_on or date.max, wish.to_on or date.max)


def end_grant(visit: Visit, number: int) -> None:
    """Takes a role back: from today on, and out of the record of roles where it had not begun.

    Raises:
        NotFoundError: there is no such role for this visitor.
        WrongMoveError: it would leave nobody who may edit the organisation.
    """
    history.lock(visit.session)
    held = visit.session.get(Grant, number)
    if held is None or held.unit_id not in units_for(visit, ACTION):
        raise NotFoundError("There is no such role any more.")
    is_own = held.person_id == visit.actor.id
    if held.role is Role.ADMIN and is_own:
        raise WrongMoveError("Nobody takes the administrator's role from themselves.")
    payload = _granted(visit, held)
    visit.session.delete(held)
    visit.session.flush()
    _record(visit, f"person:{held.person_id}", "end-role", payload)


def _granted(visit: Visit, held: Grant) -> dict[str, Any]:
    return {
        "role": held.role.value,
        "unit": visit.directory.units[held.unit_id].code,
        "from": held.from_on.isoformat() if held.from_on else None,
        "to": held.to_on.isoformat() if held.to_on else None,
    }


def editable_person(visit: Visit, number: int) -> Person:
    """The person with this number, of a unit that the visitor may edit.

    Raises:
        NotFoundError: there is none for this visitor.
    """
    found = visit.session.get(Person, number)
    if found is None or found.unit_id not in units_for(visit, ACTION):
        raise NotFoundError("There is no such person.")
    return found


def _unit(visit: Visit, code: str, *, is_closed_too: bool = False) -> Unit:
    """The unit with this code, of those that the visitor may edit."""
    own = units_for(visit, ACTION)
    if not own:
        raise NotAllowedError("You may not do this here.")
    if not code:
        raise WrongMoveError("Choose a unit.")
    query = select(Unit).where(Unit.code == code, Unit.id.in_(sorted(own)))
    found = visit.session.scalars(query).first()
    if found is None or not (found.active or is_closed_too):
        raise NotFoundError("There is no unit %(code)s.", code=code[:CODE_LENGTH])
    return found


def _person_by(visit: Visit, words: str) -> Person:
    """The active person of the organisation whom an address, or `name <address>`, names."""
    address = words.rpartition("<")[2].rstrip("> ").strip().lower()
    if not address:
        raise WrongMoveError("Choose a person.")
    found = visit.session.scalars(select(Person).where(Person.email == address, Person.active)).first()
    if found is None:
        raise NotFoundError("Nobody here has the address %(email)s.", email=address[:254])
    return found


def _free_address(visit: Visit, said: str, own: int | None) -> str:
    email = normal_address(said)
    holder = visit.session.scalar(select(Person.id).where(Person.email == email))
    if holder not in {None, own}:
        raise WrongMoveError("%(email)s belongs to somebody else already.", email=email)
    return email


def _locale(said: str) -> str:
    if said not in LOCALES:
        raise WrongMoveError("%(value)s is not one of: %(words)s.", value=said[:40], words=", ".join(LOCALES))
    return said


def _word(said: str, longest: int) -> str:
    plain = " ".join(said.split())
    if not plain:
        raise WrongMoveError("A field that is needed is empty.")
    if len(plain) > longest:
        raise WrongMoveError("One field takes at most %(longest)d characters.", longest=longest)
    return plain


def _check_stamp(thing: Unit | Person, version: str | None) -> None:
    if version is not None and version != stamp(thing):
        raise ChangedError("Somebody else has changed this meanwhile; look at it again.")


def _facts(thing: Unit | Person) -> dict[str, Any]:
    return {one.name: getattr(thing, one.name) for one in thing.__table__.columns if one.name not in FOLLOWS}


def _changed(
    visit: Visit, subject: str, move: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """One event for what is other than before; none where nothing is."""
    names = [name for name in after if before[name] != after[name]]
    hidden: Sequence[str] = sorted(PERSONAL) if subject.startswith("person:") else ()
    kept = {name: [before[name], after[name]] for name in names if name not in hidden}
    if names:
        _record(visit, subject, move, {"changed": names, **kept})


def _record(visit: Visit, subject: str, move: str, payload: Mapping[str, Any]) -> None:
    entry = history.Entry(visit.now, visit.actor.id, visit.door, subject, move, payload=payload)
    history.record(visit.session, entry)
