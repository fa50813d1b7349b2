"""A report as it came in: its file, its text, and what was read from it."""

from dataclasses import dataclass

from documents.drafts import Reading, read
from documents.text import Text, decode


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that taking a report in needs."""

    file_name: str
    content: bytes
    text: Text
    reading: Reading


def open_paper(file_name: str, content: bytes) -> Paper:
    """Decodes and reads a file; UnreadableError where it is no text."""
    text = decode(content, file_name)
    return Paper(file_name, content, text, read(text.text))
