"""Debian's Chromium before the pages of the bureau of tests/offices.py, served on loopback."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from browsers import Clock, give_password
from offices import Bureau, found
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine
from windows import Opening, Screen

from config.house import House
from config.settings import Settings
from web.app import create_app
from web.guards import address_of

OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a file; it is closed at the file's end, because its loop bars every other one."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def bureau(engine: Engine, tmp_path: Path) -> Bureau:
    return found(engine, tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def origin(bureau: Bureau, clock: Clock, tmp_path: Path) -> Iterator[str]:
    """The address under which the pages are served while the test lasts."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        address = address_of(f"http://127.0.0.1:{port}", port)
        settings = Settings(dir=tmp_path, base_url=address.origin, locale="zh_CN")
        app = create_app(House(settings, bureau.engine, bureau.office), address, now=clock)
        with _served(app, listening):
            yield address.origin


@contextmanager
def _served(app: Any, listening: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def window(chromium: Browser, origin: str, bureau: Bureau) -> Iterator[Opening]:
    """Opens a window in which this person is signed in; at the end nothing may have gone wrong in any."""
    screens: list[Screen] = []

    def open_window(who: str = "", *, width: int = 1440, **named: Any) -> Screen:
        height = 812 if width < 600 else 900
        context = chromium.new_context(viewport={"width": width, "height": height}, **named)
        context.set_default_timeout(15_000)
        screen = Screen(context, context.new_page(), origin)
        screen.watch()
        screens.append(screen)
        if who:
            give_password(bureau.engine, who)
            screen.sign_in(who)
        return screen

    yield open_window
    for screen in screens:
        screen.context.close()
    assert [fault for screen in screens for fault in screen.faults] == []
