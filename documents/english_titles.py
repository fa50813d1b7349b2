"""The title of an English paper: which of its first lines names what sort of paper it is."""

import re

from documents.sections import announced

NOISE = re.compile(
    r"^(?:发布|来源|作者|日期|时间|点击|浏览|字号|编号|文号|当前位置|首页|"
    r"[（(]?\d{4}[-年./]\d{1,2}[-月./]|——|【提纲】|Report No|Date|No\.|Issued|Prepared)"
)
"""A line at the head of a paper that is no title."""
_ENGLISH_GENRE = re.compile(
    r"(?i)\b(?:report|summary|plan|minutes|review|audit|inspection|evaluation|checklist|log|"
    r"register|findings|memorandum|letter|assessment|self-assessment|statement|newsletter|investigation|debrief|"
    r"survey|table|schedule|briefing|appraisal|update|record|notes?)\b"
)


def english_title(lines: list[tuple[int, str]]) -> tuple[str | None, int]:
    """The title among the first lines (each with its place), and where it ends; (None, 0) without any."""
    first = next((at for at, (_, line) in enumerate(lines) if at > 1 and _heads_section(line)), len(lines))
    short = [(s, line) for s, line in lines[: min(first, 6)] if len(line) <= 100 and line[-1] not in ".;,"]
    short = [(s, line) for s, line in short if not line.startswith(("- ", "• ", "["))] or short[:1]
    for start, line in short:
        if (
            _ENGLISH_GENRE.search(line)
            and not NOISE.match(line)
            and not line.lower().startswith(("office of", "department of", "executive"))
        ):
            return line, start + len(line)
    return (short[0][1], short[0][0] + len(short[0][1])) if short else (None, 0)


_SUBTITLE = re.compile(r":(?=.)| [-–—] ")


def _heads_section(line: str) -> bool:
    before, parted = _SUBTITLE.split(line, maxsplit=1)[0], _SUBTITLE.search(line)
    titled = _ENGLISH_GENRE.search(before) if parted else None
    return titled is None and announced(line, least_coverage=0.85) is not None
