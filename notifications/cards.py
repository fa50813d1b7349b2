"""The rows of a letter as cards, in plain text and HTML: a template rendered once for all rows of one shape.

A day's digests hold thousands of rows, and a template that puts each together anew takes most of the time
that a letter costs. So the macro `card` of `_rows.txt` and `_rows.html` is rendered with marks in the places
of the values, once for each shape that a row may have, and the marks are filled for each row.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from jinja2 import Environment
from markupsafe import Markup, escape

from rules.lights import Light

_MARK = "\0"
"""In no value: whatever a letter says is flat by then."""


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


class _Form(NamedTuple):
    """A card with `%s` in each place."""

    card: str
    places: Callable[[Sequence[str]], tuple[str, ...]]
    """Of all values of a row, those that the card shows, in its order."""


def written(environment: Environment, rows: Iterable[Row]) -> tuple[str, Markup]:
    """The rows as numbered cards of plain text, and of HTML in which every value is escaped."""
    texts: list[str] = []
    pages: list[str] = []
    for number, row in enumerate(rows, 1):
        shape, values = _shape(row), _values(number, row)
        text, page = _form(environment, "_rows.txt", shape), _form(environment, "_rows.html", shape)
        texts.append(text.card % text.places(values))
        pages.append(page.card % page.places(_escaped(values)))
    return "".join(texts), Markup("".join(pages))  # noqa: S704 - the forms are the template's, values escaped


def _shape(row: Row) -> _Shape:
    return _Shape(row.light, len(row.facts), bool(row.quote), bool(row.todo), bool(row.url))


_NAMES = ("number", "reference", "title", "deadline", "quote", "todo", "url", "link")
"""The places that every card may have; its facts follow."""


def _values(number: int, row: Row) -> tuple[str, ...]:
    reference, title, _light, deadline, facts, quote, todo, url, link = row
    return (str(number), reference, title, deadline, quote, todo, url, link, *facts)


def _escaped(values: Iterable[str]) -> list[str]:
    """All of them in one go: a call for each costs more than the work."""
    return str(escape(_MARK.join(values))).split(_MARK)


def escaped(places: Mapping[str, str]) -> dict[str, str]:
    """The values of places by name, escaped."""
    return dict(zip(places, _escaped(places.values()), strict=True))


@lru_cache(maxsize=512)
def _form(environment: Environment, template: str, shape: _Shape) -> _Form:
    facts = tuple(f"fact{at}" for at in range(shape.facts))
    row = Row(
        reference=marked("reference"),
        title=marked("title"),
        light=shape.light,
        deadline=marked("deadline"),
        facts=tuple(map(marked, facts)),
        quote=marked("quote") if shape.has_quote else "",
        todo=marked("todo") if shape.has_todo else "",
        url=marked("url") if shape.has_url else "",
        link=marked("link"),
    )
    card = environment.get_template(template).module.card(row, marked("number"))  # type: ignore[attr-defined]
    pieces = _pieces(str(card))
    order = {name: at for at, name in enumerate((*_NAMES, *facts))}
    return _Form("%s".join(pieces[::2]), itemgetter(*(order[name] for name in pieces[1::2])))


def marked(name: str) -> str:
    """What stands for a value until `with_places`."""
    return f"{_MARK}{name}{_MARK}"


def with_places(rendered: str) -> str:
    """What was rendered with marks, as a form with `%(name)s` in the place of each."""
    return "".join(f"%({piece})s" if at % 2 else piece for at, piece in enumerate(_pieces(rendered)))


def _pieces(rendered: str) -> list[str]:
    """Words of the template and names of places by turns; the words come first and last."""
    return rendered.replace("%", "%%").split(_MARK)
