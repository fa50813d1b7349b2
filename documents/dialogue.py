"""Faults and fixes that people tell each other: questions and answers, and sentences in minutes."""

import re
from itertools import pairwise

from documents.acting import begins_with_actor
from documents.claim import Claim, told_fault, told_fix
from documents.clauses import (
    begins_fix,
    clauses,
    is_topic,
    opens_with_action,
    sentences,
    states_fault,
    stripped,
)
from documents.fixes import imperative
from documents.lexicon import is_latin
from documents.reading import Span
from documents.turning import draws_attention, turns
from documents.weighing import mean, weigh
from rules.lifecycle import Kind

_TURN = re.compile(
    r"^[ \t　]*(?:[0-9]{1,2}[.、．][ \t]?)?【?(?P<who>[^\n：:，,。；;（）()【】]{1,14})】?[：:][ \t　]*"
    r"(?P<said>[^\n]+)$",
    re.MULTILINE,
)
_ASKS = re.compile(
    r"问|听众|观众|网友|网民|群众|市民|居民|村民|业主|家长|患者|职工|员工|旅客|乘客|客户|商户|代表|记者|来电|"
    r"(?i:q|question|resident|caller|tenant)\b"
)
_ONLY_ASKS = re.compile(
    r"^[^，。]{0,6}(?:请问|咨询|想问|问一下|什么是|如何|怎么|怎样|是否|能否|可否|听说|有人说)|[^，。]{0,30}[吗呢][？?]?$|^[^，,。；]*[？?]$"
)
_UNFOUNDED = re.compile(r"不存在|不属实|未发现|没有发现|并非|误解|转交|转办|不属于|感谢[^，。]{0,12}支持")
_PROMISES = re.compile(
    r"今天|今晚|明天|明日|即日起|由[一-龥]{2,12}(?:即日|每|负责)|本周|本月|下周|下月|马上|立刻|立即|已经|已于|已安排|已对|已将|将|会|计划|争取|准备|拟|"
    r"[0-9]{1,2}月|[0-9]{1,2}日|年底|前完成"
)
_EXCUSE = re.compile(r"因为|由于|原因|是因|确实有责任|感谢|抱歉|对不起|理解|情况属实|您反映|你反映|这个情况")


def talk(text: str, start: int, end: int) -> list[Claim]:
    """Problems that somebody raises in a turn of talk, each with the fix that the next turn promises."""
    turns = list(_TURN.finditer(text, start, end))
    found = []
    for asked, answered in pairwise(turns):
        if not _ASKS.search(asked["who"]) or _ASKS.match(answered["who"]):
            continue
        raised, fix = _raised(text, asked), _promised(text, answered)
        if raised and fix:
            found += told_pair(text, raised, fix)
    return found


def told_pair(text: str, fault: Span, fix: Span) -> list[Claim]:
    """A fault and its fix as two claims that belong together."""
    first = told_fault(fault, fault.start)
    return [
        first,
        Claim(
            Kind.MEASURE,
            "",
            fix.start,
            fix.start,
            stripped(text, fix.start, fix.end).end,
            "answered-in-talk",
            fault.start,
            answers=fault.start,
        ),
    ]


def _raised(text: str, turn: re.Match[str]) -> Span | None:
    """What a turn complains of; None where it only asks how, whether or what."""
    span = stripped(text, *turn.span("said"))
    return None if _ONLY_ASKS.search(text[span.start : span.end]) else span


def _promised(text: str, turn: re.Match[str]) -> Span | None:
    """The part of an answer that tells the fix, from its first sentence that does."""
    if _UNFOUNDED.search(turn["said"]):
        return None
    for sentence in sentences(text, *turn.span("said")):
        said = text[sentence.start : sentence.end]
        first = next(clauses(text, sentence.start, sentence.end), sentence)
        told = text[first.start : first.end]
        promised = begins_fix(told) or (_PROMISES.search(said) and not _EXCUSE.search(told))
        if promised or _acts(text, sentence):
            return Span(sentence.start, turn.end())
    return None


_ANSWERERS = re.compile(r"(?:我们|我[局所站院校委公司办]{1,2}|本[局所站院校])?(?:这边|现在|目前)?")


def _acts(text: str, sentence: Span) -> bool:
    """Whether some clause of an answer says what is done, or who does something: `我们安排电工逐层检修`."""
    for clause in clauses(text, sentence.start, sentence.end):
        said = text[clause.start : clause.end]
        plain = said[_ANSWERERS.match(said).end() :]  # type: ignore[union-attr]
        if (opens_with_action(plain) or begins_with_actor(plain)) and not states_fault(said):
            return True
    return False


_WRONG = re.compile(
    r"\b(?:not|no|cannot|unable to|shortage|"
    r"nobody|never|without|n't|missing|fail(?:ed|s|ing|ure)?|broken|cracked|bent|damaged|blocked|"
    r"obstructed|expired|overdue|leak(?:s|ing|ed)?|worn|torn|wedged|propped|stranded|noisy|dirty|unsafe|"
    r"unmarked|unlocked|unsecured|out of date|overflowing|complain(?:ed|s|t)|exposed|faulty|defective|rusty|"
    r"corroded|loose|late|delays?|delayed|lack(?:s|ed|ing)?|incomplete|inadequate|insufficient|"
    r"past (?:its|their) (?:use-by |sell-by |expiry |test |service )?date|behind schedule|"
    r"out of (?:order|service|use|action)|poor|concern(?:ed|s)? (?:about|that)|trip hazard|trailing|rats?|"
    r"mould|damp)\b",
    re.IGNORECASE,
)
_PUTS_RIGHT = re.compile(
    r"^(?:Please (?!note|contact|see|find|tell|send|confirm|let)[a-z]+|"
    r"(?:[A-Z][^.;]{0,60}? )?(?:(?:must|should|will|shall)(?: now| therefore)? (?!not\b)[a-z]+|"
    r"(?:agreed|undertook|undertakes|promised|offered|was asked|were asked|is to|are to|has agreed) to\b|"
    r"(?:replied|said|confirmed|explained|advised) that [^.;]{0,60}\bwould (?!not\b)|"
    r"(?:was|were|had been|has been|have been|had)(?: already| since)? (?:immediately )?(?:"
    r"removed|replaced|repaired|cleared|stopped|halted|made safe|reminded|changed|reset|sealed|ordered|"
    r"cleaned|fixed|locked|moved|refilled|restocked|closed|switched|isolated|corrected|retrained|withdrawn)))\b"
)
_SHORTEST = 20
_DEFINING = re.compile(
    r"(?:If|When|Where|Any|Each|Findings?|Concerns?|Observations?)\b|"
    r"[^.]{0,60}\b(?:means|is an?|are defined)\b"
)
TURN = re.compile(r"(?:However|But|Nevertheless|Unfortunately|That said|Even so)[, ]+")
"""Words with which an English sentence turns to a fault."""
_SETTLED = re.compile(
    r"\b(?:last|previous) (?:meeting|inspection|visit|audit|year)\b|"
    r"\b(?:has|have|had|did) not (?:come back|recur(?:red)?|return(?:ed)?)\b|"
    r"\bno (?:concerns|issues|problems|action|findings|deficienc(?:y|ies)|non-?conformit(?:y|ies))\b"
)


def told_and_answered(text: str, start: int, end: int) -> list[Claim]:
    """In English text without headings that say so: a sentence that tells a fault, and the next its fix."""
    found = []
    before: Span | None = None
    for fault, fix in pairwise(sentences(text, start, end)):
        topic, before = before, fault
        if "\n\n" in text[fault.end : fix.start]:
            continue
        said, answer = text[fault.start : fault.end], text[fix.start : fix.end]
        put_right = (_PUTS_RIGHT.match(answer) or imperative().match(answer)) and not _NOBODY.match(answer)
        asked = _ASKED.match(answer) is not None or _turns_to_promise(said, answer)
        if (put_right or _turns_to_promise(said, answer)) and tells_fault(said, asked=asked):
            turn = TURN.match(said)
            begin = fault.start + (turn.end() if turn else 0)
            begin = topic.start if topic is not None and heads(text, topic, fault) else begin
            found += told_pair(text, Span(begin, fault.end), fix)
    return found


def heads(text: str, topic: Span, fault: Span) -> bool:
    """Whether a few words at the beginning of a paragraph name what the sentence behind them tells."""
    begins = text[: topic.start].rstrip(" ")[-1:] in {"", "\n"} and "\n" not in text[topic.end : fault.start]
    return begins and is_topic(text[topic.start : topic.end])


_NOBODY = re.compile(r"(?:Nobody|No one|None|No|Neither|Few|Only)\b")


def _turns_to_promise(said: str, answer: str) -> bool:
    """Whether `However, …` or `A weak point is …` stands before a sentence on what will be done."""
    return _BUT_STILL.match(said) is not None and _UNDERTAKES.match(answer) is not None


_BUT_STILL = re.compile(
    r"(?:However|But|Unfortunately|Nevertheless|Yet|Still)\b|"
    r"(?:A|One|The main) (?:weak point|weakness|concern|problem)\b"
)
_ASKED = re.compile(r"(?:The|A|An|Management|Staff|You|All) [^.;]{0,50}?\b(?:must|should)\b")
_PRAISED = re.compile(
    r":|\b(?:good|well|clean|clear|complete|excellent|satisfactory|in order|up to date|"
    r"improved|effective|pleased)\b",
    re.IGNORECASE,
)


_BACKGROUND = re.compile(
    r"\b(?:calmly|smoothly|promptly|excellent|satisfactor(?:y|ily)|courteous|helpful|heard from|interviewed|"
    r"reviewed|examined|visited|value|pleased|welcome|praised|commend|thank|appreciate)\b",
    re.IGNORECASE,
)


def tells_nothing_wrong(paragraph: str) -> bool:
    """Whether a paragraph holds no word of fault, and some word of praise or of how the work was done."""
    return _WRONG.search(paragraph) is None and _BACKGROUND.search(paragraph) is not None


def tells_fault(said: str, *, asked: bool) -> bool:
    """Whether a sentence tells a fault; before one that says who must act, any that is no praise does."""
    wrong = _WRONG.search(said) is not None or (asked and _PRAISED.search(said) is None)
    return (
        wrong
        and _DEFINING.match(said) is None
        and is_latin(said)
        and len(said) >= _SHORTEST
        and _SETTLED.search(said) is None
        and _PUTS_RIGHT.match(said) is None
    )


_REQUIRES = re.compile(
    r"(?:(?i:immediately|urgently), )?(?:The|A|All|Management|You|Your|[A-Z][a-z]+)\b[^.;,]{0,60}? "
    r"(?:must|should|is to|are to|needs? to)(?: now| therefore| also)? "
    r"(?!not\b|have been\b|be (?:noted|aware|commended|proud|congratulated)\b)[a-z]+"
)
_FEWEST = 2


def _told_before(text: str, every: list[Span]) -> list[Span]:
    """The faults before what is required: all sentences behind words that turn to them, if any do."""
    turn = next((at for at, one in enumerate(every) if draws_attention(text[one.start : one.end])), None)
    if turn is None:
        return [one for one in every if tells_fault(text[one.start : one.end], asked=False)]
    return every[turn + 1 :]


def _begins_demands(text: str, sentence: Span) -> bool:
    said = text[sentence.start : sentence.end]
    return (_REQUIRES.match(said) or _ASKS_THAT.match(said)) is not None and not turns(said)


_ASKS_THAT = re.compile(
    r"(?:I|We|The [a-z]+(?: [a-z]+)?) (?:therefore |also |further )?"
    r"(?:ask|asks|request|requests|recommend|recommends|require|requires|suggest|suggests|propose|advise)s? "
    r"(?:that |you to |the )"
)


_UNDERTAKES = re.compile(
    r"(?:(?:In|By|From|During|Before|Over|Within|Next|This|Until|After) [^,.;]{2,40}?,? )?"
    r"(?:[Tt]he|[Aa]n?|[Aa]ll|[Tt]wo|[Ee]ach|[Oo]ur|We|[A-Z][a-z]+)\b[^.;,]{0,60}? "
    r"(?:will|shall|is to|are to|(?:has|have) (?:been asked|agreed|undertaken) to) "
    r"(?!not\b|continue to be\b|remain\b|be (?:noted|aware|held)\b)[a-z]+"
)


def puts_right(said: str) -> bool:
    """Whether an English sentence says what was, will or must be done by somebody."""
    return (_PUTS_RIGHT.match(said) or _UNDERTAKES.match(said)) is not None


def demanded(text: str, start: int, end: int) -> list[Claim]:
    """In English, each sentence behind the faults that asks for something or says who must act."""
    every = [(one, text[one.start : one.end]) for one in sentences(text, start, end)]
    asked = [
        one for one, said in every if (_requires(text, one) or _UNDERTAKES.match(said)) and not turns(said)
    ]
    return [told_fix(one, start) for one in asked]


def _requires(text: str, sentence: Span) -> bool:
    said = text[sentence.start : sentence.end]
    return (
        _REQUIRES.match(said) is not None
        or _ASKS_THAT.match(said) is not None
        or (imperative().match(said) is not None and is_latin(said))
        or (said.startswith("Please ") and _PUTS_RIGHT.match(said) is not None)
    )


_LEAST = -1.2
"""Below this mean weight what was told are no faults."""


def told_then_required(text: str, start: int, end: int) -> list[Claim]:
    """In an English inspection in running text: the faults told first, and behind them what is required.

    Each sentence is one; fewer than two of either are none.
    """
    every = list(sentences(text, start, end))
    first = next((at for at, one in enumerate(every) if _begins_demands(text, one)), len(every))
    asked = [one for one in every[first:] if _requires(text, one)]
    if len(asked) < _FEWEST:
        return []
    told = _told_before(text, every[:first])
    weight = mean([weigh(text[one.start : one.end]) for one in told])
    if len(told) < _FEWEST or weight.problem < _LEAST:
        return []
    faults = [told_fault(one, start) for one in told]
    fixes = [told_fix(one, start) for one in asked]
    return faults + fixes


def spoken(text: str, start: int, end: int) -> list[Claim]:
    """What people tell each other in a report that no heading and no number puts in order."""
    told = [*talk(text, start, end), *told_and_answered(text, start, end)]
    return told if len(told) > 2 * _FEWEST else told_then_required(text, start, end) or told
