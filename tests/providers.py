"""A small provider of OpenID Connect, served on loopback, with a key of its own, doing as a test wants."""

import base64
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "rectify", "a-secret-of-the-test"


@cache
def key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Idp:
    """Who is at its door, what it says of them, and what it does otherwise than it should."""

    now: Callable[[], datetime]
    url: str = ""
    person: dict[str, Any] = field(
        default_factory=lambda: {"sub": "7", "email": "owner@office.example", "email_verified": True}
    )
    profile: dict[str, Any] = field(default_factory=dict)
    otherwise: dict[str, Any] = field(default_factory=dict)
    """Claims that it gets wrong."""
    document: dict[str, Any] = field(default_factory=dict)
    """What it says otherwise of itself."""
    signs_with: str = "one"
    publishes: tuple[str, ...] = ("one",)
    header: dict[str, Any] = field(default_factory=dict)
    is_down: bool = False
    refuses: bool = False
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def discovery(self, _: Request) -> Response:
        said = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/profile",
            "jwks_uri": f"{self.url}/keys",
        }
        return self._answer("discovery", said | self.document)

    def keys(self, _: Request) -> Response:
        return self._answer("keys", {"keys": [key(name).as_dict(private=False) for name in self.publishes]})

    def authorize(self, request: Request) -> Response:
        said = dict(request.query_params)
        wanted = {"response_type": "code", "client_id": CLIENT, "code_challenge_method": "S256"}
        if wanted.items() - said.items() or "openid" not in said["scope"].split():
            return JSONResponse({"error": "invalid_request"}, 400)
        if self.refuses:
            return self._back(said, error="access_denied")
        code = secrets.token_urlsafe(16)
        self.codes[code] = said
        return self._back(said, code=code)

    def _back(self, said: dict[str, str], **words: str) -> Response:
        query = urlencode({**words, "state": said["state"], "iss": self.url})
        return RedirectResponse(f"{said['redirect_uri']}?{query}", 302)

    async def token(self, request: Request) -> Response:
        form = dict(await request.form())
        login = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {login}":
            return JSONResponse({"error": "invalid_client"}, 401)
        begun = self.codes.pop(str(form["code"]), None)
        if (
            begun is None
            or begun["redirect_uri"] != form["redirect_uri"]
            or begun["code_challenge"] != challenge(str(form["code_verifier"]))
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        said = {
            "access_token": "of-the-test",
            "token_type": "Bearer",
            "id_token": self._signed(begun["nonce"]),
        }
        return self._answer("token", said)

    def _signed(self, nonce: str) -> str:
        at = int(self.now().timestamp())
        claims = {"iss": self.url, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": nonce} | self.person
        header = {"alg": "RS256", "kid": self.signs_with} | self.header
        return jwt.encode(header, claims | self.otherwise, key(self.signs_with), algorithms=["RS256"])

    def about(self, request: Request) -> Response:
        if request.headers.get("authorization") != "Bearer of-the-test":
            return JSONResponse({"error": "invalid_token"}, 401)
        return self._answer("profile", self.profile)

    def _answer(self, what: str, said: dict[str, Any]) -> Response:
        self.asked.append(what)
        return JSONResponse({"error": "server_error"}, 503) if self.is_down else JSONResponse(said)


@contextmanager
def running(idp: Idp) -> Iterator[Idp]:
    """Serves the provider on a free port."""
    routes = [
        Route("/.well-known/openid-configuration", idp.discovery),
        Route("/keys", idp.keys),
        Route("/authorize", idp.authorize),
        Route("/token", idp.token, methods=["POST"]),
        Route("/profile", idp.about),
    ]
    config = uvicorn.Config(
        Starlette(routes=routes), port=0, ws="none", lifespan="off", log_level="error", access_log=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    idp.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield idp
    finally:
        server.should_exit = True
        thread.join()
