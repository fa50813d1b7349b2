"""The title of a draft, and where the words of a draft really end."""

import re
from functools import lru_cache

from documents.clauses import stripped
from documents.lexicon import alternatives, folded, is_latin, words
from documents.reading import Span

LONGEST_TITLE = 60
_LAST_LEAD = re.compile(
    r"\n(?:[^\n]{2,40}[：:]|[ \t　]*(?:第?[一二三四]季度|[上下]半年|(?:贯穿)?全年)[^\n。；，：]{0,16})\Z"
)
"""A last line that leads to what follows: `二季度（抓推进）` over the next tasks of a plan."""
_SENTENCE_END = re.compile(
    r"[。；;\n！？!?：]|:(?=\s|[^\x00-\x7f])|(?<!\b[A-Z])(?<!\b[NnDM][or])(?<!\bDept)\.(?=\s|$)"
)
_CLAUSE_END = re.compile(r"(?<!\d),|,(?!\d)|[，。；;：:！？!?\n]")
_AROUND = " 　\t*#_.、．，,；;"
_DAY = (
    r"[ 　]*(?:[0-9XxＸ×〇○OＯ零一二三四五六七八九\-]{2,4}[ 　]?年"
    r"[ 　]?[0-9XxＸ×一二三四五六七八九十]{1,3}[ 　]?月)"
)
_ENUMERATED = re.compile(
    r"(?:针对|关于|对于?)(?:上述)?第?问题(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
    r"(?:[、和及与至-](?:[0-9]{1,2}|[一二三四五六七八九十]{1,3}))*[：:，,]|"
    r"(?:下一步|下步|目前|同时|对此|为此|今后|另外|此外)[，,]|"
    r"(?:经?(?:检查|督查|自查|核查|抽查|走访|调研|排查|暗访)(?:中)?发现|经查)[，,：:]|"
    r"(?:已完成|基本完成|已基本完成|部分完成|已整改|整改完成|已办结|正在(?:推进|整改|办理)|推进中|进行中|长期坚持|持续推进|未完成|尚未完成)[。；]|"
    r"(?:[一二三四五六七八九首]是|一要|首先[，,]|第一[，,]|[①⑴]|[（(](?:1|一|a|i)[）)]|1[.、](?![0-9]))[ 　]*"
)
"""What may stand before the words of a fix: the first number of its own steps, or when it begins."""
_FIELDS = re.compile(r"[（(，,；;](?:责任|牵头|整改|配合|完成|承办|主办|包保|督办)[一-龥]{0,6}$")
"""The first of the fields behind a title, whose colon ended the first sentence."""
_PLACE = re.compile(
    r"[一-龥A-Z0-9#]{1,10}(?:村|镇|乡|街道|社区|小区|[林农牧渔市]场|局|(?<!车)间|[库厨机平]房|场所|室|工地|门店|食堂|窗口|大厅)[：:]|"
    r"(?:Regulation|Standard|Outcome|Article|Clause) [0-9.]{1,6}[a-z]?: "
)
"""The place or the number of a rule that an entry begins with, which alone would be no title: `赵桥村：…`."""
_SIGNATURE = re.compile(rf"\n(?:[^\n。；;：:]{{2,30}}\n[ \n]{{0,3}})?{_DAY}[^\n。；，]{{0,6}}[ 　]*(?=\n|$)")
_REPORT_DUTY = re.compile(
    r"(?:(?<=[。\n；;])|(?<=[一-龥]\.))[ \t　]*(?:请|(?!由)[一-龥]{0,14}(?:须|应|要|务必|请))[一-龥]{0,8}?"
    r"(?:于|在)?[^。；;\n]{2,14}(?:前|内)[，,]?[^。；;\n]{0,24}?"
    r"(?:报送|上报|报告|书面报|反馈|报我|报至|报[一-龥]{2,12}(?:局|办|室|委|处|科|部|队|院))"
    r"(?:(?!完成|建成|到位)[^。；;\n]){0,24}[。.]?\s*\Z"
)
"""A last sentence that only says until when and to whom to report."""
_WATCHED = re.compile(
    r"(?<=[。\n；;])[ \t　]*[一-龥]{0,12}将(?:会同[一-龥]{2,12})?(?:适时|不定期|择机|定期|届时)"
    r"[^。；，\n]{0,8}(?:督查|督导|检查|抽查|复查|通报|回头看|跟踪问效)[^。；\n]{0,24}。?\s*\Z"
)
"""A last sentence that only says who will look at it later."""
_OF_ALL = re.compile(
    r"\n[ \t　]*(?:上述|以上)(?:各项|所有|全部)?(?:措施|任务|事项|工作)(?:，|由|须|要|应|均|请)[^\n]*\Z"
)
"""A last paragraph about all that was said before: `上述措施由安全部逐项验证`."""
_HOPES = re.compile(
    r"(?<=[。\n；;.])[ \t　]*[我本][一-龥]{1,5}?(?:将|会|一定)?"
    r"以(?:此次?|[这本]次)[^。；\n]{0,20}为(?:新的)?(?:契机|起点|动力)"
    r"[^。；\n]*(?:贡献|台阶|局面|答卷|力量|保障)"
)
"""A last sentence on what great things the check will lead to."""
_INLINE_SIGNATURE = re.compile(
    rf"(?<=[。；;])[^。；;，,：:\n]{{2,24}}?{_DAY}[ ]?"
    r"(?:(?:[0-9XxＸ×]{1,3}|[一二三四五六七八九十]{1,3})[ ]?[日号])?(?=附|$|第[0-9lI]{1,3}页)"
)


_CODED = re.compile(
    r"OUT(?: of compliance)?[ :]+(?=[A-Z])|"
    r"[A-Z]{1,3}-?[0-9]{1,3}[.:]? (?:[(\[](?:High|Medium|Low|Major|Minor|Critical)[)\]][.:]? )(?=[A-Z])"
)
"""The code of an issue, or how an inspector marked it, before its words: `I-04 (High) Accounts do not …`."""


@lru_cache(maxsize=1)
def _owned() -> re.Pattern[str]:
    """A bare number or whoever acts, in front of what an English measure says: `Facilities: remove …`."""
    verb = "|".join(words("clause", "imperative"))
    return re.compile(
        r"[0-9]{1,2} (?=[A-Z][a-z])|[A-Z][\w/&' ]{1,40}? [–—] (?=[a-z]+ (?:the|an?|all|in|to|for)\b)|"
        rf"[A-Z][\w'&/-]*(?: (?:[A-Z&]|and )[\w'&/-]*){{0,2}}: (?=(?:{verb})\b)"
    )


_TURNS_TO = re.compile(
    r"(?:On (?:the |our |your )?[a-z(][^,.;:\n]{0,60}|"
    r"(?:As (?:to|for|regards)|With (?:regard|respect) to|Regarding|Concerning|Turning to) [^,.;:\n]{2,60}|"
    r"(?:(?:Rather|Far|Somewhat|Much) )?(?:[Mm]ore|[Ll]ess) [a-z]+|"
    r"In addition|Finally|Lastly|Also|Further|Furthermore|Moreover), (?=[A-Za-z])"
)
"""Words of an English sentence before its first comma that only turn to the matter: `As to the gate, …`."""


def title_span(text: str, start: int, end: int) -> Span:
    """The heading: the lead sentence if it is short, else its first clause; empty only without words."""
    begin = stripped(text, start, end).start
    lead = _ENUMERATED.match(text, begin, end)
    begin = lead.end() if lead and text[lead.end() : end].strip(_AROUND + "\n") else begin
    window = text[begin : min(end, begin + 4 * LONGEST_TITLE)]
    for opening in (_CODED, _owned(), _TURNS_TO):
        found = opening.match(window)
        begin, window = (begin + found.end(), window[found.end() :]) if found else (begin, window)
    place = _PLACE.match(window)
    sentence = _cut(window, _CLAUSE_END, least=place.end()) if place else _cut(window, _SENTENCE_END)
    if len(sentence) > (LONGEST_TITLE // 2 if not is_latin(sentence) else 2 * LONGEST_TITLE):
        sentence = _cut(window, _CLAUSE_END, least=4)
    fields = _FIELDS.search(sentence, 4) if window[len(sentence) : len(sentence) + 1] in {"：", ":"} else None
    sentence = sentence[: fields.start()] if fields else sentence
    kept = _RATED.sub("", sentence).rstrip(_AROUND + "\n") or window[:1]
    return Span(begin, begin + min(len(kept), 2 * LONGEST_TITLE))


_RATED = re.compile(
    r"(?<=[a-z])(?: {3,}[(\[]?[A-Z][A-Za-z]{0,9}[)\]]?|"
    r" +[(\[](?:[A-Z]|High|Medium|Low|Major|Minor|Critical|Significant|Moderate)[)\]])\Z"
)
"""How grave or how good it is, behind a gap at the end of a heading: `Floor clean      [N]`."""


def _cut(window: str, stop: re.Pattern[str], least: int = 1) -> str:
    """The words before the first stop outside of quotation marks that close soon."""
    found = stop.search(window, min(least, len(window)))
    if found is None:
        return window
    quoted = _QUOTED.search(window, 0, LONGEST_TITLE)
    if quoted and quoted.start() < found.start() < quoted.end() < LONGEST_TITLE:
        return _cut(window, stop, quoted.end())
    return window[: found.start()]


_QUOTED = re.compile(r"“[^“”\n。]*”")


@lru_cache(maxsize=1)
def _closing() -> re.Pattern[str]:
    said = alternatives(words("clause", "closing"))
    line = alternatives(words("clause", "closing_line"))
    leads = r"(?!会议(?:认为|指出)，[^。：:\n；]{4,50}[：:][^。\n]{6,}；)"
    return re.compile(rf"(?<=[。\n；;])[ \t　]*{leads}{said}|\n[ \t　]*(?:{line}|\n[ \t]*{said})")


def trimmed(text: str, start: int, end: int) -> int:
    """The end of a draft without closing remarks, signature, date, adverts and blank space behind it."""
    part = text[start:end]
    for pattern in (_closing(), _SIGNATURE, _INLINE_SIGNATURE, _HOPES, _REPORT_DUTY, _WATCHED, _OF_ALL):
        found = pattern.search(folded(part) if pattern is _closing() else part)
        if found and found.start() > 0:
            part = part[: found.start()]
    return start + len(_LAST_LEAD.sub("", part.rstrip()).rstrip())
