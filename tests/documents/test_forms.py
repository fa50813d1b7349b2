"""The same report gives the same items, whichever form the office sends it in."""

import importlib
import json
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import report_forms

from documents.confined import PARSERS
from documents.drafts import Reading, as_json, read
from documents.paper import open_paper

PROJECT = Path(__file__).parents[2]
REPORTS = [
    PROJECT / "samples" / "report_2026H1.txt",
    *sorted((PROJECT / "tests" / "documents" / "reports").glob("*.txt")),
]
FORMS = {
    "typed.docx": report_forms.typed,
    "numbered.docx": report_forms.numbered,
    "page.html": report_forms.page,
    "printed.pdf": report_forms.printed,
}
DRAWN = {"210", "2525", "2567"}
"""Tables drawn with blanks or tabs, whose cells go on in the next line: other items as a table."""
WRAPPED = {
    ("2414", "page.html"),
    ("2414", "numbered.docx"),
    ("2516", "page.html"),
    ("2531", "page.html"),
    ("3332", "page.html"),
}
"""Lines broken by width, which these forms have whole: a deadline or a title is read to its end there."""
PRINTED = {
    **dict.fromkeys(
        (
            "222",
            "1904",
            "2301",
            "2421",
            "2513",
            "2533",
            "2548",
            "2744",
            "2781",
            "2923",
            "3170",
            "3188",
            "3362",
            "3375",
            "3376",
        ),
        "blanks alone part a label's words; the print keeps one",
    ),
    **dict.fromkeys(
        (
            *("209", "211", "302", "313", "706", "1401", "1408", "2303", "2408", "2425", "2516"),
            *("2517", "2524", "2531", "2536", "2571", "2751", "2753", "2786", "2787", "2915"),
            *("2954", "2973", "2975", "2976", "2978", "3146", "3148", "3185", "3222", "3309", "3332"),
            *("3344", "3346", "3380", "3384", "3385", "3410", "4207"),
        ),
        "lines broken at one width are printed at another",
    ),
    **dict.fromkeys(("222", "227", "2204", "2959", "3408"), "an empty line falls on the end of a page"),
    **dict.fromkeys(
        ("2422", "2518", "2528", "2537", "2577", "2734", "2735", "2761", "2794"),
        "no empty line parts a heading from the entry above it, and the print runs both together",
    ),
    **dict.fromkeys(
        ("2404", "2416", "2504", "2543", "2575", "2606", "3169"),
        "a cell a line: the print drops bare numbers and runs cells together",
    ),
    **dict.fromkeys(
        ("1201", "1206", "1207", "1208", "1211", "1212", "2555", "2741", "4307", "4318"),
        "blanks alone part a running title; the print keeps one",
    ),
    "1409": "the print parts a plain English heading from the table above it by no empty line",
    **dict.fromkeys(("1203", "2558"), "a hyphen falls on the end of a printed line"),
    **dict.fromkeys(
        ("270", "817", "2736"),
        "the signature follows the last entry without an empty line, and the print runs both together",
    ),
    "2009": "a list numbered without stops is broken at another width",
    "2014": "a paragraph ends where a page does, and the next one runs on",
    "2015": "no empty line parts a heading from the label below it, and the print runs both together",
    "2952": "a narrow cell breaks a Latin word, and the print joins it with a blank",
    "3351": "no empty line parts the closing line from the entry above it, and the print runs both together",
    "3398": "the foot of a page runs into the entry that goes on behind it",
    "816": "a line as wide as the page stands above a list, and the print runs both together",
    **dict.fromkeys(
        ("3226", "3244", "3252"),
        "a line without a stop at the end of a page, or as wide as it, and the next paragraph runs on",
    ),
    "3266": "a page ends within a paragraph, of which a sentence alone was read as a measure",
    "1413": "a closing paragraph follows the last entry without an empty line",
    "4205": "the last entry ends where a page does, and the closing line runs on",
    "4314": "a label follows an entry without an empty line, and the print runs both together",
    "3224": "a table drawn with tabs, whose last row the print reads apart from what it answers",
    "206": "a report in one line, whose page counters stand within words and are broken by the print",
    "2778": "a report in one line, whose entries the print breaks anew behind their numbers",
}
"""Reports whose printed form gives other items, and why (docs/reading.md)."""


def may_find(report: Path) -> set[bool]:
    """Whether something is to be found in it: not in newsletters, rules and speeches; either is right where
    people differ on all that it says."""
    label = report.with_suffix(".json")
    said = json.loads(label.read_text("utf-8")) if label.exists() else {"items": [1]}
    return {bool(said["items"]), bool(said["items"] or said.get("neutral"))}


def parsed(form: str, data: bytes) -> str:
    """The text of a file by its own parser, here; that files run in a child is shown elsewhere."""
    module, _, function = PARSERS[form.rpartition(".")[2]].partition(":")
    text: str = getattr(importlib.import_module(module), function)(data, form)
    return text


@lru_cache(maxsize=8)
def as_typed(report: Path) -> list[dict[str, Any]]:
    """The items of the report as plain text."""
    return items(open_paper(report.name, report.read_bytes()).reading)


def items(reading: Reading) -> list[dict[str, Any]]:
    """What a coordinator sees of each item, without white space and the lines of tables."""
    read_: Any = as_json(reading)
    return [
        {
            "kind": item["kind"],
            "number": bare(item["number"]),
            "title": bare(item["title"]),
            "owners": [bare(owner) for owner in item["owners"]],
            "deadline": {**item["deadline"], "text": bare(item["deadline"]["text"])},
            "addresses": item["addresses"],
            "done": item["done"],
            "subitems": len(item["subitems"]),
            "quote": bare(item["quote"]),
        }
        for item in read_["items"]
    ]


def bare(words: str) -> str:
    return re.sub(r"[\s|]", "", words)


CASES = [
    pytest.param(report, form, id=f"{report.stem}-{form}")
    for report in REPORTS
    for form in FORMS
    if report.stem not in DRAWN
    and (report.stem, form) not in WRAPPED
    and not (form == "printed.pdf" and report.stem in PRINTED)
]


@pytest.mark.parametrize(("report", "form"), CASES)
def test_a_report_in_another_form_gives_the_same_items(report: Path, form: str) -> None:
    make: Callable[[str], bytes] = FORMS[form]
    found = items(read(parsed(form, make(report.read_text("utf-8")))))
    assert found == as_typed(report)
    assert bool(found) in may_find(report)


@pytest.mark.parametrize("form", FORMS)
def test_the_sample_in_another_form_tells_the_same_head(form: str) -> None:
    text = REPORTS[0].read_text("utf-8")
    known = open_paper("a.txt", text.encode()).reading
    found = open_paper(form, FORMS[form](text)).reading
    assert (found.title, found.org, found.period, found.lang) == (
        known.title,
        known.org,
        known.period,
        known.lang,
    )


def test_every_quote_stands_in_the_text_that_is_stored() -> None:
    for form, make in FORMS.items():
        paper = open_paper(form, make(REPORTS[0].read_text("utf-8")))
        quotes = [paper.text.text[draft.start : draft.end] for draft in paper.reading.drafts]
        assert [draft.title in quote for draft, quote in zip(paper.reading.drafts, quotes, strict=True)] == [
            True
        ] * 11


def test_the_automatic_numbers_of_a_document_are_really_not_in_its_words() -> None:
    """Otherwise the proof above would prove nothing."""
    from documents.archive import members

    made = report_forms.numbered(REPORTS[0].read_text("utf-8"))
    document = members(made, "a.docx")["word/document.xml"].decode()
    assert ("（一）" in document, document.count("<w:numPr>")) == (False, 18)
