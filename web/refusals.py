"""What is said instead of a page: refusals with their sentence, signing in first, and what broke."""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rules.errors import (
    BusyError,
    ChangedError,
    NotAllowedError,
    NotFoundError,
    RefusedError,
    TooOftenError,
)
from web.deps import Ask, Desk, arrival, own_fields, sign_in_path
from web.rendering import page

STATUS: dict[type[RefusedError], int] = {
    NotFoundError: 404,
    NotAllowedError: 403,
    ChangedError: 409,
    TooOftenError: 429,
    BusyError: 503,
}


AGAIN_AFTER = {429: "900", 503: "5"}
"""Status -> seconds."""


def status_of(error: RefusedError) -> int:
    """The HTTP status of a refusal; 422 for what could not be done with what was said."""
    return STATUS.get(type(error), 422)


def refused(ask: Ask, error: RefusedError) -> Response:
    """A page with the sentence of the refusal, and what was typed into the form."""
    status = status_of(error)
    return page(
        ask,
        "refusal.html",
        status=status,
        sentence=ask.refusal(error),
        typed=own_fields(ask.form),
        status_code=status,
    )


def hinting(answer: Response) -> Response:
    """The answer, with when it is worth asking again."""
    if answer.status_code in AGAIN_AFTER:
        answer.headers["Retry-After"] = AGAIN_AFTER[answer.status_code]
    return answer


def sign_in_first(ask: Ask) -> Response:
    """To the sign-in and back; a form that came too late is shown with what was typed into it."""
    if ask.request.method == "POST":
        sentence = ask.tell("You were signed out meanwhile; nothing was done. Sign in and try again.")
        typed = own_fields(ask.form)
        return page(ask, "refusal.html", status=401, sentence=sentence, typed=typed, status_code=401)
    return RedirectResponse(sign_in_path(ask.request), status_code=303)


def broken(ask: Ask) -> Response:
    """Something went wrong on our side; the log says what."""
    sentence = ask.tell(
        "Something went wrong on our side; nothing was changed. The log of the pages says what."
    )
    return page(
        ask, "refusal.html", status=500, sentence=sentence, typed=own_fields(ask.form), status_code=500
    )


async def of_http(request: Request, error: Exception) -> Response:
    """What the framework refuses: addresses that there are not, methods that a page does not take."""
    return await run_in_threadpool(_of_http, request, error)


def _of_http(request: Request, error: Exception) -> Response:
    desk: Desk = request.app.state.desk
    ask = arrival(desk, request, FormData())
    status = error.status_code if isinstance(error, HTTPException) else 500
    known = {404: ask.tell("There is no such page."), 405: ask.tell("This address takes no such request.")}
    sentence = known.get(status) or ask.tell("This request cannot be understood.")
    found = page(ask, "refusal.html", status=status, sentence=sentence, typed={}, status_code=status)
    if isinstance(error, HTTPException) and error.headers:
        found.headers.update(error.headers)
    return found
