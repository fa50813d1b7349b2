"""Charts as plain values: what is drawn, in words and numbers, the same for pages and documents.

`documents/drawing.py` draws them; `documents/studio.py` does so in a process of its own.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256

VERSION = 2
"""Raised whenever the same values are drawn otherwise, so that pictures which are kept are drawn anew."""
SCALE = 3
"""Pixels of a PNG to one of the SVG."""


class Theme(StrEnum):
    """Dark ink for light paper, or light ink for dark. As SVG both have no ground of their own."""

    LIGHT = "light"
    DARK = "dark"


INKS = {
    Theme.LIGHT: {"ink": "#1b2126", "soft": "#57626b", "line": "#d9dee2", "fill": "#0b5c7a"},
    Theme.DARK: {"ink": "#e4e8ea", "soft": "#a3adb4", "line": "#31393f", "fill": "#6cc0de"},
}
"""Words, axes, the grid, and what is drawn: one colour for all bars and lines, so nothing is told by hue."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its length, and what is written at its end."""

    name: str
    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars that lie under each other in this order. `most` is the end of the scale, else the longest bar."""

    bars: tuple[Bar, ...]
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One line through all steps; its name stands at its end."""

    name: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines over the same steps; they differ by dash and mark, and not by colour alone."""

    steps: tuple[str, ...]
    series: tuple[Series, ...]


Chart = Bars | Lines


def spoken(chart: Chart, theme: Theme = Theme.LIGHT) -> str:
    """The chart as one line of JSON, from which `heard` makes it again."""
    told = {"version": VERSION, "form": type(chart).__name__, "theme": theme, "chart": asdict(chart)}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def heard(line: str) -> tuple[Chart, Theme]:
    """The chart and theme that `spoken` told."""
    told = json.loads(line)
    chart, theme = told["chart"], Theme(told["theme"])
    if told["form"] == "Bars":
        return Bars(tuple(Bar(**bar) for bar in chart["bars"]), chart["most"]), theme
    series = tuple(Series(one["name"], tuple(one["values"])) for one in chart["series"])
    return Lines(tuple(chart["steps"]), series), theme


def digest(chart: Chart, theme: Theme = Theme.LIGHT) -> str:
    """64 hex digits: another chart has others."""
    return sha256(spoken(chart, theme).encode()).hexdigest()
