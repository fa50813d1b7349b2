"""Opening files that are broken, hostile or not what they say, and what must be so afterwards."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from documents.paper import open_paper
from rules.errors import UnreadableError

NAME = "报告.docx"
DAMAGED = "报告.docx cannot be read as {}; it may be damaged. Open it in its own program and save it anew."
BROKEN = (
    "报告.docx cannot be unpacked; it may be damaged or cut off. Open it in its own program and save it anew."
)
LOCKED = "报告.docx is protected by a password; take the password off and hand it in again."
EMPTY = "报告.docx is empty."
TOO_LONG = "Reading 报告.docx takes too long and was given up; divide it, or save it as plain text."
TOO_MUCH = "Reading 报告.docx takes too much memory and was given up; divide it, or save it as plain text."
UNKNOWN = "The encoding of 报告.docx cannot be told; save it as UTF-8."
NO_WORD = (
    "报告.docx is named .docx, but it is no Word document; it may be damaged. "
    "Open it in its own program and save it anew."
)
CONTROLS = "报告.docx is not text: it holds too many control characters."
DECLARED = "报告.docx holds XML with declarations of its own (DOCTYPE, ENTITY); it was not opened."
BOMB = "报告.docx unpacks to more than 100 times its size; it was not opened."
LED_OUT = "报告.docx holds a part whose name leads out of it; it was not opened."
REPORT = (
    "现将我局上半年工作情况汇报如下：\n二、存在的主要问题\n（一）工作落实不够。\n"
    "三、下一步工作安排\n（一）加强督查。\n"
)


def outcome(data: bytes, name: str = NAME, seconds: float = 40) -> str:
    """The refusal's sentence, or how many drafts were read; in bounded time, with no process left."""
    with _bounded(seconds):
        try:
            return f"{len(open_paper(name, data).reading.drafts)} drafts"
        except UnreadableError as refusal:
            return str(refusal)


@contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    before, begun = _children(), time.monotonic()
    yield
    assert time.monotonic() - begun < seconds
    # One that stood before may well have gone since: an idle drawer of charts ends by itself.
    assert _children() - before == set()


def _children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split())
