"""What ends or slows a process: signals that stop it, pipes that nobody reads any more, the garbage collector."""

from __future__ import annotations

import gc
import io
import os
import signal
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, TextIO

from typing_extensions import Buffer

__all__ = ["Interruption", "collector_paused", "keep_output_apart", "leave_unread", "outlive_readers"]


class Interruption:
    """A watch for SIGINT and SIGTERM in a ``with`` block.

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


def leave_unread(descriptor: int) -> None:
    """Let what is written to a descriptor from here on go nowhere."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, descriptor)
    os.close(null)


class _Outlasting(io.FileIO):
    """A descriptor that takes what nobody reads any more."""

    def write(self, data: Buffer, /) -> int | None:  # type: ignore[override] # as the class itself does
        """Write what somebody reads; once nobody does, let this and everything after it go nowhere."""
        try:
            return super().write(data)
        except BrokenPipeError:
            leave_unread(self.fileno())
            return memoryview(data).nbytes


def keep_output_apart() -> None:
    """Give standard output a descriptor of its own: whatever writes past ``sys.stdout`` arrives on standard error.

    So neither a library written in C nor a program that a plugin starts can write into a report.
    """
    try:
        own = os.dup(sys.stdout.fileno())
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    except (AttributeError, OSError, ValueError):
        return  # one of them is closed, or no file
    sys.stdout = os.fdopen(own, "w", encoding=sys.stdout.encoding, errors=sys.stdout.errors, closefd=False)


def outlive_readers() -> None:
    """Replace this process's standard output and error where they are pipes.

    A reader that has seen enough is no failure: the run is recorded, and the exit code goes on saying
    what the command found. So the command ends as it would have, a little later than by a signal.
    """
    sys.stdout = _outlasting(sys.stdout)
    sys.stderr = _outlasting(sys.stderr)


def _outlasting(stream: Any) -> TextIO:
    """Return `stream`, or what writes to the same descriptor and outlives its readers."""
    try:
        descriptor = stream.fileno()
    except (AttributeError, OSError, ValueError):
        return stream  # type: ignore[no-any-return] # there is none, or it is no file
    mode = os.fstat(descriptor).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return stream  # type: ignore[no-any-return] # files have no readers, and a terminal sends a signal
    stream.flush()
    raw = _Outlasting(descriptor, "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors=stream.errors,
        newline=None,
        line_buffering=stream.line_buffering,
    )


@contextmanager
def collector_paused() -> Iterator[None]:
    """Let no collection run inside a ``with`` block, for the whole process; nested blocks are one.

    Findings are trees. The collector would walk all that were made so far again and again: reading 68,000 back
    takes 3.4 s with it and 0.9 s without. What a library leaves in cycles meanwhile is freed afterwards.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
