"""Claims that only a loose rule found and whose words speak plainly against them."""

import re
from collections import defaultdict
from dataclasses import replace

from documents.acting import acting
from documents.claim import IN_TALK, Claim
from documents.entries import names_owner
from documents.lexicon import is_latin
from documents.sections import Announced, announced
from documents.turning import draws_attention
from documents.weighing import Weight, mean, weigh_part
from rules.lifecycle import Kind

_LEAST = {
    ("fault-in-passing", Kind.PROBLEM): -3.0,
    ("told-in-talk", Kind.PROBLEM): -3.0,
    ("sentence-under-section", Kind.PROBLEM): -4.5,
    ("fault-without-fix", Kind.PROBLEM): -2.5,
    ("sentence-under-section", Kind.MEASURE): -1.4,
    ("numbered-under-section", Kind.MEASURE): -4.5,
    ("numbered-recommendation", Kind.MEASURE): -1.0,
}
"""From this weight on what a rule found stays; a rule that is not named here leaves no doubt."""
_READ, _ENOUGH = 300, 40


_STATISTIC = re.compile(
    r"[^\n]{2,60}?(?: {3,}[-+(]?[0-9][0-9.,]*[%)]?)+\s*\Z|"
    r"[^。\n]{2,20}[。，：]共?[0-9,]+[件起条次个][，,](?:约|环比|同比)?占"
)
"""A line of a table of figures, drawn with blanks; how many of a sort there were."""
_NAMED = re.compile(r"(?:关于|针对)[^\n。]{2,40}问题")
"""A problem that is named and not told, whose words may speak of anything."""
_DEDUCTED = re.compile(r"扣[0-9.]+分")
"""What cost points is a fault, whatever its words."""
_LEAST_TOGETHER = {"sentence-under-section": -1.0, "answered-in-talk": 0.5}
"""The same of all measures together where nothing else was found: an answer to no fault says little."""


_FAULTS = (
    r"(?:contraventions?|breach(?:es)?|deficienc(?:y|ies)|non-?conformit(?:y|ies)|non-?compliances?|violations?|"
    r"findings?)"
)
_NOTHING_FOUND = re.compile(
    rf"(?<![^.\n ])(?:No {_FAULTS} (?:was|were) (?:found|identified|raised|noted|observed|recorded)|"
    rf"[^.\n]{{0,60}}\b(?:audit|inspection|visit|review|assessment) (?:raised|identified|found|resulted in) "
    rf"no {_FAULTS})\b"
)
"""How an English letter says that a whole check found nothing."""
_LOOSE = IN_TALK | {"by-weight"}


def are_doubtful(text: str, claims: list[Claim]) -> bool:
    """Whether a paper names no problem and what was loosely found in it speaks for nothing to be done."""
    if _NOTHING_FOUND.search(text) and all(claim.rule in _LOOSE for claim in claims):
        return True
    loose = all(claim.rule in _LEAST_TOGETHER and claim.kind is Kind.MEASURE for claim in claims)
    weights = [weigh_part(text, claim.title_start, claim.end, most=3) for claim in claims]
    if len(text) > _NOTE and not _are_meant(text, claims) and _are_light(text, claims, weights):
        return True
    inspected = _INSPECTED.search(text[:_LEAD]) is not None
    if _are_idle(claims, weights) and not (inspected or draws_attention(text[: claims[0].start])):
        return True
    return loose and mean(weights).measure < max((_LEAST_TOGETHER[one.rule] for one in claims), default=0.0)


_LEAD = 400
_INSPECTED = re.compile(
    r"(?i)\b(?:inspection|audit|walk-?(?:round|through|about)|hazard|housekeeping) "
    r"(?:report|sheet|record|notes?|form)\b|\b(?:safety|workplace) (?:walk|inspection|round)\b"
)
"""How an English paper is headed that somebody wrote down on the spot."""
_FEW = 8
_NOTE = 600
"""A text of no more characters is a note, whose few words may all be its matter."""
_LEAST_LOOSE, _LEAST_CHINESE, _LEAST_ENGLISH = 4.0, 2.0, 0.7


def _are_meant(text: str, claims: list[Claim]) -> bool:
    """Whether headings announce problems and measures, or one of them with an entry that says who."""
    headed = [claim for claim in claims[:_ENOUGH] if _is_headed(text, claim.group, claim.kind)]
    if len({claim.kind for claim in headed}) == len(Kind):
        return True
    entries = (text[claim.start : claim.end] for claim in headed)
    return any(names_owner(said) or acting(said) for said in entries)


def _are_light(text: str, claims: list[Claim], weights: list[Weight]) -> bool:
    """Whether all claims of a paper weigh little: their mean and the heaviest of them together.

    Of 890 labelled reports with items, none in which only loose rules found something weighs less than 6.7
    in Chinese, and none with so few claims less than 2.9 (in English 0.9). Of 116 essays, news, guides and
    clean checks, those in which something was found all the same weigh less than 2.7, and 0.8.
    """
    every = [_of(weight, claim.kind) for claim, weight in zip(claims, weights, strict=True)]
    heavy = sum(every) / len(every) + max(every) if every else 0.0
    if is_latin(text):
        return len(every) <= _FEW and heavy < _LEAST_ENGLISH
    if all(claim.rule in _LOOSE for claim in claims):
        return heavy < _LEAST_LOOSE
    return len(every) <= _FEW and heavy < _LEAST_CHINESE


_WITHOUT_CUE = _LOOSE - {"fault-in-passing"}
_LEAST_IN_TALK = 0.9
"""Below this weight, that of the faults and that of the fixes together, both may be a story's."""
_PLAINLY = 3.0
"""From this weight on a single fault is told too plainly for a story."""


def _are_idle(claims: list[Claim], weights: list[Weight]) -> bool:
    """Whether faults and fixes that only running words tell weigh little together, as those of a story do."""
    kinds = {claim.kind for claim in claims}
    if len(kinds) < len(Kind) or not all(claim.rule in _WITHOUT_CUE for claim in claims):
        return False
    every = list(zip(claims, weights, strict=True))
    wrong = [weight for claim, weight in every if claim.kind is Kind.PROBLEM]
    if max(weight.problem for weight in wrong) > _PLAINLY:
        return False
    faults = mean(wrong)
    fixes = mean([weight for claim, weight in every if claim.kind is Kind.MEASURE])
    return faults.problem + fixes.measure < _LEAST_IN_TALK


_ROWS = frozenset({"numbered-under-section"})
_LEAST_OF_ROW, _FEWEST, _SHORTEST = -1.2, 2, 12
"""The same of a row of numbered entries, which a lead or a heading may announce and yet not mean."""


def without_doubtful(text: str, claims: list[Claim]) -> list[Claim]:
    """The claims without those whose words, or the words of their whole row, speak plainly against them."""
    named = _explained(text, claims)
    found = [
        claim
        for claim in claims
        if not is_doubtful(text, claim) and claim.start not in named and claim.answers not in named
    ]
    rows: dict[tuple[int, Kind], list[Claim]] = defaultdict(list)
    for claim in found:
        if claim.rule in _ROWS:
            rows[claim.group, claim.kind].append(claim)
    doubtful = {
        row
        for row, several in rows.items()
        if _is_doubtful_row(text, row[1], several) and not _is_headed(text, row[0], row[1])
    }
    kept = [claim for claim in found if claim.rule not in _ROWS or (claim.group, claim.kind) not in doubtful]
    dropped = {claim.start for claim in claims} - {claim.start for claim in kept}
    return [replace(claim, answers=None) if claim.answers in dropped else claim for claim in kept]


_OF_PAIRS = frozenset({"clause-before-fix", "fault-without-fix"})


def with_tasks(text: str, claims: list[Claim]) -> list[Claim]:
    """The claims; a row of pairs whose problems are none by their words is one of tasks, each of them whole.

    A speech calls its tasks by what is wrong: `第一，种子检测往前赶。农业发展部牵头，…`.
    """
    rows: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        named = _NAMED.match(text, claim.title_start, claim.end) is not None
        if claim.kind is Kind.PROBLEM and claim.rule in _OF_PAIRS and claim.number and not named:
            rows[claim.group].append(claim)
    tasks = {
        claim.start: claim
        for row in rows.values()
        if sum(one.rule == "clause-before-fix" for one in row) > _FEWEST
        and _is_doubtful_row(text, Kind.PROBLEM, row)
        and not _is_headed(text, row[0].group, Kind.PROBLEM)
        for claim in row
    }
    ends = {claim.answers: claim.end for claim in claims if claim.answers in tasks}
    return [
        replace(claim, kind=Kind.MEASURE, rule="numbered-under-section", end=ends.get(claim.start, claim.end))
        if claim.start in tasks
        else claim
        for claim in claims
        if claim.answers not in tasks
    ]


_EXPLAINED = -0.5
"""Below this weight what follows a topic is no measure; the topic itself weighs less than `_TOPIC`."""
_TOPIC = -2.0


def _explained(text: str, claims: list[Claim]) -> set[int]:
    """The starts of topics `关于X问题` of an answer that only explains how things are."""
    starts = {
        one.start: one for one in claims if one.kind is Kind.PROBLEM and one.rule == "clause-before-fix"
    }
    answered = [one for one in claims if one.answers in starts and one.rule == "clause-after-fault"]
    return {
        one.answers
        for one in answered
        if one.answers is not None
        and weigh_part(text, one.start, one.end).measure < _EXPLAINED
        and _is_topic(text, starts[one.answers])
    }


def _is_topic(text: str, claim: Claim) -> bool:
    weight = weigh_part(text, claim.title_start, claim.end, most=3)
    return _NAMED.match(text, claim.title_start, claim.end) is not None and weight.problem < _TOPIC


_NUMBER = re.compile(r"[\W\d_一二三四五六七八九十IVX]{0,8}(?=[^\W\d_])")


def _is_headed(text: str, group: int, kind: Kind) -> bool:
    """Whether the heading of a row says in so many words what stands below it: that is not doubted."""
    line = text[group : group + _READ].partition("\n")[0].rstrip("= ")
    number = _NUMBER.match(line)
    said = announced(line[number.end() if number else 0 :].rstrip(" ：:。"), least_coverage=0.5)
    return said is (Announced.PROBLEMS if kind is Kind.PROBLEM else Announced.MEASURES)


def _is_doubtful_row(text: str, kind: Kind, row: list[Claim]) -> bool:
    weight = mean([weigh_part(text, one.title_start, one.end, most=3) for one in row[:_ENOUGH]])
    told = sum(one.end - one.title_start for one in row) >= _SHORTEST * len(row)
    return told and len(row) >= _FEWEST and _of(weight, kind) < _LEAST_OF_ROW


def _of(weight: Weight, kind: Kind) -> float:
    return weight.problem if kind is Kind.PROBLEM else weight.measure


_CHARGED = re.compile(
    r"(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][\w'-]+ (?:to|is to|will) (?!be\b)[a-z]+|针对[^，,。；]{2,24}[，,：:]"
)
"""Who is to do something, or against what: a task, whatever else its words say."""


def is_doubtful(text: str, claim: Claim) -> bool:
    """Whether the first sentences of a claim speak plainly for nothing to be tracked."""
    least = _LEAST.get((claim.rule, claim.kind))
    if least is None:
        return False
    if _STATISTIC.match(text, claim.start, claim.end):
        return True
    if claim.kind is Kind.MEASURE and _CHARGED.match(text, claim.title_start, claim.end):
        return False
    if _NAMED.match(text, claim.title_start, claim.end) or _DEDUCTED.search(text, claim.start, claim.end):
        return False
    weight = weigh_part(text, claim.title_start, min(claim.end, claim.start + _READ), most=3)
    return _of(weight, claim.kind) < least
