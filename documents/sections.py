"""What a heading, a label or a lead-in sentence announces: problems, measures, both, or nothing to track."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from documents.lexicon import (
    any_of,
    folded,
    heading_forms,
    heading_grammar,
    heading_pattern,
    heading_words,
    is_latin,
    words,
)


class Announced(Enum):
    """What the units under a heading are."""

    PROBLEMS = "problems"
    MEASURES = "measures"
    BOTH = "both"
    NOTHING = "nothing"


ENOUGH = 2
"""A heading announces something from this score on: one plain word of the trade."""

_LEADS_ON = re.compile(
    r"[:：]$|[做抓办干][好实]?[^。；，]{0,6}[一二两三四五六七八几][项个件点][^。；，]{0,6}(?:工作|措施|任务|事情?)。?$|"
    r"以下|如下|下列|下述|主要(?:有|是|表现|包括)|the following|below|what happens (?:next|now)$|"
    r"(?:recommend|suggest|advise|ask|propose|require) that (?:you|they|it|the [A-Za-z ]{2,30})(?: should)?$"
)
_LEAD_ENDS = re.compile(
    r"(?:通报|指出|反馈|梳理出?)了?[^。；，\n]{0,14}(?:问题|不足|隐患|短板)。$|"
    r"(?:还|仍|也)(?:然)?(?:存在|有)[^。；，\n]{0,12}(?:问题|不足|短板|差距)。$"
)
_LONGEST_LABEL = 8
SURELY = 5
"""A heading says that nothing below it is to be tracked from this score on, whatever leads to its lists."""

_SIGNS = re.compile(r"[\W\d_]+")
_LEAD = re.compile(
    r"(?:存在|还有|仍有|发现|查出|表现|反映|查找|梳理|暴露)[^。；;\n]{0,24}?(?:问题|不足|隐患|短板|"
    r"差距|困难|薄弱|缺点)|"
    r"(?:发现|(?:主要|仍|还|目前|普遍)存在|暴露出?|检查出|查出|问题(?:主要)?(?:是|有|为|包括|集中在))[：:]?$|"
    r"(?:以下|下列|如下)[^。；;，,\n]{0,8}?(?:问题|不足|隐患|短板|薄弱环节)[^。；;，,\n]{0,12}[：:]?$|"
    r"(?:问题|不足|隐患|短板)[^。；;，,\n]{0,8}?(?:如下|以下|主要(?:有|是|表现)|体现在|表现(?:在|为))|"
    r"(?:差距|不足|短板|弱项|缺憾|遗憾|欠账|薄弱点)(?:之处)?(?:主要)?(?:在于|的?是|为|有)[：:]?$|"
    r"(?:需要|有必要|值得)[^。；，\n]{0,8}(?:讲|说|通报|点名|提醒|注意|重视|警惕)的(?:是|有)[^。；，\n]{0,8}[：:]?$|"
    r"[扣失]分(?:情况|原因|项目?|点|事项)?(?:主要)?(?:如下|是|有|为|包括)[：:]?$"
)
_LEAD_MEASURES = re.compile(
    r"(?:重点|着力|主要|扎实|将|要|抓好|做好|采取|从|提出|议定|明确|确定|决定|要求|制定)[^。；;\n]{0,24}?"
    r"(?:工作|措施|方面|任务|事项|整改|改进|意见|要求|举措|安排)(?:加以改进|进行整改|入手|"
    r"着手|整改|抓起)?(?:如下|[:：])?$|"
    r"(?:针对|对照|围绕)(?![^。；;\n]*(?:原因|分析|剖析))[^。；;\n]{0,16}(?:问题|不足|情况|隐患|意见)[^。；;\n]{0,24}[:：]$|"
    r"(?:议定|决定|明确|要求|部署|安排)(?:如下|以下[^。；;\n]{0,8})?[:：]?$|"
    r"(?:工作|措施|事项|意见|要求)(?:通知|要求|部署|安排|明确|布置|提出)如下[:：]?$|"
    r"(?:监督|检查|处理|整改|指导|审计|核查|督导|改进|处置)(?:意见|要求|建议)(?:如下)?[:：]?$|"
    r"(?:采取|落实)(?:以下|下列|如下)(?:整改|改正|防范)?措施[^。；;\n]{0,24}[:：]?$|"
    r"(?:要|将|准备|打算|重点|着力)(?:做|抓|办|干|落实)[好实]?[^。；，\n]{0,6}[一二两三四五六七八几]"
    r"(?:件事情?|[项个点][^。；，\n]{0,6}(?:工作|措施|任务|事情?))[:：]?$|"
    r"(?:提出|给出|作出|形成)[^。；;，\n]{0,8}(?:建议|意见|要求)(?:如下)?[:：]?$|"
    r"(?:承诺|保证)(?:如下|事项)?[:：]?$|^[一-龥]{2,8}(?:答复|回复|回应|承诺|表态)[:：]?$|"
    r"(?:按|照|落实|做到|遵守)(?:以下|下列|下述|如下)(?:要求|意见|措施|事项|内容)(?!进行|开展)[^。；;，,\n]{0,6}[:：]?$|"
    r"(?:责令|要求|责成|督促)[^。；;\n]{0,40}(?:改正|整改|采取(?:以下|下列)措施)(?:以下|下列|如下)?(?:事项|内容|问题)?[:：]?$|"
    r"(?<!已)(?:按照?|依照|采取|完成|落实|做好|抓好)(?:以下|下列|如下)[^。；;，\n]{0,6}(?:要求|意见|措施|事项|规定|工作|任务|方式)"
    r"(?:逐项|逐条|予以|及时|抓紧|限期|认真|严格|立即)*(?:办理|整改|改正|纠正|落实|执行|处理|消除|解决)?[:：]?$|"
    r"(?:请|责令|责成|要求|应|须|务必|切实)[^。；;\n]{0,50}(?:要求|做到|措施|意见)(?:是|为)?[:：]$|"
    r"(?:请|责成|责令|要求)[^。；;\n]{2,24}(?:立行立改|立即整改|限期整改|抓紧整改|认真整改|予以整改)[:：]$|"
    r"[一二两三四五六七八几][件样桩]事[^。；，\n]{0,10}(?:要[做办干]|接着[做办干]|张罗|办好|做好)(?:它)?[：:]$|"
    r"作如下(?:通知|要求|部署|安排)[:：]?$|"
    r"(?<![一-龥])(?:[现特]?就|为)(?![^。；;，\n]*(?:情况|结果))[^。；;，\n]{2,24}(?:通知|意见|要求|安排)如下[:：]?$|"
    r"(?:抓好|做好|落实好?|把握好?)[^。；;，\n]{0,8}[几两三四五六](?:件事|点|[个项条][^。；;，\n]{0,6})[:：]$"
)
_LEAD_BOTH = re.compile(
    r"(?:问题|不足|隐患|缺陷|短板)(?:和|与|及|以及|、)(?:拟?采取的?)?(?:整改|改进|处理|处置|纠正|解决|应对)(?:落实)?"
    r"(?:措施|办法|对策|情况|意见|结果|打算)?(?:分别)?(?:如下|是|有)[:：]?$"
)
_NAMES_PARTS = re.compile(
    r"(?:情况|成效|做法|成绩|进展)[、，和及与][^。；\n]{0,24}(?:问题|不足|短板|困难)[^。；\n]{0,6}[、，和及与以][^。；\n]{0,16}"
    r"(?:打算|安排|计划|措施|思路|建议)[^。；\n]{0,8}如下"
)
"""A sentence that names the parts of a whole report: `现将工作情况、存在不足以及下半年打算报告如下`."""
_TO_DO = re.compile(
    r"(?:我们)?(?:打算|准备|决定|计划|拟)(?:这样|这么|如下|分头)(?:办|做|处理|安排|改|解决)$|"
    r"下一?步.|(?:针对|对).*(?:工作|措施)$|"
    r"(?:[0-9一二三四五六七八九十]{1,3}月份?|第?[一二三四]季度|下半年|明年|来年)的?(?:工作)?(?:计划|打算|安排)$"
)
_PAST = re.compile(
    r"^本(?:月份?|季度)的?(?:主要|重点)工作(?:完成|开展|进展)?(?:情况)?$|"
    r"^(?!关于|针对)[^。；\n]{0,12}(?:上一?年度?|以前年度|去年|上一?[次轮]|往年)[^。；\n]{0,24}(?:整改|落实|办理)(?:落实|完成|进展)?情况$"
)
"""What became of the last period's problems, or what a month's report says was done in the month."""
SAYS_WHEN = re.compile(
    r"(?:Raised|Opened|Logged|Identified|Reported|Closed|Completed|Done|Cleared) (?:on |at )?[0-9]{1,2}[/. ]"
)
"""What says when an entry was raised or closed is no heading: `Raised 07/05/24 (staff suggestion)`."""
_WAY_OF_WORK = re.compile(
    r"(?:建立|坚持|突出|聚焦|紧盯|瞄准|锚定|直面|强化|树牢|树立)(?:问题|隐患|短板|措施|责任|任务)(?:清单|导向|意识|整改)?[，,、]"
)
"""How a heading praises a way of working and announces nothing: `建立问题清单，把准病灶`."""
_LEAD_ENGLISH = re.compile(
    r"(?i)\b(?:issues?|problems?|deficienc(?:y|ies)|concerns?|weaknesses|hazards?|violations?|"
    r"nonconformit(?:y|ies)|shortcomings|findings|gaps|attention|failings|defects|breaches|"
    r"(?:found|identified|noted|observed|revealed|saw|following)[^.;:\n]{0,40} contraventions?|"
    r"(?:found|saw|noted|noticed|observed|identified) (?:the following|these things)|"
    r"the following (?:was|were) (?:found|seen|noted|noticed|observed|identified)|"
    r"(?:i|we) (?:picked up|came across|spotted|noticed)\b|what (?:i|we|they) (?:saw|found|noticed)$|"
    r"(?:let|lets) [a-z]+ down|(?:fell|fall|falls) short|went wrong|"
    r"what (?:bothers|worries|concerns|troubles) (?:me|us)$|"
    r"room for improvement|could be better|less (?:secure|strong|consistent|good)|"
    r"not (?:yet )?(?:secure|consistent)|"
    r"non-compliances?|irregularities|faults|failures)\b"
)
_ANSWERS = re.compile(
    r"表现形式$|(?:答复|回复|函复)(?:(?:意见)?(?:如下|是)|意见)$|(?:现|函|予以|统一)(?:答复|回复)$"
)
"""A sentence that leads to answers, which tell what is wrong and what is done, or to what was looked for."""
_LEAD_ENGLISH_DEMANDS = re.compile(
    r"(?i)\b(?:instructed|directed|ordered|requested|decided|resolved) as (?:under|follows)$|"
    r"\b(?:must|shall|please|will|required to|requires? [a-z]+(?: [a-z]+)? to|ordered to|directed to|"
    r"needs? to|are to|is to)\b[^.;:\n]{0,60}\b(?:below|"
    r"following(?! (?:issues?|problems?|deficienc|concerns?|"
    r"weaknesses|hazards?|findings|gaps|defects)))\b|"
    r"\b(?:actions?|steps|measures|recommendations|requirements|improvements)\b[^.;:\n]{0,60}"
    r"\b(?:address|remedy|correct|resolve|rectify|close|agreed|taken|required|needed|follows?|below)\b|"
    r"\b(?:following|these|agreed|required|corrective) (?:[a-z]+ ){0,2}"
    r"(?:actions?|steps|measures|recommendations)\b|"
    r"^please\b[^.;:\n]{0,80}$|\bwhat happens (?:next|now)$|"
    r"\b(?:must|shall|should|will|(?:required|asked|advised) to|to ensure that|required that|(?:is|are) to)$|"
    r"\bfollowing\b[^.;:\n]{0,40}"
    r"\b(?:must|shall|should|(?:is|are) (?:required|requested|recommended)|(?:is|are) to be)\b|"
    r"\b(?:to|must|shall|by) (?:remedy|correct|rectify|address|resolve|put right|deal with|remove)(?:ing)? "
    r"[^.;:\n]{3,60}$"
)
"""A sentence that asks somebody for what follows, whatever it calls the faults."""
_LEAD_ENGLISH_MEASURES = re.compile(
    r"(?i)\b(?:actions?|recommend(?:s|ed|ations?)?|steps|measures|agreed|will)\b"
)


@dataclass(frozen=True, slots=True)
class Score:
    """How strongly a heading speaks for problems, measures and nothing, and how much was understood."""

    problem: int
    measure: int
    none: int
    coverage: float


_WHERE = re.compile(
    r"\A~{6,}(?P<where> (?:in|at|on|of|for|from|during|by|since|under|within|with|to|after) "
    r"[a-z0-9 ,.'&/-]+)\Z"
)
"""What only says where or when behind a turn of phrase: `Actions agreed in the meeting of 14 November`."""


_CHAPTER = re.compile(r"^[0-9]{1,2}[.)]? (?=[a-z])")
"""The number of an English chapter."""

_STILL = re.compile(r"\bstill (?=[a-z])")
"""`Where the school still falls short` announces what it does without that word."""


@lru_cache(maxsize=4096)
def score(heading: str) -> Score:
    """The words of a heading of at most some 60 characters, weighed."""
    known = heading_words()
    sums = {"problem": 0, "measure": 0, "both": 0, "none": 0, "filler": 0}
    covered = 0
    said = _STILL.sub("", _CHAPTER.sub("", folded(heading)))
    whole = next((word for known_, word in heading_grammar() if known_.fullmatch(said.strip())), None)
    if whole is not None:
        weights = {"problem": 0, "measure": 0, "none": 0} | {whole.kind: whole.weight}
        return Score(weights["problem"], weights["measure"], weights["none"], 1.0)
    for phrase, word in heading_forms():
        for found in phrase.finditer(said):
            sums[word.kind] += word.weight
            covered += len(_SIGNS.sub("", found[0]))
        said = phrase.sub(lambda found: "~" * len(found[0]), said)
    tail = _WHERE.search(said)
    covered += len(_SIGNS.sub("", tail["where"])) if tail else 0
    for found in heading_pattern().finditer(said):
        word = known[found[0]]
        sums[word.kind] += word.weight
        covered += len(_SIGNS.sub("", found[0]))
    length = len(_SIGNS.sub("", heading)) or 1
    both = sums["both"]
    return Score(sums["problem"] + both, sums["measure"] + both, sums["none"], min(1.0, covered / length))


def announced(heading: str, *, least_coverage: float) -> Announced | None:
    """What a heading announces; None where it is not understood well enough to say."""
    if _PAST.search(heading) or _WAY_OF_WORK.match(heading):
        return Announced.NOTHING
    _, colon, rest = heading.partition(": " if is_latin(heading) else "：")
    if colon and (said := announced(rest, least_coverage=max(least_coverage, 0.75))):
        return said
    found = score(bare_heading(heading))
    most = max(found.problem, found.measure)
    if found.coverage < least_coverage or max(most, found.none) < ENOUGH or SAYS_WHEN.match(heading):
        return None
    if found.none >= most:
        return Announced.NOTHING
    if found.problem >= ENOUGH and found.measure >= ENOUGH:
        return Announced.BOTH if _JOINED.search(folded(heading)) else _which_of_both(found)
    return Announced.PROBLEMS if found.problem > found.measure else Announced.MEASURES


_NOTE = re.compile(r"(?<=[A-Za-z一-龥])[ ]{0,3}(?:[（(][^()（）]{1,24}[)）]|[(][^()]{1,60}[)])$")
"""What a bracket at the end of a heading adds to it: `Root cause (5 whys)`."""


def bare_heading(heading: str) -> str:
    """A heading without the bracket at its end."""
    return _NOTE.sub("", heading)


def opening(heading: str) -> str:
    """The words of the trade that a heading begins with, where running text follows without a break."""
    end = 0
    for found in heading_pattern().finditer(folded(heading)):
        gap = heading[end : found.start()]
        if _SIGNS.sub("", gap) or any(sign in gap for sign in "，,。：:"):
            break
        end = found.end()
    return heading[:end]


_JOINED = re.compile(
    r"(?:不足|差距|问题|短板|困难|弱项)(?:和|与|及|以及|、)(?:今后|明年|来年|下一?步|下半年)?的?(?:工作|整改|改进|努力)?"
    r"(?:计划|打算|安排|措施|思路|举措|方向|对策|整改|改进|处理|处置)$|"
    r"(?:shortcomings|problems|issues|gaps|weaknesses|challenges|concerns)(?:,| and| &) "
    r"(?:our |next |future |the )?(?:plans?|steps|actions|priorities|measures)"
)
"""A heading that joins what is wrong and what will be done."""


def _which_of_both(found: Score) -> Announced:
    if found.problem >= 2 * found.measure and found.measure < 3:
        return Announced.PROBLEMS
    if found.measure >= 2 * found.problem and found.problem < 3:
        return Announced.MEASURES
    return Announced.BOTH


def _joined(word: str) -> list[str]:
    """The parts of a label that joins two: `处理和整改情况`, each with the ending of the last."""
    parts = re.split(r"和|及|与|、|并", word)
    ending = next((one for one in ("情况", "结果", "措施", "意见") if word.endswith(one)), "")
    return [form for part in parts for form in (part, part + ending)] if len(parts) == 2 else []


def label_announces(word: str) -> Announced:
    """What a label such as `整改措施` announces."""
    plain = word.lower()
    if any(part in _labels("fix") for part in _joined(plain)):
        return Announced.MEASURES
    if plain in _labels("fix") or _TO_DO.match(word) or _ANSWERED.match(plain):
        return Announced.MEASURES
    return Announced.PROBLEMS if plain in _labels("problem") or _LEAD.search(word) else Announced.NOTHING


_ANSWERED = re.compile(
    r"what (?:has|have|is|was|will|remains|still has|needs) (?:been |being |to be |be |now )*"
    r"(?:done|changed|put right)(?: [a-z]+){0,3}$|"
    r"what (?:are|is|will|have|has|did|do) (?:we|you|they|the [a-z]+) (?:doing|done|do)\b[a-z ]*$|"
    r"(?:we|i|internal audit) (?:therefore |also )?recommends? that [a-z' ]+$|"
    r"action by [a-z ]+$|[a-z' ]+ (?:response|reply|proposal|proposed action)(?: to [a-z ]+)?$|"
    r"(?:what|how) (?:we|i|you|they|the [a-z]+) (?:are|is|will|shall|plan|intend|"
    r"propose|need|have|has|must|should)\b[a-z ]*$"
)
"""Labels that name who answers: `Action by the laboratory`, `Provider's response`."""


@lru_cache(maxsize=4)
def _labels(name: str) -> frozenset[str]:
    return frozenset(word.lower() for word in words("label", name))


def lead_announces(sentence: str) -> Announced | None:
    """What the last sentence before a list announces: `还存在不少突出问题：`, `重点做好以下工作：`."""
    said = sentence.strip().rstrip("。:： ")
    tail = sentence.strip()[-60:]
    if _LEAD_ENDS.search(tail):
        return Announced.PROBLEMS
    if not _LEADS_ON.search(tail) or _ANSWERS.search(said) or _NAMES_PARTS.search(tail):
        return None
    if any_of("clause", "absent").search(folded(said[-60:])) or _SETTLED.search(said):
        return None
    if is_latin(said):
        joined = announced(said.rpartition(". ")[2], least_coverage=0.85) is Announced.BOTH
        return Announced.BOTH if joined else _lead_english(said)
    if len(said) <= _LONGEST_LABEL and (own := label_announces(said)) is not Announced.NOTHING:
        return own
    return _lead_chinese(tail)


_SETTLED = re.compile(
    r"\b(?:have|has|had|were|was) (?:now |since |all |both )*(?:been )?(?:all )?"
    r"(?:resolved|closed|addressed|put right|dealt with|cleared|fixed)\b(?! by\b)"
)
"""What an English lead says of problems that are none any more: `… have all been resolved.`"""


def _lead_chinese(tail: str) -> Announced | None:
    if _LEAD_BOTH.search(tail):
        return Announced.BOTH
    if _LEAD_MEASURES.search(tail.rstrip("。")):
        return Announced.MEASURES
    return Announced.PROBLEMS if _LEAD.search(tail) else None


def _lead_english(said: str) -> Announced | None:
    if _LEAD_ENGLISH_DEMANDS.search(said[-120:]):
        return Announced.MEASURES
    if _LEAD_ENGLISH.search(said[-120:]):
        return Announced.PROBLEMS
    return Announced.MEASURES if _LEAD_ENGLISH_MEASURES.search(said[-120:]) else None
