"""Tables written as text (pipes, tabs, aligned columns): a row states a problem, a measure, or both."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from documents.claim import Claim
from documents.clauses import says_nothing_wrong, states_fault, stripped
from documents.ledger_cells import tells_done
from documents.lexicon import is_latin, words
from documents.reading import Span
from documents.sections import Announced, announced
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
}
_REFERENCE = re.compile(r"\[?[A-Za-z0-9_.-]+-[ ]?[PM][0-9]{2,}\b.*")
"""How Rectify numbers items: a row that bears such a number is never the head of a table."""
_AWAITED = re.compile(r"(?i:awaiting [^|\n]*|pending|tbc|to be (?:agreed|confirmed))")
"""What stands for a measure that nobody has decided on yet."""
_NONE = re.compile(
    r"(?:(?i:no (?:further |new )?(?:actions?|issues?|findings?|concerns?|problems?)"
    r"(?: (?:arising|required|needed|found|noted|identified|raised))?)|"
    r"(?i:none (?:this|in the) (?:week|month|quarter|half-year|year|period|term))|"
    r"(?i:(?:as|see|same as) (?:above|(?:no\.? ?|item )?[0-9]{1,3})|ditto)|"
    r"无|暂无|/|-+|—+|–+|\\|None\.?|N/?A|同上|\"|〃)"
)
_NUMBER = re.compile(
    r"(?:编号|序号|编码|代码)$|^(?:Finding|Issue|Item|Action|Observation) (?:No\.?|number|ref\.?|ID)$",
    re.IGNORECASE,
)
_DEMANDS = re.compile(
    r"(?:督办|交办|处置|处理|督查|巡查|督导|反馈|整改|下一?步|改进|整治)(?:意见|要求|建议)$"
)
_REPEATS = re.compile(
    r"(?:对应|针对|关联|所属|涉及)的?(?:问题|隐患|$)|Related (?:finding|issue|problem)", re.IGNORECASE
)
"""The head of a column that says which problem told above a row answers."""
_FIGURE = re.compile(
    r"Q[1-4](?: 20[0-9]{2})?|20[0-9]{2}(?:/[0-9]{2})?|"
    r"Actual|Baseline|YTD|Result|Score|Variance|Trend|Previous|Current"
)
"""The head of a column of figures: such a table measures something and sets no task."""
_PROBLEM = re.compile(
    r"问题|隐患|毛病|不符合|缺陷|不足|薄弱环节|短板|风险点|偏差|扣分(?:项|点|情况|原因)|"
    r"(?:自查|检查|审计|巡察|监督|排查|核查|评估|督查|抽查|现场)(?:发现|所见)|发现(?:事项|内容)|Finding|Issue|Problem|Deficien|Hazard|Observation|"
    r"Non-?conform|Weakness|Concern|Gap|we found|What is wrong|What (?:was|we|they) (?:found|saw|seen)|"
    r"Where we are(?: now)?$|Current (?:position|situation|state)|Starting point|"
    r"Defect|Fault|Shortcoming|Challenge|Snag|Non-?complian|Irregularit|事实描述|情况描述",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"措施|整改动作|整改行动|改进(?:内容|要求|计划|动作|办法|方向)|解决(?:办法|方案)|应对(?:办法|方案)|行动|整改内容|整改要求|整改意见|整改任务|工作任务|重点任务|处理意见|对策|举措|整改建议|"
    r"工作内容|^做什么|^怎[么样][做办改]|^[做改]法|Action|Recommend|Measure|Remed|\bFix\b|Countermeasure|Task|Correction|Step|Rectif|Mitigation|Treatment|Solution|"
    r"What (?:we will do|will be done|is needed|to do|needs doing)|Improvement (?:planned|needed)",
    re.IGNORECASE,
)
_OUTCOME = re.compile(
    r"整改情况|整改结果|落实情况|整改落实|处理情况|整改完成情况|处置情况|处理结果|Resolution|"
    r"Response|Outcome",
    re.IGNORECASE,
)
_OWNER = re.compile(
    r"责任|督办|牵头|配合|负责|经办|(?:落实|执行|跟进|实施)(?:单位|部门|科室|人)|担当|承办|主办|协办|领导|整改人|^谁来?[做办干管抓改]|Owner|Responsib|Lead|Who|Assign|Contact|"
    r"By whom|Officer|^POC$|Point of contact|Accountable|^PIC$|^Resp\.?$",
    re.IGNORECASE,
)
_DEADLINE = re.compile(
    r"时限|期限|时间|完成日期|预计完成|计划完成|"
    r"限期|节点|截止|^何时|^什么时候|Due|Deadline|Target|When|Completion|Timeline|Date for|"
    r"Timescale|Complete by|^Time$|Time limit|^By$|Finish by",
    re.IGNORECASE,
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
    return replace(table, rows=()) if over or _ALL_CLOSED.search(above) else table


_CAPTION = 120


def _head(line: str) -> tuple[str, tuple[str, ...]]:
    if len(line) > 300:
        return "", ()
    for kind, gap in _GAPS.items():
        if kind == "tab" and "\t\t" in line:
            continue
        cells = [cell.strip(" 　\t*") for cell in gap.split(line.strip(" 　|｜│"))]
        columns = _with_state(cells)
        known = sum(column != "other" for column in columns) * (kind != "single" or "other" not in columns)
        if (
            len(cells) > 2
            and known > 1
            and sets_tasks(cells, columns)
            and all(
                len(c) < 24 * (1 + is_latin(c)) and "<" not in c and not _REFERENCE.fullmatch(c)
                for c in cells
            )
        ):
            return kind, _without_doubles(columns)
    return "", ()


def uses_of(cells: Sequence[str]) -> tuple[str, ...]:
    """What each column of a header holds, in the words of `column_of`."""
    return _without_doubles(_with_state(cells))


def sets_tasks(cells: Sequence[str], columns: Sequence[str]) -> bool:
    """Whether a header names problems or measures, and not measures beside figures alone."""
    return "problem" in columns or ("measure" in columns and not any(map(_FIGURE.fullmatch, cells)))


@lru_cache(maxsize=512)
def column_of(name: str) -> str:
    """`problem`, `measure`, `owner`, `deadline`, `number`, `outcome`, `closing` or `status`, else `other`."""
    if name in words("label", "number") or _NUMBER.search(name):
        return "number"
    if name in words("label", "place") or _REPEATS.match(name):
        return "other"
    if _DEMANDS.search(name):
        return "measure"
    for column, pattern in (
        ("outcome", _OUTCOME),
        ("deadline", _DEADLINE),
        ("owner", _OWNER),
        ("measure", _MEASURE),
        ("problem", _PROBLEM),
    ):
        if pattern.search(name):
            return column
    said = announced(name, least_coverage=0.85) if " " in name and is_latin(name) else None
    by_words = {Announced.PROBLEMS: "problem", Announced.MEASURES: "measure"}.get(said or Announced.NOTHING)
    named = next((use for use in ("closing", "status", "deadline") if name in words("label", use)), None)
    return named or by_words or "other"


_STATE = re.compile(r"(?:检查|自查|巡查|督查|抽查|现场|排查|核查|测评)(?:情况|状况|结果|记录)|现状")


def _with_state(cells: Sequence[str]) -> tuple[str, ...]:
    """What each column holds; beside measures, what a check saw where no column is called a problem."""
    columns = tuple(map(column_of, cells))
    if "measure" not in columns or "problem" in columns or any(map(_REPEATS.match, cells)):
        return columns
    return tuple("problem" if _STATE.fullmatch(c) else use for c, use in zip(cells, columns, strict=True))


def _without_doubles(columns: tuple[str, ...]) -> tuple[str, ...]:
    """What was done is the measure only where no column says what is to be done."""
    if "measure" not in columns:
        columns = tuple("measure" if column == "outcome" else column for column in columns)
    first = {column: columns.index(column) for column in ("problem", "measure") if column in columns}
    return tuple("other" if c in first and first[c] != i else c for i, c in enumerate(columns))


def _table(text: str, head: re.Match[str], kind: str, columns: tuple[str, ...]) -> Table:
    rows: list[tuple[Span, ...]] = []
    end = head.end()
    for line in _LINE.finditer(text, head.end()):
        cells = _cells(line, kind)
        continued = line[0].startswith({"tab": "\t", "wide": "  "}.get(kind, "\n"))
        continued = continued or (kind == "tab" and _heads_rows(text, line, len(columns)))
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


def _heads_rows(text: str, line: re.Match[str], many: int) -> bool:
    """Whether a short line in a table is over more of its rows: `消防安全`."""
    following = _LINE.match(text, line.end() + 1)
    return following is not None and len(line[0]) <= _LONGEST_GROUP and following[0].count("\t") >= many - 2


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
    if any(_MET.fullmatch(text, cell.start, cell.end) for cell in row[1:]):
        return
    problem, measure = _said(text, _at(table, row, "problem")), _said(text, _at(table, row, "measure"))
    measure = None if measure and _AWAITED.fullmatch(text, measure.start, measure.end) else measure
    if problem and _is_fine(text[problem.start : problem.end], text, _at(table, row, "measure")):
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


def _repeats(text: str, table: Table, above: list[Claim]) -> bool:
    """Whether most problem cells only repeat, shortened, the problems stated above the table."""
    stated = [text[c.start : c.end] for c in above if c.kind is Kind.PROBLEM][:200]
    cells = [_said(text, _at(table, row, "problem")) for row in table.rows[:50]]
    known = [_is_in(text[cell.start : cell.end], stated) for cell in cells if cell]
    return bool(stated) and sum(known) * 2 > len(known)


_LATIN_WORD = re.compile(r"[a-z]{4,}")


def _is_in(cell: str, stated: list[str]) -> bool:
    words_ = set(_LATIN_WORD.findall(cell.lower())) if is_latin(cell) else set()
    if words_:
        return any(
            len(words_.intersection(_LATIN_WORD.findall(one.lower()))) * 2 > len(words_) for one in stated
        )
    pairs = {cell[i : i + 2] for i in range(len(cell) - 1)}
    return any(sum(pair in one for pair in pairs) * 2 >= len(pairs) for one in stated)


def problem_of_row(text: str, table: Table, claim: Claim) -> str:
    """The words of the problem cell in the claim's row, for finding the problem that it repeats."""
    for row in table.rows:
        cell = _at(table, row, "problem")
        if cell and row[0].start <= claim.start <= row[-1].end:
            return text[cell.start : cell.end]
    return ""
