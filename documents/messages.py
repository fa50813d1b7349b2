"""A message in one paragraph: faults behind 但 or 发现, then `要求：` and who is to do what."""

import re
from collections.abc import Iterator
from dataclasses import replace

from documents.acting import begins_with_actor
from documents.claim import Claim
from documents.clauses import says_nothing_wrong, sentences, states_fault, stripped
from documents.dialogue import told_pair
from documents.fixes import fix_start
from documents.number_signs import value_of
from documents.parting import by_aspects
from documents.reading import Span
from rules.lifecycle import Kind

_ASKED = re.compile(
    r"(?:要求|责令|责成|明确|商定|约定|提出|安排|打算|意见|准备)(?:如下|整改|他们|对方|现场|物业|单位|是|这样){0,2}[:：]"
)
_TURN = re.compile(
    r"但是?|不过|可是|然而|发现(?:了)?(?:以下|几个|如下)?(?:问题)?[:：]?|存在(?:以下)?问题[:：]?"
)
_CLAUSE = re.compile(r"[^,，；;。！!\n]+?(?:[,，；;。！!]|(?<=[一-龥])\.|(?=\n|$))")
_TASK = re.compile(r"[^；;。！!\n]+?(?:[；;。！!]|(?<=[一-龥])\.|(?=\n|$))")
_MARK = re.compile(r"[一二三四五六七八九]、|[0-9][.、]|[①-⑩]|（[一二三四五六七八九0-9]）")
_WHEN = re.compile(
    r"前|已|拟|[0-9一二三四五六七两半]+个?(?:天|日|工作日|周|小时)(?:之?内)|[本下]周|立即|马上|今[天日晚]|当[天日场]|由.{2,14}负责"
)
_SHORTEST, _MOST_BEFORE = 6, 600


def messages(text: str, start: int, end: int) -> Iterator[Claim]:
    """The faults and tasks of each paragraph that tells both; nothing where fewer than two tasks stand."""
    for asked, line_end in _first_of_paragraphs(_ASKED, text, start, end):
        tasks = list(_tasks(text, asked.end(), line_end))
        begin = max(start, text.rfind("\n", start, asked.start()) + 1, asked.start() - _MOST_BEFORE)
        told = list(_faults(text, begin, asked.start()))
        if len(tasks) > 1 and told:
            yield from (_claim(text, Kind.PROBLEM, one, begin) for one in told)
            yield from (_claim(text, Kind.MEASURE, one, begin) for one in tasks)


_DEAR = re.compile(r"^[ \t]{0,40}Dear ", re.MULTILINE)
_RAISED = re.compile(
    r"(?m:^)[ \t]*(?:You|Your (?:letter|email|complaint)) (?:also |further |then )?"
    r"(?:told us|said|says|complained|wrote|reported|raised|mentioned|explained|asked about|were concerned)\b"
)
_WILL_DO = re.compile(
    r"(?!(?:We|I) (?:found|accept|agree|note)\b)[^.;\n]{0,80}?\b(?<!should )"
    r"(?:will|shall|has (?:now |already |since )?been|have (?:now |already |since )?been|"
    r"have (?:now |already |since )?[a-z]+ed)\b"
)
_UNFOUNDED = re.compile(
    r"\b(?:did not find|found no|no evidence|cannot uphold|"
    r"do(?:es)? not uphold|not upheld)\b"
)


def replied(text: str, start: int, end: int) -> Iterator[Claim]:
    """What somebody complained of, by paragraphs of a letter, and what the answer promises."""
    if not _DEAR.search(text[:_MOST_BEFORE]):
        yield from _point_by_point(text, start, end)
        return
    for raised, line_end in _first_of_paragraphs(_RAISED, text, start, end):
        every = list(sentences(text, raised.start(), line_end))
        done = next((one for one in every[1:] if _WILL_DO.match(text, one.start, one.end)), None)
        if done is not None and not _UNFOUNDED.search(text, raised.start(), line_end):
            yield _claim(text, Kind.PROBLEM, every[0], every[0].start)
            fix = _claim(text, Kind.MEASURE, Span(done.start, every[-1].end), every[0].start)
            yield replace(fix, answers=every[0].start)


_POINT = re.compile(r"(?m:^)[ 　\t]*(?P<about>(?:关于|对于)[^，。；：\n]{2,30}[。：])")
_THEREFORE = re.compile(r"(?:为此|对此|因此)[，,]")
_FEWEST_POINTS = 2


def _point_by_point(text: str, start: int, end: int) -> list[Claim]:
    """The faults and fixes of an answer whose paragraphs begin with `关于水压偏低。`, two or more of them."""
    points = list(_first_of_paragraphs(_POINT, text, start, end))
    found: list[Claim] = []
    for point, line_end in points if len(points) >= _FEWEST_POINTS else ():
        therefore = _THEREFORE.search(text, point.end(), line_end)
        fix = therefore.end() if therefore else fix_start(text, point.end(), line_end)
        begin = point.start("about")
        if fix and fix > point.end() and not says_nothing_wrong(text[begin:line_end]):
            fault = stripped(text, begin, therefore.start() if therefore else fix)
            found += told_pair(text, fault, Span(fix, line_end))
    return found


_ANSWER = re.compile(
    r"(?:采取|研究|制定|落实|提出|整改|改进|解决|处置|应对)(?:了|以下|下列|如下|相应|有力|整改|改进|的)*措施(?:如下)?[：:]"
)
_FEWEST_ANSWERS = 2


def answers(text: str, start: int, end: int) -> Iterator[Claim]:
    """The measures that a paragraph parts by semicolons behind `研究整改措施：`, two or more of them."""
    for asked, line_end in _first_of_paragraphs(_ANSWER, text, start, end):
        tasks = [stripped(text, *found.span()) for found in _TASK.finditer(text, asked.end(), line_end)]
        tasks = [one for one in tasks if one.end - one.start >= _SHORTEST]
        if len(tasks) >= _FEWEST_ANSWERS and not any(
            states_fault(text[one.start : one.end][:_SHORTEST]) for one in tasks
        ):
            group = max(start, text.rfind("\n", start, asked.start()) + 1)
            yield from (_claim(text, Kind.MEASURE, one, group) for one in tasks)


_NEXT = re.compile(
    r"(?<=\n)[ \t　]*(?:(?:下一?步|接下来|下(?:一)?阶段|为此|对此|今后)[，,：:]|(?:工作|整改)?要求[：:]|"
    r"请(?:你|贵|各)[一-龥]{1,10}?(?=高度重视|认真|抓紧|立即|按照|对照|针对|于|在|迅速|尽快|[，,：:])[，,：:]?)"
)
_OFTEN = re.compile(r"每[日天周月季半年]|定期|逐[户栋项]")


def next_steps(text: str, start: int, end: int) -> Iterator[Claim]:
    """What paragraphs behind `下一步，` say somebody does, or until when, part by part."""
    for turn, line_end in _first_of_paragraphs(_NEXT, text, start, end):
        for found in _TASK.finditer(text, turn.end(), line_end):
            one = stripped(text, *found.span())
            said = text[one.start : one.end]
            tells = begins_with_actor(said) or _WHEN.search(said) or _OFTEN.search(said)
            if tells and one.end - one.start >= _SHORTEST and not states_fault(said[:_SHORTEST]):
                yield _claim(text, Kind.MEASURE, one, turn.start())


_PROMISE = re.compile(
    r"[^。\n]{0,30}(?:将|拟|要|计划|打算|准备|重点)[^。：:\n]{0,16}(?:工作|措施|入手|发力|改进|整改|努力|文章)[。：:]"
)
_COUNTED = re.compile(
    r"(?:打算|将|准备|计划|拟)[^。\n]{0,8}(?P<many>[两二三四五六七八])个?(?:方面|点|件事)[^。\n]{0,8}。"
)


def by_count(text: str, start: int, end: int) -> Iterator[Claim]:
    """The sentences behind `我打算从三个方面去改。`, if they are as many."""
    for lead, line_end in _first_of_paragraphs(_COUNTED, text, start, end):
        every = list(sentences(text, lead.end(), line_end))
        if len(every) == value_of(lead["many"].replace("两", "二")):
            yield from (_claim(text, Kind.MEASURE, one, lead.start()) for one in every)


def promised(text: str, start: int, end: int) -> Iterator[Claim]:
    """What a paragraph promises aspect by aspect: `将重点做好几方面工作。菜品方面，…。排队方面，…。`"""
    for lead, line_end in _first_of_paragraphs(_PROMISE, text, start, end):
        for one in by_aspects(text, Span(lead.end(), line_end)):
            yield _claim(text, Kind.MEASURE, one, lead.start())


def _first_of_paragraphs(
    sought: re.Pattern[str], text: str, start: int, end: int
) -> Iterator[tuple[re.Match[str], int]]:
    """Each paragraph's first match and where the paragraph ends; further ones would make the work grow."""
    done = start
    for found in sought.finditer(text, start, end):
        if found.start() >= done:
            line_end = text.find("\n", found.end(), end)
            done = end if line_end == -1 else line_end
            yield found, done


def _tasks(text: str, start: int, end: int) -> Iterator[Span]:
    for found in _TASK.finditer(text, start, end):
        span = stripped(text, *found.span())
        said = text[span.start : span.end]
        if begins_with_actor(_MARK.sub("", said, count=1)) or _WHEN.search(said):
            yield span


def _faults(text: str, start: int, end: int) -> Iterator[Span]:
    """The clauses from the turn to the last stop before the request; one at least must state a fault."""
    turn = _TURN.search(text, start, end)
    if turn is None:
        yield from _stated(text, start, end)
        return
    begin = turn.start() if turn[0][0] in "但不可然" else turn.end()
    whole = [stripped(text, *found.span()) for found in _CLAUSE.finditer(text, begin, end)]
    kept = [
        span for span in whole if span.end - span.start >= _SHORTEST and text[span.end - 1] in ",，；;。.！!"
    ]
    if any(states_fault(text[span.start : span.end]) for span in kept):
        yield from kept


_LEADS_TO = re.compile(r"[^。；;\n]*(?:[:：]|看了|来看|看到)[，,]?")


def _stated(text: str, start: int, end: int) -> Iterator[Span]:
    """The faults of a message that no word turns to: its sentences from the first fault on."""
    whole = [stripped(text, *found.span()) for found in _TASK.finditer(text, start, end)]
    kept: list[Span] = []
    faulty = 0
    for span in whole[:-1] if text[end - 1] not in "。；;！" else whole:
        lead = _LEADS_TO.match(text, span.start, span.end)
        begin = lead.end() if lead and lead.end() < span.end else span.start
        states = states_fault(text[begin : span.end])
        faulty += states
        if states or kept:
            kept.append(Span(begin, span.end))
    if faulty * 2 > len(kept):
        yield from kept if len(kept) > 1 else _in_a_row(text, kept)


def _in_a_row(text: str, kept: list[Span]) -> list[Span]:
    """The clauses of an only sentence from its first fault on, if two or more and most state one."""
    pieces = [
        stripped(text, *one.span()) for span in kept for one in _CLAUSE.finditer(text, span.start, span.end)
    ]
    faulty = [states_fault(text[piece.start : piece.end]) for piece in pieces]
    rest = pieces[faulty.index(True) :] if True in faulty else []
    return rest if len(rest) > 1 and sum(faulty) * 2 > len(rest) else []


def _claim(text: str, kind: Kind, span: Span, group: int) -> Claim:
    rule = "told-in-talk" if kind is Kind.PROBLEM else "answered-in-talk"
    mark = _MARK.match(text, span.start, span.end)
    return Claim(
        kind, mark[0] if mark else "", mark.end() if mark else span.start, span.start, span.end, rule, group
    )
