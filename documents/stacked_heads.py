"""The head of a table whose cells stand a line each: which lines name columns, and what these hold.

The same lines are asked again and again, of long texts as well; each is told once.
"""

from functools import lru_cache

from documents.ledger_columns import Use, exact_use, squeezed
from documents.lexicon import is_latin, words
from documents.table_heads import column_of, sets_tasks, uses_of

LEAST_KNOWN = 3
"""So many names of a header are known at the least."""


@lru_cache(maxsize=4096)
def is_known(said: str) -> bool:
    """Whether a line is a name that columns of ledgers and reports bear."""
    return (
        column_of(said) != "other" or said in words("label", "place") or exact_use(squeezed(said)) is not None
    )


@lru_cache(maxsize=4096)
def is_of_numbers(heading: str) -> bool:
    """Whether a heading stands over the numbers of rows."""
    return column_of(heading) == "number" or exact_use(squeezed(heading)) is Use.NUMBER


@lru_cache(maxsize=1024)
def head_uses(names: tuple[str, ...]) -> tuple[str, ...]:
    """What the columns hold, if these names are a header: most of them known, and tasks among them."""
    known = sum(map(is_known, names))
    uses = uses_of(names)
    return uses if known >= max(LEAST_KNOWN, len(names) / 2) and sets_tasks(names, uses) else ()


@lru_cache(maxsize=1024)
def joined(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names with two lines in one that are a heading only together: 责任 over 单位."""
    found: list[str] = []
    whole = True
    for name in names:
        blank = " " * is_latin(name)
        if found and whole and _makes_a_heading(found[-1], name):
            found[-1] += blank + name
            whole = False
        else:
            found.append(name)
            whole = True
    return tuple(found)


@lru_cache(maxsize=4096)
def _makes_a_heading(upper: str, lower: str) -> bool:
    return None in {exact_use(squeezed(upper)), exact_use(squeezed(lower))} and (
        exact_use(squeezed(upper + lower)) is not None
    )
