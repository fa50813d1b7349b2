"""What the head of a table says: which column holds the problem, the measure, who, by when."""

import re
from collections.abc import Sequence
from functools import lru_cache

from documents.lexicon import is_latin, words
from documents.sections import Announced, announced

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
_MINUTE = re.compile(r"(?i:(?:minute|min)\.?(?: (?:no\.?|number|ref\.?|reference))?|agenda item)")
"""The head of a column that says which minute an action comes from."""
_ABOUT = re.compile(
    r"(?:问题|隐患|缺陷|不符合项?)的?(?:来源|出处|类别|类型|分类|大类|性质|等级|级别|领域|位置|地点|数量?|个数)$|"
    r"Report an? [a-z]+\b.*$|(?:Finding|Issue|Problem|Defect|Hazard|Observation) "
    r"(?:source|type|category|class|rating|level|area|location)$",
    re.IGNORECASE,
)
"""The head of a column that says of what sort a problem is, or where it came from."""
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
    r"责任|督办|牵头|配合|负责|经办|(?:落实|执行|跟进|实施)(?:单位|部门|科室|人)|担当|承办|主办|协办|领导|整改人|^谁来?[做办干管抓改]|"
    r"Owner|^Action(?:ed)? by|Responsib|Lead|Who|Assign|Contact|"
    r"By whom|Officer|^POC$|Point of contact|Accountable|^PIC$|^Resp\.?$",
    re.IGNORECASE,
)
_DEADLINE = re.compile(
    r"时限|期限|时间|完成日期|预计完成|计划完成|"
    r"限期|节点|截止|^何时|^什么时候|Due|Deadline|Target|When|Completion|Timeline|Date for|"
    r"Timescale|Complete by|^Time$|Time limit|^By$|Finish by",
    re.IGNORECASE,
)


def uses_of(cells: Sequence[str]) -> tuple[str, ...]:
    """What each column of a header holds, in the words of `column_of`."""
    return without_doubles(with_state(cells))


def sets_tasks(cells: Sequence[str], columns: Sequence[str]) -> bool:
    """Whether a header names problems or measures, and not measures beside figures alone."""
    return "problem" in columns or ("measure" in columns and not any(map(_FIGURE.fullmatch, cells)))


@lru_cache(maxsize=512)
def column_of(name: str) -> str:
    """What a column is for: `problem`, `measure`, `owner`, `deadline`, `number`, `minute` … `other`."""
    if name in words("label", "number") or _NUMBER.search(name):
        return "number"
    if _MINUTE.fullmatch(name):
        return "minute"
    if name in words("label", "place") or _REPEATS.match(name) or _ABOUT.search(name):
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


def with_state(cells: Sequence[str]) -> tuple[str, ...]:
    """What each column holds; beside measures, what a check saw where no column is called a problem."""
    columns = _with_day(cells, tuple(map(column_of, cells)))
    if "measure" not in columns or "problem" in columns or any(map(_REPEATS.match, cells)):
        return columns
    return tuple("problem" if _STATE.fullmatch(c) else use for c, use in zip(cells, columns, strict=True))


_DAY = re.compile(r"(?i:dates?)|日期|时间")


def _with_day(cells: Sequence[str], columns: tuple[str, ...]) -> tuple[str, ...]:
    """A plain `Date` right behind who is to act is the deadline where no column is called so."""
    if "deadline" in columns or "measure" not in columns:
        return columns
    return tuple(
        "deadline" if i and _DAY.fullmatch(cell) and columns[i - 1] == "owner" else use
        for i, (cell, use) in enumerate(zip(cells, columns, strict=True))
    )


def without_doubles(columns: tuple[str, ...]) -> tuple[str, ...]:
    """What was done is the measure only where no column says what is to be done."""
    if "measure" not in columns:
        columns = tuple("measure" if column == "outcome" else column for column in columns)
    first = {column: columns.index(column) for column in ("problem", "measure") if column in columns}
    return tuple("other" if c in first and first[c] != i else c for i, c in enumerate(columns))
