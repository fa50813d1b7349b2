"""The signs of which printed numbers are made, and the numbers that they stand for."""

import re

HAN = "一二三四五六七八九十百"
_DIGITS = {char: value for value, char in enumerate(HAN[:10], 1)}
FORMAL = "壹贰叁肆伍陆柒捌玖拾"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
BRACKETED = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
_SPOKEN = {
    "首先": 1,
    "其次": 2,
    "再次": 3,
    "First": 1,
    "Second": 2,
    "Third": 3,
    "Fourth": 4,
    "Firstly": 1,
    "Secondly": 2,
    "Thirdly": 3,
    "Fourthly": 4,
    "Fifthly": 5,
    "Sixthly": 6,
}
DOTTED = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"


def _misread(printed: str) -> str:
    """A number with letters that a scanner read for digits, as digits: `1O.`, `3l.5`."""
    return (
        printed.translate(_LETTERS)
        if re.match(r"[0-9][lIO]|[lI][0-9O]|[（(]l[)）]|l[、.]", printed)
        else printed
    )


_LETTERS = str.maketrans("lIO", "110")
_PLAIN = str.maketrans(FORMAL, HAN[:10])
"""Numbers as cheques write them, as they are otherwise written."""
_STROKE = re.compile(r"^[ニ—－ー-](?=、)")
"""What a scanner read for the number of a section."""


def value_of(printed: str) -> int | None:
    """The number that a printed mark stands for: 3 for （三） ③ 3. 三是 and Finding 3:, None for bullets.

    >>> value_of("（十二）"), value_of("③"), value_of("第二，"), value_of("-")
    (12, 3, 2, None)
    """
    for signs in (CIRCLED, BRACKETED, DOTTED, "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"):
        if printed[0] in signs:
            return signs.index(printed[0]) + 1
    spoken = printed.removeprefix("And ").rstrip(",，是")
    if (value := _SPOKEN.get(spoken, _SPOKEN.get(spoken.capitalize()))) is not None:
        return value
    if re.fullmatch(r"[A-Z][.)]", printed.strip()):
        return ord(printed.strip()[0]) - ord("A") + 1
    digits = re.search(r"[0-9０-９]{1,4}", _misread(printed))
    if digits:
        return int(digits[0])
    plain = _STROKE.sub(lambda stroke: "二" if stroke[0] == "ニ" else "一", printed).translate(_PLAIN)
    han = re.search(rf"[{HAN}]{{1,3}}", plain)
    return _han_value(han[0]) if han else None


def _han_value(han: str) -> int | None:
    tens, ten, ones = han.partition("十")
    if not ten:
        return _DIGITS.get(han)
    return _DIGITS.get(tens, 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
