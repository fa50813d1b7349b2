"""How much the words of a sentence speak for a fault or for a measure.

A fault told in words that nobody has listed is known by this alone: `值班室夜里没有人`. The weights of
`weights.tsv` are learned from labelled reports and tagged sentences (`tests/weights.py`).
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from pathlib import Path

from documents.clauses import sentences, states_fault
from documents.lexicon import folded, is_latin

FILE = Path(__file__).with_name("weights.tsv")
_FIGURES = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_WORDS = re.compile(r"[a-z0]+(?:'[a-z]+)?|[:?£$%]")
_LONGEST = 3
"""Characters of the longest gram of a Chinese sentence."""
_HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Weight:
    """How much speaks for a problem and for a measure, as logarithms of odds; 0 is even."""

    problem: float
    measure: float


def grams(sentence: str) -> set[str]:
    """What is weighed: Chinese signs alone and up to three together, English words alone and in pairs.

    Any figure counts as 0; `^` stands for the beginning.
    """
    said = _FIGURES.sub("0", folded(sentence).replace("’", "'").strip())
    if not is_latin(said):
        said = "^" + said
        return {said[i : i + n] for n in range(1, _LONGEST + 1) for i in range(len(said) - n + 1)}
    words = ["^", *_WORDS.findall(said)]
    return {*words, *(f"{one} {other}" for one, other in pairwise(words))}


@lru_cache(maxsize=1)
def _weights() -> dict[str, tuple[int, int]]:
    """Each gram's weights for a problem and a measure, in hundredths; `=zh` and `=en` are the biases."""
    lines = (line.split("\t") for line in FILE.read_text("utf-8").splitlines())
    return {gram: (int(problem), int(measure)) for gram, problem, measure in lines}


@lru_cache(maxsize=4096)
def weigh(sentence: str) -> Weight:
    """The weight of one sentence."""
    known = _weights()
    bias = known["=en" if is_latin(sentence) else "=zh"]
    several = [bias, *(known[gram] for gram in grams(sentence) if gram in known)]
    return Weight(
        sum(one for one, _ in several) / _HUNDREDTHS, sum(other for _, other in several) / _HUNDREDTHS
    )


def speaks_of_fault(said: str) -> bool:
    """Whether a sentence states a fault in words that are known, or weighs as one."""
    return states_fault(said) or weigh(said).problem > 0


def weigh_part(text: str, start: int, end: int, *, most: int = 2) -> Weight:
    """The mean weight of the first sentences of a part; heavily against both where it holds none."""
    return mean([weigh(text[one.start : one.end]) for one in islice(sentences(text, start, end), most)])


def mean(several: list[Weight]) -> Weight:
    """The mean of several weights."""
    if not several:
        return Weight(-9.0, -9.0)
    many = len(several)
    return Weight(sum(one.problem for one in several) / many, sum(one.measure for one in several) / many)
