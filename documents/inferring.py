"""What a section is by what stands in it, where its heading does not say."""

import re
from dataclasses import replace
from functools import lru_cache
from itertools import islice, takewhile

from documents.clauses import clauses, opens_with_action, says_nothing_wrong, states_fault
from documents.entries import CLAUSE_STYLES, NAMES_PROBLEM, fix_of, has_fields, mostly
from documents.fixes import fix_start, tells_fix
from documents.lexicon import is_latin
from documents.named_rows import asks_somebody
from documents.outline import Node, heading_of, is_label_for, walk
from documents.pairs import ARROW
from documents.sections import Announced, announced, lead_announces, score

_FEWEST = 2
_ENOUGH = 40
"""So many entries tell what a row is; a longer look would cost more as the row grows."""
_READ = 200
"""So many characters of an entry hold its first clause."""
_ROW_STYLES = frozenset({"clause", "ordinal", "round", "circled"})
_NUMBERED_STYLES = frozenset({"digit", "paren", "round", "circled", "han"})
_OF_FAULTS = re.compile(r"(?:问题|隐患|不足|缺陷)[^。；\n]{0,8}(?:清单|台账|交办|一览|任务单)")
"""How a title speaks of entries that each name a fault and who is to see to it."""
CAUSES = re.compile(
    r"(?i:\b(?:why|how) (?:it|this|that|they|these) (?:happened|arose|came|went|occurred)\b)|"
    r"原因|根源|剖析|症结|缘于|由于|教训|特点|特征|规律|表现形式|\b(?:cause|reason|because|lesson)s?\b|"
    r"(?i:\b(?:prior|previous|earlier) (?:year|audit|period|inspection|findings?|recommendations?)\b)|"
    r"(?:检查|治理|清查|自查|排查|监督)(?:的)?(?:重点|范围|内容|对象)"
)
"""What stands before a row of causes, of what was looked for, or of what an earlier time found."""
_MOST_FAULTY = 0.75
_MOST_MENDED = 0.7
_MOST_ACTING = 0.5


def inferred(text: str, node: Node, *, after_problems: bool) -> Announced | None:
    """What the entries of a section are by their own words: faults; or, once faults were told, actions.

    What was done is told in the words of what is to be done, so actions before any fault mean nothing.
    """
    entries = [child for child in node.children if child.style != "label"]
    if len(entries) < _FEWEST or entries[0].style in CLAUSE_STYLES:
        return None
    headings = [heading_of(text, entry) for entry in entries]
    faulty = sum(states_fault(heading) and not opens_with_action(heading) for heading in headings)
    own = heading_of(text, node)
    if faulty >= _MOST_FAULTY * len(entries) and not opens_with_action(own):
        return Announced.PROBLEMS
    acting = sum(opens_with_action(heading) and not states_fault(heading) for heading in headings)
    told = announced(own, least_coverage=0.3)
    if after_problems and told is not Announced.NOTHING and acting > _MOST_ACTING * len(entries):
        return Announced.MEASURES
    return None


_CAUSES_LED = re.compile(
    r"(?:究其|分析其?|深究|产生[^。，]{0,8}|主要|其)(?:主要|深层)?(?:原因|根源)[^。；\n]{0,12}[，,：:]\s*\Z"
)


def causes(text: str, node: Node, index: int) -> bool:
    """Whether the words before a child lead to causes: `究其原因，一是…`."""
    return _led_to_causes(text, node, index) is not None


def _led_to_causes(text: str, node: Node, index: int) -> re.Match[str] | None:
    start = node.children[index].start
    return _CAUSES_LED.search(text, max(node.body, start - 40), start)


def before_causes(text: str, node: Node) -> Node:
    """The part of a section before the words that lead to its first row, which is one of causes."""
    led = _led_to_causes(text, node, 0)
    return replace(node, end=led.start(), children=[]) if led else node


def row(text: str, node: Node, index: int) -> Announced | None:
    """What a row such as `一是…二是…` is where no words before it say so: faults, if nearly all are.

    `index` is the child that begins the row.
    """
    first = node.children[index]
    beginning = node.children[index : index + _ENOUGH]
    entries = list(takewhile(lambda child: child.style == first.style, beginning))
    before = text[max(node.body, first.start - 60) : first.start]
    if len(entries) < _FEWEST or CAUSES.search(before):
        return None
    if _of_both(text, first.style, entries):
        return Announced.BOTH
    charged = first.style in _NUMBERED_STYLES and mostly(has_fields(text, entry) for entry in entries)
    if charged and _OF_FAULTS.search(text[max(0, node.body - _READ) : min(first.start, node.body + _READ)]):
        return Announced.PROBLEMS
    if first.style not in _ROW_STYLES and not charged:
        return None
    faulty = sum(
        _begins_with_fault(text[entry.body : min(entry.end, entry.body + _READ)]) for entry in entries
    )
    return Announced.PROBLEMS if faulty > _MOST_FAULTY * len(entries) else None


def _of_both(text: str, style: str, entries: list[Node]) -> bool:
    """Whether a row tells faults and their fixes: behind labels, or behind commas in bullets and records."""
    if style in _NUMBERED_STYLES - {"han", "paren"} and all(_names_both(text, one) for one in entries):
        return True
    if mostly(ARROW.search(text, one.body, min(one.end, one.body + _READ)) is not None for one in entries):
        return True
    if style == "bullet" and mended_rows(text, entries):
        return True
    faulty = [one for one in entries if states_fault(text[one.body : one.end])]
    return _is_record(text) and mended_rows(text, faulty)


def _names_both(text: str, entry: Node) -> bool:
    """Whether an entry of a row tells something first and, behind a label, its fix."""
    fix = fix_of(text, entry)
    heading = heading_of(text, entry)
    return (
        fix is not None
        and len(heading) > _SHORTEST_HEADING
        and announced(heading, least_coverage=0.85) is None
    )


_SHORTEST_HEADING = 5
_RECORD = re.compile(
    r"(?:检查|巡查|自查|排查|巡检|抽查|督查)(?:工作)?(?:情况)?(?:记录表?|登记表?|清单|单|表)[ 　]*(?:\n|\Z)"
)


def _is_record(text: str) -> bool:
    """Whether one of the first lines names the paper a record of what was checked."""
    return _RECORD.search(text[:_READ]) is not None


_PLACE = re.compile(r"[ 　]*[^，。；：:\n]{1,10}[：:]")
"""The place that an entry of a record begins with: `库房：`."""
_SENTENCES = re.compile(r"。\s*[^\s。]|[：:]")
"""More than one sentence, or fields, in an entry: what is done stands in a sentence of its own then."""


def _own_paragraph(text: str, entry: Node) -> str:
    """The first words of an entry, without paragraphs behind its own."""
    return text[entry.body : min(entry.end, entry.body + _READ)].lstrip().partition("\n")[0]


def mended_rows(text: str, entries: list[Node], *, surely: bool = False) -> bool:
    """Whether most of a row's entries tell a fault and, behind a comma, what was or will be done about it.

    `surely` tells that each is a fault, whatever its words.
    """
    said = [_PLACE.sub("", _own_paragraph(text, entry), count=1) for entry in entries]
    if any(is_latin(one) or _SENTENCES.search(one) for one in said):
        return False
    mended = sum(_turns_to_fix(text, entry) for entry in entries) >= _MOST_MENDED * len(entries)
    return bool(entries) and mended and (surely or sum(map(states_fault, said)) * 2 >= len(entries))


@lru_cache(maxsize=1024)
def _begins_with_fault(words: str) -> bool:
    """Whether the first clause states a fault. Kept, as rows that begin anew at each entry overlap."""
    first = next(clauses(words, 0, len(words)), None)
    said = words[first.start : first.end] if first else ""
    return states_fault(said) and not opens_with_action(said)


def begins_bullets(text: str, node: Node, index: int) -> bool:
    """Whether a row of bullets, which bear no number, begins with this child."""
    before, first = node.children[index - 1], node.children[index]
    led = text[max(before.body, first.start - _READ) : first.start].rstrip().rpartition("\n")
    return first.style == "bullet" and (
        before.style != "bullet" or (led[1] != "" and led[2].endswith(("：", ":")))
    )


def states_several(text: str, node: Node) -> bool:
    """Whether labels in the unit begin more than one problem: it is a section and no entry."""
    beginning = islice(walk(node), _ENOUGH)
    return sum(is_label_for(text, part, Announced.PROBLEMS) for part in beginning) > 1


_READ_BEFORE = 400


def lead_before(text: str, start: int, end: int) -> Announced | None:
    """What the last sentence between two positions announces of the row behind it."""
    before = text[max(start, end - _READ_BEFORE) : end].rstrip()
    if before.endswith(("，", ",")):
        return Announced.PROBLEMS if _LEADS_ON.search(before[-60:-1]) else None
    sentence = re.split(r"[。\n]", before.rstrip("。"))[-1]
    last = lead_announces(sentence + "。" * before.endswith("。")) if before else None
    return last or _lead_earlier(before.rpartition("\n")[2])


_LEADS_ON = re.compile(
    r"(?:存在|还有|仍有|也有|有)(?!效|关)[^。；，,\n]{0,14}?(?:问题|不足|短板|差距|薄弱环节|缺点|困难)$"
)
"""What a sentence says before a comma and its row: `也存在一些不足，一是…`."""
_POINTS_ON = re.compile(r"\b(?:set out|listed|described|given|detailed|shown)? ?below$|\bthe following\b")


def _lead_earlier(paragraph: str) -> Announced | None:
    """What an earlier sentence of an English paragraph before a row announces: `the steps below. …`."""
    said = re.split(r"(?<=[a-z])\.[ ]", paragraph)[:-1] if is_latin(paragraph) else []
    return next((lead_announces(one) for one in reversed(said) if _POINTS_ON.search(one)), None)


_WEAK = 3
_BEHIND = re.compile(
    r"了|已|完成|达到|达[0-9]|实现|荣获|获评|被评|同比|增长|[0-9][万亿]?[次场份人户个条项件家台公吨]"
)
_AHEAD = re.compile(
    r"将|拟|计划|打算|下半年|明年|今后|下一?步|力争|确保|(?<!重)要(?!求|点)|须|应|责任(?:单位|部门|人)|"
    r"时限|前完成"
)
_READ_BEHIND = 200


def _looks_back(text: str, node: Node) -> bool:
    """Whether a section of `重点工作`, before any problem, tells what was done and nothing that will be."""
    entries = [child for child in node.children if child.style != "label"]
    if score(heading_of(text, node)).measure > _WEAK or len(entries) < _FEWEST:
        return False
    told = [text[one.body : min(one.end, one.body + _READ_BEHIND)] for one in entries]
    return mostly(_BEHIND.search(one) is not None and not _AHEAD.search(one) for one in told)


_AHEAD_OF = re.compile(r"20[0-9]{2}年|明年|来年|下一?年度?|下半年|[一二三四]季度|下季度|下月")


def _charged(text: str, node: Node) -> bool:
    """Whether a section on a time to come has entries most of which name who is in charge."""
    entries = [child for child in node.children if child.style != "label"]
    ahead = _AHEAD_OF.search(heading_of(text, node)) is not None
    return ahead and len(entries) >= _FEWEST and mostly(has_fields(text, entry) for entry in entries)


def asks_of_all(text: str, node: Node) -> bool:
    """Whether entries below a heading of faults each ask somebody for something: `FINDING OUT EARLIER`."""
    entries = [child for child in node.children if child.style != "label"][:_ENOUGH]
    return len(entries) >= _FEWEST and mostly(asks_somebody(text, one) for one in entries)


_OF_PAST = re.compile(r"上一?(?:轮|次|年|期|季度|半年)|以往|历次|往年|前期|过去")


def _names_each(text: str, node: Node, *, deeper: bool = True) -> bool:
    """Whether entries, or those below them, are each headed `关于“X”的反映`, whatever is above them."""
    entries = [child for child in node.children if child.style != "label"][:_ENOUGH]
    if len(entries) < _FEWEST or _OF_PAST.search(heading_of(text, node)):
        return False
    if mostly(NAMES_PROBLEM.match(heading_of(text, one)) is not None for one in entries):
        return True
    return deeper and all(_names_each(text, one, deeper=False) for one in entries)


def settled(text: str, node: Node, own: Announced | None, *, after_problems: bool) -> Announced | None:
    """What a section is, its heading, its entries and what came before it taken together."""
    if own in {None, Announced.NOTHING} and _names_each(text, node):
        return Announced.BOTH
    if own in {None, Announced.NOTHING} and after_problems and _charged(text, node):
        return Announced.MEASURES
    if own is None:
        return inferred(text, node, after_problems=after_problems)
    if own is Announced.MEASURES and not after_problems and _looks_back(text, node):
        return Announced.NOTHING
    if own is not Announced.BOTH or not after_problems:
        return own
    entries = [child for child in node.children if child.style != "label"]
    told_apart = any(fix_of(text, entry) is not None for entry in node.children)
    told = told_apart or mostly(tells_fix(text, entry.body, entry.end) for entry in entries)
    return own if told else Announced.MEASURES


_READ_CHECKED = 800
_LEAST_FAULTY = 0.3
_CHECKED = re.compile(
    r"(?:检查|自查|排查|巡查|督查|暗访|走访|抽查|巡检|监督|评查|复查|自检)(?:自改|自纠|即改|整改|自评)?"
    r"的?(?:情况|结果|记录|内容|发现)$"
)


def checked(text: str, node: Node, own: Announced | None) -> Announced | None:
    """A section on what was checked is one of faults and fixes if most of its entries tell both."""
    if own not in {None, Announced.NOTHING} or not _CHECKED.search(heading_of(text, node)):
        return own
    entries = [
        child
        for child in node.children
        if child.style != "label" and not says_nothing_wrong(text[child.body : child.end][:_READ_CHECKED])
    ]
    fixed = [fix_of(text, one) is not None or _turns_to_fix(text, one) for one in entries]
    faulty = sum(states_fault(text[one.body : one.body + _READ_CHECKED]) for one in entries)
    told = mostly(fixed) and faulty >= len(entries) * _LEAST_FAULTY
    return Announced.BOTH if len(entries) > 1 and told else own


def _turns_to_fix(text: str, entry: Node) -> bool:
    begin = fix_start(text, entry.body, min(entry.end, entry.body + _READ_CHECKED))
    return begin is not None and begin > entry.body
