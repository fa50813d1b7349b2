"""Which day a paper bears: that of its signature, of its last line, or of a line at its head."""

import re
from datetime import date

from documents.dates import days, in_figures, plain_digits

_SIGNED = re.compile(
    r"(?:^|\n|"
    r"[。；;])[ \t　]*(?P<org>[^\n\t|｜。；;，,：:、]{2,30}?)[ \t　]*+(?:\n[ \t　]*+)?"
    r"(?P<day>(?:20[0-9Xx×]{2}|[二2][〇○0][一-龥〇○]{2}|X{2,4})[ ]?年[ ]?(?:[0-9XxＸ×]{1,2}|"
    r"[一二三四五六七八九十]{1,2}|X)[ ]?月[ ]?(?:(?:[0-9XxＸ×]{1,2}|"
    r"[一二三四五六七八九十]{1,3})[ ]?[日号])?)[ \t　]*+(?=\n|$|附|抄[送报]|主送|第[0-9lI]{1,3}页)"
)
_FOOT = 600
_WIDE_BLANK = re.compile(r"([ \t　]{30})[ \t　]+")
_HEAD_DATE = re.compile(
    r"^(?!Next |Due|Follow|[0-9]{1,2}[.、)] )[ \t　]*[（(—–\-]*[ \t　]*"
    r"(?:(?:Issued|Date|Dated|日期|时间|检查日期|会议时间|报告日期|"
    r"发布时间|Report No[^|\n]{0,20}\|\s*Issued)[ \t]*[:：]?[ \t]*)?(?=20\d\d|[A-Z0-9])",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?:填报|报告|检查|印发|制表|发文|编制|成文)(?:日期|时间)[：:][ \t　]*|\bIssued: (?=[0-9])|"
    r"\bDate of (?:the )?(?:survey|visit|inspection|audit|report|issue|assessment|review)[: ]\s*|"
    r"^[Hh]eld (?:at|on|in)\b"
)
_NEAR_DATE = 24


def signed_days(text: str) -> list[re.Match[str]]:
    """The names and days of signatures at the foot. A blank wider than a name may be says no more."""
    begin = max(0, len(text) - _FOOT)
    before = text[max(0, begin - 1) : begin]
    foot = plain_digits(in_figures(_WIDE_BLANK.sub(r"\1", text[begin:])))
    return list(_SIGNED.finditer(before + foot, len(before)))


def dated_on(text: str, lines: list[tuple[int, str]], signed: list[re.Match[str]]) -> date | None:
    """The day of the signature, else of a line at the head that is little but a date."""
    for found in reversed(signed):
        day = next(days(found.string, found.start("day"), found.end("day"), None), None)
        if day:
            return day.on
    return _alone_at_the_end(text) or _head_date(lines) or _told_when(text)


_ADOPTED = re.compile(
    r"\b(?:This|The) (?:paper|report|plan|note|letter|statement|document|review|policy) was "
    r"(?:finally |formally )?(?:agreed|approved|adopted|signed(?: off)?|finali[sz]ed|issued|published|"
    r"completed)\b[^.\n]{0,60}? on "
)
_HEAD = 1500


def _told_when(text: str) -> date | None:
    """The day on which an English paper says near its head that it was agreed or issued."""
    told = _ADOPTED.search(text, 0, _HEAD)
    day = next(days(text, told.end(), min(len(text), told.end() + _NEAR_DATE), None), None) if told else None
    return day.on if day and day.dated and day.coarse == "day" and told and day.start == told.end() else None


_LONGEST_LAST = 100
_SIGNED_OFF = re.compile(
    r"[ 　\t]*(?:编制|审核|审批|填报|填表|制表|拟稿|校对|签发|Prepared|Reviewed|Approved)"
    r"[^。\n]*[ 　](?=[0-9]|[A-Z][a-z]+ [0-9])"
)


def _alone_at_the_end(text: str) -> date | None:
    """The day that is all of the last line, or stands in it behind who signs: `审核：倪科长　5月28日`."""
    end = len(text.rstrip())
    start = text.rfind("\n", max(0, end - _LONGEST_LAST), end) + 1
    signed = _SIGNED_OFF.match(text, start, end)
    begin = signed.end() if signed else end - len(text[start:end].lstrip(" \t　"))
    day = next(days(text, begin, end, None), None) if start > 0 and end - begin <= 16 else None
    return day.on if day and day.coarse == "day" and (day.start, day.end) == (begin, end) else None


def _head_date(lines: list[tuple[int, str]]) -> date | None:
    for _, line in lines:
        begins = _HEAD_DATE.search(line) if len(line) <= 80 else None
        labelled = _DATED.search(line)
        at = labelled or begins
        day = (
            next((d for d in days(line, at.end(), len(line), None) if d.coarse == "day"), None)
            if at
            else None
        )
        if at and day and (labelled or day.start - at.end() <= _NEAR_DATE):
            return day.on
    return next((on for _, line in lines if (on := _at_the_end(line))), None)


_BEHIND_DASH = re.compile(
    r"[\x20-\x7e]{4,60} [—–|-] (?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
    r"(?P<day>[A-Z0-9][\w ,]{7,20}20\d\d)\s*$"
)


def _at_the_end(line: str) -> date | None:
    """The day with which an English title ends: `Safety walk-round — Thursday 14 March 2024`."""
    found = _BEHIND_DASH.match(line)
    day = next(days(line, found.start("day"), len(line), None), None) if found else None
    return day.on if day and day.dated and day.coarse == "day" else None
