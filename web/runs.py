"""Runs 运行记录: what ran, what it did, what is late or failed, and running something now."""

from datetime import timedelta

from starlette.responses import Response

from models.session import reading, writing
from rules.errors import NotAllowedError, RefusedError
from rules.leaves import leaf
from services import runs, schedules
from services.schedules import FLOWS, Flow, Picture, Scheduler
from services.visibility import units_for
from web.deps import Ask, SignInFirstError, redirect, seated
from web.forms import number, text, word
from web.guards import new_token
from web.pages import Family
from web.refusals import status_of
from web.rendering import page

ROWS = 50
"""Runs of our own table on one page."""
LONGEST_ONCE = 64
"""Characters of what tells one form of the page from another."""
FRESH = timedelta(days=3)
"""How long a failure stands before what came after it."""

family = Family()


@family.get("/runs", "view-runs", is_alone=True)
def show(ask: Ask) -> Response:
    """The flows, their runs as Prefect has them, and what our own table keeps.

    Prefect is asked outside any transaction, and by nobody who may not see its answer.
    """
    _allowed_once(ask, "view-runs")
    picture = schedules.picture(_scheduler(ask), ask.now)
    with reading(ask.desk.house.engine) as session:
        return _list(_allowed(seated(ask, session), "view-runs"), picture)


def _scheduler(ask: Ask) -> Scheduler:
    settings = ask.desk.house.settings
    return Scheduler(settings.prefect_api, settings.prefect_login())


def _allowed_once(ask: Ask, action: str) -> None:
    with reading(ask.desk.house.engine) as session:
        _allowed(seated(ask, session), action)


def _allowed(ask: Ask, action: str) -> Ask:
    if ask.person is None:
        raise SignInFirstError
    if action not in ask.may:
        raise NotAllowedError("You may not do this here.")
    return ask


def _list(ask: Ask, picture: Picture | None, sentence: str = "", *, status: int = 200) -> Response:
    visit, said = ask.visit, ask.request.query_params
    session, zone = visit.session, visit.office.zone
    name = text(said, "flow") if text(said, "flow") in FLOWS else ""
    total = runs.count(session, name)
    shown = leaf(number(said, "page"), total, ROWS)
    traces = runs.traces(session, zone, visit.now - FRESH, name=name, start=shown.start, most=ROWS)
    return page(
        ask,
        "runs.html",
        status=status,
        sentence=sentence,
        is_asked=ask.request.method == "GET",
        picture=picture,
        kept=runs.of_flow_runs(session, zone, [run.key for run in picture.runs] if picture else []),
        beats=runs.beats(session, zone),
        flows=FLOWS,
        startable=list(Flow) if "start-run" in ask.may else [],
        # A form that comes again after Prefect was silent asks for the same run.
        once=text(ask.form, "once")[:LONGEST_ONCE] or new_token(),
        traces=traces,
        chosen=name,
        words={"flow": name},
        leaf=shown,
        zone=zone,
        started=text(said, "started"),
        prefect=_own_pages(ask),
    )


def _own_pages(ask: Ask) -> str:
    """The address of Prefect's own pages, for those who run the machine."""
    is_admin = "edit-organisation" in ask.may
    return ask.desk.house.settings.prefect_api.removesuffix("/api") if is_admin else ""


def _list_again(ask: Ask, error: RefusedError) -> Response:
    return _list(_allowed(ask, "start-run"), None, ask.refusal(error), status=status_of(error))


@family.post("/runs/start", "start-run", again=_list_again, is_alone=True)
def start(ask: Ask) -> Response:
    """Asks Prefect for a run now, once for each form that was shown, then writes down who did."""
    with reading(ask.desk.house.engine) as session:
        visit = _allowed(seated(ask, session), "start-run").visit
        once = f"page:{visit.actor.id}:{text(ask.form, 'once')[:LONGEST_ONCE]}"
    flow = word(ask.form, "flow", Flow)
    key = schedules.start(_scheduler(ask), flow, once)
    with writing(ask.desk.house.engine) as session:
        runs.note_start(_allowed(seated(ask, session), "start-run").visit, str(flow), key)
    return redirect(f"/runs?started={flow}")


@family.get("/runs/run", "view-runs", is_alone=True)
def look(ask: Ask) -> Response:
    """One run: its state and times, what it did, its log, and what it left behind."""
    _allowed_once(ask, "view-runs")
    key = text(ask.request.query_params, "run")
    found = schedules.story(_scheduler(ask), key) if key else None
    with reading(ask.desk.house.engine) as session:
        seat = _allowed(seated(ask, session), "view-runs")
        zone = seat.visit.office.zone
        return page(
            seat,
            "run.html",
            story=found,
            traces=runs.of_flow_runs(session, zone, [key]).get(key, []),
            sees_all=_sees_all(seat),
            sees_log=_sees_all(seat) or "edit-organisation" in seat.may,
            zone=zone,
        )


def _sees_all(ask: Ask) -> bool:
    """Whether every item is the reader's to see: tables that runs leave may name any of them."""
    return len(units_for(ask.visit, "view-item")) == len(ask.visit.directory.units)
