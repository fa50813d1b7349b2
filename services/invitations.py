"""Passwords by mail: whom a link is sent to, and the password that is set by it, once."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.account import Account
from models.message import Message
from models.organisation import Person
from notifications import outbox
from notifications.letters import Invitation
from notifications.mail_links import password_link
from notifications.outbox import Addressed
from rules import attempts
from rules.errors import NotFoundError, SettingError, TooOftenError, WrongMoveError
from rules.mail_links import Purpose, is_alive, is_signed, of_password, read
from services import accounts, history
from services.office import LINK, Office, Visit
from services.staffing import editable_person


def invite(
    session: Session, office: Office, person: Person, *, now: datetime, door: str, by: Person | None = None
) -> None:
    """Plans a letter to the person with a link that sets a password; whether or not there is one already.

    Raises:
        SettingError: letters bear no links here.
        WrongMoveError: the person has left, or such a letter was planned within the hour.
    """
    history.lock(session)
    if not office.postbox.gives_links:
        raise SettingError(
            "A link needs the address of the pages in RECTIFY_BASE_URL, and in a trial nobody gets one."
        )
    if not person.active:
        raise WrongMoveError("%(name)s has left, and cannot sign in.", name=person.name)
    accounts.lock(session)
    stored = _stored(session, person.id)
    letter = _letter(office, person, stored, now, is_invited=True)
    if not outbox.put(session, office.postbox, [letter], now):
        raise WrongMoveError("Such a link went to %(email)s within this hour already.", email=person.email)
    entry = history.Entry(now, by.id if by else None, door, f"person:{person.id}", "invite")
    history.record(session, entry)


def invite_from_page(visit: Visit, number: int) -> None:
    """As `invite`, for the person with this number.

    Raises:
        NotFoundError: the visitor may edit nobody with this number.
    """
    person = editable_person(visit, number)
    invite(visit.session, visit.office, person, now=visit.now, door=visit.door, by=visit.actor)


def ask(session: Session, office: Office, email: str, caller: str, *, now: datetime) -> None:
    """Plans a letter to whoever forgot the password of this address; at most one an hour.

    Says nothing of whether there is such a person, whether they have a password, or have left: what it does
    for one of whom nothing comes costs as much. `caller` is the address from where it was asked for.

    Raises:
        SettingError: letters bear no links here.
        TooOftenError: it was asked for too often, from there or for this address.
    """
    if not office.postbox.gives_links:
        raise SettingError("No password yet, or forgotten? The administrator sets one.")
    address = email.strip().lower()
    accounts.count(session, _buckets(address, caller), now, _too_often())
    query = select(Person, Account.password_hash).join(Account, Account.person_id == Person.id)
    found = session.execute(query.where(Person.email == address, Person.active)).first()
    person, stored = found or (_nobody(office), "")
    letter = _letter(office, person, stored, now, is_invited=False)
    row = outbox.compose(office.postbox, letter, now)
    is_new = session.scalar(select(Message.id).where(Message.key == letter.key)) is None
    if found and is_new:
        outbox.enter(session, [row])


def _nobody(office: Office) -> Person:
    """Whom a letter is composed for that nobody gets."""
    address = f"nobody@{office.postbox.domain}"
    return Person(id=0, name="-", email=address, locale="zh_CN", link_epoch=0)


def _buckets(address: str, caller: str) -> dict[str, attempts.Limit]:
    pair, account = accounts.digest(f"{address} {caller}")[:32], accounts.digest(address)[:32]
    return {
        f"ask-from:{caller[:60]}": attempts.PASSWORDS_FROM_ADDRESS,
        f"ask-pair:{pair}": attempts.PASSWORDS_AT_ACCOUNT_FROM_ADDRESS,
        f"ask-at:{account}": attempts.PASSWORDS_AT_ACCOUNT,
    }


def _too_often() -> TooOftenError:
    return TooOftenError("Too many links were asked for. Wait a quarter of an hour, then try again.")


def _letter(office: Office, person: Person, stored: str, now: datetime, *, is_invited: bool) -> Addressed:
    today, postbox = office.day(now), office.postbox
    link = password_link(postbox.secret, postbox.office.base_url, person, stored, today)
    hour = now.astimezone(office.zone).strftime("%Y-%m-%dT%H")
    letter = Invitation(today, link.url, link.last_on, is_invited)
    return Addressed(f"password:{hour}:{person.id}", person, letter, today)


def _stored(session: Session, person_id: int) -> str:
    query = select(Account.password_hash).where(Account.person_id == person_id)
    return session.scalar(query) or ""


def bearer(session: Session, secret: bytes, token: str, today: date) -> Person | None:
    """Who may set a password by this link; None for any that opens nothing, whatever is wrong with it.

    Nothing: its last day is over, a password was set since, the person has left or has another address,
    their links were made void.
    """
    claim = read(token)
    person = session.get(Person, claim.person_id, populate_existing=True) if claim else None
    if claim is None or person is None or not person.active:
        return None
    bound = of_password(person.email, _stored(session, person.id))
    is_ours = is_signed(secret, Purpose.PASSWORD, token, bound)
    return person if is_ours and is_alive(claim, epoch=person.link_epoch, today=today) else None


def accept(session: Session, office: Office, token: str, password: str, *, now: datetime) -> None:
    """Sets the password of whom the link names; the link is void with it, and all browsers are signed out.

    Raises:
        NotFoundError: the link opens nothing.
        SettingError: the password is not fit to be one; the link still serves.
    """
    history.lock(session)
    person = bearer(session, office.postbox.secret, token, office.day(now))
    if person is None:
        raise NotFoundError("This link no longer opens anything")
    accounts.set_password(session, person, password, now=now, door=LINK, by=person)
