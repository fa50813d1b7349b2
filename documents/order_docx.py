"""A supervision order (督办单) as a document in the layout of GB/T 9704."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from documents.official import Official, Passage, sentences
from documents.replacing import replacing
from documents.wording import day_words, listed, one_line, section_number, sentence
from texts import say
from texts.orders import order_number


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it was issued."""

    key: str
    """Year and number, such as `2026-3`."""
    office: str
    issued_at: datetime
    issued_on: date
    """The office's local day of `issued_at`."""
    by: str
    unit: str
    heads: tuple[str, ...]
    owners: tuple[str, ...]
    reference: str
    title: str
    quote: str
    """The report's own words, whole."""
    due_on: date | None
    late_working_days: int
    """0 where it is not late."""
    progress: int
    """Per cent."""
    required: str
    answer_on: date | None


def write_order(path: Path, order: Order, locale: str, template: Path | None = None) -> None:
    """Writes the order to `path`, whole or not at all. The same order gives the same bytes."""
    made = order_docx(order, locale, template)
    with replacing(path) as fresh:
        fresh.write_bytes(made)


def order_docx(order: Order, locale: str, template: Path | None = None) -> bytes:
    """The bytes of the document."""
    from documents.official_docx import official_docx  # noqa: PLC0415 - 6 MB, and few look at one

    paper = Official(
        title=say(locale, "Rectification Supervision Order"),
        number=order_number(locale, order.key),
        parts=tuple(passages(order, locale)),
        by=order.by,
        office=order.office,
        issued_at=order.issued_at,
        issued_on=order.issued_on,
    )
    return official_docx(paper, locale, template)


def passages(order: Order, locale: str) -> Iterator[Passage]:
    """What the order says between its number and its signature."""
    yield Passage(_addressee(order, locale), is_flush=True)
    yield Passage(_opening(order, locale))
    parts = (
        (say(locale, "The matter"), _matter(order, locale)),
        (say(locale, "What is required"), sentences(order.required, locale)),
        (say(locale, "The answer"), [_answer(order, locale)]),
    )
    for number, (heading, texts) in enumerate(parts, 1):
        yield Passage(f"{section_number(number, locale)}{heading}", "Heading 1")
        yield from (Passage(text) for text in texts)


def _addressee(order: Order, locale: str) -> str:
    unit, heads, owners = one_line(order.unit), listed(order.heads, locale), listed(order.owners, locale)
    if not heads:
        return say(locale, "To %(unit)s (owner: %(owners)s):", unit=unit, owners=owners)
    return say(
        locale, "To %(unit)s (head: %(heads)s; owner: %(owners)s):", unit=unit, heads=heads, owners=owners
    )


def _opening(order: Order, locale: str) -> str:
    values = {
        "title": one_line(order.title),
        "reference": order.reference,
        "today": day_words(order.issued_on, locale),
        "due": day_words(order.due_on, locale) if order.due_on else "",
        "days": order.late_working_days,
        "progress": order.progress,
    }
    if order.late_working_days:
        return say(
            locale,
            "The rectification of “%(title)s” (%(reference)s), for which your unit is in charge, was due on "
            "%(due)s. On %(today)s it was late by %(days)s working days, with %(progress)s per cent done. "
            "It is hereby placed under supervision.",
            **values,
        )
    return say(
        locale,
        "Your unit is in charge of the rectification of “%(title)s” (%(reference)s). On %(today)s, "
        "%(progress)s per cent of it was done. It is hereby placed under supervision.",
        **values,
    )


def _matter(order: Order, locale: str) -> Iterator[str]:
    yield sentence(order.title, locale)
    if order.quote and one_line(order.quote) != one_line(order.title):
        yield say(locale, "The report says: “%(quote)s”", quote=one_line(order.quote))
    if order.due_on:
        yield say(locale, "Deadline in force: %(due)s.", due=day_words(order.due_on, locale))


def _answer(order: Order, locale: str) -> str:
    if order.answer_on is None:
        return say(locale, "Please press on with the rectification and report its progress without delay.")
    return say(
        locale,
        "Please answer by %(day)s what was done, and hand in the evidence.",
        day=day_words(order.answer_on, locale),
    )
