"""What was read from a text, in the few words that tests about reading compare."""

from documents.drafts import Draft, read


def told(text: str) -> list[tuple[str, str]]:
    """P or M and the title of each draft."""
    return [(draft.kind.value[0].upper(), draft.title) for draft in read(text).drafts]


def linked(text: str) -> list[tuple[str, str, tuple[int, ...]]]:
    """P or M, title and the problems answered of each draft."""
    return [(draft.kind.value[0].upper(), draft.title, draft.addresses) for draft in read(text).drafts]


def measures(text: str) -> list[Draft]:
    """The drafts of measures alone."""
    return [draft for draft in read(text).drafts if draft.kind.value == "measure"]
