"""Numbering marks: where a unit of a report begins, in any style, at a line's start or within it.

A mark has a style (marks of one style are siblings) and a rank (how deep the style stands by custom:
一、 above （一） above 1. above （1） above ① above 一是). Slips such as （-） for （一）, half-width
brackets, gaps and repeats are taken as they come.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from documents.label_words import QUESTION, label_pattern
from documents.lexicon import alternatives, field_line, folded, words
from documents.number_signs import BRACKETED, CIRCLED, DOTTED, FORMAL, HAN, value_of
from documents.sections import Announced

_RANKS = {
    "part": 0.0,
    "hash1": 0.1,
    "hash2": 0.2,
    "hash3": 0.3,
    "roman": 0.8,
    "han": 1.0,
    "topic": 1.4,
    "heading": 1.5,
    "paren": 2.0,
    "word-problem": 2.4,
    "word-measure": 3.05,
    "minute": 2.8,
    "digit": 3.0,
    "decimal2": 3.1,
    "decimal3": 3.2,
    "capital": 3.25,
    "code": 3.3,
    "label": 3.4,
    "lead": 3.4,
    "half": 3.6,
    "round": 4.0,
    "small": 4.1,
    "letter": 4.2,
    "step": 4.3,
    "circled": 5.0,
    "ordinal": 5.5,
    "clause": 6.0,
    "bullet": 7.0,
}

_STOP_SIGNS = r"[。；;：:！!？?》」』】）)\]”\"…，,]"
_BEFORE_INLINE = (
    rf"(?:(?<={_STOP_SIGNS})|(?<={_STOP_SIGNS}[ 　])|(?<=\. )|(?<=[一-龥]\.)|(?<=[;,] and )|(?<=[;,] or ))"
)
_COUNTED = (
    r"[1-9][0-9]{1,2}(?:户(?![外籍口内])|家(?![庭属长具校园务])|名(?![称单录额义])|处(?![理置罚方室长])|"
    r"间(?![距隔])|台(?![账帐])|项(?!目)|人次|[辆具盏])"
)
"""How many there are of a thing, right behind a number: `3.17户…` is a third entry."""
_STYLES = (
    (
        "part",
        (
            rf"(?:第[{HAN}]{{1,3}}(?:部分|章|篇|节)[ \t　]*[、：:]?|"
            r"(?i:chapter|part|section) (?:[0-9]{1,2}|[IVX]{1,4}|[A-H])"
            r"(?:[.:)]|[ ]?[—–-]|(?=[ \t]{2}))(?=[ \t]))"
        ),
    ),
    (
        "han",
        (
            rf"(?:[{HAN}]{{1,3}}[ \t]?[、.．，,：:](?![{HAN}]{{1,2}}[、级类年月周日班号组期楼层天])|"
            rf"(?<![^\n \t　])(?:ニ|[-—－ー])、(?=[一-龥])|"
            rf"(?<![^\n \t　])[{FORMAL}]{{1,2}}(?:[、.．]|[ 　](?=[一-龥])))"
        ),
    ),
    ("paren", rf"[（(〔【][ \t]?(?:[{HAN}]{{1,3}}|[-—－–＝=ニ])[ \t]?[)）〕】〉》][、.．]?|[㈠-㈩][、.．]?"),
    (
        "decimal",
        (
            rf"(?!0[.．]|[0-9]{{1,2}}[.．]{_COUNTED})"
            r"(?:[0-9０-９]{1,2}|[0-9][lIO]|[lI][0-9]?)(?:[.．][0-9]{1,2}){1,2}[、.．]?"
            r"(?=[ \t　]|[^\W\d_])(?![万亿个元平公％%月号栋楼])"
            r"(?![ ](?:per ?cent|m/s|km|kg|[mc]m|million|hours)\b)(?!(?<=[.．][0-9])#|(?<=[0-9]{2})#)"
        ),
    ),
    ("minuted", r"[0-9]{2}/[0-9]{1,3}(?=[ \t]+[A-Z])"),
    ("half", r"[0-9０-９]{1,3}[)）][、.．]?"),
    (
        "digit",
        (
            r"(?:(?<![^\n])[0-9]{1,2}[ ]{2,4}(?=[A-Z][a-z'-]* (?:(?! {3})[^\n|\t]){20,}[.;]$)|"
            r"[0-9]{1,2}[a-h](?=[ \t]+[A-Z][a-z]+[ ])|"
            r"(?:[0-9０-９]{1,3}|[0-9][lIO]|[lI][0-9O]|l(?=[、.．][一-龥]|[.] [A-Z]))"
            rf"(?:[ \t]?(?:[.．](?:(?![0-9０-９])|(?=20[0-9]{{2}}年|[0-9]{{1,3}}[月号栋楼#]|{_COUNTED}))|"
            r"、(?![0-9]{1,3}[、和及][0-9]{1,3}[号栋#楼])|"
            r"[，,](?=[^\W\d_]|(?<=\n[0-9],) [A-Z]))|"
            r"[ 　](?=[一-龥]{3,14}[ 　]*$|"
            r"[一-龥、]{3,24}(?:问题|措施|情况|处理|整改|重点|打算|安排|建议)[ 　]*$)))"
        ),
    ),
    ("round", r"(?:[（(][ \t]?(?:[0-9０-９]{1,3}|l)[ \t]?[)）〕][、.．]?|[" + BRACKETED + "])"),
    ("circled", rf"[{CIRCLED}][、.．]?"),
    ("dotted", rf"[{DOTTED}]"),
    (
        "clause",
        (
            rf"(?:[{HAN}]{{1,2}}(?:是|要|来|抓(?=[一-龥]{{1,8}}[，,]))(?!否)|"
            r"其[一二三四五六七八九十](?:是)?[，,、：:]?)"
        ),
    ),
    (
        "ordinal",
        (
            rf"(?:第[{HAN}]{{1,2}}(?:[，,、是：:]|[件条点个类桩](?:事情?|问题)?[，,：:是])|"
            rf"第[0-9]{{1,2}}[项条件](?:[，,、：:]|[ 　]{{0,2}}(?=[一-龥])(?![已须应均和至的]))|"
            rf"(?:首先|其次|再次|再者|此外|另外|最后)[，,是]|"
            rf"And (?:second|third|fourth|fifth|sixth|finally|lastly)(?:ly)?,(?=[ ])|"
            rf"(?:First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Final|Last)(?:ly)?,(?=[ ])|"
            rf"(?:Second|Third|Four|Fif|Six|Seven|Eigh)(?:th)?ly(?=[ ][a-z]))"
        ),
    ),
    ("roman", r"[IVX]{1,5}[.)、](?=[ \t])"),
    ("capital", r"[A-Z][.)](?=[ \t])"),
    ("small", r"(?:[(（](?:i{1,3}|iv|vi{0,3}|ix|x)[)）]|(?:i{1,3}|iv|vi{0,3}|ix|x)[.)）](?=[ \t]))"),
    ("letter", r"(?:[(（][a-z][)）]|(?:[0-9]{1,2})?[a-z](?:[.)](?=[ \t])|[.)）](?=[一-龥])))"),
    (
        "code",
        (
            r"[A-Z]{1,4}(?:(?:-[0-9]{1,2}[.][0-9]{1,2}|[-. ]?[0-9]{1,3}|-[0-9]{2}O|-O[0-9])"
            r"[.:)：、]?(?:[ \t　]+|(?=（))"
            r"(?:[(\[（](?:[A-Z][a-z]{2,12}|[A-Za-z0-9 .,-]{2,40}|[一-龥]{1,6})[)\]）]"
            r"[:.]?(?:[ \t]+|[ \t]*\n))?|"
            r"(?<=F)[ ]?[0-9]{3}[ \t]+|[ ][0-9]{2,3}[ \t]{2,}|[ -]?20[0-9]{2}[-/][0-9]{1,3}[.:)]?[ \t]+)"
            r"(?=[A-Z一-龥]|[0-9]{1,3}(?:%| [a-z]))|"
            r"20[0-9]{2}-[0-9]{2,3}[.:]?[ \t]+(?=[A-Z])|"
            r"[A-Z]{2,4} [0-9]{2}/[0-9]{1,2}[.:]?[ \t]+(?=[A-Za-z])|"
            r"(?:[0-9]{2}/[0-9]{2,4}-[0-9]{1,3}|[A-Z]{2,4}/[0-9]{2,4}[/-][0-9]{1,3})[.:]?[ \t]+(?=[A-Z])"
        ),
    ),
    (
        "minute",
        (
            r"(?:会议(?!时间|地点|主题|议题|内容|名称|记录|主持|人员|地址|日期|编号|概况)|"
            r"大家|与会人员)(?:还|一致)?[一-龥]{2,4}(?:[，,：:]|(?=了|前|近))"
        ),
    ),
    (
        "bullet",
        (
            r"(?:【(?!(?:整改(?:措施|情况|结果|意见|进展)?|措施|举措|答复|回应|"
            r"(?:责任|牵头|配合|承办|整改|完成|办结|销号|督办)(?:单位|部门|科室|领导|人|时限|时间|期限|目标|状态))】)"
            r"[^【】\n]{2,12}】"
            r"(?=[ \t　]?[^\s【】][^\n]{8})|"
            r"[•●○■◆▲△◎▪◇□►▶‣★☆➢➤❖✦⊙※√☑✓·]|——[ 　]?(?=[^—\s])|[–—](?=[一-龥])|"
            r"[-–—*+](?=[ \t])(?![ \t]?[0-9]{1,4}[ \t]?[-–—]))"
            r"[ \t　]*(?:\[[ xX]\][ \t]*)?"
        ),
    ),
)
_INLINE = {"paren", "round", "circled", "clause", "ordinal", "han", "digit", "half", "dotted"}
_AFTER_STOP_ONLY = {"han", "digit", "half", "paren"}
_STOPS = frozenset('。；;：:！!？?》」』】）)]”"… 　')
_NOT_AN_ORDINAL = re.compile(r"此外|另外|最后|再者")


@dataclass(frozen=True, slots=True)
class Mark:
    """The printed number from `start` to `end`; the title follows at `end`.

    `value` is the number it stands for, None where the style or a slip gives none; `at_line` says whether
    the unit begins its line.
    """

    start: int
    end: int
    style: str
    value: int | None
    at_line: bool
    limit: int | None = None
    """Where the unit ends at the latest: its own paragraph's end, if it begins within one."""
    said: Announced | None = None
    """What a label announces that only this text uses."""

    @property
    def rank(self) -> float:
        """How deep the style stands by custom; smaller is higher."""
        if self.style == "small" and not self.at_line:
            return _RANKS["step"]
        return _RANKS["digit" if self.style == "ordinal" and self.at_line else self.style]


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    box = r"(?:(?:[□☐☑■√✓]|\[[ xX]\])[ ]?(?=[（(]?[0-9一二三四五六七八九十]{1,3}[a-h]?[.、．）)]))?"
    line = rf"(?P<line>^[ \t　]*(?P<hash>#{{1,6}}[ \t]*)?(?:\*\*|__)?{box})"
    at_line = [f"(?P<l_{name}>{body})" for name, body in _STYLES]
    inline = [f"(?P<i_{name}>{body})" for name, body in _STYLES if name in _INLINE]
    inline.append(r"(?P<i_small>[(](?:i{1,3}|iv|vi{0,3}|ix|x)[)])|(?P<i_letter>[(][a-z][)])")
    last = r"(?<= and )(?P<a_letter>[(][b-z][)])"
    first = (
        r"(?<=[a-z] )(?:(?P<b_letter>[(]a[)](?! (?:notes?|approves?|agrees?|receives?)\b)"
        r"(?=[^\n(]{8,240}[;,] (?:and )?[(]b[)]))|"
        r"(?P<b_small>[(]i[)](?=[^\n(]{8,240}[;,] (?:and )?[(]ii[)])))"
    )
    return re.compile(
        f"{line}(?:{_noun_marks()}|{'|'.join(at_line)})|{_BEFORE_INLINE}(?:{'|'.join(inline)})|{last}|{first}|"
        rf"(?P<f_circled>[{CIRCLED}](?![和及与至、]?[{CIRCLED}）)\]】]))|(?P<f_paren>[（(][一-][)）])|"
        r"(?P<f_ordinal>(?<=[0-9][ \t])(?:(?:First|Second|Third|Fourth|Fifth|Final|Last)(?:ly)?,|"
        r"(?:Second|Third|Fourth|Fifth)ly)(?=[ ]))|"
        r"(?P<f_han>(?<=[㐀-鿿][ 　])一、(?=[㐀-鿿]))|"
        r"(?P<f_digit>(?:(?<=[㐀-鿿])|(?<=[㐀-鿿][ 　]))[1１lI][、.．](?=[㐀-鿿]))",
        re.MULTILINE,
    )


def _noun_marks() -> str:
    number = (
        rf"[ \t]{{0,2}}(?:No\.?[ \t]?|#[ \t]?)?(?:[{HAN}]{{1,3}}|"
        rf"[0-9]{{1,4}}(?:[-./][0-9]{{1,3}}){{0,2}}(?:[a-h](?![a-z]))?|[A-Z](?:[0-9]{{1,2}}|(?![A-Za-z])))"
        rf"(?:[ \t]?[(（][A-Za-z一-龥]{{1,16}}[)）])?"
        rf"(?:[ \t]{{0,2}}[】\]]?[:：.．、—–-]|[】\]]|(?<=[{HAN}])[ 　](?=[^\s])|"
        rf"(?<=[0-9])(?:　|(?=[“《])|[ ](?=[一-龥]{{4}}))|"
        rf"[ \t]{{2}}|(?<=[0-9]-[0-9]{{3}})[ ](?=[A-Z])|[ \t]*$)"
    )
    lead = (
        r"[【\[]?(?:Audit |Corrective |Agreed |Major |Minor |"
        r"(?:反馈|通报|突出|具体|主要|典型|重点|共性|个性|整改|工作|移交|督办)(?=[问隐任措举事]))?"
    )
    nouns = {name: alternatives(words("nouns", name)) for name in ("problem", "measure")}
    topic = alternatives(words("nouns", "topic"))
    return (
        "|".join(rf"(?P<n_{name}>{lead}(?i:{several}){number})" for name, several in nouns.items())
        + rf"|(?P<n_topic>{lead}(?:(?i:{topic})(?:{number}|[{HAN}0-9]{{1,3}}[ 　])|"
        rf"第[{HAN}]{{1,3}}[项个](?:{topic})[：:、　 ]))"
    )


def marks(text: str) -> Iterator[Mark]:
    """Every mark of the text in order of position; one pass, whatever the text.

    A mark inside a line counts only after a stop, and an Arabic number there only as the next of its row
    in the same paragraph, so that figures and references are no marks.
    """
    last: tuple[int, int] = (-1, 0)
    before: Mark | None = None
    line_end = -1
    for found in _pattern().finditer(text):
        mark = _mark(found)
        if mark.style == "small" and before is not None and _is_next_letter(text, before, mark):
            mark = replace(mark, style="letter")
        if mark.style == "ordinal" and _is_alone(found[0], before):
            continue
        if mark.style == "digit" and _BESIDE.search(found[0]) and not (before and before.value == mark.value):
            continue
        if found["a_letter"] and not (before is not None and _is_next_letter(text, before, mark)):
            continue
        if not (mark.at_line or _stands_free(text, mark) or _follows_heading(text, before, mark)):
            continue
        if mark.style in {"digit", "half"}:
            if not (mark.at_line or _goes_on(text, last, mark)):
                continue
            last = (mark.end, mark.value or 0)
        before = mark
        if not mark.at_line and mark.start >= line_end:
            line_end = text.find("\n", mark.start)
            line_end = len(text) if line_end == -1 else line_end
        yield mark if mark.at_line else replace(mark, limit=line_end)


_BESIDE = re.compile(r"[0-9][a-h]\Z")
"""A number that stands beside one of the same value alone: `4a` behind `4.`."""


def _is_next_letter(text: str, before: Mark, mark: Mark) -> bool:
    """Whether `(i)` follows `(h)`, and is a letter and no small Roman number."""
    last, this = (text[one.start : one.end].strip("()（） \t") for one in (before, mark))
    return before.style == "letter" and len(last) == len(this) == 1 and ord(this) == ord(last) + 1


_LONGEST_LABEL = 120


def begins_unit(text: str, position: int) -> bool:
    """Whether the line that begins here begins with a number, a bullet, a box of a checklist or a label."""
    found = _pattern().match(text, position)
    if found is not None and found["line"] is not None:
        return True
    if any(one.match(text, position) for one in (_TICK, _HEADER, QUESTION)):
        return True
    line = folded(text[position : position + _LONGEST_LABEL])
    return label_pattern().match(line) is not None or field_line().match(line) is not None


_HEADER = re.compile(
    r"(?:Date|Site|From|To|Cc|Subject|Present|Circulated|Location|Venue|Time|Period|Audit(?:or|ed)|Inspect(?:or|ed)|"
    r"Prepared|Reviewed|Author|Reference|Attend(?:ees|ance)|Apologies|Re)\b[A-Za-z -]{0,20}: "
)
"""A line at the head of an English paper that says when, where and by whom."""


_TICK = re.compile(r"[ \t　]{0,20}(?:[\[［][ xX√✓✔×✗✘]?[\]］]|[☑☐☒✗✘×])[ \t　]*\S")


_LONGEST_TITLE = 60


def _follows_heading(text: str, before: Mark | None, mark: Mark) -> bool:
    """In a text without line breaks a row begins right behind its heading: `二、存在问题（一）…`."""
    if before is None:
        above = text[: mark.start].rstrip(" 　")
        return mark.value == 1 and len(above) <= _LONGEST_TITLE and _STOPS.isdisjoint(above)
    if mark.value != 1 or before.rank >= mark.rank or mark.start - before.end > 25:
        return False
    return not any(char in _STOPS or char in "，,\n" for char in text[before.end : mark.start].rstrip(" 　"))


def _is_alone(printed: str, before: Mark | None) -> bool:
    """`此外` and its like end a row that words have numbered; by themselves they begin none."""
    in_row = before is not None and before.style in {"ordinal", "clause"}
    return _NOT_AN_ORDINAL.search(printed) is not None and not in_row


def _goes_on(text: str, last: tuple[int, int], mark: Mark) -> bool:
    if text[mark.start - 1] in ":：" and text[mark.start - 2 : mark.start - 1].isdigit():
        return False
    if mark.value == 1:
        return not text[mark.end : mark.end + 1].isdigit()
    stop = text[max(0, mark.start - 2) : mark.start].rstrip(" 　")[-1:]
    slip = stop in set("。；;.") and mark.value in {last[1], last[1] + 2}
    follows = mark.value == last[1] + 1 or slip
    same_line = text.rfind("\n", max(0, mark.start - 2000), mark.start) < last[0]
    return follows and (same_line or stop in {":", "："})


def _stands_free(text: str, mark: Mark) -> bool:
    before = text[mark.start - 1]
    if mark.style in _AFTER_STOP_ONLY and before not in _STOPS:
        return False
    if mark.style in {"digit", "half", "han"} and before in " 　":
        stop = text[max(0, mark.start - 2)]
        return stop in _STOPS or (stop == "." and mark.style == "digit")
    return True


def _mark(found: re.Match[str]) -> Mark:
    name = found.lastgroup or ""
    at_line = found["line"] is not None
    style = name[2:]
    start = found.end("line") if at_line else found.start()
    end = found.end()
    printed = found.group(0)[start - found.start() :]
    if name.startswith("n_"):
        noun = style if style == "topic" else "word-" + style
        return Mark(start, end, noun, value_of(printed), at_line)
    return Mark(start, end, _style(style, printed, found["hash"]), value_of(printed), at_line)


def _style(name: str, printed: str, hashes: str | None) -> str:
    if hashes:
        return f"hash{min(3, len(hashes.strip()))}"
    if name == "decimal":
        if printed.strip("、.． \t　").endswith(".0"):
            return "digit"
        return "decimal3" if printed.strip("、.．").count(".") + printed.count("．") > 1 else "decimal2"
    return {"dotted": "digit", "minuted": "decimal2"}.get(name, name)
