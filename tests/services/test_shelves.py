from datetime import date, datetime, timedelta

from offices import MONDAY, PROOF, ZONE, Bureau
from sqlalchemy import update

from models.organisation import Person
from models.session import reading, writing
from rules.lifecycle import Move
from rules.restating import Restatement
from rules.rollup import Rollup
from rules.spreads import Spread, spread
from services import rollups
from services.office import Visit
from services.organisation import Directory, person_by_email
from services.restatements import restate
from services.shelves import Kept, Shelf

P01, P02, M01, M02 = "2026H1-P01", "2026H1-P02", "2026H1-M01", "2026H1-M02"
LATER = datetime(2026, 10, 12, 10, tzinfo=ZONE)
NEW_YEAR = datetime(2027, 1, 4, 10, tzinfo=ZONE)


def kept_and_counted(
    bureau: Bureau, shelf: Shelf, now: datetime = LATER, key: str = "2026H2"
) -> tuple[Rollup, Rollup]:
    with reading(bureau.engine) as session:
        person = person_by_email(session, "coordinator@office.example")
        visit = Visit(session, bureau.office, Directory.load(session), person, now)
        lines = shelf.lines(visit, key, None)
        whole = shelf.whole(visit, key)
        today = visit.office.day(rollups.cut_off_of(visit.office, key)) if now >= NEW_YEAR else visit.today
        spreads = sum(lines.spreads.values(), Spread())
        assert (lines.units, spreads) == (whole.units, spread(whole.items, today))
        return whole, rollups.compute(session, bureau.office, key, as_of=now).rollup


def close(bureau: Bureau, reference: str, now: datetime) -> None:
    bureau.act(reference, Move.ACKNOWLEDGE, "owner", now)
    bureau.act(reference, Move.SUBMIT, "owner", now, evidence=(PROOF,))
    bureau.act(reference, Move.APPROVE, "coordinator", now)


def test_what_is_kept_is_what_would_be_counted_after_every_change(bureau: Bureau) -> None:
    shelf = Shelf()
    at = MONDAY
    steps = [
        lambda: bureau.new_item(P01, now=at),
        lambda: bureau.new_item(M01, now=at, due_on=date(2026, 9, 1)),
        lambda: close(bureau, P01, at),
        lambda: bureau.act(M01, Move.REASSIGN, "coordinator", at, to="stranger", note="职能划转"),
        lambda: bureau.act(P01, Move.REOPEN, "leader", at, note="回头看", due_on=date(2026, 12, 1)),
    ]
    for step in steps:
        at += timedelta(days=3)
        step()
        kept, counted = kept_and_counted(bureau, shelf, at + timedelta(hours=1))
        assert kept == counted
    assert [item.reference for item in counted.items] == [M01, P01]


def test_what_did_not_change_is_not_counted_again(bureau: Bureau) -> None:
    bureau.new_item(P01)
    shelf = Shelf()
    first, _ = kept_and_counted(bureau, shelf)
    second, _ = kept_and_counted(bureau, shelf, LATER + timedelta(hours=2))
    assert second is first


def test_the_day_alone_makes_an_item_late(bureau: Bureau) -> None:
    bureau.new_item(P01, due_on=date(2026, 10, 12))
    shelf = Shelf()
    assert kept_and_counted(bureau, shelf)[0].total.overdue == 0
    kept, counted = kept_and_counted(bureau, shelf, LATER + timedelta(days=1))
    assert (kept, kept.total.overdue) == (counted, 1)


def test_a_later_event_leaves_an_ended_period_as_it_is_kept(bureau: Bureau) -> None:
    bureau.new_item(P01)
    shelf = Shelf()
    first, _ = kept_and_counted(bureau, shelf, NEW_YEAR)
    close(bureau, P01, NEW_YEAR + timedelta(hours=1))
    second, counted = kept_and_counted(bureau, shelf, NEW_YEAR + timedelta(hours=2))
    assert second is first
    assert second == counted


def test_a_new_name_of_an_owner_stands_in_what_is_kept(bureau: Bureau) -> None:
    bureau.new_item(P01)
    shelf = Shelf()
    kept_and_counted(bureau, shelf)
    with writing(bureau.engine) as session:
        session.execute(update(Person).where(Person.name == "安全科员").values(name="改名后的科员"))
    kept, counted = kept_and_counted(bureau, shelf)
    assert (kept, kept.items[0].owners) == (counted, ("改名后的科员",))


def test_a_history_that_was_put_back_is_counted_anew(bureau: Bureau) -> None:
    # As after a restore: the same process, an older or another database.
    bureau.new_item(P01)
    shelf = Shelf()
    whole = kept_and_counted(bureau, shelf)[0]
    held = shelf._whole.get("2026H2")
    assert held is not None
    shelf._whole.put("2026H2", type(held)(whole, held.standings, type(held.mark)(99, "f" * 64), held.names))
    kept, counted = kept_and_counted(bureau, shelf)
    assert kept == counted
    assert kept is not whole


def test_what_stands_beside_a_seal_is_what_is_counted_anew_after_every_late_entry(bureau: Bureau) -> None:
    shelf, at = Shelf(), NEW_YEAR
    for reference in (P01, P02):
        bureau.new_item(reference, due_on=date(2026, 9, 30))
        bureau.act(reference, Move.ACKNOWLEDGE, "owner", MONDAY)
        bureau.act(reference, Move.SUBMIT, "owner", MONDAY, evidence=(PROOF,))
    with writing(bureau.engine) as session:
        rollups.seal(session, bureau.office, "2026H2", by=None, now=NEW_YEAR)
    found = []
    for reference, happened_on in ((P01, date(2026, 9, 28)), (P02, None)):
        at += timedelta(days=1)
        bureau.act(reference, Move.APPROVE, "coordinator", at, happened_on=happened_on)
        found.append(beside_and_anew(bureau, shelf, at + timedelta(hours=1)))
    assert [(known.total.closed, len(what.items)) for known, what in found] == [(1, 1), (1, 1)]
    assert found[1][1] is found[0][1]


def beside_and_anew(bureau: Bureau, shelf: Shelf, now: datetime) -> tuple[Rollup, Restatement]:
    with reading(bureau.engine) as session:
        person = person_by_email(session, "coordinator@office.example")
        visit = Visit(session, bureau.office, Directory.load(session), person, now)
        seal = rollups.sealed(session, "2026H2")
        assert seal is not None
        kept, anew = shelf.beside(visit, "2026H2", seal), restate(session, bureau.office, "2026H2")
        assert (kept.known, kept.found) == (anew.current, anew.what)
        return kept.known, kept.found


def test_only_so_much_is_kept() -> None:
    kept: Kept[str] = Kept(10)
    kept.put("a", "A", 4)
    kept.put("b", "B", 4)
    assert kept.get("a") == "A"
    kept.put("c", "C", 4)
    assert [kept.get(key) for key in "abc"] == ["A", None, "C"]
    kept.put("d", "D", 100)
    assert [kept.get(key) for key in "abcd"] == [None, None, None, "D"]
