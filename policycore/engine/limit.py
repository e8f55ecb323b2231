"""Run one rule under a time limit, so that a rule that hangs becomes an error and the rest goes on."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from contextvars import copy_context
from pathlib import Path
from typing import TypeVar

from policycore.engine.session import EstateSession
from policycore.plugin_api.rule import Rule, TextRule

__all__ = ["RuleAbandonedError", "RuleEndedError", "RuleTimeoutError", "run_limited", "seconds_for"]

Result = TypeVar("Result")
_GRACE = 2.0
_A_MEGABYTE, _MOST_MORE = 20, 300
"""Seconds more for each megabyte of texts, made to cost as much as they can, and at most."""


class RuleTimeoutError(Exception):
    """The error that a rule ran longer than its limit and was stopped."""


class RuleAbandonedError(RuleTimeoutError):
    """The error that a rule overran its limit and did not stop when told to; its thread is left behind."""


class RuleEndedError(Exception):
    """The error that a rule tried to end the program, or to look like an interruption: a real one reaches no rule."""


def seconds_for(rule: Rule, session: EstateSession) -> float:
    """Return the seconds that a rule may take; a text rule more where there is more to read.

    Else one huge text would switch it off for all others.
    """
    if not isinstance(rule, TextRule):
        return rule.time_limit
    size = 0
    for relation in (session.data.relations.get(name) for name in ("groups", "messages", "attachments")):
        if isinstance(relation, Path):
            path = str(relation).replace("'", "''")
            size += session.cached_count(f"SELECT sum(total_uncompressed_size) FROM parquet_metadata('{path}')")
        elif relation is not None:
            size += relation.nbytes
    return rule.time_limit + min(_MOST_MORE, size * _A_MEGABYTE // 1_000_000)


def run_limited(work: Callable[[], Result], session: EstateSession, seconds: float) -> Result:
    """Return what `work` returns, or raise what it raises; RuleTimeoutError after `seconds`.

    What is no Exception (SystemExit, KeyboardInterrupt) comes as RuleEndedError from it.

    `work` runs in a thread of its own. At the limit the running SQL is interrupted and an exception
    is set in the thread, which ends a loop of Python code at its next step. Code that never leaves a
    C call can't be ended: the thread is abandoned and the caller must open a new session.
    """
    outcome: list[Result] = []
    failure: list[BaseException] = []

    context = copy_context()

    def target() -> None:
        try:
            outcome.append(context.run(work))
        except BaseException as error:  # handed to the caller's thread, whatever it is
            failure.append(error)

    thread = threading.Thread(target=target, name="policycore-rule", daemon=True)
    thread.start()
    try:
        thread.join(seconds)
    except BaseException:  # whatever ends the wait, a signal above all
        session.interrupt()
        _raise_in(thread)
        # A database call that outlives the interpreter takes the process down with it.
        thread.join(_GRACE)
        raise
    if thread.is_alive():
        session.interrupt()
        _raise_in(thread)
        thread.join(_GRACE)
        if thread.is_alive():
            raise RuleAbandonedError(f"{seconds:g}")
        raise RuleTimeoutError(f"{seconds:g}")
    if failure and not isinstance(failure[0], Exception):
        raise RuleEndedError from failure[0]
    if failure:
        raise failure[0]
    return outcome[0]


def _raise_in(thread: threading.Thread) -> None:
    """Make Python code in `thread` raise RuleTimeoutError at its next step."""
    if thread.ident is not None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(RuleTimeoutError))
