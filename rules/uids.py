"""Names by which calendar programs know a deadline again, wherever they read of it."""


def deadline_uid(reference: str, domain: str) -> str:
    """The UID of an item's deadline, in letters and in feeds; `domain` is that of the office's post."""
    return f"{reference}@{domain}"


def sequence(version: int, *, is_withdrawn: bool = False) -> int:
    """The SEQUENCE of an entry about this version of a deadline, which counts from 1: the higher one stands.

    Withdrawing a version is newer than the version, and older than the next one: what was closed may be
    reopened.
    """
    return 2 * version - (not is_withdrawn)
