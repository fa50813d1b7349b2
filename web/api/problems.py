"""Refusals as programs read them: application/problem+json (RFC 9457)."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from rules.errors import RefusedError
from texts import say
from web.refusals import hinting, status_of

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


class Fault(BaseModel):
    """One place of a request that is not as it should be."""

    place: str = Field(description="Where, such as `body.progress`.")
    message: str


class Problem(BaseModel):
    """Why nothing was done."""

    title: str = Field(description="The kind of refusal; the name of the error in the house.")
    status: int
    detail: str = Field(description="One sentence, in the language of Accept-Language.")
    faults: list[Fault] = Field(default=[], description="For a request that cannot be understood.")


TITLES = {400: "Bad request", 404: "Not found", 405: "Method not allowed"}
ANSWERS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": words, "content": {MEDIA_TYPE: {}}}
    for status, words in (
        (400, "The request cannot be read."),
        (401, "No token, or one that has ended."),
        (403, "The token's scopes or its person's roles do not allow it."),
        (404, "There is no such thing, or none that the token's person may see."),
        (409, "It was changed meanwhile, or the key was used for another request."),
        (413, "The request is larger than what is taken."),
        (422, "It cannot be done with what was said."),
        (503, "The database is held by somebody else; try again."),
    )
}
"""What every address may answer beside its own, for the description of the interface."""


def locale_of(headers: Mapping[str, str]) -> str:
    """The language of sentences in an answer."""
    return "zh_CN" if headers.get("accept-language", "").lower().startswith("zh") else "en"


def problem(status: int, title: str, detail: str, faults: list[Fault] | None = None) -> Response:
    """The answer that says why nothing was done."""
    said = Problem(title=title, status=status, detail=detail, faults=faults or [])
    content = said.model_dump(exclude_defaults=True)
    return Response(json.dumps(content, ensure_ascii=False).encode(), status, media_type=MEDIA_TYPE)


async def of_refusal(request: Request, error: Exception) -> Response:
    """A refusal of the house."""
    if not isinstance(error, RefusedError):
        raise error
    detail = say(locale_of(request.headers), error.sentence) % error.values
    return hinting(problem(status_of(error), type(error).__name__.removesuffix("Error"), detail))


async def of_validation(request: Request, error: Exception) -> Response:
    """A request that is not as the description says."""
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [
        Fault(place=".".join(str(part) for part in one["loc"]), message=one["msg"]) for one in error.errors()
    ]
    detail = say(locale_of(request.headers), "This request cannot be understood.")
    return problem(422, "Not understood", detail, faults)


async def of_http(request: Request, error: Exception) -> Response:
    """What the framework refuses."""
    if not isinstance(error, HTTPException):
        raise error
    known = {404: "There is no such page.", 405: "This address takes no such request."}
    sentence = known.get(error.status_code, "This request cannot be understood.")
    title = TITLES.get(error.status_code, "Bad request")
    answer = problem(error.status_code, title, say(locale_of(request.headers), sentence))
    answer.headers.update(error.headers or {})
    return answer


async def of_fault(request: Request, error: Exception) -> Response:
    """Something broke on our side; the log says what."""
    log.error("%s %s", request.method, request.url.path, exc_info=error)
    sentence = "Something went wrong on our side; nothing was changed. The log of the pages says what."
    return problem(500, "Broken", say(locale_of(request.headers), sentence))
