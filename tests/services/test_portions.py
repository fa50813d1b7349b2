"""A seal is counted, written, read and checked portion by portion, and holds what it held before."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from hashlib import sha256
from itertools import pairwise

import pytest
from histories import DAY, LIVES, begin, live, live_on
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import MONDAY, Bureau
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models.period import Rollup as RollupRow
from models.session import reading, writing
from rules.periods import stretch
from rules.rollup import RULE_VERSION
from services import contents, rollups, sample, seal_pieces, staffing
from services.counts import Count
from services.seal_checks import SealCheck, SealFault, SealFinding, check_seals
from services.summaries import summary

HALF = "2026H2"
NEW_YEAR = datetime(2027, 1, 1, 0, 10, tzinfo=MONDAY.tzinfo)
FIRST_RULES_LACK = ("light", "evidence", "extension_days", "days_to_close", "working_days_to_close")


def plain(value: object) -> object:
    """As a seal writes what JSON does not know."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.value if isinstance(value, Enum) else str(value)


def at_once(session: Session, bureau: Bureau, key: str, cut_off: datetime, rule_version: int) -> str:
    """The content as it was sealed before there were portions: all items counted and written at once."""
    period, items = stretch(key), rollups.standings(session, cut_off)
    tree = rollups.compute(session, bureau.office, key, as_of=cut_off).rollup.units
    units = tuple(row.unit for row in tree)
    found = rollups.rolled(session, bureau.office, period, cut_off, items, units, rule_version=rule_version)
    told = asdict(found) | {"rule_version": rule_version, "period": key, "cut_off": cut_off}
    if rule_version == 1:
        del told["movement"]
        for name in FIRST_RULES_LACK:
            for item in told["items"]:
                del item[name]
        for row in told["units"]:
            del row["own_movement"], row["movement"]
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(life=LIVES, cut=st.integers(0, 24 * 250), size=st.sampled_from([1, 2, 3, 1000]))
def test_portions_of_any_size_make_the_bytes_that_all_items_at_once_make(
    bureau: Bureau, life: list[tuple[int, str, str]], cut: int, size: int
) -> None:
    now = begin(bureau)
    for hours, deed, on in life:
        now += timedelta(hours=hours)
        live_on(bureau, [deed] if deed.startswith("move") else deed.split(), on, now)
    with bureau.visit("admin", now + DAY) as visit:
        parent = "HOUSING" if now.day % 2 else "BUREAU"
        staffing.change_unit(visit, "SAFETY", staffing.UnitWish(f"“{now:%d}”科", parent=parent))
    for key in (HALF, "2026-09", "2027H1"):
        cut_off = min(stretch(key).cut_off_at(bureau.office.zone), MONDAY + timedelta(hours=cut))
        for rule_version in (1, RULE_VERSION):
            with reading(bureau.engine) as session:
                count = Count(session, bureau.office, stretch(key), cut_off, rule_version)
                assert "".join(count.pieces(size)) == at_once(session, bureau, key, cut_off, rule_version)


@pytest.fixture
def filled(bureau: Bureau) -> Bureau:
    """An office whose seal is too long for one row."""
    bureau.new_item()
    live(bureau, "work", "2026H1-P01", MONDAY)
    with writing(bureau.engine) as session:
        sample.fill(session, bureau.office, sample.Size(30, 40, 3000, 7), date(2026, 12, 1))
        rollups.seal(session, bureau.office, HALF, by=None, now=NEW_YEAR)
    return bureau


def sealed(session: Session) -> RollupRow:
    return session.scalars(select(RollupRow)).one()


def test_a_long_seal_lies_in_pieces_and_is_the_same_seal(filled: Bureau) -> None:
    with reading(filled.engine) as session:
        row = sealed(session)
        pieces = list(seal_pieces.pieces_of(row))
        cut_off = rollups.cut_off_of(filled.office, HALF)
        content = at_once(session, filled, HALF, cut_off, RULE_VERSION)
        assert (row.content, "".join(pieces)) == ("", content)
        assert row.sha256 == sha256(content.encode()).hexdigest()
        assert [len(piece) <= seal_pieces.SHORT for piece in pieces] == [True] * len(pieces)
        assert len(pieces) > 2
        whole, units = seal_pieces.read(row), seal_pieces.read_units(row)
        assert whole == contents.read_content(content)
        assert (units.units, units.total, units.movement) == (whole.units, whole.total, whole.movement)
        short = summary(session, filled.office, HALF, as_of=NEW_YEAR)
        assert (short.units, short.version) == (whole.units, 1)
        references = [item.reference for item in whole.items]
        assert all(one < other for one, other in pairwise(references))
    assert check(filled) == SealCheck(1, ())


def check(bureau: Bureau) -> SealCheck:
    with reading(bureau.engine) as session:
        return check_seals(session, bureau.office)


@pytest.mark.parametrize("change", ["update seal_piece set content = ''", "delete from seal_piece"])
def test_the_database_refuses_to_change_a_piece(filled: Bureau, change: str) -> None:
    with pytest.raises(DBAPIError, match="written once"), writing(filled.engine) as session:
        session.execute(text(change))


@pytest.mark.parametrize(
    "change",
    [
        "update seal_piece set content = replace(content, 'depth', 'Depth')",
        "delete from seal_piece where number = 0",
        "delete from seal_piece where number = (select max(number) from seal_piece)",
    ],
)
def test_a_piece_that_was_changed_is_an_alarm(filled: Bureau, change: str) -> None:
    with writing(filled.engine) as session:
        if session.get_bind().dialect.name == "sqlite":
            for trigger in ("update", "delete"):
                session.execute(text(f"drop trigger seal_piece_refuses_{trigger}"))
        else:
            session.execute(text("alter table seal_piece disable trigger all"))
        session.execute(text(change))
    assert check(filled).findings == (SealFinding(HALF, 1, SealFault.BYTES),)


def test_an_item_that_the_history_no_longer_gives_is_found_in_a_long_seal(filled: Bureau) -> None:
    with writing(filled.engine) as session:
        if session.get_bind().dialect.name == "sqlite":
            session.execute(text("drop trigger event_refuses_update"))
        else:
            session.execute(text("alter table event disable trigger all"))
        session.execute(text("update event set progress = progress + 1 where subject = 'item:2026H1-P01'"))
    assert check(filled).findings == (SealFinding(HALF, 1, SealFault.ITEMS, ("2026H1-P01",)),)


def cut(content: str, places: list[int]) -> Iterator[str]:
    bounds = sorted({0, *(place % len(content) for place in places), len(content)})
    return (content[start:end] for start, end in pairwise(bounds))


def test_items_are_read_back_wherever_the_content_is_cut(bureau: Bureau) -> None:
    for reference in ("2026H1-P01", "2026H1-P02"):
        bureau.new_item(reference)
    with reading(bureau.engine) as session:
        found = rollups.compute(session, bureau.office, HALF, as_of=NEW_YEAR)
        items = found.rollup.items

    @settings(max_examples=80, deadline=None)
    @given(places=st.lists(st.integers(0, 10_000), max_size=8))
    def read(places: list[int]) -> None:
        assert tuple(contents.read_items(cut(found.content, places))) == items

    read()
    assert tuple(contents.read_items(found.content)) == items


def test_content_without_items_reads_back(bureau: Bureau) -> None:
    with reading(bureau.engine) as session:
        found = rollups.compute(session, bureau.office, HALF, as_of=NEW_YEAR)
    assert contents.read_content(found.content) == found.rollup
