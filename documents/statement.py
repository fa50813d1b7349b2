"""What of an item's original words is repeated in the next report."""

import re

from documents.ledger import LedgerRow
from documents.wording import one_line

_NUMBER = re.compile(
    r"\s*(?:（[一二三四五六七八九十百\d]{1,4}）|\([一二三四五六七八九十百\d]{1,4}\)|[一二三四五六七八九十]{1,3}[、是]"
    r"|\d{1,3}[.．、)）]|[①-⑳])\s*"
)
_STEP = re.compile(
    r"(?:^|(?<=[\s。；：，,;:]))(?:[一二三四五六七八九十]是|第[一二三四五六七八九十][，、]|\d{1,2}[.．、)）]\s*(?!\d))"
    r"|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]|[①-⑳]"
)
_SENTENCE = re.compile(r".*?(?:[。！？]|[.!?](?=\s|$))\s*", re.DOTALL)
_WHO_OR_WHEN = re.compile(
    r"由[^，。；]{1,40}(?:负责|牵头)|(?:责任|牵头|配合)(?:单位|部门|科室|领导|人)\s*[:：]"
    r"|(?:时限|期限|时间)\s*[:：]|前(?:完成|办结|整改到位)|\b(?:owner|deadline|target date|due)\b",
    re.IGNORECASE,
)


def statement(row: LedgerRow) -> str:
    """The original words of `row` after its number and title, as whole sentences on one line; may be empty.

    It ends before the first enumerated step, because steps would be read as items of their own; and
    sentences that say who or by when are left out, because the ledger's columns say how that stands now.
    """
    text = _NUMBER.sub("", one_line(row.quote), count=1)
    title = one_line(row.title).rstrip("。.")
    if title and text.startswith(title):
        text = text[len(title) :].lstrip("。.：:，,；; \u3000")
    kept = (found for found in _sentences(text) if not _WHO_OR_WHEN.search(found))
    return "".join(kept).strip()


def _sentences(text: str) -> list[str]:
    """Whole sentences up to the first enumerated step; only a last one may lack its full stop."""
    step = _STEP.search(text)
    head = text[: step.start()] if step else text
    found = _SENTENCE.findall(head)
    rest = head[sum(map(len, found)) :]
    return found if step or not rest.strip() else [*found, rest]
