"""The same report in every form that an office sends: made from its lines, as office programs make them."""

import html
import re
from collections.abc import Callable
from io import BytesIO
from itertools import groupby
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LEVELS = (
    ("han", re.compile(r"([一二三四五六七八九十]+)、"), "chineseCountingThousand", "%1、"),
    ("paren", re.compile(r"（([一二三四五六七八九十]+)）"), "chineseCountingThousand", "（%2）"),
    ("digit", re.compile(r"(\d+)\. ?(?!\d)"), "decimal", "%3."),
    ("round", re.compile(r"（(\d+)）"), "decimal", "（%4）"),
    ("issue", re.compile(r"([A-Z]+ )(\d+): "), "decimal", ""),
)
_BROKEN = 90
_HAN = "零一二三四五六七八九十"


def typed(text: str) -> bytes:
    """A Word document whose numbers are typed, tables as tables."""
    return _document(text, lambda document, line: document.add_paragraph(line))


def numbered(text: str) -> bytes:
    """A Word document in which Word itself numbers every paragraph whose number comes in its turn."""
    return _document(text, _Numbered())


def _document(text: str, add: Callable[[Any, str], Any]) -> bytes:
    document = Document()
    for block in blocks(text):
        if isinstance(block, str):
            add(document, block)
            continue
        table = document.add_table(len(block), len(block[0]), style="Table Grid")
        for row, words in zip(table.rows, block, strict=True):
            for cell, word in zip(row.cells, words, strict=True):
                cell.text = word
    memory = BytesIO()
    document.save(memory)
    return memory.getvalue()


def blocks(text: str) -> list[str | list[list[str]]]:
    """The lines of a report; rows of a table together, as lists of cells."""
    lines = text.rstrip("\n").split("\n")
    found: list[str | list[list[str]]] = []
    for is_table, run in groupby(lines, key=lambda line: bool(_cells(line) or _RULE.fullmatch(line))):
        every = list(run)
        rows = [cells for line in every if (cells := _cells(line))]
        found += _parted(rows) if is_table and len(rows) > 1 else every
    return found


_RULE = re.compile(r"\|?[:-]+(?:\|[:-]+)+\|?")


def _cells(line: str) -> list[str]:
    """The cells of a row, whether tabs, pipes or wide gaps part them; a first cell may be empty."""
    parts = re.split(r"\t" if "\t" in line else r"\|", line.strip(" ").strip("|"))
    if len(parts) < 3:
        parts = re.split(r" {2,}", line.strip())
    return [part.strip() for part in parts] if len(parts) > 3 and not _RULE.fullmatch(line) else []


def _parted(rows: list[list[str]]) -> list[str | list[list[str]]]:
    """One table; a row that ends before the last column is filled up, as merged cells are."""
    wide = max(len(row) for row in rows)
    return [[row + [""] * (wide - len(row)) for row in rows]]


class _Numbered:
    """Adds paragraphs to a document, with numbering of its own where a number comes in its turn."""

    def __init__(self) -> None:
        self.counts: dict[int, int] = {}
        self.instance = 0
        self.starts: dict[int, int] = {}
        """Where the levels of the present instance begin, each time that they begin anew."""

    def __call__(self, document: Any, line: str) -> Any:
        found = next(((i, m) for i, level in enumerate(LEVELS[:4]) if (m := level[1].match(line))), None)
        if not self.instance:
            self.instance = _define(document)
        if found is None:
            return document.add_paragraph(line)
        index, match = found
        value = int(match[1]) if match[1].isdigit() else _value(match[1])
        deeper = {level: count for level, count in self.counts.items() if level <= index}
        expected = deeper[index] + 1 if index in deeper else self.starts.get(index, 1)
        paragraph = document.add_paragraph(line[match.end() :])
        if value != expected:
            self.instance = _restart(document, index, value)
            self.starts = {index: value}
        self.counts = {**deeper, index: value}
        properties = paragraph._p.get_or_add_pPr()
        properties.append(
            parse_xml(
                f'<w:numPr xmlns:w="{WORD}"><w:ilvl w:val="{index}"/>'
                f'<w:numId w:val="{self.instance}"/></w:numPr>'
            )
        )
        return paragraph


def _value(han: str) -> int:
    tens, ten, ones = han.partition("十")
    if not ten:
        return _HAN.index(han)
    return (_HAN.index(tens) if tens else 1) * 10 + (_HAN.index(ones) if ones else 0)


def _define(document: Any) -> int:
    levels = "".join(
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{shown}"/></w:lvl>'
        for index, (_, _, style, shown) in enumerate(LEVELS[:4])
    )
    root = document.part.numbering_part.element
    root.insert(
        0,
        parse_xml(f'<w:abstractNum xmlns:w="{WORD}" w:abstractNumId="900">{levels}</w:abstractNum>'),
    )
    root.append(parse_xml(f'<w:num xmlns:w="{WORD}" w:numId="900"><w:abstractNumId w:val="900"/></w:num>'))
    return 900


def _restart(document: Any, index: int, value: int) -> int:
    """Another instance of the list that begins anew at one level."""
    root = document.part.numbering_part.element
    name = max(int(num.get(qn("w:numId"))) for num in root.iterfind(qn("w:num"))) + 1
    root.append(
        parse_xml(
            f'<w:num xmlns:w="{WORD}" w:numId="{name}"><w:abstractNumId w:val="900"/>'
            f'<w:lvlOverride w:ilvl="{index}"><w:startOverride w:val="{value}"/></w:lvlOverride></w:num>'
        )
    )
    return name


def page(text: str) -> bytes:
    """A page of HTML: a paragraph a line, tables as tables, runs of `1.` as ordered lists."""
    parts: list[str] = []
    opened = 0
    for block in blocks(text):
        match = re.match(r"(\d+)\. ?(?!\d)", block) if isinstance(block, str) else None
        if opened and not (match and int(match[1]) == opened + 1):
            parts.append("</ol>")
            opened = 0
        if isinstance(block, list):
            parts.append(_html_table(block))
        elif match and (opened or match[1] == "1"):
            parts.append(("" if opened else "<ol>") + f"<li>{_kept(block[match.end() :])}")
            opened = int(match[1])
        else:
            parts.append(f"<p>{_kept(block) or '<br>'}</p>")
    body = "\n".join(parts) + ("</ol>" if opened else "")
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>网站</title><style>p{color:red}</style>'
        f"</head><body><nav><a>首页</a></nav>\n{body}\n<script>var 问题;</script></body></html>"
    ).encode()


def _kept(words: str) -> str:
    """Blanks that stand beside others as office programs write them, for a browser keeps one of them."""
    return re.sub(r"^ | (?= )|(?<= ) ", "&nbsp;", html.escape(words).replace("\t", "    "))


def _html_table(rows: list[list[str]]) -> str:
    lines = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{line}</tr>\n" for line in lines) + "</table>"


def printed(text: str) -> bytes:
    """A PDF as an office prints it: justified, two signs indented, page numbers, tables ruled."""
    if "STSong-Light" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    is_chinese = sum("一" <= char <= "龥" for char in text) * 10 > len(text)
    font, size = ("STSong-Light", 14.0) if is_chinese else ("Times-Roman", 11.0)
    usual = size
    if is_chinese:
        size = _fitting([block for block in blocks(text) if isinstance(block, str)], font, size)
    style = ParagraphStyle(
        "body",
        fontName=font,
        fontSize=size,
        leading=1.7 * size if is_chinese else 1.36 * size,
        firstLineIndent=28 if is_chinese and size == usual else 0,
        alignment=TA_JUSTIFY if is_chinese else 0,
        wordWrap="CJK" if is_chinese else None,
    )
    story: list[Any] = []
    for block in blocks(text):
        if isinstance(block, list):
            story.append(_printed_table(block, style))
        elif block.strip():
            story.append(Paragraph(_wide(block), style))
        else:
            story.append(Spacer(1, style.leading))
    memory = BytesIO()
    SimpleDocTemplate(memory, pagesize=A4).build(story, onFirstPage=_footer, onLaterPages=_footer)
    return memory.getvalue()


def _fitting(lines: list[str], font: str, size: float) -> float:
    """Letters in which lines that a page's width has broken already go each on one line."""
    widths: list[float] = [pdfmetrics.stringWidth(line, font, size) for line in lines]
    if max(len(line) for line in lines) > _BROKEN or sum(width > 0.7 * max(widths) for width in widths) < 12:
        return size
    return min(size, size * 436 / max(widths))


def _wide(line: str) -> str:
    """The blank behind `第四条` as wide as in an office's fonts; in this one's it is a fifth of a sign."""
    return re.sub(r"^(第[一二三四五六七八九十百]+[条章])[ \u3000]+", r"\1" + "&nbsp;" * 3, html.escape(line))


def _footer(canvas: Any, template: Any) -> None:
    canvas.setFont("Times-Roman", 12)
    canvas.drawCentredString(A4[0] / 2, 40, f"- {template.page} -")


def _printed_table(rows: list[list[str]], style: ParagraphStyle) -> Table:
    cell = ParagraphStyle("cell", parent=style, fontSize=10, leading=14, firstLineIndent=0, alignment=0)
    drawn = Table(
        [[Paragraph(html.escape(word), cell) for word in row] for row in rows],
        [440 / len(rows[0])] * len(rows[0]),
    )
    drawn.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")]))
    return drawn
