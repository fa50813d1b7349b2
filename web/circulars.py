"""Circulars 通报: a list of the ledger made known to the units in charge, and earlier ones as documents."""

from collections.abc import Iterable

from starlette.responses import Response

from documents.circular_docx import circular_docx
from rules.errors import RefusedError, WrongMoveError
from rules.lifecycle import Move
from services import circulars
from services.circulars import Chosen
from texts.orders import circular_number
from web.deps import Ask, own_fields, redirect
from web.forms import text
from web.items import DOCX
from web.ledger import attached, look
from web.pages import Family
from web.refusals import refused, status_of
from web.rendering import page

family = Family()


@family.get("/circulars", "view-circular")
def show(ask: Ask) -> Response:
    """The circulars that the reader may have again."""
    return page(ask, "circulars.html", rows=circulars.listed(ask.visit))


@family.get("/circulars/{circular}/document", "view-circular")
def document(ask: Ask, circular: str) -> Response:
    """A circular as a document in the reader's language."""
    written = circulars.written(ask.visit, circular)
    name = f"{circular_number(ask.locale, written.key)}.docx"
    return attached(circular_docx(written, ask.locale, ask.desk.house.settings.template), DOCX, name)


@family.get("/circulars/new", Move.CIRCULATE.value)
def begin(ask: Ask) -> Response:
    """What a circular about the list of the address would name, and the form that issues it."""
    return _shown(ask)


def _shown(ask: Ask, error: RefusedError | None = None) -> Response:
    asked = look(_filter(ask) if error else ask.request.query_params)
    total = circulars.count(ask.visit, asked.wanted)
    fits = total <= circulars.MOST
    return page(
        ask,
        "circular.html",
        status=status_of(error) if error else 200,
        sentence=ask.refusal(error) if error else "",
        typed=own_fields(ask.form),
        chosen=[one.reference for one in _chosen(ask)] if error else None,
        words=asked.words(),
        total=total,
        most=circulars.MOST,
        longest=circulars.LONGEST_TITLE,
        rows=circulars.candidates(ask.visit, asked.wanted) if fits else [],
    )


def _filter(ask: Ask) -> dict[str, str]:
    """What the form was made for, in the words of the ledger's address."""
    return {name: value for name, value in ask.form.items() if isinstance(value, str)}


def _again(ask: Ask, error: RefusedError) -> Response:
    """The same list with what was typed, for who may issue a circular."""
    return _shown(ask, error) if Move.CIRCULATE.value in ask.may else refused(ask, error)


@family.post("/circulars", Move.CIRCULATE.value, again=_again)
def issue(ask: Ask) -> Response:
    """Issues the circular about the chosen items, as they were when they were shown."""
    circulars.issue(ask.visit, text(ask.form, "title"), text(ask.form, "note"), list(_chosen(ask)))
    return redirect("/circulars")


def _chosen(ask: Ask) -> Iterable[Chosen]:
    """The items that were ticked: version and reference of each."""
    for said in ask.form.getlist("item"):
        version, _, reference = str(said).partition(" ")
        if not (version.isascii() and version.isdecimal() and len(version) < 10):
            raise WrongMoveError("This form does not say what it was made for; open the page anew.")
        yield Chosen(reference, int(version))
