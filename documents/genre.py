"""What sort of paper a text is by its first lines: rules, plans and calls hold nothing to be put right."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from documents.lexicon import alternatives, folded, is_latin, words
from rules.lifecycle import Kind

_MINUTES = re.compile(
    r"\b(?:minutes|notes|record) of (?:an?|the)?\b|\bnotes of meeting\b|"
    r"^(?![^\n]*[0-9] minutes)[^.\n]{0,60}\bminutes\b[^.\n]{0,60}$",
    re.MULTILINE,
)
_OPENING = 800


def is_minutes(text: str) -> bool:
    """Whether an English text is the minutes of a meeting, by its first lines."""
    head = folded(text[:_OPENING])
    return is_latin(head) and _MINUTES.search(head) is not None


_LINE = re.compile(r"[^\n]+")
_FIRST, _TOP, _HEAD = 6, 3, 2000
_LONGEST = 60
_SENTENCE = re.compile(r"[。；;，：:]|\. [A-Z]")
_CALLS = re.compile(
    r"关于(?:切实|认真|进一步)?(?:召开|举办|举行|开展|组织|做好|报送|征集|评选|推荐|转发|调整|参加)(?:(?!整改|限期|反馈)[^，。])*的"
    r"(?:预备|紧急|补充)?通知$"
)
"""A title that calls to a meeting, an event or a task: what it asks of all is nothing to put right."""
_EVENT = re.compile(
    r"关于(?:举办|举行|召开)[^，。]{2,40}(?:培训班?|轮训|班|讲座|竞赛|仪式|论坛|会议?)的(?:预备|补充)?通知$"
)
"""A call to a training or a meeting, whatever it is about: 关于举办整改台账培训班的通知."""
_SCHEME = re.compile(
    r"(?:检查|督查|巡查|排查|审计|评估|抽查|暗访|调研)(?:工作|实施|行动)?(?:方案|计划|安排)$|"
    r"(?i:(?!.*\b(?:action|improvement|corrective)\b).*\b(?:audit|inspection|monitoring|assurance) "
    r"(?:plan|programme|program|strategy|charter|calendar)\b.*)$"
)
"""A title of what will be looked at, before anybody has: 养老机构检查工作方案, Internal Audit Plan."""
_HEADING = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.]|[（(][一二三四五六七八九十\d]|\d{1,2}[.、 ]"
    r"|#{2,}|[-•●·▪–—] |下一?步|今后|下半年|后续"
)
"""How the heading of a section begins, which titles nothing but its own section."""
_ASIDE = re.compile(r"[，,：:]")
"""What parts a headline from its question to the reader."""
_STORY = re.compile(r"[ 　]*(?:——|—|--)记")
"""The second line of a story about somebody who deserves praise: `——记黑石村第一书记`."""
_CEREMONY = re.compile(
    r"(?:结业|毕业|开学|典礼|颁奖|表彰|庆祝|揭牌|揭幕|奠基|迎新|联欢|授牌|签约)[^，。]{0,12}(?:讲话|致辞|发言|贺词|祝词)$"
)
"""A title of a speech that wishes well and reports on nothing: `在培训班结业式上的讲话`."""
_GUIDE = re.compile(r"(?m)^(?:A |The )?(?i:guide|handbook|manual|guidance) (?:for|to|on) ")
"""A line at the head that names the paper a guide: `A guide for hostel managers.`"""
_COURSE = re.compile(
    r"(?i)\b(?:what you will learn|learning outcomes|who should attend|you will be able to|"
    r"by the end of (?:the|this)(?: [a-z]+)? (?:course|day|session|workshop|training))\b"
)
"""What a brochure says of a course: two of these make it one."""
_OTHER = re.compile(
    r"(?i)(?:call for (?:papers|abstracts|entries|applications)|(?:book|film|album) review|chapter)\b|"
    r"(?:case study|(?:customer|success) story)(?: [0-9]{1,3})?(?=[ ]*[:\n–—-])|"
    r".*\b(?:release notes|course description)\b"
)
"""A first line of what is no office's report: `CALL FOR PAPERS`, `Release notes 4.2`, `Chapter Twelve`."""
_QUESTIONS = re.compile(r"常见问题|(?:政策|知识|热点|业务)(?:问答|解答)|(?i:\bfaqs?\b|frequently asked)")
"""A title over questions that anybody may have, and their answers."""
_FOLLOWED_UP = re.compile(r"(?i)\bfollow(?:ed)?[- ]?up\b")
_ALL_CLOSED = re.compile(
    r"(?i)\ball (?:of )?(?:the )?(?:[a-z]+ ){0,3}(?:actions?|recommendations?|findings|points)"
    r"(?: [a-z]+){0,3} (?:have|has|are|were)(?: now| all)? (?:been )?(?:fully )?"
    r"(?:implemented|completed?|closed|cleared|resolved)\b|"
    r"\bno (?:further|new)(?: [a-z]+){0,2} (?:action|follow-up|work)(?: [a-z]+){0,2} "
    r"(?:is|are) (?:needed|required|planned)|"
    r"\b(?:actions|recommendations|findings) (?:still )?(?:outstanding|open): *(?:0|none|nil)\b"
)
"""How a follow-up says that nothing of what it looked at is left to be tracked."""


def _closed_again(text: str) -> bool:
    return _FOLLOWED_UP.search(text[:_LEAD]) is not None and _ALL_CLOSED.search(text) is not None


_LEAD = 200


_NEWS = re.compile(
    r"(?!.*\b(?:[Rr]eport|[Aa]udit|[Rr]eview|[Ii]nspection|[Mm]inutes|[Nn]otice)\b)[A-Z][\w' -]{2,60} "
    r"(?:wins|won|named|awarded|receives|celebrates|honou?red|shortlisted|praised|recogni[sz]ed)\b.{2,80}|"
    r"[^《》：:]{2,24}(?:召开|举行|举办|获评|荣获|喜获|斩获|荣膺|入选)[^。，《》]{2,40}(?<!问题)"
    r"(?:会|会议|大会|仪式|活动|比赛|单位|集体|称号|荣誉|奖|奖项|名单|试点|示范[区县镇村校院])$"
)
"""A headline: who met, or who won what."""
_PRESS = re.compile(
    r"来源[：:][^\n]{2,40}(?:作者|记者|通讯员|浏览|阅读|点击|编辑)|"
    r"(?:^|\n)[^\n]{0,8}(?:本报|本网|本台)讯|通讯员[ 　]?[一-龥]{2,4}[）)\n]"
)
"""Where the head of a page says that it was printed for the public."""
_SPOKEN = ("讲话", "致辞", "发言", "贺词", "动员讲话")
"""How titles of speeches end: one that names a single fault and asks for nothing only exhorts."""
_REPORTS = ("报告", "情况", "总结", "汇报", "方案", "通报", "公告", "公示", "通知", "清单", "台账")
_MARKS = re.compile(r"[《》“”\"'）)\s　]*(?:[（(][^（）()]{1,16}[）)])?[\s　]*$")


_CHARGED = re.compile(r"[（(][^（）()\n]{0,60}(?:牵头|负责|责任)[^（）()\n]{0,60}[)）]")
_FEWEST_CHARGED = 5


def is_charged(measures: list[str]) -> bool:
    """Whether a plan says in brackets of most of its measures who is in charge of them."""
    charged = sum(_CHARGED.search(one) is not None for one in measures)
    return len(measures) >= _FEWEST_CHARGED and charged * 2 > len(measures)


def holds_nothing(text: str, kinds: Iterable[Kind], *, charged: bool = False) -> bool:
    """Whether what was found cannot be meant: anything in rules or greetings, measures in a mere plan.

    A plan that answers problems, whose title speaks of findings or that is `charged` is no mere plan.
    """
    titles = list(_titles(text))
    of_findings = any(map(_of_findings, titles))
    if _tells_of_none(titles, of_findings=of_findings) or _closed_again(text):
        return True
    if _is_for_readers(text):
        return True
    if any(map(_NEWS.fullmatch, titles[:1])) or any(map(_STORY.match, text[:_HEAD].splitlines()[:_FIRST])):
        return True
    found = list(kinds)
    if Kind.PROBLEM in found:
        return found == [Kind.PROBLEM] and any(title.endswith(_SPOKEN) for title in titles[:_TOP])
    if _PRESS.search(text[:_LEAD]) and not any(title.endswith(_REPORTS) for title in titles):
        return True
    mere = any(_ends(title, "plan") for title in titles) and not (of_findings or charged)
    return mere or any(way.search(title) for title in titles for way in (_CALLS, _EVENT, _SCHEME))


def _is_for_readers(text: str) -> bool:
    """Whether the head of a paper says that it is a guide, a course or something else that teaches."""
    if _GUIDE.search(text[:_LEAD]) or _OTHER.match(text.lstrip()[:_LEAD]):
        return True
    return len({found[0].lower() for found in _COURSE.finditer(text[:_HEAD])}) > 1


def _tells_of_none(titles: list[str], *, of_findings: bool) -> bool:
    """Whether one of the first titles names a sort of paper that reports on nothing."""
    return any(
        _ends(title, "closed")
        or any(way.search(title) is not None for way in (_CEREMONY, _QUESTIONS))
        or (_ends(title, "rules") and not (of_findings and _may_answer(title)))
        for title in titles[:_TOP]
    )


def _may_answer(title: str) -> bool:
    """Whether rules of this name may be about findings: English ones, and promises (整改承诺书)."""
    return is_latin(title) or title.endswith("承诺书")


def _titles(text: str) -> Iterable[str]:
    """The first lines that read as titles: short, and no sentences."""
    for line in islice(_LINE.finditer(text[: _FIRST * 200]), _FIRST):
        said = _MARKS.sub("", line[0].strip(" 　\t#*"))
        short = 0 < len(said) <= _LONGEST * (1 + is_latin(said))
        told = said.replace(": ", " ", 1) if is_latin(said) else said
        if said.endswith(("？", "?", "！", "!")):
            said = told = _ASIDE.split(said)[0]
        if short and not _SENTENCE.search(told) and not _HEADING.match(said):
            yield said


@lru_cache(maxsize=64)
def _ends(title: str, sort: str) -> bool:
    """Whether a title ends with a word of that sort; an English one may hold it anywhere."""
    known = words("genre", sort)
    if is_latin(title):
        return re.search(alternatives(known), folded(title)) is not None
    return title.endswith(tuple(word for word in known if not word.isascii()))


@lru_cache(maxsize=64)
def _of_findings(title: str) -> bool:
    return re.search(alternatives(words("genre", "findings")), folded(title)) is not None
