"""My work 待我处理: what waits for whoever is signed in."""

from starlette.responses import Response

from notifications.mail_links import calendar_path
from rules.lights import Light
from services import findings, worklists
from services.findings import Filter, FoundItem
from services.worklists import Work
from web.deps import Ask
from web.pages import Family
from web.rendering import page

SHOWN = 10
"""Items of each kind of work on the page; the ledger opens with all of them."""

family = Family()


@family.get("/", "see-own-work")
def show(ask: Ask) -> Response:
    """The kinds of work that wait, each with its number and its first items by deadline."""
    visit = ask.visit
    waiting = {work: number for work, number in worklists.counts(visit).items() if number}
    lists: dict[Work, list[FoundItem]] = {
        work: findings.find(visit, Filter(work=work), most=SHOWN) for work in waiting
    }
    lights = [(light, _lit(ask, light)) for light in (Light.OVERDUE, Light.DUE_SOON)]
    return page(
        ask,
        "my_work.html",
        counts=waiting,
        lists=lists,
        shown=SHOWN,
        today=visit.today,
        lights=[(light, number) for light, number in lights if number],
        owner=visit.actor.id,
        calendar=calendar_path(visit.office.postbox.secret, visit.actor),
    )


def _lit(ask: Ask, light: Light) -> int:
    return findings.count(ask.visit, Filter(light=light, owner=ask.visit.actor.id))
