"""Who is to do it: the owners that a measure names, literally."""

import re
from collections.abc import Iterator
from functools import lru_cache

from documents.clauses import opens_with_action
from documents.lexicon import alternatives, folded, words
from documents.reading import Span

_MOST = 8
_SPLIT = re.compile(r"[、,，/;；&＆]|(?<=[)）])(?=[一-龥])|\s{2,}")
_SPLIT_ENGLISH = re.compile(r"[,/;]| & | and ")
_JOINED = re.compile(r"和|及|与|以及|或")
_NO_OWNER = re.compile(r"力争|确保|争取|(?:月|年|季度)[^，]{0,2}前|[0-9]月|(?:完成|建成|到位)$")
_NOTE = re.compile(r"[（(][^（）()]{0,30}[）)]")
_ROLE = re.compile(
    r"^(?:牵头|配合|主办|协办|责任单位|责任人|牵头单位|配合单位)[：:]|(?:牵头|负责|配合|主办|"
    r"协办|落实|承办|（牵头）)$"
)
_ENGLISH_SUBJECT = re.compile(
    r"(?:^|[.;:,]\s+|\band\s+|\bthat\s+|"
    r"\n\s*[-*•]?\s*)(?:(?P<the>[Tt]he)\s+)?(?P<name>(?:[A-Z]\. )?[A-Za-z][\w'&/-]*(?:[ -](?:of|for|and|&|"
    r"[A-Za-z][\w'&/-]*)){0,6}?)\s+"
    r"(?:will|shall|must|is to|are to|has agreed to|have agreed to|agreed to|"
    r"is responsible for|undertook to|promised to|offered to|would|had|to)\s+(?!be\b|have\b)(?=[a-z])"
)
_ENGLISH_BY = re.compile(
    r"\b(?:assigned to|(?:is|are) the responsibility of|led by|to be (?:completed|done|led|"
    r"carried out|actioned|undertaken) by|responsibility of|will be \w+ed (?:\w+ )?by|"
    r"owned by|replaced by|done by|sweep by|carried out by|actioned by|"
    r"completed by)\s+(?:the\s+)?(?P<name>[A-Z][\w'&/.-]*(?:\s+(?:of|for|and|"
    r"[A-Z][\w'&/-]*)){0,6})"
)


_INSIDE_NO_NAME = re.compile(
    r".{0,3}的|.*(?:由|值得|接受|各|是|再|将|搬入|增设|增加|鼓励|支持|定期|及时|每|应当|以及|为了|组成|结果|提交|归办|归口|报院长|报局|报县|报市|报区)|.*[个名次项份台的了]$|[0-9０-９]"
)
_BODY_OF = re.compile(r"(?:整改|督查|督办|落实|巡察)(?:工作)?(?:领导小组)?(?:办公室|办|专班|组)")
_NAMED_AFTER_ITS_WORK = re.compile(
    r"(?:经济|经信|经发|经贸|经开|教育|监督)(?!各)[一-龥]{0,4}(?:局|委|办|科|处|股|室|部|中心|委员会)"
    r"(?<!各部)(?<!全部)(?<!内部)"
)
"""`教育科` and `经济发展局` begin with a word that otherwise begins an action."""
_LED = re.compile(r"具体|共同|统一|专人|分别|全面|直接|亲自|总体|牵头|专门")
_CHARGED = re.compile(
    r"由(?P<names>[^，。；,;：\n由]{2,40}?)(?:具体|共同|统一|专人|分别|全面|直接|亲自|总体|"
    r"牵头|专门)*(?:负责(?!人)|牵头|承办|主办|包保|挂帅|跟进)"
)
_CHECKED = re.compile(r"(?:双人)?(?:校核|复核|核验)")
_LEADS = re.compile(r"(?:具体)?(?:牵头|主办)")


@lru_cache(maxsize=1)
def _labelled() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![一-龥a-z]){alternatives(words('label', 'owner'))}[】\])）*]{{0,2}}[ \t]?"
        r"(?:[：:]|(?<=单位)为|(?<=部门)为)[*]{0,2}[ \t]*"
        r"(?P<value>[^。；;\n|：:]{0,80})"
    )


_HANDS = r"由|安排|指派|责成|委派|经(?![济信发贸开])"
_BEGINS = (
    r"(?:^|(?<=[，,。；;：:\n①②③④⑤⑥]))[ 　]*"
    r"(?:今后|下一步|同时|其余[^，。]{0,8}|剩余[^，。]{0,8}|目前|随后|后续|并|其中|即日起|"
    r"下步|下半年|对此|即|再|明年|整改后|另外|此外)?[,，]?"
    r"(?:[一二三四五六七八九十]是|[一二三]要|第[一二三四]，)?"
)


@lru_cache(maxsize=2)
def _named_after(how: str) -> re.Pattern[str]:
    """Units and posts behind a word that hands over, or at a clause's start, before a verb or a stop."""
    verb = "|".join(words("names", "verb") + words("names", "doing"))
    return re.compile(
        rf"(?P<how>{how})(?P<names>[一-龥A-Za-z0-9、]{{1,60}}?(?:{'|'.join(_endings())}|[员长][一-龥]{{2,3}})"
        rf"(?:（[一-龥]{{2,8}}）)?)"
        rf"(?=[0-9０-９，。；：,;: \n]|$|校核|复核|主办|{verb})"
    )


@lru_cache(maxsize=1)
def _endings() -> tuple[str, ...]:
    """How names of units and posts end, the longest first."""
    return tuple(sorted(words("names", "unit") + words("names", "post"), key=len, reverse=True))


def owners(text: str, start: int, end: int) -> tuple[str, ...]:
    """The owners between two positions: behind labels, else 由X负责 and 安排X, else the acting subject."""
    part = text[start:end]
    found = from_labels(part)
    if found is None:
        found = _english(part) if _is_english(part) else _chinese(part)
    return tuple(dict.fromkeys(found))[:_MOST]


def _is_english(part: str) -> bool:
    return sum(char < "\x80" for char in part) * 10 > len(part) * 9


def from_labels(part: str) -> list[str] | None:
    """The names behind owner labels, the first paragraph's if it has any; None without such a label."""
    values = list(_values(part.partition("\n")[0])) or list(_values(part))
    if not values:
        return None
    return [name for value in values for name in listed(value)]


def _values(part: str) -> Iterator[str]:
    """What stands behind each label, up to the next label where one follows on the same line."""
    plain = folded(part)
    found = _labelled().search(plain)
    while found:
        value = part[found.start("value") : found.end("value")]
        if part[found.end() : found.end() + 1] in {"：", ":"}:
            value = _LAST_WORD.split(value)[0]
        value = _NEXT_SENTENCE.split(value)[0]
        yield value
        found = _labelled().search(plain, found.start("value") + len(value))


_NEXT_SENTENCE = re.compile(r"(?<=[a-z]{3})\.\s+(?=[A-Z][a-z]+ [a-z])")
_LAST_WORD = re.compile(r"[，,；、 　\t)）]+(?=[^，,；、 　\t)）]*$)")


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
            if 1 < len(plain) <= 60 and is_specific(plain) and not _NO_OWNER.search(plain):
                yield plain


def _unjoined(piece: str) -> list[str]:
    """`设备科和财务科` is two names; 和 inside a name (共和镇) is none."""
    parts = _JOINED.split(piece)
    known = len(parts) > 1 and all(len(part) > 1 and part.endswith(_endings()) for part in parts)
    return parts if known else [piece]


def is_specific(name: str) -> bool:
    """Whether a name means somebody: not 我局, 各单位, management."""
    return name.lower() not in words("names", "generic") and not name.startswith(
        words("names", "generic_start")
    )


_SUBJECT = re.compile(
    rf"{_BEGINS}(?P<name>[一-龥A-Za-z0-9]{{1,10}}?(?:局|委|办公室|服务中心|管理中心|指挥中心|中心|支队|大队|中队|科|股|处|室|"
    r"公司|集团|街道|分局|委员会|工会|团委|党支部|党总支|部|站|所|院|镇|乡))"
    r"(?=[一-龥“《])(?![会的和与及等内外里前后长员们人制度方面工作建设岗位层面门队]|[一-龥]{0,2}(?:的|等|人员|干部|同志|职工))"
)
"""A unit at a clause's start before any word of doing, where no word that is known says who acts."""


_NO_SUBJECT = re.compile(r"[的在对从把被已依使让]|恳请|改善|搬")


def _subject(part: str) -> list[str]:
    names = [found["name"] for found in _SUBJECT.finditer(part)]
    plain = [name for name in names if len(name) > 2 and not _NO_SUBJECT.search(name)]
    return [name for name in plain if is_specific(name) and not _is_no_name(name)]


_BRACKETED = re.compile(r"[（(](?P<names>[一-龥A-Za-z、，, ]{2,40})[）)][。；]?\s*\Z")


def _at_the_end(part: str) -> list[str]:
    """The units in a bracket that ends an item: `（经济发展局、财政局）`."""
    found = _BRACKETED.search(part)
    names = [name.strip() for name in re.split(r"[、，, ]+", found["names"])] if found else []
    plain = [_ROLE.sub("", name) for name in names]
    return (
        plain
        if plain and all(n.endswith(_endings()) and is_specific(n) and not _is_no_name(n) for n in plain)
        else []
    )


def _chinese(part: str) -> list[str]:
    charged = [name for found in _CHARGED.finditer(part) for name in listed(_LED.sub("", found["names"]))]
    handed = [name for found in _named_after(_HANDS).finditer(part) for name in _handed(part, found)]
    leading, acting = _acting(part)
    first = [*handed, *leading]
    if handed and not charged and not leading:
        return [*handed, *(name for name in acting if not any(name in one or one in name for one in handed))]
    if charged or first:
        return [*charged, *(name for name in first if not any(name in one or one in name for one in charged))]
    return _at_the_end(part) or acting or _subject(part)


def _handed(part: str, found: re.Match[str]) -> list[str]:
    checks = _CHECKED.match(part, found.end()) is not None
    return _split(found["names"]) if checks or found["how"] != "经" else []


def _acting(part: str) -> tuple[list[str], list[str]]:
    """The names that lead, and those that merely act, each at the start of a clause."""
    leading: list[str] = []
    acting: list[str] = []
    for found in _named_after(_BEGINS).finditer(part):
        if _LEADS.match(part, found.end()):
            leading += _split(found["names"])
        elif _does(part, found.end()):
            acting += _split(found["names"])
    return leading, acting


_OPENING = 30
_CHARGES = re.compile(r"(?:责成|责令|要求|安排|指派|督促)(?!各|有关|相关)")


def begins_with_actor(words_: str) -> bool:
    """Whether a sentence begins with who is to act: a unit or post that does something, or 责成X."""
    if _CHARGES.match(words_):
        return True
    first = _named_after(_BEGINS).match(words_[:_OPENING])
    return first is not None and (
        (_does(words_, first.end()) and bool(_split(first["names"])))
        or _LEADS.match(words_, first.end()) is not None
    )


def _does(part: str, position: int) -> bool:
    return part[position : position + 1].isdigit() or part.startswith(words("names", "verb"), position)


def _split(names: str) -> list[str]:
    """The single names of a row; a row with words that only end like a name is none."""
    every = [name for piece in names.split("、") for name in _unjoined(piece)]
    specific = [name for name in every if len(name) > 1 and is_specific(name)]
    return [] if any(_is_no_name(name) for name in specific) else specific


def _is_no_name(name: str) -> bool:
    if _NAMED_AFTER_ITS_WORK.fullmatch(name):
        return False
    return (
        name.startswith(words("names", "no_start"))
        or name.endswith(words("names", "no_end"))
        or _INSIDE_NO_NAME.match(name) is not None
        or (opens_with_action(name) and not _BODY_OF.fullmatch(name))
    )


_ENGLISH_BRACKET = re.compile(r"[(\[](?P<names>[^()\[\]\n]{3,60})[)\]][.]?\s*\Z")
_ENGLISH_NAME = re.compile(r"(?:the )?[A-Z][\w'&/.-]*(?: (?:of|for|and|&|[A-Z][\w'&/.-]*))*")
_NO_NAME = re.compile(
    r"(?i)\b(?:by|before|from|due|done|today|complete\w*|ongoing|month|week\w*|daily|immediate\w*|q[1-4]|"
    r"jan\w*|feb\w*|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*)\b|\d"
)


def _in_last_bracket(part: str) -> list[str]:
    """The names in a bracket that ends an English item: `(Site Manager, by 29 September)`."""
    found = _ENGLISH_BRACKET.search(part)
    pieces = re.split(r"\s*[;,]\s*|\s+[–—-]\s+| and ", found["names"]) if found else []
    named = [one for one in pieces if not _NO_NAME.search(one)]
    whole = found is not None and all(_ENGLISH_NAME.fullmatch(one) for one in named)
    return [one.removeprefix("the ") for one in named if is_specific(one)] if whole else []


def _english(part: str) -> list[str]:
    bracketed = _in_last_bracket(part)
    if bracketed:
        return bracketed
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
