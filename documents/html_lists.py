"""The numbers that a browser puts before the items of a list."""

import re
from dataclasses import dataclass, field
from typing import Any

from documents.numerals import printed

_TYPES = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_STYLES = {
    "decimal": ("decimal", ". "),
    "decimal-leading-zero": ("decimalZero", ". "),
    "lower-alpha": ("lowerLetter", ". "),
    "lower-latin": ("lowerLetter", ". "),
    "upper-alpha": ("upperLetter", ". "),
    "upper-latin": ("upperLetter", ". "),
    "lower-roman": ("lowerRoman", ". "),
    "upper-roman": ("upperRoman", ". "),
    "cjk-ideographic": ("chineseCountingThousand", "、"),
    "simp-chinese-informal": ("chineseCountingThousand", "、"),
    "trad-chinese-informal": ("chineseCountingThousand", "、"),
    "simp-chinese-formal": ("chineseLegalSimplified", "、"),
    "cjk-decimal": ("ideographDigital", "、"),
    "cjk-heavenly-stem": ("ideographTraditional", "、"),
    "cjk-earthly-branch": ("ideographZodiac", "、"),
}
_BULLETS = {"disc": "• ", "circle": "○ ", "square": "▪ ", "none": ""}
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([^;]+)", re.IGNORECASE)


@dataclass(slots=True)
class _List:
    """An open list: its next number, its step, and how it prints; `style` is None for bullets.

    `above` is the number of the item that holds it, where both count alike: then the numbers tell the depth
    that a browser shows by indenting.
    """

    value: int
    step: int
    style: str | None
    ending: str
    above: str = ""
    current: str = ""


@dataclass(slots=True)
class Marks:
    """The lists that are open, outermost first."""

    opened: list[_List] = field(default_factory=list)

    def open(self, element: Any) -> None:
        """Enters `ol` or `ul`."""
        style, ending = _look(element)
        step = -1 if element.get("reversed") is not None else 1
        count = sum(1 for child in element if child.tag == "li") if step < 0 else 1
        one = _List(_number(element.get("start"), count), step, style, ending)
        holder = next((outer for outer in reversed(self.opened) if outer.style), None)
        if holder is not None and style == "decimal" == holder.style:
            one.above = holder.current
        self.opened.append(one)

    def close(self) -> None:
        """Leaves the innermost list."""
        if self.opened:
            self.opened.pop()

    def next(self, element: Any) -> str:
        """The mark of an `li`, with its gap."""
        if not self.opened:
            return "• "
        one = self.opened[-1]
        one.value = _number(element.get("value"), one.value)
        number = "" if one.style is None else printed(one.value, one.style)
        one.value += one.step
        one.current = f"{one.above}.{number}" if one.above else number
        return one.current + (" " if one.above else one.ending)


def _look(element: Any) -> tuple[str | None, str]:
    """How a list numbers its items, and what follows the number; None and the bullet where it does not."""
    named = _named(element)
    if named in _BULLETS:
        return None, _BULLETS[named]
    if named in _STYLES:
        return _STYLES[named]
    if element.tag == "ul":
        return None, "• "
    return _TYPES.get(element.get("type", ""), "decimal"), ". "


def _named(element: Any) -> str:
    """The first word of `list-style` that names a kind."""
    found = _STYLE.search(element.get("style", ""))
    words = found[1].lower().split() if found else []
    return next((word for word in words if word in _STYLES or word in _BULLETS), "")


def _number(written: str | None, otherwise: int) -> int:
    try:
        return int((written or "")[:9])
    except ValueError:
        return otherwise
