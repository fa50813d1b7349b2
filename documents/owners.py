"""Who is to do it: the owners that a measure names, literally."""

import re
from collections.abc import Iterator
from functools import lru_cache

from documents.clauses import opens_with_action
from documents.lexicon import alternatives, words
from documents.reading import Span

_MOST = 8
_SPLIT = re.compile(r"[、,，/;；&＆]|(?<=[)）])(?=[一-龥])|\s{2,}")
_SPLIT_ENGLISH = re.compile(r"[,/;&]| and ")
_JOINED = re.compile(r"和|及|与|以及|或")
_NOTE = re.compile(r"[（(][^（）()]{0,30}[）)]")
_ROLE = re.compile(
    r"^(?:牵头|配合|主办|协办|责任单位|责任人|牵头单位|配合单位)[：:]|(?:牵头|负责|配合|主办|协办|落实|承办|（牵头）)$"
)
_AFTER_NAME = r"(?=[要将已应须需按每拟于在自从对把以就]|正在|负责|牵头|会同|联合|组织|建立|开展|完成|争取|加强|制定|修订|提供|督促|定期|及时|尽快|立即|统一|具体|全面|逐|进行|配合|安排|专人|出台|印发|落实|实施|推进|指定|做好|抓好|严格|持续|于|共同|分别|[0-9０-９]|暑假|年底|月底|本月|本周|下周|下月|一周|同步|派|与|针对|另|集中|重新|采取|召开|更换|购置|购买|联系|维修|增加|聘请|邀请|清理|整理|编制|负|起草|利用|带队|承担|跟踪|汇总|协调|向|主动|继续|认真|坚持|强化|补)"
_OPENING = r"(?:今后|下一步|同时|其余[^，。]{0,8}|剩余[^，。]{0,8}|目前|随后|后续|并|其中|即日起|下步|下半年|对此|由|即|再|明年|整改后|另外|此外)?[,，]?"
_ENGLISH_SUBJECT = re.compile(
    r"(?:^|[.;:,]\s+|\band\s+|\n\s*[-*•]?\s*)(?:(?P<the>[Tt]he)\s+)?(?P<name>[A-Za-z][\w'&/-]*(?:[ -](?:of|for|and|&|[A-Za-z][\w'&/-]*)){0,6}?)\s+"
    r"(?:will|shall|must|is to|are to|has agreed to|have agreed to|agreed to|is responsible for|to)\s+(?!be\b|have\b)(?=[a-z])"
)
_ENGLISH_BY = re.compile(
    r"\b(?:assigned to|(?:is|are) the responsibility of|led by|to be (?:completed|done|led|carried out|actioned|undertaken) by|responsibility of|will be \w+ed by|owned by)\s+(?:the\s+)?(?P<name>[A-Z][\w'&/.-]*(?:\s+(?:of|for|and|[A-Z][\w'&/-]*)){0,6})"
)


_NO_NAME = re.compile(
    r"(?:配合|通过|对|向|请|为|让|使|把|将|经|由|在|从|按|以|要|应|须|需|会同|联合|依托|借助|针对|安排|聘请|教育|引导|监督|充分|不断|所有|报|给|替|至|到|随|与|和|及|或|如|若|当|凡|因|被|并|再|又|也|都|均|未|不|无|[0-9０-９])|"
    r".*(?:值班|上班|下班|加班|换班|干部|全部|内部|外部|局部|之处|好处|出处|各处|到处|入库|题库|原委|分组|问题|工作|现场|[的了])$|.{0,3}的|.*[个名次项份台]$"
)
_LED = re.compile(r"具体|共同|统一|专人|分别|全面|直接|亲自|总体|牵头|专门")


@lru_cache(maxsize=1)
def _names() -> str:
    """Units and posts, each some characters and an ending by which it is known, before a stop or a verb."""
    ending = alternatives(words("names", "unit") + words("names", "post"))
    one = rf"[一-龥A-Za-z0-9]{{0,14}}?{ending}(?:（[一-龥]{{2,8}}）)?"
    return rf"(?:{one})(?:[、和及与](?:{one})){{0,7}}"


_DOING = (
    r"(?=[、，。；：,;: \n]|$|设|值|巡|看|到|轮|专|清|检|打|抽|放|核|审|现场|亲自|双人|担任|整|全程|"
    + _AFTER_NAME.removeprefix("(?=")
)


@lru_cache(maxsize=1)
def _labelled() -> re.Pattern[str]:
    label = alternatives(words("label", "owner"))
    return re.compile(
        rf"(?<![一-龥A-Za-z])(?i:{label})[】\])）*]{{0,2}}[ \t]?[：:][*]{{0,2}}[ \t]*(?P<value>[^。；;\n|：:]{{0,80}})(?P<next>[：:])?"
    )


_CHARGED = re.compile(
    r"由(?P<names>[^，。；,;：\n由]{2,40}?)(?:具体|共同|统一|专人|分别|全面|直接|亲自|总体|牵头|专门)*(?:负责|牵头|承办|主办|包保|挂帅|跟进)"
)


@lru_cache(maxsize=1)
def _by_names() -> re.Pattern[str]:
    return re.compile(
        rf"(?:由|安排|指派|责成|委派)(?P<by>{_names()})(?!组成|构成|为|的){_DOING}|经(?P<checked>{_names()})(?:双人)?(?:校核|复核|核验)|"
        rf"(?:^|(?<=[，,。；;：:\n]))(?P<lead>{_names()})(?:具体)?牵头"
    )


@lru_cache(maxsize=1)
def _subject() -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<=[，,。；;：:\n①②③④⑤⑥]))[ 　]*{_OPENING}(?P<names>{_names()}){_AFTER_NAME}")


def owners(text: str, start: int, end: int) -> tuple[str, ...]:
    """The owners between two positions: behind labels only these, else 由X负责, 安排X, else the acting subject."""
    part = text[start:end]
    found = from_labels(part)
    if found is None:
        found = _english(part) if _is_english(part) else _chinese(part)
    return tuple(dict.fromkeys(found))[:_MOST]


def _is_english(part: str) -> bool:
    return sum(char < "\x80" for char in part) * 10 > len(part) * 9


def from_labels(part: str) -> list[str] | None:
    """The names behind owner labels, those of the first paragraph if it has any; None without such a label."""
    first = part.partition("\n")[0]
    values = [_value(found) for found in _labelled().finditer(first)] or [
        _value(found) for found in _labelled().finditer(part)
    ]
    if not values:
        return None
    return [name for value in values for name in listed(value)]


def _value(found: re.Match[str]) -> str:
    """What stands behind the label, without the next label where one follows on the same line."""
    value = found["value"]
    return re.split(r"[，,；、 　\t)）]+(?=[^，,；、 　\t)）]*$)", value)[0] if found["next"] else value


def from_cells(text: str, cells: tuple[Span, ...]) -> tuple[str, ...]:
    """The names in the owner columns of a table row."""
    return tuple(dict.fromkeys(name for cell in cells for name in listed(text[cell.start : cell.end])))[
        :_MOST
    ]


def listed(value: str) -> Iterator[str]:
    """The single names of a list such as `区住建局、区水务集团`, generic ones left out."""
    bare = _NOTE.sub("", value) if value.count("（") + value.count("(") else value
    splitter = _SPLIT_ENGLISH if bare.isascii() else _SPLIT
    for piece in splitter.split(bare):
        for name in _unjoined(piece.strip(" 　\t.。*_")):
            plain = _ROLE.sub("", name).strip(" 　\t.。*_)）(（").removeprefix("the ").removeprefix("The ")
            if 1 < len(plain) <= 60 and is_specific(plain):
                yield plain


def _unjoined(piece: str) -> list[str]:
    """`设备科和财务科` is two names; 和 inside a name (共和镇) is none."""
    parts = _JOINED.split(piece)
    known = len(parts) > 1 and all(len(part) > 1 and part.endswith(_endings()) for part in parts)
    return parts if known else [piece]


@lru_cache(maxsize=1)
def _endings() -> tuple[str, ...]:
    return words("names", "unit") + words("names", "post")


def is_specific(name: str) -> bool:
    """Whether a name means somebody: not 我局, 各单位, management."""
    return name.lower() not in words("names", "generic") and not name.startswith(
        words("names", "generic_start")
    )


def _chinese(part: str) -> list[str]:
    charged = [name for found in _CHARGED.finditer(part) for name in listed(_LED.sub("", found["names"]))]
    named = [
        name
        for found in _by_names().finditer(part)
        for name in _split(found["by"] or found["checked"] or found["lead"])
    ]
    if charged or named:
        return [*charged, *(name for name in named if not any(name in one or one in name for one in charged))]
    return [name for found in _subject().finditer(part) for name in _split(found["names"])]


def _split(names: str) -> Iterator[str]:
    """The single names; words that only end like a name are none."""
    for piece in names.split("、"):
        for name in _unjoined(piece):
            if (
                len(name) > 1
                and is_specific(name)
                and not _NO_NAME.match(name)
                and not opens_with_action(name)
            ):
                yield name


def _english(part: str) -> list[str]:
    for pattern in (_ENGLISH_SUBJECT, _ENGLISH_BY):
        for found in pattern.finditer(part):
            name = found["name"].strip()
            specific = [one for one in _SPLIT_ENGLISH.split(name) if is_specific(one.strip())]
            if specific and (pattern is _ENGLISH_BY or _is_post(name, the=bool(found["the"]))):
                return [one.strip() for one in specific]
    return []


def _is_post(name: str, *, the: bool) -> bool:
    """A subject counts with its article, as a proper name, or as an abbreviation."""
    return the or all(word[:1].isupper() or word in {"of", "and", "for", "&"} for word in name.split())
