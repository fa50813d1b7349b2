"""The number of a supervision order, in words."""

from texts import say


def order_number(locale: str, key: str) -> str:
    """督办〔2026〕3号, or No. 3 of 2026, for the key `2026-3`."""
    year, _, number = key.partition("-")
    return say(locale, "No. %(number)s of %(year)s", number=number, year=year)
