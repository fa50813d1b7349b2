"""The roll-up 汇总: a period's figures by unit, earlier periods beside, and the items behind each number."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from starlette.responses import Response

from config.house import actor_for
from documents.charts import Theme, digest
from documents.definitions import COUNTS, RATES
from documents.wording import period_words, why_words
from models.session import reading
from rules.counting import Figure
from rules.errors import NotFoundError, RefusedError
from rules.leaves import leaf
from rules.periods import PeriodKind, following, parse, period, preceding
from rules.restating import Change, Difference
from rules.rollup import Rate
from services import overviews
from services.organisation import root
from services.overviews import Behind, Overview
from services.sealings import sealing
from texts.labels import FIGURES, KINDS, LIGHTS, LIMITS, STANDING, STATES, label
from web.deps import Ask, Desk
from web.forms import number, text, word
from web.pages import Family
from web.pictures import pictures
from web.rendering import page

ROWS = 50
"""Items on one page."""
MOST_DIFFERENT = 100
"""Items told one by one that differ from a seal; a new name of one person may touch thousands."""
HEADS = ("in_scope", "opened", "closed", "overdue", "sustained", "cancelled", "extensions")
"""The counts that stand in the table of units; the others stand in the one of periods."""

MOVEMENT = (
    ("open_at_start", "", "Open at start"),
    ("opened", "+", "Handed over from drafts"),
    ("reopened", "+", "Reopened"),
    ("closed", "−", "Closed"),
    ("cancelled", "−", "Cancelled"),
    ("moved_in", "+", "Moved in"),
    ("moved_out", "−", "Moved out"),
    ("open_at_end", "=", "Open at end"),
)
"""Of how open items became more and fewer: name, sign and words, in the order in which they are added up."""

family = Family()


class Basis(StrEnum):
    """What is counted of a sealed period: what was sealed, or what the history gives now."""

    SEALED = "sealed"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Look:
    """What an address asks for."""

    period: str
    unit: str


def make_ready(desk: Desk) -> None:
    """Counts the running period for whoever opens the roll-up first: at full size that takes seconds."""
    house, now = desk.house, desk.now()
    today = house.office.day(now)
    with suppress(RefusedError), reading(house.engine) as session:
        # Without an organisation, or with nobody who looks after it, there is nothing to count yet.
        actor = actor_for(session, None, root(session), today)
        visit = house.visit(session, actor, now=now, door="page")
        overviews.make_ready(visit, desk.shelf, period(house.office.policy.deadlines.period, today).key)


def look(ask: Ask) -> Look:
    """The words of the address; without a period, the one that runs.

    Raises:
        SettingError: the period is none.
    """
    said = ask.request.query_params
    running = period(ask.visit.office.policy.deadlines.period, ask.visit.today)
    return Look(parse(text(said, "period") or running.key).key, text(said, "unit"))


@family.get("/rollup", "view-rollup")
def show(ask: Ask) -> Response:
    """The figures of a period for the units that the reader may see."""
    return show_rollup(ask, look(ask))


def show_rollup(
    ask: Ask,
    asked: Look,
    sentence: str = "",
    *,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The page of a roll-up; `sentence` says why a form of it was refused, `typed` what stood in it."""
    found = overviews.overview(ask.visit, ask.desk.shelf, asked.period, asked.unit)
    return page(
        ask,
        "rollup.html",
        status=status,
        sentence=sentence,
        typed=typed or {},
        sealing=sealing(ask.visit, asked.period),
        found=found,
        look=asked,
        zone=ask.visit.office.zone,
        olds=_olds(found),
        heads=tuple((name, label(FIGURES, name, ask.locale)) for name in HEADS),
        movement=tuple((name, sign, ask.tell(words)) for name, sign, words in MOVEMENT),
        counts=tuple((one.name, ask.tell(one.label), ask.tell(one.meaning)) for one in COUNTS),
        rates=tuple((one.name, ask.tell(one.label), ask.tell(one.meaning)) for one in RATES),
        words={each.period.key: period_words(each.period, ask.locale) for each in found.columns},
        choices=_periods(ask, asked.period),
        units=tuple((row.unit.code, row.unit.name, row.depth) for row in found.choices),
        before=preceding(parse(asked.period)).key,
        after=_after(ask, asked.period),
        restated=_restated(ask, found),
        pictures=pictures(ask, found),
    )


def _olds(found: Overview) -> dict[str, tuple[tuple[str, Rate], ...]]:
    """Unit's code -> key and completion rate of the periods that stand beside."""
    codes = [row.unit.code for row in found.rows]
    return {
        code: tuple((each.period.key, each.of(code).completion) for each in found.beside[1:])
        for code in codes
    }


def _periods(ask: Ask, key: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Kind in words -> key and words of each period."""
    kinds = {
        PeriodKind.YEAR: ask.tell("Years"),
        PeriodKind.HALF: ask.tell("Half-years"),
        PeriodKind.QUARTER: ask.tell("Quarters"),
        PeriodKind.MONTH: ask.tell("Months"),
    }
    found = overviews.periods(ask.visit, parse(key))
    return tuple(
        (words, tuple((one, period_words(parse(one), ask.locale)) for one in found[kind]))
        for kind, words in kinds.items()
    )


def _after(ask: Ask, key: str) -> str:
    """The next period, where it has begun."""
    found = following(parse(key))
    return found.key if found.first_on <= ask.visit.today else ""


def _restated(ask: Ask, found: Overview) -> dict[str, Any] | None:
    """The differences from the seal in words."""
    if found.restated is None:
        return None
    what = found.restated.what
    return {
        "items": [_difference(ask, one) for one in what.items[:MOST_DIFFERENT]],
        "count": len(what.items),
        "units": [(one, [_change(ask, each) for each in one.changes]) for one in what.units],
        "hidden": found.restated.hidden,
        "now": found.restated.now,
    }


def _difference(ask: Ask, one: Difference) -> tuple[Difference, list[tuple[str, str, str]], list[str]]:
    """An item with what changed and why, in words."""
    why = why_words(one, ask.locale, ask.visit.office.zone)
    return one, [_change(ask, each) for each in one.changes], why


def _change(ask: Ask, change: Change) -> tuple[str, str, str]:
    """What changed, what it was, what it is."""
    name = label(STANDING | FIGURES, change.name, ask.locale)
    return name, _value(ask, change.name, change.was), _value(ask, change.name, change.now)


def _value(ask: Ask, name: str, value: Any) -> str:
    words = {"state": STATES, "kind": KINDS, "time_limit": LIMITS, "light": LIGHTS}
    if isinstance(value, bool):
        return ask.tell("counted") if value else ask.tell("not counted")
    if name in words and value:
        return label(words[name], str(value), ask.locale)
    if isinstance(value, tuple):
        return "、".join(value) or "—"
    return value.isoformat() if isinstance(value, date) else str(value if value not in {None, ""} else "—")


@family.get("/rollup/{unit:path}/items", "view-rollup")
def show_items(ask: Ask, unit: str) -> Response:
    """The items that make up one number of a roll-up."""
    said = ask.request.query_params
    asked, figure = look(ask), word(said, "figure", Figure) or Figure.IN_SCOPE
    basis = word(said, "basis", Basis) or Basis.SEALED
    found = overviews.behind(ask.visit, ask.desk.shelf, asked.period, unit, figure, is_now=basis is Basis.NOW)
    shown = leaf(number(said, "page"), len(found.rows), ROWS)
    return page(
        ask,
        "rollup_items.html",
        found=found,
        figure=label(FIGURES, figure, ask.locale),
        is_sum=figure is Figure.EXTENSIONS,
        period=period_words(found.column.period, ask.locale),
        is_sealed=found.column.seal is not None and basis is Basis.SEALED,
        rows=found.rows[shown.start : shown.end],
        leaf=shown,
        unit=unit,
        words={"period": asked.period, "figure": figure, "basis": basis if basis is Basis.NOW else ""},
        count=_count(found),
    )


@family.get("/rollup/{unit:path}/charts/{chart}.svg", "view-rollup")
def show_chart(ask: Ask, unit: str, chart: str) -> Response:
    """One chart of the roll-up; its address changes with what it shows, so browsers may keep it."""
    asked, said = look(ask), ask.request.query_params
    theme = word(said, "theme", Theme) or Theme.LIGHT
    found = overviews.overview(ask.visit, ask.desk.shelf, asked.period, unit)
    drawn = next((one.shown.chart for one in pictures(ask, found) if one.shown.name == chart), None)
    if drawn is None:
        raise NotFoundError("There is no such page.")
    # Drawing may have to wait for its turn; the database need not wait with it.
    ask.visit.session.close()
    is_the_same = text(said, "v") == digest(drawn, theme)[:16]
    kept = {"Cache-Control": "private, max-age=86400, immutable"} if is_the_same else {}
    return Response(ask.desk.studio.svg(drawn, theme), media_type="image/svg+xml", headers=kept)


def _count(found: Behind) -> int:
    return len(found.rows) + found.hidden
