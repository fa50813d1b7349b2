from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from working_years import CHINA, PLAIN, calendars, days

from rules.ladder import Ladder, Standing, audience, due_rungs, next_rung_on
from rules.lifecycle import State
from rules.permissions import Role
from rules.working_days import Calendar

HOUSE = Ladder()
DAY = timedelta(days=1)
FEW = settings(deadline=None, max_examples=60)

OWNER, CO_OWNER, HEAD, LEADING = Role.OWNER, Role.CO_OWNER, Role.HEAD, Role.SUPERVISOR
VERIFIER, COORDINATOR = Role.VERIFIER, Role.COORDINATOR

WORKING = Standing(
    State.IN_PROGRESS, due_on=date(2026, 10, 30), since_on=date(2026, 9, 1), word_on=date(2026, 10, 20)
)
"""Due on Friday 30 October, with a recent word of progress."""


def ladders() -> st.SearchStrategy[Ladder]:
    step = st.integers(1, 30)
    odd = st.builds(
        Ladder,
        before=st.lists(st.integers(1, 40), max_size=4).map(tuple),
        after=st.lists(st.integers(1, 60), max_size=4, unique=True).map(lambda found: tuple(sorted(found))),
        then_every=step,
        unacknowledged=step,
        silent=step,
        unverified=step,
    )
    return st.just(HOUSE) | odd


def standings(states: list[State] | None = None) -> st.SearchStrategy[Standing]:
    day = days("2026-05-01", "2026-11-30")
    return st.builds(
        Standing,
        st.sampled_from(states or list(State)),
        due_on=st.none() | day,
        since_on=st.none() | day,
        word_on=st.none() | day,
        submitted_on=st.none() | day,
        review_on=st.none() | day,
    )


TODAY = days("2026-05-01", "2027-02-28")


def _keys(item: Standing, today: date, ladder: Ladder = HOUSE, calendar: Calendar = CHINA) -> list[str]:
    return [rung.key for rung in due_rungs(item, today, ladder, calendar)]


@given(standings(), TODAY, ladders(), calendars())
@FEW
def test_no_rung_is_early_and_none_is_older_than_its_deadline(
    item: Standing, today: date, ladder: Ladder, calendar: Calendar
) -> None:
    for rung in due_rungs(item, today, ladder, calendar):
        assert item.since_on is not None
        assert item.since_on <= rung.on <= today


@given(standings(), TODAY, ladders(), calendars())
@FEW
def test_rungs_lie_on_working_days_alone(
    item: Standing, today: date, ladder: Ladder, calendar: Calendar
) -> None:
    idle = [rung for rung in due_rungs(item, today, ladder, calendar) if not calendar.is_working(rung.on)]
    assert idle == []


@given(standings(), TODAY, ladders(), calendars())
@FEW
def test_each_rung_has_its_own_key_and_the_most_severe_comes_last(
    item: Standing, today: date, ladder: Ladder, calendar: Calendar
) -> None:
    rungs = due_rungs(item, today, ladder, calendar)
    assert len({rung.key for rung in rungs}) == len(rungs)
    assert [rung.severity for rung in rungs] == sorted(rung.severity for rung in rungs)


@given(standings(), TODAY, st.integers(1, 90), ladders(), calendars())
@FEW
def test_a_rung_once_due_stays_due_while_nothing_changes(
    item: Standing, today: date, later: int, ladder: Ladder, calendar: Calendar
) -> None:
    now = due_rungs(item, today, ladder, calendar)
    then = due_rungs(item, today + later * DAY, ladder, calendar)
    assert set(now) - set(then) == set()
    assert [rung for rung in then if rung.on <= today] == now


@given(standings(), TODAY, ladders(), calendars())
@settings(deadline=None, max_examples=150)
def test_the_next_day_is_the_first_on_which_the_ladder_gains_a_rung(
    item: Standing, today: date, ladder: Ladder, calendar: Calendar
) -> None:
    now = due_rungs(item, today, ladder, calendar)
    ahead = (today + more * DAY for more in range(1, 240))
    gains = (day for day in ahead if due_rungs(item, day, ladder, calendar) != now)
    assert next_rung_on(item, today, ladder, calendar) == next(gains, None)


@given(standings([State.CLOSED, State.CANCELLED, State.DRAFT]), TODAY, ladders(), calendars())
@FEW
def test_what_is_closed_cancelled_or_a_draft_reminds_nobody(
    item: Standing, today: date, ladder: Ladder, calendar: Calendar
) -> None:
    assert due_rungs(item, today, ladder, calendar) == []
    assert next_rung_on(item, today, ladder, calendar) is None


@pytest.mark.parametrize(
    ("today", "key"),
    [
        ("2026-10-10", "before-15"),  # a worked Saturday
        ("2026-10-20", "before-15"),
        ("2026-10-21", "before-7"),
        ("2026-10-27", "before-3"),
        ("2026-10-29", "before-1"),
        ("2026-10-30", "due"),
        ("2026-11-02", "after-1"),
        ("2026-11-03", "after-1"),
        ("2026-11-04", "after-3"),
        ("2026-11-06", "after-5"),
        ("2026-11-13", "after-10"),
        ("2026-11-20", "after-15"),
    ],
)
def test_the_house_s_ladder_day_by_day(today: str, key: str) -> None:
    item = replace(WORKING, since_on=date(2026, 9, 1), word_on=date(2026, 11, 1))
    assert _keys(item, date.fromisoformat(today))[-1] == key


def test_a_machine_that_slept_for_weeks_still_owes_every_rung() -> None:
    assert _keys(WORKING, date(2026, 11, 13)) == [
        *("before-15", "before-7", "before-3", "before-1", "due"),
        *("after-1", "after-3", "after-5", "after-10"),
    ]


def test_a_deadline_on_a_free_day_is_told_on_the_working_day_before() -> None:
    item = replace(WORKING, due_on=date(2026, 10, 4), word_on=date(2026, 9, 20))
    rungs = {rung.key: rung.on for rung in due_rungs(item, date(2026, 10, 31), HOUSE, CHINA)}
    assert rungs["due"] == date(2026, 9, 30)
    assert rungs["before-1"] == date(2026, 9, 29)
    assert rungs["after-1"] == date(2026, 10, 8)


def test_a_new_deadline_leaves_the_rungs_of_the_days_before_it_out() -> None:
    moved = replace(WORKING, since_on=date(2026, 10, 28))
    assert _keys(moved, date(2026, 10, 30)) == ["before-1", "due"]


def test_an_item_that_was_never_handed_over_owes_nothing() -> None:
    unassigned = replace(WORKING, since_on=None)
    assert _keys(unassigned, date(2026, 12, 31)) == []
    assert next_rung_on(unassigned, date(2026, 9, 1), HOUSE, CHINA) is None


def test_the_first_reminder_of_a_deadline_far_away_is_known_at_once() -> None:
    far = replace(WORKING, due_on=date(2027, 6, 30), word_on=None)
    assert next_rung_on(far, date(2026, 9, 1), HOUSE, PLAIN) == date(2027, 6, 9)


def test_a_long_pause_between_two_late_rungs_is_not_taken_for_the_end() -> None:
    patient = Ladder(after=(1, 50))
    silent = replace(WORKING, word_on=None)
    assert next_rung_on(silent, date(2026, 11, 2), patient, PLAIN) == date(2027, 1, 8)


def test_a_step_that_a_policy_names_twice_is_one_step() -> None:
    assert _keys(WORKING, date(2026, 10, 30), Ladder(before=(3, 3))) == ["before-3", "due"]


def test_an_item_handed_over_tomorrow_is_reminded_of_from_tomorrow_on() -> None:
    moved = replace(WORKING, since_on=date(2026, 10, 21))
    assert next_rung_on(moved, date(2026, 9, 1), HOUSE, CHINA) == date(2026, 10, 21)
    assert next_rung_on(moved, date(2026, 10, 21), HOUSE, CHINA) == date(2026, 10, 27)


@pytest.mark.parametrize(
    ("item", "today", "expected"),
    [
        (Standing(State.ASSIGNED, None, date(2026, 10, 9), None), "2026-10-10", []),
        (
            Standing(State.ASSIGNED, None, date(2026, 10, 9), None),
            "2026-10-12",
            ["unacknowledged-2-20261009"],
        ),
        (
            Standing(State.ASSIGNED, None, date(2026, 10, 9), None),
            "2026-10-19",
            ["unacknowledged-2-20261009", "unacknowledged-7-20261009"],
        ),
        (
            Standing(State.IN_PROGRESS, None, date(2026, 7, 1), date(2026, 8, 3)),
            "2026-08-28",
            [],
        ),
        (
            Standing(State.IN_PROGRESS, None, date(2026, 7, 1), date(2026, 8, 3)),
            "2026-08-31",
            ["silent-20-20260803"],
        ),
        (
            Standing(State.SUBMITTED, None, date(2026, 7, 1), date(2026, 8, 3), date(2026, 8, 3)),
            "2026-08-06",
            ["unverified-3-20260803"],
        ),
        (
            Standing(State.SUSTAINED, None, date(2026, 7, 1), None, review_on=date(2026, 10, 4)),
            "2026-09-30",
            ["review-20261004"],
        ),
        (
            Standing(State.SUSTAINED, date(2026, 8, 1), date(2026, 7, 1), None, review_on=date(2026, 10, 4)),
            "2026-09-29",
            [],
        ),
    ],
)
def test_silence_is_noticed_too(item: Standing, today: str, expected: list[str]) -> None:
    assert _keys(item, date.fromisoformat(today)) == expected


@pytest.mark.parametrize(
    ("today", "late"),
    [
        ("2026-09-27", None),
        ("2026-09-28", []),
        ("2026-09-29", [1]),
        ("2026-10-01", [1, 3]),
        ("2026-10-19", [1, 3, 5, 10, 15]),
    ],
)
def test_a_review_is_called_for_again_as_a_deadline_is(today: str, late: list[int] | None) -> None:
    item = Standing(State.SUSTAINED, None, date(2026, 7, 1), None, review_on=date(2026, 9, 28))
    found = [rung.key for rung in due_rungs(item, date.fromisoformat(today), HOUSE, PLAIN)]
    wanted = [] if late is None else ["review-20260928", *(f"review-20260928-{days}" for days in late)]
    assert found == wanted


def test_after_a_word_of_progress_the_silence_begins_anew_under_its_own_key() -> None:
    before = Standing(State.IN_PROGRESS, None, date(2026, 7, 1), date(2026, 7, 1))
    after = replace(before, word_on=date(2026, 7, 31))
    assert _keys(before, date(2026, 8, 28)) == ["silent-20-20260701", "silent-40-20260701"]
    assert _keys(after, date(2026, 8, 28)) == ["silent-20-20260731"]


@pytest.mark.parametrize(
    ("key", "roles"),
    [
        *((key, (OWNER, CO_OWNER)) for key in ("before-15", "before-7", "before-3", "before-1", "due")),
        *((f"after-{late}", (OWNER, CO_OWNER, HEAD)) for late in (1, 3)),
        ("after-5", (OWNER, CO_OWNER, HEAD, LEADING)),
        *((f"after-{late}", (OWNER, CO_OWNER, HEAD, LEADING, COORDINATOR)) for late in (10, 15, 100)),
        ("unacknowledged-2-20261009", (OWNER, CO_OWNER)),
        ("silent-20-20260803", (OWNER, CO_OWNER)),
        ("review-20261004", (OWNER, CO_OWNER)),
        ("review-20261004-5", (OWNER, CO_OWNER)),
        ("unverified-3-20260803", (VERIFIER, COORDINATOR)),
    ],
)
def test_whom_each_rung_of_the_house_s_ladder_reaches(key: str, roles: tuple[Role, ...]) -> None:
    assert audience(key, HOUSE) == roles


@given(st.integers(1, 60), st.integers(1, 30), st.integers(1, 30), st.integers(1, 30))
def test_heads_leaders_and_coordinators_hear_of_lateness_from_their_own_day_on(
    late: int, head: int, leader: int, order: int
) -> None:
    told = audience(f"after-{late}", Ladder(head_from=head, leader_from=leader, order_from=order))
    assert (HEAD in told) == (late >= head)
    assert (LEADING in told) == (late >= leader)
    assert (COORDINATOR in told) == (late >= order)
