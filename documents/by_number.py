"""What a notice demands of faults that it calls by their numbers: `第1、2项立即整改，第3项6月底前整改`."""

import re
from collections.abc import Iterator
from itertools import pairwise

from documents.claim import Claim, told_fix
from documents.number_signs import value_of
from documents.reading import Span
from rules.lifecycle import Kind

_NUMBER = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_CALLED = re.compile(
    r"[ 　\t]*(?:现?(?:请|责令|要求|责成)[^，。；第\n]{0,16}?)?(?:其中)?(?:对|针对|就|将)?(?:上述|以上)?"
    rf"第[（(]?(?P<first>{_NUMBER})[）)]?"
    rf"(?P<more>(?:项?[、和至到~—-]第?[（(]?{_NUMBER}[）)]?)*)(?:项(?:问题|隐患|缺陷)?|条(?:问题|隐患|缺陷))"
)
_MORE = rf"(?:[、和及与至到~—-]第?{_NUMBER})*"
AGAINST = (
    rf"(?:针对|对于?|关于)(?:上述|以上)?第?(?P<first>{_NUMBER})(?P<more>{_MORE})"
    r"[条项个](?:问题|隐患)?[，,：:]"
)
"""A regular expression for words before a measure that call its problems by number: `针对第4、10条，`."""
_SENTENCE = re.compile(r"[^；。\n]+")
_REPORTS = re.compile(r"[，,]并将[^，。；\n]{0,20}报")
_DEMANDS = re.compile(r"立即|当场|前|内|整改|改正|停止|停用|完成|拆除|清除|恢复")


def called_by_number(text: str, start: int, end: int, found: list[Claim]) -> list[Claim]:
    """The clauses between two positions that demand something of problems `found` by their numbers."""
    numbers = (value_of(one.number) for one in found if one.kind is Kind.PROBLEM and one.number)
    most = max(filter(None, numbers), default=0)
    return [
        told_fix(span, start)
        for span in _clauses(text, start, end)
        if (called := numbers_in(text, span.start, span.end)) and max(called) <= most
    ]


def _clauses(text: str, start: int, end: int) -> Iterator[Span]:
    """The parts of sentences that begin by calling faults by their numbers and go on with a demand."""
    for one in _SENTENCE.finditer(text, start, end):
        report = _REPORTS.search(text, one.start(), one.end())
        stop = report.start() if report else one.end()
        commas = (comma.end() for comma in re.finditer("[，,]", one[0]))
        begins = [
            one.start(),
            *(one.start() + at for at in commas if _CALLED.match(text, one.start() + at, stop)),
        ]
        for begin, after in pairwise([*begins, stop + 1]):
            called = _CALLED.match(text, begin, after - 1)
            if called and _DEMANDS.search(text, called.end(), after - 1):
                yield Span(begin, after - 1)


def numbers_in(text: str, start: int, end: int) -> tuple[int, ...]:
    """The numbers of the faults that a clause calls by them, `第1至3项` as three."""
    called = _CALLED.match(text, start, end)
    return () if called is None else each_of(called)


def each_of(called: re.Match[str]) -> tuple[int, ...]:
    """Every number of a match that names its `first` and has `more` of them, `1至3` as three."""
    named = [value_of(called["first"]) or 0]
    for sign, number in re.findall(rf"([、和及与至到~—-])第?[（(]?({_NUMBER})", called["more"]):
        value = value_of(number) or 0
        named += range(named[-1] + 1, value + 1) if sign in "至到~—-" else [value]
    return tuple(named)
