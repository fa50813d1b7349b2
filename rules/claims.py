"""What a sign-in provider says of a person, and whether it is enough to let them in."""

from collections.abc import Mapping

from rules.errors import NotAllowedError

EMAIL = "email"


def address_in(claims: Mapping[str, object], claim: str, provider: str) -> str:
    """The e-mail address that `claims` hold under `claim`; `provider` is what people call who says so.

    An address in `email` is often one that somebody typed in there: it counts where the provider says that
    it was verified. Another claim is one that the office has chosen because its provider answers for it.

    Raises:
        NotAllowedError: there is no address, or it was not verified.
    """
    said = claims.get(claim)
    if not isinstance(said, str) or not said.strip():
        raise NotAllowedError("%(provider)s does not say your e-mail address.", provider=provider)
    if claim == EMAIL and claims.get("email_verified") is not True:
        raise NotAllowedError(
            "%(provider)s has not verified your e-mail address, so nobody is signed in by it.",
            provider=provider,
        )
    return said
