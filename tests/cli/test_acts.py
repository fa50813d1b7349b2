"""The demo's story, lived without Prefect: two periods are sealed, and one entry comes too late."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cli.acts import Act, at, enter_late, first_act, next_act, play
from config import policy
from config.house import House, open_house
from config.settings import Settings
from documents.paper import Paper, open_paper
from models.session import reading, writing
from rules.lifecycle import State
from rules.rollup import Figures
from services import contents, organisation, rollups
from services.coverage import View, counts
from services.findings import Filter
from services.restatements import Comparison, restate

SAMPLES = Path(__file__).parent.parent.parent / "samples"
READ_ON = date(2026, 7, 6)
AGAIN_ON = date(2027, 1, 6)


def paper(name: str) -> Paper:
    return open_paper(name, (SAMPLES / name).read_bytes())


@pytest.fixture
def house(engine: Engine, database_url: str, tmp_path: Path) -> Iterator[House]:
    """The fictional bureau on the morning on which it reads its first report."""
    settings = Settings(dir=tmp_path, database_url=database_url, policy=SAMPLES / "policy.toml")
    content = policy.read_toml(SAMPLES / "organisation.toml")
    with writing(engine) as session:
        organisation.load(session, content, now=at(settings, READ_ON, 8))
    house = open_house(settings, today=READ_ON)
    yield house
    house.engine.dispose()


def lived(act: Act) -> Figures:
    """Plays the whole script and seals the period; the sealed figures."""
    for day in sorted({deed.on for deed in act.script.deeds}):
        play(act.house, [deed for deed in act.script.deeds if deed.on == day])
    key, office = act.period.key, act.house.office
    with writing(act.house.engine) as session:
        now = act.period.cut_off_at(office.zone) + timedelta(minutes=10)
        row = rollups.seal(session, office, key, by=None, now=now)
        return contents.read_content(row.content).total


def restated(act: Act) -> Comparison:
    with reading(act.house.engine) as session:
        return restate(session, act.house.office, act.period.key)


def test_two_periods_are_sealed_and_the_first_is_restated_between_them(house: House) -> None:
    first, _ = first_act(house, paper("report_2026H1.txt"), READ_ON)
    sealed = lived(first)
    assert restated(first).what.items == ()
    enter_late(first)
    told = restated(first)
    assert told.sealed.total == sealed
    assert (told.current.total.closed, told.current.total.overdue) == (sealed.closed + 1, sealed.overdue - 1)
    late = [(entry.reference, entry.move, entry.happened_on) for entry in told.late]
    assert late == [
        ("2026H1-P04", "submit", date(2026, 12, 29)),
        ("2026H1-P04", "approve", date(2026, 12, 30)),
    ]
    assert [(one.reference, one.late) for one in told.what.items] == [("2026H1-P04", told.late)]

    second = next_act(first, paper("report_2026H2.txt"), AGAIN_ON)
    assert (second.period.key, second.period.first_on) == ("2027H1", date(2027, 1, 1))
    figures = lived(second)
    # The late entry counts where it was booked; one measure stays behind, and so does what came back.
    assert (figures.in_scope, figures.opened, figures.closed, figures.overdue) == (11, 6, 7, 3)
    assert restated(second).what.items == ()
    assert restated(first) == told


def test_the_second_report_names_a_problem_of_the_first_again(house: House) -> None:
    first, _ = first_act(house, paper("report_2026H1.txt"), READ_ON)
    next_act(first, paper("report_2026H2.txt"), AGAIN_ON)
    with reading(house.engine) as session:
        coordinator = organisation.person_by_email(session, "zhou.min@yunzhou.example")
        visit = house.visit(session, coordinator, now=first.period.cut_off_at(house.office.zone))
        assert counts(visit, Filter())[View.REPEATED] == 1


def test_a_year_without_a_second_report_lives_on_with_what_was_left(house: House) -> None:
    first, _ = first_act(house, paper("report_2026H1.txt"), READ_ON)
    lived(first)
    second = next_act(first, None, AGAIN_ON)
    figures = lived(second)
    assert (figures.in_scope, figures.opened) == (5, 0)
    assert {item.state for item in restated(second).sealed.items} == {
        State.CLOSED,
        State.IN_PROGRESS,
        State.SUSTAINED,
    }
