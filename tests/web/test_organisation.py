"""Organisation 组织: the tree, people, roles with their days, lists in and out, events of each change."""

import csv
import re
from datetime import date, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from browsers import ORIGIN, PASSWORD, Browser, Clock, Opening, give_password
from fastapi import FastAPI
from offices import MONDAY, Bureau
from openpyxl import load_workbook
from sqlalchemy import select

from config.house import House, office
from config.settings import Settings
from documents.lists import csv_of, xlsx_of
from models.event import Event
from models.message import Message, MessageState
from models.organisation import Grant, Person, Unit
from models.session import reading, writing
from rules.lifecycle import Move
from rules.permissions import Role
from services import history
from services.organisation import Directory
from web.app import create_app
from web.guards import address_of

HEADS = ("姓名", "邮箱地址", "单位代码", "语言", "在职")


def person(bureau: Bureau, who: str) -> Person:
    (found,) = bureau.rows(Person, Person.email == f"{who}@office.example")
    return found


def unit(bureau: Bureau, code: str) -> Unit:
    (found,) = bureau.rows(Unit, Unit.code == code)
    return found


def events(bureau: Bureau) -> list[tuple[str, str, dict[str, Any]]]:
    """What was changed in the organisation since it was entered, oldest first."""
    with reading(bureau.engine) as session:
        found = session.scalars(select(Event).order_by(Event.position))
        kept = [(event.move, event.subject, event.payload) for event in found if event.item_id is None]
        assert history.verify(session).fault is None
    return [event for event in kept if event[0] not in {"load", "set-password", "take-in"}]


def save(browser: Browser, path: str, **said: str) -> int:
    """Sends a form of the page at `path` as it is shown now."""
    browser.get(path)
    return browser.post(path, {"version": browser.hidden("version"), **said}).status_code


def test_the_tree_shows_units_with_heads_and_roles_with_their_days(
    bureau: Bureau, signed_in: Opening
) -> None:
    with writing(bureau.engine) as session:
        who = session.scalars(select(Person).where(Person.email == "second@office.example")).one()
        session.add(
            Grant(
                person_id=who.id,
                role=Role.HEAD,
                unit_id=who.unit_id,
                from_on=date(2026, 7, 1),
                to_on=date(2026, 7, 5),
            )
        )
    words = signed_in("auditor").get("/organisation").text
    tree = re.findall(r"(\u2003*)<a href=\"/organisation/units/(\w+)\">", words.partition("</table>")[0])
    assert tree == [("", "BUREAU"), ("\u2003", "SAFETY"), ("\u2003", "HOUSING")]
    (row,) = re.findall(r'<tr class="past">(.*?)</tr>', words, re.DOTALL)
    assert re.findall(r"Second Owner|2026-07-01|2026-07-05|not in force", row) == [
        *(
            "Second Owner",
            "2026-07-01",
            "2026-07-05",
        ),  # under the name, where a phone has no columns for them
        *("not in force", "2026-07-01", "2026-07-05"),
    ]


def test_a_unit_is_added_renamed_moved_and_closed_and_each_leaves_its_event(
    bureau: Bureau, signed_in: Opening
) -> None:
    browser = signed_in("admin")
    browser.get("/organisation/units/SAFETY")
    below = {
        "code": "SITE",
        "name": "工地组",
        "kind": "team",
        "aliases": "现场组，工地办",
        "head": "owner@office.example",
    }
    assert browser.post("/organisation/units/SAFETY/below", below).status_code == 303
    made = unit(bureau, "SITE")
    assert (made.name, made.aliases, made.parent_id) == (
        *("工地组", ["现场组", "工地办"]),
        unit(bureau, "SAFETY").id,
    )
    form = {"name": "工地巡查组", "kind": "team", "parent": "HOUSING", "active": "yes"}
    assert save(browser, "/organisation/units/SITE", **form) == 303
    moved = unit(bureau, "SITE")
    assert (moved.name, moved.parent_id, moved.head_id) == ("工地巡查组", unit(bureau, "HOUSING").id, None)
    assert save(browser, "/organisation/units/SITE", **form) == 303
    assert save(browser, "/organisation/units/SITE", **(form | {"active": ""})) == 303
    assert not unit(bureau, "SITE").active
    told = events(bureau)
    assert [event[:2] for event in told] == [
        ("add-unit", "unit:SITE"),
        ("change-unit", "unit:SITE"),
        ("change-unit", "unit:SITE"),
    ]
    assert told[1][2]["name"] == ["工地组", "工地巡查组"]
    assert told[2][2] == {"changed": ["active"], "active": [True, False]}


@pytest.mark.parametrize(
    ("code", "said", "sentence"),
    [
        ("BUREAU", {"parent": "SAFETY", "active": "yes"}, "The unit at the top stays there."),
        ("SAFETY", {"parent": "SAFETY", "active": "yes"}, "cannot stand below itself"),
        ("SAFETY", {"parent": "BUREAU"}, "cannot be closed yet: 3 people, 0 units below it, 0 open items."),
        ("SAFETY", {"parent": "BUREAU", "active": "yes", "name": " "}, "A field that is needed is empty."),
    ],
)
def test_a_unit_is_not_changed_into_what_cannot_be(
    bureau: Bureau, signed_in: Opening, code: str, said: dict[str, str], sentence: str
) -> None:
    browser = signed_in("admin")
    path = f"/organisation/units/{code}"
    assert save(browser, path, **({"name": "另一个名称"} | said)) == 422
    assert sentence in browser.last.text
    assert (said.get("name") or "另一个名称") in browser.last.text or not said.get("name", "x").strip()
    assert events(bureau) == []


def test_two_editors_of_one_state_collide_visibly(bureau: Bureau, signed_in: Opening) -> None:
    browser = signed_in("admin")
    path = f"/organisation/people/{person(bureau, 'owner').id}"
    form = {"email": "owner@office.example", "unit": "SAFETY", "locale": "zh_CN", "active": "yes"}
    browser.get(path)
    seen = browser.hidden("version")
    assert save(browser, path, name="先改的人", **form) == 303
    browser.get(path)
    answer = browser.post(path, {"version": seen, "name": "后改的人", **form})
    assert answer.status_code == 409
    assert 'value="后改的人"' in answer.text
    assert person(bureau, "owner").name == "先改的人"


def test_a_person_comes_changes_and_leaves_and_no_event_keeps_their_name(
    bureau: Bureau, signed_in: Opening
) -> None:
    browser = signed_in("admin")
    browser.get("/organisation/units/SAFETY")
    new = {"name": "新来的人", "email": "New.Comer@Office.Example", "locale": "en"}
    assert browser.post("/organisation/units/SAFETY/people", new).status_code == 303
    made = person(bureau, "new.comer")
    assert (made.name, made.locale, made.unit_id) == ("新来的人", "en", unit(bureau, "SAFETY").id)
    path = f"/organisation/people/{made.id}"
    form = {"name": "改名的人", "email": "renamed@office.example", "unit": "HOUSING", "locale": "en"}
    assert save(browser, path, **form, active="yes") == 303
    assert save(browser, path, **form) == 303
    gone = person(bureau, "renamed")
    assert (gone.name, gone.active, gone.unit_id) == ("改名的人", False, unit(bureau, "HOUSING").id)
    told = events(bureau)
    assert [event[:2] for event in told] == [
        ("add-person", f"person:{made.id}"),
        ("change-person", f"person:{made.id}"),
        ("change-person", f"person:{made.id}"),
    ]
    assert told[1][2]["changed"] == ["name", "email", "unit_id"]
    assert not re.search("新来|改名|renamed|comer", repr(told))


def test_an_address_that_is_none_or_somebody_else_s_is_refused_with_what_was_typed(
    bureau: Bureau, signed_in: Opening
) -> None:
    browser = signed_in("admin")
    for email, sentence in {
        "no address": "is no e-mail address",
        "OWNER@office.example": "owner@office.example belongs to somebody else already.",
        "": "is no e-mail address",
    }.items():
        browser.get("/organisation/units/SAFETY")
        answer = browser.post("/organisation/units/SAFETY/people", {"name": "某人", "email": email})
        assert answer.status_code == 422
        assert sentence in answer.text
        assert 'value="某人"' in answer.text
    assert events(bureau) == []


def test_who_leaves_hands_over_first_is_signed_out_at_once_and_gets_no_mail(
    bureau: Bureau, signed_in: Opening
) -> None:
    bureau.new_item("2026H1-P01")
    owner, admin = signed_in("owner"), signed_in("admin")
    assert owner.get("/").status_code == 200
    leaver = person(bureau, "owner")
    path = f"/organisation/people/{leaver.id}"
    form = {"name": leaver.name, "email": leaver.email, "unit": "SAFETY", "locale": "zh_CN"}
    assert "1 open item, which its coordinator hands over" in admin.get(path).text
    assert save(admin, path, **form) == 422
    assert "1 open items name them, and they head 0 units" in admin.last.text
    assert owner.get("/").status_code == 200
    bureau.act("2026H1-P01", Move.REASSIGN, "coordinator", to="second")
    assert "Nothing hangs on this person." in admin.get(path).text
    assert save(admin, path, **form) == 303
    assert owner.get("/").status_code == 303
    mail = bureau.messages(Message.person_id == leaver.id)
    assert [(letter.letter, letter.state, letter.last_answer) for letter in mail] == [
        (name, MessageState.CANCELLED, "the person has left") for name in ("assignment", "ended")
    ]
    give_back = save(admin, path, **form, active="yes")
    assert give_back == 303
    assert owner.get("/").status_code == 303
    assert owner.sign_in("owner", PASSWORD).status_code == 303


def test_who_heads_a_unit_does_not_leave_before_somebody_else_does(
    bureau: Bureau, signed_in: Opening
) -> None:
    admin = signed_in("admin")
    path = f"/organisation/people/{person(bureau, 'head').id}"
    form = {"name": "安全科长", "email": "head@office.example", "unit": "SAFETY", "locale": "zh_CN"}
    assert save(admin, path, **form) == 422
    assert "they head 1 units" in admin.last.text
    own = f"/organisation/people/{person(bureau, 'admin').id}"
    mine = {"name": "管理员", "email": "admin@office.example", "unit": "BUREAU", "locale": "zh_CN"}
    assert save(admin, own, **mine) == 422
    assert "Nobody takes themselves out" in admin.last.text


def test_who_left_is_masked_by_an_administrator_who_is_sure(bureau: Bureau, signed_in: Opening) -> None:
    leaver = person(bureau, "second")
    browser, path = signed_in("admin"), f"/organisation/people/{leaver.id}"
    form = f'action="{path}/mask"'
    assert form not in browser.get(path).text
    assert browser.post(f"{path}/mask", {"sure": "yes"}).status_code == 422
    assert save(browser, path, name=leaver.name, email=leaver.email, unit="SAFETY", locale="en") == 303
    assert form in browser.get(path).text
    assert browser.post(f"{path}/mask", {}).status_code == 422
    assert person(bureau, "second").masked_at is None
    assert browser.post(f"{path}/mask", {"sure": "yes"}).status_code == 303
    page = browser.get(path).text
    named = [leaver.name in page, leaver.email in page, form in page]
    assert (named, f"Former colleague {leaver.id}" in page) == ([False] * 3, True)
    assert events(bureau)[-1] == ("mask-person", f"person:{leaver.id}", {"letters": 0, "mentions": 0})


def test_a_deputy_holds_a_role_between_two_days_and_not_twice(bureau: Bureau, signed_in: Opening) -> None:
    admin = signed_in("admin")
    said = {"person": "Second Owner <second@office.example>", "role": "head", "from": "2026-08-01"}
    path = "/organisation/units/SAFETY/roles"
    for to, status in {"2026-07-31": 422, "2026-08-14": 303, "2026-08-20": 422, "": 422}.items():
        admin.get("/organisation/units/SAFETY")
        assert admin.post(path, {**said, "to": to}).status_code == status
    with reading(bureau.engine) as session:
        directory = Directory.load(session)
        safety = next(key for key, one in directory.units.items() if one.code == "SAFETY")
        deputy = person(bureau, "second").id
        holds = {
            day: deputy in directory.holders(Role.HEAD, safety, day)
            for day in (date(2026, 7, 31), date(2026, 8, 1), date(2026, 8, 14), date(2026, 8, 15))
        }
    assert list(holds.values()) == [False, True, True, False]
    (held,) = bureau.rows(Grant, Grant.role == Role.HEAD)
    admin.get("/organisation")
    assert admin.post(f"/organisation/roles/{held.id}/end").status_code == 303
    admin.get("/organisation")
    assert admin.post(f"/organisation/roles/{held.id}/end").status_code == 404
    (own,) = bureau.rows(Grant, Grant.role == Role.ADMIN)
    admin.get("/organisation")
    assert admin.post(f"/organisation/roles/{own.id}/end").status_code == 422
    told = [event[0] for event in events(bureau)]
    assert told == ["grant-role", "end-role"]


def test_calendar_and_policy_are_shown_as_they_are_in_force(bureau: Bureau, signed_in: Opening) -> None:
    words = signed_in("auditor").get("/organisation/rules").text
    facts = dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", words))
    ladder = bureau.office.policy.ladder
    assert facts["Before the deadline"] == ", ".join(map(str, ladder.before))
    assert facts["Length of a period"] == "Half-year"


def test_the_offices_own_days_are_told_from_the_countrys_and_their_file_is_named(
    bureau: Bureau, clock: Clock, tmp_path: Path
) -> None:
    free, worked = MONDAY.date() + timedelta(days=1), MONDAY.date() + timedelta(days=5)
    policy = tmp_path / "ours.toml"
    policy.write_text(f"[calendar]\nholidays = [{free}]\nworking_days = [{worked}]\n", "utf-8")
    settings = Settings(dir=tmp_path, base_url=ORIGIN, locale="en", policy=policy)
    own = office(settings, bureau.office.postbox.office, today=MONDAY.date())
    give_password(bureau.engine, "auditor")
    browser = Browser(create_app(House(settings, bureau.engine, own), address_of(ORIGIN, 8000), now=clock))
    browser.get("/language/en")
    browser.sign_in("auditor")
    words = browser.get("/organisation/rules").text
    marked = re.findall(r"<tr><td>[^<]*</td><td>([^<]*) <span class=\"hint\">in this office alone<", words)
    assert marked == ["Free", "Worked (make-up day)"]
    assert "under [calendar] in ours.toml" in words


def test_a_local_administrator_sees_and_edits_the_own_branch_alone(
    bureau: Bureau, signed_in: Opening
) -> None:
    with writing(bureau.engine) as session:
        who = session.scalars(select(Person).where(Person.email == "stranger@office.example")).one()
        session.add(Grant(person_id=who.id, role=Role.ADMIN, unit_id=who.unit_id))
    browser = signed_in("stranger")
    for path in ("/organisation", "/organisation/units/HOUSING", "/organisation/people.csv"):
        words = browser.get(path).content.decode()
        assert "owner@office.example" not in words, path
        assert "质量安全科" not in words, path
    for path in (f"/organisation/people/{person(bureau, 'owner').id}", "/organisation/units/SAFETY"):
        assert browser.get(path).status_code == 404
    browser.get("/organisation/import")
    taken = hand_in(browser, [("某人", "x@office.example", "SAFETY", "", "")])
    assert "There is no unit SAFETY." in taken
    own = f"/organisation/people/{person(bureau, 'stranger').id}"
    form = {"name": "保障科员", "email": "stranger@office.example", "locale": "zh_CN", "active": "yes"}
    assert save(browser, own, **form, unit="SAFETY") == 404
    assert save(browser, "/organisation/units/HOUSING", name="x", parent="SAFETY", active="yes") == 404
    assert events(bureau) == []


def hand_in(browser: Browser, rows: list[tuple[str, ...]], *, as_workbook: bool = False) -> str:
    """The preview of a list."""
    made = xlsx_of("人员", HEADS, rows, now=MONDAY) if as_workbook else csv_of(HEADS, rows)
    name = "人员.xlsx" if as_workbook else "人员.csv"
    browser.get("/organisation/import")
    return browser.post("/organisation/import", files={"list": (name, made)}).text


def brought(browser: Browser) -> list[tuple[str, str]]:
    """Row and result of each row on the screen."""
    found = re.findall(
        r'<td class="figure">(\d+)</td>\s*<td class="said"[^>]*>(\w[\w ]*?)\s*<', browser.last.text
    )
    return [(row, result.strip()) for row, result in found]


@pytest.mark.parametrize("as_workbook", [False, True])
def test_a_list_is_looked_through_then_taken_in_and_the_same_again_changes_nothing(
    bureau: Bureau, signed_in: Opening, *, as_workbook: bool
) -> None:
    bureau.new_item("2026H1-P01")
    rows = [
        ("新人", "new@office.example", "质量安全科", "en", "是"),
        ("改名科员", "second@office.example", "SAFETY", "", ""),
        ("保障科员", "stranger@office.example", "HOUSING", "中文", "否"),
        ("安全科员", "owner@office.example", "SAFETY", "zh_CN", "否"),
        ("某人", "not an address", "SAFETY", "", ""),
        ("某人", "new@office.example", "SAFETY", "", ""),
        ("督办员", "coordinator@office.example", "BUREAU", "zh_CN", "是"),
    ]
    browser = signed_in("admin")
    words = hand_in(browser, rows, as_workbook=as_workbook)
    expected = [
        *(("5", "Refused"), ("6", "Refused"), ("7", "Refused")),
        *(("2", "New"), ("3", "Changed"), ("4", "Leaves"), ("8", "As it is")),
    ]
    assert brought(browser) == expected
    assert "安全科员 cannot leave yet: 1 open items name them" in words
    assert "Row 2 names new@office.example already." in words
    assert events(bureau) == []
    packed = {"name": browser.hidden("name"), "content": browser.hidden("content")}
    answer = browser.post("/organisation/import/apply", packed)
    assert answer.status_code == 200
    assert brought(browser) == expected
    assert [event[0] for event in events(bureau)] == ["add-person", "change-person", "change-person"]
    assert person(bureau, "second").name == "改名科员"
    assert [person(bureau, who).active for who in ("new", "stranger", "owner")] == [True, False, True]
    again = hand_in(browser, rows, as_workbook=as_workbook)
    assert again
    assert [result for _, result in brought(browser)] == ["Refused"] * 3 + ["As it is"] * 4


def test_what_is_exported_is_known_again_in_either_language_and_format(
    bureau: Bureau, signed_in: Opening
) -> None:
    browser = signed_in("admin")
    for locale in ("en", "zh_CN"):
        browser.get(f"/language/{locale}")
        for kind in ("csv", "xlsx"):
            made = browser.get(f"/organisation/people.{kind}").content
            browser.get("/language/en")
            browser.get("/organisation/import")
            browser.post("/organisation/import", files={"list": (f"people.{kind}", made)})
            assert [result for _, result in brought(browser)] == ["As it is"] * len(bureau.rows(Person))
            browser.get(f"/language/{locale}")
    browser.get("/language/en")
    rows = list(csv.reader(StringIO(browser.get("/organisation/people.csv").content.decode("utf-8-sig"))))
    sheet = load_workbook(BytesIO(browser.get("/organisation/people.xlsx").content)).active
    assert sheet is not None
    assert [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)] == rows
    assert rows[0] == [
        "Full name",
        "E-mail address",
        "Unit code",
        "Name of the unit",
        "Language",
        "In office",
    ]
    assert len(rows) == 1 + len(bureau.rows(Person))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("people.csv", "姓名,电话\n某人,1\n".encode(), "has no row of headings"),
        ("people.txt", b"name,email,unit\n", "is no list of people"),
        ("people.csv", b"x" * 700_000, "is larger than a list of people may be"),
        ("people.xlsx", b"PK\x03\x04 broken", "people.xlsx"),
    ],
)
def test_a_file_that_is_no_list_of_people_is_refused_with_a_sentence(
    bureau: Bureau, signed_in: Opening, name: str, content: bytes, sentence: str
) -> None:
    browser = signed_in("admin")
    browser.get("/organisation/import")
    answer = browser.post("/organisation/import", files={"list": (name, content)})
    assert answer.status_code == 422
    assert sentence in answer.text
    browser.get("/organisation/import")
    assert browser.post("/organisation/import/apply", {"content": "no base 64!"}).status_code == 422
    assert events(bureau) == []


def test_only_administrators_edit(app: FastAPI, bureau: Bureau) -> None:
    for who in ("coordinator", "leader", "auditor"):
        give_password(bureau.engine, who)
        browser = Browser(app)
        browser.sign_in(who)
        page = browser.get("/organisation/units/SAFETY")
        assert (page.status_code, page.text.count("<form")) == (200, 1)
        assert browser.get("/organisation/import").status_code == 403
        assert (
            browser.post("/organisation/units/SAFETY", {"name": "x", "parent": "BUREAU"}).status_code == 403
        )
