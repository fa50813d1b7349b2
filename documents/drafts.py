"""A report's text to drafts of tracked items: outline, sections, claims, then each claim's fields."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date

from documents import flags as flags_of
from documents.advice_heads import under_findings
from documents.barred import barred_tables
from documents.claim import Claim
from documents.claims import claims, sets_no_task
from documents.common_deadline import for_all, of_heading
from documents.completion import is_done, says_done
from documents.dashed import dashed_tables
from documents.dates import had_passed
from documents.deadlines import in_words, is_pending, labelled, stated
from documents.doubts import are_doubtful, without_doubtful
from documents.genre import holds_nothing, is_charged
from documents.lexicon import is_latin
from documents.links import addressed, key_words, named
from documents.logged import logged
from documents.masthead import Masthead, masthead
from documents.numbering import marks
from documents.outline import outline
from documents.overlooked import overlooked
from documents.owners import from_cells, from_labels, leading, owners
from documents.reading import (
    NO_DEADLINE,
    Deadline,
    Draft,
    Flag,
    FlagCode,
    Reading,
    Span,
    as_json,
)
from documents.stacked import stacked, without_cells
from documents.tables import Table, row_claims, tables
from documents.titles import title_span
from documents.typewritten import typewritten
from documents.unwrapping import in_original, unwrapped
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind

_SIGNS = " 　\t\n*#_.、．，,；;。：:"
_MOST_ABOVE = 200

__all__ = ["Deadline", "Draft", "Flag", "FlagCode", "Kind", "Reading", "Span", "as_json", "read"]


def read(text: str) -> Reading:
    """Everything that a report states to be tracked, with its literal place; any text can be read."""
    lines = unwrapped(text)
    return in_original(_read(lines.text), lines, text)


def _read(printed: str) -> Reading:
    lang = language(printed)
    text = typewritten(printed, lang)
    cells = _in_order([*barred_tables(text), *stacked(text)])
    head = masthead(without_cells(text, cells), lang)
    found = _claims(text, head, _in_order([*tables(text), *cells, *dashed_tables(text)]))
    charged = is_charged([text[one.start : one.end] for one in found if one.kind is Kind.MEASURE])
    if holds_nothing(text, [one.kind for one in found], charged=charged) or are_doubtful(text, found):
        found = []
    after = head.reference
    drafts = _flagged(text, _still_open(text, _drafts(text, found, after), head.dated), after)
    whole = for_all(text, [(claim.start, claim.end) for claim in found], after)
    flags = tuple(flags_of.year_contradicted(text, head.period, found))
    as_printed = tuple(_as_printed(draft, printed) for draft in drafts)
    return Reading(lang, head.title, head.org, head.period, whole, as_printed, flags, printed)


def _as_printed(draft: Draft, text: str) -> Draft:
    """The draft with title and owners as the text prints them."""
    title = text[draft.title_start : draft.title_start + len(draft.title)]
    said = text[draft.start : draft.end]
    due = replace(draft.deadline, text=_slashed(draft.deadline.text, said))
    return draft._replace(
        title=title, owners=tuple(_spelled(name, said) for name in draft.owners), deadline=due
    )


def _slashed(day: str, said: str) -> str:
    slashed = day.replace(".", "/")
    return slashed if day not in said and slashed in said else day


def _spelled(name: str, said: str) -> str:
    curled = name.replace("'", "’")
    return curled if name not in said and curled in said else name


_TELLS_PAST = re.compile(
    r"[^.;]{0,80}?\b(?:was|were|has|have|had|are|is|(?!need|agreed|propos)[a-z]{3,}ed)\b"
)


def _still_open(text: str, drafts: tuple[Draft, ...], dated: date | None) -> tuple[Draft, ...]:
    """No draft where a report names no problem and all its measures are done: it tells of achievements.

    Nor where all was done long before the report, which only recalls it.
    """
    if dated is not None and _long_done(text, drafts, dated):
        return ()
    achieved = all(
        draft.kind is Kind.MEASURE and (draft.done or _tells_past(text[draft.start : draft.end], draft))
        for draft in drafts
    )
    return () if achieved else drafts


_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_LONG_YEARS = 2


def _long_done(text: str, drafts: tuple[Draft, ...], dated: date) -> bool:
    """Whether measures, as many as problems, each say that they were done years before the report."""
    measures = [one for one in drafts if one.kind is Kind.MEASURE]
    told = [max(_YEAR.findall(text, one.start, one.end), default="") for one in measures if one.done]
    every = 2 * len(measures) >= len(drafts) > 0 and len(told) == len(measures) and all(told)
    return every and int(max(told)) <= dated.year - _LONG_YEARS


def _tells_past(said: str, draft: Draft) -> bool:
    """Whether an English sentence without a number tells how things stand and asks for nothing."""
    plain = is_latin(said) and not draft.number and draft.rule == "sentence-under-section"
    return plain and _TELLS_PAST.match(said) is not None and not is_pending(said)


def _claims(text: str, head: Masthead, several: list[Table]) -> list[Claim]:
    """The claims of running text and of tables together, in order of position."""
    ranges = sorted([(0, head.title_end), *((table.start, table.end) for table in several)])
    root = outline(text, ranges)
    prose = _outside(text, claims(text, root, several), several)
    found = list(prose)
    for table in several:
        above = prose[: bisect_left(prose, table.start, key=lambda claim: claim.start)]
        found += row_claims(text, table, above[-_MOST_ABOVE:])
    found = without_doubtful(text, found)
    more = [claim for claim in overlooked(text, root, found) if not sets_no_task(text, claim)]
    found = under_findings(text, [*found, *_outside(text, more, several)])
    found = logged(text, root, several, found)
    found.sort(key=lambda claim: (claim.start, claim.end))
    return _unbulleted(text, [claim for claim in found if _says(text, claim)])


_BULLET = re.compile(r"(?<![^\n])[-–—•●▪*][ \t]+(?=\S)")


def _unbulleted(text: str, found: list[Claim]) -> list[Claim]:
    """The claims, each that begins with the bullet of its line from behind that."""
    bullets = {one.start: _BULLET.match(text, one.start) for one in found if one.start == one.title_start}
    moved = {start: bullet.end() for start, bullet in bullets.items() if bullet}
    answering = [replace(one, answers=moved.get(one.answers or 0, one.answers)) for one in found]
    return [
        replace(one, start=moved[one.start], title_start=moved[one.start]) if one.start in moved else one
        for one in answering
    ]


def _says(text: str, claim: Claim) -> bool:
    """Whether a claim says anything by itself, and does not only send its reader elsewhere."""
    place = claim.title_start, claim.end
    return _SAYS.search(text, *place) is not None and _REFERS.fullmatch(text, *place) is None


_REFERS = re.compile(r"[(（](?:[Ss]ee|[Rr]efer to|见|详见) ?[^()（）\n]{2,60}[)）][.。]?")
_SAYS = re.compile(r"[^\W_].*[^\W_]", re.DOTALL)
"""What says anything: two letters or digits, and not the `元）` of a table's head."""


def _in_order(several: list[Table]) -> list[Table]:
    """The tables in order of position; of two that overlap, the first."""
    found: list[Table] = []
    for table in sorted(several, key=lambda table: table.start):
        if not found or table.start >= found[-1].end:
            found.append(table)
    return found


_ROW_OF_FIGURES = re.compile(r"[|│](?:[^|│\n]*[|│]){3}")
"""A line of a table of three columns or more, which states nothing where its head names no task."""


def _outside(text: str, found: list[Claim], several: list[Table]) -> list[Claim]:
    """The claims that do not begin in a table, known or not; one that reaches into a table ends before it."""
    starts = [table.start for table in several]
    kept = []
    for claim in found:
        at = bisect_right(starts, claim.start)
        if (at and claim.start < several[at - 1].end) or _ROW_OF_FIGURES.match(text, claim.start):
            continue
        reaches = at < len(starts) and claim.end > starts[at] > claim.title_start
        kept.append(replace(claim, end=starts[at]) if reaches else claim)
    return kept


_SAMPLE = 5000


def language(text: str) -> str:
    """`zh` or `en`, by the share of Chinese characters in the first 5,000 that are no blanks."""
    sample = "".join(text[: 4 * _SAMPLE].split())[:_SAMPLE]
    return "zh" if sum("一" <= char <= "龥" for char in sample) * 10 > len(sample) else "en"


def passage(printed: str, kind: Kind, start: int, end: int) -> Draft:
    """What a person chose in a report as one problem or measure, read as a draft by its own words alone.

    Links and flags that speak of other drafts are left out.
    """
    lang = language(printed)
    text = typewritten(printed, lang)
    after = masthead(without_cells(text, stacked(text)), lang).reference
    mark = next(marks(text[start:end]), None)
    at = (
        start + mark.end if mark and mark.start == 0 and text[start + mark.end : end].strip(_SIGNS) else start
    )
    number = text[start:at].strip(" 　\t")
    claim = Claim(kind, number, at, start, end, "by-hand", start)
    draft = _draft(text, claim, title_span(text, at, end), (), after, frozenset())
    flags = flags_of.of_draft(text, draft, after, answered=True, has_other_kind=False)
    return _as_printed(draft._replace(flags=flags), printed)


def _flagged(text: str, drafts: tuple[Draft, ...], after: date | None) -> tuple[Draft, ...]:
    answered = {index for draft in drafts for index in draft.addresses}
    kinds = {draft.kind for draft in drafts}
    return tuple(
        draft._replace(
            flags=flags_of.of_draft(
                text, draft, after, answered=i in answered, has_other_kind=len(kinds) == len(Kind)
            ),
        )
        for i, draft in enumerate(drafts)
    )


def _drafts(text: str, found: list[Claim], after: date | None) -> tuple[Draft, ...]:
    titles = [title_span(text, claim.title_start, claim.title_end or claim.end) for claim in found]
    sides = [
        key_words(text[title.start : title.end], text[claim.title_start : claim.end])
        for claim, title in zip(found, titles, strict=True)
    ]
    links = addressed(found, sides, named(text, found))
    partnered = {claim.answers for claim in found if claim.answers is not None}
    return tuple(
        _draft(text, claim, title, links[i], after, partnered)
        for i, (claim, title) in enumerate(zip(found, titles, strict=True))
    )


def _draft(
    text: str,
    claim: Claim,
    title: Span,
    link: tuple[int, ...],
    after: date | None,
    partnered: AbstractSet[int],
) -> Draft:
    deadline, done = _deadline(text, claim, after, partnered)
    return Draft(
        kind=claim.kind,
        number=claim.number,
        title=text[title.start : title.end],
        title_start=title.start,
        start=claim.start,
        end=claim.end,
        owners=_owners(text, claim, partnered),
        deadline=deadline,
        subitems=claim.subitems,
        done=done,
        addresses=link,
        rule=claim.rule,
        flags=(),
    )


def _owners(text: str, claim: Claim, partnered: AbstractSet[int]) -> tuple[str, ...]:
    if claim.from_table or claim.owner_cells:
        said = None if claim.owner_cells else from_labels(text[claim.start : claim.end])
        return from_cells(text, claim.owner_cells) if said is None else tuple(dict.fromkeys(said))
    if claim.kind is Kind.PROBLEM:
        own = () if claim.start in partnered else from_labels(text[claim.start : claim.end])
        return tuple(dict.fromkeys(own or ()))
    fields = text[claim.fields.start : claim.fields.end] if claim.fields else ""
    if beside := from_labels(fields):
        named = leading(text[claim.title_start : claim.end], fields)
        return tuple(dict.fromkeys([*named, *beside]))
    return owners(text, claim.title_start, claim.end)


def _deadline(
    text: str, claim: Claim, after: date | None, partnered: AbstractSet[int]
) -> tuple[Deadline, bool]:
    """The deadline and whether the measure is done already; what is done has none but a labelled one."""
    if claim.closed or claim.start in partnered:
        return NO_DEADLINE, claim.closed
    if claim.deadline_cell is not None:
        cell = stated(text, claim.deadline_cell.start, claim.deadline_cell.end, after)
        return (NO_DEADLINE, True) if says_done(cell.text) else (cell, False)
    place = claim.fields or Span(claim.title_start, claim.end)
    found = labelled(text, place.start, place.end, after)
    if found is not None:
        met = says_done(found[0].text) or _was_met(text, claim, found, after)
        return (NO_DEADLINE, True) if met else (found[0], False)
    if claim.kind is Kind.PROBLEM:
        return NO_DEADLINE, False
    done = is_done(text, claim, after)
    end = claim.title_end or claim.end
    if done:
        return NO_DEADLINE, True
    own = in_words(text, claim.title_start, end, after)
    if own == NO_DEADLINE and claim.from_table:
        beside = in_words(text, end, claim.end, after)
        own = beside if beside.on is not None else own
    return _nearer(own, _of_group(text, claim, after)), False


def _was_met(text: str, claim: Claim, limit: tuple[Deadline, Span], after: date | None) -> bool:
    """Whether a labelled day had come when the report was written, and the measure's own words say so."""
    on, place = limit[0].on, limit[1]
    end = max(text.rfind(sign, claim.title_start, place.start) for sign in "\n(（")
    answered = claim.kind is Kind.MEASURE and claim.answers is not None and end > claim.title_start
    dated = re.search(r"20[0-9]{2}|明年", limit[0].text) is not None
    come = on is not None and after is not None and (on <= after or (not dated and had_passed(on, after)))
    return answered and come and is_done(text, replace(claim, end=end), after)


_ORDER = (TimeLimit.FIXED, TimeLimit.IMMEDIATE, TimeLimit.RECURRING, TimeLimit.LONG_TERM, TimeLimit.NONE)


def _nearer(own: Deadline, of_group: Deadline) -> Deadline:
    """A measure's own deadline, unless the heading of its group states one of a kind that comes first."""
    return min(own, of_group, key=lambda deadline: _ORDER.index(deadline.time_limit))


_LONGEST_GROUP = 80
_BEFORE_ROW = re.compile(r"(?<=[：:])(?=[ 　]*(?:[0-9]{1,2}[.、．)）]|[（(][0-9一]|[①一]))")
"""Where the first entry of a row stands in the line of its heading."""


def _of_group(text: str, claim: Claim, after: date | None) -> Deadline:
    """The deadline that the heading above a group of measures states for each of them."""
    if claim.from_table:
        return NO_DEADLINE
    own = _of_heading(text, claim.group, claim.start, after)
    if own is NO_DEADLINE and claim.outer is not None:
        return _of_heading(text, claim.outer, claim.start, after)
    return own


def _of_heading(text: str, begin: int, before: int, after: date | None) -> Deadline:
    """The deadline that the line of a heading states which ends before the entries below it."""
    line = text[begin : begin + _LONGEST_GROUP].partition("\n")[0]
    line = _BEFORE_ROW.split(line, maxsplit=1)[0]
    whole = begin < before and len(line) < _LONGEST_GROUP and begin + len(line) < before
    return of_heading(line, after) if whole else NO_DEADLINE
