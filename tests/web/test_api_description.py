"""The interface does what its description says, whatever is sent to it."""

from datetime import timedelta

import pytest
import schemathesis
from browsers import ORIGIN
from fastapi import FastAPI
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from offices import MONDAY, Bureau
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient

from models.session import writing
from rules.scopes import Scope
from services import tokens
from services.organisation import person_by_email
from web.api.app import PATH, ROUTERS

HOST = {"Host": ORIGIN.removeprefix("https://")}

OPERATIONS = [
    (method, route.path)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in route.methods
]


@pytest.fixture
def token(bureau: Bureau) -> str:
    """May do everything that a coordinator may, in an office with something to do it to."""
    bureau.new_item("2026H1-M01")
    with writing(bureau.engine) as session:
        person = person_by_email(session, "coordinator@office.example")
        ends = MONDAY + timedelta(days=30)
        return tokens.make(session, person, "a test", tuple(Scope), ends_at=ends, now=MONDAY, door="test")


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_address_does_what_it_says(
    app: FastAPI, token: str, method: str, path: str, mode: GenerationMode
) -> None:
    """Requests as the description wants them, and others; each answer is one that it names, in its shape."""
    schema = schemathesis.openapi.from_asgi(f"{PATH}/openapi.json", app, headers=HOST)
    headers = {"Authorization": f"Bearer {token}", **HOST}

    @given(schema[path][method].as_strategy(generation_mode=mode))
    @settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    def holds(case: Case) -> None:
        # Put into the case and not only into its call, so that a case whose one fault was to have no token is
        # judged as what is sent: a good one.
        case.headers.update(headers)
        # What is well-formed may still be refused: the move that the state does not admit, the empty report.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    holds()


def test_the_description_is_anybody_s_and_names_no_office(app: FastAPI) -> None:
    answer = TestClient(app, base_url=ORIGIN).get(f"{PATH}/openapi.json")
    assert answer.status_code == 200
    assert "office.example" not in answer.text
