"""Coverage 对应情况: problems and the measures that answer them, what lacks its partner, what came again."""

from collections.abc import Callable, Mapping

from starlette.responses import Response

from models.item import Item
from rules.errors import RefusedError, WrongMoveError
from rules.leaves import leaf
from rules.lifecycle import Move
from services import coverage, drafts, findings
from services.coverage import View
from services.findings import Filter
from texts.labels import COVERAGE, label
from web.deps import Ask, own_fields, redirect
from web.forms import number, text, word
from web.pages import Family
from web.refusals import refused, status_of
from web.rendering import page, query

ROWS = 50
"""Items on one page."""
MOST_OTHERS = 400
"""Items that a form proposes while one types."""
PLACE = ("unit", "period", "report", "show", "page")
"""What says which list is shown."""

family = Family()


def _wanted(said: Mapping[str, str]) -> Filter:
    return Filter(unit=text(said, "unit"), period=text(said, "period"), report=number(said, "report"))


@family.get("/coverage", "view-coverage")
def show(ask: Ask) -> Response:
    """How many items each view holds, and the items of the one that the address asks for."""
    return _shown(ask, ask.request.query_params)


def _shown(ask: Ask, said: Mapping[str, str], error: RefusedError | None = None) -> Response:
    wanted, view = _wanted(said), word(said, "show", View) or View.UNANSWERED
    counts = coverage.counts(ask.visit, wanted)
    shown = leaf(number(said, "page"), counts[view], ROWS)
    may_link = Move.LINK.value in ask.may and view is not View.REPEATED
    return page(
        ask,
        "coverage.html",
        status=status_of(error) if error else 200,
        sentence=ask.refusal(error) if error else "",
        typed=own_fields(ask.form),
        view=view,
        counts=counts,
        views=[(each, label(COVERAGE, each, ask.locale)) for each in View],
        rows=coverage.find(ask.visit, wanted, view, start=shown.start, most=ROWS),
        counterparts=coverage.counterparts(ask.visit, wanted, view, most=MOST_OTHERS) if may_link else [],
        words=_words(wanted, view),
        choices=findings.choices(ask.visit),
        leaf=shown,
    )


def _words(wanted: Filter, view: View) -> dict[str, str]:
    """The address's query that gives this list."""
    report = str(wanted.report or "")
    return {"unit": wanted.unit, "period": wanted.period, "report": report, "show": view.value}


def _again(ask: Ask, error: RefusedError) -> Response:
    """The same list with what was refused, for who may see it."""
    if "view-coverage" not in ask.may:
        return refused(ask, error)
    said = {name: str(value) for name, value in ask.form.items() if name in PLACE}
    return _shown(ask, said, error)


def _linking(move: Move, make: Callable[..., Item]) -> None:
    """Linking and its undoing, in the list that is shown; it comes back without what no longer fits."""

    @family.post(f"/coverage/{move.value}", move.value, again=_again)
    def paired(ask: Ask) -> Response:
        one, other = text(ask.form, "one"), text(ask.form, "other").partition(" ")[0]
        if not other:
            raise WrongMoveError("Name what %(reference)s is linked with.", reference=one[:40])
        make(ask.visit, one, other)
        said = {name: text(ask.form, name) for name in PLACE}
        return redirect(f"/coverage{query(said)}")


_linking(Move.LINK, drafts.link)
_linking(Move.UNLINK, drafts.unlink)
