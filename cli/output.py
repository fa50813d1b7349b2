"""How commands speak: one JSON document, or lines and tables for people."""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from enum import Enum
from typing import Any

from texts import say
from texts.labels import COUNTS, label


def as_json(value: Any) -> None:
    """Prints one JSON document."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1, default=_plain)
    sys.stdout.write("\n")


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if hasattr(value, "__dataclass_fields__"):
        return asdict(value)  # type: ignore[call-overload]
    return str(value)


def language() -> str:
    """The locale of what the command line says: as set, else as the terminal's."""
    named = (os.environ.get(name) for name in ("RECTIFY_LOCALE", "LC_ALL", "LANG"))
    return "zh_CN" if next(filter(None, named), "en").lower().startswith("zh") else "en"


def line(words: str = "") -> None:
    """Prints one line as it is."""
    sys.stdout.write(f"{words}\n")


def tell(sentence: str, **values: object) -> None:
    """Prints one line in the reader's language; `sentence` is the catalogue's key."""
    line(say(language(), sentence, **values))


def warn(sentence: str, **values: object) -> None:
    """As `tell`, but beside the output, where a program that reads it does not look."""
    sys.stderr.write(f"{say(language(), sentence, **values)}\n")


def counts(told: Mapping[str, object]) -> None:
    """Prints named counts on one line."""
    line(", ".join(f"{label(COUNTS, name, language())} {number}" for name, number in told.items()))


def padded(words: str, width: int) -> str:
    """`words` filled with blanks to `width` columns; Chinese characters count as two."""
    from rich.cells import cell_len

    return words + " " * (width - cell_len(words))


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Prints a table under `heads` (catalogue keys); Chinese characters count as two columns."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, header_style="bold", pad_edge=False)
    for head in heads:
        drawn.add_column(say(language(), head), overflow="fold")
    for row in rows:
        drawn.add_row(*(Text("—" if cell is None or cell == "" else str(cell)) for cell in row))
    width = None if sys.stdout.isatty() else 160
    Console(width=width, highlight=False).print(drawn)
