"""By when: the deadline that the words of a measure state, and its class."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from documents.dates import Day, closes, days, had_passed, next_on
from documents.lexicon import alternatives, any_of, folded, words
from documents.reading import NO_DEADLINE, Deadline, Span
from documents.time_words import EVENT, IMMEDIATE, LONG_TERM, RECURRING
from rules.deadlines import TimeLimit

_TAIL = re.compile(
    r"[ \t]?(?:份)?(?:[（(](?:星期|周)[一二三四五六日天][）)])?(?:[0-9]{1,2}(?:时|点|:[0-9]{2}))?"
    r"(?:[底末终初]|年底|上旬|中旬|下旬)?(?:供暖|开学|放假|汛期|雨季|入冬|下班|节)?(?:之前|以前|前|之内|以内|内|止)?"
)
_SENSE_BEFORE = re.compile(
    r"(?:到|至|于|力争|确保|争取|计划|预计|拟|限|赶在|按照|由|推迟到|持续到|时间|时限|期限|"
    r"by|before|until|cob|close of business|than|end of|on or before|due|in|during|on)(?: the)?"
    r"(?: (?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?)?[ \t]?$",
    re.IGNORECASE,
)
_SENSE_AFTER = re.compile(
    r"[ \t]?(?:全部|全面|基本|正式|之前)?(?:完成|建成|投入|投用|上线|实现|竣工|到位|落实|开工|"
    r"启动|进场|整改|更换|补发|兑现|到账|验收|办结|销号|通过|交付|出台|印发|召开|举办|形成|组织|开展|实施|提交|报送|开通|达到|清零|恢复|截止|[修装换办改搬补建配][好完])"
)
_PAST_AFTER = re.compile(
    r"[ \t]?[底末终]?(?:考核|考评|绩效|评先|评优|述职)|"
    r"[ \t]?份?(?:以来|起|开始|至今|发生|(?:下发|印发|召开)[了的])|[—–~-]"
)
_NOT_PLANNED = re.compile(
    r"(?:自|从|截至|截止|截止到|截至到|据|[已均](?:经)?[于在]|since|from|as of|starting|beginning|effective|"
    r"starting in|beginning in|from the|replaced on|completed on|on)[ \t]?$",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"发现|超过|低于|一旦|如果|若|出现|遇到|遇有|有问题|凡|如有|存在|不合格|(?<!项)问题|收到|接到|不符|差错|\b(?:if|when|"
    r"whenever|upon)\b"
)
_LONG_TERM_LABELLED = re.compile(
    r"长期|持续|常态|永久|\bongoing\b|\bcontinu|^standing$|\blong[- ]term\b|\bpermanent", re.IGNORECASE
)
_QUOTED = re.compile(
    r"“(?!十[二三四五]五”|(?:五一|十一|七一|八一|两会|双十一)”)[^”\n]{1,40}”|《[^》\n]{1,60}》|\"[^\"\n]{1,40}\"|‘[^’\n]{1,40}’"
)


@lru_cache(maxsize=1)
def _labelled() -> re.Pattern[str]:
    names = alternatives(words("label", "deadline"))
    return re.compile(
        rf"(?<!original )(?<!检查)(?<!巡查)(?<!督查)(?<!发现)(?<!发生)(?<!会议)(?<!上报)"
        rf"(?:{names}|(?<![a-z0-9] )\bby(?=:))"
        rf"[】〕\]）)*]{{0,2}}[ \t]?(?:[：:]|(?<=[】〕])|(?<=[一-龥])　{{1,2}}(?=[0-9一-龥]))"
        r"[*]{0,2}[ \t]*(?P<value>(?:(?:;[ ])?[(][a-z]{1,4}[)]|(?! {3})[^。；;\n）)|〕【】]){0,60})"
    )


@lru_cache(maxsize=1)
def _next_label() -> re.Pattern[str]:
    names = alternatives(
        tuple(
            dict.fromkeys(
                [
                    *words("label", "owner"),
                    *words("label", "status"),
                    *words("label", "closing"),
                    "销号",
                    "整改",
                ]
            )
        )
    )
    return re.compile(rf"[，,、 ][ ]?{names}[^，,：:]{{0,4}}[：:]")


def labelled(text: str, start: int, end: int, after: date | None) -> tuple[Deadline, Span] | None:
    """The deadline behind a label such as 整改时限： or Target Date:, and where its value stands."""
    for found in _labelled_in(text, start, end):
        value = text[found[0] : found[1]]
        cut = _next_label().search(folded(value))
        value = (value[: cut.start()] if cut else value).strip(" 　,，、*_")
        if value.strip("/／—–-"):
            begin = text.index(value, found[0])
            return stated(text, begin, begin + len(value), after), Span(begin, begin + len(value))
    return _in_last_bracket(text, start, end, after)


_IN_BRACKET = re.compile(
    r"[(\[](?:[^()\[\]\n]{2,70}[,;] )?(?:(?:planned |target )?completion |by |due )?"
    r"(?P<day>\d{1,2} [A-Z][a-z]{2,8}(?: \d{4})?|[A-Z][a-z]{2,8} \d{1,2}, \d{4})[)\]][.]?\s*\Z"
)
"""A day that stands beside an owner in the bracket that ends an English measure."""
_BEHIND_OWNER = re.compile(
    r"[.;]\s+[A-Z][A-Za-z&' /-]{2,40}, (?:by )?(?P<day>\d{1,2} [A-Z][a-z]{2,8}(?: \d{4})?)[.]?\s*\Z"
)
"""The same behind the last full stop: `Replace both valves. Estates Lead, 30 November`."""


_BESIDE_OWNER = re.compile(
    r"[（(](?:责任|牵头|承办|整改)[一-龥]{0,4}[：:][^（）()\n]{2,40}[，,；;][ ]?"
    r"(?P<day>[^（）()，,；;\n]{2,20}(?:前|内|底|止|(?<=[0-9])[日号])[^（）()，,；;\n]{0,8})[）)][。；]?\s*\Z"
)
"""The same in Chinese: `（责任部门：金工车间，9月30日前整改完毕）`."""


_STANDING = re.compile(
    r"[（(](?:(?!已完成|已整改)[^（）()\n]{1,8}[，,；;、])?(?P<limit>长期坚持|持续坚持|立行立改|即知即改)[）)][。；]?\s*\Z"
)
"""A bracket that ends an item and says how long it goes on: `每半年考核一次。（长期坚持）`."""


def _in_last_bracket(text: str, start: int, end: int, after: date | None) -> tuple[Deadline, Span] | None:
    if standing := _STANDING.search(text[start:end]):
        place = Span(start + standing.start("limit"), start + standing.end("limit"))
        return stated(text, place.start, place.end, after), place
    beside = _BESIDE_OWNER.search(text[start:end])
    if beside is not None:
        place = Span(start + beside.start("day"), start + beside.end("day"))
        limit = in_words(text, place.start, place.end, after)
        return (limit, place) if limit.on is not None else None
    found = _IN_BRACKET.search(text[start:end]) or _BEHIND_OWNER.search(text[start:end])
    if found is None:
        return None
    place = Span(start + found.start("day"), start + found.end("day"))
    limit = stated(text, place.start, place.end, after)
    return (limit, place) if limit.on is not None else None


def stated(text: str, start: int, end: int, after: date | None) -> Deadline:
    """The deadline that a value behind a label or in a table cell is; all of it is the deadline's text."""
    value = text[start:end]
    if _RECURRING_FROM.match(value):
        return Deadline(value, None, TimeLimit.RECURRING)
    on = _month_and_day(text, start, end, after)
    told = [day for day in days(text, start, end, after) if not _DURING.match(text, day.end, end)]
    exact = [day for day in told if day.coarse == "day" and day.dated]
    on = on or max((day.on for day in exact or told), default=None)
    return Deadline(value, on, _limit_of(value, on))


_DURING = re.compile(r"[一-龥]{0,8}期间")
"""An event in some month, whose own day nobody tells: `8月停车检修期间`."""


_RECURRING_FROM = re.compile(
    r"(?:自|从)?(?:20[0-9]{2}年)?[0-9]{1,2}月(?:份|[0-9]{1,2}[日号])?(?:起|开始)[，,]?每[日天周旬月季年]"
)
"""Since when something recurs, which is no end: `7月起每月`."""
_MONTH_DAY = re.compile(r"(1[0-2]|0?[1-9])[.．/](3[01]|[12][0-9]|0?[1-9])[日号]?(?:之?前)?")
_NEARBY = 400
"""So many characters before a value tell in which language it is written."""


def _month_and_day(text: str, start: int, end: int, after: date | None) -> date | None:
    """`9.16` in a Chinese text, where the month comes first."""
    found = _MONTH_DAY.fullmatch(text[start:end].strip())
    if found is None or not re.search(r"[一-龥]", text[max(0, start - _NEARBY) : start]):
        return None
    return next_on(int(found[1]), int(found[2]), after)


def _limit_of(value: str, on: date | None) -> TimeLimit:
    if on is not None:
        return TimeLimit.FIXED
    for pattern, limit in (
        (IMMEDIATE, TimeLimit.IMMEDIATE),
        (RECURRING, TimeLimit.RECURRING),
        (_LONG_TERM_LABELLED, TimeLimit.LONG_TERM),
        (EVENT, TimeLimit.FIXED),
    ):
        if pattern.search(value):
            return limit
    return TimeLimit.FIXED if _UNDATED_VALUE.search(value) else TimeLimit.NONE


_UNDATED_VALUE = re.compile(
    r"[0-9].*[前内]$|[底末]前?$|前$|季度$|半年$|(?i:^[a-z]{3,6}day$|^with the next\b|"
    r"^(?:within )?[0-9]{1,3} (?:working |calendar )?(?:hours|days|weeks|months)\b|"
    r"^(?:upon|after|following|when|once|before|by|within|"
    r"(?:the )?end of (?:the |this )?(?=[a-z]{3}[a-z0-9/ -]{2,30}$)|"
    r"at (?!the (?:earliest|moment|same)\b)(?=[a-z -]{5,40}$)|"
    r"on (?:award|completion|approval|receipt|delivery|signature))\b)"
)
"""A value behind a label that names an event and no day."""


def in_words(text: str, start: int, end: int, after: date | None) -> Deadline:
    """The deadline that running words state: the latest fixed day, then immediate, recurring, long-term."""
    part = _without_quoted(text[start:end])
    fixed = [day for day in days(part, 0, len(part), after) if _is_deadline(part, day, after)]
    if fixed:
        last = max(fixed, key=lambda day: day.on)
        tail = _TAIL.match(part, last.end)
        return Deadline(part[last.start : tail.end() if tail else last.end], last.on, TimeLimit.FIXED)
    undated = _UNDATED.search(part) if after is None else None
    if undated:
        return Deadline(undated[0], None, TimeLimit.FIXED)
    return next(_worded(part), NO_DEADLINE)


_UNDATED = re.compile(
    r"(?:今年|明年|本年|(?<![0-9一-龥])年)(?:底|末|内)(?:之?前)?|(?:本|下|[一二三四])季度(?:末|底|内)(?:之?前)?|"
    r"(?:本|下|[0-9]{1,2})月(?:底|末|内)(?:之?前)?|[上下]半年(?:末|底|内)(?:之?前)?|年内(?=完成|实现|建成|全部)|"
    r"(?i:\b(?:by|before|no later than) (?:the )?(?:end of )?(?:\d{1,2}(?:st|nd|rd|th)? )?"
    r"(?:january|february|march|april|may|june|july|august|september|"
    r"october|november|december)\b(?: \d{1,2}\b)?)"
)
"""A time limit in a paper that bears no day, from which its year could be told."""


def _without_quoted(part: str) -> str:
    """The words with the names of activities and papers blanked out, every position kept."""
    return _QUOTED.sub(lambda found: " " * len(found[0]), part)


_BEGINNING = re.compile(r"起|开始")
"""What begins then has no end then: 从本周起."""
_STANDARD = re.compile(r"(?:实现|做到|推行|实行|达到)[^，。；]{0,6}\Z")
"""What promises the public a service `当日办结` and is no time limit of the measure itself."""
_BYGONE = re.compile(
    r"当[日天即场]?已|当[日天]即|已(?:于)?当[日天场]|(?<![于在])当[日天场][^，。；,;\n]{1,12}(?:完毕|(?:清理|整改|更换|修复)到位)|"
    r"\b(?:was|were|has been|have been) "
)
"""What was done the same day has no deadline."""


def _worded(part: str) -> Iterator[Deadline]:
    event = EVENT.search(part)
    if event and not _BEGINNING.match(part, event.end()):
        yield Deadline(event[0], None, TimeLimit.FIXED)
    for found in IMMEDIATE.finditer(part):
        opened = max(part.rfind(sign, 0, found.start()) for sign in ("，", "。", "；", ",", ";", "\n", ". "))
        if _BYGONE.search(part[opened + 1 : found.end() + 12].partition("，")[0]):
            continue
        if found[0].startswith("当") and _STANDARD.search(part, opened + 1, found.start()):
            continue
        if "改" in found[0] or not _CONDITION.search(part, opened + 1, found.start()):
            yield Deadline(found[0], None, TimeLimit.IMMEDIATE)
    for pattern, limit in ((RECURRING, TimeLimit.RECURRING), (LONG_TERM, TimeLimit.LONG_TERM)):
        worded = next((one for one in pattern.finditer(part) if not _AGREED.match(part, one.end())), None)
        if worded:
            yield Deadline(worded[0], None, limit)


_AGREED = re.compile(r"[^，。；\n]{0,8}的(?:协议|合同|制度|约定)")
"""What names a paper by how often something is to be done by it: `签订每季度清洗一次的协议`."""


_PROMISED = re.compile(
    r"\b(?:will|shall|must|is to|are to|is booked|are booked|is scheduled|are scheduled)\b"
    r"[^.;\n]{0,80}\bon (?:[A-Z][a-z]+,? )?\Z|"
    r"\b(?:goes live|opens|starts|begins|takes effect) on (?:[A-Z][a-z]+,? )?\Z"
)
"""What stands before a day on which something is promised: `will swap the board on October 18`."""


_ASKED_FOR = re.compile(
    r"\b(?:to|will|shall|must|should|ought to) (?!the\b|an?\b|be\b|have been\b|our\b|your\b)[a-z]{2,}\b"
    r"[^.;\n]{0,120}\b(?:on|in) (?:[A-Z][a-z]+,? )?\Z"
)
"""What stands before a day on which something is asked for: `Clerk to report to the meeting on 20 June`."""
_SOON_DAYS = 250


def _is_soon(day: Day, reference: date | None) -> bool:
    """Whether a day without its year comes within months of the report, if it is the next such day."""
    return reference is not None and not day.dated and 0 <= (day.on - reference).days <= _SOON_DAYS


def _is_deadline(part: str, day: Day, reference: date | None) -> bool:
    """Whether a day in running words is one by which something is due, and not one on which it was."""
    before, after = part[max(0, day.start - 20) : day.start], part[day.end : day.end + 8]
    after = after[1:] if after.startswith(("）前", "）之前")) else after
    if _is_mere_time(part, day, before, after):
        return False
    asked = _is_soon(day, reference) and _ASKED_FOR.search(part, 0, day.start)
    if asked or part[day.start : day.end].endswith("旬") or _PROMISED.search(part, 0, day.start):
        return True
    if _NOT_PLANNED.search(before):
        return False
    tail = _TAIL.match(after + " ")
    if (tail and tail[0].strip()) or _SENSE_BEFORE.search(before):
        return True
    if _SENSE_AFTER.match(after) and not _is_bygone(day, reference):
        return True
    return _is_planned(part, day, reference)


def _is_mere_time(part: str, day: Day, before: str, after: str) -> bool:
    """Whether a day only says since when, how often, or when something was."""
    on_finding = part[day.start : day.end] == "当月" and _ON_FINDING.search(before) is not None
    past = _DURING_PAST.search(before) is not None and _WAS.match(part, day.end) is not None
    recurs = before.endswith("每") or on_finding
    return (
        recurs
        or past
        or any(one is not None for one in (_PAST_AFTER.match(after), _DURING.match(part, day.end)))
        or (day.coarse in {"quarter", "half", "year"} and _OF_WHAT.match(part, day.end) is not None)
    )


_OF_WHAT = re.compile(
    r"内?(?:连续|累计)?(?:[二两三四五六]|[2-6])次[一-龥]{0,6}(?:不|未|被)|[一-龥]{0,4}(?:计划|方案|要点)(?=[，,。；;的]|$)"
)
"""What a stretch of time only tells more of: `年内两次考核不合格`, `重新排定下半年学习计划`."""


_DURING_PAST = re.compile(r"\b(?:in|during|for)(?: the)? $")
_WAS = re.compile(r"[^.;,]{0,20} (?:was|were|had been)\b")
"""What tells of a time that was, in English: `the average in the second quarter was 49 days`."""
_ON_FINDING = re.compile(r"(?:发现|出现|查出)[^，。]{0,4}\Z")
"""What stands before a day that is reckoned from whatever is found then: `发现问题当月整改`."""


def _is_planned(part: str, day: Day, reference: date | None) -> bool:
    """Whether a day without any word that makes it a time limit still lies ahead of the report."""
    if day.coarse in {"quarter", "half"} and part[day.end : day.end + 1] == "的":
        return False
    if day.coarse in {"quarter", "half"} and not day.dated:
        return (
            reference is None
            or day.on.year == reference.year
            or "年" in part[max(0, day.start - 2) : day.start]
        )
    later = reference is not None and (day.dated or closes(part, day)) and day.on > reference
    named = part[day.end : day.end + 1] in {"的", "度", "版"}
    return (later and not named) or part[day.start : day.end] in {"本月", "下月", "全年", "年", "this month"}


def _is_bygone(day: Day, reference: date | None) -> bool:
    """Whether a day lay years before the report, or without its year before it, as `5月9日召开` in June."""
    if reference is None:
        return False
    if day.dated:
        return day.on.year < reference.year - 1
    return day.coarse == "day" and had_passed(day.on, reference)


def every_labelled(text: str, start: int, end: int, after: date | None) -> list[Deadline]:
    """All deadlines behind labels, for the flag that two of them differ."""
    return [stated(text, *place, after) for place in _labelled_in(text, start, end)]


def _labelled_in(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the values behind deadline labels stand."""
    for found in _labelled().finditer(folded(text[start:end])):
        yield start + found.start("value"), start + found.end("value")


_TAKEN = re.compile(
    r"(?<![即拟也])将(?=[^，。；]{1,16}(?:纳入|列入|作为|挂钩|移交|分解|改为|延长|转为|调整为|由|上墙|报|(?:落实|压实|分解|延伸|下沉|覆盖)到))"
)
"""`将` that takes an object and tells no future: 将学习情况纳入考核."""


_STAYS = re.compile(r"\bwill (?:stay|remain)\b(?! (?:until|open|outstanding))")
"""What is as it was put right: `the locks were taken off and will stay off`."""


def is_pending(clause: str) -> bool:
    """Whether a clause says that something is still to come."""
    plain = folded(_STAYS.sub("", _TAKEN.sub("", clause)))
    return any(any_of("clause", name).search(plain) is not None for name in ("pending", "vague"))
