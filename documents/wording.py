"""How outgoing documents write days, periods, numbers and lists, in Chinese and in English."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

from babel.dates import format_date

from documents.ledger import Ledger
from rules.periods import Period, PeriodKind, is_range, kind_of
from rules.restating import Difference, Late
from rules.rollup import Rate
from texts import say
from texts.labels import MOVES, WHYS, label

_DIGITS = "零一二三四五六七八九"
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ENDINGS = "。.！!？?；;：:，,、 \u3000"


def is_chinese(locale: str) -> bool:
    """Whether `locale` reads the Chinese catalogue; everything else is written in English."""
    return locale.lower().startswith("zh")


def day_words(day: date, locale: str) -> str:
    """2026年9月30日, or 30 September 2026."""
    if is_chinese(locale):
        return f"{day.year}年{day.month}月{day.day}日"
    return format_date(day, "d MMMM y", locale="en")


def instant_words(at: datetime, locale: str) -> str:
    """The day and time of a local instant. Midnight is the end of the day before: 2026年12月31日24时."""
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        return say(locale, "24:00 on %(day)s", day=day_words((at - timedelta(days=1)).date(), locale))
    return say(locale, "%(time)s on %(day)s", day=day_words(at.date(), locale), time=f"{at:%H:%M}")


def why_words(found: Difference, locale: str, zone: tzinfo) -> list[str]:
    """Why an item stands otherwise than it was sealed, and each late entry about it."""
    return [label(WHYS, found.why, locale), *(_late_words(entry, locale, zone) for entry in found.late)]


def _late_words(entry: Late, locale: str, zone: tzinfo) -> str:
    return say(
        locale,
        "%(move)s on %(happened)s, entered on %(booked)s",
        move=label(MOVES, entry.move, locale),
        happened=day_words(entry.happened_on, locale),
        booked=day_words(entry.booked_at.astimezone(zone).date(), locale),
    )


def period_words(period: Period, locale: str) -> str:
    """2026年下半年, 2026年第四季度, 2026年11月, 2026年度, or 2026年3月15日至2026年6月15日.

    In English with the article it needs.
    """
    first = period.first_on
    year, month = first.year, first.month
    quarter = (month + 2) // 3
    if is_range(period):
        days = {"first": day_words(first, locale), "last": day_words(period.last_on, locale)}
        return say(locale, "the days from %(first)s to %(last)s", **days)
    if is_chinese(locale):
        return (
            f"{year}年"
            + {
                PeriodKind.MONTH: f"{month}月",
                PeriodKind.QUARTER: f"第{_DIGITS[quarter]}季度",
                PeriodKind.HALF: "上半年" if month == 1 else "下半年",
                PeriodKind.YEAR: "度",
            }[kind_of(period)]
        )
    return {
        PeriodKind.MONTH: format_date(first, "MMMM y", locale="en"),
        PeriodKind.QUARTER: f"the {('first', 'second', 'third', 'fourth')[quarter - 1]} quarter of {year}",
        PeriodKind.HALF: f"the {'first' if month == 1 else 'second'} half of {year}",
        PeriodKind.YEAR: f"the year {year}",
    }[kind_of(period)]


def numeral(number: int) -> str:
    """A whole number from 1 to 9999 in Chinese: 九, 十, 二十一, 一百零五; a larger one in digits."""
    if number > 9999:
        return str(number)
    words = ""
    for value, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // value % 10
        if digit:
            words += _DIGITS[digit] + name
        elif words and number % value:
            words += "零"
    words = words.replace("零零", "零")
    return words.removeprefix("一") if 10 <= number < 20 else words


def section_number(number: int, locale: str) -> str:
    """What stands before a heading of the first level: 一、 or I. with its space."""
    return f"{numeral(number)}、" if is_chinese(locale) else f"{_ROMANS[number - 1]}. "


def item_number(number: int, locale: str) -> str:
    """What stands before a heading of the second level: （一） or 1. with its space."""
    return f"（{numeral(number)}）" if is_chinese(locale) else f"{number}. "


def listed(names: Iterable[str], locale: str) -> str:
    """Names one after the other: 张某、李某."""
    return ("、" if is_chinese(locale) else ", ").join(names)


def run_on(parts: Iterable[str], locale: str) -> str:
    """Sentences one after the other; empty ones are left out."""
    return ("" if is_chinese(locale) else " ").join(part for part in parts if part)


def sentence(text: str, locale: str) -> str:
    """`text` on one line with exactly one full stop behind it; empty text stays empty."""
    bare = one_line(text).rstrip(_ENDINGS)
    return bare + ("。" if is_chinese(locale) else ".") if bare else ""


def one_line(text: str) -> str:
    """`text` without line breaks: nothing in their place beside a Chinese character, a space elsewhere."""
    joined = re.sub(r"(?<=[^\x00-\x7f])\s*\n\s*|\s*\n\s*(?=[^\x00-\x7f])", "", printable(text).strip())
    return re.sub(r"\s*\n\s*", " ", joined)


def printable(text: str) -> str:
    """`text` without the characters that no XML file can hold; Windows line ends become plain ones."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def share_words(rate: Rate) -> str:
    """What was counted of what: 4/8."""
    return f"{rate.numerator}/{rate.denominator}"


def seal_words(ledger: Ledger, locale: str) -> str:
    """Which version is sealed, or that none is."""
    if not ledger.sealed:
        return say(locale, "not sealed yet")
    return say(locale, "sealed, version %(version)d", version=ledger.version)


def ledger_title(ledger: Ledger, locale: str) -> str:
    """The ledger's name, with organisation and period."""
    words = period_words(ledger.rollup.period, locale)
    return say(
        locale,
        "%(organisation)s: rectification ledger for %(period)s",
        organisation=one_line(ledger.organisation),
        period=words,
    )


def provenance(ledger: Ledger, locale: str) -> str:
    """One line that says up to when the figures count, and by which seal they can be checked."""
    line = say(
        locale,
        "Figures up to %(cut_off)s; %(seal)s.",
        cut_off=instant_words(ledger.as_of, locale),
        seal=seal_words(ledger, locale),
    )
    return run_on([line, f"SHA-256 {ledger.sha256}" if ledger.sha256 else ""], locale)
