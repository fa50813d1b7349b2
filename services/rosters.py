"""People in and out of the organisation as a list: what a file would change, row by row, and doing it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from documents.rosters import LANGUAGES, NO, YES, Entry, Field
from models.organisation import Person, Unit
from rules.errors import NotAllowedError, RefusedError, WrongMoveError
from services import history, staffing
from services.office import Visit
from services.organisation import normal_address
from services.staffing import ACTION, PersonWish
from services.visibility import people_for, units_for
from texts import say


class Doing(StrEnum):
    """What a row of the file brings."""

    ADDED = "added"
    CHANGED = "changed"
    LEFT = "left"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the file and what it brings; `error` says why a row is refused."""

    line: int
    doing: Doing
    name: str
    email: str
    unit: str
    error: RefusedError | None = None


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person as an export names them."""

    name: str
    email: str
    unit: str
    unit_name: str
    locale: str
    active: bool


def apply(visit: Visit, entries: Sequence[Entry]) -> list[Step]:
    """Enters and changes people as the rows say; rows that are refused change nothing, the others do.

    Whom the file does not name stays as they are. For a preview it is called in a transaction that is
    thrown away: what it shows is what it would do.

    Raises:
        NotAllowedError: the visitor may edit no unit.
    """
    history.lock(visit.session)
    if not units_for(visit, ACTION):
        raise NotAllowedError("You may not do this here.")
    seen: dict[str, int] = {}
    return [_step(visit, entry, seen) for entry in entries]


def _step(visit: Visit, entry: Entry, seen: dict[str, int]) -> Step:
    said = {field: entry.values.get(field, "") for field in Field}
    try:
        with visit.session.begin_nested():
            doing = _one(visit, entry, seen)
    except RefusedError as error:
        return Step(entry.line, Doing.REFUSED, said[Field.NAME], said[Field.EMAIL], said[Field.UNIT], error)
    return Step(entry.line, doing, said[Field.NAME], said[Field.EMAIL], said[Field.UNIT])


def _one(visit: Visit, entry: Entry, seen: dict[str, int]) -> Doing:
    email = normal_address(entry.values[Field.EMAIL])
    if email in seen:
        raise WrongMoveError("Row %(line)s names %(email)s already.", line=seen[email], email=email)
    seen[email] = entry.line
    known = visit.session.scalars(select(Person).where(Person.email == email)).first()
    wish = _wish(visit, entry, email, known)
    if known is None:
        if not wish.active:
            raise WrongMoveError("Who has left before they came is not entered.")
        staffing.add_person(visit, wish)
        return Doing.ADDED
    before, was_active = staffing.stamp(known), known.active
    changed = staffing.change_person(visit, known.id, wish)
    if staffing.stamp(changed) == before:
        return Doing.SAME
    return Doing.LEFT if was_active and not changed.active else Doing.CHANGED


def _wish(visit: Visit, entry: Entry, email: str, known: Person | None) -> PersonWish:
    """What the row asks for; a column that the file does not have, or that is empty, changes nothing."""
    values = entry.values
    locale = values.get(Field.LOCALE, "").lower()
    return PersonWish(
        name=values[Field.NAME],
        email=email,
        unit=_code(visit, values[Field.UNIT]),
        locale=LANGUAGES.get(locale, locale) if locale else (known.locale if known else "zh_CN"),
        active=_is_active(values.get(Field.ACTIVE, ""), known),
    )


def _is_active(said: str, known: Person | None) -> bool:
    word = said.lower()
    if not word and known is not None:
        return known.active
    if word not in YES | NO:
        raise WrongMoveError("%(value)s says neither yes nor no.", value=said[:40])
    return word in YES


def _code(visit: Visit, said: str) -> str:
    """The code of the unit that a code or a name means, of those that the visitor may edit."""
    own = units_for(visit, ACTION)
    units = [unit for unit in visit.directory.units.values() if unit.id in own]
    for is_meant in (lambda unit: unit.code == said, lambda unit: said in {unit.name, *unit.aliases}):
        found = [unit.code for unit in units if is_meant(unit)]
        if len(found) == 1:
            return found[0]
        if found:
            raise WrongMoveError("Several units are called %(name)s; give the code.", name=said[:200])
    raise WrongMoveError("There is no unit %(code)s.", code=said[:64] or "—")


def listed(visit: Visit) -> list[RosterRow]:
    """The people whom the visitor may see, unit by unit in the order of the units."""
    query = (
        select(Person, Unit)
        .join(Unit, Unit.id == Person.unit_id)
        .where(people_for(visit, "view-organisation"))
        .order_by(Unit.id, Person.id)
    )
    return [_row(person, unit) for person, unit in visit.session.execute(query)]


def _row(person: Person, unit: Unit) -> RosterRow:
    return RosterRow(person.name, person.email, unit.code, unit.name, person.locale, person.active)


def counts(steps: Iterable[Step]) -> dict[Doing, int]:
    """How many rows bring what."""
    steps = list(steps)
    return {doing: sum(step.doing is doing for step in steps) for doing in Doing}


def table(rows: Iterable[RosterRow], locale: str) -> tuple[list[str], list[list[str]]]:
    """Heads and cells of an export in `locale`; read back, they are known again."""
    heads = [
        say(locale, "Full name"),
        say(locale, "E-mail address"),
        say(locale, "Unit code"),
        say(locale, "Name of the unit"),
        say(locale, "Language"),
        say(locale, "In office"),
    ]
    yes, no = say(locale, "yes"), say(locale, "no")
    cells = [
        [row.name, row.email, row.unit, row.unit_name, row.locale, yes if row.active else no] for row in rows
    ]
    return heads, cells
