"""Who reports, on what and about which time: title, issuing body, period and date of a report."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from documents.dates import days, in_figures
from documents.dating import dated_on, signed_days
from documents.english_titles import NOISE, english_title
from documents.lexicon import alternatives, words
from documents.sections import announced

_HEAD = 1500
_LINES = 12
_GENRE = (
    r"(?:自查自纠报告|报告|总结|方案|汇报|情况|计划|讲话|清单|材料|通报|纪要|意见书|台账|记录|"
    r"简报|要点|说明|公告|公示|通知|回复|答复|思路|打算|摘编|意见|函|表|提纲|反馈|发言|评估|检查)"
)
_TITLE = re.compile(rf"[^。；;]{{4,60}}?{_GENRE}(?:[（(][^）)]{{1,12}}[）)])?")
_SHORT_TITLE = re.compile(rf"[一-龥]{{2,4}}{_GENRE}")
_RUN_ON = re.compile(
    rf"^[^。；;，,\n]{{4,50}}?{_GENRE}(?=根据|各|为了?|按照|自|近日|今年|20\d\d年|我|一、|现|[（(]|\s)"
)
_ANNEX = re.compile(r"附(?:件|表)?[ ]?[0-9一二三四五六七八九十]{0,2}[：:]?")
_BODY = re.compile(
    r"[一二三四五六七八九十]{1,2}、|[（(][一二三四五六七八九十]{1,2}[）)]|\d{1,2}[.、]|"
    r".*(?:现将|根据|为深入|为贯彻|如下).*|.*[：:]$|[-*•●] |.*同志们|\|"
)
_ORG_END = alternatives(
    (
        *words("names", "unit"),
        "小学",
        "中学",
        "幼儿园",
        "大学",
        "高中",
        "党校",
        "法院",
        "检察院",
        "二小",
        "一中",
        "学会",
        "基金会",
        "联合会",
        "合作社",
    )
)
_ORG_IN_TITLE = re.compile(
    rf"^(?!关于)(?P<org>[一-龥XＸx×*（）()A-Za-z]{{1,30}}?{_ORG_END})(?=关于|20\d\d|"
    rf"[二2][〇○0]|[一二三四]季度|上半年|年度|落实|开展|安全|食品|食堂|整改|自查|意识|工作|党|"
    rf"半年|专题|会议|消防|校舍|后勤|排查|自评|巡察|质量|服务|隐患|综合|民主|渣土|办公|班子|"
    rf"领导|对照|纪律|审计|财务|校园|环境|信访|防汛|扫黑|扶贫|乡村|医保|食药|物业|预算|内部|"
    rf"突出|主要|第)"
)
_ORG_IN_LEAD = re.compile(
    rf"(?:现将|，|,|。|^|\n)(?P<org>[一-龥XＸ×*]{{2,30}}?{_ORG_END})(?:20\d\d年|[一二三四]季度|"
    rf"上半年|对20|对照|于\d|于[一-龥]|关于|团结带领|现)"
)
_PERIODS = re.compile(
    r"(?P<from>(?P<y1>20\d\d)[年.](?P<m1>1[0-2]|0?[1-9])月?[ ]?(?:至|到|—|－|-|–|"
    r"~)[ ]?(?:(?P<y2>20\d\d)[年.])?(?P<m2>1[0-2]|0?[1-9])月(?![0-9]))|"
    r"(?P<hy>20\d\d)年?(?:度)?(?P<h>[上下])半年|"
    r"(?P<qy>20\d\d)年?(?:度)?第?(?P<q>[一二三四1-4])季度|(?P<my>20\d\d)年(?P<m>1[0-2]|"
    r"[1-9])月份?(?=[一-龥]{0,16}(?:工作|情况|报告|总结))|"
    r"(?P<y>20\d\d)(?:年度(?!民主|组织)|年(?=[一-龥“”]{0,24}(?:总结|情况|报告|述职|自评|工作|整改)))"
)
_ENGLISH_PERIOD = re.compile(
    r"(?:for the )?(?:period|quarter|year|months?)[^.\n]{0,30}? (?:from |of |"
    r"between )?(?P<a>[A-Z][a-z]+ \d{1,2}, 20\d\d)\s*(?:through|to|and|–|-|"
    r"until)\s*(?P<b>[A-Z][a-z]+ \d{1,2}, 20\d\d)|"
    r"(?P<dm>\b\d{1,2} [A-Z][a-z]+ 20\d\d)\s*(?:through|to|–|-|"
    r"until)\s*(?P<dn>\d{1,2} [A-Z][a-z]+ 20\d\d)"
)
_IN_YEAR = re.compile(
    r"\b(?P<y>20\d\d) \((?P<a>[A-Z][a-z]+ \d{1,2}) ?(?:[-–]|to) ?(?P<b>[A-Z][a-z]+ \d{1,2})\)"
)
"""The days of a period behind its year: `Spring 2024 (January 1 - March 31)`."""
_SCHOOL_YEAR = re.compile(r"\b(?P<y>20\d\d)[-–/](?P<z>\d\d)\b(?!-)")
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_ENGLISH_SPAN = re.compile(
    rf"\b(?:(?P<m1>{_MONTH})(?: ?[-–—] ?| to | through )(?P<m2>{_MONTH}),? (?P<ry>20\d\d)|"
    r"(?:(?P<h>First|Second) Half(?: of)?,? |H(?P<hn>[12]) )(?P<hy>20\d\d)|"
    r"(?P<q>First|Second|Third|Fourth|Q[1-4])(?: Quarter)?(?: of)?,? (?P<qy>20\d\d)|"
    r"(?P<fy>Calendar Year|Annual Report|Annual) (?P<y>20\d\d)|(?P<m>"
    rf"{_MONTH}) (?P<my>20\d\d)(?= (?:report|monthly|status)))",
    re.IGNORECASE,
)
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}


@dataclass(frozen=True, slots=True)
class Masthead:
    """`dated` is the day the report bears, `title_end` where the lines before its text end.

    `reference` is what a deadline without a year comes after: that day, else the period's end, else the
    latest day that the first lines name; None if they name none.
    """

    title: str | None
    org: str | None
    period: tuple[date, date] | None
    dated: date | None
    reference: date | None
    title_end: int


def masthead(text: str, lang: str) -> Masthead:
    """The head and foot of a report, read from its first 1,500 and last 600 characters."""
    lines = _head_lines(text)
    title, end = (english_title if lang == "en" else _chinese_title)(lines)
    signed = signed_days(text)
    org = _english_org(title, lines) if lang == "en" else _chinese_org(text, title, lines, signed)
    figures, headed = in_figures(text), in_figures(title or "")
    period, dated = _period(figures, headed or None, lang), dated_on(figures, lines, signed)
    reference = dated or (
        period[1]
        if period
        else _latest(figures) or _year_end(headed or figures[:_HEAD]) or _before_only_year(figures)
    )
    return Masthead(title, org, period, dated, reference, end)


def _latest(text: str) -> date | None:
    """The latest day or month that the first 600 characters name with its year, rows of tables left out."""
    head = re.sub(r"[^\n]*[|｜\t][^\n]*", "", text[:600])
    named = [day for day in days(head, 0, len(head), None) if not _LIMITS.match(head, day.end)]
    return max((day.on for day in named if day.dated and day.coarse in {"day", "month"}), default=None)


_LIMITS = re.compile(r"[ ]?(?:[底末]|之?前|以前|之?内)")
"""What makes a day a time limit, which tells nothing of when a paper was written."""


def _year_end(words_: str) -> date | None:
    """The last day of the first year that a title, or a head without one, names."""
    found = re.search(r"(?<![0-9])20[0-9]{2}(?=年)", words_) or _ENGLISH_YEAR.fullmatch(words_)
    return date(int(found["year"] if "year" in found.re.groupindex else found[0]), 12, 31) if found else None


_ENGLISH_YEAR = re.compile(
    r"(?=.*\b(?:[Rr]eport|[Rr]eview|[Ee]valuation|[Aa]ssessment|[Ii]nspection|[Aa]udit)\b)"
    r"(?!.*20[0-9]{2}.*20[0-9]{2})[^\n]*?(?<![0-9/])(?P<year>20[0-9]{2})(?![0-9/-])[^\n]*"
)
"""A title that names the year it looks back on: `Self-Evaluation 2023`."""


_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_READ_YEARS = 3000


def _before_only_year(text: str) -> date | None:
    """The last day before the one year that a paper without a date names; None if it names more."""
    years = set(_YEAR.findall(text[:_READ_YEARS]))
    return date(int(years.pop()) - 1, 12, 31) if len(years) == 1 else None


def _head_lines(text: str) -> list[tuple[int, str]]:
    """The first lines with their positions."""
    found = []
    for line in re.finditer(r"[^\n]+", text[:_HEAD]):
        words_ = line[0].strip(" \t　#*_")
        if words_:
            found.append((line.start() + line[0].index(words_), words_))
    return found[:_LINES]


def _chinese_title(lines: list[tuple[int, str]]) -> tuple[str | None, int]:
    if lines:
        run_on = _RUN_ON.match(lines[0][1])
        if run_on and len(lines[0][1]) > 60:
            return run_on[0], lines[0][0]
    plain = []
    for start, line in lines:
        if _ANNEX.fullmatch(line):
            continue
        if _BODY.match(line) or len(line) > 60 or line[-1] in "。；，":
            break
        if not _TITLE.fullmatch(line) and announced(line, least_coverage=0.85) is not None:
            break
        plain.append((start, line))
    for start, line in plain:
        if _TITLE.fullmatch(line) and not NOISE.match(line):
            return line, start + len(line)
    if plain and _SHORT_TITLE.fullmatch(plain[0][1]):
        return plain[0][1], plain[0][0] + len(plain[0][1])
    named = [one for one in plain if not NOISE.match(one[1]) and len(one[1]) > 6]
    return (named[0][1], named[0][0] + len(named[0][1])) if named else (None, 0)


def _signature(text: str, signed: list[re.Match[str]]) -> str | None:
    """Who signs: the words before the date at the foot, or a body's name as the last line."""
    last = text[-200:].rstrip().rsplit("\n", 1)[-1].strip()
    before_date = _SEAL.sub("", signed[-1]["org"].strip()) if signed else ""
    if _is_signer(before_date):
        return before_date
    return last if _is_signer(last) and re.search(_ORG_END + "$", last) else None


_SEAL = re.compile(r"[ 　]*[（(](?:盖章|公章|印章|章)[）)]\Z")


def _is_signer(name: str) -> bool:
    return 1 < len(name) <= 30 and not re.search(r"[\d。：:]", name) and not _TITLE.fullmatch(name)


def _chinese_org(
    text: str, title: str | None, lines: list[tuple[int, str]], signed: list[re.Match[str]]
) -> str | None:
    if title:
        found = _ORG_IN_TITLE.match(title)
        before = [
            line
            for _, line in lines
            if line != title and re.fullmatch(rf"[一-龥XＸ×*（）()]{{2,30}}{_ORG_END}", line)
        ]
        if before and lines[0][1] == before[0]:
            return before[0]
    else:
        found = None
    signature = _signature(text, signed)
    if signature:
        return signature
    if found:
        return found["org"]
    lead = _ORG_IN_LEAD.search(text[:_HEAD])
    return lead["org"].removeprefix("现将") if lead and title is None else None


def _english_org(title: str | None, lines: list[tuple[int, str]]) -> str | None:
    first = lines[0][1] if lines else ""
    return first if first and first != title and len(first) <= 60 and first[-1] not in ".:" else None


def _period(text: str, title: str | None, lang: str) -> tuple[date, date] | None:
    if lang == "en":
        return _english_period(text[:_HEAD], title or "")
    lead = re.split(r"\n[ \t　]*(?:一、|[（(]一|#|1[.、])", text[:_HEAD])[0][:600]
    for part in (title or "", lead):
        found = _PERIODS.search(part)
        if found and not (part is lead and found["y"] and title):
            return _stretch(found)
    return None


def _stretch(found: re.Match[str]) -> tuple[date, date]:
    g = found.groupdict()
    if g["from"]:
        return _months(int(g["y1"]), int(g["m1"]), int(g["y2"] or g["y1"]), int(g["m2"]))
    if g["hy"]:
        first = 1 if g["h"] == "上" else 7
        return _months(int(g["hy"]), first, int(g["hy"]), first + 5)
    if g["qy"]:
        quarter = _QUARTERS.get(g["q"]) or int(g["q"])
        return _months(int(g["qy"]), 3 * quarter - 2, int(g["qy"]), 3 * quarter)
    if g["my"]:
        return _months(int(g["my"]), int(g["m"]), int(g["my"]), int(g["m"]))
    return _months(int(g["y"]), 1, int(g["y"]), 12)


def _months(year: int, month: int, last_year: int, last: int) -> tuple[date, date]:
    return date(year, month, 1), date(last_year, last, monthrange(last_year, last)[1])


def _english_period(head: str, title: str) -> tuple[date, date] | None:
    found = _ENGLISH_PERIOD.search(head)
    if found:
        first, last = (found["a"], found["b"]) if found["a"] else (found["dm"], found["dn"])
        if both := _both_days(first, last):
            return both
    within = _IN_YEAR.search(head)
    if within:
        first, last = (f"{within[name]} {within['y']}" for name in ("a", "b"))
        if both := _both_days(first, last):
            return both
    ended = re.search(
        r"year end(?:ed|ing) (?P<day>[A-Z][a-z]+ \d{1,2}, 20\d\d|\d{1,2} [A-Z][a-z]+ 20\d\d)", head
    )
    last = next(days(ended["day"], 0, len(ended["day"]), None), None) if ended else None
    if last:
        return last.on.replace(year=last.on.year - 1, day=1) + timedelta(
            days=_to_next_month(last.on)
        ), last.on
    span, school = _ENGLISH_SPAN.search(title), _SCHOOL_YEAR.search(title)
    if not (span and span["m1"]) and school and int(school["z"]) == (int(school["y"]) + 1) % 100:
        return date(int(school["y"]), 9, 1), date(int(school["y"]) + 1, 7, 31)
    return _english_stretch(span)


def _both_days(first: str, last: str) -> tuple[date, date] | None:
    on = [day.on for part in (first, last) for day in days(part, 0, len(part), None)]
    return (on[0], on[1]) if len(on) == _BOTH and on[0] <= on[1] else None


_BOTH = 2


def _to_next_month(on: date) -> int:
    """The days from the first of this month, a year before, to the first of the month after it."""
    return monthrange(on.year - 1, on.month)[1]


def _english_stretch(found: re.Match[str] | None) -> tuple[date, date] | None:
    if found is None:
        return None
    if found["q"]:
        quarter = _QUARTERS.get(found["q"].lower()) or int(found["q"][1])
        return _months(int(found["qy"]), 3 * quarter - 2, int(found["qy"]), 3 * quarter)
    if found["y"]:
        return _months(int(found["y"]), 1, int(found["y"]), 12)
    if found["hy"]:
        last = 12 if (found["h"] or found["hn"]).lower() in {"second", "2"} else 6
        return _months(int(found["hy"]), last - 5, int(found["hy"]), last)
    if found["ry"]:
        first, last = (_MONTH.lower().split("|").index(found[name].lower()) + 1 for name in ("m1", "m2"))
        return _months(int(found["ry"]), first, int(found["ry"]), last) if first <= last else None
    day = next(days(found[0], 0, len(found[0]), None), None)
    return _months(day.on.year, day.on.month, day.on.year, day.on.month) if day else None
