"""The words of one paragraph of a Word document: what its runs show, and the text boxes anchored in it."""

import re
from dataclasses import dataclass, field
from typing import Any

from documents.docx_styles import Styles, W, attribute, switch

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_BOX = W + "txbxContent"
_GONE = {W + name for name in ("del", "moveFrom", "pPr", "rPr", "rt", "sdtPr", "sdtEndPr", "footnotePr")}
_SIGNS = {W + "tab": "\t", W + "ptab": "\t", W + "cr": "\n", W + "br": "\n", W + "noBreakHyphen": "-"}
_CONTENTS = re.compile(r"\s*TOC\b", re.IGNORECASE)
_SYMBOLS = {
    "F0B7": "•",
    "F0A7": "▪",
    "F06C": "●",
    "F06E": "■",
    "F075": "◆",
    "F0D8": "➢",
    "F0FC": "√",
    "F0FE": "☑",
    "F0A8": "□",
    "F06F": "□",
    "F052": "☑",
    "F0B0": "°",
    "F0B1": "±",
    "F0B4": "×",
    "F0A3": "□",
}


def chosen(element: Any) -> Any:
    """Of two forms of the same content the one that new programs show; anything else is itself."""
    if element.tag != _MC + "AlternateContent":
        return element
    found = element.find(_MC + "Choice")
    found = element.find(_MC + "Fallback") if found is None else found
    return element if found is None else found


@dataclass(slots=True)
class Fields:
    """The fields that are open, outermost first: what each asks for, and whether its result has begun."""

    opened: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def is_hidden(self) -> bool:
        """Whether what comes now is code and not result, or belongs to a table of contents."""
        return self.lists_contents or any(not begun for _, begun in self.opened)

    @property
    def lists_contents(self) -> bool:
        """Whether a table of contents is open."""
        return any(_CONTENTS.match(code) for code, _ in self.opened)

    def turn(self, kind: str | None) -> None:
        """Takes one of the three signs of a field."""
        if kind == "begin":
            self.opened.append(("", False))
        elif kind == "separate" and self.opened:
            self.opened[-1] = (self.opened[-1][0], True)
        elif kind == "end" and self.opened:
            self.opened.pop()

    def code(self, words: str) -> None:
        """Takes a piece of what the innermost field asks for."""
        if self.opened and not self.opened[-1][1]:
            self.opened[-1] = (self.opened[-1][0] + words, False)


@dataclass(slots=True)
class Runs:
    """Reads one paragraph. `boxes` are the text boxes found on the way, `is_bold` whether all was bold."""

    styles: Styles
    style: str | None
    fields: Fields
    boxes: list[Any] = field(default_factory=list)
    bold: set[bool] = field(default_factory=set)

    @property
    def is_bold(self) -> bool:
        """Whether there were words and every one of them was bold."""
        return self.bold == {True}

    def words(self, element: Any) -> str:
        """What the element's children show."""
        return "".join(self._shown(child) for child in element)

    def _shown(self, element: Any) -> str:
        tag = element.tag
        if tag in _GONE:
            return ""
        if tag == W + "r":
            return self._run(element)
        if tag == W + "fldSimple" and _CONTENTS.match(attribute(element, "instr") or ""):
            return ""
        if tag == _BOX:
            self.boxes.append(element)
            return ""
        if tag == _MATH + "t":
            return str(element.text or "")
        return self.words(chosen(element))

    def _run(self, run: Any) -> str:
        properties = run.find(W + "rPr")
        hidden = self._switched(properties, "vanish")
        shown = "".join(self._piece(piece) for piece in run)
        if hidden:
            return ""
        if shown.strip():
            self.bold.add(self._switched(properties, "b"))
        return shown

    def _switched(self, properties: Any, name: str) -> bool:
        """A property of characters: the run's own, else of its style, else of the paragraph's style."""
        own = switch(properties, name)
        if own is None and properties is not None:
            own = self.styles.switched(attribute(properties.find(W + "rStyle")), name)
        return bool(self.styles.switched(self.style, name) if own is None else own)

    def _piece(self, piece: Any) -> str:
        tag = piece.tag
        if tag == W + "fldChar":
            self.fields.turn(attribute(piece, "fldCharType"))
            return ""
        if tag == W + "instrText":
            self.fields.code(piece.text or "")
            return ""
        if self.fields.is_hidden:
            return ""
        if tag == W + "t":
            return piece.text or ""
        if tag == W + "sym":
            return _symbol(attribute(piece, "char") or "")
        return _SIGNS[tag] if tag in _SIGNS else self._shown(piece)


def _symbol(code: str) -> str:
    """A sign out of a symbol font; those that no other font has become a bullet."""
    known = _SYMBOLS.get(code.upper())
    if known:
        return known
    try:
        char = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    return "•" if "\ue000" <= char <= "\uf8ff" else char
