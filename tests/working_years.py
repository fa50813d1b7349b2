"""China's working year 2026 as the State Council arranged it, and calendars of any office."""

from datetime import date, timedelta

from hypothesis import strategies as st

from rules.working_days import Calendar

WEEKDAYS_OFF = (
    *("2026-01-01", "2026-01-02"),
    *("2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-02-23"),
    "2026-04-06",
    *("2026-05-01", "2026-05-04", "2026-05-05"),
    "2026-06-19",
    "2026-09-25",
    *("2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"),
)
WEEKENDS_WORKED = ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")

CHINA = Calendar(
    holidays=frozenset(date.fromisoformat(day) for day in WEEKDAYS_OFF),
    make_up_days=frozenset(date.fromisoformat(day) for day in WEEKENDS_WORKED),
)
PLAIN = Calendar()


def days(first: str = "2025-12-01", last: str = "2027-02-28") -> st.SearchStrategy[date]:
    return st.dates(date.fromisoformat(first), date.fromisoformat(last))


def sets_of_days(most: int) -> st.SearchStrategy[frozenset[date]]:
    return st.frozensets(days(), max_size=most)


def long_holidays() -> st.SearchStrategy[frozenset[date]]:
    return st.builds(
        lambda first, length: frozenset(first + timedelta(days=more) for more in range(length)),
        days(),
        st.integers(0, 25),
    )


def calendars() -> st.SearchStrategy[Calendar]:
    odd = st.builds(
        lambda single, long, worked: Calendar(single | long, worked),
        sets_of_days(25),
        long_holidays(),
        sets_of_days(12),
    )
    return st.one_of(st.sampled_from((CHINA, PLAIN)), odd)
