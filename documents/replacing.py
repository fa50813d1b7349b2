"""Writing a file so that nobody ever sees half of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A fresh path beside `path`; what was written there takes its place when the block ends well.

    The folder must exist. When the block fails, `path` is what it was and nothing is left beside it.
    """
    fresh = path.with_name(f".{path.name}.{token_hex(6)}.part")
    try:
        yield fresh
        _reach_the_disk(fresh)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _reach_the_disk(path: Path) -> None:
    """Otherwise a power cut after the renaming may leave an empty file under the final name."""
    with path.open("r+b") as written:
        os.fsync(written.fileno())
