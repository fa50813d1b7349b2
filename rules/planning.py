"""Which reminders one item owes on a day: for each person the most severe rung, the older ones superseded."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rules.ladder import Ladder, Rung, Standing, Steps, audience, steps_of
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
    return plan_steps(subject, today, steps_of(ladder, calendar))


def plan_steps(subject: Subject, today: date, steps: Steps) -> list[Outcome]:
    """As `plan_item`, for whoever plans many items."""
    outcomes: list[Outcome] = []
    for person, mine in _by_person(subject, today, steps).items():
        told: list[Rung] = []
        owed: list[tuple[Rung, Role]] = []
        for step in mine:
            if (person, step[0].key) in subject.settled:
                told.append(step[0])
            else:
                owed.append(step)
        stands = _standing_back([rung for rung, _ in owed], told)
        outcomes += [
            Outcome(subject.item, person, role, rung, by)
            for (rung, role), by in zip(owed, stands, strict=True)
        ]
    return outcomes


def _by_person(subject: Subject, today: date, steps: Steps) -> dict[int, list[tuple[Rung, Role]]]:
    """The due rungs that reach each person, mildest first, with the role in which they do."""
    found: dict[int, list[tuple[Rung, Role]]] = {}
    roles: tuple[Role, ...] = ()
    people: dict[int, Role] = {}
    for rung in steps.due(subject.standing, today):
        if (those := steps.audience(rung.key)) != roles:
            roles, people = those, _people(subject, those)
        for person, role in people.items():
            found.setdefault(person, []).append((rung, role))
    return found


def _standing_back(owed: list[Rung], told: list[Rung]) -> list[str]:
    """For each owed rung the key of the one that stands for it; empty for the one that is told.

    Both lists mildest first. A rung is no news to who has heard of a more severe one of the same day or
    later. One that came due since is told however mild it is.
    """
    heard = [_heard(rung, told) for rung in owed]
    worst = next((rung for rung, above in zip(owed[::-1], heard[::-1], strict=True) if above is None), None)
    stands = [above or worst for above in heard]
    return ["" if by is rung or by is None else by.key for rung, by in zip(owed, stands, strict=True)]


def _heard(owed: Rung, told: list[Rung]) -> Rung | None:
    for rung in reversed(told):
        if rung <= owed:
            break
        if rung.on >= owed.on:
            return rung
    return None


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
