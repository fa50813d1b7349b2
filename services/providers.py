"""Who signs people in for us: a provider that speaks OpenID Connect, by code, PKCE, state and nonce.

What it says is believed after its signature, and never anything that came through a browser. It is asked
outside any transaction, within a bound of time.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.httpx_client import OAuth2Client, OAuthError
from httpx2 import HTTPError
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from rules.claims import address_in
from rules.errors import BusyError, NotAllowedError, WrongMoveError

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""None that needs a secret of ours, and none without a signature."""
PATIENCE = 5.0
"""Seconds that the provider has for one answer."""
FRESH = timedelta(hours=1)
"""How long its addresses and keys are kept."""
AGAIN = timedelta(minutes=1)
"""How soon keys are fetched again for a signature that fits none of them."""
SKEW = 60
"""Seconds by which its clock and ours may differ."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Registration:
    """How the office and its provider know each other."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str
    name: str
    """What people call the provider."""
    redirect_uri: str
    """Where it sends browsers back to."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What binds one sign-in to the browser in which it began. Secrets of 43 characters or more."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the provider said of itself, and when."""

    at: datetime
    said: Mapping[str, Any]
    keys: KeySet


class Provider:
    """The provider, with what is known of it kept for a while. Threads may share one."""

    def __init__(self, registration: Registration) -> None:
        self.registration = registration
        self._known: _Known | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return self.registration.name

    def begin(self, attempt: Attempt, now: datetime) -> str:
        """The address at the provider where the browser goes to sign in.

        Raises:
            BusyError: the provider does not answer, or not as it should.
        """
        known = self._fresh(now)
        with self._client(known.said) as client:
            address, _ = client.create_authorization_url(
                known.said["authorization_endpoint"],
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
            )
        return str(address)

    def finish(self, code: str, attempt: Attempt, now: datetime) -> str:
        """The e-mail address of whoever signed in at the provider, who gave this code for it.

        Raises:
            BusyError: the provider does not answer, or not as it should.
            WrongMoveError: the code is not, or no longer, good.
            NotAllowedError: what the code stands for is not to be trusted, or says no verified address.
        """
        known, mine = self._fresh(now), self.registration
        try:
            with self._client(known.said) as client:
                token = self._exchanged(client, known.said["token_endpoint"], code, attempt)
                claims = self._verified(str(token["id_token"]), attempt.nonce, now)
                return address_in(self._telling(client, known.said, claims), mine.claim, mine.name)
        except (HTTPError, LookupError, ValueError, TypeError) as error:
            raise self._silent(error) from error

    def _client(self, said: Mapping[str, Any] | None = None) -> Any:
        mine = self.registration
        ways = (said or {}).get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        way = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
        return OAuth2Client(
            mine.client_id,
            mine.client_secret or None,
            token_endpoint_auth_method=way if mine.client_secret else "none",
            scope="openid email profile",
            redirect_uri=mine.redirect_uri,
            code_challenge_method="S256",
            timeout=PATIENCE,
            follow_redirects=False,
        )

    def _exchanged(self, client: Any, address: str, code: str, attempt: Attempt) -> Mapping[str, Any]:
        try:
            found: Mapping[str, Any] = client.fetch_token(
                address, grant_type="authorization_code", code=code, code_verifier=attempt.verifier
            )
        except OAuthError as error:
            if error.error != "invalid_grant":
                raise self._silent(error) from error
            raise WrongMoveError("This sign-in was used already, or took too long; begin anew.") from error
        return found

    def _verified(self, token: str, nonce: str, now: datetime) -> dict[str, Any]:
        """The claims of an ID token that this provider signed for us, just now, for this very sign-in."""
        mine = self.registration
        asked = JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=SKEW,
            iss={"essential": True, "value": mine.issuer},
            aud={"essential": True, "value": mine.client_id},
            azp={"value": mine.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = self._decoded(token, now)
            asked.validate(claims)
        except JoseError as error:
            raise self._distrusted(error) from error
        return claims

    def _decoded(self, token: str, now: datetime) -> dict[str, Any]:
        try:
            return jwt.decode(token, self._fresh(now).keys, algorithms=ALGORITHMS).claims
        except (BadSignatureError, InvalidKeyIdError):
            # The provider may have changed its keys since.
            return jwt.decode(token, self._fresh(now, AGAIN).keys, algorithms=ALGORITHMS).claims

    def _distrusted(self, error: JoseError) -> NotAllowedError:
        # Never its text, which may hold a part of what was sent; the name of a claim is one of ours.
        claim = f" ({error.claim})" if isinstance(error, InvalidClaimError) else ""
        kind = type(error).__name__
        log.warning("an ID token of %s is refused: %s%s", self.registration.issuer, kind, claim)
        if isinstance(error, InvalidClaimError) and error.claim == "nonce":
            return NotAllowedError(
                "What %(provider)s says belongs to another sign-in; begin anew.", provider=self.name
            )
        return NotAllowedError(
            "What %(provider)s says cannot be trusted, so nobody was signed in. Tell the administrator.",
            provider=self.name,
        )

    def _telling(self, client: Any, said: Mapping[str, Any], claims: dict[str, Any]) -> Mapping[str, object]:
        """The claims, or the profile of the same person where only that holds what we look for."""
        where = said.get("userinfo_endpoint")
        if self.registration.claim in claims or not where:
            return claims
        profile: Mapping[str, object] = client.get(where).raise_for_status().json()
        if profile["sub"] != claims["sub"]:
            raise ValueError("the profile is of somebody else")
        return profile

    def _fresh(self, now: datetime, age: timedelta = FRESH) -> _Known:
        """What the provider says of itself, not older than `age`."""
        known = self._known
        if known is None or not known.at <= now < known.at + age:
            try:
                known = self._known = self._asked(now)
            except (HTTPError, JoseError, LookupError, ValueError, TypeError, AttributeError) as error:
                raise self._silent(error) from error
        return known

    def _asked(self, now: datetime) -> _Known:
        issuer = self.registration.issuer
        with self._client() as client:
            address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
            said = client.get(address, auth=None).raise_for_status().json()
            if said["issuer"] != issuer:
                raise ValueError("it names itself otherwise")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                _check_way(said[name], issuer)
            rows = client.get(said["jwks_uri"], auth=None).raise_for_status().json()["keys"]
        keys = [row for row in rows if row.get("kty") in {"RSA", "EC"} and row.get("use", "sig") == "sig"]
        return _Known(now, said, KeySet.import_key_set({"keys": keys}))

    def _silent(self, error: Exception) -> BusyError:
        # Never its text, which may hold what was sent.
        log.warning("%s does not answer as it should: %s", self.registration.issuer, type(error).__name__)
        return BusyError(
            "%(provider)s does not answer, or not as it should; try again in a few minutes.",
            provider=self.name,
        )


def _check_way(address: str, issuer: str) -> None:
    """Raises ValueError where a provider that is reached through TLS sends us elsewhere without."""
    if urlsplit(address).scheme not in {"https", urlsplit(issuer).scheme}:
        raise ValueError("it would be asked unencrypted")
