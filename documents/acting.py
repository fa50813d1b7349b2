"""Who acts in Chinese running text: 由X负责, 安排X, X牵头, or X as the subject of a clause."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from documents.lexicon import words
from documents.names import (
    endings,
    is_named,
    is_no_name,
    is_specific,
    listed,
    person,
    several,
    without_role,
)
from documents.reading import Span

_LED = re.compile(r"具体|共同|统一|专人|分别|全面|直接|亲自|总体|牵头|专门|现场$|全程")
_CHARGED = re.compile(
    r"由(?P<names>[^，。；,;：\n由]{2,40}?)(?:具体|共同|统一|专人|分别|全面|直接|亲自|总体|"
    r"牵头|专门|总|全权|主要)*(?:负责(?!人)|牵头|承办|主办|包保|挂帅|跟进|盯着|盯办)"
)
_ANSWERS = re.compile(
    r"(?:^|(?<=[，。；;]))(?P<names>[^，。；,;：\n]{2,20}?)(?:是|为|任)(?:直接|第一|具体|主要)?责任人(?=[，。；;]|$)"
)
_CHECKED = re.compile(r"(?:双人)?(?:校核|复核|核验)")
_COUNTED = re.compile(r"[0-9一二两三四五六七八九十]{1,3}[名人位个]")
"""How many are sent: `委派监事1名`."""
_ACCEPTS = re.compile(r"(?:组织)?(?:检测|检验|鉴定|复检)?(?:验收)(?:合格|通过)|(?:检测|检验|鉴定|复查)合格")
_LEADS = re.compile(r"(?:具体|共同)?(?:牵头|主办|负责(?!人))")
_HELPS = re.compile(r"(?:积极|密切|全力|协同)?(?:配合|协办|协助)")
_HANDS = r"由|(?<!移)交给|安排|指派|责成|委派|经(?![济信发贸开])"
_BEGINS = (
    r"(?:^|(?<=[，,。；;：:\n】（(①②③④⑤⑥→])|(?<=[0-9][.．、])|(?<=[0-9一二三四五六][）)])|(?<=[一-龥]\.)|"
    r"(?<=牵头、)|(?<=负责、)|(?<=主办、))[ 　]*"
    r"(?:[本此该]项(?:工作|任务)?|今后|往后|下一步|同时|其余[^，。]{0,8}(?<!会)|剩余[^，。]{0,8}|目前|随后|后续|并|其中|即日起|"
    r"下步|下半年|对此|即|再|明年|整改后|[一-龥]{1,3}[前后](?=由)|[一-龥]{1,4}之前|另外|此外|首先|其次|(?:原则)?同意)?[,，]?"
    r"(?:[一二三四五六七八九十]是|[一二三]要|第[一二三四]，)?"
    r"由?(?:[现已]?(?:责成|责令|要求|督促|通知|委托|敦促|商请|建议|请))?"
)


_UNITS_NAMED_AFTER_WORK = (
    "组织[部科处股]|宣传[部科处股]|巡察(?:整改)?[组办]|(?:检查|巡查|督查|督导)[组室队科]|(?:监督|管理|审计|保障|培训|检测|检验|采购)[科室处所局部办]|"
    "(?:维修|检修|巡检|保养|保洁)[班组队]|(?:调度|监控|指挥)(?:中心|[室科台])"
)
"""What follows 党委 or 公司 and names a unit of it, though it begins as a word of doing does."""


@lru_cache(maxsize=2)
def _named_after(how: str) -> re.Pattern[str]:
    """Units and posts behind a word that hands over, or at a clause's start, before a verb or a stop."""
    verb = "|".join(words("names", "verb") + words("names", "doing"))
    post = "|".join(one for one in endings() if len(one) > 1)
    ending = rf"{'|'.join(endings())}|[员长](?={person()})"
    return re.compile(
        rf"(?P<how>{how})(?P<names>(?:(?:{post})|[一-龥A-Za-z0-9、]{{1,60}}?(?:{ending}))(?:{person()})?"
        rf"(?:（[一-龥]{{2,8}}）)?)"
        rf"(?!负责人|负责同志|普|协会|(?<=队)伍|{_UNITS_NAMED_AFTER_WORK})(?=[0-9０-９，。；：,;: \n]|"
        rf"$|[于在][0-9本下]|校核|复核|主办|{verb})"
    )


@dataclass(slots=True)
class _Acting:
    """The names of a measure by the part they take."""

    charged: list[str] = field(default_factory=list)
    handed: list[str] = field(default_factory=list)
    leading: list[str] = field(default_factory=list)
    helping: list[str] = field(default_factory=list)
    doing: list[str] = field(default_factory=list)


def acting(part: str) -> list[str]:
    """The owners of a measure, the ones in charge first; whoever merely acts counts where nobody is."""
    found = _Acting(
        charged=[
            name
            for way in (_CHARGED, _ANSWERS)
            for one in way.finditer(part)
            for name in listed(_LED.sub("", one["names"]))
        ],
        handed=[name for one in _named_after(_HANDS).finditer(part) for name in _handed(part, one)],
    )
    _subjects(part, found)
    found.leading += [one["name"] for one in _person_leads().finditer(part)]
    if found.charged:
        return _apart([found.charged, found.handed, found.leading, found.helping])
    if found.handed or found.leading:
        return _apart([found.handed, found.leading, found.helping, found.doing])
    return _at_the_end(part) or found.doing or _subject(part)


def _apart(groups: list[list[str]]) -> list[str]:
    """All names in order, each once."""
    kept: list[str] = []
    for names in groups:
        kept += [name for name in names if not any(_overlap(name, one) for one in kept)]
    return kept


def _overlap(one: str, other: str) -> bool:
    """Whether two names are one; `院感科` and `院感科专职人员黄琴` are two."""
    mine, theirs = one.removesuffix("总"), other.removesuffix("总")
    return mine.endswith(theirs) or theirs.endswith(mine)


def _handed(part: str, found: re.Match[str]) -> list[str]:
    if found["how"] == "由" and _ACCEPTS.match(part, found.end()):
        return []
    if _COUNTED.match(part, found.end()):
        return []
    checks = _CHECKED.match(part, found.end()) is not None
    return several(found["names"]) if checks or found["how"] != "经" else []


def _subjects(part: str, found: _Acting) -> None:
    """The names at the start of a clause, by what they do."""
    for one in _named_after(_BEGINS).finditer(part):
        leads = _LEADS.match(part, one.end()) is not None
        if not leads and (
            _ADVISED.search(part, one.start(), one.start("names")) or _BY.match(part, one.end())
        ):
            continue
        if leads:
            found.leading += several(one["names"])
        elif _HELPS.match(part, one.end()):
            found.helping += several(one["names"])
        elif _does(part, one.end()):
            found.doing += several(one["names"])


_BY = re.compile(r"[^，。；：\n]{0,8}(?<!事)由(?!此|于)")
"""What is done by somebody else is no actor: `书库改造由李馆长领题`."""
_ADVISED = re.compile("建议$")
"""Of whom something is only asked is no owner, unless to lead: `建议县卫健局牵头制定清单`."""


@lru_cache(maxsize=1)
def _person_leads() -> re.Pattern[str]:
    """A person by name alone who is said to be in charge: `李强负责东区`."""
    return re.compile(rf"{_BEGINS}(?P<name>{person()})(?=负责(?!人)|牵头|跟进|督办|带队)")


_WHEN = re.compile(r"[于在](?=[0-9本下][^，。；]{0,10}(?:前|内|[日月]底?))")
_OF = re.compile(r"[一-龥]{2,3}的")


def _does(part: str, position: int) -> bool:
    if _OF.match(part, position):
        return False
    if _WHEN.match(part, position):
        return True
    return part[position : position + 1].isdigit() or part.startswith(words("names", "verb"), position)


_SUBJECT = re.compile(
    rf"{_BEGINS}(?P<name>[一-龥A-Za-z0-9]{{1,10}}?(?:局|委(?![托派员办])|办公室|服务中心|管理中心|指挥中心|中心|支队|大队|中队|科|股|处|室|"
    r"公司|集团|街道|[一-龥]办(?![理公事法案好学结证完])|分局|委员会|工会|团委|党支部|党总支|部|站|所|院|镇|乡))"
    r"(?=[一-龥“《])(?!(?<=部)分|[会的和与及等内外里前后长员们人理置罚制度方面工作室建设岗位层面门队]|[一-龥]{0,2}(?:的|等|人员|干部|同志|职工))"
)
"""A unit at a clause's start before any word of doing, where no word that is known says who acts."""
_NO_SUBJECT = re.compile(r"[的在对从把被已依使让]|恳请|改善|搬")


def _subject(part: str) -> list[str]:
    names = [found["name"] for found in _SUBJECT.finditer(part)]
    plain = [name for name in names if len(name) > 2 and not _NO_SUBJECT.search(name)]
    return [name for name in plain if is_specific(name) and not is_no_name(name)]


_DAY = re.compile(
    r"[0-9]|[月年底周日]前|立[即行]|即[日时]|长期|持续|每[日天周月季半年]|季度|半年|[月年][内底]"
)
_BRACKETED = re.compile(
    r"[（(](?P<names>[一-龥A-Za-z0-9、，, ；;]{2,40})[）)]"
    r"(?:[。；]?\s*\Z|(?=[，,][^，。；（(]{2,14}(?:前|内|底)[。；]?\s*\Z))"
)


def _at_the_end(part: str) -> list[str]:
    """The units in a bracket that ends an item: `（经济发展局、财政局）`; generic ones are left out."""
    found = _BRACKETED.search(part)
    names = [name.strip() for name in re.split(r"[、，, ；;]+", found["names"])] if found else []
    plain = [without_role(name) for name in names if not _DAY.search(name)]
    whole = all(is_named(name) and not (is_specific(name) and is_no_name(name)) for name in plain)
    return [name for name in plain if is_specific(name)] if whole else []


_OPENING = 30
_CHARGES = re.compile(r"(?:责成|责令|要求|安排|指派|督促)(?!各|有关|相关)")


def begins_with_actor(words_: str) -> bool:
    """Whether a sentence begins with who is to act: a unit or post that does something, or 责成X."""
    if _CHARGES.match(words_):
        return True
    first = _named_after(_BEGINS).match(words_[:_OPENING])
    return first is not None and (
        (_does(words_, first.end()) and bool(several(first["names"])))
        or _LEADS.match(words_, first.end()) is not None
    )


def each_has_actor(text: str, several: list[Span]) -> bool:
    """Whether two or more sentences each begin with who is to act: they are as many measures."""
    return len(several) > 1 and all(begins_with_actor(text[one.start : one.end]) for one in several)
