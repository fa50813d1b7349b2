"""What a letter says of an item that is due no more for its reader."""

from typing import Any

from notifications import words
from notifications.cards import Row
from notifications.letters import Ended, Ending
from notifications.wire import flatten
from texts import translations


def view(letter: Ended, row: Row, locale: str) -> dict[str, Any]:
    """What its templates are given; what was passed on is no longer the reader's to open."""
    return {
        "row": row if letter.is_theirs else row._replace(url=""),
        "how": letter.how.value,
        "sentence": _sentence(letter, locale),
        "note": words.lines(letter.note),
    }


def _sentence(letter: Ended, locale: str) -> str:
    say = translations(locale)
    forms = {
        Ending.CLOSED: say.gettext("%(by)s has approved it: the item is closed, nothing more is to be done."),
        Ending.CANCELLED: say.gettext("%(by)s has cancelled the item; nothing more is to be done."),
        Ending.SUSTAINED: say.gettext(
            "%(by)s has put the item under long-term keeping: it has no deadline any more. Please keep it "
            "up, and report by its next review on %(review)s what was done."
        ),
        Ending.PASSED_ON: say.gettext("%(by)s has passed the item on to %(owner)s; it is no longer yours."),
    }
    told = {"by": flatten(letter.by), "owner": flatten(letter.line.owner)}
    if letter.review_on:
        told["review"] = words.day(locale, letter.review_on)
    return forms[letter.how] % told
