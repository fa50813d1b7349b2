"""The application: the pages of all families behind the doors that every request passes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from config.house import House
from services.accounts import Bounds
from web import (
    audit,
    calendar_feed,
    circulars,
    coverage,
    drafts,
    entrance,
    files,
    health,
    items,
    ledger,
    mail_link,
    metrics,
    my_work,
    organisation,
    passwords,
    refusals,
    reminders,
    reports,
    rollups,
    rosters,
    runs,
    seals,
    single_sign_on,
)
from web.api import app as api
from web.api import problems
from web.deps import SESSION, Desk
from web.guards import YEAR, Address, Cookies, Signer
from web.headers import BoundedBody, OurHost, SafeHeaders
from web.pages import Family
from web.rendering import STATIC

if TYPE_CHECKING:
    from services.providers import Provider

FAMILIES: tuple[Family, ...] = (
    health.family,
    metrics.family,
    entrance.family,
    single_sign_on.family,
    passwords.family,
    mail_link.family,
    calendar_feed.family,
    my_work.family,
    ledger.family,
    items.family,
    circulars.family,
    drafts.family,
    reports.family,
    rollups.family,
    seals.family,
    coverage.family,
    audit.family,
    reminders.family,
    runs.family,
    organisation.family,
    rosters.family,
    files.family,
)


class Kept(StaticFiles):
    """Our own files; their addresses change with them, so browsers keep them."""

    def file_response(self, *words: object, **named: object) -> Response:
        """As the library's, with leave to keep it."""
        found = super().file_response(*words, **named)  # type: ignore[arg-type]
        found.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        return found


def create_app(house: House, address: Address, *, now: Callable[[], datetime] | None = None) -> FastAPI:
    """The application for an opened house, reached at `address`; `now` stands in for the clock."""
    cookies = Cookies(address.is_secure)
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(SafeHeaders, address=address),
            Middleware(OurHost, address=address),
            Middleware(BoundedBody, is_known=partial(_is_known, f"{cookies.name(SESSION)}=")),
        ],
        exception_handlers={HTTPException: _of_http},
    )
    app.state.desk = Desk(
        house=house,
        now=now or house.now,
        address=address,
        signer=Signer(house.settings.secret()),
        cookies=cookies,
        bounds=Bounds(
            timedelta(minutes=house.settings.session_idle), timedelta(minutes=house.settings.session_longest)
        ),
        provider=_provider(house, address),
    )
    for family in FAMILIES:
        app.router.routes.extend(family.routes())
    app.mount(api.PATH, api.create_api(app.state.desk), name="api")
    app.mount("/static", Kept(directory=STATIC), name="static")
    return app


def _provider(house: House, address: Address) -> "Provider | None":
    """By whom people may sign in; it sends them back to the pages at `address`."""
    named = house.settings.oidc
    if named is None:
        return None
    from services.providers import Provider, Registration  # noqa: PLC0415 - 11 MB for offices that name one

    return Provider(
        Registration(
            issuer=named.issuer,
            client_id=named.client_id,
            client_secret=named.secret(),
            claim=named.claim,
            name=named.name,
            redirect_uri=f"{address.origin}{single_sign_on.BACK}",
        )
    )


async def _of_http(request: Request, error: Exception) -> Response:
    """In the words of pages or of programs, whoever asked."""
    if request.url.path.startswith(f"{api.PATH}/"):
        return await problems.of_http(request, error)
    return await refusals.of_http(request, error)


def _is_known(cookie: str, scope: Scope) -> bool:
    """Whether a request may be large: of who is signed in; the door for programs looks for itself."""
    return scope["path"].startswith(f"{api.PATH}/") or cookie in Headers(scope=scope).get("cookie", "")
