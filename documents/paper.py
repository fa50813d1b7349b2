"""A report as it came in: its file, its text, and what was read from it."""

from dataclasses import dataclass

from documents.drafts import Reading, read
from documents.formats import kind_of, open_text
from documents.ledger_files import open_ledger
from documents.text import Text, check_size


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that taking a report in needs."""

    file_name: str
    content: bytes
    text: Text
    reading: Reading


def open_paper(file_name: str, content: bytes) -> Paper:
    """Makes text of a file of any format and reads it; UnreadableError where there is none.

    Workbooks and csv files are ledgers, everything else is a report.
    """
    check_size(content, file_name)
    kind = kind_of(content, file_name)
    ledger = open_ledger(content, file_name, kind)
    if ledger is not None:
        return Paper(file_name, content, *ledger)
    text = open_text(content, file_name)
    return Paper(file_name, content, text, read(text.text))
