"""Reports: taking one in, looking through what was read from it, and handing it over."""

from collections.abc import Sequence

from starlette.responses import Response

from documents.paper import open_paper
from documents.reading import Notice
from models.organisation import Unit
from models.session import reading, writing
from rules.errors import NotAllowedError, NotFoundError, RefusedError, WrongMoveError
from services import reports, reviews
from services.access import require
from services.visibility import units_for, visible_report
from web.deps import Ask, SignInFirstError, redirect, seated
from web.forms import files, number, text
from web.pages import Family
from web.refusals import status_of
from web.rendering import page

family = Family()


@family.get("/reports", "view-report")
def show_all(ask: Ask) -> Response:
    """The reports that the reader may see, and the form for another one."""
    return _list(ask)


def _list(ask: Ask, sentence: str = "", *, status: int = 200) -> Response:
    units = ask.visit.directory.units
    own = [units[unit] for unit in sorted(units_for(ask.visit, "intake"))]
    return page(
        ask,
        "reports.html",
        status=status,
        rows=reviews.listed(ask.visit),
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
        taken = reports.take_in(keeper.visit, paper, _unit(keeper))
        session.flush()
        return _review(keeper, taken.report.id, notices=(*paper.reading.notices, *reports.notices_of(taken)))


def _keeper(ask: Ask) -> Ask:
    """The ask of somebody who may take a report in somewhere; for which unit is looked at with the unit."""
    if ask.person is None:
        raise SignInFirstError
    if "intake" not in ask.may:
        raise NotAllowedError("You may not do this here.")
    return ask


def _unit(ask: Ask) -> Unit:
    code = text(ask.form, "unit")
    own = units_for(ask.visit, "intake")
    found = [unit for unit in ask.visit.directory.units.values() if unit.id in own and unit.code == code]
    if not found:
        raise NotFoundError("There is no unit %(code)s.", code=code[:40])
    return found[0]


@family.get("/reports/{report}", "view-report")
def show(ask: Ask, report: str) -> Response:
    """The text with the quotes marked in it, and what was read beside it."""
    return _review(ask, _number(report))


def _review(
    ask: Ask, report: int, sentence: str = "", *, status: int = 200, notices: Sequence[Notice] = ()
) -> Response:
    found = visible_report(ask.visit, report)
    chosen = [str(one) for one in ask.form.getlist("draft")]
    return page(
        ask,
        "report.html",
        status=status,
        found=reviews.review(ask.visit, found, number(ask.request.query_params, "page") or 1),
        chosen=chosen if sentence else None,
        sentence=sentence,
        notices=[ask.tell(one.sentence, **dict(one.values)) for one in notices],
        zone=ask.visit.office.zone,
    )


def _review_again(ask: Ask, error: RefusedError, report: str) -> Response:
    return _review(ask, _number(report), ask.refusal(error), status=status_of(error))


@family.post("/reports/{report}/confirm", "confirm", again=_review_again)
def confirm(ask: Ask, report: str) -> Response:
    """Confirms the drafts that were chosen, and hands them to the owners that are proposed."""
    found = visible_report(ask.visit, _number(report))
    unit = ask.visit.directory.units[found.unit_id]
    require(ask.visit.directory, "confirm", ask.visit.actor, unit, ask.visit.today)
    chosen = [str(one) for one in ask.form.getlist("draft")]
    if not chosen:
        raise WrongMoveError("Choose at least one draft.")
    reports.confirm(ask.visit, found, chosen)
    return redirect(f"/reports/{found.id}{_page(ask)}")


def _page(ask: Ask) -> str:
    at = number(ask.form, "page") or 1
    return f"?page={at}" if at > 1 else ""


def _number(report: str) -> int:
    if not (report.isascii() and report.isdigit() and len(report) < 10):
        raise NotFoundError("There is no such page.")
    return int(report)
