"""Links in letters: who comes by one, what it opens for them, and how it ends; the calendar of deadlines."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from urllib.parse import quote

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from documents.calendar_feed import Deadline, feed
from models.event import Event
from models.item import Item
from models.organisation import Person
from notifications import outbox, words
from notifications.letters import FreshLink, Line
from notifications.outbox import Addressed
from notifications.wire import flatten
from rules import attempts
from rules.errors import TooOftenError
from rules.lifecycle import OPEN, Move, Offer, State
from rules.mail_links import Claim, Purpose, is_alive, is_signed, read
from rules.uids import deadline_uid, sequence
from services import accounts, history
from services.items import Change, act, offered
from services.lines import own_lines
from services.moves import Wish
from services.office import Office, Visit
from services.visibility import item_by_link, items_by_link

UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
"""When an item was changed of which no event tells."""
WITHDRAWN = timedelta(days=30)
"""So long after its end an item stays in the calendar as one that is cancelled."""
MOST = 200
"""Items on the page of a link; who has more of them signs in."""


def bearer(session: Session, secret: bytes, purpose: Purpose, token: str, today: date) -> Person | None:
    """Whom a link names that still opens something; None for any other, whatever is wrong with it.

    A person who has left, an address that is theirs no more, links made void: none of them opens anything.
    """
    found = _named(session, secret, purpose, token)
    if found is None:
        return None
    person, claim = found
    return person if is_alive(claim, epoch=person.link_epoch, today=today) else None


def _named(session: Session, secret: bytes, purpose: Purpose, token: str) -> tuple[Person, Claim] | None:
    """The person in the office whom a link of ours names, whether or not it still opens anything."""
    claim = read(token)
    person = session.get(Person, claim.person_id) if claim else None
    if claim is None or person is None or not person.active:
        return None
    return (person, claim) if is_signed(secret, purpose, token, person.email) else None


def void(session: Session, person: Person, *, now: datetime, door: str) -> None:
    """Makes every link void that was made for the person so far, their calendar's among them."""
    history.lock(session)
    person.link_epoch += 1
    session.flush()
    history.record(session, history.Entry(now, None, door, f"person:{person.id}", "void-links"))


@dataclass(frozen=True, slots=True)
class OwnItems:
    """The open items that a link opens, the most pressing first."""

    lines: tuple[Line, ...]
    left_out: int
    """How many more there are than are shown."""


def own_items(visit: Visit) -> OwnItems:
    """What the visitor's link opens and is not finished."""
    mine = Item.state.in_(sorted(OPEN)), items_by_link(visit)
    query = select(Item).where(*mine).order_by(Item.due_on.is_(None), Item.due_on, Item.reference).limit(MOST)
    items = list(visit.session.scalars(query))
    total = visit.session.scalar(select(func.count()).select_from(Item).where(*mine)) or 0
    lines = own_lines(visit, items)
    return OwnItems(tuple(lines[item.id] for item in items), total - len(items))


@dataclass(frozen=True, slots=True)
class OwnItem:
    """One item as the link shows it."""

    line: Line
    words: str
    """The report's own words in full."""
    version: int
    offers: Mapping[Move, Offer]
    """The moves that the link may make now."""
    others: tuple[Move, ...]
    """What the same person could do now after signing in."""


def own_item(visit: Visit, reference: str) -> OwnItem:
    """The item with this reference.

    Raises:
        NotFoundError: there is none that the visitor's link opens.
    """
    item = item_by_link(visit, reference)
    offers = {offer.move: offer for offer in offered(visit, item)}
    signed_in = offered(replace(visit, door="page"), item)
    return OwnItem(
        line=own_lines(visit, [item])[item.id],
        words=item.body,
        version=item.version,
        offers=offers,
        others=tuple(offer.move for offer in signed_in if offer.move not in offers),
    )


def act_by_link(visit: Visit, reference: str, wish: Wish) -> Change:
    """Makes the move, through the guarded door, on an item that the visitor's link opens.

    Raises:
        NotFoundError: there is none that it opens.
        TooOftenError: so many moves in an hour are no longer a person's.
        NotAllowedError, WrongMoveError, ChangedError: as the guarded door says.
    """
    item = item_by_link(visit, reference)
    accounts.count(
        visit.session,
        {f"link:{visit.actor.id}": attempts.BY_LINK},
        visit.now,
        TooOftenError("So many moves by one link are not admitted. Wait an hour, or sign in."),
    )
    return act(visit, item.reference, wish)


def renew(session: Session, office: Office, token: str, address: str, *, now: datetime) -> None:
    """Has a fresh link mailed to whom an old one names: to their own address as it is known, once an hour.

    Says nothing of whether there is such a person. `address` is from where it was asked for.

    Raises:
        TooOftenError: it was asked for too often from there.
    """
    accounts.count(
        session,
        {f"link-from:{address[:60]}": attempts.LINKS_FROM_ADDRESS},
        now,
        TooOftenError("Too many links were asked for from here. Wait a quarter of an hour, then try again."),
    )
    found = _named(session, office.postbox.secret, Purpose.ITEMS, token)
    if found is None or found[1].epoch != found[0].link_epoch:
        return
    person, today = found[0], office.day(now)
    if office.postbox.link(person, today) is None:
        return
    hour = now.astimezone(office.zone).strftime("%Y-%m-%dT%H")
    letter = Addressed(f"link:{hour}:{person.id}", person, FreshLink(today), today)
    outbox.put(session, office.postbox, [letter], now)


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar file with what tells whether it changed."""

    content: bytes
    etag: str
    changed_at: datetime | None
    """When one of its items was changed last, in UTC."""


def calendar(visit: Visit) -> Feed:
    """The deadlines of the items that the visitor's link opens: open ones, and withdrawn ones for a while.

    A sustained item has its next review instead.
    """
    query = select(Item).where(_in_calendar(visit))
    day = func.coalesce(Item.due_on, Item.review_on)
    items = list(visit.session.scalars(query.order_by(day, Item.reference)))
    changed = _last_changes(visit)
    lines = own_lines(visit, items)
    entries = [_deadline(visit, item, lines[item.id], changed.get(item.id, UNKNOWN)) for item in items]
    name = words.calendar_name(visit.actor.locale, visit.office.postbox.office.name)
    content = feed(flatten(name), entries)
    latest = max((entry.changed_at for entry in entries), default=None)
    return Feed(content, f'"{sha256(content).hexdigest()[:32]}"', latest)


def _in_calendar(visit: Visit) -> ColumnElement[bool]:
    lately = Item.ended_on >= visit.today - WITHDRAWN
    return and_(items_by_link(visit), _has_day(), or_(Item.state.in_(sorted(OPEN)), lately))


def _has_day() -> ColumnElement[bool]:
    """A deadline; or a review, of an item that is sustained, or was and began a new version with it."""
    was_sustained = or_(Item.state == State.SUSTAINED, Item.deadline_version > 1)
    return or_(Item.due_on.is_not(None), and_(Item.review_on.is_not(None), was_sustained))


def _last_changes(visit: Visit) -> dict[int, datetime]:
    query = (
        select(Event.item_id, func.max(Event.at))
        .join(Item, Item.id == Event.item_id)
        .where(_in_calendar(visit))
        .group_by(Event.item_id)
    )
    return {item: at for item, at in visit.session.execute(query) if item is not None}


def _deadline(visit: Visit, item: Item, line: Line, changed_at: datetime) -> Deadline:
    locale, postbox = visit.actor.locale, visit.office.postbox
    base = postbox.office.base_url.rstrip("/")
    is_review = item.due_on is None
    is_withdrawn = item.state not in OPEN or (is_review and item.state is not State.SUSTAINED)
    named = words.review_title if is_review else words.due_title
    return Deadline(
        uid=deadline_uid(item.reference, postbox.domain),
        sequence=sequence(item.deadline_version, is_withdrawn=is_withdrawn),
        changed_at=changed_at,
        title=flatten(named(locale, item.reference, item.title)),
        details=tuple(flatten(said) for said in _details(locale, line)),
        due_on=item.due_on or item.review_on or visit.today,
        url=f"{base}/items/{quote(item.reference, safe='')}" if base else "",
        is_withdrawn=is_withdrawn,
    )


def _details(locale: str, line: Line) -> list[str]:
    original = line.original_due_on
    moved = [words.original(locale, original)] if original and original != line.due_on else []
    quoted = [words.quoted(locale, line.quote)] if line.quote else []
    return [*moved, words.charge(locale, line.unit, line.owner), *quoted]
