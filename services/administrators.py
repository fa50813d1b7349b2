"""The first administrator: made by whoever runs the machine, because nobody else may yet."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.organisation import Grant
from rules.errors import WrongMoveError
from rules.permissions import Role
from services import history
from services.office import Office
from services.organisation import Directory, person_by_email, root


def appoint(session: Session, office: Office, email: str, *, now: datetime, door: str) -> None:
    """Gives the person the administrator's role on the unit at the top.

    Raises:
        WrongMoveError: somebody holds it already; they give it to others.
        NotFoundError: nobody has this address, or there is no organisation yet.
    """
    history.lock(session)
    person, top = person_by_email(session, email), root(session)
    today = office.day(now)
    directory = Directory.load(session)
    if directory.on_unit(Role.ADMIN, top.id, today):
        held = select(Grant.person_id).where(Grant.role == Role.ADMIN, Grant.unit_id == top.id)
        names = sorted(directory.people[one].name for one in session.scalars(held))
        raise WrongMoveError(
            "%(names)s may edit the organisation already, and give others the role on its page.",
            names=", ".join(names),
        )
    session.add(Grant(person_id=person.id, role=Role.ADMIN, unit_id=top.id))
    session.flush()
    payload = {"role": Role.ADMIN.value, "unit": top.code, "from": None, "to": None}
    entry = history.Entry(now, None, door, f"person:{person.id}", "grant-role", payload=payload)
    history.record(session, entry)
