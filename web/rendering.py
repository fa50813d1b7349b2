"""Pages in the reader's language: the templates, and the words that they use."""

from collections.abc import Hashable, Mapping
from datetime import date, datetime
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from notifications import words
from rules.lights import Light
from rules.permissions import FOR_THE_SIGNED_IN
from services.shelves import Kept
from texts import doings, event_labels, labels, run_labels, translations
from texts.labels import label
from texts.orders import circular_number, order_number
from web.deps import Ask
from web.guards import is_secret

STATIC = Path(__file__).with_name("static")

MOST_DRAWN = 4_000_000
"""Characters of parts of pages that are kept."""
_DRAWN: Kept[Markup] = Kept(MOST_DRAWN)

NAVIGATION = (
    ("/", "my-work", "see-own-work"),
    ("/items", "ledger", "list-items"),
    ("/reports", "reports", "view-report"),
    ("/rollup", "rollup", "view-rollup"),
    ("/coverage", "coverage", "view-coverage"),
    ("/reminders", "reminders", "view-reminders"),
    ("/runs", "runs", "view-runs"),
    ("/organisation", "organisation", "view-organisation"),
    ("/audit", "audit", "view-audit"),
)
"""Address, name in labels.PAGES and action of each entry; shown to whoever may take the action somewhere."""


def page(ask: Ask, template: str, *, status: int = 200, **view: object) -> HTMLResponse:
    """The template with `view`, as an answer."""
    return HTMLResponse(rendered(ask, template, **view), status_code=status)


def rendered(ask: Ask, template: str, **view: object) -> str:
    """The template with `view` and what every page needs."""
    found = environment(ask.locale).get_template(template)
    return found.render(
        ask=ask,
        lang=ask.locale.replace("_", "-"),
        office=ask.desk.house.office.postbox.office.name,
        navigation=[
            (path, label(labels.PAGES, name, ask.locale))
            for path, name, action in NAVIGATION
            if _is_open(ask, action)
        ],
        here=ask.request.url.path,
        came_from=_came_from(ask),
        **view,
    )


def _is_open(ask: Ask, action: str) -> bool:
    return ask.person is not None and (action in ask.may or action in FOR_THE_SIGNED_IN)


def _came_from(ask: Ask) -> str:
    """Where a change of language leads back to; a refused form is shown at an address of its own."""
    url = ask.request.url
    if ask.request.method != "GET" or is_secret(url.path):
        return "/"
    return f"{url.path}?{url.query}" if url.query else url.path


@cache
def environment(locale: str) -> Environment:
    """The templates in `locale`: a place that is not filled is an error, and every value is escaped."""
    made = Environment(
        loader=PackageLoader("web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(translations(locale), newstyle=True)  # type: ignore[attr-defined]
    made.globals |= {**_words(locale), "static": static, "query": query, "part": part}
    made.globals["drawn"] = partial(drawn, locale)
    made.filters |= {"size": _size}
    return made


def drawn(locale: str, template: str, macro: str, *values: Hashable) -> Markup:
    """What the macro makes of `values` in `locale`; what it made of the same ones before is kept.

    Lists of hundreds of rows and options are the dearest part of a page, and hardly change between two.
    The macro may know nothing but its values and the words of the catalogue.
    """
    key = (locale, template, macro, values)
    found = _DRAWN.get(key)
    if found is None:
        made = getattr(environment(locale).get_template(template).module, macro)(*values)
        found = _DRAWN.put(key, made, len(made))
    return found


def _words(locale: str) -> dict[str, Any]:
    """What puts a value into words: `state(item.state)`, `day(item.due_on)` ..."""
    tables = {
        "state": labels.STATES,
        "kind": labels.KINDS,
        "light": labels.LIGHTS,
        "limit": labels.LIMITS,
        "role": labels.ROLES,
        "move": labels.MOVES,
        "work": labels.WORK,
        "flag": labels.FLAGS,
        "figure_word": labels.FIGURES,
        "letter": labels.LETTERS,
        "fate": labels.FATES,
        "flow": run_labels.FLOWS,
        "flow_work": run_labels.FLOW_WORK,
        "run_state": run_labels.RUN_STATES,
        "doing": labels.DOINGS,
        "period_kind": labels.PERIOD_KINDS,
        "fact": event_labels.FACTS,
    }
    return {
        **{name: _labelling(table, locale) for name, table in tables.items()},
        "field": lambda name: label(labels.FIELDS, name, locale) if name in labels.FIELDS else name,
        "event_word": lambda name: event_labels.event_word(name, locale),
        "door_word": lambda name: event_labels.door_word(name, locale),
        "order_number": lambda key: order_number(locale, key),
        "circular_number": lambda key: circular_number(locale, key),
        "rung": lambda key: labels.rung(key, locale),
        "reason": lambda it: labels.reason_in_words(it.sentence.value, it.values, locale),
        "did": lambda it: doings.did(it.name, it.counts, locale),
        "day": _day,
        "long_day": lambda on: words.day(locale, on),
        "left": lambda row, today: _left(locale, row, today),
    }


def _labelling(table: dict[str, str], locale: str) -> Any:
    said = labels.labels(table, locale)
    return lambda value: said[str(value)]


def _day(on: date | datetime | None) -> str:
    """Dates stand under each other in lists: one form for all languages."""
    if on is None:
        return "—"
    return on.strftime("%Y-%m-%d %H:%M") if isinstance(on, datetime) else on.isoformat()


def _left(locale: str, row: Any, today: date) -> str:
    due: date | None = row.due_on
    if due is None or row.light in {Light.DONE, Light.UNDATED}:
        return ""
    return words.left(locale, row.light, row.working_days_left or 0, (due > today) - (due < today))


def _size(number: int) -> str:
    """A file's size in the unit that people know it in."""
    if number < 1024:
        return f"{number} B"
    return f"{number / 1024:.0f} kB" if number < 1024 * 1024 else f"{number / 1024 / 1024:.1f} MB"


@cache
def static(name: str) -> str:
    """The address of a file of ours; it changes with the file, so that browsers may keep what they have."""
    return f"/static/{name}?{sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def query(words_of: Mapping[str, str], **changed: object) -> str:
    """The address's query with some words changed; empty ones are left out."""
    said = {**words_of, **{name: str(value) for name, value in changed.items()}}
    return "?" + urlencode({name: value for name, value in said.items() if value})


def part(words_of: str) -> str:
    """One part of a path."""
    return quote(words_of, safe="")
