"""What a coordinator should look at: gaps and contradictions of a report, as flags that change no value."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from documents.claim import Claim
from documents.dates import either_way, tells_order
from documents.deadlines import every_labelled
from documents.lexicon import any_of, folded
from documents.reading import Deadline, Draft, Flag, FlagCode
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind

_YEAR = re.compile(r"(?<![0-9〔\[（(])20[0-9]{2}(?![0-9〕\]])")
_LESS_THAN_A_YEAR_DAYS = 300


def of_draft(
    text: str, draft: Draft, after: date | None, *, answered: bool, has_other_kind: bool
) -> tuple[Flag, ...]:
    """The flags of one draft.

    `answered` says for a problem whether some measure addresses it, `has_other_kind` whether the report names
    measures at all (for a problem) or problems at all (for a measure).
    """
    return tuple(_flags(text, draft, after, answered=answered, has_other_kind=has_other_kind))


def _flags(
    text: str, draft: Draft, after: date | None, *, answered: bool, has_other_kind: bool
) -> Iterator[Flag]:
    place = (draft.start, draft.end)
    if draft.kind is Kind.PROBLEM:
        if has_other_kind and not answered:
            yield Flag(FlagCode.PROBLEM_UNANSWERED, *place, draft.title)
        return
    if has_other_kind and not draft.addresses:
        yield Flag(FlagCode.MEASURE_UNPROMPTED, *place, draft.title)
    if not draft.done:
        yield from _of_open_measure(text, draft, after)


def _of_open_measure(text: str, draft: Draft, after: date | None) -> Iterator[Flag]:
    if not draft.owners:
        yield Flag(FlagCode.NO_OWNER, draft.start, draft.end, draft.title)
    if draft.deadline.time_limit is TimeLimit.NONE:
        yield Flag(FlagCode.NO_DEADLINE, draft.start, draft.end, draft.title)
    words = text[draft.title_start : draft.end]
    vague = any_of("clause", "vague").search(folded(words))
    if vague:
        yield Flag(
            FlagCode.VAGUE_WORDS, draft.title_start + vague.start(), draft.title_start + vague.end(), vague[0]
        )
    if (either := either_way(draft.deadline.text)) and not tells_order(text):
        yield Flag(FlagCode.TWO_DATES, draft.start, draft.end, either)
    stated = {d.text for d in _fixed(every_labelled(text, draft.start, draft.end, after))}
    if len(stated) > 1:
        yield Flag(FlagCode.TWO_DATES, draft.start, draft.end, " / ".join(sorted(stated)))


def _fixed(deadlines: list[Deadline]) -> Iterator[Deadline]:
    seen: set[date] = set()
    for deadline in deadlines:
        if deadline.on and deadline.on not in seen:
            seen.add(deadline.on)
            yield deadline


def year_contradicted(text: str, period: tuple[date, date] | None, claims: list[Claim]) -> Iterator[Flag]:
    """A report on part of one year whose account mostly speaks of another.

    What is planned may name any year, so only the words before the first claim count; numbers of papers
    such as 〔2021〕9号 never do.
    """
    if period is None or (period[1] - period[0]).days > _LESS_THAN_A_YEAR_DAYS:
        return
    until = claims[0].start if claims else len(text)
    found = list(_YEAR.finditer(text, 0, until))
    stated = str(period[1].year)
    first = next((match for match in found if match[0] == stated), None)
    counts = Counter(match[0] for match in found if match is not first)
    other, times = max(counts.items(), key=lambda one: one[1], default=(stated, 0))
    if first and other != stated and times > counts[stated]:
        yield Flag(FlagCode.YEAR_CONTRADICTED, first.start(), first.end(), f"{stated} / {other} ×{times}")
