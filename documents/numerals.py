"""Numbers as office programs print them before a paragraph: 三, 叁, III, c, ③."""

from collections.abc import Callable

_HAN = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_OLD_LEGAL = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
    *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_ONES = (
    *("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven"),
    *("Twelve", "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen"),
)
_FIRST = (
    *("", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth"),
    *("Eleventh", "Twelfth"),
)
_MOST = 9999


def printed(number: int, style: str) -> str:
    """`number` in one of the styles of WordprocessingML (`w:numFmt`); an unknown one is taken as decimal.

    >>> [printed(n, "chineseCountingThousand") for n in (3, 10, 12, 20, 101, 110)]
    ['三', '十', '十二', '二十', '一百零一', '一百一十']
    """
    if not 0 < number <= _MOST and style not in {"none", "bullet"}:
        return str(number)
    return _STYLES.get(style, str)(number)


def _counted(number: int, digits: str = _HAN, units: str = "十百千", zero: str = "零") -> str:
    """By thousands, hundreds and tens, as numbers are read aloud."""
    parts, gap = [], False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            parts.append((zero if gap else "") + digits[digit] + (units[place - 1] if place else ""))
            gap = False
        elif parts:
            gap = True
    return "".join(parts)


def _counting(number: int) -> str:
    """十二 and not 一十二 at the start."""
    said = _counted(number)
    return said.removeprefix("一") if said.startswith("一十") else said


def _short_counting(number: int) -> str:
    return _counting(number) if number < 100 else _digits(number, "○" + _HAN[1:])


def _japanese(number: int) -> str:
    said = _counted(number, zero="")
    return "".join(
        char
        for char, after in zip(said, said[1:] + " ", strict=True)
        if not (char == "一" and after in "十百千")
    )


def _digits(number: int, digits: str) -> str:
    return "".join(digits[int(digit)] for digit in str(number))


def _roman(number: int) -> str:
    parts = []
    for value, letters in _ROMAN:
        parts.append(letters * (number // value))
        number %= value
    return "".join(parts)


def _letter(number: int) -> str:
    """A to Z, then AA, BB and so on, as Word goes on."""
    repeats, place = divmod(number - 1, 26)
    return chr(ord("A") + place) * (repeats + 1)


def _run(*runs: tuple[str, int]) -> Callable[[int], str]:
    """Signs that follow each other in Unicode, each run from its first sign; decimal beyond the last."""

    def say(number: int) -> str:
        for first, count in runs:
            if number <= count:
                return chr(ord(first) + number - 1)
            number -= count
        return str(number + sum(count for _, count in runs))

    return say


def _in_turn(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)]


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _named(names: tuple[str, ...]) -> Callable[[int], str]:
    return lambda number: names[number] if number < len(names) else str(number)


_circled = _run(("①", 20), ("㉑", 15), ("㊱", 15))
_STYLES: dict[str, Callable[[int], str]] = {
    "none": lambda number: "",
    "bullet": lambda number: "",
    "decimalZero": lambda number: f"{number:02}",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letter,
    "lowerLetter": lambda number: _letter(number).lower(),
    "chineseCounting": _short_counting,
    "taiwaneseCounting": _short_counting,
    "chineseCountingThousand": _counting,
    "taiwaneseCountingThousand": _counting,
    "japaneseCounting": _japanese,
    "ideographDigital": lambda number: _digits(number, _HAN),
    "japaneseDigitalTenThousand": lambda number: _digits(number, _HAN),
    "taiwaneseDigital": lambda number: _digits(number, "○" + _HAN[1:]),
    "chineseLegalSimplified": lambda number: _counted(number, _LEGAL, "拾佰仟"),
    "ideographLegalTraditional": lambda number: _counted(number, _OLD_LEGAL, "拾佰仟"),
    "ideographTraditional": _in_turn(_STEMS),
    "ideographZodiac": _in_turn(_BRANCHES),
    "ideographZodiacTraditional": lambda number: _in_turn(_STEMS)(number) + _in_turn(_BRANCHES)(number),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": _run(("⒈", 20)),
    "decimalEnclosedParen": _run(("⑴", 20)),
    "ideographEnclosedCircle": _run(("㊀", 10)),
    "decimalFullWidth": lambda number: _digits(number, "０１２３４５６７８９"),
    "decimalFullWidth2": lambda number: _digits(number, "０１２３４５６７８９"),
    "ordinal": _ordinal,
    "cardinalText": _named(_ONES),
    "ordinalText": _named(_FIRST),
    "numberInDash": lambda number: f"- {number} -",
    "hex": lambda number: f"{number:X}",
}


def before(number: str, words: str) -> str:
    """A printed number and the words that follow it; a gap only where the number does not bring its own."""
    if not number or not words:
        return number + words
    wide = "⺀" <= number[-1] <= "鿿" or number[-1] in "）、．：〕】" or "！" <= number[-1] <= "｠"
    return number + words.lstrip(" \t　") if wide or number[-1].isspace() else f"{number} {words.lstrip()}"
