"""PDFs that are broken, locked, scanned or hostile end in one sentence or in drafts, soon."""

import re
import zlib
from io import BytesIO

import pytest
import report_forms
from bad_files import DAMAGED, EMPTY, LOCKED, REPORT, outcome
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

PDF = DAMAGED.format("pdf")
GOOD = report_forms.printed(REPORT)
SCANNED = (
    "报告.docx holds pictures of pages and no text; have it recognised (OCR), or hand in the document that "
    "it was made from."
)
UNTOLD = (
    "报告.docx does not tell which letters its signs stand for; hand in the document that it was made from."
)


def blank_pages(count: int, lock: StandardEncryption | None = None) -> bytes:
    memory = BytesIO()
    canvas = Canvas(memory, encrypt=lock)
    for number in range(count):
        canvas.drawString(72, 700, f"Page about nothing, of number {number}")
        canvas.showPage()
    canvas.save()
    return memory.getvalue()


def scanned(stamp: str = "") -> bytes:
    memory = BytesIO()
    canvas = Canvas(memory, pagesize=(595, 842))
    for number in range(3):
        picture = Image.new("L", (60, 80), 200 + number)
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
        canvas.drawString(400, 20, stamp)
        canvas.showPage()
    canvas.save()
    return memory.getvalue()


def raw(*objects: bytes, root: int = 1) -> bytes:
    """A PDF of these objects, numbered from 1, with a table of their places."""
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer <</Size %d /Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        root,
        len(body),
    )
    return body + table + trailer


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(content), more, content)


CATALOG, PAGES = b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [3 0 R] /Count 1>>"
FONT = b"/Resources <</Font <</F <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>>>"
PAGE = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R " + FONT + b">>"
DEEP = b"q " * 500_000 + b"BT /F 12 Tf 72 700 Td (deep) Tj ET"
UNMAPPED = (
    b"<</Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [<</Type /Font "
    b"/Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) "
    b"/Supplement 0>> /FontDescriptor <</Type /FontDescriptor /FontName /X /Flags 4>>>>]>>"
)

CASES: dict[str, tuple[bytes, str]] = {
    "the good one": (GOOD, "2 drafts"),
    "cut in half": (GOOD[: len(GOOD) // 2], PDF),
    "without its table of places": (re.sub(rb"startxref.*", b"", GOOD, flags=re.DOTALL), "2 drafts"),
    "a junk table of places": (re.sub(rb"\d{10} \d{5} n", b"9999999999 00000 n", GOOD), "2 drafts"),
    "only its first line": (b"%PDF-1.7\n", PDF),
    "junk in a PDF's clothes": (b"%PDF-1.7\n" + bytes(range(256)) * 100, PDF),
    "a password to open": (blank_pages(1, StandardEncryption("secret")), LOCKED),
    "a password only to change": (blank_pages(1, StandardEncryption("", "owner", canModify=0)), "0 drafts"),
    "ten thousand pages": (blank_pages(10_000), "报告.docx has 10000 pages; at most 500 are read."),
    "five hundred pages": (blank_pages(500), "0 drafts"),
    "a scan": (scanned(), SCANNED),
    "a scan with a stamp": (scanned("Scanned by a phone"), SCANNED),
    "a page without anything": (
        raw(CATALOG, PAGES, b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>"),
        EMPTY,
    ),
    "pages that hold themselves": (raw(CATALOG, b"<</Type /Pages /Kids [2 0 R] /Count 1>>"), PDF),
    "pages whose parent is their child": (
        raw(
            CATALOG,
            b"<</Type /Pages /Kids [3 0 R] /Count 9999>>",
            b"<</Type /Pages /Kids [2 0 R] /Parent 2 0 R /Count 9>>",
        ),
        "报告.docx has 9999 pages; at most 500 are read.",
    ),
    "a count that lies": (raw(CATALOG, PAGES.replace(b"/Count 1", b"/Count 400"), PAGE, stream(b"")), PDF),
    "a catalogue that is its own page": (raw(b"<</Type /Catalog /Pages 1 0 R>>"), EMPTY),
    "a content that is a reference to itself": (raw(CATALOG, PAGES, PAGE, b"4 0 R"), EMPTY),
    "half a million saved states": (raw(CATALOG, PAGES, PAGE, stream(DEEP)), "0 drafts"),
    "a stream that unpacks a thousandfold": (
        raw(CATALOG, PAGES, PAGE, stream(zlib.compress(bytes(300_000_000)), b" /Filter /FlateDecode")),
        EMPTY,
    ),
    "a form that draws itself": (
        raw(
            CATALOG,
            PAGES,
            PAGE.replace(FONT, b"/Resources <</XObject <</X 5 0 R>>>>"),
            stream(b"/X Do"),
            stream(
                b"/X Do",
                b" /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</X 5 0 R>>>>",
            ),
        ),
        EMPTY,
    ),
    "a page of no size": (
        raw(CATALOG, PAGES, PAGE.replace(b"595 842", b"0 0"), stream(b"BT /F 12 Tf (a) Tj ET")),
        "0 drafts",
    ),
    "a page of endless size": (
        raw(
            CATALOG,
            PAGES,
            PAGE.replace(b"595 842", b"1e38 1e38"),
            stream(b"BT /F 12 Tf 1e37 1e37 Td (a) Tj ET"),
        ),
        "0 drafts",
    ),
    "letters of no size": (raw(CATALOG, PAGES, PAGE, stream(b"BT /F 0 Tf 72 700 Td (abc) Tj ET")), EMPTY),
    "fifty thousand ruled lines": (
        raw(
            CATALOG,
            PAGES,
            PAGE,
            stream(
                b"".join(
                    b"%d 0 m %d 800 l S 0 %d m 590 %d l S\n" % ((i % 590,) * 2 + (i % 800,) * 2)
                    for i in range(50_000)
                )
                + b"BT /F 12 Tf 72 700 Td (Ruled) Tj ET"
            ),
        ),
        "0 drafts",
    ),
    "letters that no table names": (
        raw(
            CATALOG,
            PAGES,
            PAGE.replace(FONT, b"/Resources <</Font <</F 5 0 R>>>>"),
            stream(b"BT /F 12 Tf 72 700 Td <00010002000300040005> Tj ET"),
            UNMAPPED,
        ),
        UNTOLD,
    ),
    "a million signs on a page": (
        raw(
            CATALOG,
            PAGES,
            PAGE,
            stream(b"BT /F 1 Tf 1 TL 0 800 Td " + b"(abcdefghij klmnopqrst) Tj T* " * 50_000 + b"ET"),
        ),
        "报告.docx has 50000 paragraphs; at most 20000 are read.",
    ),
    "a script that would run": (
        raw(
            b"<</Type /Catalog /Pages 2 0 R /OpenAction <</S /JavaScript /JS (app.alert\\(1\\))>>>>",
            PAGES,
            PAGE,
            stream(b"BT /F 12 Tf 72 700 Td (Words) Tj ET"),
        ),
        "0 drafts",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_pdf_ends_in_one_sentence_or_in_drafts(case: str) -> None:
    data, expected = CASES[case]
    assert outcome(data) == expected
