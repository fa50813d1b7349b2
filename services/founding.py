"""The first day of an office: its organisation and first administrator, entered together or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from rules.errors import NotFoundError
from rules.permissions import Role
from services import accounts, administrators, organisation
from services.office import Office
from services.organisation import Directory, normal_address, person_by_email


@dataclass(frozen=True, slots=True)
class Founder:
    """The first administrator."""

    email: str
    name: str = ""
    """Needed where the organisation does not name them."""
    password: str = field(default="", repr=False)
    """Empty: they get one later."""


def found(
    session: Session, office: Office, content: Mapping[str, Any], founder: Founder | None, *, now: datetime
) -> Directory:
    """Enters the organisation of `services.organisation.load`, and who may edit it from then on.

    Raises:
        SettingError: as `load`; the address or the password is none.
        NotFoundError: the administrator has no name, and the organisation does not name them.
        WrongMoveError: the organisation names another administrator of the unit at the top.
    """
    if founder is None:
        return organisation.load(session, content, now=now)
    directory = organisation.load(session, _with(content, founder), now=now)
    person, top = person_by_email(session, founder.email), organisation.root(session)
    if person.id not in directory.on_unit(Role.ADMIN, top.id, office.day(now)):
        administrators.appoint(session, office, founder.email, now=now, door="command")
    if founder.password:
        accounts.set_password(session, person, founder.password, now=now, door="command")
    return Directory.load(session)


def names(content: Mapping[str, Any], email: str) -> bool:
    """Whether the organisation names somebody with this address."""
    people = organisation.entries(content, "person")
    return normal_address(email) in {str(row.get("email", "")).strip().lower() for row in people}


def _with(content: Mapping[str, Any], founder: Founder) -> Mapping[str, Any]:
    """The organisation with the administrator among its people, on the unit at the top."""
    units = organisation.entries(content, "unit")
    if not units or names(content, founder.email):
        return content
    if not founder.name:
        raise NotFoundError(
            "The organisation does not name %(email)s; say the administrator's name, too.",
            email=founder.email,
        )
    own = {"name": founder.name, "email": founder.email, "unit": units[0].get("code")}
    return {**content, "person": [*organisation.entries(content, "person"), own]}
