"""Which problem a measure answers: the interleaved partner, shared key words, then the same order."""

import re
from bisect import bisect_left
from collections import Counter
from functools import lru_cache
from itertools import pairwise

from documents.by_number import AGAINST, each_of, numbers_in
from documents.claim import Claim
from documents.lexicon import words
from documents.number_signs import value_of
from rules.lifecycle import Kind

COMMON = 8
"""A pair of characters that more entries than this share tells nothing; it also bounds the work."""

_HAN = re.compile(r"[一-龥]+")
_WORD = re.compile(r"[a-z]{4,}")


@lru_cache(maxsize=1)
def _empty() -> frozenset[str]:
    return frozenset(words("links", "empty"))


def key_words(title: str, body: str) -> dict[str, float]:
    """Pairs of Chinese characters, or Latin words by their first six letters, with their weight."""
    found: dict[str, float] = {}
    for part, weight in ((body, 1.0), (title, 2.5)):
        for word in _keys(part):
            found[word] = max(found.get(word, 0.0), weight)
    return found


def _keys(part: str) -> list[str]:
    empty = _empty()
    pairs = [run[i : i + 2] for run in _HAN.findall(part) for i in range(len(run) - 1)]
    latin = [word[:6] for word in _WORD.findall(part.lower()) if word not in empty]
    return [pair for pair in pairs if pair not in empty] + latin


_NAMES = re.compile(
    r"(?:针对|对于?|对应|关于|（|[(])(?:上述|以上)?第?(?:问题|缺陷|隐患|不符合项|短板|风险点)[ ]?"
    r"(?P<number>[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
    r"(?P<more>(?:[、和及与](?:问题)?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3}))*)(?![0-9一二三四五六七八九十个项类条处])"
)
_LONGEST_LEAD = 24
_ANSWERS = re.compile(rf"{AGAINST}\Z")


_CODED = re.compile(
    r"\s*[(](?P<first>[A-Z]{1,3}-?[0-9]{1,3}(?:(?:, ?| and |/)[A-Z]{1,3}-?[0-9]{1,3})*)[)]|"
    r"(?:Items?|Deficienc(?:y|ies)|Violations?|Findings?|Points?) "
    r"(?P<several>[(][a-z0-9]{1,2}[)](?:(?:,? and |, )[(][a-z0-9]{1,2}[)])*)"
)
"""How a measure calls its problems by their printed numbers: `R1 (F1) …`, `Items (d) and (f) shall …`."""


def _by_code(text: str, claims: list[Claim]) -> dict[int, tuple[int, ...]]:
    """Measures that call their problems by their printed numbers, and the indexes of those."""
    problems = [(i, one.number) for i, one in enumerate(claims) if one.kind is Kind.PROBLEM and one.number]
    printed = {_bare(number): i for i, number in problems}
    found: dict[int, tuple[int, ...]] = {}
    for i, claim in enumerate(claims):
        if claim.kind is not Kind.MEASURE:
            continue
        said = _CODED.search(claim.number) or _CODED.match(text, claim.title_start, claim.end)
        if said is None:
            codes = _PRINTED.findall(text, claim.title_start, claim.end)
        else:
            codes = re.findall(r"[A-Za-z0-9-]+", said["first"] or said["several"])
        if known := {printed[_bare(code)] for code in codes if _bare(code) in printed}:
            found[i] = tuple(sorted(known))
    return found


_PRINTED = re.compile(r"(?<![A-Za-z0-9-])[A-Z]{1,4}-?[0-9]{1,3}(?![A-Za-z0-9-])")
"""A number with letters before it, wherever a measure names it: `复核NC-01、NC-02整改效果`."""


def _bare(number: str) -> str:
    return re.sub(r"[（(][^）)]{2,}[）)]|[\W_]", "", number).lower()


def named(text: str, claims: list[Claim]) -> dict[int, tuple[int, ...]]:
    """Measures that begin with the numbers of their problems, and their indexes: `针对问题2，立即…`."""
    numbers: dict[int, list[int]] = {}
    for i, claim in enumerate(claims):
        value = value_of(claim.number) if claim.kind is Kind.PROBLEM and claim.number else None
        if value is not None:
            numbers.setdefault(value, []).append(i)
    found = _by_code(text, claims)
    for i, claim in enumerate(claims):
        said = _NAMES.search(text, claim.start, min(claim.end, claim.start + _LONGEST_LEAD))
        against = _ANSWERS.search(text, max(0, claim.start - _LONGEST_LEAD), claim.start)
        called = _called(said) if said else each_of(against) if against else None
        several = numbers_in(text, claim.title_start, claim.end) if called is None else called
        holding = [numbers.get(number, []) for number in several]
        if claim.kind is Kind.MEASURE and holding and all(len(one) == 1 for one in holding):
            found[i] = tuple(one[0] for one in holding)
    return found


def _called(said: re.Match[str]) -> list[int]:
    more = re.findall(r"[0-9]+|[一二三四五六七八九十]+", said["more"])
    return [value_of(number) or 0 for number in (said["number"], *more)]


def addressed(
    claims: list[Claim], sides: list[dict[str, float]], known: dict[int, tuple[int, ...]]
) -> list[tuple[int, ...]]:
    """For each claim the indexes of the problems it answers; the work grows as the text does.

    `known` are the measures that name their problem.
    """
    starts = {claim.start: i for i, claim in enumerate(claims) if claim.kind is Kind.PROBLEM}
    places = sorted(starts)
    found: list[tuple[int, ...]] = [() for _ in claims]
    open_measures = []
    for i, claim in enumerate(claims):
        if claim.kind is Kind.MEASURE and claim.answers in starts:
            found[i] = (starts[claim.answers],)
        elif claim.among is not None:
            found[i] = _among(starts, places, claim.among, claim.start)
        elif i in known:
            found[i] = known[i]
        elif claim.kind is Kind.MEASURE:
            open_measures.append(i)
    answered = {p for several in found for p in several}
    problems = [i for i in starts.values() if i not in answered]
    for i, several in _matched(claims, sides, problems, open_measures).items():
        found[i] = several
    return found


def _among(starts: dict[int, int], places: list[int], begin: int, end: int) -> tuple[int, ...]:
    """The indexes of the problems that begin between two places."""
    return tuple(starts[at] for at in places[bisect_left(places, begin) : bisect_left(places, end)])


def _matched(
    claims: list[Claim], sides: list[dict[str, float]], problems: list[int], measures: list[int]
) -> dict[int, tuple[int, ...]]:
    if not problems or not measures:
        return {}
    alone = sum(claim.kind is Kind.PROBLEM for claim in claims) == 1
    if alone and len(measures) <= MOST_OF_ONE:
        return dict.fromkeys(measures, tuple(problems))
    likeness = _likeness(sides, problems, measures)
    if by_group := _by_group(_grouped(claims, problems), likeness, measures):
        return by_group
    if by_heading := _by_heading(claims, likeness, problems, measures):
        return by_heading
    pairs = _best(likeness, problems, measures)
    pairs |= _in_between(pairs, problems, measures)
    found = {m: [p] for m, p in pairs.items()}
    for p, m in _left_over(likeness, set(pairs.values())).items():
        found.setdefault(m, []).append(p)
    return {m: tuple(sorted(several)) for m, several in found.items()}


def _by_group(
    groups: list[list[int]], likeness: dict[tuple[int, int], float], measures: list[int]
) -> dict[int, tuple[int, ...]]:
    """As many measures as headings with problems, each with all below the heading of its place.

    Not where half of the measures that clearly share something with some problem share it with another
    heading's.
    """
    if not 1 < len(groups) == len(measures) < sum(map(len, groups)):
        return {}
    places = {p: place for place, group in enumerate(groups) for p in group}
    nearest: dict[int, tuple[float, int]] = {}
    for (m, p), much in likeness.items():
        nearest[m] = max(nearest.get(m, (CLEAR, -1)), (much, places[p]))
    clear = {m: place for m, (_, place) in nearest.items() if place >= 0}
    agree = sum(measures[place] == m for m, place in clear.items())
    if len(clear) > 1 and 2 * agree <= len(clear):
        return {}
    return {m: tuple(group) for m, group in zip(measures, groups, strict=True)}


def _by_heading(
    claims: list[Claim], likeness: dict[tuple[int, int], float], problems: list[int], measures: list[int]
) -> dict[int, tuple[int, ...]]:
    """The measures of a section below as many headings as there are problems, each with the one of its place.

    Half of the headings at the least share more with the problem of their place than with any other.
    """
    for outer in dict.fromkeys(claims[m].outer for m in measures):
        own = [m for m in measures if claims[m].outer == outer]
        headed = _grouped(claims, own)
        if outer is None or not 1 < len(headed) == len(problems) < len(own):
            continue
        nearest = _nearest(likeness, headed)
        if 2 * sum(nearest.get(place) == p for place, p in enumerate(problems)) >= len(problems):
            return {m: (p,) for p, group in zip(problems, headed, strict=True) for m in group}
    return {}


def _nearest(likeness: dict[tuple[int, int], float], groups: list[list[int]]) -> dict[int, int]:
    """The place of each group of measures, and the problem with which they share most together."""
    places = {m: place for place, group in enumerate(groups) for m in group}
    shared: dict[int, dict[int, float]] = {}
    for (m, p), much in likeness.items():
        if m in places:
            own = shared.setdefault(places[m], {})
            own[p] = own.get(p, 0.0) + much
    return {place: max(several, key=several.__getitem__) for place, several in shared.items()}


def _left_over(likeness: dict[tuple[int, int], float], answered: set[int]) -> dict[int, int]:
    """Each problem that no measure answers yet with the measure it shares most with, if that is enough."""
    best: dict[int, tuple[float, int]] = {}
    for (m, p), much in likeness.items():
        if p not in answered and much >= CLEAR and much > best.get(p, (0.0, m))[0]:
            best[p] = (much, m)
    return {p: m for p, (_, m) in best.items()}


def _grouped(claims: list[Claim], problems: list[int]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for p in problems:
        groups.setdefault(claims[p].group, []).append(p)
    return list(groups.values())


def _likeness(
    sides: list[dict[str, float]], problems: list[int], measures: list[int]
) -> dict[tuple[int, int], float]:
    """(measure, problem) to how much they share; rare words count most, words that many share nothing."""
    holders: dict[str, list[int]] = {}
    for p in problems:
        for word in sides[p]:
            holders.setdefault(word, []).append(p)
    among_measures = Counter(word for m in measures for word in sides[m] if word in holders)
    found: dict[tuple[int, int], float] = {}
    for m in measures:
        for word, weight in sides[m].items():
            holding = holders.get(word, [])
            if len(holding) > COMMON or among_measures[word] > COMMON:
                continue
            for p in holding:
                rare = 1 / (len(holding) * among_measures[word])
                found[m, p] = found.get((m, p), 0.0) + weight * sides[p][word] * rare
    return found


def _best(likeness: dict[tuple[int, int], float], problems: list[int], measures: list[int]) -> dict[int, int]:
    """Each measure with the problem it shares most with, if that is enough; every pair once, best first."""
    place = {p: i / len(problems) for i, p in enumerate(problems)}
    order = {m: i / len(measures) for i, m in enumerate(measures)}
    pairs: dict[int, int] = {}
    taken: Counter[int] = Counter()
    weighed = {(m, p): much * (1.2 - abs(place[p] - order[m])) for (m, p), much in likeness.items()}
    for (m, p), much in sorted(weighed.items(), key=lambda one: (-one[1], one[0])):
        if m not in pairs and much >= (ENOUGH if not taken[p] else SURE):
            pairs[m] = p
            taken[p] += 1
    return pairs


MOST_OF_ONE = 8
"""So many measures of a paper that names one problem are taken to answer it."""
ENOUGH = 2.2
SURE = 9.0
CLEAR = 4.0


def _in_between(pairs: dict[int, int], problems: list[int], measures: list[int]) -> dict[int, int]:
    """Between two matched pairs in order, as many measures as problems belong together in order."""
    place = {p: i for i, p in enumerate(problems)}
    fixed = [(-1, -1), *((i, place[pairs[m]]) for i, m in enumerate(measures) if m in pairs)]
    fixed.append((len(measures), len(problems)))
    taken = set(pairs.values())
    found: dict[int, int] = {}
    for (m0, p0), (m1, p1) in pairwise(fixed):
        free = not taken.intersection(problems[p0 + 1 : p1])
        if m1 - m0 == p1 - p0 > 1 and free:
            found |= {measures[m0 + k]: problems[p0 + k] for k in range(1, m1 - m0)}
    return found
