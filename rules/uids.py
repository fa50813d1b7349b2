"""Names by which calendar programs know a deadline again, wherever they read of it."""


def deadline_uid(reference: str, domain: str) -> str:
    """The UID of an item's deadline, in letters and in feeds; `domain` is that of the office's post."""
    return f"{reference}@{domain}"
