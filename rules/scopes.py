"""What a token lets a program do. A token never does more than its person may: a scope only narrows."""

from enum import StrEnum

from rules.errors import SettingError


class Scope(StrEnum):
    """One kind of business that a token may be made for."""

    READ_ITEMS = "items:read"
    MOVE_ITEMS = "items:move"
    READ_REPORTS = "reports:read"
    TAKE_IN_REPORTS = "reports:write"
    READ_ROLLUPS = "rollups:read"
    READ_ORGANISATION = "organisation:read"


def scopes(words: list[str]) -> tuple[Scope, ...]:
    """The scopes of these words, each once, in the order of the enum.

    Raises:
        SettingError: none is named, or one that there is not.
    """
    unknown = [word for word in words if word not in set(Scope)]
    if unknown or not words:
        raise SettingError(
            "%(words)s is no scope; choose from: %(scopes)s.",
            words=", ".join(unknown) or "—",
            scopes=", ".join(Scope),
        )
    return tuple(scope for scope in Scope if scope in words)
