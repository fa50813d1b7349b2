"""The next report of the same kind, composed from the ledger: nothing is said that is not in there.

It is built to be read again: one numbered heading an item, its title, then its body. Labels and dates are
put so that a reader finds the owner and the deadline in force, and no other ones.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from documents.columns import by_unit, unit_codes
from documents.definitions import COMPLETION, TIMELINESS
from documents.ledger import Ledger, LedgerRow
from documents.report_notes import Note, notes_on
from documents.statement import statement
from documents.wording import (
    day_words,
    instant_words,
    item_number,
    listed,
    one_line,
    period_words,
    run_on,
    seal_words,
    section_number,
    sentence,
    share_words,
)
from rules.deadlines import TimeLimit
from rules.lifecycle import OPEN, Kind, State
from rules.lights import Light
from rules.rollup import Figures, Rate, UnitRow
from texts import say
from texts.labels import STATES, label


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: level 0 is the title, 1 is 一、, 2 is （一） with its body, 3 is plain text."""

    level: int
    text: str
    references: tuple[str, ...]
    """The items that the paragraph speaks of or counts."""
    heading: int = 0
    """How many characters at the start of a level 2 text are its heading: number, title and full stop."""
    notes: tuple[Note, ...] = ()
    """Which items each of its figures counts."""
    subject: str = ""
    """What its figures are of, by name; empty where there are none."""


def compose(ledger: Ledger, locale: str, *, has_charts: bool = False) -> tuple[Paragraph, ...]:
    """The report on the ledger's period: title, lead, three sections, and the note of the annexes."""
    annex = say(locale, "Annex: rectification ledger")
    if has_charts:
        annex = say(locale, "Annex: rectification ledger and charts")
    return (
        Paragraph(0, _title(ledger, locale), ()),
        Paragraph(3, _lead(ledger, locale), ()),
        *_work_done(ledger, locale),
        *_open_items(ledger, Kind.PROBLEM, locale),
        *_open_items(ledger, Kind.MEASURE, locale),
        Paragraph(3, annex, tuple(row.reference for row in ledger.rows)),
    )


def _title(ledger: Ledger, locale: str) -> str:
    return say(
        locale,
        "%(organisation)s: Rectification Report for %(period)s",
        organisation=one_line(ledger.organisation),
        period=period_words(ledger.rollup.period, locale),
    )


def _lead(ledger: Ledger, locale: str) -> str:
    return say(
        locale,
        "This is the report of %(organisation)s on rectification in %(period)s. "
        "Its figures count up to %(cut_off)s (%(seal)s).",
        organisation=one_line(ledger.organisation),
        period=period_words(ledger.rollup.period, locale),
        cut_off=instant_words(ledger.as_of, locale),
        seal=seal_words(ledger, locale),
    )


def _heading(number: int, text: str, locale: str) -> Paragraph:
    return Paragraph(1, section_number(number, locale) + say(locale, text), ())


def _numbered(number: int, title: str, body: str, references: tuple[str, ...], locale: str) -> Paragraph:
    heading = item_number(number, locale) + sentence(title, locale)
    return Paragraph(2, run_on([heading, body], locale), references, len(heading))


def _work_done(ledger: Ledger, locale: str) -> Iterable[Paragraph]:
    yield _heading(1, "Work done", locale)
    if not ledger.rollup.items:
        yield Paragraph(3, say(locale, "No items were in scope of this period."), ())
        return
    yield _overall(ledger, locale)
    concerned = [unit_row for unit_row in ledger.rollup.units if unit_row.own.in_scope]
    for number, unit_row in enumerate(concerned, 1):
        yield from _unit(number, unit_row, ledger, locale)


def _overall(ledger: Ledger, locale: str) -> Paragraph:
    total = ledger.rollup.total
    kinds = [item.kind for item in ledger.rollup.items]
    counts = say(
        locale,
        "Items in scope: %(in_scope)d (problems %(problems)d, measures %(measures)d), newly assigned "
        "%(opened)d; closed %(closed)d, sustained %(sustained)d, cancelled %(cancelled)d, "
        "overdue %(overdue)d, extensions granted %(extensions)d.",
        in_scope=total.in_scope,
        problems=kinds.count(Kind.PROBLEM),
        measures=kinds.count(Kind.MEASURE),
        opened=total.opened,
        closed=total.closed,
        sustained=total.sustained,
        cancelled=total.cancelled,
        overdue=total.overdue,
        extensions=total.extensions,
    )
    references = tuple(item.reference for item in ledger.rollup.items)
    notes = notes_on(ledger.rollup.items, ledger, locale)
    return Paragraph(
        3,
        run_on([counts, _rates(total, locale)], locale),
        references,
        0,
        notes,
        one_line(ledger.organisation),
    )


def _rates(figures: Figures, locale: str) -> str:
    completion = _rate(figures.completion, COMPLETION.label, locale)
    timeliness = _rate(figures.timeliness, TIMELINESS.label, locale)
    return sentence(f"{completion}{say(locale, '; ')}{timeliness}", locale)


def _rate(rate: Rate, name: str, locale: str) -> str:
    share = share_words(rate)
    words = "%(rate)s %(percent)s (%(share)s)"
    if rate.excluded:
        words = "%(rate)s %(percent)s (%(share)s; left out as cancelled, long-term or undated: %(excluded)d)"
    return say(
        locale, words, rate=say(locale, name), percent=rate.percent, share=share, excluded=rate.excluded
    )


def _unit(number: int, unit_row: UnitRow, ledger: Ledger, locale: str) -> Iterable[Paragraph]:
    """One unit's own figures, then each of its items that were closed, with the evidence."""
    codes = unit_codes(ledger)
    own = unit_row.own
    counts = say(
        locale,
        "In scope %(in_scope)d, closed %(closed)d, overdue %(overdue)d, extensions granted %(extensions)d.",
        in_scope=own.in_scope,
        closed=own.closed,
        overdue=own.overdue,
        extensions=own.extensions,
    )
    references = tuple(reference for reference, code in codes.items() if code == unit_row.unit.code)
    body = run_on([counts, _rates(own, locale)], locale)
    notes = notes_on(
        (item for item in ledger.rollup.items if item.unit == unit_row.unit.code), ledger, locale
    )
    named = one_line(unit_row.unit.name)
    yield replace(_numbered(number, named, body, references, locale), notes=notes, subject=named)
    for row in ledger.rows:
        if row.state is State.CLOSED and codes.get(row.reference) == unit_row.unit.code:
            yield Paragraph(3, _closed(row, locale), (row.reference,))


def _closed(row: LedgerRow, locale: str) -> str:
    evidence = listed(map(one_line, row.evidence), locale) or say(locale, "none recorded")
    words = "%(reference)s: %(title)s Closed on %(day)s; evidence: %(evidence)s."
    return say(
        locale,
        words,
        reference=row.reference,
        title=sentence(row.title, locale),
        day=day_words(row.ended_on, locale) if row.ended_on else "—",
        evidence=evidence,
    )


def _open_items(ledger: Ledger, kind: Kind, locale: str) -> Iterable[Paragraph]:
    """The second section, of problems, or the third, of measures: one numbered paragraph each."""
    number, heading, nothing, body = {
        Kind.PROBLEM: (2, "Main problems", "No problem of this period is open.", _problem),
        Kind.MEASURE: (3, "Next steps", "No measure of this period is open.", _measure),
    }[kind]
    yield _heading(number, heading, locale)
    rows = [row for row in by_unit(ledger) if row.kind is kind and row.state in OPEN]
    if not rows:
        yield Paragraph(3, say(locale, nothing), ())
    elif kind is Kind.PROBLEM:
        yield _problems(rows, locale)
    for place, row in enumerate(rows, 1):
        words = run_on([sentence(statement(row), locale), *body(ledger, row, locale)], locale)
        yield _numbered(place, row.title, words, (row.reference,), locale)


def _problems(rows: Sequence[LedgerRow], locale: str) -> Paragraph:
    """How many problems are open, how many of them are overdue, and how many were reported before.

    It bears no mark of a note: behind the words of this section a reader would take one for a problem. The
    items follow right below.
    """
    counts = {
        "open": len(rows),
        "overdue": sum(row.light is Light.OVERDUE for row in rows),
        "repeated": sum(bool(row.repeats) for row in rows),
    }
    words = "Problems that are open: %(open)d; overdue: %(overdue)d."
    if counts["repeated"]:
        words = "Problems that are open: %(open)d; overdue: %(overdue)d; reported before: %(repeated)d."
    return Paragraph(3, say(locale, words, **counts), tuple(row.reference for row in rows))


def _problem(ledger: Ledger, row: LedgerRow, locale: str) -> Iterable[str]:
    yield say(
        locale,
        "Problem %(reference)s. Owner: %(who)s. %(limit)s",
        reference=row.reference,
        who=_who(row, locale),
        limit=_deadline(ledger, row, locale),
    )
    yield _state(row, locale)
    if row.last_word:
        yield sentence(say(locale, "Latest progress: %(word)s", word=one_line(row.last_word)), locale)
    if row.repeats:
        words = "Problems like it were reported before: %(earlier)s."
        yield say(locale, words, earlier=listed(row.repeats, locale))
    if row.answers:
        yield say(locale, "Measures taken against it: %(answers)s.", answers=listed(row.answers, locale))


def _deadline(ledger: Ledger, row: LedgerRow, locale: str) -> str:
    """The deadline behind its label; the first one is left to the annex, or a reader would find two."""
    if row.due_on is None:
        long_term = row.time_limit is TimeLimit.LONG_TERM
        return say(
            locale, "Deadline: long-term, kept up and reviewed." if long_term else "No deadline is set."
        )
    days = ledger.days_overdue(row)
    if row.light is Light.OVERDUE:
        words = "Deadline: %(day)s, missed; days overdue: %(days)d." if days else "Deadline: %(day)s, missed."
    elif _is_extended(row):
        words = "Deadline: %(day)s (extended)."
    else:
        words = "Deadline: %(day)s."
    return say(locale, words, day=day_words(row.due_on, locale), days=days)


def _is_extended(row: LedgerRow) -> bool:
    return row.original_due_on is not None and row.original_due_on != row.due_on


def _state(row: LedgerRow, locale: str) -> str:
    state = label(STATES, row.state.value, locale)
    return say(locale, "State: %(state)s, progress %(progress)d%%.", state=state, progress=row.progress)


def _who(row: LedgerRow, locale: str) -> str:
    """The unit and its people, as one name where the language writes it so: 房屋安全管理科张某."""
    unit = one_line(row.unit)
    owners = listed(map(one_line, row.owners), locale)
    if not owners or not unit:
        return owners or unit or say(locale, "nobody yet")
    return say(locale, "%(owners)s (%(unit)s)", owners=owners, unit=unit)


def _measure(ledger: Ledger, row: LedgerRow, locale: str) -> Iterable[str]:
    co_owners = listed(map(one_line, row.co_owners), locale)
    helped = say(locale, "; supported by %(names)s", names=co_owners) if co_owners else ""
    yield say(
        locale,
        "Owner: %(who)s%(helped)s. %(limit)s",
        who=_who(row, locale),
        helped=helped,
        limit=_promise(ledger, row, locale),
    )
    if row.state in {State.SUBMITTED, State.SUSTAINED}:
        yield _state(row, locale)
    words = "Reference %(reference)s, answers %(answers)s." if row.answers else "Reference %(reference)s."
    yield say(locale, words, reference=row.reference, answers=listed(row.answers, locale))


def _promise(ledger: Ledger, row: LedgerRow, locale: str) -> str:
    """By when a measure is to be carried out, as the sentence after its owner."""
    if row.due_on is None:
        long_term = row.time_limit is TimeLimit.LONG_TERM
        return say(
            locale,
            "Due: long-term, kept up and reviewed." if long_term else "The deadline is still to be set.",
        )
    days = ledger.days_overdue(row)
    if row.light is Light.OVERDUE:
        late = "Due: %(day)s, missed; days overdue: %(days)d."
        words = late if days else "Due: %(day)s, missed."
    elif _is_extended(row):
        words = "Due: %(day)s (extended)."
    else:
        words = "Due: %(day)s."
    return say(locale, words, day=day_words(row.due_on, locale), days=days)
