from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.retries import next_attempt_at

PLANNED = datetime(2026, 9, 25, 0, 10, tzinfo=UTC)
NOMINAL_MINUTES = (1, 5, 15, 30, 60, 120)
ATTEMPTS = st.integers(1, 80)
SALTS = st.text(max_size=40)
INSTANTS = st.timedeltas(timedelta(), timedelta(days=6)).map(lambda gone: PLANNED + gone)


def _nominal(attempts: int) -> timedelta:
    return timedelta(minutes=NOMINAL_MINUTES[min(attempts, 6) - 1])


@given(ATTEMPTS, INSTANTS, SALTS)
def test_a_letter_waits_its_step_a_fifth_more_or_less(attempts: int, now: datetime, salt: str) -> None:
    again_at = next_attempt_at(attempts, PLANNED, now, salt)
    if again_at is not None:
        assert 0.8 * _nominal(attempts) <= again_at - now <= 1.2 * _nominal(attempts)


@given(ATTEMPTS, INSTANTS, SALTS)
def test_after_five_days_it_is_given_up_and_not_before(attempts: int, now: datetime, salt: str) -> None:
    left = PLANNED + timedelta(days=5) - now
    again_at = next_attempt_at(attempts, PLANNED, now, salt)
    if left < 0.8 * _nominal(attempts):
        assert again_at is None
    if left >= 1.2 * _nominal(attempts):
        assert again_at is not None


def test_a_letter_waits_the_same_on_every_machine_and_in_every_process() -> None:
    again_at = next_attempt_at(3, PLANNED, PLANNED, "digest/1/2026-09-25")
    assert again_at is not None
    assert again_at.replace(microsecond=0).isoformat() == "2026-09-25T00:24:27+00:00"


@pytest.mark.parametrize("attempts", [1, 2, 3, 4, 5, 6, 7, 60])
def test_a_hundred_letters_that_failed_together_do_not_return_together(attempts: int) -> None:
    letters = [next_attempt_at(attempts, PLANNED, PLANNED, f"digest/{number}") for number in range(100)]
    waits = sorted(again_at - PLANNED for again_at in letters if again_at)
    assert len(set(waits)) == 100
    assert waits[-1] - waits[0] > 0.3 * _nominal(attempts)


def test_a_letter_that_nobody_tried_yet_waits_the_first_step() -> None:
    again_at = next_attempt_at(0, PLANNED, PLANNED, "digest/1")
    assert again_at is not None
    assert timedelta(seconds=48) <= again_at - PLANNED <= timedelta(seconds=72)


@given(SALTS)
def test_a_letter_that_always_fails_is_tried_for_five_days_and_then_ends(salt: str) -> None:
    tries = [PLANNED]
    while (again_at := next_attempt_at(len(tries), PLANNED, tries[-1], salt)) is not None:
        tries.append(again_at)
    assert tries[-1] - PLANNED > timedelta(days=5) - 1.2 * timedelta(hours=2)
    assert tries[-1] - PLANNED <= timedelta(days=5)
    assert 50 <= len(tries) <= 80
