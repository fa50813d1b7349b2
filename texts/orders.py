"""The numbers of supervision orders and circulars, in words."""

from texts import say


def order_number(locale: str, key: str) -> str:
    """督办〔2026〕3号, or No. 3 of 2026, for the key `2026-3`."""
    return say(locale, "No. %(number)s of %(year)s", **_parts(key))


def circular_number(locale: str, key: str) -> str:
    """通报〔2026〕3号, or Circular No. 3 of 2026, for the key `2026-3`."""
    return say(locale, "Circular No. %(number)s of %(year)s", **_parts(key))


def _parts(key: str) -> dict[str, str]:
    year, _, number = key.partition("-")
    return {"year": year, "number": number}
