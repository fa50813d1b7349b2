"""What a benchmark found: figures as values, with the aim of each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; at most one of the two bounds is set."""

    what: str
    value: float
    unit: str = "x"
    at_most: float | None = None
    at_least: float | None = None

    @property
    def aim(self) -> str:
        """The bound in words, empty where there is none."""
        if self.at_most is not None:
            return f"at most {self.at_most:g}"
        return "" if self.at_least is None else f"at least {self.at_least:g}"

    @property
    def verdict(self) -> str:
        """Whether the aim is met, as one word; empty where there is none."""
        if not self.aim:
            return ""
        is_low = self.at_most is None or self.value <= self.at_most
        is_high = self.at_least is None or self.value >= self.at_least
        return "met" if is_low and is_high else "missed"
