"""How an inspection rates what it looked at, on a line of its own: `Rating: Met`, `Judgement: Partly met`."""

import re

_LABEL = r"(?:rating|judge?ment|assessment|status|result|outcome|conclusion|(?:level of )?compliance)"
_MARK = r"(?:(?:not|partly|partially|fully) )?(?:met|compliant)|non-compliant|satisfactory|good"
_LINE = re.compile(rf"(?im)^[ \t]*{_LABEL}[ ]?: ?(?:{_MARK})\b")
_AT_THE_END = re.compile(
    rf"(?m)^[ \t]*(?i:regulation|standard|outcome) [0-9A-Z][^\n]{{4,80}}[.:–—-] (?i:{_MARK})[.]?[ \t]*$"
)
"""A standard with its mark in one line: `Regulation 14: Food and drink. PARTLY MET`."""
_FINE = re.compile(
    rf"(?im)^[ \t]*{_LABEL}[ ]?: ?"
    r"(?:(?:fully )?(?:met|compliant)|satisfactory|good|n/a|not applicable)[ \t]*[.]?[ \t]*$"
)
_NAMED = re.compile(rf"(?i:{_LABEL})|评级|结论|结果|状态")
_OPENING = re.compile(rf"(?i:{_LABEL})[ ]?: ")
_FEWEST = 3


def rates_each(text: str) -> bool:
    """Whether a paper rates what it looked at, one after the other."""
    return any(len(one.findall(text)) >= _FEWEST for one in (_LINE, _AT_THE_END))


def is_rated_fine(text: str, start: int, end: int) -> bool:
    """Whether a line of these words says that all is as it should be, or that nothing was to be rated."""
    return _FINE.search(text, start, end) is not None


def only_rates(words: str) -> bool:
    """Whether words only label the mark behind them, which belongs to the standard above."""
    return _NAMED.fullmatch(words) is not None


def opens_rating(line: str) -> bool:
    """Whether a line begins with the label of a mark."""
    return _OPENING.match(line) is not None
