"""Reminders 提醒: what will be sent, what was sent, what is held, and why mail came or did not."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import HTMLResponse, Response

from rules.errors import NotFoundError, RefusedError
from rules.fates import Fate
from rules.leaves import leaf
from services import mailings, releases
from services.mailings import Wanted
from services.visibility import units_for
from texts.labels import LETTERS
from web.deps import Ask, redirect
from web.forms import day, number, text, word
from web.pages import Family
from web.refusals import status_of
from web.rendering import page

ROWS = 50
"""Letters on one page."""
AHEAD = 14
"""Days of the forecast."""
MOST_FORESEEN = 300
"""Digests to come on one page; of a person there are never more."""
MOST_NAMES = 400
"""People that a form proposes while one types."""
SEALED_OFF = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; sandbox"
)
"""For a letter as mail programs show it: it may look like itself and do nothing."""

family = Family()


@dataclass(frozen=True, slots=True)
class Look:
    """What an address asks for: which letters, and which page of them."""

    wanted: Wanted
    number: int

    def words(self) -> dict[str, str]:
        """The address's words, without the page."""
        wanted = self.wanted
        return {
            "state": wanted.fate or "",
            "letter": wanted.letter,
            "person": wanted.person,
            "since": wanted.since.isoformat() if wanted.since else "",
            "until": wanted.until.isoformat() if wanted.until else "",
        }


def look(said: Mapping[str, str]) -> Look:
    """What the words of an address mean.

    Raises:
        WrongMoveError: a word that there is not; a filter that is passed over would show too much.
    """
    wanted = Wanted(
        fate=word(said, "state", Fate),
        letter=text(said, "letter")[:32],
        person=text(said, "person"),
        since=day(said, "since"),
        until=day(said, "until"),
    )
    return Look(wanted, max(1, number(said, "page") or 1))


@family.get("/reminders", "view-reminders")
def show(ask: Ask) -> Response:
    """What the flood guard holds, and one page of the letters that the address asks for."""
    return _outbox(ask)


def _outbox(ask: Ask, sentence: str = "", *, note: str = "", status: int = 200) -> Response:
    asked = look(ask.request.query_params)
    total = mailings.count(ask.visit, asked.wanted)
    shown = leaf(asked.number, total, ROWS)
    return page(
        ask,
        "reminders.html",
        status=status,
        sentence=sentence,
        note=note,
        batches=mailings.held(ask.visit),
        rows=mailings.find(ask.visit, asked.wanted, start=shown.start, most=ROWS),
        words=asked.words(),
        leaf=shown,
        fates=list(Fate),
        letters=list(LETTERS),
        may_read=bool(units_for(ask.visit, "view-letter")),
        may_steer=bool(units_for(ask.visit, "steer-mail")),
    )


def _outbox_again(ask: Ask, error: RefusedError) -> Response:
    return _outbox(ask, ask.refusal(error), note=text(ask.form, "note"), status=status_of(error))


@family.post("/reminders/release", "steer-mail", again=_outbox_again)
def release(ask: Ask) -> Response:
    """Lets the letters of a day go that the flood guard holds."""
    releases.release(ask.visit, day(ask.form, "day"), seen=number(ask.form, "seen"))
    return redirect("/reminders")


@family.post("/reminders/drop", "steer-mail", again=_outbox_again)
def drop(ask: Ask) -> Response:
    """Withdraws the letters of a day that the flood guard holds."""
    form = ask.form
    releases.drop(ask.visit, day(form, "day"), text(form, "note"), seen=number(form, "seen"))
    return redirect("/reminders")


@family.get("/reminders/forecast", "view-reminders")
def forecast(ask: Ask) -> Response:
    """The digests of the next two weeks, if nothing changes."""
    person = text(ask.request.query_params, "person")
    promises = mailings.foreseen(ask.visit, AHEAD, person)
    return page(
        ask,
        "forecast.html",
        person=person,
        people=mailings.names(ask.visit, MOST_NAMES),
        promises=promises[:MOST_FORESEEN],
        total=len(promises),
        ahead=AHEAD,
        has_items="view-item" in ask.may,
    )


@family.get("/reminders/why", "view-reminders")
def why(ask: Ask) -> Response:
    """Why mail came to a person on a day, or did not."""
    said = ask.request.query_params
    person, on = text(said, "person"), day(said, "on") or ask.visit.today
    return page(
        ask,
        "why.html",
        person=person,
        on=on,
        people=mailings.names(ask.visit, MOST_NAMES),
        answer=mailings.why(ask.visit, person, on) if person else None,
        has_items="view-item" in ask.may,
    )


@family.get("/reminders/letters/{letter}", "view-letter")
def read(ask: Ask, letter: str) -> Response:
    """A letter's text, its fate, and the form to have it tried anew."""
    return _letter(ask, letter)


def _letter(ask: Ask, letter: str, sentence: str = "", *, status: int = 200) -> Response:
    found = mailings.sheet(ask.visit, _number(letter))
    is_stuck = found.mailing.fate in {Fate.DEAD, Fate.FAILED}
    return page(ask, "letter.html", status=status, sheet=found, sentence=sentence, is_stuck=is_stuck)


def _letter_again(ask: Ask, error: RefusedError, letter: str) -> Response:
    return _letter(ask, letter, ask.refusal(error), status=status_of(error))


@family.get("/reminders/letters/{letter}/html", "view-letter")
def read_html(ask: Ask, letter: str) -> Response:
    """The letter as mail programs show it, without leave to run or to fetch anything."""
    found = mailings.sheet(ask.visit, _number(letter))
    return HTMLResponse(found.html, headers={"Content-Security-Policy": SEALED_OFF})


@family.post("/reminders/letters/{letter}/again", "steer-mail", again=_letter_again)
def send_again(ask: Ask, letter: str) -> Response:
    """Has a letter tried anew that the mail server did not take."""
    found = mailings.sheet(ask.visit, _number(letter))
    releases.send_again(ask.visit, found.mailing.number)
    return redirect(f"/reminders/letters/{found.mailing.number}")


def _number(letter: str) -> int:
    if not (letter.isascii() and letter.isdigit() and len(letter) < 18):
        raise NotFoundError("There is no such page.")
    return int(letter)
