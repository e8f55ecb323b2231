"""End what a plugin does not end by itself: first by an exception in it, then by the end of the process.

The exception comes by a timer signal in the main thread, where it also ends sleeping, waiting and matching, and is set
in any other thread, where it takes effect at the next step of Python code. Code that swallows it, or that never lets go
of the interpreter, is left to the last resort: the process says whose fault it is and ends with `EXIT_CODE`. On 64-bit
Linux the operating system's own timer does that, whatever the interpreter is doing; elsewhere a thread does, which
code written in C that keeps the interpreter to itself can hold up for ever.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import Any

__all__ = ["EXIT_CODE", "Overrun", "deadline", "last_resort", "let_processes_end"]

_leave = os._exit  # code of plugins is refused it (`speech.captured`)

EXIT_CODE = 4
"""What a process ends with that a plugin holds up: a plugin failed, the result is incomplete."""
GRACE = 5.0
"""Seconds between the exception and the last resort."""
_CALL_A_FUNCTION = 2
_MONOTONIC = 1


class Overrun(BaseException):
    """The end of a plugin's time, raised in its code; no Exception, lest the code take it for one of its own."""


class _Switch:
    """Whether this process is the command line's own, which may be ended; a program that uses the package is not."""

    on = False


def let_processes_end() -> None:
    """Allow the last resort for this process."""
    _Switch.on = True


@contextmanager
def deadline(seconds: float, message: str) -> Iterator[None]:
    """Raise Overrun in this thread when the ``with`` block takes longer than `seconds`.

    Code that goes on all the same ends the process `GRACE` seconds later, with `message` on stderr, where
    `let_processes_end` was called.
    """
    with ExitStack() as stack:
        stack.enter_context(last_resort(seconds + GRACE, message))
        in_main = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
        stack.enter_context(_alarm(seconds) if in_main else _raised(seconds))
        yield


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise Overrun in the main thread by a timer; one that is set already goes on afterwards."""
    within = True

    def ring(_number: int, _frame: FrameType | None) -> None:
        if within:
            raise Overrun

    before = signal.signal(signal.SIGALRM, ring)
    began = time.monotonic()
    left, every = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        within = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if left:
            signal.setitimer(signal.ITIMER_REAL, max(0.001, left - (time.monotonic() - began)), every)


@contextmanager
def _raised(seconds: float) -> Iterator[None]:
    """Raise Overrun in a thread that gets no signals."""
    import ctypes

    thread, lock, within = threading.get_ident(), threading.Lock(), True

    def end() -> None:
        with lock:
            if within:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(Overrun))

    timer = _thread_timer(seconds, end)
    try:
        yield
    finally:
        with lock:
            within = False
        timer.cancel()


def _thread_timer(seconds: float, work: Callable[[], None]) -> threading.Timer:
    """Return a running timer that keeps no process alive."""
    timer = threading.Timer(seconds, work)
    timer.daemon = True
    timer.start()
    return timer


@contextmanager
def last_resort(seconds: float, message: str) -> Iterator[None]:
    """End this process with `message` on stderr when the ``with`` block takes longer than `seconds`."""
    if not _Switch.on:
        yield
        return
    # Names of distributions come from anywhere, and this line goes past everything that cleans lines.
    message = "".join(character if character.isprintable() else "?" for character in message)
    stop = _system_timers(seconds, message) or _thread_timer(seconds, lambda: _end(message)).cancel
    try:
        yield
    finally:
        stop()


def end_in(seconds: float, message: str) -> None:
    """End this process with `message` on stderr where it still is in `seconds`, whatever its end is held up by."""
    import ctypes

    stop = last_resort(seconds, message)
    stop.__enter__()
    # The timers read what it keeps until there is no process any more, when no variable holds it.
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(stop))


def _end(message: str) -> None:
    """End the process at once: what holds it up would hold up an orderly end as well."""
    os.write(2, f"{message}\n".encode(errors="replace"))
    _leave(EXIT_CODE)


def _system_timers(seconds: float, message: str) -> Callable[[], None] | None:
    """Start timers that need no interpreter: one says `message`, the other ends the process; return what stops them.

    Each calls one function of the C library with one value. None where that is not known to work.
    """
    if not sys.platform.startswith("linux") or sys.maxsize < 2**32 or sys.byteorder != "little":
        return None
    import ctypes
    import shlex

    library = ctypes.CDLL(None)
    command = ctypes.create_string_buffer(f"printf '%s\\n' {shlex.quote(message)} >&2".encode(errors="replace"))
    calls: list[tuple[float, Any, int]] = [
        (seconds, library.system, ctypes.addressof(command)),
        (seconds + 1, library._exit, EXIT_CODE),
    ]
    timers = []
    for after, function, value in calls:
        # struct sigevent: the value, a signal that is not used, how to notify, and whom.
        event = (ctypes.c_int64 * 8)(value, _CALL_A_FUNCTION << 32, ctypes.cast(function, ctypes.c_void_p).value or 0)
        timer = ctypes.c_void_p()
        if library.timer_create(_MONOTONIC, event, ctypes.byref(timer)) == 0:
            timers.append(timer)
            span = (ctypes.c_int64 * 4)(0, 0, int(after), int(after % 1 * 1e9))
            library.timer_settime(timer, 0, span, None)

    def stop(_kept: object = command) -> None:
        for timer in timers:
            library.timer_delete(timer)

    if len(timers) < len(calls):
        stop()
        return None
    return stop
