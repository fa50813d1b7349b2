"""Who will get which reminder in the days ahead, if nothing changes."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import true
from sqlalchemy.orm import Session

from rules.ladder import next_rung_on
from rules.permissions import Role
from rules.planning import Subject, plan_item
from services import digests
from services.office import Office
from services.organisation import Directory, person_by_email


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One line of one digest to come."""

    on: date
    email: str
    reference: str
    title: str
    rung: str
    role: Role


def forecast(
    session: Session, office: Office, start: date, days: int, email: str | None = None
) -> list[Foreseen]:
    """The reminders of the send days among `days` days from `start` on, day by day.

    Plans each day as a run on that day would, with the outcomes of the days before it taken as settled.
    """
    directory = Directory.load(session)
    wanted = person_by_email(session, email).id if email else None
    dues = {due.row.id: due for due in digests.read(session, directory, true(), start)}
    subjects = {item: due.subject for item, due in dues.items()}
    ladder, calendar = office.policy.ladder, office.calendar
    awake: dict[int, date | None] = dict.fromkeys(subjects, start)
    found: list[Foreseen] = []
    for day in (start + timedelta(days=offset) for offset in range(days)):
        if not office.send_days.is_one(day):
            continue
        for item, subject in subjects.items():
            # Between two rungs nothing comes due; a run leaves such items alone as well.
            if (again := awake[item]) is None or day < again:
                continue
            awake[item] = next_rung_on(subject.standing, day, ladder, calendar)
            told, subjects[item] = _lived(subject, day, office)
            row = dues[item].row
            found += [
                Foreseen(day, directory.people[person].email, row.reference, row.title, rung, role)
                for person, rung, role in told
                if wanted in (None, person)
            ]
    return sorted(found, key=lambda line: (line.on, line.email, line.reference))


def _lived(subject: Subject, day: date, office: Office) -> tuple[list[tuple[int, str, Role]], Subject]:
    """What one day tells of an item, and the item with that settled."""
    owed = plan_item(subject, day, office.policy.ladder, office.calendar)
    told = [(o.person, o.rung.key, o.role) for o in owed if not o.superseded_by]
    settled = subject.settled | {(outcome.person, outcome.rung.key) for outcome in owed}
    return told, replace(subject, settled=settled)
