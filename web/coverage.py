"""Coverage 对应情况: problems and the measures that answer them, what lacks its partner, what came again."""

from collections.abc import Mapping

from starlette.responses import Response

from services import coverage, findings
from services.coverage import View
from services.findings import Filter
from texts.labels import COVERAGE, label
from web.deps import Ask
from web.forms import number, text, word
from web.pages import Family
from web.rendering import page

ROWS = 50
"""Items on one page."""

family = Family()


def _wanted(said: Mapping[str, str]) -> Filter:
    return Filter(unit=text(said, "unit"), period=text(said, "period"), report=number(said, "report"))


@family.get("/coverage", "view-coverage")
def show(ask: Ask) -> Response:
    """How many items each view holds, and the items of the one that the address asks for."""
    said = ask.request.query_params
    wanted, view = _wanted(said), word(said, "show", View) or View.UNANSWERED
    counts = coverage.counts(ask.visit, wanted)
    last = max(1, -(-counts[view] // ROWS))
    at = min(max(1, number(said, "page") or 1), last)
    words = {"unit": wanted.unit, "period": wanted.period, "report": str(wanted.report or "")}
    return page(
        ask,
        "coverage.html",
        view=view,
        counts=counts,
        views=[(each, label(COVERAGE, each, ask.locale)) for each in View],
        rows=coverage.find(ask.visit, wanted, view, start=(at - 1) * ROWS, most=ROWS),
        words={**words, "show": view.value},
        choices=findings.choices(ask.visit),
        at=at,
        last=last,
        first=(at - 1) * ROWS + 1,
    )
