"""A Word document to text as its reader sees it: in order, with automatic numbers, without what is hidden."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from documents.archive import members
from documents.confined import damaged
from documents.docx_numbering import Numbering, numbering
from documents.docx_runs import Fields, Runs, chosen
from documents.docx_styles import Styles, W, attribute, styles, switch
from documents.numerals import before
from documents.paragraphs import as_text
from documents.table_text import Cell, table_lines

_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_HEADING = 60
_WHOLE = {W + "body", W + "tc", W + "txbxContent"}
_THROUGH = {W + "customXml", W + "smartTag", W + "ins", W + "moveTo", W + "sdtContent"}


def parse(data: bytes, name: str) -> str:
    """The text of a docx file, one paragraph or table row a line.

    Raises:
        UnreadableError: not a whole archive, no document in it, or its XML is broken.
    """
    parts = members(data, name, lambda member: member.lower().endswith((".xml", ".rels")))
    try:
        main = _main(parts)
        folder = main.rpartition("/")[0]
        body = _root(parts[main]).find(W + "body")
        look = styles(_optional(parts, f"{folder}/styles.xml"))
        lists = numbering(_optional(parts, f"{folder}/numbering.xml"), look)
    except (etree.XMLSyntaxError, KeyError) as error:
        raise damaged(name, "docx") from error
    if body is None:
        raise damaged(name, "docx")
    return as_text(_Walk(look, lists).lines(body))


def _main(parts: dict[str, bytes]) -> str:
    """The part that the package names as its document."""
    for relation in _root(parts["_rels/.rels"]).iter(_RELATIONS):
        if relation.get("Type", "").endswith("/officeDocument"):
            return str(relation.get("Target", "")).lstrip("/")
    raise KeyError("officeDocument")


def _optional(parts: dict[str, bytes], part: str) -> Any:
    content = parts.get(part.lstrip("/"))
    return None if content is None else _root(content)


def _root(content: bytes) -> Any:
    """The tree of one part. Entities are not resolved, depth is bounded, the strict dialect made usual."""
    if _STRICT in content:
        content = content.replace(_STRICT, W[1:-1].encode())
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(content, parser)


@dataclass(slots=True)
class _Walk:
    """One walk through the body; counters and fields run on from paragraph to paragraph."""

    styles: Styles
    numbering: Numbering
    fields: Fields = field(default_factory=Fields)
    unfinished: str = ""
    """The words of paragraphs whose end was deleted: they begin the next paragraph."""

    def lines(self, container: Any) -> Iterator[str]:
        for element in container:
            if element.tag == W + "p":
                yield from self._paragraph(element)
            elif element.tag == W + "tbl":
                yield from table_lines(list(self._rows(element)))
            elif element.tag == W + "sdt":
                if not _is_contents(element):
                    yield from self.lines(element)
            elif element.tag in _THROUGH:
                yield from self.lines(element)
            elif element.tag == _MC + "AlternateContent":
                yield from self.lines(chosen(element))
        if container.tag in _WHOLE and self.unfinished:
            yield self.unfinished
            self.unfinished = ""

    def _paragraph(self, element: Any) -> Iterator[str]:
        properties = element.find(W + "pPr")
        style = self._style(properties)
        runs = Runs(self.styles, style, self.fields)
        was_listed = self.fields.lists_contents
        words = runs.words(element)
        if not self.styles.name(style).startswith("toc "):
            yield from self._line(properties, style, runs, words, was_listed=was_listed)
        for box in runs.boxes:
            yield from self.lines(box)

    def _line(
        self, properties: Any, style: str | None, runs: Runs, words: str, *, was_listed: bool
    ) -> Iterator[str]:
        """The paragraph's words with its number, unless it shows nothing or is the first half of the next."""
        mark = None if properties is None else properties.find(W + "rPr")
        if not words and (was_listed or self._is_gone(mark, style)):
            return
        if self._goes_on(mark):
            self.unfinished += words
            return
        words, self.unfinished = self.unfinished + words, ""
        number = self.numbering.next(properties, style, self.styles)
        if words and self._is_heading(properties, style, runs, len(words)):
            yield ""
        yield before(number, words)

    def _style(self, properties: Any) -> str | None:
        named = None if properties is None else attribute(properties.find(W + "pStyle"))
        return named if named in self.styles.by_id else self.styles.default

    def _is_gone(self, mark: Any, style: str | None) -> bool:
        """Whether an empty paragraph shows nothing, not even its number: deleted, moved away or hidden."""
        if mark is not None and any(mark.find(W + name) is not None for name in ("del", "moveFrom")):
            return True
        hidden = switch(mark, "vanish")
        return bool(self.styles.switched(style, "vanish") if hidden is None else hidden)

    @staticmethod
    def _goes_on(mark: Any) -> bool:
        """Whether the paragraph's end was deleted or is hidden, so that the next one is its second half."""
        if mark is None:
            return False
        deleted = any(mark.find(W + name) is not None for name in ("del", "moveFrom"))
        return deleted or bool(switch(mark, "specVanish"))

    def _is_heading(self, properties: Any, style: str | None, runs: Runs, length: int) -> bool:
        """By its outline level, or because it is short and all bold."""
        own = None if properties is None else attribute(properties.find(W + "outlineLvl"))
        inherited = (attribute(found) for _, found in self.styles.of_paragraph(style, "outlineLvl"))
        level = own or next(inherited, None)
        return level in set("012345678") or (runs.is_bold and length <= _HEADING)

    def _rows(self, table: Any) -> Iterator[list[Cell]]:
        for row in _within(table, "tr"):
            properties = row.find(W + "trPr")
            if properties is not None and properties.find(W + "del") is not None:
                continue
            skipped = 0 if properties is None else int(attribute(properties.find(W + "gridBefore")) or 0)
            cells = [cell for found in _within(row, "tc") if (cell := self._cell(found)) is not None]
            yield ([Cell(columns=skipped)] if skipped else []) + cells

    def _cell(self, element: Any) -> Cell | None:
        properties = element.find(W + "tcPr")
        found = {} if properties is None else {child.tag: child for child in properties}
        if W + "cellDel" in found:
            return None
        merged = found.get(W + "vMerge")
        goes_on = merged is not None and attribute(merged) != "restart"
        columns = int(attribute(found.get(W + "gridSpan")) or 1)
        lines = tuple(line for line in self.lines(element) if line.strip())
        inner = element.find(f".//{W}tbl") is not None
        return Cell(lines, max(1, min(columns, 100)), goes_on, inner)


def _is_contents(element: Any) -> bool:
    """Whether a block that Word keeps itself is a table of contents."""
    gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return "table of contents" in (attribute(gallery) or "").lower()


def _within(element: Any, name: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, also those that a wrapper holds."""
    for child in element:
        if child.tag == W + name:
            yield child
        elif child.tag in _THROUGH or child.tag == W + "sdt":
            yield from _within(child, name)
