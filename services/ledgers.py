"""The ledger of a period as plain values for the documents: sealed figures, with the words beside them."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

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
    found = rollups.stand(session, office, key, as_of=as_of, is_asked=is_asked, is_compared=False)
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
    words = _Words(session, cut_off, names, {item.reference for item in rolled.items})
    return tuple(words.row(item, office) for item in rolled.items)


class _Known(NamedTuple):
    """What the ledger takes from an item's own row."""

    id: int
    body: str
    repeats: tuple[str, ...]


class _Words:
    """What stands beside the figures: quotes, people, evidence and last words up to the cut-off.

    Only of the items that the ledger holds: of an office with a long past they are a few of many.
    """

    def __init__(
        self, session: Session, cut_off: datetime, names: Mapping[str, str], held: AbstractSet[str]
    ) -> None:
        self._cut_off, self._names = cut_off, names
        self._items = _items(session, held)
        ids = {item.id for item in self._items.values()}
        self._directory = Directory.load(session)
        self._units = {unit.code: unit for unit in self._directory.units.values()}
        self._co_owners = _named(session, self._directory, Role.CO_OWNER, ids)
        self._supervisors = _named(session, self._directory, Role.SUPERVISOR, ids)
        self._evidence = _evidence(session, cut_off, ids)
        self._last_words = _last_words(session, cut_off, ids)
        self._links = _links(session, ids)

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
            supervisor=self._supervisor(known.id, unit, today),
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
            repeats=known.repeats,
        )

    def _supervisor(self, item: int, unit: Unit, today: date) -> str:
        """Whoever is named on the item, else the leader of its unit."""
        if item in self._supervisors:
            return self._supervisors[item][0]
        leaders = self._directory.holders(Role.LEADER, unit.id, today)
        return self._directory.contacts[leaders[0]].name if leaders else ""


def _items(session: Session, held: AbstractSet[str]) -> dict[str, _Known]:
    query = select(Item.id, Item.reference, Item.body, Item.flags)
    return {
        reference: _Known(key, body, earlier_of(flags))
        for key, reference, body, flags in _passing(session, query)
        if reference in held
    }


def _passing(session: Session, query: Select[Any]) -> Iterator[Any]:
    """The rows, a thousand at a time."""
    return iter(session.execute(query.execution_options(yield_per=1000)))


def _gathered(pairs: Iterable[tuple[int, str]], held: AbstractSet[int]) -> dict[int, tuple[str, ...]]:
    """Item id -> its words, of the items that are `held`."""
    found: dict[int, tuple[str, ...]] = {}
    for item, words in pairs:
        if item in held:
            found[item] = (*found.get(item, ()), words)
    return found


def _named(
    session: Session, directory: Directory, role: Role, held: AbstractSet[int]
) -> dict[int, tuple[str, ...]]:
    """Item id -> names of those who have this part in it."""
    query = select(Assignment.item_id, Assignment.person_id).where(Assignment.role == role)
    rows = _passing(session, query.order_by(Assignment.id))
    return _gathered(((item, directory.contacts[person].name) for item, person in rows), held)


def _evidence(session: Session, cut_off: datetime, held: AbstractSet[int]) -> dict[int, tuple[str, ...]]:
    kept = Evidence.withdrawn_at.is_(None) | (Evidence.withdrawn_at >= cut_off)
    query = select(Evidence.item_id, Evidence.file_name).where(Evidence.added_at < cut_off, kept)
    return _gathered(_passing(session, query.order_by(Evidence.id)), held)


def _last_words(session: Session, cut_off: datetime, held: AbstractSet[int]) -> dict[int, str]:
    """What the owners said last of their progress."""
    query = select(Event.item_id, Event.note).where(
        Event.move.in_((Move.REPORT, Move.SUBMIT)), Event.note != "", Event.at < cut_off
    )
    rows = _passing(session, query.order_by(Event.position))
    return {item: note for item, note in rows if item in held}


def _links(session: Session, held: AbstractSet[int]) -> dict[int, tuple[str, ...]]:
    """Item id -> references of what it answers, or is answered by."""
    measure, problem = aliased(Item), aliased(Item)
    query = (
        select(measure.id, measure.reference, problem.id, problem.reference)
        .select_from(Link)
        .join(measure, measure.id == Link.measure_id)
        .join(problem, problem.id == Link.problem_id)
        .order_by(Link.measure_id, Link.problem_id)
    )
    rows = _passing(session, query)
    both = (pair for a, to_a, b, to_b in rows for pair in ((a, to_b), (b, to_a)))
    return _gathered(both, held)
