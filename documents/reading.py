"""What a reading of a report is made of: plain values, every position an index into the decoded text."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from rules.deadlines import TimeLimit
from rules.lifecycle import Kind


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end`, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when, literally and as a day. `on` is None where the words name no day that can be computed."""

    text: str
    on: date | None
    time_limit: TimeLimit


NO_DEADLINE = Deadline("", None, TimeLimit.NONE)


class FlagCode(StrEnum):
    """What a coordinator should look at. A flag never changes a value."""

    NO_OWNER = "no_owner"
    NO_DEADLINE = "no_deadline"
    TWO_DATES = "two_dates"
    YEAR_CONTRADICTED = "year_contradicted"
    PROBLEM_UNANSWERED = "problem_unanswered"
    MEASURE_UNPROMPTED = "measure_unprompted"
    VAGUE_WORDS = "vague_words"


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing to look at, and where; `detail` quotes the words or figures that raised it."""

    code: FlagCode
    start: int
    end: int
    detail: str


class Draft(NamedTuple):
    """One problem or measure as the report states it; a ledger has so many that they are tuples, made fast.

    `start` to `end` is the literal quote; `title` begins at `title_start`. `addresses` are indexes into the
    reading's drafts, of the problems that a measure answers. `rule` names what found it.
    """

    kind: Kind
    number: str
    title: str
    title_start: int
    start: int
    end: int
    owners: tuple[str, ...]
    deadline: Deadline
    subitems: tuple[Span, ...]
    done: bool
    addresses: tuple[int, ...]
    rule: str
    flags: tuple[Flag, ...]
    reference: str = ""
    """Our own reference of the item, where a ledger that we wrote says it."""


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """What a column of a ledger was taken for: a key of `texts.labels.COLUMNS`.

    `place` is its letter in the sheet. What a column with the use `other` says is kept in the quote alone.
    """

    sheet: str
    place: str
    heading: str
    use: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a reader should know of how a file was read: a catalogue key and its values."""

    sentence: str
    values: tuple[tuple[str, object], ...] = ()


def notice(sentence: str, **values: object) -> Notice:
    """A notice with its values by name."""
    return Notice(sentence, tuple(values.items()))


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read. `period` is the first and the last day that the report speaks of."""

    lang: str
    title: str | None
    org: str | None
    period: tuple[date, date] | None
    document_deadline: Deadline | None
    drafts: tuple[Draft, ...]
    flags: tuple[Flag, ...]
    text: str = ""
    """What was read, so that a draft can be quoted."""
    columns: tuple[ColumnUse, ...] = ()
    """Of a ledger, what each column was taken for."""
    notices: tuple[Notice, ...] = ()


def as_json(reading: Reading) -> dict[str, object]:
    """The reading as JSON values, each item with its literal quote."""
    period = reading.period
    return {
        "lang": reading.lang,
        "title": reading.title,
        "org": reading.org,
        "period": {"start": period[0].isoformat(), "end": period[1].isoformat()} if period else None,
        "document_deadline": _deadline(reading.document_deadline) if reading.document_deadline else None,
        "items": [_item(draft, reading.text) for draft in reading.drafts],
        "flags": [_flag(flag) for flag in reading.flags],
        "columns": [
            {"sheet": one.sheet, "place": one.place, "heading": one.heading, "use": one.use}
            for one in reading.columns
        ],
        "notices": [
            {"sentence": one.sentence % dict(one.values), "values": dict(one.values)}
            for one in reading.notices
        ],
    }


def _item(draft: Draft, text: str) -> dict[str, object]:
    return {
        "kind": draft.kind.value,
        "number": draft.number,
        "title": draft.title,
        "title_start": draft.title_start,
        "start": draft.start,
        "end": draft.end,
        "quote": text[draft.start : draft.end],
        "owners": list(draft.owners),
        "deadline": _deadline(draft.deadline),
        "subitems": [{"start": span.start, "end": span.end} for span in draft.subitems],
        "done": draft.done,
        "addresses": list(draft.addresses),
        "rule": draft.rule,
        "reference": draft.reference,
        "flags": [_flag(flag) for flag in draft.flags],
    }


def _deadline(deadline: Deadline) -> dict[str, object]:
    on = deadline.on.isoformat() if deadline.on else None
    return {"text": deadline.text, "date": on, "class": deadline.time_limit.value}


def _flag(flag: Flag) -> dict[str, object]:
    return {"code": flag.code.value, "start": flag.start, "end": flag.end, "detail": flag.detail}
