"""Lists of people: the organisation's people as a file, and a file looked through and taken in."""

from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from dataclasses import dataclass

from starlette.responses import Response

from documents.lists import csv_of, xlsx_of
from documents.rosters import read_roster
from models.session import reading, rehearsing, writing
from rules.errors import NotAllowedError, RefusedError, UnreadableError, WrongMoveError
from services import rosters
from services.rosters import Step
from web.deps import Ask, SignInFirstError, seated
from web.forms import files, text
from web.ledger import XLSX, attached
from web.pages import Family
from web.refusals import status_of
from web.rendering import page

LARGEST = 600_000
"""Bytes of a list: it travels within a form between its preview and its taking in."""

family = Family()


@dataclass(frozen=True, slots=True)
class Handed:
    """A list that was handed in."""

    name: str
    content: bytes

    @property
    def packed(self) -> str:
        """The file as words that a form can hold."""
        return b64encode(self.content).decode()


@family.get("/organisation/people.csv", "view-organisation")
def as_csv(ask: Ask) -> Response:
    """The people whom the reader may see, as csv."""
    heads, rows = rosters.table(rosters.listed(ask.visit), ask.locale)
    return attached(csv_of(heads, rows), "text/csv; charset=utf-8", f"{_file_name(ask)}.csv")


@family.get("/organisation/people.xlsx", "view-organisation")
def as_xlsx(ask: Ask) -> Response:
    """As csv, as a workbook."""
    heads, rows = rosters.table(rosters.listed(ask.visit), ask.locale)
    content = xlsx_of(ask.tell("People"), heads, rows, now=ask.now)
    return attached(content, XLSX, f"{_file_name(ask)}.xlsx")


def _file_name(ask: Ask) -> str:
    return f"{ask.tell('People')}-{ask.visit.today.isoformat()}"


@family.get("/organisation/import", "edit-organisation")
def show(ask: Ask) -> Response:
    """The form for a list of people."""
    return _shown(ask)


def _shown(
    ask: Ask,
    sentence: str = "",
    *,
    steps: list[Step] | None = None,
    handed: Handed | None = None,
    status: int = 200,
) -> Response:
    told = [(step, ask.refusal(step.error) if step.error else "") for step in steps or ()]
    return page(
        ask,
        "roster.html",
        status=status,
        sentence=sentence,
        steps=sorted(told, key=lambda pair: (pair[0].error is None, pair[0].line)),
        counts=rosters.counts(steps) if steps is not None else None,
        handed=handed,
    )


def _again(ask: Ask, error: RefusedError) -> Response:
    return _shown(_allowed(ask), ask.refusal(error), status=status_of(error))


@family.post("/organisation/import", "edit-organisation", again=_again, is_alone=True)
def preview(ask: Ask) -> Response:
    """What the list would change: it is taken in, and everything is undone."""
    engine = ask.desk.house.engine
    with reading(engine) as session:
        _allowed(seated(ask, session))
    sent = files(ask.form, "list")
    if not sent:
        raise WrongMoveError("Choose the file of a list of people.")
    if len(sent[0].content) > LARGEST:
        raise UnreadableError("%(name)s is larger than a list of people may be.", name=sent[0].name)
    handed = Handed(sent[0].name, sent[0].content)
    entries = read_roster(handed.content, handed.name)
    with rehearsing(engine) as session:
        editor = _allowed(seated(ask, session))
        return _shown(editor, steps=rosters.apply(editor.visit, entries), handed=handed)


@family.post("/organisation/import/apply", "edit-organisation", again=_again, is_alone=True)
def take_in(ask: Ask) -> Response:
    """Takes the list in that was looked through, and says what it brought. Sent twice, it changes nothing."""
    engine = ask.desk.house.engine
    with reading(engine) as session:
        _allowed(seated(ask, session))
    handed = _handed(ask)
    entries = read_roster(handed.content, handed.name)
    with writing(engine) as session:
        editor = _allowed(seated(ask, session))
        return _shown(editor, steps=rosters.apply(editor.visit, entries))


def _handed(ask: Ask) -> Handed:
    try:
        content = b64decode(str(ask.form.get("content", "")), validate=True)
    except (NoBase64, ValueError) as error:
        raise WrongMoveError("Choose the file of a list of people.") from error
    if not content:
        raise WrongMoveError("Choose the file of a list of people.")
    return Handed(text(ask.form, "name")[:255] or "list.csv", content)


def _allowed(ask: Ask) -> Ask:
    if ask.person is None:
        raise SignInFirstError
    if "edit-organisation" not in ask.may:
        raise NotAllowedError("You may not do this here.")
    return ask
