"""The same report gives the same items, whichever form the office sends it in."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import report_forms

from documents.drafts import as_json
from documents.paper import Paper, open_paper

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
DRAWN = {"210"}
"""A table drawn with blanks and dashes, whose cells go on in the next line: other items as a table."""
PRINTED = {
    **dict.fromkeys(("201", "222", "310", "715"), "blanks alone part a label's words; the print keeps one"),
    **dict.fromkeys(
        ("209", "211", "302", "313", "706", "1401", "1408"),
        "lines broken at one width are printed at another",
    ),
    **dict.fromkeys(("222", "227", "311"), "an empty line falls on the end of a page"),
    **dict.fromkeys(
        ("1201", "1205", "1207", "1211"), "blanks alone part a running title; the print keeps one"
    ),
    "1409": "the print parts a plain English heading from the table above it by no empty line",
    "1503": "the print parts the signature from the last line by no empty line",
    "1203": "a hyphen falls on the end of a printed line",
    "817": "the signature follows the last entry without an empty line, and the print runs both together",
    "1413": "a closing paragraph follows the last entry without an empty line",
    "206": "a report in one line, whose page counters stand within words and are broken by the print",
}
"""Reports whose printed form gives other items, and why (docs/reading.md)."""
ITEMLESS = {
    *("113", "208", "228", "245", "273", "308", "314", "329", "334", "514", "515"),
    *("611", "613", "623", "629", "631", "633", "651", "653", "655", "705", "803", "815", "915"),
    *("1015", "1107", "1306", "1311", "1416", "1507", "1511"),
}
"""Newsletters, rules and speeches, which hold nothing to be tracked."""


def items(paper: Paper) -> list[dict[str, Any]]:
    """What a coordinator sees of each item, without white space and the lines of tables."""
    read: Any = as_json(paper.reading)
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
        for item in read["items"]
    ]


def bare(words: str) -> str:
    return re.sub(r"[\s|]", "", words)


CASES = [
    pytest.param(report, form, id=f"{report.stem}-{form}")
    for report in REPORTS
    for form in FORMS
    if report.stem not in DRAWN and not (form == "printed.pdf" and report.stem in PRINTED)
]


@pytest.mark.parametrize(("report", "form"), CASES)
def test_a_report_in_another_form_gives_the_same_items(report: Path, form: str) -> None:
    text = report.read_text("utf-8")
    make: Callable[[str], bytes] = FORMS[form]
    expected = items(open_paper(report.name, report.read_bytes()))
    assert items(open_paper(form, make(text))) == expected
    assert bool(expected) is (report.stem not in ITEMLESS)


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
