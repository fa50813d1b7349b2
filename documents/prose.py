"""A section without numbers: its paragraphs, sentences or clauses as problems and measures."""

import re

from documents.claim import Claim
from documents.clauses import faults, fix_start, says_nothing_wrong, steps, stripped
from documents.outline import Node, heading_of
from documents.reading import Span
from documents.sections import Announced, lead_announces
from documents.titles import trimmed
from documents.units import pair
from rules.lifecycle import Kind

_LEAD_PHRASE = re.compile(r"(?:To|In|For|On|Regarding|As for|With regard to)\b[^,.;\n]{3,80}, (?=[a-z])")
_MAINLY = re.compile(r"(?:主要是|主要有|主要表现[在为]|突出表现[在为]|具体表现[在为])[：:]?")
_OWN_SUBJECT = re.compile(r".{0,12}方面[:：]$|针对(?!以上|上述|存在|这些|查摆|发现|自查|检查|督查|反馈|工作)")
_LEADING = re.compile(
    r"(?:以下|如下|下列|几个方面|几方面|主要有|主要是|following|below)[^。\n]{0,20}[。：:.]?$|[一-龥][：:]$"
)


def unnumbered(text: str, node: Node, said: Announced) -> list[Claim]:
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
    return (
        _LEADING.search(sentence) is not None or lead_announces(sentence) is not None
    ) and not _OWN_SUBJECT.match(sentence)


def _plain(text: str, node: Node, span: Span, said: Announced) -> list[Claim]:
    if said is not Announced.MEASURES and says_nothing_wrong(text[span.start : span.end]):
        return []
    kind = Kind.MEASURE if said is Announced.MEASURES else Kind.PROBLEM
    rule = "clause-after-label" if node.style == "label" else "sentence-under-section"
    lead = _LEAD_PHRASE.match(text, span.start, span.end) if kind is Kind.MEASURE else None
    lead = lead or _MAINLY.match(text, span.start, span.end)
    start = lead.end() if lead else span.start
    whole = Claim(kind, "", start, start, max(span.end, start + 1), rule, node.start)
    if said is Announced.BOTH:
        return pair(text, whole, fix_start(text, span.start, span.end))
    return [whole]
