"""Claims that only a loose rule found and whose words speak plainly against them."""

from documents.claim import Claim
from documents.weighing import weigh_part
from rules.lifecycle import Kind

_LEAST = {
    "fault-in-passing": -3.0,
    "told-in-talk": -3.0,
    "sentence-under-section": -3.0,
    "numbered-under-section": -4.0,
}
"""From this weight on what a rule found stays; a rule that is not named here leaves no doubt."""
_READ = 300


def is_doubtful(text: str, claim: Claim) -> bool:
    """Whether the first sentences of a claim speak plainly for nothing to be tracked."""
    least = _LEAST.get(claim.rule)
    if least is None or (claim.rule == "numbered-under-section" and claim.kind is Kind.PROBLEM):
        return False
    weight = weigh_part(text, claim.title_start, min(claim.end, claim.start + _READ), most=3)
    return (weight.problem if claim.kind is Kind.PROBLEM else weight.measure) < least
