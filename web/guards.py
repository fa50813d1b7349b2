"""What a request has to show before anything is done for it: where it comes from, and its tokens."""

import hmac
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from rules.errors import NotAllowedError, SettingError
from rules.mail_links import SECRET_PATHS

YEAR = 365 * 24 * 3600
LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes and checks marks that only this house can make; each purpose has its own."""

    secret: bytes

    def mark(self, purpose: str, *parts: object) -> str:
        """64 hex digits over purpose and parts."""
        # Lengths go in too, so that no two lists of parts are spelled alike.
        spelled = "".join(f"{len(str(part))}:{part}" for part in (purpose, *parts))
        return hmac.new(self.secret, b"web:" + spelled.encode(), sha256).hexdigest()

    def holds(self, mark: str, purpose: str, *parts: object) -> bool:
        """Whether `mark` is the mark of these parts."""
        return hmac.compare_digest(mark.encode(), self.mark(purpose, *parts).encode())


@dataclass(frozen=True, slots=True)
class Address:
    """Where the pages are: what links and cookies, Origin and Host are held against."""

    origin: str
    also: frozenset[str] = frozenset()
    """Other origins by which the same pages are reached, on this machine."""

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the pages through TLS."""
        return self.origin.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """The values of Host that name us."""
        return frozenset(urlsplit(origin).netloc for origin in (self.origin, *self.also))


def address_of(base_url: str, port: int) -> Address:
    """The address that the settings name; without one, this machine's own.

    Raises:
        SettingError: pages would cross the network unencrypted, or do not stand at the top of their host.
    """
    here = [f"http://{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")]
    if not base_url:
        return Address(here[0], frozenset(here[1:]))
    parts = urlsplit(base_url.rstrip("/"))
    is_here = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if not parts.netloc or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise SettingError("RECTIFY_BASE_URL is %(url)s; write https://NAME, without a path.", url=base_url)
    if parts.scheme != "https" and not (is_here and parts.scheme == "http"):
        raise SettingError(
            "RECTIFY_BASE_URL is %(url)s; passwords would go unencrypted. Put a proxy with TLS before the "
            "pages and name its https address.",
            url=base_url,
        )
    return Address(f"{parts.scheme}://{parts.netloc}", frozenset(here))


@dataclass(frozen=True, slots=True)
class Cookies:
    """Names and flags of our cookies.

    Through TLS they bear `__Host-`: no other host and no plain page can set them. A browser drops such
    cookies over plain http, which is how a trial on this very machine is reached; there they go without.
    """

    is_secure: bool

    def name(self, word: str) -> str:
        """The full name of the cookie `word`."""
        return f"__Host-{word}" if self.is_secure else f"rectify-{word}"

    def read(self, request: Request, word: str, most: int = 300) -> str:
        """The cookie's value, or nothing; never more than `most` characters."""
        return request.cookies.get(self.name(word), "")[:most]

    def write(self, response: Response, word: str, value: str, *, seconds: int | None = None) -> None:
        """Sets the cookie; without `seconds` it goes when the browser is closed."""
        response.set_cookie(
            self.name(word),
            value,
            max_age=seconds,
            path="/",
            secure=self.is_secure,
            httponly=True,
            samesite="lax",
        )

    def drop(self, response: Response, word: str) -> None:
        """Takes the cookie away."""
        response.delete_cookie(
            self.name(word), path="/", secure=self.is_secure, httponly=True, samesite="lax"
        )


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(32)


def is_secret(path: str) -> bool:
    """Whether the path itself lets somebody in."""
    return path.startswith(SECRET_PATHS)


def check_origin(request: Request, address: Address) -> None:
    """Raises NotAllowedError for a form that was sent from a page which is not ours."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin == "null" and is_secret(request.url.path):
        # So browsers write where a page is no referrer, for its own forms too; `site` tells these apart.
        origin = None
    is_ours = origin in {address.origin, *address.also} if origin else site in {None, "same-origin", "none"}
    if not is_ours:
        raise NotAllowedError("This form was sent from another site; nothing was done.")


def local_path(asked: str, otherwise: str = "/") -> str:
    """`asked` where it leads to a page of ours, else `otherwise`."""
    return asked if LOCAL_PATH.fullmatch(asked) and len(asked) <= 2000 else otherwise
