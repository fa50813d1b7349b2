"""Reports: taking one in, looking through what was read from it, and handing it over."""

from collections.abc import Iterator, Sequence

from starlette.responses import Response

from documents.paper import open_paper
from documents.reading import Notice
from models.item import Item
from models.session import reading, writing
from rules.errors import NotAllowedError, NotFoundError, RefusedError, WrongMoveError
from rules.leaves import leaf
from rules.lifecycle import Kind
from services import drafts, reports, reviews
from services.access import require
from services.dossiers import Happening, news
from services.visibility import unit_for, units_for, visible_item, visible_report
from web.deps import Ask, SignInFirstError, own_fields, redirect, seated
from web.drafts import passage, place
from web.forms import files, number, text, word
from web.pages import Family
from web.refusals import status_of
from web.rendering import page, query

ROWS = 100
"""Reports on one page of their list."""

family = Family()


@family.get("/reports", "view-report")
def show_all(ask: Ask) -> Response:
    """The reports that the reader may see, and the form for another one."""
    return _list(ask)


def _list(ask: Ask, sentence: str = "", *, status: int = 200) -> Response:
    units = ask.visit.directory.units
    total = reviews.count_listed(ask.visit)
    shown = leaf(number(ask.request.query_params, "page"), total, ROWS)
    own = [units[unit] for unit in sorted(units_for(ask.visit, "intake"))]
    return page(
        ask,
        "reports.html",
        status=status,
        rows=reviews.listed(ask.visit, start=shown.start, most=ROWS),
        leaf=shown,
        units=[unit for unit in own if unit.active],
        chosen=text(ask.form, "unit"),
        sentence=sentence,
        zone=ask.visit.office.zone,
    )


def _list_again(ask: Ask, error: RefusedError) -> Response:
    return _list(ask, ask.refusal(error), status=status_of(error))


@family.post("/reports", "intake", again=_list_again, is_alone=True)
def take_in(ask: Ask) -> Response:
    """Reads the file, outside any transaction, and enters its drafts.

    Answers with the report at once and not by leading to it, because what there is to say of the reading is
    kept nowhere. Sent twice, the same file is the same report.
    """
    engine = ask.desk.house.engine
    with reading(engine) as session:
        _keeper(seated(ask, session))
    sent = files(ask.form, "report")
    if not sent:
        raise WrongMoveError("Choose the file of a report or ledger.")
    paper = open_paper(sent[0].name, sent[0].content)
    with writing(engine) as session:
        keeper = _keeper(seated(ask, session))
        taken = reports.take_in(
            keeper.visit, paper, unit_for(keeper.visit, "intake", text(keeper.form, "unit"))
        )
        session.flush()
        notices = (*paper.reading.notices, *reports.notices_of(taken))
        answer = _review(keeper, taken.report.id, notices=notices)
        answer.headers["Content-Location"] = f"/reports/{taken.report.id}"
        return answer


def _keeper(ask: Ask) -> Ask:
    """The ask of somebody who may take a report in somewhere; for which unit is looked at with the unit."""
    if ask.person is None:
        raise SignInFirstError
    if "intake" not in ask.may:
        raise NotAllowedError("You may not do this here.")
    return ask


@family.get("/reports/{report}", "view-report")
def show(ask: Ask, report: str) -> Response:
    """The text with the quotes marked in it, and what was read beside it."""
    return _review(ask, _number(report))


def _review(
    ask: Ask, report: int, sentence: str = "", *, status: int = 200, notices: Sequence[Notice] = ()
) -> Response:
    found = visible_report(ask.visit, report)
    asked = number(ask.request.query_params, "page") or number(ask.form, "page") or 1
    return page(
        ask,
        "report.html",
        status=status,
        found=reviews.review(ask.visit, found, asked),
        chosen=_chosen(ask) if sentence and "seen" in ask.form else None,
        news=list(_news(ask)) if status == 409 else [],
        typed=own_fields(ask.form) if sentence and "first" in ask.form else {},
        kinds=list(Kind),
        sentence=sentence,
        assigned=number(ask.request.query_params, "assigned") or 0,
        waiting=number(ask.request.query_params, "waiting") or 0,
        notices=[ask.tell(one.sentence, **dict(one.values)) for one in notices],
        zone=ask.visit.office.zone,
    )


def _chosen(ask: Ask) -> list[str]:
    return [str(one) for one in ask.form.getlist("draft")]


def _seen(ask: Ask) -> dict[str, int]:
    """Reference -> version, of the chosen drafts as the page showed them."""
    pairs = (one.rpartition(":") for one in text(ask.form, "seen").split())
    chosen = set(_chosen(ask))
    return {
        reference: found
        for reference, _, version in pairs
        if reference in chosen and (found := number({"version": version}, "version")) is not None
    }


def _news(ask: Ask) -> Iterator[tuple[Item, tuple[Happening, ...]]]:
    """What happened to the chosen drafts since the page showed them."""
    for reference, version in _seen(ask).items():
        item = visible_item(ask.visit, reference)
        if found := news(ask.visit, item, version):
            yield item, found


def _review_again(ask: Ask, error: RefusedError, report: str) -> Response:
    return _review(ask, _number(report), ask.refusal(error), status=status_of(error))


@family.post("/reports/{report}/confirm", "confirm", again=_review_again)
def confirm(ask: Ask, report: str) -> Response:
    """Confirms the drafts that were chosen, and hands them to the owners that are proposed."""
    found = visible_report(ask.visit, _number(report))
    unit = ask.visit.directory.units[found.unit_id]
    require(ask.visit.directory, "confirm", ask.visit.actor, unit, ask.visit.today)
    chosen = _chosen(ask)
    if not chosen:
        raise WrongMoveError("Choose at least one draft.")
    done = reports.confirm(ask.visit, found, chosen, versions=_seen(ask))
    said = {"page": _page(ask), "assigned": len(done.assigned) or "", "waiting": len(done.unowned) or ""}
    return redirect(f"/reports/{found.id}{query({}, **said)}")


@family.post("/reports/{report}/drafts", "add-draft", again=_review_again)
def add(ask: Ask, report: str) -> Response:
    """Enters a draft of words of the report that the reading passed over."""
    found = visible_report(ask.visit, _number(report))
    unit = ask.visit.directory.units[found.unit_id]
    require(ask.visit.directory, "add-draft", ask.visit.actor, unit, ask.visit.today)
    kind = word(ask.form, "kind", Kind)
    if kind is None:
        raise WrongMoveError("Say whether it is a problem or a measure.")
    title = text(ask.form, "title")
    return redirect(place(ask, drafts.add(ask.visit, found, kind, passage(ask, found.text), title)))


def _page(ask: Ask) -> str:
    at = number(ask.form, "page") or 1
    return str(at) if at > 1 else ""


def _number(report: str) -> int:
    if not (report.isascii() and report.isdigit() and len(report) < 10):
        raise NotFoundError("There is no such page.")
    return int(report)
