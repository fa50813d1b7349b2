"""Every mark of a report: its numbers, labels and plain headings, one at most at any place."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from documents.genre import is_minutes
from documents.label_words import known_labels, label_pattern
from documents.lexicon import field_line, folded, is_latin
from documents.names import INITIALS
from documents.numbering import Mark, marks
from documents.own_labels import own_labels
from documents.ratings import rates_each
from documents.row_slips import as_its_row
from documents.sections import SAYS_WHEN, Announced, announced, bare_heading, label_announces

LONGEST_HEADING = 60
_LINE = re.compile(r"[^\n]+")
_TABLE_OF_CONTENTS = re.compile(r"[ \t　]*[【\[]?(?:提纲|目[ 　]*录|Contents|Table of Contents)[】\]]?")
_ANNEXES = re.compile(
    r"(?:^|(?<=\n))[ \t　]*附(?:件|表|图)?[ ]?[：:][^\n]{0,80}"
    r"(?:\n[ \t　]*[0-9]{1,2}[.、．][^\n。；]{0,60}(?=\n|$))*"
)
_PAGE_TAIL = re.compile(
    r"(?:本文(?:地址|链接|来源|网址)|[上下]一篇|猜你喜欢|相关(?:推荐|阅读|文章)|版权声明|延伸阅读)[：:][^\n]*"
)
"""What a web page puts behind a paper: other papers, numbered as its own parts are."""
_STOP = "。；;，,：:、！!？?.…）)"
_COLUMNS = re.compile(r"\S {3,}\S+(?: \S+)* {3,}\S")
"""The head of a table that blanks draw."""


def all_marks(text: str) -> list[Mark]:
    """Numbers, labels and plain headings in order of position, one at most at any place."""
    numbered = _bracketed(text, [_section(text, mark) for mark in _ended(text, marks(text))])
    numbered = _of_minutes(text, _recommended(text, as_its_row(_judged(text, _tasked(text, numbered)))))
    own = list(own_labels(text))
    bracketed = {mark.start for mark in own if text[mark.start] == "【"}
    numbered = [mark for mark in numbered if mark.start not in bracketed]
    at_line = {mark.start for mark in numbered if mark.at_line}
    labelled = list(_of_ratings(text, _labels(text, {mark.end: mark for mark in numbered})))
    named = at_line | {mark.start for mark in labelled}
    labelled += [mark for mark in own if mark.start not in named]
    taken = at_line | {mark.start for mark in labelled}
    every = numbered + labelled + list(_headings(text, taken))
    every.sort(key=lambda mark: (mark.start, -mark.end))
    return list(_without_overlap(text, every))


_LONGEST_ROW = 800


def _ended(text: str, every: Iterator[Mark]) -> Iterator[Mark]:
    """The marks; `Finally,` and `第2项` are ones only behind others, and `P.` before a name is none."""
    row = -_LONGEST_ROW
    letters = {0}
    for mark in every:
        if mark.style == "capital":
            value = mark.value or 0
            if letters.isdisjoint({value, value - 1, value - 2}):
                continue
            letters.add(value)
        if mark.style == "ordinal":
            is_near = mark.start - row <= _LONGEST_ROW
            if text.startswith(("Final", "Last"), mark.start) and not is_near:
                continue
            if _REFERS.match(text, mark.start) and not mark.at_line and mark.value != 1 and not is_near:
                continue
            row = mark.start
        yield mark


_REFERS = re.compile(r"第[0-9]{1,2}[项条件]")
"""What is a number only behind others of its row: `对第1项立即整改，第2项…` speaks of faults above."""


_RESPONDED = re.compile(r"(?im)^(?:management(?:'s)? |agreed )(?:response|comments?|action)s?[ ]?(?::|$)")
_RECOMMENDED = re.compile(r"R(?:EC)?[-. ]?[0-9]")


def _recommended(text: str, every: list[Mark]) -> list[Mark]:
    """The marks; `R-2` at a line's start numbers a recommendation beside findings that a word numbers.

    Where management responds, a numbered heading with recommendations below it is a finding.
    """
    advice = {m.start for m in every if m.style == "code" and _RECOMMENDED.match(text, m.start)}
    advice |= {m.start for m in every if m.style == "word-measure" and m.at_line}
    findings: set[int] = set()
    if len(_RESPONDED.findall(text)) > 1:
        rows = [one for one in every if one.start in advice or one.style == "decimal2"]
        findings = {
            one.start for one, after in pairwise(rows) if one.start not in advice and after.start in advice
        }
    if not findings and not any(mark.style == "word-problem" for mark in every):
        return every
    styles = dict.fromkeys(advice, "word-measure") | dict.fromkeys(findings, "word-problem")
    return [replace(mark, style=styles.get(mark.start, mark.style)) for mark in every]


_CHARGED = re.compile(r"[^\n]*[（(](?:牵头|责任|完成|整改|配合)[一-龥]{0,4}[：:]")


def _tasked(text: str, every: list[Mark]) -> list[Mark]:
    """The marks; where 1.1.1 names in brackets who is in charge, it is a measure and 1.1 its problem."""
    tasks = [one for one in every if one.style == "decimal3" and one.at_line]
    if sum(_CHARGED.match(text, one.end) is not None for one in tasks) * 2 <= len(tasks):
        return every
    styles = {"decimal3": "word-measure", "decimal2": "word-problem"}
    over = {one.start for one, after in pairwise(every) if (one.style, after.style) == ("digit", "decimal2")}
    return [
        replace(one, style="paren" if one.start in over else styles.get(one.style, one.style))
        if one.at_line
        else one
        for one in every
    ]


_STANDARD = re.compile(r"(?i:regulation|standard|outcome)\b")


def _judged(text: str, every: list[Mark]) -> list[Mark]:
    """The marks; where an inspection judges each `Regulation 15: Staffing`, that numbers a finding."""
    if not rates_each(text):
        return every
    return [
        replace(mark, style="word-problem")
        if mark.style == "topic" and _STANDARD.match(text, mark.start)
        else mark
        for mark in every
    ]


_COMMENT = re.compile(r"[ \t]*(?i:comment(?:s|ary)?)\b")


def _of_ratings(text: str, labels: Iterator[Mark]) -> Iterator[Mark]:
    """The labels; where each entry is rated, `Comment:` leads to what is wrong with it."""
    rated = rates_each(text)
    for mark in labels:
        comments = rated and _COMMENT.match(text, mark.start) is not None
        yield replace(mark, said=Announced.PROBLEMS) if comments else mark


_ACTION = re.compile(r"(?i:action)\b")


def _of_minutes(text: str, every: list[Mark]) -> list[Mark]:
    """The marks; in minutes `ACTION 9.1:` is a label below what the meeting heard, whatever its number."""
    if not is_minutes(text):
        return every
    return [
        replace(mark, style="label", limit=paragraph_end(text, mark.end), said=Announced.MEASURES)
        if mark.style == "word-measure" and mark.at_line and _ACTION.match(text, mark.start)
        else mark
        for mark in every
    ]


def _bracketed(text: str, every: list[Mark]) -> list[Mark]:
    """The marks; where one word in 【】 is a label, all that begin their lines are: 【核查情况】."""
    if not any(mark.style == "label" for mark in every):
        return every
    return [
        replace(mark, style="label", limit=paragraph_end(text, mark.end))
        if mark.style == "bullet" and mark.at_line and text[mark.start] == "【"
        else mark
        for mark in every
    ]


def _section(text: str, mark: Mark) -> Mark:
    """A mark as what it is by its words: `【不足之处】` is a label, `第一，` over a section numbers that."""
    if mark.style == "bullet" and text[mark.start] == "【":
        own = label_announces(text[mark.start : mark.end].strip("【】 　\t"))
        limit = paragraph_end(text, mark.end)
        return mark if own is Announced.NOTHING else replace(mark, style="label", limit=limit)
    if _STRAND.match(text, mark.start):
        return replace(mark, style="part")
    if mark.style == "bullet" and mark.at_line and _is_section(text, mark):
        return replace(mark, style="han")
    if mark.style not in {"ordinal", "code"} or not mark.at_line:
        return mark
    return _numbering(text, mark)


def _numbering(text: str, mark: Mark) -> Mark:
    """An ordinal or a code at a line's start as what it is by the words behind it."""
    if _CLASS.match(text, mark.start):
        return replace(mark, style="paren")
    heading = text[mark.end : paragraph_end(text, mark.end)].strip(" 　：:。")
    if _DISCIPLINE.match(text, mark.start) and 0 < len(heading) <= _LONGEST_SECTION:
        return replace(mark, style="han")
    longest = _LONGEST_SECTION * (1 + is_latin(heading))
    alone = 0 < len(heading) <= longest and announced(heading, least_coverage=0.75) is not None
    return replace(mark, style="han") if alone else mark


def _is_section(text: str, mark: Mark) -> bool:
    """Whether a star or the like stands before the heading of a section alone in its line: `★ 下步要求`."""
    heading = text[mark.end : paragraph_end(text, mark.end)].strip(" 　：:。")
    return 0 < len(heading) <= _LONGEST_SECTION and announced(heading, least_coverage=0.85) is not None


_STRAND = re.compile(
    r"(?<![^\n])(?:PRIORITY|THEME|STRAND|OBJECTIVE|GOAL|AIM) (?:[A-Z]|[0-9]{1,2})[.:]? ?[ –—-] ?"
    r"[A-Z ,&'/-]{3,50}(?=\n)"
)
"""A heading in capitals over the actions of one strand of a plan: `PRIORITY A. SAFE`."""
_CLASS = re.compile(r"(?<![^\n])第[一二三四五六七八九十]{1,2}类[：:][^\n。；]{2,30}(?=\n)")
"""A line over a class of problems: `第一类：立行立改（2项）`."""
_DISCIPLINE = re.compile(r"D[0-8](?![0-9])")
"""The number of a step in an 8D report."""
_LONGEST_SECTION = 24


def _without_overlap(text: str, every: list[Mark]) -> Iterator[Mark]:
    end = -1
    aside = (found.span() for one in (_ANNEXES, _PAGE_TAIL) for found in one.finditer(text))
    apart = sorted([_contents_end(text), *aside])
    starts = [start for start, _ in apart]
    for mark in every:
        at = bisect_right(starts, mark.start) - 1
        if mark.start >= end and not mark.start < apart[at][1]:
            yield mark
            end = mark.end if mark.style != "heading" else max(end, mark.start)


def _contents_end(text: str) -> tuple[int, int]:
    """The range of a printed outline that repeats the headings before the text itself."""
    for line in _LINE.finditer(text[:8000]):
        if _TABLE_OF_CONTENTS.match(line[0]) and len(line[0]) > 20:
            return line.start(), line.end()
    return 0, 0


def _labels(text: str, ending: dict[int, Mark]) -> Iterator[Mark]:
    """The labels; a number before a repeated 整改措施： belongs to the label and makes no unit of its own."""
    found = list(label_pattern().finditer(folded(text)))
    seen: dict[str, int] = {}
    for match in found:
        seen[match[1]] = seen.get(match[1], 0) + 1
    for match in found:
        mark = _label(text, match, repeated=seen[match[1]] > 1)
        number = ending.get(mark.start) if mark and seen[match[1]] > 1 else None
        if mark and number and label_announces(match[1]) is not Announced.PROBLEMS:
            mark = replace(mark, start=number.start, at_line=number.at_line)
        if mark:
            yield mark


_INITIALS = re.compile(rf"[ \t]*{INITIALS}[.]?[ \t]*(?=\n|\Z)")
"""Who sees to what stands before a label, which leads to nothing then: `A wall bracket. Action: DP`."""


def _label(text: str, match: re.Match[str], *, repeated: bool) -> Mark | None:
    """A label that speaks of its own paragraph; alone on its line it must come more than once.

    A label that stands alone only once is the heading of a section.
    """
    line = text[match.start() : paragraph_end(text, match.end())]
    if (line.isupper() and is_latin(line)) or _INITIALS.match(text, match.end()):
        return None
    colon = any(sign in match[0] for sign in ":：】〕］–—") or match[0].rstrip().endswith("-")
    body = match.end() < len(text) and text[match.end()] != "\n"
    at_line = match.start() == 0 or text[match.start() - 1] == "\n"
    runs_on = match[1].endswith(("主要是", "主要有"))
    if not (colon or runs_on) and (not repeated or not at_line):
        return None
    leads = match[1] not in known_labels()
    if not body and not repeated and not leads:
        return None
    start = match.start() + len(match[0]) - len(match[0].lstrip(" \t　"))
    line_end = paragraph_end(text, match.end())
    leads_on = text[match.end() : line_end].rstrip().endswith((":", "："))
    stop = text.rfind("。", match.end(), line_end) + 1 if leads_on else 0
    limit = None if not body or (leads_on and not stop) else stop or line_end
    return Mark(start, match.end(), "label", None, at_line, limit)


def paragraph_end(text: str, position: int) -> int:
    """Where the line that holds a position ends."""
    end = text.find("\n", position)
    return len(text) if end == -1 else end


def _headings(text: str, taken: set[int]) -> Iterator[Mark]:
    """Lines that are headings by their look and words, though they bear no number."""
    for line in _LINE.finditer(text):
        words = line[0].strip(" \t　") if len(line[0]) < 400 else ""
        start = line.start() + (len(line[0]) - len(line[0].lstrip(" \t　")))
        if words and start not in taken and _is_heading(text, line, words):
            yield Mark(start, start, _heading_style(words), None, at_line=True)


def _heading_style(words: str) -> str:
    hashes = len(words) - len(words.lstrip("#"))
    return f"hash{min(hashes, 3)}" if hashes else "heading"


_CAPITALS = re.compile(r"[A-Z]{3,}(?:[ ,&'/-]+(?:[A-Z]+|20[0-9]{2})){1,8}:?")
"""An English heading in capitals, which needs no empty line around it."""
_BARE_NUMBER = re.compile(r"^[0-9]{1,2} {1,4}(?=[A-Z][A-Za-z ,&'/-]{3,90}(?:[(][a-z][^()]{1,60}[)])?$)")
"""The number of an English heading without a full stop: `3 Other actions agreed`."""


def _is_heading(text: str, line: re.Match[str], words: str) -> bool:
    if words.startswith("#") or (words.startswith("==") and words.endswith("==")):
        return True
    if (
        SAYS_WHEN.match(words)
        or words.startswith("会议")
        or ("。" in words and words.endswith((":", "：")))
        or field_line().match(text, line.start(), line.end())
    ):
        return False
    plain = words.strip("*_=【】〔〕［］[] ")
    numbered = _BARE_NUMBER.match(plain) is not None
    plain = _BARE_NUMBER.sub("", plain)
    if (
        len(plain) > (LONGEST_HEADING if not is_latin(plain) else 2 * LONGEST_HEADING)
        or "|" in plain
        or "\t" in plain
        or _COLUMNS.search(bare := bare_heading(plain.rstrip(":：?？")))
    ):
        return False
    if bare and bare[-1] not in _STOP and announced(bare, least_coverage=0.75) is not None:
        return True
    groups = _BY_DAY.match(plain) is not None and _NUMBERED.match(text, line.end()) is not None
    blank = text[max(0, line.start() - 2) : line.start()] in {"", "\n", "\n\n"}
    if groups or _CAPITALS.fullmatch(plain) or (blank and _ANNEX.fullmatch(plain)):
        return True
    apart = text[line.end() : line.end() + 2] == "\n\n"
    return blank and _looks_like_english_heading(
        bare_heading(plain) if numbered else plain, most=14 if apart else 8
    )


_BY_DAY = re.compile(
    r"^(?:(?:To be (?:done|completed|finished)|Due|Actions? (?:due|for completion)|For completion) )?"
    r"(?:[Bb]y|[Bb]efore|[Dd]uring|[Ii]n) (?:the |mid-)?(?:[A-Z0-9][a-z0-9]{0,9} |end (?:of )?)+20[0-9]{2}$"
)
"""A heading over what is due by then."""


_ANNEX = re.compile(r"(?:Appendix|Annex)(?: [A-Z0-9]{1,2})?(?::| [–—-]) [A-Z][^.:;|\n]{3,90}")
"""The heading of what is printed behind a paper: `Appendix: Recommendations in brief`."""
_NUMBERED = re.compile(r"\n[ \t]*[(]?(?:[0-9]{1,2}|[a-z]|[ivx]{1,4})[.)]")


def _looks_like_english_heading(words: str, most: int) -> bool:
    if not words[:1].isupper() or words[-1] in _STOP or not is_latin(words):
        return False
    words = _BY_DAY.sub("By then", words)
    return len(words.split()) <= most and not re.search(r"\d{4}|[:;|]|\. |^(?:Dear|Date|To|From|Re)\b", words)
