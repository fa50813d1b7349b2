"""Letters in the reader's language: subject, plain text and HTML that say the same."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from notifications import words
from notifications.letters import (
    Assignment,
    Decision,
    Digest,
    Letter,
    LetterName,
    Line,
    Returned,
    Rollup,
    name_of,
)
from notifications.wire import flatten
from rules.lights import Light
from rules.rollup import Figures
from texts import translations

_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a letter addresses."""

    name: str
    locale: str
    trial_for: str = ""
    """In a trial, the address that the letter would go to."""


@dataclass(frozen=True, slots=True)
class Office:
    """On whose behalf a letter goes out."""

    name: str
    base_url: str
    """Where the pages are; empty when there are none to link to."""
    contact: str
    """Whom to ask, as the letter says it; or empty."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter in words. The subject is one line."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line in the reader's words: whole sentences, worded once for both forms of a letter."""

    reference: str
    title: str
    light: Light
    deadline: str
    facts: tuple[str, ...]
    quote: str
    todo: str
    url: str
    link: str
    """The words that stand for the address, where it can be hidden behind them."""


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a digest: the name of the field it comes from, and its rows."""

    name: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class _Scribe:
    """Puts lines into words for one letter."""

    locale: str
    on: date
    base_url: str

    def row(self, line: Line, *, acting: bool = False) -> Row:
        """`acting` asks the reader to do the work."""
        locale, reference = self.locale, flatten(line.reference)
        return Row(
            reference=reference,
            title=flatten(line.title),
            light=line.light,
            deadline=words.deadline(locale, line.due_on, self._left(line)),
            facts=tuple(self._facts(line)),
            quote=words.quoted(locale, flatten(line.quote)) if line.quote else "",
            todo=words.todo(locale, line.state, line.light, words.topic_word(line)) if acting else "",
            url=f"{self.base_url}/items/{quote(reference, safe='')}" if self.base_url else "",
            link=words.link(locale, reference),
        )

    def rows(self, lines: Iterable[Line], *, acting: bool = False) -> list[Row]:
        """The most pressing first: by deadline, those without one last."""
        ordered = sorted(lines, key=lambda line: (line.due_on or date.max, line.reference))
        return [self.row(line, acting=acting) for line in ordered]

    def _facts(self, line: Line) -> Iterator[str]:
        locale, original = self.locale, line.original_due_on
        if original is not None and original != line.due_on:
            yield words.original(locale, original)
        yield words.standing(locale, line.kind, line.light, line.state, line.progress)
        yield words.charge(locale, flatten(line.unit), flatten(line.owner))
        if said := words.why(locale, line.topic):
            yield said

    def _left(self, line: Line) -> str:
        if line.due_on is None:
            return ""
        ahead = (line.due_on > self.on) - (line.due_on < self.on)
        return words.left(self.locale, line.light, line.working_days_left or 0, ahead)


def render(letter: Letter, reader: Reader, office: Office) -> Rendered:
    """The letter in `reader`'s language.

    Raises:
        SettingError: a roll-up's key names no period.
    """
    subject, text, html = _templates(reader.locale, name_of(letter))
    scribe = _Scribe(reader.locale, letter.on, office.base_url.rstrip("/"))
    view = {
        "lang": reader.locale.replace("_", "-"),
        "office": flatten(office.name),
        "contact": flatten(office.contact),
        "reader": flatten(reader.name),
        "trial": words.trial(reader.locale, reader.trial_for),
        "on": words.day(reader.locale, letter.on),
        **_view(letter, scribe),
    }
    title = view["trial"] + flatten(subject.render(view))
    plain = _BLANK_LINES.sub("\n\n", text.render(view)).strip() + "\n"
    return Rendered(title, plain, html.render(view, subject=title))


@cache
def environment(locale: str) -> Environment:
    """The templates in `locale`: a place that is not filled is an error, and HTML is escaped."""
    made = Environment(
        loader=PackageLoader("notifications"),
        autoescape=select_autoescape(["html"], default_for_string=True, default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(translations(locale), newstyle=True)  # type: ignore[attr-defined]
    return made


@cache
def _templates(locale: str, name: LetterName) -> tuple[Template, Template, Template]:
    load = environment(locale).get_template
    return load(f"{name}/subject.txt"), load(f"{name}/body.txt"), load(f"{name}/body.html")


def _view(letter: Letter, scribe: _Scribe) -> dict[str, Any]:
    match letter:
        case Digest():
            return _digest(letter, scribe)
        case Assignment():
            rows = scribe.rows(letter.lines, acting=True)
            return {"rows": rows, "by": flatten(letter.by), "report": flatten(letter.report)}
        case Returned():
            return _returned(letter, scribe)
        case Decision():
            return _decision(letter, scribe)
        case Rollup():
            return _rollup(letter, scribe)


def _digest(letter: Digest, scribe: _Scribe) -> dict[str, Any]:
    sections = [
        Section("own", scribe.rows(letter.own, acting=True)),
        Section("to_verify", scribe.rows(letter.to_verify)),
        Section("unit", scribe.rows(letter.unit)),
        Section("led", scribe.rows(letter.led)),
        Section("to_order", scribe.rows(letter.to_order)),
        Section("copied", scribe.rows(letter.copied)),
    ]
    acting = bool(letter.own or letter.to_verify or letter.to_order or letter.unit or letter.led)
    matters = Counter(_matter(line) for line in (letter.own if acting else letter.copied))
    others = {"verify": letter.to_verify, "unit": letter.unit, "led": letter.led, "order": letter.to_order}
    counted = [(name, matters[name]) for name in _MATTERS if matters[name]][:3]
    counted += [(name, len(lines)) for name, lines in others.items() if lines]
    return {"sections": [part for part in sections if part.rows], "counts": counted, "acting": acting}


_MATTERS = ("soon", "overdue", "unacknowledged", "silent", "review", "ahead")


def _matter(line: Line) -> str:
    """What a subject counts the line as."""
    topic = words.topic_word(line)
    if line.light is Light.OVERDUE:
        return "overdue"
    if topic in {"unacknowledged", "silent", "review"}:
        return topic
    return "soon" if line.light is Light.DUE_SOON else "ahead"


def _returned(letter: Returned, scribe: _Scribe) -> dict[str, Any]:
    due = letter.line.due_on
    in_time = due is not None and due >= letter.on
    return {
        "row": scribe.row(letter.line),
        "by": flatten(letter.by),
        "note": _lines(letter.note),
        "until": words.day(scribe.locale, due) if due and in_time else "",
    }


def _decision(letter: Decision, scribe: _Scribe) -> dict[str, Any]:
    asked = letter.proposed_on or letter.line.due_on
    return {
        "row": scribe.row(letter.line),
        "by": flatten(letter.by),
        "note": _lines(letter.note),
        "extension": letter.kind == "extension",
        "granted": letter.granted,
        "asked": words.day(scribe.locale, asked) if asked else "",
        "asked_plainly": words.plain_day(scribe.locale, asked) if asked else "",
    }


def _rollup(letter: Rollup, scribe: _Scribe) -> dict[str, Any]:
    return {
        "period": words.period(scribe.locale, letter.period),
        "unit": flatten(letter.unit),
        "version": letter.version,
        "sha256": letter.sha256,
        "total": letter.total,
        "figures": _figures(scribe.locale, letter.total),
        "units": [(flatten(name), figures) for name, figures in letter.units],
        "key": letter.period,
        "is_proposed": letter.is_proposed,
        "anchor": letter.anchor,
    }


def _figures(locale: str, total: Figures) -> list[tuple[str, int]]:
    say = translations(locale).gettext
    return [
        (say("Items in scope"), total.in_scope),
        (say("Newly assigned"), total.opened),
        (say("Closed"), total.closed),
        (say("Overdue"), total.overdue),
        (say("Sustained"), total.sustained),
        (say("Cancelled"), total.cancelled),
        (say("Long-term or undated"), total.undated),
        (say("Extensions granted"), total.extensions),
    ]


def _lines(note: str) -> list[str]:
    """A note's lines, each of them flat."""
    return [flat for line in note.splitlines() if (flat := flatten(line))]
