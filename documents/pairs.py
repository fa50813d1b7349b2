"""A fault and its fix in one breath: where the one ends and the other begins, as two claims."""

import re
from dataclasses import replace

from documents.claim import Claim
from documents.clauses import clauses, states_fault, stripped
from documents.fixes import RULED, fix_start
from documents.reading import Span
from documents.weighing import weigh_part
from rules.lifecycle import Kind

ARROW = re.compile(r"[ \t]{0,8}(?:[-=－—]+[>＞]|[→⇒➔])[ \t\n]*")


_PARTED = re.compile(r"[ \t]*(?:——|—|--| [-–]) ?[ \t]*")


def _before_arrow(text: str, start: int, begin: int) -> int:
    """Where a fault ends that an arrow may part from its fix at `begin`."""
    ruled = RULED.search(text, max(start, begin - 16), begin)
    if ruled and ruled.end() == begin:
        return ruled.start()
    signs = [sign.search(text, max(start, begin - 8), begin) for sign in (ARROW, _PARTED)]
    return next((one.start() for one in signs if one and one.end() == begin), begin)


_NO_FIX = re.compile(
    r"(?i:none(?: yet| so far| at (?:this|present)[^\n]{0,40})?|"
    r"nil|not yet|to be (?:agreed|confirmed)|tbc|n/a)[.;]?\s*|暂?无[。；]?\s*"
)
"""What stands for a fix where there is none."""


_SURELY = 0.5
_READ = 200


def _tells_fault(text: str, start: int, end: int) -> bool:
    """Whether the words of what is taken for a fix speak plainly for a fault."""
    weight = weigh_part(text, start, min(end, start + _READ), most=1)
    return weight.problem > max(_SURELY, weight.measure + _SURELY)


_CHARGED = re.compile(
    r"[。；;，,][ 　]*(?P<label>(?:责任|整改|牵头|承办|落实)(?:部门|单位|科室|车间|班组|领导|人)[：:]"
    r"[^。；;，,：:\n]{2,30}[，,；;。][ 　]*)"
)


def _charge_before(text: str, start: int, begin: int) -> int:
    """Where the label of who is in charge begins if it stands right before a fix: `责任部门：物流部，…`."""
    every = _CHARGED.finditer(text, start, begin)
    return next((one.start("label") for one in every if one.end() == begin), begin)


def pair(text: str, whole: Claim, begin: int | None) -> list[Claim]:
    if begin is None:
        return [replace(whole, rule="fault-without-fix")]
    if begin <= whole.title_start:
        return [replace(whole, kind=Kind.MEASURE, rule="fix-without-fault")]
    led = _LEAD.match(text, begin, whole.end)
    begin = led.end() if led else begin
    if _tells_fault(text, begin, whole.end):
        return [replace(whole, rule="fault-without-fix")]
    charged = _charge_before(text, whole.title_start, begin)
    problem = replace(
        whole,
        end=stripped(text, whole.start, _before_arrow(text, whole.start, charged)).end,
        subitems=tuple(span for span in whole.subitems if span.start < begin),
    )
    if _NO_FIX.fullmatch(text, begin, whole.end):
        return [problem]
    measure = replace(
        whole,
        kind=Kind.MEASURE,
        number="",
        title_start=begin,
        start=charged,
        rule="clause-after-fault",
        subitems=tuple(span for span in whole.subitems if span.start >= begin),
        answers=whole.start,
        fields=whole.fields if charged == begin else Span(charged, whole.end),
    )
    return [problem, measure]


_LEAD = re.compile(
    r"[^，。；：:\n]{0,10}(?:措施|办法|举措|做法|工作)[：:][ 　]*(?=一是|[（(]?[1一][）)、.．]|①)"
)
"""What only leads to the steps of a fix: `我们将采取三项措施：一是…`."""


def around(text: str, whole: Claim, arrow: re.Match[str]) -> list[Claim]:
    """A fault and its fix with an arrow between them; an arrow at either end parts nothing."""
    parts = whole.title_start < arrow.start() < arrow.end() < whole.end
    return pair(text, whole, arrow.end() if parts else None)


_PIECE = re.compile(r"[^；;。\n]+[；;。]?")
_MOST_TOLD = 2000


def several_pairs(text: str, whole: Claim, begin: int) -> list[Claim]:
    """The pairs of an entry each of whose sentences tells a fault and its fix; nothing where one does not."""
    if whole.end - begin > _MOST_TOLD:
        return []
    pieces = [stripped(text, *found.span()) for found in _PIECE.finditer(text, begin, whole.end)]
    fixes = [_fix_behind_fault(text, piece) for piece in pieces]
    if len(pieces) < 2 or None in fixes:
        return []
    found: list[Claim] = []
    for piece, fix in zip(pieces, fixes, strict=True):
        own = replace(
            whole, start=piece.start, title_start=piece.start, end=piece.end, number="", subitems=()
        )
        first = replace(own, start=whole.start, title_start=whole.title_start, number=whole.number)
        found += pair(text, own if found else first, fix)
    return found


def _fix_behind_fault(text: str, piece: Span) -> int | None:
    """Where in a sentence that begins with a fault its fix begins; None where it tells not both."""
    told = iter(clauses(text, piece.start, piece.end))
    first = next((one for one in told if text[one.end : one.end + 1] not in {"：", ":"}), None)
    if first is None or not states_fault(text[first.start : first.end]):
        return None
    fix = fix_start(text, piece.start, piece.end)
    return fix if fix is not None and fix > piece.start else None
