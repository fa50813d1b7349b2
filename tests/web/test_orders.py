"""Supervision orders on the item's page: issued by coordinators, saved by whoever sees the item."""

import re
from datetime import date
from io import BytesIO

from browsers import Opening
from docx import Document
from offices import Bureau

from models.message import Message
from models.order import SupervisionOrder

ITEM = "2026H1-P01"
REQUIRED = "一周内完成全部工地复查"


def test_a_coordinator_issues_an_order_and_owner_and_coordinator_save_the_document(
    signed_in: Opening, bureau: Bureau
) -> None:
    bureau.new_item(ITEM)
    coordinator = signed_in("coordinator")
    answer = coordinator.move(ITEM, "order", note=REQUIRED, answer="2099-01-05")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/items/{ITEM}")
    [order] = bureau.rows(SupervisionOrder)
    assert (order.number, order.answer_on) == (1, date(2099, 1, 5))
    assert [bureau.email(it.person_id) for it in bureau.messages(Message.letter == "order")] == [
        "owner",
        "head",
    ]
    for browser in (coordinator, signed_in("owner")):
        page = browser.get(f"/items/{ITEM}").text
        [link] = re.findall(r'href="(/items/[^"]+/orders/[^"]+)" download', page)
        saved = browser.get(link)
        assert saved.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        said = [line.text for line in Document(BytesIO(saved.content)).paragraphs]
        assert f"{REQUIRED}。" in said or f"{REQUIRED}." in said


def test_a_refused_order_keeps_what_was_typed_and_takes_no_number(signed_in: Opening, bureau: Bureau) -> None:
    bureau.new_item(ITEM)
    browser = signed_in("coordinator")
    answer = browser.move(ITEM, "order", note=REQUIRED, answer="2020-01-05")
    assert (answer.status_code, browser.alert()) == (
        422,
        f"The day by which an answer on {ITEM} is asked for has passed already.",
    )
    assert f">{REQUIRED}</textarea>" in answer.text
    assert 'name="answer" value="2020-01-05"' in answer.text
    assert bureau.rows(SupervisionOrder) == []


def test_an_order_that_is_not_there_is_not_found(signed_in: Opening, bureau: Bureau) -> None:
    bureau.new_item(ITEM)
    assert signed_in("coordinator").get(f"/items/{ITEM}/orders/2026-9").status_code == 404
