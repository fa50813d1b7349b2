"""Days that a text names, in Chinese and English, and what they are called literally."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_Parts = tuple[int | None, int, int, str]
"""Year if stated, month, day (32 for the last) and how coarse the words are."""

_TENS = {"上旬": 10, "中旬": 20}

_YEAR = (
    r"(?:(?P<y>20[0-9]{2}|[二2][〇○零0][一二三四五六七八九〇○零]{2})[ \t]?年度?|(?P<rel>今年|"
    r"明年|次年|本年度?|当年)[ \t]?)"
)
_TEXT = (
    r"(?P<iso>(?P<iy>20[0-9]{2})[ \t]?[-./年][ \t]?(?P<im>1[0-2]|"
    r"0?[1-9])[ \t]?[-./月][ \t]?(?P<id>3[01]|[12][0-9]|0?[1-9])(?![0-9])[ \t]?[日号]?)|"
    rf"(?P<day>{_YEAR}?(?P<dm>1[0-2]|0?[1-9])[ \t]?月[ \t]?"
    r"(?P<dd>3[ ]?[01]|[12][ ]?[0-9]|0?[1-9])[ \t]?[日号])|"
    rf"(?P<month>{_YEAR.replace('<y>', '<my>').replace('<rel>', '<mrel>')}?(?P<mm>1[0-2]|"
    rf"0?[1-9])[ \t]?月份?(?P<tens>上旬|中旬|下旬)?)|"
    rf"(?P<han>{_YEAR.replace('<y>', '<ny>').replace('<rel>', '<nrel>')}?(?<![一二三四五六七八九十])"
    r"(?P<nm>十[一二]?|[一二三四五六七八九])月(?:(?P<nd>三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]|"
    r"(?=[底末]|份?之?前)))|"
    r"(?P<dotted>(?P<ty>20[0-9]{2})[-./](?P<tm>1[0-2]|0?[1-9])(?![-./0-9]))|"
    rf"(?P<quarter>{_YEAR.replace('<y>', '<qy>').replace('<rel>', '<qrel>')}?(?:第|Q(?=[1-4](?![0-9])))?"
    r"(?P<q>[一二三四1-4])(?:季度|(?<=年Q[1-4])))|"
    rf"(?P<half>{_YEAR.replace('<y>', '<hy>').replace('<rel>', '<hrel>')}?(?P<h>[上下])半年)|"
    rf"(?P<year>{_YEAR.replace('<y>', '<yy>').replace('<rel>', '<yrel>')}(?=年?[底末内]|"
    rf"之?前|[，,]?(?:实现|达到|建成|全面))年?|(?<![每去上年0-9一二三四五六七八九十两几半])年(?=[底末内终])|本学年|全年(?=完成|内))|"
    r"(?P<plan>[“\"]?十[二三四五]五[”\"]?(?:规划)?(?:期间|时期|期末|末)(?=[^，。；]{0,14}(?:完成|建成|竣工|投用|到位)|\Z|[；。）]))|"
    r"(?P<moonday>(?P<this>本|当|下个?)月(?P<md>3[01]|[12]?[0-9])[日号])|"
    r"(?P<bare>(?<![0-9月年])(?P<bd>3[01]|[12][0-9]|[1-9])[日号]之?前(?![，,]))|"
    r"(?P<moon>[本这]个?月|当月(?!绩效|工资|质量奖|奖|考核|补贴|津贴)|(?<![0-9个每下上])月(?=[底末]前?)|下个?月)"
)
_MONTH_NAME = (
    "(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ENGLISH = (
    rf"(?P<mdy>\b{_MONTH_NAME.format('n1')}\.? (?P<d1>[0-3]?[0-9])(?:st|nd|rd|"
    rf"th)?(?:,? (?P<y1>20[0-9]{{2}}))?\b)|"
    rf"(?P<dmy>\b(?P<d2>[0-3]?[0-9])(?:st|nd|rd|"
    rf"th)?(?: (?:of )?|-){_MONTH_NAME.format('n2')}\.?(?:(?:,? |-)(?P<y2>20[0-9]{{2}}))?\b)|"
    rf"(?P<my>\b{_MONTH_NAME.format('n3')}\.?,? (?P<y3>20[0-9]{{2}})\b)|"
    rf"(?P<alone>(?:(?<=end of )|(?<=by end )|(?<=last day of ))(?:{_MONTH_NAME.format('n4')})\b|"
    rf"(?<=by ){_MONTH_NAME.format('n5')}\b|"
    rf"(?<=mid-){_MONTH_NAME.format('n6')}\b|\b{_MONTH_NAME.format('n7')} end\b)|"
    r"(?P<us>\b(?P<m6>1[0-2]|0?[1-9])/(?P<d6>(?:3[01]|[12][0-9]|0?[1-9])(?=/20)|3[01]|2[0-9]|1[3-9])/"
    r"(?P<y6>(?:20)?[0-9]{2})\b)|"
    r"(?P<uk>\b(?P<d9>3[01]|[12][0-9]|0?[1-9])(?P<sep>[./]|-(?=[0-9]{1,2}-20[0-9]{2}\b))(?P<m9>1[0-2]|0?[1-9])"
    r"(?:(?P=sep)(?P<y9>(?:20)?[0-9]{2})|(?<=/[0-9])|(?<=/[0-9]{2}))(?![0-9/%]|[.][0-9]))|"
    r"(?P<qn>\b(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th) quarter(?: (?:of )?(?P<y5>20[0-9]{2}))?\b)|"
    r"(?P<hn>\b(?P<nth2>first|second) half (?:of )?(?P<y10>20[0-9]{2})?\b|"
    r"\bH(?P<h7>[12])[ ,/]+(?P<y11>20[0-9]{2})\b)|"
    r"(?P<qe>\b(?:Q|Quarter )(?P<q7>[1-4])(?: of)?(?: (?:the )?calendar year)?[ ,/]*"
    r"(?P<y7>20[0-9]{2}(?P<fiscal>/[0-9]{2}\b)?)?\b)|"
    r"(?P<tm>\b(?:this|the current) month\b|(?<=end of )the month\b)|"
    rf"(?P<mq>\b{_MONTH_NAME.format('n8')} quarter,? (?:of )?(?P<y12>20[0-9]{{2}})\b)|"
    r"(?P<ye>(?<=end of )(?P<y8>20[0-9]{2})\b|(?<=end of )(?:the |this )?(?:calendar )?year\b|year[- ]end\b)"
)


@dataclass(frozen=True, slots=True)
class Day:
    """A stated day, or the last day of a stated month, quarter, half or year.

    `dated` tells that the year stands in the words; `coarse` is day, month, quarter, half or year.
    """

    start: int
    end: int
    on: date
    dated: bool
    coarse: str


@lru_cache(maxsize=1)
def _chinese() -> re.Pattern[str]:
    return re.compile(_TEXT)


@lru_cache(maxsize=1)
def _english() -> re.Pattern[str]:
    return re.compile(_ENGLISH, re.IGNORECASE)


_MAY_BE_ENGLISH = re.compile(r"[A-Za-z]|[0-9][./-][0-9]")
"""What every day in English or in figures holds; a look for it costs next to nothing."""


def days(text: str, start: int, end: int, after: date | None) -> Iterator[Day]:
    """The days named between two positions, in order.

    A day without its year takes the year of the day named before it, else is the next such day not before
    `after`; without either it is left out.
    """
    part = plain_digits(text[start:end])
    english = _english().finditer(part) if _MAY_BE_ENGLISH.search(part) else ()
    every = [*english, *_chinese().finditer(part)]
    known: int | None = None
    for found in sorted(every, key=re.Match.start):
        day = None if found[0].endswith(" may") else _day(found, known, after)
        if day is not None:
            known = day.on.year if day.dated else known
            yield replace(day, start=start + day.start, end=start + day.end)


_SLASHED = re.compile(
    r"(?<![0-9/])(?P<first>[0-9]{1,2})/(?P<second>[0-9]{1,2})/(?=(?:20)?[0-9]{2}(?![0-9/]))"
)
_IN_YEAR = 12


def with_day_first(text: str) -> str:
    """An English text with points in those of its dates that could be read either way, if the day is first.

    `08/11/2023` is the eighth of November in a paper that also says 24/10/2023, and `08.11.2023` always.
    Positions are kept.
    """
    return pointed(text) if says_day_first(text) else text


def says_day_first(text: str) -> bool:
    """Whether the dates with slashes that leave no doubt begin with the day, and none with the month."""
    every = [(int(one["first"]), int(one["second"])) for one in _SLASHED.finditer(text)]
    return any(first > _IN_YEAR for first, _ in every) and all(second <= _IN_YEAR for _, second in every)


def pointed(text: str) -> str:
    """The text with points in dates with slashes that could be read either way: the day comes first then."""
    return _SLASHED.sub(
        lambda found: found[0] if int(found["first"]) > _IN_YEAR else found[0].replace("/", "."), text
    )


def either_way(said: str) -> str:
    """The two days that the first date with slashes in some words may mean by itself, or nothing.

    In words, `08/11/2026: 2026-08-11 / 2026-11-08`, the one that begins with the month before the other.
    """
    found = _SLASHED.search(said)
    parts = sorted({int(found["first"]), int(found["second"])}) if found else []
    if len(parts) != len("md") or parts[-1] > _IN_YEAR:
        return ""
    ways = [next(days(way, 0, len(way), None), None) for way in (said, pointed(said))]
    return f"{said}: {ways[0].on} / {ways[1].on}" if ways[0] and ways[1] else ""


@lru_cache(maxsize=1)
def tells_order(text: str) -> bool:
    """Whether some date with slashes leaves no doubt which of its parts is the month."""
    return any(int(one[name]) > _IN_YEAR for one in _SLASHED.finditer(text) for name in ("first", "second"))


_APART = re.compile(r"[,;(–—-] ?\Z")


def closes(part: str, day: Day) -> bool:
    """Whether a whole day stands apart at the end of English words: `QA to chase the lab, 18 March`."""
    apart = _APART.search(part[max(0, day.start - 2) : day.start]) is not None
    plain = day.coarse == "day" and not _HAN_SIGN.search(part)
    return apart and plain and not part[day.end :].strip(" .)")


_HAN_SIGN = re.compile("[一-龥]")


_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)}
_MONTH_BEHIND = r"(?:st|nd|rd|th)? (?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\b"
_SLIPS = (
    (re.compile(r"(?<![A-Za-z])[lI|](?=[0-2lI|oO]?月)"), "1"),
    (re.compile(r"(?<=[1lI|])[lI|](?=月)"), "1"),
    (re.compile(r"(?<=[0-9])[oOＯ〇](?=[0-9oO日曰月])"), "0"),
    (re.compile(r"(?<=月)[lI](?=[0-9lIoO]?[日号曰])"), "1"),
    (re.compile(r"(?<=月[1-3])[lI](?=[日号曰])"), "1"),
    (re.compile(r"(?<=月[1-3])[oO](?=[日号曰])"), "0"),
    (re.compile(r"(?<=[0-9])曰"), "日"),
    (
        re.compile(rf"(?<![A-Za-z0-9])[lI|](?=[0-9]?{_MONTH_BEHIND})|(?<=\b[0-3])[lI|](?={_MONTH_BEHIND})"),
        "1",
    ),
    (re.compile(rf"(?<=\b[1-3])[oO](?={_MONTH_BEHIND})"), "0"),
)


def plain_digits(part: str) -> str:
    """Full-width digits, and what a scanner takes for digits beside digits, as digits; positions are kept."""
    plain = part.translate(_FULL_WIDTH)
    for slip, sign in _SLIPS:
        plain = slip.sub(sign, plain)
    return plain


def _day(found: re.Match[str], known: int | None, after: date | None) -> Day | None:
    parts = _parts(found, after)
    if parts is None:
        return None
    year, month, day, coarse = parts
    dated = year is not None
    on = _dated(year or known, month, day) if (year or known) else next_on(month, day, after)
    return Day(found.start(), found.end(), on, dated, coarse) if on else None


def _parts(found: re.Match[str], after: date | None) -> _Parts | None:
    """Year, month, day (32 for the last) and how coarse the words are."""
    if "iso" in found.re.groupindex:
        return _chinese_parts(found.groupdict(), after)
    if found["tm"]:
        return (after.year, after.month, _LAST, "month") if after else None
    return _english_parts(found.groupdict())


_FIRST_PLAN = 2015
"""When the twelfth of the five-year plans ended: `“十二五”期间`."""


def _chinese_parts(g: dict[str, str | None], after: date | None) -> _Parts | None:
    if g["iso"] or g["dotted"]:
        year, month, day = ("iy", "im", "id") if g["iso"] else ("ty", "tm", "")
        return int(g[year] or 0), int(g[month] or 0), int(g.get(day) or _LAST), "day" if g["iso"] else "month"
    if g["moon"] or g["moonday"]:
        this = _moon(g["moon"] or g["this"] or "", after)
        return (*this[:2], int(g["md"] or _LAST), "day" if g["md"] else "month") if this else None
    if g["plan"]:
        return _FIRST_PLAN + 5 * "二三四五".index(g["plan"].strip('“"')[1]), 12, _LAST, "year"
    if g["bare"]:
        return _next_day(int(g["bd"] or 0), after)
    name = next(name for name in _STRETCHES if g[name])
    year_group, relative_group = _STRETCHES[name]
    coarse = ("day" if g["nd"] else "month") if name == "han" else name
    return _year(g[year_group], g[relative_group], after), *_month_and_day(name, g), coarse


_SPELLED_YEAR = re.compile(
    r"(?:二[〇○零0OＯ][一二三四五六七八九〇○零OＯ]{2}|2[OoＯ〇○][0-9OoＯlI]{2})(?=[ ]?年)"
)
_FIGURES = str.maketrans("〇○零OoＯlI一二三四五六七八九", "00000011123456789")


def in_figures(text: str) -> str:
    """The text with years such as 二〇二四年, or 2O24年 from a scanner, in figures; positions are kept."""
    return _SPELLED_YEAR.sub(lambda found: found[0].translate(_FIGURES), text)


_LAST = 32
_STRETCHES = {
    "day": ("y", "rel"),
    "month": ("my", "mrel"),
    "han": ("ny", "nrel"),
    "quarter": ("qy", "qrel"),
    "half": ("hy", "hrel"),
    "year": ("yy", "yrel"),
}


def _month_and_day(name: str, g: dict[str, str | None]) -> tuple[int, int]:
    if name == "day":
        return int(g["dm"] or 0), int((g["dd"] or "0").replace(" ", ""))
    if name == "han":
        return _han(g["nm"] or ""), _han(g["nd"] or "") or _LAST
    if name == "month":
        return int(g["mm"] or 0), _TENS.get(g["tens"] or "", _LAST)
    if name == "quarter":
        return 3 * _QUARTERS[g["q"] or "1"], _LAST
    return (6 if name == "half" and g["h"] == "上" else 12), _LAST


def _han(printed: str) -> int:
    """A month or a day in Chinese numbers: 十二, 二十三; 0 for nothing.

    >>> _han("十"), _han("二十"), _han("三十一"), _han("九")
    (10, 20, 31, 9)
    """
    tens, ten, ones = printed.rpartition("十")
    digits = "〇一二三四五六七八九"
    return (10 * (digits.find(tens) if tens else 1) if ten else 0) + (digits.find(ones) if ones else 0)


def _moon(words: str, after: date | None) -> _Parts | None:
    if after is None:
        return None
    if words.startswith("下"):
        following = after.replace(day=28) + timedelta(days=7)
        return following.year, following.month, 32, "month"
    return after.year, after.month, 32, "month"


def _next_day(day: int, after: date | None) -> _Parts | None:
    """The next such day after `after`, as `10日前` means it in a paper of the 3rd."""
    if after is None:
        return None
    month = after if day > after.day else after.replace(day=28) + timedelta(days=7)
    return month.year, month.month, day, "day"


def _year(printed: str | None, relative: str | None, after: date | None) -> int | None:
    if printed:
        return int(
            "".join(
                str("〇一二三四五六七八九".find(char.replace("○", "〇").replace("零", "〇")))
                if not char.isdigit()
                else char
                for char in printed
            )
        )
    if relative and after:
        return after.year + (relative in {"明年", "次年"})
    return None


def _english_parts(g: dict[str, str | None]) -> _Parts:
    if g["qn"] or g["qe"]:
        quarter = _NTH[g["nth"].lower()] if g["nth"] else int(g["q7"] or 1)
        year = _number((g["y5"] or g["y7"] or "")[:4])
        if g["fiscal"]:
            return (year or 0) + quarter // 4, (3 * quarter + 3 - 1) % 12 + 1, _LAST, "quarter"
        return year, 3 * quarter, _LAST, "quarter"
    if g["hn"]:
        first = g["nth2"] == "first" or g["h7"] == "1"
        return _number(g["y10"] or g["y11"]), 6 if first else 12, _LAST, "half"
    if g["ye"]:
        return _number(g["y8"]), 12, _LAST, "year"
    month = g["m6"] or g["m9"]
    named = next((g[name] for name in ("n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8") if g[name]), None)
    day = g["d1"] or g["d2"] or g["d6"] or g["d9"]
    year = _number(g["y1"] or g["y2"] or g["y3"] or g["y6"] or g["y9"] or g["y12"])
    coarse = "day" if day else "month"
    return year, int(month) if month else _month(named), int(day or _LAST), coarse


def _number(year: str | None) -> int | None:
    """A year of four digits, or of two in this century."""
    return 2000 + int(year) % 100 if year else None


def _month(name: str | None) -> int:
    return _MONTHS.index((name or "jan").lower()[:3]) + 1


def _dated(year: int | None, month: int, day: int) -> date | None:
    if not year or not 1 <= month <= 12 or day < 1:
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day, last)) if day in {32, 31, 30, 29} or day <= last else None


def next_on(month: int, day: int, after: date | None) -> date | None:
    """The next such day (32: the month's last) after `after`; None without it, or where there is none."""
    if after is None:
        return None
    on = _dated(after.year, month, day)
    return on if on and on > after else _dated(after.year + 1, month, day)


_FAR = 180
"""Days after which the next day of a name is further off than the last one was."""


def had_passed(on: date, after: date) -> bool:
    """Whether a day without its year, taken as the next one after `after`, was the last one before it."""
    return (on - after).days > _FAR
