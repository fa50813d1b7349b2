"""Drafts are put right in the browser, with and without a selection, by one editor or by two."""

import re
from html import unescape
from typing import Any

import pytest
from browsers import Browser, Opening
from offices import REPORT, Bureau
from sqlalchemy import select

from models.event import Event
from models.item import Assignment, Item, Link
from models.message import Message
from models.organisation import Grant
from models.report import Report
from models.session import reading
from rules.deadlines import TimeLimit
from rules.errors import NotAllowedError
from rules.lifecycle import Kind, Move, State
from rules.permissions import Role
from services import drafts
from services.drafting import Edits
from services.organisation import person_by_email

P01, P02, M01, M02 = "2026H1-P01", "2026H1-P02", "2026H1-M01", "2026H1-M02"


@pytest.fixture
def coordinator(signed_in: Opening, bureau: Bureau) -> Browser:
    bureau.take_in()
    return signed_in("coordinator")


def fields(browser: Browser, action: str) -> dict[str, str]:
    """What the form would send as it stands on the screen."""
    form = browser.last.text.partition(f'action="{action}"')[2].partition("</form>")[0]
    said = {
        name: unescape(value)
        for name, value in re.findall(
            r'<input(?: type="(?:hidden|date)")? name="(\w+)"[^>]*? value="([^"]*)"', form
        )
    }
    for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        said[name] = unescape(chosen[1]) if chosen else ""
    return said


def save(browser: Browser, reference: str, **said: str) -> int:
    """Opens the draft, changes fields of its form and sends it; the status of the answer."""
    browser.get(f"/items/{reference}/edit")
    form = fields(browser, f"/items/{reference}/edit")
    return browser.post(f"/items/{reference}/edit", form | said).status_code


def change(bureau: Bureau, reference: str, **said: Any) -> None:
    """Another coordinator's edit, meanwhile."""
    with bureau.visit("coordinator") as visit:
        drafts.edit(visit, reference, Edits(**said))


def text_of(bureau: Bureau) -> str:
    (report,) = bureau.rows(Report)
    return str(report.text)


def test_a_form_that_nobody_changed_changes_nothing(coordinator: Browser, bureau: Bureau) -> None:
    for reference in (P01, M01, M02):
        assert save(coordinator, reference) == 422
        assert coordinator.alert() == f"Nothing of {reference} would change; say what should."
    assert {item.version for item in bureau.rows(Item)} == {1}


def test_a_draft_is_edited_and_handed_over_as_it_was_planned(coordinator: Browser, bureau: Bureau) -> None:
    said = {"title": "整治工地隐患", "owner": "Second Owner", "due": "2026-08-03", "alone": "1"}
    assert save(coordinator, M01, **said) == 303
    assert coordinator.last.headers["location"] == f"/reports/1?page=1#draft-{M01}"
    assert (bureau.rows(Assignment), bureau.rows(Message)) == ([], [])
    page = coordinator.get("/reports/1").text
    assert "→ Second Owner" in page
    seen = coordinator.hidden("seen")
    assert coordinator.post("/reports/1/confirm", {"draft": [M01], "seen": seen}).status_code == 303
    (owner,) = bureau.rows(Assignment)
    item = bureau.item(M01)
    assert (bureau.email(owner.person_id), item.title) == ("second", "整治工地隐患")
    assert (item.state, str(item.due_on)) == (State.ASSIGNED, "2026-08-03")


def test_what_was_chosen_stands_in_the_form_and_can_be_taken_back(
    coordinator: Browser, bureau: Bureau
) -> None:
    save(coordinator, M01, owner="Second Owner <second@office.example>", due="2026-08-03", unit="SAFETY")
    coordinator.get(f"/items/{M01}/edit")
    form = fields(coordinator, f"/items/{M01}/edit")
    assert (form["owner"], form["due"], form["unit"]) == (
        "Second Owner <second@office.example>",
        "2026-08-03",
        "SAFETY",
    )
    assert save(coordinator, M01, owner="", due="", unit="") == 303
    assert bureau.item(M01).plan == {}


def test_words_are_chosen_by_their_first_and_last_ones(coordinator: Browser, bureau: Bureau) -> None:
    assert save(coordinator, P01, first="个别工地", last="反复出现。") == 303
    assert bureau.item(P01).body == "个别工地同类隐患反复出现。"
    assert save(coordinator, P01, first="审核") == 422
    assert coordinator.alert() == "“审核” stands in several places; write more of it."
    assert fields(coordinator, f"/items/{P01}/edit")["first"] == "审核"


def test_words_are_chosen_by_selecting_them(coordinator: Browser, bureau: Bureau) -> None:
    text = text_of(bureau)
    start = text.index("公租房申请")
    selection = {"start": str(start), "end": str(start + 12), "first": text[start : start + 4], "last": ""}
    assert save(coordinator, P02, **selection) == 303
    assert bureau.item(P02).body == text[start : start + 12]
    assert save(coordinator, P02, start="3", end="9", first="公租房", last="较长") == 422
    assert coordinator.alert() == "The selection does not fit its words; select them again."


def test_a_draft_is_split_where_its_words_say(coordinator: Browser, bureau: Bureau) -> None:
    page = coordinator.get(f"/items/{M01}/edit").text
    places = re.findall(r'name="at" value="(\d+)" required> ([^<]*)', page)
    assert [words for _, words in places] == ["由质量安全科负责，", "2026年9月30日前完成工地隐患整改。"]
    form = {"version": coordinator.hidden("version"), "at": places[1][0]}
    assert coordinator.post(f"/items/{M01}/split", form).status_code == 303
    assert coordinator.last.headers["location"] == "/reports/1?page=1#draft-2026H1-M03"
    assert bureau.item("2026H1-M03").body == "2026年9月30日前完成工地隐患整改。"
    assert bureau.item(M01).body == "（一）加快工地隐患整改。由质量安全科负责，"


def test_a_draft_goes_on_as_another_and_is_listed_as_dropped(coordinator: Browser) -> None:
    coordinator.get(f"/items/{M02}/edit")
    form = {"version": coordinator.hidden("version"), "other": f"{M01}:1"}
    assert coordinator.post(f"/items/{M02}/merge", form).status_code == 303
    page = coordinator.get("/reports/1").text
    dropped = page.partition('id="dropped"')[2]
    assert re.findall(r">(2026H1-M\d+) ", dropped) == [M02]
    assert re.findall(r'name="draft" value="([^"]+)"', page) == [P01, P02, M01]
    assert "Goes on as</span> 2026H1-M01" in coordinator.get(f"/items/{M02}").text


def test_a_merge_into_a_draft_that_changed_meanwhile_is_shown_what_is_there(
    coordinator: Browser, bureau: Bureau
) -> None:
    bureau.act(M01, Move.CANCEL, "leader", note="与其他事项重复")
    coordinator.get(f"/items/{M02}/edit")
    form = {"version": coordinator.hidden("version"), "other": f"{M01}:1"}
    assert coordinator.post(f"/items/{M02}/merge", form).status_code == 422
    assert bureau.item(M02).state is State.DRAFT


def test_a_draft_is_dropped_with_a_reason_and_leads_back_to_the_report(
    coordinator: Browser, bureau: Bureau
) -> None:
    coordinator.get(f"/items/{P02}/edit")
    form = {"version": coordinator.hidden("version"), "next": "/reports/1"}
    assert coordinator.post(f"/items/{P02}/cancel", form).status_code == 422
    assert coordinator.post(f"/items/{P02}/cancel", form | {"note": "不是问题"}).status_code == 303
    assert coordinator.last.headers["location"] == "/reports/1"
    assert bureau.item(P02).state is State.CANCELLED


def test_a_draft_that_was_passed_over_is_added(coordinator: Browser, bureau: Bureau) -> None:
    coordinator.get("/reports/1")
    form = {"first": "开展检查", "last": "30个。", "kind": "problem", "title": ""}
    assert coordinator.post("/reports/1/drafts", form).status_code == 303
    item = bureau.item("2026H1-P03")
    assert (item.kind, item.body, item.title) == (
        Kind.PROBLEM,
        "开展检查。上半年检查工地30个。",
        "开展检查",
    )
    coordinator.get("/reports/1")
    refused = coordinator.post("/reports/1/drafts", form | {"first": "没有的话", "title": "写好的标题"})
    assert (refused.status_code, coordinator.alert()) == (422, "“没有的话” does not stand in the report.")
    kept = fields(coordinator, "/reports/1/drafts")
    assert (kept["first"], kept["last"], kept["title"]) == ("没有的话", "30个。", "写好的标题")


def test_links_are_made_and_undone_from_the_drafts_page(coordinator: Browser, bureau: Bureau) -> None:
    coordinator.get(f"/items/{P02}/edit")
    following = {"next": f"/items/{P02}/edit"}
    assert coordinator.post(f"/items/{P02}/link", {"other": f"{M01} 加快", **following}).status_code == 303
    assert coordinator.last.headers["location"] == f"/items/{P02}/edit"
    coordinator.get(f"/items/{P02}/edit")
    assert coordinator.post(f"/items/{P02}/unlink", {"other": M02, **following}).status_code == 303
    with reading(bureau.engine) as session:
        names = {item.id: item.reference for item in session.scalars(select(Item))}
        pairs = {(names[row.measure_id], names[row.problem_id]) for row in session.scalars(select(Link))}
    assert pairs == {(M01, P01), (M01, P02)}
    answered = f'answered by <span class="reference">{M01}</span>'
    assert answered in coordinator.get("/reports/1").text


def test_a_flag_that_a_link_has_settled_is_no_longer_raised(signed_in: Opening, bureau: Bureau) -> None:
    extra = "（三）值班电话无人接听。群众多次反映夜间无人应答。\n三、下一步"
    bureau.take_in(REPORT.replace("三、下一步", extra))
    browser = signed_in("coordinator")
    raised = "no measure answers this problem"
    assert browser.get("/reports/1").text.count(raised) == 1
    browser.get("/items/2026H1-P03/edit")
    assert browser.post("/items/2026H1-P03/link", {"other": M01}).status_code == 303
    assert browser.get("/reports/1").text.count(raised) == 0


def test_the_second_of_two_editors_sees_what_changed_and_loses_nothing(
    coordinator: Browser, bureau: Bureau
) -> None:
    coordinator.get(f"/items/{M02}/edit")
    form = fields(coordinator, f"/items/{M02}/edit")
    change(bureau, M02, title="先到的标题", time_limit=TimeLimit.RECURRING)
    answer = coordinator.post(f"/items/{M02}/edit", form | {"title": "后到的标题", "owner": "安全科员"})
    assert answer.status_code == 409
    assert coordinator.alert() == f"Item {M02} was changed while you worked on it."
    news = answer.text.partition("What happened meanwhile")[2].partition("</section>")[0]
    assert "提高资格审核效率 → 先到的标题" in news
    assert "Long-term → Recurring" in news
    again = fields(coordinator, f"/items/{M02}/edit")
    assert (again["title"], again["owner"], again["version"]) == ("后到的标题", "安全科员", "2")
    assert bureau.item(M02).title == "先到的标题"
    assert coordinator.post(f"/items/{M02}/edit", again | {"limit": "recurring"}).status_code == 303
    item = bureau.item(M02)
    assert (item.title, item.time_limit) == ("后到的标题", TimeLimit.RECURRING)


def test_words_for_a_draft_that_is_gone_are_shown_to_be_copied(coordinator: Browser, bureau: Bureau) -> None:
    coordinator.get(f"/items/{P02}/edit")
    form = fields(coordinator, f"/items/{P02}/edit")
    bureau.act(P02, Move.CANCEL, "leader", note="与其他事项合并")
    answer = coordinator.post(f"/items/{P02}/edit", form | {"title": "想了很久的标题"})
    assert answer.status_code == 409
    assert ">想了很久的标题</textarea>" in answer.text
    assert f'action="/items/{P02}/edit"' not in answer.text
    assert coordinator.get(f"/items/{P02}/edit").status_code == 422


def test_nothing_is_handed_over_that_changed_since_it_was_chosen(
    coordinator: Browser, bureau: Bureau
) -> None:
    coordinator.get("/reports/1")
    seen = coordinator.hidden("seen")
    change(bureau, P01, title="别人改过的标题")
    answer = coordinator.post("/reports/1/confirm", {"draft": [P01, M01], "seen": seen})
    assert answer.status_code == 409
    news = answer.text.partition("What happened meanwhile")[2].partition("</section>")[0]
    assert "工地隐患整改偏慢 → 别人改过的标题" in news
    assert re.findall(r'name="draft" value="([^"]+)" id="[^"]+" checked', answer.text) == [P01, M01]
    assert {item.state for item in bureau.rows(Item)} == {State.DRAFT}
    form = {"draft": [P01, M01], "seen": coordinator.hidden("seen")}
    assert coordinator.post("/reports/1/confirm", form).status_code == 303
    assert bureau.item(P01).state is State.ASSIGNED


def test_what_somebody_else_dropped_stops_nothing_that_was_not_chosen(
    coordinator: Browser, bureau: Bureau
) -> None:
    coordinator.get("/reports/1")
    seen = coordinator.hidden("seen")
    bureau.act(P02, Move.CANCEL, "leader", note="重复")
    assert coordinator.post("/reports/1/confirm", {"draft": [P01], "seen": seen}).status_code == 303


def test_every_form_stands_in_the_history_with_the_page_as_its_door(
    coordinator: Browser, bureau: Bureau
) -> None:
    save(coordinator, P01, kind="measure", title="改为措施")
    with reading(bureau.engine) as session:
        found = session.execute(select(Event.subject, Event.move).where(Event.door == "page")).all()
    made = [tuple(row) for row in found if row.subject.startswith("item:")]
    assert made == [
        (f"item:{P01}", "edit"),
        ("item:2026H1-M03", "add"),
        (f"item:{P01}", "merge"),
    ]


def test_who_coordinates_a_draft_but_may_not_read_its_report_sees_and_takes_its_own_words_alone(
    signed_in: Opening, bureau: Bureau
) -> None:
    bureau.take_in()
    with bureau.visit("coordinator") as visit:
        owner = person_by_email(visit.session, "owner@office.example")
        visit.session.add(Grant(person_id=owner.id, role=Role.COORDINATOR, unit_id=owner.unit_id))
        item = visit.session.scalars(select(Item).where(Item.reference == P01)).one()
        item.lead_unit_id = owner.unit_id
    browser = signed_in("owner")
    page = browser.get(f"/items/{P01}/edit").text
    assert "个别工地同类隐患反复出现。" in page
    assert ("公租房" in page, M01 in page) == (False, False)
    assert save(browser, P01, first="公租房", last="较长。") == 422
    assert browser.alert() == "“公租房” does not stand in the report."
    assert save(browser, P01, first="个别工地", last="反复出现。") == 303
    assert browser.last.headers["location"] == f"/items/{P01}"
    with bureau.visit("owner") as visit, pytest.raises(NotAllowedError):
        drafts.edit(visit, P01, Edits(quote=(0, 60)))


def test_the_head_of_the_bureau_reads_the_report_and_changes_nothing_in_it(
    coordinator: Browser, signed_in: Opening
) -> None:
    director = signed_in("director")
    page = director.get("/reports/1").text
    assert ("/edit" in page, "/drafts" in page, 'name="draft"' in page) == (False, False, False)
    assert director.get(f"/items/{P01}/edit").status_code == 403
    assert director.post("/reports/1/drafts", {"first": "开展"}).status_code == 403
    assert coordinator.get(f"/items/{P01}/edit").status_code == 200
