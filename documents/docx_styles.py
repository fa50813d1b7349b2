"""What the styles of a Word document hand down to a paragraph: numbering, outline level, hidden text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = {"0", "false", "off"}


def attribute(element: Any, name: str = "val") -> str | None:
    """An attribute in Word's own namespace."""
    return None if element is None else element.get(W + name)


def number(element: Any, name: str = "val") -> int | None:
    """An attribute as a whole number, None where it is absent or none."""
    try:
        return int(attribute(element, name) or "")
    except ValueError:
        return None


def switch(properties: Any, name: str) -> bool | None:
    """Whether a property is on; None where nothing is said of it."""
    found = None if properties is None else properties.find(W + name)
    return None if found is None else (attribute(found) or "1") not in _OFF


@dataclass(slots=True)
class Styles:
    """The styles by their id; `default` is the style of a paragraph that names none."""

    by_id: dict[str, Any] = field(default_factory=dict)
    default: str | None = None

    def chain(self, style: str | None) -> Iterator[Any]:
        """The style and those that it is based on, nearest first."""
        seen: set[str] = set()
        while style and style in self.by_id and style not in seen:
            seen.add(style)
            yield self.by_id[style]
            style = attribute(self.by_id[style].find(W + "basedOn"))

    def name(self, style: str | None) -> str:
        """The style's name in lower case, as in `toc 1`."""
        element = self.by_id.get(style or "")
        return "" if element is None else (attribute(element.find(W + "name")) or "").lower()

    def switched(self, style: str | None, name: str) -> bool | None:
        """A property of characters as the style has it."""
        found = (switch(element.find(W + "rPr"), name) for element in self.chain(style))
        return next((value for value in found if value is not None), None)

    def of_paragraph(self, style: str | None, name: str) -> Iterator[tuple[str, Any]]:
        """The property of paragraphs wherever it stands in the chain, with the id of its style."""
        for element in self.chain(style):
            properties = element.find(W + "pPr")
            found = None if properties is None else properties.find(W + name)
            if found is not None:
                yield attribute(element, "styleId") or "", found


def styles(root: Any) -> Styles:
    """The styles of `word/styles.xml`; of None, no styles."""
    found = Styles()
    for element in () if root is None else root.iterfind(W + "style"):
        style = attribute(element, "styleId")
        if style is None:
            continue
        found.by_id[style] = element
        is_default = (attribute(element, "default") or "0") not in _OFF
        if is_default and attribute(element, "type") == "paragraph":
            found.default = style
    return found
