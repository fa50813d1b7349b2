"""Checklists: a line that is ticked as not met states a fault."""

import re
from bisect import bisect_left

from documents.claim import Claim
from documents.clauses import stripped
from rules.lifecycle import Kind

_MARK = r"\[[ xX✓✗]?\]|[✓√✔☑✗✘×☒□☐]"
_TICKED = re.compile(
    rf"^[ \t　]*(?P<mark>{_MARK})[ \t　]*(?P<said>[^\n\[\]✓√✔☑✗✘×☒□☐]{{4,300}})$", re.MULTILINE
)
_KEY = re.compile(
    rf"(?P<mark>{_MARK})[ \t　]*(?:[=：:]|means|表示|代表|为)?[ \t　]*"
    r"(?:not (?:met|compliant|in place|done|satisf)|non-?complian|unmet|fail|no\b|不符合|不合格|不达标|"
    r"未达标|未落实|有问题|存在问题)",
    re.IGNORECASE,
)
_UNMET = frozenset("✗✘×☒")
_MET = frozenset({"[x]", "✓", "√", "✔", "☑", "[✓]"})


def unmet(text: str, found: list[Claim]) -> list[Claim]:
    """What a checklist says is not met, by its key or by a cross, where other lines are ticked as met."""
    lines = list(_TICKED.finditer(text))
    bad = {_plain(key["mark"]) for key in _KEY.finditer(text)} | _UNMET
    marks = {_plain(line["mark"]) for line in lines} - bad
    if not marks & _MET:
        return []
    ranges = sorted((claim.start, claim.end) for claim in found)
    return [_claim(text, line) for line in lines if _plain(line["mark"]) in bad and _is_free(ranges, line)]


def _plain(mark: str) -> str:
    return mark.lower().replace("[]", "[ ]")


def _is_free(ranges: list[tuple[int, int]], line: re.Match[str]) -> bool:
    at = bisect_left(ranges, (line.end(), 0))
    return not (at and ranges[at - 1][1] > line.start())


def _claim(text: str, line: re.Match[str]) -> Claim:
    said = stripped(text, *line.span("said"))
    return Claim(Kind.PROBLEM, "", said.start, said.start, said.end, "ticked-as-unmet", 0)
