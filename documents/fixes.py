"""Where a unit that states a fault goes on to its fix, without a label that says so."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from documents.acting import begins_with_actor
from documents.acting_english import ends_as_post
from documents.clauses import (
    ACHIEVED,
    begins_fix,
    clauses,
    opens_with_action,
    sentences,
    states_fault,
)
from documents.lexicon import ENGLISH_FIELD, is_latin, words
from documents.reading import Span
from documents.weighing import weigh

_TOLD_FIX = re.compile(
    r"(?:现|均|目前|随即|发现后|[0-9]*[一-龥]{2,5}(?=已))?已(?:经)?(?:约谈|于|全部|安排|责令|要求|联系|更换|修|补|整改|完成|清|拆|抽|重新|督促|下发|通知|纠正|当场)|(?:拟|今后|计划|[一-龥]{0,5}正在(?!使用|运行|施工)|立即|当场)"
)
_BY_THEN = re.compile(
    r"[于在]?(?:[0-9]{1,2}月(?:[0-9]{1,2}[日号](?:下班|中午|下午|晚)?|[上中下]旬|份?底)?|[0-9]{1,2}[日号]|[本下这]周[一二三四五六日末]?|"
    r"[本下]月(?:[0-9]{1,2}[日号]|[上中下]旬|底)?|[年月]底|(?:[一二三四]|[本下])季度末?)(?:之?前|以前|(?<=周)内|(?<=月)内)(?!仍|尚|还|未|没|已|的)"
)
"""How a clause begins that says by when something is to be done."""
_SETS_TASK = re.compile(
    r"前|立即|马上|尽快|负责|牵头|要|须|应|务必|将|拟|已|每[日天周月季年]|当[天日场班]|今[日天]|本[周月]|[0-9一二三]+[个日天周月]|"
    r"(?:约谈|更换|修复|清理|处罚|组织|制定|修订|补充|增设|召开|退回|责令|调整|整改|清退|补齐|安装|拆除|维修|培训|通报)了"
)
"""What tells, beside its actor, that a sentence sets a task or says that one was done."""
_ASKS = re.compile(r"请(?!示|假|求|况)|恳请|(?:[一-龥]{1,2}前|每[日天周月班次]|今后|以后)?由[一-龥]{2}")
_AT_ONCE = re.compile(r"前|立即|马上|每[日天周月季班]|[月年周]底|即日|随即|当[天日场]|已|负责|牵头")
_DASH = re.compile(r"(?:——|—|--| [-–] )[ \t]*")


def tells_fix(text: str, start: int, end: int) -> bool:
    """Whether a short entry tells a fault and, behind it, plainly its fix."""
    stop = min(end, start + 300)
    pieces = [text[piece.start : piece.end] for piece in clauses(text, start, stop)]
    is_wrong = len(pieces) > 1 and states_fault(pieces[0])
    if is_wrong and (any(map(_TOLD_FIX.match, pieces[1:])) or tells_when(text, start, stop)):
        return True
    told = _told_by_actor(text, start, stop)
    return told is not None and told > start


def tells_when(text: str, start: int, end: int) -> bool:
    """Whether a clause of a paragraph behind its first begins with the time by which something is done."""
    line = start + len(text[start:end].partition("\n")[0])
    every = [text[piece.start : piece.end] for piece in clauses(text, start, line)]
    return any(map(_is_due, every[1:]))


def _is_due(clause: str) -> bool:
    """Whether a clause outside of brackets begins with the time by which something is to be done."""
    return _BY_THEN.match(clause) is not None and clause.count("）") <= clause.count("（")


_ORDERED = re.compile(
    r"[现均]?(?:目前|当场|现场)?已(?:经)?(?:全部|当场|及时)?(?:整改|纠正|修复|补齐|完成整改)|"
    r"(?:We|I|Internal [Aa]udit|The auditors?) (?:have |therefore )?recommend(?:s|ed)?\b|"
    r"(?:it|they|this|these|both) (?:was|were|has been|have been|will be|is to be|are to be|"
    r"(?:has|have) (?:now |already |since )been) (?:already |now |since )?"
    r"(?!not\b)[a-z]+\b|"
    r"(?:[a-z]+(?: [a-z]+)? )?(?:moved|removed|replaced|repaired|corrected|cleared|re-?fitted|"
    r"re-?hung|closed|isolated|cleaned|restocked|swapped|thrown away|discarded)"
    r" (?:during|on|by|at|before|while|immediately|straight away|there and then|the same day)\b|"
    r"(?:already|now|since) [a-z]+(?:ed|en|t)\b|[a-z]+(?: [a-z]+)? to be (?:re)?[a-z]+(?:ed|en|t)\b|"
    r"(?:so |and |but )?we (?:have |then |immediately |at once )?"
    r"(?:re)?[a-z]{2,}(?:ed|ut|ent|ook|ade|ot|eld|ept)\b|"
    r"(?:so |and |but )?(?:(?!You\b|This\b|That\b|There\b|It\b|They\b|We\b|He\b|She\b)[A-Z][a-z]+|"
    r"(?:the|an?|our|two|[A-Z][a-z]+(?:'s)?) [A-Za-z' ]{2,40}?) "
    r"(?:will|must|shall|is to|are to|has been asked to) "
    r"(?!not\b|have\b)[a-z]+|"
    r"(?:现?已|当场|现场)*(?:责令|责成)|(?:现?已|当场|现场)*要求(?:其|该|[一-龥]{2,10}?(?=立即|马上|于|在|限|[0-9]{1,2}[月日]))"
)


_YOU_MUST = re.compile(r"You (?:must|should|are to|are required to) (?!be\b|have\b|not\b)[a-z]+")
_SOMETHING = r"(?:The|A|An|All|Both|Our|Two|Three|[A-Z][a-z]+s?)\b[\w' ]{0,50}? "
_WAS_MENDED = (
    r"(?:was|were|has (?:now |since |already )?been|have (?:now |since |already )?been) (?:re)?"
    r"(?:paired|placed|moved|cleared|cleaned|corrected|fixed|stored|instated|trained|set|newed|ordered|"
    r"scheduled|tagged|labelled|fitted|locked|sealed|secured|stocked|briefed|installed|updated|hung|"
    r"discarded|thrown (?:out|away)|emptied|unblocked|drained|swept|washed|taken (?:down|away|out|off)|"
    r"put (?:up|right|back)|swapped|surrendered|destroyed)"
)
_PUT_RIGHT = re.compile(rf"{_SOMETHING}{_WAS_MENDED}\b")
_MENDED = re.compile(
    rf"{_SOMETHING}(?:{_WAS_MENDED}|"
    r"(?:has|have) (?:now |since |already )?(?:set|put|ordered|introduced|appointed|arranged|bought|"
    r"hired|installed|fitted|replaced|repaired|reminded|changed)|"
    r"(?:has|have) agreed to\b|"
    r"will (?!not\b|have\b|be (?:difficult|hard|late|too|lost|unable|at risk)\b)[a-z]+)\b|"
    r"Needs? (?:doing|fixing|replacing|to be)\b|"
    r"(?:Fixed|Cleared|Removed|Replaced|Repaired|Put right|Dealt with|Done)\b"
)
"""How an English sentence begins that says that a fault was put right, or who will do what."""


def order_start(text: str, start: int, end: int) -> int | None:
    """Where in a unit that states a fault somebody is ordered to mend it; None where nobody is."""
    if ruled := RULED.search(text, start + 1, end):
        return ruled.end()
    is_wrong = False
    for piece in clauses(text, start, end):
        said = text[piece.start : piece.end]
        if is_wrong and (_ORDERED.match(said) or _is_order(said)):
            return piece.start
        is_wrong = is_wrong or is_latin(said) or states_fault(said)
    if dash := _POST_TO_ACT.search(text, start + 1, end):
        return dash.end() if ends_as_post(dash["who"]) else None
    behind = islice(sentences(text, start, end), 1, None)
    return next((one.start for one in behind if is_mended(text, one)), None)


_POST_TO_ACT = re.compile(r"[a-z)] [–—-] (?=(?P<who>[A-Za-z][\w' ]{2,36}?) (?:to|will|must|shall) [a-z]{3,})")
"""A dash behind a fault, and who is to act on it: `Assessments not redone - matron to check a sample`."""


_NO_ORDER = re.compile(r"\b(?:is|are|was|were|not|no|and so on|etc)\b")


def _is_order(clause: str) -> bool:
    """Whether an English clause behind a comma orders something: `…, fit boards and tag green`."""
    return clause[:1].islower() and imperative().match(clause) is not None and not _NO_ORDER.search(clause)


def is_mended(text: str, sentence: Span) -> bool:
    """Whether an English sentence says that a fault was put right, or who will do what."""
    said = text[sentence.start : sentence.end]
    if is_latin(said) and not ENGLISH_FIELD.match(said) and _asks_plainly(said):
        return True
    return any(one.match(text, sentence.start, sentence.end) for one in (_MENDED, _doer_to_act()))


@lru_cache(maxsize=1)
def _doer_to_act() -> re.Pattern[str]:
    """A short subject and what it is to do: `Document controller to swap out old copies`."""
    verb = "|".join(words("clause", "imperative"))
    return re.compile(
        rf"(?!Used to |(?:Nothing|None|Nobody)\b)[A-Z][\w'&/-]*(?: [\w'&/-]+){{0,2}} "
        rf"to (?:come back|{verb})\b|[A-Z]{{2,3}} will [a-z]"
    )


RULED = re.compile(
    r"(?<=[。；;\n])[ \t　]*(?:会议|与会人员)(?:还|一致)?(?:议定|决定|明确|确定|商定)[：:][ \t　]*|"
    r"(?<=[。；;！!])[ 　]*(?:那么?)?(?:怎么|如何|怎样)"
    r"(?:来?[补办改抓干治破]|解决|整改|破解|应对|破题|去做)[？?][ 　]*"
)
"""How minutes begin what was decided about the matter before, and speakers what they will do: `怎么办？`."""


def fix_start(text: str, start: int, end: int) -> int | None:
    """Where in a unit that states a fault and its fix without a label the fix begins; None without a fix.

    `start` itself is the answer where the unit is nothing but a fix.
    """
    pieces = [piece for one in sentences(text, start, end) for piece in clauses(text, one.start, one.end)]
    if not pieces:
        return None
    opening = text[pieces[0].start : pieces[0].end]
    ruled = RULED.search(text, pieces[0].end, end)
    if ruled and opening.strip() and not RULED.match(text, start):
        return ruled.end()
    parted = _told_by_actor(text, start, pieces[0].end)
    if parted is not None and is_latin(opening):
        return parted
    if begins_fix(opening) and (ACHIEVED.match(opening) or not states_fault(opening)):
        return start
    found = next((p.start for p in pieces[1:] if begins_fix(text[p.start : p.end])), None)
    told = _told_by_actor(text, start, end)
    if found is not None or told is not None:
        at = min(place for place in (found, told) if place is not None)
        return _before_charge(text, start, at)
    return (
        _action_sentence(text, start, end, opening)
        or _taken_up(text, pieces)
        or turns_by_weight(text, start, end)
    )


def turns_by_weight(text: str, start: int, end: int) -> int | None:
    """Where behind a fault a Chinese sentence weighs plainly as a measure and in no way as a fault."""
    stop = min(end, start + _WEIGHED)
    if is_latin(text[start : start + _OPENING]):
        return None
    for at, one in enumerate(sentences(text, start, stop)):
        said = text[one.start : one.end]
        weight = weigh(said)
        if not at and weight.problem < weight.measure:
            return None
        if at and not _SAYS_HOW_FAR.search(said) and weight.measure > _PLAINLY and weight.problem < -_PLAINLY:
            return one.start
    return None


_SAYS_HOW_FAR = re.compile(r"[：:]|进度[为达已]?[0-9]")
"""What a sentence holds that names who, by when or how far, and is no fix of its own: `整改中，进度60%`."""
_WEIGHED = 600
_OPENING = 40


_CHARGE = re.compile(r"由[一-龥、]{2,16}(?:负责|牵头|落实|承办)")


def _before_charge(text: str, start: int, at: int) -> int:
    """Where the fix begins if `at` only says who sees to what its sentence tells: `…，由信息科负责`."""
    if not _CHARGE.match(text, at):
        return at
    opened = max(text.rfind(stop, start, at) for stop in "。；\n") + 1
    first = next(clauses(text, opened, at), None) if opened else None
    return first.start if first and not states_fault(text[first.start : at]) else at


_TAKES_UP = re.compile(
    r"(?:已|现|当[天日场]|随即|立即|马上)?(?:报(?!告中)|换[用成上]|改[用为成]|停用|断电|封存|重新|联系|通知|安排|"
    r"由[一-龥]|请|派|先用|移[走开至]|送[修检]|上锁|以后|今后|[下本][周月]|近期|拟|准备)"
)


def _taken_up(text: str, pieces: list[Span]) -> int | None:
    """Where behind a fault in a single sentence a clause tells what is done: `…松动,报总务处检修`."""
    said = [text[one.start : one.end] for one in pieces]
    if len(pieces) < 2 or is_latin(said[0]) or opens_with_action(said[0]):
        return None
    faulty = states_fault(said[0])
    at = next((at for at, one in enumerate(said) if at and _is_taken_up(one, faulty=faulty)), None)
    if at is None:
        return None
    acts_before = at > 1 and _UNIT_ACTS.match(said[at - 1]) is not None and not states_fault(said[at - 1])
    return pieces[at - acts_before].start


_UNIT_ACTS = re.compile(
    r"[一-龥]{1,8}?(?:[科部处室股组队局站所院]|中心|公司|办公室|学校|街道|社区|物业)(?:现?正|现?已|将|拟|分[一二两三批]|组织|委托|联系|安排|申请)"
)
"""How a clause begins before the one that says by when: `安环部正委托咨询机构修编，10月底前完成备案`."""


_WAITS = re.compile(r"[一-龥]{0,4}(?:得|需要?|只能|还要|尚待|有待)等")


def _is_taken_up(clause: str, *, faulty: bool) -> bool:
    """Whether a clause tells what is done; one that only opens with an action, behind a plain fault."""
    if states_fault(clause) or _WAITS.match(clause):
        return False
    taken_up = _TAKES_UP.match(clause) is not None or _is_due(clause)
    return taken_up or (faulty and opens_with_action(clause))


def _told_by_actor(text: str, start: int, end: int) -> int | None:
    """Where behind the first words a sentence begins with who is to do something, in words of no fault."""
    every = list(_beginnings(text, start, end))
    return next((place for place in every[1:] if _acts(text[place:end])), None)


def _beginnings(text: str, start: int, end: int) -> Iterator[int]:
    """Where sentences begin, what follows a dash, and clauses that hand over with 由 or ask with 请."""
    for sentence in sentences(text, start, end):
        yield sentence.start
        yield from (dash.end() for dash in _DASH.finditer(text, sentence.start + 1, sentence.end))
        inner = list(clauses(text, sentence.start, sentence.end))[1:]
        yield from (
            one.start
            for one in inner
            if one.start > sentence.start
            and _hands_over(text[one.start : one.end], text[one.start : sentence.end])
        )


def _hands_over(clause: str, rest: str) -> bool:
    """Whether a clause after a comma begins the fix: 由X, 请X, or an actor with a task of its own.

    `rest` is the sentence from the clause on.
    """
    if _ASKS.match(clause):
        return True
    if not begins_with_actor(clause):
        return False
    return _AT_ONCE.search(clause) is not None or _asks_plainly(rest)


_PLAINLY = 1.0


def _asks_plainly(said: str) -> bool:
    """Whether the words of the rest of a sentence speak for a measure and not for a fault."""
    weight = weigh(said)
    return weight.measure > max(_PLAINLY, weight.problem + 2 * _PLAINLY)


def _acts(said: str) -> bool:
    sentence = _SENTENCE.match(said)
    whole = sentence[0] if sentence else said
    first = _FIRST_CLAUSE.match(whole)
    if is_latin(whole):
        return any(one.match(whole) for one in (imperative(), _DONE, _PUT_RIGHT, _YOU_MUST))
    if _TOLD_FIX.match(whole) or _DEMANDS.match(whole):
        return True
    plain = first is not None and not states_fault(first[0])
    asked = _ASKS.match(whole) is not None
    return plain and begins_with_actor(whole) and (asked or _SETS_TASK.search(whole) is not None)


_DEMANDS = re.compile(
    r"(?:要|须|必须|务必|应当?)(?=[用先按把将对逐设加补清拆换改立尽严全及]|重新|安排|组织|配备|停止|恢复)"
)
"""How a notice goes on from a fault to what it demands: `要用硬质围挡把沟槽连续封严`."""
_DONE = re.compile(
    r"(?:[A-Z][\w'&/ ]{1,40} )?(?:now |since |already )?"
    r"(?:replac|repair|remov|correct|refitt?|clean|clear|fix|reset|order|withdrawn|mov)(?:ed)? ?"
)
_SENTENCE = re.compile(r"[^。；;！!？?\n]+")
_FIRST_CLAUSE = re.compile(r"[^，,：:]+")


@lru_cache(maxsize=1)
def imperative() -> re.Pattern[str]:
    """An English sentence that tells to do something: `Replace the ladder.`, `Estates to reroof.`"""
    verb = "|".join(words("clause", "imperative"))
    return re.compile(
        rf"(?:(?i:{verb})\b(?!-|\s+(?:is|are|was|were|has|have|had|will)\b)|"
        rf"(?!Used to )[A-Z][\w'&/ ]{{1,50}}? (?:(?:to|will|must|shall|should) (?:{verb})|"
        rf"(?:should|must|will) be \w+(?:ed|ld|pt|nt))\b)"
    )


def _action_sentence(text: str, start: int, end: int, opening: str) -> int | None:
    if opens_with_action(opening) and not states_fault(opening):
        return start
    for sentence in list(sentences(text, start, end))[1:]:
        said = text[sentence.start : sentence.end]
        first = next(clauses(text, sentence.start, sentence.end), sentence)
        if opens_with_action(said) and not states_fault(text[first.start : first.end]):
            return sentence.start
    return None
