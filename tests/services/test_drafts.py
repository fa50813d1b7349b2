"""Drafts are put right before anything is handed over, and every step is in the history."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import REPORT, Bureau
from sqlalchemy import select

from models.event import Event
from models.item import Assignment, Item, Link
from models.message import Message
from models.report import Report
from models.session import reading
from rules.deadlines import TimeLimit
from rules.errors import ChangedError, NotAllowedError, NotFoundError, RefusedError, WrongMoveError
from rules.lifecycle import Kind, Move, State
from rules.passages import places, trimmed
from services import drafts, history, reports
from services.drafting import Edits, Plan
from services.office import Visit
from services.organisation import person_by_email, unit_by_code

P01, P02, M01, M02 = "2026H1-P01", "2026H1-P02", "2026H1-M01", "2026H1-M02"


@pytest.fixture
def bureau(bureau: Bureau) -> Bureau:
    bureau.take_in()
    return bureau


def change(bureau: Bureau, reference: str, who: str = "coordinator", **said: object) -> str:
    kind, version = said.pop("kind", None), said.pop("version", None)
    with bureau.visit(who) as visit:
        return drafts.edit(visit, reference, Edits(**said), kind=kind, version=version).reference  # type: ignore[arg-type]


def text_of(bureau: Bureau) -> str:
    (report,) = bureau.rows(Report)
    return str(report.text)


def told(bureau: Bureau, reference: str) -> list[tuple[str, dict[str, object]]]:
    """Moves and payloads of the item."""
    item = bureau.item(reference)
    with reading(bureau.engine) as session:
        query = select(Event.move, Event.payload).where(Event.item_id == item.id).order_by(Event.position)
        return [(row.move, row.payload) for row in session.execute(query)]


def links(bureau: Bureau) -> set[tuple[str, str]]:
    with reading(bureau.engine) as session:
        names = {item.id: item.reference for item in session.scalars(select(Item))}
        return {(names[row.measure_id], names[row.problem_id]) for row in session.scalars(select(Link))}


def is_whole(bureau: Bureau) -> bool:
    """Every item's words are the report's at its place, and the history holds."""
    text = text_of(bureau)
    items = bureau.rows(Item)
    with reading(bureau.engine) as session:
        sound = history.verify(session).fault is None
    return sound and all(item.body == text[item.quote_start : item.quote_end] != "" for item in items)


def test_what_is_edited_stands_anew_and_the_event_tells_both(bureau: Bureau) -> None:
    before = bureau.item(M02)
    change(bureau, M02, title=" 提高\n审核效率 ", time_limit=TimeLimit.FIXED)
    after = bureau.item(M02)
    assert (after.title, after.time_limit) == ("提高 审核效率", TimeLimit.FIXED)
    assert (after.version, after.state, after.body) == (before.version + 1, State.DRAFT, before.body)
    assert told(bureau, M02)[1] == (
        "edit",
        {"changed": {"title": [before.title, after.title], "time_limit": ["long_term", "fixed"]}},
    )


def test_nobody_owns_or_hears_of_a_draft_before_it_is_confirmed(bureau: Bureau) -> None:
    with bureau.visit("coordinator") as visit:
        chosen = Plan(
            owner=person_by_email(visit.session, "second@office.example").id, due_on=date(2026, 8, 3)
        )
    change(bureau, M01, plan=chosen)
    assert (bureau.rows(Assignment), bureau.rows(Message)) == ([], [])
    item = bureau.item(M01)
    assert (item.due_on, item.state, item.next_reminder_on) == (None, State.DRAFT, None)


def test_what_was_chosen_goes_before_what_report_and_policy_propose(bureau: Bureau) -> None:
    with bureau.visit("coordinator") as visit:
        second = person_by_email(visit.session, "second@office.example").id
        chosen = Plan(owner=second, co_owners=(), due_on=date(2026, 8, 3))
    change(bureau, M01, plan=chosen)
    with bureau.visit("coordinator") as visit:
        report = reports.report_by_id(visit.session, 1)
        reports.confirm(visit, report, [M01])
    item = bureau.item(M01)
    (owner,) = bureau.rows(Assignment)
    assert (bureau.email(owner.person_id), item.due_on) == ("second", date(2026, 8, 3))
    assert (item.original_due_on, item.stated_due_on) == (date(2026, 8, 3), date(2026, 9, 30))


def test_a_unit_that_was_chosen_sends_the_draft_to_its_head(bureau: Bureau) -> None:
    with bureau.visit("coordinator") as visit:
        housing = unit_by_code(visit.session, "HOUSING").id
    change(bureau, M01, plan=Plan(unit=housing))
    with bureau.visit("coordinator") as visit:
        item = visit.session.scalars(select(Item).where(Item.reference == M01)).one()
        proposal = reports.propose(visit, item)
        assert proposal.owner is not None
        assert proposal.owner.email == "other.head@office.example"


def test_owner_and_unit_have_to_go_together(bureau: Bureau) -> None:
    with bureau.visit("coordinator") as visit:
        plan = Plan(
            unit=unit_by_code(visit.session, "HOUSING").id,
            owner=person_by_email(visit.session, "owner@office.example").id,
        )
    with pytest.raises(WrongMoveError, match="安全科员 does not work in 住房保障科"):
        change(bureau, M01, plan=plan)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, f"Nothing of {M02} would change; say what should."),
        ({"title": "  "}, "A title has 1 to 300 characters."),
        ({"title": "长" * 301}, "A title has 1 to 300 characters."),
        ({"quote": (0, 0)}, "Choose words of the report."),
        ({"quote": (5, 10_000)}, "Choose words of the report."),
        ({"quote": (-3, 10)}, "Choose words of the report."),
        (
            {"plan": Plan(due_on=date(2026, 9, 1))},
            "What is long-term has no deadline; choose another kind of time limit.",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    bureau: Bureau, said: dict[str, object], sentence: str
) -> None:
    before = bureau.item(M02)
    with pytest.raises(RefusedError) as refused:
        change(bureau, M02, **said)
    after = bureau.item(M02)
    assert str(refused.value) == sentence
    assert (after.version, after.title, after.body) == (before.version, before.title, before.body)


def test_two_editors_of_one_draft_collide(bureau: Bureau) -> None:
    seen = bureau.item(P01).version
    change(bureau, P01, title="先到的标题", version=seen)
    with pytest.raises(ChangedError):
        change(bureau, P01, title="后到的标题", version=seen)
    assert bureau.item(P01).title == "先到的标题"


def test_other_words_of_the_report_bring_what_they_state(bureau: Bureau) -> None:
    text = text_of(bureau)
    start = text.index("由质量安全科负责")
    change(bureau, P01, kind=Kind.MEASURE)
    change(bureau, "2026H1-M03", quote=(start, text.index("\n", start)))
    item = bureau.item("2026H1-M03")
    assert item.body == "由质量安全科负责，2026年9月30日前完成工地隐患整改。"
    assert (item.stated_owners, item.stated_due_on) == (["质量安全科"], date(2026, 9, 30))
    assert (item.time_limit, is_whole(bureau)) == (TimeLimit.FIXED, True)


def test_a_draft_is_split_into_two_with_what_each_states(bureau: Bureau) -> None:
    text = text_of(bureau)
    at = text.index("2026年9月30日前完成")
    with bureau.visit("coordinator") as visit:
        new = drafts.split(visit, M01, at).reference
    first, second = bureau.item(M01), bureau.item(new)
    assert (first.body, second.body) == (
        "（一）加快工地隐患整改。由质量安全科负责，",
        "2026年9月30日前完成工地隐患整改。",
    )
    assert (new, second.kind, second.state) == ("2026H1-M03", Kind.MEASURE, State.DRAFT)
    assert (second.stated_owners, second.stated_due_on) == (["质量安全科"], date(2026, 9, 30))
    assert told(bureau, M01)[1][1]["split_off"] == new
    assert told(bureau, new) == [
        ("add", {"part_of": M01, "quote": [second.quote_start, second.quote_end]}),
    ]
    assert is_whole(bureau)


def test_a_draft_is_not_split_outside_its_words(bureau: Bureau) -> None:
    item = bureau.item(P01)
    for at in (0, item.quote_start, item.quote_end, 10_000):
        with bureau.visit("coordinator") as visit, pytest.raises(WrongMoveError, match="inside the words"):
            drafts.split(visit, P01, at or 0)
    assert len(bureau.rows(Item)) == 4


def test_two_drafts_become_one_with_the_words_links_and_statements_of_both(bureau: Bureau) -> None:
    assert links(bureau) == {(M01, P01), (M02, P02)}
    with bureau.visit("coordinator") as visit:
        drafts.merge(visit, M02, M01)
    one, gone = bureau.item(M01), bureau.item(M02)
    assert gone.state is State.CANCELLED
    assert one.body == text_of(bureau)[one.quote_start : gone.quote_end]
    assert one.stated_owners == ["质量安全科", "住房保障科"]
    assert links(bureau) == {(M01, P01), (M01, P02)}
    assert told(bureau, M02)[-1] == ("merge", {"into": M01})
    assert told(bureau, M01)[-1][1]["absorbed"] == M02
    assert is_whole(bureau)


def test_words_of_a_third_draft_are_not_swallowed(bureau: Bureau) -> None:
    before = bureau.item(P01)
    with bureau.visit("coordinator") as visit:
        drafts.merge(visit, M01, P01)
    after = bureau.item(P01)
    assert (after.body, after.version) == (before.body, before.version + 1)
    assert links(bureau) == {(M02, P02)}


def test_a_draft_does_not_go_on_as_itself_or_as_what_is_no_draft(bureau: Bureau) -> None:
    bureau.act(P02, Move.CANCEL, "coordinator", note="重复")
    for into in (P01, P02):
        with bureau.visit("coordinator") as visit, pytest.raises(WrongMoveError, match="another draft"):
            drafts.merge(visit, P01, into)
    with bureau.visit("coordinator") as visit, pytest.raises(NotFoundError):
        drafts.merge(visit, P01, "2026H1-P99")
    assert bureau.item(P01).state is State.DRAFT


def test_a_problem_that_is_a_measure_goes_on_under_a_measures_reference(bureau: Bureau) -> None:
    new = change(bureau, P02, kind=Kind.MEASURE, title="提高效率")
    old, item = bureau.item(P02), bureau.item(new)
    assert (new, item.kind, item.title, item.body) == ("2026H1-M03", Kind.MEASURE, "提高效率", old.body)
    assert (old.state, told(bureau, P02)[-1]) == (State.CANCELLED, ("merge", {"into": new}))
    assert links(bureau) == {(M01, P01)}
    assert is_whole(bureau)


def test_a_draft_that_was_passed_over_is_added(bureau: Bureau) -> None:
    text = text_of(bureau)
    start = text.index("上半年检查工地")
    with bureau.visit("coordinator") as visit:
        report = reports.report_by_id(visit.session, 1)
        new = drafts.add(visit, report, Kind.PROBLEM, (start - 1, start + 12)).reference
    item = bureau.item(new)
    assert (new, item.body, item.state) == ("2026H1-P03", text[start - 1 : start + 12].strip(), State.DRAFT)
    assert told(bureau, new) == [("add", {"quote": [item.quote_start, item.quote_end]})]
    assert is_whole(bureau)


def test_a_draft_of_the_very_same_words_is_not_added_twice(bureau: Bureau) -> None:
    item = bureau.item(P01)
    with bureau.visit("coordinator") as visit:
        report = reports.report_by_id(visit.session, 1)
        with pytest.raises(WrongMoveError, match="2026H1-P01 holds these very words already"):
            drafts.add(visit, report, Kind.PROBLEM, (item.quote_start, item.quote_end))


def test_a_number_that_was_dropped_is_never_given_again(bureau: Bureau) -> None:
    bureau.act(P02, Move.CANCEL, "coordinator", note="重复")
    with bureau.visit("coordinator") as visit:
        report = reports.report_by_id(visit.session, 1)
        assert drafts.add(visit, report, Kind.PROBLEM, (0, 12)).reference == "2026H1-P03"


def test_measures_and_problems_are_linked_from_either_side(bureau: Bureau) -> None:
    with bureau.visit("coordinator") as visit:
        drafts.link(visit, P02, M01)
    assert links(bureau) == {(M01, P01), (M01, P02), (M02, P02)}
    with bureau.visit("coordinator") as visit:
        drafts.unlink(visit, M01, P01)
    assert links(bureau) == {(M01, P02), (M02, P02)}
    assert told(bureau, M01)[1:] == [("link", {"linked": P02}), ("unlink", {"unlinked": P01})]


@pytest.mark.parametrize(
    ("linking", "one", "other", "sentence"),
    [
        (drafts.link, M01, P01, f"{M01} answers this problem already."),
        (drafts.unlink, M01, P02, f"{M01} is not linked with this problem."),
        (drafts.link, M01, M02, f"A measure answers a problem; {M01} and {M02} are of one kind."),
        (drafts.link, P01, P02, f"A measure answers a problem; {P01} and {P02} are of one kind."),
    ],
)
def test_a_link_that_cannot_be_is_refused(
    bureau: Bureau, linking: Callable[..., Item], one: str, other: str, sentence: str
) -> None:
    before = links(bureau)
    with bureau.visit("coordinator") as visit, pytest.raises(WrongMoveError) as refused:
        linking(visit, one, other)
    assert (str(refused.value), links(bureau)) == (sentence, before)


def test_a_coordinator_of_one_unit_changes_no_draft_of_another(bureau: Bureau) -> None:
    for tried in (
        lambda visit: drafts.edit(visit, P01, Edits(title="x")),
        lambda visit: drafts.edit(visit, P01, Edits(), kind=Kind.MEASURE),
        lambda visit: drafts.split(visit, P01, (bureau.item(P01).quote_start or 0) + 5),
        lambda visit: drafts.add(visit, reports.report_by_id(visit.session, 1), Kind.PROBLEM, (0, 9)),
    ):
        with bureau.visit("leader") as visit, pytest.raises(NotAllowedError):
            tried(visit)
    with bureau.visit("owner") as visit, pytest.raises(NotFoundError):
        drafts.merge(visit, P01, P02)
    assert {(item.version, item.state) for item in bureau.rows(Item)} == {(1, State.DRAFT)}


def test_what_was_handed_over_is_no_longer_edited(bureau: Bureau) -> None:
    bureau.act(P01, Move.CONFIRM, "coordinator")
    bureau.act(P01, Move.ASSIGN, "coordinator", to="owner")
    with pytest.raises(WrongMoveError, match="cannot be moved by edit"):
        change(bureau, P01, title="改")


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["edit", "split", "merge", "turn", "add", "link", "drop"]),
        st.integers(0, 20),
        st.integers(0, len(REPORT)),
        st.integers(1, 80),
    ),
    min_size=1,
    max_size=12,
)


def step(visit: Visit, what: str, which: int, at: int, length: int) -> None:
    """One attempt at one draft; whatever is refused is left."""
    report = reports.report_by_id(visit.session, 1)
    several = list(drafts.drafts_of(visit, 1))
    if what == "add":
        drafts.add(visit, report, list(Kind)[which % 2], (at, at + length))
        return
    item = several[which % len(several)]
    other = several[at % len(several)].reference
    if what == "edit":
        drafts.edit(visit, item.reference, Edits(title=f"标题{at}", quote=(at, at + length)))
    elif what == "split":
        offered = places(report.text, drafts.quote_of(item)) or [at]
        drafts.split(visit, item.reference, offered[at % len(offered)])
    elif what == "merge":
        drafts.merge(visit, item.reference, other)
    elif what == "turn":
        drafts.edit(visit, item.reference, Edits(), kind=next(kind for kind in Kind if kind is not item.kind))
    elif what == "link":
        drafts.link(visit, item.reference, other)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_done_to_drafts_their_words_are_the_reports_and_the_history_holds(
    bureau: Bureau, steps: list[tuple[str, int, int, int]]
) -> None:
    with bureau.visit("coordinator") as visit:
        everything = visit.session.begin_nested()
        text = reports.report_by_id(visit.session, 1).text
        for one in steps:
            attempt = visit.session.begin_nested()
            try:
                step(visit, *one)
                attempt.commit()
            except (RefusedError, ZeroDivisionError):
                attempt.rollback()
        for item in visit.session.scalars(select(Item)):
            passage = (item.quote_start or 0, item.quote_end or 0)
            assert item.body == text[slice(*passage)]
            assert trimmed(text, *passage) == passage
        assert history.verify(visit.session).fault is None
        everything.rollback()


def test_a_plan_is_kept_and_read_again_as_it_was(bureau: Bureau) -> None:
    item = bureau.item(P01)
    for plan in (
        Plan(),
        Plan(unit=2),
        Plan(owner=3, co_owners=()),
        Plan(2, 3, (4, 5), date(2026, 9, 1)),
    ):
        item.plan = plan.kept()
        assert Plan.of(item) == plan
        assert replace(plan, unit=None).kept() == {
            name: value for name, value in plan.kept().items() if name != "unit"
        }
