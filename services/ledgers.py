"""The ledger of a period as plain values for the documents: sealed figures, with the words beside them."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.ledger import Ledger, LedgerRow
from models.event import Event
from models.item import Assignment, Evidence, Item, Link
from models.organisation import Unit
from rules.lifecycle import Move
from rules.lights import light
from rules.permissions import Role
from rules.rollup import Rollup, Standing
from services import rollups, summaries
from services.office import Office
from services.organisation import Directory
from services.repeats import earlier_of


def ledger(
    session: Session, office: Office, key: str, *, as_of: datetime, is_asked: bool = False, earlier: int = 0
) -> Ledger:
    """The ledger of the period `key`: from its seal where there is one, else as of `as_of`.

    `is_asked` ignores the seal: somebody wants that very instant. So many `earlier` periods are counted with
    it, for a trend.
    """
    before = summaries.earlier(session, office, key, as_of=as_of, is_asked=is_asked, many=earlier)
    found = rollups.stand(session, office, key, as_of=as_of, is_asked=is_asked)
    return Ledger(
        organisation=_organisation(found.rollup),
        rollup=found.rollup,
        rows=_rows(session, office, found.rollup, found.cut_off_at),
        as_of=found.cut_off_at,
        sealed=found.version > 0,
        sha256=found.sha256,
        version=found.version,
        earlier=tuple((each.period.key, each.total) for each in reversed(before)),
    )


def _organisation(rolled: Rollup) -> str:
    """The name at the top of the tree, as the figures have it."""
    return rolled.units[0].unit.name if rolled.units else ""


def _rows(session: Session, office: Office, rolled: Rollup, cut_off: datetime) -> tuple[LedgerRow, ...]:
    names = {line.unit.code: line.unit.name for line in rolled.units}
    words = _Words(session, cut_off, names)
    return tuple(words.row(item, office) for item in rolled.items)


class _Words:
    """What stands beside the figures: quotes, people, evidence and last words up to the cut-off."""

    def __init__(self, session: Session, cut_off: datetime, names: Mapping[str, str]) -> None:
        self._cut_off, self._names = cut_off, names
        self._items = {item.reference: item for item in session.scalars(select(Item))}
        self._references = {item.id: item.reference for item in self._items.values()}
        self._directory = Directory.load(session)
        self._units = {unit.code: unit for unit in self._directory.units.values()}
        self._co_owners = _named(session, self._directory, Role.CO_OWNER)
        self._supervisors = _named(session, self._directory, Role.SUPERVISOR)
        self._evidence = _evidence(session, cut_off)
        self._last_words = _last_words(session, cut_off)
        self._links = _links(session, self._references)

    def row(self, item: Standing, office: Office) -> LedgerRow:
        known, unit = self._items[item.reference], self._units[item.unit]
        today = office.day(self._cut_off)
        return LedgerRow(
            reference=item.reference,
            kind=item.kind,
            title=item.title,
            quote=known.body,
            report=item.report,
            unit=self._names.get(item.unit, unit.name),
            owners=item.owners,
            co_owners=self._co_owners.get(known.id, ()),
            supervisor=self._supervisor(known, unit, today),
            time_limit=item.time_limit,
            due_on=item.due_on,
            original_due_on=item.original_due_on,
            state=item.state,
            light=light(item.state, item.due_on, today, office.calendar),
            progress=item.progress,
            opened_on=item.opened_on,
            ended_on=item.ended_on,
            evidence=self._evidence.get(known.id, ()),
            last_word=self._last_words.get(known.id, ""),
            answers=self._links.get(known.id, ()),
            repeats=earlier_of(known),
        )

    def _supervisor(self, item: Item, unit: Unit, today: date) -> str:
        """Whoever is named on the item, else the leader of its unit."""
        if item.id in self._supervisors:
            return self._supervisors[item.id][0]
        leaders = self._directory.holders(Role.LEADER, unit.id, today)
        return self._directory.contacts[leaders[0]].name if leaders else ""


def _named(session: Session, directory: Directory, role: Role) -> dict[int, tuple[str, ...]]:
    """Item id -> names of those who have this part in it."""
    query = select(Assignment.item_id, Assignment.person_id).where(Assignment.role == role)
    found: dict[int, tuple[str, ...]] = {}
    for item, person in session.execute(query.order_by(Assignment.id)):
        found[item] = (*found.get(item, ()), directory.contacts[person].name)
    return found


def _evidence(session: Session, cut_off: datetime) -> dict[int, tuple[str, ...]]:
    kept = Evidence.withdrawn_at.is_(None) | (Evidence.withdrawn_at >= cut_off)
    query = select(Evidence.item_id, Evidence.file_name).where(Evidence.added_at < cut_off, kept)
    found: dict[int, tuple[str, ...]] = {}
    for item, name in session.execute(query.order_by(Evidence.id)):
        found[item] = (*found.get(item, ()), name)
    return found


def _last_words(session: Session, cut_off: datetime) -> dict[int, str]:
    """What the owners said last of their progress."""
    query = select(Event.item_id, Event.note).where(
        Event.move.in_((Move.REPORT, Move.SUBMIT)), Event.note != "", Event.at < cut_off
    )
    return {item: note for item, note in session.execute(query.order_by(Event.position))}  # noqa: C416


def _links(session: Session, references: Mapping[int, str]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for measure, problem in session.execute(
        select(Link.measure_id, Link.problem_id).order_by(Link.measure_id)
    ):
        found[measure] = (*found.get(measure, ()), references[problem])
        found[problem] = (*found.get(problem, ()), references[measure])
    return found
