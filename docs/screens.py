"""Makes docs/guide/pictures/*.png anew: `python docs/screens.py`.

Enters the bureau of samples/ into a temporary folder, lives through half a year there by the house's own use
cases, serves the pages on loopback, and photographs them. Needs chromium and fonts-noto-cjk, as Debian
packages them.
"""

import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path

import uvicorn
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from config import policy
from config.house import House, open_house
from config.settings import Settings
from documents.paper import open_paper
from models import schema
from models.session import open_engine, reading, writing
from notifications.mail_links import items_link
from notifications.mailbox import Mailbox, mails
from rules.lifecycle import Move
from services import accounts, administrators, closing, items, organisation, reminders, reports
from services.delivery import deliver
from services.evidence import EvidenceFile
from services.moves import Wish
from services.organisation import person_by_email
from web.app import create_app
from web.guards import address_of

HERE = Path(__file__).parent
PICTURES = HERE / "guide" / "pictures"
SAMPLES = HERE.parent / "samples"
LARGEST, LARGEST_TOGETHER = 250_000, 3_000_000
"""Bytes of one picture, and of all."""
LANGUAGES = {"en": "", "zh_CN": ".zh-CN"}
"""Language of the pages -> what the names of pictures and guide pages bear for it."""
PASSWORD = "mosaic-lantern-4417"  # noqa: S105 - opens a bureau that is gone with its folder
OPTIONS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars "
    "--disable-background-networking --disable-component-update --disable-sync"
)
WIDE, PHONE = (1200, 900), (390, 844)
CENTRE = "it => { it.scrollIntoView({block: 'center'}); scrollTo(0, 0); }"
READ_AT, SEEN_AT, SEALED_AT = (7, 6, 9), (12, 22, 10), (13, 4, 9)
"""Month, day and hour of the photographs; the thirteenth month is January of the next year."""
COORDINATOR, LEADER, AUDITOR, ADMINISTRATOR = "zhou.min", "gao.mingyuan", "song.wenjing", "jiang.yi"
OWNER = "xu.xiaolan"
WRITTEN_TO = {"en": ("daniel.reed", "2026H1-P02"), "zh_CN": (OWNER, "2026H1-M01")}
"""Letters are in the language of their reader; the item that they tell of is the one on the phone."""
MORNINGS = ((7, 14), (7, 20), (9, 9), (12, 1), (12, 7), (12, 10), (12, 14), (12, 21), (12, 22))
"""When reminders go out."""


class MissingError(Exception):
    """Something that the pictures are made with is not there, or a picture is too heavy. Says what."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One move on one day of the story."""

    on: tuple[int, int]
    who: str
    reference: str
    move: Move
    note: str = ""
    progress: int | None = None
    due: date | None = None
    evidence: str = ""
    to: str = ""


BEGUN = (
    *((OWNER, "P01"), (OWNER, "M01"), ("daniel.reed", "P02"), ("daniel.reed", "M02")),
    *(("shen.jianhua", "P03"), ("tang.min", "P04"), ("jiang.yi", "P05"), ("jiang.yi", "M04")),
    *((AUDITOR, "M05"), ("jiang.yi", "M06")),
)
"""Who acknowledges what on the first days; the item that has to be done at once lies for a while."""
STORY = (
    *(Deed((7, 8), who, reference, Move.ACKNOWLEDGE) for who, reference in BEGUN),
    Deed((7, 20), "shen.jianhua", "M03", Move.ACKNOWLEDGE),
    Deed((7, 28), "daniel.reed", "M02", Move.REPORT, "已回访 12 个小区", 45),
    Deed((7, 28), AUDITOR, "M05", Move.REPORT, "抢险物资已备齐", 50),
    Deed((8, 3), "shen.jianhua", "M03", Move.SUBMIT, "隐患已全部整改", 100, evidence="工地复查记录"),
    Deed((8, 5), COORDINATOR, "M03", Move.APPROVE, "逾期完成，同意销号"),
    Deed((8, 17), "jiang.yi", "M04", Move.REPORT, "“住建课堂”已开课", 60),
    Deed((8, 18), COORDINATOR, "M04", Move.SUSTAIN, "转入常态化管理，每季度复核"),
    Deed((9, 10), "daniel.reed", "M02", Move.SUBMIT, "26 个小区已全部回访", 100, evidence="小区回访记录"),
    Deed((9, 14), COORDINATOR, "M02", Move.APPROVE, "资料齐全，同意销号"),
    Deed((9, 10), AUDITOR, "M05", Move.SUBMIT, "平稳度汛", 100, evidence="汛期值守情况说明"),
    Deed((9, 14), COORDINATOR, "M05", Move.APPROVE, "同意销号"),
    Deed((10, 15), OWNER, "P01", Move.REPORT, "档案核对过半", 55),
    Deed((10, 15), "daniel.reed", "P02", Move.REPORT, "信用评价系统正在招标", 30),
    Deed((10, 15), "shen.jianhua", "P03", Move.REPORT, "已检查在建项目 41 个", 40),
    Deed((10, 15), "jiang.yi", "M06", Move.REPORT, "已开展两轮督查", 40),
    Deed(
        (10, 20), COORDINATOR, "M01", Move.REASSIGN, "按局党组会议要求提前", due=date(2026, 11, 30), to=OWNER
    ),
    Deed((10, 21), OWNER, "M01", Move.ACKNOWLEDGE),
    Deed((11, 12), OWNER, "M01", Move.REPORT, "已补齐 318 栋房屋档案", 70),
    Deed((11, 20), "jiang.yi", "P05", Move.SUBMIT, "培训已完成", 100, evidence="培训签到表"),
    Deed((11, 24), COORDINATOR, "P05", Move.REJECT, "缺少考核结果，请补充后再报"),
    Deed((12, 9), "shen.jianhua", "P03", Move.REPORT, "监理到岗考勤已全部联网", 75),
    Deed((12, 9), "jiang.yi", "M06", Move.REPORT, "问题清单已全部办结", 90),
    Deed((12, 18), COORDINATOR, "P04", Move.REASSIGN, "科室分工调整，请继续办理", to="tang.min"),
    Deed((12, 18), "daniel.reed", "P02", Move.REQUEST_EXTENSION, "招标尚未结束", due=date(2027, 2, 26)),
    Deed((12, 21), OWNER, "P01", Move.SUBMIT, "档案已逐栋核对", 100, evidence="房屋安全档案核对记录"),
    Deed((12, 23), COORDINATOR, "P01", Move.APPROVE, "资料齐全，同意销号"),
    Deed((12, 23), COORDINATOR, "P02", Move.GRANT_EXTENSION, "情况属实，同意"),
    Deed((12, 28), "jiang.yi", "P05", Move.SUBMIT, "考核结果已补充", 100, evidence="培训考核结果"),
    Deed((12, 30), COORDINATOR, "P05", Move.APPROVE, "同意销号"),
)


@dataclass(frozen=True, slots=True)
class Shot:
    """A page to photograph: who sees it where, how large, and which form is opened on it first."""

    name: str
    who: str
    path: str
    size: tuple[int, int] = WIDE
    opened: str = ""
    centred: str = ""
    """What a panel of the page is scrolled to."""


READ = (Shot("review", COORDINATOR, "/reports/1", centred="mark >> nth=2"),)
WHY = "/reminders/why?person=daniel.reed@yunzhou.example&on=2026-12-22"
SEEN = (
    Shot("my-work", OWNER, "/", (1200, 400)),
    Shot("my-decisions", COORDINATOR, "/", (1200, 560)),
    Shot("item", OWNER, "/items/2026H1-M01", (1200, 1000), opened="#move-submit"),
    Shot("ledger", COORDINATOR, "/items"),
    Shot("decide", COORDINATOR, "/items/2026H1-P02", opened="#move-grant-extension"),
    Shot("approve", LEADER, "/items/2026H1-P01", (1200, 800)),
    Shot("coverage", COORDINATOR, "/coverage", (1200, 760)),
    Shot("reminders", COORDINATOR, "/reminders", (1200, 760)),
    Shot("why", COORDINATOR, WHY, (1200, 760)),
    Shot("audit", AUDITOR, "/audit"),
    Shot("unit", ADMINISTRATOR, "/organisation/units/FWAQ", (1200, 640), opened="details.move"),
)
SEALED = (Shot("rollup", LEADER, "/rollup?period=2026H2", (1200, 1150)),)


@dataclass
class Bureau:
    """The bureau, the folder of its letters, and its clock, which is what the pages are told."""

    house: House
    letters: Path
    at: datetime = field(init=False)

    def when(self, month: int, day: int, hour: int = 10) -> datetime:
        """An instant of the story, in the bureau's time."""
        year, month = (2026, month) if month <= 12 else (2027, month - 12)
        return datetime(year, month, day, hour, tzinfo=self.house.settings.zone)

    def clock(self) -> datetime:
        """The time that the pages are told."""
        return self.at


def main() -> int:
    """Makes all pictures; returns the exit code."""
    try:
        _make()
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _make() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise MissingError("The pictures need chromium: apt-get install chromium fonts-noto-cjk")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with _bureau() as (bureau, origin), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS.split())
        _live(bureau, browser, origin)
        browser.close()
    _weigh()


def _live(bureau: Bureau, browser: Browser, origin: str) -> None:
    """The half-year, with a stop for photographs wherever there is something to see."""
    _take_in(bureau)
    _photograph(bureau, browser, origin, READ_AT, READ)
    _hand_over(bureau)
    _pass_by(bureau, (7, 6), SEEN_AT[:2])
    _photograph(bureau, browser, origin, SEEN_AT, SEEN)
    for locale, (who, reference) in WRITTEN_TO.items():
        _photograph_letter(bureau, browser, locale, reference, who)
        _photograph_link(bureau, browser, locale, reference, who)
    _pass_by(bureau, SEEN_AT[:2], (12, 31))
    with writing(bureau.house.engine) as session:
        closing.close_ended(session, bureau.house.office, now=bureau.when(13, 1, 0))
    _photograph(bureau, browser, origin, SEALED_AT, SEALED)


@contextmanager
def _bureau() -> Iterator[tuple[Bureau, str]]:
    """An empty bureau in a temporary folder, and the address at which its pages are served meanwhile."""
    with tempfile.TemporaryDirectory(prefix="rectify-screens-") as scratch, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        letters = Path(scratch) / "mail"
        with Mailbox(letters) as mailbox:
            port = listening.getsockname()[1]
            bureau = Bureau(_house(Path(scratch), f"http://127.0.0.1:{port}", mailbox.port), letters)
            bureau.at = bureau.when(*READ_AT)
            address = address_of(bureau.house.settings.base_url, port)
            app = create_app(bureau.house, address, now=bureau.clock)
            with _served(uvicorn.Server(uvicorn.Config(app, log_level="warning")), listening):
                yield bureau, address.origin


@contextmanager
def _served(server: uvicorn.Server, listening: socket.socket) -> Iterator[None]:
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(20)


def _house(folder: Path, base_url: str, smtp_port: int) -> House:
    settings = Settings(
        dir=folder,
        policy=SAMPLES / "policy.toml",
        base_url=base_url,
        mail_from="rectify@yunzhou.example",
        smtp_port=smtp_port,
        locale="zh_CN",
    )
    engine = open_engine(settings.url)
    schema.upgrade(engine)
    began_at = datetime(2026, *READ_AT, tzinfo=settings.zone)
    with writing(engine) as session:
        organisation.load(session, policy.read_toml(SAMPLES / "organisation.toml"), now=began_at)
        for who in (COORDINATOR, LEADER, AUDITOR, ADMINISTRATOR, OWNER):
            person = person_by_email(session, _address(who))
            accounts.set_password(session, person, PASSWORD, now=began_at, door="demo")
    house = open_house(settings, today=began_at.date())
    with writing(engine) as session:
        administrators.appoint(session, house.office, _address(ADMINISTRATOR), now=began_at, door="demo")
    return house


def _address(who: str) -> str:
    return f"{who}@yunzhou.example"


def _take_in(bureau: Bureau) -> None:
    source = SAMPLES / "report_2026H1.txt"
    with writing(bureau.house.engine) as session:
        coordinator = person_by_email(session, _address(COORDINATOR))
        visit = bureau.house.visit(session, coordinator, now=bureau.at, door="demo")
        reports.take_in(visit, open_paper(source.name, source.read_bytes()), organisation.root(session))


def _hand_over(bureau: Bureau) -> None:
    with writing(bureau.house.engine) as session:
        coordinator = person_by_email(session, _address(COORDINATOR))
        visit = bureau.house.visit(session, coordinator, now=bureau.when(7, 6, 11), door="demo")
        reports.confirm(visit, reports.report_by_id(session, 1))


def _pass_by(bureau: Bureau, after: tuple[int, int], until: tuple[int, int]) -> None:
    """Every day of the story behind `after` up to `until`: reminders in the morning, then what people do."""
    deeds = [deed for deed in STORY if after < deed.on <= until]
    mornings = [on for on in MORNINGS if after < on <= until]
    for on in sorted({*mornings, *(deed.on for deed in deeds)}):
        if on in mornings:
            _remind(bureau, bureau.when(*on, 8))
        for number, deed in enumerate(deed for deed in deeds if deed.on == on):
            _do(bureau, deed, bureau.when(*on).replace(minute=5 * number))


def _remind(bureau: Bureau, now: datetime) -> None:
    house = bureau.house
    with writing(house.engine) as session:
        reminders.plan(session, house.office, now.date(), now=now)
    # In a thread of its own: the browser's loop runs in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(deliver, house.engine, house.office.postbox, house.channel, lambda: now).result()


def _do(bureau: Bureau, deed: Deed, now: datetime) -> None:
    with writing(bureau.house.engine) as session:
        actor = person_by_email(session, _address(deed.who))
        content = f"{deed.evidence}\n{deed.note}\n".encode()
        wish = Wish(
            deed.move,
            deed.note,
            deed.progress,
            deed.due,
            person_by_email(session, _address(deed.to)) if deed.to else None,
            evidence=(EvidenceFile(f"{deed.evidence}.txt", content),) if deed.evidence else (),
        )
        items.act(bureau.house.visit(session, actor, now=now, door="page"), f"2026H1-{deed.reference}", wish)


def _photograph(
    bureau: Bureau, browser: Browser, origin: str, at: tuple[int, int, int], shots: tuple[Shot, ...]
) -> None:
    """Each page in each language, by a browser in which its reader has just signed in."""
    bureau.at = bureau.when(*at)
    for shot in shots:
        for locale in LANGUAGES:
            with _window(browser, locale, shot.size) as page:
                _sign_in(page, origin, shot.who)
                page.goto(f"{origin}/language/{locale}")
                page.goto(origin + shot.path)
                if shot.opened:
                    page.locator(shot.opened).first.evaluate("form => { form.open = true; }")
                if shot.centred:
                    page.locator(shot.centred).evaluate(CENTRE)
                _keep(page, shot.name, locale)


@contextmanager
def _window(browser: Browser, locale: str, size: tuple[int, int], scale: float = 1) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=scale,
        color_scheme="light",
        locale=locale.replace("_", "-"),
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def _sign_in(page: Page, origin: str, who: str) -> None:
    page.goto(f"{origin}/sign-in")
    page.fill("input[name=email]", _address(who))
    page.fill("input[name=password]", PASSWORD)
    page.click("form.plain button")
    page.wait_for_url(f"{origin}/")


def _photograph_letter(bureau: Bureau, browser: Browser, locale: str, reference: str, who: str) -> None:
    """The last letter to a person that tells of the item, as a mail program shows it."""
    read = (message_from_bytes(path.read_bytes(), policy=default) for path in reversed(mails(bureau.letters)))
    bodies = (mail.get_body(("html",)) for mail in read if _address(who) in str(mail["To"]))
    pages = (body.get_content() for body in bodies if body)
    with _window(browser, locale, (760, 690)) as page:
        page.set_content(next(found for found in pages if reference in found))
        _keep(page, "letter", locale)


def _photograph_link(bureau: Bureau, browser: Browser, locale: str, reference: str, who: str) -> None:
    """What the link in that letter opens on a phone."""
    postbox, settings = bureau.house.office.postbox, bureau.house.settings
    with reading(bureau.house.engine) as session:
        person = person_by_email(session, _address(who))
        link = items_link(postbox.secret, settings.base_url, person, bureau.at.date(), postbox.link_days)
    with _window(browser, locale, PHONE, 1.5) as page:
        page.goto(f"{link.url}/{reference}")
        _keep(page, "phone", locale)


def _keep(page: Page, name: str, locale: str) -> None:
    """Writes what the window shows, in as few colours as a page of text needs."""
    page.wait_for_load_state("networkidle")
    image = Image.open(BytesIO(page.screenshot())).convert("RGB")
    few = image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(PICTURES / f"{name}{LANGUAGES[locale]}.png", optimize=True)


def _weigh() -> None:
    weights = {path: path.stat().st_size for path in sorted(PICTURES.glob("*.png"))}
    for path, weight in weights.items():
        sys.stdout.write(f"{path.relative_to(HERE)} {weight}\n")
        if weight > LARGEST:
            raise MissingError(f"{path} weighs {weight} bytes, more than {LARGEST}; make it smaller.")
    if sum(weights.values()) > LARGEST_TOGETHER:
        raise MissingError(f"All pictures weigh {sum(weights.values())} bytes; make them smaller.")


if __name__ == "__main__":
    sys.exit(main())
