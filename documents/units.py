"""One numbered unit of a report: a problem, a measure, or a problem with its fix."""

import re
from dataclasses import replace

from documents.advised import advised, asked_of
from documents.answered import is_answered, is_unfounded
from documents.claim import Claim
from documents.clauses import says_nothing_wrong, sentences, states_fault, stripped
from documents.coded import CODE_ALONE, DUE, coded_actions, lettered
from documents.entries import (
    ABOUT,
    CLAUSE_STYLES,
    NUMBERED,
    as_claim,
    first_number,
    fix_of,
    has_fields,
    mostly,
    names_task,
    subitems,
)
from documents.fixes import order_start
from documents.lexicon import any_of, field_line, folded, is_latin
from documents.minutes import actions_of
from documents.outline import Node, beside, heading_of, is_block, is_label_for, label_word
from documents.pairs import ARROW, around, pair
from documents.raised import raises_problem
from documents.reading import Span
from documents.sections import Announced
from documents.sites import told_at_site
from documents.titles import trimmed
from documents.unlabelled import unlabelled_pair
from documents.weighing import weigh_part
from rules.lifecycle import Kind

_REQUIRED = re.compile(
    r" *(?:To [^,.]{5,90}, |By [^,.]{5,30}, )?(?:[Tt]he |You )?"
    r"[\w' ]{0,40}?\b(?:should|must|shall|(?:is|are) to)\b"
)
"""An improvement that an English inspector asks for, under `Areas for improvement`."""


def unit(text: str, parent: Node, node: Node, said: Announced) -> list[Claim]:
    """One numbered unit: a problem, a measure, or a problem with its fix."""
    if node.style == "word-measure" and not raises_problem(text, node):
        parts = [(node, row) for row in lettered(text, node)] or [(parent, node)]
        return [as_claim(text, over, one, Kind.MEASURE, "numbered-recommendation") for over, one in parts]
    arrow = ARROW.search(text, node.body, node.end)
    if arrow and said is not Announced.MEASURES:
        return around(text, as_claim(text, parent, node, Kind.PROBLEM, "fault-before-arrow"), arrow)
    fix = fix_of(text, node)
    if fix is None and node.style == "word-problem" and (rows := coded_actions(text, node)):
        return _with_coded(text, parent, node, rows)
    if fix is not None and (
        said is not Announced.MEASURES
        or node.style.startswith("word-")
        or states_fault(text[node.body : min(fix.start, node.body + _READ)])
        or is_block(node)
        or _weighs_as_fault(text, node, fix)
        or _in_row_of_both(text, parent, node)
    ):
        return with_fix(text, parent, node, fix)
    return _of_section(text, parent, node, said)


def _with_coded(text: str, parent: Node, node: Node, rows: list[Node]) -> list[Claim]:
    problem = _before(text, parent, node, rows[0].start)
    found = [as_claim(text, node, row, Kind.MEASURE, "numbered-recommendation") for row in rows]
    if problem is None:
        return found
    return [problem, *(replace(one, answers=problem.start, group=problem.group) for one in found)]


def _in_row_of_both(text: str, parent: Node, node: Node) -> bool:
    """Whether another entry near it in its row states a fault and names its fix."""
    row = [one for one in beside(parent, node, _NEAR) if one is not node and one.style == node.style]
    return any(states_fault(heading_of(text, one)) and fix_of(text, one) is not None for one in row)


def _weighs_as_fault(text: str, node: Node, fix: Node) -> bool:
    """Whether the English words before the label of a fix speak plainly for a fault and for no measure."""
    if fix.style != "label" or fix.mark is None or not fix.mark.at_line:
        return False
    told = weigh_part(text, node.body, fix.start, most=4)
    return is_latin(text[node.body : fix.start]) and told.problem > max(0.0, told.measure + 1)


_NEAR, _READ = 3, 200


def _of_section(text: str, parent: Node, node: Node, said: Announced) -> list[Claim]:
    """A unit whose own words name no fix, by what its section announces."""
    if said is not Announced.MEASURES and (apart := told_at_site(text, node)):
        return apart
    heading = heading_of(text, node)
    asked = said is Announced.PROBLEMS and node.style != "word-problem" and _REQUIRED.match(text, node.body)
    if node.style == "word-problem" or (said is Announced.PROBLEMS and not asked):
        return _problem(text, parent, node, heading)
    agreed = _agreed_upon(text, parent, node) if said is Announced.MEASURES else []
    if agreed:
        return agreed
    if not asked and _COUNTS.match(text, node.body):
        return []
    if asked or said is Announced.MEASURES:
        return [as_claim(text, parent, node, Kind.MEASURE, "numbered-under-section")]
    return unlabelled_pair(text, parent, node, heading)


_COUNTS = re.compile(
    r"[ \t]*(?i:(?:all|most|some|none|[a-z-]{2,12}|[0-9]{1,3})(?: of the [a-z0-9 -]{2,24})? "
    r"(?:previous |agreed |earlier |audit )?(?:recommendations?|actions|findings) "
    r"(?:(?:have|has|had) (?:now |since )?been|remains?|(?:was|were|are|is)) "
    r"(?:now |still |fully |partly |partially |only )*"
    r"(?:implemented|outstanding|completed?|closed|cleared|open|overdue|in progress)\b|"
    r"(?:the )?(?:main )?reasons? (?:given )?for (?:the )?[a-z ]{3,30} (?:was|were|is|are)\b)"
)
"""A paragraph of an English follow-up that counts what became of earlier advice, or tells why it lagged."""
_AGREES = re.compile(r"会议[一-龥]{0,2}(?:要求|决定|明确|议定|确定|同意|商定)[，,：:]?")
_LONGEST_MINUTE = 2000


def _agreed_upon(text: str, parent: Node, node: Node) -> list[Claim]:
    """In an entry of minutes, the fault that was reported and what `会议确定` puts against it."""
    if node.children or node.end - node.body > _LONGEST_MINUTE:
        return []
    agreed = _AGREES.search(text, node.body, node.end)
    told = list(sentences(text, node.body, agreed.start())) if agreed else []
    if agreed is None or not any(states_fault(text[one.start : one.end]) for one in told):
        return []
    whole = as_claim(text, parent, node, Kind.PROBLEM, "clause-before-fix")
    problem, measure = pair(text, whole, agreed.end())
    return [replace(problem, end=stripped(text, whole.start, agreed.start()).end), measure]


def _own_words(text: str, node: Node) -> str:
    """What an entry says of itself: its first line, and the next where the first is a bare heading."""
    first, _, rest = text[node.body : min(node.end, node.body + 200)].lstrip().partition("\n")
    rest = rest.lstrip()
    bare = "。" not in first and (not states_fault(first) or ABOUT.fullmatch(first.strip()) is not None)
    return first + "\n" + rest.partition("\n")[0] if bare else first


def _problem(text: str, parent: Node, node: Node, heading: str) -> list[Claim]:
    if says_nothing_wrong(_own_words(text, node)) or is_unfounded(text, node):
        return []
    about = re.search(r"的?整改(?:情况|落实情况)?$", heading) and ABOUT.match(heading)
    if about or is_answered(text, parent, node):
        return unlabelled_pair(text, parent, node, heading)
    rule = "numbered-problem" if node.style == "word-problem" else "numbered-under-section"
    whole = as_claim(text, parent, node, Kind.PROBLEM, rule)
    ordered = order_start(text, whole.title_start, whole.end) if not node.children else None
    return [whole] if ordered is None else pair(text, whole, ordered)


def with_fix(text: str, parent: Node, node: Node, fix: Node) -> list[Claim]:
    rows = _rows(text, node, fix) or actions_of(text, node)
    if rows:
        return rows
    problem = _before(text, parent, node, fix.start)
    if problem is not None and (asked := advised(text, node, fix, problem)):
        return asked
    if problem is not None and (_SERIAL.match(text, node.body) or _among_topics(text, parent, node)):
        problem = _labelled_fault(text, node, problem)
    if problem is None:
        measure = replace(as_claim(text, parent, node, Kind.MEASURE, "numbered-under-section"))
        return [measure]
    said = text[problem.title_start : problem.end]
    first = said.partition("\n")[0]
    if says_nothing_wrong(first if is_latin(said) and len(first) > LONGEST_BARE else said):
        return []
    return [problem, *_fixes(text, node, fix, problem)]


def _among_topics(text: str, parent: Node, node: Node) -> bool:
    """Whether another heading near it in its row only names a topic, with faults numbered below."""
    row = (one for one in beside(parent, node, _NEAR) if one is not node and one.style == node.style)
    return any(fix is not None and _rows(text, one, fix) for one in row for fix in (fix_of(text, one),))


_SERIAL = re.compile(r"[ 　]*(?:序号|任务|编号)[ 　]?(?:[一二三四五六七八九十]{1,4}|[0-9]{1,3})[ 　]*\n")


def _labelled_fault(text: str, node: Node, problem: Claim) -> Claim:
    """The fault that stands behind its label below a heading that only names a topic."""
    told = next((c for c in node.children if names_task(text, c)), None)
    if told is None or not _is_bare(text[node.body : told.start].strip().partition("\n")[0]):
        return problem
    said = stripped(text, told.body, min(told.end, problem.end))
    return replace(problem, number="", title_start=said.start, start=said.start, end=said.end)


def is_apart(text: str, label: Node) -> bool:
    """Whether a label begins a measure of its own beside another, as 纠正措施 and 预防措施 do."""
    return any_of("label", "apart").fullmatch(folded(label_word(text, label))) is not None


LONGEST_BARE = 20


def _is_bare(heading: str) -> bool:
    return len(heading.strip()) <= LONGEST_BARE and "。" not in heading


def _rows(text: str, node: Node, fix: Node) -> list[Claim]:
    """The entries of a unit that numbers problems and fixes apart: `存在问题：1.…整改措施：1.…`."""
    told = next((c for c in node.children if is_label_for(text, c, Announced.PROBLEMS)), None)
    if told is None or not _is_bare(text[node.body : told.start]):
        return []
    return _numbered_apart(text, told, fix)


def numbered_in_turn(text: str, told: Node, fix: Node, end: int) -> list[Claim]:
    """As many numbered fixes as problems behind two labels, with fields behind them all before `end`."""
    counted = [sum(child.style in NUMBERED for child in label.children) for label in (told, fix)]
    if counted[0] != counted[1]:
        return []
    found = _numbered_apart(text, told, fix)
    whole = Span(told.start, end)
    if any(has_fields(text, child) for child in fix.children[:-1]):
        return found
    return [replace(claim, fields=whole) if claim.kind is Kind.MEASURE else claim for claim in found]


def _numbered_apart(text: str, told: Node, fix: Node) -> list[Claim]:
    problems, fixes = ([c for c in label.children if c.style in NUMBERED] for label in (told, fix))
    if min(len(problems), len(fixes)) < 2 or text[told.body : problems[0].start].strip():
        return []
    found = [as_claim(text, told, child, Kind.PROBLEM, "numbered-after-label") for child in problems]
    answered = len(fixes) == len(problems)
    for i, child in enumerate(fixes):
        claim = as_claim(text, fix, child, Kind.MEASURE, "numbered-after-label")
        found.append(replace(claim, answers=found[i].start) if answered else claim)
    return found


_TICKED = re.compile(
    r"(?:\s*\[[ xX]\]\s*[A-Za-z]+)+\s*|\s*(?:[□☐☑■√✓]\s*[一-龥A-Za-z]+)+\s*|"
    r"(?:Raised|Opened|Logged|Identified|Reported|Found)\b[^\n]{2,90}\n\s*|"
    r"(?i:Minor|Major|Critical|Moderate|Serious|Significant|High|Medium|Low)[ ]{3,}[^\n]{1,120}\n\s*|"
    r"[一-龥] {2,}[一-龥] ?[：:][^\n]{1,60}\n\s*"
)
"""What stands before the labels of a form: how grave a finding is, where it is, or when it was raised."""


def _before(text: str, parent: Node, node: Node, end: int) -> Claim | None:
    """The problem of a unit: from its number to before the fix or what is aimed at."""
    whole = as_claim(text, parent, node, Kind.PROBLEM, "numbered-before-fix")
    if own := first_number(node):
        number = text[own.start : own.body].strip()
        whole = replace(whole, number=number, title_start=stripped(text, own.body, own.end).start)
    aims = [c.start for c in node.children if c.style == "label" and "目标" in label_word(text, c)]
    stop = trimmed(text, node.start, min([end, *aims]))
    title = whole.title_start
    labels = [c for c in node.children if c.style == "label" and c.start <= title < c.body]
    if labels:
        title = stripped(text, labels[0].body, stop).start
    first = next((c for c in node.children if c.style == "label" and c.mark and c.mark.at_line), None)
    if first is not None and _TICKED.match(text, title, first.start):
        named = next((c for c in node.children if is_label_for(text, c, Announced.PROBLEMS)), first)
        title = stripped(text, named.body, stop).start
    if code := CODE_ALONE.match(text, title, stop):
        whole, title = replace(whole, number=code["code"]), code.end()
    if stop <= title:
        return None
    kept = tuple(span for span in whole.subitems if span.start < stop)
    return replace(whole, end=stop, title_start=title, subitems=kept)


def _fixes(text: str, node: Node, fix: Node, problem: Claim) -> list[Claim]:
    apart = [child for child in node.children if child.style == "label" and is_apart(text, child)]
    apart = apart or _said_again(text, node, fix)
    if len(apart) > 1 and apart[0] is fix:
        labels = [child.start for child in node.children if child.style == "label"]
        ends = [min((at for at in labels if at > one.start), default=node.end) for one in apart]
        rows = [replace(one, end=end) for one, end in zip(apart, ends, strict=True)]
        return [claim for row in rows for claim in _after_label(text, row, row, problem)]
    numbered = [child for child in node.children if child.style == "word-measure"]
    if numbered:
        found = [as_claim(text, node, child, Kind.MEASURE, "numbered-recommendation") for child in numbered]
        return [replace(claim, answers=problem.start, group=problem.group) for claim in found]
    rows = [
        child
        for child in fix.children
        if child.mark and child.mark.at_line and child.style not in CLAUSE_STYLES
    ]
    if rows and (
        fix.style == "minute" or mostly(has_fields(text, row) for row in rows) or _only_rows(text, fix, rows)
    ):
        return _as_rows(text, node, fix, rows, problem)
    return _after_label(text, node, fix, problem)


def _as_rows(text: str, node: Node, fix: Node, rows: list[Node], problem: Claim) -> list[Claim]:
    """The numbered measures below the label of a fix; fields behind all are theirs where none has its own."""
    found = [as_claim(text, fix, row, Kind.MEASURE, "numbered-after-label") for row in rows]
    whole = Span(fix.start, node.end)
    dated = any(DUE.search(text, row.body, row.end) for row in rows)
    asked = asked_of(text, fix)
    return [
        replace(
            claim,
            answers=problem.start,
            group=problem.group,
            fields=None if dated or has_fields(text, row) else whole,
            owner_cells=asked,
        )
        for claim, row in zip(found, rows, strict=True)
    ]


def _said_again(text: str, node: Node, fix: Node) -> list[Node]:
    """The labels of a unit that say the same, if fields stand behind each: `Action: … Owner: … Action: …`."""
    word = label_word(text, fix)
    same = [one for one in node.children if one.style == "label" and label_word(text, one) == word]
    if len(same) < _FEWEST_AGAIN:
        return []
    ends = [*(one.start for one in same[1:]), node.end]
    fielded = all(field_line().search(text, one.start, end) for one, end in zip(same, ends, strict=True))
    return same if fielded else []


_FEWEST_AGAIN = 2


_ROWS = frozenset({"digit", "half", "round", "bullet", "decimal2"})


def _only_rows(text: str, fix: Node, rows: list[Node]) -> bool:
    """Whether `整改措施：` stands alone over numbered measures or bullets and says nothing itself.

    What a home plans to correct a deficiency is one measure in steps.
    """
    alone = len(rows) == 1 and rows[0].style != "bullet" and not is_latin(text[rows[0].body : rows[0].end])
    plan = folded(label_word(text, fix)).startswith("plan of correction")
    return (
        not (alone or plan)
        and all(row.style in _ROWS for row in rows)
        and not text[fix.body : rows[0].start].strip()
    )


_STATE = re.compile(
    r"(?:(?:Fully |Partially |Partly )?[Ii]mplemented|Completed?|Closed|In progress|Ongoing|"
    r"(?P<not>Not (?:yet )?(?:implemented|started|done|addressed)))\.[ \t]+(?=[A-Z])"
)
"""How far a matter is, told in a word before the sentences that say what was done."""


_NO_FIX = re.compile(
    r"无|暂无|/|-|—|None\.?|N/A|"
    r"(?i:none[.;,][^\n]*)|"
    r"(?i:(?:still |currently )?(?:under (?:discussion|review|consideration)|"
    r"being (?:discussed|considered|talked over|talked about|worked out|looked into))[^.;\n]{0,40}\.?)|"
    r"(?i:[^.;\n]{0,30}\b(?:response|reply) (?:has |was )?not (?:yet )?(?:been )?received[^.;\n]{0,40}\.?)|"
    r"(?i:to be (?:agreed|confirmed|decided|determined|set out|developed)[^.;\n]{0,40}\.?)"
)
"""What stands behind the label of a fix where none is named."""


_FIRST_STEP = re.compile(r"(?:1[.)]|[(][1ia][)]|[ia][.)])[ \t]+(?=[A-Za-z])")
"""The number of the first of several steps, which is no part of the title."""


def _after_label(text: str, node: Node, fix: Node, problem: Claim) -> list[Claim]:
    begin = stripped(text, fix.body, node.end).start
    state = _STATE.match(text, begin, node.end)
    if state and state["not"]:
        return []
    begin = state.end() if state and state.end() < node.end else begin
    end = trimmed(text, begin, node.end)
    said, _, rest = text[begin:end].partition("\n")
    fields = not rest.strip() or field_line().match(folded(rest.lstrip())) is not None
    if end - begin < 2 or (fields and _NO_FIX.fullmatch(said)):
        return []
    first = _FIRST_STEP.match(text, begin, end)
    parts = subitems(text, fix, end) + tuple(s for s in subitems(text, node, end) if s.start >= fix.end)
    return [
        Claim(
            Kind.MEASURE,
            "",
            first.end() if first else begin,
            begin,
            end,
            "after-label",
            problem.group,
            parts,
            answers=problem.start,
            fields=Span(node.start, node.end),
        )
    ]
