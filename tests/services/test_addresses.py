"""Addresses of people, as they are entered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.wire import checked_address
from rules.errors import SettingError
from services.organisation import ADDRESS_LENGTH, normal_address


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        (" Li.Wei@Yunzhou.Example ", "li.wei@yunzhou.example"),
        ("li.wei+x@yunzhou.example", "li.wei+x@yunzhou.example"),
        ("li.wei@张.example", "li.wei@xn--e1t.example"),
        ("li.wei@云州住建.example", "li.wei@xn--9kqxru47ar6a.example"),
    ],
)
def test_an_address_is_kept_as_mail_servers_know_it(entered: str, kept: str) -> None:
    assert normal_address(entered) == kept


@pytest.mark.parametrize(
    "entered",
    [
        *("", "li.wei", "@yunzhou.example", "li.wei@", "li@wei@yunzhou.example", "李伟@yunzhou.example"),
        *("li..wei@yunzhou.example", ".li@yunzhou.example", "li.@yunzhou.example"),
        *("li@yunzhou..example", "li@.example", "li@-yunzhou.example", "li@yunzhou-.example"),
        *("li wei@yunzhou.example", "li\nwei@yunzhou.example", "li@yunzhou.example\r\nBcc: x@y.example"),
        *("<li@yunzhou.example>", "li@yunzhou.example, wei@yunzhou.example", "li@云\u202e州.example"),
        *("l" * 65 + "@yunzhou.example", "li@" + "y" * 64 + ".example"),
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(entered: str) -> None:
    with pytest.raises(SettingError, match=r"is no e-mail address\.$"):
        normal_address(entered)


def test_an_address_longer_than_any_is_said_to_be_too_long() -> None:
    with pytest.raises(SettingError, match=r"^The address l+\S* is too long\.$"):
        normal_address("l" * ADDRESS_LENGTH + "@yunzhou.example")


@given(st.text(max_size=80))
def test_whatever_is_entered_what_is_kept_can_stand_on_the_wire(entered: str) -> None:
    try:
        kept = normal_address(entered)
    except SettingError:
        return
    assert checked_address(kept) == kept == normal_address(kept)
