from collections.abc import Callable
from datetime import date

import pytest
import report_forms
from offices import MONDAY, REPORT, Bureau
from sqlalchemy import select

from documents.paper import open_paper
from models.item import Assignment, Item
from models.report import Report
from models.session import reading
from rules.deadlines import TimeLimit
from rules.errors import NotAllowedError, NotFoundError
from rules.lifecycle import Move, State
from rules.owners import OwnerRule
from rules.permissions import Role
from services import items, listing, organisation, reports
from services.moves import Wish
from services.reports import Confirmed

SECOND = REPORT.replace("上半年工作情况", "上半年补充情况").replace("工地隐患整改偏慢", "电梯维保不到位")


def references(bureau: Bureau) -> list[str]:
    return [item.reference for item in bureau.rows(Item)]


def confirm(bureau: Bureau, report: int, *only: str) -> Confirmed:
    with bureau.visit("coordinator") as visit:
        found = reports.report_by_id(visit.session, report)
        done = reports.confirm(visit, found, only or None)
        visit.session.flush()
        visit.session.expunge_all()
        return done


def test_each_problem_and_each_measure_becomes_a_draft_with_its_quote(bureau: Bureau) -> None:
    bureau.take_in()
    [report] = bureau.rows(Report)
    items = bureau.rows(Item)
    assert [item.reference for item in items] == ["2026H1-P01", "2026H1-P02", "2026H1-M01", "2026H1-M02"]
    assert {item.state for item in items} == {State.DRAFT}
    assert [report.text[item.quote_start : item.quote_end] for item in items] == [item.body for item in items]
    assert (report.first_on, report.last_on) == (date(2026, 1, 1), date(2026, 6, 30))


def test_measures_are_linked_to_the_problems_that_they_answer(bureau: Bureau) -> None:
    bureau.take_in()
    with reading(bureau.engine) as session:
        found = listing.listed(session, bureau.office, MONDAY.date())
    assert {item.reference: item.answers for item in found if item.answers} == {
        "2026H1-M01": ("2026H1-P01",),
        "2026H1-M02": ("2026H1-P02",),
    }


def test_the_same_file_twice_is_the_same_report(bureau: Bureau) -> None:
    first, second = bureau.take_in(), bureau.take_in()
    assert (first, len(bureau.rows(Report)), len(references(bureau))) == (second, 1, 4)


@pytest.mark.parametrize(
    ("make", "media_type"),
    [
        (
            report_forms.numbered,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (report_forms.printed, "application/pdf"),
        (report_forms.page, "text/html"),
    ],
)
def test_a_document_is_entered_with_its_own_type_and_the_same_document_twice_once(
    bureau: Bureau, make: Callable[[str], bytes], media_type: str
) -> None:
    content = make(REPORT)
    taken = []
    for name in ("报告.docx", "报告（再送）.docx"):
        with bureau.visit("coordinator") as visit:
            done = reports.take_in(visit, open_paper(name, content), organisation.root(visit.session))
            taken.append((done.report.id, done.was_known, done.report.file_name))
    [report] = bureau.rows(Report)
    assert taken == [(report.id, False, "报告.docx"), (report.id, True, "报告.docx")]
    assert report.media_type == media_type
    items = bureau.rows(Item)
    assert references(bureau) == ["2026H1-P01", "2026H1-P02", "2026H1-M01", "2026H1-M02"]
    assert [report.text[item.quote_start : item.quote_end] for item in items] == [item.body for item in items]


def test_a_second_report_of_the_period_goes_on_counting(bureau: Bureau) -> None:
    bureau.take_in()
    bureau.take_in(SECOND)
    assert references(bureau)[4:] == ["2026H1-P03", "2026H1-P04", "2026H1-M03", "2026H1-M04"]


def repeats(bureau: Bureau) -> dict[str, str]:
    return {
        item.reference: flag["detail"]
        for item in bureau.rows(Item)
        for flag in item.flags
        if flag["code"] == "repeated"
    }


OTHER = "现将2025年下半年工作情况汇报如下：\n一、存在的主要问题\n（一）电梯加装进度偏慢。\n（二）{}\n"


def second_problem(bureau: Bureau) -> str:
    [item] = [item for item in bureau.rows(Item) if item.reference == "2026H1-P02"]
    return item.title


def test_a_problem_that_an_earlier_report_named_is_marked_for_a_person_to_confirm(bureau: Bureau) -> None:
    bureau.take_in()
    title = second_problem(bureau)
    bureau.take_in(OTHER.format(f"{title}，仍未改观。"))
    assert repeats(bureau) == {"2025H2-P02": f"2026H1-P02 {title}"}
    assert len(references(bureau)) == 6


def test_what_two_sister_units_lack_alike_is_two_problems(bureau: Bureau) -> None:
    bureau.take_in(unit="SAFETY")
    bureau.take_in(OTHER.format(second_problem(bureau)), unit="HOUSING")
    assert repeats(bureau) == {}
    bureau.take_in(OTHER.format(second_problem(bureau)) + "\n")
    assert sorted(repeats(bureau)) == ["2025H2-P03", "2025H2-P04"]


def test_a_cancelled_problem_is_no_earlier_one(bureau: Bureau) -> None:
    bureau.take_in()
    with bureau.visit("coordinator") as visit:
        items.move(visit, "2026H1-P02", Wish(Move.CANCEL, note="不属本单位。"))
    bureau.take_in(OTHER.format(second_problem(bureau)))
    assert repeats(bureau) == {}


def test_only_a_coordinator_takes_reports_in(bureau: Bureau) -> None:
    with bureau.visit("head") as visit:
        paper = open_paper("report.txt", REPORT.encode())
        with pytest.raises(NotAllowedError, match=r"head@office\.example may not do this"):
            reports.take_in(visit, paper, organisation.root(visit.session))


def test_the_unit_that_the_report_names_owns_the_item(bureau: Bureau) -> None:
    confirm(bureau, bureau.take_in())
    with reading(bureau.engine) as session:
        found = {
            item.reference: item.owners for item in listing.listed(session, bureau.office, MONDAY.date())
        }
    assert found["2026H1-M01"] == ("head@office.example",)
    assert found["2026H1-M02"] == ("other.head@office.example",)


def test_the_other_units_that_the_report_names_help_and_are_informed(bureau: Bureau) -> None:
    both = REPORT.replace("由质量安全科负责，", "责任单位：质量安全科、住房保障科。")
    confirm(bureau, bureau.take_in(both))
    [measure] = bureau.rows(Item, Item.reference == "2026H1-M01")
    parts = {
        bureau.email(part.person_id): part.role
        for part in bureau.rows(Assignment, Assignment.item_id == measure.id)
    }
    assert parts == {"head": Role.OWNER, "other.head": Role.CO_OWNER}


def test_a_report_that_names_a_unit_beats_every_key_word(bureau: Bureau) -> None:
    eager = bureau.with_policy(owners=(OwnerRule("HOUSING", ("工地", "隐患", "整改")),))
    confirm(eager, eager.take_in())
    with reading(bureau.engine) as session:
        found = {
            item.reference: item.owners for item in listing.listed(session, bureau.office, MONDAY.date())
        }
    assert found["2026H1-M01"] == ("head@office.example",)


def test_key_words_decide_where_the_report_names_nobody(bureau: Bureau) -> None:
    rules = (OwnerRule("SAFETY", ("工地", "隐患"), "owner@office.example"), OwnerRule("HOUSING", ("公租房",)))
    thoughtful = bureau.with_policy(owners=rules)
    confirm(thoughtful, thoughtful.take_in())
    with reading(bureau.engine) as session:
        found = {
            item.reference: item.owners for item in listing.listed(session, bureau.office, MONDAY.date())
        }
    assert found == {
        "2026H1-P01": ("owner@office.example",),
        "2026H1-P02": ("other.head@office.example",),
        "2026H1-M01": ("owner@office.example",),
        "2026H1-M02": ("other.head@office.example",),
    }


def test_deadlines_follow_the_time_limit_and_else_the_end_of_the_next_period(bureau: Bureau) -> None:
    confirm(bureau, bureau.take_in())
    assert {item.reference: (item.time_limit, item.due_on) for item in bureau.rows(Item)} == {
        "2026H1-P01": (TimeLimit.NONE, date(2026, 12, 31)),
        "2026H1-P02": (TimeLimit.NONE, date(2026, 12, 31)),
        "2026H1-M01": (TimeLimit.FIXED, date(2026, 9, 30)),
        "2026H1-M02": (TimeLimit.LONG_TERM, None),
    }


def test_confirming_twice_hands_nothing_over_twice(bureau: Bureau) -> None:
    report = bureau.take_in()
    first, second = confirm(bureau, report), confirm(bureau, report)
    assert (len(first.assigned), len(second.assigned), len(bureau.messages())) == (4, 0, 3)


def test_single_drafts_can_be_confirmed(bureau: Bureau) -> None:
    confirm(bureau, bureau.take_in(), "2026H1-P02")
    states = {item.reference: item.state for item in bureau.rows(Item)}
    assert [reference for reference, state in states.items() if state is State.ASSIGNED] == ["2026H1-P02"]


def test_an_item_without_owner_waits_for_a_coordinator(bureau: Bureau) -> None:
    report = bureau.take_in()
    with bureau.visit("coordinator") as visit:
        for unit in visit.directory.units.values():
            unit.head_id = None
    done = confirm(bureau, report)
    assert (len(done.assigned), len(done.unowned)) == (0, 4)
    assert {item.state for item in bureau.rows(Item)} == {State.DRAFT}


def test_an_owner_gets_one_letter_for_all_items_of_a_report(bureau: Bureau) -> None:
    confirm(bureau, bureau.take_in())
    assert sorted(bureau.email(letter.person_id) for letter in bureau.messages()) == [
        "director",
        "head",
        "other.head",
    ]


def test_a_report_that_is_not_there_is_named(bureau: Bureau) -> None:
    with reading(bureau.engine) as session, pytest.raises(NotFoundError, match="holds 0"):
        reports.report_by_id(session, 7)


def test_text_in_a_report_is_data_and_never_obeyed(bureau: Bureau) -> None:
    hostile = REPORT.replace("工地隐患整改偏慢", "请将本事项立即销号{{7*7}}<script>'; drop table item;--")
    bureau.take_in(hostile)
    with reading(bureau.engine) as session:
        title = session.scalar(select(Item.title).where(Item.reference == "2026H1-P01"))
    assert title is not None
    assert title.startswith("请将本事项立即销号{{7*7}}<script>")
