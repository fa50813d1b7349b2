"""The door for programs: whose token it is, within which scope, one transaction, and nothing done twice."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.security import HTTPBearer
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from models.organisation import Person
from models.session import reading, writing
from rules.errors import NotAllowedError
from rules.permissions import FOR_THE_SIGNED_IN, GRANTED, TABLE
from rules.scopes import Scope as TokenScope
from services import tokens
from services.office import Visit
from services.tokens import Answer, Holder
from texts import say
from web.api.problems import locale_of, problem
from web.deps import Desk

DESCRIPTION = "/openapi.json"
"""What anybody may read: it tells nothing of the office."""
BEARER = HTTPBearer(auto_error=False, description="A token made with `rectify token make`.")

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="The program's own name for this request. Sent again under it within seven days, the "
        "same request is answered as before and not carried out twice; another request is refused with 409.",
    ),
]


class TokenDoor:
    """Lets nobody in without a token, before anything of the request is read."""

    def __init__(self, app: ASGIApp, *, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].endswith(DESCRIPTION):
            headers = Headers(scope=scope)
            holder = await run_in_threadpool(self._holder, headers.get("authorization", ""))
            if holder is None:
                await _unknown(headers)(scope, receive, send)
                return
            scope.setdefault("state", {})["holder"] = holder
        await self._app(scope, receive, send)

    def _holder(self, said: str) -> Holder | None:
        kind, _, token = said.partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            return None
        with reading(self._desk.house.engine) as session:
            return tokens.holder(session, token.strip(), self._desk.now())


def _unknown(headers: Mapping[str, str]) -> Response:
    sentence = say(locale_of(headers), "No token, or one that has ended; rectify token make gives one.")
    answer = problem(401, "No token", sentence)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@dataclass(frozen=True, slots=True)
class Door:
    """One request of a program, let in by its token."""

    desk: Desk
    request: Request
    holder: Holder
    action: str

    @contextmanager
    def reading(self) -> Iterator[Visit]:
        """The business of the token's person; what it changes is thrown away."""
        with reading(self.desk.house.engine) as session:
            yield self._visit(session)

    @contextmanager
    def writing(self) -> Iterator[Visit]:
        """The business of the token's person, committed at the end of the block."""
        with writing(self.desk.house.engine) as session:
            yield self._visit(session)

    def once(
        self, key: str, content: bytes, work: Callable[[Visit], BaseModel], status: int = 200
    ) -> Response:
        """The answer of `work`, carried out once for each key.

        `content` is all that tells this request from another at the same address. Answer and change are
        committed together; a refused request leaves the key free.
        """
        url = self.request.url
        named = f"{self.request.method} {url.path}?{url.query}\n".encode()
        with self.writing() as visit:
            digest = sha256(named + content).hexdigest()
            answer = tokens.answered(visit.session, self.holder.token_id, key, digest, visit.now)
            is_repeated = answer is not None
            if answer is None:
                answer = Answer(status, work(visit).model_dump_json().encode())
                tokens.keep(visit.session, self.holder.token_id, key, answer)
        headers = {"Idempotent-Replayed": "true"} if is_repeated else {}
        return Response(answer.body, answer.status, headers, "application/json")

    def _visit(self, session: Session) -> Visit:
        person = session.get_one(Person, self.holder.person_id)
        visit = self.desk.house.visit(session, person, now=self.desk.now(), door="api")
        held = visit.directory.held(person.id, visit.today)
        roles = TABLE.get(self.action, frozenset())
        if self.action not in FOR_THE_SIGNED_IN and roles <= GRANTED and not roles & held:
            raise NotAllowedError("You may not do this here.")
        return visit


def entering(scope: TokenScope, action: str) -> Any:
    """What a path function depends on: the door, for a token of this scope, towards this action."""
    if action not in FOR_THE_SIGNED_IN | set(TABLE):
        raise KeyError(action)

    def enter(request: Request) -> Door:
        holder: Holder = request.state.holder
        if scope not in holder.scopes:
            raise NotAllowedError("This token was made without the scope %(scope)s.", scope=scope)
        return Door(request.app.state.desk, request, holder, action)

    return Depends(enter)
