"""Who may do what: one table of actions and the roles that may take them."""

from collections.abc import Set as AbstractSet
from enum import StrEnum


class Role(StrEnum):
    """How a person stands to an item or a unit. The first four are per item, the rest per unit and below."""

    OWNER = "owner"
    CO_OWNER = "co_owner"
    VERIFIER = "verifier"
    SUPERVISOR = "supervisor"
    HEAD = "head"
    COORDINATOR = "coordinator"
    LEADER = "leader"
    AUDITOR = "auditor"
    ADMIN = "admin"


GRANTED = frozenset({Role.HEAD, Role.COORDINATOR, Role.LEADER, Role.AUDITOR, Role.ADMIN})
"""Roles that a person holds on a unit and everything below it."""

_WORKERS = frozenset({Role.OWNER, Role.HEAD})
_CONTRIBUTORS = _WORKERS | {Role.CO_OWNER}
_KEEPERS = frozenset({Role.COORDINATOR})
_DECIDERS = frozenset({Role.COORDINATOR, Role.LEADER, Role.SUPERVISOR})
_VERIFIERS = _DECIDERS | {Role.VERIFIER}

TABLE: dict[str, frozenset[Role]] = {
    "confirm": _KEEPERS,
    "assign": _KEEPERS,
    "reassign": _KEEPERS,
    "acknowledge": _WORKERS,
    "report": _CONTRIBUTORS,
    "submit": _WORKERS,
    "approve": _VERIFIERS,
    "reject": _VERIFIERS,
    "sustain": _DECIDERS,
    "cancel": _DECIDERS,
    "reopen": _DECIDERS,
    "request-extension": _WORKERS,
    "grant-extension": _DECIDERS,
    "refuse-extension": _DECIDERS,
    "request-cancellation": _WORKERS,
    "grant-cancellation": _DECIDERS,
    "refuse-cancellation": _DECIDERS,
    "pause": _KEEPERS,
    "resume": _KEEPERS,
    "intake": _KEEPERS,
    "seal": _KEEPERS | {Role.LEADER},
}
"""Action name -> roles that may take it. Item moves bear their own names."""


def may(action: str, roles: AbstractSet[Role]) -> bool:
    """Whether one of `roles` may take `action`. An action that the table does not name is a KeyError."""
    return not TABLE[action].isdisjoint(roles)
