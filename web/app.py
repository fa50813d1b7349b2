"""The application: the pages of all families behind the doors that every request passes."""

from collections.abc import Callable
from datetime import datetime, timedelta

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from config.house import House
from services.accounts import Bounds
from web import audit, coverage, entrance, files, health, items, ledger, my_work, refusals, reports, rollups
from web.deps import SESSION, Desk
from web.guards import YEAR, Address, Cookies, Signer
from web.headers import BoundedBody, OurHost, SafeHeaders
from web.pages import Family
from web.rendering import STATIC

FAMILIES: tuple[Family, ...] = (
    health.family,
    entrance.family,
    my_work.family,
    ledger.family,
    items.family,
    reports.family,
    rollups.family,
    coverage.family,
    audit.family,
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
            Middleware(BoundedBody, cookie=cookies.name(SESSION)),
        ],
        exception_handlers={HTTPException: refusals.of_http},
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
    )
    for family in FAMILIES:
        app.router.routes.extend(family.routes())
    app.mount("/static", Kept(directory=STATIC), name="static")
    return app
