"""Take back what was done, the last first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from policycore.language import Text

__all__ = ["Done", "UndoStack"]


@dataclass(frozen=True, slots=True)
class Done:
    """Say what was done and how it is taken back; `undo` raises when it can't be any more."""

    what: Text
    undo: Callable[[], None]


class UndoStack:
    """Hold what can be taken back, at most `limit` acts."""

    def __init__(self, limit: int = 100) -> None:
        self._done: list[Done] = []
        self._limit = limit

    def __len__(self) -> int:
        return len(self._done)

    @property
    def last(self) -> Done | None:
        """Return what the next undo takes back."""
        return self._done[-1] if self._done else None

    def push(self, done: Done) -> None:
        """Remember an act; the oldest is forgotten beyond the limit."""
        self._done.append(done)
        del self._done[: -self._limit]

    def undo(self) -> Done | None:
        """Take back the last act and return it, or None when there is none.

        An act that can't be taken back stays forgotten: trying it again would fail again.
        """
        if not self._done:
            return None
        done = self._done.pop()
        done.undo()
        return done
