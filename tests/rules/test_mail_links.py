from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rules.mail_links import (
    Claim,
    LinkPolicy,
    Purpose,
    is_alive,
    is_signed,
    last_day,
    of_password,
    read,
    sign,
)
from rules.permissions import BY_LINK, FOR_ANYBODY, FOR_LINK_HOLDERS, FOR_THE_SIGNED_IN, TABLE, Role, by_link

SECRET = b"a secret of the tests"
WHO = "owner@office.example"
DAY = date(2026, 7, 6)
ONE = Claim(7, 0, DAY)

CLAIMS = st.builds(
    Claim,
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**32 - 1),
    st.none() | st.dates(),
)
SECRETS = st.binary(min_size=1, max_size=80)
ADDRESSES = st.emails()
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(SECRETS, st.sampled_from(Purpose), CLAIMS, ADDRESSES)
def test_a_link_says_what_it_was_made_of_and_is_the_same_whenever_it_is_made(
    secret: bytes, purpose: Purpose, claim: Claim, address: str
) -> None:
    token = sign(secret, purpose, claim, address)
    assert read(token) == claim
    assert is_signed(secret, purpose, token, address)
    assert token == sign(secret, purpose, replace(claim), address)
    assert len(token) == 36
    assert set(token) <= set(LETTERS)


@given(CLAIMS, st.integers(0, 35), st.sampled_from(LETTERS))
def test_a_link_with_one_letter_changed_is_none_of_ours(claim: Claim, place: int, letter: str) -> None:
    token = sign(SECRET, Purpose.ITEMS, claim, WHO)
    assume(token[place] != letter)
    changed = token[:place] + letter + token[place + 1 :]
    assert not is_signed(SECRET, Purpose.ITEMS, changed, WHO)


@given(
    st.text()
    | st.text(LETTERS, min_size=34, max_size=38)
    | st.binary(min_size=27, max_size=27).map(bytes.hex)
)
def test_whatever_stands_in_an_address_is_read_without_a_fault_and_is_none_of_ours(token: str) -> None:
    claim = read(token)
    assert claim is None or len(token) == 36
    assert not is_signed(SECRET, Purpose.ITEMS, token, WHO)


@given(CLAIMS, CLAIMS, SECRETS, ADDRESSES)
def test_no_link_serves_for_another_person_purpose_address_or_house(
    claim: Claim, other: Claim, secret: bytes, address: str
) -> None:
    assume(claim != other and secret != SECRET and address != WHO)
    token = sign(SECRET, Purpose.ITEMS, claim, WHO)
    mark = sign(SECRET, Purpose.ITEMS, other, WHO)[15:]
    assert not is_signed(SECRET, Purpose.CALENDAR, token, WHO)
    assert not is_signed(SECRET, Purpose.ITEMS, token, address)
    assert not is_signed(secret, Purpose.ITEMS, token, WHO)
    assert not is_signed(SECRET, Purpose.ITEMS, token[:15] + mark, WHO)


@pytest.mark.parametrize(
    ("claim", "epoch", "today", "opens"),
    [
        (ONE, 0, DAY, True),
        (ONE, 0, DAY - timedelta(days=30), True),
        (ONE, 0, DAY + timedelta(days=1), False),
        (ONE, 1, DAY, False),
        (replace(ONE, epoch=1), 0, DAY, False),
        (replace(ONE, last_on=None), 0, date(2126, 1, 1), True),
        (replace(ONE, last_on=None), 1, DAY, False),
    ],
)
def test_a_link_works_until_its_last_day_is_over_or_it_is_void(
    claim: Claim, epoch: int, today: date, opens: object
) -> None:
    assert is_alive(claim, epoch=epoch, today=today) is opens


def test_the_links_of_a_letter_work_for_thirty_days_where_the_office_says_nothing_else() -> None:
    assert last_day(DAY, LinkPolicy().days) == date(2026, 8, 5)


def test_a_link_opens_and_does_no_more_than_these_three() -> None:
    assert {action: set(roles) for action, roles in BY_LINK.items()} == {
        "view-item": {Role.OWNER, Role.CO_OWNER, Role.HEAD},
        "acknowledge": {Role.OWNER, Role.HEAD},
        "report": {Role.OWNER, Role.CO_OWNER, Role.HEAD},
    }


@pytest.mark.parametrize("action", sorted(TABLE))
def test_a_link_never_allows_what_the_table_does_not(action: str) -> None:
    assert by_link(action, set(Role)) <= TABLE[action]
    assert by_link(action, set()) == frozenset()


def test_what_links_lead_to_stands_in_no_other_list() -> None:
    assert not FOR_LINK_HOLDERS & (set(TABLE) | FOR_ANYBODY | FOR_THE_SIGNED_IN)


STORED = st.text(st.characters(codec="ascii", exclude_characters="\n"), max_size=120)


@given(CLAIMS, ADDRESSES, ADDRESSES, STORED, STORED)
def test_a_link_to_set_a_password_ends_with_the_password_that_there_was(
    claim: Claim, address: str, other: str, before: str, after: str
) -> None:
    assume((address, before) != (other, after))
    token = sign(SECRET, Purpose.PASSWORD, claim, of_password(address, before))
    assert is_signed(SECRET, Purpose.PASSWORD, token, of_password(address, before))
    assert not is_signed(SECRET, Purpose.PASSWORD, token, of_password(other, after))
    assert not is_signed(SECRET, Purpose.ITEMS, token, of_password(address, before))
