from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from offices import ZONE
from working_years import PLAIN, calendars, days

from rules.ladder import Ladder, Standing
from rules.lifecycle import State
from rules.permissions import Role
from rules.planning import Subject, plan_item
from rules.quiet import Quiet, SendDays
from rules.reasons import Kept, Reason
from rules.silences import Day, Finding, Matter, Posted, Told, about_day, about_item, about_letter, next_told
from rules.working_days import Calendar

HOUSE = Ladder()
DUE = date(2026, 9, 30)  # a Wednesday
LI = 1
STANDING = Standing(State.IN_PROGRESS, DUE, date(2026, 9, 1), date(2026, 9, 1))
PLANNED_AT = datetime(2026, 9, 30, 8, 30, tzinfo=ZONE)
ON_THE_DAY = Day(DUE, DUE, works=True, planned_at=PLANNED_AT, parts=1)


def matter(*told: Told, standing: Standing = STANDING, role: Role | None = Role.OWNER) -> Matter:
    people = {role: (LI,)} if role else {}
    settled = {(LI, one.rung) for one in told}
    return Matter(standing.state, standing.state, True, Subject(7, standing, people, settled), told)


def told(
    rung: str, outcome: str, reason: str = "", *, rung_on: date = DUE, on: date = DUE, held: bool = False
) -> Told:
    return Told(rung, rung_on, on, outcome, reason, held)


def findings(one: Matter, day: Day = ON_THE_DAY) -> list[str]:
    return [reason.sentence.name for reason in about_item(one, day, HOUSE, PLAIN)]


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (told("due", "sent"), ["TOLD"]),
        (told("due", "planned"), ["PLANNED"]),
        (told("due", "planned", held=True), ["GUARDED"]),
        (told("due", "skipped", "550 no such user"), ["LOST"]),
        (told("before-1", "superseded", "superseded by due"), ["STOOD_BACK"]),
        (told("due", "cancelled", "the item is closed now"), ["VOIDED", "ENDED"]),
        (told("due", "cancelled", "the deadline or the owner has changed"), ["VOIDED", "CHANGED"]),
    ],
    ids=lambda value: value.outcome if isinstance(value, Told) else "",
)
def test_what_a_run_decided_is_told_with_its_outcome(one: Told, said: list[str]) -> None:
    assert findings(matter(one)) == [*said, "NEXT"]


def test_who_stood_back_hears_which_rung_stands_for_it() -> None:
    [first, *_] = about_item(
        matter(told("before-1", "superseded", "superseded by due")), ON_THE_DAY, HOUSE, PLAIN
    )
    assert first == Reason(Finding.STOOD_BACK, {"rung": "before-1", "by": "due"})


def test_a_quiet_day_names_the_last_reminder_and_the_next() -> None:
    before = told("before-3", "sent", on=date(2026, 9, 25), rung_on=date(2026, 9, 25))
    seventh = told("before-7", "sent", on=date(2026, 9, 21), rung_on=date(2026, 9, 21))
    monday = replace(ON_THE_DAY, on=date(2026, 9, 28), today=date(2026, 9, 28))
    far = told("before-15", "sent", on=date(2026, 9, 9), rung_on=date(2026, 9, 9))
    assert about_item(matter(far, seventh, before), monday, HOUSE, PLAIN) == [
        Reason(Finding.NOTHING_DUE),
        Reason(Finding.LAST, {"on": date(2026, 9, 25), "rung": "before-3"}),
        Reason(Finding.NEXT, {"on": date(2026, 9, 29), "rung": "before-1"}),
    ]


def test_a_head_waits_for_the_first_rung_that_reaches_heads() -> None:
    early = replace(ON_THE_DAY, on=date(2026, 9, 2), today=date(2026, 9, 2))
    assert about_item(matter(role=Role.HEAD), early, HOUSE, PLAIN) == [
        Reason(Finding.NOTHING_DUE),
        Reason(Finding.NEXT, {"on": date(2026, 10, 1), "rung": "after-1"}),
    ]


def test_a_head_of_an_undated_item_waits_for_nothing() -> None:
    undated = replace(STANDING, due_on=None)
    assert findings(matter(standing=undated, role=Role.HEAD)) == ["NOTHING_DUE", "NO_NEXT"]


def test_a_rung_that_was_due_and_told_later_says_when() -> None:
    later = told("before-1", "sent", rung_on=date(2026, 9, 29), on=date(2026, 10, 8))
    assert about_item(matter(later), ON_THE_DAY, HOUSE, PLAIN)[0] == Reason(
        Finding.LATER, {"rung": "before-1", "on": date(2026, 10, 8)}
    )


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (replace(ON_THE_DAY, planned_at=None), "DUE"),
        (replace(ON_THE_DAY, had_letter=True), "MISSED_LETTER"),
        (replace(ON_THE_DAY, today=date(2026, 9, 7)), "EXPECTED"),
    ],
    ids=["before the run", "after the letter", "in the days to come"],
)
def test_what_is_due_and_not_planned_says_what_it_waits_for(day: Day, said: str) -> None:
    assert findings(matter(), day) == [said, "NEXT"]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (None, ["NOT_ENTERED", "MOVED_ON"]),
        (State.DRAFT, ["DRAFT", "MOVED_ON"]),
        (State.CLOSED, ["CLOSED", "MOVED_ON"]),
        (State.CANCELLED, ["CANCELLED", "MOVED_ON"]),
        (State.SUSTAINED, ["SUSTAINED", "NOTHING_PLANNED", "MOVED_ON"]),
        (State.IN_PROGRESS, ["NOTHING_PLANNED"]),
    ],
)
def test_of_an_item_that_changed_since_only_the_record_speaks(state: State | None, said: list[str]) -> None:
    changed = replace(matter(), state=state, is_as_then=False)
    assert findings(changed) == said


@pytest.mark.parametrize("state", [State.DRAFT, State.CLOSED, State.CANCELLED])
def test_an_item_that_is_not_open_says_so_and_foresees_nothing(state: State) -> None:
    assert findings(matter(standing=replace(STANDING, state=state))) == [state.name]


def test_who_has_no_part_any_more_hears_so() -> None:
    assert findings(matter(told("due", "cancelled", "no longer due"), role=None)) == [
        "VOIDED",
        "OVER",
        "PARTED",
    ]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (ON_THE_DAY, ["RUN"]),
        (replace(ON_THE_DAY, planned_at=None), ["NOT_YET"]),
        (replace(ON_THE_DAY, planned_at=None, today=date(2026, 10, 1)), ["NOT_RUN"]),
        (replace(ON_THE_DAY, planned_at=None, today=date(2026, 9, 1)), ["TO_COME"]),
        (replace(ON_THE_DAY, planned_at=None, works=False), ["FREE_DAY"]),
        (replace(ON_THE_DAY, works=False), ["FREE_DAY", "RUN"]),
        (replace(ON_THE_DAY, active=False, parts=0), ["LEFT", "RUN", "NO_PART"]),
        (replace(ON_THE_DAY, undelivered=(DUE, "550 no such user")), ["BAD_ADDRESS", "RUN"]),
    ],
)
def test_a_day_says_what_holds_for_every_item(day: Day, said: list[str]) -> None:
    assert [reason.sentence.name for reason in about_day(day)] == said


WAITING = Posted("planned", held=False, attempts=0, answer="", sent_at=None, again_at=None)


@pytest.mark.parametrize(
    ("letter", "said"),
    [
        (WAITING, [Finding.WAITS]),
        (replace(WAITING, held=True), [Finding.HELD]),
        (replace(WAITING, answer="535 bad password"), [Finding.STOPPED]),
        (replace(WAITING, state="leased"), [Finding.UNDER_WAY]),
        (replace(WAITING, state="failed", attempts=1, answer="451 later"), [Finding.REFUSED]),
        (replace(WAITING, state="dead", attempts=1, answer="550 no"), [Finding.DEAD]),
        (replace(WAITING, state="sent", attempts=1, answer="250 ok", sent_at=PLANNED_AT), [Finding.SENT]),
        (replace(WAITING, state="cancelled", answer="nothing left to say"), [Finding.WITHDRAWN, Kept.EMPTY]),
    ],
)
def test_a_letter_says_what_became_of_it(letter: Posted, said: list[Finding | Kept]) -> None:
    assert [reason.sentence for reason in about_letter(letter)] == said


SOON = days("2026-09-01", "2026-12-15")
STANDINGS = st.builds(
    Standing,
    st.sampled_from(State),
    due_on=st.none() | SOON,
    since_on=st.just(date(2026, 9, 1)),
    word_on=st.just(date(2026, 9, 1)),
    submitted_on=st.just(date(2026, 9, 20)),
    review_on=SOON,
    resumes_on=st.none() | SOON,
)
TOLD = st.builds(
    Told,
    st.sampled_from(["before-3", "due", "after-5", "silent-20-20260901"]),
    SOON,
    SOON,
    st.sampled_from(["planned", "sent", "superseded", "skipped", "cancelled"]),
    st.sampled_from(["", "550 no such user", "superseded by due", "the item is closed now"]),
    st.booleans(),
)


@settings(deadline=None, max_examples=200)
@given(
    st.builds(
        replace,
        st.builds(
            lambda standing, role, record: matter(*record, standing=standing, role=role),
            STANDINGS,
            st.sampled_from(Role),
            st.lists(TOLD, max_size=4),
        ),
        is_as_then=st.booleans(),
    ),
    SOON,
    SOON,
    calendars(),
)
def test_no_silence_is_without_a_reason_and_every_reason_has_its_words(
    one: Matter, on: date, today: date, calendar: Calendar
) -> None:
    reasons = about_item(one, Day(on, today, calendar.is_working(on), None), HOUSE, calendar)
    assert len(reasons) > 0
    assert ["%(" in reason.sentence.value % reason.values for reason in reasons] == [False] * len(reasons)


@settings(deadline=None, max_examples=100)
@given(STANDINGS, st.sampled_from(Role), SOON, calendars())
def test_the_next_reminder_that_is_named_is_the_first_that_a_run_then_plans(
    standing: Standing, role: Role, day: date, calendar: Calendar
) -> None:
    subject = Subject(7, standing, {role: (LI,)}, frozenset())
    found = next_told(subject, day, HOUSE, SendDays(calendar, Quiet()))
    settled = {(LI, outcome.rung.key) for outcome in plan_item(subject, day, HOUSE, calendar)}
    lived = replace(subject, settled=settled)
    quiet = (day + timedelta(days=more) for more in range(1, (found[0] - day).days if found else 150))
    working = [on for on in quiet if calendar.is_working(on)]
    assert [on for on in working if plan_item(lived, on, HOUSE, calendar)] == []
    if found:
        planned = [o for o in plan_item(lived, found[0], HOUSE, calendar) if not o.superseded_by]
        assert [o.rung for o in planned] == [found[1]]
