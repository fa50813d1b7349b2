"""The command as a person or a script meets it: in a process of its own."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from commands import Ended, command, environment
from docx import Document
from imap_server import PASSWORD, ImapServer

from notifications.mailbox import Mailbox

PROJECT = Path(__file__).parent.parent.parent
SAMPLES = PROJECT / "samples"
REPORT = SAMPLES / "report_2026H1.txt"
COORDINATOR = "zhou.min@yunzhou.example"
LEADER = "gao.mingyuan@yunzhou.example"

Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `rectify` in a folder of its own; keyword arguments are settings."""

    def run(*words: object, **settings: object) -> Ended:
        return command(*map(str, words), env=environment(tmp_path / "var", **settings), cwd=tmp_path)

    return run


@pytest.fixture
def house(run: Run) -> Run:
    """A database with the sample organisation, and its policy in force."""
    done = run("init", "--organisation", SAMPLES / "organisation.toml")
    assert done.returncode == 0, done.stderr
    return lambda *words, **settings: run(*words, **({"policy": SAMPLES / "policy.toml"} | settings))


def told(done: Ended) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused(done: Ended) -> str:
    """The one sentence of a refusal."""
    lines = [line for line in done.stderr.splitlines() if not line.startswith("Warning:")]
    assert (done.returncode, len(lines)) == (1, 1), done.stderr
    return lines[0]


def late(house: Run) -> str:
    """A day on which all that was confirmed is overdue, and not so late that decades are to be reckoned."""
    told(house("intake", REPORT, "--unit", "DZ", "--json"))
    told(house("confirm", 1, "--all", "--json"))
    due = max(item["due_on"] for item in told(house("items", "--json")) if item["due_on"])
    return (date.fromisoformat(due) + timedelta(days=28)).isoformat()


def loaded_by(*words: str) -> set[str]:
    """The heavy libraries that a command loads."""
    code = (
        "import sys; sys.argv = ['rectify', *sys.argv[1:]]\n"
        "from cli.main import app\n"
        "try:\n    app()\nexcept SystemExit:\n    pass\n"
        "heavy = {'prefect', 'sqlalchemy', 'pydantic', 'rich', 'jinja2', 'babel', 'holidays', 'docx'}\n"
        "sys.stderr.write(' '.join(sorted(heavy & set(sys.modules))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stderr.split())


def test_help_and_extract_load_nothing_heavy() -> None:
    assert loaded_by("--help") == set()
    assert loaded_by("extract", str(REPORT), "--json") == set()


def test_extract_prints_what_the_scorer_reads(run: Run) -> None:
    found = told(run("extract", REPORT, "--json"))
    text = REPORT.read_text("utf-8")
    assert [item["kind"] for item in found["items"]] == ["problem"] * 5 + ["measure"] * 6
    assert found["period"] == {"start": "2026-01-01", "end": "2026-06-30"}
    assert [text[item["start"] : item["end"]] for item in found["items"]] == [
        i["quote"] for i in found["items"]
    ]
    asked = {"kind", "number", "title", "start", "end", "owners", "deadline", "subitems", "done", "addresses"}
    assert [asked - set(item) for item in found["items"]] == [set()] * 11


def test_extract_tells_a_person_quotes_links_flags_and_rules(run: Run) -> None:
    said = run("extract", REPORT, "--explain").stdout.splitlines()
    assert said[-1] == "5 problems, 6 measures"
    assert [line for line in said if line.startswith("[7]")] == ["[7] Measure （二） 强化物业企业履约监管"]
    assert sum(line.startswith("    found by: ") for line in said) == 11


def test_a_report_goes_from_the_file_to_the_seal(house: Run, tmp_path: Path) -> None:
    taken = told(house("intake", REPORT, "--unit", "DZ", "--json"))
    assert (taken["report"], taken["known"], len(taken["items"])) == (1, False, 11)
    assert told(house("intake", REPORT, "--unit", "DZ", "--json"))["known"] is True
    confirmed = told(house("confirm", 1, "--all", "--json"))
    assert (len(confirmed["assigned"]), confirmed["unowned"]) == (11, [])
    items = told(house("items", "--json"))
    assert {item["state"] for item in items} == {"assigned"}
    [owner] = items[0]["owners"]
    reference, proof = items[0]["reference"], tmp_path / "proof.txt"
    proof.write_text("整改记录", "utf-8")
    for move in (
        ("acknowledge", "--as", owner),
        ("report", "--as", owner, "--progress", "60", "--note", "过半"),
        ("request", "--as", owner, "--due", "2099-01-01", "--note", "材料未到"),
        ("grant", "--as", COORDINATOR),
        ("submit", "--as", owner, "--evidence", proof),
        ("approve", "--as", LEADER),
    ):
        done = house("act", reference, *move)
        assert done.returncode == 0, done.stderr
    closed = told(house("items", "--state", "closed", "--json"))
    assert [(item["reference"], item["progress"]) for item in closed] == [(reference, 100)]
    assert told(house("verify", "--json")) == {"events": 41, "ok": True, "first_bad": None, "fault": None}


def test_reminders_are_planned_delivered_and_foreseen(house: Run, tmp_path: Path) -> None:
    told(house("intake", REPORT, "--unit", "DZ", "--json"))
    told(house("confirm", 1, "--all", "--json"))
    due_on = max(item["due_on"] for item in told(house("items", "--json")) if item["due_on"])
    foreseen = told(house("forecast", "--days", "1", "--on", due_on, "--json"))
    planned = told(house("remind", "--on", due_on, "--plan-only", "--json"))
    again = told(house("remind", "--on", due_on, "--plan-only", "--json"))
    assert sorted(planned) == ["failed", "held", "messages", "overviews", "planned", "sent", "superseded"]
    assert (planned["sent"], planned["held"], again["planned"], again["messages"]) == (0, 0, 0, 0)
    if foreseen:
        assert planned["messages"] == len({line["email"] for line in foreseen})
    with Mailbox(tmp_path / "mail") as mailbox:
        port = mailbox.port
        waiting = len(list((tmp_path / "mail").glob("*.eml")))
        delivered = told(house("deliver", "--json", smtp_port=port))
    assert waiting == 0
    assert delivered == {
        "sent": len(list((tmp_path / "mail").glob("*.eml"))),
        "failed": 0,
        "dead": 0,
        "waiting": 0,
    }
    assert delivered["sent"] >= planned["messages"] > 0


def test_a_check_tells_a_monitor_outside_by_its_exit_code_how_things_are(house: Run, tmp_path: Path) -> None:
    told(house("remind", "--json"))
    assert told(house("receipt", "--plan-only", "--json")) == {"messages": 1, "sent": 0}
    assert house("receipt", "--plan-only").stderr.endswith(
        "No receipt was written: the day has its receipts, or nobody coordinates.\n"
    )
    with Mailbox(tmp_path / "mail") as mailbox:
        stopped = house("check", smtp_port=mailbox.port, smtp_security="starttls")
        well = house("check", smtp_port=mailbox.port)
    assert (stopped.returncode, stopped.stdout.splitlines()[0]) == (
        3,
        "Alarm: the mail server takes no letters from us",
    )
    assert (well.returncode, well.stdout) == (0, "Nothing is the matter.\n")
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 2


def test_a_check_reads_what_came_back_where_a_mailbox_is_named(house: Run, tmp_path: Path) -> None:
    told(house("remind", "--json"))
    password = tmp_path / "password"
    with ImapServer([b"From: a@b.example\n\nhello\n"]) as server:
        box = {"bounce_host": "127.0.0.1", "bounce_port": server.port, "bounce_security": "plain"}
        box |= {"bounce_user": "rectify", "bounce_password_file": password}
        password.write_text("wrong")
        refused_by_it = house("check", **box)
        password.write_text(PASSWORD)
        well = house("check", **box)
    assert (refused_by_it.returncode, refused_by_it.stderr.splitlines()[-1]) == (
        3,
        "The mailbox for returned mail cannot be read: wrong password",
    )
    assert (well.returncode, server.seen) == (0, {1})


def test_a_check_without_a_database_cannot_run_and_says_so(run: Run) -> None:
    assert refused(run("check")) == "There is no Rectify database here yet; run rectify init first."


def test_a_dry_run_names_readers_and_leaves_the_day_to_be_planned(house: Run) -> None:
    on = late(house)
    rehearsed = told(house("remind", "--on", on, "--dry-run", "--json"))
    said = house("remind", "--on", on, "--dry-run").stdout.splitlines()
    planned = told(house("remind", "--on", on, "--plan-only", "--json"))
    digests = [one for one in rehearsed["letters"] if one["letter"] in {"digest", "escalation"}]
    assert {name: planned[name] for name in rehearsed["planned"]} == rehearsed["planned"]
    assert len(digests) == planned["messages"] > 0
    assert said[-1] == (
        f"Nothing was stored or sent. A run on {on} leaves "
        f"{len(rehearsed['letters'])} letters to go and 0 held."
    )


def test_why_a_mail_came_or_did_not_is_said_in_the_reader_s_language(house: Run) -> None:
    on = late(house)
    told(house("remind", "--on", on, "--plan-only", "--json"))
    email = told(house("items", "--json"))[0]["owners"][0]
    answer = told(house("why", email, "--on", on, "--json"))
    [letter] = answer["letters"]
    assert ([reason["reason"] for reason in letter["reasons"]], letter["attempts"]) == (["waits"], 0)
    assert {item["reasons"][0]["reason"] for item in answer["items"] if item["is_decided"]} == {"planned"}
    english = house("why", email, "--on", on).stdout.splitlines()
    chinese = house("why", email, "--on", on, locale="zh_CN").stdout.splitlines()
    waits = ("  Waits in the outbox for the next delivery.", "  在发件箱中等待下一次投递。")
    assert (len(english), english.count(waits[0]), chinese.count(waits[1])) == (len(chinese), 1, 1)
    quiet = house("why", COORDINATOR, "--on", "2026-01-05").stdout.splitlines()
    assert quiet[-1] == "11 more items brought nothing that day; --all names them."
    everything = house("why", COORDINATOR, "--on", "2026-01-05", "--all").stdout.splitlines()
    assert everything.count("  It had not been entered yet.") == 11
    assert refused(house("why", "nobody@x.example")) == "Nobody here has the address nobody@x.example."


def test_a_pause_is_asked_for_shown_and_lifted(house: Run) -> None:
    told(house("intake", REPORT, "--unit", "DZ", "--json"))
    told(house("confirm", 1, "--all", "--json"))
    item = told(house("items", "--json"))[0]
    act = ("act", item["reference"])
    assert refused(house(*act, "pause", "--as", COORDINATOR, "--note", "等待资金")) == (
        f"Say on which later day the reminders of {item['reference']} go on."
    )
    pause = house(*act, "pause", "--as", COORDINATOR, "--note", "等待资金", "--until", "2099-01-05")
    assert pause.returncode == 0, pause.stderr
    [shown] = [one for one in told(house("items", "--json")) if one["resumes_on"]]
    assert (shown["reference"], shown["resumes_on"], shown["pause_note"]) == (
        *(item["reference"], "2099-01-05"),
        "等待资金",
    )
    assert house("items").stdout.count("Assigned (paused until 2099-01-05)") == 1
    foreseen = house("forecast").stdout.splitlines()
    assert foreseen[-1] == f"Paused until 2099-01-05: {item['reference']} {item['title']} (等待资金)"
    assert house(*act, "resume", "--as", COORDINATOR).returncode == 0
    assert {one["resumes_on"] for one in told(house("items", "--json"))} == {None}


def test_a_period_is_rolled_up_and_written_as_documents(run: Run, tmp_path: Path) -> None:
    told(
        run("sample", "--units", 4, "--people", 8, "--items", 40, "--seed", 2, "--on", "2026-06-15", "--json")
    )
    rolled = told(run("rollup", "2026H1", "--seal", "--json"))
    again = told(run("rollup", "2026H1", "--seal", "--json"))
    early = told(run("rollup", "2026H1", "--as-of", "2026-05-31T24:00+08:00", "--json"))
    assert (rolled["sealed"], rolled["version"], rolled["restated"]) == (True, 1, False)
    assert again == rolled
    assert (early["sealed"], early["cut_off"]) == (False, "2026-06-01T00:00:00+08:00")
    assert sum(unit["own"]["in_scope"] for unit in rolled["units"]) == rolled["total"]["in_scope"]
    for name, first in (("docx", b"PK"), ("xlsx", b"PK"), ("html", b"<!"), ("rollup", b"<!"), ("md", b"# ")):
        out = tmp_path / f"out.{name}"
        assert run("report", "2026H1", "--format", name, "--out", out).returncode == 0
        assert out.read_bytes()[:2] == first


def test_documents_are_set_in_the_office_s_own_template(house: Run, tmp_path: Path) -> None:
    own, fresh = tmp_path / "own.docx", ("template", tmp_path / "own.docx")
    assert house(*fresh).stdout == f"{own}\n"
    assert refused(house(*fresh)) == f"{own} is there already; name another file."
    document = Document(str(own))
    document.add_paragraph("云州市住房和城乡建设局文件")
    document.save(str(own))
    told(house("intake", REPORT, "--unit", "DZ", "--json"))
    told(house("confirm", "1", "--all", "--json"))
    order = ("order", "2026H1-P01", "--as", COORDINATOR, "--note", "请抓紧。")
    for name, words in (
        ("report", ("report", "2026H1", "--out")),
        ("order", (*order, "--out")),
        ("circular", ("circular", "--as", COORDINATOR, "--title", "通报", "--note", "缓慢。", "--out")),
    ):
        out = tmp_path / f"{name}.docx"
        assert house(*words, out, template=own, locale="zh_CN").returncode == 0
        assert Document(str(out)).paragraphs[0].text == "云州市住房和城乡建设局文件"


def test_two_people_seal_and_lift_a_seal_and_late_entries_stand_beside_it(house: Run, tmp_path: Path) -> None:
    policy = tmp_path / "four-eyes.toml"
    policy.write_text('[seal]\nby = "four-eyes"\n', "utf-8")
    told(house("intake", REPORT, "--unit", "DZ", "--json"))
    told(house("confirm", "1", "--all", "--json"))
    rollup = lambda *words: house("rollup", "2026H1", *words, policy=policy)  # noqa: E731
    proposed = rollup("--seal", "--json")
    assert (told(proposed)["sealed"], proposed.stderr) == (
        False,
        "2026H1 is proposed for sealing; a supervising leader confirms it with --seal.\n",
    )
    assert refused(rollup("--seal")).startswith("zhou.min@yunzhou.example may not do this")
    assert told(rollup("--seal", "--as", LEADER, "--json"))["version"] == 1
    assert refused(rollup("--unseal")) == "Say why: this needs a reason."
    late = (
        "act",
        "2026H1-M03",
        "cancel",
        "--as",
        COORDINATOR,
        "--note",
        "重复",
        "--happened-on",
        "2026-06-29",
    )
    assert house(*late).returncode == 0
    beside = told(rollup("--restated", "--json"))
    assert [(one["reference"], one["why"]) for one in beside["differences"]] == []
    assert [(one["reference"], one["happened_on"]) for one in beside["late"]] == [
        ("2026H1-M03", "2026-06-29")
    ]
    assert told(rollup("--unseal", "--note", "有误", "--json"))["version"] == 1
    assert not told(rollup("--unseal", "--note", "同意", "--as", LEADER, "--json"))["sealed"]
    assert house("verify").returncode == 0


def test_verify_names_the_event_after_one_byte_was_changed(house: Run, tmp_path: Path) -> None:
    told(house("intake", REPORT, "--unit", "DZ", "--json"))
    database = sqlite3.connect(tmp_path / "var" / "rectify.db")
    database.execute("drop trigger event_refuses_update")
    database.execute("update event set door = 'Command' where position = 4")
    database.commit()
    database.close()
    done = house("verify", "--json")
    assert (done.returncode, json.loads(done.stdout)["first_bad"]) == (1, 4)
    assert refused(done) == "Event 4 (read, item:2026H1-P02) was changed after it was written."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("intake", "missing.txt", "--unit", "DZ"), "missing.txt cannot be read: No such file or directory."),
        (("intake", REPORT, "--unit", "XX"), None),
        (("intake", REPORT, "--unit", "DZ", "--as", "nobody@x.example"), None),
        (("confirm", 7, "--all"), "There is no report 7; this database holds 0."),
        (("act", "2026H1-P01", "approve", "--as", COORDINATOR), "There is no item 2026H1-P01."),
        (("rollup", "2026H3"), "2026H3 is no period; write 2026-11, 2026Q4, 2026H2 or 2026."),
        (
            ("rollup", "2999H2", "--seal"),
            "The period 2999H2 runs until 2999-12-31; it can be sealed after that day.",
        ),
        (("init", "--organisation", SAMPLES / "organisation.toml"), None),
        (("init", "--organisation", REPORT), None),
        (
            ("report", "2026H1", "--out", "no/such/folder/x.docx"),
            "There is no folder no/such/folder to write into.",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    house: Run, words: tuple[object, ...], sentence: str | None
) -> None:
    said = refused(house(*words))
    assert said.endswith(".")
    if sentence is not None:
        assert said == sentence


@pytest.mark.parametrize(
    "words",
    [
        ("act", "X", "fly", "--as", COORDINATOR),
        ("act", "X", "approve"),
        ("remind", "--on", "tomorrow"),
        ("rollup", "2026H1", "--as-of", "noon"),
        ("confirm", "1"),
        ("nonsense",),
    ],
)
def test_wrong_usage_ends_with_2(house: Run, words: tuple[str, ...]) -> None:
    done = house(*words)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"lease": 10, "smtp_deadline": 20}, "RECTIFY_LEASE"),
        ({"smtp_host": "mail.example"}, "mail to mail.example would go unencrypted"),
        ({"timezone": "Mars/Olympus"}, "Mars/Olympus is no time zone"),
        ({"policy": "nowhere.toml"}, "nowhere.toml cannot be read"),
        ({"smtp_security": "maybe"}, "RECTIFY_SMTP_SECURITY"),
    ],
)
def test_a_wrong_setting_is_named(house: Run, settings: dict[str, object], sentence: str) -> None:
    said = refused(house("items", **settings))
    assert sentence in said


def test_without_a_database_the_next_step_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    assert refused(run("items")) == "There is no Rectify database here yet; run rectify init first."


def test_a_held_database_costs_one_sentence_and_nothing_is_half_done(house: Run, tmp_path: Path) -> None:
    told(house("intake", REPORT, "--unit", "DZ", "--json"))
    holder = sqlite3.connect(tmp_path / "var" / "rectify.db", isolation_level=None)
    holder.execute("begin immediate")
    said = refused(house("confirm", 1, "--all", patience=0.3))
    holder.execute("rollback")
    holder.close()
    assert said == "The database is held by another program; nothing was changed. Try again in a moment."
    assert {item["state"] for item in told(house("items", "--json"))} == {"draft"}


def test_a_chinese_office_reads_chinese(house: Run) -> None:
    said = refused(house("act", "2026H1-P01", "approve", "--as", COORDINATOR, locale="zh_CN"))
    assert said == "没有编号为 2026H1-P01 的事项。"


def test_a_mail_server_that_is_away_loses_nothing_and_fails_visibly(house: Run) -> None:
    told(house("intake", REPORT, "--unit", "DZ", "--json"))
    letters = len({item["due_on"] for item in told(house("confirm", 1, "--all", "--json"))["assigned"]})
    delivered = told(house("deliver", "--json", smtp_port=9, smtp_deadline=2, lease=3))
    assert letters > 0
    assert (delivered["sent"], delivered["dead"], delivered["failed"]) == (0, 0, delivered["waiting"])
    assert delivered["waiting"] > 0


def test_the_password_is_never_shown(house: Run, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("correct-horse-battery", "utf-8")
    done = house("deliver", smtp_password_file=secret, smtp_user="rectify")
    assert "correct-horse-battery" not in done.stdout + done.stderr


def test_a_draft_is_put_right_on_the_command_line_before_it_is_confirmed(house: Run) -> None:
    assert house("intake", REPORT, "--unit", "DZ").returncode == 0
    named = ("--title", "整治工地隐患", "--due", "2026-12-18", "--owner", COORDINATOR, "--last", "立行立改")
    edited = told(house("edit", "2026H1-M03", *named, "--json"))
    assert (edited["reference"], edited["title"]) == ("2026H1-M03", "整治工地隐患")
    assert told(house("split", "2026H1-M01", "--at", "建立网格员", "--json"))["reference"] == "2026H1-M07"
    assert told(house("merge", "2026H1-M07", "--into", "2026H1-M01", "--json"))["reference"] == "2026H1-M01"
    assert told(house("edit", "2026H1-M06", "--kind", "problem", "--json"))["reference"] == "2026H1-P06"
    assert house("link", "2026H1-M05", "2026H1-P01").returncode == 0
    assert refused(house("link", "2026H1-M05", "2026H1-P01")) == "2026H1-M05 answers this problem already."
    assert house("unlink", "2026H1-M05", "2026H1-P01").returncode == 0
    assert refused(house("edit", "2026H1-M03")) == "Nothing of 2026H1-M03 would change; say what should."
    assert house("confirm", "1", "2026H1-M03").returncode == 0
    items = {item["reference"]: item for item in told(house("items", "--json"))}
    item = items["2026H1-M03"]
    assert (item["owners"], item["due_on"], item["state"]) == ([COORDINATOR], "2026-12-18", "assigned")
    assert item["body"].endswith("隐患立行立改")
    assert {items[gone]["state"] for gone in ("2026H1-M07", "2026H1-M06")} == {"cancelled"}
    assert house("act", "2026H1-M03", "edit", "--as", COORDINATOR).returncode == 2


def test_a_supervision_order_is_issued_written_and_written_again(house: Run, tmp_path: Path) -> None:
    told(house("intake", REPORT, "--unit", "DZ", "--json"))
    told(house("confirm", 1, "--all", "--json"))
    reference = told(house("items", "--json"))[0]["reference"]
    first, again = tmp_path / "order.docx", tmp_path / "again.docx"
    order = ("order", reference, "--as", COORDINATOR)
    assert refused(house(*order)) == f"Say why: order on {reference} needs a note."
    nowhere = house(*order, "--note", "逐日报告", "--out", tmp_path / "no" / "order.docx")
    assert refused(nowhere) == f"There is no folder {tmp_path / 'no'} to write into."
    issued = house(*order, "--note", "逐日报告", "--by", "2099-01-05", "--out", first)
    assert issued.returncode == 0, issued.stderr
    key = told(house(*order, "--note", "逐日报告", "--json"))["key"]
    year = key.partition("-")[0]
    assert issued.stdout.splitlines()[0] == f"Supervision order No. 1 of {year}: {reference}."
    assert key == f"{year}-2"
    assert house(*order, "--again", f"{year}-1", "--out", again).returncode == 0
    assert again.read_bytes() == first.read_bytes()


def test_a_circular_is_issued_about_a_list_written_and_written_again(house: Run, tmp_path: Path) -> None:
    told(house("intake", REPORT, "--unit", "DZ", "--json"))
    told(house("confirm", 1, "--all", "--json"))
    first, again = tmp_path / "circular.docx", tmp_path / "again.docx"
    circular = ("circular", "--as", COORDINATOR)
    words = ("--title", "关于整改事项的通报", "--note", "请抓紧整改")
    overdue = told(house("items", "--light", "overdue", "--json"))
    named = told(house("items", "--kind", "problem", "--json"))
    assert refused(house(*circular, "--kind", "problem", "--note", "x")) == (
        "Give the circular a title of at most 200 characters."
    )
    assert refused(house(*circular, *words, "--state", "closed")) == (
        "Choose the items that the circular names."
    )
    nowhere = house(*circular, *words, "--out", tmp_path / "no" / "circular.docx")
    assert refused(nowhere) == f"There is no folder {tmp_path / 'no'} to write into."
    issued = house(*circular, *words, "--kind", "problem", "--out", first)
    assert issued.returncode == 0, issued.stderr
    found = told(house(*circular, *words, "--kind", "problem", "--json"))
    year = found["key"].partition("-")[0]
    assert issued.stdout.splitlines()[0] == f"Circular No. 1 of {year}: 关于整改事项的通报"
    assert found["key"] == f"{year}-2"
    assert {it["reference"] for it in found["entries"]} == {it["reference"] for it in named}
    late = {it["reference"] for it in found["entries"] if it["late_working_days"]}
    assert late == {it["reference"] for it in overdue if it["kind"] == "problem"}
    assert house(*circular, "--again", f"{year}-1", "--out", again).returncode == 0
    assert again.read_bytes() == first.read_bytes()
