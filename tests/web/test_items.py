"""The item's page: what it shows, which moves it offers, and what becomes of them."""

import re
from datetime import date

import pytest
from browsers import Opening
from offices import PROOF, Bureau
from sqlalchemy import select

from models.event import Event
from models.item import Evidence, Item
from models.organisation import Person
from models.session import reading
from rules.lifecycle import Move, State

ITEM = "2026H1-P01"


def doors(bureau: Bureau) -> list[tuple[str, str]]:
    with reading(bureau.engine) as session:
        query = select(Event.move, Event.door).join(Item, Item.id == Event.item_id)
        return [
            tuple(row)
            for row in session.execute(query.where(Item.reference == ITEM).order_by(Event.position))
        ]


def test_an_item_goes_from_hand_to_hand_to_its_closing(signed_in: Opening, bureau: Bureau) -> None:
    owner, coordinator = signed_in("owner"), signed_in("coordinator")
    bureau.take_in()
    coordinator.get(f"/items/{ITEM}")
    assert coordinator.offered() == ["confirm", "cancel"]
    assert coordinator.move(ITEM, "confirm").status_code == 303
    coordinator.get(f"/items/{ITEM}")
    assert coordinator.offered() == ["assign", "cancel"]
    assert coordinator.send(ITEM, "assign", to="安全科员", due="2026-09-30").status_code == 303
    owner.get(f"/items/{ITEM}")
    assert owner.offered() == ["acknowledge", "request-extension", "request-cancellation"]
    assert owner.send(ITEM, "acknowledge").status_code == 303
    assert owner.move(ITEM, "report", note="正在整改", progress="40").status_code == 303
    files = [("evidence", ("记录.txt", PROOF.content, "text/html"))]
    assert owner.move(ITEM, "submit", note="整改完成", files=files).status_code == 303
    assert coordinator.move(ITEM, "approve", note="资料齐全").headers["location"] == f"/items/{ITEM}"
    item = bureau.item(ITEM)
    assert (item.state, item.progress, item.due_on) == (State.CLOSED, 100, date(2026, 9, 30))
    assert doors(bureau)[1:] == [
        (move, "page") for move in ("confirm", "assign", "acknowledge", "report", "submit", "approve")
    ]


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        ("owner", ["request-extension", "request-cancellation", "withdraw"]),
        ("head", ["request-extension", "request-cancellation"]),
        (
            "coordinator",
            ["approve", "reject", "sustain", "entrust", "pause", "withdraw", "order", "cancel"],
        ),
        ("leader", ["approve", "reject", "sustain", "cancel"]),
        ("auditor", []),
    ],
)
def test_each_is_offered_only_what_they_may_do_now(
    signed_in: Opening, bureau: Bureau, who: str, offered: list[str]
) -> None:
    bureau.new_item(ITEM)
    bureau.act(ITEM, Move.ACKNOWLEDGE, "owner")
    bureau.act(ITEM, Move.SUBMIT, "owner", evidence=(PROOF,))
    browser = signed_in(who)
    assert browser.get(f"/items/{ITEM}").status_code == 200
    assert browser.offered() == offered


def test_nobody_closes_through_the_page_what_they_own_or_handed_in(
    signed_in: Opening, bureau: Bureau
) -> None:
    bureau.new_item("2026H1-P01", owner="coordinator")
    bureau.act("2026H1-P01", Move.ACKNOWLEDGE, "coordinator")
    bureau.act("2026H1-P01", Move.SUBMIT, "coordinator", evidence=(PROOF,))
    browser = signed_in("coordinator")
    browser.get("/items/2026H1-P01")
    assert browser.offered() == [
        *("request-extension", "request-cancellation", "entrust", "pause", "withdraw", "order")
    ]
    assert browser.send("2026H1-P01", "approve").status_code == 403
    assert browser.alert() == "Item 2026H1-P01 cannot be decided by its own owner or by who handed it in."
    assert bureau.item("2026H1-P01").state is State.SUBMITTED


def test_without_evidence_nothing_is_handed_in(signed_in: Opening, bureau: Bureau) -> None:
    bureau.new_item(ITEM)
    bureau.act(ITEM, Move.ACKNOWLEDGE, "owner")
    browser = signed_in("owner")
    answer = browser.move(ITEM, "submit", note="说是完成了")
    assert (answer.status_code, browser.alert()) == (
        422,
        f"Item {ITEM} has no evidence; hand in a file first.",
    )
    assert ">说是完成了</textarea>" in answer.text
    assert bureau.item(ITEM).state is State.IN_PROGRESS


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"progress": "a third"}, "a third is no number."),
        ({"progress": "101"}, "Progress is a figure from 0 to 100, not 101."),
        ({"note": "x" * 10_001}, "One field takes at most 10000 characters."),
        ({"due": "2026-10-01", "note": "y"}, "Report progress takes no --due."),
        ({}, f"A progress report on {ITEM} needs a note or a progress figure."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_the_form_again(
    signed_in: Opening, bureau: Bureau, said: dict[str, str], sentence: str
) -> None:
    bureau.new_item(ITEM)
    bureau.act(ITEM, Move.ACKNOWLEDGE, "owner")
    browser = signed_in("owner")
    before = bureau.item(ITEM).version
    assert browser.move(ITEM, "report", **said).status_code == 422
    assert browser.alert() == sentence
    assert bureau.item(ITEM).version == before


def test_the_second_of_two_editors_sees_what_changed_and_loses_nothing(
    signed_in: Opening, bureau: Bureau
) -> None:
    bureau.new_item(ITEM)
    bureau.act(ITEM, Move.ACKNOWLEDGE, "owner")
    owner = signed_in("owner")
    owner.get(f"/items/{ITEM}")
    bureau.act(ITEM, Move.REPORT, "head", note="先行清理了现场", progress=30)
    files = [("evidence", ("照片.jpg", b"a picture", "image/jpeg"))]
    answer = owner.send(ITEM, "submit", note="已全部完成", progress="100", files=files)
    assert answer.status_code == 409
    assert owner.alert() == f"Item {ITEM} was changed while you worked on it."
    news = answer.text.partition("What happened meanwhile")[2].partition("</section>")[0]
    assert re.findall(r"<b>([^<]*)</b> · (\S+)", news) == [("Report progress", "安全科长")]
    assert "0% → 30%" in news
    assert "先行清理了现场" in news
    assert bureau.item(ITEM).state is State.IN_PROGRESS
    form = answer.text.partition('id="move-submit" open')[2].partition("</form>")[0]
    assert ">已全部完成</textarea>" in form
    assert 'value="100"' in form
    (kept,) = re.findall(r'name="kept" value="([^"]*)"', form)
    assert owner.send(ITEM, "submit", note="已全部完成", progress="100", kept=kept).status_code == 303
    assert bureau.item(ITEM).state is State.SUBMITTED
    (file,) = bureau.rows(Evidence)
    assert (file.file_name, file.size) == ("照片.jpg", 9)


def test_words_for_a_move_that_is_gone_are_shown_to_be_copied(signed_in: Opening, bureau: Bureau) -> None:
    bureau.new_item(ITEM)
    bureau.act(ITEM, Move.ACKNOWLEDGE, "owner")
    owner = signed_in("owner")
    owner.get(f"/items/{ITEM}")
    bureau.act(ITEM, Move.CANCEL, "leader", note="与其他事项合并")
    answer = owner.send(ITEM, "report", note="写了很久的进展")
    assert answer.status_code == 409
    typed = answer.text.partition("What you wrote")[2].partition("</section>")[0]
    assert re.findall(r">([^<]+)</textarea>", typed) == ["写了很久的进展"]


def test_a_form_that_came_after_the_session_shows_what_was_typed(
    signed_in: Opening, bureau: Bureau, clock: object
) -> None:
    bureau.new_item(ITEM)
    owner = signed_in("owner")
    owner.get(f"/items/{ITEM}")
    clock.pass_by(hours=2)  # type: ignore[attr-defined]
    answer = owner.send(ITEM, "request-cancellation", note="写了很久的理由")
    assert answer.status_code == 401
    assert ">写了很久的理由</textarea>" in answer.text
    assert bureau.item(ITEM).version == 3


def test_nobody_brings_a_file_that_we_did_not_keep_for_them(signed_in: Opening, bureau: Bureau) -> None:
    bureau.new_item(ITEM)
    bureau.act(ITEM, Move.ACKNOWLEDGE, "owner")
    browser = signed_in("owner")
    for kept in (f"{'0' * 64}/{PROOF.sha256}/x", f"{'0' * 64}/../../rectify.db/x", "", "/"):
        assert browser.move(ITEM, "submit", kept=kept).status_code == 404
    assert bureau.item(ITEM).state is State.IN_PROGRESS


def test_evidence_comes_back_as_it_was_and_is_only_ever_saved(signed_in: Opening, bureau: Bureau) -> None:
    bureau.new_item(ITEM)
    bureau.act(ITEM, Move.ACKNOWLEDGE, "owner")
    browser = signed_in("owner")
    page = b"<script>1.alert()</script>"
    files = [("evidence", ('..\\..\\"现场".html', page, "text/html"))]
    assert browser.move(ITEM, "submit", files=files).status_code == 303
    (file,) = bureau.rows(Evidence)
    answer = browser.get(f"/evidence/{file.id}")
    assert answer.content == page
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert "%E7%8E%B0%E5%9C%BA" in answer.headers["content-disposition"]
    assert "/" not in file.file_name
    assert "\\" not in file.file_name


def test_evidence_is_withdrawn_with_a_reason_and_still_shown(signed_in: Opening, bureau: Bureau) -> None:
    bureau.new_item(ITEM)
    bureau.act(ITEM, Move.ACKNOWLEDGE, "owner")
    bureau.act(ITEM, Move.SUBMIT, "owner", evidence=(PROOF,))
    browser = signed_in("owner")
    (file,) = bureau.rows(Evidence)
    assert browser.move(ITEM, "withdraw", file=str(file.id)).status_code == 422
    assert re.findall(r'<option value="(\d+)" selected>', browser.last.text) == [str(file.id)]
    assert browser.send(ITEM, "withdraw", file=str(file.id), note="拍错了工地").status_code == 303
    page = browser.get(f"/items/{ITEM}").text
    assert "· withdrawn" in page
    assert "<span>Evidence withdrawn</span> 记录.txt" in page
    assert "拍错了工地" in page
    assert "withdraw" not in browser.offered()
    assert browser.get(f"/evidence/{file.id}").content == PROOF.content


def test_nobody_withdraws_the_file_of_an_item_that_they_do_not_see(
    signed_in: Opening, bureau: Bureau
) -> None:
    for reference, owner in ((ITEM, "owner"), ("2026H1-P02", "stranger")):
        bureau.new_item(reference, owner=owner)
        bureau.act(reference, Move.ACKNOWLEDGE, owner)
        bureau.act(reference, Move.SUBMIT, owner, evidence=(PROOF,))
    browser = signed_in("owner")
    _, other = bureau.rows(Evidence)
    assert browser.move(ITEM, "withdraw", file=str(other.id), note="x").status_code == 404
    keeper = signed_in("coordinator")
    assert keeper.move(ITEM, "withdraw", file=str(other.id), note="x").status_code == 404
    assert [file.withdrawn_at for file in bureau.rows(Evidence)] == [None, None]


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30, "x", "-1", "%00"])
def test_a_file_that_there_is_not_is_not_found(signed_in: Opening, number: str) -> None:
    assert signed_in("owner").get(f"/evidence/{number}").status_code == 404


@pytest.mark.parametrize("reference", ["%00", "nothing", "' or 1=1 --", "a" * 3000])
def test_an_item_that_there_is_not_is_not_found(signed_in: Opening, reference: str) -> None:
    assert signed_in("coordinator").get(f"/items/{reference}").status_code == 404


def test_what_people_write_is_shown_and_never_run(signed_in: Opening, bureau: Bureau) -> None:
    bureau.new_item(ITEM)
    bureau.act(ITEM, Move.ACKNOWLEDGE, "owner")
    browser = signed_in("owner")
    browser.move(ITEM, "report", note="<script>alert('x')</script>\"><img src=x>")
    words = browser.get(f"/items/{ITEM}").text
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&#34;&gt;&lt;img src=x&gt;" in words
    assert "<script>alert" not in words


def test_the_quote_stands_in_its_place_for_who_may_read_the_report(
    signed_in: Opening, bureau: Bureau
) -> None:
    bureau.new_item(ITEM)
    whole = signed_in("coordinator").get(f"/items/{ITEM}").text
    alone = signed_in("owner").get(f"/items/{ITEM}").text
    quote = "（一）工地隐患整改偏慢。个别工地同类隐患反复出现。"
    for words in (whole, alone):
        assert f"<mark>{quote}</mark>" in words
    neighbour = "公租房申请审核时间较长"
    assert neighbour in whole
    assert neighbour not in alone


def test_several_people_of_one_name_are_told_apart_by_address(signed_in: Opening, bureau: Bureau) -> None:
    bureau.take_in()
    bureau.act(ITEM, Move.CONFIRM, "coordinator")
    with bureau.visit("coordinator") as visit:
        person = Person(name="安全科员", email="namesake@office.example", unit_id=visit.actor.unit_id)
        visit.session.add(person)
    browser = signed_in("coordinator")
    assert browser.move(ITEM, "assign", to="安全科员").status_code == 404
    assert browser.alert() == "Several people are called 安全科员; give the address."
    assert browser.send(ITEM, "assign", to="安全科员 <namesake@office.example>").status_code == 303
