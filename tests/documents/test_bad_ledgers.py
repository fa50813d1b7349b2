"""Workbooks and csv files that are broken, hostile or not what they say end in a sentence or in drafts."""

from datetime import date
from io import BytesIO

import pytest
from bad_files import outcome
from ole_files import ole
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from workbooks import (
    HEAD,
    ROW,
    book,
    draft,
    fill,
    opened,
    packed,
    parts,
    quoted,
    saved,
    text_cell,
    text_row,
    told,
)

from documents.grid import MOST_ROWS

BOOK = "台账.xlsx"
SHEET = "台账.csv"
DAMAGED = f"{BOOK} cannot be read as xlsx; it may be damaged. Open it in its own program and save it anew."
BROKEN = (
    f"{BOOK} cannot be unpacked; it may be damaged or cut off. Open it in its own program and save it anew."
)
BOMB = f"{BOOK} unpacks to more than 100 times its size; it was not opened."
NO_LEDGER = (
    f"{BOOK} holds no ledger: no row names its columns. A ledger has a column 问题 or 整改措施 "
    "(Problem, Measure) and others such as 序号, 牵头单位, 责任人, 整改时限, 完成情况 "
    "(No., Lead, Owner, Due date, Status)."
)
FAR = (
    f"The cells of {BOOK} reach over 1048576 rows and 16384 columns; at most 8000000 cells are read. "
    "Delete what stands far outside the table, or divide the file."
)
ROWS = text_row(1, "序号", "问题", "措施") + text_row(2, "1", "台账不全", "补齐台账")
FAR_ROW = f'<row r="1048576">{text_cell("XFD1048576", "远")}</row>'
NOISE = "".join(chr(0x4E00 + (at * 7919 + at * at) % 20_000) for at in range(200_000))
"""A long text that repeats nothing, so that it packs badly."""


def made(rows: str = ROWS, *, before: str = "", behind: str = "", **changed: bytes | str) -> bytes:
    """A workbook written by hand; `changed` are parts of it by the end of their names."""
    found = parts(rows, before=before, behind=behind)
    return packed(
        {name: changed.get(name.rpartition("/")[2].partition(".")[0], part) for name, part in found.items()}
    )


def without(part: str) -> bytes:
    return packed({name: content for name, content in parts(ROWS).items() if name != part})


def merged(*ranges: str) -> str:
    cells = "".join(f'<mergeCell ref="{one}"/>' for one in ranges)
    return f"<mergeCells>{cells}</mergeCells>"


def naming_one_text(cells: int) -> bytes:
    rows = "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>' for at in range(1, cells + 1))
    return packed(parts(rows, shared=f"<si><t>{NOISE}</t></si>"))


BOOKS = {
    "nothing": (b"", f"{BOOK} is empty."),
    "a cell of 500 MB": (made(ROWS + text_row(3, "长" * (500 * 1024**2 // 3))), BOMB),
    "a text named by 20,000 cells": (
        naming_one_text(20_000),
        f"{BOOK} holds more than 256 MiB once it is unpacked; it was not opened.",
    ),
    "larger than 20 MiB": (made(ROWS + text_row(3, NOISE * 60)), f"{BOOK} is larger than 20 MiB."),
    "a far cell beside the table": (made(ROWS + FAR_ROW), FAR),
    "a far cell alone": (made(FAR_ROW), NO_LEDGER),
    "a far cell that has only a format": (
        made(f'{ROWS}<row r="1048576"><c r="XFD1048576" s="0"/></row>'),
        "2 drafts",
    ),
    "a dimension that is too large": (made(before='<dimension ref="A1:XFD1048576"/>'), "2 drafts"),
    "a dimension that is too small": (made(before='<dimension ref="A1"/>'), "2 drafts"),
    "a dimension that is none": (made(before='<dimension ref="Z9:A1"/>'), "2 drafts"),
    "a merged range over a million cells": (made(behind=merged("A2:XFD1048576")), "2 drafts"),
    "fifty thousand merged ranges that overlap": (
        made(behind=merged(*(f"A{1 + at % 2}:C{2 + at % 1000}" for at in range(50_000)))),
        "2 drafts",
    ),
    "a merged range that is none": (made(behind=merged("nonsense")), DAMAGED),
    "2,001 sheets": (
        packed(parts(ROWS, sheets=2001)),
        f"{BOOK} holds 2006 parts; at most 2000 are unpacked.",
    ),
    "no sheet at all": (packed(parts(ROWS, sheets=0)), NO_LEDGER),
    "a sheet that is missing": (without("xl/worksheets/sheet1.xml"), DAMAGED),
    "relations that are missing": (without("xl/_rels/workbook.xml.rels"), DAMAGED),
    "texts that are missing and not named": (without("xl/sharedStrings.xml"), "2 drafts"),
    "a text that is not there": (
        made(f'{ROWS}<row r="3"><c r="A3" t="s"><v>99999999</v></c></row>'),
        DAMAGED,
    ),
    "XML that breaks off": (made(ROWS[:-30]), DAMAGED),
    "an entity of its own": (
        made(workbook='<!DOCTYPE a [<!ENTITY b "c">]><workbook/>'),
        f"{BOOK} holds XML with declarations of its own (DOCTYPE, ENTITY); it was not opened.",
    ),
    "a cell beyond all columns": (
        made(f'{ROWS}<row r="3"><c r="ZZZ3"><v>1</v></c></row>'),
        f"{BOOK} has rows of 18278 cells; at most 16384 are read.",
    ),
    "a row with the number 0": (made(f'<row r="0">{text_cell("A0", "零")}</row>{ROWS}'), DAMAGED),
    "cut off": (made()[:-40], BROKEN),
    "a password": (
        ole("EncryptionInfo", "EncryptedPackage"),
        f"{BOOK} is protected by a password; take the password off and hand it in again.",
    ),
    "xlsm with its macros": (packed(parts(ROWS) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "2 drafts"),
    "no header": (book(["甲", "乙"], ["丙", "丁"]), NO_LEDGER),
    "a sheet without a cell": (book(), NO_LEDGER),
    "a header and no row": (book(HEAD), "0 drafts"),
}


@pytest.mark.parametrize("what", BOOKS)
def test_a_bad_workbook_ends_in_a_sentence_or_in_drafts(what: str) -> None:
    data, sentence = BOOKS[what]
    assert outcome(data, BOOK) == sentence


def header_and(row: str) -> str:
    return f"序号,问题,措施\n{row}"


TABLES = {
    "nothing": (b"", f"{SHEET} is empty."),
    "a NUL in a cell": (header_and("1,台账\0不全,补齐" + "台账" * 200).encode(), "2 drafts"),
    "nothing but NULs": (bytes(9000), f"{SHEET} is not text: it holds too many control characters."),
    "a quotation mark that is never closed": (
        header_and('1,甲,乙\n2,"丙,丁\n3,戊,己\n').encode(),
        f"{SHEET}: a quotation mark in the row that begins on line 3 is never closed.",
    ),
    "words behind a quotation mark": (
        header_and('1,"甲"乙,丙\n').encode(),
        f"{SHEET}: in the row that begins on line 2 a quotation mark stands where none belongs.",
    ),
    "a million cells on a line": (
        header_and(("," * 1_000_000) + "\n").encode(),
        f"{SHEET} has rows of 1000001 cells; at most 16384 are read.",
    ),
    "a million cells on the first line": (
        ("," * 1_000_000).encode() + "\n序号,问题,措施\n1,甲甲,乙乙".encode(),
        f"{SHEET} has rows of 1000001 cells; at most 16384 are read.",
    ),
    "many rows and one that is wide": (
        header_and("1,甲,乙\n" * 2000 + "," * 16_000).encode(),
        (
            f"The cells of {SHEET} reach over 2002 rows and 16001 columns; at most 8000000 cells are read. "
            "Delete what stands far outside the table, or divide the file."
        ),
    ),
    "a field of 19 MiB": (header_and('1,"' + "a" * 19 * 1024**2 + '",补齐台账\n').encode(), "2 drafts"),
    "larger than 20 MiB": (header_and("a" * 21 * 1024**2).encode(), f"{SHEET} is larger than 20 MiB."),
    "more rows than any ledger": (
        header_and("1,甲,乙\n" * (MOST_ROWS + 1)).encode(),
        f"{SHEET} has 200001 rows; at most 200000 are read.",
    ),
    "far more rows than any ledger": (
        header_and("1,甲,乙\n" * (MOST_ROWS + 5000)).encode(),
        f"{SHEET} has more than 200000 rows; no more are read.",
    ),
    "no header": ("姓名,电话\n张某,1\n".encode(), NO_LEDGER.replace(BOOK, SHEET)),
    "UTF-8 that breaks off": (
        b"\xef\xbb\xbf" + header_and("1,甲").encode()[:-1],
        f"{SHEET} begins as utf-8-sig but breaks off at byte 23.",
    ),
    "a workbook that is called csv": (made(), "2 drafts"),
}


@pytest.mark.parametrize("what", TABLES)
def test_a_bad_csv_file_ends_in_a_sentence_or_in_drafts(what: str) -> None:
    data, sentence = TABLES[what]
    assert outcome(data, SHEET) == sentence


TEXT = header_and("1,台账不全,补齐台账\n2,印章管理不严,专人管理\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_csv_file_may_be_of_any_encoding_and_separator(encoding: str, sign: str) -> None:
    assert outcome(TEXT.replace(",", sign).encode(encoding), SHEET) == "4 drafts"


def test_a_csv_file_may_say_its_separator() -> None:
    assert outcome(f"sep=|\r\n{TEXT.replace(',', '|')}".encode(), SHEET) == "4 drafts"


def test_a_separator_inside_of_cells_does_not_make_the_table() -> None:
    rows = "".join(f'{at},"甲{at};乙;丙\n丁;戊",补齐\n' for at in range(1, 90))
    assert outcome(header_and(rows).encode(), SHEET) == "178 drafts"


def test_a_text_file_stays_a_report_whatever_it_looks_like() -> None:
    assert outcome(TEXT.encode(), "报告.txt") == "0 drafts"


def test_a_quoted_line_end_stays_in_its_cell() -> None:
    paper = opened(header_and('1,"台账不全。\r\n未更新",补齐台账\r\n2,二类问题,整改\r\n').encode(), SHEET)
    assert quoted(paper, paper.reading.drafts[0]) == "台账不全。\n未更新；措施：补齐台账"


def test_a_ragged_row_is_named_and_nothing_is_shifted_in_silence() -> None:
    paper = opened(header_and("1,甲,补,齐\n2,乙\n3,丙,丁\n4,戊,己,,\n").encode(), SHEET)
    assert told(paper)[0] == (
        "The header has 3 cells; these rows have another number: 2 (4), 3 (2). "
        "Look whether their cells stand in the right columns."
    )


def test_a_guard_before_a_formula_is_taken_off_and_no_other_apostrophe() -> None:
    paper = opened(header_and("1,'=1+1的问题,'s措施\n").encode(), SHEET)
    assert [one.title for one in paper.reading.drafts] == ["=1+1的问题", "'s措施"]


def test_a_formula_without_its_value_is_an_empty_cell_and_named() -> None:
    paper = opened(book(HEAD, [*ROW[:4], "=A1", *ROW[5:]]))
    assert draft(paper, "补齐台账").owners == ("质量安全科",)
    assert told(paper) == [
        (
            "Sheet 整改台账: 1 formulas have no value and were read as empty cells: E2. "
            "Open the file in its own program and save it anew."
        )
    ]


def test_a_formula_with_its_value_is_that_value() -> None:
    row = '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>A1</f><v>台账不全</v></c></row>'
    blank = '<row r="3"><c r="B3" t="str"><f>A9</f><v></v></c></row>'
    paper = opened(made(text_row(1, "序号", "问题") + row + blank))
    assert [(one.number, one.title) for one in paper.reading.drafts] == [("2", "台账不全")]
    assert [words for words in told(paper) if "formula" in words] == []


def test_an_error_in_a_cell_is_no_owner_and_named() -> None:
    cell = '<c r="C2" t="e"><v>#REF!</v></c>'
    row = f'<row r="2">{text_cell("A2", "1")}{text_cell("B2", "台账不全")}{cell}</row>'
    paper = opened(made(text_row(1, "序号", "问题", "责任人") + row))
    assert draft(paper, "台账不全").owners == ()
    assert told(paper)[0] == ("Sheet Sheet1: 1 cells hold an error such as #REF! and were read as empty: C2.")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("123456789012345678", "123456789012345678"),
        ("1.23456789012345E+17", "123456789012345000"),
        ("110101199001011234", "110101199001011234"),
        ("3", "3"),
        ("3.0", "3"),
        ("0.1", "0.1"),
        ("0.30000000000000004", "0.3"),
        ("-1.5", "-1.5"),
        ("1E+20", "100000000000000000000"),
    ],
)
def test_a_number_is_shown_as_a_person_reads_it(written: str, shown: str) -> None:
    row = f'<row r="2"><c r="A2"><v>{written}</v></c>{text_cell("B2", "台账不全")}</row>'
    paper = opened(made(text_row(1, "序号", "问题") + row))
    assert draft(paper, "台账不全").number == shown


def test_days_that_count_from_1904_are_the_same_days() -> None:
    made_on_a_mac = Workbook()
    made_on_a_mac.epoch = CALENDAR_MAC_1904
    fill(made_on_a_mac.active, [HEAD, [*ROW[:5], date(2026, 9, 30), "正在推进"]])
    assert draft(opened(saved(made_on_a_mac)), "补齐台账").deadline.on == date(2026, 9, 30)


def test_names_with_a_prefix_are_read_as_well() -> None:
    prefixed = ROWS.replace("<", "<x:").replace("<x:/", "</x:")
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    hidden = prefixed.replace('<x:row r="2"', '<x:row r="2" hidden="1"')
    sheet = f'<x:worksheet xmlns:x="{main}"><x:sheetData>{hidden}</x:sheetData></x:worksheet>'
    paper = opened(made(sheet1=sheet))
    assert (len(paper.reading.drafts), told(paper)) == (
        2,
        ["Sheet Sheet1: 1 rows are hidden; they were read all the same: 2.", *told(opened(made()))],
    )


def test_control_characters_reach_neither_text_nor_database() -> None:
    stream = BytesIO(
        made(text_row(1, "序号", "问题") + text_row(2, "1", "台账_x0000_不_x007F_全_x000D_\n甲"))
    )
    assert [one.title for one in opened(stream.getvalue()).reading.drafts] == ["台账不全"]
