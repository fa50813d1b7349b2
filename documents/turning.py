"""English paragraphs that turn to what is wrong: `However, a number of weaknesses were found. …`"""

import re
from collections.abc import Iterator
from itertools import takewhile

from documents.clauses import says_nothing_wrong, sentences, stripped
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
_NOT_ALL = re.compile(
    r"(?:But |However, |Of course,? )?(?:[Nn]ot everything (?:went|has gone|is|was)\b[^.]{0,40}|"
    r"[Ii]t (?:was|is) not all (?:good|plain)[^.]{0,30}|"
    r"[Tt]here (?:were|was|have been|are) (?:also |some |a few |several )*"
    r"(?:setbacks?|disappointments?|low points?)[^.]{0,40}|"
    r"[Tt]hings did not[^.]{0,30}(?:plan|way|well))\.\s*\Z"
)
"""A sentence that only says that not all was well."""
_DRAWS = re.compile(
    r"(?i)\b(?:(?:was|were) drawn to the [a-z' ]{3,24} attention|"
    r"draw (?:your|the [a-z ]{3,20}) attention to|(?:the|these) following (?:matters?|points?|"
    r"issues?|problems?|faults?|defects?|contraventions?|breaches|concerns?|failings?))\b[^.:]{0,40}[.:]?\s*$"
)
_CLOSED = re.compile(
    r"\b(?:no|closed|resolved|settled|addressed|corrected|rectified|none|without|all the|"
    r"put right (?:at once|on the)|"
    r"strengths|improved|previous|earlier|last (?:year|visit|inspection|audit))\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"(?:They are (?:listed|set out|given|described)|"
    r"These|This|Such|All of (?:these|this)|Each of these|None of (?:these|this)|"
    r"We (?:will|shall|therefore)|I (?:will|shall|therefore)|The following|"
    r"(?:We|I) (?:are grateful|am grateful|thank|would like to thank)|Our thanks|"
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
    every = (_TURN, _TO_LIGHT, _TO_IMPROVE, _NOT_ALL)
    turned = next((True for one in every if one.match(said)), None)
    return turned is not None and _CLOSED.search(said) is None


def draws_attention(said: str) -> bool:
    """Whether a sentence of a letter leads to what is wrong: `I draw your attention to …`."""
    return _DRAWS.search(said) is not None


_CLOSES = re.compile(
    r"(?:We|I) (?:would like to )?(?:thank|am grateful|are grateful|hope|look forward|will be back)\b|"
    r"(?:Next|Our next) |"
    r"(?:Thank you|Thanks|Regards|Yours|Kind regards|If you)\b|Our thanks\b"
)
"""How a paragraph begins that closes a letter."""
_FEWEST = 2


def entries_behind_turn(text: str, start: int, end: int) -> list[Span]:
    """The paragraphs, one fault each, behind one whose last sentence leads to them; two at the least."""
    every = list(re.finditer(r"[^\n]+", text[start:end]))
    for at, before in enumerate(every):
        last = before[0].strip().rpartition(". ")[2]
        if is_latin(before[0]) and (turns(last) or draws_attention(last) or _FOLLOWS.search(last)):
            rest = takewhile(lambda one: _CLOSES.match(one[0]) is None, every[at + 1 :])
            found = [stripped(text, start + one.start(), start + one.end()) for one in rest]
            told = [one for one in found if one.end - one.start >= _LEAST]
            return told if len(told) >= _FEWEST and all(text[one.start].isupper() for one in told) else []
    return []


_FOLLOWS = re.compile(
    r"(?i)\b(?:things|points|matters|issues|problems|faults|defects) (?:that )?(?:i|we) "
    r"(?:picked up|noticed|saw|spotted|found|noted|came across):$"
)


def _behind(text: str, start: int, end: int) -> Iterator[Span]:
    turned = False
    for one in sentences(text, start, end):
        said = text[one.start : one.end]
        if turned and _ENDS.match(said):
            return
        if turned and len(said) >= _LEAST and not says_nothing_wrong(said):
            yield one
        turned = turned or turns(said)
