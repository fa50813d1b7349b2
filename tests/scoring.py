"""How well reports are read: what was found beside what a person labelled, as shares.

Usage: python tests/scoring.py FOLDER [--each]

FOLDER holds reports `NNN.txt` with labels `NNN.json`; docs/reading.md says what is labelled. An item is found
where one of its kind begins within six characters of the labelled place, or shares half of its range with it.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from documents.drafts import as_json, read

Entry = Mapping[str, Any]
NEAR = 6
FIGURES = ("item", "titles", "owners", "deadline class", "deadline date", "links", "subitems", "done")


@dataclass(slots=True)
class Share:
    """How many are right, of how many that were found and how many that are labelled."""

    right: int = 0
    found: int = 0
    labelled: int = 0

    @property
    def f1(self) -> float:
        """Twice the right ones by the found and the labelled together; 1 where there is nothing to find."""
        both = self.found + self.labelled
        return 2 * self.right / both if both else 1.0

    def add(self, right: int, found: int, labelled: int) -> None:
        self.right += right
        self.found += found
        self.labelled += labelled


@dataclass(slots=True)
class Tally:
    """The shares of several reports together, and the reports without items in which some were found."""

    shares: dict[str, Share] = field(default_factory=lambda: {name: Share() for name in FIGURES})
    alarms: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A report's text, its labels, and what was read from it."""

    name: str
    text: str
    gold: dict[str, Any]
    read: dict[str, Any]

    @property
    def found(self) -> list[Entry]:
        """What was read, without what begins where coordinators differ on whether to enter it."""
        return [item for item in self.read["items"] if not self._is_neutral(item["start"])]

    def _is_neutral(self, start: int) -> bool:
        return any(zone["start"] <= start < zone["end"] for zone in self.gold["neutral"])


def labelled(path: Path) -> Labelled:
    """The report whose labels stand at `path`."""
    text = path.with_suffix(".txt").read_text("utf-8")
    return Labelled(path.stem, text, json.loads(path.read_text("utf-8")), as_json(read(text)))


def tallied(reports: Iterable[Labelled]) -> Tally:
    """All figures over several reports."""
    tally = Tally()
    for report in reports:
        _count(tally, report)
    return tally


def _count(tally: Tally, report: Labelled) -> None:
    found, gold = report.found, report.gold["items"]
    partners = matched(found, gold)
    tally.shares["item"].add(len(partners), len(found), len(gold))
    if found and not gold:
        tally.alarms.append(report.name)
    places = {id(item): place for place, item in enumerate(found)}
    to_gold = {i: partners.get(places.get(id(item), -1), -1) for i, item in enumerate(report.read["items"])}
    for at, partner in partners.items():
        for name, counts in _fields(found[at], gold[partner], to_gold):
            tally.shares[name].add(*counts)


def _fields(
    found: Entry, gold: Entry, to_gold: Mapping[int, int]
) -> Iterator[tuple[str, tuple[int, int, int]]]:
    yield "titles", (_same_title(found["title"], gold["title"]), 1, 1)
    mine, theirs = ({_bare(owner) for owner in item["owners"]} for item in (found, gold))
    yield "owners", (len(mine & theirs), len(mine), len(theirs))
    due, wanted = found["deadline"], gold["deadline"]
    yield "deadline class", (due["class"] == wanted["class"], 1, 1)
    same_day = wanted["date"] is not None and due["date"] == wanted["date"]
    yield "deadline date", (same_day, due["date"] is not None, wanted["date"] is not None)
    answers = {to_gold[index] for index in found["addresses"]}
    yield "links", (len(answers & set(gold["addresses"])), len(answers), len(gold["addresses"]))
    yield "subitems", _parts(found["subitems"], gold["subitems"])
    yield "done", (found["done"] == gold["done"], 1, 1)


def _parts(found: list[Entry], gold: list[Entry]) -> tuple[int, int, int]:
    right = sum(any(abs(mine["start"] - part["start"]) <= NEAR for mine in found) for part in gold)
    return right, len(found), len(gold)


def matched(found: list[Entry], gold: list[Entry]) -> dict[int, int]:
    """Index of a found item -> index of the labelled one that it is; the best pairs first, each once."""
    pairs = [
        (_nearness(mine, theirs), i, j)
        for i, mine in enumerate(found)
        for j, theirs in enumerate(gold)
        if mine["kind"] == theirs["kind"]
    ]
    partners: dict[int, int] = {}
    for nearness, i, j in sorted(pairs, reverse=True):
        if nearness >= 0.5 and i not in partners and j not in partners.values():
            partners[i] = j
    return partners


def _nearness(one: Entry, other: Entry) -> float:
    shared = min(one["end"], other["end"]) - max(one["start"], other["start"])
    whole = max(one["end"], other["end"]) - min(one["start"], other["start"])
    return max(0.0, shared / whole) + (abs(one["start"] - other["start"]) <= NEAR)


def _same_title(one: str, other: str) -> bool:
    mine, theirs = _bare(one), _bare(other)
    return bool(mine and theirs) and (mine.startswith(theirs) or theirs.startswith(mine))


def _bare(words: str) -> str:
    return re.sub(r"[\s\W_]+", "", words).lower()


def told(tally: Tally) -> Iterator[str]:
    """One line a figure."""
    for name, share in tally.shares.items():
        counted = f"{share.right} right, {share.found} found, {share.labelled} labelled"
        yield f"{name:<16}{share.f1:.3f}  ({counted})"
    yield f"{'false alarms':<16}{len(tally.alarms)}"


def main() -> None:
    """Print the figures of a folder, with each report's own where asked."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("folder", type=Path)
    words.add_argument("--each", action="store_true")
    asked = words.parse_args()
    reports = [labelled(path) for path in sorted(asked.folder.glob("*.json"))]
    if asked.each:
        for report in reports:
            sys.stdout.write(f"{report.name}  {tallied([report]).shares['item'].f1:.2f}\n")
    sys.stdout.writelines(f"{line}\n" for line in told(tallied(reports)))


if __name__ == "__main__":
    main()
