"""Units are founded, renamed, moved, merged and closed; figures keep the tree of their own instant."""

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from histories import DAY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import MONDAY, Bureau
from sqlalchemy import select

from models.organisation import Unit as UnitEntity
from models.session import reading, writing
from rules import rollup
from rules.errors import RefusedError
from rules.lifecycle import Move
from services import history, rollups, staffing
from services.ledgers import ledger
from services.staffing import UnitWish
from services.standings import position_before
from services.tallies import tally
from services.trees import tree_at

P01 = "2026H1-P01"
NEW_YEAR = datetime(2027, 1, 1, 0, 10, tzinfo=MONDAY.tzinfo)

DEEDS = st.lists(
    st.tuples(
        st.integers(0, 72),
        st.sampled_from(["found", "rename", "move", "merge", "close", "open", "rename move"]),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    min_size=2,
    max_size=8,
)


def units_now(bureau: Bureau) -> tuple[rollup.Unit, ...]:
    """As the table has them at the moment."""
    with reading(bureau.engine) as session:
        units = {unit.id: unit for unit in session.scalars(select(UnitEntity).order_by(UnitEntity.id))}
        return tuple(
            rollup.Unit(unit.code, unit.name, units[unit.parent_id].code if unit.parent_id else None)
            for unit in units.values()
        )


def units_at(bureau: Bureau, at: datetime) -> tuple[rollup.Unit, ...]:
    with reading(bureau.engine) as session:
        return tree_at(session, position_before(session, at))


def do(bureau: Bureau, *, deed: str, which: int, where: int, now: datetime) -> None:
    """One deed of an administrator, as far as the tree admits it."""
    with suppress(RefusedError), bureau.visit("admin", now) as visit:
        units = list(visit.directory.units.values())
        unit, above = units[1 + which % (len(units) - 1)], units[where % len(units)]
        stays = visit.directory.units[unit.parent_id or units[0].id].code
        name = f"{unit.name[:20]}{now:%d%H}"
        match deed:
            case "found":
                staffing.add_unit(visit, f"N{len(units)}", UnitWish(f"新科{len(units)}", parent=above.code))
            case "rename":
                staffing.change_unit(visit, unit.code, UnitWish(name, parent=stays))
            case "move":
                staffing.change_unit(visit, unit.code, UnitWish(unit.name, parent=above.code))
            case "rename move":
                staffing.change_unit(visit, unit.code, UnitWish(name, parent=above.code))
            case "open" | "close":
                wish = UnitWish(unit.name, parent=stays, active=deed == "open")
                staffing.change_unit(visit, unit.code, wish)


def merge(bureau: Bureau, *, which: int, where: int, now: datetime) -> None:
    """What stands below a unit goes to another one, its open item too, and it closes."""
    is_of_item = False
    with suppress(RefusedError), bureau.visit("admin", now) as visit:
        units = list(visit.directory.units.values())
        unit, into = units[1 + which % (len(units) - 1)], units[where % len(units)]
        is_of_item = unit.code == "SAFETY"
        for child in units:
            if child.parent_id == unit.id:
                staffing.change_unit(visit, child.code, UnitWish(child.name, parent=into.code))
    with suppress(RefusedError):
        to = "stranger" if is_of_item else "owner"
        bureau.act(P01, Move.REASSIGN, "coordinator", now, to=to)
    do(bureau, deed="close", which=which, where=where, now=now)


def figures(bureau: Bureau, at: datetime) -> str:
    """All that is counted as of the instant, item by item, and the same as the database counts it."""
    with reading(bureau.engine) as session:
        found = rollups.compute(session, bureau.office, "2099", as_of=at)
        counted = tally(session, bureau.office, "2099", as_of=at)
    assert (counted.units, counted.total) == (found.rollup.units, found.rollup.total)
    return found.content


def begin(bureau: Bureau) -> datetime:
    """An item once, and a day after whatever happened last."""
    if not bureau.item_exists(P01):
        bureau.new_item(P01)
    with reading(bureau.engine) as session:
        return (history.head(session)[2] or MONDAY) + DAY


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS, cut=st.integers(0, 24 * 30))
def test_the_tree_as_of_any_instant_is_the_one_that_stood_then(
    bureau: Bureau, deeds: list[tuple[int, str, int, int]], cut: int
) -> None:
    start = now = begin(bureau)
    stood, told = [(now, units_now(bureau))], []
    for hours, deed, which, where in deeds:
        now += timedelta(hours=hours, minutes=1)
        done = merge if deed == "merge" else partial(do, deed=deed)
        done(bureau, which=which, where=where, now=now)
        stood.append((now, units_now(bureau)))
        told.append((now + timedelta(seconds=1), figures(bureau, now + timedelta(seconds=1))))
    for at in (start + timedelta(hours=cut), *(at for at, _ in stood), now + DAY):
        before = [tree for when, tree in stood if when < at]
        assert units_at(bureau, at) == (before or [stood[0][1]])[-1]
    assert [(at, figures(bureau, at)) for at, _ in told] == told


def test_a_unit_bears_in_every_document_the_name_that_it_had_at_the_cut_off(bureau: Bureau) -> None:
    bureau.new_item(P01)
    with bureau.visit("admin", NEW_YEAR) as visit:
        staffing.change_unit(visit, "BUREAU", UnitWish("云州市住建委"))
        staffing.change_unit(visit, "SAFETY", UnitWish("质安处", parent="HOUSING"))
        staffing.add_unit(visit, "LAW", UnitWish("法规处", parent="BUREAU"))
    with reading(bureau.engine) as session:
        half = ledger(session, bureau.office, "2026H2", as_of=NEW_YEAR + DAY)
        year = ledger(session, bureau.office, "2027H1", as_of=NEW_YEAR + DAY)
    names = [[row.unit.name for row in found.rollup.units] for found in (half, year)]
    assert names == [
        ["云州市住建局", "质量安全科", "住房保障科"],
        ["云州市住建委", "住房保障科", "质安处", "法规处"],
    ]
    assert [(found.organisation, found.rows[0].unit) for found in (half, year)] == [
        ("云州市住建局", "质量安全科"),
        ("云州市住建委", "质安处"),
    ]
    assert [row.total.in_scope for row in half.rollup.units] == [1, 1, 0]
    assert [row.total.in_scope for row in year.rollup.units] == [1, 1, 1, 0]


def test_a_seal_that_is_made_late_holds_the_tree_of_the_cut_off(bureau: Bureau) -> None:
    bureau.new_item(P01)
    in_time = figures_of_half(bureau)
    with bureau.visit("admin", NEW_YEAR) as visit:
        staffing.change_unit(visit, "SAFETY", UnitWish("质安处", parent="HOUSING"))
    with writing(bureau.engine) as session:
        row = rollups.seal(session, bureau.office, "2026H2", by=None, now=NEW_YEAR + 40 * DAY)
        assert row.sha256 == in_time


def figures_of_half(bureau: Bureau) -> str:
    with reading(bureau.engine) as session:
        return rollups.compute(session, bureau.office, "2026H2", as_of=NEW_YEAR).sha256
