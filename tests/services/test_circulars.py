"""Circulars: numbered in a series of their own, in the history, one letter a reader, written as issued."""

from datetime import date, datetime, timedelta

import pytest
from offices import ZONE, Bureau
from sqlalchemy import select

from documents.circular_docx import Circular as Written
from documents.circular_docx import Entry, circular_docx
from models.event import Event
from models.message import Message
from models.order import Circular
from models.organisation import Grant, Unit
from models.session import reading, writing
from rules.errors import ChangedError, NotAllowedError, NotFoundError, RefusedError, WrongMoveError
from rules.lifecycle import Move, State
from rules.lights import Light
from rules.permissions import Role
from services import circulars, history
from services.circulars import Chosen
from services.findings import Filter
from services.items import by_reference
from services.organisation import person_by_email

P01, P02 = "2026H1-P01", "2026H1-P02"
DUE = date(2026, 9, 30)
LATE = datetime(2026, 10, 22, 9, tzinfo=ZONE)
TITLE, REASON = "关于部分整改事项逾期的通报", "经督查，部分事项逾期未销号。\n请抓紧整改。"
ALL = (Chosen(P01), Chosen(P02))
UNTITLED = "Give the circular a title of at most 200 characters."
PEOPLE = ("coordinator", "leader", "auditor", "head", "other.head", "owner")


@pytest.fixture
def late(bureau: Bureau) -> Bureau:
    """An item of the safety section that is overdue, and one of the housing section that is not."""
    bureau.new_item(P01, due_on=DUE)
    bureau.new_item(P02, due_on=date(2026, 12, 1), owner="stranger")
    return bureau


def issue(
    bureau: Bureau, *chosen: Chosen, who: str = "coordinator", now: datetime = LATE, title: str = TITLE
) -> str:
    with bureau.visit(who, now) as visit:
        return circulars.issue(visit, title, REASON, chosen or ALL).key


def written(bureau: Bureau, key: str, who: str = "coordinator", now: datetime = LATE) -> Written:
    with bureau.visit(who, now) as visit:
        return circulars.written(visit, key)


def letters(bureau: Bureau) -> list[Message]:
    return bureau.messages(Message.letter == "circular")


def test_a_circular_changes_nothing_of_its_items_and_stands_on_each_and_once_by_itself(late: Bureau) -> None:
    kept = ("state", "progress", "due_on", "judged_on", "deadline_version", "extensions", "word_on")
    before = [[getattr(late.item(it), name) for name in kept] for it in (P01, P02)]
    assert issue(late) == "2026-1"
    assert [[getattr(late.item(it), name) for name in kept] for it in (P01, P02)] == before
    with reading(late.engine) as session:
        last = session.scalars(select(Event).order_by(Event.position.desc()).limit(3)).all()
        told = [(it.subject, it.move, it.note, it.payload.get("circular"), it.door) for it in reversed(last)]
        assert history.verify(session).fault is None
    assert told == [
        (f"item:{P01}", "circulate", TITLE, "2026-1", "test"),
        (f"item:{P02}", "circulate", TITLE, "2026-1", "test"),
        ("circular:2026-1", "issue-circular", REASON, "2026-1", "test"),
    ]


def test_owners_and_heads_of_each_unit_get_one_letter_and_find_their_own_first(late: Bureau) -> None:
    issue(late)
    sent = {late.email(it.person_id): it for it in letters(late)}
    assert {who: it.key.rpartition(":")[0] for who, it in sent.items()} == dict.fromkeys(
        ("owner", "head", "stranger", "other.head"), "circular:2026-1"
    )
    own, _, others = sent["owner"].text.partition("== 其他单位的事项（1 项） ==")
    assert ("您本人或您部门的事项（1 项）" in own, f"[{P01}]" in own, f"[{P02}]" in own) == (
        True,
        True,
        False,
    )
    assert (f"[{P02}]" in others, f"items/{P02}" in others) == (True, False)


def test_a_letter_names_units_and_none_of_the_people_in_charge_but_its_reader(late: Bureau) -> None:
    issue(late)
    names = {"安全科员": "owner", "安全科长": "head", "保障科员": "stranger", "保障科长": "other.head"}
    for letter in letters(late):
        others = [name for name, who in names.items() if who != late.email(letter.person_id)]
        assert [name for name in others if name in letter.text + letter.html] == []
        assert [unit for unit in ("质量安全科", "住房保障科") if unit not in letter.text] == []


def test_who_owns_two_items_and_heads_their_unit_gets_one_letter(bureau: Bureau) -> None:
    bureau.new_item(P01, owner="head", due_on=DUE)
    bureau.new_item(P02, owner="head", due_on=DUE)
    issue(bureau)
    assert [bureau.email(it.person_id) for it in letters(bureau)] == ["head"]


def test_circulars_are_numbered_through_the_year_and_apart_from_supervision_orders(late: Bureau) -> None:
    late.act(P01, Move.ORDER, "coordinator", LATE, note="限期整改")
    keys = [
        issue(late),
        issue(late, Chosen(P02)),
        issue(late, now=datetime(2026, 12, 31, 23, 59, tzinfo=ZONE)),
        issue(late, now=datetime(2027, 1, 1, 0, 0, tzinfo=ZONE)),
    ]
    assert keys == ["2026-1", "2026-2", "2026-3", "2027-1"]
    assert [it.issued_on for it in late.rows(Circular)][2:] == [date(2026, 12, 31), date(2027, 1, 1)]


def test_a_circular_is_written_as_it_was_issued_whatever_happens_later(late: Bureau) -> None:
    first = written(late, issue(late))
    assert first.entries == (
        Entry(P01, late.item(P01).title, "质量安全科", State.ASSIGNED, DUE, 16),
        Entry(P02, late.item(P02).title, "住房保障科", State.ASSIGNED, date(2026, 12, 1), 0),
    )
    assert (first.by, first.office, first.units) == ("督办员", "云州市住建局", ("质量安全科", "住房保障科"))
    later = LATE + timedelta(days=11)
    late.act(P01, Move.REASSIGN, "coordinator", later, to="stranger", due_on=date(2026, 12, 24))
    again = written(late, "2026-1", now=later)
    assert again == first
    assert circular_docx(again, "zh_CN") == circular_docx(first, "zh_CN")


@pytest.mark.parametrize(
    ("who", "title", "chosen", "error", "sentence"),
    [
        ("coordinator", " ", ALL, WrongMoveError, "Give the circular a title of at most 200 characters."),
        (
            "coordinator",
            "长" * 201,
            ALL,
            WrongMoveError,
            "Give the circular a title of at most 200 characters.",
        ),
        ("coordinator", TITLE, (*ALL, Chosen("2026H1-M02")), WrongMoveError, None),
        ("coordinator", TITLE, (Chosen("2026H1-P99"),), NotFoundError, "There is no item 2026H1-P99."),
        ("coordinator", TITLE, (Chosen(P01), Chosen(P02, 1)), ChangedError, None),
        ("leader", TITLE, ALL, NotAllowedError, "You may not circulate item 2026H1-P01."),
        ("head", TITLE, (Chosen(P01),), NotAllowedError, "You may not circulate item 2026H1-P01."),
        ("head", TITLE, (Chosen(P02),), NotFoundError, "There is no item 2026H1-P02."),
    ],
    ids=["no title", "long title", "a draft", "nowhere", "changed", "a leader", "a head", "unseen"],
)
def test_a_refused_circular_takes_no_number_and_leaves_nothing(
    late: Bureau,
    who: str,
    title: str,
    chosen: tuple[Chosen, ...],
    error: type[RefusedError],
    sentence: str | None,
) -> None:
    events = len(_moves(late))
    with pytest.raises(error) as refused:
        issue(late, *chosen, who=who, title=title)
    assert sentence in {None, str(refused.value)}
    assert (late.rows(Circular), letters(late), len(_moves(late))) == ([], [], events)
    assert issue(late) == "2026-1"


def _moves(bureau: Bureau) -> list[str]:
    with reading(bureau.engine) as session:
        return list(session.scalars(select(Event.move)))


def test_nothing_is_issued_without_a_reason_or_without_items(late: Bureau) -> None:
    with late.visit("coordinator", LATE) as visit:
        with pytest.raises(WrongMoveError, match="Say why the circular is issued"):
            circulars.issue(visit, TITLE, " ", ALL)
        with pytest.raises(WrongMoveError, match="Choose the items"):
            circulars.issue(visit, TITLE, REASON, ())


def test_a_list_that_is_too_long_is_refused_before_anything_is_done(late: Bureau) -> None:
    many = [Chosen(f"2026H1-P{number}") for number in range(circulars.MOST + 1)]
    sentence = "A circular names at most 50 items, and these are 51; narrow the list."
    with pytest.raises(WrongMoveError) as refused:
        issue(late, *many)
    assert str(refused.value) == sentence


def test_no_item_is_named_in_a_circular_but_by_the_circular(late: Bureau) -> None:
    with pytest.raises(WrongMoveError) as refused:
        late.act(P01, Move.CIRCULATE, "coordinator", LATE, note="x")
    sentence = f"Item {P01} is named in a circular together with others; issue one about a list."
    assert str(refused.value) == sentence


def test_candidates_are_the_open_items_of_the_filter_for_coordinators_alone(late: Bureau) -> None:
    def found(who: str, wanted: Filter) -> list[str]:
        with late.visit(who, LATE) as visit:
            named = [it.entry.reference for it in circulars.candidates(visit, wanted)]
            assert circulars.count(visit, wanted) == len(named)
            return named

    assert found("coordinator", Filter()) == [P01, P02]
    assert found("coordinator", Filter(light=Light.OVERDUE)) == [P01]
    assert found("coordinator", Filter(unit="HOUSING")) == [P02]
    assert [found(who, Filter()) for who in ("leader", "head", "owner", "auditor")] == [[], [], [], []]


def test_who_oversees_all_that_a_circular_names_may_read_it(late: Bureau) -> None:
    both, one = issue(late), issue(late, Chosen(P01))

    def seen(who: str) -> list[str]:
        with late.visit(who, LATE) as visit:
            keys = [it.key for it in circulars.listed(visit)]
            for key in {both, one} - set(keys):
                with pytest.raises(NotFoundError):
                    circulars.written(visit, key)
            return keys

    assert {
        who: seen(who) for who in ("coordinator", "leader", "auditor", "head", "other.head", "owner")
    } == {
        "coordinator": [one, both],
        "leader": [one, both],
        "auditor": [one, both],
        "head": [one],
        "other.head": [],
        "owner": [],
    }


@pytest.mark.parametrize("key", ["2026-9", "2026", "", "-", "2026-1-1", "²-1", "9999999999999-1", "x" * 300])
def test_a_key_that_names_no_circular_is_not_found(late: Bureau, key: str) -> None:
    issue(late)
    with pytest.raises(NotFoundError):
        written(late, key)


def test_items_without_a_common_unit_need_a_circular_each(late: Bureau) -> None:
    with writing(late.engine) as session:
        other = Unit(code="ELSEWHERE", name="别处", aliases=[], kind="committee")
        session.add(other)
        session.flush()
        keeper = person_by_email(session, "coordinator@office.example")
        session.add(Grant(person_id=keeper.id, role=Role.COORDINATOR, unit_id=other.id))
        by_reference(session, P02).lead_unit_id = other.id
    with pytest.raises(WrongMoveError, match="belong to no common unit"):
        issue(late)
    assert (issue(late, Chosen(P01)), issue(late, Chosen(P02))) == ("2026-1", "2026-2")
