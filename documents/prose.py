"""A section without numbers: its paragraphs, sentences or clauses as problems and measures."""

import re
from dataclasses import replace
from itertools import pairwise, takewhile

from documents.asides import GENERAL_HOPE, speaks
from documents.claim import Claim
from documents.clauses import (
    is_general,
    says_nothing_open,
    says_nothing_wrong,
    sentences,
    states_fault,
    stripped,
)
from documents.dialogue import tells_nothing_wrong
from documents.entries import mostly
from documents.fixes import fix_start, is_mended, tells_fix
from documents.inferring import lead_before
from documents.lexicon import field_line, is_latin
from documents.outline import Node, heading_of
from documents.pairs import pair
from documents.parting import beyond_aspects, by_actors, parts, row_of_steps
from documents.passing import PLACED
from documents.reading import Span
from documents.sections import Announced, lead_announces
from documents.sentence_rows import faults, led_row
from documents.titles import trimmed
from documents.turning import turns
from documents.weighing import weigh_part
from rules.lifecycle import Kind

_TOLD_US = re.compile(
    r"(?:In our view,? |We (?:also )?(?:heard|found|noted|saw|were told)(?: [a-z]+ly)? that "
    r"|However,? )(?=[a-z])"
)
"""Words before an English fault that only say who tells it."""
_LEAD_PHRASE = re.compile(
    r"(?:(?:Lastly|Finally|Next|Then), )?"
    r"(?:In addition,? (?=the |[A-Z])|"
    r"(?:To|In|For|[Oo]n|Regarding|[Aa]s (?:for|to)|With regard to)\b[^,.;\n]{3,80}, (?=[a-z])|"
    r"(?:On|As for|Regarding) [a-z][^,.;\n]{2,40}, (?=[A-Z]))"
)
_MAINLY = re.compile(r"(?:主要是|主要有|主要表现[在为]|突出表现[在为]|具体表现[在为])[：:]?")
_OWN_SUBJECT = re.compile(
    r".{0,12}方面[:：]$|[“\"][^”\"]{2,40}[”\"]的?问题[：:]$|"
    r"针对(?!以上|上述|存在|这些|查摆|发现|自查|检查|督查|反馈|工作)"
)
_LEADING = re.compile(
    r"(?:以下|如下|下列|几个方面|几方面|主要有|主要是|following|below)[^。\n]{0,20}(?<!等问题)(?<!等不足)[。：:.]?$|"
    r"[一-龥”][：:]$"
)


def unnumbered(text: str, node: Node, said: Announced) -> list[Claim]:
    """Paragraphs, sentences or clauses of a section that bears no numbers."""
    end = trimmed(text, node.start, node.head_end)
    begin = _after_heading(text, node, end)
    spans = [stripped(text, *span) for span in (found.span() for found in _LINE.finditer(text, begin, end))]
    spans = _without_lead(text, [span for span in spans if speaks(text[span.start : span.end])])
    spans = _with_headings(text, spans)
    if said is Announced.BOTH and len(spans) == 1 and _ALL_CLOSED.search(text, begin, end):
        return []
    if said is Announced.BOTH and (both := _first_faults_then_steps(text, node, spans)):
        return both
    if said is not Announced.MEASURES and spans and _tells_of_none(text, spans[0]):
        return []
    if said is Announced.PROBLEMS and len(spans) > 1:
        spans = list(takewhile(lambda one: not _TURNS_AWAY.match(text, one.start, one.end), spans))
        spans = [one for one in spans if not _only_praises(text[one.start : one.end])] or spans
        spans = [one for one in spans if not _is_aside(text, one)] or spans
        spans = led_row(text, spans) or beyond_aspects(text, spans)
    if said is Announced.PROBLEMS and len(spans) > 1 and _mended_too(text, spans):
        said = Announced.BOTH
    if len(spans) == 1:
        parted = [
            one
            for one in parts(text, spans[0], said, whole=_names_one(text, node))
            if said is not Announced.PROBLEMS or not _only_praises(text[one.start : one.end])
        ]
        spans = [one for one in parted if not GENERAL_HOPE.match(text[one.start : one.end])]
    elif said is Announced.MEASURES:
        spans = [part for span in spans for part in row_of_steps(text, span)]
    found = [claim for span in spans for claim in _plain(text, node, span, said)]
    if said is Announced.MEASURES:
        return _with_shared_fields(text, found, begin, end)
    return _measures_apart(text, found) if said is Announced.BOTH else found


_SHORT_HEADING = re.compile(r"[^，。；：:！？!?,;\n]{4,24}(?<![.…、）)】」”])")
_FEWEST_HEADED = 2


def _with_headings(text: str, spans: list[Span]) -> list[Span]:
    """The paragraphs of a Chinese section, each with the short line over it, where such head them all."""
    short = [_SHORT_HEADING.fullmatch(text, one.start, one.end) is not None for one in spans]
    heads = [at for at, is_short in enumerate(short[:-1]) if is_short and not short[at + 1]]
    if len(heads) < _FEWEST_HEADED or heads[0] != 0 or sum(short) != len(heads):
        return spans
    if is_latin(text[spans[0].start : spans[0].end]):
        return spans
    if all(text[spans[at].start : spans[at].end].endswith("方面") for at in heads):
        told = [one for at, one in enumerate(spans) if not short[at]]
        return [fault for one in told for fault in faults(text, one.start, one.end, each=True)]
    return [Span(spans[a].start, spans[b - 1].end) for a, b in pairwise([*heads, len(spans)])]


_ALL_CLOSED = re.compile(
    r"(?:[12][0-9]{3}年|上(?:一?年度?|次|轮|季度))[^\n]{0,160}?(?:全部|均已?|已全部)(?:按期|按时)?(?:整改|完成整改|办结|销号)"
    r"(?:到位|完毕|完成)?[^\n]{0,60}$",
    re.MULTILINE,
)
"""What became of the problems of an earlier time, told in a single paragraph: all are closed."""


def _mended_too(text: str, spans: list[Span]) -> bool:
    """Whether most paragraphs of Chinese faults tell their fix as well."""
    chinese = not is_latin(text[spans[0].start : spans[0].end])
    return chinese and mostly(tells_fix(text, one.start, one.end) for one in spans)


_ASIDE = -3.5
"""Below this weight an English paragraph among faults tells none."""


def _is_aside(text: str, span: Span) -> bool:
    return is_latin(text[span.start : span.end]) and (
        weigh_part(text, span.start, span.end, most=3).problem < _ASIDE
    )


def _only_praises(paragraph: str) -> bool:
    """Whether an English paragraph among findings tells of nothing wrong, but of what is good or was done."""
    return is_latin(paragraph) and tells_nothing_wrong(paragraph)


_NONE_FOUND = re.compile(
    r"(?:We|I|The (?:audit|auditors?|review|inspection|inspectors?|visit|panel|team|assessors?)|"
    r"There (?:are|were|is|was)|None|Nothing)\b[^.]{0,40}?(?<![a-z])"
    r"(?:[Nn]o|not|[Nn]othing|[Nn]one|any)\b[^.]{0,50}\b"
    r"(?:findings?|issues|concerns|weaknesses|deficienc(?:y|ies)|problems|matters|exceptions|"
    r"misstatements|breaches)\b|"
    r"No (?:new |further |significant |major |material )?(?:risks?|issues?|concerns?|incidents?|complaints?|"
    r"findings?|weaknesses|breaches|exceptions|misstatements|matters|problems?)\b"
)
"""How an English section on what is wrong begins that found nothing wrong."""


_NAMES_ONE = re.compile(
    r"(?i:(?:the |a )?(?:description|statement|details|summary) of (?:the )?|the )?"
    r"(?i:non-?conform(?:ance|ity)|problem|issue|event|incident|deficiency|defect|failure|complaint|concern)"
    r"(?i: statement| description| details)?"
)
"""A heading that speaks of one fault: `Description of nonconformance`."""


def _tells_of_none(text: str, span: Span) -> bool:
    """Whether the first words of an English section on what is wrong say that nothing is."""
    if _NONE_FOUND.match(text, span.start, span.end):
        return True
    first = next(sentences(text, span.start, span.end), span)
    said = text[first.start : first.end]
    return is_latin(said) and says_nothing_wrong(said)


def _names_one(text: str, node: Node) -> bool:
    """Whether an English label such as `Area for development:` speaks of one fault, told in a paragraph."""
    if _NAMES_ONE.fullmatch(heading_of(text, node)):
        return True
    word = text[node.start : node.body].strip(" *:\n\t").split(" ", 1)[0]
    return node.style == "label" and is_latin(word) and word != "" and not word.endswith("s")


def _measures_apart(text: str, found: list[Claim]) -> list[Claim]:
    """Of several faults with all measures behind the last of them, each measure by itself."""
    faulty, last = found[:-1], found[-1] if found else None
    if last is None or len(faulty) < 2 or last.kind is not Kind.MEASURE:
        return found
    several = by_actors(text, Span(last.start, last.end))
    if len(several) < 2 or any(claim.kind is Kind.MEASURE for claim in faulty):
        return found
    return [
        *faulty,
        *(
            replace(last, title_start=one.start, start=one.start, end=one.end, answers=None)
            for one in several
        ),
    ]


_TURNS_AWAY = re.compile(
    r"(?:下一?步|下一?阶段|今后|接下来)[，,]|请(?:各|你|贵|有关|相关)|以上问题[，,]?(?:请|要求|须|应)|说到底|归根结底|究其|各[一-龥]{1,8}要"
)
"""How the paragraph behind the last fault begins, which asks for something."""
_THEN = re.compile(
    r"(?:为此|对此|接下来|(?:在)?新的一年里?|(?:针对|围绕|对照)(?:上述|以上|这些|存在)[^。；，\n]{0,8})[，,]|"
    r"(?:下一?步|下一?阶段|今后|明年|来年|下半年|下季度|下月|下周|新的一年里?|20[0-9]{2}年)[^。；，\n]{0,12}?(?:[，,]|(?=将|拟|计划|要|会加以))|"
    r"(?:In the new year|In the (?:coming|next) (?:year|months|quarter)|"
    r"Over the (?:coming|next) [a-z ]{3,20}|Next (?:year|term|quarter|month)|In 20[0-9]{2}|"
    r"(?:Going|Looking) (?:forward|ahead)|To (?:address|remedy|put) [^,.;\n]{3,50}), "
)
"""Words with which a paragraph on what is wrong turns to what will be done."""


def _first_faults_then_steps(text: str, node: Node, spans: list[Span]) -> list[Claim]:
    """The faults of a section on both up to the sentence that turns to what will be done, and that."""
    every = [one for span in spans for one in sentences(text, span.start, span.end)]
    turned = next((at for at, one in enumerate(every) if _THEN.match(text, one.start, one.end)), 0)
    told = [one for one in every[:turned] if not _only_leads(text[one.start : one.end])]
    wrong = [one for one in told if _is_wrong(text[one.start : one.end])]
    if len(wrong) * 2 <= len(told) or any(_settled_at_once(text, one) for one in told):
        return []
    turn = _THEN.match(text, every[turned].start, every[turned].end)
    begin = turn.end() if turn and turn.end() < every[turned].end else every[turned].start
    after = [Span(begin, every[turned].end), *every[turned + 1 :]]
    found = [claim for one in wrong for claim in _plain(text, node, one, Announced.PROBLEMS)]
    return found + [claim for one in after for claim in _plain(text, node, one, Announced.MEASURES)]


def _only_leads(said: str) -> bool:
    return is_general(said) or turns(said)


def _is_wrong(said: str) -> bool:
    """Whether a sentence before the turn tells a fault; in English no word is needed that says so."""
    return states_fault(said) or is_latin(said)


def _settled_at_once(text: str, sentence: Span) -> bool:
    """Whether a sentence tells its fault and its fix, so that the section goes by pairs."""
    begin = fix_start(text, sentence.start, sentence.end)
    return begin is not None and begin > sentence.start


_ASPECT = re.compile(r"[一-龥、和]{2,14}方面(?:[\n。， ]|(?=[一-龥]{4}))")


def aspect(text: str, node: Node, said: Announced) -> list[Claim]:
    """The separate faults under `（三）队伍建设方面`, a heading over words and not over numbers."""
    head = _ASPECT.match(text, node.body, node.end)
    if said is not Announced.PROBLEMS or head is None:
        return []
    end = trimmed(text, node.start, node.end)
    if any(child.start < end for child in node.children):
        return []
    begin = stripped(text, head.end(), end).start
    lines = _lines(text, begin, end)
    if len(lines) > 1 and all(PLACED.match(text, one.start, one.end) for one in lines):
        return [claim for span in lines for claim in _plain(text, node, span, said)]
    spans = faults(text, begin, end, each=True)
    if len(spans) < 2 or len(list(sentences(text, begin, end))) < 2:
        return []
    return [claim for span in spans for claim in _plain(text, node, span, said)]


def by_line(text: str, node: Node, said: Announced) -> list[Claim]:
    """What the lines below a heading state, each of them a case of its own."""
    below = text.find("\n", node.body, node.end)
    lines = _lines(text, below, trimmed(text, node.start, node.end)) if below != -1 else []
    return [claim for span in lines for claim in _plain(text, node, span, said)]


def _lines(text: str, start: int, end: int) -> list[Span]:
    spans = (stripped(text, *one.span()) for one in _LINE.finditer(text, start, end))
    return [span for span in spans if span.end > span.start]


def _with_shared_fields(text: str, found: list[Claim], begin: int, end: int) -> list[Claim]:
    """Measures without fields of their own share the lines of fields that stand behind them all."""
    lines = list(field_line().finditer(text, begin, end)) if len(found) > 1 else []
    if not lines or lines[0].start() < found[-1].end:
        return found
    return [replace(claim, fields=claim.fields or Span(lines[0].start(), end)) for claim in found]


def _after_heading(text: str, node: Node, end: int) -> int:
    if node.style in {"label", "lead"}:
        return node.body
    heading = heading_of(text, node)
    at = max(node.body, text.find(heading, node.body, end)) + len(heading)
    line_end = text.find("\n", node.body, end)
    if at >= node.body + 58 and line_end != -1:
        return line_end
    return at + 1 if text[at : at + 1] in "：:。" else at


_LINE = re.compile(r"[^\n]+")


def _without_lead(text: str, spans: list[Span]) -> list[Span]:
    """The paragraphs without the words that only lead to them."""
    if not spans:
        return []
    first = spans[0]
    if sum(PLACED.match(text, one.start, one.end) is not None for one in spans[:2]) > 1:
        return spans
    if len(spans) > 2 and is_general(text[first.start : first.end]):
        return spans[1:]
    stop = re.compile(r"[。：:\n]").search(text, first.start, min(first.end, first.start + 120))
    if stop is None or not _leads(text[first.start : stop.end()]):
        return spans
    rest = stripped(text, stop.end(), first.end)
    return ([rest] if rest.end > rest.start else []) + spans[1:]


def _leads(sentence: str) -> bool:
    return (
        _LEADING.search(sentence) is not None or lead_announces(sentence) is not None
    ) and not _OWN_SUBJECT.match(sentence)


_ASPECT_LEAD = re.compile(r"[一-龥、]{2,8}方面[,，：:][ ]?(?=[^\s])")
"""The aspect that an unnumbered fault or measure begins with: `教辅征订方面，…`."""


def _plain(text: str, node: Node, span: Span, said: Announced) -> list[Claim]:
    words = text[span.start : span.end]
    if says_nothing_open(words) or (said is not Announced.MEASURES and says_nothing_wrong(words)):
        return []
    kind = Kind.MEASURE if said is Announced.MEASURES else Kind.PROBLEM
    rule = "clause-after-label" if node.style == "label" else "sentence-under-section"
    lead = _LEAD_PHRASE.match(text, span.start, span.end) if kind is Kind.MEASURE else None
    lead = lead or _MAINLY.match(text, span.start, span.end) or _TOLD_US.match(text, span.start, span.end)
    lead = lead or _ASPECT_LEAD.match(text, span.start, span.end)
    start = lead.end() if lead else span.start
    whole = Claim(kind, "", start, start, max(span.end, start + 1), rule, node.start)
    if said is Announced.BOTH:
        return pair(text, whole, fix_start(text, span.start, span.end))
    ordered = _mended_behind(text, span) if kind is Kind.PROBLEM and is_latin(words) else None
    told = pair(text, whole, ordered) if ordered is not None else []
    return told if len(told) > 1 else [whole]


def _mended_behind(text: str, span: Span) -> int | None:
    """Where behind the first sentence of an English paragraph one begins that mends what it tells."""
    behind = list(sentences(text, span.start, span.end))[1:]
    return next((one.start for one in behind if is_mended(text, one)), None)


def told_first(text: str, node: Node) -> list[Claim]:
    """The faults that paragraphs tell before a numbered row whose own lead announces measures."""
    first = node.children[0] if node.children else None
    if first is None or first.mark is None or first.mark.value != 1 or not first.mark.at_line:
        return []
    lead_start = text.rfind("\n", node.body, first.start - 1)
    if lead_start == -1 or lead_before(text, lead_start, first.start) is not Announced.MEASURES:
        return []
    return unnumbered(text, replace(node, end=lead_start, children=[]), Announced.PROBLEMS)
