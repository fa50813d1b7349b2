"""The main job, lived through once: a report, half a year of work on it, mails, a seal, the next report."""

import asyncio
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from cli.output import language, line, tell
from cli.reading import read_paper, show
from cli.rolled import told_rollup
from cli.story import Deed, Part, Player, Script, script
from config import policy
from config.house import House, actor_for, open_house
from config.settings import FILE_NAME, Settings, load
from documents.paper import Paper
from flows.server import PrefectServer, free_port
from models import schema
from models.organisation import Person
from models.session import open_engine, reading, writing
from notifications.mailbox import Mailbox, write_index
from rules.errors import SettingError
from rules.lifecycle import Kind, State
from rules.periods import Period, covering, following, parse, period
from services import items, lines, listing, organisation, reports, rollups
from services.evidence import EvidenceFile
from services.moves import Wish
from texts import say
from texts.labels import MOVES, STATES, label

READ_AFTER = timedelta(days=5)
"""How long after the end of the reported period the report is read."""
DOCUMENTS = ("ledger.xlsx", "report.docx", "rollup.html")


@dataclass(frozen=True, slots=True)
class Play:
    """A story that is ready to be lived: the house, who coordinates it, the script and the period."""

    house: House
    script: Script
    period: Period
    report_id: int


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
            play = _begin(_found(settings, samples, paper), paper)
        with _step("Waiting for Prefect's server"):
            server.wait()
            os.environ.update(server.environment())
        with _step("Living through %(period)s", period=play.period.key):
            flow_runs = asyncio.run(_live(play))
            _hand_in()
    with _step("Writing the summary"):
        told = _close(play, folder, paper, flow_runs)
    _say_what_to_open(folder, told, time.monotonic() - started)


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
        found = organisation.load(session, content, now=_at(settings, read_on, 8))
    tell("   %(units)d units, %(people)d people", units=len(found.units), people=len(found.people))
    return open_house(settings, today=read_on)


def _at(settings: Settings, day: date, hour: int) -> datetime:
    return datetime.combine(day, clock_time(hour), settings.zone)


def _begin(house: House, paper: Paper) -> Play:
    """Takes the report in, confirms it, and writes the script for its items."""
    start_on = house.office.calendar.on_or_after(_read_on(house.settings, paper))
    now = _at(house.settings, start_on, 9)
    with writing(house.engine) as session:
        coordinator = actor_for(session, None, organisation.root(session), start_on)
        visit = house.visit(session, coordinator, now=now)
        taken = reports.take_in(visit, paper, organisation.root(session))
        done = reports.confirm(visit, taken.report)
        owners = lines.owners_of(session, [item.id for item in done.assigned])
        for item in done.assigned:
            line(
                f"   {item.reference} {item.title} → {lines.names(owners[item.id])}, {item.due_on or '长期'}"
            )
        players = [Player(item.reference, item.due_on) for item in done.assigned]
        lived = following(parse(taken.report.period))
        report_id = taken.report.id
    return Play(house, script(players, start_on, lived, house.office.calendar), lived, report_id)


async def _live(play: Play) -> int:
    """Plays the script day by day; reminders and the period's end are real Prefect flow runs."""
    from flows.period_end import close_periods
    from flows.reminders import send_reminders

    runs = 0
    for day in sorted({deed.on for deed in play.script.deeds} | set(play.script.mornings)):
        if day in play.script.mornings:
            counts = await send_reminders(on=day)
            runs += 1
            tell(
                "   %(day)s reminders: %(planned)d planned, %(sent)d mails sent",
                day=day,
                planned=counts["planned"],
                sent=counts["sent"],
            )
        await asyncio.to_thread(_play_day, play, [deed for deed in play.script.deeds if deed.on == day])
    zone = play.house.settings.zone
    closed_at = (play.period.cut_off_at(zone) + timedelta(minutes=10)).astimezone(zone)
    closed = await close_periods(at=closed_at)
    tell("   %(day)s sealed %(periods)s", day=closed_at.date(), periods=", ".join(closed["sealed"]))
    return runs + 1


def _hand_in() -> None:
    from flows.runtime import hand_in

    hand_in()


def _play_day(play: Play, deeds: list[Deed]) -> None:
    for hour, deed in enumerate(deeds):
        with writing(play.house.engine) as session:
            item = items.by_reference(session, deed.reference)
            owner = lines.owners_of(session, [item.id])[item.id][0]
            actor = owner if deed.part is Part.OWNER else _coordinator(session, deed)
            now = _at(play.house.settings, deed.on, 10) + timedelta(minutes=7 * hour)
            change = items.act(
                play.house.visit(session, actor, now=now, door="demo"), deed.reference, _wish(deed, owner)
            )
            before, after = (label(STATES, state, language()) for state in (change.before, change.after))
            made = label(MOVES, deed.move, language())
            line(f"   {deed.on} {actor.name} {made} {change.reference}: {before} → {after}")


def _coordinator(session: Session, deed: Deed) -> Person:
    return actor_for(session, None, organisation.root(session), deed.on)


def _wish(deed: Deed, owner: Person) -> Wish:
    file = EvidenceFile(f"{deed.evidence}.txt", f"{deed.evidence}\n{deed.note}\n".encode())
    return Wish(
        deed.move,
        deed.note,
        deed.progress,
        deed.due_on,
        owner if deed.move.value == "reassign" else None,
        evidence=(file,) if deed.evidence else (),
    )


def _close(play: Play, folder: Path, paper: Paper, flow_runs: int) -> dict[str, Any]:
    """Lays the documents out and writes summary.json."""
    for name in DOCUMENTS:
        shutil.copyfile(play.house.settings.dir / "periods" / play.period.key / name, folder / name)
    write_index(folder / "mail", "zh_CN")
    told = _summary(play, folder, paper, flow_runs)
    (folder / "summary.json").write_text(
        json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n", "utf-8"
    )
    return told


def _summary(play: Play, folder: Path, paper: Paper, flow_runs: int) -> dict[str, Any]:
    with reading(play.house.engine) as session:
        found = listing.listed(session, play.house.office, play.period.end_on)
        report = reports.report_by_id(session, play.report_id)
        sealed = rollups.stand(
            session,
            play.house.office,
            play.period.key,
            as_of=play.period.cut_off_at(play.house.settings.zone),
        )
    kinds = [item.kind for item in found]
    states = {state.value: sum(item.state is state for item in found) for state in State}
    rolled = told_rollup(sealed)
    return {
        "report": {
            "file": paper.file_name,
            "title": report.title,
            "organisation": report.organisation,
            "period": report.period,
            "sha256": report.sha256,
            "flags": [flag.code for flag in paper.reading.flags],
        },
        "items": {
            "problems": kinds.count(Kind.PROBLEM),
            "measures": kinds.count(Kind.MEASURE),
            "links": sum(len(item.answers) for item in found),
            "by_state": {state: number for state, number in states.items() if number},
        },
        "mails": len(list((folder / "mail").glob("*.eml"))),
        "flow_runs": flow_runs,
        "rollup": {name: rolled[name] for name in ("period", "version", "sha256", "total")},
        "files": sorted(str(path.relative_to(folder)) for path in _files(folder)),
    }


def _files(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in (*DOCUMENTS, "mail/index.html"))
    yield from (folder / "mail").glob("*.eml")


def _say_what_to_open(folder: Path, told: dict[str, Any], seconds: float) -> None:
    made, total = told["items"], told["rollup"]["total"]
    line()
    tell(
        "%(problems)d problems and %(measures)d measures with %(links)d links, %(mails)d mails, "
        "%(flow_runs)d flow runs, %(seconds).0f s.",
        **made,
        mails=told["mails"],
        flow_runs=told["flow_runs"],
        seconds=seconds,
    )
    rates = {name: total[name]["percent"] for name in ("completion", "timeliness")}
    tell("Completion %(completion)s, on time %(timeliness)s.", **rates)
    tell("Look at:")
    for name in ("mail/index.html", "rollup.html", "report.docx", "ledger.xlsx", "summary.json"):
        line(f"  {folder / name}")
    tell("  rectify serve --dir %(folder)s   (the flow runs in Prefect's own pages)", folder=folder)
