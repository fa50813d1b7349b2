"""Who seals a period, and what makes a sealed one differ from what is known today."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum

from rules.rollup import Rollup, Standing, UnitRow


class SealBy(StrEnum):
    """How a period gets its seal. The value is what policy files say."""

    FLOW = "flow"
    FOUR_EYES = "four-eyes"


class SealStep(StrEnum):
    """What one person may do about a period's seal."""

    SEAL = "seal"
    PROPOSE = "propose"
    CONFIRM = "confirm"
    PROPOSE_LIFTING = "propose-lifting"
    CONFIRM_LIFTING = "confirm-lifting"
    REFUSE = "refuse"
    """Also takes back what one proposed oneself."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What waits for a second person: a seal or its lifting, and whether it is one's own proposal."""

    is_lifting: bool
    is_own: bool


def seal_steps(
    seal_by: SealBy,
    actions: AbstractSet[str],
    *,
    is_over: bool,
    is_sealed: bool,
    proposed: Proposed | None,
) -> Iterator[SealStep]:
    """The steps that are open to somebody who may take `actions` for the whole office.

    `is_sealed` says whether a seal is in force. Lifting takes two people whoever seals.
    """
    if proposed is not None:
        confirming = "unseal" if proposed.is_lifting else "confirm-seal"
        if confirming in actions and not proposed.is_own:
            yield SealStep.CONFIRM_LIFTING if proposed.is_lifting else SealStep.CONFIRM
        if "unseal" in actions:
            yield SealStep.REFUSE
    elif is_sealed:
        if "unseal" in actions:
            yield SealStep.PROPOSE_LIFTING
    elif is_over and seal_by is SealBy.FLOW and "seal" in actions:
        yield SealStep.SEAL
    elif is_over and seal_by is SealBy.FOUR_EYES and "propose-seal" in actions:
        yield SealStep.PROPOSE


class Why(StrEnum):
    """Why an item of a sealed period would be counted otherwise today."""

    LATE = "late"
    """Somebody entered later what had happened within the period."""
    RULES = "rules"
    """The figures are defined otherwise, or the unit stands elsewhere in the tree."""
    HISTORY = "history"
    """The history no longer gives what was sealed: an alarm."""


@dataclass(frozen=True, slots=True)
class Late:
    """An entry of a time that was over when it was made; it counts in the period in which it was booked."""

    reference: str
    move: str
    position: int
    booked_at: datetime
    happened_on: date
    note: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One item as it was sealed and as it would stand now; None where it does not count on that side."""

    reference: str
    title: str
    sealed: Standing | None
    current: Standing | None
    why: Why
    late: tuple[Late, ...]


def differences(
    sealed: Iterable[Standing],
    current: Iterable[Standing],
    broken: Iterable[str],
    late: Iterable[Late],
) -> tuple[Difference, ...]:
    """The items that stand otherwise in `current` than in `sealed`, by reference.

    `broken` are references that the history no longer gives as they were sealed.
    """
    old, new = ({item.reference: item for item in side} for side in (sealed, current))
    entries: dict[str, tuple[Late, ...]] = {}
    for entry in late:
        entries[entry.reference] = (*entries.get(entry.reference, ()), entry)
    bad = set(broken)
    return tuple(
        _difference(reference, old.get(reference), new.get(reference), bad, entries)
        for reference in sorted(old.keys() | new.keys())
        if _differ(old.get(reference), new.get(reference))
    )


def _differ(sealed: Standing | None, current: Standing | None) -> bool:
    """Whether the facts differ; what older rules did not seal cannot."""
    old, new = facts(sealed), facts(current)
    if old is None or new is None:
        return old is not new
    unknown = {name for name in SEALED_LATER if old[name] is None}
    return any(old[name] != new[name] for name in old.keys() - unknown)


def _difference(
    reference: str,
    old: Standing | None,
    new: Standing | None,
    broken: set[str],
    entries: Mapping[str, tuple[Late, ...]],
) -> Difference:
    title = next((side.title for side in (old, new) if side), "")
    why = Why.LATE if reference in entries else Why.RULES
    why = Why.HISTORY if reference in broken else why
    return Difference(reference, title, old, new, why, entries.get(reference, ()))


NOT_FROM_EVENTS = frozenset({"title", "owners", "report", "light", "days_to_close", "working_days_to_close"})
"""Names as they are spelled at the moment, and what follows from the calendar of the day."""

SEALED_LATER = ("evidence", "extension_days")


def facts(item: Standing | None) -> dict[str, object] | None:
    """What the history alone says of an item."""
    if item is None:
        return None
    return {name: value for name, value in asdict(item).items() if name not in NOT_FROM_EVENTS}


def strayed_items(sealed: Rollup, again: Rollup) -> list[str]:
    """References of the items whose facts are not the same in both."""
    old, new = ({item.reference: facts(item) for item in side.items} for side in (sealed, again))
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def strayed_units(sealed: Rollup, again: Rollup) -> list[str]:
    """Codes of the units whose figures are not the same in both."""
    old, new = ({row.unit.code: _counts(row) for row in side.units} for side in (sealed, again))
    return sorted(code for code in old.keys() | new.keys() if old.get(code) != new.get(code))


def _counts(row: UnitRow) -> tuple[object, ...]:
    return (row.own, row.total, row.own_movement, row.movement)
