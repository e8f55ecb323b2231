"""Remember which findings are marked, across filters and pages."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["Marks"]


class Marks:
    """Hold the numbers of marked findings and where a range began."""

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self._numbers = set(numbers)
        self.anchor: int | None = None

    def __contains__(self, number: int) -> bool:
        return number in self._numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def numbers(self) -> tuple[int, ...]:
        """Return the marked numbers, sorted."""
        return tuple(sorted(self._numbers))

    def toggle(self, number: int, index: int) -> bool:
        """Mark or unmark one finding and begin a range at its row; return whether it is marked now."""
        self.anchor = index
        if number in self._numbers:
            self._numbers.remove(number)
            return False
        self._numbers.add(number)
        return True

    def range_to(self, index: int) -> range:
        """Return the rows from where the range began up to `index`, both included."""
        start = index if self.anchor is None else self.anchor
        return range(min(start, index), max(start, index) + 1)

    def add(self, numbers: Iterable[int]) -> int:
        """Mark findings; return how many were not marked before."""
        before = len(self._numbers)
        self._numbers.update(numbers)
        return len(self._numbers) - before

    def clear(self) -> None:
        """Unmark everything."""
        self._numbers.clear()
        self.anchor = None

    def replace(self, numbers: Iterable[int]) -> None:
        """Mark exactly `numbers`; for undo."""
        self._numbers = set(numbers)
