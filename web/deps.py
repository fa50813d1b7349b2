"""What a handler depends on: the request, who asks, in which language, and the token of their forms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse

from config.house import House
from documents.studio import Studio
from models.organisation import Person
from rules.errors import NotAllowedError, RefusedError
from rules.permissions import OFFICE_WIDE, TABLE
from services import accounts
from services.accounts import Bounds
from services.office import Visit
from services.shelves import Shelf
from texts import LOCALES, say
from texts.labels import MOVES, STATES, label
from web.guards import Address, Cookies, Signer, check_origin, new_token

if TYPE_CHECKING:
    from services.providers import Provider

SESSION, VISITOR, LANGUAGE = "session", "visitor", "language"
"""Cookies: who is signed in; a browser that is not; the language that was chosen."""


class SignInFirstError(Exception):
    """The page needs somebody who is signed in."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What all pages share."""

    house: House
    now: Callable[[], datetime]
    address: Address
    signer: Signer
    cookies: Cookies
    bounds: Bounds
    provider: "Provider | None" = None
    """By whom people may sign in, where one is named."""
    shelf: Shelf = field(default_factory=Shelf)
    """Roll-ups that were computed already."""
    studio: Studio = field(init=False)
    """Where charts are drawn."""

    @property
    def takes_passwords(self) -> bool:
        """Whether one may sign in with a password."""
        return self.house.settings.takes_passwords

    def __post_init__(self) -> None:
        object.__setattr__(self, "studio", Studio(self.house.office.folder / "charts"))


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, as a handler sees it."""

    desk: Desk
    request: Request
    form: FormData
    now: datetime
    locale: str
    token: str
    """Of the link in the address, of the session, or of a browser that is not signed in; what the form's
    token is bound to."""
    is_new_visitor: bool = False
    _session: Session | None = None
    _visit: Visit | None = None
    may: frozenset[str] = field(default=frozenset())
    """Actions that the person may take somewhere; those for the whole office, at the top of the tree."""

    @property
    def visit(self) -> Visit:
        """The business of whoever is signed in. A page for anybody has none."""
        if self._visit is None:
            raise RuntimeError("a page for anybody asks for a visit")
        return self._visit

    @property
    def transaction(self) -> Session:
        """The transaction of the request. A page that opens its own has none."""
        if self._session is None:
            raise RuntimeError("a page that opens its own transactions asks for one")
        return self._session

    @property
    def person(self) -> Person | None:
        """Who is signed in."""
        return self._visit.actor if self._visit else None

    @property
    def csrf(self) -> str:
        """The token that every form of ours carries."""
        return self.desk.signer.mark("form", self.token)

    def tell(self, sentence: str, **values: object) -> str:
        """`sentence` in the reader's language."""
        return say(self.locale, sentence, **values)

    def refusal(self, error: RefusedError) -> str:
        """The sentence of a refusal in the reader's language; moves and states in their words."""
        worded = {
            name: label(table, str(value), self.locale)
            for name, table in (("move", MOVES), ("state", STATES))
            if (value := error.values.get(name)) in table
        }
        return say(self.locale, error.sentence) % (error.values | worded)


def is_foreign(ask: Ask) -> bool:
    """Whether the form did not come from a page of ours."""
    try:
        check_origin(ask.request, ask.desk.address)
        check_form(ask)
    except NotAllowedError:
        return True
    return False


def check_form(ask: Ask) -> None:
    """Raises NotAllowedError for a form without the token that we gave it."""
    if not ask.desk.signer.holds(str(ask.form.get("csrf", "")), "form", ask.token):
        raise NotAllowedError("This form has expired; open the page anew and try again.")


def arrival(desk: Desk, request: Request, form: FormData) -> Ask:
    """The ask before anybody looked who it is."""
    # A link is a secret of its own, and asks for no cookie.
    session = request.path_params.get("token") or desk.cookies.read(request, SESSION)
    visitor = desk.cookies.read(request, VISITOR)
    token = session or visitor or new_token()
    return Ask(
        desk=desk,
        request=request,
        form=form,
        now=desk.now(),
        locale=_locale(desk, request),
        token=token,
        is_new_visitor=not session and not visitor,
    )


def seated(ask: Ask, session: Session) -> Ask:
    """The ask with the visit of whoever is signed in."""
    desk, ask = ask.desk, replace(ask, _session=session)
    token = desk.cookies.read(ask.request, SESSION)
    seat = accounts.seat(session, token, desk.bounds, ask.now) if token else None
    if seat is None:
        return ask
    if ask.request.method in {"GET", "HEAD"} and accounts.is_due(seat.seen_at, ask.now):
        accounts.mark_seen(desk.house.engine, token, ask.now)
    visit = desk.house.visit(session, seat.person, now=ask.now, door="page")
    held = visit.directory.held(seat.person.id, visit.today)
    at_top = visit.directory.roles_at_top(seat.person.id, visit.today)
    may = frozenset(
        action for action, roles in TABLE.items() if roles & (at_top if action in OFFICE_WIDE else held)
    )
    return replace(ask, _visit=visit, may=may, locale=locale_of(ask, seat.person))


def locale_of(ask: Ask, person: Person) -> str:
    """The language that was chosen in this browser, else the person's."""
    chosen = ask.desk.cookies.read(ask.request, LANGUAGE)
    return chosen if chosen in LOCALES else _spoken(person.locale)


def _locale(desk: Desk, request: Request) -> str:
    """The language that was chosen, else the browser's, else the house's."""
    chosen = desk.cookies.read(request, LANGUAGE)
    if chosen in LOCALES:
        return chosen
    spoken = request.headers.get("accept-language", "")
    return _spoken(spoken) if spoken.strip() not in {"", "*"} else desk.house.settings.language


def _spoken(words: str) -> str:
    return "zh_CN" if words.lower().startswith("zh") else "en"


def redirect(path: str) -> RedirectResponse:
    """An answer to a form that was done: the browser gets `path` next."""
    return RedirectResponse(path, status_code=303)


def sign_in_path(request: Request) -> str:
    """Where to sign in, and come back to what was asked for."""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/sign-in?next={quote(request.url.path + query, safe='')}"


def own_fields(form: FormData) -> Mapping[str, str]:
    """What a person wrote into a form, without our own hidden fields and without passwords."""
    hidden = {"csrf", "password", "new-password", "once-more", "version", "next"}
    return {
        name: value for name, value in form.items() if isinstance(value, str) and value and name not in hidden
    }
