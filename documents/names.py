"""Names of units, posts and people: what they look like, and the single names of a list."""

import re
from collections.abc import Iterator
from functools import lru_cache

from documents.clauses import opens_with_action
from documents.lexicon import alternatives, is_latin, words

_SPLIT = re.compile(
    r"[、,，/／;；&＆]|(?<=[)）])(?=[一-龥])|\s{2,}|"
    r"(?<=[一-龥]{3})　(?=[一-龥]{3})|(?<=[一-龥]{2}[局委办处科部院站所镇]) "
    r"(?=[一-龥]{2,12}(?:[局委办处科部院站所镇]|公司|中心)(?![一-龥]))"
)
_SPLIT_ENGLISH = re.compile(r"[,/;]| and |(?<=\w) (?=@)")
_JOINED = re.compile(r"和|及|与|以及|或")
_NO_OWNER = re.compile(
    r"力争|确保|争取|(?:月|年|季度)[^，]{0,2}前|^(?:当[日天]|即日|立即|长期|每[日天周月季班])|^[0-9]{1,2}[日号]|^20[0-9]{2}年|[0-9]月|(?:完成|建成|到位|之间)$|[未须应]经|[表单果况]报|[0-9]{2,}名|"
    r"^to (?:start|begin)\b"
)
_NOTE = re.compile(r"[（(][^（）()]{0,30}[）)]")
_LATIN_NOTE = re.compile(r"[(](?![A-Z][\w &/-]{1,29}[)])[^()]{0,30}[)]")
"""A note beside an English name; `(Pastoral)` belongs to it."""
_ROLE = re.compile(
    r"^(?:牵头|配合|主办|协办|责任单位|责任人|牵头单位|配合单位)[：:]|(?:牵头|负责|配合|主办|"
    r"协办|落实|承办|（牵头）|[两三四]人)$"
)
_INSIDE_NO_NAME = re.compile(
    r"[待剩找]|跟(?![踪进班])|.*期间|同(?=[市县区省镇乡村])|[一二两三]名|.*[0-9][家个座户]|.*[一-龥]{2}(?<![农财商])经(?![济信发贸开理营管办])|.+请|.*(?:的|已经|坚持|笔记|材料交|前[对在将]|与我|等(?!级)|由|值得|接受|各|是|再(?!生)|将|搬入|增设|增加|鼓励|支持|定期|及时|每|应当|以及|为了|组成|结果|提交|商[县市区省镇]|归办|归口|报院长|报局|报县|报市|报区)|.*[个名次项份台的了]$|.*(?<!安)全部$|.*(?:[人日月]均|值[日夜早晚]班|照本宣科|反馈|提需求|报我|实行|必须|自收到|会同|移送|移交|编入|前覆盖|改用)|分[一二两三四]年|[0-9０-９]"
)
_BODY_OF = re.compile(r"(?:整改|督查|督办|落实|巡察)(?:工作)?(?:领导小组)?(?:办公室|办|专班|组)")
_NAMED_AFTER_ITS_WORK = re.compile(
    r"(?:经济|经营|经信|经发|经贸|经开|教育|监督)(?!各)[一-龥]{0,4}(?:局|委|办|科|处|股|室|部|中心|委员会)"
    r"(?<!各部)(?<!全部)(?<!内部)|组织(?:部|科|处|股|人事[部科处股]|宣传[部科]|统战部)|"
    r"设备[课科部室处]|(?:组织|纪检|宣传)委员[一-龥]{0,3}|不动产[一-龥]{0,6}(?:中心|局|科|处|所)|"
    r"应急(?:管理|指挥|保障|救援|处置)?[一-龥]{0,2}(?:局|办|科|站|所|中心|大?队|室|股|部|组)|"
    r"(?:建设|督查|督导|培训|协调|整治|推进|统筹|维修|清理|实施|规划|排查|安装|调度|"
    r"督办|学习)(?![各县市区镇乡省]|科室|相关|有关|基层)"
    r"[一-龥]{0,3}(?:股|科|处|室|办|局|中心|组|队|班|站|所|专班)(?<!科室)"
)
"""`教育科` and `经济发展局` begin with a word that otherwise begins an action."""


@lru_cache(maxsize=1)
def endings() -> tuple[str, ...]:
    """How names of units and posts end, the longest first."""
    return tuple(sorted(words("names", "unit") + words("names", "post"), key=len, reverse=True))


@lru_cache(maxsize=1)
def person() -> str:
    """A regular expression for a person's name as it stands behind a unit or post: `设备部孙志强`, `孙工`."""
    surname = rf"(?!{'|'.join(words('names', 'no_person'))})(?:{'|'.join(words('names', 'surname'))})"
    title = "|".join(words("names", "title"))
    second = r"(?:(?!总|同志|老师|参与|给予|予以|提出|作出|做出|拿出)[一-龥])?"
    return rf"(?:{surname}(?:{title})|[小老]{surname}|{surname}[一-龥]{second}(?:{title})?)"


def listed(value: str) -> Iterator[str]:
    """The single names of a list such as `区住建局、区水务集团`, generic ones left out."""
    noted = value.count("（") + value.count("(")
    bare = (_LATIN_NOTE if is_latin(value) else _NOTE).sub(_without_note, value) if noted else value
    pieces = _SPLIT_ENGLISH.split(_as_one_post(bare)) if is_latin(bare) else _SPLIT.split(bare)
    for piece in pieces:
        for name in _unjoined(piece.replace(_KEPT, " ").strip(" 　\t.。*_")):
            plain = _ROLE.sub("", name).strip(" 　\t.。*_)）(（").removeprefix("the ").removeprefix("The ")
            plain = _of_ours(plain)
            plain += ")" * (is_latin(plain) and plain.count("(") > plain.count(")"))
            plain += "." * (_SHORTENED.search(plain) is not None and f"{plain}." in piece)
            said = 1 < len(plain) <= 60 and plain.strip("—-")
            if said and is_specific(plain) and not _NO_OWNER.search(plain):
                yield plain


INITIALS = r"[A-Z]{2,3}(?:(?:/|, ?| & | and )[A-Z]{2,3})*"
"""A regular expression for people called by their initials: `DP/RO`."""
_OURS = re.compile(
    r"[我本你贵](?:局|校|院|园|中心|公司|集团|单位|委|办|所|站|县|区|市|镇|乡|街道)(?=[一-龥]{2})"
)


def _of_ours(name: str) -> str:
    """A unit's name without the words that it is one of ours: `我局物业科` is 物业科."""
    found = _OURS.match(name)
    return name[found.end() :] if found and is_named(name[found.end() :]) else name


_SHORTENED = re.compile(r"\b(?:Dept|Admn|Engg|Mgmt|Maint|Div)\Z")
"""Words whose full stop belongs to the name: `Credit Dept.`"""
_ONE_POST = re.compile(
    r"(?:\A|(?<=[,;/] ))(?P<field>[A-Z][a-z]+) and "
    r"(?=[A-Z][a-z]+ (?:Lead|Manager|Officer|Director|Co-?ordinator|Advis[eo]r)\b)"
)
_KEPT = "\N{NO-BREAK SPACE}"
_FIELDS = re.compile(
    r"\b(?:Head|Director) of [A-Z][a-z]+ (?:&|and) (?P<second>[A-Z][a-z]+(?: [A-Z][a-z]+)?)"
    r"(?=[,;/]|\Z| and )"
)
"""The two fields of one post: `Director of Teaching & Learning`."""


def _as_one_post(names: str) -> str:
    """`Teaching and Learning Lead` is one post, as its first word alone is none: it is kept together."""

    def kept(found: re.Match[str]) -> str:
        is_post = found["field"].lower() in words("names", "english")
        return found[0] if is_post else f"{found['field']}{_KEPT}and "

    def joined(found: re.Match[str]) -> str:
        is_post = found["second"].rpartition(" ")[2].lower() in words("names", "english")
        return found[0] if is_post else found[0].replace(" ", _KEPT)

    posts = _FIELDS.sub(joined, _ONE_POST.sub(kept, names))
    return _one_unit().sub(lambda found: found[0].replace(" ", _KEPT), posts)


@lru_cache(maxsize=1)
def _one_unit() -> re.Pattern[str]:
    return re.compile(rf"(?i:\b{alternatives(words('names', 'one_unit'))}\b)")


_CHARGED_NOTE = re.compile(
    r"[（(](?P<names>[一-龥、]{2,28}?)(?:共同|具体|按职责(?:分工)?)?(?:负责|落实|配合|承办|协办)[)）]"
)
"""A bracket that says who else is in charge: `基建站（计财科、监察室按职责分工落实）`."""


def _without_note(note: re.Match[str]) -> str:
    """Nothing in the place of a bracket, or a stop where words follow it at once, which are another name.

    Names of who else is in charge stay.
    """
    charged = _CHARGED_NOTE.fullmatch(note[0])
    if charged and all(is_named(name) for name in charged["names"].split("、")):
        return f"、{charged['names']}、"
    follows = note.string[note.end() : note.end() + 1]
    return "、" if follows.isalnum() else ""


def _unjoined(piece: str) -> list[str]:
    """`设备科和财务科` is two names; 和 inside a name (共和镇) is none."""
    parts = _JOINED.split(piece)
    alike = min(map(len, parts)) > 2 and len({part[-1] for part in parts}) == 1
    known = len(parts) > 1 and (alike or all(len(part) > 1 and is_named(part) for part in parts))
    return parts if known else [piece]


@lru_cache(maxsize=1)
def _person_behind() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(endings())}|[员长]){person()}\Z")


def is_named(name: str) -> bool:
    """Whether a word ends as names of units and posts do, a person's name behind it or not."""
    return name.endswith(endings()) or _person_behind().search(name) is not None


def are_named(cell: str) -> bool:
    """Whether each line of a cell is the name of a unit or a post by itself: 区住建局⏎区城管局."""
    return all(is_named(line.strip()) for line in cell.split("\n"))


def is_specific(name: str) -> bool:
    """Whether a name means somebody: not 我局, 各单位, management."""
    return name.lower() not in words("names", "generic") and not name.startswith(
        words("names", "generic_start")
    )


def without_role(name: str) -> str:
    """A name without the part it takes: `法规科牵头` is 法规科."""
    return _ROLE.sub("", name)


def several(names: str) -> list[str]:
    """The single names of a row; a row with words that only end like a name is none."""
    every = [_bare(name) for piece in names.split("、") for name in _unjoined(piece)]
    specific = [name for name in every if len(name) > 1 and is_specific(name)]
    return [] if any(is_no_name(name) for name in specific) else specific


def _bare(name: str) -> str:
    """A name without its part: `施工单位中路三局项目部` is 中路三局项目部, `工会牵头` is 工会."""
    plain = _of_ours(without_role(name))
    role = next((one for one in words("names", "role_before") if plain.startswith(one)), "")
    rest = plain.removeprefix(role)
    plainly = not rest or rest.startswith((*words("names", "verb"), "应", "要", "须", "将", "于"))
    return plain if plainly else rest


def is_no_name(name: str) -> bool:
    """Whether a word that ends like a name is an action or a sentence's part."""
    if _NAMED_AFTER_ITS_WORK.fullmatch(name):
        return False
    return (
        name.startswith(words("names", "no_start"))
        or name.endswith(words("names", "no_end"))
        or _INSIDE_NO_NAME.match(name) is not None
        or (opens_with_action(name) and not _BODY_OF.fullmatch(name))
    )
