"""HTML to text as its reader sees it: a line a block, lists with their numbers, tables as rows."""

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from documents.encodings import decoded
from documents.html_lists import Marks
from documents.numerals import before
from documents.paragraphs import as_text
from documents.table_text import Cell, table_lines
from rules.errors import UnreadableError

_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\s[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE
)
_UNSHOWN = {
    *("script", "style", "head", "title", "noscript", "template", "nav", "iframe", "object", "svg", "math"),
    *("select", "datalist", "button", "textarea", "input", "audio", "video", "canvas"),
    *("rt", "rp", "del", "s"),
}
_BLOCKS = {
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "pre"),
    *("section", "article", "header", "footer", "main", "aside", "blockquote", "center", "address", "figure"),
    *("form", "fieldset", "hr", "body", "html", "caption", "figcaption", "details", "summary", "tr", "td"),
    *("th", "tbody", "thead", "tfoot"),
}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_MARK = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_SYMBOL_FONT = re.compile(r"font-family\s*:\s*\"?'?(?:wingdings|symbol)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\r\f]+")
_WIDE = "⺀-鿿豈-﫿！-｠、。〈-】"
_BREAK_IN_CHINESE = re.compile(rf"(?<=[{_WIDE}])[ \t]*[\r\n][ \t\r\n]*(?=[{_WIDE}])")


def parse(data: bytes, name: str) -> str:
    """The text of an HTML file, one block or table row a line.

    Raises:
        UnreadableError: its encoding cannot be told, or it nests too deeply.
    """
    found = _DECLARED.search(data[:4096])
    text, _ = decoded(data, name, found[1].decode("ascii") if found else None)
    # What the parser would take for its own end or for a declaration of another encoding is no text.
    plain = re.sub(r"^\s*<\?xml[^>]*>", "", text.replace("\0", "")).encode("utf-8", "replace")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True, huge_tree=True)
    root = etree.fromstring(plain, parser) if plain.strip() else None
    if any(fault.type_name == "ERR_RESOURCE_LIMIT" for fault in parser.error_log):
        # What stands deeper would be lost without a word.
        raise UnreadableError(
            "%(name)s nests its parts too deeply to be read; save it as docx or as plain text.", name=name
        )
    return "" if root is None else as_text(_Page().read(root))


@dataclass(slots=True)
class _Table:
    """A table while it is read: rows that are whole, and cells that go on below, by column."""

    rows: list[list[Cell]] = field(default_factory=list)
    below: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Column -> rows that it still covers, and its columns."""
    holds_table: bool = False

    def begin_row(self) -> None:
        self.rows.append([])
        self._fill()

    def add(self, cell: Cell, rows: int) -> None:
        if not self.rows:
            self.begin_row()
        column = self._column()
        self.rows[-1].append(cell)
        if rows > 1:
            self.below[column] = (rows - 1, cell.columns)
        self._fill()

    def _column(self) -> int:
        return sum(cell.columns for cell in self.rows[-1])

    def _fill(self) -> None:
        """Puts the cells from above that reach into this row to their places."""
        while (at := self._column()) in self.below:
            rows, columns = self.below.pop(at)
            self.rows[-1].append(Cell(columns=columns, goes_on=True))
            if rows > 1:
                self.below[at + _LATER] = (rows - 1, columns)

    def end_row(self) -> None:
        self.below = {at - _LATER if at >= _LATER else at: value for at, value in self.below.items()}


_LATER = 1_000_000
"""Added to a column while its row is read: what goes on into the row after this one."""


@dataclass(slots=True)
class _Place:
    """Lines of the page or of one cell, with the words of the line that is not whole yet."""

    lines: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    number: str = ""
    cell: Any = None


@dataclass(slots=True)
class _Page:
    """Reads the tree in one pass, without recursion, so that no depth can break it."""

    places: list[_Place] = field(default_factory=lambda: [_Place()])
    tables: list[_Table] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    hidden: int = 0
    plain: int = 0

    def read(self, root: Any) -> list[str]:
        for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
            if event == "start":
                self._begin(element)
                self._say(element.text)
            else:
                if event == "end":
                    self._end(element)
                if element is not root:
                    self._say(element.tail)
        while len(self.places) > 1:
            self._leave_cell()
        self._break()
        return self.places[0].lines

    def _begin(self, element: Any) -> None:
        if self.hidden or _is_hidden(element):
            self.hidden += 1
            return
        tag = element.tag
        self.plain += tag == "pre"
        if tag in _BLOCKS:
            self._break()
        if tag in _HEADINGS:
            self.places[-1].lines.append("")
        if tag == "br":
            self._break(keep=True)
        elif tag in {"ol", "ul"}:
            self.marks.open(element)
        elif tag == "li":
            self.places[-1].number = self.marks.next(element)
        elif _MARK.search(element.get("style", "")):
            self.places[-1].number = _printed_mark(element)
            self.hidden += 1
        elif tag in {"table", "tr", "td", "th"}:
            self._begin_table(element)

    def _begin_table(self, element: Any) -> None:
        if element.tag == "table":
            for table in self.tables:
                table.holds_table = True
            self.tables.append(_Table())
        elif self.tables and element.tag == "tr":
            self.tables[-1].begin_row()
        elif self.tables:
            self.places.append(_Place(cell=element))

    def _end(self, element: Any) -> None:
        if self.hidden:
            self.hidden -= 1
            return
        tag = element.tag
        if tag in _BLOCKS:
            self._break()
        self.plain -= tag == "pre"
        if tag in {"ol", "ul"}:
            self.marks.close()
        elif tag in {"td", "th"} and self.places[-1].cell is element:
            self._leave_cell()
        elif tag == "tr" and self.tables:
            self.tables[-1].end_row()
        elif tag == "table" and self.tables:
            self._leave_table()

    def _leave_cell(self) -> None:
        self._break()
        place = self.places.pop()
        lines = tuple(line for line in place.lines if line)
        cell = Cell(lines, _count(place.cell, "colspan"), holds_table=self.tables[-1].holds_table)
        self.tables[-1].add(cell, _count(place.cell, "rowspan"))

    def _leave_table(self) -> None:
        table = self.tables.pop()
        self.places[-1].lines += table_lines(table.rows)

    def _say(self, words: str | None) -> None:
        if words and not self.hidden:
            place = self.places[-1]
            if self.plain:
                *whole, last = words.split("\n")
                for line in whole:
                    place.words.append(line)
                    self._break(keep=True)
                place.words.append(last)
            else:
                place.words.append(words)

    def _break(self, *, keep: bool = False) -> None:
        """Ends the line; with `keep` an empty one stays as a gap."""
        place = self.places[-1]
        said = "".join(place.words)
        place.words.clear()
        line = said.rstrip() if self.plain else _tidy(said)
        if line:
            place.lines.append(before(place.number, line))
            place.number = ""
        elif keep:
            place.lines.append("")


def _tidy(words: str) -> str:
    """White space as a browser shows it, and none between Chinese characters that the file only wraps."""
    return _SPACE.sub(" ", _BREAK_IN_CHINESE.sub("", words)).replace("\xa0", " ").strip(" 　")


def _is_hidden(element: Any) -> bool:
    if element.tag in _UNSHOWN or element.get("hidden") is not None:
        return True
    return bool(_HIDDEN.search(element.get("style", "")))


def _printed_mark(element: Any) -> str:
    """The number or bullet that Word wrote out before a paragraph of a list."""
    styles = [one.get("style", "") for one in (element, *element.iterdescendants("span"))]
    if any(_SYMBOL_FONT.search(style) for style in styles):
        return "•"
    mark = _tidy("".join(element.itertext()))
    return "○" if mark == "o" else mark


def _count(element: Any, name: str) -> int:
    value = element.get(name, "1").strip()
    return max(1, min(int(value), 100)) if value.isascii() and value.isdigit() and len(value) < 6 else 1
