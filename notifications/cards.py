"""The rows of a letter as cards, in plain text and HTML: a template rendered once for all rows of one shape.

A day's digests hold thousands of rows, and a template that puts each together anew takes most of the time
that a letter costs. So the macro `card` of `_rows.txt` and `_rows.html` is rendered with marks in the places
of the values, once for each shape that a row may have, and the marks are filled for each row.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from jinja2 import Environment
from markupsafe import Markup, escape

from rules.lights import Light

_MARK = "\0"
"""In no value: whatever a letter says is flat by then."""


_FACTS = tuple(f"fact{at}" for at in range(20))
"""The places of facts; no row has as many."""


class Row(NamedTuple):
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


class _Shape(NamedTuple):
    """What decides how a card is built, beside the words in it."""

    light: Light
    facts: int
    has_quote: bool
    has_todo: bool
    has_url: bool


def in_text(environment: Environment, rows: Iterable[Row]) -> str:
    """The rows as numbered cards of plain text."""
    return "".join(
        [_form(environment, "_rows.txt", _shape(row)) % _places(at, row) for at, row in _counted(rows)]
    )


def in_html(environment: Environment, rows: Iterable[Row]) -> Markup:
    """The rows as numbered cards of HTML, every value escaped."""
    cards = [
        _form(environment, "_rows.html", _shape(row)) % escaped(_places(at, row))
        for at, row in _counted(rows)
    ]
    return Markup("".join(cards))  # noqa: S704 - the forms come from the template, the values are escaped


def _counted(rows: Iterable[Row]) -> Iterable[tuple[int, Row]]:
    return enumerate(rows, 1)


def _shape(row: Row) -> _Shape:
    return _Shape(row.light, len(row.facts), bool(row.quote), bool(row.todo), bool(row.url))


def _places(number: int, row: Row) -> dict[str, str]:
    """The value of each place that a card may have, by its name."""
    reference, title, _light, deadline, facts, quote, todo, url, link = row
    places = {"number": str(number), "reference": reference, "title": title, "deadline": deadline}
    places |= {"quote": quote, "todo": todo, "url": url, "link": link}
    places |= zip(_FACTS, facts, strict=False)
    return places


def escaped(places: Mapping[str, str]) -> dict[str, str]:
    """All of them in one go: a call for each costs more than the work."""
    return dict(zip(places, str(escape(_MARK.join(places.values()))).split(_MARK), strict=True))


@lru_cache(maxsize=512)
def _form(environment: Environment, template: str, shape: _Shape) -> str:
    """The card of this shape, with `%(name)s` in each place."""
    row = Row(
        reference=marked("reference"),
        title=marked("title"),
        light=shape.light,
        deadline=marked("deadline"),
        facts=tuple(marked(f"fact{at}") for at in range(shape.facts)),
        quote=marked("quote") if shape.has_quote else "",
        todo=marked("todo") if shape.has_todo else "",
        url=marked("url") if shape.has_url else "",
        link=marked("link"),
    )
    card = environment.get_template(template).module.card(row, marked("number"))  # type: ignore[attr-defined]
    return with_places(str(card))


def marked(name: str) -> str:
    """What stands for a value until `with_places`."""
    return f"{_MARK}{name}{_MARK}"


def with_places(rendered: str) -> str:
    """What was rendered with marks, as a form with `%(name)s` in the place of each."""
    pieces = rendered.replace("%", "%%").split(_MARK)
    return "".join(f"%({piece})s" if at % 2 else piece for at, piece in enumerate(pieces))
