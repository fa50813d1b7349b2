"""The main job, lived through once: a report, a year of work on it, mails, two seals, the next reports."""

import asyncio
import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from cli.acts import Act, at, enter_late, first_act, live, next_act
from cli.output import language, line, tell
from cli.reading import read_paper, show
from cli.rolled import told_rollup
from cli.sealing import show_restated, told_restated
from config import policy
from config.house import House, open_house
from config.settings import FILE_NAME, Settings, load
from documents.paper import Paper
from flows.server import PrefectServer, free_port
from models import schema
from models.session import open_engine, reading, writing
from notifications.mailbox import Mailbox, write_index
from rules.errors import SettingError
from rules.lifecycle import Kind, State
from rules.periods import covering, following, period
from services import listing, organisation, reports, rollups
from services.listing import ListedItem
from services.restatements import restate
from texts import say

READ_AFTER = timedelta(days=5)
"""How long after the end of the reported period the report is read."""
FIRST, SECOND = "report_2026H1.txt", "report_2026H2.txt"
DOCUMENTS = ("ledger.xlsx", "report.docx", "rollup.html")


def run(report: Path, folder: Path, samples: Path) -> None:
    """Makes `folder` anew and lives through the report in it; tells each step and how long it took."""
    started = time.monotonic()
    paper = read_paper(report)
    _make_room(folder)
    with ExitStack() as stack:
        mailbox = stack.enter_context(Mailbox(folder / "mail"))
        settings = _settle_in(folder, samples, mailbox.port)
        server = PrefectServer(settings.dir / "prefect", settings.prefect_port)
        server.start()
        stack.callback(server.stop)
        with _step("Reading %(file)s", file=report):
            show(paper)
        with _step("Setting up a fictional bureau, confirming the drafts, handing them over"):
            house = _found(settings, samples, paper)
            act, report_id = first_act(house, paper, _read_on(settings, paper))
        with _step("Waiting for Prefect's server"):
            server.wait()
            os.environ.update(server.environment())
        acts, flow_runs = asyncio.run(_live(act, _second(report, samples)))
        _hand_in()
    with _step("Writing the summary"):
        told = _close(acts, folder, paper, report_id, flow_runs)
    _say_what_to_open(folder, told, time.monotonic() - started)


def _second(report: Path, samples: Path) -> Paper | None:
    """The bureau's own next report, where the first one is the bureau's, too."""
    is_own = report.resolve() == (samples / FIRST).resolve()
    return read_paper(samples / SECOND) if is_own else None


async def _live(act: Act, paper: Paper | None) -> tuple[tuple[Act, Act], int]:
    """Lives through two periods, with an entry between them that comes too late for the first seal."""
    with _step("Living through %(period)s", period=act.period.key):
        flow_runs = await live(act)
    with _step("Entering late what had happened before the seal of %(period)s", period=act.period.key):
        await asyncio.to_thread(enter_late, act)
        show_restated(act.house, act.period.key, json=False)
    with _step("Living through %(period)s", period=following(act.period).key):
        second = await asyncio.to_thread(next_act, act, paper, act.period.end_on + READ_AFTER)
        flow_runs += await live(second)
    return (act, second), flow_runs


@contextmanager
def _step(sentence: str, **values: object) -> Iterator[None]:
    line(f"\n== {say(language(), sentence, **values)} ...")
    started = time.monotonic()
    yield
    tell("   done in %(seconds).1f s", seconds=time.monotonic() - started)


def _make_room(folder: Path) -> None:
    """Removes an earlier demo; a folder with anything else in it is not touched."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / FILE_NAME).is_file() or not (folder / "mail").is_dir():
            raise SettingError(
                "%(folder)s holds something that is no demo; name another with --dir.", folder=folder
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)


def _settle_in(folder: Path, samples: Path, smtp_port: int) -> Settings:
    """Writes the demo's rectify.toml and reads it back; no setting of the caller's reaches in here."""
    for name in [name for name in os.environ if name.startswith(("RECTIFY_", "PREFECT_"))]:
        del os.environ[name]
    home = folder.absolute()
    values: dict[str, str | int] = {
        "policy": str((samples / "policy.toml").absolute()),
        "mail_from": "rectify@yunzhou.example",
        "smtp_port": smtp_port,
        "mailbox": str(home / "mail"),
        "prefect_port": free_port(),
        "locale": "zh_CN",
    }
    rows = (f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items())
    (folder / FILE_NAME).write_text("".join(rows), "utf-8")
    os.environ["RECTIFY_DIR"] = str(home)
    return load()


def _read_on(settings: Settings, paper: Paper) -> date:
    """The working morning on which the report is read, soon after the period that it speaks of."""
    stated = paper.reading.period
    kind = policy.load(settings.policy).policy.deadlines.period
    ended = covering(*stated) if stated else period(kind, date(2026, 1, 1))
    return ended.end_on + READ_AFTER


def _found(settings: Settings, samples: Path, paper: Paper) -> House:
    engine = open_engine(settings.url)
    schema.upgrade(engine)
    read_on = _read_on(settings, paper)
    content = policy.read_toml(samples / "organisation.toml")
    with writing(engine) as session:
        found = organisation.load(session, content, now=at(settings, read_on, 8))
    tell("   %(units)d units, %(people)d people", units=len(found.units), people=len(found.people))
    return open_house(settings, today=read_on)


def _hand_in() -> None:
    from flows.runtime import hand_in

    hand_in()


def _close(
    acts: tuple[Act, Act], folder: Path, paper: Paper, report_id: int, flow_runs: int
) -> dict[str, Any]:
    """Lays out the documents of the period that was sealed last, and writes summary.json."""
    house, last = acts[-1].house, acts[-1].period
    for name in DOCUMENTS:
        shutil.copyfile(house.settings.dir / "periods" / last.key / name, folder / name)
    write_index(folder / "mail", "zh_CN")
    told = _summary(acts, folder, paper, report_id) | {"flow_runs": flow_runs}
    (folder / "summary.json").write_text(
        json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n", "utf-8"
    )
    return told


def _summary(acts: tuple[Act, Act], folder: Path, paper: Paper, report_id: int) -> dict[str, Any]:
    first, last = acts
    house = first.house
    with reading(house.engine) as session:
        found = listing.listed(session, house.office, last.period.end_on)
        report = reports.report_by_id(session, report_id)
        sealed = [_sealed(session, act) for act in acts]
        restated = told_restated(restate(session, house.office, first.period.key))
    return {
        "report": {
            "file": paper.file_name,
            "title": report.title,
            "organisation": report.organisation,
            "period": report.period,
            "sha256": report.sha256,
            "flags": [flag.code for flag in paper.reading.flags],
        },
        "items": _told_items(found),
        "mails": len(list((folder / "mail").glob("*.eml"))),
        "rollups": sealed,
        "restated": {
            side: restated[side]["total"] if side in {"sealed", "current"} else restated[side]
            for side in ("period", "sealed", "current", "differences", "late")
        },
        "files": sorted(str(path.relative_to(folder)) for path in _files(folder)),
    }


def _told_items(found: Sequence[ListedItem]) -> dict[str, Any]:
    kinds = [item.kind for item in found]
    states = {state.value: sum(item.state is state for item in found) for state in State}
    return {
        "problems": kinds.count(Kind.PROBLEM),
        "measures": kinds.count(Kind.MEASURE),
        "links": sum(len(item.answers) for item in found),
        "by_state": {state: number for state, number in states.items() if number},
    }


def _sealed(session: Session, act: Act) -> dict[str, Any]:
    cut_off = act.period.cut_off_at(act.house.settings.zone)
    rolled = told_rollup(rollups.stand(session, act.house.office, act.period.key, as_of=cut_off))
    return {name: rolled[name] for name in ("period", "version", "sha256", "total")}


def _files(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in (*DOCUMENTS, "mail/index.html"))
    yield from (folder / "mail").glob("*.eml")


def _say_what_to_open(folder: Path, told: dict[str, Any], seconds: float) -> None:
    line()
    tell(
        "%(problems)d problems and %(measures)d measures with %(links)d links, %(mails)d mails, "
        "%(flow_runs)d flow runs, %(seconds).0f s.",
        **told["items"],
        mails=told["mails"],
        flow_runs=told["flow_runs"],
        seconds=seconds,
    )
    first, last = told["rollups"]
    restated = told["restated"]["current"]
    tell("%(period)s sealed: completion %(completion)s, on time %(timeliness)s.", **_rates(first))
    tell(
        "%(period)s as known today: completion %(completion)s, on time %(timeliness)s.",
        **_rates({"period": first["period"], "total": restated}),
    )
    tell("%(period)s sealed: completion %(completion)s, on time %(timeliness)s.", **_rates(last))
    tell("Look at:")
    for name in ("mail/index.html", "rollup.html", "report.docx", "ledger.xlsx", "summary.json"):
        line(f"  {folder / name}")
    tell("  the same of %(period)s in %(folder)s", period=first["period"], folder=folder / "periods")
    tell("  rectify serve --dir %(folder)s   (the flow runs in Prefect's own pages)", folder=folder)


def _rates(rolled: dict[str, Any]) -> dict[str, str]:
    total = rolled["total"]
    rates = {name: str(total[name]["percent"]) for name in ("completion", "timeliness")}
    return rates | {"period": rolled["period"]}
