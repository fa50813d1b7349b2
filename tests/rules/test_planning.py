from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from working_years import CHINA, PLAIN, calendars, days

from rules.ladder import Ladder, Standing, audience, due_rungs, next_rung_on
from rules.lifecycle import State
from rules.permissions import Role
from rules.planning import Guard, Outcome, Subject, plan_item, reached
from rules.working_days import Calendar

HOUSE = Ladder()
DAY = timedelta(days=1)
FEW = settings(deadline=None, max_examples=50)
LI, WANG, ZHAO, CHEN = 1, 2, 3, 4
PEOPLE = {Role.OWNER: (LI,), Role.HEAD: (WANG,), Role.SUPERVISOR: (ZHAO,), Role.COORDINATOR: (CHEN,)}
DUE = date(2026, 10, 30)

SOMEBODY = st.dictionaries(
    st.sampled_from(list(Role)), st.lists(st.integers(1, 4), min_size=1, max_size=2, unique=True).map(tuple)
)


def _standings() -> st.SearchStrategy[Standing]:
    soon = days("2026-09-01", "2026-12-15")
    return st.builds(
        Standing,
        st.sampled_from([State.ASSIGNED, State.IN_PROGRESS, State.SUBMITTED, State.SUSTAINED]),
        due_on=st.none() | soon,
        since_on=days("2026-09-01", "2026-10-01"),
        word_on=st.just(date(2026, 9, 15)),
        submitted_on=st.just(date(2026, 9, 20)),
        review_on=soon,
    )


def _run_days() -> st.SearchStrategy[list[date]]:
    """The days of the autumn on which the machine happened to run."""
    days_of_life = [date(2026, 9, 1) + more * DAY for more in range(110)]
    return st.lists(st.sampled_from(days_of_life), min_size=1, unique=True).map(sorted)


def _subject(standing: Standing, people: Mapping[Role, tuple[int, ...]] = PEOPLE) -> Subject:
    return Subject(7, standing, people, frozenset())


def _lived(
    subject: Subject, runs: list[date], calendar: Calendar, ladder: Ladder = HOUSE
) -> dict[date, list[Outcome]]:
    """The outcomes of each run, each taken as settled from then on."""
    life: dict[date, list[Outcome]] = {}
    for day in runs:
        life[day] = plan_item(subject, day, ladder, calendar)
        settled = {(outcome.person, outcome.rung.key) for outcome in life[day]}
        subject = replace(subject, settled=subject.settled | settled)
    return life


def _sent(outcomes: list[Outcome]) -> list[tuple[int, str]]:
    return [(outcome.person, outcome.rung.key) for outcome in outcomes if not outcome.superseded_by]


@given(_standings(), days("2026-09-02", "2026-12-15"), _run_days(), calendars())
@FEW
def test_a_pause_changes_the_days_and_nothing_of_what_is_told_in_the_end(
    standing: Standing, resumes_on: date, runs: list[date], calendar: Calendar
) -> None:
    paused = _subject(replace(standing, resumes_on=resumes_on))
    runs = [*runs, date(2027, 1, 4)]
    life, plain = _lived(paused, runs, calendar), _lived(_subject(standing), runs, calendar)
    assert [day for day, outcomes in life.items() if outcomes and day < resumes_on] == []
    every = [
        sorted((o.person, o.rung) for outcomes in one.values() for o in outcomes) for one in (life, plain)
    ]
    assert every[0] == every[1]
    for day in runs:
        ahead = next_rung_on(paused.standing, day, HOUSE, calendar)
        assert ahead is None or ahead > day
        if due_rungs(paused.standing, resumes_on, HOUSE, calendar) and day < resumes_on:
            assert ahead == resumes_on


@given(_standings(), SOMEBODY, _run_days(), calendars())
@FEW
def test_whenever_the_machine_slept_each_person_gets_one_outcome_a_rung(
    standing: Standing, people: dict[Role, tuple[int, ...]], runs: list[date], calendar: Calendar
) -> None:
    life = _lived(_subject(standing, people), runs, calendar)
    found = Counter((outcome.person, outcome.rung.key) for day in runs for outcome in life[day])
    owed = {
        (person, rung.key)
        for rung in due_rungs(standing, runs[-1], HOUSE, calendar)
        for role in audience(rung.key, HOUSE)
        for person in people.get(role, ())
    }
    assert found == Counter(owed)


@given(_standings(), SOMEBODY, _run_days(), calendars())
@FEW
def test_no_run_tells_one_person_of_an_item_twice_and_none_is_early(
    standing: Standing, people: dict[Role, tuple[int, ...]], runs: list[date], calendar: Calendar
) -> None:
    for day, outcomes in _lived(_subject(standing, people), runs, calendar).items():
        told = Counter(person for person, _ in _sent(outcomes))
        assert max(told.values(), default=1) == 1
        assert [outcome for outcome in outcomes if outcome.rung.on > day] == []


@given(_standings(), SOMEBODY, _run_days(), calendars())
@FEW
def test_what_is_not_told_stands_back_behind_something_more_severe_that_is_or_was(
    standing: Standing, people: dict[Role, tuple[int, ...]], runs: list[date], calendar: Calendar
) -> None:
    told: set[tuple[int, str]] = set()
    for day, outcomes in _lived(_subject(standing, people), runs, calendar).items():
        told |= set(_sent(outcomes))
        rungs = {rung.key: rung for rung in due_rungs(standing, day, HOUSE, calendar)}
        for outcome in outcomes:
            if outcome.superseded_by:
                assert (outcome.person, outcome.superseded_by) in told
                assert rungs[outcome.superseded_by] > outcome.rung


@given(_standings(), SOMEBODY, calendars())
@settings(deadline=None, max_examples=40)
def test_while_the_machine_runs_daily_a_rung_stands_back_only_behind_one_of_its_own_day(
    standing: Standing, people: dict[Role, tuple[int, ...]], calendar: Calendar
) -> None:
    runs = [date(2026, 9, 1) + more * DAY for more in range(70)]
    for day, outcomes in _lived(_subject(standing, people), runs, calendar).items():
        on = {rung.key: rung.on for rung in due_rungs(standing, day, HOUSE, calendar)}
        behind = [outcome for outcome in outcomes if outcome.superseded_by]
        assert [(o.rung, on[o.superseded_by]) for o in behind if on[o.superseded_by] != day] == []


def test_somebody_who_has_not_acknowledged_is_told_so_though_the_first_rung_went_out_before() -> None:
    # Handed over on the day of before-15; the second working day after it is a milder rung, but a new one.
    fresh = Standing(State.ASSIGNED, date(2026, 11, 20), date(2026, 10, 30), date(2026, 10, 30))
    life = _lived(_subject(fresh), [date(2026, 10, 30), date(2026, 11, 2), date(2026, 11, 3)], PLAIN)
    assert [_sent(outcomes) for outcomes in life.values()] == [
        [(LI, "before-15")],
        [],
        [(LI, "unacknowledged-2-20261030")],
    ]


def test_on_time_each_rung_is_told_on_its_own_day() -> None:
    working = Standing(State.IN_PROGRESS, DUE, date(2026, 9, 1), date(2026, 10, 20))
    runs = [date(2026, 9, 28) + more * DAY for more in range(50)]
    told = {day: _sent(outcomes) for day, outcomes in _lived(_subject(working), runs, CHINA).items()}
    assert {day.isoformat(): sent for day, sent in told.items() if sent} == {
        "2026-10-10": [(LI, "before-15")],
        "2026-10-21": [(LI, "before-7")],
        "2026-10-27": [(LI, "before-3")],
        "2026-10-29": [(LI, "before-1")],
        "2026-10-30": [(LI, "due")],
        "2026-11-02": [(LI, "after-1"), (WANG, "after-1")],
        "2026-11-04": [(LI, "after-3"), (WANG, "after-3")],
        "2026-11-06": [(LI, "after-5"), (WANG, "after-5"), (ZHAO, "after-5")],
        "2026-11-13": [(person, "after-10") for person in (LI, WANG, ZHAO, CHEN)],
    }


def test_after_an_outage_each_person_hears_of_the_most_severe_rung_alone() -> None:
    working = Standing(State.IN_PROGRESS, DUE, date(2026, 9, 1), date(2026, 10, 20))
    outcomes = plan_item(_subject(working), date(2026, 11, 6), HOUSE, CHINA)
    assert _sent(outcomes) == [(LI, "after-5"), (WANG, "after-5"), (ZHAO, "after-5")]
    older = [(outcome.person, outcome.rung.key) for outcome in outcomes if outcome.superseded_by == "after-5"]
    assert older == [
        *((LI, key) for key in ("before-15", "before-7", "before-3", "before-1", "due")),
        *((LI, "after-1"), (LI, "after-3"), (WANG, "after-1"), (WANG, "after-3")),
    ]


def test_a_second_run_on_the_same_day_owes_nothing() -> None:
    working = Standing(State.IN_PROGRESS, DUE, date(2026, 9, 1), date(2026, 10, 20))
    life = _lived(_subject(working), [date(2026, 11, 6)], CHINA)
    settled = frozenset((o.person, o.rung.key) for o in life[date(2026, 11, 6)])
    assert plan_item(replace(_subject(working), settled=settled), date(2026, 11, 6), HOUSE, CHINA) == []


def test_who_joins_late_hears_what_is_most_severe_and_not_the_history() -> None:
    working = Standing(State.IN_PROGRESS, DUE, date(2026, 9, 1), date(2026, 10, 20))
    told = frozenset((LI, rung.key) for rung in due_rungs(working, date(2026, 10, 29), HOUSE, CHINA))
    both = Subject(7, working, {Role.OWNER: (LI,), Role.CO_OWNER: (WANG,)}, told)
    assert _sent(plan_item(both, date(2026, 10, 29), HOUSE, CHINA)) == [(WANG, "before-1")]


def test_who_heard_worse_already_is_not_told_what_came_before_it() -> None:
    working = Standing(State.IN_PROGRESS, DUE, date(2026, 9, 1), date(2026, 10, 20))
    led = Subject(7, working, {Role.OWNER: (ZHAO,)}, frozenset({(ZHAO, "after-5")}))
    outcomes = plan_item(led, date(2026, 11, 6), HOUSE, CHINA)
    assert {outcome.superseded_by for outcome in outcomes} == {"after-5"}


def test_a_person_of_several_roles_is_reached_once_in_the_one_that_asks_most() -> None:
    many = {Role.HEAD: (LI,), Role.OWNER: (LI,), Role.SUPERVISOR: (LI, ZHAO), Role.CO_OWNER: (WANG,)}
    subject = _subject(Standing(State.IN_PROGRESS, DUE, date(2026, 9, 1), None), many)
    assert reached(subject, "after-5", HOUSE) == {LI: Role.OWNER, WANG: Role.CO_OWNER, ZHAO: Role.SUPERVISOR}
    assert reached(subject, "unverified-3-20260901", HOUSE) == {}


@pytest.mark.parametrize(
    ("history", "limit"),
    [
        ([], 50),  # the first run
        ([0], 50),
        ([10, 10, 10], 50),  # at least 50
        ([17], 51),
        ([16, 17], 50),  # 3 times 16.5, and still at least 50
        ([40, 60], 150),
        ([100, 20, 30], 90),  # the median, not the mean
        ([30] * 10 + [1000] * 50, 90),  # the last ten runs alone
        ([1, 1, 1, 1, 1, 90, 90, 90, 90, 90], 136),  # 3 times 45.5, whole letters
    ],
)
def test_how_many_letters_a_run_may_send_unasked(history: list[int], limit: int) -> None:
    assert Guard().limit(history) == limit


def test_an_office_may_set_its_own_guard() -> None:
    strict = Guard(first=5, factor=1.5, runs=3)
    assert strict.limit([]) == 5
    assert strict.limit([10, 20, 30, 900, 900]) == 30
