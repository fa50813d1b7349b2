"""Whether a measure tells of what was done already, or of what is still to come."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from documents.claim import Claim
from documents.clauses import clauses, sentences
from documents.dates import had_passed
from documents.deadlines import in_words, is_pending
from documents.lexicon import any_of, folded, words
from documents.reading import Span
from rules.deadlines import TimeLimit

_DONE = re.compile(
    r"(?:已经?)?(?:完成|整改|整改完成|整改到位|销号)|"
    r"(?i:(?:n/a|none)[ ,–-]+)?(?i:completed?|done|closed|implemented|fixed)"
    r"(?:,? (?:on |in |by )?(?:(?:\d{1,2} )?[A-Z][a-z]+(?: \d{4})?|\d{1,2}([/.-])\d{1,2}(?:\1\d{2,4})?))?"
)
_BEFORE = re.compile(r"(?!往后|今后).*?(?:未能|此前|原先|去年|上一?(?:年|季度|月))")
"""How a clause beside a problem tells what was before, which is no promise."""
_PLANNED = re.compile(r"已(?:经)?(?:列入|纳入)[^，。]{0,16}(?:计划|项目库|预算|规划|安排)")
_AT_ONCE = re.compile(r"(?:立行立改|即知即改|即行即改|立查立改|边查边改)")
"""How an answer begins that goes on with what was done at once: `立行立改，已换新`."""
_CHARGED = re.compile(
    r".{0,8}已(?:经)?(?:责令|责成|要求|督促|通知|安排|委托|协调|联系|交由|约定|明确|列入|纳入)"
)
"""What was only set going: with a day it is still to come."""
_MARKED = re.compile(
    r"[\[(（【](?:[^\])）】\n]{0,40}[ -–—])?(?:complete|completed|done|"
    r"(?:已完成|已整改|已办结)(?:[，,、](?:长期坚持|持续[一-龥]{2}))?)[\])）】]\s*\Z",
    re.IGNORECASE,
)
_ENDS_DONE = re.compile(
    r"[，,；;。][ ]?(?:现|均|目前|此项|该项)?已(?:全部)?"
    r"(?:完成|整改(?:完成|到位|完毕)?|办结|落实到位|销号)[。]?\s*\Z"
)
"""The last words of a measure that say no more than that all was done."""
_CLOSED = re.compile(r"\n(?:Closed|Completed)(?: on)?:? [0-9]{1,2}[/. ][^\n]{2,12}\s*\Z")
"""A last line that says when an entry was closed."""
_STATUS = re.compile(
    r"(?:已完成|已整改|整改完成|已办结|已销号|已完成整改)[。；，]|(?:Completed?|Done|Closed)[.;:,] "
)
"""How what became of a matter begins where it is told behind a label such as 进展."""
_STATE = re.compile(
    r"(?:[\n。；]|[.;] )[ \t　]*(?:(?i:status|current status|state)|"
    r"状态|当前状态|整改状态|进展状态|评估结论|评估意见)[ \t]?[:：][ \t]*"
    r"(?:(?P<open>(?i:not |partly |partially |in progress|ongoing|open|started|on track|behind|overdue|"
    r"delayed|pending)|未|部分|正在|进行中|推进|持续|基本)|"
    r"(?P<done>(?i:implemented|completed?|closed|done|fully implemented|finished|resolved)|"
    r"已完成|已整改|完成|已销号|已办结|已落实))"
)
"""A line of an entry that says how far it is."""
_DASHED = re.compile(
    r"[-–—]+ ?(?:done|completed?)"
    r"(?: (?:on )?(?:[0-9]{1,2} [A-Z][a-z]+(?: 20[0-9]{2})?|"
    r"[0-9]{1,2}[/.][0-9]{1,2}(?:[/.][0-9]{2,4})?))?(?: [(][^()\n]{2,40}[)]|, [^.,;\n]{2,40})?[.;]?\s*\Z"
)
_PARTICIPLE = (
    r"(?:(?:\w+-)?\w+ed|\w*(?:laid|built|made|put|cut|set|sent|held|kept|brought|bought|sought|told|paid|found|met|shut|dealt|"
    r"done|given|taken|written|drawn|withdrawn|chosen|shown|hung|swept|bound|fitted|split|rid|spent|sold|won|dug|wound|run))"
)
_TELLS = re.compile(
    r".{0,12}已|.{0,14}[发出制印修建完召成][一-龥]?了|"
    r"(?i:(?!agreed|proposed|need|[\w' ]{0,50} to (?:have|be|get) )"
    rf"[\w' ]{{2,60}}? (?:was|were|has been|have been|has (?:now|already|since)(?: been)?|"
    rf"have (?:now|already|since)(?: been)?|"
    rf"(?:has|have) (?!agreed|asked|proposed|planned|promised|decided|offered|committed)"
    rf"(?=[a-z]+ed )|is now|are now) {_PARTICIPLE}\b|"
    r"(?![\w' ]{0,50} to (?:have|be|get) )[\w' ]{2,40} (?:taken|put|fitted|replaced) )"
)
"""How a measure that stands by itself begins if it is done."""
_COUNTED = re.compile(
    r"(?:先后|共|累计)?(?:召开|开展|组织|举办|下发|制定|修订|出台|印发|约谈|处理|追缴|退缴|清退|清理|拆除|责成|"
    r"查处)[^，。0-9]{0,16}[0-9]+[^，。]{0,12}(?:次|份|人|件|项|个|场|期|元|名|户|处|条)"
)
_WHEN = re.compile(r"^(?:[一二三四五六七八九十]是)?(?:[^，]{1,12}(?:以来|期间|以后)|[0-9]{1,2}月份?)?")
"""What was done and how often, beside the problem that it answers."""
_TOLD = re.compile(r"已|了")
_OF_OBJECT = re.compile(r"(?<=[对把将])已")
"""`已` of an object: 对已砌墙体全数排查."""
_UNTIL = re.compile(r"\b(?:until|once|as soon as) [a-z' ]{2,40} (?:has|have|had) [^.;]*")
"""What has to come first tells of nothing that was done: `no date until shelving has been delivered`."""
_NOTHING_MORE = re.compile(r"(?i)(?:and |so )?no (?:further |other )?[a-z]+ (?:has|have|had|was|were) ")
_SOMEBODY_DID = re.compile(
    r"The [A-Z][\w&']*(?: (?:of|and|for|the|[A-Z][\w&']*)){0,5} (?:has |have )?"
    r"(?!agreed|accepted|undertak|proposed|recommended|asked|requested|promised|noted|need|plann|intend)"
    r"(?:[a-z]{3,}ed|sent|held|put|wrote|met|began|built|bought|found|made)\b"
)
"""What a body did: `The Ministry of Finance opened a budget line`."""
_FINISHED = re.compile(r"完毕|调试合格|运行正常|恢复正常|恢复运行|通过验收|整改到位$")
_ENGLISH_TOLD = re.compile(
    r"(?i)(?!not |agreed|proposed|recommended|required|planned|accepted|need|based|"
    r"registered|licensed|qualified|certified|chartered|designated|nominated|related)"
    rf"(?:(?:(?:so|and) )?(?:we (?:have |then )?)?\w+ed|[\w' ]{{2,60}}? "
    rf"(?:was|were|(?:has|have)(?: now| already| since)?(?: been)?|is now|are now) "
    rf"(?!agreed|undertaken|promised|offered){_PARTICIPLE})\b"
)


def says_done(value: str) -> bool:
    """Whether what stands in a deadline's place says that all is done."""
    return _DONE.fullmatch(value.rstrip(" .。")) is not None


_TOLD_DONE = re.compile(
    r"(?<=[.;:]) (?:Accepted|Agreed),?(?: and)?(?: has been| been)? (?:already |now |since )?"
    r"(?:carried out|implemented|completed|done|closed)[.;,](?= |\n|\Z)|"
    r"(?<=[.;:]) (?:Fully )?(?:[Ii]mplemented|[Cc]ompleted?|[Cc]losed|[Dd]one|[Cc]leared)"
    r"(?::? (?:(?:in|on|by|during) )?(?:(?:[0-9]{1,2} )?[A-Z][a-z]+(?: 20[0-9]{2})?|"
    r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}))?"
    r"[.;,](?= |\n|\Z)"
)
"""A sentence of an entry that says no more than that it was done."""


def _is_marked(text: str, claim: Claim) -> bool:
    """Whether a last bracket, words behind a dash, the first words or one sentence say that all is done."""
    if _TOLD_DONE.search(text, claim.title_start, claim.end):
        return True
    ends = (_MARKED, _DASHED, _ENDS_DONE, _CLOSED)
    last = any(one.search(text, claim.title_start, claim.end) for one in ends)
    return last or _STATUS.match(text, claim.start) is not None


_TAKEN_ALREADY = re.compile(
    r"(?i:\b(?:corrections?|actions?|measures|steps|work)\b[a-z ]*\b(?:carried out|taken|completed|done|made)"
    r"(?: so far| already| to date)?)\Z|"
    r"已(?:经)?(?:采取|完成|整改|落实|解决|办结|开展)[^，。；\n]{0,16}\Z"
)


def _under_done(text: str, claim: Claim) -> bool:
    """Whether the heading above says that all below it was done: `（二）已采取的措施`."""
    line = text[claim.group : claim.group + 60].partition("\n")[0].rstrip(" 　：:。")
    whole = claim.group < claim.start and claim.group + len(line) < claim.start
    return whole and _TAKEN_ALREADY.search(line) is not None


_COMPLETED = re.compile(r"(?:整改)?完成情况[：:]")
_LONGEST_TASK = 2000


def _told_completed(text: str, claim: Claim) -> bool:
    """Whether a label behind the problem says that what follows is how its task was completed."""
    if claim.answers is None or not 0 < claim.start - claim.answers < _LONGEST_TASK:
        return False
    return _COMPLETED.search(text, claim.answers, claim.start) is not None


_RECTIFIED = re.compile(r"[^。\n]{4,90}问题的?整改(?:落实|进展)?(?:情况)?[。：]?\s*\Z")
_OF_RECTIFYING = re.compile(r"整改(?:工作)?(?:落实|进展|完成)?(?:情况)?的?(?:报告|通报|公告|公示)[ 　]*\n")
_NAMED = re.compile(r"[^。\n]{0,8}(?:关于|针对)[^。\n]{4,80}问题(?:[。：]|[ 　]*\n)")
_HEAD = 300


def _beside_rectified(text: str, claim: Claim) -> bool:
    """Whether it stands beside a problem named only to say how it was put right: `关于“X”问题的整改。`.

    In a paper on how matters were put right `关于“X”问题。` says no less.
    """
    if claim.answers is None or not 0 < claim.start - claim.answers < _LONGEST_NAMED:
        return False
    if _RECTIFIED.match(text, claim.answers, claim.start):
        return True
    named = _NAMED.match(text, claim.answers, claim.start)
    return named is not None and _OF_RECTIFYING.search(text, 0, _HEAD) is not None


_LONGEST_NAMED = 120
_ON_DAY = re.compile(r"20[0-9]{2}年[0-9]{1,2}月(?:[0-9]{1,2}日)?[，,]?(?![0-9底末前内起至到—-])[一-龥]{2}")
"""When something was done, beside the problem that it answers: `2020年1月补齐记录`."""


def is_done(text: str, claim: Claim, after: date | None) -> bool:
    """Some clause tells of what was done, and none of what is still to come; or a last bracket says so."""
    state = _STATE.search(text, claim.title_start, claim.end)
    if state or _is_marked(text, claim):
        return state is None or state["done"] is not None
    completed = any(way(text, claim) for way in (_under_done, _beside_rectified, _told_completed))
    for span in _clauses(text, _behind_heading(text, claim), claim.title_end or claim.end):
        clause = _UNTIL.sub("", _OF_OBJECT.sub("", text[span.start : span.end]))
        if _tells_nothing(claim, clause):
            continue
        if claim.answers is None and not completed and not _TELLS.match(clause):
            return False
        if _PLANNED.search(clause):
            return False
        if _CHARGED.match(clause) and _is_ahead(text, span, after):
            return False
        by_then = claim.answers is not None and _ON_DAY.match(clause) and not _is_ahead(text, span, after)
        if by_then or _tells_done(clause, beside_problem=claim.answers is not None):
            completed = True
        elif is_pending(clause) or (
            _is_ahead(text, span, after) if completed else _has_limit(text, span.start, span.end, after)
        ):
            return False
        elif _FINISHED.search(clause) or any_of("clause", "completed").search(folded(clause)):
            completed = True
    return completed


def _tells_nothing(claim: Claim, clause: str) -> bool:
    """Whether a clause says neither that something was done nor that it will be."""
    beside = claim.answers is not None and (_BEFORE.match(clause) or _AT_ONCE.fullmatch(clause))
    return bool(beside) or _NOTHING_MORE.match(clause) is not None


_HEADING = re.compile(
    r"[ 　]*[^，。；：:\n]{4,20}。[ 　\n]*(?=[^，。\n]{0,16}已于[0-9０-９]|已(?![经]?[列纳]入))"
)
"""A heading that names the measure before what was done: `更换滤袋。生产技术部已于10月完成…`."""


def _behind_heading(text: str, claim: Claim) -> int:
    heading = _HEADING.match(text, claim.title_start, claim.end) if claim.answers is None else None
    return heading.end() if heading else claim.title_start


def _clauses(text: str, start: int, end: int) -> Iterator[Span]:
    """The clauses of each sentence: in English, a full stop ends one too."""
    for sentence in sentences(text, start, end):
        yield from clauses(text, sentence.start, sentence.end)


@lru_cache(maxsize=1)
def _elliptic() -> re.Pattern[str]:
    """What was done to something, told without a verb: `Certificate sent by e-mail on 13 May`."""
    ordered = "|".join(words("clause", "imperative"))
    return re.compile(
        rf"(?!(?i:{ordered})\b)(?!.*\b(?:to|will|must|should|shall|be|needs?|are|is|not|no)\b)"
        rf"[\w'/ -]{{2,60}}? {_PARTICIPLE}(?: (?:on|by|from|at|in|and|with|during)\b.*)?[.;]?\s*\Z"
    )


def _tells_done(clause: str, *, beside_problem: bool) -> bool:
    if beside_problem and _elliptic().match(clause):
        return True
    if beside_problem and _SOMEBODY_DID.match(clause) and not is_pending(clause):
        return True
    counted = beside_problem and _COUNTED.match(_WHEN.sub("", clause)) is not None
    told = _ENGLISH_TOLD.match(clause) is not None and not is_pending(clause)
    return counted or told or _TOLD.search(clause) is not None


def _is_ahead(text: str, span: Span, after: date | None) -> bool:
    """Whether a clause names a time limit, and not one that had passed when the report was written."""
    limit = in_words(text, span.start, span.end, after)
    if limit.on is None or after is None or re.search(r"[0-9]{4}|明年", limit.text):
        return limit.time_limit is not TimeLimit.NONE
    return not had_passed(limit.on, after)


def _has_limit(text: str, start: int, end: int, after: date | None) -> bool:
    return in_words(text, start, end, after).time_limit is not TimeLimit.NONE
