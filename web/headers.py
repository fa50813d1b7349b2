"""What every answer says to browsers, and what no request gets past."""

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.evidence import LARGEST
from web.guards import YEAR, Address, is_secret

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAFE = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
SAFE_FOR_SECRETS = SAFE | {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}
LARGEST_FORM = 2 * LARGEST
"""Bytes of a request by somebody who is signed in: a few files and what was written with them."""
LARGEST_FROM_STRANGERS = 64 * 1024
TOO_LARGE = PlainTextResponse("This is more than a form may hold.\n", 413)
HEALTH = frozenset({"/healthz", "/readyz", "/metrics"})


class SafeHeaders:
    """Adds the headers of `SAFE` to every answer that does not bring its own."""

    def __init__(self, app: ASGIApp, *, address: Address) -> None:
        self._app = app
        strict = {"Strict-Transport-Security": f"max-age={YEAR}; includeSubDomains"}
        self._always = strict if address.is_secure else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                safe = SAFE_FOR_SECRETS if is_secret(scope["path"]) else SAFE
                for name, value in (safe | self._always).items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_safely)


class OurHost:
    """Refuses requests that name another host: a foreign name that leads here is somebody's trick."""

    def __init__(self, app: ASGIApp, *, address: Address) -> None:
        self._app = app
        self._hosts = address.hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = scope["type"] == "http" and scope["path"] not in HEALTH
        if is_page and Headers(scope=scope).get("host", "") not in self._hosts:
            refusal = PlainTextResponse("These pages are not reached by this name.\n", status_code=421)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


class TooLargeError(Exception):
    """More came than a form may hold."""


class BoundedBody:
    """Reads no more of a request than a form may hold; of a stranger's, than a sign-in may."""

    def __init__(self, app: ASGIApp, *, is_known: Callable[[Scope], bool]) -> None:
        self._app = app
        self._is_known = is_known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = LARGEST_FORM if self._is_known(scope) else LARGEST_FROM_STRANGERS
        if int(Headers(scope=scope).get("content-length") or 0) > most:
            await TOO_LARGE(scope, receive, send)
            return
        left, is_begun = most, False

        async def receive_bounded() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise TooLargeError
            return message

        async def send_noting(message: Message) -> None:
            nonlocal is_begun
            is_begun = True
            await send(message)

        try:
            await self._app(scope, receive_bounded, send_noting)
        except TooLargeError:
            if is_begun:
                raise
            await TOO_LARGE(scope, receive, send)
