"""Lines that a parser found to the text of a report: no blank line twice, no signs that nobody sees."""

import re
from collections.abc import Iterable

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def as_text(lines: Iterable[str]) -> str:
    """The lines joined; an empty one stands for a gap, and several for one."""
    kept: list[str] = []
    for line in lines:
        for part in _ENDS.sub("\n", line).split("\n"):
            words = _UNSEEN.sub("", part).rstrip()
            if words or (kept and kept[-1]):
                kept.append(words)
    return "\n".join(kept).strip("\n") + "\n" if any(kept) else ""
