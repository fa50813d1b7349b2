"""The item: all that is known of it, and the moves that its reader may make now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from starlette.datastructures import FormData
from starlette.responses import Response

from documents.order_docx import order_docx
from models.item import Evidence, Item
from rules.errors import ChangedError, NotAllowedError, NotFoundError, RefusedError
from rules.lifecycle import TAKES, Move
from rules.permissions import ENTRUSTED, Role
from services import evidence, orders
from services.dossiers import Dossier, File, dossier, since
from services.evidence import EvidenceFile
from services.items import act
from services.moves import Wish, entrusting
from services.organisation import person_by_words
from services.visibility import visible_evidence, visible_item
from texts.orders import order_number
from web.deps import Ask, own_fields, redirect
from web.forms import day, files, listed, number, text
from web.guards import local_path
from web.ledger import attached
from web.pages import Family
from web.refusals import status_of
from web.rendering import page, part

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_NAMES = 400
"""People that a form proposes while one types."""
MAIN = (
    Move.CONFIRM,
    Move.ASSIGN,
    Move.ACKNOWLEDGE,
    Move.APPROVE,
    Move.GRANT_EXTENSION,
    Move.GRANT_CANCELLATION,
    Move.REPORT,
)
"""Moves that most likely come next; the first that is possible stands open."""

OWN_FORMS = frozenset({Move.EDIT, Move.SPLIT, Move.MERGE, Move.LINK, Move.UNLINK, Move.CIRCULATE})
"""Moves that ask for what no form of this page gives; web/drafts.py and web/circulars.py make them."""

family = Family()


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a refused form, kept so that nobody has to choose it again. `mark` says that we kept it."""

    name: str
    digest: str
    mark: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A move that was refused, with what was typed."""

    move: Move
    sentence: str
    typed: Mapping[str, str]
    kept: tuple[Kept, ...]


@family.get("/items/{reference}", "view-item")
def show(ask: Ask, reference: str) -> Response:
    """The item's page."""
    return _shown(ask, reference)


def _shown(ask: Ask, reference: str, refused: Refused | None = None, *, status: int = 200) -> Response:
    found = dossier(ask.visit, visible_item(ask.visit, reference))
    seen = number(ask.form, "version") if refused and status == 409 else None
    offers = sorted(
        (one for one in found.offers if one.move not in OWN_FORMS), key=lambda offer: _rank(offer.move)
    )
    moves = [offer.move for offer in offers]
    return page(
        ask,
        "item.html",
        status=status,
        withdrawable=_withdrawable(ask, found),
        may={offer.move.value for offer in found.offers},
        found=found,
        orders=orders.of_item(ask.visit, found.item),
        offers=offers,
        item=found.item,
        today=ask.visit.today,
        zone=ask.visit.office.zone,
        refused=refused,
        news=since(found, seen) if seen is not None else (),
        enters_late=_is_keeper(ask, found.item),
        is_offered=refused is not None and refused.move in moves,
        main=next((move for move in MAIN if move in moves), None),
        people=_names(ask) if any(move in TAKES["to"] | TAKES["verifier"] for move in moves) else (),
        entrusted=_entrusted(found),
    )


@family.get("/items/{reference}/orders/{key}", "view-item")
def order(ask: Ask, reference: str, key: str) -> Response:
    """A supervision order as a document in the reader's language."""
    written = orders.written(ask.visit, visible_item(ask.visit, reference), key)
    name = f"{order_number(ask.locale, written.key)} {written.reference}.docx"
    return attached(order_docx(written, ask.locale, ask.desk.house.settings.template), DOCX, name)


def _is_keeper(ask: Ask, item: Item) -> bool:
    roles = ask.visit.directory.roles(ask.visit.actor.id, item.lead_unit_id, ask.visit.today)
    return Role.COORDINATOR in roles


def _entrusted(found: Dossier) -> dict[str, str]:
    """Whom the item names to verify and to lead it, as forms name people."""
    named = {part.role: f"{part.name} <{part.email}>" for part in found.people}
    return {role.value: named.get(role, "") for role in (Role.VERIFIER, Role.SUPERVISOR)}


def _happened_on(ask: Ask, reference: str) -> date | None:
    """The earlier day of what is entered late; pages take it from coordinators alone."""
    said = day(ask.form, "happened")
    if said is not None and not _is_keeper(ask, visible_item(ask.visit, reference)):
        raise NotAllowedError("Only a coordinator enters on a page what happened on an earlier day.")
    return said


def _withdrawable(ask: Ask, found: Dossier) -> list[File]:
    """The files that the reader may withdraw: a coordinator any, others their own."""
    is_keeper = _is_keeper(ask, found.item)
    return [file for file in found.files if not file.is_withdrawn and (is_keeper or file.is_own)]


def _rank(move: Move) -> int:
    """What comes next first, what ends everything last."""
    if move is Move.CANCEL:
        return len(MAIN) + len(Move)
    return MAIN.index(move) if move in MAIN else len(MAIN) + list(Move).index(move)


def _names(ask: Ask) -> tuple[str, ...]:
    people = ask.visit.directory.contacts.values()
    named = sorted(f"{person.name} <{person.email}>" for person in people if person.active)
    return tuple(named[:MOST_NAMES])


def _making(move: Move) -> None:
    """One address for each move, so that each stands in the table of roles by its own name."""

    def again(ask: Ask, error: RefusedError, reference: str) -> Response:
        visible_item(ask.visit, reference)
        refused = Refused(move, ask.refusal(error), own_fields(ask.form), _keep(ask, reference))
        return _shown(ask, reference, refused, status=status_of(error))

    @family.post(f"/items/{{reference}}/{move.value}", move.value, again=again)
    def make(ask: Ask, reference: str) -> Response:
        visible_item(ask.visit, reference)
        act(ask.visit, reference, _wish(ask, move, reference))
        return redirect(local_path(text(ask.form, "next"), f"/items/{part(reference)}"))


for each in Move:
    if each not in OWN_FORMS:
        _making(each)


def _wish(ask: Ask, move: Move, reference: str) -> Wish:
    form, session = ask.form, ask.visit.session
    to = text(form, "to")
    version = number(form, "version")
    if version is None:
        raise ChangedError("This form does not say what it was made for; open the page anew.")
    return Wish(
        move,
        note=text(form, "note"),
        progress=number(form, "progress"),
        due_on=day(form, "due"),
        until=day(form, "until"),
        answer_on=day(form, "answer"),
        happened_on=_happened_on(ask, reference),
        to=person_by_words(session, to) if to else None,
        co_owners=tuple(person_by_words(session, name) for name in listed(form, "co")),
        entrusted=entrusting(
            {role: text(form, role.value) if role.value in form else None for role in ENTRUSTED},
            lambda name: person_by_words(session, name),
        ),
        evidence=(*_brought_back(ask, reference), *files(form, "evidence")),
        version=version,
        file=_withdrawn(ask, reference),
    )


def _withdrawn(ask: Ask, reference: str) -> Evidence | None:
    """The file that the form names, if it is one of this item."""
    chosen = number(ask.form, "file")
    if chosen is None:
        return None
    found = visible_evidence(ask.visit, chosen)
    if found.item_id != visible_item(ask.visit, reference).id:
        raise NotFoundError("There is no such file.")
    return found


def _keep(ask: Ask, reference: str) -> tuple[Kept, ...]:
    """The files of the form, laid by their hash into the folder; no item speaks of them yet."""
    try:
        sent = (*_brought_back(ask, reference), *files(_rewound(ask.form), "evidence"))
    except RefusedError:
        return ()
    for file in sent:
        evidence.keep(ask.visit.office.folder, file)
    return tuple(Kept(file.name, file.sha256, _mark(ask, reference, file.sha256)) for file in sent)


def _rewound(form: FormData) -> FormData:
    for value in form.getlist("evidence"):
        if not isinstance(value, str):
            value.file.seek(0)
    return form


def _mark(ask: Ask, reference: str, digest: str) -> str:
    """That this person handed this very file in for this item."""
    return ask.desk.signer.mark("kept", ask.visit.actor.id, reference, digest)


def _brought_back(ask: Ask, reference: str) -> tuple[EvidenceFile, ...]:
    """Files that an earlier form brought, by the marks that we gave them."""
    return tuple(_kept_file(ask, reference, str(said)) for said in ask.form.getlist("kept"))


def _kept_file(ask: Ask, reference: str, said: str) -> EvidenceFile:
    mark, digest, name = (*said.split("/", 2), "", "")[:3]
    if not ask.desk.signer.holds(mark, "kept", ask.visit.actor.id, reference, digest):
        raise NotFoundError("There is no such file.")
    # Only now: what bears our mark is a hash, and leads nowhere else.
    return EvidenceFile(name, evidence.place(ask.visit.office.folder, digest).read_bytes())
