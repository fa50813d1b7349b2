"""A digest around its cards: each template rendered once for all digests of one shape, as in `cards`."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from jinja2 import Template
from markupsafe import Markup

from notifications.cards import escaped, marked, with_places


class Part(NamedTuple):
    """A stretch of a digest in words. Flat but for the cards, which are whole in each form."""

    heading: str
    duty: str
    text: str
    html: str


def in_text(template: Template, values: Mapping[str, str], parts: Sequence[Part] = ()) -> str:
    """The template with `values` in its places, any of which may be empty, and `parts` in their order."""
    cards = {f"cards{at}": part.text for at, part in enumerate(parts)}
    return _form(template, *_shape(values, parts)) % {**values, **_worded(parts), **cards}


def in_html(template: Template, values: Mapping[str, str], parts: Sequence[Part]) -> str:
    """The same, with every value escaped but the cards, which are HTML already."""
    cards = {f"cards{at}": part.html for at, part in enumerate(parts)}
    return _form(template, *_shape(values, parts)) % {**escaped({**values, **_worded(parts)}), **cards}


def _worded(parts: Sequence[Part]) -> dict[str, str]:
    words = {f"heading{at}": part.heading for at, part in enumerate(parts)}
    return words | {f"duty{at}": part.duty for at, part in enumerate(parts)}


def _shape(values: Mapping[str, str], parts: Sequence[Part]) -> tuple[tuple[tuple[str, bool], ...], int]:
    return tuple([(name, bool(value)) for name, value in values.items()]), len(parts)


@lru_cache(maxsize=512)
def _form(template: Template, values: tuple[tuple[str, bool], ...], parts: int) -> str:
    """The template with `%(name)s` in each place of a letter in which these values are filled."""
    view = {name: marked(name) if is_filled else "" for name, is_filled in values}
    stretches = [
        Part(
            marked(f"heading{at}"),
            marked(f"duty{at}"),
            marked(f"cards{at}"),
            Markup(marked(f"cards{at}")),  # noqa: S704 - a mark, in whose place cards will stand
        )
        for at in range(parts)
    ]
    return with_places(template.render(view, parts=stretches))
