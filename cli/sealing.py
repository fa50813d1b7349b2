"""What `rectify rollup` does about seals: one step of two people, and a seal beside what is known today."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cli.door import visiting
from cli.output import as_json, language, table, tell, warn
from cli.rolled import figures_row, told_figures
from texts.labels import STATES, label

if TYPE_CHECKING:
    from datetime import tzinfo

    from config.house import House
    from rules.restating import Difference
    from rules.rollup import Rollup, Standing
    from services.office import Visit
    from services.restatements import Comparison


def step(house: "House", period: str, as_whom: str | None, note: str, wanted: str) -> None:
    """Takes the next step about the period's seal: `seal`, `unseal` or `refuse`; says what was done.

    It is said beside the output, which may be one JSON document.
    """
    from services import seals

    with visiting(house, as_whom) as visit:
        if wanted == "refuse":
            seals.refuse(visit, period, reason=note)
            warn("What was proposed about the seal of %(period)s is refused.", period=period)
        elif wanted == "unseal":
            _unseal(visit, period, note)
        else:
            _seal(visit, period, note)


def _seal(visit: "Visit", period: str, note: str) -> None:
    from rules.sealing import SealBy
    from services import closing, seals

    if visit.office.policy.seal_by is SealBy.FLOW:
        closing.seal_alone(visit, period)
    elif seals.pending(visit.session, period) is None:
        seals.propose(visit, period, reason=note)
        warn(
            "%(period)s is proposed for sealing; a supervising leader confirms it with --seal.", period=period
        )
    else:
        closing.confirm_seal(visit, period, note=note)


def _unseal(visit: "Visit", period: str, note: str) -> None:
    from services import seals

    if seals.pending(visit.session, period) is None:
        seals.propose_unsealing(visit, period, reason=note)
        warn(
            "It is proposed to lift the seal of %(period)s; somebody else confirms it with --unseal.",
            period=period,
        )
        return
    row = seals.confirm_unsealing(visit, period, reason=note)
    warn("The seal of %(period)s is lifted; version %(version)d is kept.", period=period, version=row.version)


def show_restated(house: "House", period: str, *, json: bool) -> None:
    """Shows the seal of the period beside what is known of it today."""
    from models.session import reading
    from services.restatements import restate

    with reading(house.engine) as session:
        found = restate(session, house.office, period)
    if json:
        as_json(told_restated(found))
        return
    tell("Sealed, version %(version)d, sha256 %(sha256)s", version=found.version, sha256=found.sha256)
    sides = (("Sealed", found.sealed), ("Known today", found.current))
    heads = ("Side", "In scope", "Opened", "Closed", "Overdue", "Cancelled", "Completion", "On time")
    table(heads, [figures_row(_said(name), told_figures(side.total)) for name, side in sides])
    if not found.what.items:
        tell("No item differs.")
        return
    rows = (_difference_row(one, house.office.zone) for one in found.what.items)
    table(("Reference", "Title", "Sealed", "Known today", "Why"), rows)


def _said(word: str) -> str:
    from texts import say

    return say(language(), word)


def _difference_row(one: "Difference", zone: "tzinfo") -> tuple[str, ...]:
    from documents.wording import why_words

    why = "\n".join(why_words(one, language(), zone))
    return (one.reference, one.title, _stood(one.sealed), _stood(one.current), why)


def _stood(item: "Standing | None") -> str:
    if item is None:
        return "—"
    state = label(STATES, item.state.value, language())
    return f"{state} {item.ended_on}" if item.ended_on else state


def told_restated(found: "Comparison") -> dict[str, Any]:
    """A restatement as one JSON object: both sides' figures, and the items that differ, with the reasons."""
    return {
        "period": found.sealed.period.key,
        "version": found.version,
        "rule_version": found.rule_version,
        "sha256": found.sha256,
        "sealed": _told_side(found.sealed),
        "current": _told_side(found.current),
        "differences": [asdict(one) for one in found.what.items],
        "late": [asdict(entry) for entry in found.late],
    }


def _told_side(side: "Rollup") -> dict[str, Any]:
    units = {row.unit.code: told_figures(row.total) for row in side.units}
    return {"total": told_figures(side.total), "units": units}
