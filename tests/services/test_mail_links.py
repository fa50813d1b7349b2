"""Links in letters: whom they name, what they open, and how they end."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from offices import MONDAY, PROOF, Bureau
from sqlalchemy import select

from models.event import Event
from models.message import Message, MessageState
from models.organisation import Person, Unit
from models.session import reading, writing
from notifications.mail_links import calendar_path
from rules.errors import ChangedError, NotAllowedError, NotFoundError, TooOftenError
from rules.lifecycle import Move, State
from rules.mail_links import Purpose
from services import mail_links, reminders
from services.mail_links import act_by_link, own_item, own_items
from services.moves import Wish
from services.office import LINK, Visit
from services.organisation import person_by_email

TODAY = MONDAY.date()
ITEM, OTHER = "2026H1-P01", "2026H1-P02"
LINKS = re.compile(r"https://rectify\.example/mail/([A-Za-z0-9_-]{36})(?:/([\w-]+))?")


def token_of(bureau: Bureau, who: str = "owner", on: date = TODAY) -> str:
    with reading(bureau.engine) as session:
        link = bureau.office.postbox.link(person_by_email(session, f"{who}@office.example"), on)
        assert link is not None
        return link.url.rpartition("/")[2]


def opened(
    bureau: Bureau, token: str, now: datetime = MONDAY, purpose: Purpose = Purpose.ITEMS
) -> str | None:
    """Whom the link names, where it opens something."""
    with reading(bureau.engine) as session:
        secret = bureau.office.postbox.secret
        person = mail_links.bearer(session, secret, purpose, token, bureau.office.day(now))
        return person.email.partition("@")[0] if person else None


@pytest.fixture
def coming(bureau: Bureau) -> Iterator[Visit]:
    bureau.new_item()
    with bureau.visit("owner") as visit:
        yield replace(visit, door=LINK)


def by_link(bureau: Bureau, who: str, reference: str, wish: Wish, now: datetime = MONDAY) -> State:
    with bureau.visit(who, now) as visit:
        return act_by_link(replace(visit, door=LINK), reference, wish).after


def test_the_letter_of_an_assignment_links_to_the_item_and_to_all_of_the_owners(bureau: Bureau) -> None:
    bureau.new_item()
    (letter,) = bureau.messages(Message.letter == "assignment")
    token = token_of(bureau)
    assert LINKS.findall(letter.text) == [(token, ITEM), (token, "")]
    assert LINKS.findall(unescape(letter.html)) == [(token, ITEM), (token, "")]
    assert opened(bureau, token) == "owner"


def test_a_letter_that_is_written_again_bears_the_same_links(bureau: Bureau) -> None:
    bureau.new_item()
    bureau.new_item(OTHER)
    later = MONDAY + timedelta(days=3)
    with writing(bureau.engine) as session:
        reminders.plan(session, bureau.office, bureau.office.day(later), now=later)
    (first,) = bureau.messages(Message.letter == "digest", Message.person_id == 7)
    bureau.act(ITEM, Move.ACKNOWLEDGE, "owner", later + timedelta(hours=2))
    (second,) = bureau.messages(Message.id == first.id)
    assert (LINKS.findall(first.text)[-1], first.text != second.text) == (
        LINKS.findall(second.text)[-1],
        True,
    )
    assert {token for token, _ in LINKS.findall(first.text + second.text)} == {
        token_of(bureau, "owner", later.date())
    }


def test_what_the_reader_decides_or_leads_asks_for_signing_in(bureau: Bureau) -> None:
    bureau.new_item()
    bureau.act(ITEM, Move.ACKNOWLEDGE, "owner")
    bureau.act(ITEM, Move.SUBMIT, "owner", evidence=(PROOF,))
    later = MONDAY + timedelta(days=7)
    with writing(bureau.engine) as session:
        reminders.plan(session, bureau.office, bureau.office.day(later), now=later)
    (letter,) = bureau.messages(Message.letter == "digest", Message.person_id == 2)
    assert re.findall(r"https://\S+", letter.text) == [f"https://rectify.example/items/{ITEM}"]


def test_letters_of_a_trial_bear_no_links_that_act_for_others(bureau: Bureau) -> None:
    postbox = replace(bureau.office.postbox, redirect_to="trial@office.example")
    bureau = Bureau(bureau.engine, replace(bureau.office, postbox=postbox))
    bureau.new_item()
    (letter,) = bureau.messages(Message.letter == "assignment")
    assert re.findall(r"https://\S+", letter.text) == [f"https://rectify.example/items/{ITEM}"]


def test_a_link_opens_until_its_last_day_is_over(bureau: Bureau) -> None:
    token = token_of(bureau)
    last = MONDAY + timedelta(days=30)
    assert opened(bureau, token, last.replace(hour=23, minute=59)) == "owner"
    assert opened(bureau, token, last.replace(hour=0) + timedelta(days=1)) is None


def test_a_link_of_one_purpose_opens_nothing_of_another(bureau: Bureau) -> None:
    token = token_of(bureau)
    with reading(bureau.engine) as session:
        path = calendar_path(bureau.office.postbox.secret, person_by_email(session, "owner@office.example"))
    calendar = path.removeprefix("/calendar/").removesuffix(".ics")
    assert opened(bureau, token, purpose=Purpose.CALENDAR) is None
    assert opened(bureau, calendar) is None
    assert opened(bureau, calendar, MONDAY + timedelta(days=3650), Purpose.CALENDAR) == "owner"


@pytest.mark.parametrize("change", ["left", "moved", "void"])
def test_links_end_when_somebody_leaves_or_has_another_address_or_they_are_made_void(
    bureau: Bureau, change: str
) -> None:
    token, others = token_of(bureau), token_of(bureau, "second")
    with writing(bureau.engine) as session:
        person = person_by_email(session, "owner@office.example")
        if change == "left":
            person.active = False
        elif change == "moved":
            person.email = "new.name@office.example"
        else:
            mail_links.void(session, person, now=MONDAY, door="test")
    assert (opened(bureau, token), opened(bureau, others)) == (None, "second")


@pytest.mark.parametrize(("name", "away"), [("active", False), ("email", "new.name@office.example")])
def test_links_stay_ended_when_somebody_comes_back(bureau: Bureau, name: str, away: object) -> None:
    token = token_of(bureau)
    with writing(bureau.engine) as session:
        person = person_by_email(session, "owner@office.example")
        before, number = getattr(person, name), person.id
        setattr(person, name, away)
    with writing(bureau.engine) as session:
        setattr(session.get_one(Person, number), name, before)
    assert (opened(bureau, token), opened(bureau, token_of(bureau))) == (None, "owner")


def test_links_made_void_are_told_in_the_history_and_new_ones_work(bureau: Bureau) -> None:
    before = token_of(bureau)
    with writing(bureau.engine) as session:
        mail_links.void(session, person_by_email(session, "owner@office.example"), now=MONDAY, door="command")
    with reading(bureau.engine) as session:
        event = session.scalars(select(Event).order_by(Event.position.desc())).first()
        assert event is not None
        assert (event.door, event.subject, event.move) == ("command", "person:7", "void-links")
    assert (token_of(bureau) != before, opened(bureau, token_of(bureau))) == (True, "owner")


def test_links_made_void_are_void_in_letters_that_wait_and_a_digest_written_again_has_new_ones(
    bureau: Bureau,
) -> None:
    bureau.new_item()
    bureau.new_item(OTHER)
    later = MONDAY + timedelta(days=3)
    with writing(bureau.engine) as session:
        reminders.plan(session, bureau.office, later.date(), now=later)
        mail_links.void(session, person_by_email(session, "owner@office.example"), now=later, door="command")
    mine = (Message.person_id == 7, Message.state == MessageState.PLANNED)
    waiting = bureau.messages(*mine)
    assert [letter.letter for letter in waiting] == ["assignment", "assignment", "digest"]
    assert {opened(bureau, token, later) for one in waiting for token, _ in LINKS.findall(one.text)} == {None}
    bureau.act(ITEM, Move.ACKNOWLEDGE, "owner", later)
    (again,) = bureau.messages(*mine, Message.letter == "digest")
    assert {opened(bureau, token, later) for token, _ in LINKS.findall(again.text)} == {"owner"}


def test_a_link_acknowledges_and_reports_and_the_history_names_the_door(bureau: Bureau) -> None:
    bureau.new_item()
    assert by_link(bureau, "owner", ITEM, Wish(Move.ACKNOWLEDGE)) is State.IN_PROGRESS
    assert by_link(bureau, "owner", ITEM, Wish(Move.REPORT, note="已清理", progress=40)) is State.IN_PROGRESS
    with reading(bureau.engine) as session:
        events = session.scalars(select(Event).order_by(Event.position.desc()).limit(2)).all()
        assert [(event.door, event.move, event.actor_id, event.note) for event in events] == [
            ("link", "report", 7, "已清理"),
            ("link", "acknowledge", 7, ""),
        ]
    assert bureau.item(ITEM).progress == 40


@pytest.mark.parametrize("move", sorted(set(Move) - {Move.ACKNOWLEDGE, Move.REPORT}))
@pytest.mark.parametrize("who", ["owner", "head", "coordinator", "leader"])
def test_no_link_decides_anything_whoever_it_names(bureau: Bureau, who: str, move: Move) -> None:
    bureau.new_item()
    wish = Wish(move, note="理由", due_on=date(2026, 12, 1))
    with (
        bureau.visit(who) as visit,
        pytest.raises(NotAllowedError if who in {"owner", "head"} else NotFoundError),
    ):
        act_by_link(replace(visit, door=LINK), ITEM, wish)
    with bureau.visit(who) as visit, pytest.raises(NotAllowedError):
        mail_links.act(replace(visit, door=LINK), ITEM, wish)


def test_a_link_offers_two_moves_at_most_and_names_what_signing_in_would_add(coming: Visit) -> None:
    found = own_item(coming, ITEM)
    assert list(found.offers) == [Move.ACKNOWLEDGE]
    assert found.others == (Move.REQUEST_EXTENSION, Move.REQUEST_CANCELLATION)


def test_an_item_that_changed_meanwhile_is_not_moved_by_an_old_page(coming: Visit) -> None:
    with pytest.raises(ChangedError):
        act_by_link(coming, ITEM, Wish(Move.ACKNOWLEDGE, version=1))


def seen_by(bureau: Bureau, who: str) -> list[str]:
    with bureau.visit(who) as visit:
        return [line.reference for line in own_items(replace(visit, door=LINK)).lines]


def test_a_link_opens_what_one_owns_helps_with_or_heads_and_nothing_else(bureau: Bureau) -> None:
    bureau.new_item(due_on=date(2026, 10, 30))
    bureau.new_item(OTHER, owner="stranger")
    bureau.new_item("2026H1-M01")
    bureau.act("2026H1-M01", Move.REASSIGN, "coordinator", to="owner", co=("second",))
    assert {who: seen_by(bureau, who) for who in ("owner", "second", "head", "other.head", "stranger")} == {
        "owner": ["2026H1-M01", ITEM],
        "second": ["2026H1-M01"],
        "head": ["2026H1-M01", ITEM],
        "other.head": [OTHER],
        "stranger": [OTHER],
    }
    nobody = ("director", "coordinator", "leader", "auditor", "admin")
    assert {who: seen_by(bureau, who) for who in nobody} == {who: [] for who in nobody}


def test_who_heads_the_unit_above_sees_by_link_what_has_no_nearer_head(bureau: Bureau) -> None:
    bureau.new_item()
    assert seen_by(bureau, "director") == []
    with writing(bureau.engine) as session:
        session.scalars(select(Unit).where(Unit.code == "SAFETY")).one().head_id = None
    assert (seen_by(bureau, "director"), seen_by(bureau, "head")) == ([ITEM], [])


def test_what_is_finished_is_shown_and_listed_no_more_and_a_draft_is_nobodys(bureau: Bureau) -> None:
    bureau.new_item()
    bureau.act(ITEM, Move.CANCEL, "coordinator", note="重复")
    assert seen_by(bureau, "owner") == []
    with bureau.visit("owner") as visit:
        found = own_item(replace(visit, door=LINK), ITEM)
        assert (found.line.state, list(found.offers)) == (State.CANCELLED, [])
    bureau.act(ITEM, Move.REOPEN, "coordinator", note="误撤")
    assert bureau.item(ITEM).state is State.DRAFT
    with bureau.visit("owner") as visit, pytest.raises(NotFoundError):
        own_item(replace(visit, door=LINK), ITEM)


def test_an_item_of_somebody_else_is_not_there(bureau: Bureau) -> None:
    bureau.new_item()
    with bureau.visit("stranger") as visit, pytest.raises(NotFoundError):
        act_by_link(replace(visit, door=LINK), ITEM, Wish(Move.ACKNOWLEDGE))
    assert bureau.item(ITEM).state is State.ASSIGNED


def test_a_link_makes_no_more_moves_in_an_hour_than_a_person_would(bureau: Bureau) -> None:
    bureau.new_item()
    by_link(bureau, "owner", ITEM, Wish(Move.ACKNOWLEDGE))
    with bureau.visit("owner") as visit:
        guest = replace(visit, door=LINK)
        for percent in range(59):
            act_by_link(guest, ITEM, Wish(Move.REPORT, progress=percent))
        with pytest.raises(TooOftenError):
            act_by_link(guest, ITEM, Wish(Move.REPORT, progress=60))
    assert by_link(bureau, "owner", ITEM, Wish(Move.REPORT, progress=61), MONDAY + timedelta(hours=1))


def asked_again(bureau: Bureau, token: str, now: datetime, address: str = "10.0.0.1") -> list[Message]:
    with writing(bureau.engine) as session:
        mail_links.renew(session, bureau.office, token, address, now=now)
    return bureau.messages(Message.letter == "link")


def test_a_fresh_link_goes_to_the_known_address_once_an_hour(bureau: Bureau) -> None:
    later = MONDAY + timedelta(days=40)
    (letter,) = asked_again(bureau, token_of(bureau), later)
    assert (letter.address, letter.locale) == ("owner@office.example", "zh_CN")
    assert LINKS.findall(letter.text) == [(token_of(bureau, "owner", later.date()), "")]
    assert len(asked_again(bureau, token_of(bureau), later + timedelta(minutes=20))) == 1
    assert len(asked_again(bureau, token_of(bureau), later + timedelta(hours=1))) == 2


@pytest.mark.parametrize("change", ["left", "moved", "void", "made up"])
def test_no_letter_goes_out_for_a_link_of_somebody_who_left_or_moved_or_that_was_made_void(
    bureau: Bureau, change: str
) -> None:
    token = token_of(bureau)
    if change == "made up":
        token = "A" * 36
    with writing(bureau.engine) as session:
        person = person_by_email(session, "owner@office.example")
        if change == "left":
            person.active = False
        elif change == "moved":
            person.email = "new.name@office.example"
        elif change == "void":
            mail_links.void(session, person, now=MONDAY, door="test")
    assert asked_again(bureau, token, MONDAY) == []


def test_fresh_links_are_not_asked_for_without_end_from_one_address(bureau: Bureau) -> None:
    for _ in range(20):
        asked_again(bureau, "A" * 36, MONDAY)
    with pytest.raises(TooOftenError):
        asked_again(bureau, token_of(bureau), MONDAY)
    assert len(asked_again(bureau, token_of(bureau), MONDAY, "10.0.0.2")) == 1
