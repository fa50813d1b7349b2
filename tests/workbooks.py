"""Ledgers as offices hand them in, and workbooks that no program would write."""

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from documents.paper import Paper, open_paper
from documents.reading import Draft
from rules.lifecycle import Kind

HEAD = ["序号", "存在问题", "整改措施", "牵头单位", "责任人", "整改时限", "完成情况"]
ROW = [1, "台账不全", "补齐台账", "质量安全科", "张某", "2026年9月30日", "正在推进"]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book(*rows: Sequence[Any], merged: Sequence[str] = (), title: str = "整改台账") -> bytes:
    """A workbook of one sheet with these rows."""
    made = Workbook()
    page = made.active
    page.title = title
    fill(page, rows, merged)
    return saved(made)


def fill(page: Any, rows: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> None:
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            if value is not None:
                page.cell(number, place, value)
    for cells in merged:
        page.merge_cells(cells)


def saved(made: Workbook) -> bytes:
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def packed(parts: Mapping[str, bytes | str]) -> bytes:
    """An archive of these parts; the part `mimetype` stands as it is, as OpenDocument wants it."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return stream.getvalue()


def parts(
    rows: str, *, shared: str = "", sheets: int = 1, before: str = "", behind: str = ""
) -> dict[str, bytes | str]:
    """The parts of a workbook written by hand; `rows` stand in <sheetData>, the others around it."""
    whole = f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData>{behind}</worksheet>'
    numbers = range(1, sheets + 1)
    listed = "".join(f'<sheet name="Sheet{at}" sheetId="{at}" r:id="rId{at}"/>' for at in numbers)
    links = "".join(_link(f"rId{at}", "worksheet", f"worksheets/sheet{at}.xml") for at in numbers)
    made: dict[str, bytes | str] = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/></Types>'
        ),
        "_rels/.rels": _links(_link("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets>{listed}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _links(links + _link("rIdS", "sharedStrings", "sharedStrings.xml")),
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{shared}</sst>',
    }
    return made | {f"xl/worksheets/sheet{at}.xml": whole for at in numbers}


def _links(links: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _link(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{_RELATED}/{kind}" Target="{target}"/>'


def text_cell(place: str, words: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'


def text_row(number: int, *cells: str) -> str:
    """A row of texts, for `parts`."""
    written = "".join(text_cell(f"{chr(65 + at)}{number}", cell) for at, cell in enumerate(cells))
    return f'<row r="{number}">{written}</row>'


def opened(data: bytes, name: str = "台账.xlsx") -> Paper:
    return open_paper(name, data)


def told(paper: Paper) -> list[str]:
    """The notices in English."""
    return [one.sentence % dict(one.values) for one in paper.reading.notices]


def titles(paper: Paper, kind: Kind) -> list[str]:
    return [draft.title for draft in paper.reading.drafts if draft.kind is kind]


def draft(paper: Paper, title: str) -> Draft:
    (found,) = [one for one in paper.reading.drafts if one.title == title]
    return found


def quoted(paper: Paper, one: Draft) -> str:
    return paper.text.text[one.start : one.end]
