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

ENTRUSTED = frozenset({Role.VERIFIER, Role.SUPERVISOR})
"""Roles that watch over one item: where somebody is named, they stand for those of its unit."""

_WORKERS = frozenset({Role.OWNER, Role.HEAD})
_CONTRIBUTORS = _WORKERS | {Role.CO_OWNER}
_KEEPERS = frozenset({Role.COORDINATOR})
_DECIDERS = frozenset({Role.COORDINATOR, Role.LEADER, Role.SUPERVISOR})
_VERIFIERS = _DECIDERS | {Role.VERIFIER}
_OVERSEERS = frozenset({Role.HEAD, Role.COORDINATOR, Role.LEADER, Role.AUDITOR})
_READERS = _OVERSEERS | {Role.OWNER, Role.CO_OWNER, Role.VERIFIER, Role.SUPERVISOR}

TABLE: dict[str, frozenset[Role]] = {
    "confirm": _KEEPERS,
    "assign": _KEEPERS,
    "reassign": _KEEPERS,
    "entrust": _KEEPERS,
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
    "edit": _KEEPERS,
    "split": _KEEPERS,
    "merge": _KEEPERS,
    "link": _KEEPERS,
    "unlink": _KEEPERS,
    "withdraw": _CONTRIBUTORS | _KEEPERS,
    "order": _KEEPERS,
    "circulate": _KEEPERS,
    "add-draft": _KEEPERS,
    "intake": _KEEPERS,
    "seal": _KEEPERS | {Role.LEADER},
    "propose-seal": _KEEPERS,
    "confirm-seal": frozenset({Role.LEADER}),
    "unseal": _KEEPERS | {Role.LEADER},
    "view-item": _READERS,
    "view-evidence": _READERS,
    "view-report": _OVERSEERS,
    "view-circular": _OVERSEERS,
    "view-rollup": _OVERSEERS,
    "view-coverage": _OVERSEERS,
    "view-audit": frozenset({Role.COORDINATOR, Role.LEADER, Role.AUDITOR}),
    "view-reminders": frozenset({Role.COORDINATOR, Role.ADMIN}),
    "view-letter": _KEEPERS,
    "steer-mail": _KEEPERS,
    "view-runs": frozenset({Role.COORDINATOR, Role.ADMIN}),
    "start-run": frozenset({Role.COORDINATOR, Role.ADMIN}),
    "view-organisation": frozenset({Role.COORDINATOR, Role.LEADER, Role.AUDITOR, Role.ADMIN}),
    "edit-organisation": frozenset({Role.ADMIN}),
}
"""Action name -> roles that may take it. Item moves bear their own names.

On an item a role counts that is named on it, or held on its lead unit or above; on all else, one held on the
unit that it belongs to or above.
"""

OFFICE_WIDE = frozenset({"start-run"})
"""Actions of `TABLE` that work for the whole office: a role counts at the top of the tree alone."""

BY_LINK: dict[str, frozenset[Role]] = {
    "view-item": _CONTRIBUTORS,
    "acknowledge": _WORKERS,
    "report": _CONTRIBUTORS,
}
"""Action -> roles that may take it by the link of a letter, without signing in: a part of `TABLE`.

A link decides nothing. Heads have this for units whose reminders reach them, and not for those below that
have a head of their own.
"""

FOR_LINK_HOLDERS = frozenset(
    {"open-mail-link", "act-by-link", "renew-mail-link", "read-calendar", "set-password-by-link"}
)
"""What needs a link instead of an account. What is seen and done of items there is what `BY_LINK` allows."""

FOR_THE_SIGNED_IN = frozenset({"see-own-work", "list-items", "sign-out", "change-password"})
"""What everybody with an account may ask for. A list shows each reader only what `TABLE` lets them view."""

FOR_ANYBODY = frozenset({"sign-in", "ask-for-password", "choose-language", "load-static", "ask-health"})
"""What needs no account, and tells nothing of the office's business."""


def by_link(action: str, roles: AbstractSet[Role]) -> frozenset[Role]:
    """Those of `roles` that count for `action` when it is asked for by a link: none for most actions."""
    return frozenset(roles) & BY_LINK.get(action, frozenset())


def may(action: str, roles: AbstractSet[Role]) -> bool:
    """Whether one of `roles` may take `action`. An action that the table does not name is a KeyError."""
    return not TABLE[action].isdisjoint(roles)
