"""Who verifies and who leads one item, named on its page."""

import re
from html import unescape

from browsers import Browser, Opening
from offices import Bureau

from models.item import Assignment
from rules.permissions import Role

ITEM = "2026H1-P01"
VERIFIER, LEADER = "保障科员 <stranger@office.example>", "保障科长 <other.head@office.example>"


def filled(browser: Browser) -> dict[str, str]:
    """What the two fields of the page on the screen hold."""
    fields = re.findall(
        r'<input name="(verifier|supervisor)" list="people" value="([^"]*)"', browser.last.text
    )
    return {name: unescape(value) for name, value in fields}


def named(bureau: Bureau) -> dict[Role, str]:
    entrusted = Assignment.role.in_((Role.VERIFIER, Role.SUPERVISOR))
    return {one.role: bureau.email(one.person_id) for one in bureau.rows(Assignment, entrusted)}


def test_a_coordinator_names_both_and_finds_them_in_the_form_again(
    signed_in: Opening, bureau: Bureau
) -> None:
    bureau.new_item(ITEM)
    browser = signed_in("coordinator")
    browser.get(f"/items/{ITEM}")
    assert filled(browser) == {"verifier": "", "supervisor": ""}
    assert browser.send(ITEM, "entrust", verifier=VERIFIER, supervisor=LEADER).status_code == 303
    browser.get(f"/items/{ITEM}")
    assert filled(browser) == {"verifier": VERIFIER, "supervisor": LEADER}
    assert browser.send(ITEM, "entrust", verifier="", supervisor=LEADER).status_code == 303
    assert named(bureau) == {Role.SUPERVISOR: "other.head"}


def test_a_refused_name_stays_in_the_form(signed_in: Opening, bureau: Bureau) -> None:
    bureau.new_item(ITEM)
    browser = signed_in("coordinator")
    answer = browser.move(ITEM, "entrust", verifier="安全科员 <owner@office.example>", supervisor="")
    assert answer.status_code == 422
    assert filled(browser) == {"verifier": "安全科员 <owner@office.example>", "supervisor": ""}
    assert named(bureau) == {}
