"""Numbered paragraphs of English surveys: what is in order, what is wrong and what is to be done."""

from documents.claim import Claim
from documents.clauses import says_nothing_wrong, sentences, states_fault
from documents.fixes import imperative, is_mended
from documents.lexicon import any_of, folded, is_latin
from documents.outline import Node, walk
from documents.pairs import pair
from documents.reading import Span
from documents.titles import trimmed
from rules.lifecycle import Kind

_STYLES = frozenset({"digit", "decimal2", "decimal3", "letter", "capital", "code"})
_FEWEST = 2


def surveyed(text: str, root: Node) -> list[Claim]:
    """What the numbered paragraphs of a survey tell; nothing where fewer than two tell fault and fix."""
    told = [found for node in walk(root) if (found := _told(text, node))]
    return [claim for found in told for claim in found] if len(told) >= _FEWEST else []


def _told(text: str, node: Node) -> list[Claim]:
    """The fault and the fix of a numbered paragraph that tells both; nothing where it tells one alone."""
    if node.children or node.style not in _STYLES or not is_latin(text[node.body : node.end]):
        return []
    every = list(sentences(text, node.body, node.end))
    asked = next((at for at, one in enumerate(every) if at and _asks(text, one)), None)
    wrong = next((at for at, one in enumerate(every[:asked]) if _is_wrong(text[one.start : one.end])), None)
    if asked is None or wrong is None:
        return []
    fault, fix = every[wrong], every[asked]
    end = trimmed(text, fix.start, node.end)
    whole = Claim(Kind.PROBLEM, "", fault.start, fault.start, end, "clause-before-fix", node.start)
    return pair(text, whole, fix.start)


def _asks(text: str, sentence: Span) -> bool:
    said = text[sentence.start : sentence.end]
    return (
        imperative().match(said) is not None or is_mended(text, sentence) or said.startswith("We recommend")
    )


def _is_wrong(said: str) -> bool:
    amiss = states_fault(said) or any_of("clause", "amiss").search(folded(said)) is not None
    return amiss and not says_nothing_wrong(said)
