"""Sentences and clauses: what a stretch of words is about, and where its fix begins."""

import re
from collections.abc import Iterator
from functools import lru_cache

from documents.lexicon import alternatives, any_of, folded, is_latin, words
from documents.ratings import is_rated_fine
from documents.reading import Span

_SENTENCE = re.compile(
    r"(?:[^。！？!?\n.;；]|\.(?=[^\s])|[.](?=\s[a-z])|(?:(?<=\b[A-Z][a-z]{2})|(?<=\b[Nn]o))[.](?=\s[0-9])|"
    r"(?:(?<=\b[MD]r)|(?<=\bM[rs]s)|(?<=\bMs))[.](?=\s[A-Z])|"
    r"(?:(?<=\n[0-9])|(?<=\n[0-9]{2}))[.](?=\s[一-龥]))+[。！？!?.;；]*[”」』）)]?"
)
_CLAUSE = re.compile(r"[^，,。；;！!？?\n：:]+")
_OPENING = " 　\t*#_>"
_BROKEN = re.compile(
    r"[却早]已|已自行|已[一-龥]{1,4}的|"
    r"已(?:经)?(?:投入|使用|运行|连续|过期|逾期|拖|延期|延误|滞后|搁置|停滞|损坏|老化|脱落|超|破|满|失效|坏|停用多|锈|断|有\d|不)"
)
_NONE = re.compile(
    r"(?:暂?无|没有)(?:[。，,；;\s]|$)|"
    r"(?i:(?:(?:[a-z-]+[ ]){0,3}[a-z-]+:[ ])?none(?: (?:required|needed))?\s*(?:\.|$)|"
    r"none (?:was|were|(?:has|have) been) "
    r"(?:raised|found|identified|noted|made|observed|recorded|reported|seen)\b)|"
    r"[^。\n]{4,60}(?:问题|情况|现象|行为)[。：:](?:经[^。\n]{1,20}[，,])?(?:不存在|没有|未发现|无)。?\s*$"
)
_OVERLOOKED = re.compile(
    r"[0-9][^，。；;]{0,6}(?:均|都)?未(?:能|被)?(?:及时)?发现(?=[，。；;\s]|$)|(?:长期|一直|多日|数月|竟|却)未(?:被)?发现"
)
"""What is wrong and nobody saw: `灭火器过期2具未发现`."""
_FOUNDED = re.compile(r"部分属实|(?:[】：:。]|情况)(?:基本)?属实[。，；]")
"""What an answer found true, whatever else it did not find."""
_UNFOUNDED = re.compile(
    r"(?:核查|核实|调查|查证)(?:情况|结果)?[：:】]\s*(?:不属实|不实|查无实据)[。，；]|反映(?:情况|问题)?(?:不实|不属实|与事实不符)|撤销(?:诉求|投诉)|经(?:查|核|调查|现场|实地)[^。；\n]{0,80}?(?:不存在|不属实|查无|并无|与事实不符)[^。；\n]{0,30}(?=[。；\n]|\Z)(?![^\n]*[已将])"
)
"""What an answer found untrue."""
_GENERAL = re.compile(
    r"(?:许多|不少|一些|诸多|较大|一定|很多)的?(?:问题|不足|差距|短板|困难|薄弱|不尽如人意)[^。；，]{0,6}[。：:；;]?$|"
    r"在(?:肯定|看到|总结|取得)[^，。]{0,8}成[绩效][^，。]{0,4}(?:同时|，)"
)
"""A sentence that only says that there are faults."""
ACHIEVED = re.compile(
    r"[一-龥]{0,8}已经?(?:全部|基本|及时)?(?:收回|清退|退回|追缴|补|更换|修|完成|整改|建立|制定|印发|下发|出台|拆除|清理|安排|组织|召开|约谈|落实|责令|督促)"
)
"""Who did what already: a fix, whatever fault its object is named after."""
_ENGLISH_FIX = re.compile(
    r"(?i)(?:^|\b)(?:(?:will|shall|must|should|has|have|was|were|is|are|to)\s+(?:now\s+|"
    r"since\s+|already\s+|immediately\s+)?(?:be(?:en|ing)?\s+)?"
    r"(?:replac|repair|remov|correct|instal|schedul|order|updat|revis|train|review|implement|"
    r"clos|fix|clear|reloc|complet|re-?train|develop|establish|provid|ensur|purchas|contact|"
    r"document|arrang|add|fill|issu|monitor|conduct|clean|reset|refill|re-?stock|tag|label|"
    r"secur)|"
    r"(?<!last )(?:replaced|repaired|removed|corrected|installed|cleared|fixed|cleaned|relocated|"
    r"retrained|updated|refilled|tagged|ordered|reset|scheduled)\b)"
)


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences between two positions; an abbreviation's full stop ends none."""
    for found in _SENTENCE.finditer(text, start, end):
        span = stripped(text, found.start(), found.end())
        if span.end > span.start:
            yield span


def clauses(text: str, start: int, end: int) -> Iterator[Span]:
    """The pieces between commas, colons and stops."""
    for found in _CLAUSE.finditer(text, start, end):
        span = stripped(text, found.start(), found.end())
        if span.end > span.start:
            yield span


def stripped(text: str, start: int, end: int) -> Span:
    """The range without blank and markup characters at both ends."""
    part = text[start:end]
    lead = len(part) - len(part.lstrip(_OPENING + "\n"))
    return Span(start + lead, max(start + lead, start + len(part.rstrip(_OPENING + "\n"))))


def states_fault(words_: str) -> bool:
    """Whether a clause says that something is wrong."""
    return (_known_fault if len(words_) < _SHORT else _tells_fault)(words_)


_SHORT = 400
"""Characters of words that are asked about several times and kept; longer ones would fill the memory."""


def _tells_fault(words_: str) -> bool:
    return any_of("clause", "fault").search(folded(words_)) is not None


_known_fault = lru_cache(maxsize=1024)(_tells_fault)


def opens_with_action(words_: str) -> bool:
    """Whether a clause begins with what is to be done."""
    return _action().match(words_.lstrip("要应须需")) is not None


def is_general(sentence: str) -> bool:
    """Whether a sentence before others only says that there are faults."""
    return _GENERAL.search(sentence) is not None and sentence.count("。") < 2


_IN_ORDER = re.compile(
    r"(?:[^不未无没欠缺坏断换修—已。；;]{2,30}|均|全部|基本)?(?:清洁|整洁|完整|正常|良好|规范|齐全|完好|整齐|合格|达标|有效|到位|符合(?:要求|规定|标准))"
    r"(?:[，,](?:无|未见|没有)[^，。；;]{2,12})?[。；;]?\s*"
)
"""What a check found as it should be."""


def says_nothing_wrong(words_: str) -> bool:
    """Whether an entry of a list of faults says that none was found; what follows 但 is heard as well."""
    if (turn := _BUT.search(words_)) and states_fault(turn["rest"]):
        words_ = turn["rest"]
    if _OVERLOOKED.search(words_) or _FOUNDED.search(words_):
        return False
    if _IN_ORDER.fullmatch(words_) and not states_fault(words_) and not opens_with_action(words_):
        return True
    return (
        any_of("clause", "absent").search(folded(words_)) is not None
        or _NONE.match(words_) is not None
        or _NONE_SEEN.search(words_) is not None
        or is_rated_fine(words_, 0, len(words_))
        or (is_latin(words_) and _PRAISED.search(words_) is not None)
        or says_unfounded(words_)
    )


_BUT = re.compile(r"[，；。](?:但|不过|然而)(?!愿|求)(?P<rest>[^。\n]{4,})")
_PRAISED = re.compile(
    r"(?:\A|(?<=[.!;] ))(?:All (?:good|satisfactory|in order|fine)|(?:Very )?[Gg]ood|Well done|Satisfactory|"
    r"Excellent|"
    r"No (?:action|issues?|concerns?)(?: (?:needed|required|here))?)[.!]?\s*\Z"
)
"""A last sentence of an English entry that only praises what was seen."""
_NONE_SEEN = re.compile(
    r"^[ \t]*(?:Good|Positives?|Strengths?|Well done|Good practice|Praise|Commendations?)[ ]?(?::|[ ][-–—] )|"
    r"^(?:We|I) (?:were|was|are) (?:pleased|impressed|encouraged|reassured) (?:to|that|by)\b"
    r"(?!.*\b(?:but|however|although)\b)|\bno changes? (?:is|are) (?:proposed|needed|recommended)\b|"
    r"^(?:[a-z]{2,9}|[0-9]{1,3}) (?:issues?|items?|actions?|risks?|findings?|problems?) "
    r"(?:are|is|were|was|remains?) "
    r"(?:now |still )?(?:open|closed|new|outstanding)\b[^.\n]*\.?\Z|"
    r"^[^.\n]{6,90}: (?:closed|resolved|implemented|cleared)\b(?! by\b)|"
    r"\b(?:we|i) (?:have|make) no (?:findings|recommendations|comments|concerns)\b|"
    r"^[^\n]{4,90}[ \t]\(Green\)(?:[ \t]*(?:\n|\Z)|[ ][A-Z])|^Withdrawn by\b|(?-i:\bCLOSED\b)|"
    r"^[^\n]{4,80}[ \t]{2,}(?:Compliant|Met|Satisfactory|In order)[ \t]*(?=\n|\Z)|"
    r"\b(?:was|were) found to be (?:correct|in order|accurate|sound|complete)[.]?[ \t]*(?:\n|\Z)|"
    r"(?:未发现|不存在|没有发现)(?!的)[^，。；;\n]{1,40}(?:问题|现象|情形|行为|资产)[。；;]?(?=[\n]|\Z)|"
    r"\bno (?:adverse |material |significant |further |other )?(?:points?|matters?|observations?|exceptions?|"
    r"discrepanc(?:y|ies)|findings?|problems?|deviations?|shortcomings?|deficienc(?:y|ies)|concerns?|issues?|faults?|"
    r"defects?|non-?conformit(?:y|ies)) (?:was|were|(?:has|have|had) been) (?:noticed|noted|found|identified|"
    r"raised|observed|recorded|reported|seen|detected)\b",
    re.IGNORECASE,
)


def says_unfounded(words_: str) -> bool:
    """Whether an answer says that what was told is not so."""
    return _UNFOUNDED.search(words_) is not None


_NONE_OPEN = re.compile(
    r"(?:本期|目前)?(?:暂无|无)(?:未办结|新增|其他)?的?(?:整改)?(?:问题|措施|工作安排)[。.]?\s*$"
    r"|no (?:further )?(?:problem|measure|action)s? (?:of this period )?(?:is|are) (?:open|planned)[.]?\s*$",
    re.IGNORECASE,
)


def says_nothing_open(words_: str) -> bool:
    """Whether a section says of itself that it has nothing to name."""
    return _NONE_OPEN.match(words_) is not None


@lru_cache(maxsize=1)
def _action() -> re.Pattern[str]:
    return re.compile(
        r"(?:进一步|继续|不断|切实|持续|着力|大力|认真|全面|深入|积极|主动)*"
        rf"(?:{alternatives(words('clause', 'action'))}|突出(?!的|问题|矛盾|短板|困难|隐患|表现))"
    )


@lru_cache(maxsize=1)
def _begun() -> re.Pattern[str]:
    cue = alternatives(words("clause", "begun"))
    return re.compile(
        rf"(?!{alternatives((*words('label', 'owner'), *words('label', 'deadline')))})"
        rf"(?:(?:目前|现|对此|随后|经过?整改|[一-龥]{{1,8}}(?=已|将|拟|计划)|[一-龥]{{1,6}}[0-9.]{{1,8}}[万亿千百]?[元个项处件份户人亩]?[一-龥]{{0,4}}(?=已(?:全部|全额|经|于|上缴|收回|追回|缴|退|清退|完成|整改)))?{cue}|由[一-龥、]{{2,20}}?(?:牵头|负责))"
    )


def begins_fix(clause: str) -> bool:
    """Whether a clause after the fault tells of the fix: 已…, 拟…, 今后…, will be…."""
    if is_latin(clause):
        return _ENGLISH_FIX.search(clause) is not None
    return _begun().match(clause) is not None and not (_BROKEN.search(clause[:12]) or _STILL.search(clause))


_STILL = re.compile(r"(?:仍|尚|还)有[0-9]")
"""What a clause says is still left, however it begins: `已改造小区中仍有61个无人管理`."""


_LONGEST_TOPIC = 6


def is_topic(sentence: str) -> bool:
    """Whether an English sentence of a few words has no verb: `Staff supervision.`"""
    short = sentence[:1].isupper() and len(sentence.split()) <= _LONGEST_TOPIC
    return short and sentence.endswith(".") and is_latin(sentence) and VERB.search(sentence) is None


def names_in_full(heading: str) -> bool:
    """Whether an English heading is a sentence, as `Overtime is approved after it has been worked`."""
    return is_latin(heading) and VERB.search(heading) is not None


VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|can|could|may|not|[a-z]{3,}ed|took|takes|ran|runs|fell|"
    r"rose|came|went|lost|lacks?|fails?|kept|left|held|stood|stands|broke|gave|made|met|saw|sat|spent)\b"
)
