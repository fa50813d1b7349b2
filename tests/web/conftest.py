"""The pages of the bureau of tests/offices.py, on each database, with the clock in the test's hand."""

from pathlib import Path

import pytest
from browsers import ORIGIN, Browser, Clock, Opening, give_password
from fastapi import FastAPI
from offices import Bureau, found
from sqlalchemy import Engine

from config.house import House
from config.settings import Settings
from web.app import create_app
from web.guards import address_of


@pytest.fixture
def bureau(engine: Engine, tmp_path: Path) -> Bureau:
    return found(engine, tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(bureau: Bureau, clock: Clock, tmp_path: Path) -> FastAPI:
    settings = Settings(dir=tmp_path, base_url=ORIGIN, locale="en")
    house = House(settings, bureau.engine, bureau.office)
    return create_app(house, address_of(ORIGIN, 8000), now=clock)


@pytest.fixture
def browser(app: FastAPI) -> Browser:
    return Browser(app)


@pytest.fixture
def signed_in(app: FastAPI, bureau: Bureau) -> Opening:
    """A new browser, in which this person is signed in and reads English."""

    def sign_in(who: str) -> Browser:
        give_password(bureau.engine, who)
        browser = Browser(app)
        browser.get("/language/en")
        assert browser.sign_in(who).status_code == 303
        return browser

    return sign_in
