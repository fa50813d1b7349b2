"""Looking at everything that the program stands on, in the order in which one would mend it."""

import os
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cli.output import language
from rules import diagnosis
from rules.diagnosis import Part, Verdict
from rules.errors import RefusedError
from texts import say
from texts.labels import label, reason_in_words
from texts.run_labels import FLOWS

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from config.house import House
    from config.settings import Settings

DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def diagnose(settings: "Settings", now: datetime, mail_to: str = "") -> list[Verdict]:
    """Every verdict; each probe waits for seconds at most. `mail_to` gets a test mail."""
    from models.session import open_engine

    engine = open_engine(settings.url, patience=settings.patience)
    try:
        return sorted(_verdicts(settings, engine, now, mail_to), key=_place)
    finally:
        engine.dispose()


def _place(verdict: Verdict) -> int:
    return list(Part).index(verdict.part)


def _verdicts(settings: "Settings", engine: "Engine", now: datetime, mail_to: str) -> Iterator[Verdict]:
    from models import schema
    from services import probes

    found, fault = schema.standing(engine)
    kind = DATABASES[engine.dialect.name]
    database = diagnosis.database(kind, found, schema.HEAD, fault)
    yield database
    yield from _told(Part.CALENDAR, _calendar(settings, now))
    yield from _told(Part.MAIL, _mail(settings, now, mail_to))
    yield diagnosis.sender(settings.mail_from, settings.redirect_all)
    files = list(_secrets(settings))
    yield from diagnosis.secrets(probes.modes(files))
    yield from _prefect(settings, engine.dialect.name)
    yield diagnosis.disk(str(settings.dir), *probes.disk(settings.dir))
    yield from _told(Part.PAPER, _paper(settings.template))
    # Opening the house would make a key that is missing anew, and hide that it was.
    if database.grade is diagnosis.Grade.OK and files[0].exists():
        yield from _told(Part.LOOPS, _inside(settings, now))


def _told(part: Part, verdicts: Iterator[Verdict]) -> Iterator[Verdict]:
    """The verdicts; a refusal among them is one, too."""
    try:
        yield from verdicts
    except RefusedError as error:
        yield diagnosis.refused(part, error.say(partial(say, language())))


def _calendar(settings: "Settings", now: datetime) -> Iterator[Verdict]:
    from config import calendar, policy

    local = now.astimezone(settings.zone)
    known = calendar.load(policy.load(settings.policy).calendar, local.date())
    yield diagnosis.calendar(known.estimated_years, local)


def _mail(settings: "Settings", now: datetime, mail_to: str) -> Iterator[Verdict]:
    from notifications.smtp import Courier, Ruling, is_loopback

    server = settings.server()
    at = f"{server.host}:{server.port}"
    with Courier(server) as courier:
        fault = courier.knock()
        is_near = is_loopback(server.host)
        yield diagnosis.mail(at, server.security.value, server.user, fault, is_near=is_near)
        if mail_to:
            courier.submit("test", settings.mail_from, mail_to, _test_mail(settings, now, mail_to))
            _, answer = courier.collect()
            yield diagnosis.tried_mail(mail_to, answer.said, is_taken=answer.ruling is Ruling.SENT)


def _test_mail(settings: "Settings", now: datetime, address: str) -> bytes:
    from html import escape
    from secrets import token_bytes

    from notifications.wire import Envelope, assemble, message_id

    words = say(language(), "Rectify tries whether letters leave this machine. Nothing is to be done.")
    domain = settings.mail_from.rpartition("@")[2]
    return assemble(
        Envelope(
            message_id=message_id("doctor", token_bytes(), domain),
            sender=settings.mail_from,
            sender_name="Rectify",
            recipient=address,
            recipient_name="",
            reply_to="",
            list_id=f"doctor.{domain}",
            locale=language(),
            planned_at=now.astimezone(settings.zone),
            subject=say(language(), "Test mail"),
            text=f"{words}\n",
            html=f"<p>{escape(words)}</p>",
        )
    )


def _secrets(settings: "Settings") -> Iterator[Path]:
    """The files with secrets that are in use, our own key first."""
    yield settings.secret_file or settings.dir / "secret"
    names = (name for name in type(settings).model_fields if name.endswith("_file"))
    yield from filter(None, (getattr(settings, name) for name in names if name != "secret_file"))
    if settings.oidc and settings.oidc.client_secret_file:
        yield settings.oidc.client_secret_file
    password = settings.dir / "prefect" / "password"
    if password.exists():
        yield password


def _prefect(settings: "Settings", dialect: str) -> Iterator[Verdict]:
    from services import probes
    from services.schedules import Flow, Scheduler, registered

    url = settings.prefect_api
    flows = registered(Scheduler(url, settings.prefect_login()))
    yield diagnosis.prefect(url, flows)
    words = {name: label(FLOWS, name, language()) for name in FLOWS}
    if flows is not None:
        yield diagnosis.schedules([flow.value for flow in Flow], flows, words)
    pools = {flow.pool for flow in (flows or {}).values() if flow.pool}
    yield diagnosis.engine(dialect, pools)
    if flows is not None:
        under = probes.dialect_of_prefect(os.environ, is_ours=not settings.prefect_url)
        yield diagnosis.prefect_engine(under, pools)


def _paper(template: Path | None) -> Iterator[Verdict]:
    from documents import office
    from services import probes

    has_office = all(office.program(form) for form in ("docx", "xlsx", "pdf"))
    yield diagnosis.fonts(probes.chinese_fonts())
    yield diagnosis.paper(has_office=has_office)
    if template:
        from documents.docx_template import own_template

        own_template(template)


def _inside(settings: "Settings", now: datetime) -> Iterator[Verdict]:
    """What only a database of our own version can tell."""
    from config.house import open_house
    from models.session import reading
    from services import restores

    house = open_house(settings)
    with reading(house.engine) as session:
        held = restores.held_since(session)
        yield from diagnosis.restored(held.astimezone(settings.zone) if held else None)
        yield _clock(session, settings, now)
        yield from _loops(session, house, now)
    house.engine.dispose()


def _clock(session: "Session", settings: "Settings", now: datetime) -> Verdict:
    from services import probes

    local = now.astimezone(settings.zone)
    database, last = probes.database_now(session), probes.last_change(session)
    return diagnosis.clock(local, settings.timezone, database, last)


def _loops(session: "Session", house: "House", now: datetime) -> Iterator[Verdict]:
    from services import receipts

    for pulse in receipts.pulses(session, house.office, now):
        name = label(FLOWS, pulse.loop, language())
        yield diagnosis.loop(pulse, name, stopped_by(pulse.error))


def stopped_by(error: str) -> str:
    """What stopped a loop, in the reader's words."""
    from rules.reasons import recall

    reason = recall(error)
    return reason_in_words(reason.sentence.value, reason.values, language()) if reason else error
