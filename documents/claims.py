"""From the tree of a report to the places that state a problem or a measure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from documents.clauses import faults, fix_start, says_nothing_wrong, states_fault, steps, stripped
from documents.lexicon import any_of, words
from documents.outline import Node, heading_of
from documents.reading import Span
from documents.sections import Announced, announced, label_announces, lead_announces, score
from documents.titles import trimmed
from rules.lifecycle import Kind

_NUMBERED_PROBLEM = "numbered-problem"
_SECTION_STYLES = {"part", "han", "heading", "hash1", "hash2", "hash3", "roman", "paren", "digit", "decimal2"}
_CLAUSES = {"clause", "ordinal"}
_ABOUT = re.compile(r"(?:\d{1,2}[.、])?(?:关于|针对|对于?).{2,50}?(?:问题|方面|情况|意见)(?:的?整改)?")
_ASPECT = re.compile(r"(?:方面|类|环节|领域|上)$")
_LEAD_PHRASE = re.compile(r"(?:To|In|For|On|Regarding|As for|With regard to)\b[^,.;\n]{3,80}, (?=[a-z])")
_LEADING = re.compile(
    r"(?:以下|如下|下列|几个方面|几方面|主要有|主要是|following|below)[^。\n]{0,20}[。：:.]?$|[：:]$"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A place that states a problem or a measure, before its fields are read.

    `answers` is the start of the problem that a measure stands beside, `group` the start of the heading
    that both are listed under; `owner_cells` and `deadline_cell` come from tables.
    """

    kind: Kind
    number: str
    title_start: int
    start: int
    end: int
    rule: str
    group: int
    subitems: tuple[Span, ...] = ()
    answers: int | None = None
    owner_cells: tuple[Span, ...] = ()
    deadline_cell: Span | None = None
    from_table: bool = False
    title_end: int | None = None
    """Where a table cell that is the title ends."""


def claims(text: str, root: Node) -> list[Claim]:
    """Every problem and measure that the tree states, in order of position."""
    return sorted(_under(text, root, None), key=lambda claim: (claim.start, claim.end))


def _under(text: str, node: Node, said: Announced | None) -> list[Claim]:
    """What the units below a heading state; `said` is what the heading announced."""
    if said in _TRACKED and not _listed(node):
        return _unnumbered(text, node, said) + _labelled(text, node)
    said = _led(text, node, said)
    found: list[Claim] = []
    for index, child in enumerate(node.children):
        said = _turned(text, node, index, said)
        found += _child(text, node, child, said)
    return found


_TRACKED = {Announced.PROBLEMS, Announced.MEASURES, Announced.BOTH}


def _listed(node: Node) -> bool:
    return any(child.style != "label" for child in node.children)


def _labelled(text: str, node: Node) -> list[Claim]:
    return [claim for child in node.children for claim in _child(text, node, child, None)]


def _led(text: str, node: Node, said: Announced | None) -> Announced | None:
    """A lead-in sentence before a list decides where the heading announced nothing clear."""
    if said in _TRACKED or not node.children:
        return said
    if said is Announced.NOTHING and score(heading_of(text, node)).coverage >= 0.8:
        return said
    return _lead(text, node.body, node.children[0].start) or said


def _lead(text: str, start: int, end: int) -> Announced | None:
    before = text[max(start, end - 200) : end].rstrip()
    return lead_announces(re.split(r"[。\n]", before.rstrip("。"))[-1] + before[-1:]) if before else None


def _turned(text: str, node: Node, index: int, said: Announced | None) -> Announced | None:
    """A row that begins anew after a lead-in of its own may turn from problems to measures."""
    child = node.children[index]
    if not index or child.mark is None or child.mark.value != 1:
        return said
    earlier = node.children[index - 1]
    return _lead(text, earlier.body, child.start) or said


def _child(text: str, parent: Node, child: Node, said: Announced | None) -> list[Claim]:
    if child.style == "label":
        return _under_label(text, child, said)
    if child.style.startswith("word-") and said is not Announced.NOTHING:
        return _unit(text, parent, child, said or Announced.BOTH)
    own = _own(text, parent, child, said)
    if own is not None:
        return _under(text, child, own)
    if said in _TRACKED:
        assert said is not None
        return (
            _under(text, child, said) if _is_category(text, child, said) else _unit(text, parent, child, said)
        )
    if said is None and _fix_of(text, child) and child.style not in {"part", "han"}:
        return _unit(text, parent, child, Announced.BOTH)
    return _under(text, child, said)


def _under_label(text: str, label: Node, said: Announced | None) -> list[Claim]:
    own = label_announces(_label_word(text, label))
    if own is Announced.NOTHING or (said is Announced.NOTHING and own is not Announced.PROBLEMS):
        return []
    return _under(text, label, own)


def _label_word(text: str, label: Node) -> str:
    return text[label.start : label.body].strip(" \t　\n：:【】[]（）()*-•●")


def _own(text: str, parent: Node, child: Node, said: Announced | None) -> Announced | None:
    """What the child's own heading announces; inside a tracked section only a heading made of section words."""
    if child.style not in _SECTION_STYLES:
        return None
    heading = heading_of(text, child)
    if said in _TRACKED:
        alone = not re.search(r"[，,、]", heading) and _is_heading_only(text, child, heading)
        return announced(heading, least_coverage=0.85) if alone else None
    if said is Announced.NOTHING:
        return announced(heading, least_coverage=0.8)
    return announced(heading, least_coverage=0.25 if parent.mark is None else 0.6)


def _is_heading_only(text: str, node: Node, heading: str) -> bool:
    """Whether the unit's own words before its list or paragraphs are but a heading."""
    at = text.find(heading, node.body, node.end) + len(heading)
    after = text[at : at + 1]
    return bool(heading) and (after in {"：", ":", "\n", ""} or bool(node.children))


def _fix_of(text: str, node: Node) -> Node | None:
    """The first label or numbered recommendation in the unit that begins its fix."""
    for child in node.children:
        if child.style == "word-measure":
            return child
        if child.style == "label" and label_announces(_label_word(text, child)) is Announced.MEASURES:
            return child
    return None


def _is_category(text: str, node: Node, said: Announced) -> bool:
    """Whether the unit is but a heading over the real entries."""
    entries = [child for child in node.children if child.style != "label"]
    if (
        not entries
        or entries[0].style in _CLAUSES
        or node.style in _CLAUSES
        or node.style.startswith("word-")
    ):
        return False
    if _mostly(_fix_of(text, entry) is not None for entry in entries):
        return True
    head = text[node.body : entries[0].start].strip(" \n　。：:;；")
    if len(head) > 40 or "。" in head:
        return False
    own_fields = _mostly(_has_fields(text, entry) for entry in entries)
    return own_fields or _heads_only(head, entries, said)


def _heads_only(head: str, entries: list[Node], said: Announced) -> bool:
    if _ASPECT.search(head):
        return True
    if said is Announced.MEASURES:
        return False
    at_line = entries[0].mark is not None and entries[0].mark.at_line
    if said is Announced.BOTH:
        return at_line and not _ABOUT.match(head) and not states_fault(head)
    return at_line or not states_fault(head)


def _mostly(several: Iterable[bool]) -> bool:
    every = list(several)
    return sum(every) * 2 > len(every)


def _has_fields(text: str, node: Node) -> bool:
    part = text[node.start : min(node.end, node.start + 2000)]
    return bool(any_of("label", "owner").search(part)) and ("：" in part or ":" in part)


def _unit(text: str, parent: Node, node: Node, said: Announced) -> list[Claim]:
    """One numbered unit: a problem, a measure, or a problem with its fix."""
    if node.style == "word-measure":
        return [_whole(text, parent, node, Kind.MEASURE, "numbered-recommendation")]
    heading = heading_of(text, node)
    fix = _fix_of(text, node)
    if fix is not None and (
        said is not Announced.MEASURES or node.style == "word-problem" or states_fault(heading)
    ):
        return _with_fix(text, parent, node, fix)
    if node.style == "word-problem" or said is Announced.PROBLEMS:
        return _problem(text, parent, node, heading)
    if said is Announced.MEASURES:
        return [_whole(text, parent, node, Kind.MEASURE, "numbered-under-section")]
    return _unlabelled_pair(text, parent, node, heading)


def _problem(text: str, parent: Node, node: Node, heading: str) -> list[Claim]:
    if says_nothing_wrong(text[node.body : min(node.end, node.body + 200)]):
        return []
    if re.search(r"的?整改(?:情况|落实情况)?$", heading) and _ABOUT.match(heading):
        return _unlabelled_pair(text, parent, node, heading)
    rule = _NUMBERED_PROBLEM if node.style == "word-problem" else "numbered-under-section"
    return [_whole(text, parent, node, Kind.PROBLEM, rule)]


def _whole(text: str, parent: Node, node: Node, kind: Kind, rule: str) -> Claim:
    end = trimmed(text, node.start, node.end)
    number = text[node.start : node.body].strip(" \t　\n*#")
    shown = "" if node.style == "bullet" else number
    start = node.start if shown else stripped(text, node.body, node.end).start
    rule = "bullet-under-section" if node.style == "bullet" else rule
    title = stripped(text, node.body, end).start
    return Claim(
        kind, shown, title, start, max(end, title + 1), rule, parent.start, _subitems(text, node, end)
    )


def _subitems(text: str, node: Node, end: int) -> tuple[Span, ...]:
    entries = [child for child in node.children if child.style != "label" and child.start < end]
    return tuple(Span(child.start, trimmed(text, child.start, min(child.end, end))) for child in entries)


def _with_fix(text: str, parent: Node, node: Node, fix: Node) -> list[Claim]:
    problem = _before(text, parent, node, fix.start)
    if problem is None:
        measure = replace(_whole(text, parent, node, Kind.MEASURE, "numbered-under-section"))
        return [measure]
    if says_nothing_wrong(text[problem.title_start : problem.end]):
        return []
    return [problem, *_fixes(text, node, fix, problem)]


def _before(text: str, parent: Node, node: Node, end: int) -> Claim | None:
    """The problem of a unit: from its number to before the fix or what is aimed at."""
    whole = _whole(text, parent, node, Kind.PROBLEM, "numbered-before-fix")
    aims = [c.start for c in node.children if c.style == "label" and "目标" in _label_word(text, c)]
    stop = trimmed(text, node.start, min([end, *aims]))
    title = whole.title_start
    labels = [c for c in node.children if c.style == "label" and c.start <= title < c.body]
    if labels:
        title = stripped(text, labels[0].body, stop).start
    if stop <= title:
        return None
    kept = tuple(span for span in whole.subitems if span.start < stop)
    return replace(whole, end=stop, title_start=title, subitems=kept)


def _fixes(text: str, node: Node, fix: Node, problem: Claim) -> list[Claim]:
    numbered = [child for child in node.children if child.style == "word-measure"]
    if numbered:
        found = [_whole(text, node, child, Kind.MEASURE, "numbered-recommendation") for child in numbered]
        return [replace(claim, answers=problem.start, group=problem.group) for claim in found]
    rows = [
        child for child in fix.children if child.mark and child.mark.at_line and child.style not in _CLAUSES
    ]
    if rows and _mostly(_has_fields(text, row) for row in rows):
        found = [_whole(text, fix, row, Kind.MEASURE, "numbered-after-label") for row in rows]
        return [replace(claim, answers=problem.start, group=problem.group) for claim in found]
    return _after_label(text, node, fix, problem)


def _after_label(text: str, node: Node, fix: Node, problem: Claim) -> list[Claim]:
    begin = stripped(text, fix.body, node.end).start
    end = trimmed(text, begin, node.end)
    if end - begin < 2 or re.fullmatch(r"(?:无|暂无|/|-|—|None\.?|N/A)", text[begin:end]):
        return []
    subitems = _subitems(text, fix, end) + tuple(s for s in _subitems(text, node, end) if s.start >= fix.end)
    return [
        Claim(
            Kind.MEASURE, "", begin, begin, end, "after-label", problem.group, subitems, answers=problem.start
        )
    ]


def _unlabelled_pair(text: str, parent: Node, node: Node, heading: str) -> list[Claim]:
    """A unit that states a fault and its fix in one breath, or `关于“X”问题的整改。` and what was done."""
    whole = _whole(text, parent, node, Kind.PROBLEM, "clause-before-fix")
    if says_nothing_wrong(text[whole.title_start : whole.end]):
        return []
    about = _ABOUT.match(heading)
    head_end = whole.title_start + len(heading) + 1 if about else whole.title_start
    begin = fix_start(text, head_end, whole.end) if head_end < whole.end else None
    if about and begin is None and node.children and node.children[0].style in _CLAUSES:
        begin = head_end
    return _pair(text, whole, stripped(text, begin, whole.end).start if begin is not None else None)


def _pair(text: str, whole: Claim, begin: int | None) -> list[Claim]:
    if begin is None:
        return [replace(whole, rule="fault-without-fix")]
    if begin <= whole.title_start:
        return [replace(whole, kind=Kind.MEASURE, rule="fix-without-fault")]
    problem = replace(
        whole,
        end=stripped(text, whole.start, begin).end,
        subitems=tuple(span for span in whole.subitems if span.start < begin),
    )
    measure = replace(
        whole,
        kind=Kind.MEASURE,
        number="",
        title_start=begin,
        start=begin,
        rule="clause-after-fault",
        subitems=tuple(span for span in whole.subitems if span.start >= begin),
        answers=whole.start,
    )
    return [problem, measure]


def _unnumbered(text: str, node: Node, said: Announced) -> list[Claim]:
    """Paragraphs, sentences or clauses of a section that bears no numbers."""
    end = trimmed(text, node.start, node.head_end)
    begin = _after_heading(text, node, end)
    spans = [stripped(text, *span) for span in _paragraphs(text, begin, end)]
    spans = _without_lead(text, [span for span in spans if span.end - span.start > 3])
    if len(spans) == 1:
        spans = _parts(text, spans[0], said)
    return [claim for span in spans for claim in _plain(text, node, span, said)]


def _parts(text: str, span: Span, said: Announced) -> list[Span]:
    split = steps if said is Announced.MEASURES else faults
    return split(text, span.start, span.end)


def _after_heading(text: str, node: Node, end: int) -> int:
    if node.style == "label":
        return node.body
    heading = heading_of(text, node)
    at = max(node.body, text.find(heading, node.body, end)) + len(heading)
    line_end = text.find("\n", node.body, end)
    if at >= node.body + 58 and line_end != -1:
        return line_end
    return at + 1 if text[at : at + 1] in "：:。" else at


def _paragraphs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    pattern = r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*" if _is_wrapped(text[start:end]) else r"[^\n]+"
    return [found.span() for found in re.compile(pattern).finditer(text, start, end)]


def _is_wrapped(part: str) -> bool:
    """Whether lines are broken by width: most lines that another follows end without a stop."""
    lines = [line.rstrip() for line in part.strip().split("\n") if line.strip()]
    open_ended = sum(line[-1] not in "。；;.：:！!？?”）)" for line in lines[:-1])
    return len(lines) > 1 and open_ended * 2 > len(lines) - 1


def _without_lead(text: str, spans: list[Span]) -> list[Span]:
    """The paragraphs without the words that only lead to them."""
    if not spans:
        return []
    first = spans[0]
    stop = re.compile(r"[。：:\n]").search(text, first.start, min(first.end, first.start + 120))
    if stop is None or not _leads(text[first.start : stop.end()]):
        return spans
    rest = stripped(text, stop.end(), first.end)
    return ([rest] if rest.end > rest.start else []) + spans[1:]


def _leads(sentence: str) -> bool:
    return _LEADING.search(sentence) is not None and not re.match(r".{0,12}方面[:：]$", sentence)


def _plain(text: str, node: Node, span: Span, said: Announced) -> list[Claim]:
    if said is not Announced.MEASURES and says_nothing_wrong(text[span.start : span.end]):
        return []
    kind = Kind.MEASURE if said is Announced.MEASURES else Kind.PROBLEM
    rule = "clause-after-label" if node.style == "label" else "sentence-under-section"
    lead = _LEAD_PHRASE.match(text, span.start, span.end) if kind is Kind.MEASURE else None
    start = lead.end() if lead else span.start
    whole = Claim(kind, "", start, start, max(span.end, start + 1), rule, node.start)
    if said is Announced.BOTH:
        return _pair(text, whole, fix_start(text, span.start, span.end))
    return [whole]


__all__ = ["Claim", "claims", "words"]
