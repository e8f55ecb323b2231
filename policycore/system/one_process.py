"""Keep a command one process: what plugins call neither ends, copies nor replaces it, nor runs on behind its back."""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

from policycore.language import Text, say, say_both
from policycore.system.deadline import last_resort

__all__ = ["RefusedError", "one_process", "threads_ended"]

_STARTED = "_policycore_started"
_GRACE = 2.0
"""Seconds that threads have to end once the code that started them has ended."""
_AT_END = 30.0
"""Seconds for each thing that code left for the end of the program; removing what a database wrote takes a few."""


class RefusedError(Exception):
    """A deed of a plugin's code that no plugin may do."""

    def __init__(self, what: Text) -> None:
        super().__init__(str(what))
        self.what = what


@contextmanager
def one_process() -> Iterator[None]:
    """Refuse in a ``with`` block what makes two programs of this one, or another.

    `os._exit`, which would end a command without a word, raises what `sys.exit` raises, and what is left for the end
    of the program does no more either, and is held to time. A fork raises RefusedError: the copy would go on with the
    command beside it, or wait for threads that it does not have. Other programs may be started, and code in C is not
    held.
    """
    process, leave, register, start = os.getpid(), os._exit, atexit.register, threading.Thread.start

    def refuse(status: int) -> NoReturn:
        if os.getpid() != process:
            leave(status)
        raise SystemExit(status)

    def later(work: Callable[..., Any], *args: Any, **named: Any) -> Callable[..., Any]:
        def held() -> None:
            name = f"{getattr(work, '__module__', '?')}.{getattr(work, '__qualname__', '?')}"
            with (
                last_resort(_AT_END, say("system.end-held-up", seconds=f"{_AT_END:g}", name=name)),
                one_process(),
                suppress(BaseException),
            ):
                work(*args, **named)

        register(held)
        return work

    def noted(thread: threading.Thread) -> None:
        started = getattr(threading.current_thread(), _STARTED, None)
        if started is not None:
            setattr(thread, _STARTED, started)
            started.append(thread)
        start(thread)

    copies = {name: getattr(os, name) for name in ("fork", "forkpty", "execv", "execve") if hasattr(os, name)}
    os._exit = refuse
    atexit.register = later  # type: ignore[assignment] # the same, said without type variables
    threading.Thread.start = noted  # type: ignore[assignment, method-assign] # the same, and remembered
    for name in copies:
        setattr(os, name, _refusing(name))
    try:
        yield
    finally:
        os._exit, atexit.register = leave, register
        threading.Thread.start = start  # type: ignore[method-assign]
        for name, function in copies.items():
            setattr(os, name, function)


def _refusing(name: str) -> Callable[..., NoReturn]:
    def refuse(*_args: Any) -> NoReturn:
        raise RefusedError(say_both("system.copied", name=f"os.{name}"))

    return refuse


@contextmanager
def threads_ended() -> Iterator[None]:
    """Raise RefusedError when threads that code in a ``with`` block starts, or they start, go on after it.

    Only `one_process` knows who started a thread.
    """
    here, started = threading.current_thread(), list[threading.Thread]()
    before = getattr(here, _STARTED, None)
    setattr(here, _STARTED, started)
    try:
        yield
    finally:
        setattr(here, _STARTED, before)
    ends = time.monotonic() + _GRACE
    for thread in started:
        thread.join(max(0.0, ends - time.monotonic()))
    left = [thread.name for thread in started if thread.is_alive()]
    if left:
        raise RefusedError(say_both("system.threads-left", names=", ".join(left)))
