"""The door of every page: who asks, whether they may, one transaction, and what is said when it is refused.

A page is a handler with its path, its method and its action. `Page` reads the request, checks origin and
token, finds who is signed in, opens one transaction, calls the handler, and commits before the answer leaves.
All of it happens in one worker thread: a request never holds a connection while it waits for a thread.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from models.session import reading, writing
from rules.errors import NotAllowedError, NotFoundError, RefusedError
from rules.permissions import FOR_ANYBODY, FOR_LINK_HOLDERS, FOR_THE_SIGNED_IN, GRANTED, TABLE
from web import refusals
from web.deps import VISITOR, Ask, Desk, SignInFirstError, arrival, check_form, is_foreign, seated
from web.guards import check_origin, is_secret

Handler = Callable[..., Response]

FIELDS, FILES = 200, 10
"""How many fields and files one form may hold."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """One address with what it takes to be answered; an ASGI application of its own."""

    path: str
    method: str
    action: str
    handler: Handler
    again: Handler | None = None
    """Shows a refused form anew: called with the ask, the refusal and the path's values."""
    is_alone: bool = False
    """Whether the handler opens its own transactions."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if self.method == "POST":
            async with request.form(max_files=FILES, max_fields=FIELDS) as form:
                response = await run_in_threadpool(self.answer, request, form)
        else:
            response = await run_in_threadpool(self.answer, request, FormData())
        await response(scope, receive, send)

    def answer(self, request: Request, form: FormData) -> Response:
        """The page, or what is said instead of it."""
        desk: Desk = request.app.state.desk
        try:
            response, ask = self._serve(desk, request, form)
        except SignInFirstError:
            return refusals.sign_in_first(arrival(desk, request, form))
        except RefusedError as error:
            return refusals.hinting(self._refused(desk, request, form, error))
        except Exception:
            log.exception("%s %s", request.method, self._shown(request))
            return refusals.broken(arrival(desk, request, form))
        return _with_visitor(response, ask)

    def _serve(self, desk: Desk, request: Request, form: FormData) -> tuple[Response, Ask]:
        ask = arrival(desk, request, form)
        if "\0" in request.url.path or "%00" in str(request.url.query):
            raise NotFoundError("There is no such page.")
        if self.method == "POST":
            check_origin(request, desk.address)
            check_form(ask)
        if self.is_alone:
            return self.handler(ask, **request.path_params), ask
        with self._transaction(desk) as session:
            ask = self._allowed(seated(ask, session))
            return self.handler(ask, **request.path_params), ask

    @contextmanager
    def _transaction(self, desk: Desk) -> Iterator[Session]:
        opened = writing if self.method == "POST" else reading
        with opened(desk.house.engine) as session:
            yield session

    @property
    def _needs_nobody(self) -> bool:
        """Whether nobody has to be signed in; a link in the address says by itself who comes."""
        return self.action in FOR_ANYBODY | FOR_LINK_HOLDERS

    def _shown(self, request: Request) -> str:
        """The address as logs may tell it."""
        return self.path if is_secret(request.url.path) else request.url.path

    def _allowed(self, ask: Ask) -> Ask:
        """The ask of somebody who may take the action somewhere; the handler looks at the object."""
        if self._needs_nobody:
            return ask
        if ask.person is None:
            raise SignInFirstError
        if (
            self.action not in FOR_THE_SIGNED_IN
            and TABLE[self.action] <= GRANTED
            and self.action not in ask.may
        ):
            raise NotAllowedError("You may not do this here.")
        return ask

    def _refused(self, desk: Desk, request: Request, form: FormData, error: RefusedError) -> Response:
        """The form again, with what was typed; where the page has no such thing, a page that says why."""
        try:
            with reading(desk.house.engine) as session:
                ask = seated(arrival(desk, request, form), session)
                if self.again and (ask.person or self._needs_nobody) and not is_foreign(ask):
                    return _with_visitor(self.again(ask, error, **request.path_params), ask)
                return refusals.refused(ask, error)
        except RefusedError as second:
            return refusals.refused(arrival(desk, request, form), second)


def _with_visitor(response: Response, ask: Ask) -> Response:
    if ask.is_new_visitor and "text/html" in response.headers.get("content-type", ""):
        ask.desk.cookies.write(response, VISITOR, ask.token)
    return response


class Family:
    """The pages of one family, collected by decorators."""

    def __init__(self) -> None:
        self.pages: list[Page] = []

    def get(self, path: str, action: str, *, is_alone: bool = False) -> Callable[[Handler], Handler]:
        """Registers the handler for GET; it reads and changes nothing."""
        return self._adding(path, "GET", action, is_alone=is_alone)

    def post(
        self, path: str, action: str, *, again: Handler | None = None, is_alone: bool = False
    ) -> Callable[[Handler], Handler]:
        """Registers the handler for a form; `again` shows the form anew when it is refused."""
        return self._adding(path, "POST", action, again, is_alone=is_alone)

    def _adding(
        self, path: str, method: str, action: str, again: Handler | None = None, *, is_alone: bool = False
    ) -> Callable[[Handler], Handler]:
        if action not in FOR_ANYBODY | FOR_LINK_HOLDERS | FOR_THE_SIGNED_IN | set(TABLE):
            raise KeyError(action)

        def add(handler: Handler) -> Handler:
            self.pages.append(Page(path, method, action, handler, again, is_alone))
            return handler

        return add

    def routes(self) -> list[Route]:
        """The pages as routes; HEAD is answered as GET is."""
        return [Route(page.path, page, methods=[page.method]) for page in self.pages]
