"""Tables written as text (pipes, tabs, aligned columns): a row states a problem, a measure, or both."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from documents.claim import Claim
from documents.clauses import says_nothing_wrong, states_fault, stripped
from documents.ledger_cells import tells_done
from documents.lexicon import is_latin, stems
from documents.reading import Span
from documents.table_heads import column_of, sets_tasks, with_state, without_doubles
from documents.table_weights import weighed_columns
from rules.lifecycle import Kind

_LINE = re.compile(r"[^\n]+")
_RULE = re.compile(r"[\s|:+=\-—─]+")
_GAPS = {
    "pipe": re.compile(r"[|｜│]"),
    "tab": re.compile(r"\t"),
    "tabs": re.compile(r"\t+"),
    "wide": re.compile(r"[ 　]{2,}"),
    "single": re.compile(r"[ 　]"),
    "slash": re.compile(r"[ ]+/[ ]+"),
}
_REFERENCE = re.compile(r"\[?[A-Za-z0-9_.-]+-[ ]?[PM][0-9]{2,}\b.*")
"""How Rectify numbers items: a row that bears such a number is never the head of a table."""
_AWAITED = re.compile(
    r"(?i:awaiting [^|\n]*|pending|tbc|to be (?:agreed|confirmed|determined|decided))|"
    r"（[^（）]{0,6}(?:另报|另行|待定)[^（）]{0,4}）"
)
"""What stands for a measure that nobody has decided on yet."""
_NONE = re.compile(
    r"(?:(?i:no (?:further |new )?(?:actions?|issues?|findings?|concerns?|problems?)"
    r"(?: (?:arising|required|needed|found|noted|identified|raised))?)|"
    r"(?i:none (?:this|in the) (?:week|month|quarter|half-year|year|period|term))|"
    r"(?i:(?:as|see|same as) (?:above|(?:no\.? ?|item )?[0-9]{1,3})|ditto)|"
    r"无|暂无|/|-+|—+|–+|\\|None\.?|N/?A|[Nn]il|同上|\"|〃)"
)


@dataclass(frozen=True, slots=True)
class Table:
    """One table from `start` to `end`: the spans of each row's cells, and what every column holds."""

    start: int
    end: int
    columns: tuple[str, ...]
    rows: tuple[tuple[Span, ...], ...]


def tables(text: str) -> list[Table]:
    """Every table whose head names a column of problems or of measures."""
    found: list[Table] = []
    lines = _LINE.finditer(text)
    for line in lines:
        kind, columns = _head(line[0])
        if columns and line.start() >= (found[-1].end if found else 0):
            found.append(_table(text, line, kind, columns))
            found[-1] = _without_closed(text, found[-1], line[0])
    return found


_ALL_CLOSED = re.compile(
    r"(?i)\b(?:all|each)(?: \w+){0,3} (?:closed|completed?|implemented|cleared)\b[^.\n]{0,20}\s*\Z"
)
_CLOSED_ON = re.compile(r"(?i)(?:date )?(?:closed|cleared)(?: on)?")


def _without_closed(text: str, table: Table, head: str) -> Table:
    """A table of what an earlier time found and closed has no rows: its heading or its columns say so."""
    above = text[max(0, table.start - _CAPTION) : table.start].rstrip().rpartition("\n")[2]
    cells = (cell.strip(" *") for cell in re.split(r"[|\t]", head))
    over = "measure" not in table.columns and any(map(_CLOSED_ON.fullmatch, cells))
    last = [next((cell for cell in reversed(row) if cell.end > cell.start), row[-1]) for row in table.rows]
    closed = _EARLIER.search(above) is not None and all(tells_done(text[one.start : one.end]) for one in last)
    return replace(table, rows=()) if over or closed or _ALL_CLOSED.search(above) else table


_EARLIER = re.compile(r"(?i)\b(?:previous|prior|earlier|last (?:year|audit|visit|inspection)'?s?)\b")


_CAPTION = 120


_FEWEST_CELLS = 3


def _is_sentence(cells: list[str]) -> bool:
    """Whether English words between single blanks are no head, as the first names no column."""
    return is_latin(cells[0]) and column_of(cells[0]) == "other"


_DAY = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}(?:[-/.][0-9]{1,4})?|20[0-9]{2}年[0-9]{1,2}月(?:[0-9]{1,2}日)?")
_LONGEST_HEAD = 24


def _may_head(cell: str) -> bool:
    """Whether a cell may stand over a column: short, no number of an item, no day."""
    short = len(cell) < _LONGEST_HEAD * (1 + is_latin(cell)) and "<" not in cell
    return short and not (_REFERENCE.fullmatch(cell) or _DAY.fullmatch(cell))


def _head(line: str) -> tuple[str, tuple[str, ...]]:
    if len(line) > 300:
        return "", ()
    for kind, gap in _GAPS.items():
        if kind == "tab" and "\t\t" in line:
            continue
        cells = [cell.strip(" 　\t*") for cell in gap.split(line.strip(" 　|｜│"))]
        fewest = _FEWEST_CELLS - (kind == "pipe")
        if len(cells) < fewest or (kind == "single" and _is_sentence(cells)):
            continue
        if kind == "slash" and column_of(cells[0]) != "number":
            continue
        columns = with_state(cells)
        known = sum(column != "other" for column in columns) * (kind != "single" or "other" not in columns)
        if known > 1 and sets_tasks(cells, columns) and all(map(_may_head, cells)):
            return kind, without_doubles(columns)
    return "", ()


def _table(text: str, head: re.Match[str], kind: str, columns: tuple[str, ...]) -> Table:
    rows: list[tuple[Span, ...]] = []
    end = head.end()
    kind = "pipe" if _PIPED.match(text, head.end()) else kind
    for line in _LINE.finditer(text, head.end()):
        cells = _cells(line, kind)
        continued = line[0].startswith({"tab": "\t", "wide": "  "}.get(kind, "\n"))
        continued = continued or (kind in _SIGNS and _heads_rows(text, line, _SIGNS[kind], len(columns)))
        continued = continued or (kind == "pipe" and _GROUP.fullmatch(line[0]) is not None)
        if line.start() > end + 2 or (len(cells) < 2 and not continued and not _RULE.fullmatch(line[0])):
            break
        end = line.end()
        if kind == "tab" and rows and _goes_on(rows[-1], cells, len(columns)):
            rows[-1] = (*rows[-1][:-1], Span(rows[-1][-1].start, cells[0].end), *cells[1:])
        elif len(cells) >= min(2 if kind == "tab" else 3, len(columns)) and not _RULE.fullmatch(line[0]):
            rows.append(cells)
    return Table(head.start(), end, weighed_columns(text, columns, rows), tuple(rows))


def _goes_on(row: tuple[Span, ...], cells: tuple[Span, ...], many: int) -> bool:
    """Whether the cells of a line are the rest of a row whose last cell was broken by width."""
    return len(row) < many and len(row) + len(cells) - 1 == many


_GROUP = re.compile(r"\s*[|｜│][^|｜│\n]{1,40}[|｜│\s]*")
"""A row of one cell over the rows of a group."""
_LONGEST_GROUP = 20


_SIGNS = {"tab": "\t", "pipe": "|"}
_PIPED = re.compile(r"\n(?:[^\n|｜│]{1,20}\n)?[ \t]*\|(?:[^\n|]*\|){2}")
"""Rows of a table whose head an office program wrote above it: their cells are parted by strokes."""


def _heads_rows(text: str, line: re.Match[str], sign: str, many: int) -> bool:
    """Whether a short line in a table is over more of its rows: `消防安全`."""
    following = _LINE.match(text, line.end() + 1)
    if following is None or len(line[0]) > _LONGEST_GROUP or following[0].count(sign) < many - 2:
        return False
    return not _head(following[0])[1]


def _cells(line: re.Match[str], kind: str) -> tuple[Span, ...]:
    begin, end = stripped(line[0], 0, len(line[0])).start, len(line[0].rstrip(" 　\t"))
    begin = 0 if kind == "tab" else begin
    if kind == "pipe" and begin < end:
        begin += line[0][begin] in "|｜│"
        end -= line[0][end - 1] in "|｜│"
    found, at = [], begin
    for gap in _GAPS[kind].finditer(line[0], begin, end):
        found.append((at, gap.start()))
        at = gap.end()
    found.append((at, end))
    return tuple(_cell(line, a, b) for a, b in found) if end > begin else ()


def _cell(line: re.Match[str], start: int, end: int) -> Span:
    span = stripped(line[0], start, end)
    return Span(line.start() + span.start, line.start() + span.end)


def row_claims(text: str, table: Table, above: list[Claim]) -> Iterator[Claim]:
    """The claims of every row; `above` are the claims before the table, whose problems it may only repeat."""
    if _sums_up(text, table, above):
        return
    repeats = _repeats(text, table, above)
    last_problem: int | None = None
    for row in table.rows:
        for claim in _row(text, table, row, repeats=repeats):
            if claim.kind is Kind.PROBLEM:
                last_problem = claim.start
            yield (
                replace(claim, answers=last_problem) if claim.kind is Kind.MEASURE and not repeats else claim
            )


def _at(table: Table, row: tuple[Span, ...], column: str) -> Span | None:
    if column not in table.columns:
        return None
    index = table.columns.index(column)
    return row[index] if index < len(row) else None


def _said(text: str, cell: Span | None) -> Span | None:
    if cell is None or cell.end - cell.start < 2 or _NONE.fullmatch(text[cell.start : cell.end]):
        return None
    return cell


def _says(text: str, cell: Span) -> bool:
    return cell.end > cell.start and _NONE.fullmatch(text, cell.start, cell.end) is None


def _row(text: str, table: Table, row: tuple[Span, ...], *, repeats: bool) -> Iterator[Claim]:
    number = _at(table, row, "number")
    printed = text[number.start : number.end] if number else ""
    start = (
        number.start if number and printed else next((c.start for c in row if c.end > c.start), row[0].start)
    )
    said_ = next((cell for cell in row if cell.end > cell.start), None)
    if said_ is None or _SUM.fullmatch(text, said_.start, said_.end):
        return
    if any(_MET.fullmatch(text, cell.start, cell.end) for cell in row[1:]):
        return
    problem, measure = _said(text, _at(table, row, "problem")), _said(text, _at(table, row, "measure"))
    measure = None if measure and _AWAITED.fullmatch(text, measure.start, measure.end) else measure
    if measure and _asks_nothing(text[measure.start : measure.end]) and not _tells(text, problem):
        return
    if problem and _is_fine(text[problem.start : problem.end], text, _asked_for(text, table, row)):
        return
    end = max(cell.end for cell in row)
    stated = None if repeats and measure else problem
    if stated:
        body = (stated, stated.end if measure else max(c.end for c in row if _says(text, c) or c == stated))
        alone = _claim(table, row, Kind.PROBLEM, printed, start, body, fields=not measure)
        yield alone if measure else replace(alone, closed=_is_closed(text, table, row))
    if measure:
        begin, shown = (measure.start, "") if stated else (start, printed)
        claim = _claim(table, row, Kind.MEASURE, shown, begin, (measure, end), fields=True)
        due = claim.deadline_cell
        none = due is not None and _NONE.fullmatch(text, due.start, due.end) is not None
        yield replace(claim, closed=_is_closed(text, table, row), deadline_cell=None if none else due)


def _asks_nothing(said: str) -> bool:
    return is_latin(said) and says_nothing_wrong(said)


def _tells(text: str, cell: Span | None) -> bool:
    return cell is not None and states_fault(text[cell.start : cell.end])


_SUM = re.compile(r"(?:合|总|小|共)[ 　]?计|(?i:(?:sub-?|grand )?totals?)")
"""The first cell of a row that adds the others up."""
_MET = re.compile(r"(?i:compliant|conform(?:s|ing)?|satisfactory|met|fully met)")
"""A rating that finds nothing wrong."""


def _is_closed(text: str, table: Table, row: tuple[Span, ...]) -> bool:
    """Whether a column on what has become of the row says that it is done."""
    cell = _at(table, row, "closing")
    if cell is not None and tells_done(text[cell.start : cell.end]):
        return True
    due = _at(table, row, "deadline")
    if due is not None and _DONE.fullmatch(text, due.start, due.end):
        return True
    return "deadline" not in table.columns and any(
        use in {"other", "status", "outcome"} and _DONE.fullmatch(text, one.start, one.end) is not None
        for use, one in zip(table.columns, row, strict=False)
    )


_DONE = re.compile(r"已(?:全部|经)?(?:落实|完成|整改|办结|办完|做完|销号|闭环)(?:到位|完毕|完成)?|落实到位")
"""A cell that says no more than that all is done, whatever its column is called: `已落实`.

Beside a deadline it may only tell how far a row is, which keeps its day.
"""


def _asked_for(text: str, table: Table, row: tuple[Span, ...]) -> Span | None:
    """The cell of the measure; None where it is empty but the row names an owner."""
    owner = _at(table, row, "owner")
    named = (
        owner is not None and owner.end > owner.start and not _NONE.fullmatch(text, owner.start, owner.end)
    )
    return None if named else _at(table, row, "measure")


def _is_fine(problem: str, text: str, measure: Span | None) -> bool:
    """Whether a row only says that all is well: in words, or by asking for nothing where no fault is left."""
    if says_nothing_wrong(problem):
        return True
    nothing = measure is not None and _NONE.fullmatch(text[measure.start : measure.end]) is not None
    return nothing and (
        not states_fault(problem) or re.search(r"已[^，。]*(?:完毕|完成|到位)", problem) is not None
    )


def _claim(
    table: Table,
    row: tuple[Span, ...],
    kind: Kind,
    number: str,
    start: int,
    body: tuple[Span, int],
    *,
    fields: bool,
) -> Claim:
    cells = [row[i] for i, column in enumerate(table.columns) if column == "owner" and i < len(row)]
    due = _at(table, row, "deadline")
    return Claim(
        kind=kind,
        number=number,
        title_start=body[0].start,
        start=start,
        end=max(body[1], start + 1),
        rule="row-of-table",
        group=table.start,
        owner_cells=tuple(cells) if fields else (),
        deadline_cell=due if fields and due and due.end > due.start else None,
        from_table=True,
        title_end=body[0].end,
    )


def _sums_up(text: str, table: Table, above: list[Claim]) -> bool:
    """Whether a table without owners or problems only lists again the measures stated above it."""
    if {"owner", "problem"}.intersection(table.columns):
        return False
    return _says_again(text, table, "measure", Kind.MEASURE, above)


def _repeats(text: str, table: Table, above: list[Claim]) -> bool:
    """Whether most problem cells only repeat, shortened, the problems stated above the table."""
    return _says_again(text, table, "problem", Kind.PROBLEM, above)


def _says_again(text: str, table: Table, column: str, kind: Kind, above: list[Claim]) -> bool:
    stated = [text[c.start : c.end] for c in above if c.kind is kind][:200]
    cells = [_said(text, _at(table, row, column)) for row in table.rows[:50]]
    known = [_is_in(text[cell.start : cell.end], stated) for cell in cells if cell]
    return bool(stated) and sum(known) * 2 > len(known)


def _is_in(cell: str, stated: list[str]) -> bool:
    latin = stems(cell) if is_latin(cell) else set()
    if latin:
        return any(len(latin & stems(one)) * 2 > len(latin) for one in stated)
    pairs = {cell[i : i + 2] for i in range(len(cell) - 1)}
    return any(sum(pair in one for pair in pairs) * 2 >= len(pairs) for one in stated)


def problem_of_row(text: str, table: Table, claim: Claim) -> str:
    """The words of the problem cell in the claim's row, for finding the problem that it repeats."""
    for row in table.rows:
        cell = _at(table, row, "problem")
        if cell and row[0].start <= claim.start <= row[-1].end:
            return text[cell.start : cell.end]
    return ""
