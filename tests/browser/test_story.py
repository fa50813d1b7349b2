"""The whole story in a real browser: from a written report to the seal of its period."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from browsers import Clock
from offices import MONDAY, REPORT, ZONE, Bureau
from windows import Opening, Screen, own_pages

from models.item import Evidence
from models.session import reading, writing
from rules.lifecycle import Move, State
from rules.sealing import SealBy
from services import rollups, runs

TASK, PROBLEM = "2026H1-M01", "2026H1-P01"
RAN = {
    "zh-CN": "发出 3 封，等待重试 1 封，无法投递 0 封。",
    "en-US": "Letters: 3 sent, 1 to be tried again, 0 undeliverable.",
}
HALF, NEW_YEAR = "2026H2", datetime(2027, 1, 4, 10, tzinfo=ZONE)


@dataclass(frozen=True)
class Sight:
    """How the people of one telling see the pages."""

    locale: str
    width: int
    has_scripts: bool

    @property
    def named(self) -> dict[str, object]:
        return {"width": self.width, "locale": self.locale, "java_script_enabled": self.has_scripts}


SIGHTS = [
    ("sqlite", Sight("zh-CN", 1440, has_scripts=True)),
    ("postgresql", Sight("en-US", 375, has_scripts=False)),
    ("postgresql", Sight("zh-CN", 375, has_scripts=False)),
    ("sqlite", Sight("en-US", 1440, has_scripts=True)),
]
"""On which database, and how it is seen: the pages do not know the one, and the database not the other."""

IN_EVERY_SIGHT = pytest.mark.parametrize(
    ("database_url", "telling"), SIGHTS, indirect=True, ids=[f"{it.locale}-{it.width}" for _, it in SIGHTS]
)


@dataclass
class Telling:
    """Who has a window open, and the forms of the pages in it, found by where they lead."""

    opened: Opening
    sight: Sight
    proof: Path

    def who(self, name: str) -> Screen:
        screen = self.opened(name, **self.sight.named)
        screen.open(f"/language/{self.sight.locale.replace('-', '_').removesuffix('_US')}")
        return screen

    def move(self, screen: Screen, reference: str, move: str, *, file: bool = False, **said: str) -> None:
        """Opens the item, and sends the form of the move."""
        screen.open(f"/items/{reference}")
        form = screen.page.locator(f"#move-{move}")
        if form.get_attribute("open") is None:
            form.locator("summary").click()
        for name, words in said.items():
            form.locator(f"[name={name}]").fill(words)
        if file:
            form.locator("input[type=file]").set_input_files(self.proof)
        with screen.page.expect_navigation():
            form.locator("button").click()

    def withdraw(self, screen: Screen, reference: str) -> None:
        """Takes back the first file that the item's page lets this person take back."""
        screen.open(f"/items/{reference}")
        form = screen.page.locator("#move-withdraw")
        form.locator("summary").click()
        form.locator("[name=file]").select_option(index=1)
        form.locator("[name=note]").fill("照片不清楚")
        with screen.page.expect_navigation():
            form.locator("button").click()

    def moves(self, screen: Screen, reference: str) -> list[str]:
        """The moves that the item's page offers."""
        screen.open(f"/items/{reference}")
        forms = screen.page.locator("details.move")
        return [str(forms.nth(at).get_attribute("id")).removeprefix("move-") for at in range(forms.count())]


@pytest.fixture
def bureau(bureau: Bureau) -> Bureau:
    """The bureau with the rule that two people seal."""
    return bureau.with_policy(seal_by=SealBy.FOUR_EYES)


@pytest.fixture
def telling(request: pytest.FixtureRequest, window: Opening, tmp_path: Path) -> Telling:
    proof = tmp_path / "整改照片.txt"
    proof.write_text("整改前后对比", "utf-8")
    return Telling(window, request.param, proof)


@IN_EVERY_SIGHT
def test_a_report_becomes_items_that_are_worked_on_sent_back_prolonged_and_closed(
    telling: Telling, bureau: Bureau, tmp_path: Path
) -> None:
    coordinator = telling.who("coordinator")
    take_in(coordinator, tmp_path)
    assert bureau.item(TASK).state is State.DRAFT
    with coordinator.page.expect_navigation():
        coordinator.page.click("form[action$='/confirm'] button:last-of-type")
    assert bureau.item(TASK).state is State.ASSIGNED

    telling.move(coordinator, TASK, "reassign", to="owner@office.example", note="由经办人负责")
    owner = telling.who("owner")
    telling.move(owner, TASK, "acknowledge")
    telling.move(owner, TASK, "report", progress="40", note="已排查 30 个工地")
    assert bureau.item(TASK).progress == 40
    telling.move(owner, TASK, "submit", file=True, note="全部整改到位")
    assert "approve" not in telling.moves(owner, TASK)

    telling.move(coordinator, TASK, "reject", note="请补充整改后的照片")
    assert bureau.item(TASK).state is State.IN_PROGRESS
    telling.move(owner, TASK, "request-extension", due="2026-11-30", note="等待复验")
    leader = telling.who("leader")
    telling.move(leader, TASK, "grant-extension", due="2026-11-30")
    assert f"{bureau.item(TASK).due_on:%m-%d}" == "11-30"

    telling.move(owner, TASK, "submit", file=True, note="照片已补充")
    telling.withdraw(owner, TASK)
    assert [file.withdrawn_at is None for file in bureau.rows(Evidence)] == [False, True]
    telling.move(coordinator, TASK, "approve", note="资料齐全")
    assert bureau.item(TASK).state is State.CLOSED
    assert [file.file_name for file in bureau.rows(Evidence)] == ["整改照片.txt"] * 2


@IN_EVERY_SIGHT
def test_the_link_of_a_letter_is_enough_to_acknowledge_and_to_report(
    telling: Telling, bureau: Bureau
) -> None:
    bureau.new_item(TASK)
    stranger = telling.opened(**telling.sight.named)
    _, path = own_pages(bureau)
    for move, said in (
        (Move.ACKNOWLEDGE, {"note": "收到"}),
        (Move.REPORT, {"progress": "60", "note": "已过半"}),
    ):
        stranger.open(path)
        form = stranger.page.locator(f"form[action$='/{move}']")
        for name, words in said.items():
            form.locator(f"[name={name}]").fill(words)
        with stranger.page.expect_navigation():
            form.locator("button").click()
    item = bureau.item(TASK)
    assert (item.state, item.progress) == (State.IN_PROGRESS, 60)
    assert stranger.page.locator(f"form[action$='/{Move.APPROVE}']").count() == 0


@IN_EVERY_SIGHT
def test_every_number_of_the_roll_up_opens_as_many_items(
    telling: Telling, bureau: Bureau, clock: Clock
) -> None:
    bureau.new_item(TASK)
    bureau.new_item(PROBLEM)
    clock.pass_by(hours=1)
    leader = telling.who("leader")
    leader.open("/rollup")
    links = leader.page.locator("a[href*='figure=in_scope']")
    told = [(links.nth(at).inner_text(), links.nth(at).get_attribute("href")) for at in range(links.count())]
    assert told
    for number, path in told:
        leader.open(str(path))
        assert leader.page.locator("main table.list tbody tr").count() == int(number.split()[0])


@IN_EVERY_SIGHT
def test_two_people_seal_a_period_all_see_the_seal_and_the_coordinator_what_ran(
    telling: Telling, bureau: Bureau, clock: Clock
) -> None:
    bureau.new_item(TASK)
    with writing(bureau.engine) as session:
        runs.keep(session, "delivery", MONDAY.date(), MONDAY, {"sent": 3, "failed": 1, "dead": 0})
    clock.at = NEW_YEAR
    coordinator, leader = telling.who("coordinator"), telling.who("leader")
    page = f"/rollup?period={HALF}"
    for screen, step in ((coordinator, "propose-seal"), (leader, "confirm-seal")):
        assert sealed(bureau) is None
        screen.open(page)
        form = screen.page.locator(f"form[action='/rollup/{step}']")
        form.locator("[name=reason]").fill("数字已核对")
        with screen.page.expect_navigation():
            form.locator("button").click()
    digest = sealed(bureau)
    for screen in (coordinator, leader, telling.who("auditor")):
        screen.open(page)
        assert screen.page.locator(".standing .hash").inner_text() == f"SHA-256 {digest}"
        assert screen.page.locator("form[action='/rollup/confirm-seal']").count() == 0
    assert RAN[telling.sight.locale] in ran(coordinator)


def sealed(bureau: Bureau) -> str | None:
    """The hash of the seal in force."""
    with reading(bureau.engine) as session:
        found = rollups.sealed(session, HALF)
        return found.sha256 if found else None


def ran(screen: Screen) -> str:
    """What the page of runs, as the navigation leads to it, says of what ran."""
    screen.open("/")
    with screen.page.expect_navigation():
        screen.page.click("nav a[href='/runs']")
    return screen.page.locator("main").inner_text()


def take_in(screen: Screen, folder: Path) -> None:
    """Takes the bureau's report in by the form of the page."""
    report = folder / "报告.txt"
    report.write_text(REPORT, "utf-8")
    screen.open("/reports")
    screen.page.set_input_files("input[name=report]", report)
    with screen.page.expect_navigation():
        screen.page.click("form[action='/reports'] button")
    assert screen.page.locator("input[name=draft]").count() == 4
