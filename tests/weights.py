"""Learns how much each gram speaks for a problem or a measure, from labelled reports and tagged sentences.

Usage: python tests/weights.py [--write]

Of all pairs of sentences, one that states a problem (or a measure) and one that does not, it prints the share
in which the first weighs more, in the reports that were held back and are never learned from. `--write`
writes documents/weights.tsv. A tagged sentence is a line of tests/documents/sentences: P problem, M measure,
N neither, H heading, L lead.
"""

import argparse
import hashlib
import json
import math
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from documents.clauses import sentences
from documents.lexicon import is_latin
from documents.weighing import FILE, grams

HERE = Path(__file__).parent / "documents"
KINDS = ("problem", "measure")
TAGS = {"P": "problem", "M": "measure"}
FEWEST = 5
"""A gram that fewer sentences hold is left out."""
LEAST = 10
"""Hundredths: a gram that speaks less for either kind is left out."""
EPOCHS, RATE, DECAY = 6, 0.15, 2e-5
TRUST = 0.67
"""By so much the weights are drawn in: a sentence never met is told less surely than one learned from."""


class Told(NamedTuple):
    """A sentence and what it states: `problem`, `measure` or nothing."""

    words: str
    states: str


def of_report(path: Path) -> Iterator[Told]:
    """The sentences of a labelled report, parted where an item begins within one."""
    gold = json.loads(path.read_text("utf-8"))
    text = path.with_suffix(".txt").read_text("utf-8").translate({0x2018: "'", 0x2019: "'"})
    items = [(item["start"], item["end"], item["kind"]) for item in gold["items"]]
    for line in re.finditer(r"[^\n]+", text):
        for one in sentences(text, *line.span()):
            if any(zone["start"] <= one.start < zone["end"] for zone in gold["neutral"]):
                continue
            inner = sorted(start for start, _, _ in items if one.start + 2 < start < one.end - 2)
            for start, end in zip([one.start, *inner], [*inner, one.end], strict=True):
                middle = (start + end) // 2
                kinds = {kind for begin, stop, kind in items if begin <= middle < stop}
                if end - start > 3 and len(kinds) < 2:
                    yield Told(text[start:end], next(iter(kinds), ""))


def of_tags(path: Path) -> Iterator[Told]:
    """The sentences of a file of tagged lines."""
    for line in path.read_text("utf-8").splitlines():
        tag, _, said = line.partition(" ")
        if len(tag) == 1 and tag in "PMNHL":
            yield Told(said.strip().replace("’", "'"), TAGS.get(tag, ""))


def learned_from() -> list[Path]:
    """The files that the weights are learned from; reports that were held back are none of them."""
    return [*sorted((HERE / "reports").glob("*.json")), *sorted((HERE / "sentences").glob("*.txt"))]


def stamp() -> str:
    """What tells whether the weights are of these files: a hash of their names and contents."""
    found = hashlib.sha256()
    for path in learned_from():
        for one in (path, path.with_suffix(".txt")):
            found.update(one.name.encode() + b"\0" + one.read_bytes())
    return found.hexdigest()[:16]


def told(paths: Iterable[Path]) -> list[Told]:
    """All sentences of several files."""
    return [one for path in paths for one in (of_report if path.suffix == ".json" else of_tags)(path)]


def vocabulary(said: list[set[str]]) -> list[str]:
    """The grams that are frequent enough, in order."""
    counted = Counter(gram for one in said for gram in one)
    return sorted(gram for gram, many in counted.items() if many >= FEWEST and not set(gram) & {"\t", "\n"})


def learn(rows: list[list[int]], states: list[bool], many: int) -> list[float]:
    """The weights of `many` grams and, last, the bias: logistic regression by steps that shrink with use."""
    weights, steps = [0.0] * (many + 1), [1e-8] * (many + 1)
    order = list(range(len(rows)))
    for epoch in range(EPOCHS):
        random.Random(epoch).shuffle(order)  # noqa: S311
        for i in order:
            row = rows[i]
            score = weights[many] + sum(weights[at] for at in row)
            slope = 1 / (1 + math.exp(-max(-30.0, min(30.0, score)))) - states[i]
            for at in (*row, many):
                pull = slope + DECAY * len(rows) * weights[at] / 100
                steps[at] += pull * pull
                weights[at] -= RATE * pull / math.sqrt(steps[at])
    return weights


def learn_all(said: list[Told]) -> dict[str, tuple[int, int]]:
    """Each gram of one language and the bias `=`, with the hundredths that it speaks for either kind."""
    sets = [grams(one.words) for one in said]
    known = vocabulary(sets)
    places = {gram: at for at, gram in enumerate(known)}
    rows = [sorted(places[gram] for gram in one if gram in places) for one in sets]
    both = [learn(rows, [one.states == kind for one in said], len(known)) for kind in KINDS]
    rounded = [tuple(round(100 * TRUST * weights[at]) for weights in both) for at in range(len(known) + 1)]
    names = [*known, "="]
    return {
        name: (one, other)
        for name, (one, other) in zip(names, rounded, strict=True)
        if name == "=" or max(abs(one), abs(other)) >= LEAST
    }


def written(said: list[Told]) -> str:
    """The file of weights: its stamp, then a line a gram; what both languages share is their mean."""
    found: dict[str, tuple[int, int]] = {}
    for lang in ("zh", "en"):
        own = [one for one in said if is_latin(one.words) == (lang == "en")]
        for gram, weight in learn_all(own).items():
            name = f"={lang}" if gram == "=" else gram
            before = found.get(name, weight)
            found[name] = ((before[0] + weight[0]) // 2, (before[1] + weight[1]) // 2)
    lines = [f"{gram}\t{one}\t{other}\n" for gram, (one, other) in found.items()]
    return f"=of {stamp()}\t0\t0\n" + "".join(lines)


def better(weights: dict[str, tuple[int, int]], said: list[Told], kind: str) -> float:
    """The share of pairs, one that states the kind and one that does not, in which the first weighs more."""
    at = KINDS.index(kind)
    scored = sorted(
        (sum(weights[gram][at] for gram in grams(one.words) if gram in weights), one.states == kind)
        for one in said
    )
    below = right = 0
    for _, is_kind in scored:
        right += below * is_kind
        below += not is_kind
    return right / (below * (len(scored) - below))


def main() -> None:
    """Learn, say how well, and write where asked."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--write", action="store_true")
    asked = words.parse_args()
    text = written(told(learned_from()))
    lines = (line.split("\t") for line in text.splitlines())
    weights = {gram: (int(one), int(other)) for gram, one, other in lines}
    held = told(sorted((HERE / "reports" / "held_back").glob("*.json")))
    for lang, own in (
        ("Chinese", [o for o in held if not is_latin(o.words)]),
        ("English", [o for o in held if is_latin(o.words)]),
    ):
        shares = ", ".join(f"{kind} {better(weights, own, kind):.3f}" for kind in KINDS)
        sys.stdout.write(f"{lang}: {shares} ({len(own)} sentences)\n")
    sys.stdout.write(f"{len(weights)} grams\n")
    if asked.write:
        FILE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
