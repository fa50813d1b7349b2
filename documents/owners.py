"""Who is to do it: the owners that a measure names, literally."""

import re
from collections.abc import Iterator
from functools import lru_cache

from documents.acting import acting
from documents.acting_english import acting_english
from documents.lexicon import alternatives, folded, is_latin, words
from documents.names import are_named, listed
from documents.reading import Span

_MOST = 8


@lru_cache(maxsize=1)
def _labelled() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![一-龥a-z]){alternatives(words('label', 'owner'))}[】〕\])）*]{{0,2}}[ \t]?"
        r"(?:[：:]|(?<=单位)为|(?<=部门)为|(?<=[】〕])|(?<=[一-龥])　{1,2}(?=[一-龥]))[*]{0,2}[ \t]*"
        r"(?P<value>[^。；;\n|：:〕【】]{0,80})"
    )


def owners(text: str, start: int, end: int) -> tuple[str, ...]:
    """The owners between two positions: behind labels, else 由X负责 and 安排X, else the acting subject."""
    part = text[start:end]
    found = from_labels(part)
    found = _in_bracket(part) if found is None else leading(part, part) + found
    if found is None:
        found = acting_english(part) if _is_english(part) else acting(part)
    return tuple(dict.fromkeys(found))[:_MOST]


_BRACKET = re.compile(r"[（(](?P<said>[^（）()\n：:]{2,80})[)）][。；]?\s*\Z")
_CHARGED = re.compile(
    r"(?:^|[，,；;。、])[ 　]*由?(?P<names>[^，,；;。]{2,40}?)(?:具体|共同)?"
    r"(?:牵头|负责|配合|落实|承办|协办)(?=[，,；;。]|$)"
)


def _in_bracket(part: str) -> list[str] | None:
    """The names in a bracket that ends a measure: `（门诊部牵头，信息科配合，9月底前）`; None without one."""
    bracket = _BRACKET.search(part)
    found = (
        [name for one in _CHARGED.finditer(bracket["said"]) for name in listed(one["names"])]
        if bracket
        else []
    )
    return found or None


_LED = re.compile(
    r"(?:^|[。；;])[ 　]*由(?P<lead>[一-龥、]{2,24})牵头[，,](?:(?P<help>[一-龥、]{2,24})配合[，,。；;])?"
)


def leading(part: str, fields: str) -> list[str]:
    """The units of `由职成科牵头，…配合，…`, where the labels of the `fields` name persons alone."""
    led = _LED.search(part)
    if led is None or _UNIT_LABEL.search(fields):
        return []
    return [name for names in (led["lead"], led["help"]) if names for name in listed(names)]


_UNIT_LABEL = re.compile(r"(?:单位|部门|科室|处室|股室)[：:]")


def _is_english(part: str) -> bool:
    return sum(char < "\x80" for char in part) * 10 > len(part) * 9


def from_labels(part: str) -> list[str] | None:
    """The names behind owner labels, the first paragraph's if it has any; None without such a label."""
    values = list(_values(part.partition("\n")[0])) or list(_values(part))
    values = values or [found["value"] or found["row"] or found["unit"] for found in _BARE.finditer(part)]
    if not values:
        return None
    return [name for value in values for name in listed(value)]


_BARE = re.compile(
    r"(?<=[，,；;（(])(?:责任人|负责人|责任单位|责任科室|责任部门|牵头单位)为?(?![未没不已应须要由必])(?P<value>[一-龥]{2,12})(?=[，,；;。）)])|"
    r"(?<=[（(；;])(?:责任|牵头|配合)(?:人|单位|科室|部门)[ 　](?P<row>[一-龥、]{2,60})(?=[，,；;。）)])|"
    r"(?<=——)(?P<unit>[一-龥]{2,12}[科部办室处局队组所站心司院])(?=——|[。；;]?\s*$)"
)
"""Owners that no colon parts from their label, and units between dashes."""


def _values(part: str) -> Iterator[str]:
    """What stands behind each label, up to the next label where one follows on the same line."""
    plain = folded(part)
    found = _labelled().search(plain)
    while found:
        value = part[found.start("value") : found.end("value")]
        more = _MORE_NAMES.match(part, found.end()) if is_latin(value) else None
        value += more[0] if more else ""
        cut = _NEXT_SENTENCE.split(value)[0]
        if cut == value and part[found.end() : found.end() + 1] in {"：", ":"}:
            cut, *more_words = _LAST_WORD.split(value)
            cut = cut if more_words else ""
        value = _within(cut)
        value = _NEXT_WORD.sub("", value)
        yield value
        found = _labelled().search(plain, found.start("value") + len(value))


def _within(value: str) -> str:
    """What stands before a bracket that closes and was opened before the label: `Owner: Foreman) [B]`."""
    depth = 0
    for at, sign in enumerate(value):
        depth += (sign in "(（") - (sign in ")）")
        if depth < 0:
            return value[:at]
    return value


_MORE_NAMES = re.compile(
    r"(?:; ?[A-Z][\w&'/ -]{2,60}?(?=[;\n]|\Z|\. [A-Z][a-z]+(?: [a-z]+){0,3}:| [A-Z][a-z]+(?: [a-z]+){0,4}:))+"
)
"""Further English names behind semicolons: `Owners: Athletics; Office of General Counsel`."""
_NEXT_SENTENCE = re.compile(
    r"(?<=[a-z]{3})\.\s+(?=[A-Z][a-z]+ [a-z]|[0-9]{1,2} [A-Z]|"
    r"(?:Completed?|Done|Closed|Implemented|Ongoing|Monthly|Due|By|Target|Deadline|Status)\b)"
    r"| {3,}|, (?=(?:by|before|within|no later than|from) (?:the |\d|[A-Z]|end))"
)
_NEXT_WORD = re.compile(
    r"(?<=[a-z]{3})\.\s+(?:By|Due|Target|Completion|Complete|Date|Status|Timescale|When)\s*$"
)
_LAST_WORD = re.compile(r"[，,；、 　\t)）]+(?=[^，,；、 　\t)）]*$)")


def from_cells(text: str, cells: tuple[Span, ...]) -> tuple[str, ...]:
    """The names in the owner columns of a table row."""
    said = (_in_lines(text[cell.start : cell.end]) for cell in cells)
    return tuple(dict.fromkeys(name for names in said for name in listed(names)))[:_MOST]


def _in_lines(names: str) -> str:
    """The words of a cell, with a stop between its lines where each of them is a name."""
    return names.replace("\n", "、") if are_named(names) else names
