"""Entries of minutes that tell of a matter and what the meeting decided about it."""

import re

from documents.claim import Claim, told_fault
from documents.clauses import begins_fix, opens_with_action, sentences, states_fault, stripped
from documents.genre import is_minutes
from documents.lexicon import any_of
from documents.minutes import actions_of
from documents.outline import Node, heading_of
from documents.reading import Span
from documents.titles import trimmed
from documents.weighing import speaks_of_fault
from rules.lifecycle import Kind

_HEAD = 800
_MINUTES = re.compile(r"纪要|会议记录|议事(?:会|记录)|例会|会谈备忘")
_ENTRIES = frozenset({"topic", "han", "paren", "digit", "half", "heading"})
_DECIDED = re.compile(
    r"(?:^|(?<=[。；;！!\n　 】]))[ 　【]*"
    r"(?:会议[一-龥]{0,2}(?:要求|决定|明确|议定|确定|同意|商定)|"
    r"(?:会议)?经(?:会议|集体|充分|认真|与会(?:人员|代表|各方)?|各方|双方){0,2}(?:研究|讨论|协商|商议|审议|商讨|酝酿)"
    r"(?:后)?(?:一致)?(?:决定|同意|议定|确定|明确|商定|形成决议)?|"
    r"(?:会议)?(?:决议|议定(?:事项|意见|结果|内容)|"
    r"处理意见|商定意见|会议意见|讨论结果|讨论决定|研究结果|决定事项)(?=】?[：:]))】?[，,：:][ ]?",
)
_APPROVES = re.compile(
    r"(?:原则|一致|表决)?(?:上)?(?:同意|通过|批准|审议通过)[^，。；]{0,30}"
    r"(?:报告|预算|决算|方案|名单|总结|计划|章程|议案|安排|意见|办法|人选|纪要)[。；]?$"
)
"""A decision that approves a paper and sets no task."""
_COMPLAINS = re.compile(
    r"投诉|反映|仍有|现象|争议|纠纷|异味|噪[声音]|影响[^，。]{0,6}(?:生活|休息|出行|安全|通行)|意见(?:较|很)?大"
)
_LONGEST = 2000


def decided(text: str, node: Node) -> list[Claim] | None:
    """The fault of an entry of minutes and, behind it, what was decided; None where both are not told.

    A matter of which nothing bad is told is no item at all.
    """
    if node.style in {"topic", "letter"} and is_minutes(text):
        return actions_of(text, node) or None
    if node.style not in _ENTRIES or node.end - node.body > _LONGEST or _has_rows(node):
        return None
    if not _MINUTES.search(text[:_HEAD]) or text.startswith("会议", node.body):
        return None
    turn = _DECIDED.search(text, node.body, node.end)
    if turn is None:
        return [] if _goes_well(text, node) else None
    return _pair(text, node, turn)


def _pair(text: str, node: Node, turn: re.Match[str]) -> list[Claim] | None:
    told = stripped(text, node.body, turn.start())
    begin = stripped(text, turn.end(), node.end).start
    end = trimmed(text, begin, node.end)
    sets_task = end > begin and not _APPROVES.match(text, begin, end)
    if not sets_task or not _tells_fault(text, told.start, told.end):
        return None
    number = text[node.start : node.body].strip(" \t　\n*#")
    start = node.start if number else told.start
    fault = Claim(Kind.PROBLEM, number, told.start, start, told.end, "told-in-talk", node.start)
    fix = Claim(Kind.MEASURE, "", begin, begin, end, "resolution-of-minutes", node.start, answers=start)
    return [fault, fix]


_MATTER = re.compile(r"关于.{2,40}(?:问题|事宜|事项|情况)$")


def _goes_well(text: str, node: Node) -> bool:
    """Whether a heading `关于…的问题` leads to words that tell of nothing wrong and of nothing done."""
    heading = heading_of(text, node)
    at = text.find(heading, node.body, node.end) + len(heading)
    rest = text[at : node.end].strip(" 　\n。：:")
    plain = not begins_fix(rest[:60]) and not opens_with_action(rest)
    return bool(rest) and _MATTER.match(heading) is not None and plain and not _is_wrong(rest)


def _has_rows(node: Node) -> bool:
    """Whether entries of its own stand below it, each in a line."""
    rows = _ENTRIES | {"round", "circled"}
    below = (one for child in node.children for one in (child, *child.children))
    return any(one.style in rows and one.mark and one.mark.at_line for one in below)


def _tells_fault(text: str, start: int, end: int) -> bool:
    said = (text[one.start : one.end] for one in sentences(text, start, end))
    return any(_is_wrong(one) and not any_of("clause", "absent").search(one) for one in said)


def _is_wrong(said: str) -> bool:
    return states_fault(said) or _COMPLAINS.search(said) is not None


_LISTS = re.compile(
    r"[。；]会议[一-龥]{0,2}(?:要求|决定|明确|议定|确定|同意|商定)(?:了?(?:以下|如下)(?:事项|意见|措施|工作))?[：:](?=\s*\n)"
)
_THINKS = re.compile(r"会议(?:认为|指出|分析)[，,][^。；：:\n]*。")
_WHY = re.compile(r"[^，。]{0,6}(?:出现|造成|产生|存在|形成)?(?:上述|以上|这些)|[^，。]{0,12}原因|究其")
_FEWEST = 2


def told_before_list(text: str, node: Node) -> list[Claim]:
    """The faults, a sentence each, of minutes behind `会议认为，…。` and before a list of decisions."""
    if node.style not in _ENTRIES or not _MINUTES.search(text[:_HEAD]):
        return []
    lists = _LISTS.search(text, node.body, node.end)
    thinks = _THINKS.search(text, node.body, lists.start() + 1) if lists else None
    if lists is None or thinks is None:
        return []
    told = [one for one in sentences(text, thinks.end(), lists.start() + 1) if _tells(text, one)]
    return [told_fault(one, node.start) for one in told] if len(told) >= _FEWEST else []


def _tells(text: str, sentence: Span) -> bool:
    said = text[sentence.start : sentence.end]
    return not _WHY.match(said) and speaks_of_fault(said)
