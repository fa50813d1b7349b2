"""Late entries on the item's page: a coordinator says when it happened, and it is booked now."""

from datetime import date

import pytest
from browsers import Opening
from offices import Bureau
from sqlalchemy import select

from models.event import Event
from models.item import Item
from models.session import reading
from rules.lifecycle import Move, State

ITEM = "2026H1-P01"


@pytest.fixture(name="item")
def item_fixture(bureau: Bureau) -> Item:
    return bureau.new_item(ITEM)


def booked(bureau: Bureau, move: Move) -> list[str | None]:
    """The day that each such event says it happened on."""
    with reading(bureau.engine) as session:
        payloads = session.scalars(select(Event.payload).where(Event.move == move).order_by(Event.position))
        return [payload.get("happened_on") for payload in payloads]


@pytest.mark.usefixtures("item")
def test_a_coordinator_enters_late_what_happened_on_an_earlier_day(
    signed_in: Opening, bureau: Bureau
) -> None:
    browser = signed_in("coordinator")
    answer = browser.move(ITEM, "cancel", note="已并入其他事项", happened="2026-06-30")
    assert answer.status_code == 303
    assert booked(bureau, Move.CANCEL) == ["2026-06-30"]
    [item] = [one for one in bureau.rows(Item) if one.reference == ITEM]
    # It is booked today, so no sealed figure changes.
    assert (item.state, item.ended_on != date(2026, 6, 30)) == (State.CANCELLED, True)
    assert "<span>Happened on</span> 2026-06-30" in browser.get(f"/items/{ITEM}").text


@pytest.mark.usefixtures("item")
def test_nobody_else_is_offered_or_allowed_another_day(signed_in: Opening, bureau: Bureau) -> None:
    browser = signed_in("owner")
    assert 'name="happened"' not in browser.get(f"/items/{ITEM}").text
    answer = browser.move(ITEM, "acknowledge", happened="2026-06-30")
    assert (answer.status_code, browser.alert()) == (
        403,
        "Only a coordinator enters on a page what happened on an earlier day.",
    )
    assert booked(bureau, Move.ACKNOWLEDGE) == []


@pytest.mark.usefixtures("item")
def test_a_day_to_come_is_refused_and_stays_in_the_form(signed_in: Opening, bureau: Bureau) -> None:
    browser = signed_in("coordinator")
    answer = browser.move(ITEM, "cancel", note="已并入其他事项", happened="2099-01-05")
    assert (answer.status_code, browser.alert()) == (
        422,
        "2099-01-05 has not come yet; nothing can have happened on it.",
    )
    assert 'name="happened" value="2099-01-05"' in answer.text
    assert booked(bureau, Move.CANCEL) == []
