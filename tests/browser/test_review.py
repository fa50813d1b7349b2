"""Looking through a report by keys alone."""

import pytest
from offices import Bureau
from windows import Opening

from rules.lifecycle import State


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_draft_is_found_and_dropped_with_a_reason_by_keys_alone(bureau: Bureau, window: Opening) -> None:
    report = bureau.take_in()
    screen = window("coordinator", width=1440)
    screen.open(f"/reports/{report}")
    rows = screen.page.locator(".drafts > li")
    second = str(rows.nth(1).get_attribute("id")).removeprefix("draft-")
    screen.page.focus(".drafts input")
    screen.page.keyboard.press("j")
    with screen.page.expect_navigation():
        screen.page.keyboard.press("d")
    screen.page.keyboard.type("与另一条重复")
    screen.page.keyboard.press("Tab")
    with screen.page.expect_navigation():
        screen.page.keyboard.press("Enter")
    assert screen.page.url == f"{screen.origin}/reports/{report}"
    assert rows.count() == 3
    assert bureau.item(second).state is State.CANCELLED
