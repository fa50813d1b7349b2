"""Makes docs/guide/pictures/*.png anew: `python docs/screens.py`.

Enters the bureau of samples/ into a temporary folder, lives through half a year there by the house's own use
cases, serves the pages on loopback, and photographs them. Runs are those of a second bureau, where `rectify
serve` runs flows at this very moment. Needs chromium and fonts-noto-cjk, as Debian packages them.
"""

import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import uvicorn
from half_year import ADMINISTRATOR, AUDITOR, COORDINATOR, LEADER, MORNINGS, OWNER, STORY, Deed
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from really_served import really_served

from config import clock, policy
from config.house import House, open_house
from config.settings import Settings
from documents.paper import open_paper
from flows.server import free_port
from models import schema
from models.session import open_engine, reading, writing
from notifications.mail_links import items_link
from notifications.mailbox import Mailbox, mails
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
WRITTEN_TO = {"en": ("daniel.reed", "2026H1-P02"), "zh_CN": (OWNER, "2026H1-M01")}
"""Letters are in the language of their reader; the item that they tell of is the one on the phone."""


class MissingError(Exception):
    """Something that the pictures are made with is not there, or a picture is too heavy. Says what."""


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


RUN = ("reminders", "delivery", "housekeeping", "receipt", "seal-check")
"""Flows that run for the picture of runs, one after the other."""
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
    at: datetime

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
        _photograph_runs(browser)
        browser.close()
    _weigh()


def _live(bureau: Bureau, browser: Browser, origin: str) -> None:
    """The half-year, with a stop for photographs wherever there is something to see."""
    _take_in(bureau)
    _photograph(bureau, browser, origin, READ_AT, READ)
    _hand_over(bureau, bureau.when(7, 6, 11))
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
            began_at = datetime(2026, *READ_AT, tzinfo=ZoneInfo("Asia/Shanghai"))
            house = _house(Path(scratch), f"http://127.0.0.1:{port}", mailbox.port, began_at)
            bureau = Bureau(house, letters, began_at)
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


def _house(folder: Path, base_url: str, smtp_port: int, began_at: datetime) -> House:
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


def _hand_over(bureau: Bureau, now: datetime) -> None:
    with writing(bureau.house.engine) as session:
        coordinator = person_by_email(session, _address(COORDINATOR))
        visit = bureau.house.visit(session, coordinator, now=now, door="demo")
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


def _photograph_runs(browser: Browser) -> None:
    """What stands on the page of runs once some have run."""
    with tempfile.TemporaryDirectory(prefix="rectify-screens-") as scratch:
        pages, now = free_port(), clock.now()
        origin = f"http://127.0.0.1:{pages}"
        bureau = Bureau(_house(Path(scratch), origin, free_port(), now), Path(scratch) / "mail", now)
        _take_in(bureau)
        _hand_over(bureau, now)
        bureau.house.engine.dispose()
        with really_served(bureau.house.settings, bureau.letters, pages):
            with _window(browser, "en", WIDE) as page:
                _sign_in(page, origin, COORDINATOR)
                for number, flow in enumerate(RUN, 1):
                    _run(page, origin, flow, number)
            for locale in LANGUAGES:
                with _window(browser, locale, (1200, 1240)) as page:
                    _sign_in(page, origin, COORDINATOR)
                    page.goto(f"{origin}/language/{locale}")
                    page.goto(f"{origin}/runs")
                    _keep(page, "runs", locale)


def _run(page: Page, origin: str, flow: str, number: int) -> None:
    """Asks for a run, again while Prefect is not ready for it; returns once so many runs are completed."""
    is_asked = False
    for _ in range(120):
        page.goto(f"{origin}/runs")
        if page.locator(".run-completed").count() >= number:
            return
        if not is_asked:
            with page.expect_navigation():
                page.click(f"button[value={flow}]")
            is_asked = page.locator("[role=status]").count() == 1
        page.wait_for_timeout(1000)
    raise MissingError(f"The flow {flow} did not run to its end within two minutes.")


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
