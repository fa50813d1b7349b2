"""Claims that only a loose rule found and whose words speak plainly against them."""

import re

from documents.claim import Claim
from documents.weighing import mean, weigh_part
from rules.lifecycle import Kind

_LEAST = {
    ("fault-in-passing", Kind.PROBLEM): -3.0,
    ("told-in-talk", Kind.PROBLEM): -3.0,
    ("sentence-under-section", Kind.PROBLEM): -4.5,
    ("sentence-under-section", Kind.MEASURE): -3.0,
    ("numbered-under-section", Kind.MEASURE): -4.5,
}
"""From this weight on what a rule found stays; a rule that is not named here leaves no doubt."""
_READ = 300


_STATISTIC = re.compile(
    r"[^\n]{2,60}?(?: {3,}[-+(]?[0-9][0-9.,]*[%)]?)+\s*\Z|"
    r"[^。\n]{2,20}[。，：]共?[0-9,]+[件起条次个][，,](?:约|环比|同比)?占"
)
"""A line of a table of figures, drawn with blanks; how many of a sort there were."""
_LEAST_TOGETHER = -1.0


def are_doubtful(text: str, claims: list[Claim]) -> bool:
    """Whether a paper names no problem and what was loosely found in it speaks for nothing to be done."""
    loose = all(claim.rule == "sentence-under-section" and claim.kind is Kind.MEASURE for claim in claims)
    weights = [weigh_part(text, claim.title_start, claim.end, most=3) for claim in claims]
    return loose and mean(weights).measure < _LEAST_TOGETHER


def is_doubtful(text: str, claim: Claim) -> bool:
    """Whether the first sentences of a claim speak plainly for nothing to be tracked."""
    least = _LEAST.get((claim.rule, claim.kind))
    if least is None:
        return False
    if _STATISTIC.match(text, claim.start, claim.end):
        return True
    weight = weigh_part(text, claim.title_start, min(claim.end, claim.start + _READ), most=3)
    return (weight.problem if claim.kind is Kind.PROBLEM else weight.measure) < least
