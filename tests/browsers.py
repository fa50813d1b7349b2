"""A browser without a screen for tests of pages: keeps cookies, and sends the forms that pages show."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from typing import Any, Protocol

from fastapi import FastAPI
from httpx2 import Response
from offices import MONDAY
from starlette.testclient import TestClient

from models.session import writing
from services import accounts
from services.organisation import person_by_email

ORIGIN = "https://rectify.example"
PASSWORD = "mosaic-lantern-4417"  # noqa: S105 - opens nothing but a test


@dataclass
class Clock:
    """The time that the pages are told."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **parts: float) -> None:
        self.at += timedelta(**parts)


@dataclass
class Browser:
    """One person's browser, or a stranger's. What is on the screen is `last`."""

    app: FastAPI
    last: Response = field(init=False)

    def __post_init__(self) -> None:
        self.client = TestClient(self.app, base_url=ORIGIN, follow_redirects=False)

    def get(self, path: str, **named: Any) -> Response:
        self.last = self.client.get(path, **named)
        return self.last

    def post(self, path: str, data: dict[str, Any] | None = None, **named: Any) -> Response:
        """Sends a form as the page on the screen would: with its token, from our origin."""
        headers = {"Origin": ORIGIN} | named.pop("headers", {})
        said = {"csrf": self.hidden("csrf"), **(data or {})}
        self.last = self.client.post(path, data=said, headers=headers, **named)
        return self.last

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.last.text)
        return unescape(found[1]) if found else ""

    def alert(self) -> str:
        """The sentence that stands out on the page on the screen."""
        found = re.search(r'role="alert">\s*(?:<p><b>)?([^<]*)<', self.last.text)
        return unescape(found[1]) if found else ""

    def sign_in(self, who: str, password: str = PASSWORD, *, wanted: str = "/") -> Response:
        self.get(f"/sign-in?next={wanted}")
        email = who if "@" in who else f"{who}@office.example"
        return self.post("/sign-in", {"email": email, "password": password, "next": self.hidden("next")})

    def move(self, reference: str, move: str, **said: Any) -> Response:
        """Makes a move with the form of the item's page, as it is shown now."""
        self.get(f"/items/{reference}")
        return self.send(reference, move, **said)

    def send(self, reference: str, move: str, **said: Any) -> Response:
        """Sends the form of the page that is on the screen."""
        files = said.pop("files", None)
        data = {"version": self.hidden("version"), **said}
        return self.post(f"/items/{reference}/{move}", data, files=files)

    def offered(self) -> list[str]:
        """The moves that the item's page on the screen has a form for."""
        forms = r'<form method="post" action="/items/[^/"]+/([a-z-]+)"(?: enctype="multipart/form-data")?>'
        return re.findall(forms, self.last.text)


class Opening(Protocol):
    """Opens a new browser in which this person is signed in."""

    def __call__(self, who: str) -> Browser: ...


def give_password(engine: Any, *people: str, password: str = PASSWORD) -> None:
    for who in people:
        with writing(engine) as session:
            person = person_by_email(session, who if "@" in who else f"{who}@office.example")
            accounts.set_password(session, person, password, now=MONDAY, door="test")
