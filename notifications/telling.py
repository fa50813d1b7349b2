"""Sentences of one language, filled: what letters about the program's own work are worded with."""

from dataclasses import dataclass
from datetime import date, datetime

from notifications import words
from texts import translations


@dataclass(frozen=True, slots=True)
class Teller:
    """Speaks one language. The names of its methods are those by which sentences get into the catalogue."""

    locale: str

    def gettext(self, sentence: str, **values: object) -> str:
        """The sentence with its places filled."""
        said = translations(self.locale).gettext(sentence)
        return said % values if values else said

    def ngettext(self, one: str, many: str, num: int) -> str:
        """The form for `num`, which fills its place."""
        return translations(self.locale).ngettext(one, many, num) % {"num": num}

    def day(self, on: date) -> str:
        """`2026年9月25日 星期五`."""
        return words.day(self.locale, on)

    def moment(self, at: datetime) -> str:
        """`2026年9月25日 星期五 08:31`."""
        return f"{words.day(self.locale, at.date())} {at:%H:%M}"

    def listing(self, parts: list[str]) -> str:
        """The parts, with the language's comma between them."""
        return self.gettext(", ").join(parts)
