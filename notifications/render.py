"""Letters in the reader's language: subject, plain text and HTML that say the same."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup

from notifications import alarm_words, cards, ending_words, frames, receipt_words, rollup_words, words
from notifications.cards import Row
from notifications.frames import Part
from notifications.letters import (
    Asked,
    Assignment,
    Circular,
    Decision,
    Digest,
    Ended,
    FreshLink,
    Invitation,
    Letter,
    LetterName,
    Line,
    Order,
    Other,
    Overview,
    Returned,
    Rollup,
    name_of,
)
from notifications.mail_links import ItemsLink
from notifications.receipts import Alarm, Receipt
from notifications.wire import flatten
from rules.lights import Light
from texts import translations
from texts.orders import circular_number, order_number

_Forms = tuple[Template, Template, Template]
"""Subject, plain text, HTML."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a letter addresses."""

    name: str
    locale: str
    trial_for: str = ""
    """In a trial, the address that the letter would go to."""
    link: ItemsLink | None = None
    """Opens the reader's own items; None where there are no pages, or the letter goes to somebody else."""


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
class Section:
    """A stretch of a digest: the name of the field it comes from, and its rows."""

    name: str
    rows: list[Row]
    text: str
    html: Markup


@dataclass(frozen=True, slots=True)
class _Scribe:
    """Puts lines into words for one letter."""

    locale: str
    on: date
    base_url: str
    link: ItemsLink | None

    def row(self, line: Line, *, acting: bool = False, mine: bool = False) -> Row:
        """`acting` asks the reader to do the work; `mine` is what the reader's own link opens."""
        locale, reference = self.locale, flatten(line.reference)
        return Row(
            reference=reference,
            title=flatten(line.title),
            light=line.light,
            deadline=words.deadline(locale, line.due_on, self._left(line)),
            facts=tuple(self._facts(line)),
            quote=words.quoted(locale, flatten(line.quote)) if line.quote else "",
            todo=words.todo(locale, line.state, line.light, words.topic_word(line)) if acting else "",
            url=self._url(reference, mine=mine),
            link=words.link(locale, reference),
        )

    def rows(self, lines: Iterable[Line], *, acting: bool = False, mine: bool = False) -> list[Row]:
        """The most pressing first: by deadline, those without one last."""
        ordered = sorted(lines, key=lambda line: (line.due_on or date.max, line.reference))
        return [self.row(line, acting=acting, mine=mine) for line in ordered]

    def section(self, name: str, lines: Iterable[Line], *, mine: bool = False) -> Section:
        """A stretch of a digest; of one's own items the reader is asked to do the work."""
        return self.stretch(name, self.rows(lines, acting=name == "own", mine=mine))

    def stretch(self, name: str, rows: list[Row]) -> Section:
        """Rows as a part of a letter."""
        return Section(name, rows, *cards.written(environment(self.locale), rows))

    def asked(self, asked: Asked) -> Row:
        """With what is asked for."""
        row = self.row(asked.line)
        requests = tuple(words.asked(self.locale, kind, until) for kind, until in asked.requests)
        return row._replace(facts=(*requests, *row.facts))

    def _url(self, reference: str, *, mine: bool) -> str:
        if not self.base_url:
            return ""
        items = self.link.url if self.link and mine else f"{self.base_url}/items"
        return f"{items}/{quote(reference, safe='')}"

    def _facts(self, line: Line) -> Iterator[str]:
        locale, original = self.locale, line.original_due_on
        if original is not None and original != line.due_on:
            yield words.original(locale, original)
        yield words.standing(locale, line.kind, line.light, line.state, line.progress)
        yield _charge(locale, line.unit, line.owner)
        if said := words.why(locale, line.topic):
            yield said

    def _left(self, line: Line) -> str:
        if line.due_on is None:
            return ""
        ahead = (line.due_on > self.on) - (line.due_on < self.on)
        return words.left(self.locale, line.light, line.working_days_left or 0, ahead)


@lru_cache(maxsize=4096)
def _charge(locale: str, unit: str, owner: str) -> str:
    return words.charge(locale, flatten(unit), flatten(owner))


def render(letter: Letter, reader: Reader, office: Office) -> Rendered:
    """The letter in `reader`'s language.

    Raises:
        SettingError: a roll-up's key names no period.
    """
    scribe = _Scribe(reader.locale, letter.on, office.base_url.rstrip("/"), reader.link)
    trial = words.trial(reader.locale, reader.trial_for)
    values = {
        "lang": reader.locale.replace("_", "-"),
        "office": flatten(office.name),
        "contact": flatten(office.contact),
        "reader": flatten(reader.name),
        "trial": trial.strip(),
        "on": words.day(reader.locale, letter.on),
        **_own(letter, reader),
    }
    forms = _templates(reader.locale, name_of(letter))
    if isinstance(letter, Digest):
        said, parts = _digest(letter, scribe)
        return _put_together(forms, trial, values | said, parts)
    subject, text, html = forms
    view = values | _view(letter, scribe)
    title = trial + flatten(subject.render(view))
    return Rendered(title, _plain(text.render(view)), html.render(view, subject=title))


def _put_together(forms: _Forms, trial: str, values: dict[str, str], parts: list[Part]) -> Rendered:
    """A digest: most letters of a day are digests, and few have a shape of their own."""
    subject, text, html = forms
    title = trial + flatten(frames.in_text(subject, values))
    plain = _plain(frames.in_text(text, values, parts))
    return Rendered(title, plain, frames.in_html(html, values | {"subject": title}, parts))


def _plain(text: str) -> str:
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip() + "\n"


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
def _templates(locale: str, name: LetterName) -> _Forms:
    load = environment(locale).get_template
    return load(f"{name}/subject.txt"), load(f"{name}/body.txt"), load(f"{name}/body.html")


def _own(letter: Letter, reader: Reader) -> dict[str, str]:
    """The link to all of the reader's items, in letters that name some of them."""
    link = reader.link if _names_own(letter) else None
    if link is None:
        return {"own_url": "", "own_until": ""}
    return {"own_url": link.url, "own_until": words.day(reader.locale, link.last_on)}


def _names_own(letter: Letter) -> bool:
    if isinstance(letter, Digest):
        return bool(letter.own or letter.copied or letter.unit)
    if isinstance(letter, Circular | Ended):
        return bool(letter.own) if isinstance(letter, Circular) else letter.is_theirs
    return isinstance(letter, Assignment | Returned | Decision | Order | FreshLink)


def _view(letter: Other, scribe: _Scribe) -> dict[str, Any]:
    match letter:
        case Assignment():
            rows = scribe.rows(letter.lines, acting=True, mine=True)
            return {"rows": rows, "by": flatten(letter.by), "report": flatten(letter.report)}
        case Returned() | Decision():
            return _returned(letter, scribe) if isinstance(letter, Returned) else _decision(letter, scribe)
        case Ended():
            return ending_words.view(letter, scribe.row(letter.line, mine=letter.is_theirs), scribe.locale)
        case Order() | Circular():
            return _order(letter, scribe) if isinstance(letter, Order) else _circular(letter, scribe)
        case Rollup() | Overview():
            return _figures(letter, scribe)
        case FreshLink() | Invitation() | Receipt() | Alarm():
            return _of_the_program(letter, scribe)


def _figures(letter: Rollup | Overview, scribe: _Scribe) -> dict[str, Any]:
    if isinstance(letter, Rollup):
        return rollup_words.view(letter, scribe.locale)
    return _overview(letter, scribe)


def _of_the_program(letter: FreshLink | Invitation | Receipt | Alarm, scribe: _Scribe) -> dict[str, Any]:
    if isinstance(letter, FreshLink):
        return {}
    if isinstance(letter, Invitation):
        until = words.day(scribe.locale, letter.last_on)
        return {"url": letter.url, "until": until, "is_invited": letter.is_invited}
    if isinstance(letter, Alarm):
        return alarm_words.view(letter, scribe.locale)
    url = f"{scribe.base_url}/" if scribe.base_url else ""
    return receipt_words.view(letter, scribe.locale) | {"url": url}


def _digest(letter: Digest, scribe: _Scribe) -> tuple[dict[str, str], list[Part]]:
    sections = [
        scribe.section("own", letter.own, mine=True),
        scribe.section("to_verify", letter.to_verify),
        scribe.section("unit", letter.unit, mine=True),
        scribe.section("led", letter.led),
        scribe.section("to_order", letter.to_order),
        scribe.section("copied", letter.copied, mine=True),
    ]
    acting = bool(letter.own or letter.to_verify or letter.to_order or letter.unit or letter.led)
    matters = Counter(_matter(line) for line in (letter.own if acting else letter.copied))
    others = {"verify": letter.to_verify, "unit": letter.unit, "led": letter.led, "order": letter.to_order}
    counted = [(name, matters[name]) for name in _MATTERS if matters[name]][:3]
    counted += [(name, len(lines)) for name, lines in others.items() if lines]
    told = [part for part in sections if part.rows]
    first = told[0].rows[0] if sum(len(part.rows) for part in told) > 1 else None
    said = {
        "matter": _said(scribe.locale, "_counts.txt", "listing", tuple(counted)),
        "acting": "yes" if acting else "",
        "first": f"[{first.reference}] {first.title}" if first else "",
    }
    return said, [_part(part, scribe.locale) for part in told]


def _part(section: Section, locale: str) -> Part:
    heading = _said(locale, "_say.txt", "heading", section.name, len(section.rows))
    return Part(heading, _said(locale, "_say.txt", "duty", section.name), section.text, section.html)


@lru_cache(maxsize=1024)
def _said(locale: str, template: str, macro: str, *values: Hashable) -> str:
    """What a macro of numbers and names alone says: the same for many letters."""
    module = environment(locale).get_template(template).module
    return str(getattr(module, macro)(*values)).strip()


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
        "row": scribe.row(letter.line, mine=True),
        "by": flatten(letter.by),
        "note": words.lines(letter.note),
        "until": words.day(scribe.locale, due) if due and in_time else "",
    }


def _decision(letter: Decision, scribe: _Scribe) -> dict[str, Any]:
    asked = letter.proposed_on or letter.line.due_on
    return {
        "row": scribe.row(letter.line, mine=True),
        "by": flatten(letter.by),
        "note": words.lines(letter.note),
        "extension": letter.kind == "extension",
        "granted": letter.granted,
        "asked": words.day(scribe.locale, asked) if asked else "",
        "asked_plainly": words.plain_day(scribe.locale, asked) if asked else "",
    }


def _order(letter: Order, scribe: _Scribe) -> dict[str, Any]:
    answer = letter.answer_on
    return {
        "row": scribe.row(letter.line, mine=True),
        "number": order_number(scribe.locale, letter.key),
        "by": flatten(letter.by),
        "note": words.lines(letter.required),
        "answer": words.plain_day(scribe.locale, answer) if answer else "",
    }


def _circular(letter: Circular, scribe: _Scribe) -> dict[str, Any]:
    return {
        "number": circular_number(scribe.locale, letter.key),
        "title": flatten(letter.title),
        "by": flatten(letter.by),
        "note": words.lines(letter.reason),
        "own": scribe.rows(letter.own, mine=True),
        # Of these the reader may open none.
        "others": [row._replace(url="") for row in scribe.rows(letter.others)],
    }


def _overview(letter: Overview, scribe: _Scribe) -> dict[str, Any]:
    unit = flatten(letter.unit)
    decisions = [
        scribe.section("to_verify", letter.to_verify),
        scribe.stretch("to_decide", [scribe.asked(asked) for asked in letter.to_decide]),
    ]
    return {
        "until": words.plain_day(scribe.locale, letter.until),
        "unit": unit,
        "total": letter.total,
        "units": [(_itself(scribe.locale, flatten(name), unit), tally) for name, tally in letter.units],
        "sections": [part for part in decisions if part.rows],
        "worst": scribe.rows(letter.worst),
        "to_verify": letter.to_verify_count,
        "to_decide": letter.to_decide_count,
        "waiting": letter.to_verify_count + letter.to_decide_count,
    }


def _itself(locale: str, name: str, unit: str) -> str:
    """The unit at the top stands in its own table with its own items alone."""
    return words.itself(locale, name) if name == unit else name
