"""Log lines: what one says to the letter, in both forms, and what none ever says."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from config import logs
from config.log_lines import Form, bound, form_of, formatter
from models.session import reading
from rules.mail_links import SECRET_PATHS

AT = 1783299600.25
TOKENS = st.from_regex(r"\A[A-Za-z0-9_-]{36}\Z").filter(
    lambda it: any(c.isdigit() for c in it) and any(c.islower() for c in it) and any(c.isupper() for c in it)
)


def record(words: str, *values: object, level: int = logging.INFO, **about: Any) -> logging.LogRecord:
    made = logging.LogRecord("services.history", level, __file__, 1, words, values, about.pop("error", None))
    made.created = AT
    vars(made).update(about)
    return made


def lines(*records: logging.LogRecord, form: Form = Form.JSON) -> list[str]:
    writer = formatter(form)
    return [writer.format(one) for one in records]


def caught(work: Callable[[], object]) -> Any:
    try:
        work()
    except Exception:  # noqa: BLE001 - a test of what is said of any
        return sys.exc_info()
    raise AssertionError("nothing went wrong")


def test_a_line_is_one_document_that_says_when_where_and_what_about() -> None:
    said = record("changed", item="2026H1-P01", move="assign", actor=7, password="hunter2")
    with bound(flow="delivery", run="5f0c"):
        [line] = lines(said)
    assert json.loads(line) == {
        "event": "changed",
        "flow": "delivery",
        "run": "5f0c",
        "at": "2026-07-06T01:00:00.250+00:00",
        "level": "info",
        "logger": "services.history",
        "item": "2026H1-P01",
        "move": "assign",
        "actor": 7,
    }


def test_a_plain_line_says_the_same_on_one_line() -> None:
    said = record("%s is late", "delivery", level=logging.WARNING, item="2026H1-P01")
    assert lines(said, form=Form.PLAIN) == [
        "2026-07-06T01:00:00.250+00:00 warning services.history: delivery is late item=2026H1-P01"
    ]


def test_prefects_name_for_a_run_is_ours() -> None:
    [line] = lines(record("Finished", flow_run_id="5f0c", flow_run_name="delivery-1"))
    assert (json.loads(line)["run"], "flow_run_name" in json.loads(line)) == ("5f0c", False)


def test_line_breaks_in_a_sentence_make_no_second_line() -> None:
    [line] = lines(record("first\nsecond"))
    assert (line.count("\n"), json.loads(line)["event"]) == (0, "first\nsecond")


@given(TOKENS, st.sampled_from(SECRET_PATHS), st.sampled_from(Form))
def test_no_line_tells_a_link_or_a_token(token: str, path: str, form: Form) -> None:
    said = (
        record("GET https://rectify.example%s%s/2026H1-P01?done=1", path, token),
        record(f"Authorization: Bearer {token}"),
        record("broken", error=caught(lambda: {}[token])),
        record("cause", error=caught(lambda: int(f"/mail/{token}"))),
        record("counts", counts={"by": [f"/mail/{token}"]}),
    )
    assert [line for line in lines(*said, form=form) if token in line] == []


def test_the_address_of_a_database_is_told_without_its_password() -> None:
    [line] = lines(record("postgresql://rectify:hunter2@db.office.example/rectify"))
    assert json.loads(line)["event"] == "postgresql://rectify:…@db.office.example/rectify"


def test_ids_and_hashes_are_no_secrets() -> None:
    words = f"5f0c7c1e-24a8-4d5a-9c55-2f4e8a1b6d3e 2026H1-P01 {'0123456789abcdef' * 4}"
    [line] = lines(record(words))
    assert json.loads(line)["event"] == words


def fails_with_a_local_value(password: str) -> None:
    raise ValueError(len(password))


@pytest.mark.parametrize("form", Form)
def test_a_fault_is_told_with_its_place_and_without_local_values(form: Form) -> None:
    error = caught(lambda: fails_with_a_local_value("hunter2"))
    said = record("GET /items", level=logging.ERROR, error=error)
    [line] = lines(said, form=form)
    assert ("fails_with_a_local_value" in line, "hunter2" in line.replace('("hunter2")', "")) == (True, False)
    if form is Form.JSON:
        [stack] = json.loads(line)["error"]
        assert (stack["exc_type"], stack["exc_value"]) == ("ValueError", "7")
        assert {name for frame in stack["frames"] for name in frame} == {"filename", "lineno", "name"}


def test_the_databases_errors_tell_no_values(engine: Engine) -> None:
    row = {"id": 1, "text": "the body of a letter"}

    def break_a_rule() -> None:
        with reading(engine) as session:
            session.execute(text("insert into wording (message_id, text) values (:id, :text)"), row)

    error = caught(break_a_rule)
    assert isinstance(error[1], IntegrityError | DatabaseError)
    said = "".join(lines(record("broken", error=error)))
    assert "the body of a letter" not in said


@pytest.fixture
def undisturbed() -> Iterator[None]:
    """Logging as it was found; a server or a command of an earlier test has left nothing of its own."""
    kept = {name: logging.getLogger(name) for name in ("", "uvicorn", "uvicorn.error", *logs.OURS)}
    before = {name: (one.level, one.handlers[:], one.propagate) for name, one in kept.items()}
    hook = sys.excepthook
    for name in ("uvicorn", "uvicorn.error"):
        kept[name].handlers[:], kept[name].propagate = [], True
        kept[name].setLevel(logging.NOTSET)
    kept[""].handlers[:] = [one for one in kept[""].handlers if not isinstance(one, logs.ToStandardError)]
    yield
    for name, (level, handlers, propagates) in before.items():
        kept[name].setLevel(level)
        kept[name].handlers[:], kept[name].propagate = handlers, propagates
    logging.captureWarnings(capture=False)
    sys.excepthook = hook


@pytest.mark.usefixtures("undisturbed")
def test_libraries_that_wrote_by_themselves_write_as_we_do_and_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = logging.getLogger("uvicorn.error")
    server.addHandler(logging.StreamHandler(sys.stderr))
    server.propagate = False
    for _ in range(2):
        logs.set_up("json")
    server.warning("a connection was lost")
    logging.getLogger("services.history").info("a command tells nothing of what it did")
    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["logger"], line["event"]) for line in said] == [("uvicorn.error", "a connection was lost")]


@pytest.mark.usefixtures("undisturbed")
def test_a_service_tells_what_was_done_and_hands_its_form_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTIFY_LOGS", "")
    logs.set_up("json", is_service=True)
    logging.getLogger("services.history").info("changed")
    logging.getLogger("httpx").info("HTTP Request: GET https://office.example")
    said = [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]
    assert (said, form_of("json"), formatter().format(record("x"))[0]) == (["changed"], Form.JSON, "{")


@pytest.mark.usefixtures("undisturbed")
def test_a_flow_that_a_command_runs_leaves_the_command_silent(capsys: pytest.CaptureFixture[str]) -> None:
    assert not logs.is_of_a_command()
    logs.set_up("json")
    assert logs.is_of_a_command()
    logs.set_up("json", is_service=not logs.is_of_a_command())
    logging.getLogger("flows.runtime").info("begun")
    assert capsys.readouterr().err == ""


LATE = """
import logging
from config import logs
logs.set_up("json")
import prefect.main
logs.set_up("json", is_service=not logs.is_of_a_command())
logging.getLogger("flows.runtime").info("begun")
logging.getLogger("prefect.flow_runs").propagate and logging.getLogger("prefect").error("broken")
"""


def test_prefect_that_is_loaded_later_does_not_take_our_place(tmp_path: Path) -> None:
    env = {**os.environ, "PREFECT_HOME": str(tmp_path), "PREFECT_LOGGING_TO_API_ENABLED": "false"}
    done = subprocess.run(
        [sys.executable, "-c", LATE], check=True, env=env, capture_output=True, text=True, timeout=120
    )
    assert [json.loads(line)["event"] for line in done.stderr.splitlines()] == ["broken"]


@pytest.mark.usefixtures("undisturbed")
def test_what_nobody_caught_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("json")
    sys.excepthook(*caught(lambda: fails_with_a_local_value("hunter2")))
    [line] = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert (said["level"], said["event"]) == ("critical", "stopped by a fault of ours")


def test_a_terminal_reads_plain_lines_and_all_else_json(monkeypatch: pytest.MonkeyPatch) -> None:
    assert form_of("") is Form.JSON
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert (form_of(""), form_of("json")) == (Form.PLAIN, Form.JSON)
