"""The page behind a letter's link: one's own items without signing in, to acknowledge and to report on.

The link in the address says who comes. It opens what rules/permissions.py allows to links, decides nothing,
and is told to nobody: see SECRET_PATHS in rules/mail_links.py.
"""

from dataclasses import dataclass, replace

from starlette.datastructures import FormData
from starlette.responses import Response

from notifications.mail_links import calendar_path
from rules.errors import ChangedError, NotFoundError, RefusedError
from rules.lifecycle import Move
from rules.mail_links import Purpose
from services import mail_links
from services.moves import Wish
from services.office import LINK, Visit
from web.deps import Ask, locale_of, own_fields, redirect
from web.forms import number, text
from web.pages import Family
from web.refusals import status_of
from web.rendering import page, part

MOVES = (Move.ACKNOWLEDGE, Move.REPORT)
"""What the page has forms for; rules/permissions.py allows links no other."""

family = Family()


def visit_by_link(ask: Ask, purpose: Purpose, token: str) -> Visit | None:
    """The business of whoever the link names; None for one that opens nothing."""
    house, session = ask.desk.house, ask.transaction
    today = house.office.day(ask.now)
    person = mail_links.bearer(session, house.office.postbox.secret, purpose, token, today)
    return house.visit(session, person, now=ask.now, door=LINK) if person else None


@dataclass(frozen=True, slots=True)
class Guest:
    """Who came by a link: the ask in their language, their business, and the link's token."""

    ask: Ask
    visit: Visit
    token: str

    @property
    def is_signed_in(self) -> bool:
        """Whether the same person is signed in, and may see and do more elsewhere."""
        return self.ask.person is not None and self.ask.person.id == self.visit.actor.id


def _guest(ask: Ask, token: str) -> Guest | None:
    visit = visit_by_link(ask, Purpose.ITEMS, token)
    return Guest(replace(ask, locale=locale_of(ask, visit.actor)), visit, token) if visit else None


@family.get("/mail/{token}", "open-mail-link")
def show_all(ask: Ask, token: str) -> Response:
    """The open items of whoever the link names. Who is signed in as that person goes on to their work."""
    guest = _guest(ask, token)
    if guest is None:
        return _nothing(ask, token)
    if guest.is_signed_in:
        return redirect("/")
    calendar = calendar_path(guest.visit.office.postbox.secret, guest.visit.actor)
    return _page(guest, "mail_items.html", found=mail_links.own_items(guest.visit), calendar=calendar)


@family.get("/mail/{token}/{reference}", "open-mail-link")
def show(ask: Ask, token: str, reference: str) -> Response:
    """One item with what the link may do to it."""
    guest = _guest(ask, token)
    if guest is None:
        return _nothing(ask, token)
    return redirect(f"/items/{part(reference)}") if guest.is_signed_in else _item(guest, reference)


def _item(guest: Guest, reference: str, error: RefusedError | None = None) -> Response:
    """The item; after a refusal with its sentence, and with what was typed in the form that it came from."""
    ask = guest.ask
    typed = own_fields(ask.form) if error else {}
    try:
        found = mail_links.own_item(guest.visit, reference)
    except NotFoundError:
        return _page(guest, "mail_elsewhere.html", status=404, reference=reference, typed=typed)
    done = text(ask.request.query_params, "done")
    return _page(
        guest,
        "mail_item.html",
        status=status_of(error) if error else 200,
        found=found,
        moves=[move for move in MOVES if move in found.offers],
        done=done if done in MOVES and error is None else "",
        sentence=ask.refusal(error) if error else "",
        typed=typed,
    )


def _making(move: Move) -> None:
    """One address for each move that a link may make."""

    def again(ask: Ask, error: RefusedError, token: str, reference: str) -> Response:
        guest = _guest(ask, token)
        return _item(guest, reference, error) if guest else _nothing(ask, token)

    @family.post(f"/mail/{{token}}/{{reference}}/{move.value}", "act-by-link", again=again)
    def make(ask: Ask, token: str, reference: str) -> Response:
        guest = _guest(ask, token)
        if guest is None:
            return _nothing(ask, token)
        mail_links.act_by_link(guest.visit, reference, _wish(ask.form, move))
        return redirect(f"/mail/{token}/{part(reference)}?done={move.value}")


for each in MOVES:
    _making(each)


def _wish(form: FormData, move: Move) -> Wish:
    version = number(form, "version")
    if version is None:
        raise ChangedError("This form does not say what it was made for; open the page anew.")
    progress = number(form, "progress") if move is Move.REPORT else None
    return Wish(move, note=text(form, "note"), progress=progress, version=version)


@family.post("/mail/{token}", "renew-mail-link")
def renew(ask: Ask, token: str) -> Response:
    """Has a fresh link mailed to whom the old one names. Says the same to everybody."""
    address = ask.request.client.host if ask.request.client else ""
    mail_links.renew(ask.transaction, ask.desk.house.office, token, address, now=ask.now)
    return page(ask, "mail_renewed.html")


def _nothing(ask: Ask, token: str) -> Response:
    """A link that opens nothing: over, void, or none of ours. Which of them is not told."""
    return page(ask, "mail_over.html", status=410, token=token, typed=own_fields(ask.form))


def _page(guest: Guest, template: str, *, status: int = 200, **view: object) -> Response:
    visit = guest.visit
    return page(
        guest.ask,
        template,
        status=status,
        token=guest.token,
        reader=visit.actor.name,
        today=visit.today,
        contact=visit.office.postbox.office.contact,
        **view,
    )
