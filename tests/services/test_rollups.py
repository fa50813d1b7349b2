import json
import re
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from offices import MONDAY, PROOF, ZONE, Bureau
from sqlalchemy import text

from documents.studio import Studio
from models.message import Message
from models.period import Rollup as RollupRow
from models.session import reading, writing
from rules.errors import NotAllowedError, SettingError, WrongMoveError
from rules.lifecycle import Move, State
from rules.rollup import Figures
from services import closing, closing_papers, contents, history, ledgers, rollups
from services.rollups import Computed
from services.seal_checks import SealCheck, SealFault, SealFinding, check_seals
from services.tallies import tally

P01, P02, M01, M02 = "2026H1-P01", "2026H1-P02", "2026H1-M01", "2026H1-M02"
END = datetime(2026, 12, 31, 16, tzinfo=UTC)
NEW_YEAR = datetime(2027, 1, 1, 0, 10, tzinfo=ZONE)
FAR = datetime(2027, 7, 5, 9, tzinfo=ZONE)


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 10, tzinfo=ZONE)


def half_year(bureau: Bureau) -> Bureau:
    """Four items: one closed in time, one closed late, one cancelled, one overdue."""
    for reference in (P01, P02, M01, M02):
        bureau.new_item(reference, due_on=date(2026, 9, 30))
    for reference, closed_at in ((P01, at(9, 30)), (P02, at(10, 9))):
        bureau.act(reference, Move.ACKNOWLEDGE, "owner", at(7, 7))
        bureau.act(reference, Move.SUBMIT, "owner", closed_at, evidence=(PROOF,), note="已完成")
        bureau.act(reference, Move.APPROVE, "coordinator", closed_at, note="同意")
    bureau.act(M01, Move.CANCEL, "coordinator", at(10, 10), note="合并")
    return bureau


def compute(bureau: Bureau, key: str = "2026H2", as_of: datetime = NEW_YEAR) -> Computed:
    with reading(bureau.engine) as session:
        return rollups.compute(session, bureau.office, key, as_of=as_of)


def seal(bureau: Bureau) -> RollupRow:
    with writing(bureau.engine) as session:
        row = rollups.seal(session, bureau.office, "2026H2", by=None, now=NEW_YEAR)
        session.flush()
        session.expunge(row)
        return row


def test_the_figures_of_a_half_year(bureau: Bureau) -> None:
    total = compute(half_year(bureau)).rollup.total
    assert total == Figures(
        in_scope=4,
        opened=4,
        closed=2,
        closed_on_time=1,
        closed_and_due=2,
        overdue=1,
        cancelled=1,
    )
    assert (str(total.completion), str(total.timeliness)) == ("66.67% (2/3)", "33.33% (1/3)")


def test_each_unit_counts_its_own_and_those_above_the_sum(bureau: Bureau) -> None:
    rows = {row.unit.code: row for row in compute(half_year(bureau)).rollup.units}
    assert (rows["SAFETY"].own.in_scope, rows["BUREAU"].own.in_scope, rows["BUREAU"].total.in_scope) == (
        4,
        0,
        4,
    )


def test_the_figures_of_a_day_stay_what_they_were(bureau: Bureau) -> None:
    half_year(bureau)
    before = compute(bureau, as_of=at(10, 8))
    bureau.act(M02, Move.CANCEL, "coordinator", NEW_YEAR, note="合并")
    after = compute(bureau, as_of=at(10, 8))
    assert (before.content, before.rollup.total.closed, before.rollup.total.overdue) == (after.content, 1, 3)


@pytest.mark.parametrize(("microseconds", "closed"), [(-1, 1), (0, 0)])
def test_the_end_of_a_period_belongs_to_the_next(bureau: Bureau, microseconds: int, closed: int) -> None:
    bureau.new_item(P01)
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    bureau.act(P01, Move.SUBMIT, "owner", evidence=(PROOF,))
    bureau.act(P01, Move.APPROVE, "coordinator", END + timedelta(microseconds=microseconds))
    assert compute(bureau).rollup.total.closed == closed
    assert compute(bureau, "2027H1", END + timedelta(days=1)).rollup.total.closed == 1 - closed


def test_an_item_finished_before_the_period_is_out_of_its_scope(bureau: Bureau) -> None:
    half_year(bureau)
    assert [item.reference for item in compute(bureau, "2026Q4").rollup.items] == [M01, M02, P02]


def test_an_item_counts_at_the_unit_that_led_it_at_the_cut_off(bureau: Bureau) -> None:
    half_year(bureau)
    bureau.act(M02, Move.REASSIGN, "coordinator", at(11, 2), to="stranger", note="职能划转")
    units = {item.reference: item.unit for item in compute(bureau).rollup.items}
    earlier = {item.reference: item.unit for item in compute(bureau, as_of=at(11, 1)).rollup.items}
    assert (units[M02], earlier[M02]) == ("HOUSING", "SAFETY")


def test_a_seal_holds_its_figures_hash_and_place_in_the_chain(bureau: Bureau) -> None:
    row = seal(half_year(bureau))
    assert row.sha256 == sha256(row.content.encode()).hexdigest()
    assert (row.version, row.cut_off_at, json.loads(row.content)["total"]["closed"]) == (1, END, 2)
    with reading(bureau.engine) as session:
        assert check_seals(session, bureau.office) == SealCheck(1, ())


def test_sealing_again_changes_nothing(bureau: Bureau) -> None:
    first = seal(half_year(bureau))
    second = seal(bureau)
    assert (first.id, first.content) == (second.id, second.content)


def test_what_is_sealed_reads_back_as_it_was_computed(bureau: Bureau) -> None:
    computed = compute(half_year(bureau))
    read = contents.read_content(computed.content)
    assert (read, [asdict(item) for item in read.items]) == (
        computed.rollup,
        [asdict(item) for item in computed.rollup.items],
    )


def test_items_touched_after_an_event_can_be_read_alone(bureau: Bureau) -> None:
    half_year(bureau)
    with reading(bureau.engine) as session:
        position, _, _ = history.head(session)
        untouched = rollups.standings(session, NEW_YEAR, touched_after=position)
        touched = rollups.standings(session, NEW_YEAR, touched_after=position - 1)
    assert (untouched, [item.reference for item in touched]) == ([], [M01])


def test_a_later_entry_leaves_the_seal_alone(bureau: Bureau) -> None:
    row = seal(half_year(bureau))
    bureau.act(M02, Move.CANCEL, "coordinator", NEW_YEAR, note="合并")
    with reading(bureau.engine) as session:
        stand = rollups.stand(session, bureau.office, "2026H2", as_of=NEW_YEAR)
    assert (stand.sha256, stand.version, stand.restated) == (row.sha256, 1, False)


def test_a_period_that_still_runs_is_not_sealed(bureau: Bureau) -> None:
    with (
        writing(bureau.engine) as session,
        pytest.raises(WrongMoveError, match="runs until 2026-12-31"),
    ):
        rollups.seal(session, bureau.office, "2026H2", by=None, now=END - timedelta(microseconds=1))


def test_only_who_may_seals(bureau: Bureau) -> None:
    half_year(bureau)
    with bureau.visit("head", NEW_YEAR) as visit, pytest.raises(NotAllowedError):
        rollups.seal_by(visit, "2026H2")
    with bureau.visit("leader", NEW_YEAR) as visit:
        assert rollups.seal_by(visit, "2026H2").sealed_by_id == visit.actor.id


def test_a_period_that_is_none_is_named(bureau: Bureau) -> None:
    with pytest.raises(SettingError, match="2026H3 is no period"):
        compute(bureau, "2026H3")


def test_a_changed_seal_is_found(bureau: Bureau) -> None:
    seal(half_year(bureau))
    with writing(bureau.engine) as session:
        if bureau.engine.dialect.name == "sqlite":
            session.execute(text("drop trigger rollup_refuses_update"))
        else:
            session.execute(text("alter table rollup disable trigger all"))
        session.execute(text("update rollup set content = replace(content, 'SAFETY', 'HOUSING')"))
    with reading(bureau.engine) as session:
        found = check_seals(session, bureau.office).findings
    assert found == (SealFinding("2026H2", 1, SealFault.BYTES),)


def test_at_period_end_every_missed_period_is_sealed_and_told(bureau: Bureau) -> None:
    half_year(bureau)
    much_later = datetime(2027, 7, 5, 9, tzinfo=ZONE)
    with writing(bureau.engine) as session:
        closed = [found.key for found in closing.close_ended(session, bureau.office, now=much_later)]
    with writing(bureau.engine) as session:
        again = closing.close_ended(session, bureau.office, now=much_later)
    letters = bureau.messages(Message.letter == "rollup", Message.key.startswith("rollup:2026H2"))
    assert (closed, again) == (["2026H2", "2027H1"], [])
    assert sorted(bureau.email(letter.person_id) for letter in letters) == [
        "auditor",
        "coordinator",
        "director",
        "head",
        "leader",
        "other.head",
    ]


def bars(html: str) -> list[int]:
    """The length of each bar of a letter, in per cent."""
    return [int(found) for found in re.findall(r'class="bar" width="(\d+)%"', html)]


def test_the_letter_shows_units_and_trend_as_bars_and_says_the_same_in_words(bureau: Bureau) -> None:
    half_year(bureau)
    with writing(bureau.engine) as session:
        closing.close_ended(session, bureau.office, now=FAR)
    first, second = (
        bureau.messages(Message.letter == "rollup", Message.key.like(f"rollup:{key}:%"))
        for key in ("2026H2", "2027H1")
    )
    told = {bureau.email(letter.person_id): letter for letter in (*first, *second)}
    lines = told["coordinator"].text.splitlines()
    at = lines.index("== 各期新增、销号与期末未办结 ==")
    with reading(bureau.engine) as session:
        flows = {key: tally(session, bureau.office, key, as_of=FAR) for key in ("2026H1", "2026H2", "2027H1")}
    assert lines[at + 1 : at + 4] == [
        f"{words}：本期新增 {found.total.opened} 项，已销号 {found.total.closed} 项，期末未办结 "
        f"{found.movement.open_at_end} 项"
        for words, found in zip(("2026年上半年", "2026年下半年", "2027年上半年"), flows.values(), strict=True)
    ]
    total = flows["2027H1"].total.completion
    units = [row.total.completion for row in flows["2027H1"].units[1:]]
    shares = [round(100 * one.numerator / one.denominator) for one in (total, *units) if one.denominator]
    moves = [
        one
        for each in flows.values()
        for one in (each.total.opened, each.total.closed, each.movement.open_at_end)
    ]
    longest = [round(100 * one / max(moves)) for one in moves]
    assert bars(told["coordinator"].html) == [share for share in (*shares, *longest) if share]


def test_the_documents_are_written_from_the_seal(bureau: Bureau, tmp_path: Path) -> None:
    seal(half_year(bureau))
    bureau.act(M02, Move.CANCEL, "coordinator", NEW_YEAR, note="合并")
    with reading(bureau.engine) as session:
        found = ledgers.ledger(session, bureau.office, "2026H2", as_of=NEW_YEAR)
        sealed = closing_papers.sealed_ledger(session, bureau.office, "2026H2")
    studio = Studio(tmp_path / "charts")
    written = closing_papers.write_documents(sealed, tmp_path / "out", "zh_CN", studio)
    studio.close()
    assert replace(sealed, earlier=()) == found
    assert [key for key, _ in sealed.earlier] == ["2024H1", "2024H2", "2025H1", "2025H2", "2026H1"]
    rows = {row.reference: (row.state, row.last_word, row.evidence) for row in found.rows}
    assert (found.sealed, found.version, found.organisation) == (True, 1, "云州市住建局")
    assert rows[M02] == (State.ASSIGNED, "", ())
    assert rows[P01] == (State.CLOSED, "已完成", ("记录.txt",))
    assert [path.name for path in written] == ["ledger.xlsx", "report.docx", "rollup.html"]


def test_before_a_seal_the_ledger_says_so(bureau: Bureau) -> None:
    half_year(bureau)
    with reading(bureau.engine) as session:
        found = ledgers.ledger(session, bureau.office, "2026H2", as_of=at(10, 1))
    assert (found.sealed, found.version, found.as_of) == (False, 0, at(10, 1))


def test_a_sample_is_the_same_for_the_same_seed_and_its_history_is_whole(bureau: Bureau) -> None:
    from services import history, sample

    with writing(bureau.engine) as session:
        size = sample.Size(units=5, people=12, items=60, seed=3)
        made = sample.fill(session, bureau.office, size, MONDAY.date())
    with reading(bureau.engine) as session:
        assert history.verify(session).fault is None
    from models.item import Item

    items = bureau.rows(Item)
    due_soon = [
        item
        for item in items
        if item.state in {State.ASSIGNED, State.IN_PROGRESS, State.SUBMITTED}
        and item.due_on <= MONDAY.date() + timedelta(days=7)
    ]
    still_open = [item for item in items if item.state not in {State.DRAFT, State.CLOSED, State.CANCELLED}]
    assert (made["items"], made["people"]) == (60, 12)
    assert 0.3 < len(due_soon) / len(still_open) < 0.7
