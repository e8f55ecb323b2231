"""Let Ctrl-C and SIGTERM end what runs the same way, whatever the signal happened to interrupt."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

__all__ = ["Interruption"]


class Interruption:
    """Watch for SIGINT and SIGTERM in a ``with`` block.

    A database library turns an interrupt that reaches it into an error of its own, which then looks
    like a broken rule. So the signal is remembered, and what happens afterwards is an interruption.
    """

    def __init__(self) -> None:
        self.came = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Interruption:
        """Take over both signals; only the main thread of a program gets them at all."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the signals back; an error that a signal caused becomes the interruption it is."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if error is not None and not isinstance(error, KeyboardInterrupt):
            self.halt()

    def halt(self) -> None:
        """Raise KeyboardInterrupt when a signal came, so that nothing made after it is taken for a result."""
        if self.came:
            raise KeyboardInterrupt

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        """Remember the signal and interrupt whatever runs."""
        self.came = True
        raise KeyboardInterrupt
