"""The automatic numbers of a Word document, counted as Word counts them and printed as Word shows them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from documents.docx_styles import Styles, W, attribute, number, switch
from documents.numerals import printed

_PLACE = re.compile(r"%([1-9])")
_PRIVATE = {
    "\uf0b7": "•",
    "\uf0a7": "▪",
    "\uf06c": "●",
    "\uf06e": "■",
    "\uf075": "◆",
    "\uf0d8": "➢",
    "\uf0fc": "√",
    "o": "○",
}


@dataclass(frozen=True, slots=True)
class Level:
    """How one level counts and prints. `restarts_after` is the highest level index that restarts it."""

    start: int = 0
    style: str = "decimal"
    text: str = ""
    restarts_after: int | None = None
    is_plain: bool = False
    gap: str = "tab"
    paragraph_style: str | None = None


@dataclass(slots=True)
class _List:
    """One numbering instance: its levels, whose counter it shares, and where its own counting begins."""

    shared: str
    levels: dict[int, Level]
    starts: dict[int, int]


@dataclass(slots=True)
class Numbering:
    """Counts through a document; ask once for each paragraph, in order."""

    lists: dict[str, _List] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def next(self, properties: Any, style: str | None, styles: Styles) -> str:
        """The number of a paragraph as Word prints it, with its gap; empty where it bears none."""
        found = self._place(properties, style, styles)
        if found is None:
            return ""
        name, index = found
        level = self.lists[name].levels.get(index)
        if level is None:
            return ""
        self._count(name, index, level)
        return self._printed(name, index, level)

    def _place(self, properties: Any, style: str | None, styles: Styles) -> tuple[str, int] | None:
        """Which list and level the paragraph belongs to: by itself, else by its style."""
        own = None if properties is None else properties.find(W + "numPr")
        name = attribute(own.find(W + "numId")) if own is not None else None
        index = number(own.find(W + "ilvl")) if own is not None else None
        if name is None:
            name, inherited = self._of_style(style, styles)
            index = inherited if index is None else index
        return (name, index or 0) if name in self.lists else None

    def _of_style(self, style: str | None, styles: Styles) -> tuple[str, int | None]:
        """The list of a style; its level is the one that names the style, whatever the style itself says."""
        for _, properties in styles.of_paragraph(style, "numPr"):
            name = attribute(properties.find(W + "numId"))
            if name is None:
                continue
            levels = self.lists[name].levels if name in self.lists else {}
            chain = [attribute(element, "styleId") for element in styles.chain(style)]
            linked = (i for one in chain for i, level in levels.items() if level.paragraph_style == one)
            return name, next(linked, number(properties.find(W + "ilvl")))
        return "", None

    def _count(self, name: str, index: int, level: Level) -> None:
        counts = self.counts.setdefault(self.lists[name].shared, {})
        starts = self.lists[name].starts
        for above in range(index + 1):
            if above in starts and (name, above) not in self.begun:
                self.begun.add((name, above))
                counts.pop(above, None)
        first = starts.get(index, level.start)
        counts[index] = counts[index] + 1 if index in counts else first
        for deeper in [other for other in counts if other > index]:
            after = self.lists[name].levels.get(deeper, Level()).restarts_after
            if after is None or index <= after:
                del counts[deeper]

    def _printed(self, name: str, index: int, level: Level) -> str:
        one = self.lists[name]
        counts = self.counts[one.shared]

        def say(place: re.Match[str]) -> str:
            other = int(place[1]) - 1
            counted = one.levels.get(other, Level())
            style = "decimal" if level.is_plain else counted.style
            if other > index:
                return ""
            return printed(counts.get(other, one.starts.get(other, counted.start)), style)

        if level.style == "bullet":
            shown = "".join(_bullet(char) for char in level.text)
        else:
            shown = _PLACE.sub(say, level.text)
        parted = level.gap == "space" or (level.gap == "tab" and "一" <= shown[-1:] <= "龥")
        return shown + (" " if parted and shown else "")


def _bullet(char: str) -> str:
    return _PRIVATE.get(char, "•" if "\ue000" <= char <= "\uf8ff" else char)


def numbering(root: Any, styles: Styles) -> Numbering:
    """The lists of `word/numbering.xml`; of None, no lists."""
    if root is None:
        return Numbering()
    abstract = {attribute(element, "abstractNumId"): element for element in root.iterfind(W + "abstractNum")}
    instances = {attribute(element, "numId"): element for element in root.iterfind(W + "num")}
    found = Numbering()
    for name, element in instances.items():
        if not name or name == "0":
            continue
        shared = _abstract_of(element, abstract, instances, styles)
        if shared is not None:
            found.lists[name] = _list(element, attribute(shared, "abstractNumId") or "", shared)
    return found


def _abstract_of(
    instance: Any, abstract: Mapping[str | None, Any], instances: Mapping[str | None, Any], styles: Styles
) -> Any:
    """The definition of a list; one that only names a list style is looked up there, once."""
    found = abstract.get(attribute(instance.find(W + "abstractNumId")))
    link = None if found is None else attribute(found.find(W + "numStyleLink"))
    for _, properties in styles.of_paragraph(link, "numPr"):
        other = instances.get(attribute(properties.find(W + "numId")))
        target = None if other is None else abstract.get(attribute(other.find(W + "abstractNumId")))
        return found if target is None else target
    return found


def _list(instance: Any, shared: str, definition: Any) -> _List:
    levels = dict(_level(element) for element in definition.iterfind(W + "lvl"))
    starts: dict[int, int] = {}
    for override in instance.iterfind(W + "lvlOverride"):
        index = number(override, "ilvl") or 0
        own = override.find(W + "lvl")
        if own is not None:
            levels[index] = _level(own)[1]
        start = number(override.find(W + "startOverride"))
        if start is not None:
            starts[index] = start
    return _List(shared, levels, starts)


def _level(element: Any) -> tuple[int, Level]:
    index = number(element, "ilvl") or 0
    restart = number(element.find(W + "lvlRestart"))
    found = Level(
        start=number(element.find(W + "start")) or 0,
        style=_style(element),
        text=attribute(element.find(W + "lvlText")) or "",
        restarts_after=None if restart is None else restart - 1,
        is_plain=bool(switch(element, "isLgl")),
        gap=attribute(element.find(W + "suff")) or "tab",
        paragraph_style=attribute(element.find(W + "pStyle")),
    )
    is_picture = element.find(W + "lvlPicBulletId") is not None
    return index, replace(found, text="•", style="bullet") if is_picture else found


def _style(element: Any) -> str:
    """The number format; a newer one stands within an alternative, whose plain form comes last."""
    found = list(element.iter(W + "numFmt"))
    styles = [attribute(one) or "decimal" for one in found]
    return next(
        (style for style in reversed(styles) if style != "custom"), "decimalZero" if styles else "decimal"
    )
