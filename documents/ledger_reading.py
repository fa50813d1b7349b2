"""A ledger (整改台账) to its text and its reading: sheets, columns, rows, and what was left out."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from documents.drafts import language
from documents.grid import MOST_ROWS, Sheet, letters
from documents.ledger_columns import Header, Use, header, squeezed
from documents.ledger_drafts import Found, Reason, finished, read_rows
from documents.ledger_rows import rows_below
from documents.masthead import Masthead, masthead
from documents.reading import ColumnUse, Draft, FlagCode, Notice, Reading, notice
from rules.errors import UnreadableError

_SHOWN = 12


def read_ledger(sheets: Sequence[Sheet], name: str, notices: Sequence[Notice] = ()) -> Reading:
    """Everything that the sheets of a file state to be tracked.

    `notices` are those of whoever read the file; `Reading.text` is made here, a line a row.

    Raises:
        UnreadableError: no sheet has a header of a ledger, or there are too many rows.
    """
    tables = _tables(sheets, name)
    first, head = tables[0]
    titles = "\n".join(_title_lines(first, head))
    lang = language(titles + "".join(head.headings))
    reader = _Reader(masthead(titles, lang), is_chinese=lang == "zh", names_sheets=len(tables) > 1)
    for sheet, found in tables:
        reader.read(sheet, found)
    drafts = finished(reader.found)
    told = (*notices, *_of_sheets(sheets, tables), *reader.notices, *_lacking(drafts, reader.places))
    columns = tuple(use for sheet, found in tables for use in _uses(sheet, found))
    org, period = reader.head.org, reader.head.period
    text = "".join(reader.text)
    return Reading(lang, reader.head.title, org, period, None, drafts, (), text, columns, told)


def _tables(sheets: Sequence[Sheet], name: str) -> list[tuple[Sheet, Header]]:
    """The sheets that are ledgers with their headers.

    Where rows bear our references, the widest sheet comes first: the others only show parts of it.
    """
    tables = [(sheet, found) for sheet in sheets if (found := header(sheet))]
    if not tables:
        raise UnreadableError(
            "%(name)s holds no ledger: no row names its columns. A ledger has a column 问题 or 整改措施 "
            "(Problem, Measure) and others such as 序号, 牵头单位, 责任人, 整改时限, 完成情况 "
            "(No., Lead, Owner, Due date, Status).",
            name=name,
        )
    rows = sum(sheet.height - found.last - 1 for sheet, found in tables)
    if rows > MOST_ROWS:
        raise UnreadableError(
            "%(name)s has %(count)s rows; at most %(limit)s are read.", name=name, count=rows, limit=MOST_ROWS
        )
    if any(found.of(Use.REFERENCE) for _, found in tables):
        tables.sort(key=lambda table: -len(table[1].headings))
    return tables


def _title_lines(sheet: Sheet, head: Header) -> Iterator[str]:
    """What stands above the header."""
    for row in range(head.first):
        words = " ".join(filter(None, map(str.strip, sheet.row(row))))
        if words:
            yield words


@dataclass(slots=True)
class _Place:
    """Where the lines of a sheet stand in the text."""

    sheet: str
    top: int
    starts: list[int]

    def row(self, position: int) -> int:
        return self.top + bisect_right(self.starts, position) - 1


@dataclass(slots=True)
class _Reader:
    """Reads one sheet after the other into one text."""

    head: Masthead
    is_chinese: bool
    names_sheets: bool
    found: Found = field(default_factory=Found)
    text: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    places: list[_Place] = field(default_factory=list)
    _length: int = 0

    def read(self, sheet: Sheet, head: Header) -> None:
        above = [sheet.name] if self.names_sheets else []
        above += [*_title_lines(sheet, head), " | ".join(head.headings)]
        self._write("\n".join(above) + "\n")
        rows = rows_below(sheet, head, self.head.reference, is_chinese=self.is_chinese)
        before = len(self.found.drafts)
        left = read_rows(rows, self._length, self.found, is_only=not self.names_sheets)
        self.places.append(_Place(sheet.name, rows.top, [self._length + start for start in rows.starts]))
        self._write("".join(rows.lines))
        self.notices += [_left_out(reason, sheet.name, numbers) for reason, numbers in left.items()]
        if len(self.found.drafts) == before and not left:
            self.notices.append(notice("Sheet %(sheet)s has a header and no items.", sheet=sheet.name))

    def _write(self, words: str) -> None:
        self.text.append(words)
        self._length += len(words)


def _left_out(reason: Reason, sheet: str, numbers: list[int]) -> Notice:
    told = {"sheet": sheet, "count": len(numbers), "rows": _numbers(numbers)}
    match reason:
        case Reason.NEITHER:
            return notice(
                "Sheet %(sheet)s: %(count)s rows name no problem and no measure; left out: %(rows)s.",
                **told,
            )
        case Reason.TOTAL:
            return notice("Sheet %(sheet)s: %(count)s totals or footers were left out: %(rows)s.", **told)
        case Reason.HEADER:
            return notice("Sheet %(sheet)s: %(count)s repeated headers were left out: %(rows)s.", **told)
        case Reason.KNOWN:
            return notice(
                "Sheet %(sheet)s: %(count)s rows repeat items that were read already: %(rows)s.", **told
            )


def _numbers(several: Sequence[object]) -> str:
    """Row numbers or cells, the first few of many."""
    return ", ".join(map(str, several[:_SHOWN])) + (" …" if len(several) > _SHOWN else "")


def _of_sheets(sheets: Sequence[Sheet], tables: Sequence[tuple[Sheet, Header]]) -> Iterator[Notice]:
    """What of the file itself a reader should know: what is hidden, broken, ragged or no ledger."""
    ledgers = {id(sheet): head for sheet, head in tables}
    for sheet in sheets:
        head = ledgers.get(id(sheet))
        if head is None:
            if sheet.columns:
                yield notice("Sheet %(sheet)s is no ledger and was left out.", sheet=sheet.name)
            continue
        if sheet.is_hidden:
            yield notice("Sheet %(sheet)s is hidden; it was read all the same.", sheet=sheet.name)
        yield from _of_cells(sheet)
        yield from _ragged(sheet, head)


def _of_cells(sheet: Sheet) -> Iterator[Notice]:
    if sheet.hidden_rows:
        yield notice(
            "Sheet %(sheet)s: %(count)s rows are hidden; they were read all the same: %(rows)s.",
            sheet=sheet.name,
            count=len(sheet.hidden_rows),
            rows=_numbers(sheet.hidden_rows),
        )
    if sheet.unvalued:
        yield notice(
            "Sheet %(sheet)s: %(count)s formulas have no value and were read as empty cells: %(cells)s. "
            "Open the file in its own program and save it anew.",
            sheet=sheet.name,
            count=len(sheet.unvalued),
            cells=_numbers(sheet.unvalued),
        )
    if sheet.faulty:
        yield notice(
            "Sheet %(sheet)s: %(count)s cells hold an error such as #REF! and were read as empty: %(cells)s.",
            sheet=sheet.name,
            count=len(sheet.faulty),
            cells=_numbers(sheet.faulty),
        )


def _ragged(sheet: Sheet, head: Header) -> Iterator[Notice]:
    """Rows of a csv file with more or fewer cells than the header; empty ones behind it do not count."""
    if sheet.widths is None:
        return
    expected = sheet.widths[head.last]
    ragged = [
        f"{sheet.top + row} ({width})"
        for row, width in enumerate(sheet.widths)
        if row > head.last and 0 != width != expected
        if width < expected or any(column[row] for column in sheet.columns[expected:width])
    ]
    if ragged:
        yield notice(
            "The header has %(expected)s cells; these rows have another number: %(rows)s. "
            "Look whether their cells stand in the right columns.",
            expected=expected,
            rows=_numbers(ragged),
        )


def _lacking(drafts: Sequence[Draft], places: Sequence[_Place]) -> Iterator[Notice]:
    """In which rows nobody is named, and in which no deadline."""
    firsts = [place.starts[0] if place.starts else 0 for place in places]
    rows: dict[tuple[FlagCode, str], list[int]] = defaultdict(list)
    for draft in drafts:
        for flag in draft.flags:
            if flag.code in {FlagCode.NO_OWNER, FlagCode.NO_DEADLINE}:
                place = places[max(bisect_right(firsts, draft.start) - 1, 0)]
                rows[flag.code, place.sheet].append(place.row(draft.start))
    for (code, sheet), numbers in rows.items():
        told = {"sheet": sheet, "count": len(numbers), "rows": _numbers(numbers)}
        if code is FlagCode.NO_OWNER:
            yield notice("Sheet %(sheet)s: %(count)s rows name no owner: %(rows)s.", **told)
        else:
            yield notice("Sheet %(sheet)s: %(count)s rows name no deadline: %(rows)s.", **told)


def _uses(sheet: Sheet, head: Header) -> Iterator[ColumnUse]:
    """What each column was taken for; one without a heading and without a word is none."""
    for at, (heading, use) in enumerate(zip(head.headings, head.uses, strict=True)):
        if heading or any(sheet.columns[at][head.last + 1 :]):
            yield ColumnUse(sheet.name, letters(sheet.left + at), squeezed(heading), use.value)
