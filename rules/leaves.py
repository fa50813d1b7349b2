"""Long lists, leaf by leaf: which rows a leaf holds, and which leaves there are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leaf:
    """Leaf number `at`, from 1 on, of a list of `total` rows with `size` rows to a leaf."""

    total: int
    size: int
    at: int

    @property
    def last(self) -> int:
        """The number of the last leaf; an empty list has one."""
        return _last(self.total, self.size)

    @property
    def start(self) -> int:
        """How many rows stand before it."""
        return (self.at - 1) * self.size

    @property
    def end(self) -> int:
        """The number of its last row, from 1 on; 0 in an empty list."""
        return min(self.at * self.size, self.total)


def leaf(asked: int | None, total: int, size: int) -> Leaf:
    """The leaf that is asked for, or the nearest one that there is; the first where none is."""
    return Leaf(total, size, min(max(asked or 1, 1), _last(total, size)))


def _last(total: int, size: int) -> int:
    return max(1, -(-total // size))
