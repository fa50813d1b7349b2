"""What a cell of a ledger says: whom it names, by when, whether it is done. The same words are read once."""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Generic, TypeVar

from documents.deadlines import stated
from documents.lexicon import any_of, folded
from documents.names import listed
from documents.owners import from_labels
from documents.reading import NO_DEADLINE, Deadline
from documents.titles import LONGEST_TITLE, title_span
from rules.deadlines import TimeLimit

K = TypeVar("K")
V = TypeVar("V")

LONGEST_NOTHING = 7
"""A cell of more characters says something."""

_MOST_OWNERS = 8
_NOTHING = re.compile(r"[/\\\-—－–_.。?？\s]*|无|暂无|没有|不涉及|none\.?|n/?a|nil|tbd|tbc", re.IGNORECASE)
_DITTO = re.compile(r"同上|〃|\"|″|ditto|as above", re.IGNORECASE)
_LEADS = re.compile(r"[（(]\s*(?:牵头|主办|lead)", re.IGNORECASE)
_YES = re.compile(r"是|√|✓|✔|100(?:\.0+)?[%％]|1(?:\.0+)?|true|yes|y", re.IGNORECASE)
_DONE = re.compile(
    r"(?:(?:均?已经?|全部|均)?(?:整改)?(?:完成|办结|办完|做完|销号|到位|完毕|解决)(?:整改|销号)?|均?已整改|(?:均?已)?(?:验证)?关闭|(?:已)?(?:验证|验收|复查|复核)(?:通过|合格|有效|关闭))(?=$|[，,。；;、（(！!\s])|"
    r"(?:completed?|complied|done|closed|implemented|verified)\b",
    re.IGNORECASE,
)
_BUT = re.compile(
    r"尚未|未完成|正在|继续|持续|剩余|其余|部分|基本|预计|下一步|\b(?:not|partly|partially|ongoing|remaining)\b"
)
_SERIAL = re.compile(r"[3-7][0-9]{4}")
_COMPACT = re.compile(r"(20[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])")
_STOPS = re.compile(r"[。；;\n！？!?：:.]")


class Memo(dict[K, V], Generic[K, V]):
    """Words -> what they mean, worked out when they are met first."""

    def __init__(self, meaning: Callable[[K], V]) -> None:
        super().__init__()
        self._meaning = meaning

    def __missing__(self, words: K) -> V:
        found = self[words] = self._meaning(words)
        return found


def is_nothing(cell: str) -> bool:
    """Whether a cell is empty or says that there is nothing: 无, /, none."""
    return not cell or (len(cell) <= LONGEST_NOTHING and _NOTHING.fullmatch(cell) is not None)


def without_ditto(column: list[str]) -> list[str]:
    """A column in which 同上 is replaced by what it stands for."""
    if not any(map(_DITTO.fullmatch, {cell for cell in column if len(cell) < 9})):
        return column
    found: list[str] = []
    last = ""
    for cell in column:
        found.append(last if last and _DITTO.fullmatch(cell) else cell)
        last = found[-1] or last
    return found


def names(cell: str) -> tuple[str, ...]:
    """Whom a cell names, the one that leads first."""
    if is_nothing(cell):
        return ()
    lines = re.sub(r"\s*\n\s*", "；" if not cell.isascii() else "; ", cell)
    labelled = from_labels(lines)
    if labelled is not None:
        return tuple(labelled)
    pieces = re.split(r"(?<=[）)])|[、,，;；]", lines) if _LEADS.search(lines) else [lines]
    pieces.sort(key=lambda piece: not _LEADS.search(piece))
    return tuple(name for piece in pieces for name in listed(piece))


def together(several: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The names of several cells, each once, as many as an item keeps."""
    return tuple(dict.fromkeys(name for some in several for name in some))[:_MOST_OWNERS]


def deadline(cell: str, after: date | None) -> Deadline:
    """By when a cell says. A bare number of five digits is a day as workbooks count them."""
    if is_nothing(cell):
        return NO_DEADLINE
    if _SERIAL.fullmatch(cell):
        return Deadline(cell, date(1899, 12, 30) + timedelta(int(cell)), TimeLimit.FIXED)
    compact = _COMPACT.fullmatch(cell)
    if compact:
        found = stated("-".join(compact.groups()), 0, 10, after)
        return Deadline(cell, found.on, found.time_limit)
    return stated(cell, 0, len(cell), after)


def vague_word(found: Deadline) -> str:
    """The vague word in place of a deadline, such as 尽快, or nothing."""
    if found.time_limit is not TimeLimit.NONE:
        return ""
    vague = any_of("clause", "vague").search(folded(found.text))
    return vague[0] if vague else ""


def is_done(closed: str | None, stand: Iterable[str]) -> bool:
    """Whether a row counts as done: what stands under 是否销号 decides, else what is told of the progress."""
    if closed and not is_nothing(closed):
        return tells_done(closed)
    return any(tells_done(words) for words in stand)


def tells_done(words: str) -> bool:
    """已完成, 是, 100%, closed; not 已完成60%, nor words that tell of what is left."""
    told = _DONE.match(words) is not None and not _BUT.search(words)
    return told or _YES.fullmatch(words) is not None


def title(cell: str) -> tuple[int, str]:
    """Where a cell's heading begins, and the heading: its first sentence, or a long one's first clause."""
    bare = cell.rstrip("。；;.：:")
    if len(bare) <= LONGEST_TITLE // 2 and not _STOPS.search(bare):
        return 0, bare
    span = title_span(cell, 0, len(cell))
    return span.start, cell[span.start : span.end]
