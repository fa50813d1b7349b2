"""Reasons in words: what the tables keep of why something did not go out, and how it is read again.

Tables keep English sentences, so that whoever looks into them with no program of ours understands them. Each
sentence is a catalogue key filled with its values; read back, it can be said in the reader's language.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache

from rules.lifecycle import OPEN, State


class Kept(StrEnum):
    """The sentences that the tables keep with reminders and letters that did not go out, and with runs."""

    SUPERSEDED = "superseded by %(by)s"
    """`by` is the key of the rung that stands for this one."""
    ENDED = "the item is %(state)s now"
    CHANGED = "the deadline or the owner has changed"
    PAUSED = "its reminders are paused until %(on)s"
    OVER = "no longer due"
    REPLACED = "superseded by the digest of %(day)s"
    RENEWED = "superseded by the overview of %(day)s"
    EMPTY = "nothing left to say"
    STOPPED = "the mail server takes no letters from us: %(answer)s"
    BROKE_OFF = "it broke off: %(error)s"
    LEFT = "the person has left"
    DROPPED = "dropped by a coordinator: %(note)s"


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence (a catalogue key) with its values; a value is a plain one, a `State`, or a rung's key."""

    sentence: StrEnum
    values: Mapping[str, object] = field(default_factory=dict)


def keep(sentence: Kept, **values: object) -> str:
    """The words that a table keeps."""
    return sentence.value % values


def recall(words: str) -> Reason | None:
    """What `keep` wrote; None for other words, such as a server's."""
    for sentence, form in _forms().items():
        if found := form.fullmatch(words):
            return Reason(sentence, found.groupdict())
    return None


@cache
def _forms() -> dict[Kept, re.Pattern[str]]:
    """The narrower sentence first: one of them begins like another."""
    longest = sorted(Kept, key=len, reverse=True)
    return {kept: re.compile(re.sub(r"%\((\w+)\)s", r"(?P<\1>.+)", kept.value)) for kept in longest}


def why_void(state: State, *, same_version: bool, paused_until: date | None = None) -> str:
    """Why a planned reminder is no longer true of an item that is in `state` now.

    `same_version`: the deadline version is the one that the reminder was planned under. `paused_until` is
    the day on which reminders go on, for an item whose reminders are paused.
    """
    if not same_version:
        return keep(Kept.CHANGED)
    if paused_until and state in OPEN:
        return keep(Kept.PAUSED, on=paused_until)
    return keep(Kept.ENDED, state=state.value)
