"""Audit 审计: the history with filters, what each event changed, its check, and the list as a file."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from starlette.responses import Response

from documents.lists import Cell, csv_of, xlsx_of
from rules.errors import WrongMoveError
from rules.leaves import leaf
from services import audits
from services.audits import Recorded, Wanted
from services.visibility import units_for
from texts.event_labels import EVENTS, detail_word, door_word, event_word
from texts.labels import ROLES, STATES, label
from web.deps import Ask
from web.forms import day, number, text
from web.ledger import XLSX, attached
from web.pages import Family
from web.rendering import page

ROWS = 50
"""Events on one page."""
MOST = 50_000
"""Events of one file."""
Changes = Sequence[tuple[str, str, str]]

family = Family()


def _wanted(said: Mapping[str, str]) -> Wanted:
    return Wanted(
        first_on=day(said, "from"),
        last_on=day(said, "to"),
        who=text(said, "who"),
        move=text(said, "move"),
        about=text(said, "about"),
        unit=text(said, "unit"),
    )


@family.get("/audit", "view-audit")
def show(ask: Ask) -> Response:
    """One page of the events that the address asks for."""
    return _page(ask)


@family.get("/audit/check", "view-audit")
def check(ask: Ask) -> Response:
    """Recomputes the history and looks at the seals, then shows the verdict above the events."""
    return _page(ask, _verdict(ask))


def _page(ask: Ask, verdict: tuple[bool, str] | None = None) -> Response:
    said = ask.request.query_params
    wanted = _wanted(said)
    total = audits.count(ask.visit, wanted)
    shown = leaf(number(said, "page"), total, ROWS)
    found = audits.find(ask.visit, wanted, start=shown.start, most=ROWS)
    names = ("from", "to", "who", "move", "about", "unit")
    return page(
        ask,
        "audit.html",
        rows=[(row, changes(ask, row)) for row in found],
        verdict=verdict,
        words={name: text(said, name) for name in names},
        moves=sorted((event_word(name, ask.locale), name) for name in EVENTS),
        units=_units(ask),
        zone=ask.visit.office.zone,
        leaf=shown,
    )


def _units(ask: Ask) -> list[tuple[str, str]]:
    """Code and name of each unit whose events the reader may see."""
    units = ask.visit.directory.units
    return [(units[key].code, units[key].name) for key in sorted(units_for(ask.visit, "view-audit"))]


def _verdict(ask: Ask) -> tuple[bool, str]:
    """Whether all holds, and the sentence that says so or says what does not."""
    found = audits.check(ask.visit)
    if found.fault and audits.sees_all(ask.visit):
        return False, ask.tell(found.fault.sentence, **found.fault.values)
    if found.fault:
        # The sentence may name an item of others.
        return False, ask.tell(
            "The history is not as it was written, from event %(position)s on.", position=found.fault.position
        )
    if found.seals:
        first = found.seals[0]
        if audits.sees_all(ask.visit):
            return False, ask.tell(first.fault.value, **first.values)
        return False, ask.tell("The seal of %(period)s does not hold.", period=first.period)
    return True, ask.tell("%(events)d events, each as it was written; all seals hold.", events=found.events)


def changes(ask: Ask, row: Recorded) -> Changes:
    """What the event changed: name, what was, what is; "" where only one of them says something."""
    what = row.what
    found: list[tuple[str, str, str]] = []
    if what.after:
        before = label(STATES, what.before, ask.locale) if what.before else ""
        found.append((ask.tell("State"), before, label(STATES, what.after, ask.locale)))
    if what.owners:
        found.append((ask.tell("Owners"), what.owners[0] or "—", what.owners[1] or "—"))
    if what.due_on:
        found.append((ask.tell("Deadline in force"), _day(what.due_on[0]), _day(what.due_on[1])))
    if what.proposed_on and not what.due_on:
        found.append((ask.tell("Proposed deadline"), "", _day(what.proposed_on)))
    if what.progress:
        found.append((ask.tell("Progress"), f"{what.progress[0]}%", f"{what.progress[1]}%"))
    if what.files:
        found.append((ask.tell("Evidence"), "", "、".join(what.files)))
    return [*found, *(_detail(ask, *each) for each in row.details)]


def _detail(ask: Ask, name: str, value: str) -> tuple[str, str, str]:
    known = name == "role" and value in ROLES
    return detail_word(name, ask.locale), "", label(ROLES, value, ask.locale) if known else value


def _day(on: date | None) -> str:
    return on.isoformat() if on else "—"


@family.get("/audit.csv", "view-audit")
def as_csv(ask: Ask) -> Response:
    """All events that the address asks for, the newest first."""
    return attached(csv_of(_heads(ask), _cells(ask)), "text/csv; charset=utf-8", f"{_file_name(ask)}.csv")


@family.get("/audit.xlsx", "view-audit")
def as_xlsx(ask: Ask) -> Response:
    """As csv, as a workbook."""
    content = xlsx_of(ask.tell("History"), _heads(ask), _cells(ask), now=ask.now)
    return attached(content, XLSX, f"{_file_name(ask)}.xlsx")


def _file_name(ask: Ask) -> str:
    return f"{ask.tell('History')}-{ask.visit.today.isoformat()}"


def _heads(ask: Ask) -> Sequence[str]:
    return (
        ask.tell("No."),
        ask.tell("Time"),
        ask.tell("Who"),
        ask.tell("Through"),
        ask.tell("Move"),
        ask.tell("About"),
        ask.tell("Title"),
        ask.tell("Unit"),
        ask.tell("What changed"),
        ask.tell("Note"),
        "SHA-256",
    )


def _cells(ask: Ask) -> Iterator[Sequence[Cell]]:
    wanted = _wanted(ask.request.query_params)
    if audits.count(ask.visit, wanted) > MOST:
        raise WrongMoveError(
            "These are more than %(most)d events; narrow them by time first, and save part after part.",
            most=MOST,
        )
    for row in audits.every(ask.visit, wanted):
        told = "; ".join(_told(*change) for change in changes(ask, row))
        at = row.what.at.astimezone(ask.visit.office.zone).isoformat(sep=" ", timespec="seconds")
        yield (
            row.position,
            at,
            row.what.by,
            door_word(row.door, ask.locale),
            event_word(row.what.move, ask.locale),
            row.reference or row.subject,
            row.title,
            row.unit,
            told,
            row.what.note,
            row.hash,
        )


def _told(name: str, was: str, now: str) -> str:
    return f"{name}: {was} → {now}" if was else f"{name}: {now}"
