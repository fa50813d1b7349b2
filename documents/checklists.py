"""Checklists: lines with a mark that says met or not met. What is not met is a problem."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from documents.claim import Claim
from documents.clauses import states_fault
from documents.dialogue import tells_fault
from documents.lexicon import folded
from documents.ratings import only_rates
from rules.lifecycle import Kind

_BOX = r"[\[［][ 　]?(?:[xX√✓✔×✗✘][ 　]?)?[\]］]|[☑☐☒✓✔✗✘√×□]"
_LEAD = r"(?:[-*•][ \t]+)?(?P<number>(?:[A-Z]?[0-9]{1,3}[.、)]|(?:Regulation|Standard) [0-9]{1,3}:)[ \t]*)?"
_BEFORE = re.compile(
    rf"{_LEAD}(?P<mark>{_BOX}|(?i:yes|no|pass|fail|[yn])(?=[ ]{{2}}|\t))[ \t　]*(?P<said>[^ \t　].{{3,}})"
)
_BEHIND = re.compile(
    r"(?P<open>[【\[（( \t　:：—…-])[ ]?(?P<mark>不符合|不合格|不达标|符合|合格|达标|√|×|✓|✗|"
    r"(?i:(?:(?:not|partly|partially|fully) )?met|pass|fail|"
    r"non-compliant|(?:(?:partially|fully) )?compliant))[】\]）)]?[。.]?\Z"
)
_NUMBER = re.compile(_LEAD)
_MARKED = 20
"""So many characters hold a mark at the end of a line."""
_BETWEEN = " \t　:：—…-【[（("
_LINE = re.compile(r"[^\n]+")
_LONGEST, _FEWEST = 240, 3
_KEY = re.compile(r"(?i:key|legend|marks?)[ \t]*:|(?:注|说明|图例|备注|填写说明|标记|符号)[^：:]{0,6}[：:]")
_KEYED = re.compile(
    rf"(?P<mark>{_BOX}|\b(?:Yes|No|Y|N)(?=[ ]?[=:：—–-]))[ \t　]*[:：=＝—-]?[ \t　]*"
    r"(?:表示|代表|为|means?)?[ \t　]*(?P<said>[^\[［☑☐☒✓✔✗✘√×□,，;；、]+)"
)
_UNMET = re.compile(
    r"不符合|不合格|不达标|未达标|不满足|不通过|未通过|有问题|存在问题|不到位|"
    r"\b(?:not (?:met|compliant|in place|satisfactory|acceptable|ok)|"
    r"non-?complian\w*|fail(?:ed|s)?|unmet|unsatisfactory|defect\w*|no)\b"
)
_EMPTY, _CROSSED, _TICKED = "empty", "crossed", "ticked"
_SIGNS = {
    "☐": _EMPTY,
    "□": _EMPTY,
    "": _EMPTY,
    "×": _CROSSED,
    "✗": _CROSSED,
    "✘": _CROSSED,
    "☒": _CROSSED,
    "no": _CROSSED,
    "n": _CROSSED,
    "fail": _CROSSED,
}
_TELLING = frozenset(
    {
        *("不符合", "不合格", "不达标", "not met", "partly met", "partially met"),
        "non-compliant",
        "partially compliant",
    }
)
"""Marks in words, which need no fault beside them."""

_GOOD = frozenset({"yes", "pass", "met", "fully met", "fully compliant"})


@dataclass(frozen=True, slots=True)
class _Checked:
    """A line of a checklist: what its mark is, and where its words stand."""

    sign: str
    number: str
    begin: int
    start: int
    end: int


def with_unmet(text: str, found: list[Claim]) -> list[Claim]:
    """The claims with those of the text's checklist, whose lines are what their marks say."""
    several = list(_checked(text))
    bad = _unmet_signs(text, several)
    unmet = [one for one in several if one.sign in bad]
    to_do = any(claim.kind is Kind.MEASURE and _within(claim, several) for claim in found)
    if not unmet or to_do or _answers_question(text, several):
        return found
    kept = [claim for claim in found if not _within(claim, several)]
    return kept + [
        Claim(Kind.PROBLEM, one.number, one.start, one.begin, one.end, "unmet-in-checklist", 0)
        for one in unmet
    ]


def _answers_question(text: str, several: list[_Checked]) -> bool:
    """Whether a question leads to the lines, as in forms and surveys, whose boxes are answers."""
    begins = {text.rfind("\n", 0, one.begin) for one in several}
    return any(text[max(0, at - 3) : at].rstrip(" \t").endswith(("?", "？")) for at in begins if at > 0)


def _within(claim: Claim, several: list[_Checked]) -> bool:
    """Whether a claim begins in a line of the checklist."""
    at = bisect_left(several, claim.title_start, key=lambda one: one.end)
    return at < len(several) and several[at].begin <= claim.title_start


def _checked(text: str) -> Iterator[_Checked]:
    for line in _LINE.finditer(text):
        said = line[0].strip(" \t　")
        if len(said) <= _LONGEST and not _KEY.search(said[:20]):
            at = line.start() + line[0].index(said)
            found = _marked_before(said, at) or _marked_behind(said, at)
            if found:
                yield found


def _marked_before(line: str, at: int) -> _Checked | None:
    found = _BEFORE.fullmatch(line)
    return _one(found, at, found["mark"], *found.span("said")) if found else None


_HEADS = re.compile(
    r"[\W\d_]*(?i:recommendations?|actions?|findings?|conditions?|requirements?|targets?|standards?) \w"
)
"""A heading over what was met, which is no line of a checklist: `4. Recommendations not met`."""


def _marked_behind(line: str, at: int) -> _Checked | None:
    mark = _BEHIND.search(line, max(0, len(line) - _MARKED))
    if mark is None or "|" in line or "\t" in line or _HEADS.match(line):
        return None
    end = len(line[: mark.start()].rstrip(_BETWEEN))
    found = _NUMBER.match(line)
    start = found.end() if found else 0
    names_one = end - start >= _FEWEST and not only_rates(line[start:end])
    return _one(found, at, mark["mark"], start, end) if names_one else None


def _one(found: re.Match[str] | None, at: int, mark: str, start: int, end: int) -> _Checked:
    number = ((found["number"] if found else None) or "").strip()
    begin = found.start("number") if found and number else start
    return _Checked(_sign(mark), number, at + begin, at + start, at + end)


def _sign(mark: str) -> str:
    """What a mark is: `empty`, `crossed`, a word, or ticked for all else."""
    bare = mark.strip("[]［］ 　").lower()
    if bare in _SIGNS:
        return _SIGNS[bare]
    return bare if len(bare) > 1 and bare not in _GOOD else _TICKED


def _unmet_signs(text: str, several: list[_Checked]) -> set[str]:
    """The marks that say `not met`: by the key, in plain words, or because what bears them tells faults."""
    signs = {one.sign for one in several}
    if len(several) < _FEWEST or len(signs) < len({"met", "unmet"}):
        return set()
    keyed = dict(_keyed(text))
    if keyed.keys() - {_TICKED}:
        return {sign for sign, said in keyed.items() if _UNMET.search(said)} & signs
    return (signs & _TELLING) or {
        sign
        for sign in signs & {_EMPTY, _CROSSED}
        if _tells_faults(text, [one for one in several if one.sign == sign], surely=sign == _CROSSED)
    }


def _keyed(text: str) -> Iterator[tuple[str, str]]:
    for line in _LINE.finditer(text[:4000]):
        if len(line[0]) <= _LONGEST and _KEY.search(line[0][:20]):
            for one in _KEYED.finditer(line[0]):
                yield _sign(one["mark"]), folded(one["said"])


def _tells_faults(text: str, several: list[_Checked], *, surely: bool) -> bool:
    """Whether most of the lines tell faults; half of them is enough where a cross says so too."""
    said = [text[one.start : one.end] for one in several]
    faulty = sum(_is_fault(one) for one in said)
    return faulty * 2 >= len(said) if surely else faulty * 2 > len(said)


def _is_fault(said: str) -> bool:
    if said.endswith(("?", "？")):
        return False
    return states_fault(said) or tells_fault(said + " " * 20, asked=False)
