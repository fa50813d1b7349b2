"""English paragraphs that turn to what is wrong: `However, a number of weaknesses were found. …`"""

import re
from collections.abc import Iterator

from documents.clauses import sentences
from documents.lexicon import is_latin
from documents.reading import Span

_FAULTS = (
    r"(?:weaknesses|shortcomings|problems|issues|deficiency|deficiencies|concerns|gaps|faults|defects|hazards|"
    r"failings|failures|matters|points|difficulties|breaches|contraventions|irregularities|exceptions|"
    r"non-?conformities|non-?compliances|discrepancies|snags|areas|things)"
)
_TURN = re.compile(
    r"(?:(?:however|but|nevertheless|nonetheless|that said|even so|unfortunately|on the other hand|"
    r"regrettably|at the same time|yet|despite this|in spite of this), )?"
    r"(?:(?:there (?:are|were|remain|is)(?:,? (?:however|though),?)?|we|i|"
    r"the [a-z]+(?: [a-z]+)?|our [a-z]+|it|they|auditors|inspectors) "
    r"(?:also |still )*(?:found|noted|identified|saw|observed|recorded|revealed|showed|highlighted|raised|"
    r"have|had|some|several|a number of|a few|two|three|four|five|six|the following)?[a-z ,]{0,40}"
    rf"\b{_FAULTS}\b|"
    r"(?:some|several|a number of|a few|two|three|four|five|six|the following|certain|other|many|further|not)"
    rf"[a-z ,]{{0,30}}\b(?:{_FAULTS}|everything is as it should be)\b[a-z ,]{{0,20}}"
    r"\b(?:were|was|are|is|remain|need|needs|must|require|came|come|have|emerged|should|deserve))"
    r"[^.:\n]{0,80}[.:]\s*\Z",
    re.IGNORECASE,
)
_TO_LIGHT = re.compile(
    r"(?:[Tt]he [a-z]+(?: [a-z]+)?|[Ww]e|[Ii]t|[Oo]ur [a-z]+) (?:has |have )?(?:brought|turned up|threw up|"
    r"uncovered|showed|revealed|highlighted|flagged) (?:the following|(?:several|a few|some) things)\b"
    r"[^.\n]{0,30}[.:]\s*\Z|"
    r"[Tt]he following (?:came|has come|have come|was|were) (?:to light|seen|noted|found|observed)"
    r"[^.\n]{0,30}[.:]\s*\Z"
)
_TO_IMPROVE = re.compile(
    r"[^.]{0,60}\bwhat (?:still |now )*(?:needs?|has|have) to (?:be )?"
    r"(?:improved?|done better|put right)[^.]{0,20}[.:]\s*\Z"
)
_DRAWS = re.compile(
    r"(?i)\b(?:draw (?:your|the [a-z ]{3,20}) attention to|(?:the|these) following (?:matters?|points?|"
    r"issues?|problems?|faults?|defects?|contraventions?|breaches|concerns?|failings?))\b[^.:]{0,40}[.:]?\s*$"
)
_CLOSED = re.compile(
    r"\b(?:no|closed|resolved|settled|addressed|corrected|rectified|none|without|all the|"
    r"put right (?:at once|on the)|"
    r"strengths|improved|previous|earlier|last (?:year|visit|inspection|audit))\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"(?:These|This|Such|All of (?:these|this)|Each of these|None of (?:these|this)|"
    r"We (?:will|shall|therefore)|I (?:will|shall|therefore)|The following|"
    r"Details|Please|For these reasons|As a result of these)\b"
)
_LEAST = 12


def faults_behind_turn(text: str, start: int, end: int) -> Iterator[Span]:
    """Each sentence that follows, in its paragraph, one that only says that there are faults."""
    for paragraph in re.finditer(r"[^\n]+", text[start:end]):
        if is_latin(paragraph[0]):
            yield from _behind(text, start + paragraph.start(), start + paragraph.end())


def turns(said: str) -> bool:
    """Whether a sentence only says that there are faults, which the next ones tell."""
    turned = _TURN.match(said) or _TO_LIGHT.match(said) or _TO_IMPROVE.match(said)
    return turned is not None and _CLOSED.search(said) is None


def draws_attention(said: str) -> bool:
    """Whether a sentence of a letter leads to what is wrong: `I draw your attention to …`."""
    return _DRAWS.search(said) is not None


def _behind(text: str, start: int, end: int) -> Iterator[Span]:
    turned = False
    for one in sentences(text, start, end):
        said = text[one.start : one.end]
        if turned and _ENDS.match(said):
            return
        if turned and len(said) >= _LEAST:
            yield one
        turned = turned or turns(said)
