"""Every letter there is, rendered from its sample in both languages: as files to look at, and to compare."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from models.organisation import Person
from notifications.letters import Letter, LetterName, name_of
from notifications.outbox import Addressed, Postbox, compose, mail
from notifications.render import environment
from notifications.samples import CHINESE, ENGLISH, LETTERS, OFFICE
from texts.labels import LETTERS as TITLES
from texts.labels import label

POSTBOX = Postbox(
    OFFICE,
    "rectify@yunzhou.example",
    b"samples are no secret",
    reply_to="chen.jing@yunzhou.example",
    zone=timezone(timedelta(hours=8)),
)
ADDRESS = "li.wei@yunzhou.example"
PLANNED_AT = datetime(2026, 9, 25, 0, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Preview:
    """One letter in one language."""

    name: str
    """The sample's, such as `decision-refused`."""
    letter: LetterName
    locale: str
    subject: str
    text: str
    html: str
    mail: bytes

    @property
    def stem(self) -> str:
        """What the names of its files begin with."""
        return f"{self.name}.{self.locale}"


def previews() -> list[Preview]:
    """Every sample in every language; always the same, to the byte."""
    readers = [
        Person(id=1, name=reader.name, email=ADDRESS, locale=reader.locale, link_epoch=0)
        for reader in (CHINESE, ENGLISH)
    ]
    return [_preview(name, letter, person) for name, letter in LETTERS.items() for person in readers]


def _preview(name: str, letter: Letter, person: Person) -> Preview:
    addressed = Addressed(f"sample:{name}:{person.locale}", person, letter, letter.on)
    row = compose(POSTBOX, addressed, PLANNED_AT)
    return Preview(
        name=name,
        letter=name_of(letter),
        locale=person.locale,
        subject=row["subject"],
        text=row["text"],
        html=row["html"],
        mail=mail(POSTBOX, person.name, row),
    )


def write(folder: Path, locale: str) -> Path:
    """Writes each letter as .html, .txt and .eml into `folder`, and index.html over them, in `locale`.

    Returns the index's path. Files of the same names are written over.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = previews()
    for one in found:
        (folder / f"{one.stem}.html").write_text(one.html, "utf-8")
        (folder / f"{one.stem}.txt").write_text(f"{one.subject}\n\n{one.text}", "utf-8")
        (folder / f"{one.stem}.eml").write_bytes(one.mail)
    index = folder / "index.html"
    page = environment(locale).get_template("_preview_index.html")
    index.write_text(page.render(lang=locale.replace("_", "-"), samples=_by_sample(found, locale)), "utf-8")
    return index


def _by_sample(found: list[Preview], locale: str) -> list[tuple[str, str, list[Preview]]]:
    """(sample, what kind of letter it is, the letter in each language)."""
    return [
        (name, label(TITLES, name_of(letter), locale), [one for one in found if one.name == name])
        for name, letter in LETTERS.items()
    ]
