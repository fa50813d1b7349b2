from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import SettingError
from rules.periods import (
    PeriodKind,
    covering,
    following,
    kind_of,
    midnight,
    parse,
    period,
    preceding,
    shifts,
    stretch,
)

KINDS = st.sampled_from(list(PeriodKind))
DATES = st.dates(date(1900, 1, 1), date(2199, 12, 31))
ZONES = ("Asia/Shanghai", "America/Santiago", "Australia/Lord_Howe", "UTC")
DAY = timedelta(days=1)


@given(KINDS, DATES)
def test_every_day_lies_in_just_one_period_of_a_kind(kind: PeriodKind, day: date) -> None:
    found = period(kind, day)
    assert found.first_on <= day < found.end_on
    assert found.last_on == found.end_on - DAY
    assert period(kind, found.first_on) == period(kind, found.last_on) == found
    assert period(kind, found.end_on) != found


@given(KINDS, DATES)
def test_one_period_ends_where_the_next_one_starts(kind: PeriodKind, day: date) -> None:
    found = period(kind, day)
    assert following(found).first_on == found.end_on
    assert preceding(found).end_on == found.first_on


@given(KINDS, DATES)
def test_the_period_after_the_one_before_is_the_period_itself(kind: PeriodKind, day: date) -> None:
    found = period(kind, day)
    assert following(preceding(found)) == found
    assert preceding(following(found)) == found


@given(KINDS, DATES)
def test_a_period_s_key_names_it(kind: PeriodKind, day: date) -> None:
    found = period(kind, day)
    assert parse(found.key) == found
    assert parse(found.key).key == found.key
    assert kind_of(found) is kind


@given(KINDS, DATES, DATES)
def test_periods_sort_as_their_days_do(kind: PeriodKind, one: date, other: date) -> None:
    early, late = sorted((one, other))
    assert period(kind, early) <= period(kind, late)


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2026-11", "2026-11-01", "2026-11-30"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026Q1", "2026-01-01", "2026-03-31"),
        ("2026Q4", "2026-10-01", "2026-12-31"),
        ("2026H1", "2026-01-01", "2026-06-30"),
        ("2026H2", "2026-07-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_keys_and_their_days(key: str, first: str, last: str) -> None:
    found = parse(key)
    assert (found.first_on.isoformat(), found.last_on.isoformat()) == (first, last)


@given(DATES, DATES)
def test_an_own_range_holds_both_its_days_and_stands_beside_ranges_as_long(one: date, other: date) -> None:
    first_on, last_on = sorted((one, other))
    found = stretch(f"{first_on}..{last_on}")
    assert (found.first_on, found.last_on) == (first_on, last_on)
    assert preceding(following(found)) == found
    assert following(found).first_on == found.end_on


@pytest.mark.parametrize(
    "key",
    [
        "",
        "26",
        "2026-1",
        "2026-00",
        "2026-13",
        "2026Q0",
        "2026Q5",
        "2026H3",
        "2026h2",
        "2026-H2",
        "2026Q",
        *(" 2026", "2026\n", "2026-11-01", "0999", "0000-01", "9999", "9999-12", "上半年"),
    ],
)
def test_what_names_no_period_is_refused_in_one_sentence(key: str) -> None:
    with pytest.raises(SettingError) as refused:
        parse(key)
    assert str(refused.value) == f"{key} is no period; write 2026-11, 2026Q4, 2026H2 or 2026."


@pytest.mark.parametrize(
    ("zone", "key", "cut_off"),
    [
        ("Asia/Shanghai", "2026H1", "2026-06-30T16:00:00+00:00"),
        ("Asia/Shanghai", "2026H2", "2026-12-31T16:00:00+00:00"),
        ("America/Santiago", "2026H1", "2026-07-01T04:00:00+00:00"),
        ("America/Santiago", "2026H2", "2027-01-01T03:00:00+00:00"),
        ("Australia/Lord_Howe", "2026H1", "2026-06-30T13:30:00+00:00"),
        ("Australia/Lord_Howe", "2026H2", "2026-12-31T13:00:00+00:00"),
        ("America/Havana", "2026-10", "2026-11-01T04:00:00+00:00"),  # midnight comes twice: the first counts
    ],
)
def test_the_cut_off_is_midnight_where_the_office_is(zone: str, key: str, cut_off: str) -> None:
    assert parse(key).cut_off_at(ZoneInfo(zone)).isoformat() == cut_off


def test_where_clocks_skip_midnight_the_day_starts_at_one() -> None:
    start = midnight(date(2026, 9, 6), ZoneInfo("America/Santiago"))
    assert start == datetime(2026, 9, 6, 4, tzinfo=UTC)
    assert start.astimezone(ZoneInfo("America/Santiago")).hour == 1


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("key", ["2026-03", "2026-09", "2026Q3", "2026H1", "2026H2", "2026"])
def test_the_last_microsecond_belongs_to_the_period_and_the_next_one_does_not(zone: str, key: str) -> None:
    here, found = ZoneInfo(zone), parse(key)
    cut_off = found.cut_off_at(here)
    assert (cut_off - timedelta(microseconds=1)).astimezone(here).date() == found.last_on
    assert cut_off.astimezone(here).date() == found.end_on
    assert cut_off == following(found).start_at(here)


@pytest.mark.parametrize(
    ("first", "last", "key"),
    [
        ("2026-11-01", "2026-11-30", "2026-11"),
        ("2026-11-03", "2026-11-03", "2026-11"),
        ("2026-10-01", "2026-12-31", "2026Q4"),
        ("2026-08-31", "2026-09-01", "2026Q3"),
        ("2026-01-01", "2026-06-30", "2026H1"),
        ("2026-06-30", "2026-07-01", "2026"),
        ("2025-12-31", "2026-01-01", "2026"),
    ],
)
def test_the_shortest_period_that_holds_two_days(first: str, last: str, key: str) -> None:
    assert covering(date.fromisoformat(first), date.fromisoformat(last)).key == key


def test_clocks_are_told_to_the_second_at_which_they_are_changed() -> None:
    berlin, start = ZoneInfo("Europe/Berlin"), datetime(2026, 1, 1, tzinfo=UTC)
    end = datetime(2027, 1, 1, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert shifts(berlin, start, end) == [
        (datetime(2026, 3, 29, 1, tzinfo=UTC), hour),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), 2 * hour),
        (end, hour),
    ]
    assert shifts(ZoneInfo("Asia/Shanghai"), start, end) == [(end, 8 * hour)]
