"""Who seals a period, and what strays from its seal."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
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


NAMES = frozenset({"title", "owners", "report"})
"""Of an item, as they are spelled at the moment."""

NOT_FROM_EVENTS = NAMES | {"light", "days_to_close", "working_days_to_close"}
"""Names, and what follows from the calendar of the day."""


def facts(item: Standing | None) -> dict[str, object] | None:
    """What the history alone says of an item."""
    if item is None:
        return None
    return {name: value for name, value in asdict(item).items() if name not in NOT_FROM_EVENTS}


def strayed_items(sealed: Iterable[Standing], again: Iterable[Standing]) -> Iterator[str]:
    """References of the items whose facts are not the same in both, which come by reference.

    Of each side one item is held at a time.
    """
    olds, news = iter(sealed), iter(again)
    old, new = next(olds, None), next(news, None)
    while old is not None or new is not None:
        name = min(one.reference for one in (old, new) if one is not None)
        was = old if old is not None and old.reference == name else None
        now = new if new is not None and new.reference == name else None
        if facts(was) != facts(now):
            yield name
        old = next(olds, None) if was is not None else old
        new = next(news, None) if now is not None else new


def strayed_units(sealed: Rollup, again: Rollup) -> list[str]:
    """Codes of the units whose figures are not the same in both."""
    old, new = ({row.unit.code: _counts(row) for row in side.units} for side in (sealed, again))
    return sorted(code for code in old.keys() | new.keys() if old.get(code) != new.get(code))


def _counts(row: UnitRow) -> tuple[object, ...]:
    return (row.own, row.total, row.own_movement, row.movement)
