"""Which reminders one item owes on a day: for each person the most severe rung, the older ones superseded."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rules.ladder import Ladder, Rung, Standing, audience, due_rungs
from rules.permissions import Role
from rules.working_days import Calendar


@dataclass(frozen=True, slots=True)
class Subject:
    """An item as the planner sees it. People are ids."""

    item: int
    standing: Standing
    people: Mapping[Role, tuple[int, ...]]
    settled: AbstractSet[tuple[int, str]]
    """(person, rung key) pairs of this deadline version that have their outcome already."""


class Outcome(NamedTuple):
    """What becomes of one due rung for one person."""

    item: int
    person: int
    role: Role
    rung: Rung
    superseded_by: str
    """Key of the more severe rung that stands for this one; empty when this one is to be sent."""


def plan_item(subject: Subject, today: date, ladder: Ladder, calendar: Calendar) -> list[Outcome]:
    """The outcomes that `subject` owes on `today`; empty when every due rung is settled."""
    steps: dict[int, list[tuple[Rung, Role]]] = {}
    known: dict[tuple[Role, ...], dict[int, Role]] = {}
    for rung in due_rungs(subject.standing, today, ladder, calendar):
        roles = audience(rung.key, ladder)
        if roles not in known:
            known[roles] = _people(subject, roles)
        for person, role in known[roles].items():
            steps.setdefault(person, []).append((rung, role))
    outcomes: list[Outcome] = []
    for person, mine in steps.items():
        told = [rung for rung, _ in mine if (person, rung.key) in subject.settled]
        if len(told) == len(mine):
            continue
        owed = [step for step in mine if step[0] not in told] if told else mine
        stands = _standing_back([rung for rung, _ in owed], told)
        outcomes += [Outcome(subject.item, person, role, rung, stands.get(rung, "")) for rung, role in owed]
    return outcomes


def _standing_back(owed: list[Rung], told: list[Rung]) -> dict[Rung, str]:
    """Each owed rung that another one stands for, with the key of that one. Both lists mildest first.

    A rung is no news to who has heard of a more severe one of the same day or later. One that came due
    since is told however mild it is.
    """
    heard = {rung: above for rung in owed if (above := _heard(rung, told))} if told else {}
    worst = next((rung for rung in reversed(owed) if rung not in heard), None)
    return {rung: (heard.get(rung) or worst or rung).key for rung in owed if rung != worst}


def _heard(owed: Rung, told: list[Rung]) -> Rung | None:
    return next((rung for rung in reversed(told) if rung > owed and rung.on >= owed.on), None)


def reached(subject: Subject, key: str, ladder: Ladder) -> dict[int, Role]:
    """The people whom the rung named `key` reaches, each once, in the role that asks most of them."""
    return _people(subject, audience(key, ladder))


def _people(subject: Subject, roles: tuple[Role, ...]) -> dict[int, Role]:
    people: dict[int, Role] = {}
    for role in roles:
        for person in subject.people.get(role, ()):
            people.setdefault(person, role)
    return people


@dataclass(frozen=True, slots=True)
class Guard:
    """How many letters one run may send before a person has to release them."""

    first: int = 50
    factor: float = 3.0
    runs: int = 10

    def limit(self, history: list[int]) -> int:
        """The most letters that may go out unasked, from the counts of earlier runs, newest first."""
        recent = sorted(history[: self.runs])
        if not recent:
            return self.first
        middle = len(recent) // 2
        median = recent[middle] if len(recent) % 2 else (recent[middle - 1] + recent[middle]) / 2
        return max(self.first, int(self.factor * median))
