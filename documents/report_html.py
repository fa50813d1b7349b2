"""The next report as one page of HTML: every figure and sentence leads to its items in the annex."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from documents.columns import cell_words
from documents.html_page import write_page
from documents.illustrations import Drawn
from documents.ledger import Ledger
from documents.next_report import Paragraph, compose
from documents.report_md import ANNEX
from documents.report_notes import Note, anchor, annex_heading, parts
from documents.wording import is_chinese, ledger_title, printable, provenance
from texts import say


@dataclass(frozen=True, slots=True)
class _Line:
    """One paragraph ready for the page; `note` is the number of its note, or 0."""

    level: int
    heading: Markup
    words: Markup
    note: int


def write_report_html(path: Path, ledger: Ledger, locale: str, charts: Sequence[Drawn] = ()) -> None:
    """Writes the report on the ledger's period to `path`, whole or not at all; its charts are annex 2."""
    write_page(path, "report.html", _values(ledger, locale), locale, charts)


def _values(ledger: Ledger, locale: str) -> dict[str, object]:
    title, *paragraphs, annex = compose(ledger, locale)
    known = frozenset(row.reference for row in ledger.rows)
    noted = [paragraph for paragraph in paragraphs if paragraph.notes]
    return {
        "title": printable(title.text),
        "lines": [_line(one, noted, known) for one in paragraphs],
        "annex": printable(annex.text),
        "ledger_title": ledger_title(ledger, locale),
        "columns": [annex_heading(column, locale) for column in ANNEX],
        "rows": [
            (anchor(row.reference), [cell_words(column, row, locale) for column in ANNEX])
            for row in ledger.rows
        ],
        "provenance": provenance(ledger, locale),
        "notes": [
            Markup.escape(say(locale, "; ")).join(_note(note, locale) for note in one.notes) for one in noted
        ],
    }


def _line(paragraph: Paragraph, noted: list[Paragraph], known: frozenset[str]) -> _Line:
    text = printable(paragraph.text)
    heading, words = text[: paragraph.heading], text[paragraph.heading :]
    number = noted.index(paragraph) + 1 if paragraph.notes else 0
    return _Line(paragraph.level, _linked(heading, known), _linked(words, known), number)


def _linked(text: str, known: frozenset[str]) -> Markup:
    found = parts(text, known)
    return Markup().join(_link(part) if is_known else Markup.escape(part) for part, is_known in found)


def _link(reference: str) -> Markup:
    return Markup('<a href="#{}">{}</a>').format(anchor(reference), reference)


def _note(note: Note, locale: str) -> Markup:
    between = Markup.escape("、" if is_chinese(locale) else ", ")
    return Markup.escape(say(locale, "%(figure)s: %(items)s")) % {
        "figure": note.label,
        "items": between.join(map(_link, note.references)),
    }
