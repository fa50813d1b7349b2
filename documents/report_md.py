"""The next report as Markdown, its figures and sentences linked to the items of the annex."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from documents import columns
from documents.columns import cell_words
from documents.ledger import Ledger
from documents.next_report import Paragraph, compose
from documents.replacing import replacing
from documents.report_notes import Note, anchor, annex_heading, parts
from documents.wording import listed, printable, provenance
from texts import say

ANNEX = (
    columns.REFERENCE,
    columns.KIND,
    columns.TITLE,
    columns.UNIT,
    columns.OWNERS,
    columns.DUE,
    columns.STATE,
    columns.PROGRESS,
    columns.ENDED,
    columns.EVIDENCE,
)
_MARKS = re.compile(r"([\\`*_\[\]|~])")
_HASHES = {0: "# ", 1: "## "}


def write_report_md(path: Path, ledger: Ledger, locale: str) -> None:
    """Writes the report on the ledger's period to `path` in UTF-8, whole or not at all.

    The same ledger gives the same bytes.
    """
    with replacing(path) as fresh:
        fresh.write_text("\n".join(_lines(ledger, locale)) + "\n", encoding="utf-8", newline="\n")


def _lines(ledger: Ledger, locale: str) -> Iterator[str]:
    *paragraphs, annex = compose(ledger, locale)
    known = frozenset(row.reference for row in ledger.rows)
    notes: list[str] = []
    for paragraph in paragraphs:
        yield from (_paragraph(paragraph, known, notes, locale), "")
    yield from (f"## {escaped(annex.text)}", "")
    yield from _table(ledger, locale)
    yield from ("", escaped(provenance(ledger, locale)), "")
    yield from notes


def _paragraph(paragraph: Paragraph, known: frozenset[str], notes: list[str], locale: str) -> str:
    words = _HASHES.get(paragraph.level, "") + linked(paragraph.text, known)
    if not paragraph.notes:
        return words
    number = len(notes) + 1
    notes.append(f"[^{number}]: {_note(paragraph.notes, locale)}")
    return f"{words}[^{number}]"


def _note(notes: Iterable[Note], locale: str) -> str:
    parts = (
        say(locale, "%(figure)s: %(items)s", figure=escaped(note.label), items=_links(note, locale))
        for note in notes
    )
    return say(locale, "; ").join(parts)


def _links(note: Note, locale: str) -> str:
    return listed((link(reference) for reference in note.references), locale)


def linked(text: str, known: frozenset[str]) -> str:
    """`text` with every reference in `known` made a link to its row of the annex, all else as plain words."""
    return "".join(link(part) if is_known else escaped(part) for part, is_known in parts(text, known))


def link(reference: str) -> str:
    """A link to the item's row in the annex."""
    return f"[{escaped(reference)}](#{anchor(reference)})"


def escaped(text: str) -> str:
    """`text` as words that Markdown takes for nothing else."""
    plain = printable(text).replace("\n", " ").replace("&", "&amp;").replace("<", "&lt;")
    return _MARKS.sub(r"\\\1", plain)


def _table(ledger: Ledger, locale: str) -> Iterator[str]:
    heads = [annex_heading(column, locale) for column in ANNEX]
    yield f"| {' | '.join(map(escaped, heads))} |"
    yield "|" + " --- |" * len(ANNEX)
    for row in ledger.rows:
        cells = [escaped(cell_words(column, row, locale)) for column in ANNEX]
        cells[0] = f'<a id="{anchor(row.reference)}"></a>{cells[0]}'
        yield f"| {' | '.join(cells)} |"
