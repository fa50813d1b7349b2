"""The application for programs, which the pages' application holds under /api/v1."""

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from rules.errors import RefusedError
from web.api import items, moves, organisation, problems, reports, rollups
from web.api.door import BEARER, DESCRIPTION, TokenDoor
from web.deps import Desk
from web.headers import BoundedBody

PATH = "/api/v1"
ROUTERS = (items.router, moves.router, reports.router, rollups.router, organisation.router)
ABOUT = """Items, moves, reports, roll-ups and people of an office, for programs.

A program acts for a person by a token, and may do what that person may, within the token's scopes. Every
POST bears a name of its own in Idempotency-Key. Refusals are application/problem+json, their sentences in
Chinese or English after Accept-Language.
"""


def create_api(desk: Desk) -> FastAPI:
    """The application, for the desk that it shares with the pages."""
    api = FastAPI(
        title="Rectify",
        version="1",
        description=ABOUT,
        openapi_url=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        responses=problems.ANSWERS,
        dependencies=[Depends(BEARER)],
        middleware=[Middleware(TokenDoor, desk=desk), Middleware(BoundedBody, is_known=lambda _: True)],
        exception_handlers={
            RefusedError: problems.of_refusal,
            RequestValidationError: problems.of_validation,
            HTTPException: problems.of_http,
            Exception: problems.of_fault,
        },
    )
    api.state.desk = desk
    for router in ROUTERS:
        api.include_router(router)
    return api
