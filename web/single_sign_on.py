"""Signing in by the office's provider: the way there, and the way back.

Nothing is kept between the two but a cookie of the browser: a seed that nobody guesses, when it was made,
and where to go afterwards, under our mark. State, nonce and verifier come of the seed and of our secret, so
that whoever sees the address at the provider can finish no sign-in of it, and none from another browser.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

from starlette.responses import Response

from rules.errors import NotFoundError, RefusedError, WrongMoveError
from services import accounts
from web.deps import Ask, redirect
from web.entrance import caller_address, let_in, sign_in_form
from web.guards import local_path, new_token
from web.pages import Family

if TYPE_CHECKING:
    from services.providers import Attempt, Provider

BACK = "/sign-in/oidc/done"
"""Where the provider sends browsers back to."""
BEGUN = "begun"
"""Cookie of a browser that was sent to the provider."""
LASTS = timedelta(minutes=10)
LONGEST = 3000
"""Characters of the cookie; browsers keep 4096 with its name and flags."""

family = Family()


class Begun(NamedTuple):
    """A sign-in that began in this browser, and the page that was asked for."""

    seed: str
    wanted: str


@family.get("/sign-in/oidc", "sign-in", is_alone=True)
def begin(ask: Ask) -> Response:
    """Sends the browser to the provider."""
    provider, wanted = _provider(ask), local_path(ask.request.query_params.get("next", ""))
    seed = new_token()
    try:
        accounts.count_step(ask.desk.house.engine, caller_address(ask), now=ask.now)
        done = redirect(provider.begin(_attempt(ask, seed), ask.now))
    except RefusedError as error:
        return sign_in_form(ask, wanted, error)
    ask.desk.cookies.write(done, BEGUN, _sealed(ask, seed, wanted), seconds=int(LASTS.total_seconds()))
    return done


@family.get(BACK, "sign-in", is_alone=True)
def finish(ask: Ask) -> Response:
    """Signs in whoever comes back from the provider, in the browser in which it began, once."""
    provider, begun = _provider(ask), _begun(ask)
    try:
        answer = _entered(ask, provider, begun)
    except RefusedError as error:
        answer = sign_in_form(ask, begun.wanted if begun else "/", error)
    ask.desk.cookies.drop(answer, BEGUN)
    return answer


def _entered(ask: Ask, provider: "Provider", begun: Begun | None) -> Response:
    said, engine = ask.request.query_params, ask.desk.house.engine
    is_ours = begun and ask.desk.signer.holds(said.get("state", ""), "oidc-state", begun.seed)
    issuer = provider.registration.issuer
    if begun is None or not is_ours or said.get("iss", issuer) != issuer:
        raise WrongMoveError(
            "This sign-in began in another browser, or more than ten minutes ago; begin anew."
        )
    if "error" in said or not said.get("code"):
        raise WrongMoveError("%(provider)s did not sign you in.", provider=provider.name)
    address = caller_address(ask)
    accounts.count_step(engine, address, now=ask.now)
    email = provider.finish(said["code"], _attempt(ask, begun.seed), ask.now)
    person_id, token = accounts.enter(engine, email, address, now=ask.now)
    return let_in(ask, person_id, token, begun.wanted)


def _provider(ask: Ask) -> "Provider":
    if ask.desk.provider is None:
        raise NotFoundError("There is no such page.")
    return ask.desk.provider


def _attempt(ask: Ask, seed: str) -> "Attempt":
    from services.providers import Attempt  # noqa: PLC0415 - loaded already where there is a provider

    state, nonce, verifier = (
        ask.desk.signer.mark(f"oidc-{part}", seed) for part in ("state", "nonce", "verifier")
    )
    return Attempt(state, nonce, verifier)


def _sealed(ask: Ask, seed: str, wanted: str) -> str:
    """Instant, seed, page that was asked for, and our mark, with dots between; see `_begun`."""
    at = str(int(ask.now.timestamp()))
    asked = quote(wanted, safe="/").replace(".", "%2E")
    mark = ask.desk.signer.mark("oidc-begun", at, seed, asked)
    value = f"{at}.{seed}.{asked}.{mark}"
    return value if len(value) <= LONGEST or wanted == "/" else _sealed(ask, seed, "/")


def _begun(ask: Ask) -> Begun | None:
    parts = ask.desk.cookies.read(ask.request, BEGUN, LONGEST).split(".")
    if len(parts) != 4:
        return None
    at, seed, asked, mark = parts
    is_ours = ask.desk.signer.holds(mark, "oidc-begun", at, seed, asked)
    if not is_ours or ask.now.timestamp() - int(at) > LASTS.total_seconds():
        return None
    return Begun(seed, local_path(unquote(asked)))
