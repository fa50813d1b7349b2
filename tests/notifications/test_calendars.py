"""Deadlines that a reader can keep in a calendar; what we write is read back by a library."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from notifications.calendars import Issuer, calendar, fold
from notifications.letters import Assignment, Decision, Digest, Ended, Letter, Line
from notifications.samples import LATE, LETTERS, NEW, OFFICE, SOON, SUSTAINED, TODAY, TODAY_DUE, line
from notifications.wire import flatten
from rules.lifecycle import State

ISSUER = Issuer(OFFICE.name, "rectify@yunzhou.example", OFFICE.base_url)
NOW = datetime(2026, 9, 25, 8, 30, tzinfo=timezone(timedelta(hours=8)))


def written(letter: Letter, locale: str = "zh_CN", issuer: Issuer = ISSUER) -> str:
    return calendar(letter, locale, issuer, NOW)


def entries(text: str, method: str = "PUBLISH") -> list[Any]:
    found = Calendar.from_ical(text.replace("\n", "\r\n"))
    assert (found["VERSION"], found["METHOD"], found.errors) == ("2.0", method, [])
    return list(found.walk("VEVENT"))


def told(letter: Letter) -> list[str]:
    text = written(letter)
    method = "CANCEL" if "METHOD:CANCEL" in text else "PUBLISH"
    return [str(entry["UID"]) for entry in entries(text, method)] if text else []


def test_an_entry_lasts_the_whole_day_keeps_nobody_busy_and_rings_no_bell() -> None:
    (entry,) = entries(written(Assignment(TODAY, (SOON,), "陈静", "")))
    assert {name: entry.decoded(name) for name in entry} == {
        "UID": "2026H1-P03@yunzhou.example",
        "DTSTAMP": datetime(2026, 9, 25, 0, 30, tzinfo=UTC),
        "SEQUENCE": 1,
        "DTSTART": date(2026, 9, 30),
        "DTEND": date(2026, 10, 1),
        "SUMMARY": "整改到期：[2026H1-P03] 老旧小区消防通道被占用问题整改不彻底",
        "DESCRIPTION": "责任单位：物业管理科；责任人：李伟",
        "URL": "https://rectify.yunzhou.example/items/2026H1-P03",
        "ORGANIZER": "mailto:rectify@yunzhou.example",
        "TRANSP": "TRANSPARENT",
    }
    assert entry["ORGANIZER"].params["CN"] == "云州市住建局"
    assert entry.subcomponents == []


def test_a_reader_of_english_gets_it_in_english() -> None:
    (entry,) = entries(written(Assignment(TODAY, (SOON,), "陈静", ""), "en"))
    assert (entry["SUMMARY"], entry["DESCRIPTION"]) == (
        "Due: [2026H1-P03] 老旧小区消防通道被占用问题整改不彻底",
        "Unit: 物业管理科; owner: 李伟",
    )


def test_a_deadline_that_moved_takes_the_place_of_the_old_one() -> None:
    (before,) = entries(written(Assignment(TODAY, (SOON,), "陈静", "")))
    moved = line(due_on=date(2026, 10, 30), deadline_version=2)
    (after,) = entries(written(Decision(TODAY, moved, "extension", True, moved.due_on, "孙主任", "")))
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (1, 3)
    assert after.decoded("DTSTART") == date(2026, 10, 30)


@pytest.mark.parametrize("due_on", [date(2026, 9, 30), date(2026, 9, 1)])
def test_the_letter_that_an_item_is_cancelled_takes_its_entry_back(due_on: date) -> None:
    (before,) = entries(written(Assignment(TODAY, (SOON,), "陈静", "")))
    gone = line(state=State.CANCELLED, due_on=due_on)
    text = written(Decision(TODAY, gone, "cancellation", True, None, "孙主任", ""))
    (after,) = entries(text, "CANCEL")
    assert (after["UID"], after["ORGANIZER"]) == (before["UID"], before["ORGANIZER"])
    assert (before.get("STATUS"), after["STATUS"]) == (None, "CANCELLED")
    again = line(deadline_version=2)
    (reopened,) = entries(written(Assignment(TODAY, (again,), "陈静", "")))
    assert [entry["SEQUENCE"] for entry in (before, after, reopened)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("letter", "references"),
    [
        (Assignment(TODAY, (NEW, SOON, SUSTAINED, LATE), "陈静", ""), ["M02", "P03"]),
        (Digest(TODAY, own=(SOON, LATE, TODAY_DUE, NEW, SUSTAINED)), ["P03"]),
        (Digest(TODAY, copied=(SOON,), unit=(SOON,), led=(SOON,), to_verify=(SOON,)), []),
        (LETTERS["decision-granted"], ["P03"]),
        (LETTERS["decision-refused"], []),
        (LETTERS["decision-cancelled"], ["P03"]),
        (LETTERS["decision-kept"], []),
        (LETTERS["returned"], ["P03"]),
        (LETTERS["rollup"], []),
        (Assignment(TODAY, (line(state=State.CLOSED),), "陈静", ""), []),
    ],
)
def test_a_letter_brings_the_deadlines_that_are_news_to_its_readers_own_calendar(
    letter: Letter, references: list[str]
) -> None:
    assert told(letter) == [f"2026H1-{reference}@yunzhou.example" for reference in references]


def test_without_pages_an_entry_has_no_address() -> None:
    text = written(Assignment(TODAY, (SOON,), "", ""), issuer=replace(ISSUER, base_url=""))
    assert [entry.get("URL") for entry in entries(text)] == [None]


WORDS = st.text(max_size=120)


@given(reference=WORDS, title=WORDS, unit=WORDS, owner=WORDS, office=WORDS)
@example("a;b,c\\n\\N", 'END:VEVENT\r\nBEGIN:VALARM"^n', "整" * 90, ":;,", '"x"\r\nATTACH:http://x.example')
@example("😀" * 40, "=?utf-8?q?x?= {{ 7 }} %(name)s", "\u2028\u0085", "", "")
def test_whatever_people_write_stays_inside_its_own_value(
    reference: str, title: str, unit: str, owner: str, office: str
) -> None:
    odd = line(reference=reference, title=title, unit=unit, owner=owner)
    text = written(Assignment(TODAY, (odd,), "", ""), issuer=replace(ISSUER, name=office))
    (entry,) = entries(text)
    assert list(entry) == list(entries(written(Assignment(TODAY, (SOON,), "", "")))[0])
    assert entry["UID"] == f"{flatten(reference)}@yunzhou.example"
    assert entry["SUMMARY"] == f"整改到期：[{flatten(reference)}] {flatten(title)}"
    people = f"；责任人：{flatten(owner)}" if flatten(owner) else ""
    assert entry["DESCRIPTION"] == f"责任单位：{flatten(unit)}{people}"
    assert entry["ORGANIZER"].params.get("CN", "") == flatten(office).replace('"', "'")
    assert max(len(row.encode()) for row in text.split("\n")) <= 75


@given(text=st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=300))
def test_a_long_line_is_folded_between_characters_and_unfolds_to_itself(text: str) -> None:
    pieces = fold(text).split("\n ")
    assert "".join(pieces) == text
    assert {len(piece.encode()) + (number > 0) <= 75 for number, piece in enumerate(pieces)} == {True}
    full = [len(piece.encode()) for piece in pieces[:-1]]
    assert [octets for octets in full if octets < 75 - 1 - 3] == []


def test_each_line_is_as_long_as_chinese_allows() -> None:
    assert [len(piece.encode()) for piece in fold("整" * 60).split("\n ")] == [75, 72, 33]


def test_the_same_letter_gives_the_same_calendar() -> None:
    letter: Assignment = Assignment(TODAY, (SOON, NEW), "陈静", "")
    same = Assignment(TODAY, (replace(SOON), replace(NEW)), "陈静", "")
    assert calendar(letter, "zh_CN", ISSUER, NOW) == calendar(same, "zh_CN", ISSUER, NOW.astimezone(UTC))


def test_an_item_that_had_no_deadline_has_nothing_to_be_taken_back() -> None:
    letter = LETTERS["ended-sustained"]
    assert isinstance(letter, Ended)
    assert written(replace(letter, due_before=None)) == ""


def test_every_calendar_of_the_samples_is_read_by_the_library() -> None:
    counts = {name: len(told(letter)) for name, letter in LETTERS.items()}
    assert {name: count for name, count in counts.items() if count} == {
        "digest": 1,
        "digest-plain": 3,
        "assignment": 2,
        "returned": 1,
        "decision-granted": 1,
        "decision-cancelled": 1,
        "ended-closed": 1,
        "ended-cancelled": 1,
        "ended-sustained": 1,
        "ended-passed-on": 1,
    }


def test_no_line_of_a_calendar_begins_with_anything_but_a_name_or_a_blank() -> None:
    text = written(Assignment(TODAY, tuple[Line, ...]((SOON, NEW)), "", ""))
    assert [row for row in text.split("\n") if row and not re.match(r"[A-Z-]+[:;]| ", row)] == []
