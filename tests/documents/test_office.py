"""Documents of older programs are read through LibreOffice, or refused with a way out."""

import contextlib
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import report_forms
from bad_files import outcome
from docx_parts import plain
from ole_files import ole
from workbooks import book, packed

from documents.drafts import read
from documents.office import as_docx, program
from documents.paper import open_paper
from rules.errors import UnreadableError

needs_libreoffice = pytest.mark.skipif(
    not shutil.which("soffice"),
    reason="LibreOffice is not installed (apt-get install libreoffice-writer-nogui)",
)
needs_calc = pytest.mark.skipif(
    program("xlsx") is None,
    reason="LibreOffice is not installed with its tables (apt-get install libreoffice-calc-nogui)",
)
SAMPLE = (Path(__file__).parents[2] / "samples" / "report_2026H1.txt").read_text("utf-8")
RTF = (
    b"{\\rtf1\\ansi\\ansicpg936\\deff0{\\fonttbl{\\f0\\fcharset134 SimSun;}}\\f0\n"
    + "".join(
        "".join(f"\\u{ord(char)}?" for char in line) + "\\par\n"
        for line in ("二、存在的主要问题", "（一）工作落实不够。", "三、下一步工作安排", "（一）加强督查。")
    ).encode("ascii")
    + b"}"
)


def converted(data: bytes, form: str, folder: Path, source: str = "report.docx") -> bytes:
    """The file as LibreOffice saves it in another form."""
    (folder / source).write_bytes(data)
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [
            str(shutil.which("soffice")),
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            folder,
            folder / source,
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / source).with_suffix(f".{form}").read_bytes()


@needs_libreoffice
@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("doc", "application/msword"),
        ("odt", "application/vnd.oasis.opendocument.text"),
        ("pdf", "application/pdf"),
        ("html", "text/html"),
    ],
)
def test_a_report_that_libreoffice_saved_gives_the_same_items(
    form: str, media_type: str, tmp_path: Path
) -> None:
    make = report_forms.typed if form == "html" else report_forms.numbered
    paper = open_paper(f"报告.{form}", converted(make(SAMPLE), form, tmp_path))
    found = [(d.kind, d.number, d.title, d.owners, d.deadline.on, d.addresses) for d in paper.reading.drafts]
    known = read(SAMPLE).drafts
    assert found == [(d.kind, d.number, d.title, d.owners, d.deadline.on, d.addresses) for d in known]
    assert paper.text.media_type == media_type


@needs_libreoffice
def test_a_rich_text_document_is_read() -> None:
    paper = open_paper("报告.rtf", RTF)
    assert [draft.title for draft in paper.reading.drafts] == ["工作落实不够", "加强督查"]
    assert paper.text.media_type == "application/rtf"


@needs_libreoffice
def test_a_document_that_libreoffice_does_not_know_is_refused_and_nothing_is_left() -> None:
    assert outcome(ole("WordDocument"), seconds=150) == (
        "报告.docx cannot be read as doc; it may be damaged. Open it in its own program and save it anew."
    )


@needs_libreoffice
def test_nothing_of_a_conversion_stays_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert outcome(RTF, seconds=150) == "2 drafts"
    assert list(tmp_path.iterdir()) == []


def test_without_libreoffice_an_older_document_is_refused_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadableError) as caught:
        as_docx(RTF, "报告.rtf", "rtf")
    assert str(caught.value) == (
        "报告.rtf is read with the help of LibreOffice, which is not installed here; save it as docx."
    )


def test_a_converter_that_never_ends_is_given_up_with_all_that_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slow = tmp_path / "soffice"
    slow.write_text("#!/bin/sh\n/bin/sleep 300.25 &\n/bin/sleep 300.5\n", "utf-8")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadableError) as caught:
        as_docx(RTF, "报告.rtf", "rtf", seconds=1)
    assert str(caught.value) == (
        "Reading 报告.rtf takes too long and was given up; divide it, or save it as plain text."
    )
    deadline = time.monotonic() + 10
    while running(b"/bin/sleep\x00300.") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running(b"/bin/sleep\x00300.") == []


def running(command: bytes) -> list[str]:
    """The processes whose command begins so."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if path.read_bytes().startswith(command):
                found.append(path.parent.name)
    return found


@pytest.mark.parametrize(
    ("file_name", "data", "form", "made", "media_type"),
    [
        (
            *("报告.wps", ole("WordDocument", "1Table"), "docx"),
            *(plain("一、存在的主要问题", "（一）甲不够。"), "application/msword"),
        ),
        (
            *("台账.et", ole("Workbook"), "xlsx"),
            *(book(["序号", "问题"], ["1", "甲不够"]), "application/vnd.ms-excel"),
        ),
    ],
)
def test_what_a_converter_makes_is_read_like_any_other_file(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    file_name: str,
    data: bytes,
    form: str,
    made: bytes,
    media_type: str,
) -> None:
    (tmp_path / "made").write_bytes(made)
    other = tmp_path / "soffice"
    other.write_text(
        "#!/bin/sh\n"
        'for word; do case "$last" in --outdir) out="$word";; esac; last="$word"; done\n'
        f'/bin/mkdir -p "$out" && /bin/cp "{tmp_path}/made" "$out/report.{form}"\n',
        "utf-8",
    )
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    paper = open_paper(file_name, data)
    assert ([draft.title for draft in paper.reading.drafts], paper.text.media_type) == (
        ["甲不够"],
        media_type,
    )


@pytest.mark.parametrize(
    "data",
    [
        ole("Workbook"),
        packed({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"\x83\x01\0"}),
        packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
    ],
    ids=["xls", "xlsb", "ods"],
)
def test_without_libreoffice_an_older_workbook_is_refused_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data: bytes
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadableError) as caught:
        open_paper("台账", data)
    assert str(caught.value) == (
        "台账 is read with the help of LibreOffice, which is not installed here; save it as xlsx."
    )


@needs_calc
@pytest.mark.parametrize("form", ["xls", "ods"])
def test_a_ledger_that_libreoffice_saved_gives_the_same_drafts(form: str, tmp_path: Path) -> None:
    rows = (["序号", "问题", "牵头单位", "整改时限"], ["1", "台账不全", "安全科", "2026年9月30日"])
    saved = converted(book(*rows), form, tmp_path, source="ledger.xlsx")
    files = ((f"台账.{form}", saved), ("台账.xlsx", book(*rows)))
    found = [open_paper(*file).reading.drafts for file in files]
    assert found[0] == found[1] != []
