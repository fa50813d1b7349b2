"""A parser that breaks down takes nothing with it: the office reads one sentence, and no process is left."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from strange_parsers import PARSERS

from documents.confined import PARSERS as REAL
from documents.confined import Limits, confined
from rules.errors import UnreadableError

TOO_LONG = "Reading 报告.docx takes too long and was given up; divide it, or save it as plain text."
TOO_MUCH = "Reading 报告.docx takes too much memory and was given up; divide it, or save it as plain text."
BRISK = Limits(cpu_seconds=2, wall_seconds=30, memory=512)


def damaged(parser: str) -> str:
    return (
        f"报告.docx cannot be read as {parser}; it may be damaged. "
        "Open it in its own program and save it anew."
    )


def asked(parser: str, data: bytes = b"data", limits: Limits = BRISK, name: str = "报告.docx") -> Any:
    return confined(parser, data, name, parsers=PARSERS, limits=limits)


def refusal(parser: str, data: bytes = b"data", limits: Limits = BRISK) -> str:
    with pytest.raises(UnreadableError) as caught:
        asked(parser, data, limits)
    return str(caught.value)


def children() -> list[str]:
    """The processes that we started and that are still there, dead ones that nobody asked for included."""
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()


@pytest.fixture(autouse=True)
def nothing_is_left() -> Any:
    before = children()
    yield
    assert children() == before


def test_what_a_parser_makes_of_a_file_comes_back_whole() -> None:
    assert asked("say_length", bytes(5_000_000)) == {"length": 5_000_000, "name": "报告.docx", "text": "整改"}


def test_a_name_may_hold_anything() -> None:
    name = "一\0二\n\udcff" + "三" * 100_000
    assert asked("say_length", name=name)["name"] == name


def test_a_parsers_own_refusal_comes_back_with_its_key_and_values_so_that_it_can_be_translated() -> None:
    with pytest.raises(UnreadableError) as caught:
        asked("refuse")
    assert (caught.value.sentence, caught.value.values) == ("%(name)s is empty.", {"name": "报告.docx"})


@pytest.mark.parametrize(
    ("parser", "sentence"),
    [
        ("spin", TOO_LONG),
        ("hoard", TOO_MUCH),
        ("kill_itself", TOO_MUCH),
        ("flood", TOO_MUCH),
        ("crash", damaged("crash")),
        ("raise_an_error", damaged("raise_an_error")),
        ("recurse", damaged("recurse")),
        ("leave_at_once", damaged("leave_at_once")),
        ("print_junk", damaged("print_junk")),
        ("answer_wrongly", damaged("answer_wrongly")),
        ("break_its_sentence", damaged("break_its_sentence")),
        ("nest_without_end", damaged("nest_without_end")),
    ],
)
def test_a_parser_that_breaks_down_ends_in_one_sentence(parser: str, sentence: str) -> None:
    assert refusal(parser) == sentence


def test_a_parser_that_only_waits_is_given_up_after_the_time_that_the_clock_shows() -> None:
    begun = time.monotonic()
    assert refusal("sleep", limits=Limits(wall_seconds=1)) == TOO_LONG
    assert time.monotonic() - begun < 10


def test_a_parser_writes_no_file(tmp_path: Path) -> None:
    place = tmp_path / "written.txt"
    assert refusal("write_a_file", str(place).encode()) == damaged("write_a_file")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b""]


def test_what_a_parser_started_ends_with_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1]).encode()
        assert refusal("leave_a_child", port, Limits(wall_seconds=3)) == TOO_LONG
        line, _ = server.accept()
        with line:
            left = int(line.recv(20))
    deadline = time.monotonic() + 10
    while _runs(left) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(left)


def _runs(process: int) -> bool:
    """Whether the process still does something; a dead one may wait for whoever inherits it."""
    try:
        return Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_parser_knows_no_setting_of_ours_and_is_bound_on_every_side(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RECTIFY_SMTP_PASSWORD_FILE", "secret")
    told = asked("tell_its_place", limits=Limits())
    assert set(told.pop("environment")) <= {"PYTHONPATH", "PYTHONUTF8", "LC_CTYPE", "TMPDIR"}
    assert told == {"core": 0, "cpu": 20, "memory": 1024, "leads": True}


def test_a_child_is_found_wherever_the_command_runs(tmp_path: Path) -> None:
    code = (
        "from documents.confined import confined; from strange_parsers import PARSERS; "
        "print(confined('say_length', b'12345', 'a', parsers=PARSERS)['length'])"
    )
    tests = str(Path(__file__).parents[1])
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": tests},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stdout, ran.stderr) == ("5\n", "")


def test_a_parser_that_is_not_in_the_table_is_never_started() -> None:
    with pytest.raises(KeyError):
        confined("os:system", b"", "a")
    assert sorted(REAL) == ["docx", "html", "ods", "odt", "pdf", "xlsx"]


def test_a_system_without_such_bounds_still_has_the_clock(tmp_path: Path) -> None:
    (tmp_path / "resource.py").write_text("raise ImportError\n", "utf-8")
    code = (
        "from documents.confined import Limits, confined; from strange_parsers import PARSERS; "
        "confined('spin', b'', 'a', parsers=PARSERS, limits=Limits(cpu_seconds=1, wall_seconds=3))"
    )
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[1])])
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr.splitlines()[-1] == (
        "rules.errors.UnreadableError: Reading a takes too long and was given up; "
        "divide it, or save it as plain text."
    )
