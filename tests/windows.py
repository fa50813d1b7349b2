"""A window of a real browser for tests: who looks, and all that went wrong in it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from browsers import PASSWORD
from offices import Bureau
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from models.message import Message

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Screen:
    """One person's browser window, with all that went wrong in it."""

    context: BrowserContext
    page: Page
    origin: str
    faults: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Remembers what the console complains of, and each request that would leave the machine."""
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.context.on("request", self._asked)

    def _heard(self, said: ConsoleMessage) -> None:
        # A refused form is answered with 4xx on purpose; the browser notes it as an error of loading.
        if said.type in {"error", "warning"} and "Failed to load resource" not in said.text:
            self.faults.append(f"{self.page.url}: {said.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.faults.append(f"{self.page.url} asks {request.url}")

    def open(self, path: str) -> None:
        """Goes to a page, which has to be there."""
        answer = self.page.goto(self.origin + path)
        assert answer is not None
        assert answer.status == 200, path

    def sign_in(self, who: str) -> None:
        self.open("/sign-in")
        self.page.fill("input[name=email]", f"{who}@office.example")
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("form.plain button")
        self.page.wait_for_url(self.origin + "/")

    def violations(self) -> list[str]:
        """What axe finds on the page that is open, as `rule: element`."""
        found = Axe().run(self.page, options={"runOnly": RULES}).response["violations"]
        return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]

    def overhang(self) -> int:
        """CSS pixels by which the page is wider than its window."""
        return int(
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        )


Opening = Callable[..., Screen]


def own_pages(bureau: Bureau, who: str = "owner") -> tuple[str, str]:
    """Where the latest letter to this person leads without signing in: to all items, and to the first."""
    letter = bureau.messages(Message.address == f"{who}@office.example")[-1]
    found = re.findall(r"(/mail/[\w-]+)(/[\w-]+)?", letter.text)
    first = next(token + reference for token, reference in found if reference)
    return first.rpartition("/")[0], first
