"""The lines of one row, each put into its column by what it says, where some are missing or one goes on."""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from documents.clauses import begins_fix, names_in_full, opens_with_action, states_fault
from documents.completion import says_done
from documents.deadlines import stated
from documents.ledger_cells import is_nothing, tells_done, vague_word
from documents.lexicon import is_latin
from documents.names import is_named, is_no_name, is_specific, listed
from rules.deadlines import TimeLimit

Placed = tuple[tuple[int, int], ...]
"""For each column its lines, from the first to behind the last; none where both are the same."""

MISFIT = -2
"""What no cell of that column says: a date in the place of a person."""

_SHORT = 16
_LONGEST_VALUE = 12
"""A longer line that is taken for a name may say more."""
_LONGEST_DAY = 6
_LONGEST_NAME = 40
_MOST_WORDS = 5
_MOST_LINES = 9
"""So many lines of a row at most are one cell."""
_SOME_DAY = date(2000, 1, 1)
"""A day without a year comes after it; which one does not matter here."""
_DAY = re.compile(r"(?:20[0-9]{2}[./-])?[01]?[0-9][./-][0-3]?[0-9](?:[./-](?:20)?[0-9]{2})?[日号]?(?:之?前)?")
_DATE = re.compile(r"[0-9年月日号底末初上中下旬季度之以前内完成整改./ -]+")
_PARTED = re.compile(r"[，；]|[,;] ")
_PERSON = re.compile(r"[一-龥]{1,2}[ 　]?[一-龥]{1,2}(?:[、，,][一-龥]{2,4}){0,3}|[A-Z]\.? ?[A-Z][a-z]+")
_STATE = re.compile(
    r"(?:整改|推进|办理|处理)?中|正在\S{2,6}|(?:基本|部分|尚未|未|持续)(?:完成|整改|销号|办结|推进)|"
    r"(?:open|ongoing|in progress|overdue|not started|on track|partly done|pending)",
    re.IGNORECASE,
)
_FIT = {
    "deadline": {"day": 2, "state": 1, "brief": -1},
    "owner": {"name": 2, "brief": 0, "state": -1},
    "problem": {"fault": 2, "words": 1, "fix": 0, "brief": 0, "name": -1, "state": -1},
    "measure": {"fix": 2, "words": 1, "fault": 0, "brief": 0, "name": -1, "state": 0},
    "number": {"number": 2},
    "closing": {"state": 2, "day": 1, "brief": 0, "name": -1, "words": 0, "fix": 0, "fault": 0},
    "other": {"brief": 1, "name": 1, "state": 0, "day": 0, "number": 0, "words": -1, "fix": -1, "fault": -1},
}
"""How well what a line may be suits a column; what is not named is a misfit."""


@lru_cache(maxsize=8192)
def fit(use: str, said: str) -> int:
    """From 2, where a line says what the column is for, to -2; nothing said suits all but a problem."""
    if is_nothing(said):
        return -1 if use == "problem" else 0
    known = _FIT.get("closing" if use in {"status", "outcome"} else use, _FIT["other"])
    return max(known.get(kind, MISFIT) for kind in _kinds(said))


@lru_cache(maxsize=8192)
def _kinds(said: str) -> frozenset[str]:
    """What a line may be: `number`, `day`, `state`, `name`, `fault`, `fix`, else by its length."""
    if said.isdigit():
        return frozenset({"number"})
    said = _FIRST_STEP.sub("", said, count=1) or said
    is_short = len(said) <= _SHORT * (1 + 2 * is_latin(said)) and said[-1] not in "。；;."
    is_long = not is_short or _PARTED.search(said) is not None
    values = {
        "day": is_short and _is_day(said),
        "state": is_short and bool(tells_done(said) or says_done(said) or _STATE.fullmatch(said)),
        "name": len(said) <= _LONGEST_NAME and _is_name(said),
    }
    is_value = len(said) <= _LONGEST_VALUE * (1 + 2 * is_latin(said)) and (values["state"] or values["name"])
    told = {
        "fix": begins_fix(said) or opens_with_action(said),
        "fault": states_fault(said),
        "words": is_long,
        "brief": not is_long and not (values["day"] and _is_day_alone(said)) and not is_value,
    }
    return frozenset(kind for kind, so in (values | told).items() if so)


def _is_day(said: str) -> bool:
    found = stated(said, 0, len(said), _SOME_DAY)
    return (
        found.time_limit is not TimeLimit.NONE or _DAY.fullmatch(said) is not None or vague_word(found) != ""
    )


def _is_day_alone(said: str) -> bool:
    """Whether a line says no more than by when: not 护士长每日抽查."""
    return len(said) <= _LONGEST_DAY * (1 + 2 * is_latin(said)) or _DATE.fullmatch(said) is not None


def _is_name(said: str) -> bool:
    """Whether a line is a list of units, posts or people, and no fault or action that only ends like one."""
    several = [name for name in listed(said) if is_specific(name)]
    if not several or said[-1] in "。；;.":
        return False
    if is_latin(said):
        return all(map(_is_latin_name, several)) and not (
            names_in_full(said) or states_fault(said) or opens_with_action(said)
        )
    if all(is_named(name) and not is_no_name(name) for name in several):
        return not states_fault(said)
    return _PERSON.fullmatch(said) is not None and not states_fault(said) and not opens_with_action(said)


def _is_latin_name(name: str) -> bool:
    """Whether a name is in few words, and in more than three only with capitals: Head of Procurement."""
    several = name.split()
    great = sum(word[0].isupper() for word in several)
    return (
        name[0].isupper() and len(several) <= _MOST_WORDS and (len(several) < 4 or 2 * great > len(several))
    )


def suits(uses: Sequence[str], said: Sequence[str]) -> int:
    """How well a whole row suits its columns; `MISFIT` where one line of it does not at all."""
    each = [fit(use, words) for use, words in zip(uses, said, strict=True)]
    return MISFIT if MISFIT in each else sum(each)


def placed(uses: Sequence[str], said: Sequence[str], *, whole: bool) -> Placed:
    """Which of a row's lines belong to which column, in order.

    A row of as many lines as columns has one in each, unless one of them does not fit. Of what is not
    `whole`, because nothing tells where it ends, as many of the first lines are taken as fit best.
    """
    full = len(said) == len(uses) if whole else not any(said[len(uses) : len(uses) + 1])
    if full and len(said) >= len(uses) and suits(uses, said[: len(uses)]) != MISFIT:
        return tuple((at, at + 1) for at in range(len(uses)))
    scores, taken = _weighed(uses, said)
    last = len(said) if whole else max(range(len(said) + 1), key=lambda at: (scores[-1][at], -at))
    if whole and last and scores[-1][last - 1] - _STRANGER > scores[-1][last]:
        last -= 1
    found = []
    for column in reversed(range(len(uses))):
        first = last - taken[column][last]
        found.append((first, last))
        last = first
    return tuple(reversed(found))


_LOST, _GONE_ON, _PASSED_OVER, _STRANGER, _TORN = 1.0, 1.0, 2.0, 1.5, 1.5
"""What it costs that a column has no line, a cell goes on, an empty line is none, a last line is no cell,
a cell begins or ends within a sentence."""
_PAUSES = ("，", ",", "、")


def _weighed(uses: Sequence[str], said: Sequence[str]) -> tuple[list[list[float]], list[list[int]]]:
    """By columns done and lines used: the best weight, and how many lines the last column then has."""
    impossible = float("-inf")
    scores = [[0.0] + [impossible] * len(said)]
    taken: list[list[int]] = []
    longest = max(map(len, said), default=1) or 1
    most = min(_MOST_LINES, max(1, len(said) - len(uses) + 2))
    for use in uses:
        before = scores[-1]
        options = [
            max(
                (
                    (before[to - many] + _weight(use, said[to - many : to], longest), -many)
                    for many in range(min(to, most) + 1)
                    if before[to - many] > impossible
                ),
                default=(impossible, 0),
            )
            for to in range(len(said) + 1)
        ]
        scores.append([weight for weight, _ in options])
        taken.append([-many for _, many in options])
    return scores, taken


def _weight(use: str, lines: Sequence[str], longest: int) -> float:
    """How well some lines make one cell: by all their words, and the first one's length where it goes on."""
    if not lines:
        return -_LOST
    first = lines[0]
    torn = _TORN * (_goes_on(first) + lines[-1].endswith(_PAUSES))
    if len(lines) == 1:
        return fit(use, first) - torn
    if not first:
        return float("-inf")
    whole = (" " * is_latin(first)).join(filter(None, lines))
    more = _GONE_ON * (len(lines) - 1)
    if use != "owner" or not all(map(_is_unit, lines)):
        more = sum(_cost(use, line) for line in lines[1:])
    return fit(use, whole) - more + len(first) / longest - torn


def _is_unit(line: str) -> bool:
    """Whether a line of a cell is the whole name of a unit, so that the next one may be another's."""
    return 2 < len(line) <= _SHORT and is_named(line) and "name" in _kinds(line)


@lru_cache(maxsize=8192)
def _cost(use: str, line: str) -> float:
    """What it costs to take a line for more of the cell above it, the less it looks like a cell the less."""
    if not line:
        return _PASSED_OVER
    own = {"name", "day", "state"} | ({"fix"} if use == "problem" else set())
    is_own = not own.isdisjoint(_kinds(line)) or (line[0].isupper() and is_latin(line))
    is_own = is_own or _FIRST_STEP.match(line) is not None
    return _GONE_ON + (use not in _MANIFOLD) + (is_own and not _goes_on(line))


def _goes_on(line: str) -> bool:
    """Whether a line begins within a sentence or a row of steps."""
    return line[:1].islower() or line.startswith(tuple("，。；、：）)")) or _STEP.match(line) is not None


_FIRST_STEP = re.compile(r"1[.．、)）](?![0-9])|[（(]1[)）]|①")
_STEP = re.compile(r"[2-9][.．、)）](?![0-9])|[（(][2-9][)）]|[②-⑨]")


_MANIFOLD = {"problem", "measure"}
"""The columns whose cells are long enough to go on."""
