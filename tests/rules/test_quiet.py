from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from working_years import CHINA

from rules.quiet import WEEKDAYS, Quiet, SendDays, span

FESTIVAL = Quiet(days=(date(2026, 7, 1),), spans=("2026-02-09/2026-02-15",), weekdays=("friday",))
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "quiet"),
    [
        (date(2026, 7, 1), True),
        (date(2026, 7, 2), False),
        (date(2026, 7, 3), True),
        (date(2026, 2, 8), False),
        (date(2026, 2, 9), True),
        (date(2026, 2, 15), True),
        (date(2026, 2, 16), False),
    ],
)
def test_days_stretches_and_weekdays_are_quiet(day: date, *, quiet: bool) -> None:
    assert FESTIVAL.is_quiet(day) is quiet


def test_by_default_no_day_is_quiet() -> None:
    assert not any(Quiet().is_quiet(date(2026, 1, 1) + timedelta(days=n)) for n in range(365))


@pytest.mark.parametrize("text", ["2026-02-15/2026-02-09", "2026-02-15", "spring", "2026-01-01/9999-12-31"])
def test_what_is_no_stretch_of_days_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        span(text)


@given(day=DAYS, weekdays=st.sets(st.sampled_from(WEEKDAYS), max_size=4), start=DAYS, more=st.integers(0, 40))
def test_the_next_send_day_is_worked_and_not_quiet_and_none_lies_before_it(
    day: date, weekdays: set[str], start: date, more: int
) -> None:
    quiet = Quiet(spans=(f"{start}/{start + timedelta(days=more)}",), weekdays=tuple(sorted(weekdays)))
    found = SendDays(CHINA, quiet).on_or_after(day)
    passed = [day + timedelta(days=n) for n in range((found - day).days)]
    assert CHINA.is_working(found)
    assert not quiet.is_quiet(found)
    assert [one for one in passed if CHINA.is_working(one) and not quiet.is_quiet(one)] == []
