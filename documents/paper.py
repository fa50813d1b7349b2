"""A report as it came in: its file, its text, and what was read from it."""

from dataclasses import dataclass

from documents.drafts import Reading, read
from documents.formats import open_text
from documents.text import Text


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that taking a report in needs."""

    file_name: str
    content: bytes
    text: Text
    reading: Reading


def open_paper(file_name: str, content: bytes) -> Paper:
    """Makes text of a file of any format and reads it; UnreadableError where there is none."""
    text = open_text(content, file_name)
    return Paper(file_name, content, text, read(text.text))
