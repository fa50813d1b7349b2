"""Faults told in passing, in paragraphs about something else."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, takewhile

from documents.claim import Claim
from documents.clauses import says_nothing_wrong, sentences, states_fault, stripped
from documents.lexicon import is_latin
from documents.reading import Span
from documents.requests import before_requests
from documents.sections import Announced, lead_announces
from documents.sentence_rows import faults
from documents.titles import trimmed
from documents.turning import faults_behind_turn
from documents.weighing import weigh
from rules.lifecycle import Kind

_TURN = re.compile(
    r"(?:不容忽视的是|(?:必须|也要|还要|也应|更要|同时要?)?清醒地?(?:看到|认识到)|也(?:应|要|必须)(?:该)?看到|美中不足的是|不足的是|"
    r"(?:检查|督查|自查|排查|走访|调研|暗访|抽查|评查)[^。：:；\n]{0,4}(?:发现|来看|看出)[^。：:；\n]{0,30}[：:]|"
    r"(?<=\n)[ 　]*经(?:查|核实|核查|调查|现场核查|现场核实|实地核查|现场查看)[，,：:]"
    r"(?!属实|[^\n]*不(?:属实|存在))|"
    r"(?:检查|督查|自查|排查|此外|同时|另外)?[，,]?(?:还|也)(?:反映|暴露|发现|查出|梳理)[出了]?[^。：:；，,\n]{0,8}(?:问题|隐患|不足)[。：:]|"
    r"(?<=[。；;])(?:但|主要|存在的)?(?:不足之处|主要不足|不足|差距|短板|弱项|薄弱环节|主要问题)(?:在于|主要是|表现在|表现为|是|为|[：:])|"
    r"(?<=[。；;])(?:但|同时|此外|另外)?[，,]?(?:还|仍|也|依然)(?:然)?(?=存在[^。；\n]{4,60}(?:问题|现象|情况)[。；\n])|"
    r"(?<=[。；;])(?:但|同时)?(?:需要改进|有待加强|有待改进|需要反思|值得重视|需要正视|亟待解决|需要注意)的(?:地方)?(?:是|有)|"
    r"(?<=[。；;])(?:反思|查找|检视|正视)(?:自身)?(?:不足|差距|问题|短板)|"
    r"(?<=[。；;])[^。；，,\n]{0,8}(?:也|还)(?:反映|暴露)出(?=[^。\n]{4,60}(?:问题|短板|现象))|"
    r"(?:回头看|反思|对照检查)?[，,]?(?:自己|自身|本人|我|我们)(?:身上)?(?:也|还|仍)(?:有|存在)着?(?:不少|一些|很多|诸多|许多|几个)(?:毛病|不足|问题|短板|差距|缺点)[。：:]|"
    r"但从[^。：:；，,\n]{2,20}(?:情况)?看|(?:群众|大家|居民|代表|职工|家长|学生)反映(?:比较|较为|最为)?(?:集中|强烈|突出|较多)的(?:问题)?(?:是|有|包括)|"
    r"(?:That said|Less happily|Less encouragingly|Regrettably|Unfortunately|"
    r"(?:We|It) (?:should|must) (?:also )?be (?:honest|said|admitted|acknowledged) that|"
    r"On the other hand)[, ]|"
    r"反映(?:比较|较为|最为)?(?:集中|强烈|突出|较多)的(?:问题)?(?:是|有|包括)(?:这么|以下|下面)?[几两三四五六]?[件个条点项]?[：:]|"
    r"相比之下[，,][^。：:；\n]{0,16}(?:薄弱|短板|不足)[^。：:；\n]{0,6}[：:])[，,：:]?"
)


_AFTER_PRAISE = re.compile(
    r"(?:总的[来]?看|总体(?:上|来)?看|总体(?:情况)?(?:上)?(?:较|比较)?(?:好|良好|不错|平稳)|值得(?:肯定|推广|表扬)|(?:较|比较|基本)(?:好|规范|到位|完善|齐全))"
    r"[^。\n]{0,120}?[，,。；;](?:但是?|不过|然而)[，,]?"
)
"""Praise in a paragraph that turns to faults with 但."""


_SOME_FAULTS = r"(?:还|也|仍)?(?:存在)?(?:着|有)?(?:以下|下列|如下|一些|不少|几点|几个方面的?)"
_LEAD = re.compile(_SOME_FAULTS + r"[^，。；：:]{0,12}[：:]")
"""Words that lead, behind praise, to the faults of the same sentence: `也有一些问题：`."""


def _behind_lead(text: str, start: int, stop: int) -> int:
    lead = _LEAD.match(text, start, stop)
    return lead.end() if lead else start


def _after_praise(text: str, start: int, end: int) -> list[Claim]:
    """The clauses of the sentence that follows praise, if one at least states a fault in plain words."""
    found: list[Claim] = []
    stop = start
    for turn in _AFTER_PRAISE.finditer(text, start, end):
        if turn.start() < stop:
            continue
        line_end = text.find("\n", turn.end(), end)
        stop = trimmed(text, turn.end(), end if line_end == -1 else line_end)
        begin = _behind_lead(text, turn.end(), stop)
        spans = [
            one for one in faults(text, begin, stop) if not says_nothing_wrong(text[one.start : one.end])
        ]
        if any(states_fault(text[span.start : span.end]) for span in spans):
            found += [told(span, start) for span in spans]
    return found


def told(span: Span, group: int) -> Claim:
    return Claim(Kind.PROBLEM, "", span.start, span.start, span.end, "fault-in-passing", group)


_COUNTED = re.compile(r"(?:First|Second|Third|Fourth|Fifth|Sixth|Finally|Lastly)(?:ly)?,[ ]")


def _counted(text: str, span: Span, group: int) -> Claim:
    """A fault told in passing, whose `First,` is its number."""
    number = _COUNTED.match(text, span.start, span.end)
    claim = told(span, group)
    return replace(claim, number=number[0].strip(), title_start=number.end()) if number else claim


_ONLY_LEADS = re.compile(_SOME_FAULTS + r"[^，。；]{0,12}[：:。]?")
"""Words that only lead to the faults behind them: `以下不足：`."""


def in_passing(text: str, start: int, end: int) -> list[Claim]:
    """Faults told at the end of a paragraph about something else, behind words that turn to them."""
    found = []
    for turn in _TURN.finditer(text, start, end):
        line_end = text.find("\n", turn.end(), end)
        line_end = before_requests(text, turn.end(), end if line_end == -1 else line_end)
        stop = trimmed(text, turn.end(), line_end)
        spans = faults(text, turn.end(), stop)
        for span in [stripped(text, turn.end(), stop)] if is_latin(turn[0]) else spans:
            said = text[span.start : span.end]
            told_of = states_fault(said) or (_RAISED.match(turn[0]) and weigh(said).problem > 0)
            wrong = told_of and not says_nothing_wrong(said)
            if (wrong and not _ONLY_LEADS.fullmatch(said)) or is_latin(turn[0]):
                found.append(told(span, start))
    if not found:
        ways = (faults_behind_turn, _led_paragraphs, _some)
        spans = [one for way in ways for one in way(text, start, end)]
        found = [_counted(text, span, start) for span in spans]
    return found or _after_praise(text, start, end)


_RAISED = re.compile(r"(?:群众|大家|居民|代表|职工|家长|学生)反映")
"""Words before what people raise: that it is wrong is said by this, whatever its words."""
_PARAGRAPH = re.compile(r"[^\n]+")
_ASPECT = re.compile(r"[一-龥、和]{2,10}方面[，,：:]")


PLACED = re.compile(r"[ 　\t]*[^，。；：:、\n]{2,12}[：:](?=[^\n]{4})")
"""How a paragraph begins that names a place and, behind a colon, what is wrong there: `王寨村：…`."""


def _led_paragraphs(text: str, start: int, end: int) -> Iterator[Span]:
    """The faults of paragraphs without numbers behind one that ends in words such as `扣分情况如下：`.

    One paragraph follows, or a row of them that each name a place.
    """
    every = list(_PARAGRAPH.finditer(text, start, end))
    for at, before in enumerate(every[:-1], 1):
        lead = re.split(r"[。；;]", before[0].rstrip("。 "))[-1]
        if lead.endswith(("：", ":")) and lead_announces(lead) is Announced.PROBLEMS:
            placed = [stripped(text, *one.span()) for one in takewhile(_is_placed, every[at:])]
            alone = _separate(text, list(sentences(text, *every[at].span())))
            yield from placed if len(placed) > 1 else alone


_SOME = re.compile(r"(?:还)?有的|有些|个别|少数|一些|部分")
_FEWEST_SOME = 3


def _some(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of a paragraph of which three or more say what some do: `有的…。有的…。还有的…`."""
    for paragraph in _PARAGRAPH.finditer(text, start, end):
        every = [one for one in sentences(text, *paragraph.span()) if _SOME.match(text, one.start, one.end)]
        faulty = sum(states_fault(text[one.start : one.end]) for one in every)
        if len(every) >= _FEWEST_SOME and faulty * 2 >= len(every):
            yield from every


def _is_placed(paragraph: re.Match[str]) -> bool:
    return PLACED.match(paragraph[0]) is not None


def led_steps(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of an English paragraph behind one that ends in words such as `the following applies`."""
    for before, after in pairwise(_PARAGRAPH.finditer(text, start, end)):
        lead = before[0].rpartition(". ")[2].strip()
        if is_latin(lead) and _APPLIES.search(lead) and not _ROW.match(after[0]):
            yield from sentences(text, *after.span())


_APPLIES = re.compile(
    r"(?i)\bthe following (?:applies|rules apply|must|shall|will|steps|measures|actions|has been agreed)\b"
)
_ROW = re.compile(r"[ \t]*(?:[-*•]|[(]?[0-9a-z]{1,3}[.)])[ \t]")


def _separate(text: str, every: list[Span]) -> Iterator[Span]:
    """Sentences that each tell a fault or begin with an aspect of their own, with what explains them."""
    begins = [one.start for one in every if _begins_fault(text[one.start : one.end])]
    ends = [*begins[1:], every[-1].end] if begins else []
    for begin, stop in zip(begins, ends, strict=True):
        yield stripped(text, begin, stop)


def _begins_fault(said: str) -> bool:
    return _ASPECT.match(said) is not None or states_fault(said)


_LISTED = re.compile(
    r"(?:发现|查出|反映|暴露出?|存在)(?:了)?(?:你[镇乡村校局院区县]|贵[一-龥]{1,3}|该[一-龥]{1,6})?(?:存在|有)?"
    r"(?P<list>[^，。；：\n]{8,120}?)等(?:[0-9一二三四五六七八九十]{1,3}[个项类]|[几多][个项类])?(?:方面)?的?"
    r"(?:突出|主要|明显|具体)?(?:问题|现象|隐患)(?![^。\n]{0,30}(?:已|全部|得到))"
)
_SHORTEST_LISTED = 4
_BUT = re.compile(r"(?<=[。；])(?:但是?|不过|然而)[，,]?(?![^。；]{0,12}(?:努力|支持|帮助)下)")
_FEWEST_BUTS = 2


def behind_buts(text: str, start: int, end: int) -> list[Claim]:
    """The faults of a paper that names them only at the ends of its chapters, behind 但; two at the least."""
    spans = [
        Span(turn.end(), stop.end if (stop := next(sentences(text, turn.end(), end), None)) else turn.end())
        for turn in _BUT.finditer(text, start, end)
    ]
    faulty = [one for one in spans if states_fault(text[one.start : one.end])]
    return [told(one, start) for one in faulty] if len(faulty) >= _FEWEST_BUTS else []


def listed(text: str, start: int, end: int) -> list[Claim]:
    """The faults that one sentence lists where a paper names them nowhere else: `发现你镇A、B、C等问题`."""
    found = _LISTED.search(text, start, end)
    if found is None:
        return []
    pieces = [
        Span(found.start("list") + one.start(), found.start("list") + one.end())
        for one in re.finditer(r"[^、]+", found["list"])
    ]
    faulty = [one for one in pieces if states_fault(text[one.start : one.end])]
    whole = all(one.end - one.start >= _SHORTEST_LISTED for one in pieces)
    told_apart = whole and len(pieces) > 1 and len(faulty) * 2 >= len(pieces)
    return [told(one, start) for one in pieces] if told_apart else []


def told_before(text: str, start: int, end: int, found: list[Claim]) -> list[Claim]:
    """The faults told in passing in a unit that names no problem, before the measures found in it."""
    if any(claim.kind is Kind.PROBLEM for claim in found):
        return []
    return in_passing(text, start, found[0].start if found else end)
